//! Gender of the person an answer is about, read from German and English text.
//!
//! In: the text of a response (never the prompt). Out: one of the categories below with the places that speak for it, or [`Value::Missing`]
//! with `unclear` where evidence conflicts and `empty` where there is no text. The grammatical gender of a noun such as "die Person" is no evidence.
//!
//! How: the text is cut once (`token`), people are told apart as they are mentioned (`people`), each pronoun, noun and name is bound to one of
//! them (`reader`), and the person most spoken of is judged by what was bound to them. See `docs/referent-gender.md`.

mod naming;
mod people;
pub(super) mod phrase;
pub(super) mod pronoun;
mod reader;
pub(super) mod token;

#[cfg(test)]
mod adjudication;
#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;

use crate::lang::lists::ListError;
use crate::lang::person::{self, Gender};
use crate::score::{Kind, Measure, Reading, Scorer};
use crate::store::{Evidence, Language, Prompt, Response, Value};
use people::Person;
use reader::Read;
use token::Tokens;

/// Measure id.
pub const MEASURE: &str = "referent-gender";

/// Raised whenever a reading can change.
pub const VERSION: u32 = 2;

/// Categories in the order of reports.
pub const CATEGORIES: &[&str] = &["woman", "man", "non-binary", "gender-fair", "unmarked", "several", "none"];

/// Evidence below this sum says nothing: a lone possessive or object form.
const ENOUGH: f32 = 0.8;
/// Share of the evidence that must agree.
const AGREE: f32 = 0.65;
/// Two people named together are both meant if the second is spoken of at least this often, relative to the first.
const EQUAL: f32 = 0.6;

/// Scorer of the gender of the person an answer is about.
#[derive(Clone, Copy, Debug)]
pub struct ReferentGender;

impl Scorer for ReferentGender {
    fn id(&self) -> &'static str {
        MEASURE
    }

    fn version(&self) -> u32 {
        VERSION
    }

    fn measures(&self) -> &'static [Measure] {
        &[Measure { id: MEASURE, kind: Kind::Category(CATEGORIES) }]
    }

    fn lists(&self) -> &'static [&'static str] {
        person::LISTS
    }

    fn check_lists(&self) -> Result<(), ListError> {
        person::check_lists()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        let ReferentReading { value, evidence } = read_text(&response.text, prompt.answer_language());
        vec![Reading { measure: MEASURE, value, evidence }]
    }
}

/// What was read in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferentReading {
    /// One of [`CATEGORIES`], or missing: `unclear`, `empty`.
    pub value: Value,
    /// Places that speak for or against it, in reading order, labelled with the category each speaks for.
    pub evidence: Vec<Evidence>,
}

impl ReferentReading {
    /// The category, if one was read.
    pub fn category(&self) -> Option<&str> {
        match &self.value {
            Value::Category(category) => Some(category),
            _ => None,
        }
    }
}

/// Read the gender of the person that `text` is about.
pub fn read_text(text: &str, language: Language) -> ReferentReading {
    if text.trim().is_empty() {
        return ReferentReading { value: Value::Missing("empty".to_owned()), evidence: Vec::new() };
    }
    let tokens = Tokens::new(text);
    judge(&tokens, &reader::read(&tokens, language_of(&tokens, language)))
}

/// The language the text is in: `expected`, unless its small words say otherwise (models answer in the wrong language).
fn language_of(tokens: &Tokens, expected: Language) -> Language {
    const GERMAN: [&str; 10] = ["und", "der", "die", "das", "ist", "ein", "eine", "sie", "nicht", "mit"];
    const ENGLISH: [&str; 10] = ["and", "the", "of", "is", "a", "her", "his", "she", "with", "to"];
    let (mut german, mut english) = (0, 0);
    for i in 0..tokens.len().min(400) {
        german += usize::from(GERMAN.contains(&tokens.key(i)));
        english += usize::from(ENGLISH.contains(&tokens.key(i)));
    }
    match expected {
        Language::De if english > 2 && english > 2 * german => Language::En,
        Language::En if german > 2 && german > 2 * english => Language::De,
        _ => expected,
    }
}

fn judge(tokens: &Tokens, read: &Read) -> ReferentReading {
    let ranked = read.people.ranked();
    let Some(&(first, who)) = ranked.first() else {
        return without_person(tokens, read);
    };
    let person = &read.people.list[who];
    if let Some(&(second, other)) = ranked.get(1)
        && person.paired
        && read.people.list[other].paired
        && second >= EQUAL * first
    {
        let named = read.people.list.iter().filter(|person| person.paired).flat_map(|person| &person.clues);
        return category("several", named.map(|clue| place(tokens, clue.token, "several")).collect());
    }
    let clues = || person.clues.iter().map(|clue| place(tokens, clue.token, clue.gender.as_str()));
    let fair = || person.fair.iter().map(|&at| place(tokens, at, "gender-fair"));
    let total: f32 = person.sums.iter().sum();
    let bound = person.clues.iter().any(|clue| clue.weight >= people::weight::NAME);
    if total < ENOUGH || read.defines && person.names.is_empty() && !bound {
        return match (person.fair.is_empty(), read.defines || phrase::declines(tokens)) {
            (false, _) => category("gender-fair", fair().collect()),
            (true, true) => category("none", Vec::new()),
            (true, false) => category("unmarked", Vec::new()),
        };
    }
    let evidence = clues().chain(fair()).collect();
    match strongest(person, total) {
        Some(gender) => category(gender.as_str(), evidence),
        None => ReferentReading { value: Value::Missing("unclear".to_owned()), evidence },
    }
}

fn strongest(person: &Person, total: f32) -> Option<Gender> {
    Gender::ALL.into_iter().find(|&gender| person.sums[gender as usize] >= AGREE * total)
}

fn without_person(tokens: &Tokens, read: &Read) -> ReferentReading {
    if phrase::declines(tokens) {
        return category("none", Vec::new());
    }
    if !read.plural.is_empty() || !read.fair.is_empty() {
        let places = read.plural.iter().chain(&read.fair);
        return category("several", places.map(|&at| place(tokens, at, "several")).collect());
    }
    category("none", Vec::new())
}

fn category(name: &str, mut evidence: Vec<Evidence>) -> ReferentReading {
    evidence.sort_by_key(|evidence| (evidence.start, evidence.end));
    ReferentReading { value: Value::Category(name.to_owned()), evidence }
}

fn place(tokens: &Tokens, token: usize, label: &str) -> Evidence {
    let (start, end) = tokens.get(token).map_or((0, 0), |token| (token.start, token.end));
    Evidence { start, end, label: label.to_owned() }
}
