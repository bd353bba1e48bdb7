//! The filled table however a spreadsheet saved it. In: bytes. Out: its rows, with the numbers that the spreadsheet shows beside them.

use std::path::Path;

use super::cells::{Encoding, decode, unescape};
use super::{Column, SheetError};
use crate::store::Language;

/// A table read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub encoding: Encoding,
    /// Headings that are none of ours.
    pub extra: Vec<String>,
    pub rows: Vec<Filled>,
}

/// One row; the cells without what was added for spreadsheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filled {
    /// As the spreadsheet counts: the headings are row 1.
    pub row: usize,
    pub id: String,
    pub prompt: String,
    pub answer: String,
    pub file: String,
    pub remark: String,
}

/// Read a table with `;`, `,` or tab, with or without byte-order mark, columns in any order.
///
/// # Errors
/// [`SheetError::File`] for bytes that are no text, headings that are missing, and rows with more cells than headings.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Table, SheetError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(SheetError::file(path, "is a workbook, not a CSV file", SAVE_AS));
    }
    let (text, encoding) = decode(bytes).ok_or_else(|| SheetError::file(path, "is no text that Lupe can read", SAVE_AS))?;
    let (separator, language) = form(path, &text)?;
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let broken = |error: csv::Error| SheetError::file(path, error, SAVE_AS);
    let header = reader.headers().map_err(broken)?.clone();
    let place = |column: Column| header.iter().position(|cell| same(cell, column.heading(language)));
    let mut rows = Vec::new();
    for (record, row) in reader.records().zip(2..) {
        let record = record.map_err(broken)?;
        if record.iter().skip(header.len()).any(|cell| !cell.is_empty()) {
            let problem = format!("row {row} has more cells than there are headings");
            return Err(SheetError::file(
                path,
                problem,
                "an answer may have been split over several cells: put it into one, and save again",
            ));
        }
        let cell = |column| place(column).and_then(|place| record.get(place)).map_or("", unescape).to_owned();
        let filled = Filled {
            row,
            id: cell(Column::Id).trim().to_owned(),
            prompt: cell(Column::Prompt),
            answer: cell(Column::Answer),
            file: cell(Column::File).trim().to_owned(),
            remark: cell(Column::Remark).trim().to_owned(),
        };
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(filled);
        }
    }
    let known = |heading: &&str| Column::ALL.iter().any(|column| same(heading, column.heading(language)));
    let extra = header.iter().filter(|heading| !known(heading) && !heading.trim().is_empty()).map(str::to_owned).collect();
    Ok(Table { encoding, extra, rows })
}

/// What to do with a file that cannot be read.
const SAVE_AS: &str =
    "save the table again as CSV in UTF-8: in Excel `CSV UTF-8`, in LibreOffice `Text CSV` with character set Unicode (UTF-8)";

fn same(heading: &str, ours: &str) -> bool {
    heading.trim().to_lowercase() == ours.to_lowercase()
}

/// Separator and language under which the first line has the most of our headings; all must be there but the number, which nothing rests on.
fn form(path: &Path, text: &str) -> Result<(u8, Language), SheetError> {
    let mut best: Option<(Vec<&str>, Vec<String>, u8, Language)> = None;
    for separator in *b";,\t" {
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
        let header: Vec<String> = reader.headers().map(|cells| cells.iter().map(str::to_owned).collect()).unwrap_or_default();
        for language in Language::ALL {
            let headings = Column::ALL.into_iter().filter(|column| *column != Column::Number).map(|column| column.heading(language));
            if let Some(doubled) = headings.clone().find(|heading| header.iter().filter(|cell| same(cell, heading)).count() > 1) {
                return Err(SheetError::file(path, format!("two columns are called `{doubled}`"), "give your own column another heading"));
            }
            let missing: Vec<&str> = headings.filter(|heading| !header.iter().any(|cell| same(cell, heading))).collect();
            if best.as_ref().is_none_or(|(fewest, ..)| missing.len() < fewest.len()) {
                best = Some((missing, header.clone(), separator, language));
            }
        }
    }
    match best {
        Some((missing, _, separator, language)) if missing.is_empty() => Ok((separator, language)),
        Some((missing, header, ..)) => {
            let missing: Vec<String> = missing.iter().map(|heading| format!("`{heading}`")).collect();
            let problem = format!("the first row has no heading {}; it has: {}", missing.join(", "), header.join(", "));
            Err(SheetError::file(path, problem, "give the columns the headings back that `lupe sheet export` gave them"))
        }
        None => Err(SheetError::file(path, "is empty", "name the table that was filled in")),
    }
}
