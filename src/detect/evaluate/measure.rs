//! Scores become numbers with intervals.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluation::{Abstained, Beside, Corpus, GroupBy, Measured, Number, Protocol, Reliability, Row};
use super::folds;
use super::read::Readings;
use crate::detect::corpus::Item;
use crate::detect::material::Abstention;
use crate::stats::roc::reliability::{bins, calibration_error};
use crate::stats::roc::{Point, Scored, auroc, curve, gain, true_positives};

/// Bins of the reliability diagram.
const BINS: usize = 10;

/// Labels and sources of all items.
pub(super) struct Frame<'a> {
    pub generated: Vec<bool>,
    /// Sources, those with a common content being one.
    pub sources: Vec<u32>,
    pub protocol: &'a Protocol,
}

/// Scored items out of a frame.
struct Part {
    scores: Vec<f64>,
    generated: Vec<bool>,
    sources: Vec<u32>,
}

impl Part {
    fn scored(&self) -> Scored<'_> {
        Scored { scores: &self.scores, generated: &self.generated, sources: &self.sources }
    }
}

impl<'a> Frame<'a> {
    pub fn new(items: &[&Item], hashes: &[Option<blake3::Hash>], protocol: &'a Protocol) -> Self {
        let sources = folds::groups(items, hashes, GroupBy::Source).into_iter().map(|source| source as u32).collect();
        Self { generated: items.iter().map(|item| item.generated()).collect(), sources, protocol }
    }

    fn part(&self, members: impl Iterator<Item = usize>, scores: &[Option<f64>]) -> Part {
        let mut part = Part { scores: Vec::new(), generated: Vec::new(), sources: Vec::new() };
        for at in members {
            if let Some(score) = scores[at] {
                part.scores.push(score);
                part.generated.push(self.generated[at]);
                part.sources.push(self.sources[at]);
            }
        }
        part
    }

    fn all(&self, scores: &[Option<f64>]) -> Part {
        self.part(0..scores.len(), scores)
    }

    /// A line about `members`: scores of the detector, then of each control; `read` is what the detector read.
    pub fn row(&self, name: &str, members: &[usize], scores: &[Vec<Option<f64>>], read: &Readings, controls: &[&str]) -> Row {
        let Protocol { level, seed, .. } = *self.protocol;
        let part = self.part(members.iter().copied(), &scores[0]);
        let count = |class: bool| part.generated.iter().filter(|label| **label == class).count();
        let found = |rate| true_positives(part.scored(), rate, level, seed).into();
        let measured = Measured {
            human: count(false),
            generated: count(true),
            sources: part.sources.iter().collect::<BTreeSet<_>>().len(),
            abstained: self.abstained(members, &scores[0], read),
            auroc: auroc(part.scored(), level, seed).into(),
            found_at_1_percent: found(0.01),
            found_at_5_percent: found(0.05),
        };
        let beside = |(control, of_control): (&&str, &Vec<Option<f64>>)| {
            let both: Vec<usize> = members.iter().copied().filter(|at| scores[0][*at].is_some() && of_control[*at].is_some()).collect();
            let [own, other] = [&scores[0], of_control].map(|scores| self.part(both.iter().copied(), scores));
            let gain: Number = gain(own.scored(), &other.scores, level, seed).into();
            Beside { control: (*control).to_owned(), auroc: auroc(other.scored(), level, seed).into(), gain_shown: gain.above(0.0), gain }
        };
        Row { name: name.to_owned(), measured, beside: controls.iter().zip(&scores[1..]).map(beside).collect() }
    }

    fn abstained(&self, members: &[usize], scores: &[Option<f64>], read: &Readings) -> Vec<Abstained> {
        let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
        for at in members.iter().copied().filter(|at| scores[*at].is_none()) {
            let because = read[at].as_ref().err().map_or("not-trained", Abstention::word);
            counts.entry(because).or_default()[usize::from(self.generated[at])] += 1;
        }
        counts.into_iter().map(|(because, [human, generated])| Abstained { because: because.to_owned(), human, generated }).collect()
    }

    pub fn curve(&self, scores: &[Option<f64>]) -> Vec<Point> {
        curve(self.all(scores).scored()).unwrap_or_default()
    }

    /// Whether log-odds hold as probabilities. Trainings give both classes the same weight; here the odds of the classes at hand are put back in, so that the
    /// probabilities can be compared with shares.
    pub fn reliability(&self, scores: &[Option<f64>]) -> Option<Reliability> {
        let mut part = self.all(scores);
        let generated = part.generated.iter().filter(|label| **label).count() as f64;
        let odds = libm::log(generated / (part.generated.len() as f64 - generated));
        part.scores.iter_mut().for_each(|score| *score = 1.0 / (1.0 + libm::exp(-*score - odds)));
        let bins = bins(part.scored(), BINS, self.protocol.level).ok()?;
        Some(Reliability { bins, error: calibration_error(part.scored(), BINS, self.protocol.seed).ok()? })
    }

    pub fn corpus(&self, items: &[&Item], hashes: &[Option<blake3::Hash>], groups: usize) -> Corpus {
        let count = |key: &dyn Fn(&Item) -> Option<String>| {
            let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
            for item in items {
                if let Some(key) = key(item) {
                    counts.entry(key).or_default()[usize::from(item.generated())] += 1;
                }
            }
            counts
        };
        let mut digest = blake3::Hasher::new();
        let mut contents: BTreeMap<[u8; 32], usize> = BTreeMap::new();
        for (item, hash) in items.iter().zip(hashes) {
            let content = hash.map_or_else(String::new, |hash| hash.to_hex().to_string());
            let generator = item.generator.as_deref().unwrap_or("");
            // Zero bytes stand between the parts: names cannot run into each other.
            for part in [&content, &item.source, generator, &item.domain] {
                digest.update(part.as_bytes()).update(&[0]);
            }
            hash.iter().for_each(|hash| *contents.entry(*hash.as_bytes()).or_default() += 1);
        }
        let generated = self.generated.iter().filter(|label| **label).count();
        Corpus {
            human: items.len() - generated,
            generated,
            sources: self.sources.iter().collect::<BTreeSet<_>>().len(),
            groups,
            repeated: contents.values().filter(|count| **count > 1).sum(),
            generators: count(&|item| item.generator.clone()).into_iter().map(|(name, [_, count])| (name, count)).collect(),
            domains: count(&|item| Some(item.domain.clone())),
            languages: count(&|item| item.language.map(|language| language.code().to_owned())),
            blake3: digest.finalize().to_hex().to_string(),
        }
    }
}
