//! Scorers that the user configures in `lupe.toml`: `classifier:NAME` and `embedder:NAME`.
//!
//! In: the settings and the folders they name. Out: what each scorer reads, known from small files alone ([`declared`]); the scorers with their
//! weights ([`Scorers::open`]). The version of such a scorer is the beginning of the hash over its weights, files and settings: a validation
//! record made with other weights or another mapping does not match it.

#[cfg(feature = "local")]
mod classifier;
#[cfg(feature = "local")]
mod embedder;

use std::collections::BTreeSet;
use std::path::Path;
#[cfg(feature = "local")]
use std::path::PathBuf;
#[cfg(feature = "local")]
use std::sync::{Mutex, PoisonError};

#[cfg(feature = "local")]
use super::{Kind, Reading};
use super::{Measure, Scorer, all};
use crate::model::ModelError;
#[cfg(feature = "local")]
use crate::model::candle::encoder::Unread;
use crate::model::settings::{self, Settings};
#[cfg(feature = "local")]
use crate::store::{Prompt, Response, Value};

/// A configured scorer whose weights are not opened.
pub struct Declared {
    /// Id, for instance `classifier:toxicity`.
    pub id: &'static str,
    /// What it reads.
    pub measures: Vec<Measure>,
}

/// The scorers of an analysis: the built-in ones, and configured ones.
#[derive(Default)]
pub struct Scorers {
    own: Vec<Box<dyn Scorer>>,
}

impl Scorers {
    /// The built-in scorers and those of the configured ones that `wanted` names, with their weights.
    ///
    /// # Errors
    /// As [`declared`]; weights that are broken or do not belong to their configuration; a prototype that the model cannot read.
    pub fn open(root: Option<&Path>, wanted: impl Fn(&str) -> bool) -> Result<Self, ModelError> {
        let declared = declared(root)?;
        if !declared.iter().any(|scorer| wanted(scorer.id)) {
            return Ok(Self::default());
        }
        open(&Settings::read(root)?, root, &wanted).map(|own| Self { own })
    }

    /// All of them, the built-in ones first.
    pub fn all(&self) -> Vec<&dyn Scorer> {
        all().iter().copied().chain(self.own.iter().map(|scorer| &**scorer as &dyn Scorer)).collect()
    }

    /// Scorer id -> hash of everything that decides about its readings, for the configured ones.
    pub fn fingerprints(&self) -> std::collections::BTreeMap<String, String> {
        self.own.iter().filter_map(|scorer| Some((scorer.id().to_owned(), scorer.fingerprint()?.to_owned()))).collect()
    }
}

/// What the configured scorers read, in order of their ids.
///
/// # Errors
/// Problems of `lupe.toml`; a folder that is missing; a mapping that does not fit the model's labels; a measure that two scorers read.
pub fn declared(root: Option<&Path>) -> Result<Vec<Declared>, ModelError> {
    let settings = Settings::read(root)?;
    if settings.classifiers.is_empty() && settings.embedders.is_empty() {
        return Ok(Vec::new());
    }
    let declared = declare(&settings, root)?;
    let mut taken: BTreeSet<&str> =
        all().iter().flat_map(|scorer| scorer.measures()).map(|measure| measure.id).chain(["outcome"]).collect();
    for scorer in &declared {
        for measure in &scorer.measures {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if !measure.id.bytes().all(plain) || measure.id.is_empty() {
                let problem = format!("{}: the measure `{}` is no name of small letters, digits and hyphens", scorer.id, measure.id);
                return Err(wrong(problem, "rename the classifier or embedder, or set `measure`"));
            }
            if !taken.insert(measure.id) {
                let problem = format!("{}: another scorer reads the measure `{}` already", scorer.id, measure.id);
                return Err(wrong(problem, "give it another name, or set `measure`"));
            }
        }
    }
    Ok(declared)
}

#[cfg(feature = "local")]
fn declare(settings: &Settings, root: Option<&Path>) -> Result<Vec<Declared>, ModelError> {
    let classifiers = settings.classifiers.iter().map(|(name, settings)| classifier::declared(name, settings, root).map(Some));
    let embedders = settings.embedders.iter().map(|(name, settings)| embedder::declared(name, settings, root));
    classifiers.chain(embedders).filter_map(Result::transpose).collect()
}

#[cfg(feature = "local")]
fn open(settings: &Settings, root: Option<&Path>, wanted: &impl Fn(&str) -> bool) -> Result<Vec<Box<dyn Scorer>>, ModelError> {
    let mut own: Vec<Box<dyn Scorer>> = Vec::new();
    for (name, settings) in settings.classifiers.iter().filter(|(name, _)| wanted(&format!("classifier:{name}"))) {
        own.push(Box::new(classifier::open(name, settings, root)?));
    }
    for (name, settings) in settings.embedders.iter().filter(|(name, _)| wanted(&format!("embedder:{name}"))) {
        own.push(Box::new(embedder::open(name, settings, root)?));
    }
    Ok(own)
}

#[cfg(not(feature = "local"))]
fn declare(_: &Settings, _: Option<&Path>) -> Result<Vec<Declared>, ModelError> {
    let problem = "names classifiers or embedders, and this Lupe was built without models in this process (feature `local`)".to_owned();
    Err(wrong(problem, "build it with the feature, or take [classifiers] and [embedders] out"))
}

#[cfg(not(feature = "local"))]
fn open(settings: &Settings, root: Option<&Path>, _: &impl Fn(&str) -> bool) -> Result<Vec<Box<dyn Scorer>>, ModelError> {
    declare(settings, root).map(|_| Vec::new())
}

fn wrong(problem: String, help: &str) -> ModelError {
    ModelError::File { path: settings::FILE.to_owned(), problem, help: help.to_owned() }
}

/// The same text for as long as the program runs, kept once: names of scorers, measures and categories from the user's files stand where built-in
/// ones do.
#[cfg(feature = "local")]
fn lasting(text: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(text) {
        return known;
    }
    let new: &'static str = Box::leak(text.to_owned().into_boxed_str());
    kept.insert(new);
    new
}

/// The same names for as long as the program runs.
#[cfg(feature = "local")]
fn lasting_list(names: &[String]) -> &'static [&'static str] {
    static KEPT: Mutex<BTreeSet<&'static [&'static str]>> = Mutex::new(BTreeSet::new());
    let names: Vec<&'static str> = names.iter().map(|name| lasting(name)).collect();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(names.as_slice()) {
        return known;
    }
    let new: &'static [&'static str] = Box::leak(names.into_boxed_slice());
    kept.insert(new);
    new
}

/// A name as part of a measure's id: small letters and digits, hyphens between them.
#[cfg(feature = "local")]
fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// From a text to one value for each measure, in their order.
#[cfg(feature = "local")]
type Values = dyn Fn(&str) -> Result<Vec<Value>, Unread> + Sync;

/// A configured scorer with its weights.
#[cfg(feature = "local")]
struct Configured {
    id: &'static str,
    measures: Vec<Measure>,
    /// Hash of all that decides about its readings.
    fingerprint: String,
    values: Box<Values>,
}

#[cfg(feature = "local")]
impl Scorer for Configured {
    fn id(&self) -> &'static str {
        self.id
    }

    /// The beginning of the fingerprint.
    fn version(&self) -> u32 {
        u32::from_str_radix(self.fingerprint.get(..8).unwrap_or_default(), 16).unwrap_or_default()
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(&self.fingerprint)
    }

    fn measures(&self) -> &[Measure] {
        &self.measures
    }

    fn read(&self, _: &Prompt, response: &Response) -> Vec<Reading> {
        let read = if response.text.trim().is_empty() { Err(Unread::Empty) } else { (self.values)(&response.text) };
        let values = read.unwrap_or_else(|unread| vec![Value::Missing(reason(&unread).to_owned()); self.measures.len()]);
        let pairs = self.measures.iter().zip(values);
        pairs.map(|(measure, value)| Reading { measure: measure.id, value, evidence: Vec::new() }).collect()
    }
}

/// The folder of a model, as the settings name it.
#[cfg(feature = "local")]
fn folder(path: &Path, root: Option<&Path>) -> PathBuf {
    root.unwrap_or(Path::new(".")).join(path)
}

/// The word for a text without a result, as measurements store it.
#[cfg(feature = "local")]
fn reason(unread: &Unread) -> &'static str {
    match unread {
        Unread::TooLong { .. } => "longer-than-model-reads",
        Unread::Empty => "no-text",
        Unread::Tokenizer(_) | Unread::Compute(_) => "not-computed",
    }
}

/// A measure with these categories.
#[cfg(feature = "local")]
fn category(id: &str, categories: &[String]) -> Measure {
    Measure { id: lasting(id), kind: Kind::Category(lasting_list(categories)) }
}

/// A measure that is a number.
#[cfg(feature = "local")]
fn number(id: &str, unit: &'static str) -> Measure {
    Measure { id: lasting(id), kind: Kind::Number(unit) }
}
