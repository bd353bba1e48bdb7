//! Many workers on one machine: child processes with a share each, watched and joined by the parent.
//!
//! Processes rather than threads: a crash takes one worker along and not the run, every worker has its own thread pool of one, and
//! `--jobs` here does exactly what an array of shards does on a cluster.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use super::work::OpenModel;
use super::{Event, LostWorker, Meter, RunError, Share, Summary, gather, work};

/// Lines of a worker's standard error that are kept for the case that it breaks down.
const LAST_WORDS: usize = 30;

/// Answer the open packs of the run in `folder` in this process, and join what comes of it.
///
/// # Errors
/// As [`gather`] and [`work`].
pub fn run_here(folder: &Path, open: &mut OpenModel<'_>, stop: &AtomicBool, meter: &mut Meter) -> Result<Summary, RunError> {
    gather(folder)?;
    let worked = work(folder, Share::ALL, open, stop, &mut |event| meter.event(event));
    meter.finish();
    let summary = worked?;
    gather(folder)?;
    Ok(summary)
}

/// Answer the open packs of the run in `folder` with `jobs` worker processes, and join what comes of it.
///
/// `make_command` gives the command that calls [`work`] on a share with [`super::report_line`] as its report; it must also call
/// [`super::stop_when_parent_is_gone`]. Standard streams and thread count are set here. When `stop` is set, the workers are told to finish
/// their packs. Stores left by earlier workers, however many they were, are joined first, so nothing is answered twice.
///
/// # Errors
/// When a worker cannot be started, or as [`gather`]. A worker that breaks down is no error but stands in [`Summary::lost`].
pub fn supervise(
    folder: &Path,
    mut jobs: u32,
    make_command: impl Fn(Share) -> Command,
    stop: &AtomicBool,
    meter: &mut Meter,
) -> Result<Summary, RunError> {
    let mut whole = Summary::default();
    loop {
        gather(folder)?;
        let (sender, news) = mpsc::channel();
        let mut workers = Vec::new();
        for share in Share::split(jobs.max(1)) {
            workers.push(Worker::start(share, make_command(share), &sender)?);
        }
        drop(sender);
        let round = watch(&mut workers, &news, stop, meter)?;
        // A worker that left some of its part of a budget cannot hand it on: what is left is shared out again, at last to one alone.
        let (is_spent, was_idle) = (!round.unpaid.is_empty() && !round.stopped, round.packs == 0);
        whole.add(round);
        if !is_spent || was_idle && jobs <= 1 {
            break;
        }
        jobs = if was_idle { 1 } else { jobs };
        meter.next_round();
    }
    meter.finish();
    gather(folder)?;
    Ok(whole)
}

/// What a worker process says.
enum News {
    /// A line of its standard output.
    Event(Event),
    /// A line of its standard error.
    Words(usize, String),
}

struct Worker {
    share: Share,
    /// Dropped with its standard input still open, it sees the end of it and stops.
    child: Child,
    words: Vec<String>,
}

impl Worker {
    fn start(share: Share, mut command: Command, news: &Sender<News>) -> Result<Self, RunError> {
        command.env("RAYON_NUM_THREADS", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let failed = |problem: String| RunError::Spawn { share: share.to_string(), problem };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let index = share.index() as usize - 1;
        if let Some(out) = child.stdout.take() {
            // Lines that are no events (a library that prints) are passed on as words.
            let parse = move |line: String| serde_json::from_str(&line).map_or_else(|_| News::Words(index, line), News::Event);
            listen(out, news.clone(), parse);
        }
        if let Some(err) = child.stderr.take() {
            listen(err, news.clone(), move |line| News::Words(index, line));
        }
        Ok(Self { share, child, words: Vec::new() })
    }
}

/// Send every line of `stream` as news until it ends.
fn listen(stream: impl Read + Send + 'static, news: Sender<News>, make: impl Fn(String) -> News + Send + 'static) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            if news.send(make(String::from_utf8_lossy(&line).into_owned())).is_err() {
                break;
            }
        }
    });
}

/// Follow the workers until the last one has closed its streams, then see how each ended.
fn watch(workers: &mut [Worker], news: &mpsc::Receiver<News>, stop: &AtomicBool, meter: &mut Meter) -> Result<Summary, RunError> {
    let mut summary = Summary::default();
    let mut left = 0usize;
    loop {
        match news.recv_timeout(Duration::from_millis(50)) {
            Ok(News::Event(event)) => {
                meter.event(&event);
                match event {
                    Event::Started { requests, already } => {
                        left += requests;
                        summary.already += already;
                    }
                    Event::Pack { requests, .. } => {
                        summary.packs += 1;
                        summary.requests += requests;
                    }
                    Event::Problem(problem) => summary.problems.push(problem),
                    Event::Unpaid { model, requests } => *summary.unpaid.entry(model).or_default() += requests,
                }
            }
            Ok(News::Words(index, line)) => {
                let words = &mut workers[index].words;
                words.push(line);
                if words.len() > LAST_WORDS {
                    words.remove(0);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if stop.load(Ordering::SeqCst) {
            workers.iter_mut().for_each(|worker| drop(worker.child.stdin.take()));
        }
    }
    for worker in workers {
        let share = worker.share;
        let status = worker.child.wait().map_err(|error| RunError::Spawn { share: share.to_string(), problem: error.to_string() })?;
        if !status.success() {
            summary.lost.push(LostWorker { share, status: status.to_string(), words: worker.words.join("\n") });
        }
    }
    summary.problems.sort_by(|one, other| (&one.model, &one.pack).cmp(&(&other.model, &other.pack)));
    summary.stopped = stop.load(Ordering::SeqCst) && summary.requests < left;
    Ok(summary)
}
