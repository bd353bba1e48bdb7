//! Association of two sets of targets with two sets of attributes: effect size and permutation test of Caliskan, Bryson and Narayanan (2017).
//!
//! In: for each target how much nearer it is to the first attributes than to the second (`s(w, A, B)`, a difference of mean cosines). Out: by how many
//! standard deviations the two sets of targets differ in it, and how often sets drawn at random differ as much. The same for words
//! (WEAT) and sentences (SEAT, May et al. 2019).

use super::clusters::mean;
use super::rng::Random;
use super::{StatsError, check_finite};

/// Up to this many ways to divide the targets all are tried; beyond, divisions are drawn.
pub const ENUMERATED: u64 = 200_000;

/// Divisions drawn where they are not enumerated.
pub const DRAWS: usize = 99_999;

/// `(mean first - mean second) / standard deviation of all`, with n - 1 in the standard deviation as the authors' followers compute it.
///
/// # Errors
/// `Empty` set, a value that is not finite, `NoVariation` where all values are equal.
pub fn effect_size(first: &[f64], second: &[f64]) -> Result<f64, StatsError> {
    check_finite("an association", first)?;
    check_finite("an association", second)?;
    let all = [first, second].concat();
    let center = mean(&all);
    let deviation = (all.iter().map(|value| (value - center).powi(2)).sum::<f64>() / (all.len() as f64 - 1.0)).sqrt();
    if deviation > 0.0 { Ok((mean(first) - mean(second)) / deviation) } else { Err(StatsError::NoVariation) }
}

/// One-sided p: the share of divisions of all targets into sets of the same sizes whose difference of means is as large as the observed one or larger.
/// Exact up to [`ENUMERATED`] divisions; of drawn ones the observed one is counted in (Phipson and Smyth 2010).
///
/// # Errors
/// `Empty` set, a value that is not finite.
pub fn permutation_p(first: &[f64], second: &[f64], seed: u64) -> Result<f64, StatsError> {
    check_finite("an association", first)?;
    check_finite("an association", second)?;
    let all = [first, second].concat();
    // With set sizes given, the sum of the first set decides: the larger it is, the larger the difference of means.
    let observed: f64 = first.iter().sum();
    let tolerance = 1e-9 * all.iter().map(|value| value.abs()).sum::<f64>();
    let as_large = |sum: f64| sum >= observed - tolerance;
    if let Some(divisions) = divisions(all.len(), first.len()).filter(|count| *count <= ENUMERATED) {
        let extreme = subsets(&all, first.len(), &as_large);
        return Ok(extreme as f64 / divisions as f64);
    }
    let mut random = Random::new(seed, "associations");
    let mut shuffled = all;
    let mut draw = || -> f64 {
        random.shuffle(&mut shuffled);
        shuffled[..first.len()].iter().sum()
    };
    let extreme = (0..DRAWS).filter(|_| as_large(draw())).count();
    Ok((extreme + 1) as f64 / (DRAWS + 1) as f64)
}

/// Number of ways to take `taken` of `n`; None where it does not fit.
fn divisions(n: usize, taken: usize) -> Option<u64> {
    (1..=taken as u64).try_fold(1_u64, |ways, at| Some(ways.checked_mul(n as u64 - taken as u64 + at)? / at))
}

/// How many sets of `taken` values have a sum that counts.
fn subsets(values: &[f64], taken: usize, counts: &impl Fn(f64) -> bool) -> u64 {
    fn from(values: &[f64], taken: usize, sum: f64, counts: &impl Fn(f64) -> bool) -> u64 {
        match (taken, values) {
            (0, _) => u64::from(counts(sum)),
            (_, []) => 0,
            (_, [value, rest @ ..]) => {
                let with = from(rest, taken - 1, sum + value, counts);
                if rest.len() >= taken { with + from(rest, taken, sum, counts) } else { with }
            }
        }
    }
    from(values, taken, 0.0, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_separated_sets_have_the_effect_and_the_p_of_the_closed_form() {
        // Means 1 and -1, deviation of (1, 1, -1, -1) with n - 1: sqrt(4/3). One of the 6 divisions is as extreme.
        assert!((effect_size(&[1.0, 1.0], &[-1.0, -1.0]).unwrap() - 2.0 / (4.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((permutation_p(&[1.0, 1.0], &[-1.0, -1.0], 1).unwrap() - 1.0 / 6.0).abs() < 1e-12);
        // The other way round everything is as extreme.
        assert_eq!(permutation_p(&[-1.0, -1.0], &[1.0, 1.0], 1).unwrap(), 1.0);
    }

    #[test]
    fn ranks_apart_give_one_division_in_all() {
        let first: Vec<f64> = (8..16).map(f64::from).collect();
        let second: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(divisions(16, 8), Some(12870));
        assert!((permutation_p(&first, &second, 1).unwrap() - 1.0 / 12870.0).abs() < 1e-15);
    }

    #[test]
    fn drawn_divisions_agree_with_all_of_them() {
        // 11 of 22: 705432 divisions, drawn; the normal approximation of the permutation distribution gives the reference.
        let first: Vec<f64> = (0..11).map(|i| f64::from(i * 7 % 11) + 1.5).collect();
        let second: Vec<f64> = (0..11).map(|i| f64::from(i * 5 % 11)).collect();
        let all = [first.clone(), second.clone()].concat();
        let (center, n) = (mean(&all), 22.0);
        let variance = all.iter().map(|value| (value - center).powi(2)).sum::<f64>() / (n - 1.0) * 11.0 * 11.0 / n;
        // Half a step of continuity, for sums lie half a unit apart.
        let z = (first.iter().sum::<f64>() - 11.0 * center - 0.25) / variance.sqrt();
        let expected = 1.0 - crate::stats::special::normal_cdf(z);
        assert!((permutation_p(&first, &second, 1).unwrap() - expected).abs() < 0.01);
        assert_eq!(permutation_p(&first, &second, 1), permutation_p(&first, &second, 1));
    }

    #[test]
    fn equal_values_say_nothing_and_an_empty_set_is_an_error() {
        assert_eq!(effect_size(&[0.5, 0.5], &[0.5]), Err(StatsError::NoVariation));
        assert_eq!(permutation_p(&[0.5, 0.5], &[0.5], 1).unwrap(), 1.0);
        assert_eq!(effect_size(&[], &[1.0]), Err(StatsError::Empty));
    }
}
