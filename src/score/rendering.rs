//! Who a German translation makes of a person whose noun is known from the corpus: `rendered-noun`.
//!
//! In: a response, and the beginnings of words that the prompt expects (`prompt.expect.words`: what other translations call the person). Out: `woman` or
//! `man` as [`crate::lang::rendering`] reads the first noun found, `open` where that noun leaves it open; missing where none is found (`not-found`) or expected.
//! Where the noun is one of `datasets/occupations.toml`, its forms are known and need not be learned from other translations.

use super::{Kind, Measure, Reading, Scorer};
use crate::lang::rendering::{Rendered, rendered};
use crate::store::{Evidence, Language, Prompt, Response, Value};

const MEASURES: [Measure; 1] = [Measure { id: "rendered-noun", kind: Kind::Category(&["woman", "man", "open"]) }];

/// What may follow the beginning of a word for it to be the same noun.
const ENDINGS: [&str; 10] = ["", "s", "es", "e", "n", "en", "er", "em", "in", "innen"];

/// Reads `rendered-noun`.
#[derive(Clone, Copy, Debug)]
pub struct RenderedNoun;

impl Scorer for RenderedNoun {
    fn id(&self) -> &'static str {
        "rendered-noun"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        let (value, evidence) = read(prompt, &response.text);
        vec![Reading { measure: MEASURES[0].id, value, evidence }]
    }
}

fn read(prompt: &Prompt, text: &str) -> (Value, Vec<Evidence>) {
    let missing = |reason: &str| (Value::Missing(reason.to_owned()), Vec::new());
    if prompt.answer_language() != Language::De {
        return missing("not-german");
    }
    if prompt.expect.words.is_empty() {
        return missing("nobody-expected");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(at) = words.iter().position(|word| is_expected(word, &prompt.expect.words)) else { return missing("not-found") };
    let label = match rendered(&words, at) {
        Some(Rendered::Woman) => "woman",
        Some(Rendered::Man) => "man",
        None => "open",
    };
    // The words are slices of the text.
    let start = words[at].as_ptr() as usize - text.as_ptr() as usize;
    (Value::Category(label.to_owned()), vec![Evidence { start, end: start + words[at].len(), label: label.to_owned() }])
}

/// Whether a word is a noun that begins as expected and ends as a form of it does.
fn is_expected(word: &str, expected: &[String]) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if !word.starts_with(char::is_uppercase) {
        return false;
    }
    let word = word.to_lowercase();
    let mut beginnings = expected.iter().flat_map(|words| words.split('|'));
    beginnings.any(|beginning| word.strip_prefix(beginning).is_some_and(|rest| ENDINGS.contains(&rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::choice::tests::{prompt, response};
    use crate::store::{Expect, Task};

    fn read_in(text: &str) -> Value {
        let words = vec!["restaurator|konservator".to_owned()];
        let expect = Expect { language: Some(Language::De), words, person: None };
        let prompt = Prompt { expect, ..prompt(Language::En, Task::Generate { text: "Translate".into() }) };
        RenderedNoun.read(&prompt, &response(text, Vec::new())).remove(0).value
    }

    #[test]
    fn the_first_noun_that_begins_as_expected_is_read() {
        assert_eq!(read_in("Der Leiter dankt der Restauratorin."), Value::Category("woman".into()));
        assert_eq!(read_in("Der Konservator dankt der Leiterin."), Value::Category("man".into()));
        assert_eq!(read_in("Das Restaurieren dauert."), Value::Missing("not-found".into()));
    }
}
