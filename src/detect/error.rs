//! What can go wrong with detectors, and what to do about it.

use std::path::{Path, PathBuf};

/// Why a detector could not be opened, trained, calibrated or evaluated. That one file says nothing is no error but an
/// [`super::material::Abstention`].
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum DetectError {
    /// No detector of this name.
    #[error("there is no detector `{name}`")]
    #[diagnostic(help("{help}"))]
    Unknown {
        /// The name asked for.
        name: String,
        /// What there is, or the nearest name.
        help: String,
    },
    /// A detector was set up with what it cannot use.
    #[error("{problem}")]
    #[diagnostic(help("{help}"))]
    Setup {
        /// What is wrong.
        problem: String,
        /// What to write instead.
        help: String,
    },
    /// A file or folder is missing, broken or of another version.
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
    /// Too few or unfit items.
    #[error("{problem}")]
    #[diagnostic(help("{help}"))]
    Corpus {
        /// What is missing.
        problem: String,
        /// What to do.
        help: String,
    },
    /// A model that the detector needs.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Model(#[from] crate::model::ModelError),
    /// A statistic that does not exist for these items.
    #[error(transparent)]
    Statistics(#[from] crate::stats::StatsError),
}

impl DetectError {
    /// About a file.
    pub fn file(path: &Path, problem: impl ToString, help: &str) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string(), help: help.to_owned() }
    }

    /// About the items at hand.
    pub fn corpus(problem: impl ToString, help: &str) -> Self {
        Self::Corpus { problem: problem.to_string(), help: help.to_owned() }
    }
}
