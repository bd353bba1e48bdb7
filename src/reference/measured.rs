//! What an audit measures where the grammar has planted a number: the third column beside planted and exact.
//!
//! In: the frames of a run, scored like any other, and the cells of the check. Out: for each cell the corrected estimate with its interval,
//! from the same code that makes findings.

use super::check::Cell;
use crate::analyse::{self, AnalyseError, Estimate, Frames};
use crate::probe::{Bilingual, Contrast, Hypothesis, Probe, Role};
use crate::score::Records;

/// The estimate for a cell; `None` where the run holds no evidence on it.
///
/// # Errors
/// When the frames cannot be read.
pub fn measured(frames: &Frames, probe: &Probe, cell: &Cell, records: &Records) -> Result<Option<Estimate>, AnalyseError> {
    let hypothesis = Hypothesis {
        id: format!("cell-{}", cell.arm),
        claim: Bilingual::default(),
        measure: cell.measure.clone(),
        category: cell.category.clone(),
        among: cell.among.clone(),
        contrast: Contrast::Baseline { value: 0.0, source: Bilingual::default() },
        role: Role::Exploratory,
        margin: 1.0,
        why: None,
        replicates: None,
        pilot: None,
        languages: vec![cell.language],
        contexts: Vec::new(),
    };
    analyse::arm(frames, probe, &hypothesis, &cell.model, cell.language, &cell.arm, records)
}
