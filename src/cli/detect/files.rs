//! `lupe detect FILES`: what files say about their making, and what detectors say about them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use miette::{Context, IntoDiagnostic, Result};

use crate::detect::examined::examine;
use crate::detect::material::Material;
use crate::detect::page;
use crate::detect::provenance::{Credential, CredentialReader, read_credential};
use crate::detect::trained::Trained;
use crate::lang::wording::Wording;
use crate::run::write_whole;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Texts, pictures, films or recordings.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Certificates of the authorities that you trust (PEM). Without a list nobody is trusted.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Folders of trained detectors that are to look too.
    #[arg(long = "with", num_args = 1.., value_name = "FOLDER")]
    detectors: Vec<PathBuf>,
    /// What kind of text, picture or recording the files are: a name that the detectors were calibrated for.
    #[arg(long, value_name = "NAME", requires = "detectors")]
    domain: Option<String>,
    /// Folder for a page and a JSON file on each.
    #[arg(long, default_value = "reports/detect", value_name = "FOLDER")]
    out: PathBuf,
    /// Language of the pages.
    #[arg(long, value_enum, default_value = "de")]
    language: Language,
}

/// The child that reads one content credential.
#[derive(Debug, Args)]
pub struct CredentialArguments {
    file: PathBuf,
    format: String,
    #[arg(long)]
    trust: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let wording = Wording::of(arguments.language);
    let detectors = arguments.detectors.iter().map(|folder| Trained::open(folder, root)).collect::<Result<Vec<_>, _>>()?;
    known(&detectors, arguments.domain.as_deref())?;
    let program = std::env::current_exe().into_diagnostic()?;
    if let Some(list) = &arguments.trust {
        let text = std::fs::read_to_string(list).into_diagnostic().wrap_err_with(|| list.display().to_string())?;
        if !text.contains("-----BEGIN CERTIFICATE-----") {
            let help = "name a file of PEM certificates, or leave --trust out: then nobody is trusted";
            return Err(miette::miette!(help = help, "{} holds no certificate", list.display()));
        }
    }
    let credentials = CredentialReader { program, trust: arguments.trust.clone(), limit: Duration::from_secs(20) };
    std::fs::create_dir_all(&arguments.out).into_diagnostic().wrap_err_with(|| arguments.out.display().to_string())?;
    let mut whole = true;
    for (number, file) in arguments.files.iter().enumerate() {
        // One file that cannot be read must not hide what the others say.
        let material = Material::read(file);
        let found = match examine(file, &material, &credentials, &detectors, arguments.domain.as_deref()) {
            Ok(found) => found,
            Err(error) => {
                whole = false;
                println!("{}: cannot be read: {error}", file.display());
                continue;
            }
        };
        println!("{}", file.display());
        for line in page::summary(&found, wording) {
            println!("  {line}");
        }
        if let (Credential::NotLooked { why }, Some(_)) = (&found.provenance.credential, &found.provenance.format) {
            println!("  {}", wording.with("detect-credential-not-looked", &[("why", why.as_str().into())]));
        }
        let stem = format!("{:03}-{}", number + 1, file.file_name().unwrap_or_default().to_string_lossy());
        let json = serde_json::to_string_pretty(&found).into_diagnostic()? + "\n";
        write_whole(&arguments.out.join(format!("{stem}.json")), json.as_bytes())?;
        let html = page::page(&found, material.as_ref().ok(), &detectors, wording).into_diagnostic()?;
        write_whole(&arguments.out.join(format!("{stem}.html")), html.as_bytes())?;
    }
    println!("{}", arguments.out.display());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A kind that no detector was calibrated for is most often a slip of the pen.
fn known(detectors: &[Trained], domain: Option<&str>) -> Result<()> {
    let Some(domain) = domain else { return Ok(()) };
    let mut known: Vec<&str> = detectors.iter().flat_map(|trained| trained.calibrations.keys().map(String::as_str)).collect();
    if known.contains(&domain) {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    let there = if known.is_empty() { "none so far".to_owned() } else { known.join(", ") };
    let help = format!("calibrated: {there}. `lupe detect calibrate FOLDER --human PATH --domain {domain}` calibrates it");
    Err(miette::miette!(help = help, "none of the detectors is calibrated for `{domain}`"))
}

pub fn credential(arguments: &CredentialArguments) -> Result<ExitCode> {
    let trust = arguments.trust.as_ref().map(std::fs::read_to_string).transpose().into_diagnostic()?;
    let credential = read_credential(&arguments.file, &arguments.format, trust.as_deref());
    println!("{}", serde_json::to_string(&credential).into_diagnostic()?);
    Ok(ExitCode::SUCCESS)
}
