//! How far a fetch is: a bar where there is a terminal, else plain lines. In: events. Out: words on standard error.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Event;

/// Pause between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows bytes, rate and remaining time.
pub struct Meter {
    bar: Option<ProgressBar>,
    total: u64,
    lines: Mutex<Lines>,
}

struct Lines {
    start: Instant,
    last: Instant,
    /// Bytes there, those from before included.
    done: u64,
    resumed: u64,
}

impl Meter {
    /// A meter for so many bytes.
    pub fn new(total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style =
                ProgressStyle::with_template("{bar:32} {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let now = Instant::now();
        Self { bar, total, lines: Mutex::new(Lines { start: now, last: now, done: 0, resumed: 0 }) }
    }

    /// Take note of an event.
    pub fn event(&self, event: Event) {
        match event {
            Event::File { name, resumed } if resumed > 0 => {
                self.say(&format!("{name}: {} are here from before", DecimalBytes(resumed)));
                self.lines.lock().unwrap_or_else(PoisonError::into_inner).resumed += resumed;
                self.arrived(resumed);
            }
            Event::File { .. } => {}
            Event::Waiting { name } => self.say(&format!("{name}: another process is fetching it; waiting")),
            Event::Arrived(count) => self.arrived(count),
            Event::Trouble { problem, pause } => self.say(&format!("{problem}; again in {:.1} s", pause.as_secs_f64())),
            Event::Checking { name } => self.say(&format!("{name}: checking its hash")),
        }
    }

    /// Leave the last state on the screen.
    pub fn finish(&self) {
        match &self.bar {
            Some(bar) => bar.abandon(),
            None => eprintln!("{}", self.lines.lock().unwrap_or_else(PoisonError::into_inner).state(self.total)),
        }
    }

    fn arrived(&self, count: u64) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.done += count;
        match &self.bar {
            Some(bar) => bar.inc(count),
            None if lines.last.elapsed() >= LINE_EVERY => {
                lines.last = Instant::now();
                eprintln!("{}", lines.state(self.total));
            }
            None => {}
        }
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }
}

impl Lines {
    /// `80 MB of 200 MB, 12 MB/s`: the rate is that of what arrived now.
    fn state(&self, total: u64) -> String {
        let rate = (self.done - self.resumed) as f64 / self.start.elapsed().as_secs_f64().max(1e-3);
        format!("{} of {}, {}/s", DecimalBytes(self.done), DecimalBytes(total), DecimalBytes(rate as u64))
    }
}
