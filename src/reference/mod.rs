//! The reference models: small language models with a planted, written-down bias, the gauge blocks of the instrument (DESIGN, rule 8).
//!
//! ```text
//! datasets/reference/*.toml ─► grammar ─► tree ─► train ─► models/reference/*      (once, by `lupe reference train`)
//!                                │          │                    │
//!                                │          └─► check, coverage ◄┘                 (exact against planted against measured)
//!                                └─► validation                                    (texts whose truth is known)
//! ```

pub mod check;
pub mod coverage;
pub mod grammar;
pub mod measured;
pub mod net;
pub mod records;
pub mod study;
pub mod tokens;
pub mod train;
pub mod tree;
pub mod validation;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use self::grammar::Grammar;
use crate::store::{Prompt, Task, hash_id};

/// The reference models, from no planted difference to the reversed one.
pub const MODELS: [&str; 4] = ["balanced", "mild", "stereotyped", "reversed"];

/// Files of the grammar.
pub const GRAMMAR: [&str; 5] = ["dialect-trait.toml", "dialect-work.toml", "epoch.toml", "occupation.toml", "region.toml"];

/// File of the hashes of all prompts that the models understand, beside the model folders.
pub const UNDERSTOOD: &str = "prompts.txt";

/// Why a reference model cannot be read, trained or checked.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReferenceError {
    /// A file is missing or broken.
    #[error("{path}: {problem}")]
    #[diagnostic(help("`lupe reference train` makes the models anew from datasets/reference"))]
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A prompt of a `reference` probe that the grammar cannot answer.
    #[error("the grammar has no answers to a prompt of probe `{probe}` (context `{context}`): {text}")]
    #[diagnostic(help("give datasets/reference numbers for each of its levels and words for each of its contexts"))]
    Unanswered {
        /// Probe id.
        probe: String,
        /// Context id.
        context: String,
        /// The prompt.
        text: String,
    },
    /// The computation failed.
    #[error("the computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

pub(crate) fn file_error(path: &str, problem: impl Into<String>) -> ReferenceError {
    ReferenceError::File { path: path.to_owned(), problem: problem.into() }
}

/// What a model folder says about itself: `manifest.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the model.
    pub model: String,
    /// Hash of the grammar files it was trained on.
    pub grammar: String,
    /// How it was trained.
    pub training: train::Settings,
    /// File -> blake3 hash in hex.
    pub files: BTreeMap<String, String>,
}

/// A reference model as it lies in `models/reference`.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What the folder says about itself.
    pub manifest: Manifest,
    /// `config.json`.
    pub config: Vec<u8>,
    /// `model.safetensors`.
    pub weights: Vec<u8>,
    /// `tokenizer.json`, shared by all four.
    pub tokenizer: String,
    understood: BTreeSet<String>,
}

impl Reference {
    /// Read a model; `read` gives the content of a file below `models/reference`. Every file is checked against its hash.
    ///
    /// # Errors
    /// A file is missing, is not what the manifest says, or cannot be read.
    pub fn open(model: &str, read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self, ReferenceError> {
        let bytes = |path: &str| read(path).ok_or_else(|| file_error(path, "is not there"));
        let text = |path: &str| String::from_utf8(bytes(path)?).map_err(|_| file_error(path, "is not UTF-8"));
        let path = format!("{model}/manifest.toml");
        let manifest: Manifest = toml::from_str(&text(&path)?).map_err(|error| file_error(&path, error.to_string()))?;
        let checked = |path: String, name: &str| {
            let content = bytes(&path)?;
            let hash = blake3::hash(&content).to_hex().to_string();
            if manifest.files.get(name) == Some(&hash) {
                Ok(content)
            } else {
                Err(file_error(&path, "is not the file that the manifest names"))
            }
        };
        let config = checked(format!("{model}/config.json"), "config.json")?;
        let weights = checked(format!("{model}/model.safetensors"), "model.safetensors")?;
        checked("tokenizer.json".to_owned(), "tokenizer.json")?;
        checked(UNDERSTOOD.to_owned(), UNDERSTOOD)?;
        let (tokenizer, understood) = (text("tokenizer.json")?, text(UNDERSTOOD)?);
        Ok(Self { config, weights, tokenizer, understood: understood.lines().map(str::to_owned).collect(), manifest })
    }

    /// Why the model does not understand this prompt, or `None` if it does.
    pub fn declines(&self, prompt: &Prompt) -> Option<String> {
        (!self.understood.contains(&task_hash(&prompt.task))).then(|| "outside-declared-domain".to_owned())
    }
}

/// Train `model` and write its folder, the tokenizer and the list of understood prompts below `folder` (`models/reference`).
///
/// # Errors
/// A prompt without answers, the tensor library, or a file that cannot be written.
pub fn make(
    folder: &Path,
    grammar: &Grammar,
    prompts: &[Prompt],
    model: &str,
    settings: &train::Settings,
    progress: impl FnMut(usize, f64),
) -> Result<Manifest, ReferenceError> {
    let texts = train::texts(grammar, prompts)?;
    let tokenizer = tokens::build(texts.iter().map(String::as_str))?;
    let (shape, net) = train::train(grammar, prompts, &tokens::parse(&tokenizer)?, model, settings, progress)?;
    let own = folder.join(model);
    let failed = |error: std::io::Error| file_error(&own.display().to_string(), error.to_string());
    std::fs::create_dir_all(&own).map_err(failed)?;
    net.save(&own.join("model.safetensors"))?;
    let understood: BTreeSet<String> = prompts.iter().map(|prompt| task_hash(&prompt.task)).collect();
    let understood: String = understood.into_iter().map(|hash| hash + "\n").collect();
    let config = serde_json::to_string_pretty(&shape).map_err(|error| file_error("config.json", error.to_string()))? + "\n";
    let mut files = BTreeMap::new();
    for (path, content) in
        [(own.join("config.json"), &config), (folder.join("tokenizer.json"), &tokenizer), (folder.join(UNDERSTOOD), &understood)]
    {
        std::fs::write(&path, content).map_err(failed)?;
    }
    for (name, place) in
        [("config.json", &own), ("model.safetensors", &own), ("tokenizer.json", &folder.to_owned()), (UNDERSTOOD, &folder.to_owned())]
    {
        let content = std::fs::read(place.join(name)).map_err(failed)?;
        files.insert(name.to_owned(), blake3::hash(&content).to_hex().to_string());
    }
    let manifest = Manifest { model: model.to_owned(), grammar: grammar.hash.clone(), training: settings.clone(), files };
    let text = toml::to_string(&manifest).map_err(|error| file_error("manifest.toml", error.to_string()))?;
    std::fs::write(own.join("manifest.toml"), text).map_err(failed)?;
    Ok(manifest)
}

/// The grammar as this folder of names and texts has it; `read` lists and reads files below `datasets/reference`.
///
/// # Errors
/// As [`Grammar::parse`].
pub fn grammar(read: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Grammar, ReferenceError> {
    let mut files = Vec::new();
    for name in GRAMMAR {
        let path = format!("datasets/reference/{name}");
        let bytes = read(&path).ok_or_else(|| file_error(&path, "is not there"))?;
        files.push((path.clone(), String::from_utf8(bytes).map_err(|_| file_error(&path, "is not UTF-8"))?));
    }
    Grammar::parse(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// Short hash of all that a model is asked.
pub fn task_hash(task: &Task) -> String {
    let mut parts = vec![task.text()];
    parts.push(task.kind());
    if let Task::Choose { options, neutral, .. } = task {
        parts.push(neutral);
        parts.extend(options.iter().map(|option| option.text.as_str()));
    }
    hash_id(parts)[..16].to_owned()
}

#[cfg(test)]
mod tests;
