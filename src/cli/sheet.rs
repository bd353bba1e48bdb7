//! `lupe sheet`: ask a tool that has nothing but a web page, by hand.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use miette::Result;

use crate::audit;
use crate::sheet::{self, Order, listed};
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the questions of a suite as a table that a person works through with the tool open beside it.
    Export(Export),
    /// Read a filled table and make a recording of it, for `lupe run`.
    Import(Import),
}

#[derive(Debug, Args)]
struct Export {
    /// Suite of probes.
    #[arg(long)]
    suite: String,
    /// Ask every prompt so often, whatever its probe says.
    #[arg(long)]
    repeats: Option<NonZeroU32>,
    /// Language of the prompts.
    #[arg(long, value_enum, default_value = "both")]
    language: Languages,
    /// Seed of the order of the rows.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Language of headings and instructions, and with it the separator (German `;`, English `,`); German unless the prompts are English.
    #[arg(long, value_enum)]
    headings: Option<Language>,
    /// The table, FILE.csv; what was asked and the instructions lie beside it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Languages {
    De,
    En,
    Both,
}

#[derive(Debug, Args)]
struct Import {
    /// The filled table.
    file: PathBuf,
    /// Name of the tool in the report.
    #[arg(long)]
    name: String,
    /// Folder of the recording.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Folder of the images and sounds that the table names.
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// What was to be asked; the .json file beside the table when absent.
    #[arg(long, value_name = "FILE")]
    asked: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    match &arguments.command {
        Command::Export(arguments) => export(arguments, root),
        Command::Import(arguments) => import(arguments),
    }
}

fn export(arguments: &Export, root: Option<&Path>) -> Result<ExitCode> {
    let suite = audit::library(root)?.suite(&arguments.suite)?;
    let languages: &[Language] = match arguments.language {
        Languages::De => &[Language::De],
        Languages::En => &[Language::En],
        Languages::Both => &Language::ALL,
    };
    let headings = arguments.headings.unwrap_or(if languages == [Language::En] { Language::En } else { Language::De });
    let drawn = sheet::draw(&Order { suite: &suite, repeats: arguments.repeats, languages, seed: arguments.seed });
    for left_out in &drawn.left_out {
        println!("{}: {} prompts cannot be asked by hand: they ask for {}.", left_out.probe, left_out.prompts, left_out.asks_for);
    }
    let written = sheet::write(&drawn.asked, headings, &arguments.out)?;
    let table = arguments.out.display();
    let questions = drawn.asked.rows.len();
    println!("{questions} questions are in {table}; how to fill it in says {}.", written.instructions.display());
    println!("At a minute each that is {:.1} hours of work; --repeats and --language make it less.", questions as f64 / 60.0);
    println!("Keep {} with it. Then: lupe sheet import {table} --name TOOL --out FOLDER", written.asked.display());
    Ok(ExitCode::SUCCESS)
}

fn import(arguments: &Import) -> Result<ExitCode> {
    let Import { file, name, out, files, asked } = arguments;
    let asked = asked.clone().unwrap_or_else(|| file.with_extension("json"));
    let imported = sheet::import(file, &asked, name, files.as_deref(), out)?;
    println!("{} questions: {} answers, {} files.", imported.questions, imported.answers, imported.files);
    for (rows, what) in [
        (&imported.explained, "not asked, for the reason in the remark: row"),
        (&imported.unexplained, "not asked, and the remark does not say why: row"),
        (&imported.deleted, "missing from the table: number"),
    ] {
        if !rows.is_empty() {
            println!("{} {what} {}.", rows.len(), listed(rows));
        }
    }
    imported.notes.iter().for_each(|note| println!("Note: {note}."));
    println!("Next: lupe run --suite {} --models recorded:{}", imported.suite, imported.mapping.display());
    Ok(ExitCode::SUCCESS)
}
