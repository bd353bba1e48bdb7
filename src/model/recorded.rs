//! Answers made elsewhere: CSV or JSONL files, mapped to prompts by a small TOML file. In every later stage they are equal to live models.
//!
//! The recording keeps its own prompts: [`Backend::as_asked`] puts the text that was really asked in the place of the probe's wording.
//! One that names its prompts by id (a filled sheet, see [`crate::sheet`]) needs no rules, and counts only for the very words of its prompts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Abilities, Ask, Backend, Card, Destination, Kind, ModelError, Opened};
use crate::store::{self, Language, MediaFile, Medium, Outcome, Prompt, Response, Task, hash_id};

/// Value of `kind` in the card of a recording.
pub const RECORDED: &str = "recorded answers";

/// Recorded models, in the registry: all of a mapping, or the one behind `#`.
pub(super) const KIND: Kind = Kind {
    prefix: "recorded",
    form: "recorded:MAPPING.toml or recorded:MAPPING.toml#NAME",
    names: |target, _| {
        let (path, name) = split(target);
        let names = Mapping::read(path)?.models.into_iter().map(|model| model.name);
        Ok(name.map_or_else(|| names.collect(), |name| vec![name.to_owned()]))
    },
    open: |target, name, _| {
        let mapping = Mapping::read(split(target).0)?;
        let recorded = mapping.open(name)?;
        let card = Card::from([
            ("kind".to_owned(), RECORDED.to_owned()),
            ("answers".to_owned(), recorded.answers.values().flatten().filter(|row| row.outcome != Outcome::Failed).count().to_string()),
            ("blake3 of the recording".to_owned(), recorded.file_hash.clone()),
        ]);
        Ok(Opened { backend: Box::new(recorded), card })
    },
};

fn split(target: &str) -> (&Path, Option<&str>) {
    target.rsplit_once('#').map_or((Path::new(target), None), |(path, name)| (Path::new(path), Some(name)))
}

/// The mapping file.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Folder that the files lie in, relative to the mapping file.
    pub root: PathBuf,
    /// Form of the files.
    pub format: Format,
    /// Whether a person typed the prompts into the tool, from a table that Lupe wrote.
    #[serde(default)]
    pub by_hand: bool,
    /// Column separator of CSV files; `,` when absent.
    pub delimiter: Option<char>,
    /// Which column (or JSON key) holds what.
    pub columns: Columns,
    /// Values of the `finish` column that mean that the answer was cut.
    #[serde(default)]
    pub truncated: Vec<String>,
    /// The recorded models.
    pub models: Vec<RecordedModel>,
    /// Which recorded prompt stands for which prompt of which probe; none where `columns.prompt_id` says it.
    #[serde(default)]
    pub prompts: Vec<PromptRule>,
    /// Hash of the rules and columns, not of `root`: where a recording lies changes no answer.
    #[serde(skip)]
    hash: String,
}

/// Form of the recorded files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated values (any separator), with a header line.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Names of the columns.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The prompt as it was put to the model.
    pub prompt: String,
    /// The answer.
    pub answer: String,
    /// Why the answer ended, if recorded.
    pub finish: Option<String>,
    /// The id of the prompt, where the recording was made with prompts of Lupe. It takes the place of the rules.
    pub prompt_id: Option<String>,
    /// What became of the question (`answered`, `failed`, …), if recorded; an empty cell leaves it to the answer.
    pub outcome: Option<String>,
    /// Why, where the outcome is not `answered`; or what a reader should know.
    pub detail: Option<String>,
    /// Place of an image, a sound or a video below `root`; an empty cell where a text came.
    pub file: Option<String>,
}

/// One recorded model.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordedModel {
    /// Name in the report.
    pub name: String,
    /// File below `root`.
    pub file: PathBuf,
}

/// A recorded prompt that contains all of `contains` stands for this template and context.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptRule {
    /// Words that together mark the prompt; case matters.
    pub contains: Vec<String>,
    /// Probe id.
    pub probe: String,
    /// Template id.
    pub template: String,
    /// Context id; empty when the probe has none.
    #[serde(default)]
    pub context: String,
    /// Levels, for counterfactual probes.
    #[serde(default)]
    pub levels: BTreeMap<String, String>,
    /// Language of the prompt.
    pub language: Language,
}

/// What tells prompts of a probe apart, whatever their wording.
type Place = (String, String, String, Language, BTreeMap<String, String>);

/// Which prompt an answer belongs to: by the rules, or by id.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Place(Place),
    Id(String),
}

/// One recorded model, ready to answer.
pub struct Recorded {
    name: String,
    fingerprint: String,
    file_hash: String,
    by_id: bool,
    by_hand: bool,
    answers: BTreeMap<Key, Vec<Answer>>,
}

struct Answer {
    /// The id of its prompt, where that is recorded.
    id: Option<String>,
    prompt: String,
    text: String,
    outcome: Outcome,
    detail: String,
    file: Option<FileRow>,
}

/// A file as it was when the recording was opened.
struct FileRow {
    name: String,
    path: PathBuf,
    hash: String,
    /// What its bytes are; `None` for what is no picture, recording or film.
    medium: Option<Medium>,
}

impl Mapping {
    /// Read a mapping file.
    ///
    /// # Errors
    /// [`ModelError::File`] when it cannot be read or is no mapping.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let text = std::fs::read_to_string(path).map_err(|error| broken(path, error, "name a mapping file that exists"))?;
        let mut mapping: Mapping = toml::from_str(&text)
            .map_err(|error| broken(path, error, "see datasets/recorded/ for a mapping that works; every key is explained there"))?;
        let rules =
            format!("{:?} {:?} {:?} {:?} {:?}", mapping.format, mapping.delimiter, mapping.columns, mapping.truncated, mapping.prompts);
        // A mapping without files has the hash that it had before there were any.
        mapping.hash = hash_id([rules.replace(", file: None", "").as_str()]);
        mapping.root = path.parent().unwrap_or(Path::new(".")).join(&mapping.root);
        Ok(mapping)
    }

    /// Read the recording of the model called `name`. Every row must match exactly one rule.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] for a name that the mapping has not, [`ModelError::File`] for unreadable files, missing columns, and rows
    /// that match no rule or several: nothing is left out in silence.
    pub fn open(&self, name: &str) -> Result<Recorded, ModelError> {
        let model = self.models.iter().find(|model| model.name == name).ok_or_else(|| ModelError::Unknown {
            name: name.to_owned(),
            help: format!("the mapping has {}", self.models.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(", ")),
        })?;
        let path = self.root.join(&model.file);
        let bytes = std::fs::read(&path).map_err(|error| broken(&path, error, "check `root` and `file` in the mapping"))?;
        let rows = match self.format {
            Format::Csv => self.csv_rows(&path, &bytes)?,
            Format::Jsonl => self.jsonl_rows(&path, &bytes)?,
        };
        let mut answers: BTreeMap<Key, Vec<Answer>> = BTreeMap::new();
        for (number, answer) in rows.into_iter().enumerate() {
            let key = match &answer.id {
                Some(id) => Key::Id(id.clone()),
                None => Key::Place(self.place(&answer.prompt, &path, number + 1)?),
            };
            let here = answers.entry(key).or_default();
            if here.first().is_some_and(|first: &Answer| first.prompt != answer.prompt) {
                let problem = format!("record {}: its rule or id also stands for a prompt of other words", number + 1);
                return Err(broken(&path, problem, "give every recorded prompt a rule, and a template or context, of its own"));
            }
            here.push(answer);
        }
        if answers.is_empty() {
            return Err(broken(&path, "the recording holds no answers", "name a file with at least one record"));
        }
        let file_hash = blake3::hash(&bytes).to_hex().to_string();
        let files = answers.values().flatten().filter_map(|answer| answer.file.as_ref()).map(|file| file.hash.as_str());
        let fingerprint = hash_id([file_hash.as_str(), &self.hash].into_iter().chain(files));
        let by_id = self.columns.prompt_id.is_some();
        Ok(Recorded { name: name.to_owned(), fingerprint, file_hash, by_id, by_hand: self.by_hand, answers })
    }

    fn place(&self, prompt: &str, path: &Path, row: usize) -> Result<Place, ModelError> {
        let mut matching = self.prompts.iter().filter(|rule| rule.contains.iter().all(|word| prompt.contains(word.as_str())));
        let problem = match (matching.next(), matching.next()) {
            (Some(rule), None) => {
                return Ok((rule.probe.clone(), rule.template.clone(), rule.context.clone(), rule.language, rule.levels.clone()));
            }
            (None, _) => "matches no rule",
            (Some(_), Some(_)) => "matches more than one rule",
        };
        let start: String = prompt.chars().take(60).collect();
        Err(broken(path, format!("record {row}: its prompt `{start}` {problem}"), "add or sharpen a [[prompts]] rule in the mapping"))
    }

    fn csv_rows(&self, path: &Path, bytes: &[u8]) -> Result<Vec<Answer>, ModelError> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let delimiter = self.delimiter.unwrap_or(',');
        let delimiter = u8::try_from(delimiter)
            .map_err(|_| broken(path, format!("`{delimiter}` cannot separate columns"), "use one ASCII character"))?;
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
        let header = reader.headers().map_err(|error| broken(path, error, "the first line must name the columns"))?.clone();
        reader
            .records()
            .map(|record| {
                let record = record.map_err(|error| broken(path, error, "mend the file: every record needs the same number of columns"))?;
                self.answer(path, |name| {
                    let column = header.iter().position(|cell| cell == name).ok_or_else(|| {
                        let names = header.iter().collect::<Vec<_>>().join(", ");
                        broken(path, format!("there is no column `{name}`"), &format!("the file has: {names}"))
                    })?;
                    Ok(record.get(column).unwrap_or_default().to_owned())
                })
            })
            .collect()
    }

    fn jsonl_rows(&self, path: &Path, bytes: &[u8]) -> Result<Vec<Answer>, ModelError> {
        let text = std::str::from_utf8(bytes).map_err(|error| broken(path, error, "save the file as UTF-8"))?;
        text.lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| {
                let row: serde_json::Value =
                    serde_json::from_str(line).map_err(|error| broken(path, format!("line {}: {error}", number + 1), "mend the line"))?;
                self.answer(path, |key| {
                    let text = row.get(key).and_then(serde_json::Value::as_str);
                    let problem = || format!("line {}: no text under `{key}`", number + 1);
                    text.map(str::to_owned).ok_or_else(|| broken(path, problem(), "name another key in [columns]"))
                })
            })
            .collect()
    }

    /// One row, whose cells are had by the name of their column.
    fn answer(&self, path: &Path, cell: impl Fn(&str) -> Result<String, ModelError>) -> Result<Answer, ModelError> {
        let optional = |column: &Option<String>| column.as_deref().map(&cell).transpose();
        let Columns { prompt, answer, finish, prompt_id, outcome, detail, file } = &self.columns;
        let text = cell(answer)?;
        let file = optional(file)?.filter(|name| !name.is_empty()).map(|name| self.file(name)).transpose()?;
        let cut = optional(finish)?.is_some_and(|finish| self.truncated.contains(&finish));
        let outcome = match optional(outcome)?.filter(|word| !word.is_empty()) {
            Some(word) => Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word).ok_or_else(|| {
                let known = Outcome::ALL.map(Outcome::as_str).join(", ");
                broken(path, format!("`{word}` is no outcome"), &format!("write one of {known}, or leave the cell empty"))
            })?,
            None if text.trim().is_empty() && file.is_none() => Outcome::Empty,
            None if cut => Outcome::Truncated,
            None => Outcome::Answered,
        };
        let detail = optional(detail)?.unwrap_or_default();
        Ok(Answer { id: optional(prompt_id)?, prompt: cell(prompt)?, text, outcome, detail, file })
    }

    /// A file of the recording, read once to know what it is.
    fn file(&self, name: String) -> Result<FileRow, ModelError> {
        let path = self.root.join(&name);
        let bytes = std::fs::read(&path).map_err(|error| broken(&path, error, "put the files of the recording where its rows say"))?;
        let medium = store::Format::of(&bytes).map(|format| format.medium);
        Ok(FileRow { name, path, hash: blake3::hash(&bytes).to_hex().to_string(), medium })
    }
}

impl Answer {
    /// The answer to what was asked: a file where a text was asked for is none, and a text where a picture was asked for neither.
    fn response(&self, ask: &Ask<'_>) -> Result<Response, ModelError> {
        let given = Response { text: self.text.clone(), ..Response::without_answer(&ask.request.id, self.outcome, &self.detail) };
        let unparseable = |detail: String, given: Response| Response { outcome: Outcome::Unparseable, detail, ..given };
        let usable = matches!(self.outcome, Outcome::Answered | Outcome::Truncated);
        let Some(file) = self.file.as_ref().filter(|_| usable) else {
            return Ok(match &ask.prompt.task {
                Task::Make { medium, .. } if usable => unparseable(format!("a text where the {} was asked for", medium.as_str()), given),
                _ => given,
            });
        };
        let bytes = std::fs::read(&file.path).map_err(|error| broken(&file.path, error, "put the file back"))?;
        if blake3::hash(&bytes).to_hex().as_str() != file.hash {
            return Err(broken(&file.path, "has changed since the recording was opened", "put the file back as it was, or run again"));
        }
        let given = Response { file: MediaFile::new(bytes), ..given };
        Ok(match &ask.prompt.task {
            Task::Make { medium, .. } if file.medium == Some(*medium) => given,
            Task::Make { medium, .. } => {
                unparseable(format!("the file {} where the {} was asked for", file.described(), medium.as_str()), given)
            }
            _ => unparseable(format!("no text but the file {} (blake3 {})", file.name, file.hash), given),
        })
    }
}

impl FileRow {
    fn described(&self) -> String {
        match self.medium {
            Some(medium) => format!("{} (a file of the kind {})", self.name, medium.as_str()),
            None => format!("{} (no picture, recording or film)", self.name),
        }
    }
}

impl Recorded {
    fn key(&self, prompt: &Prompt) -> Key {
        if self.by_id {
            return Key::Id(prompt.id.clone());
        }
        let Prompt { probe, template, context, language, levels, .. } = prompt.clone();
        Key::Place((probe, template, context, language, levels))
    }

    fn rows(&self, prompt: &Prompt) -> &[Answer] {
        self.answers.get(&self.key(prompt)).map_or(&[], Vec::as_slice)
    }
}

impl Backend for Recorded {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn abilities(&self) -> Abilities {
        Abilities { generate: true, ..Abilities::default() }
    }

    fn destination(&self) -> Destination {
        if self.by_hand { Destination::ByHand } else { Destination::InProcess }
    }

    /// Its rows say what came back, prompt by prompt.
    fn makes(&self, _: Medium) -> bool {
        true
    }

    fn chooses_in_words(&self) -> bool {
        true
    }

    fn declines(&self, prompt: &Prompt) -> Option<String> {
        match self.rows(prompt).first() {
            None => Some("the recording holds no answer to this prompt".to_owned()),
            Some(row) => {
                (self.by_id && row.prompt != prompt.task.text()).then(|| "the recording asked this prompt in other words".to_owned())
            }
        }
    }

    fn as_asked(&self, prompt: &Prompt) -> Prompt {
        let mut asked = prompt.clone();
        if let (Some(row), Task::Generate { text } | Task::Make { text, .. }, false) =
            (self.rows(prompt).first(), &mut asked.task, self.by_id)
        {
            asked.id = hash_id([prompt.id.as_str(), row.prompt.as_str()]);
            text.clone_from(&row.prompt);
        }
        asked
    }

    fn left_out(&self, prompts: &[&Prompt]) -> Vec<String> {
        let usable = |prompt: &&&Prompt| !matches!(prompt.task, Task::LogLikelihood { .. }) && self.declines(prompt).is_none();
        let used: BTreeSet<Key> = prompts.iter().filter(usable).map(|prompt| self.key(prompt)).collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (key, rows) in self.answers.iter().filter(|(key, _)| !used.contains(key)) {
            let belonging = match key {
                Key::Id(_) => "prompts that are not planned: they are of another suite, or their probe has changed since".to_owned(),
                Key::Place((probe, ..)) if prompts.iter().all(|prompt| prompt.probe != *probe) => {
                    format!("probe `{probe}`, which is not planned")
                }
                Key::Place((probe, template, context, language, levels)) => {
                    let levels: String = levels.iter().map(|(axis, level)| format!(", {axis} `{level}`")).collect();
                    let place = format!("template `{template}`, context `{context}`{levels} ({})", language.code());
                    format!("{place} of probe `{probe}`, which asks no such text")
                }
            };
            *counts.entry(belonging).or_default() += rows.len();
        }
        counts.into_iter().map(|(belonging, count)| format!("{count} recorded answers are not used; they belong to {belonging}")).collect()
    }

    fn repeats(&self, prompt: &Prompt) -> Option<u32> {
        u32::try_from(self.rows(prompt).len()).ok()
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        pack.iter()
            .map(|ask| {
                let row = self.rows(ask.prompt).get(ask.request.repeat as usize).ok_or_else(|| ModelError::Compute {
                    model: self.name.clone(),
                    problem: format!("the recording has no answer number {} to prompt {}", ask.request.repeat + 1, ask.prompt.id),
                })?;
                row.response(ask)
            })
            .collect()
    }
}

fn broken(path: &Path, problem: impl std::fmt::Display, help: &str) -> ModelError {
    ModelError::File { path: path.display().to_string(), problem: problem.to_string(), help: help.to_owned() }
}

#[cfg(test)]
mod tests;
