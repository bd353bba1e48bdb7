//! Ratings by spreadsheet, for raters who like tables better than terminals. In: tasks. Out: a CSV file with an empty column; and from the filled file
//! ratings in the rater's book.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Book, RateError, Rating, Said, Task, shown};
use crate::lang::wording::Wording;
use crate::run::{clock, write_whole};
use crate::sheet::{escape, separator, text_of, unescape};
use crate::store::Language;

/// Columns, by wording key.
const COLUMNS: [&str; 8] = [
    "label-column-place",
    "label-column-id",
    "label-column-question",
    "label-column-rubric",
    "label-column-asked",
    "label-column-answer",
    "label-column-options",
    "label-column-rating",
];

/// Write the tasks that are not rated yet to `path`; their number. Files that came back lie in the run `folder`.
///
/// # Errors
/// A file that is there already or cannot be written.
pub fn export(tasks: &[Task<'_>], folder: &Path, book: &Book, wording: &Wording, path: &Path) -> Result<usize, RateError> {
    if path.exists() {
        return Err(RateError::file(path, "is there already", "name another file: this one may hold ratings"));
    }
    let fail = |error: csv::Error| RateError::file(path, error, "check that the disk has room and that you may write there");
    let language = wording.language();
    let bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().delimiter(separator(language)).terminator(csv::Terminator::CRLF).from_writer(bytes);
    writer.write_record(COLUMNS.map(|key| wording.text(key))).map_err(fail)?;
    let open: Vec<&Task> = tasks.iter().filter(|task| book.said(&task.question.attribute, &task.answer.0.id).is_none()).collect();
    for task in &open {
        let options: Vec<String> =
            task.question.values.iter().zip(1..).map(|(value, number)| format!("{number} {}", value.name.get(language))).collect();
        let options = format!("{}; 0 {}", options.join("; "), wording.text("label-cannot-tell"));
        let place = task.place.to_string();
        let id = id(task);
        let asked = task.question.asked.get(&task.answer.1.id).map_or("", String::as_str);
        let cells = [
            &place,
            &id,
            task.question.text.get(language),
            task.question.rubric.get(language),
            asked,
            &shown(&task.answer.2, folder),
            &options,
            "",
        ];
        writer.write_record(cells.map(escape)).map_err(fail)?;
    }
    let bytes = writer.into_inner().map_err(|error| fail(csv::Error::from(error.into_error())))?;
    write_whole(path, &bytes)?;
    Ok(open.len())
}

fn id(task: &Task<'_>) -> String {
    format!("{}-{}", task.question.attribute, task.answer.0.id)
}

/// Read a filled file into the book: the number of ratings, and of rows left empty. Nothing is written unless every row can be read.
///
/// # Errors
/// A file that is none, rows that belong to other tasks, ratings that are none of the options: all of them, by row.
pub fn import(tasks: &[Task<'_>], book: &mut Book, wording: &Wording, path: &Path) -> Result<(usize, usize), RateError> {
    const SAVE: &str = "save the table again as CSV in UTF-8";
    let bytes = std::fs::read(path).map_err(|error| RateError::file(path, error, "name the table that was filled in"))?;
    let text = text_of(&bytes).ok_or_else(|| RateError::file(path, "is no text", SAVE))?;
    let first = text.lines().next().unwrap_or_default();
    let separator = *b";,\t".iter().max_by_key(|separator| first.bytes().filter(|byte| byte == *separator).count()).unwrap_or(&b';');
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| RateError::file(path, error, SAVE))?.clone();
    let place = |key: &str| {
        let names = Language::ALL.map(|language| Wording::of(language).text(key));
        let found = header.iter().position(|cell| names.iter().any(|name| name == cell.trim()));
        found.ok_or_else(|| RateError::file(path, format!("has no column `{}`", wording.text(key)), "give the columns their headings back"))
    };
    let (ids, ratings) = (place("label-column-id")?, place("label-column-rating")?);
    let tasks: BTreeMap<String, &Task> = tasks.iter().map(|task| (id(task), task)).collect();
    let (mut found, mut empty, mut problems) = (Vec::new(), 0, Vec::new());
    for (record, row) in reader.records().zip(2..) {
        let record = record.map_err(|error| RateError::file(path, error, SAVE))?;
        let cell = |index: usize| record.get(index).map_or("", |cell| unescape(cell).trim());
        let Some(task) = tasks.get(cell(ids)) else {
            problems.push(format!("row {row}: no such answer; the table was made with another --share, --seed or --attribute"));
            continue;
        };
        let values = &task.question.values;
        let said = match cell(ratings) {
            "" => {
                empty += 1;
                continue;
            }
            "0" => Some(Said::CannotTell),
            typed => {
                let by_number = typed.parse::<usize>().ok().and_then(|number| values.get(number.checked_sub(1)?));
                let by_name = || {
                    values
                        .iter()
                        .find(|value| [&value.name.de, &value.name.en, &value.id].into_iter().any(|name| name.eq_ignore_ascii_case(typed)))
                };
                by_number.or_else(by_name).map(|value| Said::Value(value.id.clone()))
            }
        };
        match said {
            Some(said) => found.push((*task, said)),
            None => problems.push(format!("row {row}: `{}` is none of the options", cell(ratings))),
        }
    }
    if !problems.is_empty() {
        return Err(RateError::file(
            path,
            format!("nothing was taken over:\n  {}", problems.join("\n  ")),
            "mend these rows and import it again",
        ));
    }
    let mut written = 0;
    for (task, said) in found {
        // The same table may be imported twice.
        if book.said(&task.question.attribute, &task.answer.0.id) != Some(&said) {
            let (request, attribute) = (task.answer.0.id.clone(), task.question.attribute.clone());
            book.write(Rating { request, attribute, said, place: task.place, date: clock() })?;
            written += 1;
        }
    }
    Ok((written, empty))
}
