//! What was fetched, and whether it is still that. In: a snapshot in the cache. Out: for each file whether its content has the recorded hash.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::cache::{Cache, Snapshot, write_whole};
use super::digest::Digest;
use super::{FetchError, ModelName};

/// Version of the record's format.
const FORMAT: u32 = 1;

/// Where a model came from. Lies beside its snapshots as `lupe/COMMIT.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of this format.
    pub format: u32,
    /// `ORG/NAME`.
    pub model: String,
    /// The revision that was asked for.
    pub revision: String,
    /// The commit that it meant.
    pub commit: String,
    /// The hub that was asked.
    pub endpoint: String,
    /// The hosts that sent the files, where some had to be fetched.
    pub served_by: Vec<String>,
    /// When.
    pub fetched: jiff::Timestamp,
    /// The files with sizes and hashes as the hub listed them.
    pub files: Vec<RecordedFile>,
}

/// A file in a [`Record`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFile {
    /// Path within the model.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 (64 digits) of the content, or its git blob SHA-1 (40 digits).
    pub hash: String,
}

impl Record {
    /// A record of now, without files.
    pub(super) fn new(asked: &ModelName, commit: &str, endpoint: &str) -> Self {
        Self {
            format: FORMAT,
            model: asked.repository.clone(),
            revision: asked.revision.clone(),
            commit: commit.to_owned(),
            endpoint: endpoint.to_owned(),
            served_by: Vec::new(),
            fetched: jiff::Timestamp::now(),
            files: Vec::new(),
        }
    }

    /// The record of a model at its commit; `None` where another program fetched it.
    ///
    /// # Errors
    /// [`FetchError::File`] when there is one that cannot be read.
    pub fn read(cache: &Cache, name: &ModelName) -> Result<Option<Self>, FetchError> {
        let path = path(cache, name);
        let unreadable = |problem: String| FetchError::File { path: path.clone(), problem };
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| unreadable(error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(error.to_string())),
        }
    }

    /// Write it, with the files of an earlier one that it does not name itself.
    pub(super) fn write(mut self, cache: &Cache, name: &ModelName) -> Result<(), FetchError> {
        let earlier = Self::read(cache, name).ok().flatten().map(|earlier| earlier.files).unwrap_or_default();
        let new = earlier.into_iter().filter(|old| self.files.iter().all(|file| file.name != old.name)).collect::<Vec<_>>();
        self.files.extend(new);
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
        let path = path(cache, name);
        let text = serde_json::to_string_pretty(&self);
        let text = text.map_err(|error| FetchError::File { path: path.clone(), problem: error.to_string() })?;
        write_whole(&path, text.as_bytes())
    }
}

fn path(cache: &Cache, name: &ModelName) -> PathBuf {
    cache.model(name).join("lupe").join(format!("{}.json", name.revision))
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Its content is the recorded one.
    Sound,
    /// Its content is another.
    Changed {
        /// Hash recorded.
        recorded: String,
        /// Hash now.
        found: String,
    },
    /// It is recorded and not there.
    Missing,
    /// Nothing is recorded about it.
    Unrecorded,
}

/// Hash every file of a snapshot again. What Lupe fetched has a record; what other programs fetched lies under its hash.
///
/// # Errors
/// A file or the record cannot be read.
pub fn check(cache: &Cache, snapshot: &Snapshot, tell: &mut dyn FnMut(&str, &State)) -> Result<Vec<(String, State)>, FetchError> {
    let recorded = Record::read(cache, &snapshot.name)?.map(|record| record.files).unwrap_or_default();
    let mut names = snapshot.files();
    names.extend(recorded.iter().map(|file| file.name.clone()));
    names.sort();
    names.dedup();
    let mut states = Vec::new();
    for name in names {
        let path = snapshot.folder.join(&name);
        let of_record = recorded.iter().find(|file| file.name == name).and_then(|file| Digest::parse(&file.hash));
        let of_link = || Digest::parse(fs::read_link(&path).ok()?.file_name()?.to_str()?);
        let state = match of_record.or_else(of_link) {
            _ if !path.is_file() => State::Missing,
            None => State::Unrecorded,
            Some(digest) => match digest.of_same_kind(&path).map_err(|error| FetchError::file(&path, &error))? {
                found if found == digest => State::Sound,
                found => State::Changed { recorded: digest.hex().to_owned(), found: found.hex().to_owned() },
            },
        };
        tell(&name, &state);
        states.push((name, state));
    }
    Ok(states)
}
