//! The files of a benchmark as the user has them: JSON lines, tables with and without a header, plain lines.
//!
//! In: a path. Out: [`Record`]s that know their line, so that whatever is wrong with one is told with its place and what to do.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::BenchmarkError;

/// One line (or record) of a file with its cells by name.
#[derive(Clone, Debug)]
pub struct Record {
    path: PathBuf,
    /// Line of the file that it begins in, from 1.
    pub line: u64,
    cells: Map<String, Value>,
}

impl Record {
    /// The text under `key`.
    ///
    /// # Errors
    /// When there is none.
    pub fn text(&self, key: &str) -> Result<&str, BenchmarkError> {
        self.cells.get(key).and_then(Value::as_str).ok_or_else(|| self.lacks(key, "a text"))
    }

    /// What is under `key` as text, whether it is a text or a number.
    ///
    /// # Errors
    /// When it is neither.
    pub fn plain(&self, key: &str) -> Result<String, BenchmarkError> {
        match self.cells.get(key) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            _ => Err(self.lacks(key, "a text or a number")),
        }
    }

    /// The value at a path of keys (`/answer_info/ans0/1`).
    ///
    /// # Errors
    /// When there is none.
    pub fn at(&self, pointer: &str) -> Result<&Value, BenchmarkError> {
        let mut keys = pointer.split('/').skip(1);
        let first = keys.next().and_then(|key| self.cells.get(key));
        let found = keys.try_fold(first, |value, key| {
            let inner = match value? {
                Value::Object(map) => map.get(key),
                Value::Array(list) => key.parse::<usize>().ok().and_then(|at| list.get(at)),
                _ => None,
            };
            Some(inner)
        });
        found.flatten().ok_or_else(|| self.lacks(pointer, "anything"))
    }

    /// All cells, in the order of the file where that is known.
    pub fn cells(&self) -> &Map<String, Value> {
        &self.cells
    }

    /// An error in this record.
    pub fn wrong(&self, problem: impl Into<String>, help: impl Into<String>) -> BenchmarkError {
        BenchmarkError::Line { path: self.path.clone(), line: self.line, problem: problem.into(), help: help.into() }
    }

    fn lacks(&self, key: &str, what: &str) -> BenchmarkError {
        let names = self.cells.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        self.wrong(
            format!("there is not {what} under `{key}`"),
            format!("the record has: {names}; see that this is the file its authors published"),
        )
    }
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub fn text(path: &Path) -> Result<String, BenchmarkError> {
    let bytes = std::fs::read(path).map_err(|error| BenchmarkError::file(path, error, "name a file that exists and may be read"))?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).map_or(bytes.clone(), <[u8]>::to_vec);
    String::from_utf8(bytes).map_err(|error| BenchmarkError::file(path, error, "save the file as UTF-8"))
}

/// One JSON object a line.
///
/// # Errors
/// A line that is no object; a file without any.
pub fn jsonl(path: &Path) -> Result<Vec<Record>, BenchmarkError> {
    let text = text(path)?;
    let mut records = Vec::new();
    for (line, words) in (1..).zip(text.lines()).filter(|(_, words)| !words.trim().is_empty()) {
        let cells = serde_json::from_str(words).map_err(|error| BenchmarkError::Line {
            path: path.to_owned(),
            line,
            problem: format!("this is no JSON object: {error}"),
            help: "every line must be one; was the file cut, or is it in another format?".to_owned(),
        })?;
        records.push(Record { path: path.to_owned(), line, cells });
    }
    filled(path, records)
}

/// A table; without `names` its first line has them.
///
/// # Errors
/// A record with another number of cells than the header; a file without records.
pub fn table(path: &Path, delimiter: u8, names: Option<&[&str]>) -> Result<Vec<Record>, BenchmarkError> {
    let text = text(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        // Outside of CSV a quotation mark is one.
        .quoting(delimiter == b',' || delimiter == b';')
        .flexible(true)
        .has_headers(names.is_none())
        .from_reader(text.as_bytes());
    let help = "every line needs the same number of cells; was the file cut or saved by a spreadsheet?";
    let broken = |error: csv::Error| BenchmarkError::Line {
        path: path.to_owned(),
        line: error.position().map_or(0, csv::Position::line),
        problem: error.to_string(),
        help: help.to_owned(),
    };
    // Some programs leave out empty cells at the end of a line; without a header nothing tells that they are.
    let fewest = if names.is_some() || delimiter != b'\t' { usize::MAX } else { 0 };
    let names: Vec<String> = match names {
        Some(names) => names.iter().map(|name| (*name).to_owned()).collect(),
        None => reader.headers().map_err(broken)?.iter().map(|name| name.trim().to_owned()).collect(),
    };
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() > names.len() || record.len() < names.len().min(fewest) {
            let problem = format!("{} cells, where {} are expected ({})", record.len(), names.len(), names.join(", "));
            return Err(BenchmarkError::Line { path: path.to_owned(), line, problem, help: help.to_owned() });
        }
        let cells = names.iter().cloned().zip(record.iter().map(|cell| Value::String(cell.to_owned()))).collect();
        records.push(Record { path: path.to_owned(), line, cells });
    }
    filled(path, records)
}

fn filled(path: &Path, records: Vec<Record>) -> Result<Vec<Record>, BenchmarkError> {
    if records.is_empty() {
        return Err(BenchmarkError::file(path, "the file holds no records", "name a file with at least one"));
    }
    Ok(records)
}

/// A name for files and ids: small letters, digits and hyphens.
pub fn slug(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
