//! `lupe report`: the page that people read.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use miette::Result;

use crate::audit;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Run folder; analysed first if that was not done yet.
    folder: PathBuf,
    /// Language of the page.
    #[arg(long, value_enum, default_value = "de")]
    language: Language,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    if !audit::is_analysed(&arguments.folder) {
        audit::analyse(&arguments.folder, root)?;
    }
    println!("{}", audit::report(&arguments.folder, arguments.language)?.display());
    Ok(ExitCode::SUCCESS)
}
