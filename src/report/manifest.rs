//! What pins a run, as the report prints it.

use serde::{Deserialize, Serialize};

use crate::analyse::Ledger;
use crate::model::Destination;
use crate::probe::Bilingual;
use crate::store::Language;

/// What pins a run: with it the run can be repeated and every finding recomputed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportManifest {
    /// Name of the run (its folder).
    pub run: String,
    /// Suite.
    pub suite: String,
    /// Version of Lupe.
    pub lupe_version: String,
    /// Who audited, as they wish to be named; may be empty.
    pub auditor: String,
    /// ISO 8601 date or time of the start.
    pub started: String,
    /// The same of the end.
    pub finished: String,
    /// Probability of error of the family.
    pub alpha: f64,
    /// What became of all requests of the run, over all probes and models; `scored` is not used.
    pub outcomes: Ledger,
    /// Looks that the plan declared; 0 and 1 both mean one.
    pub looks_planned: u32,
    /// Analyses made so far.
    pub looks: Vec<Look>,
    /// Models asked.
    pub models: Vec<ModelEntry>,
    /// The judging models, which are not under audit.
    #[serde(default)]
    pub judges: Vec<ModelEntry>,
    /// Probes asked.
    pub probes: Vec<ProbeEntry>,
    /// Scorers that read the answers.
    pub scorers: Vec<ScorerEntry>,
    /// Validation records that were used.
    pub validations: Vec<ValidationEntry>,
    /// Anything else worth printing: name and value.
    pub settings: Vec<(String, String)>,
}

/// One analysis of the run's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Counted from 1.
    pub number: u32,
    /// ISO 8601.
    pub date: String,
    /// What was analysed, for instance the number of responses.
    pub note: String,
}

/// A model asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelEntry {
    /// Name in the run.
    pub name: String,
    /// Backend that reached it.
    pub backend: String,
    /// Fingerprint of weights or recording.
    pub fingerprint: String,
    /// What it is, in a sentence or two.
    pub card: Bilingual,
    /// Where prompts went; none where Lupe sent nothing (answers recorded elsewhere).
    pub sent_to: Option<Destination>,
    /// Different prompts that were put to it.
    pub prompts: usize,
    /// Requests that were put to it.
    pub requests: usize,
}

/// A probe asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeEntry {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// Hash of the probe file and its axes.
    pub hash: String,
    /// Seed.
    pub seed: u64,
}

/// A scorer used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorerEntry {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
}

/// A validation record used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationEntry {
    /// Scorer id.
    pub scorer: String,
    /// Version of the scorer.
    pub version: u32,
    /// Measure id.
    pub measure: String,
    /// Domain of the texts.
    pub domain: String,
    /// Their language.
    pub language: Language,
    /// Rows of the record.
    pub rows: u64,
    /// Whether they were held out from the scorer's making.
    pub held_out: bool,
    /// What the truth is and where it comes from.
    pub truth: String,
}
