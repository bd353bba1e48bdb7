//! What can go wrong with a run folder, and what to do about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a run could not be planned, worked, merged or read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RunError {
    /// The operating system refused a file operation.
    #[error("{}: {problem}", path.display())]
    #[diagnostic(help(
        "check that the folder exists, that you may write to it, and that the disk has room; then run the same command again"
    ))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        problem: String,
    },
    /// There is no run in this folder.
    #[error("{} holds no run: there is no store.sqlite", path.display())]
    #[diagnostic(help("plan one with `lupe run`, or name the folder of a run that exists (below reports/)"))]
    NoRun {
        /// The folder.
        path: PathBuf,
    },
    /// The store was written by a newer program.
    #[error("{} has store version {found}; this program knows versions up to {known}", path.display())]
    #[diagnostic(help("use the version of Lupe that wrote the run (manifest.json names it), or a newer one; the store was left as it is"))]
    NewerStore {
        /// The store.
        path: PathBuf,
        /// Version found.
        found: u32,
        /// Newest version that this program reads.
        known: u32,
    },
    /// No room for another pack.
    #[error("{}: the disk is full", path.display())]
    #[diagnostic(help(
        "free some space and run the same command again; every finished pack is stored, only the last one is computed again"
    ))]
    DiskFull {
        /// The store.
        path: PathBuf,
    },
    /// Another process has the store.
    #[error("{}: another process is working on it", path.display())]
    #[diagnostic(help("wait until it has finished its pack, or stop it, then run the same command again; nothing is lost"))]
    Busy {
        /// The store, or the run folder.
        path: PathBuf,
    },
    /// The file is no longer a readable store.
    #[error("{}: the store is damaged ({problem})", path.display())]
    #[diagnostic(help("{}", damaged_help(path)))]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What SQLite said.
        problem: String,
    },
    /// Anything else that SQLite says.
    #[error("{}: {problem}", path.display())]
    #[diagnostic(help("check that the file is a store of this run and that you may read and write it and its folder"))]
    Store {
        /// The store.
        path: PathBuf,
        /// What SQLite said.
        problem: String,
    },
    /// A model of this name is planned with other weights.
    #[error("model `{model}` has changed since this run was planned (fingerprint {planned}, now {found})")]
    #[diagnostic(help("give the changed model another name in this run, or start a new run"))]
    ModelChanged {
        /// Name of the model.
        model: String,
        /// Fingerprint in the plan.
        planned: String,
        /// Fingerprint now.
        found: String,
    },
    /// Two names for one model.
    #[error("models `{first}` and `{second}` are the same (fingerprint {fingerprint})")]
    #[diagnostic(help("name each model once; a comparison of a model with itself says nothing"))]
    SameModel {
        /// One name.
        first: String,
        /// The other.
        second: String,
        /// Their fingerprint.
        fingerprint: String,
    },
    /// The probe's file, or the seed asked for, is not the one the run was planned with.
    #[error("probe `{probe}` has another {what} than this run was planned with ({planned}, now {found})")]
    #[diagnostic(help("start a new run; answers to two versions of a question are not mixed in one"))]
    ProbeChanged {
        /// The probe.
        probe: String,
        /// `version`, `file hash` or `seed`.
        what: &'static str,
        /// As planned.
        planned: String,
        /// As it is now.
        found: String,
    },
    /// Two rows of one id and different content.
    #[error("{}: {table} row {id} is there with other content", path.display())]
    #[diagnostic(help("an id is the hash of its content, so one of the two was not made by this program; start a new run"))]
    RowConflict {
        /// The store.
        path: PathBuf,
        /// Its table.
        table: &'static str,
        /// The id.
        id: String,
    },
    /// Two workers answered one request differently.
    #[error("request {request} of model `{model}` was answered twice, and the answers differ: {} and {}", joined.display(), worker.display())]
    #[diagnostic(help(
        "the model, or one of the machines, is not deterministic. Nothing was joined from the second file: \
         move it away and merge again to keep the first answer, and note it in the report"
    ))]
    Disagreement {
        /// The request.
        request: String,
        /// Its model.
        model: String,
        /// Store with the first answer.
        joined: PathBuf,
        /// Store with the second.
        worker: PathBuf,
    },
    /// A worker's store holds answers to requests that were never planned here.
    #[error("{} answers request {request}, which this run did not plan", path.display())]
    #[diagnostic(help("the file belongs to another run: move it to that run's workers/ folder"))]
    Foreign {
        /// The worker's store.
        path: PathBuf,
        /// The first such request.
        request: String,
    },
    /// Packs are missing.
    #[error("{} is incomplete:\n{}", folder.display(), gap_lines(gaps))]
    #[diagnostic(help(
        "what is there is safe; the same `lupe run` command computes what is missing, with shares the one of the share that is not here yet"
    ))]
    Gaps {
        /// The run folder.
        folder: PathBuf,
        /// What is missing, by model.
        gaps: Vec<Gap>,
    },
    /// The manifest cannot be read.
    #[error("{}: {problem}", path.display())]
    #[diagnostic(help(
        "restore it from a copy. Without one: move it away and run the same command again; it is written anew, only the record of looks is lost"
    ))]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Not a share of a run.
    #[error("`{text}` is no share of a run")]
    #[diagnostic(help("write hash:I/N with I from 1 to N, for instance hash:1/4"))]
    Share {
        /// What was written.
        text: String,
    },
    /// A worker process could not be started.
    #[error("worker {share} could not be started: {problem}")]
    #[diagnostic(help("try fewer jobs; the finished packs are stored"))]
    Spawn {
        /// Its share.
        share: String,
        /// What the system said.
        problem: String,
    },
}

/// What is missing of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The model.
    pub model: String,
    /// Packs without answers, in id order.
    pub packs: Vec<String>,
    /// Packs planned for this model.
    pub planned: usize,
    /// Requests in the missing packs.
    pub requests: usize,
    /// What the last attempts said, each sentence once; empty when the packs were never tried.
    pub reasons: Vec<String>,
}

/// Packs named for each model before the rest is only counted.
const PACKS_NAMED: usize = 5;

fn gap_lines(gaps: &[Gap]) -> String {
    let line = |gap: &Gap| {
        let named = gap.packs.iter().take(PACKS_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = gap.packs.len().saturating_sub(PACKS_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let why = if gap.reasons.is_empty() { "not computed yet".to_owned() } else { gap.reasons.join("; ") };
        format!(
            "  model `{}`: {} of {} packs ({} requests) are missing: {named}{more}\n    {why}",
            gap.model,
            gap.packs.len(),
            gap.planned,
            gap.requests
        )
    };
    gaps.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn damaged_help(path: &Path) -> &'static str {
    if path.parent().and_then(Path::file_name).is_some_and(|name| name == super::folder::WORKERS) {
        "move this file away and run the same command again: only the packs of this one worker are computed again"
    } else {
        "restore the file from a copy. Without one: move it away and run the same command again; the answers that workers/ still holds are kept"
    }
}

impl RunError {
    /// Give SQLite's words the file and the advice that they lack.
    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let (path, problem) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { path, problem },
            _ => Self::Store { path, problem },
        }
    }

    /// The same for the operating system's.
    pub(super) fn file(path: &Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull { path: path.to_owned() },
            _ => Self::File { path: path.to_owned(), problem: error.to_string() },
        }
    }
}
