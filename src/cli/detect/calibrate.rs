//! `lupe detect calibrate`: a trained detector is shown human works of one kind.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use miette::Result;

use super::corpora::Human;
use crate::detect::calibration::{ALPHA, Calibration};
use crate::detect::trained::Trained;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of a trained detector.
    #[arg(value_name = "FOLDER")]
    detector: PathBuf,
    #[command(flatten)]
    human: Human,
    /// Name of this kind of text, picture or recording, for instance press-release; `lupe detect --domain` declares it.
    #[arg(long, value_name = "NAME")]
    domain: String,
    /// Where the works came from, for the record.
    #[arg(long, default_value = "", value_name = "WORDS")]
    of: String,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let domain = &arguments.domain;
    if domain.is_empty() || !domain.chars().all(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_') {
        return Err(miette::miette!(help = "letters, digits and hyphens", "`{domain}` is no name of a domain"));
    }
    let mut trained = Trained::open(&arguments.detector, root)?;
    let calibration = Calibration::make(&trained, &arguments.human.items()?, domain, &arguments.of)?;
    for band in &calibration.bands {
        let length = if band.length == 0 { String::new() } else { format!("{} words: ", band.length) };
        println!("{length}{} human works", band.scores.len());
        for rate in &band.groups {
            let [lower, upper] = [rate.interval.lower, rate.interval.upper].map(|end| 100.0 * end);
            let of = format!("{} of {} flagged at {} %", rate.flagged, rate.of, 100.0 * ALPHA);
            println!("  {} {}: {of} ({lower:.0} to {upper:.0} %)", rate.group, rate.level);
        }
    }
    for (why, count) in &calibration.left_out {
        println!("{count} left out ({why})");
    }
    println!("{}", trained.keep(calibration)?.display());
    Ok(ExitCode::SUCCESS)
}
