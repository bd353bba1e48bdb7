//! `lupe analyse`: score and analyse a run, and print its findings as a short table.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use miette::Result;

use crate::analyse::Finding;
use crate::audit;
use crate::chart::verdict_name;
use crate::lang::wording::{Wording, numbers};
use crate::probe::Role;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Run folder.
    folder: PathBuf,
    /// Language of the table.
    #[arg(long, value_enum, default_value = "en")]
    language: Language,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let findings = audit::analyse(&arguments.folder, root)?;
    print(&findings, arguments.language);
    let folder = arguments.folder.display();
    println!("\nMeasurements and findings are in {folder}. Next: lupe report {folder}");
    Ok(ExitCode::SUCCESS)
}

/// One line per model with its verdicts, then the confirmatory findings.
pub fn print(findings: &[Finding], language: Language) {
    let wording = Wording::of(language);
    let mut rows: Vec<[String; 5]> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.role == Role::Confirmatory) {
        let estimate = finding.estimate.map_or_else(
            || "–".to_owned(),
            |e| {
                format!(
                    "{} [{}; {}]",
                    numbers::decimal(e.value, 2, language),
                    numbers::decimal(e.low, 2, language),
                    numbers::decimal(e.high, 2, language)
                )
            },
        );
        let verdict = verdict_name(wording, finding.verdict, false);
        rows.push([
            finding.model.clone(),
            format!("{}/{}", finding.probe, finding.hypothesis),
            finding.language.code().to_owned(),
            estimate,
            verdict,
        ]);
    }
    let widths: Vec<usize> = (0..5).map(|i| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or(0)).collect();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        println!("{}", cells.join("  ").trim_end());
    }
    let exploratory = findings.len() - rows.len();
    println!("{} confirmatory and {exploratory} exploratory findings.", rows.len());
}
