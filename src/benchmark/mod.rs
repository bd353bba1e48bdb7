//! Benchmarks of the field, from files that the user has: read as ordinary probes and recorded answers, and summed up twice, by the authors'
//! definition and by our own analysis.
//!
//! In: the files as their authors published them. Out: a folder with probes, suite, recordings and `benchmark.json`, on which `run`, `analyse`
//! and `report` work as on any other. A new benchmark is one file here and one line in [`KINDS`]. Definitions and sources: `docs/benchmarks.md`.

mod align;
mod bbq;
mod bec;
mod crows;
mod figure;
mod guise;
mod package;
mod read;
pub mod table;
pub mod weat;
mod wino;
mod winomt;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use figure::{Figure, Ours};
pub use package::{Answer, Recording, Row};
use serde::{Deserialize, Serialize};

use crate::probe::file::{AxisFile, ProbeFile};
use crate::probe::{Bilingual, ProbeErrors};
use crate::run::{Run, RunError};
use crate::score::likelihood::Likelihood;
use crate::score::{Reading, Scorer};
use crate::stats::StatsError;
use crate::store::{Outcome, Response, Value};

/// What an import leaves beside its probes.
pub const FILE: &str = "benchmark.json";

/// What to do when a file cannot be written.
const WRITE: &str = "check that the folder exists, that there is room and that you may write to it";

/// A kind of benchmark.
pub struct Kind {
    /// Name on the command line.
    pub name: &'static str,
    /// The files it needs, in a sentence.
    pub files: &'static str,
    read: fn(&Order) -> Result<Set, BenchmarkError>,
    figures: fn(&serde_json::Value, &[Row]) -> Result<Vec<Figure>, BenchmarkError>,
}

/// All kinds.
pub static KINDS: &[Kind] =
    &[bbq::KIND, bbq::GERMAN, winomt::KIND, crows::KIND, wino::GENDER, wino::BIAS, bec::KIND, guise::KIND, weat::KIND];

/// What is to be imported.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Columns that hold a model's answers; found by themselves if empty.
    pub columns: Vec<String>,
    /// Name of the model whose answers stand in a file of their own.
    pub model: Option<String>,
}

/// A benchmark as it was read.
pub struct Set {
    /// Id of the suite.
    pub suite: String,
    /// Name for readers.
    pub title: Bilingual,
    /// What it is for and what it cannot show.
    pub purpose: Bilingual,
    /// Its probes.
    pub probes: Vec<ProbeFile>,
    /// The axes that they use.
    pub axes: Vec<AxisFile>,
    /// Answers that the files hold.
    pub recordings: Vec<Recording>,
    /// What the figures need to know about each item, as the kind writes it.
    pub items: serde_json::Value,
    /// What a reader should know: one sentence each.
    pub notes: Vec<String>,
}

/// `benchmark.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// Name of the kind.
    pub kind: String,
    /// Id of the suite.
    pub suite: String,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// The figures of the recorded answers.
    pub figures: Vec<Figure>,
    /// What further figures need to know about each item.
    pub items: serde_json::Value,
}

/// What an import made.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What lies in `benchmark.json`.
    pub benchmark: Benchmark,
    /// Number of prompts.
    pub prompts: usize,
    /// The mapping of the recordings, and their models, if there are any.
    pub mapping: Option<(PathBuf, Vec<String>)>,
}

/// Why a benchmark could not be read or written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum BenchmarkError {
    /// A file is missing or not what it should be.
    #[error("{}: {problem}", path.display())]
    #[diagnostic(help("{help}"))]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        help: String,
    },
    /// A line of a file is not what it should be.
    #[error("{}: line {line}: {problem}", path.display())]
    #[diagnostic(help("{help}"))]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        help: String,
    },
    /// The command asks for something that cannot be had.
    #[error("{problem}")]
    #[diagnostic(help("{help}"))]
    Order {
        /// What cannot be had.
        problem: String,
        /// What to do.
        help: String,
    },
    /// An answer belongs to no prompt: the importer itself is wrong.
    #[error("a recorded answer belongs to no prompt of the suite: {place}")]
    #[diagnostic(help("please report this with the first lines of your file"))]
    Lost {
        /// Probe, context and level.
        place: String,
    },
    /// The set does not make sound probes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Probes(#[from] ProbeErrors),
    /// A file cannot be written, or a run not be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
    /// A figure cannot be computed.
    #[error("a figure cannot be computed: {0}")]
    #[diagnostic(help("please report this with the name of the benchmark"))]
    Statistic(#[from] StatsError),
}

impl BenchmarkError {
    fn file(path: &Path, problem: impl std::fmt::Display, help: impl Into<String>) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string(), help: help.into() }
    }

    fn order(problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Order { problem: problem.into(), help: help.into() }
    }
}

/// Read the files of `order` as the benchmark `kind` and write it into `folder`.
///
/// # Errors
/// [`BenchmarkError`]; for files that are not sound nothing is written.
pub fn import(kind: &str, order: &Order, folder: &Path) -> Result<Imported, BenchmarkError> {
    let kind = named(kind)?;
    let set = (kind.read)(order)?;
    let prompts = package::write(&set, folder)?;
    let (mapping, rows) = match set.recordings.is_empty() {
        true => (None, Vec::new()),
        false => {
            let (mapping, rows) = package::record(&set.recordings, &prompts, folder)?;
            (Some((mapping, set.recordings.iter().map(|recording| recording.model.clone()).collect())), rows)
        }
    };
    let figures = summed_up(kind, &set.items, &rows)?;
    let benchmark = Benchmark { kind: kind.name.to_owned(), suite: set.suite, notes: set.notes, figures, items: set.items };
    let words = serde_json::to_string(&benchmark).map_err(|error| BenchmarkError::file(folder, error, WRITE))?;
    package::put(&folder.join(FILE), &words)?;
    Ok(Imported { benchmark, prompts: prompts.len(), mapping })
}

/// The figures of a run of the imported suite in `folder`.
///
/// # Errors
/// The folder is no import, or the run cannot be read.
pub fn figures(folder: &Path, run: &Path) -> Result<Benchmark, BenchmarkError> {
    let path = folder.join(FILE);
    let help = "name the folder that `lupe import` wrote with --root";
    let text = std::fs::read_to_string(&path).map_err(|error| BenchmarkError::file(&path, error, help))?;
    let mut benchmark: Benchmark = serde_json::from_str(&text).map_err(|error| BenchmarkError::file(&path, error, help))?;
    let joined = Run::open(run)?.joined()?;
    let rows: Vec<Row> = joined
        .rows
        .into_iter()
        .map(|(request, prompt, response)| Row { model: request.model, prompt: joined.prompts[prompt].clone(), response })
        .collect();
    benchmark.figures = summed_up(named(&benchmark.kind)?, &benchmark.items, &rows)?;
    Ok(benchmark)
}

fn summed_up(kind: &Kind, items: &serde_json::Value, rows: &[Row]) -> Result<Vec<Figure>, BenchmarkError> {
    let mut figures = if rows.is_empty() { Vec::new() } else { (kind.figures)(items, rows)? };
    figure::decide(&mut figures)?;
    Ok(figures)
}

fn named(name: &str) -> Result<&'static Kind, BenchmarkError> {
    let names = || KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
    let unknown = || BenchmarkError::order(format!("there is no benchmark `{name}`"), format!("there is {}", names()));
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(unknown)
}

fn both(de: &str, en: &str) -> Bilingual {
    Bilingual { de: de.to_owned(), en: en.to_owned() }
}

/// The models of the rows.
fn models(rows: &[Row]) -> BTreeSet<&str> {
    rows.iter().map(|row| row.model.as_str()).collect()
}

/// (probe, context) -> level -> the row of one model: what is compared with each other.
type Pairs<'a> = BTreeMap<(&'a str, &'a str), BTreeMap<&'a str, &'a Row>>;

fn pairs<'a>(rows: &'a [Row], model: &str) -> Pairs<'a> {
    let mut pairs = Pairs::new();
    for row in rows.iter().filter(|row| row.model == model) {
        let level = row.prompt.levels.values().next().map_or("", String::as_str);
        pairs.entry((&row.prompt.probe, &row.prompt.context)).or_default().insert(level, row);
    }
    pairs
}

/// Sum of the natural log-probabilities of a scored text, or why there is none.
fn log_likelihood(row: &Row) -> Result<f64, String> {
    match reading(&Likelihood.read(&row.prompt, &row.response), "log-likelihood", &row.response)? {
        Value::Number(number) => Ok(number),
        _ => Err("not-read".to_owned()),
    }
}

/// What a scorer read of `measure`, or why there is nothing: the outcome of the response, or the reason that the scorer gives.
fn reading(readings: &[Reading], measure: &str, response: &Response) -> Result<Value, String> {
    if !matches!(response.outcome, Outcome::Answered | Outcome::Truncated) {
        return Err(response.outcome.as_str().to_owned());
    }
    match readings.iter().find(|reading| reading.measure == measure).map(|reading| &reading.value) {
        Some(Value::Missing(reason)) => Err(reason.clone()),
        Some(value) => Ok(value.clone()),
        None => Err("not-read".to_owned()),
    }
}

/// Items as they lie in `benchmark.json`.
fn items<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> Result<T, BenchmarkError> {
    let help = "import the benchmark again with this version of Lupe";
    serde_json::from_value(value.clone()).map_err(|error| BenchmarkError::file(Path::new(FILE), error, help))
}

/// Items for `benchmark.json`.
fn stored<T: Serialize>(items: &T) -> Result<serde_json::Value, BenchmarkError> {
    serde_json::to_value(items).map_err(|error| BenchmarkError::file(Path::new(FILE), error, WRITE))
}
