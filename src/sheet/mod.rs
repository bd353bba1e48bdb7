//! Tools that have nothing but a web page: a person asks them by hand. In: the prompts of a suite. Out: a table to work through with the
//! tool open beside it; and from the filled table a recording that [`crate::model::recorded`] opens.
//!
//! ```text
//! suite ─► draw ─► TABLE.csv, TABLE.json, instructions ─► (a person) ─► TABLE.csv ─► table ─► check ─► mapping.toml, answers.jsonl, files/
//! ```
//!
//! `TABLE.json` says what was to be asked. Nothing that the person's spreadsheet did to the table can therefore take a question away unseen.

mod cells;
mod check;
mod draw;
mod recording;
mod table;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use cells::{escape, unescape};
pub(crate) use draw::separator;
pub use draw::{Drawn, LeftOut, Order, Written, draw, write};
pub use recording::{Imported, import};
use serde::{Deserialize, Serialize};

use crate::store::Language;

/// What was to be asked, as it lies beside the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Version of Lupe that drew it.
    pub lupe: String,
    /// Suite it was drawn from.
    pub suite: String,
    /// Seed of the order.
    pub seed: u64,
    /// The questions, in the order of the table.
    pub rows: Vec<Question>,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// 1-based place in the table.
    pub number: usize,
    /// The prompt's id, a hyphen and the 1-based repeat: unique, and never a number to a spreadsheet.
    pub id: String,
    /// The prompt's id.
    pub prompt: String,
    /// 0-based repeat.
    pub repeat: u32,
    /// What the person asks.
    pub text: String,
}

/// The columns of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Number,
    Id,
    Prompt,
    Answer,
    File,
    Remark,
}

impl Column {
    const ALL: [Column; 6] = [Self::Number, Self::Id, Self::Prompt, Self::Answer, Self::File, Self::Remark];

    fn heading(self, language: Language) -> &'static str {
        let (german, english) = match self {
            Self::Number => ("Nummer", "Number"),
            Self::Id => ("Kennung", "Id"),
            Self::Prompt => ("Frage", "Question"),
            Self::Answer => ("Antwort", "Answer"),
            Self::File => ("Dateiname", "File name"),
            Self::Remark => ("Bemerkung", "Remark"),
        };
        match language {
            Language::De => german,
            Language::En => english,
        }
    }
}

/// What a person writes as the answer of a tool that gave nothing back.
const EMPTY: [&str; 2] = ["(leer)", "(empty)"];

/// What to do when a file cannot be written.
const WRITE: &str = "check that the folder exists, that there is room and that you may write to it";

/// Why a table could not be written or read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SheetError {
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
    /// A file cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] crate::run::RunError),
    /// The rows do not fit what was to be asked.
    #[error("{}: the table cannot be brought in:\n{}", path.display(), problems.iter().map(|problem| format!("  {problem}")).collect::<Vec<_>>().join("\n"))]
    #[diagnostic(help("mend these rows in the table and import it again; nothing was written"))]
    Rows {
        /// The table.
        path: PathBuf,
        /// All that is wrong, each with its rows and what to do.
        problems: Vec<String>,
    },
}

impl SheetError {
    fn file(path: &Path, problem: impl std::fmt::Display, help: impl Into<String>) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string(), help: help.into() }
    }
}

/// The text of a table, however a spreadsheet saved it.
pub(crate) fn text_of(bytes: &[u8]) -> Option<String> {
    cells::decode(bytes).map(|(text, _)| text)
}

/// Rows as people list them: `3`, `3 and 4`, `2, 5–9 and 12`.
pub fn listed(rows: &[usize]) -> String {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows.dedup();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => spans.push((row, row)),
        }
    }
    let words: Vec<String> = spans
        .into_iter()
        .flat_map(|(first, last)| match last - first {
            0 => vec![first.to_string()],
            1 => vec![first.to_string(), last.to_string()],
            _ => vec![format!("{first}–{last}")],
        })
        .collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => words.concat(),
    }
}
