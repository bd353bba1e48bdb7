//! How well scores tell two classes apart: area under the ROC curve, points of the curve, true-positive rate at a false-positive rate.
//!
//! In: [`Scored`] items, each with the source it goes back to. Out: numbers whose intervals take *sources*, not items, for what was sampled:
//! all items of a source are drawn together, so a photograph in ten versions counts once. How well probabilities hold is in [`reliability`].
//!
//! Intervals are bootstraps over sources (of areas BCa, Efron 1987), stratified by what a source holds (human works, generated ones, both). The
//! acceleration comes from the exact derivative of the area by the weight of a source, the cluster form of DeLong's components (DeLong et al. 1988,
//! Obuchowski 1997). Where nothing varies, all ranks being right, a bootstrap would claim certainty; there the exact interval of as many pairs as can be
//! formed without using a source twice takes its place.

pub mod reliability;
mod resample;

use resample::{Sources, bca, exact_at_the_end, percentiles};

use super::agreement::WithInterval;
use super::{StatsError, check_finite, check_open_unit};

/// Resamples of every interval.
const RESAMPLES: usize = 2000;

/// Fewest sources of each class for an interval.
pub const SMALLEST_SOURCES: usize = 6;

/// Scores with what is true of them. Higher scores speak for `generated`.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// Score of each item, finite.
    pub scores: &'a [f64],
    /// Whether each was generated.
    pub generated: &'a [bool],
    /// Source of each.
    pub sources: &'a [u32],
}

/// A point of the ROC curve: what happens when everything from some score on is called generated.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Share of human works called generated.
    pub false_positives: f64,
    /// Share of generated ones called so.
    pub true_positives: f64,
}

impl Scored<'_> {
    fn check(&self) -> Result<(), StatsError> {
        check_finite("a score", self.scores)?;
        for (what, found) in [("labels", self.generated.len()), ("sources", self.sources.len())] {
            if found != self.scores.len() {
                return Err(StatsError::LengthMismatch { what, expected: self.scores.len(), found });
            }
        }
        Ok(())
    }

    /// The sources, if there are enough of both classes.
    fn enough(&self) -> Result<Sources, StatsError> {
        self.check()?;
        let sources = Sources::new(self.generated, self.sources);
        let found = sources.human.min(sources.generated);
        if found < SMALLEST_SOURCES { Err(StatsError::TooFewClusters { found, needed: SMALLEST_SOURCES }) } else { Ok(sources) }
    }
}

/// Items in ascending order of scores, cut where scores differ.
struct Ranks<'a> {
    generated: &'a [bool],
    order: Vec<usize>,
    /// End of each run of equal scores in `order`.
    ends: Vec<usize>,
}

impl<'a> Ranks<'a> {
    fn new(scores: &[f64], generated: &'a [bool]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        // -0.0 and 0.0 are the same score.
        let ends = (1..=order.len()).filter(|&at| at == order.len() || scores[order[at]] != scores[order[at - 1]]).collect();
        Self { generated, order, ends }
    }

    /// Weights of (human, generated) items in each run of equal scores, from the lowest.
    fn runs(&self, weight: impl Fn(usize) -> f64) -> impl DoubleEndedIterator<Item = (f64, f64)> {
        self.ends.iter().scan(0, |start, &end| Some(std::mem::replace(start, end)..end)).collect::<Vec<_>>().into_iter().map(move |run| {
            self.order[run].iter().fold((0.0, 0.0), |(human, generated), &item| {
                if self.generated[item] { (human, generated + weight(item)) } else { (human + weight(item), generated) }
            })
        })
    }

    /// Chance that a generated item scores higher than a human one, ties counted half; `None` where a class has no weight.
    fn auroc(&self, weight: impl Fn(usize) -> f64) -> Option<f64> {
        let (mut human, mut generated, mut won) = (0.0, 0.0, 0.0);
        for (negative, positive) in self.runs(weight) {
            won += positive * (human + 0.5 * negative);
            human += negative;
            generated += positive;
        }
        (human > 0.0 && generated > 0.0).then(|| won / (human * generated))
    }

    /// Largest share of generated items above a score above which at most `limit` of the human ones lie.
    fn true_positives(&self, limit: f64, weight: impl Fn(usize) -> f64) -> Option<f64> {
        let runs: Vec<(f64, f64)> = self.runs(weight).collect();
        let (human, generated) = runs.iter().fold((0.0, 0.0), |sum, run| (sum.0 + run.0, sum.1 + run.1));
        if human == 0.0 || generated == 0.0 {
            return None;
        }
        let (mut wrong, mut right) = (0.0, 0.0);
        for (negative, positive) in runs.into_iter().rev() {
            if wrong + negative > limit * human * (1.0 + 1e-12) {
                break;
            }
            wrong += negative;
            right += positive;
        }
        Some(right / generated)
    }

    /// For each item the share of the other class that it beats, ties half: DeLong's components.
    fn placements(&self) -> Vec<f64> {
        let total = |class: bool| self.generated.iter().filter(|label| **label == class).count() as f64;
        let (humans, generated) = (total(false), total(true));
        let mut placements = vec![0.0; self.order.len()];
        let (mut below, mut won_over, mut start) = (0.0, 0.0, 0);
        for (&end, (negative, positive)) in self.ends.iter().zip(self.runs(|_| 1.0)) {
            for &item in &self.order[start..end] {
                placements[item] = if self.generated[item] {
                    (below + 0.5 * negative) / humans
                } else {
                    (generated - won_over - 0.5 * positive) / generated
                };
            }
            (below, won_over, start) = (below + negative, won_over + positive, end);
        }
        placements
    }

    /// Derivative of the area by the weight of each source.
    fn influence(&self, sources: &Sources, area: f64) -> Vec<f64> {
        let total = |class: bool| self.generated.iter().filter(|label| **label == class).count() as f64;
        let totals = [total(false), total(true)];
        let mut influence = vec![0.0; sources.count()];
        for (item, placement) in self.placements().into_iter().enumerate() {
            influence[sources.of[item]] += (placement - area) / totals[usize::from(self.generated[item])];
        }
        influence
    }
}

/// Area under the ROC curve: the chance that a generated item scores higher than a human one, ties counted half (Mann and Whitney 1947).
///
/// # Errors
/// `Empty` where a class is missing; scores that are not finite; slices of unequal length.
pub fn area(scored: Scored) -> Result<f64, StatsError> {
    scored.check()?;
    Ranks::new(scored.scores, scored.generated).auroc(|_| 1.0).ok_or(StatsError::Empty)
}

/// The area with its interval at `level`.
///
/// # Errors
/// `TooFewClusters` with fewer than [`SMALLEST_SOURCES`] sources of a class; as [`area`].
pub fn auroc(scored: Scored, level: f64, seed: u64) -> Result<WithInterval, StatsError> {
    check_open_unit("the level", level)?;
    let sources = scored.enough()?;
    let ranks = Ranks::new(scored.scores, scored.generated);
    let value = ranks.auroc(|_| 1.0).ok_or(StatsError::Empty)?;
    if value == 0.0 || value == 1.0 {
        return exact_at_the_end(value, sources.human.min(sources.generated), level);
    }
    let replicates = sources.replicates(RESAMPLES, seed, |weights| ranks.auroc(|item| weights[sources.of[item]]));
    Ok(WithInterval { value, interval: bca(value, replicates, &ranks.influence(&sources, value), level) })
}

/// Area of `scored` minus area of `other` over the same items, with its interval: what a detector adds to a control.
///
/// The interval takes plain percentiles: simulated with two equal detectors they find a false gain in 2.2 to 3.0 % of samples (nominal 2.5 %), BCa in up to
/// 7.5 % where both areas are 0.99.
///
/// # Errors
/// As [`auroc`]; `LengthMismatch` where `other` has not one score for each item.
pub fn gain(scored: Scored, other: &[f64], level: f64, seed: u64) -> Result<WithInterval, StatsError> {
    check_open_unit("the level", level)?;
    let sources = scored.enough()?;
    Scored { scores: other, ..scored }.check()?;
    let both = [scored.scores, other].map(|scores| Ranks::new(scores, scored.generated));
    let difference = |weight: &dyn Fn(usize) -> f64| Some(both[0].auroc(weight)? - both[1].auroc(weight)?);
    let value = difference(&|_| 1.0).ok_or(StatsError::Empty)?;
    let replicates = sources.replicates(RESAMPLES, seed, |weights| difference(&|item| weights[sources.of[item]]));
    Ok(WithInterval { value, interval: percentiles(replicates, level) })
}

/// Human items without which a true-positive rate at this false-positive rate would rest on fewer than three of them.
pub fn negatives_needed(false_positives: f64) -> usize {
    (3.0 / false_positives - 1e-9).ceil() as usize
}

/// Share of generated items found when at most `false_positives` of the human ones are called generated, with its interval (bias-corrected percentiles: a
/// step of the curve has no derivative, so there is no acceleration).
///
/// # Errors
/// `TooFewNegatives` with fewer human items than [`negatives_needed`] (300 at 1 %, 60 at 5 %); as [`auroc`].
pub fn true_positives(scored: Scored, false_positives: f64, level: f64, seed: u64) -> Result<WithInterval, StatsError> {
    check_open_unit("the level", level)?;
    check_open_unit("the false-positive rate", false_positives)?;
    let sources = scored.enough()?;
    let (found, needed) = (scored.generated.iter().filter(|label| !**label).count(), negatives_needed(false_positives));
    if found < needed {
        return Err(StatsError::TooFewNegatives { found, needed });
    }
    let ranks = Ranks::new(scored.scores, scored.generated);
    let value = ranks.true_positives(false_positives, |_| 1.0).ok_or(StatsError::Empty)?;
    let replicates = sources.replicates(RESAMPLES, seed, |weights| ranks.true_positives(false_positives, |item| weights[sources.of[item]]));
    if replicates.iter().all(|replicate| *replicate == value) && (value == 0.0 || value == 1.0) {
        return exact_at_the_end(value, sources.generated, level);
    }
    Ok(WithInterval { value, interval: bca(value, replicates, &[], level) })
}

/// The curve from (0, 0) to (1, 1), without points on a straight line between their neighbours.
///
/// # Errors
/// As [`area`].
pub fn curve(scored: Scored) -> Result<Vec<Point>, StatsError> {
    scored.check()?;
    let ranks = Ranks::new(scored.scores, scored.generated);
    let total = |class: bool| scored.generated.iter().filter(|label| **label == class).count() as f64;
    let (humans, generated) = (total(false), total(true));
    if humans == 0.0 || generated == 0.0 {
        return Err(StatsError::Empty);
    }
    let mut points: Vec<(f64, f64)> = vec![(0.0, 0.0)];
    for (negative, positive) in ranks.runs(|_| 1.0).rev() {
        let (x, y) = points[points.len() - 1];
        let next = (x + negative, y + positive);
        // Counts are whole numbers, so that "on a line" is exact.
        if let [.., (x0, y0), _] = points[..]
            && (x - x0) * (next.1 - y) == (y - y0) * (next.0 - x)
        {
            points.pop();
        }
        points.push(next);
    }
    Ok(points.into_iter().map(|(x, y)| Point { false_positives: x / humans, true_positives: y / generated }).collect())
}

/// The lowest score at which calling everything above it generated accuses at most `share` of these (human) scores; `None` without scores.
pub fn cut(humans: &[f64], share: f64) -> Option<f64> {
    let mut sorted = humans.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    // At most so many may lie strictly above the cut.
    let allowed = (share * sorted.len() as f64 * (1.0 + 1e-12)).floor() as usize;
    sorted.get(allowed).or(sorted.last()).copied()
}

#[cfg(test)]
mod tests;
