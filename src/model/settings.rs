//! `lupe.toml`: the models that the user has given names, those that answer and those that read answers. In: the file in the folder where the user works. Out: settings that a kind of
//! model is opened with, or every problem of the file where it stands.
//!
//! Keys never stand in the file: it names the environment variable that holds one.

mod readers;

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::{Path, PathBuf};

use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;

pub use self::readers::{ClassifierSettings, DetectorSettings, EmbedderSettings};
use super::privacy::{self, Destination};
use super::{Kind, ModelError, Opened};
use crate::probe::{Source, parse};

/// Name of the file.
pub const FILE: &str = "lupe.toml";

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Settings {
    /// Models by the name under which runs know them.
    #[serde(default)]
    #[garde(dive)]
    pub models: BTreeMap<String, ModelSettings>,
    /// Classifiers that read answers, by name.
    #[serde(default)]
    #[garde(dive)]
    pub classifiers: BTreeMap<String, ClassifierSettings>,
    /// Sentence embeddings that read answers, by name.
    #[serde(default)]
    #[garde(dive)]
    pub embedders: BTreeMap<String, EmbedderSettings>,
    /// Detectors that look at answers, by name.
    #[serde(default)]
    #[garde(dive)]
    pub detectors: BTreeMap<String, DetectorSettings>,
}

/// How one model is reached.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[garde(allow_unvalidated)]
pub enum ModelSettings {
    /// A server that speaks OpenAI's protocol: llama.cpp, vLLM, LM Studio, most services.
    Openai(#[garde(dive)] Openai),
    /// An Ollama server, by its own interface.
    Ollama(#[garde(dive)] Ollama),
    /// Any program.
    Command(#[garde(dive)] Program),
    /// Open weights in this process.
    Candle(Candle),
}

/// A server that speaks OpenAI's protocol.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Openai {
    /// Address up to and including the version, for instance `http://127.0.0.1:8080/v1`
    pub address: String,
    /// The model's name at the server
    pub model: String,
    /// Whether prompts are put as a chat or as plain text to be continued; `chat` if left out
    #[serde(default)]
    pub endpoint: Endpoint,
    /// Further parameters of each request, for servers with habits of their own: llama.cpp needs `top_k = 0, min_p = 0, repeat_penalty = 1`
    /// (its Python server punishes repeated words unless told otherwise), and hosted services refuse them
    #[serde(default)]
    pub extra: BTreeMap<String, f64>,
    /// Name of the environment variable that holds the key
    pub key_env: Option<String>,
    /// Whether prompts may go to another machine
    #[serde(default)]
    pub allow_remote: bool,
    /// Limits that hold for this model
    #[serde(default)]
    #[garde(dive)]
    pub limits: Limits,
}

/// How prompts are put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// As the words of a user in a conversation.
    #[default]
    Chat,
    /// As the beginning of a text.
    Completions,
}

/// An Ollama server.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Ollama {
    /// Address; `http://127.0.0.1:11434` if left out
    #[serde(default = "ollama_address")]
    pub address: String,
    /// The model's name at the server
    pub model: String,
    /// Whether prompts are put as a chat or as plain text to be continued; `chat` if left out
    #[serde(default)]
    pub endpoint: Endpoint,
    /// Whether prompts may go to another machine
    #[serde(default)]
    pub allow_remote: bool,
    /// Limits that hold for this model
    #[serde(default)]
    #[garde(dive)]
    pub limits: Limits,
}

fn ollama_address() -> String {
    "http://127.0.0.1:11434".to_owned()
}

/// A program that reads a request as JSON on standard input and writes one JSON answer on standard output.
#[derive(Clone, Debug, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Program {
    /// The program and its arguments
    #[garde(length(min = 1))]
    pub command: Vec<String>,
    /// Limits that hold for this model
    #[serde(default)]
    #[garde(dive)]
    pub limits: Limits,
}

/// Open weights.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candle {
    /// Folder or file of the weights, relative to this file
    pub path: PathBuf,
    /// Precision of the matrix products; `f32` if left out
    #[serde(default)]
    pub precision: Precision,
}

/// What matrix products are computed in. Everything between them is F32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 24 bits of precision: the weights as they are.
    #[default]
    F32,
    /// Weights and activations rounded to 8 bits of precision, summed in F32; faster, on processors with AVX-512 BF16 or AMX.
    Bf16,
}

/// Limits of one model. They hold over all workers of this machine together; what is absent is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Limits {
    /// Most requests at the same time; as many as there are workers (`--jobs`) if left out
    pub concurrency: Option<NonZeroU32>,
    /// Most requests begun in a minute
    pub requests_per_minute: Option<NonZeroU32>,
    /// Longest time for one attempt; 120 if left out
    #[garde(inner(range(min = 0.001, max = 86400.0)))]
    pub timeout_seconds: Option<f64>,
    /// Further attempts after trouble that may pass; 5 if left out
    pub retries: Option<u32>,
    /// Pause before the second attempt, doubled before each further one; 1 if left out
    #[garde(inner(range(min = 0.0, max = 60.0)))]
    pub backoff_seconds: Option<f64>,
    /// Most requests of a run
    pub max_requests: Option<NonZeroU64>,
    /// Most tokens of a run, read and written
    pub max_tokens: Option<NonZeroU64>,
    /// Most that a run may cost, in the currency of the prices
    #[garde(inner(range(min = 0.0)))]
    pub max_cost: Option<f64>,
    /// Price of a million tokens read
    #[garde(inner(range(min = 0.0)))]
    pub price_per_million_in: Option<f64>,
    /// Price of a million tokens written
    #[garde(inner(range(min = 0.0)))]
    pub price_per_million_out: Option<f64>,
}

impl ModelSettings {
    /// The limits that hold; none for weights in this process.
    pub fn limits(&self) -> Limits {
        match self {
            ModelSettings::Openai(model) => model.limits,
            ModelSettings::Ollama(model) => model.limits,
            ModelSettings::Command(model) => model.limits,
            ModelSettings::Candle(_) => Limits::default(),
        }
    }

    /// Where prompts would go, without sending anything: only the name of the address is resolved.
    ///
    /// # Errors
    /// [`ModelError::Address`] and [`ModelError::Forbidden`].
    pub fn destination(&self, name: &str) -> Result<Destination, ModelError> {
        match self {
            ModelSettings::Openai(model) => Ok(privacy::permit(name, &model.address, model.allow_remote)?.destination),
            ModelSettings::Ollama(model) => Ok(privacy::permit(name, &model.address, model.allow_remote)?.destination),
            ModelSettings::Command(model) => Ok(Destination::Program(model.command.join(" "))),
            ModelSettings::Candle(_) => Ok(Destination::InProcess),
        }
    }

    fn open(&self, name: &str, root: Option<&Path>) -> Result<Opened, ModelError> {
        match self {
            ModelSettings::Openai(settings) => super::http::openai::open(name, settings),
            ModelSettings::Ollama(settings) => super::http::ollama::open(name, settings),
            ModelSettings::Command(settings) => super::command::open(name, settings, root),
            #[cfg(feature = "local")]
            ModelSettings::Candle(candle) => {
                let path = root.unwrap_or(Path::new(".")).join(&candle.path);
                super::candle::open_model(name, &path, candle.precision)
            }
            #[cfg(not(feature = "local"))]
            ModelSettings::Candle(_) => {
                let problem = "this Lupe was built without models in this process (feature `local`)".to_owned();
                Err(ModelError::Compute { model: name.to_owned(), problem })
            }
        }
    }
}

impl Settings {
    /// Read `lupe.toml` in `root` (the current folder when absent); no file, no models.
    ///
    /// # Errors
    /// [`ModelError::Settings`] with everything that is wrong in the file; [`ModelError::File`] when it cannot be read.
    pub fn read(root: Option<&Path>) -> Result<Self, ModelError> {
        let path = root.unwrap_or(Path::new(".")).join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                let help = "save it as a text file in UTF-8 that you may read".to_owned();
                return Err(ModelError::File { path: path.display().to_string(), problem: format!("cannot be read: {error}"), help });
            }
        };
        parse(&Source::new(FILE, text)).map_err(|problems| ModelError::Settings { problems })
    }
}

/// Models named in the file, in the registry. Their prefix may be left out.
pub(super) const KIND: Kind = Kind {
    prefix: "named",
    form: "a name in lupe.toml",
    names: |target, root| Ok(Settings::read(root)?.models.into_keys().filter(|name| name == target).collect()),
    open: |target, name, root| match Settings::read(root)?.models.get(target) {
        Some(settings) => settings.open(name, root),
        None => Err(super::registry::unknown(target, None)),
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, ModelError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        Settings::read(Some(folder.path()))
    }

    fn said(text: &str) -> String {
        let ModelError::Settings { problems } = read(text).unwrap_err() else { panic!("the file was not the problem") };
        problems.iter().map(|problem| format!("{problem}: {}\n", problem.help.as_deref().unwrap_or_default())).collect()
    }

    #[test]
    fn every_kind_of_model_is_read_with_its_limits() {
        let settings = read(
            "[models.haus]\nkind = \"openai\"\naddress = \"http://127.0.0.1:8080/v1\"\nmodel = \"llama\"\nendpoint = \"completions\"\n\
             key_env = \"HAUS_KEY\"\nlimits = { concurrency = 2, retries = 0, max_cost = 1.5 }\n\
             [models.lama]\nkind = \"ollama\"\nmodel = \"llama3\"\n\
             [models.script]\nkind = \"command\"\ncommand = [\"./ask\", \"-v\"]\n\
             [models.klein]\nkind = \"candle\"\npath = \"models/klein\"\nprecision = \"bf16\"\n",
        )
        .unwrap();
        assert_eq!(settings.models.keys().collect::<Vec<_>>(), ["haus", "klein", "lama", "script"]);
        let limits = settings.models["haus"].limits();
        assert_eq!((limits.concurrency.map(NonZeroU32::get), limits.retries, limits.max_cost), (Some(2), Some(0), Some(1.5)));
        assert_eq!(settings.models["script"].destination("script").unwrap(), Destination::Program("./ask -v".to_owned()));
        assert_eq!(settings.models["lama"].destination("lama").unwrap(), Destination::Loopback(ollama_address()));
        assert!(read("").unwrap().models.is_empty());
    }

    #[test]
    fn misspelt_keys_and_words_are_answered_with_what_was_meant() {
        let text = "[models.haus]\nkind = \"openai\"\nadress = \"http://127.0.0.1\"\nmodel = \"m\"\n";
        let words = said(text);
        assert!(words.contains("unknown key `adress`") && words.contains("did you mean `address`?"), "{words}");
        let words = said("[models.haus]\nkind = \"opneai\"\n");
        assert!(words.contains("did you mean `openai`?"), "{words}");
        let words = said("[models.haus]\nmodel = \"m\"\n");
        assert!(words.contains("lacks the key `kind`") && words.contains("ollama"), "{words}");
        let words = said("[models.haus]\nkind = \"ollama\"\nmodel = \"m\"\nlimits = { retrys = 3 }\n");
        assert!(words.contains("did you mean `retries`?"), "{words}");
        let words = said("[models.haus]\nkind = \"ollama\"\nmodel = \"m\"\nendpoint = \"chatt\"\n");
        assert!(words.contains("did you mean `chat`?"), "{words}");
        let words = said("[models.haus]\nkind = \"ollama\"\nmodel = \"m\"\nlimits = { timeout_seconds = -1 }\n");
        assert!(words.contains("timeout_seconds"), "{words}");
        let words = said("[models.haus]\nkind = \"openai\"\naddress = \"http://127.0.0.1\"\n");
        assert!(words.contains("lacks the key `model`"), "{words}");
    }
}
