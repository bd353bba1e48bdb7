//! From a filled table to a recording. In: the table, what was asked, a folder of images and sounds. Out: `mapping.toml`, `answers.jsonl` and
//! `files/`, which `recorded:FOLDER/mapping.toml` opens. Every question has a row there: one that was not asked is `failed`, with the reason.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::check::{Came, Checked, check};
use super::{Asked, SheetError, WRITE, table};
use crate::run::write_whole;
use crate::store::Outcome;

/// What was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Suite of the questions.
    pub suite: String,
    /// The mapping, for `recorded:`.
    pub mapping: PathBuf,
    /// Number of questions.
    pub questions: usize,
    /// Questions with a text, refusals among them, or with nothing where the tool gave nothing back.
    pub answers: usize,
    /// Questions with an image, a sound or a video.
    pub files: usize,
    /// Rows that were left empty with a reason.
    pub explained: Vec<usize>,
    /// Rows that were left empty without one.
    pub unexplained: Vec<usize>,
    /// Numbers (first column as exported) of the questions whose rows are missing.
    pub deleted: Vec<usize>,
    /// What the auditor should know.
    pub notes: Vec<String>,
}

/// One line of `answers.jsonl`.
#[derive(Serialize)]
struct Row<'a> {
    prompt_id: &'a str,
    repeat: u32,
    prompt: &'a str,
    answer: &'a str,
    outcome: &'static str,
    detail: String,
    /// Place of an image, a sound or a video below the folder of the recording; empty for a text.
    file: String,
    /// Hash of that file.
    blake3: &'a str,
}

/// Read the table at `path`, check it against `asked` (the JSON file that was exported with it) and write the recording of the tool called
/// `name` into `folder`. Files named in the table lie in `files` and are copied.
///
/// # Errors
/// [`SheetError`] for files that cannot be read or written, and for a table that does not fit what was asked; nothing is written then.
pub fn import(path: &Path, asked: &Path, name: &str, files: Option<&Path>, folder: &Path) -> Result<Imported, SheetError> {
    let name = name.trim();
    if name.is_empty() || name.contains(|c: char| c.is_control() || c == '#') {
        return Err(SheetError::file(path, format!("`{name}` is no name for a tool"), "give --name without # and line breaks"));
    }
    let bytes = std::fs::read(path).map_err(|error| SheetError::file(path, error, "name the table that was filled in"))?;
    let table = table::read(path, &bytes)?;
    let text = std::fs::read_to_string(asked).map_err(|error| {
        let help = "it was written with the table and says what was to be asked: name it with --asked. If it is lost, export again to another \
                    file with the same suite, repeats, language and seed";
        SheetError::file(asked, error, help)
    })?;
    let asked: Asked = serde_json::from_str(&text)
        .map_err(|error| SheetError::file(asked, error, "name the .json file that `lupe sheet export` wrote with the table"))?;
    let checked = check(&asked, &table, files).map_err(|problems| SheetError::Rows { path: path.to_owned(), problems })?;

    if checked.entries.iter().all(|entry| matches!(entry.came, Came::NotAsked(_))) {
        let help =
            "is this the table that was filled in, and was it saved as CSV? A tool that gave no answer at all has (empty) in its rows";
        return Err(SheetError::file(path, "no row has an answer", help));
    }

    let wrong = |path: &Path, problem: std::io::Error| SheetError::file(path, problem, WRITE);
    std::fs::create_dir_all(folder).map_err(|error| wrong(folder, error))?;
    for entry in &checked.entries {
        if let (Came::File { name, .. }, Some(files)) = (&entry.came, files) {
            let target = folder.join("files").join(name);
            let copied = std::fs::create_dir_all(target.parent().unwrap_or(folder)).and_then(|()| std::fs::copy(files.join(name), &target));
            copied.map_err(|error| wrong(&target, error))?;
        }
    }
    let mapping = folder.join("mapping.toml");
    let answers = folder.join("answers.jsonl");
    let lines = lines(&checked).map_err(|error| SheetError::file(&answers, error, WRITE))?;
    write_whole(&answers, lines.as_bytes())?;
    write_whole(&mapping, mapping_file(name, &asked.suite).as_bytes())?;
    Ok(count(asked.suite.clone(), mapping, checked))
}

fn count(suite: String, mapping: PathBuf, checked: Checked<'_>) -> Imported {
    let mut imported = Imported {
        suite,
        mapping,
        questions: checked.entries.len(),
        answers: 0,
        files: 0,
        explained: Vec::new(),
        unexplained: Vec::new(),
        deleted: Vec::new(),
        notes: checked.notes,
    };
    for entry in &checked.entries {
        match (&entry.came, entry.row) {
            (Came::Text { .. } | Came::Nothing, _) => imported.answers += 1,
            (Came::File { .. }, _) => imported.files += 1,
            (Came::NotAsked(_), None) => imported.deleted.push(entry.question.number),
            (Came::NotAsked(Some(_)), Some(row)) => imported.explained.push(row),
            (Came::NotAsked(None), Some(row)) => imported.unexplained.push(row),
        }
    }
    imported
}

fn lines(checked: &Checked<'_>) -> serde_json::Result<String> {
    let mut text = String::new();
    for entry in &checked.entries {
        let mut file = String::new();
        let mut blake3 = "";
        let (outcome, answer, detail) = match &entry.came {
            Came::Text { text, cut: false } => (Some(Outcome::Answered), text.as_str(), entry.remark.clone()),
            Came::Text { text, cut: true } => (Some(Outcome::Truncated), text.as_str(), "the spreadsheet may have cut it".to_owned()),
            Came::Nothing => (Some(Outcome::Empty), "", entry.remark.clone()),
            Came::File { name, hash } => {
                file = Path::new("files").join(name).to_string_lossy().replace('\\', "/");
                blake3 = hash;
                // Whether a file is an answer depends on what was asked for, and the recording knows that.
                (None, "", entry.remark.clone())
            }
            Came::NotAsked(why) => (Some(Outcome::Failed), "", format!("not asked: {}", why.as_deref().unwrap_or("no reason given"))),
        };
        let question = entry.question;
        text += &serde_json::to_string(&Row {
            prompt_id: &question.prompt,
            repeat: question.repeat,
            prompt: &question.text,
            answer,
            outcome: outcome.map_or("", Outcome::as_str),
            detail,
            file,
            blake3,
        })?;
        text.push('\n');
    }
    Ok(text)
}

fn mapping_file(name: &str, suite: &str) -> String {
    let name = toml::Value::String(name.to_owned());
    format!(
        "# Answers to the questions of suite `{suite}`, asked by hand and brought in by `lupe sheet import`.\n\
         # Every question has its row; one that was not asked has the outcome `failed` and the reason.\n\
         root = \".\"\n\
         format = \"jsonl\"\n\
         columns = {{ prompt_id = \"prompt_id\", prompt = \"prompt\", answer = \"answer\", outcome = \"outcome\", detail = \"detail\", file = \"file\" }}\n\
         models = [{{ name = {name}, file = \"answers.jsonl\" }}]\n"
    )
}
