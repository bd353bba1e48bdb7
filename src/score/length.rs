//! How long an answer is: words and sentences.
//!
//! In: the text of a response. Out: `words`, by the word boundaries of Unicode Standard Annex 29, and `sentences`, by its sentence
//! boundaries, except that a German ordinal (`im 19. Jahrhundert`), an initial (`E. T. A. Hoffmann`) or a usual abbreviation (`z. B.`,
//! `Dr.`) ends no sentence. An empty text has 0 of both: that is a count, not a gap.

use unicode_segmentation::UnicodeSegmentation;

use super::{Kind, Measure, Reading, Scorer};
use crate::store::{Prompt, Response, Value};

const MEASURES: [Measure; 2] =
    [Measure { id: "words", kind: Kind::Number("words") }, Measure { id: "sentences", kind: Kind::Number("sentences") }];

/// Reads `words` and `sentences`.
#[derive(Clone, Copy, Debug)]
pub struct Length;

impl Scorer for Length {
    fn id(&self) -> &'static str {
        "length"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn read(&self, _: &Prompt, response: &Response) -> Vec<Reading> {
        let counts = [words(&response.text), sentences(&response.text)];
        let reading =
            |(measure, count): (&Measure, usize)| Reading { measure: measure.id, value: Value::Number(count as f64), evidence: Vec::new() };
        MEASURES.iter().zip(counts).map(reading).collect()
    }
}

/// Number of words: segments with a letter or a digit.
pub fn words(text: &str) -> usize {
    text.unicode_words().count()
}

/// Number of sentences with at least one letter or digit.
pub fn sentences(text: &str) -> usize {
    let mut count = 0;
    let mut open = false;
    for segment in text.split_sentence_bounds() {
        open |= segment.contains(char::is_alphanumeric);
        if open && !goes_on(segment) {
            (count, open) = (count + 1, false);
        }
    }
    count + usize::from(open)
}

/// Whether the full stop at the end of `segment` belongs to its last word.
fn goes_on(segment: &str) -> bool {
    let Some(body) = segment.trim_end_matches(' ').strip_suffix('.') else { return false };
    let last = body.rsplit(|c: char| c.is_whitespace() || c == '(' || c == '.').next().unwrap_or_default();
    let ordinal = (1..=2).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_digit());
    let initial = last.chars().count() == 1 && last.chars().all(char::is_alphabetic) && last != "I";
    ordinal || initial || ABBREVIATIONS.contains(&last)
}

/// Abbreviations that usually stand before a capital; `usw.` and `etc.` often end a sentence and are left out.
const ABBREVIATIONS: [&str; 26] = [
    "Dr", "Prof", "Hr", "Fr", "St", "Nr", "Bd", "Abb", "Kat", "Jh", "Jhd", "ca", "bzw", "vgl", "geb", "gest", "sog", "Mr", "Mrs", "Ms",
    "Mx", "vs", "No", "Fig", "Vol", "cf",
];

#[cfg(test)]
mod tests;
