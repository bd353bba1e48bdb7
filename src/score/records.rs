//! Validation records at hand: `datasets/validation/*.toml`, the user's before the built-in ones.

use std::path::Path;

use super::ValidationRecord;
use super::agreement::AgreementRecord;
use crate::assets;

/// Why a validation record cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{path}: {problem}")]
#[diagnostic(help("`lupe init` writes the records that came with this version"))]
pub struct RecordError {
    path: String,
    problem: String,
}

/// All records at hand, in order of file name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Of measures with categories: they correct rates.
    pub categories: Vec<ValidationRecord>,
    /// Of measures that are numbers: they say how far to trust them.
    pub numbers: Vec<AgreementRecord>,
}

/// Read all records.
///
/// # Errors
/// A file that cannot be read, or whose matrices do not fit its categories.
pub fn records(root: Option<&Path>) -> Result<Records, RecordError> {
    let mut all = Records::default();
    let broken = |path: &str, problem: String| RecordError { path: path.to_owned(), problem };
    for path in assets::list("datasets/validation", root).map_err(|error| broken("datasets/validation", error.to_string()))? {
        let bytes = assets::read(&path, root).map_err(|error| broken(&path, error.to_string()))?.unwrap_or_default();
        let text = std::str::from_utf8(&bytes).map_err(|error| broken(&path, error.to_string()))?;
        if text.lines().any(|line| line.trim() == "[pearson]") {
            all.numbers.push(toml::from_str(text).map_err(|error| broken(&path, error.to_string()))?);
            continue;
        }
        let record: ValidationRecord = toml::from_str(text).map_err(|error| broken(&path, error.to_string()))?;
        let sides = record.categories.len();
        let fits = |rows: &[Vec<u64>]| rows.len() == sides && rows.iter().all(|row| row.len() == sides + 1);
        if let Some(group) = record.groups.iter().find(|group| !fits(&group.counts)) {
            return Err(broken(&path, format!("the matrix of group `{}` is not {sides} by {}", group.group, sides + 1)));
        }
        all.categories.push(record);
    }
    Ok(all)
}
