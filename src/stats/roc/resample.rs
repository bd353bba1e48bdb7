//! Drawing sources anew, and intervals from what comes of it.

use std::collections::BTreeMap;

use crate::stats::agreement::WithInterval;
use crate::stats::interval::clopper_pearson;
use crate::stats::rng::Random;
use crate::stats::special::{normal_cdf, normal_quantile};
use crate::stats::{Interval, StatsError};

/// The sources of scored items.
pub(super) struct Sources {
    /// Which source each item goes back to, from 0.
    pub of: Vec<usize>,
    /// Sources with human works.
    pub human: usize,
    /// Sources with generated ones.
    pub generated: usize,
    /// Sources with human works only, with generated ones only, with both.
    strata: [Vec<usize>; 3],
}

impl Sources {
    pub fn new(generated: &[bool], sources: &[u32]) -> Self {
        let mut numbers = BTreeMap::new();
        let of: Vec<usize> = sources
            .iter()
            .map(|source| {
                let next = numbers.len();
                *numbers.entry(*source).or_insert(next)
            })
            .collect();
        let mut holds = vec![[false; 2]; numbers.len()];
        of.iter().zip(generated).for_each(|(source, label)| holds[*source][usize::from(*label)] = true);
        let of_kind = |kind: [bool; 2]| (0..holds.len()).filter(|source| holds[*source] == kind).collect();
        let count = |class: usize| holds.iter().filter(|holds| holds[class]).count();
        let strata = [of_kind([true, false]), of_kind([false, true]), of_kind([true, true])];
        Self { human: count(0), generated: count(1), strata, of }
    }

    pub fn count(&self) -> usize {
        self.strata.iter().map(Vec::len).sum()
    }

    /// `statistic` of so many resamples, given how often each source was drawn. As many sources of each kind are drawn as there are.
    pub fn replicates(&self, resamples: usize, seed: u64, statistic: impl Fn(&[f64]) -> Option<f64>) -> Vec<f64> {
        let mut random = Random::new(seed, "roc sources");
        let mut weights = vec![0.0; self.count()];
        let draw = |_| {
            weights.fill(0.0);
            for stratum in &self.strata {
                stratum.iter().for_each(|_| weights[stratum[random.below(stratum.len())]] += 1.0);
            }
            statistic(&weights)
        };
        (0..resamples).filter_map(draw).collect()
    }
}

/// Efron's (1987) bias-corrected and accelerated interval; without `influence` there is no acceleration.
pub(super) fn bca(value: f64, mut replicates: Vec<f64>, influence: &[f64], level: f64) -> Interval {
    replicates.sort_by(f64::total_cmp);
    let count = replicates.len() as f64;
    let (below, equal) = (replicates.partition_point(|x| *x < value) as f64, replicates.partition_point(|x| *x <= value) as f64);
    let share = (0.5 * (below + equal) / count).clamp(0.5 / count, 1.0 - 0.5 / count);
    let bias = normal_quantile(share);
    let power = |exponent: i32| influence.iter().map(|x| x.powi(exponent)).sum::<f64>();
    let spread = power(2);
    let acceleration = if spread > 0.0 { power(3) / (6.0 * spread * spread.sqrt()) } else { 0.0 };
    let at = |tail: f64| {
        let z = bias + normal_quantile(tail);
        quantile(&replicates, normal_cdf(bias + z / (1.0 - acceleration * z)))
    };
    let tail = 0.5 * (1.0 - level);
    // An estimate lies in its own interval.
    Interval { lower: at(tail).min(value), upper: at(1.0 - tail).max(value) }
}

/// The middle `level` of the replicates.
pub(super) fn percentiles(mut replicates: Vec<f64>, level: f64) -> Interval {
    replicates.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    Interval { lower: quantile(&replicates, tail), upper: quantile(&replicates, 1.0 - tail) }
}

/// Between two neighbours a share of the way.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() as f64 - 1.0);
    let low = position.floor();
    let (first, second) = (sorted[low as usize], sorted[position.ceil() as usize]);
    first + (second - first) * (position - low)
}

/// The exact interval of a share that is 0 or 1 in `units` independent units.
pub(super) fn exact_at_the_end(value: f64, units: usize, level: f64) -> Result<WithInterval, StatsError> {
    Ok(WithInterval { value, interval: clopper_pearson(value, units as f64, level)? })
}
