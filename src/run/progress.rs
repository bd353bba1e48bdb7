//! How far the work is: events from workers, and the bar or the lines that show them.
//!
//! A worker process writes its events to standard output, one JSON object a line; the parent reads them back and feeds one [`Meter`].

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};

/// Pause between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Something that happened to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// It knows what to do.
    Started {
        /// Requests to be answered now.
        requests: usize,
        /// Requests of its share that were answered before.
        already: usize,
    },
    /// A pack is committed.
    Pack {
        /// The model.
        model: String,
        /// Requests in the pack.
        requests: usize,
        /// Seconds it took.
        seconds: f64,
    },
    /// A pack could not be answered.
    Problem(Problem),
    /// The budget of a model is spent.
    Unpaid {
        /// The model.
        model: String,
        /// Requests that are left.
        requests: usize,
    },
}

/// A pack that could not be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The model.
    pub model: String,
    /// The pack.
    pub pack: String,
    /// Why.
    pub message: String,
}

/// Write `event` to standard output for the parent process. Where the parent is gone nobody listens, and that is no error: the watcher of
/// standard input stops the worker.
pub fn report_line(event: &Event) {
    if let Ok(line) = serde_json::to_string(event) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

/// Shows progress in requests, with rate and remaining time.
pub struct Meter {
    face: Face,
    start: Instant,
    total: usize,
    done: usize,
    problems: usize,
}

enum Face {
    Bar(ProgressBar),
    Lines { last: Instant },
    None,
}

impl Meter {
    /// A bar where standard error is a terminal, else a plain line every few seconds.
    pub fn new() -> Self {
        let face = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:32} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(500));
            Face::Bar(bar)
        } else {
            Face::Lines { last: Instant::now() }
        };
        Self::with(face)
    }

    /// Shows nothing.
    pub fn silent() -> Self {
        Self::with(Face::None)
    }

    fn with(face: Face) -> Self {
        Self { face, start: Instant::now(), total: 0, done: 0, problems: 0 }
    }

    /// Take note of an event.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Started { requests, .. } => {
                // The time before the first worker knows its share is no time of work.
                if self.total == 0 {
                    self.start = Instant::now();
                }
                self.total += requests;
            }
            Event::Pack { requests, .. } => self.done += requests,
            Event::Unpaid { .. } => {}
            Event::Problem(problem) => {
                self.problems += 1;
                // The first of a kind is told at once; the full list comes at the end.
                if self.problems <= 3 {
                    self.say(&format!("model `{}`: pack {} could not be answered: {}", problem.model, problem.pack, problem.message));
                }
            }
        }
        self.show(false);
    }

    /// What is left will be counted again, by workers that begin anew.
    pub(super) fn next_round(&mut self) {
        self.total = self.done;
    }

    /// Print a line without breaking the bar.
    pub fn say(&self, line: &str) {
        match &self.face {
            Face::Bar(bar) => bar.suspend(|| eprintln!("{line}")),
            Face::Lines { .. } => eprintln!("{line}"),
            Face::None => {}
        }
    }

    /// Show the last state and leave it there.
    pub fn finish(&mut self) {
        self.show(true);
        if let Face::Bar(bar) = &self.face {
            bar.abandon();
        }
    }

    fn show(&mut self, now: bool) {
        let line = state(self.done, self.total, self.problems, self.start.elapsed());
        match &mut self.face {
            Face::Bar(bar) => {
                bar.set_length(self.total as u64);
                bar.set_position(self.done as u64);
                bar.set_message(line);
            }
            Face::Lines { last } if now || last.elapsed() >= LINE_EVERY => {
                *last = Instant::now();
                eprintln!("{line}");
            }
            Face::Lines { .. } | Face::None => {}
        }
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

/// The state in words: `1200 of 8000 requests, 240/s, 28 s left`.
fn state(done: usize, total: usize, problems: usize, elapsed: Duration) -> String {
    let mut words = format!("{done} of {total} requests");
    let seconds = elapsed.as_secs_f64();
    if done > 0 && seconds > 0.0 {
        let rate = done as f64 / seconds;
        words += &if rate >= 10.0 { format!(", {rate:.0}/s") } else { format!(", {rate:.1}/s") };
        if done < total {
            words += &format!(", {} left", span((total - done) as f64 / rate));
        } else {
            words += &format!(", in {}", span(seconds));
        }
    }
    match problems {
        0 => words,
        1 => words + ", 1 pack failed",
        many => words + &format!(", {many} packs failed"),
    }
}

/// A span of time as people say it.
fn span(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_names_rate_and_remaining_time_once_there_is_a_rate() {
        let after = |done, problems, seconds| state(done, 8000, problems, Duration::from_secs(seconds));
        assert_eq!(after(0, 0, 3), "0 of 8000 requests");
        assert_eq!(after(1200, 0, 5), "1200 of 8000 requests, 240/s, 28 s left");
        assert_eq!(after(10, 1, 20), "10 of 8000 requests, 0.5/s, 4 h 26 min left, 1 pack failed");
        assert_eq!(after(4000, 2, 100), "4000 of 8000 requests, 40/s, 1 min 40 s left, 2 packs failed");
        assert_eq!(after(8000, 0, 61), "8000 of 8000 requests, 131/s, in 1 min 01 s");
        assert_eq!(state(0, 0, 0, Duration::ZERO), "0 of 0 requests");
    }

    #[test]
    fn events_survive_the_pipe() {
        let problem = Problem { model: "ä\n".into(), pack: "p".into(), message: "\"no\"".into() };
        for event in [
            Event::Started { requests: 3, already: 4 },
            Event::Pack { model: "m".into(), requests: 2, seconds: 0.25 },
            Event::Problem(problem),
            Event::Unpaid { model: "m".into(), requests: 2 },
        ] {
            let line = serde_json::to_string(&event).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
        }
    }
}
