//! The whole way of the data, stage by stage: [`plan`], (work, see [`crate::run`]), [`analyse`], [`report`].
//!
//! Each step reads what the step before it stored in the run folder, so that each can be repeated on its own: a new scorer needs no new
//! answers, a new statistic no new scores.

use std::collections::BTreeMap;
use std::path::Path;

use miette::{Context, IntoDiagnostic, Result};
use serde::{Deserialize, Serialize};

use crate::analyse::{self, Finding, Frames, Looks};
use crate::model::{ModelSpec, Opened};
use crate::probe::{Bilingual, Known, Library, Probe, ProbeErrors, Suite};
use crate::run::{self, Added, Manifest, Options, Plan, PlannedModel, Run};
use crate::score;
use crate::stats::test::smallest_sign_flip_p;
use crate::store::{Measurement, Prompt, Request, Response};

/// The suite as it was when the run was planned: `audit.json` in the run folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// Name of the suite.
    pub suite: String,
    /// Its title.
    pub title: Bilingual,
    /// What it is for.
    pub purpose: Bilingual,
    /// Family-wise error.
    pub alpha: f64,
    /// Looks declared.
    pub looks: u32,
    /// The probes; their prompts lie in the store.
    pub probes: Vec<Probe>,
}

/// A prompt, its response and what was read in it: what a reader of the report may want to see for themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Model asked.
    pub model: String,
    /// What was asked.
    pub prompt: Prompt,
    /// What came back.
    pub response: Response,
    /// What the scorers read.
    pub measurements: Vec<Measurement>,
}

/// What [`analyse`] hands on.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The findings, also in `findings.json`.
    pub findings: Vec<Finding>,
    /// Whether this was a look at data nobody had analysed before.
    pub new_look: bool,
}

const AUDIT: &str = "audit.json";
const FINDINGS: &str = "findings.json";
const EXAMPLES: &str = "examples.json";

/// Answers shown for each arm.
const EXAMPLES_PER_ARM: usize = 5;

/// All probes at hand, checked against what the scorers can read and how small a p their clusters can give.
///
/// # Errors
/// Every problem of the axis and dataset files.
pub fn library(root: Option<&Path>) -> Result<Library, ProbeErrors> {
    let known = score::all().iter().fold(Known::new(smallest_sign_flip_p), |known, scorer| {
        let measures: Vec<_> = scorer
            .measures()
            .iter()
            .map(|measure| match measure.kind {
                score::Kind::Category(names) => (measure.id, Some(names)),
                score::Kind::Number(_) => (measure.id, None),
            })
            .collect();
        known.scorer(scorer.id(), &measures)
    });
    Ok(Library::open(root)?.knowing(known))
}

/// Open models and plan a run in `folder`, or amend the one that lies there.
///
/// # Errors
/// What [`run::plan`] refuses, and files that cannot be written.
pub fn plan(folder: &Path, suite: &Suite, models: &[(ModelSpec, Opened)], options: &Options) -> Result<(Plan, Added)> {
    let planned: Vec<PlannedModel> =
        models.iter().map(|(spec, opened)| PlannedModel { name: &spec.name, backend: &*opened.backend, card: opened.card.clone() }).collect();
    let planned = run::plan(folder, &suite.id, &suite.probes, &planned, options)?;
    let mut audit = match read::<Audit>(folder, AUDIT) {
        Ok(audit) => audit,
        Err(_) => Audit {
            suite: suite.id.clone(),
            title: suite.title.clone(),
            purpose: suite.purpose.clone(),
            alpha: suite.alpha,
            looks: suite.looks,
            probes: Vec::new(),
        },
    };
    for probe in &suite.probes {
        if !audit.probes.iter().any(|known| known.id == probe.id) {
            audit.probes.push(Probe { prompts: Vec::new(), ..probe.clone() });
        }
    }
    write(folder, AUDIT, &audit)?;
    Ok(planned)
}

/// Score what is stored, write the measurements as Parquet, and analyse them: `findings.json`, `examples.json`, and a look in the manifest.
///
/// # Errors
/// When the run has gaps, or a file cannot be read or written.
pub fn analyse(folder: &Path, root: Option<&Path>) -> Result<Analysis> {
    let run = Run::open(folder)?;
    let gaps = run::gaps(folder)?;
    if !gaps.is_empty() {
        return Err(run::RunError::Gaps { folder: folder.to_owned(), gaps }.into());
    }
    let joined = run.joined()?;
    let mut audit: Audit = read(folder, AUDIT)?;
    for probe in &mut audit.probes {
        probe.prompts = joined.prompts.iter().filter(|prompt| prompt.probe == probe.id).cloned().collect();
    }
    let rows: Vec<(Request, &Prompt, Response)> =
        joined.rows.into_iter().map(|(request, prompt, response)| (request, &joined.prompts[prompt], response)).collect();
    let measurements = measure(&audit.probes, &rows);

    let mut frames = Frames::build(&rows, &measurements)?;
    frames.write(folder)?;
    let manifest = run.manifest()?;
    let digest = run.digest()?;
    let mut seen_before: Vec<&str> = manifest.looks.iter().map(|look| look.responses.as_str()).filter(|seen| *seen != digest).collect();
    seen_before.dedup();
    let models: Vec<String> = manifest.models.iter().map(|model| model.name.clone()).collect();
    let findings = analyse::analyse(&analyse::Input {
        suite: &audit.suite,
        probes: &audit.probes,
        models: &models,
        frames: &frames,
        scorers: score::all(),
        records: &score::records(root)?,
        looks: Looks { alpha: audit.alpha, declared: audit.looks, earlier: u32::try_from(seen_before.len()).unwrap_or(u32::MAX) },
    })?;
    write(folder, FINDINGS, &findings)?;
    write(folder, EXAMPLES, &examples(&rows, &measurements))?;
    let findings_digest = blake3::hash(serde_json::to_string(&findings).into_diagnostic()?.as_bytes()).to_hex().to_string();
    let new_look = Manifest::record_look(folder, &digest, &findings_digest)?;
    Ok(Analysis { findings, new_look })
}

/// Every response read by the scorers that its probe names.
fn measure(probes: &[Probe], rows: &[(Request, &Prompt, Response)]) -> Vec<Measurement> {
    let mut all = Vec::new();
    for probe in probes {
        let scorers: Vec<_> = score::all().iter().copied().filter(|scorer| probe.scorers.iter().any(|id| id == scorer.id())).collect();
        let of_probe: Vec<_> = rows.iter().filter(|(_, prompt, _)| prompt.probe == probe.id).map(|(_, p, r)| (*p, r)).collect();
        all.extend(score::score(&scorers, &of_probe));
    }
    all
}

/// The first answers of each arm in order of request id, which is as good as drawn: ids are hashes.
fn examples(rows: &[(Request, &Prompt, Response)], measurements: &[Measurement]) -> Vec<Seen> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut chosen: BTreeMap<&str, Seen> = BTreeMap::new();
    for (request, prompt, response) in rows {
        let arm = format!("{}/{}/{:?}/{:?}", request.model, prompt.probe, prompt.language, prompt.levels);
        let count = counts.entry(arm).or_default();
        *count += 1;
        if *count <= EXAMPLES_PER_ARM {
            let seen = Seen { model: request.model.clone(), prompt: (*prompt).clone(), response: response.clone(), measurements: Vec::new() };
            chosen.insert(&request.id, seen);
        }
    }
    for measurement in measurements {
        if let Some(seen) = chosen.get_mut(measurement.request.as_str()) {
            seen.measurements.push(measurement.clone());
        }
    }
    chosen.into_values().collect()
}

fn read<T: serde::de::DeserializeOwned>(folder: &Path, name: &str) -> Result<T> {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).into_diagnostic().wrap_err_with(|| path.display().to_string())?;
    serde_json::from_str(&text).into_diagnostic().wrap_err_with(|| format!("{} was not written by this version of Lupe", path.display()))
}

fn write<T: Serialize>(folder: &Path, name: &str, value: &T) -> Result<()> {
    let path = folder.join(name);
    let mut text = serde_json::to_string_pretty(value).into_diagnostic()?;
    text.push('\n');
    run::write_whole(&path, text.as_bytes())?;
    Ok(())
}
