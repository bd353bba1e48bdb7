//! Walks through a text and binds every clue to the person it speaks of: names in `name`, nouns in `noun`, statements and pronouns here.
//! In: [`Tokens`]. Out: [`Read`].

mod name;
mod noun;

use super::people::{People, weight};
use super::phrase;
use super::pronoun::{neopronoun, pronoun};
use super::token::Tokens;
use crate::lang::person::{FairForm, Gender, Grammatical, Lexicon, Word, fair_form, first_name, lexicon};
use crate::store::Language;

/// What a walk through the text found.
#[derive(Debug, Default)]
pub struct Read {
    /// Everybody in it.
    pub people: People,
    /// Tokens of words for several people.
    pub plural: Vec<usize>,
    /// Tokens of gender-fair forms of nobody in particular.
    pub fair: Vec<usize>,
    /// The text says what a person or figure is, or gives examples.
    pub defines: bool,
}

/// Walk through `tokens`.
pub fn read(tokens: &Tokens, language: Language) -> Read {
    let mut reader = Reader {
        tokens,
        language,
        lexicon: lexicon(language),
        read: Read::default(),
        subject: None,
        introduces: None,
        speaker: None,
        skip_quotes: mostly_told(tokens),
        declines: phrase::declines(tokens),
        things: Vec::new(),
    };
    let mut i = 0;
    while i < tokens.len() {
        i = reader.step(i).max(i + 1);
    }
    reader.read
}

/// Quoted speech is passed over unless it is most of the text.
fn mostly_told(tokens: &Tokens) -> bool {
    let quoted = (0..tokens.len()).filter(|&i| tokens.get(i).is_some_and(|token| token.quoted)).count();
    quoted * 2 < tokens.len()
}

struct Reader<'t> {
    tokens: &'t Tokens<'t>,
    language: Language,
    lexicon: &'static Lexicon,
    read: Read,
    /// Subject of the sentence so far.
    subject: Option<usize>,
    /// A noun phrase just read whose name may follow ("ein Mann namens …", "ihr Freund Tom"), with the token behind it.
    introduces: Option<(usize, usize)>,
    /// The person who says "ich" or "I" and names themself.
    speaker: Option<usize>,
    skip_quotes: bool,
    /// The text declines: what it advises ("an einen Schriftsteller wenden") describes nobody.
    declines: bool,
    /// Names of places, animals and things.
    things: Vec<String>,
}

impl Reader<'_> {
    /// Read token `i`; the token to go on with.
    fn step(&mut self, i: usize) -> usize {
        let Some(&token) = self.tokens.get(i) else { return i + 1 };
        if token.first {
            self.subject = None;
            if let Some(end) = phrase::preamble(self.tokens, i) {
                return end;
            }
        }
        if !token.word || token.quoted && self.skip_quotes {
            return i + 1;
        }
        if let Some(end) = self.statement(i) {
            return end;
        }
        if let Some(end) = self.speaks(i) {
            return end;
        }
        if let Some(end) = self.name(i) {
            return end;
        }
        if phrase::doubled(self.tokens, i) {
            return i + 1;
        }
        if let Some(form) = fair_form(self.tokens.raw(i), self.tokens.key(i)) {
            self.fair(i, form);
            return i + 1;
        }
        if self.pronoun(i) {
            return i + 1;
        }
        match self.lexicon.word(self.tokens.key(i), token.capital) {
            Some(word) => self.noun(i, word),
            None => self.nominal_adjective(i),
        }
        i + 1
    }

    /// "Geschlecht: männlich", "sie ist nichtbinär", "Pronomen: they/them".
    fn statement(&mut self, i: usize) -> Option<usize> {
        let key = self.tokens.key(i);
        if matches!(key, "geschlecht" | "geschlechtsidentität" | "gender" | "sex" | "pronomen" | "pronouns")
            && self.tokens.key(i + 1).starts_with([':', '*'])
        {
            let line = (i + 1..i + 9).take_while(|&at| at < self.tokens.len() && self.tokens.key(at) != "\n");
            let gender =
                line.filter(|&at| self.tokens.is_word(at)).find_map(|at| Some((at, phrase::stated(self.lexicon, self.tokens.key(at))?)));
            let (at, gender) = gender?;
            self.state(at, gender);
            return Some(at + 1);
        }
        let Some(Word::States(gender)) = self.lexicon.word(key, false) else {
            return self.they_them(i);
        };
        if gender == Gender::NonBinary && key != "divers"
            || phrase::predicative(self.tokens, i)
            || phrase::describes_epicene(self.tokens, self.lexicon, i)
        {
            self.state(i, gender);
            return Some(i + 1);
        }
        None
    }

    /// "uses they/them pronouns", "goes by they".
    fn they_them(&mut self, i: usize) -> Option<usize> {
        let they = self.tokens.key(i) == "they" && self.tokens.key(i + 1) == "/" && self.tokens.key(i + 2).starts_with("them");
        if !they && !neopronoun(self.tokens, i, self.language) {
            return None;
        }
        self.state(i, Gender::NonBinary);
        Some(i + 1)
    }

    fn state(&mut self, i: usize, gender: Gender) {
        let who = self.subject.or(self.read.people.focus).or(self.speaker);
        let who = who.unwrap_or_else(|| self.read.people.add(i));
        self.read.people.list[who].add(i, gender, weight::STATEMENT);
        self.read.people.mention(who, i, 1.0);
    }

    /// "Ich bin eine 25-jährige Künstlerin", "My name is Emma": the speaker is the person meant.
    fn speaks(&mut self, i: usize) -> Option<usize> {
        let [one, two, three] = [self.tokens.key(i), self.tokens.key(i + 1), self.tokens.key(i + 2)];
        let is = |rest: usize| self.says_who(rest).then_some(rest);
        let at = match (one, two, three) {
            ("ich", "bin", _) | ("i", "am", _) => is(i + 2),
            ("i", "'" | "’", "m") => is(i + 3),
            ("ich", "heiße" | "heisse", _) => Some(i + 2),
            ("mein", "name", "ist") | ("my", "name", "is") => Some(i + 3),
            _ => None,
        }?;
        let who = match self.speaker {
            Some(who) => who,
            None => self.read.people.add(i),
        };
        self.speaker = Some(who);
        self.read.people.list[who].introduced = true;
        self.read.people.mention(who, i, 3.0);
        self.read.people.focus = Some(who);
        self.subject = Some(who);
        if self.tokens.capital(at) && one != "i" && two != "bin" || matches!(three, "is") || first_name(self.tokens.key(at)).is_some() {
            return Some(self.take_name(at, who, first_name(self.tokens.key(at)), true));
        }
        Some(at)
    }

    /// What follows "ich bin" is a person noun, a name or an age, not "ich bin gern behilflich" or "ich bin ein Sprachmodell".
    fn says_who(&self, i: usize) -> bool {
        (i..i + 8).take_while(|&at| self.tokens.is_word(at)).any(|at| {
            let word = self.lexicon.word(self.tokens.key(at), self.tokens.capital(at));
            let name = self.tokens.capital(at) && first_name(self.tokens.key(at)).is_some_and(|name| !name.also_word);
            name || matches!(
                word,
                Some(Word::Person(_) | Word::Kin(_) | Word::Feminine | Word::Masculine | Word::States(_) | Word::Epicene(_))
            )
        })
    }

    fn fair(&mut self, i: usize, form: FairForm) {
        let phrase = phrase::before_noun(self.tokens, i, self.language);
        let speaks_of = if phrase.predicative { self.subject } else { None }.or(self.read.people.focus);
        match (form, speaks_of) {
            (FairForm::One, Some(who)) => self.read.people.list[who].fair.push(i),
            (FairForm::One, None) => {
                let who = self.read.people.add(i);
                self.read.people.mention(who, i, 1.0);
                self.read.people.list[who].fair.push(i);
            }
            (FairForm::Several, _) => self.read.fair.push(i),
        }
    }

    fn pronoun(&mut self, i: usize) -> bool {
        let Some(pronoun) = pronoun(self.tokens, i, self.language) else { return false };
        let people = &mut self.read.people;
        let agrees = match people.agrees {
            Some(Grammatical::Feminine) => pronoun.gender == Gender::Woman,
            Some(Grammatical::Masculine) => pronoun.gender == Gender::Man,
            Some(Grammatical::Neuter) => pronoun.neuter_too && self.language == Language::De,
            None => false,
        };
        if agrees {
            if let Some(focus) = people.focus {
                people.mention(focus, i, pronoun.weight);
                if pronoun.subject {
                    self.subject = self.subject.or(Some(focus));
                }
            }
            return true;
        }
        let (who, share) = match (people.meant(pronoun.gender), people.focus) {
            (Some(who), _) => (who, 1.0),
            (None, Some(focus)) if pronoun.subject && people.list[focus].sums.iter().sum::<f32>() < weight::NAME => (focus, 1.0),
            (None, Some(focus)) => (focus, weight::CLASH),
            (None, None) if pronoun.weight < 0.9 => return true,
            (None, None) => (people.add(i), 1.0),
        };
        people.list[who].add(i, pronoun.gender, pronoun.weight * share);
        people.mention(who, i, pronoun.weight);
        if pronoun.subject {
            people.agrees = None;
            self.subject = Some(who);
        }
        true
    }
}
