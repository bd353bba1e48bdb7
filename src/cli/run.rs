//! `lupe run`, `lupe merge`, and the hidden `lupe worker` that `run --jobs` starts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;
use miette::{IntoDiagnostic, Result};

use crate::audit;
use crate::model::{Backend, Destination, ModelError, ModelSpec, Opened, privacy};
use crate::probe::Suite;
use crate::run::{self, Meter, Options, Share, Summary};
use crate::store::Prompt;

/// What to ask whom.
#[derive(Debug, Args)]
pub struct What {
    /// Suite of probes.
    #[arg(long)]
    pub suite: String,
    /// Models, separated by commas: balanced, candle:FOLDER, recorded:MAPPING.toml#NAME, names in lupe.toml.
    #[arg(long, value_delimiter = ',', required = true)]
    pub models: Vec<String>,
    /// Ask every prompt so often, whatever its probe says.
    #[arg(long)]
    pub repeats: Option<std::num::NonZeroU32>,
    /// Seed in place of the probes' own.
    #[arg(long)]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub what: What,
    /// Run folder; reports/SUITE when absent. A run that lies there is resumed or amended.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Worker processes.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub jobs: u32,
    /// Answer only this share, as hash:I/N, for instance one per machine; `lupe merge` joins them.
    #[arg(long, conflicts_with = "jobs")]
    pub shard: Option<Share>,
    /// Who audits, for the manifest.
    #[arg(long)]
    pub auditor: Option<String>,
}

#[derive(Debug, Args)]
pub struct WorkerArguments {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    share: Share,
    #[arg(long, value_delimiter = ',', required = true)]
    models: Vec<String>,
}

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Run folder.
    folder: PathBuf,
}

/// All models named, opened.
pub fn open(specs: &[String], root: Option<&Path>) -> Result<Vec<(ModelSpec, Opened)>> {
    let mut models = Vec::new();
    for spec in resolve(specs, root)? {
        // Opening asks the model something: where that goes is said before.
        if let (Destination::Remote(address), _) = spec.reach(root)? {
            eprintln!("model `{}`: prompts go to another machine, {address}, as lupe.toml permits", spec.name);
        }
        let opened = spec.open(root)?;
        models.push((spec, opened));
    }
    Ok(models)
}

fn resolve(specs: &[String], root: Option<&Path>) -> Result<Vec<ModelSpec>, ModelError> {
    let mut all = Vec::new();
    for spec in specs {
        all.extend(ModelSpec::resolve(spec, root)?);
    }
    Ok(all)
}

/// Say what of the recordings is not used: nothing is left out in silence.
pub fn say_left_out(models: &[(ModelSpec, Opened)], suite: &Suite) {
    let prompts: Vec<&Prompt> = suite.probes.iter().flat_map(|probe| &probe.prompts).collect();
    for (spec, opened) in models {
        opened.backend.left_out(&prompts).iter().for_each(|words| println!("{}: {words}.", spec.name));
    }
}

pub fn options(what: &What, auditor: Option<String>) -> Options {
    Options { repeats: what.repeats, seed: what.seed, auditor, ..Options::default() }
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let Arguments { what, out, jobs, shard, auditor } = arguments;
    let suite = audit::library(root)?.suite(&what.suite)?;
    let folder = out.clone().unwrap_or_else(|| Path::new("reports").join(&what.suite));
    let stop = run::stop_on_interrupt().into_diagnostic()?;
    let summary = ask(&folder, &suite, what, auditor.clone(), *jobs, *shard, &stop, root)?;
    if let Some(code) = unfinished(&summary) {
        return Ok(code);
    }
    match shard {
        Some(share) => println!("Share {share} is complete. When all are in {}: lupe merge {}", folder.display(), folder.display()),
        None => println!("All answers are in {}. Next: lupe analyse {}", folder.display(), folder.display()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Say what is left to do, if anything is.
pub fn unfinished(summary: &Summary) -> Option<ExitCode> {
    if summary.stopped {
        println!("Stopped. The same command goes on where this one left off.");
        return Some(ExitCode::from(130));
    }
    for (model, left) in &summary.unpaid {
        eprintln!("model `{model}`: its budget is spent with {left} requests left; raise it in lupe.toml to go on");
    }
    // A model that is not there has the same reason for every pack: said once.
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for problem in &summary.problems {
        reasons.entry((&problem.model, &problem.message)).or_default().push(&problem.pack);
    }
    for ((model, message), packs) in reasons {
        match packs.as_slice() {
            [pack] => eprintln!("model `{model}`: pack {pack} could not be answered: {message}"),
            packs => eprintln!("model `{model}`: {} packs could not be answered: {message}", packs.len()),
        }
    }
    for lost in &summary.lost {
        eprintln!("the worker of share {} ended early ({}): {}", lost.share, lost.status, lost.words);
    }
    if !summary.problems.is_empty() || !summary.lost.is_empty() {
        println!("Some packs could not be answered; the same command tries them again.");
        return Some(ExitCode::FAILURE);
    }
    (!summary.unpaid.is_empty()).then(|| {
        println!("The budget is spent; what was answered is kept, and the same command goes on when there is more.");
        ExitCode::from(3)
    })
}

/// Plan and work, here or in worker processes.
#[expect(clippy::too_many_arguments, reason = "the command line's own arguments, passed on by two commands")]
pub fn ask(
    folder: &Path,
    suite: &Suite,
    what: &What,
    auditor: Option<String>,
    jobs: u32,
    shard: Option<Share>,
    stop: &Arc<AtomicBool>,
    root: Option<&Path>,
) -> Result<Summary> {
    let models = open(&what.models, root)?;
    let (plan, added) = audit::plan(folder, suite, &models, &options(what, auditor))?;
    println!(
        "{} requests planned for {} models in {} packs ({} new).",
        plan.requests.len(),
        models.len(),
        plan.packs.len(),
        added.requests
    );
    say_left_out(&models, suite);
    drop(models);
    let mut meter = Meter::new();
    let specs = resolve(&what.models, root)?;
    let summary = match (shard, jobs) {
        (Some(share), _) => run::work(folder, share, &mut opener(specs, root), stop, &mut |event| meter.event(event)),
        (None, 1) => run::run_here(folder, &mut opener(specs, root), stop, &mut meter),
        (None, jobs) => {
            let program = std::env::current_exe().into_diagnostic()?;
            let command = |share: Share| {
                let mut command = Command::new(&program);
                command.arg("worker").arg("--folder").arg(folder).arg("--share").arg(share.to_string());
                command.arg("--models").arg(what.models.join(","));
                command.args(privacy::is_offline().then_some("--offline"));
                command.args(root.iter().flat_map(|root| [std::ffi::OsStr::new("--root"), root.as_os_str()]));
                command
            };
            run::supervise(folder, jobs, command, stop, &mut meter)
        }
    };
    Ok(summary?)
}

fn opener<'a>(specs: Vec<ModelSpec>, root: Option<&'a Path>) -> impl FnMut(&str) -> Result<Box<dyn Backend>, ModelError> + 'a {
    move |name| match specs.iter().find(|spec| spec.name == name) {
        Some(spec) => Ok(spec.open(root)?.backend),
        None => {
            Err(ModelError::Unknown { name: name.to_owned(), help: "name it in --models to go on with its part of the run".to_owned() })
        }
    }
}

pub fn worker(arguments: &WorkerArguments, root: Option<&Path>) -> Result<ExitCode> {
    let stop = run::stop_on_interrupt().into_diagnostic()?;
    run::stop_when_parent_is_gone(&stop);
    let specs = resolve(&arguments.models, root)?;
    run::work(&arguments.folder, arguments.share, &mut opener(specs, root), &stop, &mut run::report_line)?;
    Ok(ExitCode::SUCCESS)
}

pub fn merge(arguments: &MergeArguments) -> Result<ExitCode> {
    let gathered = run::merge(&arguments.folder)?;
    let folder = arguments.folder.display();
    println!("{} responses from {} stores joined; nothing is missing. Next: lupe analyse {folder}", gathered.responses, gathered.stores);
    Ok(ExitCode::SUCCESS)
}
