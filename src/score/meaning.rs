//! How much of the meaning was kept: the share of the words that a probe expects in the answer.
//!
//! In: the text of a response and the words of `prompt.expect`. Out: `meaning-kept` from 0 to 1. A word is found where a word of the text begins with it
//! (`sperr` in *Sperrung*), whatever its case and the spelling of its umlauts; alternatives are parted by `|`, several words in a row by a blank. The words
//! stand for the meaning as the probe's author chose them: the reading knows neither negation ("nicht gesperrt") nor a paraphrase that nobody foresaw.

use unicode_segmentation::UnicodeSegmentation;

use super::{Kind, Measure, Reading, Scorer};
use crate::lang::tokens::fold;
use crate::store::{Evidence, Prompt, Response, Value};

const MEASURES: [Measure; 1] = [Measure { id: "meaning-kept", kind: Kind::Number("share") }];

/// Reads `meaning-kept`.
#[derive(Clone, Copy, Debug)]
pub struct Meaning;

impl Scorer for Meaning {
    fn id(&self) -> &'static str {
        "meaning"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        let (value, evidence) = read(&prompt.expect.words, &response.text);
        vec![Reading { measure: MEASURES[0].id, value, evidence }]
    }
}

fn read(expected: &[String], text: &str) -> (Value, Vec<Evidence>) {
    if expected.is_empty() {
        return (Value::Missing("nothing-expected".to_owned()), Vec::new());
    }
    let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
    let keys: Vec<String> = words.iter().map(|(_, word)| folded(word)).collect();
    let place = |from: usize, to: usize| Evidence { start: words[from].0, end: words[to].0 + words[to].1.len(), label: "kept".to_owned() };
    let found = expected.iter().filter_map(|entry| entry.split('|').find_map(|phrase| find(phrase, &keys)));
    let evidence: Vec<Evidence> = found.map(|(from, to)| place(from, to)).collect();
    (Value::Number(evidence.len() as f64 / expected.len() as f64), evidence)
}

/// First and last word of the first place where the words of `phrase` stand in a row.
fn find(phrase: &str, keys: &[String]) -> Option<(usize, usize)> {
    let stems: Vec<String> = phrase.unicode_words().map(folded).collect();
    let at = keys.windows(stems.len().max(1)).position(|row| row.iter().zip(&stems).all(|(key, stem)| key.starts_with(stem.as_str())))?;
    (!stems.is_empty()).then(|| (at, at + stems.len() - 1))
}

fn folded(word: &str) -> String {
    let mut key = String::new();
    fold(word, &mut key);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(expected: &[&str], text: &str) -> Value {
        read(&expected.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), text).0
    }

    #[test]
    fn the_reading_is_the_share_of_expected_words_that_begin_a_word_of_the_text() {
        let expected = ["gesperrt", "Brücke|Übergang", "17 Uhr", "Umweg"];
        assert_eq!(kept(&expected, "Ab 17 Uhr ist die BRUECKE gesperrt."), Value::Number(0.75));
        assert_eq!(kept(&expected, "Der Übergang bleibt offen; um 17:30 Uhr wird geschlossen."), Value::Number(0.25));
        assert_eq!(kept(&expected, ""), Value::Number(0.0));
        assert_eq!(kept(&["sperr"], "Die Sperrung"), Value::Number(1.0));
        assert_eq!(kept(&["rücke"], "Brücke"), Value::Number(0.0));
    }

    #[test]
    fn without_expected_words_nothing_is_measured() {
        assert_eq!(kept(&[], "Ein Satz."), Value::Missing("nothing-expected".into()));
        assert_eq!(kept(&["…"], "Ein Satz."), Value::Number(0.0));
    }

    #[test]
    fn evidence_points_at_the_words_found() {
        let text = "Die lange Brücke ist heute zu.";
        let evidence = read(&["lange brücke".to_owned()], text).1;
        assert_eq!(&text[evidence[0].start..evidence[0].end], "lange Brücke");
    }
}
