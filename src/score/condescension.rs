//! Whether the writer speaks from above: `condescension`.
//!
//! In: the text of a response. Out: `talks-down` with the places that speak for it, each labelled with its kind, or `does-not`; [`Value::Missing`] for an
//! answer in the other language. The kinds (surprised praise for the ordinary, unasked correction of how somebody speaks, belittling address,
//! laboured simplicity, doubt that somebody follows or belongs) are headings of `datasets/words/condescension-*.toml`, the phrases stand below them. Speech in
//! quotation marks belongs to somebody else and does not count. A list of phrases knows the blunt kind only: tone, irony and what is left unsaid stay
//! closed to it.

use std::collections::BTreeMap;

use super::{Kind, Measure, Reading, Scorer, language};
use crate::lang::lists::{self, ListError, Lists};
use crate::lang::passages::{quotations, sentences, within};
use crate::lang::phrases::Phrases;
use crate::lang::tokens::{Token, fold, tokens};
use crate::store::{Evidence, Language, Prompt, Response, Value};

const MEASURES: [Measure; 1] = [Measure { id: "condescension", kind: Kind::Category(&["talks-down", "does-not"]) }];

/// Reads `condescension`.
#[derive(Clone, Copy, Debug)]
pub struct Condescension;

impl Scorer for Condescension {
    fn id(&self) -> &'static str {
        "condescension"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &FILES
    }

    fn check_lists(&self) -> Result<(), ListError> {
        PHRASES.check()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| {
            let evidence = read(text, prompt.answer_language());
            let value = Value::Category(if evidence.is_empty() { "does-not" } else { "talks-down" }.to_owned());
            vec![Reading { measure: MEASURES[0].id, value, evidence }]
        })
    }
}

/// The lists of both languages, German first.
const FILES: [&str; 2] = ["datasets/words/condescension-de.toml", "datasets/words/condescension-en.toml"];

static PHRASES: Lists<Phrases> = Lists::new(|| open(Language::De), || open(Language::En));

fn open(language: Language) -> Result<Phrases, ListError> {
    lists::read(FILES[language as usize], |file| {
        let sections: BTreeMap<String, String> = toml::from_str(file).map_err(|error| error.to_string())?;
        Phrases::new(&sections)
    })
}

/// The places that talk down, in order.
fn read(text: &str, language: Language) -> Vec<Evidence> {
    let quoted = quotations(text);
    let phrases = PHRASES.of(language);
    let mut evidence = Vec::new();
    let mut key = String::new();
    for sentence in sentences(text) {
        let outside = |token: &Token| !within(&quoted, sentence.start + token.start);
        let words: Vec<Token> = tokens(&text[sentence.clone()]).filter(outside).collect();
        let keys: Vec<String> = words
            .iter()
            .map(|token| {
                fold(token.text, &mut key);
                key.clone()
            })
            .collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        evidence.extend(phrases.find(&keys).into_iter().map(|found| Evidence {
            start: sentence.start + words[found.from].start,
            end: sentence.start + words[found.to - 1].end(),
            label: found.label.to_owned(),
        }));
    }
    evidence
}

#[cfg(test)]
mod tests;
