//! The options that name texts, pictures and recordings of known origin.

use std::path::PathBuf;

use clap::Args;
use miette::Result;

use crate::detect::corpus::{Columns, Item, read};
use crate::detect::registry::Setup;

/// Which detector.
#[derive(Debug, Args)]
pub struct Which {
    /// Name of the detector: text-style, text-lm, image-traces, image-embed, sound; or of a control: length, language, image-metadata, sound-metadata.
    #[arg(long, value_name = "NAME")]
    pub detector: String,
    /// What the detector needs, for instance model=smol.
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    pub set: Vec<String>,
}

/// Works of people.
#[derive(Debug, Args)]
pub struct Human {
    /// Folders or tables (.csv, .tsv, .jsonl, .json) with works of people.
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    pub human: Vec<PathBuf>,
    /// How the columns of these tables are called: ours=theirs; ours are text, file, source, domain, language, group-NAME.
    #[arg(long, value_name = "OURS=THEIRS", value_delimiter = ',')]
    pub human_columns: Vec<String>,
    /// Rows of these tables that count: column=value|value.
    #[arg(long, value_name = "COLUMN=VALUES")]
    pub human_keep: Vec<String>,
}

/// Works of machines.
#[derive(Debug, Args)]
pub struct Generated {
    /// Folders, tables or runs with works of machines.
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    pub generated: Vec<PathBuf>,
    /// As --human-columns, and generator.
    #[arg(long, value_name = "OURS=THEIRS", value_delimiter = ',')]
    pub generated_columns: Vec<String>,
    /// As --human-keep.
    #[arg(long, value_name = "COLUMN=VALUES")]
    pub generated_keep: Vec<String>,
}

impl Which {
    /// The setup that `--set` names.
    pub fn setup(&self) -> Result<Setup> {
        let pair = |text: &String| text.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
        let help = "write --set key=value";
        self.set.iter().map(|text| pair(text).ok_or_else(|| miette::miette!(help = help, "`{text}` has no `=`"))).collect()
    }
}

/// Works of people, then works of machines.
pub fn both(human: &Human, generated: &Generated) -> Result<Vec<Item>> {
    let mut items = human.items()?;
    items.extend(generated.items()?);
    Ok(items)
}

impl Human {
    /// All of them, in the order named.
    pub fn items(&self) -> Result<Vec<Item>> {
        all(&self.human, &Columns::parse(&self.human_columns, &self.human_keep)?, false)
    }
}

impl Generated {
    /// All of them, in the order named.
    fn items(&self) -> Result<Vec<Item>> {
        all(&self.generated, &Columns::parse(&self.generated_columns, &self.generated_keep)?, true)
    }
}

fn all(paths: &[PathBuf], columns: &Columns, generated: bool) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for path in paths {
        items.extend(read(path, columns, generated)?);
    }
    Ok(items)
}
