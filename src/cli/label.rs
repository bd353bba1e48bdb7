//! `lupe label`: people say what they see in the answers of a run.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use miette::{IntoDiagnostic, Result, miette};

use crate::audit;
use crate::lang::wording::Wording;
use crate::rate::{self, Book, Ended, Order, Question, View};
use crate::run::Run;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Run folder.
    folder: PathBuf,
    /// A short name of your choosing, not your real one; you are asked for it when it is absent.
    #[arg(long)]
    rater: Option<String>,
    /// Only this attribute; or a measure of a scorer, whose rates your ratings then correct.
    #[arg(long)]
    attribute: Option<String>,
    /// Part of the answers, drawn at random from each arm: the same ones for every rater.
    #[arg(long, default_value_t = 1.0)]
    share: f64,
    /// Seed of the draw; all raters of a run take the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Show what the tool was asked, too. It gives away what is under test, so your ratings are no longer blind.
    #[arg(long)]
    show_prompt: bool,
    /// Program that opens pictures and recordings, for instance xdg-open; their path is shown in any case.
    #[arg(long, value_name = "PROGRAM")]
    open: Option<String>,
    /// Language of the questions.
    #[arg(long, value_enum, default_value = "de")]
    language: Language,
    /// Write the open questions to a table instead of asking them.
    #[arg(long, value_name = "FILE", conflicts_with = "import")]
    export: Option<PathBuf>,
    /// Read a filled table.
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let folder = &arguments.folder;
    let (suite, joined) = audit::answers(&Run::open(folder)?)?;
    let answers = audit::pointing(&joined.prompts, &joined.rows);
    let questions = asked(&suite, arguments.attribute.as_deref())?;
    if !(arguments.share > 0.0 && arguments.share <= 1.0) {
        return Err(miette!(
            help = "0.2 is a fifth of the answers, 1 all of them",
            "--share {} is no part of the answers",
            arguments.share
        ));
    }
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let rater = match &arguments.rater {
        Some(rater) => rater.clone(),
        None => {
            write!(output, "Kürzel / short name: ").and_then(|()| output.flush()).into_diagnostic()?;
            let mut line = String::new();
            input.read_line(&mut line).into_diagnostic()?;
            line.trim().to_owned()
        }
    };
    let tasks = rate::draw(&questions, &answers, Order { share: arguments.share, seed: arguments.seed, rater: &rater });
    let mut book = Book::open(folder, &rater)?;
    let wording = Wording::of(arguments.language);
    if let Some(file) = &arguments.export {
        let rows = rate::export(&tasks, folder, &book, wording, file)?;
        writeln!(
            output,
            "{rows} open questions are in {}. Next: fill in the last column, then the same command with --import",
            file.display()
        )
        .into_diagnostic()?;
        return Ok(ExitCode::SUCCESS);
    }
    let next = format!("Next: lupe analyse {}", folder.display());
    if let Some(file) = &arguments.import {
        let (written, empty) = rate::import(&tasks, &mut book, wording, file)?;
        writeln!(output, "{written} ratings taken over, {empty} rows empty. {next}").into_diagnostic()?;
        return Ok(ExitCode::SUCCESS);
    }
    let view = View { folder, opener: arguments.open.as_deref(), wording, with_prompt: arguments.show_prompt };
    match rate::dialog(&tasks, &mut book, view, &mut input, &mut output)? {
        Ended::Done => writeln!(output, "\nAll {} are rated. {next}", tasks.len()),
        Ended::Stopped(left) => writeln!(output, "\nStopped with {left} left; the same command goes on where you stopped."),
    }
    .into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}

/// The questions of a suite, or one of them.
pub(super) fn asked(suite: &crate::probe::Suite, attribute: Option<&str>) -> Result<Vec<Question>> {
    let declared = rate::questions(suite);
    let Some(wanted) = attribute else {
        let help = "a probe declares [[attributes]]; --attribute MEASURE puts a scorer's categories to people";
        return if declared.is_empty() { Err(miette!(help = help, "the probes of this run ask people for nothing")) } else { Ok(declared) };
    };
    let chosen: Vec<Question> = declared.iter().filter(|question| question.attribute == wanted).cloned().collect();
    let chosen = if chosen.is_empty() { rate::of_measure(suite, wanted) } else { chosen };
    if chosen.is_empty() {
        let all: Vec<String> = rate::all_questions(suite).into_iter().map(|question| question.attribute).collect();
        let help = if all.is_empty() { "this run has none".to_owned() } else { format!("there is: {}", all.join(", ")) };
        return Err(miette!(help = help, "no probe of this run has an attribute or a categorical measure `{wanted}`"));
    }
    Ok(chosen)
}
