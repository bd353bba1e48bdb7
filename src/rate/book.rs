//! One rater's ratings in the run folder, `ratings/RATER.jsonl`: a line that says what it is, then a line for each thing said.
//!
//! Lines are only ever added and each is on the disk before the next question is shown, so a session that is killed loses at most the line it
//! was writing. Who thinks better of an answer says it anew; the last word counts. One file for each rater: two may rate at once, and
//! files from several machines are joined by putting them into one folder.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::RateError;

/// Folder of the books in a run folder.
const FOLDER: &str = "ratings";
/// Version of the lines.
const VERSION: u32 = 1;
const DAMAGED: &str = "the file was changed by hand or by a failing disk; mend or remove the line named, and no other";

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    ratings: u32,
    rater: String,
}

/// One thing said about one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Request whose answer was shown.
    pub request: String,
    /// Attribute asked for.
    pub attribute: String,
    /// What was said.
    pub said: Said,
    /// 1-based place of the answer in the order in which this rater saw them.
    pub place: u32,
    /// When.
    pub date: Timestamp,
}

/// What a rater says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// One of the attribute's values.
    Value(String),
    /// It cannot be told from the answer.
    CannotTell,
}

/// All ratings of a run: rater -> (attribute, request) -> the last word.
pub type Ratings = BTreeMap<String, BTreeMap<(String, String), Rating>>;

/// A rater's book, open for writing.
pub struct Book {
    path: PathBuf,
    file: File,
    said: BTreeMap<(String, String), Rating>,
}

impl Book {
    /// Open the book of `rater` in the run `folder`, or begin it. A line that was being written when an earlier session was killed is cut off.
    ///
    /// # Errors
    /// A name that is none; a book that somebody else has open, that a newer Lupe wrote, or that is damaged.
    pub fn open(folder: &Path, rater: &str) -> Result<Self, RateError> {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if rater.is_empty() || rater.len() > 32 || !rater.chars().all(is_name) || rater.starts_with('-') {
            return Err(RateError::Rater { name: rater.to_owned() });
        }
        let path = folder.join(FOLDER).join(format!("{rater}.jsonl"));
        let fail = |error: std::io::Error| RateError::file(&path, error, "check that the disk has room and that you may write there");
        std::fs::create_dir_all(folder.join(FOLDER)).map_err(fail)?;
        let mut file = File::options().create(true).read(true).append(true).open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(RateError::file(&path, "another window has it open", "go on there, or take another name"));
            }
            Err(TryLockError::Error(error)) => return Err(fail(error)),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(fail)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).map_err(fail)?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        let said = if whole == 0 { BTreeMap::new() } else { parse(&path, rater, &text[..whole])? };
        let mut book = Self { path, file, said };
        if whole == 0 {
            book.line(&Header { ratings: VERSION, rater: rater.to_owned() })?;
        }
        Ok(book)
    }

    /// What was said last about this answer.
    pub fn said(&self, attribute: &str, request: &str) -> Option<&Said> {
        self.said.get(&(attribute.to_owned(), request.to_owned())).map(|rating| &rating.said)
    }

    /// Write a rating down; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk is full or gone.
    pub fn write(&mut self, rating: Rating) -> Result<(), RateError> {
        self.line(&rating)?;
        self.said.insert((rating.attribute.clone(), rating.request.clone()), rating);
        Ok(())
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), RateError> {
        let write = |file: &mut File| {
            let mut line = serde_json::to_string(value)?;
            line.push('\n');
            file.write_all(line.as_bytes())?;
            file.sync_data()
        };
        write(&mut self.file)
            .map_err(|error: std::io::Error| RateError::file(&self.path, error, "what was said before is kept; make room and go on"))
    }
}

/// All books in the run `folder`; none is no error.
///
/// # Errors
/// A book that cannot be read, that a newer Lupe wrote, or that is damaged.
pub(super) fn read(folder: &Path) -> Result<Ratings, RateError> {
    let books = folder.join(FOLDER);
    let mut all = Ratings::new();
    if !books.is_dir() {
        return Ok(all);
    }
    let fail = |error: std::io::Error| RateError::file(&books, error, "check that you may read it");
    for entry in std::fs::read_dir(&books).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let Some(rater) = path.file_stem().and_then(|stem| stem.to_str()).filter(|_| path.extension().is_some_and(|end| end == "jsonl"))
        else {
            continue;
        };
        let text = std::fs::read_to_string(&path).map_err(|error| RateError::file(&path, error, "check that you may read it"))?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole > 0 {
            all.insert(rater.to_owned(), parse(&path, rater, &text[..whole])?);
        }
    }
    Ok(all)
}

/// Whole lines of a book: the last word about every answer.
fn parse(path: &Path, rater: &str, text: &str) -> Result<BTreeMap<(String, String), Rating>, RateError> {
    let mut lines = text.lines().zip(1..);
    let damaged = |line: usize, error: &dyn std::fmt::Display| RateError::file(path, format!("line {line}: {error}"), DAMAGED);
    let (first, _) = lines.next().unwrap_or(("", 1));
    let header: Header = serde_json::from_str(first).map_err(|error| damaged(1, &error))?;
    if header.ratings > VERSION {
        return Err(RateError::file(path, "was written by a newer version of Lupe", "read it with that version"));
    }
    if header.rater != rater {
        return Err(RateError::file(path, format!("belongs to rater `{}`", header.rater), "give the file its old name back"));
    }
    let mut said = BTreeMap::new();
    for (line, number) in lines {
        let rating: Rating = serde_json::from_str(line).map_err(|error| damaged(number, &error))?;
        said.insert((rating.attribute.clone(), rating.request.clone()), rating);
    }
    Ok(said)
}
