//! `lupe detect evaluate`: how far a detector can be trusted.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use miette::{Context, IntoDiagnostic, Result};

use super::corpora::{Generated, Human, Which, both};
use crate::detect::evaluate::{GroupBy, Protocol, evaluate};
use crate::detect::registry;
use crate::lang::wording::Wording;
use crate::report::evaluation;
use crate::run::write_whole;
use crate::store::Language;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Keep {
    /// Works of one source.
    Source,
    /// Works of one domain, and of one source.
    Domain,
}

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    human: Human,
    #[command(flatten)]
    generated: Generated,
    /// Language of the works that name none.
    #[arg(long, value_enum)]
    language: Option<Language>,
    /// What stays together when works are split into those to learn from and those to test.
    #[arg(long, value_enum, default_value = "source")]
    group_by: Keep,
    /// Number of parts.
    #[arg(long, default_value_t = 10, value_name = "NUMBER")]
    folds: usize,
    /// Choose the penalty anew within each learning part.
    #[arg(long)]
    nested: bool,
    /// Folder for the page and the figures.
    #[arg(long, default_value = "reports/evaluation", value_name = "FOLDER")]
    out: PathBuf,
    /// Language of the page.
    #[arg(long, value_enum, default_value = "de")]
    page_language: Language,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let detector = registry::open(&arguments.which.detector, &arguments.which.setup()?, root)?;
    let mut items = both(&arguments.human, &arguments.generated)?;
    items.iter_mut().for_each(|item| item.language = item.language.or(arguments.language));
    let protocol = Protocol {
        group_by: match arguments.group_by {
            Keep::Source => GroupBy::Source,
            Keep::Domain => GroupBy::Domain,
        },
        folds: arguments.folds,
        nested: arguments.nested,
        ..Protocol::default()
    };
    // A control is not evaluated beside itself.
    let mut controls = registry::controls(detector.modality());
    controls.retain(|control| control.id() != detector.id());
    let found = evaluate(detector.as_ref(), &controls, &registry::variants(detector.modality()), &items, &protocol)?;

    let wording = Wording::of(arguments.page_language);
    std::fs::create_dir_all(&arguments.out).into_diagnostic().wrap_err_with(|| arguments.out.display().to_string())?;
    let json = serde_json::to_string_pretty(&found).into_diagnostic()? + "\n";
    write_whole(&arguments.out.join("evaluation.json"), json.as_bytes())?;
    write_whole(&arguments.out.join("evaluation.html"), evaluation::page(&found, wording)?.as_bytes())?;
    for line in evaluation::result(&found, wording) {
        println!("{line}");
    }
    println!("{}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}
