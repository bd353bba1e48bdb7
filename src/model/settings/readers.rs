//! What reads answers in `lupe.toml` instead of giving them: classifiers, sentence embeddings and detectors.

use std::collections::BTreeMap;
use std::path::PathBuf;

use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;

/// A sequence classifier in this process; the scorer `classifier:NAME`.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ClassifierSettings {
    /// Folder in the Hugging Face layout, relative to this file
    pub path: PathBuf,
    /// Id of what it measures; the classifier's name if left out
    pub measure: Option<String>,
    /// The model's labels -> categories of the measure, all of them; as the model names them if left out
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// A model for sentence embeddings in this process; the scorer `embedder:NAME` where it has prototypes.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct EmbedderSettings {
    /// Folder in the Hugging Face layout, relative to this file
    pub path: PathBuf,
    /// Groups of sentences that stand for what is measured: group -> sentences
    #[serde(default)]
    pub prototypes: BTreeMap<String, Vec<String>>,
    /// Pairs of groups whose cosines are compared: the first minus the second
    #[serde(default)]
    pub contrasts: Vec<[String; 2]>,
}

/// A trained detector that looks at the answers of every run.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct DetectorSettings {
    /// Folder that `lupe detect train` wrote, relative to this file
    pub path: PathBuf,
    /// What kind of text, picture or recording the answers are: a name that the detector was calibrated for
    pub domain: String,
    /// Probes whose answers are of that kind; all if left out
    #[serde(default)]
    pub probes: Vec<String>,
}
