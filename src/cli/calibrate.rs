//! `lupe calibrate`: how often the instrument's intervals and tests hold what they promise.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use miette::Result;

use crate::stats::simulate;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Simulate the whole grid of clusters, shares and correlations; the table of docs/coverage.md.
    Coverage {
        /// Repetitions of each cell; shares against a baseline get five times as many.
        #[arg(long, default_value_t = 2000)]
        repetitions: usize,
        /// Seed.
        #[arg(long, default_value_t = 20_261_123)]
        seed: u64,
    },
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let What::Coverage { repetitions, seed } = arguments.what;
    let results = simulate::grid(repetitions, seed).map_err(|error| miette::miette!("{error}"))?;
    println!("{}", simulate::table(&results));
    Ok(ExitCode::SUCCESS)
}
