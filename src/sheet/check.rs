//! Whether a filled table fits what was to be asked. In: questions, rows, the folder of images and sounds. Out: what became of every
//! question, and notes for the auditor; or all problems at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::cells::Encoding;
use super::table::{Filled, Table};
use super::{Asked, EMPTY, Question, listed};

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// A text as it was pasted.
    Text {
        text: String,
        /// The spreadsheet may have cut it.
        cut: bool,
    },
    /// The tool gave nothing back.
    Nothing,
    /// An image or a sound: its place below the folder, and its blake3 hash.
    File { name: PathBuf, hash: String },
    /// It was not asked: why, if somebody said so.
    NotAsked(Option<String>),
}

/// A question with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub question: &'a Question,
    /// Row of the table; `None` where it was deleted.
    pub row: Option<usize>,
    pub came: Came,
    pub remark: String,
}

/// A table that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked<'a> {
    /// One for every question, in the order of prompts and repeats: the order of the rows changes nothing.
    pub entries: Vec<Entry<'a>>,
    pub notes: Vec<String>,
}

/// Most characters that Excel keeps of a cell (UTF-16 units), <https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3>.
const LONGEST_CELL: usize = 32_767;

/// An answer that stands in so many rows is worth a second look.
const SUSPICIOUS: usize = 3;

/// Answers named of those that stand in many rows.
const NAMED: usize = 5;

pub(super) fn check<'a>(asked: &'a Asked, table: &Table, files: Option<&Path>) -> Result<Checked<'a>, Vec<String>> {
    let questions: BTreeMap<&str, &Question> = asked.rows.iter().map(|question| (question.id.as_str(), question)).collect();
    let mut problems = Problems::default();
    let mut notes = Vec::new();
    let mut rows: BTreeMap<&str, Vec<&Filled>> = BTreeMap::new();
    for filled in &table.rows {
        match questions.get(filled.id.as_str()) {
            None => problems.add("the id is none of this table; is it the table that belongs to the file of questions?", filled.row),
            Some(question) => {
                if lines(&filled.prompt) != lines(&question.text) {
                    let advice = "the question is not the one that was exported: put its words back, if they were what was asked";
                    problems.add(advice, filled.row);
                }
                rows.entry(filled.id.as_str()).or_default().push(filled);
            }
        }
    }
    for same in rows.values().filter(|same| same.len() > 1) {
        same.iter().for_each(|filled| problems.add("the id stands in more than one row: keep one of each", filled.row));
    }
    if table.encoding == Encoding::Windows1252 {
        let known = table.rows.iter().any(|filled| !filled.prompt.is_ascii() && !problems.named(filled.row));
        if !known || !problems.is_empty() {
            return Err(vec![
                "the file is not saved in UTF-8, and its questions do not show in what else: save it again, in Excel as `CSV UTF-8`, in \
                 LibreOffice as `Text CSV` with character set Unicode (UTF-8)"
                    .to_owned(),
            ]);
        }
        notes.push(
            "the file is saved in Windows-1252; every question came through whole, but characters that this encoding lacks (emoji, \
             Greek, …) were turned into ? when it was saved"
                .to_owned(),
        );
    }
    let mut entries = Vec::new();
    for question in &asked.rows {
        let filled = rows.get(question.id.as_str()).and_then(|same| same.first().copied());
        let came = match filled {
            None => Came::NotAsked(Some("the row is missing from the table".to_owned())),
            Some(filled) => read(filled, question, files, &mut problems),
        };
        let remark = filled.map(|filled| filled.remark.clone()).unwrap_or_default();
        entries.push(Entry { question, row: filled.map(|filled| filled.row), came, remark });
    }
    if !problems.is_empty() {
        return Err(problems.words());
    }
    entries.sort_by(|left, right| (&left.question.prompt, left.question.repeat).cmp(&(&right.question.prompt, right.question.repeat)));
    if !table.extra.is_empty() {
        notes.push(format!("columns that are not read: {}", table.extra.join(", ")));
    }
    notes.extend(notable(&entries));
    Ok(Checked { entries, notes })
}

/// What a row says.
fn read(filled: &Filled, question: &Question, files: Option<&Path>, problems: &mut Problems) -> Came {
    let answer = filled.answer.trim();
    if !answer.is_empty() && !filled.file.is_empty() {
        problems.add("both an answer and a file name: keep the one that the question asked for", filled.row);
    }
    if !filled.file.is_empty() {
        return file(&filled.file, filled.row, files, problems);
    }
    if answer.is_empty() {
        return Came::NotAsked(Some(filled.remark.clone()).filter(|remark| !remark.is_empty()));
    }
    if EMPTY.contains(&answer.to_lowercase().as_str()) {
        return Came::Nothing;
    }
    if words(answer) == words(&question.text) {
        problems.add("the answer is the question itself: paste the answer, or leave the cell empty and say why in the remark", filled.row);
    }
    Came::Text { text: filled.answer.clone(), cut: filled.answer.encode_utf16().count() >= LONGEST_CELL }
}

/// A file below `files`, hashed.
fn file(name: &str, row: usize, files: Option<&Path>, problems: &mut Problems) -> Came {
    // A name from a Windows machine is read on any.
    let name = PathBuf::from(name.replace('\\', "/"));
    let Some(folder) = files else {
        problems.add("the row names a file: say with --files in which folder the images and sounds lie", row);
        return Came::Nothing;
    };
    if !name.components().all(|part| matches!(part, Component::Normal(_))) {
        problems.add("the file name leads out of the folder of files: write the name only", row);
        return Came::Nothing;
    }
    match std::fs::read(folder.join(&name)) {
        Ok(bytes) if bytes.is_empty() => problems.add(&format!("the file {} is empty", folder.join(&name).display()), row),
        Ok(bytes) => return Came::File { name, hash: blake3::hash(&bytes).to_hex().to_string() },
        Err(error) => problems.add(&format!("the file {} cannot be read: {error}", folder.join(&name).display()), row),
    }
    Came::Nothing
}

/// What is no mistake for certain, but should be seen.
fn notable(entries: &[Entry<'_>]) -> Vec<String> {
    let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for entry in entries {
        let key = match &entry.came {
            Came::Text { text, .. } => text.trim().to_owned(),
            Came::File { hash, .. } => format!("file with blake3 {hash}"),
            Came::Nothing | Came::NotAsked(_) => continue,
        };
        same.entry(key).or_default().extend(entry.row);
    }
    let mut same: Vec<(String, Vec<usize>)> = same.into_iter().filter(|(_, rows)| rows.len() >= SUSPICIOUS).collect();
    same.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let mut notes: Vec<String> = same
        .iter()
        .take(NAMED)
        .map(|(answer, rows)| {
            let start: String = answer.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
            format!("the same answer stands in {} rows ({}): `{start}`; was it pasted again by mistake?", rows.len(), listed(rows))
        })
        .collect();
    if same.len() > NAMED {
        notes.push(format!("{} more answers stand in {SUSPICIOUS} rows or more", same.len() - NAMED));
    }
    let cut: Vec<usize> = entries.iter().filter(|e| matches!(e.came, Came::Text { cut: true, .. })).filter_map(|e| e.row).collect();
    if !cut.is_empty() {
        notes.push(format!(
            "rows {}: as long as a cell can be, so the spreadsheet may have cut them; they count as truncated",
            listed(&cut)
        ));
    }
    notes
}

/// Line ends are the spreadsheet's.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Problems with their rows, in the order in which they were found.
#[derive(Default)]
struct Problems(Vec<(String, BTreeSet<usize>)>);

impl Problems {
    fn add(&mut self, problem: &str, row: usize) {
        match self.0.iter_mut().find(|(known, _)| known == problem) {
            Some((_, rows)) => {
                rows.insert(row);
            }
            None => self.0.push((problem.to_owned(), BTreeSet::from([row]))),
        }
    }

    fn named(&self, row: usize) -> bool {
        self.0.iter().any(|(_, rows)| rows.contains(&row))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn words(&self) -> Vec<String> {
        self.0.iter().map(|(problem, rows)| format!("row {}: {problem}", listed(&rows.iter().copied().collect::<Vec<_>>()))).collect()
    }
}
