//! The questions in a terminal, or in a pipe. In: tasks, a rater's book, lines typed. Out: ratings in the book, words on the screen.
//!
//! Keys are read as lines: a number, `0` for "cannot tell", `u` to go back, `q` to stop. What was said before is skipped, so the same command goes on
//! where it stopped.

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Book, RateError, Rating, Said, Task, shown};
use crate::lang::harmless;
use crate::lang::wording::Wording;
use crate::run::clock;
use crate::store::Response;

/// How tasks are shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The run folder, where files lie that came back.
    pub folder: &'a Path,
    /// Program that opens them; their path is shown in any case.
    pub opener: Option<&'a str>,
    /// Words around the answer.
    pub wording: &'a Wording,
    /// Show what the tool was asked, which gives away the level under test.
    pub with_prompt: bool,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything is rated.
    Done,
    /// The rater stopped, with so many answers left.
    Stopped(usize),
}

enum Typed {
    Said(Said),
    Back,
    Stop,
    Unknown,
}

/// Put every task that is not rated yet.
///
/// # Errors
/// When a rating cannot be written down, or the terminal is gone.
pub fn dialog(
    tasks: &[Task<'_>],
    book: &mut Book,
    view: View<'_>,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<Ended, RateError> {
    let gone = |error: std::io::Error| RateError::file(Path::new("terminal"), error, "what was said is kept; start again to go on");
    let is_open = |book: &Book, task: &Task<'_>| book.said(&task.question.attribute, &task.answer.0.id).is_none();
    let mut index = 0;
    // A task that was gone back to is shown although it is rated.
    let mut again = false;
    while let Some(task) = tasks.get(index) {
        if !again && !is_open(book, task) {
            index += 1;
            continue;
        }
        let left = tasks.iter().filter(|task| is_open(book, task)).count();
        show(task, tasks.len(), left, book, view, out).map_err(gone)?;
        let mut line = String::new();
        let typed = if input.read_line(&mut line).map_err(gone)? == 0 { Typed::Stop } else { read(line.trim(), task) };
        match typed {
            Typed::Said(said) => {
                let (request, attribute) = (task.answer.0.id.clone(), task.question.attribute.clone());
                book.write(Rating { request, attribute, said, place: task.place, date: clock() })?;
                (index, again) = (index + 1, false);
            }
            Typed::Back => (index, again) = (index.saturating_sub(1), true),
            Typed::Stop => return Ok(Ended::Stopped(left)),
            Typed::Unknown => {
                let words = view.wording.with("label-unknown-key", &[("count", task.question.values.len().into())]);
                writeln!(out, "\n{words}").map_err(gone)?;
                again = true;
            }
        }
    }
    Ok(Ended::Done)
}

fn read(line: &str, task: &Task<'_>) -> Typed {
    match line {
        "0" => Typed::Said(Said::CannotTell),
        "u" | "U" => Typed::Back,
        "q" | "Q" => Typed::Stop,
        _ => {
            let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let value = number.and_then(|index| task.question.values.get(index));
            value.map_or(Typed::Unknown, |value| Typed::Said(Said::Value(value.id.clone())))
        }
    }
}

fn show(task: &Task<'_>, of: usize, left: usize, book: &Book, view: View<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    let View { wording, with_prompt, .. } = view;
    let language = wording.language();
    let (request, prompt, response) = task.answer;
    let progress = wording.with("label-progress", &[("place", task.place.into()), ("of", of.into()), ("left", left.into())]);
    writeln!(out, "\n──────── {progress}\n\n{}", task.question.text.get(language))?;
    writeln!(out, "{}\n", task.question.rubric.get(language))?;
    if with_prompt {
        writeln!(out, "{}\n{}\n", wording.text("label-prompt"), indented(prompt.task.text()))?;
    } else if let Some(asked) = task.question.asked.get(&prompt.id) {
        writeln!(out, "{}\n{}\n", wording.text("label-asked"), indented(asked))?;
    }
    writeln!(out, "{}\n{}\n", wording.text("label-answer"), indented(&shown(response, view.folder)))?;
    open(view, response);
    let said = book.said(&task.question.attribute, &request.id);
    for (value, number) in task.question.values.iter().zip(1..) {
        let mark = if said == Some(&Said::Value(value.id.clone())) { "*" } else { " " };
        writeln!(out, " {mark}{number}  {}", value.name.get(language))?;
    }
    let mark = if said == Some(&Said::CannotTell) { "*" } else { " " };
    writeln!(out, " {mark}0  {}\n\n{}", wording.text("label-cannot-tell"), wording.text("label-keys"))?;
    write!(out, "> ")?;
    out.flush()
}

/// Open the file that came back, if there is one and somebody named a program. Where that fails the path on the screen is still there.
fn open(view: View<'_>, response: &Response) {
    if let (Some(opener), Some(file)) = (view.opener, &response.file) {
        let path = view.folder.join(file.place());
        let started = Command::new(opener).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        if let Err(error) = started {
            tracing::warn!("{opener} cannot be started: {error}");
        }
    }
}

/// An answer may hold what a terminal would obey.
fn indented(text: &str) -> String {
    harmless(text).lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
