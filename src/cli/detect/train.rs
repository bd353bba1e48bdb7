//! `lupe detect train`: a detector learns from works of known origin.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use miette::Result;

use super::corpora::{Generated, Human, Which, both};
use crate::detect::registry;
use crate::detect::trained::Trained;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    human: Human,
    #[command(flatten)]
    generated: Generated,
    /// Licence of the human works, for the card.
    #[arg(long, default_value = "", value_name = "WORDS")]
    human_licence: String,
    /// Licence of the generated works, for the card.
    #[arg(long, default_value = "", value_name = "WORDS")]
    generated_licence: String,
    /// Folder for the trained detector.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let setup = arguments.which.setup()?;
    let detector = registry::open(&arguments.which.detector, &setup, root)?;
    let items = both(&arguments.human, &arguments.generated)?;
    let licences = [arguments.human_licence.as_str(), arguments.generated_licence.as_str()];
    let mut trained = Trained::train(detector, setup, &items, licences)?;
    trained.save(&arguments.out)?;
    for corpus in &trained.card.corpora {
        let left_out: Vec<String> = corpus.left_out.iter().map(|(why, count)| format!(", {count} left out ({why})")).collect();
        println!("{}: {} works of {} sources{}", corpus.made_by, corpus.items, corpus.sources, left_out.concat());
    }
    println!("{}", arguments.out.display());
    println!("Next: lupe detect calibrate {} --human PATH --domain NAME", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}
