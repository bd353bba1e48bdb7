//! `lupe detect`: what can be said about files, and the detectors behind it.

mod calibrate;
mod corpora;
mod evaluate;
mod files;
mod train;

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use miette::Result;

pub use files::{CredentialArguments, credential};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    files: files::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Let a detector learn from works of known origin.
    Train(train::Arguments),
    /// Show a trained detector human works of one kind: only then its scores mean something for that kind.
    Calibrate(calibrate::Arguments),
    /// How far a detector can be trusted: what it tells apart beyond the controls, and whom it wrongly suspects.
    Evaluate(evaluate::Arguments),
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    match &arguments.command {
        None => files::run(&arguments.files, root),
        Some(Command::Train(arguments)) => train::run(arguments, root),
        Some(Command::Calibrate(arguments)) => calibrate::run(arguments, root),
        Some(Command::Evaluate(arguments)) => evaluate::run(arguments, root),
    }
}
