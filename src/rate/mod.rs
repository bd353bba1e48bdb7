//! What people and judging models say about answers, beside what scorers read in them. In: the answers of a run and the questions put to them
//! (attributes that a probe declares, or a scorer's own measure). Out: ratings, and from them measurements and agreement.
//!
//! ```text
//! run ─► draw ─► dialog (or sheet) ─► book: ratings/RATER.jsonl ─┐
//!        judge: a run of its own in judges/ ─────────────────────┴─► vote ─► measurements, agreement
//! ```
//!
//! People see an answer without its model and levels, in an order of their own, and of its prompt only what is not under test, where the rule names it. What they said is never changed, only said anew.

mod agreement;
mod asked;
mod book;
mod dialog;
mod draw;
pub mod judge;
mod question;
mod sheet;
#[cfg(test)]
mod tests;
mod vote;

use std::path::{Path, PathBuf};

pub use agreement::{Agreement, Lean, Who};
pub use book::{Book, Rating, Ratings, Said};
pub use dialog::{Ended, View, dialog};
pub use draw::{Order, Task, draw};
pub use question::{Question, Value, all_questions, of_measure, questions};
pub use sheet::{export, import};
pub use vote::{JUDGES, PEOPLE, Rated, Summary};

use crate::store::{Prompt, Request, Response};

/// One answer of a run.
pub type Answer<'a> = (Request, &'a Prompt, Response);

/// What a rater sees of an answer: its text, or where its file lies.
fn shown(response: &Response, folder: &Path) -> String {
    response.file.as_ref().map_or_else(|| response.text.clone(), |file| folder.join(file.place()).display().to_string())
}

/// Why ratings cannot be read or written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RateError {
    /// A file is missing, in the way, or not what it should be.
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
    /// A name that cannot stand for a rater.
    #[error("`{name}` cannot be the name of a rater")]
    #[diagnostic(help(
        "take a short name that only you know: small letters, digits and hyphens, for instance `amsel-7`; not your real one"
    ))]
    Rater {
        /// The name.
        name: String,
    },
    /// The judges' run cannot be read, or a file not be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] crate::run::RunError),
}

impl RateError {
    fn file(path: &Path, problem: impl std::fmt::Display, help: &str) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string(), help: help.to_owned() }
    }
}
