//! Validation records at hand: `datasets/validation/*.toml`, the user's before the built-in ones.

use std::path::Path;

use super::ValidationRecord;
use crate::assets;

/// Why a validation record cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{path}: {problem}")]
#[diagnostic(help("`lupe init` writes the records that came with this version"))]
pub struct RecordError {
    path: String,
    problem: String,
}

/// All records, in order of file name.
///
/// # Errors
/// A file that cannot be read, or whose matrices do not fit its categories.
pub fn records(root: Option<&Path>) -> Result<Vec<ValidationRecord>, RecordError> {
    let mut all = Vec::new();
    let broken = |path: &str, problem: String| RecordError { path: path.to_owned(), problem };
    for path in assets::list("datasets/validation", root).map_err(|error| broken("datasets/validation", error.to_string()))? {
        let bytes = assets::read(&path, root).map_err(|error| broken(&path, error.to_string()))?.unwrap_or_default();
        let text = std::str::from_utf8(&bytes).map_err(|error| broken(&path, error.to_string()))?;
        let record: ValidationRecord = toml::from_str(text).map_err(|error| broken(&path, error.to_string()))?;
        let sides = record.categories.len();
        let fits = |rows: &[Vec<u64>]| rows.len() == sides && rows.iter().all(|row| row.len() == sides + 1);
        if let Some(group) = record.groups.iter().find(|group| !fits(&group.counts)) {
            return Err(broken(&path, format!("the matrix of group `{}` is not {sides} by {}", group.group, sides + 1)));
        }
        all.push(record);
    }
    Ok(all)
}
