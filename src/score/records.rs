//! Validation records at hand: `datasets/validation/*.toml`, the user's before the built-in ones.

use std::collections::BTreeMap;
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
    /// Word lists that are the user's: path -> blake3 of the file.
    pub word_lists: BTreeMap<String, String>,
}

/// Read all records. Those that came with Lupe hold for the word lists that came with it: where the user changed a list, its scorer keeps only
/// the records that are the user's own.
///
/// # Errors
/// A file that cannot be read, or whose matrices do not fit its categories.
pub fn records(root: Option<&Path>) -> Result<Records, RecordError> {
    let mut all = Records::default();
    let broken = |path: &str, problem: String| RecordError { path: path.to_owned(), problem };
    let changed = super::changed_lists(root).map_err(|error| broken("datasets", error.to_string()))?;
    for path in assets::list("datasets/validation", root).map_err(|error| broken("datasets/validation", error.to_string()))? {
        let bytes = assets::read(&path, root).map_err(|error| broken(&path, error.to_string()))?.unwrap_or_default();
        let own = assets::is_changed(&path, root).map_err(|error| broken(&path, error.to_string()))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| broken(&path, error.to_string()))?;
        if text.lines().any(|line| line.trim() == "[pearson]") {
            let record: AgreementRecord = toml::from_str(text).map_err(|error| broken(&path, error.to_string()))?;
            if own || !reads_by(&changed, &record.scorer) {
                all.numbers.push(record);
            }
            continue;
        }
        let record: ValidationRecord = toml::from_str(text).map_err(|error| broken(&path, error.to_string()))?;
        let sides = record.categories.len();
        let fits = |rows: &[Vec<u64>]| rows.len() == sides && rows.iter().all(|row| row.len() == sides + 1);
        if let Some(group) = record.groups.iter().find(|group| !fits(&group.counts)) {
            return Err(broken(&path, format!("the matrix of group `{}` is not {sides} by {}", group.group, sides + 1)));
        }
        if own || !reads_by(&changed, &record.scorer) {
            all.categories.push(record);
        }
    }
    all.word_lists = changed;
    Ok(all)
}

/// Whether the scorer reads by one of the changed lists.
fn reads_by(changed: &BTreeMap<String, String>, scorer: &str) -> bool {
    let mut lists = super::all().iter().filter(|known| known.id() == scorer).flat_map(|scorer| scorer.lists());
    lists.any(|path| changed.contains_key(*path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_came_with_lupe_do_not_vouch_for_a_list_that_the_user_changed() {
        let root = tempfile::tempdir().unwrap();
        assets::write_all(root.path(), false).unwrap();
        let of = |records: &Records, scorer: &str| records.numbers.iter().filter(|record| record.scorer == scorer).count();
        let whole = records(Some(root.path())).unwrap();
        assert!(of(&whole, "word-lists") > 0 && whole == records(None).unwrap());
        let list = root.path().join("datasets/words/warmth-de.tsv");
        std::fs::write(&list, "lemma\tclass\tweight\tirregular\nherzlich\tadj\t1\n").unwrap();
        let own = root.path().join("datasets/validation/warmth-reference-de.toml");
        let text = std::fs::read_to_string(&own).unwrap();
        let left = records(Some(root.path())).unwrap();
        assert_eq!(of(&left, "word-lists"), 0);
        assert_eq!(left.categories, whole.categories, "other scorers keep theirs");
        std::fs::write(&own, format!("# measured here\n{text}")).unwrap();
        assert_eq!(of(&records(Some(root.path())).unwrap(), "word-lists"), 1);
    }
}
