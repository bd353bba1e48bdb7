//! Whether probabilities hold what they say: of the items to which 80 % is given, are 80 % generated?
//!
//! In: probabilities, labels and sources. Out: bins of the reliability diagram and the expected calibration error, beside the error that probabilities which
//! hold exactly would show with as many items: the error is never zero in a sample, so alone it says nothing.

use std::collections::BTreeSet;

use super::Scored;
use crate::stats::interval::wilson;
use crate::stats::rng::Random;
use crate::stats::{Interval, StatsError, check_unit};

/// Draws for the error of probabilities that hold.
const DRAWS: usize = 500;

/// Items of like probability.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// Lowest probability of the bin.
    pub from: f64,
    /// Probability at which the next bin begins.
    pub to: f64,
    /// Items.
    pub items: usize,
    /// Sources that they go back to.
    pub sources: usize,
    /// Mean probability.
    pub predicted: f64,
    /// Share generated.
    pub observed: f64,
    /// Wilson's interval of that share, sources as units.
    pub interval: Interval,
}

/// Expected calibration error.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationError {
    /// Mean distance of probability and share over bins, weighted by items (Naeini et al. 2015).
    pub error: f64,
    /// Mean of the same for probabilities that hold exactly.
    pub floor: f64,
    /// 95th percentile of the same: above it the probabilities do not hold.
    pub floor_high: f64,
}

/// Bins of equal width, empty ones left out. The scores of `scored` are probabilities.
///
/// # Errors
/// A score outside [0, 1]; `Empty`; slices of unequal length.
pub fn bins(scored: Scored, count: usize, level: f64) -> Result<Vec<Bin>, StatsError> {
    scored.check()?;
    scored.scores.iter().try_for_each(|score| check_unit("a probability", *score))?;
    let mut bins = Vec::new();
    for at in 0..count {
        let members: Vec<usize> = (0..scored.scores.len()).filter(|item| place(scored.scores[*item], count) == at).collect();
        if members.is_empty() {
            continue;
        }
        let items = members.len() as f64;
        let sources = members.iter().map(|item| scored.sources[*item]).collect::<BTreeSet<_>>().len();
        let observed = members.iter().filter(|item| scored.generated[**item]).count() as f64 / items;
        bins.push(Bin {
            from: at as f64 / count as f64,
            to: (at + 1) as f64 / count as f64,
            items: members.len(),
            sources,
            predicted: members.iter().map(|item| scored.scores[*item]).sum::<f64>() / items,
            observed,
            interval: wilson(observed, sources as f64, level)?,
        });
    }
    Ok(bins)
}

fn place(probability: f64, count: usize) -> usize {
    ((probability * count as f64) as usize).min(count - 1)
}

/// The expected calibration error over `count` bins of equal width.
///
/// # Errors
/// As [`bins`].
pub fn calibration_error(scored: Scored, count: usize, seed: u64) -> Result<CalibrationError, StatsError> {
    scored.check()?;
    scored.scores.iter().try_for_each(|score| check_unit("a probability", *score))?;
    let places: Vec<usize> = scored.scores.iter().map(|score| place(*score, count)).collect();
    let error = |label: &mut dyn FnMut(usize) -> bool| {
        let mut sums = vec![0.0; count];
        for (item, at) in places.iter().enumerate() {
            sums[*at] += scored.scores[item] - f64::from(u8::from(label(item)));
        }
        sums.iter().map(|sum| sum.abs()).sum::<f64>() / places.len() as f64
    };
    let mut random = Random::new(seed, "calibration floor");
    let mut floors: Vec<f64> = (0..DRAWS).map(|_| error(&mut |item| random.uniform() < scored.scores[item])).collect();
    floors.sort_by(f64::total_cmp);
    Ok(CalibrationError {
        error: error(&mut |item| scored.generated[item]),
        floor: floors.iter().sum::<f64>() / DRAWS as f64,
        floor_high: floors[DRAWS * 95 / 100],
    })
}
