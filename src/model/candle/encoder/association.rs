//! Associations between words or sentences as vectors have them (Caliskan et al. 2017, WEAT; May et al. 2019, SEAT). In: two sets of targets, two of
//! attributes. Out: for every target how much nearer it is to the first attributes than to the second. Effect size and permutation test are
//! statistics on these numbers and stand elsewhere.

use super::{Embedder, Unread, cosine};

/// Two sets of targets and two of attributes: words for WEAT, sentences for SEAT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sets {
    /// Targets, for instance names of women and names of men.
    pub targets: [Vec<String>; 2],
    /// Attributes, for instance words for family and words for work.
    pub attributes: [Vec<String>; 2],
}

/// For each target of either set the mean cosine with the first attributes minus that with the second, `s(w, A, B)` of Caliskan et al.
///
/// # Errors
/// [`Unread`] for the first text that the model cannot read; [`Unread::Empty`] when a set of attributes is empty.
pub fn associations(embedder: &Embedder, sets: &Sets) -> Result<[Vec<f64>; 2], Unread> {
    if sets.attributes.iter().any(Vec::is_empty) {
        return Err(Unread::Empty);
    }
    let [first, second] = [embedder.embed_all(&sets.attributes[0])?, embedder.embed_all(&sets.attributes[1])?];
    let mean = |vector: &[f32], attributes: &[Vec<f32>]| {
        attributes.iter().map(|attribute| cosine(vector, attribute)).sum::<f64>() / attributes.len() as f64
    };
    let of = |targets: &[String]| {
        let vectors = embedder.embed_all(targets)?;
        Ok(vectors.iter().map(|vector| mean(vector, &first) - mean(vector, &second)).collect())
    };
    Ok([of(&sets.targets[0])?, of(&sets.targets[1])?])
}
