//! How hard a text is to read: reading ease and LIX.
//!
//! In: the text of a response. Out: `reading-ease`, for German 180 - words per sentence - 58.5 x syllables per word (Amstad 1978, "Wie verständlich sind
//! unsere Zeitungen?"), for English 206.835 - 1.015 x words per sentence - 84.6 x syllables per word (Flesch 1948, "A new readability yardstick"); higher is
//! easier. And `lix`, words per sentence + share of words with more than six letters in percent (Björnsson 1968, "Läsbarhet"); higher is harder. Both are
//! arithmetic on counts: of words and sentences as [`super::length`] counts them, of syllables as [`crate::lang::syllables`] does.
//! Below `FEWEST_WORDS` words there is no reading (`too-short`): both formulas were made for samples of about a hundred words.

use unicode_segmentation::UnicodeSegmentation;

use super::{Kind, Measure, Reading, Scorer, language, length};
use crate::lang::syllables::syllables;
use crate::store::{Language, Prompt, Response, Value};

const MEASURES: [Measure; 2] =
    [Measure { id: "reading-ease", kind: Kind::Number("points") }, Measure { id: "lix", kind: Kind::Number("points") }];

/// Words below which one long word decides.
const FEWEST_WORDS: usize = 20;
/// Letters from which on a word is long.
const LONG: usize = 7;

/// Reads `reading-ease` and `lix`.
#[derive(Clone, Copy, Debug)]
pub struct Readability;

impl Scorer for Readability {
    fn id(&self) -> &'static str {
        "readability"
    }

    fn version(&self) -> u32 {
        1
    }

    fn exact(&self) -> bool {
        true
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| {
            let counts = Counts::of(text, prompt.answer_language());
            let values = match counts.words < FEWEST_WORDS {
                true => [(); 2].map(|()| Value::Missing("too-short".to_owned())),
                false => [counts.reading_ease(prompt.answer_language()), counts.lix()].map(Value::Number),
            };
            let reading = |(measure, value): (&Measure, Value)| Reading { measure: measure.id, value, evidence: Vec::new() };
            MEASURES.iter().zip(values).map(reading).collect()
        })
    }
}

/// What the formulas are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    words: usize,
    sentences: usize,
    syllables: usize,
    long: usize,
}

impl Counts {
    fn of(text: &str, language: Language) -> Self {
        let mut counts = Self { sentences: length::sentences(text), ..Self::default() };
        for word in text.unicode_words() {
            counts.words += 1;
            counts.syllables += syllables(word, language);
            counts.long += usize::from(word.chars().filter(|letter| letter.is_alphabetic()).count() >= LONG);
        }
        counts
    }

    fn per_sentence(&self) -> f64 {
        self.words as f64 / self.sentences as f64
    }

    fn reading_ease(&self, language: Language) -> f64 {
        let per_word = self.syllables as f64 / self.words as f64;
        match language {
            Language::De => 180.0 - self.per_sentence() - 58.5 * per_word,
            Language::En => 206.835 - 1.015 * self.per_sentence() - 84.6 * per_word,
        }
    }

    fn lix(&self) -> f64 {
        self.per_sentence() + 100.0 * self.long as f64 / self.words as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counted by hand; long are Bildern, Museums, Restauratorin, and in English paintings, restorer.
    const GERMAN: &str =
        "Der Saal ist leer. Nur vor den alten Bildern des Museums steht noch die Frau mit der Lampe. Sie ist die Restauratorin.";
    const ENGLISH: &str =
        "The hall is empty. Only the woman with the lamp still stands before the old paintings. She is the new restorer here.";

    #[test]
    fn formulas_are_those_of_amstad_flesch_and_bjoernsson_on_counts_made_by_hand() {
        let counts = Counts::of(GERMAN, Language::De);
        assert_eq!(counts, Counts { words: 22, sentences: 3, syllables: 31, long: 3 });
        assert!((counts.reading_ease(Language::De) - (180.0 - 22.0 / 3.0 - 58.5 * 31.0 / 22.0)).abs() < 1e-9);
        assert!((counts.lix() - (22.0 / 3.0 + 300.0 / 22.0)).abs() < 1e-9);
        let counts = Counts::of(ENGLISH, Language::En);
        assert_eq!(counts, Counts { words: 22, sentences: 3, syllables: 29, long: 2 });
        assert!((counts.reading_ease(Language::En) - (206.835 - 1.015 * 22.0 / 3.0 - 84.6 * 29.0 / 22.0)).abs() < 1e-9);
    }

    #[test]
    fn longer_words_and_sentences_are_harder_in_both_formulas() {
        let hard = "Restauratorische Bestandserfassungen dokumentieren konservierungswissenschaftlich relevante Oberflächenveränderungen, insbesondere \
            Malschichtabhebungen, Firnisvergilbungen, Bindemittelabbauprodukte und Leinwandverformungen, deren Stabilisierung Einzelfallentscheidungen \
            sachverständiger Restaurierungswerkstätten voraussetzt und langfristige Finanzierungsvereinbarungen benötigt.";
        let (easy, hard) = (Counts::of(GERMAN, Language::De), Counts::of(hard, Language::De));
        assert!(easy.reading_ease(Language::De) > 80.0 && hard.reading_ease(Language::De) < 0.0);
        assert!(easy.lix() < 30.0 && hard.lix() > 80.0);
    }
}
