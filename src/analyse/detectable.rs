//! How well the answers of each model can be told from human works of the kind that was declared.
//!
//! In: the detections of a run and its answers. Out: one [`Detectable`] for each detector, model and language, with intervals clustered by template and context; and
//! `detections.parquet`. Everything here is exploratory: no hypothesis was declared.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use polars::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AnalyseError, LEVEL};
use crate::detect::answers::Detection;
use crate::detect::calibration::ALPHA;
use crate::detect::decision::{Answer, Reason};
use crate::rate::Answer as Row;
use crate::stats::Interval;
use crate::stats::clusters::Design;
use crate::stats::estimate::{Labels, Settings, mean_of_differences, share_against_baseline, too_little_evidence};
use crate::store::Language;

/// One detector on the answers of one model in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detectable {
    /// Name of the detector in `lupe.toml`.
    pub detector: String,
    /// Kind of text, picture or recording that the answers were declared to be.
    pub domain: String,
    /// Model.
    pub model: String,
    /// Language of the prompts.
    pub language: Language,
    /// Answers looked at.
    pub answers: usize,
    /// Answers with a p-value.
    pub judged: usize,
    /// Of these, answers with an indication.
    pub indications: usize,
    /// Of these, answers of which the detector is unsure.
    pub unsure: usize,
    /// Why others have no p-value: reason -> number.
    pub silent: BTreeMap<String, usize>,
    /// Share of judged answers that only 5 % of human works match; of human works it is at most 5 %.
    pub flagged: Option<Share>,
    /// Chance that an answer stands out more than a human work: 0.5 where they look alike (mean of the answers' placements among the human works, which is the area
    /// under the ROC curve where all have one length; Hanley and Hajian-Tilaki 1997).
    pub area: Option<Share>,
}

/// A share with its interval at [`LEVEL`]; absent where too few templates and contexts carry it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The estimate.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
}

/// Everything by detector, model and language. `domains` are pairs of a detector's name and the kind declared.
pub fn detectable<'a>(detections: &[Detection], domains: impl Iterator<Item = (&'a str, &'a str)>, rows: &[Row<'_>]) -> Vec<Detectable> {
    let domains: BTreeMap<&str, &str> = domains.collect();
    let by_request: BTreeMap<&str, &Row<'_>> = rows.iter().map(|row| (row.0.id.as_str(), row)).collect();
    let mut groups: BTreeMap<_, Vec<(&Detection, &Row<'_>)>> = BTreeMap::new();
    for detection in detections {
        let Some(row) = by_request.get(detection.request.as_str()) else { continue };
        groups.entry((detection.name.as_str(), row.0.model.as_str(), row.1.language)).or_default().push((detection, row));
    }
    groups
        .into_iter()
        .map(|((name, model, language), group)| one(name, domains.get(name).copied().unwrap_or_default(), model, language, &group))
        .collect()
}

fn one(detector: &str, domain: &str, model: &str, language: Language, group: &[(&Detection, &Row<'_>)]) -> Detectable {
    let mut silent = BTreeMap::new();
    for reason in group.iter().filter(|(detection, _)| detection.statement.p.is_none()).map(|(detection, _)| &detection.statement.reason) {
        *silent.entry(word(reason)).or_insert(0) += 1;
    }
    let judged: Vec<(f64, &Row<'_>)> = group.iter().filter_map(|(detection, row)| Some((detection.statement.p?, *row))).collect();
    let count = |answer| group.iter().filter(|(detection, _)| detection.statement.answer == answer).count();
    let (templates, contexts) =
        (numbered(&judged, |row| [&row.1.probe, &row.1.template]), numbered(&judged, |row| [&row.1.probe, &row.1.context]));
    let labels = Labels { rows: &templates, columns: &contexts, design: Design::TwoWay };
    let settings = Settings { level: LEVEL, seed: 0 };
    let flags: Vec<f64> = judged.iter().map(|(p, _)| f64::from(u8::from(*p <= ALPHA))).collect();
    let places: Vec<f64> = judged.iter().map(|(p, _)| 0.5 - p).collect();
    let flagged = share_against_baseline(&flags, labels, ALPHA, None, settings).ok();
    let area = mean_of_differences(&places, labels, Some((-0.5, 0.5)), settings).ok();
    let share = |by: f64| {
        move |estimate: crate::stats::estimate::Estimate| {
            let Interval { lower, upper } = estimate.interval;
            (!too_little_evidence(estimate.clusters))
                .then_some(Share { estimate: estimate.estimate + by, interval: Interval { lower: lower + by, upper: upper + by } })
        }
    };
    Detectable {
        detector: detector.to_owned(),
        domain: domain.to_owned(),
        model: model.to_owned(),
        language,
        answers: group.len(),
        judged: judged.len(),
        indications: count(Answer::Indication),
        unsure: count(Answer::Unsure),
        silent,
        flagged: flagged.and_then(share(0.0)),
        area: area.and_then(share(0.5)),
    }
}

/// Each answer's cluster as a number.
fn numbered<'r>(judged: &[(f64, &'r Row<'r>)], key: impl Fn(&'r Row<'r>) -> [&'r String; 2]) -> Vec<u32> {
    let mut known = BTreeMap::new();
    judged
        .iter()
        .map(|(_, row)| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(key(row)).or_insert(next)
        })
        .collect()
}

/// The word for a reason as files write it.
fn word(reason: &Reason) -> String {
    match reason {
        Reason::Abstains { why } => why.word().to_owned(),
        other => other.word().to_owned(),
    }
}

/// Writes `detections.parquet`: a row for each detector and answer.
///
/// # Errors
/// When the table cannot be built or written.
pub fn write(folder: &Path, detections: &[Detection]) -> Result<(), AnalyseError> {
    let each = |what: &dyn Fn(&Detection) -> String| detections.iter().map(what).collect::<Vec<_>>();
    let mut frame = df!(
        "request" => each(&|d| d.request.clone()),
        "name" => each(&|d| d.name.clone()),
        "detector" => each(&|d| d.statement.detector.clone()),
        "answer" => each(&|d| d.statement.answer.as_str().to_owned()),
        "reason" => each(&|d| word(&d.statement.reason)),
        "score" => detections.iter().map(|d| d.statement.score).collect::<Vec<_>>(),
        "p" => detections.iter().map(|d| d.statement.p).collect::<Vec<_>>(),
    )?;
    let path = folder.join("detections.parquet");
    let file = File::create(&path).map_err(|error| AnalyseError::File { path: path.display().to_string(), error })?;
    ParquetWriter::new(file).finish(&mut frame)?;
    Ok(())
}

#[cfg(test)]
mod tests;
