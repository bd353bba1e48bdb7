//! `lupe import`: a benchmark of the field from files that the user has; `lupe figures`: its figures for a run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use miette::Result;

use crate::benchmark::{self, Benchmark, KINDS, Order, table};
#[cfg(feature = "local")]
use crate::model::{ModelError, candle::encoder::Embedder};
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Which benchmark.
    #[arg(value_parser = PossibleValuesParser::new(KINDS.iter().map(|kind| kind.name)), long_help = kinds())]
    kind: String,
    /// The files as their authors published them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder for probes, recordings and figures.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Column with a model's answers; may be given several times. All that hold answers when absent.
    #[arg(long = "model-column", value_name = "COLUMN")]
    columns: Vec<String>,
    /// Name of the model whose answers stand in a file of their own; the file's name when absent.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Embedder of lupe.toml in which the sets of `weat` are compared.
    #[cfg(feature = "local")]
    #[arg(long, value_name = "NAME")]
    embedder: Option<String>,
    /// Language of the table.
    #[arg(long, value_enum, default_value = "de")]
    language: Language,
}

#[derive(Debug, Args)]
pub struct FiguresArguments {
    /// Folder of a run of an imported suite; --root names the folder of the import.
    run: PathBuf,
    /// Language of the table.
    #[arg(long, value_enum, default_value = "de")]
    language: Language,
}

fn kinds() -> String {
    KINDS.iter().map(|kind| format!("{}: {}\n", kind.name, kind.files)).collect()
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let Arguments { kind, files, out, columns, name, language, .. } = arguments;
    #[cfg(not(feature = "local"))]
    let _ = root;
    let order = Order { files: files.clone(), columns: columns.clone(), model: name.clone() };
    // Opened first: a name that is misspelt leaves nothing behind.
    #[cfg(feature = "local")]
    let embedder = arguments.embedder.as_deref().map(|name| Ok::<_, ModelError>((name, Embedder::named(name, root)?))).transpose()?;
    let imported = benchmark::import(kind, &order, out)?;
    #[cfg(feature = "local")]
    if let Some((name, embedder)) = &embedder {
        show(&benchmark::weat::embedded(imported.benchmark, out, name, embedder)?, *language);
        return Ok(ExitCode::SUCCESS);
    }
    show(&imported.benchmark, *language);
    let (folder, suite) = (out.display(), &imported.benchmark.suite);
    println!("{} prompts are in {folder}; what lies there is read with --root {folder}.", imported.prompts);
    match &imported.mapping {
        Some((mapping, models)) => {
            println!("Recorded: {}.", models.join(", "));
            println!("Next: lupe --root {folder} run --suite {suite} --models recorded:{}", mapping.display());
        }
        None => {
            println!("Next: lupe --root {folder} run --suite {suite} --models MODEL, then lupe --root {folder} figures reports/{suite}")
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn figures(arguments: &FiguresArguments, root: Option<&Path>) -> Result<ExitCode> {
    show(&benchmark::figures(root.unwrap_or(Path::new(".")), &arguments.run)?, arguments.language);
    Ok(ExitCode::SUCCESS)
}

fn show(benchmark: &Benchmark, language: Language) {
    print!("{}", table::of(benchmark, language));
    benchmark.notes.iter().for_each(|note| println!("Note: {note}."));
}
