//! Which language an answer is in: German, English or another.
//!
//! In: the text of a response. Out: `de`, `en` or `other`, as [`crate::lang::identify`] finds it.

use super::{Kind, Measure, Reading, Scorer};
pub use crate::lang::identify::{Found, detect};
use crate::store::{Language, Prompt, Response, Value};

const CATEGORIES: [&str; 3] = ["de", "en", "other"];
const MEASURES: [Measure; 1] = [Measure { id: "language", kind: Kind::Category(&CATEGORIES) }];

/// Reads `language`.
#[derive(Clone, Copy, Debug)]
pub struct AnswerLanguage;

impl Scorer for AnswerLanguage {
    fn id(&self) -> &'static str {
        "language"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn read(&self, _: &Prompt, response: &Response) -> Vec<Reading> {
        let value = match detect(&response.text) {
            Ok(found) => Value::Category(CATEGORIES[found as usize].to_owned()),
            Err(reason) => Value::Missing(reason.to_owned()),
        };
        vec![Reading { measure: "language", value, evidence: Vec::new() }]
    }
}

/// Whether `text` is clearly in the other of the two languages.
pub fn is_other(expected: Language, text: &str) -> bool {
    match expected {
        Language::De => detect(text) == Ok(Found::English),
        Language::En => detect(text) == Ok(Found::German),
    }
}

/// The answer is in the other language: its words would be read by the wrong list.
pub const OTHER_LANGUAGE: &str = "other-language";

/// What `read` finds in the response, or nothing in any of the measures where the answer is in the other language.
pub(super) fn in_own(
    prompt: &Prompt,
    response: &Response,
    measures: &'static [Measure],
    read: impl FnOnce(&str) -> Vec<Reading>,
) -> Vec<Reading> {
    if !is_other(prompt.answer_language(), &response.text) {
        return read(&response.text);
    }
    let missing = |measure: &Measure| Reading { measure: measure.id, value: Value::Missing(OTHER_LANGUAGE.into()), evidence: Vec::new() };
    measures.iter().map(missing).collect()
}

#[cfg(test)]
mod tests;
