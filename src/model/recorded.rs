//! Answers made elsewhere: CSV or JSONL files, mapped to prompts by a small TOML file. In every later stage they are equal to live models.
//!
//! The recording keeps its own prompts: [`Backend::as_asked`] puts the text that was really asked in the place of the probe's wording.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Abilities, Ask, Backend, Card, Kind, ModelError, Opened};
use crate::store::{Language, Outcome, Prompt, Response, Task, hash_id};

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
            ("answers".to_owned(), recorded.answers.values().map(Vec::len).sum::<usize>().to_string()),
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
    /// Column separator of CSV files; `,` when absent.
    pub delimiter: Option<char>,
    /// Which column (or JSON key) holds what.
    pub columns: Columns,
    /// Values of the `finish` column that mean that the answer was cut.
    #[serde(default)]
    pub truncated: Vec<String>,
    /// The recorded models.
    pub models: Vec<RecordedModel>,
    /// Which recorded prompt stands for which prompt of which probe.
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

/// One recorded model, ready to answer.
pub struct Recorded {
    name: String,
    fingerprint: String,
    file_hash: String,
    answers: BTreeMap<Place, Vec<Answer>>,
}

struct Answer {
    prompt: String,
    text: String,
    truncated: bool,
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
        mapping.hash = hash_id([rules.as_str()]);
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
        let mut answers: BTreeMap<Place, Vec<Answer>> = BTreeMap::new();
        for (number, answer) in rows.into_iter().enumerate() {
            let here = answers.entry(self.place(&answer.prompt, &path, number + 1)?).or_default();
            if here.first().is_some_and(|first: &Answer| first.prompt != answer.prompt) {
                let problem = format!("record {}: its rule also takes a prompt of other words", number + 1);
                return Err(broken(&path, problem, "give every recorded prompt a rule, and a template or context, of its own"));
            }
            here.push(answer);
        }
        if answers.is_empty() {
            return Err(broken(&path, "the recording holds no answers", "name a file with at least one record"));
        }
        let file_hash = blake3::hash(&bytes).to_hex().to_string();
        let fingerprint = hash_id([file_hash.as_str(), &self.hash]);
        Ok(Recorded { name: name.to_owned(), fingerprint, file_hash, answers })
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
        let column = |name: &str| {
            header.iter().position(|cell| cell == name).ok_or_else(|| {
                let names = header.iter().collect::<Vec<_>>().join(", ");
                broken(path, format!("there is no column `{name}`"), &format!("the file has: {names}"))
            })
        };
        let (prompt, answer) = (column(&self.columns.prompt)?, column(&self.columns.answer)?);
        let finish = self.columns.finish.as_deref().map(column).transpose()?;
        reader
            .records()
            .map(|record| {
                let record = record.map_err(|error| broken(path, error, "mend the file: every record needs the same number of columns"))?;
                let cell = |index: usize| record.get(index).unwrap_or_default();
                Ok(self.answer(cell(prompt), cell(answer), finish.map(cell)))
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
                let text = |key: &str| {
                    row.get(key)
                        .and_then(serde_json::Value::as_str)
                        .ok_or_else(|| broken(path, format!("line {}: no text under `{key}`", number + 1), "name another key in [columns]"))
                };
                let finish = self.columns.finish.as_deref().map(text).transpose()?;
                Ok(self.answer(text(&self.columns.prompt)?, text(&self.columns.answer)?, finish))
            })
            .collect()
    }

    fn answer(&self, prompt: &str, text: &str, finish: Option<&str>) -> Answer {
        let truncated = finish.is_some_and(|finish| self.truncated.iter().any(|value| value == finish));
        Answer { prompt: prompt.to_owned(), text: text.to_owned(), truncated }
    }
}

impl Recorded {
    fn rows(&self, prompt: &Prompt) -> &[Answer] {
        let place = (prompt.probe.clone(), prompt.template.clone(), prompt.context.clone(), prompt.language, prompt.levels.clone());
        self.answers.get(&place).map_or(&[], Vec::as_slice)
    }
}

impl Backend for Recorded {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn abilities(&self) -> Abilities {
        Abilities { generate: true, ..Abilities::default() }
    }

    fn declines(&self, prompt: &Prompt) -> Option<String> {
        self.rows(prompt).is_empty().then(|| "the recording holds no answer to this prompt".to_owned())
    }

    fn as_asked(&self, prompt: &Prompt) -> Prompt {
        let mut asked = prompt.clone();
        if let (Some(row), Task::Generate { .. }) = (self.rows(prompt).first(), &prompt.task) {
            asked.id = hash_id([prompt.id.as_str(), row.prompt.as_str()]);
            asked.task = Task::Generate { text: row.prompt.clone() };
        }
        asked
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
                let outcome = match (row.text.trim().is_empty(), row.truncated) {
                    (true, _) => Outcome::Empty,
                    (false, true) => Outcome::Truncated,
                    (false, false) => Outcome::Answered,
                };
                Ok(Response {
                    request: ask.request.id.clone(),
                    outcome,
                    text: row.text.clone(),
                    logprobs: Vec::new(),
                    choices: Vec::new(),
                    detail: String::new(),
                    raw: None,
                })
            })
            .collect()
    }
}

fn broken(path: &Path, problem: impl std::fmt::Display, help: &str) -> ModelError {
    ModelError::File { path: path.display().to_string(), problem: problem.to_string(), help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPPING: &str = r#"
        root = "."
        format = "csv"
        delimiter = ";"
        truncated = ["length"]
        columns = { prompt = "frage", answer = "antwort", finish = "ende" }
        models = [ { name = "A", file = "a.csv" } ]
        [[prompts]]
        contains = ["Museum"]
        probe = "p"
        template = "t"
        language = "de"
    "#;

    fn folder(mapping: &str, csv: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("map.toml"), mapping).unwrap();
        std::fs::write(folder.path().join("a.csv"), csv).unwrap();
        folder
    }

    fn open(mapping: &str, csv: &str) -> Result<Recorded, ModelError> {
        let folder = folder(mapping, csv);
        Mapping::read(&folder.path().join("map.toml"))?.open("A")
    }

    fn prompt() -> Prompt {
        Prompt {
            id: "x".into(),
            probe: "p".into(),
            probe_version: 1,
            template: "t".into(),
            context: String::new(),
            language: Language::De,
            levels: BTreeMap::new(),
            pair: "y".into(),
            task: Task::Generate { text: "unser Wortlaut".into() },
        }
    }

    #[test]
    fn a_byte_order_mark_quoted_line_breaks_and_umlauts_are_read_as_written() {
        let recorded =
            open(MAPPING, "\u{feff}frage;antwort;ende\nIm Museum?;\"Grüße,\nÄrztin\";stop\nIm Museum?;;stop\nIm Museum?;Hal;length\n");
        let mut recorded = recorded.unwrap();
        let asked = recorded.as_asked(&prompt());
        assert_eq!(asked.task.text(), "Im Museum?");
        assert_eq!(recorded.repeats(&asked), Some(3));
        let request = |repeat| crate::store::Request {
            id: format!("r{repeat}"),
            prompt: asked.id.clone(),
            model: "A".into(),
            fingerprint: String::new(),
            sampling: crate::store::Sampling::default(),
            seed: 0,
            repeat,
        };
        let requests: Vec<_> = (0..3).map(request).collect();
        let asks: Vec<_> = requests.iter().map(|request| Ask { request, prompt: &asked }).collect();
        let responses = recorded.answer(&asks).unwrap();
        assert_eq!(responses[0].text, "Grüße,\nÄrztin");
        assert_eq!(responses.iter().map(|r| r.outcome).collect::<Vec<_>>(), [Outcome::Answered, Outcome::Empty, Outcome::Truncated]);
    }

    #[test]
    fn a_row_that_no_rule_claims_is_an_error_that_names_it() {
        let error = open(MAPPING, "frage;antwort;ende\nIm Museum?;ja;stop\nAnderswo?;ja;stop\n").err().unwrap();
        assert!(error.to_string().contains("record 2: its prompt `Anderswo?` matches no rule"), "{error}");
    }

    #[test]
    fn a_missing_column_is_answered_with_the_columns_there_are() {
        let error = open(MAPPING, "prompt;antwort;ende\nIm Museum?;ja;stop\n").err().unwrap();
        assert!(format!("{:?}", miette::Report::new(error)).contains("the file has: prompt, antwort, ende"));
    }

    #[test]
    fn jsonl_is_read_like_csv() {
        let mapping = MAPPING.replace("\"csv\"", "\"jsonl\"");
        let recorded = open(&mapping, "{\"frage\":\"Im Museum?\",\"antwort\":\"ja\",\"ende\":\"stop\"}\n\n").unwrap();
        assert_eq!(recorded.repeats(&prompt()), Some(1));
        assert!(open(&mapping, "{\"frage\":\"Im Museum?\"").is_err());
    }

    #[test]
    fn a_prompt_that_was_never_asked_is_declined() {
        let recorded = open(MAPPING, "frage;antwort;ende\nIm Museum?;ja;stop\n").unwrap();
        let mut other = prompt();
        other.template = "u".into();
        assert!(recorded.declines(&other).is_some());
        assert!(recorded.declines(&prompt()).is_none());
    }
}
