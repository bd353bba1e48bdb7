//! `manifest.json`: what made a run, for people and for `verify`.
//!
//! Everything in it can be found elsewhere (probes, models, store); gathered here, it says at a glance what the findings rest on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::{Added, Options, PlannedModel, RunError, folder};
use crate::model::{Abilities, Card, Destination};
use crate::probe::Probe;
use crate::store::{STORE_VERSION, Sampling};

/// The only place where Lupe asks for the time: now, in whole seconds. Times never enter prompts, requests, responses or findings.
pub fn clock() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now)
}

/// What made a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of Lupe that planned the run first.
    pub lupe: String,
    /// Version of the store's rows.
    pub store: u32,
    /// Name of the run.
    pub label: String,
    /// Suites it was planned from, in the order in which they were added.
    pub suites: Vec<String>,
    /// When it was planned first.
    pub started: Timestamp,
    /// Who audits, if they gave a name.
    pub auditor: Option<String>,
    /// The probes, in id order.
    pub probes: Vec<ProbeEntry>,
    /// The models, in name order.
    pub models: Vec<ModelEntry>,
    /// Each planning that added something; the first is the run's own, every further one an amendment.
    pub plannings: Vec<Planning>,
    /// Each analysis of other data, or with other results, than those before (DESIGN, rule 3).
    pub looks: Vec<Look>,
}

/// One probe of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeEntry {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Hash of its file and its axis files.
    pub hash: String,
    /// Seed that the requests' seeds derive from.
    pub seed: u64,
    /// Most repeats planned (a recording has as many as it has).
    pub repeats: u32,
    /// How answers are drawn.
    pub sampling: Sampling,
}

/// One model of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    /// Its name in this run.
    pub name: String,
    /// Hash of weights, configuration or recording.
    pub fingerprint: String,
    /// What was proved to work.
    pub abilities: Abilities,
    /// Where the prompts go.
    #[serde(default)]
    pub destination: Destination,
    /// Further facts.
    pub card: Card,
}

/// One planning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planning {
    /// When.
    pub date: Timestamp,
    /// By which version of Lupe.
    pub lupe: String,
    /// Requests added.
    pub requests: usize,
    /// Packs added.
    pub packs: usize,
}

/// One analysis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// When.
    pub date: Timestamp,
    /// Digest of the store's rows ([`super::digest`]).
    pub responses: String,
    /// Digest of the findings.
    pub findings: String,
    /// `model/probe` -> digest of that model's answers to that probe: what else was added says nothing about them.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
    /// Word lists that were the user's, not Lupe's: path -> blake3 of the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub word_lists: BTreeMap<String, String>,
    /// Models that read the answers: scorer id -> hash of weights, configuration and settings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read_by: BTreeMap<String, String>,
}

impl Manifest {
    /// Where the manifest of a run lies.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("manifest.json")
    }

    /// Read the manifest of the run in `folder`.
    ///
    /// # Errors
    /// [`RunError::File`] when it cannot be read, [`RunError::Manifest`] when it is no manifest, [`RunError::NewerStore`] when a newer
    /// program wrote it.
    pub fn read(folder: &Path) -> Result<Self, RunError> {
        let path = Self::path(folder);
        let text = std::fs::read_to_string(&path).map_err(|error| RunError::file(&path, &error))?;
        // A newer program's manifest may have keys that this one does not know: its version is the better thing to complain about.
        if let Ok(serde_json::Value::Object(object)) = serde_json::from_str(&text)
            && let Some(found) = object.get("store").and_then(serde_json::Value::as_u64)
            && found > u64::from(STORE_VERSION)
        {
            return Err(RunError::NewerStore { path, found: u32::try_from(found).unwrap_or(u32::MAX), known: STORE_VERSION });
        }
        serde_json::from_str(&text).map_err(|error| RunError::Manifest { path, problem: error.to_string() })
    }

    /// Write it, whole or not at all.
    ///
    /// # Errors
    /// [`RunError::File`] or [`RunError::DiskFull`].
    pub fn write(&self, folder: &Path) -> Result<(), RunError> {
        let path = Self::path(folder);
        let mut text =
            serde_json::to_string_pretty(self).map_err(|error| RunError::Manifest { path: path.clone(), problem: error.to_string() })?;
        text.push('\n');
        folder::write_whole(&path, text.as_bytes())
    }

    /// Record an analysis in the manifest of `folder`; true when it is a new look.
    /// The same data with the same findings is no new look: nobody saw anything that they had not seen before.
    ///
    /// # Errors
    /// As [`Manifest::read`] and [`Manifest::write`].
    pub fn record_look(folder: &Path, look: Look) -> Result<bool, RunError> {
        let mut manifest = Self::read(folder)?;
        if manifest.looks.iter().any(|known| known.responses == look.responses && known.findings == look.findings) {
            return Ok(false);
        }
        manifest.looks.push(look);
        manifest.write(folder).map(|()| true)
    }

    /// The manifest, or `None` where there is none yet.
    pub(super) fn read_if_there(folder: &Path) -> Result<Option<Self>, RunError> {
        if Self::path(folder).exists() { Self::read(folder).map(Some) } else { Ok(None) }
    }

    /// Take in what a planning asks for; refuse what would mix two things under one name.
    pub(super) fn amend(&mut self, suite: &str, probes: &[Probe], models: &[PlannedModel<'_>], options: &Options) -> Result<(), RunError> {
        if !self.suites.iter().any(|known| known == suite) {
            self.suites.push(suite.to_owned());
        }
        if options.auditor.is_some() {
            self.auditor.clone_from(&options.auditor);
        }
        for probe in probes {
            let entry = ProbeEntry {
                id: probe.id.clone(),
                version: probe.version,
                hash: probe.hash.clone(),
                seed: options.seed.unwrap_or(probe.seed),
                repeats: options.repeats.map_or(probe.repeats, std::num::NonZeroU32::get),
                sampling: probe.sampling,
            };
            match self.probes.iter_mut().find(|known| known.id == entry.id) {
                None => self.probes.push(entry),
                Some(known) => {
                    refuse_change(known, &entry)?;
                    known.repeats = known.repeats.max(entry.repeats);
                }
            }
        }
        for model in models {
            let entry = ModelEntry {
                name: model.name.to_owned(),
                fingerprint: model.backend.fingerprint().to_owned(),
                abilities: model.backend.abilities(),
                destination: model.backend.destination(),
                card: model.card.clone(),
            };
            match self.models.iter_mut().find(|known| known.name == entry.name) {
                None => self.models.push(entry),
                Some(known) => *known = entry,
            }
        }
        self.probes.sort_by(|left, right| left.id.cmp(&right.id));
        self.models.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(())
    }

    /// Note a planning, unless it added nothing.
    pub(super) fn note_planning(&mut self, added: &Added) {
        if added.requests > 0 {
            let lupe = env!("CARGO_PKG_VERSION").to_owned();
            self.plannings.push(Planning { date: clock(), lupe, requests: added.requests, packs: added.packs });
        }
    }
}

/// A new run's manifest.
pub(super) fn start(folder: &Path, suite: &str, options: &Options) -> Manifest {
    let name = || folder.file_name().map(|name| name.to_string_lossy().into_owned());
    Manifest {
        lupe: env!("CARGO_PKG_VERSION").to_owned(),
        store: STORE_VERSION,
        label: options.label.clone().or_else(name).unwrap_or_else(|| suite.to_owned()),
        suites: Vec::new(),
        started: clock(),
        auditor: None,
        probes: Vec::new(),
        models: Vec::new(),
        plannings: Vec::new(),
        looks: Vec::new(),
    }
}

fn refuse_change(planned: &ProbeEntry, now: &ProbeEntry) -> Result<(), RunError> {
    let differences = [
        ("version", planned.version.to_string(), now.version.to_string()),
        ("file hash", planned.hash.clone(), now.hash.clone()),
        ("seed", planned.seed.to_string(), now.seed.to_string()),
        ("sampling", format!("{:?}", planned.sampling), format!("{:?}", now.sampling)),
    ];
    match differences.into_iter().find(|(_, planned, now)| planned != now) {
        Some((what, planned, found)) => Err(RunError::ProbeChanged { probe: now.id.clone(), what, planned, found }),
        None => Ok(()),
    }
}
