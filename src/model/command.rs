//! Any program as a model. In: a request as JSON on its standard input. Out: one JSON answer from its standard output.
//!
//! The program is started for each request, in the folder where the user works. It gets `{"prompt", "temperature", "top_p", "max_tokens",
//! "seed"}` and answers `{"text": "…"}`, or `{"outcome": "refused", "text": "…", "detail": "…"}`; `outcome` is one of `answered`, `refused`,
//! `empty`, `truncated` and `failed`. A program that ends with an error, says something else or takes too long has not answered, and the
//! pack stays open.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::settings::Program;
use super::wire::{self, Drawn, Facts, Trouble, Wire};
use super::{Card, Destination, ModelError, Opened, privacy};
use crate::store::{Outcome, Raw, Sampling};

/// Longest answer; a program that writes more is stopped.
const LARGEST: u64 = 16 << 20;

/// Open the model `name`.
///
/// # Errors
/// As [`wire::open`].
pub(super) fn open(name: &str, settings: &Program, root: Option<&Path>) -> Result<Opened, ModelError> {
    let folder = root.unwrap_or(Path::new(".")).to_owned();
    let mut identity = vec!["command".to_owned()];
    identity.extend(settings.command.iter().cloned());
    // A script that was changed is another model.
    identity.extend(settings.command.iter().filter_map(|part| {
        let bytes = std::fs::read(folder.join(part)).ok()?;
        Some(blake3::hash(&bytes).to_hex().to_string())
    }));
    let command = settings.command.join(" ");
    let card = Card::from([("kind".to_owned(), "program".to_owned()), ("command".to_owned(), command.clone())]);
    let limit = Duration::from_secs_f64(settings.limits.timeout_seconds.unwrap_or(120.0));
    let wire = Runner { command: settings.command.clone(), folder, limit, retries: settings.limits.retries.unwrap_or(0) };
    let destination = Destination::Program(command);
    wire::open(Box::new(wire), Facts { name: name.to_owned(), identity, destination, limits: settings.limits, card })
}

struct Runner {
    command: Vec<String>,
    folder: PathBuf,
    limit: Duration,
    retries: u32,
}

#[derive(Serialize)]
struct Question<'a> {
    prompt: &'a str,
    temperature: f64,
    top_p: f64,
    max_tokens: u32,
    seed: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(default)]
    outcome: Option<Outcome>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    detail: String,
}

impl Wire for Runner {
    fn draw(&mut self, text: &str, sampling: Sampling, seed: u64) -> Result<Drawn, Trouble> {
        let Sampling { temperature, top_p, max_tokens } = sampling;
        let question = serde_json::to_string(&Question { prompt: text, temperature, top_p, max_tokens, seed });
        let question = question.map_err(|error| Trouble::Open(error.to_string()))?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.once(&question) {
                Ok((answer, body)) => {
                    let outcome = match answer.outcome {
                        Some(outcome) => outcome,
                        None if answer.text.trim().is_empty() => Outcome::Empty,
                        None => Outcome::Answered,
                    };
                    let raw = Raw { attempts, body, ..Raw::default() };
                    return Ok(Drawn { text: answer.text, outcome, detail: answer.detail, tokens: Vec::new(), raw });
                }
                Err(problem) if attempts > self.retries => return Err(Trouble::Open(problem)),
                Err(_) => {}
            }
        }
    }
}

impl Runner {
    fn once(&self, question: &str) -> Result<(Answer, String), String> {
        let (program, arguments) = self.command.split_first().ok_or("no program is named")?;
        // `./ask` means the one beside lupe.toml, wherever Lupe was started.
        let beside = self.folder.join(program);
        let program = if program.contains(['/', '\\']) { beside.canonicalize().unwrap_or(beside) } else { PathBuf::from(program) };
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if privacy::is_offline() {
            command.env("LUPE_OFFLINE", "1");
        }
        // In a group of its own, so that its children can be stopped with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
        let (send, receive) = mpsc::channel();
        if let Some(mut input) = child.stdin.take() {
            let question = question.to_owned();
            // A program that does not read its input has the right to answer all the same.
            std::thread::spawn(move || drop(writeln!(input, "{question}")));
        }
        let out = read_all(child.stdout.take(), send.clone());
        let err = read_all(child.stderr.take(), send);
        // Both ends closed: it has said what it has to say.
        let deadline = std::time::Instant::now() + self.limit;
        let mut closed = 0;
        while closed < 2 {
            match receive.recv_timeout(deadline.saturating_duration_since(std::time::Instant::now())) {
                Ok(()) => closed += 1,
                Err(_) => break,
            }
        }
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if std::time::Instant::now() < deadline => std::thread::sleep(Duration::from_millis(2)),
                _ => break None,
            }
        };
        if closed < 2 || status.is_none() {
            stop(&mut child);
            return Err(format!("{} took longer than {:?} and was stopped", program.display(), self.limit));
        }
        let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
        let said = String::from_utf8_lossy(&err);
        let said = said.lines().rev().take(5).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" / ");
        let said = if said.is_empty() { String::new() } else { format!("; it said: {said}") };
        if !status.is_some_and(|status| status.success()) {
            let status = status.map_or_else(String::new, |status| status.to_string());
            return Err(format!("{} ended with {status}{said}", program.display()));
        }
        if out.len() as u64 > LARGEST {
            return Err(format!("{} wrote more than {LARGEST} bytes", program.display()));
        }
        let body = String::from_utf8(out).map_err(|_| format!("{} did not answer in UTF-8{said}", program.display()))?;
        let answer =
            serde_json::from_str(&body).map_err(|error| format!("{} did not answer as agreed: {error}{said}", program.display()))?;
        Ok((answer, body.trim_end().to_owned()))
    }
}

/// Read what a program writes, up to one byte more than is allowed, and say when it is at its end.
fn read_all(source: Option<impl Read + Send + 'static>, done: mpsc::Sender<()>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(source) = source {
            // What could be read before an error is all there is.
            let _ = source.take(LARGEST + 1).read_to_end(&mut bytes);
        }
        let _ = done.send(());
        bytes
    })
}

/// Stop a program and its children.
fn stop(child: &mut std::process::Child) {
    #[cfg(unix)]
    {
        // A shell's own `kill`: the program of that name is not everywhere.
        let kill = format!("kill -KILL -{}", child.id());
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}
