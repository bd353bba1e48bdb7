//! The word lists that scorers read, each once: the user's file before the carried one.
//!
//! In: a path below `datasets/`. Out: what the reader of that kind of list makes of it, kept for the life of the program.

use crate::assets;

/// A word list that cannot be used.
#[derive(Clone, Debug, thiserror::Error, miette::Diagnostic)]
#[error("{path}: {problem}")]
#[diagnostic(help("mend the file, or move it away: the list that came with Lupe is read where there is none of yours"))]
pub struct ListError {
    path: String,
    problem: String,
}

/// Read the list at `path` with `parse`.
///
/// # Errors
/// The file cannot be read, is not UTF-8, or `parse` names a problem.
pub fn read<T>(path: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, ListError> {
    let error = |problem: String| ListError { path: path.to_owned(), problem };
    let bytes = assets::read(path, assets::preferred()).map_err(|problem| error(problem.to_string()))?;
    let bytes = bytes.ok_or_else(|| error("there is no such list".to_owned()))?;
    let text = std::str::from_utf8(&bytes).map_err(|problem| error(format!("save the file as UTF-8: {problem}")))?;
    parse(text.trim_start_matches('\u{feff}')).map_err(error)
}
