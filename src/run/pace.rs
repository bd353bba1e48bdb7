//! How fast one model may be asked: at most so many requests at a time, at most so many a minute, over all workers of a run on this machine.
//!
//! Slots are locked files in the run folder: the system frees a slot when its worker dies. The rate is divided by the number of workers.

use std::fs::{File, TryLockError};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{RunError, Share, folder};
use crate::model::Limits;
use crate::store::hash_id;

/// Pause before slots are tried again.
const AGAIN: Duration = Duration::from_millis(10);

/// The pace of one worker with one model.
pub(super) struct Pace {
    slots: Vec<PathBuf>,
    /// Pause between the beginnings of two requests of this worker.
    interval: Duration,
    last: Option<Instant>,
}

impl Pace {
    /// The pace that `limits` allow a worker with this share.
    ///
    /// # Errors
    /// The folder of the slots cannot be made.
    pub(super) fn new(folder: &Path, model: &str, limits: &Limits, share: Share) -> Result<Self, RunError> {
        let mut slots = Vec::new();
        if let Some(concurrency) = limits.concurrency.map(NonZeroU32::get).filter(|slots| *slots < share.of()) {
            let slot_folder = folder.join(folder::WORKERS).join("slots");
            folder::make(&slot_folder)?;
            // Names of models may hold what file names may not.
            slots = (1..=concurrency).map(|slot| slot_folder.join(format!("{}-{slot}", hash_id([model])))).collect();
        }
        let interval = limits.requests_per_minute.map_or(Duration::ZERO, |rate| Duration::from_secs(60) * share.of() / rate.get());
        Ok(Self { slots, interval, last: None })
    }

    /// Wait until the next request may be sent, or `stop` says that it will not be. The slot is free again when what is returned is dropped.
    ///
    /// # Errors
    /// A slot's file cannot be opened or locked.
    pub(super) fn wait(&mut self, stop: impl Fn() -> bool) -> Result<Option<File>, RunError> {
        while let Some(left) = self.last.and_then(|last| self.interval.checked_sub(last.elapsed())).filter(|left| !left.is_zero()) {
            if stop() {
                return Ok(None);
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
        let slot = loop {
            if self.slots.is_empty() || stop() {
                break None;
            }
            if let Some(slot) = self.free_slot()? {
                break Some(slot);
            }
            std::thread::sleep(AGAIN);
        };
        self.last = Some(Instant::now());
        Ok(slot)
    }

    fn free_slot(&self) -> Result<Option<File>, RunError> {
        for path in &self.slots {
            let file = File::options().create(true).truncate(false).write(true).open(path).map_err(|error| RunError::file(path, &error))?;
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(RunError::file(path, &error)),
            }
        }
        Ok(None)
    }
}
