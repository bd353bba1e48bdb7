//! Findings on sentences that nobody who speaks that way has reviewed (docs/decisions/0004).
//!
//! In: a probe with its unreviewed levels, and a contrast. Out: whether the contrast takes one of them in.

use crate::probe::{Contrast, Hypothesis, Probe};

/// Message key of the reservation.
pub(super) const UNREVIEWED: &str = "exploratory-axis-unreviewed";

/// Whether `hypothesis` compares sentences of a level that nobody has reviewed.
pub(super) fn is_unreviewed(probe: &Probe, hypothesis: &Hypothesis) -> bool {
    let any = |axis: &str, is_compared: &dyn Fn(&str) -> bool| {
        probe.unreviewed.get(axis).is_some_and(|levels| levels.iter().any(|level| is_compared(level)))
    };
    match &hypothesis.contrast {
        Contrast::Level { axis, level, reference } => any(axis, &|unreviewed| unreviewed == level || unreviewed == reference),
        Contrast::LevelVersusMean { axis, .. } | Contrast::Omnibus { axis } => any(axis, &|_| true),
        Contrast::Contexts { .. } | Contrast::Baseline { .. } => !probe.unreviewed.is_empty(),
    }
}
