//! Texts, pictures and recordings whose origin is known, for training, calibration and evaluation.
//!
//! In: folders of files, tables with a text in each row, or run folders. Out: [`Item`]s. What stands in memory of a picture is its path: corpora may be large.

mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::DetectError;
use super::material::{Abstention, Material};
use crate::run::{Joined, Run};
use crate::store::{Language, Outcome, Task};

/// Where nothing says what kind of text or picture an item is.
pub const ANY: &str = "any";
/// A table of this name in a folder says more about its files than their names do.
const TABLE: &str = "corpus.csv";

/// One thing of known origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it was found: file, or file and row.
    pub id: String,
    /// What it goes back to: a topic, a prompt, a photograph. Items of one source are never split between training and test.
    pub source: String,
    /// What made it; `None` for a human work.
    pub generator: Option<String>,
    /// Kind of text or picture, for instance `encyclopaedia`.
    pub domain: String,
    /// Its language, where one is named.
    pub language: Option<Language>,
    /// Further groups: `native` -> `no`, `epoch` -> `baroque`.
    pub groups: BTreeMap<String, String>,
    /// The thing itself, or where it lies.
    pub content: Content,
}

/// A thing, or where it lies.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// In memory.
    Held(Material),
    /// In a file.
    File(PathBuf),
}

impl Item {
    /// Whether a machine made it.
    pub fn generated(&self) -> bool {
        self.generator.is_some()
    }

    /// The thing itself.
    ///
    /// # Errors
    /// [`Abstention`] when its file cannot be read.
    pub fn material(&self) -> Result<Cow<'_, Material>, Abstention> {
        match &self.content {
            Content::Held(material) => Ok(Cow::Borrowed(material)),
            Content::File(file) => Material::read(file).map(Cow::Owned),
        }
    }
}

/// How the columns of a table are called, and which of its rows count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Ours -> theirs, where they differ. Ours are `text` or `file`, `source`, `generator`, `domain`, `language`, and `group-NAME`.
    pub names: BTreeMap<String, String>,
    /// Their column and the values that count.
    pub keep: Vec<(String, Vec<String>)>,
}

impl Columns {
    /// From `ours=theirs` and `theirs=value|value`, as they stand on a command line.
    ///
    /// # Errors
    /// [`DetectError::Corpus`] for a pair without `=` and for a column that is none of ours.
    pub fn parse(names: &[String], keep: &[String]) -> Result<Self, DetectError> {
        let pair = |text: &String| {
            let help = "write ours=theirs, for instance text=answer,source=title";
            text.split_once('=')
                .map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned()))
                .ok_or_else(|| DetectError::corpus(format!("`{text}` has no `=`"), help))
        };
        let names: BTreeMap<String, String> = names.iter().map(pair).collect::<Result<_, _>>()?;
        if let Some(unknown) = names.keys().find(|name| !OURS.contains(&name.as_str()) && !name.starts_with(GROUP)) {
            let help = format!("our columns are {} and {GROUP}NAME", OURS.join(", "));
            return Err(DetectError::corpus(format!("there is no column `{unknown}`"), &help));
        }
        let keep = keep.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            names,
            keep: keep.into_iter().map(|(column, values)| (column, values.split('|').map(str::to_owned).collect())).collect(),
        })
    }

    fn theirs<'n>(&'n self, ours: &'n str) -> &'n str {
        self.names.get(ours).map_or(ours, String::as_str)
    }
}

/// Columns of a table.
const OURS: [&str; 6] = ["text", "file", "source", "generator", "domain", "language"];
/// Beginning of the names of further groups.
const GROUP: &str = "group-";

/// The items of a folder, a table (`.csv`, `.tsv`, `.jsonl`, or `.json` with a list for each column) or a run, in a fixed order.
///
/// In a folder each file is an item; its source is its name without the ending (so that `human/church.txt` and `generated/church.txt` are twins), its domain
/// the subfolder it lies in. A table `corpus.csv` in the folder takes the place of these rules. Of a run the answers count; its models are the generators.
///
/// # Errors
/// [`DetectError::File`] for what cannot be read; [`DetectError::Corpus`] where nothing is left, and for human works out of a run.
pub fn read(path: &Path, columns: &Columns, generated: bool) -> Result<Vec<Item>, DetectError> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let items = if path.join("store.sqlite").is_file() {
        if !generated {
            return Err(DetectError::corpus(
                format!("{} is a run: what models answered is no human work", path.display()),
                "name it with --generated",
            ));
        }
        answers(path)?
    } else if path.join(TABLE).is_file() {
        table::read(&path.join(TABLE), columns)?.items(path, columns, generated.then_some(name.as_str()))?
    } else if path.is_dir() {
        files(path, generated.then_some(name.as_str()))?
    } else {
        let beside = path.parent().unwrap_or(Path::new("."));
        table::read(path, columns)?.items(beside, columns, generated.then_some(name.as_str()))?
    };
    if items.is_empty() {
        return Err(DetectError::corpus(
            format!("{} holds nothing that counts", path.display()),
            "see the folder, or the values that --…-keep names",
        ));
    }
    Ok(items)
}

/// Every file below a folder, in order of their paths. What begins with a dot is passed over.
fn files(folder: &Path, generator: Option<&str>) -> Result<Vec<Item>, DetectError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(here) = open.pop() {
        let broken = |error: std::io::Error| DetectError::file(&here, error, "see that the folder can be read");
        for entry in std::fs::read_dir(&here).map_err(broken)? {
            let path = entry.map_err(broken)?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    let item = |path: PathBuf| {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        let domain = inside.parent().and_then(|parent| parent.iter().next()).map(|first| first.to_string_lossy().into_owned());
        Item {
            id: inside.to_string_lossy().into_owned(),
            source: inside.with_extension("").to_string_lossy().into_owned(),
            generator: generator.map(str::to_owned),
            domain: domain.unwrap_or_else(|| ANY.to_owned()),
            language: None,
            groups: BTreeMap::new(),
            content: Content::File(path),
        }
    };
    Ok(found.into_iter().map(item).collect())
}

/// The answers of a run.
fn answers(folder: &Path) -> Result<Vec<Item>, DetectError> {
    let broken =
        |error: crate::run::RunError| DetectError::file(folder, error, "see that the run is whole: `lupe run` goes on where it stopped");
    let Joined { prompts, rows, .. } = Run::open(folder).and_then(|run| run.joined()).map_err(broken)?;
    let mut items = Vec::new();
    for (request, prompt, response) in rows {
        let prompt = &prompts[prompt];
        if !matches!(response.outcome, Outcome::Answered | Outcome::Truncated)
            || !matches!(prompt.task, Task::Generate { .. } | Task::Make { .. })
        {
            continue;
        }
        items.push(Item {
            id: request.id,
            source: [prompt.probe.as_str(), &prompt.template, &prompt.context].join("/"),
            generator: Some(request.model),
            domain: prompt.probe.clone(),
            language: Some(prompt.answer_language()),
            groups: prompt.levels.clone(),
            content: match response.file {
                Some(file) => Content::File(folder.join(file.place())),
                None => Content::Held(Material::Text(response.text)),
            },
        });
    }
    Ok(items)
}

#[cfg(test)]
mod tests;
