//! The people of a scene, told apart. In: tokens. Out: [`Members`] in order of appearance, each with the gender that the text shows.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::lang::person::{Gender, Lexicon, NameGender, Word, fair_form, first_name, lexicon};
use crate::score::gender::phrase::{adjective, determines, is_copula};
use crate::score::gender::pronoun::pronoun;
use crate::score::gender::token::Tokens;
use crate::score::translation::{Form, nouns};
use crate::store::Language;

/// Tokens behind a first mention in which its pronoun is looked for.
const PRONOUN_WITHIN: usize = 25;

/// Somebody.
#[derive(Clone, Debug)]
pub struct Member {
    /// First mention.
    pub token: usize,
    /// What the text shows.
    pub gender: Option<Gender>,
    /// Named by a name: its pronouns show the gender, not the grammar of a noun.
    named: bool,
}

/// Everybody, and who stands at which token.
#[derive(Debug, Default)]
pub struct Members {
    /// In order of appearance.
    pub list: Vec<Member>,
    /// Name or noun -> member.
    known: HashMap<String, usize>,
    /// Token -> member.
    at: HashMap<usize, usize>,
    /// Token that opens a line which a member speaks -> member, and the token of its colon.
    pub labels: Vec<(usize, usize)>,
}

/// What a word says of whom it names.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Name(Option<Gender>),
    Noun(Option<Gender>),
}

impl Members {
    /// Tell the people of a text apart.
    pub fn read(tokens: &Tokens, language: Language) -> Self {
        let mut members = Self::default();
        let mut reader = Reader { tokens, language, lexicon: lexicon(language), members: &mut members };
        let mut at = 0;
        while at < tokens.len() {
            at = reader.step(at);
        }
        reader.pronouns();
        members
    }

    /// Who is named at a token.
    pub fn at(&self, token: usize) -> Option<&Member> {
        self.at.get(&token).map(|&who| &self.list[who])
    }
}

struct Reader<'t> {
    tokens: &'t Tokens<'t>,
    language: Language,
    lexicon: &'static Lexicon,
    members: &'t mut Members,
}

impl Reader<'_> {
    /// Read token `at`; the token to go on with.
    fn step(&mut self, at: usize) -> usize {
        if let Some(end) = self.label(at) {
            return end;
        }
        if self.tokens.get(at).is_none_or(|token| !token.word || token.quoted) {
            return at + 1;
        }
        match self.says(at) {
            Some(says) if self.stands_for_somebody(at, says) => self.somebody(at, says),
            _ => at + 1,
        }
    }

    /// "MARA:", "**Die Kuratorin (leise):**" at the beginning of a line.
    fn label(&mut self, start: usize) -> Option<usize> {
        let tokens = self.tokens;
        if !(start == 0 || tokens.key(start - 1) == "\n") {
            return None;
        }
        let mark = |key: &str| matches!(key, "*" | "-" | "•" | "–" | "#" | "|" | "_" | ">");
        let mut from = start;
        while mark(tokens.key(from))
            || tokens.is_word(from) && tokens.key(from).chars().all(|c| c.is_ascii_digit()) && matches!(tokens.key(from + 1), "." | ")")
        {
            from += if tokens.is_word(from) { 2 } else { 1 };
        }
        let mut to = from;
        while to < from + 4 && tokens.is_word(to) {
            to += 1;
        }
        let mut colon = to;
        while mark(tokens.key(colon)) {
            colon += 1;
        }
        if tokens.key(colon) == "(" {
            colon = (colon..colon + 12).find(|&at| tokens.key(at) == ")")? + 1;
        }
        while mark(tokens.key(colon)) {
            colon += 1;
        }
        if to == from || tokens.key(colon) != ":" {
            return None;
        }
        let spoken = (colon + 1..colon + 5).find(|&at| tokens.is_word(at))?;
        let quoted = (colon + 1..colon + 5).any(|at| matches!(tokens.key(at), "„" | "“" | "\"" | "»" | "«" | "”"));
        let last = to - 1;
        let stage = (from..to).any(|at| STAGE.contains(&tokens.key(at)) || tokens.key(at).starts_with(|c: char| c.is_ascii_digit()));
        let says = (from..to).find_map(|at| match self.says(at) {
            Some(Says::Name(gender)) => Some((at, Says::Name(gender))),
            _ => None,
        });
        let says = says.or_else(|| self.says(last).map(|says| (last, says)));
        let says = says.or_else(|| (quoted && tokens.capital(from)).then_some((last, Says::Name(None))));
        let (at, says) = says.filter(|_| !stage)?;
        // "Kurator: Eva Meier" casts, it does not speak.
        if matches!(says, Says::Noun(_))
            && let Some((name, named)) = self.cast(spoken)
        {
            let who = self.member(name, named);
            self.alias(at, who);
            return Some(self.behind_name(name, who));
        }
        // "Mara: Restauratorin, 34" describes, it does not speak.
        let described = (spoken..spoken + 4).take_while(|&at| tokens.is_word(at)).find(|&at| tokens.capital(at)).filter(|_| !quoted);
        let who = self.member(at, says);
        if let Some(noun) = described.filter(|&noun| matches!(self.says(noun), Some(Says::Noun(_)))) {
            self.alias(noun, who);
            return Some(noun + 1);
        }
        self.members.labels.push((from, who));
        (to..colon)
            .filter(|&at| matches!(self.says(at), Some(Says::Noun(_))))
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|noun| self.alias(noun, who));
        Some(colon + 1)
    }

    /// The name at a token or behind a title there, where the line has nothing else up to its end, a comma or a bracket.
    fn cast(&self, first: usize) -> Option<(usize, Says)> {
        let end = (first..first + 5).find(|&at| !self.tokens.is_word(at) || !self.tokens.capital(at))?;
        let closed = end >= self.tokens.len() || matches!(self.tokens.key(end), "\n" | "," | "(" | "–" | "—" | ";" | "*");
        let name = if titled(self.tokens.key(first)).is_some() { first + 1 } else { first };
        self.says(name).filter(|says| closed && matches!(says, Says::Name(_))).map(|says| (name, says))
    }

    /// What the word at a token says of a person.
    fn says(&self, at: usize) -> Option<Says> {
        let (tokens, key) = (self.tokens, self.tokens.key(at));
        if STAGE.contains(&key) || !tokens.is_word(at) {
            return None;
        }
        let capital = tokens.capital(at);
        if let (true, Some(gender)) = (capital, at.checked_sub(1).and_then(|before| titled(tokens.key(before)))) {
            return Some(Says::Name(Some(gender)));
        }
        if capital && let Some(name) = first_name(key).filter(|name| !name.also_word || self.members.known.contains_key(key)) {
            return Some(Says::Name(match name.gender {
                NameGender::Woman => Some(Gender::Woman),
                NameGender::Man => Some(Gender::Man),
                NameGender::Either => None,
            }));
        }
        if capital && let Some(&who) = self.members.known.get(key).or_else(|| self.members.known.get(key.strip_suffix('s')?)) {
            let member = &self.members.list[who];
            return Some(if member.named { Says::Name(member.gender) } else { Says::Noun(member.gender) });
        }
        if fair_form(tokens.raw(at), key).is_some() {
            return Some(Says::Noun(None)).filter(|_| !key.ends_with("innen"));
        }
        match self.lexicon.word(key, capital) {
            Some(Word::Person(gender) | Word::Kin(gender)) => Some(Says::Noun(Some(gender))),
            Some(Word::Feminine) => Some(Says::Noun(Some(Gender::Woman))),
            Some(Word::Masculine) => Some(Says::Noun(Some(Gender::Man))),
            Some(Word::Epicene(_)) => Some(Says::Noun(None)),
            Some(Word::Plural | Word::States(_) | Word::Neopronoun) => None,
            None => self.occupation(key, capital),
        }
    }

    fn occupation(&self, key: &str, capital: bool) -> Option<Says> {
        let form = *OCCUPATIONS[self.language as usize].get(key)?;
        let gender = match (self.language, form) {
            (_, Form::Feminine) => Some(Gender::Woman),
            (_, Form::Masculine) => Some(Gender::Man),
            (Language::De, Form::Adjectival) | (_, Form::Neutral) => None,
            (Language::En, Form::Adjectival) => return None,
        };
        (capital || self.language == Language::En).then_some(Says::Noun(gender))
    }

    /// A name stands for its bearer; a noun needs a determiner in the singular, or a name beside it.
    fn stands_for_somebody(&self, at: usize, says: Says) -> bool {
        if matches!(says, Says::Name(_)) {
            return true;
        }
        let start = self.phrase(at);
        let article = self.tokens.key(start);
        let plural = self.language == Language::De && article == "die" && matches!(says, Says::Noun(Some(Gender::Man)));
        let determined = start < at && determines(article, self.language).is_some();
        let named = self.name_behind(at).is_some() || self.appositive(at).is_some();
        named || determined && !plural && !COMPARES.contains(&self.tokens.before(start, 1))
    }

    /// First token of the phrase that ends at the noun.
    fn phrase(&self, noun: usize) -> usize {
        let mut start = noun;
        while start > 0 && noun - start < 4 {
            if determines(self.tokens.key(start - 1), self.language).is_some() {
                return start - 1;
            }
            if !adjective(self.tokens, start - 1, self.language) {
                break;
            }
            start -= 1;
        }
        noun
    }

    /// "Kuratorin Mara": the name right behind the noun.
    fn name_behind(&self, noun: usize) -> Option<usize> {
        let next = if matches!(self.tokens.key(noun + 1), "namens" | "named" | "called") { noun + 2 } else { noun + 1 };
        let new = self.tokens.capital(next) && !self.tokens.get(next).is_some_and(|token| token.first);
        (new && matches!(self.says(next), Some(Says::Name(_)))).then_some(next)
    }

    /// The member whom the noun describes: "Mara, die Kuratorin", "Mara (34), Restauratorin", "Mara – Kuratorin", "Mara ist Kuratorin".
    fn appositive(&self, noun: usize) -> Option<usize> {
        let start = self.phrase(noun);
        for back in 1..=6 {
            let at = start.checked_sub(back)?;
            let key = self.tokens.key(at);
            if let Some(&who) = self.members.at.get(&at) {
                return (back > 1 && self.members.list[who].named).then_some(who);
            }
            let link = matches!(key, "," | "(" | ")" | "–" | "—" | "-" | "als" | "as" | "*")
                || is_copula(key)
                || key.chars().all(|c| c.is_ascii_digit());
            if !link
                && !self.tokens.capital(at)
                && !matches!(
                    key,
                    "jahre" | "years" | "old" | "alt" | "arbeitet" | "works" | "spielt" | "plays" | "our" | "unsere" | "unser"
                )
            {
                return None;
            }
        }
        None
    }

    /// A person at a token, new or known; the token to go on with.
    fn somebody(&mut self, at: usize, says: Says) -> usize {
        if let Says::Noun(_) = says {
            if let Some(who) = self.appositive(at) {
                self.alias(at, who);
                return at + 1;
            }
            if let Some(name) = self.name_behind(at) {
                let Some(named) = self.says(name) else { return at + 1 };
                let who = self.member(name, named);
                self.alias(at, who);
                return self.behind_name(name, who);
            }
        }
        let who = self.member(at, says);
        match says {
            Says::Name(_) => self.behind_name(at, who),
            Says::Noun(_) => at + 1,
        }
    }

    /// Surnames behind a first name belong to the same person.
    fn behind_name(&mut self, name: usize, who: usize) -> usize {
        let mut at = name + 1;
        while at < name + 3
            && self.tokens.capital(at)
            && !self.tokens.get(at).is_some_and(|token| token.first)
            && !matches!(self.says(at), Some(Says::Noun(_)))
        {
            self.know(at, who);
            at += 1;
        }
        at
    }

    /// Who is named at a token; somebody new where nobody is known by that word.
    fn member(&mut self, at: usize, says: Says) -> usize {
        let key = self.tokens.key(at);
        let known = self.members.known.get(key).or_else(|| self.members.known.get(key.strip_suffix('s')?)).copied();
        let (gender, named) = match says {
            Says::Name(gender) => (gender, true),
            Says::Noun(gender) => (gender, false),
        };
        let who = known.unwrap_or_else(|| {
            self.members.list.push(Member { token: at, gender: None, named });
            self.members.list.len() - 1
        });
        let member = &mut self.members.list[who];
        member.gender = member.gender.or(gender);
        self.know(at, who);
        who
    }

    fn know(&mut self, at: usize, who: usize) {
        self.members.at.insert(at, who);
        self.members.known.entry(self.tokens.key(at).to_owned()).or_insert(who);
    }

    /// The noun at a token means `who`, and shows the gender where the name did not.
    fn alias(&mut self, noun: usize, who: usize) {
        if let Some(Says::Noun(Some(gender))) = self.says(noun) {
            let member = &mut self.members.list[who];
            member.gender = member.gender.or(Some(gender));
        }
        self.members.at.insert(noun, who);
        self.members.known.insert(self.tokens.key(noun).to_owned(), who);
    }

    /// Members of no known gender take that of the first pronoun behind them, before anybody else is named. German nouns only agree with theirs.
    fn pronouns(&mut self) {
        for who in 0..self.members.list.len() {
            let member = &self.members.list[who];
            if member.gender.is_some() || !member.named && self.language == Language::De {
                continue;
            }
            let mentions: Vec<usize> = self.members.at.iter().filter(|(_, of)| **of == who).map(|(&at, _)| at).collect();
            let found = mentions.into_iter().filter_map(|at| self.pronoun_behind(at, who)).min();
            self.members.list[who].gender = found.map(|(_, gender)| gender);
        }
    }

    fn pronoun_behind(&self, mention: usize, who: usize) -> Option<(usize, Gender)> {
        for at in mention + 1..mention + PRONOUN_WITHIN {
            if self.members.at.get(&at).is_some_and(|&other| other != who) {
                return None;
            }
            if self.tokens.get(at).is_some_and(|token| token.word && !token.quoted)
                && let Some(pronoun) = pronoun(self.tokens, at, self.language).filter(|pronoun| pronoun.weight >= 0.5)
            {
                return Some((at, pronoun.gender));
            }
        }
        None
    }
}

/// Words that compare: nobody is there.
const COMPARES: [&str; 4] = ["wie", "like", "als", "as"];

/// The gender that a title before a surname says: "Frau Lindemann" is no man, whatever her name ends in.
fn titled(key: &str) -> Option<Gender> {
    match key {
        "frau" | "mrs" | "ms" | "miss" | "madam" | "lady" => Some(Gender::Woman),
        "herr" | "herrn" | "mr" | "sir" | "lord" => Some(Gender::Man),
        _ => None,
    }
}

/// Words at the head of lines, and nouns for nobody in particular, that are no members of a cast.
const STAGE: [&str; 78] = [
    "panel",
    "panels",
    "bild",
    "szene",
    "einstellung",
    "titel",
    "bildbeschreibung",
    "beschreibung",
    "dialog",
    "dialoge",
    "text",
    "kamera",
    "ton",
    "musik",
    "ort",
    "zeit",
    "setting",
    "figuren",
    "besetzung",
    "personen",
    "person",
    "figur",
    "hauptfigur",
    "charakter",
    "charaktere",
    "rolle",
    "rollen",
    "name",
    "erzähler",
    "erzählerin",
    "erzählstimme",
    "sprecher",
    "sprecherin",
    "off",
    "regie",
    "regieanweisung",
    "untertitel",
    "handlung",
    "aktion",
    "geräusche",
    "scene",
    "shot",
    "frame",
    "title",
    "description",
    "dialogue",
    "caption",
    "camera",
    "sound",
    "music",
    "location",
    "time",
    "characters",
    "character",
    "cast",
    "role",
    "roles",
    "narrator",
    "voiceover",
    "voice",
    "over",
    "narration",
    "action",
    "visual",
    "visuals",
    "image",
    "figure",
    "protagonist",
    "protagonistin",
    "somebody",
    "someone",
    "anybody",
    "anyone",
    "mensch",
    "menschen",
    "individual",
    "being",
    "human",
];

/// Nouns of the occupations file and what they say, German first.
static OCCUPATIONS: LazyLock<[HashMap<String, Form>; 2]> = LazyLock::new(|| Language::ALL.map(nouns));
