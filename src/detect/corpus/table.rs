//! Tables of known origin. In: a file. Out: rows of named cells, and the [`Item`]s they stand for.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{ANY, Columns, Content, GROUP, Item};
use crate::detect::error::DetectError;
use crate::detect::material::Material;
use crate::store::Language;

/// The number of a row as the file counts, and its cells by column.
type Row = (usize, BTreeMap<String, String>);

/// The rows that count.
pub(super) struct Table {
    name: String,
    rows: Vec<Row>,
}

/// Reads the rows that `columns` keeps.
pub(super) fn read(file: &Path, columns: &Columns) -> Result<Table, DetectError> {
    let broken =
        |problem: String| DetectError::file(file, problem, "a corpus is a folder, a run, or a table as .csv, .tsv, .jsonl or .json");
    let text = std::fs::read_to_string(file).map_err(|error| broken(error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = match file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("jsonl") => lines(text).map_err(&broken)?,
        Some("json") => lists(text).map_err(&broken)?,
        Some("csv") => cells(text, if heading(text).matches(';').count() > heading(text).matches(',').count() { b';' } else { b',' })
            .map_err(&broken)?,
        Some("tsv") => cells(text, b'\t').map_err(&broken)?,
        _ => return Err(broken("is no table that Lupe reads".to_owned())),
    };
    for (column, values) in &columns.keep {
        if let Some((row, _)) = rows.iter().find(|(_, cells)| !cells.contains_key(column)) {
            return Err(broken(format!("row {row} has no column `{column}`")));
        }
        rows.retain(|(_, cells)| values.contains(&cells[column]));
    }
    Ok(Table { name: file.file_name().unwrap_or_default().to_string_lossy().into_owned(), rows })
}

fn heading(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn cells(text: &str, separator: u8) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let row = |(record, row): (csv::Result<csv::StringRecord>, usize)| {
        let record = record.map_err(|error| error.to_string())?;
        Ok((row, names.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()))
    };
    reader.records().zip(2..).map(row).collect()
}

/// One object in each line.
fn lines(text: &str) -> Result<Vec<Row>, String> {
    let row = |(line, row): (&str, usize)| match serde_json::from_str(line) {
        Ok(Value::Object(cells)) => Ok((row, cells.into_iter().map(|(name, value)| (name, cell(&value))).collect())),
        Ok(_) => Err(format!("line {row} is no object")),
        Err(error) => Err(format!("line {row}: {error}")),
    };
    text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()).map(row).collect()
}

/// One object with a list for each column.
fn lists(text: &str) -> Result<Vec<Row>, String> {
    let columns: BTreeMap<String, Vec<Value>> = serde_json::from_str(text).map_err(|error| format!("is no object of lists: {error}"))?;
    let length = columns.values().map(Vec::len).max().unwrap_or(0);
    if let Some((name, list)) = columns.iter().find(|(_, list)| list.len() != length) {
        return Err(format!("`{name}` has {} entries, another column {length}", list.len()));
    }
    Ok((0..length).map(|at| (at + 1, columns.iter().map(|(name, list)| (name.clone(), cell(&list[at]))).collect())).collect())
}

/// A value as text; of a list its parts, one below the other.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(cell).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

impl Table {
    /// What the rows stand for. Paths are below `folder`; `generator` is named where the table names none.
    pub(super) fn items(self, folder: &Path, columns: &Columns, generator: Option<&str>) -> Result<Vec<Item>, DetectError> {
        let Self { name, rows } = self;
        rows.into_iter().map(|(row, cells)| item(&name, row, &cells, folder, columns, generator)).collect()
    }
}

fn item(
    table: &str,
    row: usize,
    cells: &BTreeMap<String, String>,
    folder: &Path,
    columns: &Columns,
    generator: Option<&str>,
) -> Result<Item, DetectError> {
    let cell = |ours: &str| cells.get(columns.theirs(ours)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let id = format!("{table}:{row}");
    let (text, file) = (columns.theirs("text"), columns.theirs("file"));
    let content = match (cells.get(text), cell("file")) {
        (Some(text), _) => Content::Held(Material::Text(text.clone())),
        (None, Some(file)) => Content::File(folder.join(file)),
        (None, None) => {
            let names: Vec<&str> = cells.keys().map(String::as_str).collect();
            let problem = format!("{id}: there is neither `{text}` nor `{file}`; there are {}", names.join(", "));
            return Err(DetectError::corpus(problem, "name the column with the texts: --human-columns text=…, --generated-columns text=…"));
        }
    };
    let group = |ours: &String| ours.strip_prefix(GROUP).map(str::to_owned).zip(cell(ours).map(str::to_owned));
    let named = cells.keys().filter(|name| name.starts_with(GROUP)).chain(columns.names.keys());
    Ok(Item {
        source: cell("source").map_or_else(|| id.clone(), str::to_owned),
        generator: generator.map(|name| cell("generator").unwrap_or(name).to_owned()),
        domain: cell("domain").unwrap_or(ANY).to_owned(),
        language: cell("language").and_then(|code| Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))),
        groups: named.filter_map(group).collect(),
        content,
        id,
    })
}
