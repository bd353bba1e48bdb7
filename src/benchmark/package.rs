//! A benchmark as a folder that Lupe works on: probes, suite, axes, recordings. `lupe --root FOLDER run --suite NAME` asks it.
//!
//! In: a [`Set`] as a kind of benchmark reads it. Out: the folder, and the rows (prompt, recorded response) that figures are computed from. Nothing
//! is written before everything was read and found sound.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{BenchmarkError, Set};
use crate::probe::file::{
    AnswerKind, AxisFile, Choose, Context, ContrastFile, ExpectFile, Fill, HypothesisFile, Level, OptionFile, ProbeFile, RequestKind,
    Station, SuiteFile, Template, Text,
};
use crate::probe::{Bilingual, Library, Role};
use crate::run::write_whole;
use crate::store::{Language, Outcome, Prompt, Response, Sampling};

/// An answer that the files hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Probe asked.
    pub probe: String,
    /// Context of the prompt.
    pub context: String,
    /// Level of the prompt, where the probe has an axis.
    pub level: Option<String>,
    /// What was answered.
    pub text: String,
    /// Why it counts as not answered, if so.
    pub failed: Option<String>,
}

/// The answers of one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Name of the model in reports.
    pub model: String,
    /// Its answers, in the order of the files.
    pub answers: Vec<Answer>,
}

/// A prompt with a response to it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Model that was asked.
    pub model: String,
    /// What it was asked.
    pub prompt: Prompt,
    /// What came back.
    pub response: Response,
}

/// What a reader is told about a probe.
#[derive(Clone, Debug)]
pub struct Words {
    /// Short name.
    pub title: Bilingual,
    /// What it asks.
    pub purpose: Bilingual,
    /// What it cannot show.
    pub limits: Bilingual,
}

/// A probe with everything that benchmarks do not differ in; the kind fills in the rest.
pub fn probe(id: &str, station: Station, domain: &str, request: RequestKind, words: Words) -> ProbeFile {
    let Words { title, purpose, limits } = words;
    ProbeFile {
        id: id.to_owned(),
        version: 1,
        station,
        domain: domain.to_owned(),
        request,
        scorers: Vec::new(),
        repeats: 1,
        seed: 2026,
        fixed: None,
        title,
        purpose,
        sampling: Sampling { temperature: 0.0, ..Sampling::default() },
        templates: Vec::new(),
        contexts: Vec::new(),
        axes: Vec::new(),
        choose: None,
        hypotheses: Vec::new(),
        answer: AnswerKind::Text,
        answer_language: None,
        limits,
        attributes: Vec::new(),
    }
}

/// A hypothesis on the share of `category` among `among`, or on a number where there is none.
pub fn hypothesis(
    id: &str,
    measure: &str,
    share: Option<(&str, &[&str])>,
    margin: f64,
    contrast: ContrastFile,
    claim: Bilingual,
) -> HypothesisFile {
    HypothesisFile {
        id: id.to_owned(),
        // What was answered before the question was written confirms nothing.
        role: Role::Exploratory,
        claim,
        measure: measure.to_owned(),
        category: share.map(|(category, _)| category.to_owned()),
        among: share.map_or_else(Vec::new, |(_, among)| among.iter().map(|name| (*name).to_owned()).collect()),
        margin,
        languages: Vec::new(),
        contexts: Vec::new(),
        contrast,
        why: None,
        replicates: None,
        pilot: None,
    }
}

/// One wording for each of `ids`: the templates are the clusters, and every context stands in one of them.
pub fn templates<'a>(ids: impl IntoIterator<Item = &'a str>, language: Language, wording: &str) -> Vec<Template> {
    let ids: BTreeSet<&str> = ids.into_iter().collect();
    let Text { de, en } = said(language, wording);
    ids.into_iter().map(|id| Template { id: id.to_owned(), de: de.clone(), en: en.clone() }).collect()
}

/// A context of one template, with plain texts in its slots.
pub fn context(id: &str, template: &str, language: Language, fills: &[(&str, &str)]) -> Context {
    let fill = fills.iter().map(|(slot, text)| {
        let Text { de, en } = said(language, text);
        ((*slot).to_owned(), Fill { de, en, ..Fill::default() })
    });
    Context { id: id.to_owned(), fill: fill.collect(), templates: vec![template.to_owned()], expect: ExpectFile::default() }
}

/// Options with their categories, filled from slots.
pub fn options(language: Language, options: &[(&str, &str)], neutral: &str) -> Choose {
    let option = |(category, wording): &(&str, &str)| {
        let Text { de, en } = said(language, wording);
        OptionFile { category: (*category).to_owned(), de, en }
    };
    Choose { options: options.iter().map(option).collect(), neutral: said(language, neutral) }
}

/// An axis of levels that are told apart by name only.
pub fn axis(id: &str, name: Bilingual, note: Bilingual, levels: &[(&str, Bilingual)], language: Language) -> AxisFile {
    let level = |(id, name): &(&str, Bilingual)| Level {
        id: (*id).to_owned(),
        name: name.clone(),
        group: None,
        languages: vec![language],
        reference: None,
        person: None,
        dates: None,
        forms: BTreeMap::new(),
        reviewed_by: None,
    };
    let reference = levels.last().map_or_else(String::new, |(id, _)| (*id).to_owned());
    AxisFile { id: id.to_owned(), version: 1, name, note, reference, levels: levels.iter().map(level).collect(), sentences: Vec::new() }
}

fn said(language: Language, words: &str) -> Text {
    match language {
        Language::De => Text { de: Some(words.to_owned()), en: None },
        Language::En => Text { de: None, en: Some(words.to_owned()) },
    }
}

/// Write the folder of `set`; all prompts of its suite.
///
/// # Errors
/// The folder holds something else, a file cannot be written, or the set does not make sound probes.
pub fn write(set: &Set, folder: &Path) -> Result<Vec<Prompt>, BenchmarkError> {
    let mark = folder.join(super::FILE);
    let empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if !empty && !mark.is_file() {
        let problem = "the folder holds something that no import wrote";
        return Err(BenchmarkError::file(folder, problem, "name an empty or a new folder with --out"));
    }
    let mut files = Vec::new();
    for probe in &set.probes {
        files.push((format!("probes/{}/{}.toml", set.suite, probe.id), toml_of(probe)?));
    }
    for axis in &set.axes {
        files.push((format!("probes/axes/{}.toml", axis.id), toml_of(axis)?));
    }
    if set.probes.is_empty() {
        std::fs::create_dir_all(folder).map_err(|error| BenchmarkError::file(folder, error, super::WRITE))?;
        return Ok(Vec::new());
    }
    let suite = SuiteFile {
        id: set.suite.clone(),
        title: set.title.clone(),
        purpose: set.purpose.clone(),
        probes: set.probes.iter().map(|probe| probe.id.clone()).collect(),
        looks: 1,
        alpha: 0.05,
    };
    files.push((format!("probes/suites/{}.toml", set.suite), toml_of(&suite)?));
    for (path, text) in files {
        put(&folder.join(path), &text)?;
    }
    let suite = Library::open(Some(folder))?.suite(&set.suite)?;
    Ok(suite.probes.into_iter().flat_map(|probe| probe.prompts).collect())
}

/// One line of a file of answers.
#[derive(Serialize)]
struct Line<'a> {
    prompt_id: &'a str,
    prompt: &'a str,
    answer: &'a str,
    outcome: &'static str,
    detail: &'a str,
    model: &'a str,
}

/// Write the recordings and their mapping; the path of the mapping and the rows that they are.
///
/// # Errors
/// A file cannot be written; an answer belongs to no prompt.
pub fn record(recordings: &[Recording], prompts: &[Prompt], folder: &Path) -> Result<(PathBuf, Vec<Row>), BenchmarkError> {
    let place = |prompt: &Prompt| (prompt.probe.clone(), prompt.context.clone(), prompt.levels.values().next().cloned());
    let by_place: BTreeMap<_, &Prompt> = prompts.iter().map(|prompt| (place(prompt), prompt)).collect();
    let mut rows = Vec::new();
    let mut models = String::new();
    for (number, recording) in (1..).zip(recordings) {
        let file = format!("answers-{number}.jsonl");
        let mut lines = String::new();
        for answer in &recording.answers {
            let key = (answer.probe.clone(), answer.context.clone(), answer.level.clone());
            let prompt = *by_place.get(&key).ok_or_else(|| BenchmarkError::Lost { place: format!("{key:?}") })?;
            let outcome = match (&answer.failed, answer.text.trim()) {
                (Some(_), _) => Outcome::Failed,
                (None, "") => Outcome::Empty,
                (None, _) => Outcome::Answered,
            };
            let detail = answer.failed.as_deref().unwrap_or_default();
            let line = Line {
                prompt_id: &prompt.id,
                prompt: prompt.task.text(),
                answer: &answer.text,
                outcome: outcome.as_str(),
                detail,
                model: &recording.model,
            };
            lines += &serde_json::to_string(&line).map_err(|error| BenchmarkError::file(folder, error, super::WRITE))?;
            lines.push('\n');
            let response = Response { text: answer.text.clone(), ..Response::without_answer("", outcome, detail) };
            rows.push(Row { model: recording.model.clone(), prompt: prompt.clone(), response });
        }
        put(&folder.join(&file), &lines)?;
        models += &format!("    {{ name = {}, file = \"{file}\" }},\n", toml::Value::String(recording.model.clone()));
    }
    let mapping = folder.join("mapping.toml");
    let words = format!(
        "# Recorded answers to a benchmark, brought in by `lupe import`. The wording around the fields of the set is the suite's own.\n\
         root = \".\"\n\
         format = \"jsonl\"\n\
         columns = {{ prompt_id = \"prompt_id\", prompt = \"prompt\", answer = \"answer\", outcome = \"outcome\", detail = \"detail\" }}\n\
         models = [\n{models}]\n"
    );
    put(&mapping, &words)?;
    Ok((mapping, rows))
}

fn toml_of(value: &impl Serialize) -> Result<String, BenchmarkError> {
    toml::to_string(value).map_err(|error| BenchmarkError::file(Path::new("probe"), error, super::WRITE))
}

/// Write a file with the folders above it.
pub fn put(path: &Path, text: &str) -> Result<(), BenchmarkError> {
    if let Some(above) = path.parent() {
        std::fs::create_dir_all(above).map_err(|error| BenchmarkError::file(above, error, super::WRITE))?;
    }
    Ok(write_whole(path, text.as_bytes())?)
}
