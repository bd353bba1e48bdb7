//! A figure of a benchmark: the authors' number, and what our analysis says about it.
//!
//! In: one value per counted answer with the template that it comes from. Out: the authors' figure, the interval that takes every answer for
//! a draw of its own (naive), and the one that knows that answers to one template resemble each other (clustered), with a verdict.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::analyse::{LEVEL, Verdict};
use crate::stats::clusters::Design;
use crate::stats::estimate::{self, Estimate, Labels, Settings};
use crate::stats::{Interval, StatsError, multiplicity};

/// Level of the tests.
const ALPHA: f64 = 0.05;

/// Seed of the permutations; a figure is the same whenever it is computed.
const SEED: u64 = 2026;

/// One number of a benchmark for one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Id of the measure; its name is in the wording files (`benchmark-…`), its definition in `docs/benchmarks.md`.
    pub measure: String,
    /// Part of the benchmark that it is about, as the files call it (`Age`, `gender`).
    pub part: String,
    /// Recorded or asked model.
    pub model: String,
    /// The number by the authors' definition, in their unit. None where nothing was counted.
    pub authors: Option<f64>,
    /// Answers that count.
    pub counted: usize,
    /// Answers that do not count, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// Interval with every answer as a cluster of its own, in the authors' unit; for comparison only.
    pub naive: Option<Interval>,
    /// Our analysis of the same number. None where the figure is no mean over answers.
    pub ours: Option<Ours>,
}

/// The figure as our analysis sees it, in the authors' unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ours {
    /// Estimate.
    pub estimate: f64,
    /// Interval at 95 %, clustered, not adjusted for how many figures there are.
    pub interval: Interval,
    /// Number of clusters.
    pub clusters: usize,
    /// What a model without bias would show; None for a figure that has no such value (accuracy).
    pub center: Option<f64>,
    /// Smallest difference that matters.
    pub margin: f64,
    /// p of a difference from the center.
    pub p_difference: Option<f64>,
    /// The same, adjusted over all figures of the model (Benjamini-Hochberg).
    pub p_difference_adjusted: Option<f64>,
    /// p of equivalence with the center.
    pub p_equivalence: Option<f64>,
    /// The same, adjusted.
    pub p_equivalence_adjusted: Option<f64>,
    /// The verdict; exploratory, as the adjusted p says. None without a center.
    pub verdict: Option<Verdict>,
}

/// What the values are and how they are summed up.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    /// Smallest and largest possible value; None where there is no bound.
    pub range: Option<(f64, f64)>,
    /// Value of a model without bias, if there is one.
    pub center: Option<f64>,
    /// Smallest difference that matters, in the unit of the values.
    pub margin: f64,
    /// Values times this are in the authors' unit (100 for percent).
    pub unit: f64,
}

/// A counted answer.
#[derive(Clone, Debug)]
pub struct Point<'a> {
    /// The template it comes from.
    pub cluster: &'a str,
    /// Its value.
    pub value: f64,
}

impl Figure {
    /// A figure that is a mean over answers: the authors' number is the mean itself.
    pub fn mean(measure: &str, part: &str, model: &str, points: &[Point], left_out: BTreeMap<String, usize>, of: Mean) -> Self {
        let alone: Vec<String> = (0..points.len()).map(|at| format!("{at:09}")).collect();
        let apart: Vec<Point> = points.iter().zip(&alone).map(|(point, own)| Point { cluster: own, value: point.value }).collect();
        let scaled = |interval: Interval| Interval { lower: interval.lower * of.unit, upper: interval.upper * of.unit };
        let ours = analysed(points, of).map(|estimate| Ours {
            estimate: estimate.estimate * of.unit,
            interval: scaled(estimate.interval),
            clusters: estimate.clusters,
            center: of.center.map(|center| center * of.unit),
            margin: of.margin * of.unit,
            p_difference: of.center.map(|_| estimate.p_difference),
            p_difference_adjusted: None,
            p_equivalence: of.center.map(|_| estimate.equivalence_p(of.margin)),
            p_equivalence_adjusted: None,
            verdict: of.center.and(estimate.too_little_evidence().then_some(Verdict::NotAssessable)),
        });
        Self {
            authors: (!points.is_empty()).then(|| points.iter().map(|p| p.value).sum::<f64>() / points.len() as f64 * of.unit),
            naive: analysed(&apart, of).ok().map(|estimate| scaled(estimate.interval)),
            ours: ours.ok(),
            ..Self::bare(measure, part, model, None, points.len(), left_out)
        }
    }

    /// A figure without an analysis of ours.
    pub fn bare(measure: &str, part: &str, model: &str, authors: Option<f64>, counted: usize, left_out: BTreeMap<String, usize>) -> Self {
        let (measure, part, model) = (measure.to_owned(), part.to_owned(), model.to_owned());
        Self { measure, part, model, authors, counted, left_out, naive: None, ours: None }
    }
}

/// Shares by the door for shares, everything else as a mean of differences from the center. A figure without a center is a share or mean of its own.
fn analysed(points: &[Point], of: Mean) -> Result<Estimate, StatsError> {
    let order: BTreeSet<&str> = points.iter().map(|point| point.cluster).collect();
    let numbers: BTreeMap<&str, u32> = order.into_iter().zip(0..).collect();
    let rows: Vec<u32> = points.iter().map(|point| numbers[point.cluster]).collect();
    let columns = vec![0; rows.len()];
    let labels = Labels { rows: &rows, columns: &columns, design: Design::RowsOnly };
    let settings = Settings { level: LEVEL, seed: SEED };
    let values: Vec<f64> = points.iter().map(|point| point.value).collect();
    if of.range == Some((0.0, 1.0)) {
        return estimate::share_against_baseline(&values, labels, of.center.unwrap_or(0.5), None, settings);
    }
    estimate::mean_of_differences(&values, labels, of.range, settings)
}

/// Adjust the p-values over all figures of each model and give each figure its verdict, in the order of DESIGN, rule 2. All are exploratory.
///
/// # Errors
/// When a p-value is not one.
pub fn decide(figures: &mut [Figure]) -> Result<(), StatsError> {
    let models: BTreeSet<String> = figures.iter().map(|figure| figure.model.clone()).collect();
    for model in models {
        let mut tested: Vec<&mut Ours> = figures
            .iter_mut()
            .filter(|figure| figure.model == model)
            .filter_map(|figure| figure.ours.as_mut())
            .filter(|ours| ours.center.is_some() && ours.verdict.is_none())
            .collect();
        let difference = multiplicity::benjamini_hochberg(&tested.iter().map(|ours| ours.p_difference).collect::<Vec<_>>())?;
        let equivalence = multiplicity::benjamini_hochberg(&tested.iter().map(|ours| ours.p_equivalence).collect::<Vec<_>>())?;
        for ((ours, difference), equivalence) in tested.iter_mut().zip(difference).zip(equivalence) {
            let rejected = |p: Option<f64>| p.is_some_and(|p| p <= ALPHA);
            (ours.p_difference_adjusted, ours.p_equivalence_adjusted) = (difference, equivalence);
            ours.verdict = Some(if rejected(equivalence) {
                Verdict::NoRelevantDifference
            } else if rejected(difference) {
                Verdict::Difference
            } else {
                Verdict::Inconclusive
            });
        }
    }
    Ok(())
}
