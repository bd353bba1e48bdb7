//! What an index shows when there is nothing to show.
//!
//! In: counts over categories and the shares that a fair model would have. Out: the index, what the fair model shows on average at
//! the same number of answers (the floor), their difference, and how often the fair model shows as much. Imbalance, distance and entropy
//! are biased upwards at small numbers: a fair model shows 27 % of the largest imbalance of two categories at 8 answers.
//!
//! Answers are taken as independent draws. Where they come in clusters, the floor is that of [`super::estimate::omnibus`].

use super::effect::{normalised, total_variation};
use super::rng::Random;
use super::{StatsError, check_finite};

/// How far a distribution is from its baseline, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Total variation from the baseline: the share of mass that would have to move.
    TotalVariation,
    /// The largest share minus the smallest.
    Spread,
    /// 1 - entropy / ln(number of categories): 0 for equal shares, 1 when one category has everything.
    EntropyDeficit,
}

impl Index {
    /// The index of counts against the baseline (which only [`Index::TotalVariation`] looks at).
    ///
    /// # Errors
    /// `LengthMismatch`, `OutOfRange`, `NoVariation` for no counts at all or fewer than two categories.
    pub fn of(self, counts: &[f64], baseline: &[f64]) -> Result<f64, StatsError> {
        if counts.len() < 2 {
            return Err(StatsError::NoVariation);
        }
        let shares = normalised(counts)?;
        Ok(match self {
            Index::TotalVariation => total_variation(counts, baseline)?,
            Index::Spread => {
                let largest = shares.iter().copied().fold(0.0, f64::max);
                largest - shares.iter().copied().fold(1.0, f64::min)
            }
            Index::EntropyDeficit => {
                let entropy: f64 = shares.iter().filter(|&&share| share > 0.0).map(|share| -share * libm::log(*share)).sum();
                (1.0 - entropy / libm::log(shares.len() as f64)).max(0.0)
            }
        })
    }
}

/// An index beside its chance floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgainstChance {
    /// The index of the counts.
    pub index: f64,
    /// What it is on average under the baseline, at this number of answers.
    pub floor: f64,
    /// `index - floor`: what is left beyond chance.
    pub excess: f64,
    /// Share of fair samples with an index as large, in (0, 1].
    pub p: f64,
}

/// Up to this many possible outcomes all are enumerated; beyond, samples are drawn.
const ENUMERATED: f64 = 20_000.0;

/// Samples drawn where outcomes are not enumerated.
const SAMPLES: usize = 9_999;

/// The index of `counts` beside what a model with the shares of `baseline` would show.
///
/// # Errors
/// As [`Index::of`]; `OutOfRange` for a negative share.
pub fn against_chance(counts: &[u64], baseline: &[f64], index: Index, seed: u64) -> Result<AgainstChance, StatsError> {
    check_finite("a share of the baseline", baseline)?;
    let observed: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    let baseline = normalised(baseline)?;
    if baseline.len() != counts.len() {
        return Err(StatsError::LengthMismatch { what: "the baseline", expected: counts.len(), found: baseline.len() });
    }
    let value = index.of(&observed, &baseline)?;
    let n: u64 = counts.iter().sum();
    let as_large = |sample: f64| sample >= value - 1e-12;
    let (mut floor, mut p) = (0.0, 0.0);
    if outcomes(n, counts.len()) <= ENUMERATED {
        let ln_n = libm::lgamma(n as f64 + 1.0);
        let mut sample = vec![0.0; counts.len()];
        for_each_outcome(n, 0, &mut sample, &mut |sample| {
            let chance = libm::exp(ln_n + sample.iter().zip(&baseline).map(|(count, share)| ln_term(*count, *share)).sum::<f64>());
            let value = index.of(sample, &baseline)?;
            floor += chance * value;
            p += if as_large(value) { chance } else { 0.0 };
            Ok(())
        })?;
    } else {
        let mut random = Random::new(seed, "chance floor");
        p = 1.0;
        for _ in 0..SAMPLES {
            let mut sample = vec![0.0; counts.len()];
            (0..n).for_each(|_| sample[category(&baseline, random.uniform())] += 1.0);
            let value = index.of(&sample, &baseline)?;
            floor += value / SAMPLES as f64;
            p += if as_large(value) { 1.0 } else { 0.0 };
        }
        p /= (SAMPLES + 1) as f64;
    }
    Ok(AgainstChance { index: value, floor, excess: value - floor, p: p.clamp(f64::MIN_POSITIVE, 1.0) })
}

/// Number of ways to spread `n` answers over the categories: C(n + categories - 1, categories - 1).
fn outcomes(n: u64, categories: usize) -> f64 {
    (1..categories).map(|i| (n as f64 + i as f64) / i as f64).product()
}

/// Calls `visit` with every outcome, the categories from `from` on sharing `left` answers.
fn for_each_outcome(
    left: u64,
    from: usize,
    sample: &mut Vec<f64>,
    visit: &mut impl FnMut(&[f64]) -> Result<(), StatsError>,
) -> Result<(), StatsError> {
    if from + 1 == sample.len() {
        sample[from] = left as f64;
        return visit(sample);
    }
    (0..=left).try_for_each(|count| {
        sample[from] = count as f64;
        for_each_outcome(left - count, from + 1, sample, visit)
    })
}

/// Logarithm of share^count / count!.
fn ln_term(count: f64, share: f64) -> f64 {
    if count == 0.0 { 0.0 } else { count * libm::log(share) - libm::lgamma(count + 1.0) }
}

/// The category into which a uniform number falls.
fn category(shares: &[f64], uniform: f64) -> usize {
    let mut sum = 0.0;
    let found = shares.iter().position(|share| {
        sum += share;
        uniform < sum
    });
    // Rounding can leave the sum just below 1: the number then belongs to the last category that can occur.
    found.or_else(|| shares.iter().rposition(|&share| share > 0.0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fair_model_shows_27_percent_of_the_largest_imbalance_at_eight_images() {
        let result = against_chance(&[4, 4], &[0.5, 0.5], Index::TotalVariation, 1).unwrap();
        assert!((result.floor / 0.5 - 0.2734375).abs() < 1e-12, "{result:?}");
        assert!((result.p - 1.0).abs() < 1e-12 && result.index == 0.0);
    }

    #[test]
    fn all_of_eight_on_one_side_is_the_binomial_tail() {
        let result = against_chance(&[8, 0], &[0.5, 0.5], Index::Spread, 1).unwrap();
        assert!((result.p - 2.0 / 256.0).abs() < 1e-12);
        assert!((result.excess - (1.0 - 0.2734375)).abs() < 1e-12);
    }

    #[test]
    fn drawing_and_enumerating_agree() {
        let counts = [20, 10, 10, 10];
        let baseline = [1.0; 4];
        let drawn = against_chance(&counts, &baseline, Index::EntropyDeficit, 1).unwrap();
        assert!(outcomes(50, 4) > ENUMERATED);
        let enumerated = against_chance(&[8, 4, 4, 4], &baseline, Index::EntropyDeficit, 1).unwrap();
        assert!(outcomes(20, 4) <= ENUMERATED);
        // Miller and Madow: the entropy of n answers over k categories is too low by about (k - 1) / 2n.
        assert!((drawn.floor - 3.0 / 100.0 / libm::log(4.0)).abs() < 0.002, "{drawn:?}");
        assert!((enumerated.floor - 3.0 / 40.0 / libm::log(4.0)).abs() < 0.01, "{enumerated:?}");
        assert!(drawn.p < 0.2 && drawn.p > 0.0);
    }

    #[test]
    fn a_category_that_cannot_occur_is_never_drawn() {
        let result = against_chance(&[3, 0, 0], &[0.5, 0.5, 0.0], Index::TotalVariation, 1).unwrap();
        assert!((result.p - 0.25).abs() < 1e-12, "{result:?}");
        assert_eq!(category(&[0.5, 0.5, 0.0], 0.999_999), 1);
    }

    #[test]
    fn no_answers_have_no_index() {
        assert!(against_chance(&[0, 0], &[0.5, 0.5], Index::Spread, 1).is_err());
        assert!(against_chance(&[3], &[1.0], Index::Spread, 1).is_err());
        assert!(against_chance(&[3, 1], &[1.0], Index::Spread, 1).is_err());
    }
}
