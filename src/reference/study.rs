//! The reference models at work: train them, check them against what is written, make the records of their domain, and the study of coverage.
//!
//! In: the files at hand (grammar, demo suite, models). Out: model folders, validation records, tables in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use miette::{Context, IntoDiagnostic, Result, miette};
use rayon::prelude::*;
use serde::Serialize;

use super::check::{self, Cell, Contrasted};
use super::measured::measured;
use super::{MODELS, Reference, coverage as draws, grammar, make, records, tokens, train, validation};
use crate::analyse::{self, Finding, Frames, Input, Looks, Verdict};
use crate::assets;
use crate::audit;
use crate::model::candle::{CandleBackend, Files, largest_distance};
use crate::probe::{Probe, Role, Suite};
use crate::run::request_seed;
use crate::score;
use crate::store::{Measurement, Prompt, Request, Response, Task};

/// Largest distance of exact from planted, and the share of cells that must keep it.
const CLOSE: f64 = 0.03;
const SHARE_CLOSE: f64 = 0.95;
/// Largest distance of log-probabilities between two implementations of one model.
const SAME: f32 = 1e-4;
/// Bounds of the line of measured on planted.
const SLOPE: (f64, f64) = (0.95, 1.05);
const LEAST_R_SQUARED: f64 = 0.98;
/// Least lower bound of the pooled coverage.
const LEAST_COVERAGE: f64 = 0.93;

fn read(folder: &str, root: Option<&Path>) -> impl Fn(&str) -> Option<Vec<u8>> {
    let (folder, root) = (folder.to_owned(), root.map(Path::to_owned));
    move |path| assets::read(&format!("{folder}{path}"), root.as_deref()).ok().flatten().map(std::borrow::Cow::into_owned)
}

fn demo(root: Option<&Path>) -> Result<(Suite, grammar::Grammar)> {
    Ok((audit::library(root)?.suite("demo")?, super::grammar(read("", root))?))
}

/// Train the models named (all when none is) into `root`/models/reference. `say` hears of the progress.
///
/// # Errors
/// An unknown name, a broken grammar, files that cannot be written.
pub fn train(models: &[String], root: Option<&Path>, say: &mut dyn FnMut(&str)) -> Result<()> {
    let (suite, grammar) = demo(root)?;
    let prompts: Vec<Prompt> = suite.probes.iter().flat_map(|probe| probe.prompts.iter().cloned()).collect();
    let folder = root.unwrap_or(Path::new(".")).join("models/reference");
    let settings = train::Settings::default();
    let all: Vec<String> = MODELS.map(str::to_owned).to_vec();
    for model in if models.is_empty() { &all } else { models } {
        known(model)?;
        let (start, mut sum) = (Instant::now(), 0.0);
        make(&folder, &grammar, &prompts, model, &settings, |step, loss| {
            sum += loss;
            if (step + 1) % 100 == 0 {
                say(&format!(
                    "{model}: step {} of {}, {:.5} nats above the grammar, {:.0} s",
                    step + 1,
                    settings.steps,
                    sum / 100.0,
                    start.elapsed().as_secs_f64()
                ));
                sum = 0.0;
            }
        })?;
    }
    Ok(())
}

fn known(model: &str) -> Result<()> {
    if MODELS.contains(&model) {
        return Ok(());
    }
    Err(miette!(help = "the reference models are balanced, mild, stereotyped and reversed", "there is no reference model `{model}`"))
}

fn open(model: &str, root: Option<&Path>) -> Result<CandleBackend> {
    let reference = Reference::open(model, read("models/reference/", root))?;
    let tokenizer = reference.tokenizer.as_bytes();
    let files = Files { config: &reference.config, weights: &reference.weights, tokenizer, tokenizer_config: None };
    Ok(CandleBackend::from_files(model, files, None)?)
}

/// Cells and contrasts of one model.
fn exact(model: &str, suite: &Suite, grammar: &grammar::Grammar, root: Option<&Path>) -> Result<(Vec<Cell>, Vec<Contrasted>)> {
    let reference = Reference::open(model, read("models/reference/", root))?;
    let tokenizer = tokens::parse(&reference.tokenizer)?;
    let mut decoder = crate::model::candle::Decoder::load(&reference.config, &reference.weights)?;
    let (mut cells, mut contrasts) = (Vec::new(), Vec::new());
    for probe in &suite.probes {
        let rows = check::exact(grammar, probe, &tokenizer, model, &mut decoder)?;
        cells.extend(check::cells(grammar, probe, model, &rows));
        contrasts.extend(check::contrasts(grammar, probe, model, &rows));
    }
    Ok((cells, contrasts))
}

/// The table of planted, exact and (with a run) measured, and whether all that is promised holds.
///
/// # Errors
/// Models or run that cannot be read.
pub fn check(run: Option<&Path>, root: Option<&Path>) -> Result<(String, bool)> {
    let (suite, grammar) = demo(root)?;
    let per_model: Vec<_> = MODELS.par_iter().map(|model| exact(model, &suite, &grammar, root)).collect::<Result<_>>()?;
    let (cells, contrasts): (Vec<_>, Vec<_>) = per_model.into_iter().unzip();
    let (cells, contrasts): (Vec<Cell>, Vec<Contrasted>) = (cells.concat(), contrasts.concat());
    let frames = run.map(Frames::read).transpose()?;
    let records = score::records(root)?;
    let mut text = String::new();
    let (mut points, mut unmeasured) = (Vec::new(), 0);
    let mut by_measure: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for cell in &cells {
        let probe = suite.probes.iter().find(|probe| probe.id == cell.probe);
        let found = match (&frames, probe) {
            (Some(frames), Some(probe)) => measured(frames, probe, cell, &records)?,
            _ => None,
        };
        unmeasured += usize::from(found.is_none());
        if let Some(found) = found {
            points.push((cell.planted, found.value));
            by_measure.entry(&cell.measure).or_default().push((cell.planted, found.value));
        }
        let found = found.map_or_else(|| "–".to_owned(), |e| format!("{:.3} [{:.3}; {:.3}]", e.value, e.low, e.high));
        let what = cell.category.as_ref().map_or_else(|| cell.measure.clone(), |category| format!("{}={category}", cell.measure));
        let Cell { model, probe, language, arm, planted, exact, .. } = cell;
        let _ = writeln!(
            text,
            "{model:12} {probe:19} {} {arm:24} {what:28} planted {planted:6.3}  exact {exact:6.3}  measured {found}",
            language.code()
        );
    }
    let close = cells.iter().filter(|cell| (cell.exact - cell.planted).abs() <= CLOSE).count();
    let share = close as f64 / cells.len() as f64;
    let off = cells.iter().map(|cell| cell.off_grammar).fold(0.0, f64::max);
    let worst = contrasts
        .iter()
        .filter(|c| c.model == MODELS[0] && c.confirmatory)
        .map(|c| (c.exact - c.null).abs() / c.margin)
        .fold(0.0, f64::max);
    let _ = writeln!(
        text,
        "\nexact within {CLOSE} of planted: {close} of {} cells ({:.1} %); largest mass off the grammar {off:.4}",
        cells.len(),
        100.0 * share
    );
    let _ = writeln!(text, "balanced: largest confirmatory contrast is {worst:.3} of its margin");
    let distance = second_opinion(&suite, root)?;
    let _ = writeln!(text, "decoder against candle-transformers: log-probabilities at most {distance:.1e} apart");
    let mut passed = distance <= SAME && share >= SHARE_CLOSE && worst <= 1.0 / 3.0;
    if let Some(run) = run {
        let (slope, intercept, r_squared) = check::line(&points);
        let _ = writeln!(
            text,
            "measured on planted: slope {slope:.4}, intercept {intercept:.4}, R² {r_squared:.4} over {} cells",
            points.len()
        );
        for (measure, points) in &by_measure {
            let (slope, _, r_squared) = check::line(points);
            let _ = writeln!(text, "  {measure}: slope {slope:.3}, R² {r_squared:.3} over {} cells", points.len());
        }
        let _ = writeln!(text, "{unmeasured} cells are without a measured value in this run");
        passed &= unmeasured == 0 && (SLOPE.0..=SLOPE.1).contains(&slope) && r_squared >= LEAST_R_SQUARED;
        let path = run.join("findings.json");
        let findings: Vec<Finding> = std::fs::read_to_string(&path)
            .into_diagnostic()
            .and_then(|text| serde_json::from_str(&text).into_diagnostic())
            .wrap_err_with(|| path.display().to_string())?;
        let balanced: Vec<&Finding> = findings.iter().filter(|f| f.model == MODELS[0] && f.role == Role::Confirmatory).collect();
        let fair = balanced.iter().filter(|f| f.verdict == Verdict::NoRelevantDifference).count();
        let _ = writeln!(text, "balanced: {fair} of {} confirmatory verdicts are no-relevant-difference", balanced.len());
        passed &= fair == balanced.len() && fair > 0;
    }
    let _ = writeln!(text, "{}", if passed { "all that is promised holds" } else { "NOT all that is promised holds" });
    Ok((text, passed))
}

/// Largest distance of a log-probability between our decoder and candle-transformers, over the models and one prompt of each probe and language.
fn second_opinion(suite: &Suite, root: Option<&Path>) -> Result<f32> {
    let mut largest = 0f32;
    for model in MODELS {
        let reference = Reference::open(model, read("models/reference/", root))?;
        let tokenizer = tokens::parse(&reference.tokenizer)?;
        let mut prefixes = Vec::new();
        for probe in &suite.probes {
            for language in probe.languages() {
                let prompt = probe.prompts.iter().find(|prompt| prompt.language == language);
                prefixes.extend(prompt.map(|prompt| tokens::encode(&tokenizer, prompt.task.text())).transpose()?);
            }
        }
        largest = largest.max(largest_distance(&reference.config, &reference.weights, &prefixes)?);
    }
    Ok(largest)
}

/// What is planted where the reference models were asked: finding id -> value in the unit of the estimate. Empty for any other run.
///
/// # Errors
/// A grammar that cannot be read.
pub fn planted(probes: &[Probe], root: Option<&Path>) -> Result<BTreeMap<String, f64>> {
    let grammar = super::grammar(read("", root))?;
    let mut all = BTreeMap::new();
    for probe in probes.iter().filter(|probe| grammar.part(&probe.id).is_some()) {
        let rows = check::written(&grammar, probe);
        for model in MODELS {
            all.extend(check::contrasts(&grammar, probe, model, &rows).iter().map(|c| (finding_id(c), c.planted)));
        }
    }
    Ok(all)
}

fn finding_id(contrast: &Contrasted) -> String {
    format!("{}/{}/{}/{}", contrast.probe, contrast.hypothesis, contrast.language.code(), contrast.model)
}

/// Write the records of the domain into `root`/datasets/validation; the files written.
///
/// # Errors
/// A broken grammar, or files that cannot be written.
pub fn validate(root: Option<&Path>) -> Result<Vec<PathBuf>> {
    let (suite, grammar) = demo(root)?;
    let rows = validation::rows(&grammar, &suite.probes)?;
    let (categories, numbers) = records::records(&rows, score::all());
    let folder = root.unwrap_or(Path::new(".")).join("datasets/validation");
    std::fs::create_dir_all(&folder).into_diagnostic()?;
    let mut written = Vec::new();
    let mut put = |measure: &str, language: &str, text: String| {
        let path = folder.join(format!("{measure}-{}-{language}.toml", records::DOMAIN));
        std::fs::write(&path, text).into_diagnostic().wrap_err_with(|| path.display().to_string())?;
        written.push(path);
        Ok::<_, miette::Report>(())
    };
    for record in categories {
        put(&record.measure, record.language.code(), toml::to_string(&record).into_diagnostic()?)?;
    }
    for record in numbers {
        put(&record.measure, record.language.code(), toml::to_string(&record).into_diagnostic()?)?;
    }
    Ok(written)
}

/// How often intervals contained the exact value.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// First and last seed.
    pub seeds: (u64, u64),
    /// Intervals looked at: estimates of all findings of all models and seeds.
    pub intervals: u64,
    /// Of these: contain the exact value.
    pub covered: u64,
    /// Their share.
    pub share: f64,
    /// Lower end of its 95 % interval (Clopper and Pearson 1934).
    pub lower: f64,
    /// The same by finding, without language and model.
    pub by_hypothesis: BTreeMap<String, (u64, u64)>,
}

impl Coverage {
    /// Whether the lower bound is what is promised.
    pub fn holds(&self) -> bool {
        self.lower >= LEAST_COVERAGE
    }
}

/// The demo suite on the models named (all when none is) with each of the written-down seeds (or the first so many): answers drawn by the decoder's own sampler, scored and analysed
/// as in any audit, and every finding's interval held against the model's own probabilities.
///
/// # Errors
/// Models that cannot be read.
pub fn coverage(models: &[String], seeds: Option<NonZeroUsize>, root: Option<&Path>, say: &mut dyn FnMut(&str)) -> Result<Coverage> {
    models.iter().try_for_each(|model| known(model))?;
    let (suite, grammar) = demo(root)?;
    let seeds: Vec<u64> = draws::seeds().take(seeds.map_or(usize::MAX, NonZeroUsize::get)).collect();
    let records = score::records(root)?;
    let mut by_hypothesis: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for model in MODELS.into_iter().filter(|model| models.is_empty() || models.iter().any(|named| named == model)) {
        let truth: BTreeMap<String, f64> = exact(model, &suite, &grammar, root)?.1.into_iter().map(|c| (finding_id(&c), c.exact)).collect();
        let backend = open(model, root)?;
        for probe in suite.probes.iter().filter(|p| p.prompts.iter().all(|prompt| matches!(prompt.task, Task::Generate { .. }))) {
            let drawn = draw(&backend, probe, &seeds)?;
            let results = on_threads(seeds.len(), |seed| one_audit(model, probe, &drawn, seed, &records))?;
            for finding in results.into_iter().flatten() {
                let (Some(estimate), Some(&truth)) = (finding.estimate, truth.get(&finding.id)) else { continue };
                let entry = by_hypothesis.entry(format!("{}/{}", finding.probe, finding.hypothesis)).or_default();
                entry.0 += u64::from(estimate.low <= truth && truth <= estimate.high);
                entry.1 += 1;
            }
            say(&format!("{model}: {} done", probe.id));
        }
    }
    let (covered, intervals) = by_hypothesis.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let share = covered as f64 / intervals as f64;
    let lower = crate::stats::interval::clopper_pearson(share, intervals as f64, 0.95).map_err(|error| miette!("{error}"))?.lower;
    Ok(Coverage { seeds: (seeds[0], seeds[seeds.len() - 1]), intervals, covered, share, lower, by_hypothesis })
}

/// `job` of every index below `count`, in order, on as many threads as there are processors. Not rayon's: while an audit waits for polars, a worker
/// of a pool begins another one on top of it, and so on until memory or stack is full.
fn on_threads<T: Send>(count: usize, job: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let indices = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed)).take_while(|index| *index < count);
        indices.map(|index| (index, job(index))).collect::<Vec<_>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let mut done: Vec<(usize, Result<T>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// One prompt's answers for all seeds and repeats, each distinct answer read once.
struct Drawn<'a> {
    prompt: &'a Prompt,
    /// Distinct answers with what was read in them.
    answers: Vec<(Response, Vec<Measurement>)>,
    /// For seed s and repeat r, at s x repeats + r: the answer.
    picks: Vec<usize>,
}

fn draw<'a>(backend: &CandleBackend, probe: &'a Probe, seeds: &[u64]) -> Result<Vec<Drawn<'a>>> {
    let scorers: Vec<_> = score::all().iter().copied().filter(|scorer| probe.scorers.iter().any(|id| id == scorer.id())).collect();
    let (decoder, text) = (backend.decoder(), backend.text());
    let one = |prompt: &'a Prompt| {
        let request_seeds: Vec<u64> =
            seeds.iter().flat_map(|&seed| (0..probe.repeats).map(move |repeat| request_seed(seed, &prompt.pair, repeat))).collect();
        let drawn = draws::draw(decoder, text, prompt.task.text(), probe.sampling, &request_seeds)?;
        let answers = drawn.answers.into_iter().map(|(text, outcome)| {
            let response = Response { text, ..Response::without_answer("", outcome, "") };
            let read = score::score(&scorers, &[(prompt, &response)]);
            (response, read)
        });
        Ok(Drawn { prompt, answers: answers.collect(), picks: drawn.picks })
    };
    probe.prompts.par_iter().map(one).collect()
}

/// The findings of one seed.
fn one_audit(model: &str, probe: &Probe, drawn: &[Drawn], seed: usize, records: &score::Records) -> Result<Vec<Finding>> {
    let (mut rows, mut measurements) = (Vec::new(), Vec::new());
    for one in drawn {
        for repeat in 0..probe.repeats {
            let (response, read) = &one.answers[one.picks[seed * probe.repeats as usize + repeat as usize]];
            let id = format!("{}/{repeat}", one.prompt.id);
            measurements.extend(read.iter().map(|m| Measurement { request: id.clone(), ..m.clone() }));
            let request = Request {
                id: id.clone(),
                prompt: one.prompt.id.clone(),
                model: model.to_owned(),
                fingerprint: String::new(),
                sampling: probe.sampling,
                seed: 0,
                repeat,
            };
            rows.push((request, one.prompt, Response { request: id, ..response.clone() }));
        }
    }
    let frames = Frames::build(&rows, &measurements)?;
    Ok(analyse::analyse(&Input {
        suite: "demo",
        probes: std::slice::from_ref(probe),
        models: &[model.to_owned()],
        gauges: &[model.to_owned()],
        frames: &frames,
        scorers: score::all(),
        records,
        looks: Looks { alpha: 0.05, declared: 1, earlier: BTreeMap::new() },
    })?)
}
