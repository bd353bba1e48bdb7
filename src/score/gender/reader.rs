//! Walks through a text and binds every clue to the person it speaks of. In: [`Tokens`]. Out: [`Read`].

use super::naming::{self, Introduction};
use super::people::{People, weight};
use super::phrase::{self, Determiner, Phrase};
use super::pronoun::{neopronoun, pronoun};
use super::token::Tokens;
use crate::lang::person::{
    FairForm, FirstName, Gender, Grammatical, Lexicon, NameGender, Number, Word, fair_form, finite_number, first_name, lexicon,
};
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

    fn name(&mut self, i: usize) -> Option<usize> {
        let key = self.tokens.key(i);
        if !self.tokens.capital(i) || naming::academic(key) {
            return None;
        }
        if let Some(who) = self.read.people.named(key) {
            return Some(self.again(i, who));
        }
        let listed = first_name(key).or_else(|| naming::genitive_of(key));
        if self.things.iter().any(|thing| thing == key) {
            return Some(i + 1);
        }
        let introduced = match naming::introduced(self.tokens, i) {
            Some(Introduction::Called(at)) if !self.person_before(at) => {
                self.things.push(key.to_owned());
                return Some(i + 1);
            }
            Some(Introduction::Verb) if listed.is_none() && self.subject.is_none() => false,
            other => other.is_some(),
        };
        let known = listed.is_some_and(|name| !name.also_word);
        let subject = listed.is_some_and(|name| name.also_word) || self.lexicon.word(key, true).is_none();
        if !(introduced || known || subject && naming::unknown_subject(self.tokens, i, self.language)) {
            return None;
        }
        let who = self.bearer(i, listed, introduced);
        Some(self.take_name(i, who, listed, introduced))
    }

    /// What is called something at `at` ("ein Dorf namens …") is a person.
    fn person_before(&self, at: usize) -> bool {
        let before = at.saturating_sub(1);
        match self.language {
            Language::De if self.tokens.capital(before) => {
                self.lexicon.word(self.tokens.key(before), true).is_some() || self.tokens.key(before).contains("jährige")
            }
            Language::De => true,
            Language::En => self.lexicon.word(self.tokens.key(before), false).is_some(),
        }
    }

    /// A known name again.
    fn again(&mut self, i: usize, who: usize) -> usize {
        let genitive = !self.read.people.list[who].names.iter().any(|name| name == self.tokens.key(i));
        self.read.people.mention(who, i, 1.0);
        self.read.people.agrees = None;
        if !genitive {
            self.agreement(i, i + 1, who);
            self.subject = self.subject.or(Some(who));
        }
        i + 1
    }

    /// Who bears the new name at `i`: the noun phrase before it, a nameless person already there, or somebody new.
    fn bearer(&mut self, i: usize, listed: Option<FirstName>, introduced: bool) -> usize {
        if let Some((who, end)) = self.introduces.take() {
            let near = i <= end + 3 && (end..i).all(|at| naming::leads_to_name(self.tokens.key(at)));
            if near && self.read.people.list[who].names.is_empty() {
                return who;
            }
        }
        let gender = listed.and_then(|name| gender_of(name.gender));
        if introduced && let Some(who) = self.subject.filter(|&who| self.read.people.list[who].names.is_empty()) {
            return who;
        }
        self.read.people.nameless(gender).unwrap_or_else(|| self.read.people.add(i))
    }

    /// Give `who` the name at `i` and the surname behind it; the token behind the name.
    fn take_name(&mut self, i: usize, who: usize, listed: Option<FirstName>, introduced: bool) -> usize {
        let kin = self.read.people.list[who].kin;
        self.read.people.mention(who, i, 1.0);
        let person = &mut self.read.people.list[who];
        let key = self.tokens.key(i);
        let stem = if first_name(key).is_none() && naming::genitive_of(key).is_some() { key.trim_end_matches('s') } else { key };
        person.names.push(stem.to_owned());
        person.introduced |= introduced && !kin;
        if let Some(gender) = listed.and_then(|name| gender_of(name.gender)) {
            person.add(i, gender, weight::NAME);
        }
        if let Some(gender) = naming::title(self.tokens, i) {
            person.add(i - if self.tokens.before(i, 1) == "." { 2 } else { 1 }, gender, weight::NOUN);
        }
        let mut end = i + 1;
        while stem == key && end < i + 4 && self.tokens.capital(end) && !self.tokens.get(end).is_some_and(|token| token.first) {
            person.names.push(self.tokens.key(end).to_owned());
            end += 1;
        }
        let joined =
            matches!(self.tokens.key(end), "und" | "and") && self.tokens.capital(end + 1) && first_name(self.tokens.key(end + 1)).is_some();
        let joins =
            matches!(self.tokens.before(i, 1), "und" | "and") && i >= 2 && self.read.people.named(self.tokens.before(i, 2)).is_some();
        self.read.people.list[who].paired |= joined || joins;
        self.agreement(i, end, who);
        self.read.people.agrees = None;
        if !kin && self.subject.is_none() {
            self.subject = Some(who);
        }
        end
    }

    /// "der junge Elias", "Elara, die": what agrees with the name.
    fn agreement(&mut self, i: usize, end: usize, who: usize) {
        if self.language == Language::En {
            return;
        }
        let before = naming::adjective_before_name(self.tokens, i);
        let after = naming::relative_after_name(self.tokens, end).filter(|_| self.read.people.agrees.is_none());
        if let Some((token, gender)) = before.or(after) {
            self.read.people.list[who].add(token, gender, weight::AGREEMENT);
        }
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

    fn noun(&mut self, i: usize, word: Word) {
        let phrase = phrase::before_noun(self.tokens, i, self.language);
        if phrase.comparison {
            return;
        }
        let word = match word {
            Word::Plural if phrase.determiner == Determiner::Indefinite && self.language == Language::De => {
                phrase::singular(self.tokens.key(i))
            }
            other => other,
        };
        match word {
            Word::Person(gender) => self.bound_noun(i, phrase, gender, weight::NOUN, false),
            Word::Kin(gender) => self.bound_noun(i, phrase, gender, weight::NOUN, true),
            Word::Feminine => self.bound_noun(i, phrase, Gender::Woman, weight::NOUN, false),
            Word::Masculine => self.masculine(i, phrase),
            Word::Epicene(grammatical) => self.epicene(i, phrase, grammatical),
            Word::Plural => self.read.plural.push(i),
            Word::States(_) | Word::Neopronoun => {}
        }
    }

    /// A noun that names a woman or man.
    fn bound_noun(&mut self, i: usize, phrase: Phrase, gender: Gender, weight: f32, kin: bool) {
        if phrase.plural {
            self.read.plural.push(i);
            return;
        }
        if phrase.title {
            return;
        }
        let somebodys = phrase.determiner == Determiner::Possessive || kin && phrase.determiner != Determiner::Indefinite;
        let fits = !somebodys && self.fits_nameless(gender);
        let people = &mut self.read.people;
        // "Dort war der Mann": a definite noun after the verb is the subject itself unless one came before it.
        let subject = if phrase.determiner == Determiner::Definite { self.subject } else { self.subject.or(people.focus) };
        let who = match (subject.filter(|_| phrase.predicative), phrase.apposition) {
            (Some(subject), _) => Some((subject, weight)),
            (None, true) => people
                .focus
                .filter(|&focus| people.list[focus].last + 4 >= phrase.start && people.list[focus].may_be(gender))
                .map(|who| (who, weight)),
            _ if somebodys || phrase.determiner == Determiner::Indefinite => None,
            _ => people.meant(gender).map(|who| (who, weight * 0.5)),
        };
        let (who, weight) = match who {
            Some(found) => found,
            None if fits => (people.list.len() - 1, weight),
            None => {
                let who = people.add(i);
                people.list[who].kin = somebodys;
                (who, weight)
            }
        };
        people.list[who].add(i, gender, weight);
        people.mention(who, i, 1.0);
        people.agrees = match self.tokens.key(i) {
            key if key.ends_with("mädchen") || key.ends_with("mädel") => Some(Grammatical::Neuter),
            _ => None,
        };
        self.introduces = Some((who, i + 1));
        let acts = !self.tokens.capital(i + 1) && self.tokens.is_word(i + 1) && phrase::is_copula(self.tokens.key(i + 1));
        if !phrase.predicative && (acts || !somebodys) {
            self.subject = if acts { Some(who) } else { self.subject.or(Some(who)) };
        }
    }

    /// The last person is a bare "die Person", which this noun may specify.
    fn fits_nameless(&self, gender: Gender) -> bool {
        let people = &self.read.people;
        people.list.len() == 1
            && people.list[0].names.is_empty()
            && people.list[0].sums == [0.0; 3]
            && !people.list[0].kin
            && people.nameless(Some(gender)).is_some()
    }

    /// "ein Künstler": speaks for a man, weakly, where it names the person meant.
    fn masculine(&mut self, i: usize, phrase: Phrase) {
        if phrase.plural || phrase.article(self.tokens) == "die" {
            return;
        }
        let people = &mut self.read.people;
        let who = if phrase.predicative {
            self.subject.or(people.focus)
        } else if phrase.apposition || phrase.determiner == Determiner::None {
            people.focus
        } else if phrase.determiner == Determiner::Indefinite {
            Some(if people.list.len() == 1 && self.fits_nameless(Gender::Man) { 0 } else { self.read.people.add(i) })
        } else if phrase.determiner == Determiner::Possessive {
            let who = people.add(i);
            people.list[who].kin = true;
            people.list[who].add(i, Gender::Man, weight::MASCULINE);
            self.introduces = Some((who, i + 1));
            return;
        } else {
            return self.definite_masculine(i);
        };
        let Some(who) = who else { return };
        let people = &mut self.read.people;
        // "Die Person arbeitet als Lehrer" says a profession, not a gender.
        if people.agrees.is_some() && people.list[who].names.is_empty() && phrase.determiner != Determiner::Indefinite {
            return;
        }
        let factor = if phrase.determiner == Determiner::Indefinite { 1.0 } else { 0.7 };
        people.list[who].add(i, Gender::Man, weight::MASCULINE * factor);
        people.mention(who, i, 0.5);
        self.introduces = Some((who, i + 1));
        if !phrase.predicative {
            self.subject = self.subject.or(Some(who));
        }
    }

    /// "der junge Künstler Alessandro": introduces a name, or speaks again of a man already there.
    fn definite_masculine(&mut self, i: usize) {
        let people = &mut self.read.people;
        let who = match people.meant(Gender::Man) {
            Some(who) => who,
            None if self.tokens.capital(i + 1) => people.add(i),
            None => return,
        };
        people.list[who].add(i, Gender::Man, weight::MASCULINE * 0.5);
        self.introduces = Some((who, i + 1));
    }

    /// "die Person": somebody, of no known gender.
    fn epicene(&mut self, i: usize, phrase: Phrase, grammatical: Grammatical) {
        if phrase.plural {
            self.read.plural.push(i);
            return;
        }
        if phrase.determiner == Determiner::None && self.language == Language::En {
            return;
        }
        if phrase.predicative || phrase.apposition || phrase.determiner == Determiner::None {
            return;
        }
        if phrase::defines(self.tokens, i) {
            self.read.defines = true;
        }
        let people = &mut self.read.people;
        let kin = phrase.determiner == Determiner::Possessive && !phrase.article(self.tokens).starts_with('m');
        let who = match phrase.determiner {
            Determiner::Definite => people.focus,
            _ => None,
        };
        let who = who.unwrap_or_else(|| people.add(i));
        people.list[who].kin |= kin && people.list[who].mentions == 0.0;
        people.mention(who, i, 1.0);
        people.agrees = (self.language == Language::De).then_some(grammatical);
        self.introduces = Some((who, i + 1));
        self.subject = self.subject.or(Some(who));
    }

    /// "die 30-Jährige", "der Alte".
    fn nominal_adjective(&mut self, i: usize) {
        if self.language == Language::En || !self.tokens.raw(i).contains("Jährige") {
            return;
        }
        let phrase = phrase::before_noun(self.tokens, i, self.language);
        let gender = match (phrase.article(self.tokens), self.tokens.key(i).strip_suffix("jährige").is_some()) {
            ("die" | "eine", true) => Gender::Woman,
            ("der", true) => Gender::Man,
            ("ein", false) if self.tokens.key(i).ends_with("jähriger") => Gender::Man,
            _ => return,
        };
        if finite_number(self.tokens.key(i + 1)) == Some(Number::Plural) {
            return;
        }
        let people = &mut self.read.people;
        let who = people.meant(gender).or(people.focus).unwrap_or_else(|| self.read.people.add(i));
        self.read.people.list[who].add(i, gender, weight::AGREEMENT);
        self.read.people.mention(who, i, 1.0);
    }
}

fn gender_of(name: NameGender) -> Option<Gender> {
    match name {
        NameGender::Woman => Some(Gender::Woman),
        NameGender::Man => Some(Gender::Man),
        NameGender::Either => None,
    }
}
