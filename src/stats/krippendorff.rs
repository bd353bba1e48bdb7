//! Agreement of any number of raters, of whom each may have seen only some of the units.
//!
//! In: for every unit the ratings that it got, whoever gave them. Out: Krippendorff's alpha, 1 - observed / expected disagreement: 1 is perfect
//! agreement, 0 what chance would give, below 0 systematic disagreement.
//!
//! Source: Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*, <https://repository.upenn.edu/asc_papers/43>; the tests are its worked
//! examples. The interval draws whole units afresh and takes percentiles, as Zapf, Castell, Morawietz and Karch (2016) recommend.

use super::agreement::WithInterval;
use super::rng::Random;
use super::{Interval, StatsError, check_open_unit};

/// Below this not even tentative conclusions should be drawn from the ratings (Krippendorff 2004, *Content Analysis*, p. 241).
pub const SMALLEST_ALPHA: f64 = 0.667;

/// Samples of units that an interval rests on.
const DRAWS: usize = 999;

/// How far apart two ratings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Categories without order: equal or not.
    Nominal,
    /// Ranks: as far apart as there are ratings between them.
    Ordinal,
    /// Numbers: the square of their difference.
    Interval,
}

/// Krippendorff's alpha of `units`, each the ratings given to it. Units with fewer than two ratings say nothing about agreement and are left out.
///
/// # Errors
/// `Empty` when no unit has two ratings; `NoVariation` when all ratings are the same.
pub fn alpha(units: &[Vec<u32>], metric: Metric) -> Result<f64, StatsError> {
    of_counts(&Counts::new(units), metric, None)
}

/// The same with a bootstrap interval at `level` over units. A sample whose ratings are all the same counts as 0: where nothing varies, nothing
/// was shown to be told apart.
///
/// # Errors
/// As [`alpha`]; `OutOfRange` for a level outside (0, 1).
pub fn alpha_with_interval(units: &[Vec<u32>], metric: Metric, level: f64, seed: u64) -> Result<WithInterval, StatsError> {
    check_open_unit("the level", level)?;
    let counts = Counts::new(units);
    let value = of_counts(&counts, metric, None)?;
    let mut random = Random::new(seed, "krippendorff");
    let mut drawn = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let sample: Vec<usize> = counts.units.iter().map(|_| random.below(counts.units.len())).collect();
        drawn.push(match of_counts(&counts, metric, Some(&sample)) {
            Err(StatsError::NoVariation) => 0.0,
            other => other?,
        });
    }
    drawn.sort_by(f64::total_cmp);
    let at = |p: f64| drawn[(p * (DRAWS - 1) as f64).round() as usize];
    let tail = 0.5 * (1.0 - level);
    Ok(WithInterval { value, interval: Interval { lower: at(tail).min(value), upper: at(1.0 - tail).max(value) } })
}

/// Units with two ratings or more: how often each got each of the values.
struct Counts {
    /// The values that occur, ascending.
    values: Vec<u32>,
    units: Vec<Vec<f64>>,
}

impl Counts {
    fn new(units: &[Vec<u32>]) -> Self {
        let pairable: Vec<&Vec<u32>> = units.iter().filter(|ratings| ratings.len() > 1).collect();
        let mut values: Vec<u32> = pairable.iter().flat_map(|ratings| ratings.iter().copied()).collect();
        values.sort_unstable();
        values.dedup();
        let count =
            |ratings: &Vec<u32>| values.iter().map(|value| ratings.iter().filter(|rating| *rating == value).count() as f64).collect();
        Self { units: pairable.into_iter().map(count).collect(), values }
    }
}

/// Alpha of all units, or of a sample of their indices, from the coincidences of values.
fn of_counts(counts: &Counts, metric: Metric, sample: Option<&[usize]>) -> Result<f64, StatsError> {
    let size = counts.values.len();
    let mut coincidences = vec![vec![0.0; size]; size];
    let mut totals = vec![0.0; size];
    let mut enter = |unit: &Vec<f64>| {
        let raters: f64 = unit.iter().sum();
        for first in (0..size).filter(|&value| unit[value] > 0.0) {
            totals[first] += unit[first];
            for second in 0..first {
                coincidences[first][second] += unit[first] * unit[second] / (raters - 1.0);
            }
        }
    };
    match sample {
        Some(sample) => sample.iter().for_each(|&unit| enter(&counts.units[unit])),
        None => counts.units.iter().for_each(enter),
    }
    let n: f64 = totals.iter().sum();
    let apart = |first: usize, second: usize| match metric {
        Metric::Nominal => 1.0,
        Metric::Ordinal => (totals[second..=first].iter().sum::<f64>() - 0.5 * (totals[first] + totals[second])).powi(2),
        Metric::Interval => (f64::from(counts.values[first]) - f64::from(counts.values[second])).powi(2),
    };
    let (mut observed, mut expected) = (0.0, 0.0);
    for first in 0..size {
        for second in 0..first {
            let distance = apart(first, second);
            observed += coincidences[first][second] * distance;
            expected += totals[first] * totals[second] * distance;
        }
    }
    match n {
        0.0 => Err(StatsError::Empty),
        _ if expected == 0.0 => Err(StatsError::NoVariation),
        _ => Ok(1.0 - (n - 1.0) * observed / expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Raters as rows, 0 where they said nothing, as the paper prints them.
    fn units(raters: &[&[u32]]) -> Vec<Vec<u32>> {
        (0..raters[0].len()).map(|unit| raters.iter().map(|rater| rater[unit]).filter(|&rating| rating > 0).collect()).collect()
    }

    /// Krippendorff (2011), section C: four observers, twelve units, missing data.
    fn four_observers() -> Vec<Vec<u32>> {
        units(&[
            &[1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            &[1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            &[0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            &[1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ])
    }

    #[test]
    fn alpha_is_that_of_krippendorffs_examples() {
        let close = |units: &[Vec<u32>], metric, published: f64| (alpha(units, metric).unwrap() - published).abs() < 5e-4;
        // Section A: two observers, ten units, two values: .095. Section B: twelve units, five values: .692.
        let binary = units(&[&[1, 2, 1, 1, 1, 1, 1, 1, 2, 1], &[2, 2, 2, 1, 1, 2, 1, 1, 1, 1]]);
        assert!(close(&binary, Metric::Nominal, 0.095));
        let two = units(&[&[1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], &[2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]]);
        assert!(close(&two, Metric::Nominal, 0.692));
        // Section C nominal .743; section D ordinal .815 and interval .849.
        assert!(close(&four_observers(), Metric::Nominal, 0.743));
        assert!(close(&four_observers(), Metric::Ordinal, 0.815));
        assert!(close(&four_observers(), Metric::Interval, 0.849));
    }

    #[test]
    fn what_nobody_else_rated_and_what_never_varies_has_no_alpha() {
        assert_eq!(alpha(&[vec![1], vec![2], vec![]], Metric::Nominal), Err(StatsError::Empty));
        assert_eq!(alpha(&[vec![1, 1], vec![1, 1]], Metric::Nominal), Err(StatsError::NoVariation));
        assert!(alpha_with_interval(&four_observers(), Metric::Nominal, 1.0, 1).is_err());
    }

    #[test]
    fn agreement_is_one_and_systematic_disagreement_below_zero() {
        assert_eq!(alpha(&[vec![1, 1], vec![2, 2], vec![3, 3, 3]], Metric::Ordinal), Ok(1.0));
        assert!(alpha(&[vec![1, 2], vec![2, 1], vec![1, 2]], Metric::Nominal).unwrap() < 0.0);
    }

    #[test]
    fn the_interval_holds_the_estimate_narrows_with_units_and_is_the_same_for_the_same_seed() {
        let few = alpha_with_interval(&four_observers(), Metric::Nominal, 0.95, 7).unwrap();
        let many = alpha_with_interval(&vec![four_observers(); 20].concat(), Metric::Nominal, 0.95, 7).unwrap();
        assert!(few.interval.contains(few.value) && many.interval.contains(many.value));
        assert!(many.interval.upper - many.interval.lower < 0.4 * (few.interval.upper - few.interval.lower), "{few:?} {many:?}");
        assert_eq!(few, alpha_with_interval(&four_observers(), Metric::Nominal, 0.95, 7).unwrap());
    }
}
