//! The whole way of the data, stage by stage: [`plan`], (work, see [`crate::run`]), [`analyse()`], [`report()`].
//!
//! Each step reads what the step before it stored in the run folder, so that each can be repeated on its own: a new scorer needs no new
//! answers, a new statistic no new scores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use miette::{Context, IntoDiagnostic, Result};
use serde::Serialize;

use crate::analyse::detectable::{self, Detectable};
use crate::analyse::planned::Planned;
use crate::analyse::{self, Finding, Frames, Looks};
use crate::detect::answers::Detectors;
use crate::model::{ModelSpec, Opened, REFERENCE};
use crate::probe::{Known, Library, Probe, Suite};
use crate::rate::{self, Answer, Rated};
use crate::report::{self, Gathering, ReportInput, gather};
use crate::run::{self, Added, Joined, Look, Manifest, Options, Plan, PlannedModel, Run};
use crate::score::{self, Scorer, Scorers};
use crate::stats::test::smallest_sign_flip_p;
use crate::store::{Language, Measurement, Prompt, Request, Response};

/// The suite as it was when the run was planned; its prompts lie in the store.
const SUITE: &str = "suite.json";
const FINDINGS: &str = "findings.json";
const REPORT: &str = "report.json";

/// All probes at hand, checked against what the scorers can read and how small a p their clusters can give.
///
/// # Errors
/// Every problem of the axis and dataset files; a scorer in `lupe.toml` whose model is missing or has other labels.
pub fn library(root: Option<&Path>) -> Result<Library> {
    let configured = score::declared(root)?;
    let built_in = score::all().iter().map(|scorer| (scorer.id(), scorer.measures()));
    let scorers = built_in.chain(configured.iter().map(|scorer| (scorer.id, scorer.measures.as_slice())));
    let known = scorers.fold(Known::new(smallest_sign_flip_p), |known, (scorer, measures)| {
        let measures: Vec<_> = measures
            .iter()
            .map(|measure| match measure.kind {
                score::Kind::Category(names) => (measure.id, Some(names)),
                score::Kind::Number(_) => (measure.id, None),
            })
            .collect();
        known.scorer(scorer, &measures)
    });
    Ok(Library::open(root)?.knowing(known))
}

/// What the hypotheses of a suite could show: see [`analyse::planned`].
///
/// # Errors
/// A scorer in `lupe.toml` whose model cannot be read, and validation records that cannot.
pub fn planned(suite: &Suite, repeats: Option<u32>, root: Option<&Path>) -> Result<Vec<Planned>> {
    let configured = Scorers::open(root, |id| suite.probes.iter().flat_map(|probe| &probe.scorers).any(|named| named == id))?;
    analyse::planned::planned(suite, repeats, &configured.all(), &score::records(root)?).into_diagnostic()
}

/// Open models and plan a run in `folder`, or amend the one that lies there.
///
/// # Errors
/// What [`run::plan`] refuses, and files that cannot be written.
pub fn plan(folder: &Path, suite: &Suite, models: &[(ModelSpec, Opened)], options: &Options) -> Result<(Plan, Added)> {
    let planned: Vec<PlannedModel> = models
        .iter()
        .map(|(spec, opened)| PlannedModel { name: &spec.name, backend: &*opened.backend, card: opened.card.clone() })
        .collect();
    let known: Option<Suite> = if folder.join(SUITE).is_file() { Some(read(folder, SUITE)?) } else { None };
    if let Some(known) = known.as_ref().filter(|known| known.id != suite.id) {
        let help = "a family of hypotheses is that of one suite; name another folder with --out";
        return Err(miette::miette!(help = help, "the run in {} belongs to suite `{}`, not `{}`", folder.display(), known.id, suite.id));
    }
    let planned = run::plan(folder, &suite.id, &suite.probes, &planned, options)?;
    let mut known = known.unwrap_or_else(|| Suite { probes: Vec::new(), ..suite.clone() });
    for probe in &suite.probes {
        if !known.probes.iter().any(|known| known.id == probe.id) {
            known.probes.push(Probe { prompts: Vec::new(), ..probe.clone() });
        }
    }
    write(folder, SUITE, &known)?;
    if planned.1.requests > 0 {
        // Findings that do not know the new requests must not pass for those of this run.
        for stale in [FINDINGS, REPORT] {
            let path = folder.join(stale);
            if path.is_file() {
                std::fs::remove_file(&path).into_diagnostic().wrap_err_with(|| path.display().to_string())?;
            }
        }
    }
    Ok(planned)
}

/// Score what is stored, write the measurements as Parquet, and analyse them: `findings.json`, `report.json`, and a look in the manifest.
///
/// # Errors
/// When the run has gaps, or a file cannot be read or written.
pub fn analyse(folder: &Path, root: Option<&Path>) -> Result<Vec<Finding>> {
    let run = Run::open(folder)?;
    let gaps = run::gaps(folder)?;
    if !gaps.is_empty() {
        return Err(run::RunError::Gaps { folder: folder.to_owned(), gaps }.into());
    }
    let (suite, joined) = answers(&run)?;
    let rows = pointing(&joined.prompts, &joined.rows);
    let configured = Scorers::open(root, |id| suite.probes.iter().flat_map(|probe| &probe.scorers).any(|named| named == id))?;
    // What cannot be opened is said before anything is computed.
    let detectors = Detectors::open(root)?;
    let scorers = configured.all();
    let mut measurements = measure(&suite.probes, &scorers, &rows);
    let rated = Rated::read(folder, &rate::all_questions(&suite), &rows)?;
    measurements.extend(rated.measurements.iter().cloned());

    let mut frames = Frames::build(&rows, &measurements)?;
    frames.write(folder)?;
    let manifest = run.manifest()?;
    let digest = run.digest()?;
    let parts: BTreeMap<String, String> = parts(&rows).into_iter().chain(rated_parts(&rows, &rated)).collect();
    let looks = Looks { alpha: suite.alpha, declared: suite.looks, earlier: earlier(&manifest, &parts) };
    let models: Vec<String> = manifest.models.iter().map(|model| model.name.clone()).collect();
    let is_gauge = |model: &&run::ModelEntry| model.card.get("kind").is_some_and(|kind| kind == REFERENCE);
    let gauges: Vec<String> = manifest.models.iter().filter(is_gauge).map(|model| model.name.clone()).collect();
    let records = score::records(root)?;
    let input = analyse::Input {
        suite: &suite.id,
        probes: &suite.probes,
        models: &models,
        gauges: &gauges,
        frames: &frames,
        scorers: &scorers,
        records: &records,
        ratings: &rated.summaries,
        looks,
    };
    let findings = analyse::analyse(&input)?;
    let detectable = detect(folder, &detectors, &rows)?;
    let robustness = analyse::robustness(&input, &findings)?;
    let findings_digest = blake3::hash(serde_json::to_string(&findings).into_diagnostic()?.as_bytes()).to_hex().to_string();
    // The look is on record before anybody can read what was seen.
    let (word_lists, read_by) = (records.word_lists.clone(), configured.fingerprints());
    Manifest::record_look(folder, Look { date: run::clock(), responses: digest, findings: findings_digest, parts, word_lists, read_by })?;
    write(folder, FINDINGS, &findings)?;
    let manifest = run.manifest()?;
    let mut planted = planted(&suite.probes, root)?;
    planted.retain(|id, _| gauges.iter().any(|model| id.ends_with(&format!("/{model}"))));
    let judging = folder.join(rate::judge::FOLDER);
    let judging = if judging.is_dir() { Some((Manifest::read(&judging)?, Run::open(&judging)?.joined()?)) } else { None };
    let judges = judging.map(|(manifest, joined)| (manifest, joined.prompts, joined.rows));
    let judges = judges.as_ref().map(|(manifest, prompts, rows)| (manifest, pointing(prompts, rows)));
    let gathered = gather(Gathering {
        suite,
        manifest: &manifest,
        findings: &findings,
        rows: &rows,
        never_asked: &run.never_asked()?,
        measurements: &measurements,
        robustness,
        scorers: &scorers,
        records: &records,
        judges: judges.as_ref().map(|(manifest, rows)| (*manifest, rows.as_slice())),
        agreement: rated.agreement,
        detectable,
        planted,
    });
    write(folder, REPORT, &gathered)?;
    Ok(findings)
}

/// What the detectors of `lupe.toml` say of the answers, where there are any.
fn detect(folder: &Path, detectors: &Detectors, rows: &[Answer<'_>]) -> Result<Vec<Detectable>> {
    if detectors.is_empty() {
        return Ok(Vec::new());
    }
    let detections = detectors.look(folder, rows);
    detectable::write(folder, &detections)?;
    Ok(detectable::detectable(&detections, detectors.domains(), rows))
}

/// Known truth, for the calibration chart; there is none without the reference models.
#[cfg(feature = "local")]
fn planted(probes: &[Probe], root: Option<&Path>) -> Result<BTreeMap<String, f64>> {
    crate::reference::study::planted(probes, root)
}

/// Known truth, for the calibration chart; there is none without the reference models.
#[cfg(not(feature = "local"))]
fn planted(_: &[Probe], _: Option<&Path>) -> Result<BTreeMap<String, f64>> {
    Ok(BTreeMap::new())
}

/// `model/probe` -> digest of the answers.
fn parts(rows: &[(Request, &Prompt, Response)]) -> BTreeMap<String, String> {
    let mut hashers: BTreeMap<String, blake3::Hasher> = BTreeMap::new();
    for (request, prompt, response) in rows {
        let hasher = hashers.entry(format!("{}/{}", request.model, prompt.probe)).or_default();
        for part in [request.id.as_str(), response.outcome.as_str(), &response.text, &format!("{:?}", response.choices)] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        if let Some(file) = &response.file {
            hasher.update(file.blake3.as_bytes());
        }
    }
    digests(hashers)
}

/// `model/probe/attribute` -> digest of what people and judges said: an answer that is rated after a look is a new datum.
fn rated_parts(rows: &[(Request, &Prompt, Response)], rated: &Rated) -> BTreeMap<String, String> {
    let places: BTreeMap<&str, (&str, &str)> =
        rows.iter().map(|(request, prompt, _)| (request.id.as_str(), (request.model.as_str(), prompt.probe.as_str()))).collect();
    let mut hashers: BTreeMap<String, blake3::Hasher> = BTreeMap::new();
    for measurement in &rated.measurements {
        let Some((model, probe)) = places.get(measurement.request.as_str()) else { continue };
        let hasher = hashers.entry(format!("{model}/{probe}/{}", measurement.measure)).or_default();
        hasher.update(format!("{} {} {:?}\n", measurement.request, measurement.scorer, measurement.value).as_bytes());
    }
    digests(hashers)
}

fn digests(hashers: BTreeMap<String, blake3::Hasher>) -> BTreeMap<String, String> {
    hashers.into_iter().map(|(part, hasher)| (part, hasher.finalize().to_hex()[..32].to_owned())).collect()
}

/// Every answer with its prompt.
pub fn pointing<'a>(prompts: &'a [Prompt], rows: &[(Request, usize, Response)]) -> Vec<Answer<'a>> {
    rows.iter().map(|(request, prompt, response)| (request.clone(), &prompts[*prompt], response.clone())).collect()
}

/// The suite of a run as it was planned, with the prompts as the models got them, and everything that was asked.
///
/// # Errors
/// When a file or the store cannot be read.
pub fn answers(run: &Run) -> Result<(Suite, Joined)> {
    let joined = run.joined()?;
    let mut suite: Suite = read(run.folder(), SUITE)?;
    for probe in &mut suite.probes {
        probe.prompts = joined.prompts.iter().filter(|prompt| prompt.probe == probe.id).cloned().collect();
    }
    Ok((suite, joined))
}

/// How many other states of each part were looked at before.
fn earlier(manifest: &Manifest, parts: &BTreeMap<String, String>) -> BTreeMap<String, u32> {
    let count = |part: &String, now: &String| {
        let states: BTreeSet<&String> = manifest.looks.iter().filter_map(|look| look.parts.get(part)).filter(|then| *then != now).collect();
        u32::try_from(states.len()).unwrap_or(u32::MAX)
    };
    parts.iter().map(|(part, now)| (part.clone(), count(part, now))).filter(|(_, count)| *count > 0).collect()
}

/// Whether the run in `folder` has findings.
pub fn is_analysed(folder: &Path) -> bool {
    folder.join(FINDINGS).is_file() && folder.join(REPORT).is_file()
}

/// Write the page of an analysed run, and its charts as SVG and PNG files; the page's path.
///
/// # Errors
/// When the run is not analysed or a file cannot be written.
pub fn report(folder: &Path, language: Language) -> Result<PathBuf> {
    let input: ReportInput = read(folder, REPORT)?;
    let charts = folder.join("charts");
    std::fs::create_dir_all(&charts).into_diagnostic().wrap_err_with(|| charts.display().to_string())?;
    for chart in report::charts(&input, language) {
        let file = charts.join(format!("{}-{}", chart.file, language.code()));
        chart.chart.write_svg(&file.with_extension("svg"))?;
        chart.chart.write_png(&file.with_extension("png"))?;
    }
    let path = folder.join(format!("report-{}.html", language.code()));
    run::write_whole(&path, report::render(&input, language)?.as_bytes())?;
    Ok(path)
}

/// Every response read by the scorers that its probe names.
fn measure(probes: &[Probe], scorers: &[&dyn Scorer], rows: &[(Request, &Prompt, Response)]) -> Vec<Measurement> {
    let mut all = Vec::new();
    for probe in probes {
        let scorers: Vec<_> = scorers.iter().copied().filter(|scorer| probe.scorers.iter().any(|id| id == scorer.id())).collect();
        let of_probe: Vec<_> = rows.iter().filter(|(_, prompt, _)| prompt.probe == probe.id).map(|(_, p, r)| (*p, r)).collect();
        all.extend(score::score(&scorers, &of_probe));
    }
    all
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
