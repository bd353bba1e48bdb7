//! The doors of this folder: one function for each question that an analysis asks.
//!
//! In: values with the rows and columns they come from ([`Labels`]), and optionally the validation record of the instrument. Out: an
//! [`Estimate`] with interval, p-value of a difference, p-value of equivalence and what they rest on.
//!
//! | question | function |
//! |---|---|
//! | is a share what it should be? | [`share_against_baseline`] |
//! | does a level differ from another, same row and column? | [`paired_difference`] |
//! | does a level differ from the mean of all levels? | [`difference_from_mean`] |
//! | any other linear contrast, or ready-made differences? | [`contrast`], [`mean_of_differences`] |
//! | do two groups differ that were not asked the same? | [`unpaired_difference`] |
//! | do the levels differ at all? | [`omnibus`] |

use super::clusters::{Clusters, Design, mean};
use super::correction::{Correction, Validation};
use super::interval::Uncertainty;
use super::test::{omnibus_permutation, sign_flip, smallest_share_p, smallest_sign_flip_p};
use super::{Interval, StatsError, check_finite, check_open_unit, check_unit};

/// The smallest number of clusters that can carry a verdict.
pub const SMALLEST_CLUSTERS: usize = 6;

/// Row and column of every observation, and which of the two are a sample.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    /// Row of each observation.
    pub rows: &'a [u32],
    /// Column of each observation.
    pub columns: &'a [u32],
    /// Which of both stand for a larger population.
    pub design: Design,
}

impl Labels<'_> {
    fn clusters(&self, observations: usize) -> Result<Clusters, StatsError> {
        if self.rows.len() != observations {
            return Err(StatsError::LengthMismatch { what: "rows", expected: observations, found: self.rows.len() });
        }
        Clusters::new(self.rows, self.columns, self.design)
    }
}

/// What values can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// Yes or no, or a share: 0 to 1.
    Share,
    /// Numbers between two bounds.
    Bounded {
        /// The smallest possible value.
        lowest: f64,
        /// The largest possible value.
        highest: f64,
    },
    /// Any number. Values that are all equal then say nothing about their uncertainty.
    Unbounded,
}

impl Scale {
    fn bounds(self) -> Option<(f64, f64)> {
        match self {
            Scale::Share => Some((0.0, 1.0)),
            Scale::Bounded { lowest, highest } => Some((lowest, highest)),
            Scale::Unbounded => None,
        }
    }

    fn check(self, values: &[f64]) -> Result<(), StatsError> {
        check_finite("a value", values)?;
        let Some((lowest, highest)) = self.bounds() else { return Ok(()) };
        match values.iter().find(|&&value| value < lowest || value > highest) {
            Some(&value) => Err(StatsError::OutOfRange { what: "a value", value, range: "the bounds of its scale" }),
            None => Ok(()),
        }
    }
}

/// Level of the intervals and seed of the permutations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Level of the interval, for instance 0.95.
    pub level: f64,
    /// Seed of the permutation tests.
    pub seed: u64,
}

/// One estimate with everything that is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The estimate, corrected for the instrument if a validation record was given.
    pub estimate: f64,
    /// The estimate without correction; `None` where none was asked for.
    pub uncorrected: Option<f64>,
    /// Interval at [`Estimate::level`], not adjusted for multiplicity.
    pub interval: Interval,
    /// Level of the interval.
    pub level: f64,
    /// p-value of a difference from [`Estimate::center`], two-sided.
    pub p_difference: f64,
    /// The smallest value that `p_difference` can take with so many clusters.
    pub smallest_p: f64,
    /// What the estimate is compared with: the baseline of a share, 0 for a difference.
    pub center: f64,
    /// Degrees of freedom of the interval; infinite where it takes clusters for units and no variance is estimated.
    pub degrees_of_freedom: f64,
    /// Number of clusters (of the smaller clustered dimension, of the smaller arm).
    pub clusters: usize,
    /// Number of observations.
    pub observations: usize,
    parts: Vec<Uncertainty>,
}

impl Estimate {
    /// p-value of the hypothesis that the truth lies `margin` or farther from [`Estimate::center`]: the smallest alpha at which the (1 - 2 alpha)
    /// interval lies within the margin.
    pub fn equivalence_p(&self, margin: f64) -> f64 {
        self.parts.iter().map(|part| part.equivalence_p(self.center, margin)).fold(0.0, f64::max)
    }

    /// Whether the data cannot carry a verdict, whatever the numbers say: see [`too_little_evidence`].
    pub fn too_little_evidence(&self) -> bool {
        too_little_evidence(self.clusters)
    }
}

/// Whether a verdict must be withheld: fewer than [`SMALLEST_CLUSTERS`] clusters.
pub fn too_little_evidence(clusters: usize) -> bool {
    clusters < SMALLEST_CLUSTERS
}

/// The share of 1 among `values` (each 0, 1 or between) against a baseline.
///
/// # Errors
/// Bad or missing values, fewer than two clusters, an instrument that is too weak.
pub fn share_against_baseline(
    values: &[f64],
    labels: Labels,
    baseline: f64,
    correction: Option<&Validation>,
    settings: Settings,
) -> Result<Estimate, StatsError> {
    check_unit("the baseline", baseline)?;
    let clusters = labels.clusters(values.len())?;
    let uncertainty = share_uncertainty(values, &clusters, correction, settings.seed)?;
    Ok(Estimate {
        estimate: uncertainty.estimate(),
        uncorrected: correction.map(|_| mean(values)),
        interval: uncertainty.interval(settings.level)?,
        level: settings.level,
        p_difference: uncertainty.p_against(baseline),
        smallest_p: smallest_share_p(clusters.count(), baseline),
        center: baseline,
        degrees_of_freedom: uncertainty.degrees_of_freedom(),
        clusters: clusters.count(),
        observations: values.len(),
        parts: vec![uncertainty],
    })
}

/// Effective sample size p(1-p)/V while V can be trusted: both answers occur in at least [`SMALLEST_CLUSTERS`] clusters. Else clusters are the
/// units, or what the variance says if that is even less. See [`super::interval`] for why.
fn share_uncertainty(values: &[f64], clusters: &Clusters, correction: Option<&Validation>, seed: u64) -> Result<Uncertainty, StatsError> {
    Scale::Share.check(values)?;
    let share = mean(values).clamp(0.0, 1.0);
    let units = clusters.count() as f64;
    let variance = clusters.variance_of_mean(values)?;
    let size = if variance > VANISHING { share * (1.0 - share) / variance } else { f64::INFINITY };
    let means = clusters.means(values);
    let some = means.iter().filter(|&&mean| mean > 0.0).count();
    let not_all = means.iter().filter(|&&mean| mean < 1.0).count();
    let uncertainty = if size.is_finite() && some.min(not_all) >= SMALLEST_CLUSTERS {
        Uncertainty::of_share(share, size, clusters.degrees_of_freedom())
    } else {
        Uncertainty::of_units(share, units.min(size))
    };
    let Some(record) = correction else { return Ok(uncertainty) };
    record.check()?;
    let corrected = record.corrected(share);
    let instrument = Correction::Shared(*record).instrument(&[1.0], &[share], seed)?;
    Ok(uncertainty.corrected(corrected.clamp(0.0, 1.0), 1.0 / record.youden(), instrument))
}

/// Mean of `first - second`, observation by observation.
///
/// # Errors
/// As [`contrast`].
pub fn paired_difference(
    first: &[f64],
    second: &[f64],
    labels: Labels,
    scale: Scale,
    correction: Option<&Correction>,
    settings: Settings,
) -> Result<Estimate, StatsError> {
    contrast(&[first, second], &[1.0, -1.0], labels, scale, correction, settings)
}

/// Mean difference of level `which` from the mean of all levels (its own included), observation by observation.
///
/// # Errors
/// As [`contrast`]; `OutOfRange` when there is no such level.
pub fn difference_from_mean(
    levels: &[&[f64]],
    which: usize,
    labels: Labels,
    scale: Scale,
    correction: Option<&Correction>,
    settings: Settings,
) -> Result<Estimate, StatsError> {
    if which >= levels.len() {
        return Err(StatsError::OutOfRange { what: "the level", value: which as f64, range: "the levels given" });
    }
    contrast(levels, &against_mean(levels.len(), which), labels, scale, correction, settings)
}

/// Coefficients of the contrast of one of `levels` levels with the mean of all.
fn against_mean(levels: usize, which: usize) -> Vec<f64> {
    let part = 1.0 / levels as f64;
    (0..levels).map(|level| if level == which { 1.0 - part } else { -part }).collect()
}

/// Mean of differences computed elsewhere, against 0. `range` are the bounds of a difference, for instance (-1, 1) between shares.
///
/// # Errors
/// As [`contrast`].
pub fn mean_of_differences(
    differences: &[f64],
    labels: Labels,
    range: Option<(f64, f64)>,
    settings: Settings,
) -> Result<Estimate, StatsError> {
    let scale = range.map_or(Scale::Unbounded, |(lowest, highest)| Scale::Bounded { lowest, highest });
    contrast(&[differences], &[1.0], labels, scale, None, settings)
}

/// Mean of Σ coefficient x value over paired observations: `levels[l][i]` is the value of level l in observation i.
///
/// The interval is Student's with the cluster-robust standard error; the p-value is the larger of that interval's and the sign-flip test's, which
/// changes the signs of whole clusters of the smaller clustered dimension. So a difference is claimed only if both agree: the
/// first is right about two crossed dimensions, the second about few clusters that are not normal.
///
/// # Errors
/// Bad or missing values, slices of unequal length, fewer than two clusters, an instrument that is too weak, `NoVariation` for unbounded
/// contrasts that are all equal.
pub fn contrast(
    levels: &[&[f64]],
    coefficients: &[f64],
    labels: Labels,
    scale: Scale,
    correction: Option<&Correction>,
    settings: Settings,
) -> Result<Estimate, StatsError> {
    let Prepared { uncertainty, uncorrected, clusters, values } = prepare(levels, coefficients, labels, scale, correction, settings.seed)?;
    let flip = sign_flip(&clusters.sums(&values), settings.seed)?;
    Ok(Estimate {
        estimate: uncertainty.estimate(),
        uncorrected: correction.map(|_| uncorrected),
        interval: uncertainty.interval(settings.level)?,
        level: settings.level,
        p_difference: flip.max(uncertainty.p_against(0.0)),
        smallest_p: smallest_sign_flip_p(clusters.count()),
        center: 0.0,
        degrees_of_freedom: uncertainty.degrees_of_freedom(),
        clusters: clusters.count(),
        observations: values.len(),
        parts: vec![uncertainty],
    })
}

/// A contrast before it is tested.
struct Prepared {
    uncertainty: Uncertainty,
    uncorrected: f64,
    clusters: Clusters,
    /// The contrast of each observation, corrected.
    values: Vec<f64>,
}

/// A variance below this (relative to the mean square, or to 1 for shares) is rounding: all clusters show the same value.
const VANISHING: f64 = 1e-24;

fn prepare(
    levels: &[&[f64]],
    coefficients: &[f64],
    labels: Labels,
    scale: Scale,
    correction: Option<&Correction>,
    seed: u64,
) -> Result<Prepared, StatsError> {
    let observations = levels.first().ok_or(StatsError::Empty)?.len();
    if coefficients.len() != levels.len() {
        return Err(StatsError::LengthMismatch { what: "coefficients", expected: levels.len(), found: coefficients.len() });
    }
    let clusters = labels.clusters(observations)?;
    let mut values = vec![0.0; observations];
    let mut rates = Vec::with_capacity(levels.len());
    let mut uncorrected = 0.0;
    for (index, (level, coefficient)) in levels.iter().zip(coefficients).enumerate() {
        if level.len() != observations {
            return Err(StatsError::LengthMismatch { what: "a level", expected: observations, found: level.len() });
        }
        scale.check(level)?;
        let corrected = corrected_values(level, index, correction)?;
        values.iter_mut().zip(&corrected).for_each(|(sum, value)| *sum += coefficient * value);
        rates.push(mean(level));
        uncorrected += coefficient * mean(level);
    }
    let range = scale.bounds().map(|bounds| contrast_range(coefficients, bounds));
    let estimate = range.map_or(mean(&values), |(lowest, highest)| mean(&values).clamp(lowest, highest));
    let variance = clusters.variance_of_mean(&values)?;
    let mean_square = values.iter().map(|value| value * value).sum::<f64>() / observations as f64;
    let uncertainty = match range {
        _ if variance > VANISHING * mean_square => Uncertainty::of_mean(estimate, variance.sqrt(), clusters.degrees_of_freedom(), range),
        Some(range) => Uncertainty::of_constant(estimate, clusters.count(), range),
        None => return Err(StatsError::NoVariation),
    };
    let uncertainty = match correction {
        Some(correction) => uncertainty.with_instrument(correction.instrument(coefficients, &rates, seed)?),
        None => uncertainty,
    };
    Ok(Prepared { uncertainty, uncorrected, clusters, values })
}

/// The values of one level, corrected by its record if there is one.
fn corrected_values(level: &[f64], index: usize, correction: Option<&Correction>) -> Result<Vec<f64>, StatsError> {
    let Some(correction) = correction else { return Ok(level.to_vec()) };
    let record = correction.record(index)?;
    Ok(level.iter().map(|&value| record.corrected(value)).collect())
}

/// The smallest and the largest value of a contrast between values within the bounds.
fn contrast_range(coefficients: &[f64], (lowest, highest): (f64, f64)) -> (f64, f64) {
    let sum = |rising: f64, falling: f64| coefficients.iter().map(|c| if *c > 0.0 { c * rising } else { c * falling }).sum::<f64>();
    (sum(lowest, highest), sum(highest, lowest))
}

/// One arm of [`unpaired_difference`].
#[derive(Debug, Clone, Copy)]
pub struct Arm<'a> {
    /// The values.
    pub values: &'a [f64],
    /// Where they come from.
    pub labels: Labels<'a>,
    /// The record that corrects their mean, if they are shares.
    pub correction: Option<&'a Validation>,
}

/// Difference `first - second` of the means of two groups that were not asked the same. Shares are combined from the two intervals (MOVER: Newcombe
/// 1998; Zou and Donner 2008), so that a group without a single event still has its uncertainty; other numbers by Welch's t with
/// cluster-robust standard errors. That both groups may share rows or columns is not made use of, which errs on the wide side.
///
/// # Errors
/// As [`contrast`], for either group.
pub fn unpaired_difference(first: Arm, second: Arm, scale: Scale, settings: Settings) -> Result<Estimate, StatsError> {
    check_open_unit("the level", settings.level)?;
    let (a, b) = (first.labels.clusters(first.values.len())?, second.labels.clusters(second.values.len())?);
    let uncertainty = match scale {
        Scale::Share => Uncertainty::of_difference(
            share_uncertainty(first.values, &a, first.correction, settings.seed)?,
            share_uncertainty(second.values, &b, second.correction, settings.seed.wrapping_add(1))?,
        ),
        _ => welch(first.values, &a, second.values, &b, scale)?,
    };
    let corrected = first.correction.is_some() || second.correction.is_some();
    Ok(Estimate {
        estimate: uncertainty.estimate(),
        uncorrected: corrected.then(|| mean(first.values) - mean(second.values)),
        interval: uncertainty.interval(settings.level)?,
        level: settings.level,
        p_difference: uncertainty.p_against(0.0),
        smallest_p: 0.0,
        center: 0.0,
        degrees_of_freedom: uncertainty.degrees_of_freedom(),
        clusters: a.count().min(b.count()),
        observations: first.values.len() + second.values.len(),
        parts: vec![uncertainty],
    })
}

fn welch(first: &[f64], a: &Clusters, second: &[f64], b: &Clusters, scale: Scale) -> Result<Uncertainty, StatsError> {
    scale.check(first)?;
    scale.check(second)?;
    let (va, vb) = (a.variance_of_mean(first)?, b.variance_of_mean(second)?);
    let variance = va + vb;
    if variance == 0.0 {
        return Err(StatsError::NoVariation);
    }
    let df = variance * variance / (va * va / a.degrees_of_freedom() + vb * vb / b.degrees_of_freedom());
    let range = scale.bounds().map(|(lowest, highest)| (lowest - highest, highest - lowest));
    Ok(Uncertainty::of_mean(mean(first) - mean(second), variance.sqrt(), df, range))
}

/// Result of [`omnibus`].
#[derive(Debug, Clone, PartialEq)]
pub struct Omnibus {
    /// The largest distance of a level from the mean of levels. Its `equivalence_p` asks whether every level lies within the margin; its interval
    /// is simultaneous over levels and starts at 0 unless some level surely differs.
    pub largest: Estimate,
    /// Index of the level that lies farthest from the mean.
    pub level: usize,
    /// What `largest` would be on average if the levels did not differ: compare with this, not with 0.
    pub chance_floor: f64,
}

/// Whether paired levels differ at all. The p-value is the larger of the permutation test's (variance between the levels' means) and that of
/// the simultaneous intervals, for the same reason as in [`contrast`].
///
/// # Errors
/// As [`contrast`], for any of the levels.
pub fn omnibus(
    levels: &[&[f64]],
    labels: Labels,
    scale: Scale,
    correction: Option<&Correction>,
    settings: Settings,
) -> Result<Omnibus, StatsError> {
    let count = levels.len();
    let mut parts = Vec::with_capacity(count);
    for which in 0..count {
        parts.push(prepare(levels, &against_mean(count, which), labels, scale, correction, settings.seed)?.uncertainty);
    }
    let clusters = labels.clusters(levels.first().ok_or(StatsError::Empty)?.len())?;
    let corrected: Vec<Vec<f64>> =
        levels.iter().enumerate().map(|(index, level)| corrected_values(level, index, correction)).collect::<Result<_, _>>()?;
    let corrected: Vec<&[f64]> = corrected.iter().map(Vec::as_slice).collect();
    let test = omnibus_permutation(&corrected, &clusters, settings.seed)?;
    let simultaneous = parts.iter().map(|part| part.p_against(0.0)).fold(1.0, f64::min) * count as f64;
    let mut farthest = 0;
    let (mut lower, mut upper): (f64, f64) = (0.0, 0.0);
    for (index, part) in parts.iter().enumerate() {
        if part.estimate().abs() > parts[farthest].estimate().abs() {
            farthest = index;
        }
        // The largest of several is above its lower bound if each is above its own (Bonferroni); it is below the largest of the upper
        // bounds without adjustment, because the level that is truly farthest lies below its own.
        let strict = part.interval(1.0 - (1.0 - settings.level) / count as f64)?;
        let plain = part.interval(settings.level)?;
        lower = lower.max(strict.lower).max(-strict.upper);
        upper = upper.max(plain.upper).max(-plain.lower);
    }
    let estimate = parts[farthest].estimate().abs();
    let largest = Estimate {
        estimate,
        uncorrected: None,
        interval: Interval { lower, upper },
        level: settings.level,
        p_difference: test.p.max(simultaneous.min(1.0)),
        smallest_p: 1.0 / (super::test::DRAWS + 1) as f64,
        center: 0.0,
        degrees_of_freedom: clusters.degrees_of_freedom(),
        clusters: clusters.count(),
        observations: clusters.observations() * count,
        parts,
    };
    Ok(Omnibus { largest, level: farthest, chance_floor: test.chance_floor })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SETTINGS: Settings = Settings { level: 0.95, seed: 1 };

    /// `counts[cluster]` ones among `size` answers in each cluster.
    fn clustered(counts: &[usize], size: usize) -> (Vec<u32>, Vec<f64>) {
        let rows = (0..counts.len() * size).map(|i| (i / size) as u32).collect();
        let values = counts.iter().flat_map(|&ones| (0..size).map(move |i| f64::from(u8::from(i < ones)))).collect();
        (rows, values)
    }

    fn rows_only(rows: &[u32]) -> Labels<'_> {
        Labels { rows, columns: rows, design: Design::RowsOnly }
    }

    #[test]
    fn a_share_seen_in_every_cluster_gets_wilsons_interval_with_students_quantile() {
        let (rows, values) = clustered(&[3, 5, 4, 6, 2, 4, 5, 3], 10);
        let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
        // By hand: shares .3 .5 .4 .6 .2 .4 .5 .3, mean .4, variance of the mean .12/7/8, effective size .24/(.12/56) = 112, t(7) = 2.364624.
        let (n, t, p): (f64, f64, f64) = (112.0, 2.3646242510102993, 0.4);
        let middle = (p + t * t / (2.0 * n)) / (1.0 + t * t / n);
        let half = t / (1.0 + t * t / n) * (p * (1.0 - p) / n + t * t / (4.0 * n * n)).sqrt();
        assert!((estimate.interval.lower - (middle - half)).abs() < 1e-9 && (estimate.interval.upper - (middle + half)).abs() < 1e-9);
        assert!((estimate.p_difference - super::super::special::t_two_sided(0.1 / (0.25_f64 / 112.0).sqrt(), 7.0)).abs() < 1e-12);
        assert_eq!((estimate.clusters, estimate.observations, estimate.degrees_of_freedom), (8, 80, 7.0));
    }

    #[test]
    fn six_clusters_of_nothing_but_no_differ_from_parity_as_six_coins_do() {
        let (rows, values) = clustered(&[0; 6], 20);
        let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
        assert!((estimate.p_difference - 2.0 / 64.0).abs() < 1e-12);
        assert!((estimate.p_difference - estimate.smallest_p).abs() < 1e-12);
        assert!((estimate.interval.upper - 0.4592581).abs() < 1e-6 && estimate.interval.lower == 0.0);
        assert!(!estimate.too_little_evidence());
    }

    #[test]
    fn five_clusters_are_too_little_evidence() {
        let (rows, values) = clustered(&[3, 4, 5, 6, 2], 10);
        assert!(share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap().too_little_evidence());
    }

    #[test]
    fn a_rare_answer_in_few_clusters_leaves_the_clusters_as_units() {
        let (rows, values) = clustered(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 20);
        let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
        assert!(estimate.interval.upper > 0.3, "{estimate:?}");
        assert!(estimate.degrees_of_freedom.is_infinite());
    }

    #[test]
    fn a_correction_moves_the_share_and_widens_its_interval() {
        let record = Validation { true_positives: 90, false_negatives: 10, true_negatives: 160, false_positives: 40 };
        let (rows, values) = clustered(&[3, 5, 4, 6, 2, 4, 5, 3], 10);
        let raw = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
        let corrected = share_against_baseline(&values, rows_only(&rows), 0.5, Some(&record), SETTINGS).unwrap();
        assert!((corrected.estimate - 0.2 / 0.7).abs() < 1e-12);
        assert!((corrected.uncorrected.unwrap() - 0.4).abs() < 1e-12);
        let width = |e: &Estimate| e.interval.upper - e.interval.lower;
        assert!(width(&corrected) > width(&raw) / 0.7);
        // All answers no: below what false alarms alone would give, so the corrected share is 0, never negative.
        let (rows, none) = clustered(&[0; 8], 10);
        let estimate = share_against_baseline(&none, rows_only(&rows), 0.5, Some(&record), SETTINGS).unwrap();
        assert_eq!((estimate.estimate, estimate.interval.lower), (0.0, 0.0));
        assert!(estimate.interval.upper < 0.7);
    }

    #[test]
    fn a_paired_difference_has_students_interval_and_the_larger_p() {
        let second = [0.5, 0.2, 0.6, 0.3, 0.1, 0.4, 0.35, 0.45];
        let differences = [0.1, 0.3, -0.1, 0.2, 0.4, 0.05, 0.15, 0.25];
        let first: Vec<f64> = second.iter().zip(differences).map(|(a, b)| a + b).collect();
        let rows: Vec<u32> = (0..8).collect();
        let estimate = paired_difference(&first, &second, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
        // scipy: t-interval .03859 to .29891, p = .01818. Of 256 sign changes 8 are as far: p = .03125.
        assert!((estimate.interval.lower - 0.0385853510210174).abs() < 1e-9);
        assert!((estimate.interval.upper - 0.2989146489789826).abs() < 1e-9);
        assert!(estimate.p_difference >= 0.01818 && estimate.p_difference <= 0.04, "{estimate:?}");
        assert!((estimate.equivalence_p(0.3) - 0.02428556710127102).abs() < 1e-9);
    }

    #[test]
    fn equal_arms_leave_open_what_so_few_clusters_cannot_exclude() {
        let (rows, values) = clustered(&[2; 20], 5);
        let estimate = paired_difference(&values, &values, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
        assert_eq!((estimate.estimate, estimate.p_difference), (0.0, 1.0));
        assert!(estimate.interval.upper > 0.16 && estimate.equivalence_p(0.1) > 0.05 && estimate.equivalence_p(0.2) < 0.05);
        let unbounded = paired_difference(&values, &values, rows_only(&rows), Scale::Unbounded, None, SETTINGS);
        assert_eq!(unbounded, Err(StatsError::NoVariation));
    }

    #[test]
    fn a_paired_correction_divides_by_youdens_index() {
        let record = Validation { true_positives: 900, false_negatives: 100, true_negatives: 800, false_positives: 200 };
        let (rows, first) = clustered(&[6, 5, 7, 6, 4, 8, 5, 6], 10);
        let (_, second) = clustered(&[4, 5, 3, 4, 3, 5, 4, 5], 10);
        let with = |correction: Option<&Correction>| {
            paired_difference(&first, &second, rows_only(&rows), Scale::Share, correction, SETTINGS).unwrap()
        };
        let (raw, shared) = (with(None), with(Some(&Correction::Shared(record))));
        assert!((shared.estimate - raw.estimate / 0.7).abs() < 1e-12);
        assert!((shared.uncorrected.unwrap() - raw.estimate).abs() < 1e-12);
        let separate = with(Some(&Correction::PerLevel(vec![record, record])));
        assert!(separate.interval.upper > shared.interval.upper);
    }

    #[test]
    fn two_groups_of_scores_are_compared_as_welch_does() {
        let (a, b) = ([5.1, 4.8, 6.0, 5.5], [4.0, 4.4, 3.9, 4.9, 5.0]);
        let arm = |values, rows| Arm { values, labels: rows_only(rows), correction: None };
        let estimate = unpaired_difference(arm(&a, &[0, 1, 2, 3]), arm(&b, &[4, 5, 6, 7, 8]), Scale::Unbounded, SETTINGS).unwrap();
        // scipy ttest_ind(equal_var=False).
        assert!(
            (estimate.interval.lower - 0.08342546650344507).abs() < 1e-9 && (estimate.interval.upper - 1.7365745334965534).abs() < 1e-9
        );
        assert!((estimate.p_difference - 0.03556586589921573).abs() < 1e-9);
    }

    #[test]
    fn refusals_in_one_group_only_are_tested_though_the_other_has_none() {
        let (rows, some) = clustered(&[4, 6, 5, 7, 3, 5, 6, 4, 5, 5], 10);
        let (_, none) = clustered(&[0; 10], 10);
        let arm = |values| Arm { values, labels: rows_only(&rows), correction: None };
        let estimate = unpaired_difference(arm(&some), arm(&none), Scale::Share, SETTINGS).unwrap();
        assert!(estimate.p_difference < 0.05 && estimate.interval.lower > 0.0, "{estimate:?}");
        let equal = unpaired_difference(arm(&none), arm(&none), Scale::Share, SETTINGS).unwrap();
        assert_eq!((equal.estimate, equal.p_difference), (0.0, 1.0));
    }

    #[test]
    fn the_omnibus_test_finds_the_level_that_stands_out() {
        let (rows, a) = clustered(&[2, 3, 2, 4, 3, 2, 3, 2], 10);
        let (_, b) = clustered(&[3, 2, 3, 3, 2, 3, 2, 3], 10);
        let (_, c) = clustered(&[8, 7, 9, 8, 6, 9, 8, 7], 10);
        let result = omnibus(&[&a, &b, &c], rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
        assert_eq!(result.level, 2);
        assert!(result.largest.p_difference < 0.01 && result.largest.interval.lower > 0.0);
        assert!(result.chance_floor > 0.0 && result.chance_floor < result.largest.estimate);
        let equal = omnibus(&[&a, &b], rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
        assert!(equal.largest.p_difference > 0.3 && equal.largest.interval.lower == 0.0);
        assert!(equal.largest.equivalence_p(0.2) < 0.05);
    }

    #[test]
    fn broken_input_is_refused() {
        let rows = [0, 1, 2];
        let labels = rows_only(&rows);
        assert!(share_against_baseline(&[0.0, 1.0], labels, 0.5, None, SETTINGS).is_err());
        assert!(share_against_baseline(&[0.0, 1.0, 2.0], labels, 0.5, None, SETTINGS).is_err());
        assert!(share_against_baseline(&[0.0, 1.0, f64::NAN], labels, 0.5, None, SETTINGS).is_err());
        assert!(share_against_baseline(&[0.0, 1.0, 1.0], labels, 1.5, None, SETTINGS).is_err());
        assert!(share_against_baseline(&[0.0, 1.0, 1.0], labels, 0.5, None, Settings { level: 95.0, seed: 1 }).is_err());
        assert!(paired_difference(&[0.0; 3], &[0.0; 2], labels, Scale::Share, None, SETTINGS).is_err());
        assert!(difference_from_mean(&[&[0.0; 3], &[1.0; 3]], 2, labels, Scale::Share, None, SETTINGS).is_err());
        assert!(contrast(&[], &[], labels, Scale::Share, None, SETTINGS).is_err());
    }

    proptest! {
        #[test]
        fn verdicts_and_intervals_agree_for_any_shares(counts in prop::collection::vec(0..=10_usize, 6..12), baseline in 0.05..0.95_f64) {
            let (rows, values) = clustered(&counts, 10);
            let share = share_against_baseline(&values, rows_only(&rows), baseline, None, SETTINGS).unwrap();
            prop_assert!(share.interval.contains(share.estimate) && share.interval.lower >= 0.0 && share.interval.upper <= 1.0);
            prop_assert_eq!(share.p_difference <= 0.05, !share.interval.contains(baseline));
            prop_assert!(share.equivalence_p(0.1) >= share.equivalence_p(0.2));
        }

        #[test]
        fn a_difference_is_claimed_only_where_the_interval_excludes_zero(
            counts in prop::collection::vec((0..=10_usize, 0..=10_usize), 6..12),
        ) {
            let (first, second): (Vec<usize>, Vec<usize>) = counts.into_iter().unzip();
            let ((rows, first), (_, second)) = (clustered(&first, 10), clustered(&second, 10));
            let one = paired_difference(&first, &second, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
            prop_assert!(one.p_difference >= one.smallest_p && one.p_difference <= 1.0);
            prop_assert!(one.p_difference > 0.05 || !one.interval.contains(0.0));
            let other = paired_difference(&second, &first, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
            prop_assert!((one.p_difference - other.p_difference).abs() < 1e-9 && (one.estimate + other.estimate).abs() < 1e-12);
        }
    }
}
