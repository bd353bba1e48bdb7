//! `lupe detect`: what files say about their making.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use miette::{Context, IntoDiagnostic, Result};

use crate::detect;
use crate::detect::provenance::{Credential, CredentialReader, look, read_credential};
use crate::lang::wording::Wording;
use crate::run::write_whole;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Pictures, films or recordings.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Certificates of the authorities that you trust (PEM). Without a list nobody is trusted.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
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

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let wording = Wording::of(arguments.language);
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
        let found = match look(file, &credentials) {
            Ok(found) => found,
            Err(error) => {
                whole = false;
                println!("{}: cannot be read: {error}", file.display());
                continue;
            }
        };
        let [result, explanation] = detect::result(&found, wording);
        println!("{}\n  {result}.\n  {explanation}", file.display());
        if let Credential::NotLooked { why } = &found.credential {
            println!("  {}", wording.with("detect-credential-not-looked", &[("why", why.as_str().into())]));
        }
        let stem = format!("{:03}-{}", number + 1, file.file_name().unwrap_or_default().to_string_lossy());
        let json = serde_json::to_string_pretty(&found).into_diagnostic()? + "\n";
        write_whole(&arguments.out.join(format!("{stem}.json")), json.as_bytes())?;
        write_whole(&arguments.out.join(format!("{stem}.html")), detect::page(&found, wording).into_diagnostic()?.as_bytes())?;
    }
    println!("{}", arguments.out.display());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn credential(arguments: &CredentialArguments) -> Result<ExitCode> {
    let trust = arguments.trust.as_ref().map(std::fs::read_to_string).transpose().into_diagnostic()?;
    let credential = read_credential(&arguments.file, &arguments.format, trust.as_deref());
    println!("{}", serde_json::to_string(&credential).into_diagnostic()?);
    Ok(ExitCode::SUCCESS)
}
