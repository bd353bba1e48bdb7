//! Answers as they may stand in a page: shortened, harmless, with the evidence marked.
//!
//! In: a text and byte ranges into it, which may overlap, lie inside a character or behind the end. Out: pieces in order, each with
//! the labels that hold for it. Escaping is the template's.

use serde::Serialize;

use crate::lang::harmless;
use crate::store::Evidence;

/// A stretch of text for which the same evidence holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The text; control characters are replaced by their code points.
    pub text: String,
    /// What it speaks for; empty for plain text. A label is named where its evidence ends.
    pub labels: Vec<String>,
    /// Whether it is evidence.
    pub marked: bool,
}

/// An answer cut into pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marked {
    /// The pieces, in order.
    pub pieces: Vec<Piece>,
    /// Characters shown.
    pub shown: usize,
    /// Characters of the whole text.
    pub all: usize,
    /// Evidence that lies, wholly or in part, behind the cut.
    pub hidden: usize,
}

/// `text` cut to `limit` characters and into pieces at the ends of `evidence`.
pub fn pieces(text: &str, evidence: &[Evidence], limit: usize) -> Marked {
    let all = text.chars().count();
    let kept = text.char_indices().nth(limit).map_or(text, |(end, _)| &text[..end]);
    let ranges: Vec<(usize, usize, &str)> = evidence
        .iter()
        .filter(|place| place.start < place.end && place.start < kept.len())
        .map(|place| (floor(kept, place.start), ceil(kept, place.end), place.label.as_str()))
        .collect();
    let within = |inner: &(usize, usize, &str), outer: &(usize, usize, &str)| {
        inner.2 == outer.2 && outer.0 <= inner.0 && inner.1 <= outer.1 && inner != outer
    };
    // Evidence within evidence for the same says nothing more.
    let ranges: Vec<(usize, usize, &str)> =
        ranges.iter().copied().filter(|range| !ranges.iter().any(|other| within(range, other))).collect();
    let hidden = evidence.iter().filter(|place| place.start < place.end && place.end > kept.len() && place.start < text.len()).count();
    let mut cuts: Vec<usize> = ranges.iter().flat_map(|&(start, end, _)| [start, end]).chain([0, kept.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let pieces = cuts.windows(2).map(|cut| {
        let (start, end) = (cut[0], cut[1]);
        let within = || ranges.iter().filter(move |range| range.0 <= start && end <= range.1);
        let mut labels: Vec<String> = within().filter(|range| range.1 == end).map(|range| range.2.to_owned()).collect();
        labels.sort();
        labels.dedup();
        Piece { text: harmless(&kept[start..end]), labels, marked: within().next().is_some() }
    });
    Marked { pieces: pieces.collect(), shown: kept.chars().count(), all, hidden }
}

/// The start of the character that holds byte `index`.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&index| text.is_char_boundary(index)).unwrap_or(0)
}

/// The end of the character that holds the byte before `index`.
fn ceil(text: &str, index: usize) -> usize {
    (index.min(text.len())..=text.len()).find(|&index| text.is_char_boundary(index)).unwrap_or(text.len())
}
