//! The files that the binary carries: probes, datasets and reference models, and the rule that the user's files come first.
//!
//! In: a path relative to the root, always with `/` (`probes/axes/gender.toml`). Out: bytes, from `<root>/<path>` if there is such a file, else
//! from the binary.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use include_dir::{Dir, DirEntry, include_dir};

static PROBES: Dir = include_dir!("$CARGO_MANIFEST_DIR/probes");
static DATASETS: Dir = include_dir!("$CARGO_MANIFEST_DIR/datasets");
static REFERENCE_MODELS: Dir = include_dir!("$CARGO_MANIFEST_DIR/models/reference");

/// Each carried folder with its path.
fn folders() -> [(&'static str, &'static Dir<'static>); 3] {
    [("probes", &PROBES), ("datasets", &DATASETS), ("models/reference", &REFERENCE_MODELS)]
}

/// The user's folder for what is read once and kept (word lists).
static PREFERRED: OnceLock<PathBuf> = OnceLock::new();

/// Let what is read once and kept come from `root` first. The program says so at its start; later calls change nothing.
pub fn prefer(root: &Path) {
    let _ = PREFERRED.set(root.to_owned());
}

/// The folder named with [`prefer`].
pub fn preferred() -> Option<&'static Path> {
    PREFERRED.get().map(PathBuf::as_path)
}

/// Whether the user has a file at `path` that says something else than the carried one.
///
/// # Errors
/// As [`read`].
pub fn is_changed(path: &str, root: Option<&Path>) -> io::Result<bool> {
    Ok(read(path, root)?.as_deref() != carried(path))
}

/// The bytes at `path`: the user's file under `root` if it exists, else the carried one, else `None`.
///
/// # Errors
/// The user's file exists and cannot be read: an unreadable file is never replaced silently.
pub fn read(path: &str, root: Option<&Path>) -> io::Result<Option<Cow<'static, [u8]>>> {
    if let Some(root) = root {
        match std::fs::read(root.join(path)) {
            Ok(bytes) => return Ok(Some(Cow::Owned(bytes))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(carried(path).map(Cow::Borrowed))
}

fn carried(path: &str) -> Option<&'static [u8]> {
    folders().into_iter().find_map(|(folder, dir)| {
        let inner = path.strip_prefix(folder)?.strip_prefix('/')?;
        dir.get_file(inner).map(|file| file.contents())
    })
}

/// Paths of all files under `folder` (`probes/axes`), the user's and the carried ones, in order.
///
/// # Errors
/// A folder of the user cannot be listed.
pub fn list(folder: &str, root: Option<&Path>) -> io::Result<BTreeSet<String>> {
    let prefix = format!("{folder}/");
    let mut paths: BTreeSet<String> = all_carried().into_iter().map(|(path, _)| path).filter(|path| path.starts_with(&prefix)).collect();
    if let Some(root) = root {
        walk(&root.join(folder), folder, &mut paths)?;
    }
    Ok(paths)
}

fn walk(folder: &Path, name: &str, paths: &mut BTreeSet<String>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(file) = entry.file_name().into_string() else { continue };
        if file.starts_with('.') {
            continue;
        }
        let path = format!("{name}/{file}");
        if entry.path().is_dir() {
            walk(&entry.path(), &path, paths)?;
        } else {
            paths.insert(path);
        }
    }
    Ok(())
}

/// Every carried file, hidden ones left out.
fn all_carried() -> Vec<(String, &'static [u8])> {
    fn collect(folder: &str, dir: &'static Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(inner) => collect(folder, inner, files),
                DirEntry::File(file) => {
                    let inner: Vec<_> = file.path().iter().map(|part| part.to_string_lossy()).collect();
                    if inner.last().is_some_and(|name| !name.starts_with('.')) {
                        files.push((format!("{folder}/{}", inner.join("/")), file.contents()));
                    }
                }
            }
        }
    }
    let mut files = Vec::new();
    for (folder, dir) in folders() {
        collect(folder, dir, &mut files);
    }
    files.sort();
    files
}

/// What [`write_all`] did with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was not there and is now.
    New,
    /// It was there with the same content.
    Same,
    /// It was there with other content and stays as it is.
    Kept,
    /// It was there with other content and was replaced, as forced.
    Replaced,
}

/// Write every carried file below `target`; files that are there stay unless `force`.
///
/// # Errors
/// A file or folder cannot be written; what was written before stays.
pub fn write_all(target: &Path, force: bool) -> io::Result<Vec<(PathBuf, Written)>> {
    let mut written = Vec::new();
    for (path, bytes) in all_carried() {
        let file = target.join(&path);
        let state = match std::fs::read(&file) {
            Ok(there) if there == bytes => Written::Same,
            Ok(_) if force => Written::Replaced,
            Ok(_) => Written::Kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Written::New,
            Err(error) => return Err(error),
        };
        if matches!(state, Written::New | Written::Replaced) {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&file, bytes)?;
        }
        written.push((file, state));
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENDER: &str = "probes/axes/gender.toml";

    #[test]
    fn the_users_file_comes_before_the_carried_one() {
        let root = tempfile::tempdir().unwrap();
        let carried = read(GENDER, Some(root.path())).unwrap().unwrap();
        assert_eq!(carried, read(GENDER, None).unwrap().unwrap());
        std::fs::create_dir_all(root.path().join("probes/axes")).unwrap();
        std::fs::write(root.path().join(GENDER), "mine").unwrap();
        assert_eq!(read(GENDER, Some(root.path())).unwrap().unwrap().as_ref(), b"mine");
    }

    #[test]
    fn a_copy_is_no_change_and_an_edited_file_is() {
        let root = tempfile::tempdir().unwrap();
        write_all(root.path(), false).unwrap();
        assert!(!is_changed(GENDER, Some(root.path())).unwrap());
        std::fs::write(root.path().join(GENDER), "mine").unwrap();
        assert!(is_changed(GENDER, Some(root.path())).unwrap());
        assert!(!is_changed(GENDER, None).unwrap());
    }

    #[test]
    fn a_file_that_nobody_has_is_none() {
        assert_eq!(read("probes/axes/nothing.toml", None).unwrap(), None);
        assert_eq!(read("probes", None).unwrap(), None);
        assert_eq!(read("", None).unwrap(), None);
    }

    #[test]
    fn lists_hold_the_users_and_the_carried_files_once() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("probes/axes")).unwrap();
        std::fs::write(root.path().join("probes/axes/größe.toml"), "").unwrap();
        std::fs::write(root.path().join(GENDER), "").unwrap();
        let paths = list("probes/axes", Some(root.path())).unwrap();
        assert!(paths.contains("probes/axes/größe.toml") && paths.contains("probes/axes/epoch.toml"));
        assert_eq!(paths.len(), list("probes/axes", None).unwrap().len() + 1);
    }

    #[test]
    fn writing_everything_keeps_what_the_user_changed_unless_forced() {
        let target = tempfile::tempdir().unwrap();
        let first = write_all(target.path(), false).unwrap();
        assert!(first.iter().all(|(_, state)| *state == Written::New) && !first.is_empty());
        let mine = target.path().join(GENDER);
        std::fs::write(&mine, "mine").unwrap();
        let state = |written: Vec<(PathBuf, Written)>| written.into_iter().find(|(path, _)| *path == mine).unwrap().1;
        assert_eq!(state(write_all(target.path(), false).unwrap()), Written::Kept);
        assert_eq!(std::fs::read(&mine).unwrap(), b"mine");
        assert_eq!(state(write_all(target.path(), true).unwrap()), Written::Replaced);
        assert_eq!(state(write_all(target.path(), false).unwrap()), Written::Same);
    }
}
