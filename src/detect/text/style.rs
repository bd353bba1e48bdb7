//! `text-style`: how a text is written, in numbers, for one logistic regression.
//!
//! In: a text of at least 40 words. Out: stylometry as dense features (`dense.rs`) and hashed n-grams as sparse ones (`grams.rs`). What is measured are habits
//! (sentences, punctuation, function words, endings), as little as possible the topic, and nothing of the packaging: see [`super::segment`].

use super::segment::{self, Piece};
use crate::detect::features::{Detector, Features, Minimum};
use crate::detect::material::{Abstention, Material, Modality};

mod dense;
mod grams;
mod lists;

/// Longest text that is read, in bytes: about ten novels.
const LONGEST: usize = 4 * 1024 * 1024;
/// From how many words a statement is made, and from how many a hint: what the goals of the evaluation are measured at.
const MINIMUM: Minimum = Minimum { statement: 80.0, hint: 40.0, unit: "words" };

/// The detector. Everything that decides about its numbers is a constant of this folder.
///
/// Chosen on German encyclopaedic texts (100 topics of ten subjects, human against GPT-3.5; Mindner, Schlippe and Schaaff 2023) by nested cross-validation whose
/// folds are the subjects, among 108 configurations (endings of two or three letters, with and without capitals; character n-grams at weight 0, 0.5
/// and 1; weight of the hashed features; penalty), by the mean AUROC of full texts, their first 80 and 40 words and rephrased texts (`docs/detectors.md`).
/// Committed before any other set was opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextStyle;

impl Detector for TextStyle {
    fn id(&self) -> &'static str {
        "text-style"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Text
    }

    fn minimum(&self) -> Minimum {
        MINIMUM
    }

    fn dense(&self) -> &[&'static str] {
        &dense::NAMES
    }

    fn buckets(&self) -> usize {
        grams::BUCKETS
    }

    fn penalty(&self) -> f64 {
        0.1
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let (text, found) = super::readable(material, LONGEST, MINIMUM)?;
        Ok(features(&text, found))
    }
}

/// A word, number or sign with what both kinds of features need.
struct Unit<'t> {
    piece: Piece<'t>,
    /// In lower case, digits as 0.
    lower: String,
    /// Groups of function words that it belongs to ([`lists`]); 0 for others.
    groups: u32,
    /// Number of its sentence.
    sentence: usize,
}

impl Unit<'_> {
    fn is_word(&self) -> bool {
        matches!(self.piece, Piece::Word(_))
    }

    /// A word that carries a topic.
    fn is_content(&self) -> bool {
        self.is_word() && self.groups == 0 && self.lower.len() > 3
    }
}

fn features(text: &str, extent: f64) -> Features {
    let sentences = segment::sentences(text);
    let whole: Vec<bool> = sentences.iter().map(|range| segment::is_whole(&text[range.clone()])).collect();
    let mut units = Vec::new();
    for (sentence, range) in sentences.into_iter().enumerate() {
        units.extend(segment::pieces(text, range).map(|piece| unit(piece, sentence)));
    }
    Features { dense: dense::read(&units, &whole), sparse: grams::read(&units), extent }
}

fn unit(piece: Piece<'_>, sentence: usize) -> Unit<'_> {
    let lower = match piece {
        Piece::Word(word) => word.to_lowercase(),
        Piece::Number(number) => number.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect(),
        Piece::Sign(sign) => sign.to_string(),
    };
    let groups = if matches!(piece, Piece::Word(_)) { lists::groups(&lower) } else { 0 };
    Unit { piece, lower, groups, sentence }
}

#[cfg(test)]
mod tests;
