//! The places in a run folder, the lock on it, and files that appear whole or not at all.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{RunError, Share};
use crate::store::MediaFile;

/// Folder of the workers' stores.
pub(super) const WORKERS: &str = "workers";

/// How long to wait for another process before giving up; a worker that was told to stop still finishes its pack.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The joined store.
pub(super) fn store_path(folder: &Path) -> PathBuf {
    folder.join("store.sqlite")
}

/// The store of one worker.
pub(super) fn worker_path(folder: &Path, share: Share) -> PathBuf {
    folder.join(WORKERS).join(format!("{}-of-{}.sqlite", share.index(), share.of()))
}

/// The workers' stores that lie in `folder`, in name order.
pub(super) fn worker_stores(folder: &Path) -> Result<Vec<PathBuf>, RunError> {
    let workers = folder.join(WORKERS);
    if !workers.is_dir() {
        return Ok(Vec::new());
    }
    let mut stores = Vec::new();
    for entry in std::fs::read_dir(&workers).map_err(|error| RunError::file(&workers, &error))? {
        let path = entry.map_err(|error| RunError::file(&workers, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "sqlite") {
            stores.push(path);
        }
    }
    stores.sort();
    Ok(stores)
}

/// Make `folder` and its parents.
pub(super) fn make(folder: &Path) -> Result<(), RunError> {
    std::fs::create_dir_all(folder).map_err(|error| RunError::file(folder, &error))
}

/// Write `bytes` beside `path` and rename: a reader sees the old file or the new one, never half of it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    write().map_err(|error| {
        // The unfinished neighbour is of no use to anybody; the first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        RunError::file(path, &error)
    })
}

/// Keep the bytes of a file that came back, below the hash that names it. What lies there already is the same.
pub(super) fn keep_media(folder: &Path, file: &MediaFile) -> Result<(), RunError> {
    let path = folder.join(file.place());
    match &file.bytes {
        Some(bytes) if !path.is_file() => {
            make(path.parent().unwrap_or(folder))?;
            write_whole(&path, bytes)
        }
        _ => Ok(()),
    }
}

/// A hold on the run folder. Workers share it; planning and merging have it alone, so that no store is joined while it is written.
/// The system releases it when the process ends, however it ends.
pub(super) struct Lock {
    /// Held for its lifetime.
    _file: File,
}

impl Lock {
    /// For a worker.
    pub(super) fn shared(folder: &Path) -> Result<Self, RunError> {
        Self::acquire(folder, PATIENCE, File::try_lock_shared)
    }

    /// For planning and merging.
    pub(super) fn alone(folder: &Path) -> Result<Self, RunError> {
        Self::alone_within(folder, PATIENCE)
    }

    /// The same with less patience, or more.
    pub(super) fn alone_within(folder: &Path, patience: Duration) -> Result<Self, RunError> {
        Self::acquire(folder, patience, File::try_lock)
    }

    fn acquire(folder: &Path, patience: Duration, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Self, RunError> {
        let path = folder.join(".lock");
        let file = File::options().create(true).append(true).open(&path).map_err(|error| RunError::file(&path, &error))?;
        let start = Instant::now();
        loop {
            match lock(&file) {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => std::thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::WouldBlock) => return Err(RunError::Busy { path: folder.to_owned() }),
                Err(TryLockError::Error(error)) => return Err(RunError::file(&path, &error)),
            }
        }
    }
}
