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
//! | the same where people looked at part of the answers? | [`rated`] |

pub mod rated;

use super::clusters::{Clusters, Design, mean};
use super::correction::{Correction, Validation};
use super::dispersion::Dispersion;
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

/// Both answers must occur in so many clusters for the variance between clusters to say something.
const CARRYING_CLUSTERS: usize = 4;

/// Effective sample size p(1-p)/V while V can be trusted: both answers occur in at least [`CARRYING_CLUSTERS`] clusters. Else clusters are the
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
    let uncertainty = if size.is_finite() && some.min(not_all) >= CARRYING_CLUSTERS {
        let (sizes, part) = clusters.leading(values)?;
        let dispersion = Dispersion::of_share(share, part, &sizes);
        // False alarms are spread over all clusters and hide how few of them carry the answer: the corrected share knows better.
        let behind = correction.filter(|record| record.youden() > 0.0).map_or(f64::INFINITY, |record| {
            let corrected = record.corrected(share);
            let inside = corrected > 0.0 && corrected < 1.0;
            if inside { Dispersion::of_share(corrected, part / record.youden().powi(2), &sizes).degrees_of_freedom } else { f64::INFINITY }
        });
        let df = clusters.degrees_of_freedom().min(dispersion.degrees_of_freedom).min(behind);
        Uncertainty::of_share(share, size, df, dispersion.drift)
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
mod tests;
