//! What answers, and the code that reaches it. In: requests in packs. Out: responses.
//!
//! A new backend is one file here and one line in `registry.rs`.

mod command;
pub mod fetch;
mod http;
pub mod privacy;
pub mod recorded;
mod registry;
pub mod settings;
mod wire;

#[cfg(feature = "local")]
pub mod candle;
#[cfg(feature = "local")]
mod reference;

use std::collections::BTreeMap;

pub use privacy::Destination;
pub use registry::{Kind, ModelSpec, Opened};
pub use settings::Limits;

use crate::probe::Problem;
use crate::store::{Medium, Prompt, Request, Response};

/// What a backend can do, proved on a known string at opening time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Abilities {
    /// Continues a text.
    pub generate: bool,
    /// The same seed gives the same text.
    pub seeded: bool,
    /// Log-probabilities of generated tokens.
    pub generated_logprobs: bool,
    /// Log-probabilities of given tokens: choices and log-likelihoods.
    pub given_logprobs: bool,
}

/// Why a backend could not be opened or a pack not be answered.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ModelError {
    /// No model of this name.
    #[error("there is no model `{name}`")]
    #[diagnostic(help("{help}"))]
    Unknown {
        /// The name asked for.
        name: String,
        /// What there is, or the nearest name.
        help: String,
    },
    /// A file of the model is missing or broken.
    #[error("{path}: {problem}")]
    #[diagnostic(help("{help}"))]
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        help: String,
    },
    /// Something is wrong in `lupe.toml`.
    #[error("{}: {}", settings::FILE, .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Settings {
        /// All of it, each with its place.
        #[related]
        problems: Vec<Problem>,
    },
    /// What should be an address is none.
    #[error("model `{model}`: the address {address} cannot be used: {problem}")]
    #[diagnostic(help("correct it in lupe.toml; an address looks like http://127.0.0.1:8080/v1"))]
    Address {
        /// The model.
        model: String,
        /// The address, without a login.
        address: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Prompts would leave this machine, and nobody permitted it.
    #[error("model `{model}`: {address} is not on this machine, so its prompts stay here")]
    #[diagnostic(help("{help}"))]
    Forbidden {
        /// The model.
        model: String,
        /// Where they would go.
        address: String,
        /// What to do.
        help: String,
    },
    /// The environment has no key.
    #[error("model `{model}`: the environment variable {variable} {problem}")]
    #[diagnostic(help("set it to the key of this server before you start Lupe; a key never stands in a file"))]
    Key {
        /// The model.
        model: String,
        /// The variable that `key_env` names.
        variable: String,
        /// What is wrong, without its value.
        problem: String,
    },
    /// A server or program does not answer.
    #[error("model `{model}` at {destination}: {problem}")]
    #[diagnostic(help("see that it runs and what lupe.toml says about it; the same command asks again, and nothing is lost"))]
    Unreachable {
        /// The model.
        model: String,
        /// Where it should be.
        destination: String,
        /// What happened instead of an answer.
        problem: String,
    },
    /// The computation itself failed.
    #[error("model `{model}`: {problem}")]
    Compute {
        /// The model.
        model: String,
        /// What went wrong.
        problem: String,
    },
}

/// A model that can be asked. Synchronous and pack-shaped; concurrency lives in [`crate::run`].
pub trait Backend: Send {
    /// Hash of all that determines the answers: weights, configuration, recording.
    fn fingerprint(&self) -> &str;

    /// What has been proved to work.
    fn abilities(&self) -> Abilities;

    /// Whether it gives back files of this kind. A model that writes is never asked for a picture: its words would be no picture.
    fn makes(&self, _medium: Medium) -> bool {
        false
    }

    /// Whether the model declares to understand this prompt; what it does not understand is never asked, its outcome is `failed`
    /// with this reason.
    fn declines(&self, _prompt: &Prompt) -> Option<String> {
        None
    }

    /// The prompt as the model really got it; a recording keeps its own wording.
    fn as_asked(&self, prompt: &Prompt) -> Prompt {
        prompt.clone()
    }

    /// How often a prompt was asked, where that is given: a recording has as many repeats as it has answers, whatever the probe says.
    fn repeats(&self, _prompt: &Prompt) -> Option<u32> {
        None
    }

    /// Whether it answers a choice in words that name an option, as a recording does, where it tells no log-probabilities.
    fn chooses_in_words(&self) -> bool {
        false
    }

    /// What lies ready in this model and is not used when these `prompts` are asked: one sentence for each reason, with its number.
    fn left_out(&self, _prompts: &[&Prompt]) -> Vec<String> {
        Vec::new()
    }

    /// Whether requests that share a template should form one pack (prefix sharing), and how many tokens it may hold.
    /// `None`: one request per pack.
    fn pack_tokens(&self) -> Option<usize> {
        None
    }

    /// Length of a text in the model's tokens, for capping packs. Only called when [`Backend::pack_tokens`] is set.
    fn count_tokens(&self, text: &str) -> usize {
        text.len()
    }

    /// Where the prompts go.
    fn destination(&self) -> Destination {
        Destination::InProcess
    }

    /// The limits that hold for this model; none for one that costs nothing but time.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// Answer a whole pack: one response per request, in order. A request that cannot be answered gets an outcome, not an error;
    /// an error means that the pack as a whole could not be computed.
    ///
    /// # Errors
    /// [`ModelError::Compute`] when nothing can be said about any of the requests.
    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError>;
}

/// A request with its prompt.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What to draw and how.
    pub request: &'a Request,
    /// What to ask.
    pub prompt: &'a Prompt,
}

/// Why a model that only writes does not answer a request for a file.
const WRITES_ONLY: &str = "the model gives back nothing but text";

/// Value of `kind` in the card of a built-in reference model.
pub const REFERENCE: &str = "reference model";

/// Free-form facts about a model for manifest and report: architecture, parameters, file hashes.
pub type Card = BTreeMap<String, String>;
