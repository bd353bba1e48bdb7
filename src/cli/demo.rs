//! `lupe demo`: one command from nothing to a report on the four reference models.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::Args;
use miette::{IntoDiagnostic, Result};

use crate::audit;
use crate::run;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Run folder.
    #[arg(long, default_value = "reports/demo")]
    out: PathBuf,
    /// Worker processes; as many as there are processors when absent.
    #[arg(long)]
    jobs: Option<std::num::NonZeroU32>,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let folder = &arguments.out;
    let suite = audit::library(root)?.suite("demo")?;
    let models = ["balanced", "mild", "stereotyped", "reversed"].map(str::to_owned).to_vec();
    let what = super::run::What { suite: "demo".to_owned(), models, repeats: None, seed: None };
    let processors = std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(1));
    let jobs = arguments.jobs.map_or(processors, std::num::NonZeroU32::get);
    let stop = run::stop_on_interrupt().into_diagnostic()?;
    let summary = super::run::ask(folder, &suite, &what, None, jobs, None, &stop, root)?;
    if let Some(code) = super::run::unfinished(&summary) {
        return Ok(code);
    }
    let findings = audit::analyse(folder, root)?;
    super::analyse::print(&findings, Language::En);
    for language in Language::ALL {
        if stop.load(Ordering::SeqCst) {
            println!("Stopped. The answers and findings are in {}.", folder.display());
            return Ok(ExitCode::from(130));
        }
        println!("Report: {}", audit::report(folder, language)?.display());
    }
    Ok(ExitCode::SUCCESS)
}
