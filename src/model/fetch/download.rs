//! One file, piece by piece, over several connections. In: a hub, a listed file, a [`Part`]. Out: every piece of the part written, or the
//! reason why not; what was written stays either way.

use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::StatusCode;

use super::digest::Digest;
use super::hub::{Hub, Patience, Reply, Trouble, text};
use super::part::{Part, Piece};
use super::{Event, FetchError, ModelName};
use crate::stats::rng::Random;

/// Bytes read from a connection at a time.
const BUFFER: usize = 1 << 16;

/// What is fetched, and who watches.
pub(super) struct Job<'a> {
    pub hub: &'a Hub,
    /// The model at its commit.
    pub name: &'a ModelName,
    pub file: &'a str,
    pub digest: &'a Digest,
    pub patience: Patience,
    pub connections: usize,
    pub tell: &'a (dyn Fn(Event) + Sync),
    pub stop: &'a AtomicBool,
}

/// How a round of work ended.
enum Round {
    Complete,
    /// The hub sends whole files only.
    NoRanges,
}

/// Fetch the missing pieces of `part`.
pub(super) fn download(job: &Job<'_>, part: &Part) -> Result<(), FetchError> {
    match in_parallel(job, part)? {
        Round::Complete => Ok(()),
        Round::NoRanges => as_a_whole(job, part),
    }
}

fn in_parallel(job: &Job<'_>, part: &Part) -> Result<Round, FetchError> {
    let queue = Mutex::new(part.missing().iter().copied().collect::<VecDeque<_>>());
    let halt = AtomicBool::new(false);
    let end: Mutex<Result<Round, FetchError>> = Mutex::new(Ok(Round::Complete));
    let work = || {
        while let Some(index) = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            match fetch_piece(job, part, index, &halt) {
                Ok(Round::Complete) => {}
                other => {
                    // The first reason counts; the others stop because of it.
                    if !halt.swap(true, Ordering::SeqCst) {
                        *end.lock().unwrap_or_else(PoisonError::into_inner) = other;
                    }
                }
            }
            if halt.load(Ordering::SeqCst) {
                break;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..job.connections.clamp(1, part.missing().len().max(1)) {
            scope.spawn(work);
        }
    });
    end.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn fetch_piece(job: &Job<'_>, part: &Part, index: usize, halt: &AtomicBool) -> Result<Round, FetchError> {
    let mut piece = part.piece(index)?;
    let mut attempts = Attempts::new(job.patience, job.file, index);
    let stopped = || job.stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed);
    while !piece.rest().is_empty() {
        let before = piece.rest().start;
        let round = job.hub.open(job.name, job.file, Some(piece.rest())).and_then(|reply| {
            job.check_identity(&reply, part.size())?;
            match reply.response.status() {
                StatusCode::PARTIAL_CONTENT => check_range(job, &reply, &piece.rest(), part.size())?,
                _ if part.pieces() > 1 || piece.rest().start > 0 => return Ok(Round::NoRanges),
                _ => check_length(job, &reply, part.size())?,
            }
            copy(job, reply, &mut piece, &stopped).map(|()| Round::Complete)
        });
        let arrived = piece.rest().start - before;
        (job.tell)(Event::Arrived(arrived));
        match round {
            Ok(Round::NoRanges) => return Ok(Round::NoRanges),
            Ok(Round::Complete) => {}
            Err(trouble) => attempts.failed(trouble, arrived > 0, job.tell, &stopped)?,
        }
    }
    piece.finish()?;
    Ok(Round::Complete)
}

/// For hubs that ignore ranges: the whole file in one stream, as often as it takes; each finished piece is kept.
fn as_a_whole(job: &Job<'_>, part: &Part) -> Result<(), FetchError> {
    let mut wanted: Vec<bool> = vec![false; part.pieces()];
    part.missing().iter().for_each(|index| wanted[*index] = true);
    let mut attempts = Attempts::new(job.patience, job.file, part.pieces());
    let stopped = || job.stop.load(Ordering::Relaxed);
    while wanted.contains(&true) {
        let before = wanted.iter().filter(|wanted| **wanted).count();
        let round = job.hub.open(job.name, job.file, None).and_then(|reply| {
            job.check_identity(&reply, part.size())?;
            check_length(job, &reply, part.size())?;
            let host = reply.host;
            let mut body = reply.response.into_body().into_reader();
            for (index, wanted) in wanted.iter_mut().enumerate() {
                // A piece that is there already has to be read past.
                let mut piece = part.piece(index).map_err(Trouble::lasting)?;
                copy_body(job, &host, &mut body, piece.rest(), &stopped, &mut |bytes| if *wanted { piece.write(bytes) } else { Ok(()) })?;
                if std::mem::take(wanted) {
                    (job.tell)(Event::Arrived(piece.rest().start - part.range(index).start));
                    piece.finish().map_err(Trouble::lasting)?;
                }
            }
            Ok(())
        });
        let progress = wanted.iter().filter(|wanted| **wanted).count() < before;
        if let Err(trouble) = round {
            attempts.failed(trouble, progress, job.tell, &stopped)?;
        }
    }
    Ok(())
}

/// Move bytes of the answer to the piece until one of them ends.
fn copy(job: &Job<'_>, reply: Reply, piece: &mut Piece<'_>, stopped: &dyn Fn() -> bool) -> Result<(), Trouble> {
    let host = reply.host;
    let mut body = reply.response.into_body().into_reader();
    let rest = piece.rest();
    copy_body(job, &host, &mut body, rest, stopped, &mut |bytes| piece.write(bytes))
}

/// Read exactly as many bytes as `range` has; an end before that is trouble.
fn copy_body(
    job: &Job<'_>,
    host: &str,
    body: &mut impl Read,
    range: Range<u64>,
    stopped: &dyn Fn() -> bool,
    write: &mut dyn FnMut(&[u8]) -> Result<(), FetchError>,
) -> Result<(), Trouble> {
    let mut buffer = vec![0; BUFFER];
    let mut left = range.end - range.start;
    while left > 0 {
        if stopped() {
            return Err(Trouble::lasting(FetchError::Stopped));
        }
        let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        match body.read(&mut buffer[..room]) {
            Ok(0) => return Err(Trouble::passing(job.cut(host, "the answer ended too soon"))),
            Ok(count) => {
                write(&buffer[..count]).map_err(Trouble::lasting)?;
                left -= count as u64;
            }
            Err(error) => return Err(Trouble::passing(job.cut(host, &error.to_string()))),
        }
    }
    Ok(())
}

impl Job<'_> {
    fn cut(&self, host: &str, problem: &str) -> FetchError {
        FetchError::Unreachable { host: host.to_owned(), problem: format!("{} was cut: {problem}", self.file) }
    }

    fn wrong_length(&self, reply: &Reply, expected: u64, found: String) -> Trouble {
        let (host, file) = (reply.host.clone(), self.file.to_owned());
        Trouble::passing(FetchError::WrongLength { host, file, expected, found })
    }

    /// The hub's own headers must be about the file that it listed.
    fn check_identity(&self, reply: &Reply, size: u64) -> Result<(), Trouble> {
        let same_kind = |found: &&Digest| std::mem::discriminant(*found) == std::mem::discriminant(self.digest);
        if let Some(found) = reply.digest.as_ref().filter(same_kind).filter(|found| *found != self.digest) {
            let (file, expected, found) = (self.file.to_owned(), self.digest.hex().to_owned(), found.hex().to_owned());
            return Err(Trouble::lasting(FetchError::WrongHash { file, expected, found }));
        }
        match reply.size.filter(|found| *found != size) {
            Some(found) => Err(self.wrong_length(reply, size, found.to_string())),
            None => Ok(()),
        }
    }
}

/// A part of the file must be the one that was asked for, or its beginning.
fn check_range(job: &Job<'_>, reply: &Reply, asked: &Range<u64>, size: u64) -> Result<(), Trouble> {
    let header = text(reply.response.headers(), "content-range").unwrap_or_default();
    let wrong = || job.wrong_length(reply, size, format!("`Content-Range: {header}` for bytes {} to {}", asked.start, asked.end - 1));
    let (start, end, of) = content_range(header).ok_or_else(wrong)?;
    if start != asked.start || end > asked.end || end <= start || of.is_some_and(|of| of != size) {
        return Err(wrong());
    }
    match reply.response.body().content_length().filter(|length| *length > asked.end - start) {
        Some(length) => Err(job.wrong_length(reply, asked.end - start, format!("{length} in this piece"))),
        None => Ok(()),
    }
}

/// A whole file must be as long as listed; one of unknown length is counted as it comes.
fn check_length(job: &Job<'_>, reply: &Reply, size: u64) -> Result<(), Trouble> {
    match reply.response.body().content_length().filter(|length| *length != size) {
        Some(length) => Err(job.wrong_length(reply, size, length.to_string())),
        None => Ok(()),
    }
}

/// `bytes 5-9/100` is (5, 10, 100); the last is absent where it says `*`.
fn content_range(header: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, of) = header.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let of = if of == "*" { None } else { Some(of.parse().ok()?) };
    Some((first.parse().ok()?, last.parse::<u64>().ok()?.checked_add(1)?, of))
}

/// Counts attempts that brought nothing, and waits between them.
pub(super) struct Attempts {
    patience: Patience,
    failures: u32,
    rng: Random,
}

impl Attempts {
    /// `label` and `index` only make the pauses of several connections differ.
    pub fn new(patience: Patience, label: &str, index: usize) -> Self {
        Self { patience, failures: 0, rng: Random::new(index as u64, label) }
    }

    /// Wait before the next attempt, or say that there is none.
    pub fn failed(
        &mut self,
        trouble: Trouble,
        progress: bool,
        tell: &(dyn Fn(Event) + Sync),
        stopped: &dyn Fn() -> bool,
    ) -> Result<(), FetchError> {
        let Trouble { error, passing, wait } = trouble;
        self.failures = if progress { 1 } else { self.failures + 1 };
        if !passing || self.failures >= self.patience.attempts {
            return Err(error);
        }
        let doubled = self.patience.pause.saturating_mul(1 << (self.failures - 1).min(16));
        let pause = wait.unwrap_or(doubled.mul_f64(1.0 + 0.5 * self.rng.uniform())).min(self.patience.longest);
        tell(Event::Trouble { problem: error.to_string(), pause });
        let until = Instant::now() + pause;
        while Instant::now() < until {
            if stopped() {
                return Err(FetchError::Stopped);
            }
            std::thread::sleep(until.saturating_duration_since(Instant::now()).min(Duration::from_millis(50)));
        }
        if stopped() { Err(FetchError::Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_is_read_with_and_without_the_length_of_the_whole() {
        assert_eq!(content_range("bytes 5-9/100"), Some((5, 10, Some(100))));
        assert_eq!(content_range("bytes 0-0/*"), Some((0, 1, None)));
        for header in ["", "bytes */100", "bytes 5-/100", "5-9/100", "bytes 5-9", "bytes 0-18446744073709551615/1"] {
            assert_eq!(content_range(header), None, "{header}");
        }
    }

    #[test]
    fn pauses_grow_honour_what_the_hub_asks_and_end() {
        let milliseconds = Duration::from_millis;
        let patience = Patience { attempts: 5, pause: milliseconds(4), longest: milliseconds(20), silence: milliseconds(1) };
        let pauses = Mutex::new(Vec::new());
        let tell = |event| {
            if let Event::Trouble { pause, .. } = event {
                pauses.lock().unwrap().push(pause);
            }
        };
        let mut attempts = Attempts::new(patience, "x", 0);
        let mut fail =
            |wait, progress| attempts.failed(Trouble { wait, ..Trouble::passing(FetchError::NoEndpoint) }, progress, &tell, &|| false);
        for _ in 0..4 {
            fail(None, false).unwrap();
        }
        // A byte that arrived starts the count anew; a hub that asks for an hour gets the longest pause.
        fail(Some(Duration::from_secs(3600)), true).unwrap();
        (0..3).for_each(|_| fail(Some(Duration::ZERO), false).unwrap());
        assert!(matches!(fail(None, false), Err(FetchError::NoEndpoint)));
        let pauses = pauses.into_inner().unwrap();
        for (pause, least) in pauses.iter().zip([4, 8, 16, 20, 20]) {
            assert!((milliseconds(least)..=milliseconds(least * 3 / 2).min(patience.longest)).contains(pause), "{pauses:?}");
        }
        assert!(pauses[5..].iter().all(Duration::is_zero), "{pauses:?}");
    }
}
