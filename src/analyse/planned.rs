//! What a plan could show before anything is asked: clusters, and the smallest effect and margin at 80 % power for each hypothesis.
//!
//! The answers are not known yet, so their spread is assumed, and the assumption is printed: shares near one half, which vary most, and answers
//! of one template or context that correlate a little.

use crate::probe::{Contrast, Dimension, Hypothesis, Probe, Role, Suite};
use crate::stats::StatsError;
use crate::stats::clusters::Design;
use crate::stats::power::{Plan, paired_sd, share_sd};
use crate::store::Language;

/// Power that the figures are for.
pub const POWER: f64 = 0.8;
/// Correlation of answers of one template, and of one context, that is assumed.
pub const CORRELATION: f64 = 0.02;

/// What one hypothesis can show in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// `probe/hypothesis/language`.
    pub id: String,
    /// Confirmatory or exploratory.
    pub role: Role,
    /// Clusters of the smaller sampled dimension.
    pub clusters: usize,
    /// Answers to one arm.
    pub answers: usize,
    /// Smallest difference found with probability [`POWER`], in shares or standard deviations; `None` when so few clusters can never
    /// reach the hypothesis's share of alpha.
    pub smallest_difference: Option<f64>,
    /// Smallest margin within which "no relevant difference" would be shown with probability [`POWER`].
    pub smallest_margin: f64,
    /// The margin declared.
    pub margin: f64,
}

/// Every hypothesis of a suite in every language it is put in, at its share of alpha (alpha / family / looks).
///
/// # Errors
/// Never for a suite that passed the checks.
pub fn planned(suite: &Suite, repeats: Option<u32>) -> Result<Vec<Planned>, StatsError> {
    let pairs: Vec<(&Probe, &Hypothesis, Language)> = suite
        .probes
        .iter()
        .flat_map(|probe| {
            probe.hypotheses.iter().flat_map(move |h| probe.languages_of(h).into_iter().map(move |language| (probe, h, language)))
        })
        .collect();
    let family = pairs.iter().filter(|(_, h, _)| h.role == Role::Confirmatory).count().max(1);
    let alpha = suite.alpha / family as f64 / f64::from(suite.looks.max(1));
    pairs.into_iter().map(|(probe, hypothesis, language)| one(probe, hypothesis, language, alpha, repeats)).collect()
}

fn one(probe: &Probe, hypothesis: &Hypothesis, language: Language, alpha: f64, repeats: Option<u32>) -> Result<Planned, StatsError> {
    let clusters = probe.clusters(hypothesis, language);
    let draws = !probe.prompts.iter().any(|prompt| matches!(prompt.task, crate::store::Task::Choose { .. }));
    let repeats = if draws { repeats.unwrap_or(probe.repeats) as usize } else { 1 };
    let (rows, columns) = (clusters.templates.max(1) as usize, clusters.contexts.max(1) as usize);
    let single = if hypothesis.category.is_some() { share_sd(0.5)? } else { 1.0 };
    let sd = match hypothesis.contrast {
        Contrast::Baseline { .. } => single,
        // The two groups share no cell: each has its part of the contexts, which spreads their difference wider than one over all contexts.
        Contrast::Contexts { ref left, ref right } => {
            let parts = 1.0 / left.len().max(1) as f64 + 1.0 / right.len().max(1) as f64;
            paired_sd(single, 0.0)? * (columns as f64 * parts / 2.0).sqrt()
        }
        // A cell's mean over its repeats is paired with another's; the correlation within a pair is assumed to be that of a cell.
        _ => paired_sd(single, 2.0 * CORRELATION)?,
    };
    let design = match probe.fixed {
        None => Design::TwoWay,
        Some(Dimension::Templates) => Design::ColumnsOnly,
        Some(Dimension::Contexts) => Design::RowsOnly,
    };
    let plan = Plan { rows, columns, repeats, design, sd, row_correlation: CORRELATION, column_correlation: CORRELATION, alpha };
    let count = clusters.decisive as usize;
    let id = format!("{}/{}/{}", probe.id, hypothesis.id, language.code());
    let (difference, margin) = match plan.smallest_difference(POWER) {
        Ok(difference) => (difference, plan.smallest_margin(POWER)?),
        Err(StatsError::TooFewClusters { .. }) => (None, f64::INFINITY),
        Err(error) => return Err(error),
    };
    Ok(Planned {
        id,
        role: hypothesis.role,
        clusters: count,
        answers: rows * columns * repeats,
        smallest_difference: difference,
        smallest_margin: margin,
        margin: hypothesis.margin,
    })
}
