//! The word lists that scorers read, each once: the user's file before the carried one.
//!
//! In: a path below `datasets/`. Out: what the reader of that kind of list makes of it, kept for the life of the program.

use std::sync::LazyLock;

use crate::assets;
use crate::store::Language;

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

/// What was made of the lists of both languages, each read when it is first used.
pub struct Lists<T: 'static> {
    german: LazyLock<Result<T, ListError>>,
    english: LazyLock<Result<T, ListError>>,
}

impl<T> Lists<T> {
    /// Lists that these functions read.
    pub const fn new(german: fn() -> Result<T, ListError>, english: fn() -> Result<T, ListError>) -> Self {
        Self { german: LazyLock::new(german), english: LazyLock::new(english) }
    }

    /// Reads both.
    ///
    /// # Errors
    /// What is wrong with the first that is broken.
    pub fn check(&self) -> Result<(), ListError> {
        Language::ALL.into_iter().try_for_each(|language| self.open(language).map(drop))
    }

    /// The list of a language.
    ///
    /// # Panics
    /// When it is broken; a program whose user may have changed it calls [`Lists::check`] first.
    pub fn of(&self, language: Language) -> &T {
        self.open(language).expect("lists are checked when the program starts")
    }

    fn open(&self, language: Language) -> Result<&T, ListError> {
        let list = match language {
            Language::De => &self.german,
            Language::En => &self.english,
        };
        list.as_ref().map_err(Clone::clone)
    }
}
