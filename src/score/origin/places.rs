//! Names of places and of people from there, each with its world region.
//!
//! In: `datasets/words/origin-*.toml`. Out: for a text, its [`Mention`]s in order, the longest name first (`South Africa` before `Africa`).

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::lang::lists::{self, ListError, Lists};
use crate::lang::tokens::{Case, Token, fold, tokens};
use crate::lang::words::{self, Class, Word};
use crate::store::Language;

/// The words of a text, folded, beside the tokens themselves.
pub struct Text<'t> {
    /// Tokens in order.
    pub tokens: Vec<Token<'t>>,
    /// Their folded spellings.
    pub keys: Vec<String>,
}

impl<'t> Text<'t> {
    /// Cut a text into words.
    pub fn new(text: &'t str) -> Self {
        let tokens: Vec<Token> = tokens(text).collect();
        let keys = tokens.iter().map(|token| folded(token.text)).collect();
        Self { tokens, keys }
    }

    /// Folded word at `at`, empty beyond the text.
    pub fn key(&self, at: usize) -> &str {
        self.keys.get(at).map_or("", String::as_str)
    }

    /// Whether the word at `at` opens a clause; the end of the text does too.
    pub fn opens_clause(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.clause_start)
    }

    /// First word of the clause that `at` stands in.
    pub fn clause(&self, at: usize) -> usize {
        (0..=at).rev().find(|&start| self.opens_clause(start)).unwrap_or(0)
    }

    /// Folded words of the clause before `at`.
    pub fn before(&self, at: usize) -> Vec<&str> {
        self.keys[self.clause(at)..at].iter().map(String::as_str).collect()
    }
}

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Nigeria`, `Lagos`.
    Place,
    /// `nigerianisch`, `Nigerian`.
    Adjective,
    /// `Nigerianerin`, `Spaniard`.
    Person,
}

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention<'n> {
    /// First word.
    pub from: usize,
    /// Behind the last word.
    pub to: usize,
    /// What the name may be: `Polen` is a place and people.
    pub kinds: Vec<Kind>,
    /// Section of the list.
    pub region: &'n str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    places: String,
    adjectives: String,
    people: String,
}

struct Name {
    words: Vec<String>,
    kind: Kind,
    region: String,
}

/// The names of one language.
pub struct Names {
    language: Language,
    by_first_word: HashMap<String, Vec<Name>>,
}

/// The lists of both languages, German first.
pub const FILES: [&str; 2] = ["datasets/words/origin-de.toml", "datasets/words/origin-en.toml"];

/// The names of both languages.
pub static NAMES: Lists<Names> = Lists::new(|| Names::open(Language::De), || Names::open(Language::En));

impl Names {
    fn open(language: Language) -> Result<Self, ListError> {
        lists::read(FILES[language as usize], |file| Self::parse(language, file))
    }

    fn parse(language: Language, file: &str) -> Result<Self, String> {
        let sections: BTreeMap<String, Section> = toml::from_str(file).map_err(|error| error.to_string())?;
        let mut names = Self { language, by_first_word: HashMap::new() };
        for (region, section) in &sections {
            for (kind, list) in [(Kind::Place, &section.places), (Kind::Adjective, &section.adjectives), (Kind::Person, &section.people)] {
                for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
                    for form in entry.split('/') {
                        names.add(kind, region, form.trim());
                    }
                }
            }
        }
        // The longest name first, whatever the order of the file.
        names.by_first_word.values_mut().for_each(|list| list.sort_by_key(|name| std::cmp::Reverse(name.words.len())));
        Ok(names)
    }

    /// Add a name with the inflected forms of its last word.
    fn add(&mut self, kind: Kind, region: &str, name: &str) {
        let mut words = Text::new(name).keys;
        let Some(last) = words.pop() else { return };
        let class = match (self.language, kind) {
            (Language::De, Kind::Adjective) => Class::Adjective,
            (Language::De, Kind::Person) => Class::Person,
            (_, Kind::Place) => Class::Adverb,
            (Language::En, _) => Class::Noun,
        };
        let mut forms = words::forms(self.language, &Word { lemma: last, class, weight: 1.0, case_bound: false, irregular: Vec::new() });
        if kind == Kind::Place {
            let genitives: Vec<String> = forms.iter().flat_map(|form| [format!("{form}s"), format!("{form}'s")]).collect();
            forms.extend(genitives);
        }
        for form in forms {
            let words: Vec<String> = words.iter().cloned().chain([form]).collect();
            self.by_first_word.entry(words[0].clone()).or_default().push(Name { words, kind, region: region.to_owned() });
        }
    }

    /// All names of the text, in order and without overlap.
    pub fn mentions<'n>(&'n self, text: &Text) -> Vec<Mention<'n>> {
        let mut mentions = Vec::new();
        let mut at = 0;
        while at < text.keys.len() {
            let found = self.at(text, at);
            at = found.as_ref().map_or(at + 1, |mention| mention.to);
            mentions.extend(found);
        }
        mentions
    }

    fn at<'n>(&'n self, text: &Text, at: usize) -> Option<Mention<'n>> {
        // `italienischstämmig` says what `italienisch` says.
        let key = text.keys[at].split("staemmig").next().unwrap_or_default();
        // German adjectives of places are written small, English ones never are: `polish` is no Pole.
        let small = |name: &Name| name.kind == Kind::Adjective && self.language == Language::De;
        let fits = |name: &&Name| {
            let end = at + name.words.len();
            let rest = || name.words[1..].iter().zip(&text.keys[at + 1..end]).all(|(word, key)| word == key);
            end <= text.keys.len() && rest() && (small(name) || capital(text, at, end))
        };
        let fitting: Vec<&Name> = self.by_first_word.get(key)?.iter().filter(fits).collect();
        let longest = fitting.first()?;
        let same = fitting.iter().filter(|name| name.words.len() == longest.words.len() && name.region == longest.region);
        Some(Mention { from: at, to: at + longest.words.len(), kinds: same.map(|name| name.kind).collect(), region: &longest.region })
    }
}

/// A name of a place or of people has a capital at one of its ends.
fn capital(text: &Text, from: usize, to: usize) -> bool {
    [from, to - 1].into_iter().any(|at| text.tokens[at].case() != Case::Lower)
}

/// The spelling of a word for look-ups.
fn folded(word: &str) -> String {
    let mut key = String::new();
    fold(word, &mut key);
    key
}
