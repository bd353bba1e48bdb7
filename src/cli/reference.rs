//! `lupe reference`: train the reference models, check them, and make the validation records of their domain.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use miette::{IntoDiagnostic, Result};

use crate::reference::study;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Train models from scratch into ROOT/models/reference; all four when none is named.
    Train {
        /// Models: balanced, mild, stereotyped, reversed.
        models: Vec<String>,
    },
    /// Planted, exact and measured for every model, probe and level; measured from an analysed run of the demo suite.
    Check {
        /// Run folder of the demo suite; without one only planted and exact are shown.
        #[arg(long)]
        run: Option<PathBuf>,
    },
    /// Count how the scorers do on the grammar's own sentences into ROOT/datasets/validation.
    Validate,
    /// Simulate the demo suite over the 200 written-down seeds and count how often intervals contain the exact value.
    Coverage {
        /// Use only the first so many seeds.
        #[arg(long)]
        seeds: Option<std::num::NonZeroUsize>,
        /// Use only these models.
        #[arg(long, value_delimiter = ',')]
        models: Vec<String>,
    },
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let passed = match &arguments.what {
        What::Train { models } => {
            study::train(models, root, &mut |line| println!("{line}"))?;
            true
        }
        What::Check { run } => {
            let (text, passed) = study::check(run.as_deref(), root)?;
            print!("{text}");
            passed
        }
        What::Validate => {
            for path in study::validate(root)? {
                println!("{}", path.display());
            }
            true
        }
        What::Coverage { seeds, models } => {
            let coverage = study::coverage(models, *seeds, root, &mut |line| eprintln!("{line}"))?;
            println!("{}", serde_json::to_string_pretty(&coverage).into_diagnostic()?);
            coverage.holds()
        }
    };
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
