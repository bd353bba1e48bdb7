//! The model cache on this machine, in the layout of the Hugging Face tools. In: a model's name. Out: the folder with its files.
//!
//! ```text
//! models--ORG--NAME/refs/REVISION            the commit that a branch or tag meant when it was last asked
//! models--ORG--NAME/blobs/HASH               each content once
//! models--ORG--NAME/snapshots/COMMIT/FILE    links to blobs: what programs open
//! models--ORG--NAME/lupe/COMMIT.json         what Lupe fetched, with hashes
//! ```

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::name::is_commit;
use super::{FetchError, ModelName};

/// Digits of a commit that are enough to find it in the cache.
const SHORT_COMMIT: usize = 7;

/// A cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

/// A model at one commit, as far as it lies in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The model at this commit.
    pub name: ModelName,
    /// Folder with its files.
    pub folder: PathBuf,
}

impl Cache {
    /// The cache in `root`.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The cache that the environment names: `HF_HUB_CACHE`, `HF_HOME`, or their default.
    pub fn from_environment() -> Self {
        Self::from(&|name| std::env::var_os(name))
    }

    fn from(variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let folder = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || folder("HOME").or_else(|| folder("USERPROFILE")).unwrap_or_default();
        let base = || folder("XDG_CACHE_HOME").unwrap_or_else(|| home().join(".cache")).join("huggingface");
        let root = folder("HF_HUB_CACHE").unwrap_or_else(|| folder("HF_HOME").unwrap_or_else(base).join("hub"));
        Self { root }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Folder of all revisions of a model.
    pub fn model(&self, name: &ModelName) -> PathBuf {
        self.root.join(name.folder())
    }

    /// Every model at every commit that is there, in order of names.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        let names: BTreeSet<String> = entries(&self.root).into_iter().collect();
        let names = names.iter().filter_map(|folder| ModelName::of_folder(folder));
        names
            .flat_map(|name| self.commits(&name).into_iter().map(move |commit| name.at(&commit)))
            .map(|name| self.snapshot(&name))
            .collect()
    }

    /// The commits of a model that are there, in order.
    pub fn commits(&self, name: &ModelName) -> BTreeSet<String> {
        entries(&self.model(name).join("snapshots")).into_iter().filter(|commit| is_commit(commit)).collect()
    }

    /// Branches and tags that meant this commit when they were last asked.
    pub fn revisions(&self, name: &ModelName) -> Vec<String> {
        let refs = self.model(name).join("refs");
        let meant = |revision: &String| fs::read_to_string(refs.join(revision)).is_ok_and(|commit| commit.trim() == name.revision);
        let mut revisions: Vec<String> = files_below(&refs).into_iter().filter(meant).collect();
        revisions.sort();
        revisions
    }

    /// The model as it lies here, by what is known here: a commit (its first seven digits are enough), or what a branch or tag meant when it was last
    /// asked.
    ///
    /// # Errors
    /// [`FetchError::NotCached`].
    pub fn find(&self, name: &ModelName) -> Result<Snapshot, FetchError> {
        let absent = || FetchError::NotCached { name: name.clone(), cache: self.root.clone() };
        let commits = self.commits(name);
        let of_ref = || fs::read_to_string(self.model(name).join("refs").join(&name.revision)).ok().map(|text| text.trim().to_owned());
        let begins = || {
            let mut fitting = commits.iter().filter(|commit| name.revision.len() >= SHORT_COMMIT && commit.starts_with(&name.revision));
            fitting.next().filter(|_| fitting.next().is_none()).cloned()
        };
        let commit = if name.is_pinned() { Some(name.revision.clone()) } else { of_ref().or_else(begins) };
        let commit = commit.filter(|commit| commits.contains(commit)).ok_or_else(absent)?;
        Ok(self.snapshot(&name.at(&commit)))
    }

    /// Where the model at its commit lies, or would lie.
    pub(super) fn snapshot(&self, name: &ModelName) -> Snapshot {
        Snapshot { name: name.clone(), folder: self.model(name).join("snapshots").join(&name.revision) }
    }

    /// Where content of this hash lies, or would lie.
    pub(super) fn blob(&self, name: &ModelName, hash: &str) -> PathBuf {
        self.model(name).join("blobs").join(hash)
    }

    /// Wait until no other process, Hugging Face tools among them, works on this content. Held until the file is dropped.
    pub(super) fn lock(&self, name: &ModelName, hash: &str, waiting: &dyn Fn()) -> Result<File, FetchError> {
        let path = self.root.join(".locks").join(name.folder()).join(format!("{hash}.lock"));
        create_folder_of(&path)?;
        let failed = |error: std::io::Error| FetchError::file(&path, &error);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::Error(error)) => Err(failed(error)),
            Err(fs::TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(failed)?;
                Ok(file)
            }
        }
    }

    /// Let `file` of the model at its commit be this content.
    pub(super) fn link(&self, name: &ModelName, file: &str, hash: &str) -> Result<(), FetchError> {
        let path = self.snapshot(name).folder.join(file);
        // Made elsewhere and moved into place: at no moment is a file missing that was there, and the lock on the hash covers both.
        let new = self.model(name).join("lupe").join(format!("{hash}.link"));
        create_folder_of(&path)?;
        create_folder_of(&new)?;
        let failed = |error: std::io::Error| FetchError::file(&path, &error);
        if new.symlink_metadata().is_ok() {
            fs::remove_file(&new).map_err(failed)?;
        }
        // From snapshots/COMMIT/FILE, one step more for each folder in FILE.
        let up = "../".repeat(2 + file.matches('/').count());
        link(&format!("{up}blobs/{hash}"), &self.blob(name, hash), &new).and_then(|()| fs::rename(&new, &path)).map_err(failed)
    }

    /// Note what a branch or tag means.
    pub(super) fn note(&self, revision: &ModelName, commit: &str) -> Result<(), FetchError> {
        write_whole(&self.model(revision).join("refs").join(&revision.revision), commit.as_bytes())
    }
}

impl Snapshot {
    /// Its files, in order.
    pub fn files(&self) -> Vec<String> {
        let mut files = files_below(&self.folder);
        files.sort();
        files
    }

    /// Bytes of its files.
    pub fn size(&self) -> u64 {
        self.files().iter().filter_map(|file| self.folder.join(file).metadata().ok()).map(|data| data.len()).sum()
    }

    /// Whether it can be loaded: `file` if one is named; else a configuration and all its safetensors weights, or a GGUF file.
    pub fn is_complete(&self, file: Option<&str>) -> bool {
        let there = |file: &str| self.folder.join(file).is_file();
        match file {
            Some(file) => there(file),
            None => there("config.json") && self.weights().is_ok() || !self.gguf().is_empty(),
        }
    }

    /// The safetensors files that hold its weights.
    ///
    /// # Errors
    /// The name of a file that is missing or cannot be read.
    pub fn weights(&self) -> Result<Vec<String>, String> {
        let there = |file: &str| self.folder.join(file).is_file();
        if there(WEIGHTS) {
            return Ok(vec![WEIGHTS.to_owned()]);
        }
        let index = fs::read(self.folder.join(INDEX)).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let map = index.as_ref().and_then(|index| index.get("weight_map")).and_then(Value::as_object).ok_or(WEIGHTS)?;
        let shards: BTreeSet<&str> = map.values().filter_map(Value::as_str).collect();
        match shards.iter().find(|shard| !there(shard)) {
            Some(missing) => Err((*missing).to_owned()),
            None => Ok(shards.into_iter().map(str::to_owned).collect()),
        }
    }

    /// Its GGUF files.
    pub fn gguf(&self) -> Vec<String> {
        self.files().into_iter().filter(|file| file.ends_with(".gguf") && self.folder.join(file).is_file()).collect()
    }
}

/// Weights in one file.
pub(super) const WEIGHTS: &str = "model.safetensors";
/// Which of several files holds which weight.
pub(super) const INDEX: &str = "model.safetensors.index.json";

#[cfg(unix)]
fn link(target: &str, _: &Path, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Symbolic links need a privilege elsewhere.
#[cfg(not(unix))]
fn link(_: &str, target: &Path, path: &Path) -> std::io::Result<()> {
    fs::hard_link(target, path).or_else(|_| fs::copy(target, path).map(drop))
}

/// Write a file so that it is never seen half written.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FetchError> {
    create_folder_of(path)?;
    let new = path.with_extension("new");
    fs::write(&new, bytes).and_then(|()| fs::rename(&new, path)).map_err(|error| FetchError::file(path, &error))
}

pub(super) fn create_folder_of(path: &Path) -> Result<(), FetchError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| FetchError::file(folder, &error))
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Paths of the files below a folder, with `/`; links are what they lead to.
fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for name in entries(folder) {
        let path = folder.join(&name);
        match path.is_dir() {
            true => files.extend(files_below(&path).into_iter().map(|below| format!("{name}/{below}"))),
            false => files.push(name),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hugging_face_variables_name_the_cache() {
        let root = |set: &[(&str, &str)]| {
            let set: Vec<(String, OsString)> = set.iter().map(|(name, value)| ((*name).to_owned(), value.into())).collect();
            Cache::from(&|name| set.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())).root
        };
        let home = ("HOME", "/home/k");
        assert_eq!(root(&[home]), Path::new("/home/k/.cache/huggingface/hub"));
        assert_eq!(root(&[home, ("XDG_CACHE_HOME", "/x")]), Path::new("/x/huggingface/hub"));
        assert_eq!(root(&[home, ("HF_HOME", "/h")]), Path::new("/h/hub"));
        assert_eq!(root(&[home, ("HF_HOME", "/h"), ("HF_HUB_CACHE", "/c")]), Path::new("/c"));
        assert_eq!(root(&[home, ("HF_HUB_CACHE", "")]), Path::new("/home/k/.cache/huggingface/hub"));
    }

    #[test]
    fn a_model_is_found_by_branch_commit_or_the_beginning_of_its_commit() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path().to_owned());
        let name: ModelName = "museum/lupe".parse().unwrap();
        let (first, second) = ("0123456".to_owned() + &"a".repeat(33), "0123456".to_owned() + &"b".repeat(33));
        for commit in [&first, &second] {
            fs::create_dir_all(cache.snapshot(&name.at(commit)).folder).unwrap();
        }
        cache.note(&name, &second).unwrap();
        let find = |revision: &str| cache.find(&name.at(revision)).map(|snapshot| snapshot.name.revision).ok();
        assert_eq!(find("main"), Some(second.clone()));
        assert_eq!(find(&first), Some(first.clone()));
        assert_eq!(find("0123456a"), Some(first));
        assert_eq!((find("0123456"), find("012"), find("v1"), find(&"c".repeat(40))), (None, None, None, None));
        assert_eq!(cache.revisions(&name.at(&second)), ["main"]);
        assert_eq!(cache.snapshots().len(), 2);
    }
}
