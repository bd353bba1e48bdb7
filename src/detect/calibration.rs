//! What scores human works of one kind get: the only thing that gives a score a meaning.
//!
//! In: human works that the detector was not trained on, of one declared domain. Out: their scores, one for each source, at each length that texts are judged at, and the
//! conformal p-value of a new score among them (Vovk, Gammerman and Shafer 2005; one-class use: Bates et al. 2023, "Testing for outliers with conformal p-values").
//! A human work of the same kind is flagged at level alpha with probability alpha at most, whatever the detector is like. Of another kind nothing is promised.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::corpus::Item;
use super::error::DetectError;
use super::material::{Abstention, Material, Modality, first_words};
use super::trained::{Trained, fingerprint};
use crate::run::clock;
use crate::stats::Interval;
use crate::stats::interval::wilson;
use crate::store::hash_id;

/// Share of human works that may be flagged.
pub const ALPHA: f64 = 0.05;
/// Lengths that texts are cut to before they are judged, in words: a score depends on the length, so only equally long texts are compared.
pub const LENGTHS: [usize; 5] = [40, 80, 160, 320, 640];
/// Fewest human works of a group for a rate of its own.
const FEWEST_OF_GROUP: usize = 5;

/// Scores of human works of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Kind of text, picture or recording, as the house names it.
    pub domain: String,
    /// Hash of the weights whose scores these are.
    pub weights: String,
    /// Day of the calibration.
    pub made: String,
    /// Where the works came from, in the words of whoever calibrated.
    pub of: String,
    /// By length, ascending; a single one of length 0 for pictures and recordings.
    pub bands: Vec<Band>,
    /// Works that say nothing: reason -> number.
    pub left_out: BTreeMap<String, usize>,
}

/// Scores at one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Words that each text was cut to; 0: not cut.
    pub length: usize,
    /// One for each source, ascending.
    pub scores: Vec<f64>,
    /// How often each group would be flagged wrongly.
    pub groups: Vec<GroupRate>,
}

/// False alarms among the human works of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRate {
    /// Name of the grouping, for instance `native`.
    pub group: String,
    /// The group, for instance `no`.
    pub level: String,
    /// Works flagged at [`ALPHA`], each against all others.
    pub flagged: usize,
    /// Works.
    pub of: usize,
    /// Wilson interval of the rate, 95 %.
    pub interval: Interval,
}

/// Cut to the length it is judged at: a text to its first words, anything else as it is. `None` when it is shorter.
pub fn cut(material: &Material, length: usize) -> Option<Cow<'_, Material>> {
    match material {
        Material::Text(text) => first_words(text, length).map(|part| Cow::Owned(Material::Text(part.to_owned()))),
        _ => Some(Cow::Borrowed(material)),
    }
}

impl Calibration {
    /// Scores of human works. Of several works of one source one is drawn, by its hash.
    ///
    /// # Errors
    /// [`DetectError::Corpus`] when works were seen in training, or fewer sources are left than a p-value of [`ALPHA`] needs.
    pub fn make(trained: &Trained, items: &[Item], domain: &str, of: &str) -> Result<Self, DetectError> {
        let chosen = one_of_each_source(items);
        let known =
            chosen.par_iter().filter(|item| item.material().is_ok_and(|material| trained.seen.contains(&fingerprint(&material)))).count();
        if known > 0 {
            let help = "calibrate with human works that were not used in training: a detector knows those too well";
            return Err(DetectError::corpus(format!("{known} of {} works were seen in training", chosen.len()), help));
        }
        let text = trained.detector.modality() == Modality::Text;
        let lengths: &[usize] = if text { &LENGTHS } else { &[0] };
        let mut by_work: Vec<_> = chosen.par_iter().map(|item| scores(trained, item, lengths).into_iter()).collect();
        let mut left_out = BTreeMap::new();
        let mut bands = Vec::new();
        for length in lengths {
            let scored: Vec<Option<Result<f64, Abstention>>> = by_work.iter_mut().filter_map(Iterator::next).collect();
            if bands.is_empty() {
                for why in scored.iter().flatten().filter_map(|scored| scored.as_ref().err()) {
                    *left_out.entry(why.word().to_owned()).or_insert(0) += 1;
                }
                let short = scored.iter().filter(|scored| scored.is_none()).count();
                if short > 0 {
                    left_out.insert("too-little".to_owned(), short);
                }
            }
            let scored: Vec<(f64, &Item)> =
                scored.into_iter().zip(&chosen).filter_map(|(scored, item)| Some((scored?.ok()?, *item))).collect();
            if scored.len() >= needed() {
                bands.push(band(*length, scored)?);
            } else if bands.is_empty() {
                let problem =
                    format!("{} human works of different sources can be judged, and at least {} are needed", scored.len(), needed());
                let reasons: Vec<String> = left_out.iter().map(|(why, count)| format!("{count} {why}")).collect();
                return Err(DetectError::corpus(problem, &format!("add more works of this kind ({})", reasons.join(", "))));
            }
        }
        let weights = trained.card.weights.clone();
        Ok(Self {
            domain: domain.to_owned(),
            weights,
            made: clock().to_string().chars().take(10).collect(),
            of: of.to_owned(),
            bands,
            left_out,
        })
    }

    /// The longest band that a text fills; the only one for anything else. `None` for a text shorter than all of them.
    pub fn band(&self, material: &Material) -> Option<&Band> {
        self.bands.iter().rev().find(|band| cut(material, band.length).is_some())
    }
}

/// Fewest sources for a p-value of [`ALPHA`].
pub fn needed() -> usize {
    (1.0 / ALPHA).round() as usize - 1
}

fn one_of_each_source(items: &[Item]) -> Vec<&Item> {
    let mut chosen: BTreeMap<&str, (String, &Item)> = BTreeMap::new();
    for item in items {
        let hash = hash_id(["calibration", item.id.as_str()]);
        let entry = chosen.entry(&item.source).or_insert_with(|| (hash.clone(), item));
        if hash < entry.0 {
            *entry = (hash, item);
        }
    }
    chosen.into_values().map(|(_, item)| item).collect()
}

/// A work's score at each length, read once; `None` where it is shorter.
fn scores(trained: &Trained, item: &Item, lengths: &[usize]) -> Vec<Option<Result<f64, Abstention>>> {
    let material = item.material();
    let at = |length: &usize| match &material {
        Ok(material) => Some(trained.score(&*cut(material, *length)?).map(|(score, _)| score)),
        Err(why) => Some(Err(why.clone())),
    };
    lengths.iter().map(at).collect()
}

fn band(length: usize, scored: Vec<(f64, &Item)>) -> Result<Band, DetectError> {
    let mut scores: Vec<f64> = scored.iter().map(|(score, _)| *score).collect();
    scores.sort_by(f64::total_cmp);
    let band = Band { length, scores, groups: Vec::new() };
    let mut counts: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for (score, item) in &scored {
        let flagged = band.p_among_others(*score) <= ALPHA;
        let language = item.language.map(|language| ("language", language.code()));
        let groups = item.groups.iter().map(|(group, level)| (group.as_str(), level.as_str())).chain(language);
        for key in groups.chain([("domain", item.domain.as_str())]) {
            let count = counts.entry(key).or_default();
            count.0 += usize::from(flagged);
            count.1 += 1;
        }
    }
    // A grouping with one group only says nothing about differences.
    let several: BTreeSet<&str> =
        counts.keys().filter(|(group, _)| counts.keys().filter(|(other, _)| other == group).count() > 1).map(|(group, _)| *group).collect();
    let mut groups = Vec::new();
    for ((group, level), (flagged, of)) in &counts {
        if several.contains(group) && *of >= FEWEST_OF_GROUP {
            let interval = wilson(*flagged as f64 / *of as f64, *of as f64, 0.95)?;
            groups.push(GroupRate { group: (*group).to_owned(), level: (*level).to_owned(), flagged: *flagged, of: *of, interval });
        }
    }
    Ok(Band { groups, ..band })
}

impl Band {
    /// Conformal p-value of a new score: (1 + number of scores at least as high) / (1 + number of scores). Small: unusual for a human work of this kind.
    pub fn p(&self, score: f64) -> f64 {
        let below = self.scores.partition_point(|other| *other < score);
        (1 + self.scores.len() - below) as f64 / (1 + self.scores.len()) as f64
    }

    /// The p-value that one of the scores has among the others.
    fn p_among_others(&self, score: f64) -> f64 {
        let below = self.scores.partition_point(|other| *other < score);
        (self.scores.len() - below) as f64 / self.scores.len() as f64
    }
}

#[cfg(test)]
mod tests;
