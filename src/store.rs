//! The rows that stages exchange, each a plain serde type with the version of what made it.
//!
//! `prompts`, `requests` and `responses` lie in SQLite (see [`crate::run`]); measurements, findings and the manifest are derived from them
//! and can be made again at any time. Identifiers are the first 16 bytes of a blake3 hash in hex: equal content, equal id.

mod media;

use std::collections::BTreeMap;

pub use media::{Format, MediaFile, Medium};
use serde::{Deserialize, Serialize};

/// Version of the row types in this file; a store written by a newer program is refused.
pub const STORE_VERSION: u32 = 3;

/// First 16 bytes of the blake3 hash of `parts`, in hex. Each part is length-prefixed, so that ("a","bc") and ("ab","c") differ.
pub fn hash_id<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Language of a prompt and of the answer expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

impl Language {
    /// Both languages, German first.
    pub const ALL: [Language; 2] = [Language::De, Language::En];

    /// The two-letter code.
    pub fn code(self) -> &'static str {
        match self {
            Language::De => "de",
            Language::En => "en",
        }
    }
}

/// A probe's template with every slot filled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// Hash of everything below.
    pub id: String,
    /// Probe this prompt belongs to.
    pub probe: String,
    /// Version of the probe.
    pub probe_version: u32,
    /// Template id within the probe; a cluster.
    pub template: String,
    /// Context id (the fillers that are not under test); a cluster, crossed with templates. Empty when the probe has none.
    pub context: String,
    /// Language of the prompt.
    pub language: Language,
    /// Axis -> level, for the axes named in this prompt. Empty for a representation probe.
    pub levels: BTreeMap<String, String>,
    /// Hash of all that is equal but for the axis: prompts with the same pair are compared with each other.
    pub pair: String,
    /// What is asked of the model.
    pub task: Task,
    /// What the answer should hold; nothing for most prompts.
    #[serde(default, skip_serializing_if = "Expect::is_empty")]
    pub expect: Expect,
}

impl Prompt {
    /// The language that the answer should be in.
    pub fn answer_language(&self) -> Language {
        self.expect.language.unwrap_or(self.language)
    }
}

/// What the answer to a prompt should hold, for scorers; the model does not get it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Language of the answer where it is not that of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Words of the answer's language that stay if the meaning was kept: alternatives with `|`, each a beginning of a word, whatever its case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Noun of `datasets/occupations.toml` whose rendering is looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

impl Expect {
    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is asked of a model: the closed list of request kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Continue or answer `text`.
    Generate {
        /// The prompt as the model gets it.
        text: String,
    },
    /// Make a picture, a recording or a film.
    Make {
        /// The prompt as the model gets it.
        text: String,
        /// What is to come back.
        medium: Medium,
    },
    /// Score each of `continuations` after `text`, and the same continuations after `neutral` (DESIGN, rule 7).
    Choose {
        /// The prompt; tokenised together with each continuation.
        text: String,
        /// The options, each with the category it stands for.
        options: Vec<Choice>,
        /// The neutral prompt that cancels word form.
        neutral: String,
    },
    /// Log-likelihood of every token of `text`.
    LogLikelihood {
        /// The text to score.
        text: String,
    },
}

impl Task {
    /// The prompt text that a person would read.
    pub fn text(&self) -> &str {
        match self {
            Task::Generate { text } | Task::Make { text, .. } | Task::Choose { text, .. } | Task::LogLikelihood { text } => text,
        }
    }

    /// Whether each answer is drawn anew, so that it can be asked again and by hand.
    pub fn draws(&self) -> bool {
        matches!(self, Task::Generate { .. } | Task::Make { .. })
    }

    /// The kind of request, as ids have it.
    pub fn kind(&self) -> &'static str {
        match self {
            Task::Generate { .. } => "generate",
            Task::Make { medium: Medium::Image, .. } => "make-image",
            Task::Make { medium: Medium::Sound, .. } => "make-sound",
            Task::Make { medium: Medium::Video, .. } => "make-video",
            Task::Choose { .. } => "choose",
            Task::LogLikelihood { .. } => "log-likelihood",
        }
    }
}

/// One option of a [`Task::Choose`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Category this option stands for, for instance `woman`.
    pub category: String,
    /// The continuation, with its leading space if it has one.
    pub text: String,
}

/// How a text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// 0 is greedy.
    pub temperature: f64,
    /// Nucleus mass in (0, 1]; 1 keeps every token.
    pub top_p: f64,
    /// Longest answer in tokens.
    pub max_tokens: u32,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 1.0, top_p: 1.0, max_tokens: 200 }
    }
}

/// Prompt x sampling parameters x repeat for one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Hash of prompt, kind, parameters, model fingerprint, seed and repeat.
    pub id: String,
    /// Prompt asked.
    pub prompt: String,
    /// Name of the model in this run.
    pub model: String,
    /// Fingerprint of the model's weights or recording.
    pub fingerprint: String,
    /// Sampling parameters; ignored by tasks that draw nothing.
    pub sampling: Sampling,
    /// Seed of this request, derived from the probe's seed, the *pair* and the repeat: paired prompts share it.
    pub seed: u64,
    /// 0-based repeat.
    pub repeat: u32,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A usable answer.
    Answered,
    /// The model declined.
    Refused,
    /// Nothing came back.
    Empty,
    /// The answer was cut at the token limit or by the source.
    Truncated,
    /// The answer has not the form asked for.
    Unparseable,
    /// No answer could be had: error, time-out, prompt outside what the model declares to understand.
    Failed,
}

impl Outcome {
    /// All outcomes in ledger order.
    pub const ALL: [Outcome; 6] =
        [Outcome::Answered, Outcome::Refused, Outcome::Empty, Outcome::Truncated, Outcome::Unparseable, Outcome::Failed];

    /// The word stored and printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Refused => "refused",
            Outcome::Empty => "empty",
            Outcome::Truncated => "truncated",
            Outcome::Unparseable => "unparseable",
            Outcome::Failed => "failed",
        }
    }
}

/// The raw answer to one request. Holds no time and no duration: equal runs give equal rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Request answered.
    pub request: String,
    /// What became of it; `refused` is added by the refusal scorer, a backend reports what it can know.
    pub outcome: Outcome,
    /// The text, as it came.
    pub text: String,
    /// Natural log-probability of each generated (or, for log-likelihood, each given) token; empty when the backend cannot say.
    pub logprobs: Vec<f64>,
    /// One entry per option of a choice; empty otherwise.
    pub choices: Vec<ChoiceScore>,
    /// Why, when the outcome is not `answered`; or what a reader should know.
    pub detail: String,
    /// The picture, recording or film that came back.
    pub file: Option<MediaFile>,
    /// What came over the wire; `None` for models in this process and for responses read back (it is kept apart, see
    /// [`crate::run::Run::raw`]).
    pub raw: Option<Raw>,
}

impl Response {
    /// A response with nothing in it but what became of the request, and why.
    pub fn without_answer(request: &str, outcome: Outcome, detail: impl Into<String>) -> Self {
        let (text, logprobs, choices) = (String::new(), Vec::new(), Vec::new());
        Self { request: request.to_owned(), outcome, text, logprobs, choices, detail: detail.into(), file: None, raw: None }
    }
}

/// What a server or program sent, and what it counted. Bodies hold times and serial numbers, so equal runs need not give equal ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// Requests sent for this one response, vain attempts among them.
    pub attempts: u32,
    /// Tokens read, as the other side counted them; 0 where it did not.
    pub tokens_read: u64,
    /// Tokens written, likewise.
    pub tokens_written: u64,
    /// The bodies as they came, without keys, a line break between several.
    pub body: String,
}

/// Log-probabilities of one option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceScore {
    /// Category of the option.
    pub category: String,
    /// Sum of natural log-probabilities of the continuation's tokens after the prompt.
    pub logprob: f64,
    /// The same after the neutral prompt.
    pub neutral_logprob: f64,
    /// Number of tokens of the continuation.
    pub tokens: u32,
}

/// What a scorer read in a response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// One of the measure's categories.
    Category(String),
    /// A number in the measure's unit.
    Number(f64),
    /// Nothing could be measured, and why. Never a number.
    Missing(String),
}

/// A place in the answer that speaks for the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Byte offset of the first byte in the response text.
    pub start: usize,
    /// Byte offset behind the last byte.
    pub end: usize,
    /// What it speaks for, for instance `woman`.
    pub label: String,
}

/// One measurement: a scorer's reading of one response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Request whose response was read.
    pub request: String,
    /// Scorer id.
    pub scorer: String,
    /// Scorer version.
    pub scorer_version: u32,
    /// Measure id; a scorer may have several.
    pub measure: String,
    /// What was read.
    pub value: Value,
    /// Where in the text.
    pub evidence: Vec<Evidence>,
}
