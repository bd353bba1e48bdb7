//! From a suite to the table that a person works through. In: prompts, languages, a seed. Out: the table, what was asked, instructions.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use super::cells::escape;
use super::{Asked, Column, Question, SheetError, WRITE};
use crate::probe::Suite;
use crate::run::write_whole;
use crate::stats::rng::Random;
use crate::store::{Language, Task};

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// Ask every prompt so often, whatever its probe says.
    pub repeats: Option<NonZeroU32>,
    /// Languages of the prompts.
    pub languages: &'a [Language],
    /// Seed of the order of the rows.
    pub seed: u64,
}

/// The table before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The questions, in drawn order.
    pub asked: Asked,
    /// What nobody can ask by hand.
    pub left_out: Vec<LeftOut>,
}

/// Prompts of a probe that cannot be asked by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The probe.
    pub probe: String,
    /// What it asks for.
    pub asks_for: &'static str,
    /// Number of prompts.
    pub prompts: usize,
}

/// The files written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What was asked, for the import.
    pub asked: PathBuf,
    /// What the person reads.
    pub instructions: PathBuf,
}

/// The questions in a random order that depends on nothing but the seed: a tool that changes in the course of a day, or a person who tires,
/// does so across all levels alike.
pub fn draw(order: &Order<'_>) -> Drawn {
    let mut rows = Vec::new();
    let mut left_out: BTreeMap<(&str, &'static str), usize> = BTreeMap::new();
    for probe in &order.suite.probes {
        for prompt in probe.prompts.iter().filter(|prompt| order.languages.contains(&prompt.language)) {
            let text = match &prompt.task {
                Task::Generate { text } | Task::Make { text, .. } => text,
                Task::Choose { .. } => {
                    *left_out.entry((&probe.id, "log-probabilities of given words")).or_default() += 1;
                    continue;
                }
                Task::LogLikelihood { .. } => {
                    *left_out.entry((&probe.id, "the log-probability of a text")).or_default() += 1;
                    continue;
                }
            };
            rows.extend((0..order.repeats.map_or(probe.repeats, NonZeroU32::get)).map(|repeat| Question {
                number: 0,
                id: format!("{}-{}", prompt.id, repeat + 1),
                prompt: prompt.id.clone(),
                repeat,
                text: text.clone(),
            }));
        }
    }
    Random::new(order.seed, "sheet").shuffle(&mut rows);
    rows.iter_mut().zip(1..).for_each(|(row, number)| row.number = number);
    let asked = Asked { lupe: env!("CARGO_PKG_VERSION").to_owned(), suite: order.suite.id.clone(), seed: order.seed, rows };
    let left_out =
        left_out.into_iter().map(|((probe, asks_for), prompts)| LeftOut { probe: probe.to_owned(), asks_for, prompts }).collect();
    Drawn { asked, left_out }
}

/// Write the table to `path` (`…csv`), and beside it what was asked and the instructions, with headings in `language`.
///
/// # Errors
/// [`SheetError::File`] when there is nothing to ask, when `path` is no CSV file or there already (it may hold answers), or cannot be written.
pub fn write(asked: &Asked, language: Language, path: &Path) -> Result<Written, SheetError> {
    if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("csv")) {
        return Err(SheetError::file(path, "the name does not end in .csv", "name it for instance table.csv"));
    }
    if asked.rows.is_empty() {
        let help = "choose another suite, or --language both; `lupe probes list` shows what there is";
        return Err(SheetError::file(path, format!("suite `{}` has no question that a person could ask", asked.suite), help));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let suffix = if language == Language::De { "Anleitung" } else { "instructions" };
    let written = Written { asked: path.with_extension("json"), instructions: path.with_file_name(format!("{stem}-{suffix}.txt")) };
    if let Some(there) = [path, &written.asked].into_iter().find(|path| path.exists()) {
        let help = "name another file with --out, or move this one away: it may belong to answers that somebody has collected";
        return Err(SheetError::file(there, "is there already", help));
    }
    let json = serde_json::to_string_pretty(asked).map_err(|error| SheetError::file(&written.asked, error, WRITE))?;
    let csv = csv(asked, language).map_err(|error| SheetError::file(path, error, WRITE))?;
    // The table last: where it lies, the files that belong to it lie too.
    for (path, bytes) in [
        (written.asked.as_path(), json.as_bytes()),
        (&written.instructions, instructions(asked, language, path, &written.asked).as_bytes()),
        (path, &csv),
    ] {
        write_whole(path, bytes)?;
    }
    Ok(written)
}

/// UTF-8 with byte-order mark and lines that end in CR LF, as spreadsheets on Windows open without asking; `;` where the comma is decimal.
fn csv(asked: &Asked, language: Language) -> Result<Vec<u8>, csv::Error> {
    let bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().delimiter(separator(language)).terminator(csv::Terminator::CRLF).from_writer(bytes);
    writer.write_record(Column::ALL.map(|column| column.heading(language)))?;
    for row in &asked.rows {
        writer.write_record(Column::ALL.map(|column| match column {
            Column::Number => row.number.to_string(),
            Column::Id => row.id.clone(),
            Column::Prompt => escape(&row.text),
            Column::Answer | Column::File | Column::Remark => String::new(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn separator(language: Language) -> u8 {
    if language == Language::De { b';' } else { b',' }
}

/// For the editor of any Windows: byte-order mark and CR LF.
fn instructions(asked: &Asked, language: Language, table: &Path, json: &Path) -> String {
    let text = match language {
        Language::De => include_str!("instructions-de.txt"),
        Language::En => include_str!("instructions-en.txt"),
    };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = text
        .replace("{table}", &name(table))
        .replace("{json}", &name(json))
        .replace("{rows}", &asked.rows.len().to_string())
        .replace("{separator}", if language == Language::De { "Semikolon" } else { "comma" });
    format!("\u{feff}{}", text.replace('\n', "\r\n"))
}
