//! Limits that all workers of this machine keep together: how many requests at once, how many a minute.
//!
//! The processes meet in a folder of lock files: a slot is a file that is locked for the time of a request (a killed worker's lock goes with
//! it), and a file holds the moment at which the next request may begin. The clock serves waiting alone; no time is stored with answers.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::model::Limits;
use crate::store::hash_id;

/// How often a worker looks whether a slot has become free.
const LOOK: Duration = Duration::from_millis(20);

/// The gate before one model.
pub(super) struct Gate {
    folder: PathBuf,
    slots: u32,
    interval: Option<Duration>,
}

/// Held while a request is on its way.
pub(super) struct Pass {
    _slot: Option<File>,
}

impl Gate {
    /// The gate before the model that `identity` names.
    pub(super) fn new(identity: &[String], limits: &Limits) -> Self {
        let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
        let name = hash_id(identity.iter().map(String::as_str).chain([user.as_str()]));
        Self {
            folder: std::env::temp_dir().join(format!("lupe-gate-{name}")),
            slots: limits.concurrency.map_or(0, std::num::NonZeroU32::get),
            interval: limits.requests_per_minute.map(|rate| Duration::from_secs_f64(60.0 / f64::from(rate.get()))),
        }
    }

    /// Wait until a request may begin.
    pub(super) fn enter(&self) -> std::io::Result<Pass> {
        if self.slots == 0 && self.interval.is_none() {
            return Ok(Pass { _slot: None });
        }
        std::fs::create_dir_all(&self.folder)?;
        let slot = if self.slots > 0 { Some(self.slot()?) } else { None };
        if let Some(interval) = self.interval {
            std::thread::sleep(self.reserve(interval)?);
        }
        Ok(Pass { _slot: slot })
    }

    fn slot(&self) -> std::io::Result<File> {
        loop {
            for slot in 0..self.slots {
                let file = self.open(&format!("slot-{slot}"))?;
                if file.try_lock().is_ok() {
                    return Ok(file);
                }
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Take the next moment at which a request may begin; returns how far off it is.
    fn reserve(&self, interval: Duration) -> std::io::Result<Duration> {
        let mut file = self.open("next")?;
        file.lock()?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let next = text.trim().parse().map_or(now, Duration::from_micros).max(now);
        // A clock that was set back must not hold anybody up for hours.
        let start = next.min(now + Duration::from_secs(3600));
        file.set_len(0)?;
        file.rewind()?;
        write!(file, "{}", (start + interval).as_micros())?;
        Ok(start - now)
    }

    fn open(&self, name: &str) -> std::io::Result<File> {
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(self.folder.join(name))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    use super::*;

    fn limits(concurrency: Option<u32>, rate: Option<u32>) -> Limits {
        Limits {
            concurrency: concurrency.and_then(std::num::NonZeroU32::new),
            requests_per_minute: rate.and_then(std::num::NonZeroU32::new),
            ..Limits::default()
        }
    }

    #[test]
    fn never_more_requests_at_once_than_permitted() {
        let identity = [format!("test {:?}", Instant::now())];
        let (inside, most) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    let _pass = Gate::new(&identity, &limits(Some(2), None)).enter().unwrap();
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(50));
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 2);
    }

    #[test]
    fn requests_of_all_workers_begin_at_the_rate_permitted() {
        let identity = [format!("test {:?}", Instant::now())];
        let start = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| drop(Gate::new(&identity, &limits(None, Some(600))).enter().unwrap()));
            }
        });
        // The first at once, then one each tenth of a second.
        assert!(start.elapsed() >= Duration::from_millis(290), "{:?}", start.elapsed());
    }
}
