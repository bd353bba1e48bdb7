//! `lupe init`: an editable copy of what the binary carries.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use miette::{IntoDiagnostic, Result};

use crate::assets::{self, Written};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to write into; run lupe there, or name it with --root.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Replace files that were changed.
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let written = assets::write_all(&arguments.folder, arguments.force).into_diagnostic()?;
    let count = |state: Written| written.iter().filter(|(_, s)| *s == state).count();
    println!(
        "{}: {} files written, {} were there already, {} replaced.",
        arguments.folder.display(),
        count(Written::New),
        count(Written::Same),
        count(Written::Replaced)
    );
    for (path, _) in written.iter().filter(|(_, state)| *state == Written::Kept) {
        println!("kept as you have it: {} (--force replaces it)", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
