//! The command line: arguments in, words out, no logic. One file per subcommand.

mod analyse;
mod calibrate;
mod demo;
mod detect;
mod doctor;
mod import;
mod init;
mod judge;
mod label;
mod models;
mod plan;
mod probes;
#[cfg(feature = "local")]
mod reference;
mod report;
mod run;
mod sheet;
mod validate;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use miette::Result;
use tracing_subscriber::EnvFilter;

use crate::store::Language;

/// A bias and authenticity exploration lab for generative AI in culture.
#[derive(Debug, Parser)]
#[command(name = "lupe", version, about, max_term_width = 100)]
struct Cli {
    /// Folder whose probes/, datasets/ and models/ override the built-in ones, file by file.
    #[arg(long, global = true, default_value = ".", value_name = "FOLDER")]
    root: PathBuf,
    /// Reach no other machine, whatever lupe.toml permits.
    #[arg(long, global = true)]
    offline: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Audit the built-in reference models with the demo suite and write a report.
    Demo(demo::Arguments),
    /// Write an editable copy of probes and datasets.
    Init(init::Arguments),
    /// List, show and check probes.
    Probes(probes::Arguments),
    /// Reach each model, prove what it can do, and say what can be measured with it.
    Doctor(doctor::Arguments),
    /// Fetch models from a hub; list, show and check those that are here.
    Models(models::Arguments),
    /// Dry run: prompts, requests, expected time, and the smallest effect the plan can show.
    Plan(plan::Arguments),
    /// Ask the models; start again with the same command after an interruption.
    Run(run::Arguments),
    /// Answer one share of a planned run (started by `run --jobs`).
    #[command(hide = true)]
    Worker(run::WorkerArguments),
    /// Join the shares of a run that were computed apart.
    Merge(run::MergeArguments),
    /// Rate answers blind, in the terminal or in a table: what no scorer can read, or to correct one.
    Label(label::Arguments),
    /// Let a model rate answers by the same rule as people.
    Judge(judge::Arguments),
    /// Score and analyse what a run has stored.
    Analyse(analyse::Arguments),
    /// Write the report of an analysed run as one self-contained page.
    Report(report::Arguments),
    /// Measure how a scorer does on labelled texts, and write the record that its findings are corrected by.
    Validate(validate::Arguments),
    /// Bring in a benchmark of the field: its questions as probes, recorded answers, and its figures beside our analysis.
    Import(import::Arguments),
    /// The figures of an imported benchmark for a run.
    Figures(import::FiguresArguments),
    /// Ask a tool that has nothing but a web page, by hand: write a table, read it back.
    Sheet(sheet::Arguments),
    /// What pictures, films and recordings say about their making; never that they are real.
    Detect(Box<detect::Arguments>),
    /// Read one content credential (started by `detect`).
    #[command(hide = true)]
    Credential(detect::CredentialArguments),
    /// Train and check the reference models.
    #[cfg(feature = "local")]
    Reference(reference::Arguments),
    /// Measure the instrument itself.
    Calibrate(calibrate::Arguments),
}

/// Run the program: 0 when all went well, 1 when something is wrong with what it was given, 2 for a misspelt command line, 3 when a budget is
/// spent, 130 when it was
/// interrupted.
pub fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(log_filter()).with_writer(std::io::stderr).init();
    end_quietly_without_reader();
    let Cli { root, offline, command } = Cli::parse();
    if offline {
        crate::model::privacy::go_offline();
    }
    crate::assets::prefer(&root);
    let root = Some(root.as_path());
    // `init` may be what mends a broken list.
    if !matches!(command, Command::Init(_))
        && let Err(error) = crate::score::check_lists(root)
    {
        eprintln!("{:?}", miette::Report::new(error));
        return ExitCode::FAILURE;
    }
    let done = match command {
        Command::Demo(arguments) => demo::run(&arguments, root),
        Command::Init(arguments) => init::run(&arguments),
        Command::Probes(arguments) => probes(&arguments, root),
        Command::Doctor(arguments) => doctor::run(&arguments, root),
        Command::Models(arguments) => models::run(&arguments, root, offline),
        Command::Plan(arguments) => plan::run(&arguments, root),
        Command::Run(arguments) => run::run(&arguments, root),
        Command::Worker(arguments) => run::worker(&arguments, root),
        Command::Merge(arguments) => run::merge(&arguments),
        Command::Label(arguments) => label::run(&arguments),
        Command::Judge(arguments) => judge::run(&arguments, root),
        Command::Analyse(arguments) => analyse::run(&arguments, root),
        Command::Report(arguments) => report::run(&arguments, root),
        Command::Validate(arguments) => validate::run(&arguments, root),
        Command::Import(arguments) => import::run(&arguments, root),
        Command::Figures(arguments) => import::figures(&arguments, root),
        Command::Sheet(arguments) => sheet::run(&arguments, root),
        Command::Detect(arguments) => detect::run(&arguments, root),
        Command::Credential(arguments) => detect::credential(&arguments),
        #[cfg(feature = "local")]
        Command::Reference(arguments) => reference::run(&arguments, root),
        Command::Calibrate(arguments) => calibrate::run(&arguments),
    };
    done.unwrap_or_else(|report| {
        eprintln!("{report:?}");
        ExitCode::FAILURE
    })
}

/// A reader that has seen enough (`lupe plan | head`) ends the program quietly and with 0, as it does ripgrep. `print!` panics then and gives no other
/// notice, so every command writes with it.
fn end_quietly_without_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // The numbers are those of a closed pipe on Unix and on Windows; the words differ by language.
        let closed = |words: &String| {
            words.starts_with("failed printing to stdout")
                && ["(os error 32)", "(os error 232)"].iter().any(|number| words.ends_with(number))
        };
        if panic.payload().downcast_ref().is_some_and(closed) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

/// What `LUPE_LOG` asks for, without what the HTTP client says: bytes on the wire hold tokens and keys, addresses hold signatures.
fn log_filter() -> EnvFilter {
    let asked = EnvFilter::try_from_env("LUPE_LOG").unwrap_or_else(|_| "warn".into());
    "ureq=off".parse().map_or_else(|_| "warn".into(), |quiet| asked.add_directive(quiet))
}

fn probes(arguments: &probes::Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let mut words = Vec::new();
    let library = crate::audit::library(root)?;
    let done = probes::run(arguments, &library, root, Language::De, &mut words);
    print!("{}", String::from_utf8_lossy(&words));
    done?;
    Ok(ExitCode::SUCCESS)
}
