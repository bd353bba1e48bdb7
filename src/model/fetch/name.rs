//! Names of models on a hub. In: what a user writes (`ORG/NAME@REVISION`). Out: a [`ModelName`] that is safe in paths and addresses.

use std::fmt;
use std::str::FromStr;

use super::FetchError;

/// A model and the state of it that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelName {
    /// `ORG/NAME`, or `NAME` alone for the oldest models.
    pub repository: String,
    /// A branch, a tag or a commit.
    pub revision: String,
}

/// What is meant where no revision is written: the branch that models are published on. It is resolved to a commit and shown.
const DEFAULT_REVISION: &str = "main";

impl ModelName {
    /// Whether the revision is a commit (40 hexadecimal digits), which always means the same files.
    pub fn is_pinned(&self) -> bool {
        is_commit(&self.revision)
    }

    /// The same model at another revision.
    pub fn at(&self, revision: &str) -> Self {
        Self { repository: self.repository.clone(), revision: revision.to_owned() }
    }

    /// Its folder in a cache: `models--ORG--NAME`.
    pub fn folder(&self) -> String {
        format!("{FOLDER_PREFIX}{}", self.repository.replace('/', SEPARATOR))
    }

    /// The model that lies in a folder of a cache, at the default revision; `None` when it holds no model.
    pub fn of_folder(folder: &str) -> Option<Self> {
        folder.strip_prefix(FOLDER_PREFIX)?.replace(SEPARATOR, "/").parse().ok()
    }
}

const FOLDER_PREFIX: &str = "models--";
const SEPARATOR: &str = "--";

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.repository, self.revision)
    }
}

impl FromStr for ModelName {
    type Err = FetchError;

    fn from_str(text: &str) -> Result<Self, FetchError> {
        let (repository, revision) = text.split_once('@').unwrap_or((text, DEFAULT_REVISION));
        let parts: Vec<&str> = repository.split('/').collect();
        let sound = parts.len() <= 2 && parts.iter().all(|part| is_word(part) && !part.contains(SEPARATOR));
        match sound && revision.split('/').all(is_word) {
            true => Ok(Self { repository: repository.to_owned(), revision: revision.to_owned() }),
            false => Err(FetchError::Name { text: text.to_owned() }),
        }
    }
}

/// A part of a name: letters, digits, `.`, `_`, `-`; never a step up or a hidden file.
fn is_word(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with(['.', '-'])
        && !part.contains("..")
        && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// 40 hexadecimal digits in lower case.
pub(super) fn is_commit(revision: &str) -> bool {
    revision.len() == 40 && revision.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_and_written_with_its_revision_and_kept_in_one_folder() {
        let name: ModelName = "museum/lupe-135M@v1.0".parse().unwrap();
        assert_eq!((name.repository.as_str(), name.revision.as_str()), ("museum/lupe-135M", "v1.0"));
        assert_eq!(name.to_string(), "museum/lupe-135M@v1.0");
        assert_eq!(name.folder(), "models--museum--lupe-135M");
        assert_eq!(ModelName::of_folder(&name.folder()), Some("museum/lupe-135M".parse().unwrap()));
        assert_eq!("museum/lupe".parse::<ModelName>().unwrap().revision, "main");
        assert!("m/n@refs/pr/3".parse::<ModelName>().is_ok());
    }

    #[test]
    fn a_name_that_could_leave_its_folder_is_refused() {
        for text in ["", "a/b/c", "../b", "a/..", "a/b@", "a/b@../x", "a/b@x//y", "a--b/c", "a/b c", "/b", "a/.b", "a/b?x", "a\\b"] {
            assert!(text.parse::<ModelName>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_whole_commit_pins_a_model() {
        let name = |revision: &str| ModelName { repository: "a/b".into(), revision: revision.into() };
        assert!(name(&"0a".repeat(20)).is_pinned());
        assert!(!name("main").is_pinned() && !name("0a0a0a0").is_pinned() && !name(&"0A".repeat(20)).is_pinned());
    }
}
