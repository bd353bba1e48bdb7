//! `lupe judge`: models say what they see in the answers of a run, in a run of their own beside it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use miette::{IntoDiagnostic, Result, miette};

use super::run::What;
use crate::audit;
use crate::probe::AnswerKind;
use crate::rate::judge;
use crate::run::{self, Manifest, Run};

/// Seed of the judges' requests; all judges share it.
const SEED: u64 = 1;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Run folder.
    folder: PathBuf,
    /// Judging models, separated by commas, written as for `lupe run`.
    #[arg(long = "model", value_delimiter = ',', required = true)]
    models: Vec<String>,
    /// Only this attribute.
    #[arg(long)]
    attribute: Option<String>,
    /// How often each answer is judged in each order of the options.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    repeats: u32,
    /// Worker processes.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    jobs: u32,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let folder = &arguments.folder;
    let (suite, joined) = audit::answers(&Run::open(folder)?)?;
    let answers = audit::pointing(&joined.prompts, &joined.rows);
    let questions = super::label::asked(&suite, arguments.attribute.as_deref())?;
    let declared =
        |question: &crate::rate::Question| suite.probes.iter().any(|probe| probe.attributes.iter().any(|a| a.id == question.attribute));
    if let Some(question) = questions.iter().find(|question| !declared(question)) {
        let help = "a judge beside a scorer would be a second opinion without a rule; people can rate it: lupe label";
        return Err(miette!(help = help, "`{}` is a scorer's measure, not an attribute", question.attribute));
    }
    for question in questions.iter().filter(|question| question.answer != AnswerKind::Text) {
        println!("{}/{}: the answers are no texts, and a judging model reads nothing else.", question.probe, question.attribute);
    }
    let judging = judge::suite(&suite, &questions, &answers, arguments.repeats, SEED);
    if judging.probes.iter().all(|probe| probe.prompts.is_empty()) {
        return Err(miette!(help = "people can: lupe label", "there is nothing that a model could judge"));
    }
    let place = folder.join(judge::FOLDER);
    let what = What { suite: judging.id.clone(), models: arguments.models.clone(), repeats: None, seed: None };
    let stop = run::stop_on_interrupt().into_diagnostic()?;
    let summary = super::run::ask(&place, &judging, &what, None, arguments.jobs, None, &stop, root)?;
    if let Some(code) = super::run::unfinished(&summary) {
        return Ok(code);
    }
    let audited = Manifest::read(folder)?;
    for entry in &Manifest::read(&place)?.models {
        if audited.models.iter().any(|model| model.fingerprint == entry.fingerprint) {
            println!("{} is audited in this run, too: a model may favour answers of its own.", entry.name);
        }
    }
    let judged = judge::read(folder, &questions)?;
    let unread = judged.iter().filter(|one| one.said.is_none()).count();
    println!("{} judgements, {unread} of them none of the options.", judged.len());
    println!("They lie in {}. No finding rests on a model's judgement alone: lupe label {}", place.display(), folder.display());
    println!("Next: lupe analyse {}", folder.display());
    Ok(ExitCode::SUCCESS)
}
