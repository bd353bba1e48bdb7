//! What a model's `config.json` says about its shape. In: the bytes of the file. Out: a checked [`Config`], or an error that says which
//! entry cannot be honoured. An entry that would change the arithmetic and is not implemented is refused, never ignored.

use serde::Deserialize;
use serde_json::Value;

use super::{file_error, rotary};
use crate::model::ModelError;

const FILE: &str = "config.json";

/// Longest context that rotary tables are made for; probes are far shorter than what large models declare.
pub(super) const LONGEST_CONTEXT: usize = 32_768;

/// Shape of a Llama-family decoder. Lengths count `f32` elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width of the gated feed-forward part.
    pub intermediate: usize,
    /// Number of layers.
    pub layers: usize,
    /// Number of query heads.
    pub heads: usize,
    /// Number of key and value heads; divides `heads`.
    pub kv_heads: usize,
    /// Width of one head; even.
    pub head_dim: usize,
    /// Number of tokens.
    pub vocabulary: usize,
    /// Longest sequence in tokens.
    pub context: usize,
    /// Added to the mean square in RMS normalisation.
    pub epsilon: f32,
    /// Base of the rotary frequencies (Su et al. 2021).
    pub rope_theta: f64,
    /// What each rotary frequency is divided by, `head_dim / 2` numbers; empty where positions are not scaled.
    pub rope_divisors: Vec<f64>,
    /// Queries and keys are normalised head by head (Qwen3).
    pub head_norms: bool,
    /// The output matrix is the embedding.
    pub tied: bool,
    /// Token that starts a sequence.
    pub bos: Option<u32>,
    /// Tokens that end an answer.
    pub eos: Vec<u32>,
}

/// The entries read from a Hugging Face `config.json`; the files hold many more that say nothing about inference.
#[derive(Deserialize)]
struct Entries {
    model_type: Option<String>,
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(alias = "layer_norm_eps")]
    rms_norm_eps: f64,
    rope_theta: Option<f64>,
    rope_scaling: Option<Value>,
    rope_parameters: Option<Value>,
    sliding_window: Option<usize>,
    use_sliding_window: Option<bool>,
    hidden_act: Option<String>,
    tie_word_embeddings: Option<bool>,
    bos_token_id: Option<Value>,
    eos_token_id: Option<Value>,
}

impl Config {
    /// Reads and checks the bytes of a `config.json`.
    ///
    /// # Errors
    /// [`ModelError::File`] when the file is not JSON, lacks an entry, or describes something this decoder does not compute.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let entries = Entries::read(bytes)?;
        entries.refuse_what_is_not_computed()?;
        Self::checked(entries)
    }

    /// As [`Config::parse`] for a model of another family, which this decoder does not compute.
    ///
    /// # Errors
    /// As [`Config::parse`].
    pub(super) fn parse_any(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::checked(Entries::read(bytes)?)
    }

    fn checked(entries: Entries) -> Result<Self, ModelError> {
        let config = entries.into_config()?;
        config.check()?;
        Ok(config)
    }

    /// Adds the tokens that end an answer according to a `generation_config.json`: chat models end turns with a token of their own.
    ///
    /// # Errors
    /// [`ModelError::File`] when the file is not JSON or names a token outside the vocabulary.
    pub fn add_endings(&mut self, generation: &[u8]) -> Result<(), ModelError> {
        let entries: Value = serde_json::from_slice(generation).map_err(|error| {
            file_error("generation_config.json", format!("cannot be read: {error}"), "copy the file again from where the model came from")
        })?;
        for id in token_ids(entries.get("eos_token_id"), "eos_token_id", self.vocabulary)? {
            if !self.eos.contains(&id) {
                self.eos.push(id);
            }
        }
        Ok(())
    }

    /// Width of all query heads together.
    pub fn query_width(&self) -> usize {
        self.heads * self.head_dim
    }

    /// Width of all key (or value) heads together.
    pub fn kv_width(&self) -> usize {
        self.kv_heads * self.head_dim
    }

    pub(super) fn check(&self) -> Result<(), ModelError> {
        let sizes = [self.hidden, self.intermediate, self.layers, self.heads, self.kv_heads, self.head_dim, self.vocabulary, self.context];
        let problem = if sizes.contains(&0) {
            "a size is zero"
        } else if !self.heads.is_multiple_of(self.kv_heads) {
            "num_attention_heads is no multiple of num_key_value_heads"
        } else if !self.head_dim.is_multiple_of(2) {
            "the width of a head is odd; rotary positions need pairs"
        } else if !(self.epsilon > 0.0 && self.rope_theta > 1.0) {
            "rms_norm_eps must be above 0 and rope_theta above 1"
        } else {
            return Ok(());
        };
        Err(broken(problem.to_owned(), "copy the file again from where the model came from"))
    }
}

impl Entries {
    fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        serde_json::from_slice(bytes)
            .map_err(|error| broken(format!("cannot be read: {error}"), "copy the file again from where the model came from"))
    }

    fn refuse_what_is_not_computed(&self) -> Result<(), ModelError> {
        let family = self.model_type.as_deref().unwrap_or("llama");
        if !["llama", "mistral", "qwen2", "qwen3"].contains(&family) {
            return Err(broken(
                format!("model_type `{family}` is not computed here"),
                "use a model of the Llama family: llama (SmolLM among them), mistral, qwen2, qwen3; or gemma, phi, which only write",
            ));
        }
        if let Some(activation) = self.hidden_act.as_deref().filter(|name| *name != "silu") {
            return Err(broken(format!("hidden_act `{activation}` is not computed here, only `silu`"), "use another model"));
        }
        Ok(())
    }

    fn into_config(self) -> Result<Config, ModelError> {
        let nested_theta = self.rope_parameters.as_ref().and_then(|entries| entries.get("rope_theta")).and_then(Value::as_f64);
        let theta = self.rope_theta.or(nested_theta).unwrap_or(10_000.0);
        let default_width =
            if self.model_type.as_deref() == Some("qwen3") { 128 } else { self.hidden_size / self.num_attention_heads.max(1) };
        let head_dim = self.head_dim.unwrap_or(default_width);
        let scaling = [&self.rope_scaling, &self.rope_parameters].into_iter().flatten().next().unwrap_or(&Value::Null);
        let rope_divisors = rotary::divisors(scaling, theta, head_dim / 2).map_err(|problem| {
            broken(problem, "use a model whose positions are not scaled (rope_scaling null) or scaled in one of these ways")
        })?;
        // Inside a sliding window attention is the ordinary one, so the window simply bounds the context.
        let window = self.sliding_window.filter(|_| self.use_sliding_window != Some(false)).unwrap_or(usize::MAX);
        Ok(Config {
            hidden: self.hidden_size,
            intermediate: self.intermediate_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            kv_heads: self.num_key_value_heads.unwrap_or(self.num_attention_heads),
            head_dim,
            vocabulary: self.vocab_size,
            context: self.max_position_embeddings.min(window).min(LONGEST_CONTEXT),
            epsilon: self.rms_norm_eps as f32,
            rope_theta: theta,
            rope_divisors,
            head_norms: self.model_type.as_deref() == Some("qwen3"),
            tied: self.tie_word_embeddings.unwrap_or(false),
            bos: token_ids(self.bos_token_id.as_ref(), "bos_token_id", self.vocab_size)?.first().copied(),
            eos: token_ids(self.eos_token_id.as_ref(), "eos_token_id", self.vocab_size)?,
        })
    }
}

/// Token ids of an entry that may be absent, null, one number or a list.
fn token_ids(entry: Option<&Value>, name: &str, vocabulary: usize) -> Result<Vec<u32>, ModelError> {
    let single;
    let values = match entry {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => {
            single = [value.clone()];
            &single
        }
    };
    let id = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok()).filter(|id| (*id as usize) < vocabulary);
    values.iter().map(id).collect::<Option<_>>().ok_or_else(|| {
        broken(format!("{name} is no token of a vocabulary of {vocabulary}"), "copy the file again from where the model came from")
    })
}

fn broken(problem: String, help: &str) -> ModelError {
    file_error(FILE, problem, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{"model_type": "llama", "hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5,
        "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 512, "max_position_embeddings": 512, "rms_norm_eps": 1e-5,
        "bos_token_id": 1, "eos_token_id": [2, 3], "torch_dtype": "float32"}"#;

    fn problem(text: &str) -> String {
        Config::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn absent_entries_take_the_values_of_the_family() {
        let config = Config::parse(SMALL.as_bytes()).unwrap();
        assert_eq!((config.head_dim, config.rope_theta, config.tied), (8, 10_000.0, false));
        assert_eq!((config.bos, config.eos.as_slice()), (Some(1), [2, 3].as_slice()));
        assert_eq!((config.query_width(), config.kv_width()), (64, 32));
    }

    #[test]
    fn a_file_of_another_family_is_refused_by_name() {
        assert!(problem(&SMALL.replace("llama", "gemma2")).contains("`gemma2`"));
    }

    #[test]
    fn arithmetic_that_is_not_implemented_is_refused_not_ignored() {
        let with = |entry: &str| SMALL.replacen('{', &format!("{{{entry},"), 1);
        assert!(problem(&with(r#""rope_scaling": {"rope_type": "yarn", "factor": 8.0}"#)).contains("`yarn`"));
        assert!(problem(&with(r#""hidden_act": "gelu""#)).contains("`gelu`"));
    }

    #[test]
    fn endings_of_the_generation_config_are_added_once() {
        let mut config = Config::parse(SMALL.as_bytes()).unwrap();
        config.add_endings(br#"{"eos_token_id": [3, 9]}"#).unwrap();
        config.add_endings(b"{}").unwrap();
        assert_eq!(config.eos, [2, 3, 9]);
        assert!(config.add_endings(br#"{"eos_token_id": 512}"#).is_err());
    }

    #[test]
    fn the_newer_place_of_rope_theta_is_read() {
        let text = SMALL.replacen('{', r#"{"rope_parameters": {"rope_type": "default", "rope_theta": 1e6},"#, 1);
        assert_eq!(Config::parse(text.as_bytes()).unwrap().rope_theta, 1e6);
    }

    #[test]
    fn impossible_shapes_and_broken_files_are_named() {
        assert!(problem(&SMALL.replace("\"num_key_value_heads\": 4", "\"num_key_value_heads\": 3")).contains("num_key_value_heads"));
        assert!(problem(&SMALL.replace("\"hidden_size\": 64", "\"hidden_size\": 0")).contains("zero"));
        assert!(problem(&SMALL.replace("\"bos_token_id\": 1", "\"bos_token_id\": 512")).contains("bos_token_id"));
        assert!(problem(&SMALL[..40]).contains("cannot be read"));
    }

    #[test]
    fn a_sliding_window_bounds_the_context() {
        let text = SMALL.replacen('{', r#"{"sliding_window": 128,"#, 1);
        assert_eq!(Config::parse(text.as_bytes()).unwrap().context, 128);
        let unused = text.replacen('{', r#"{"use_sliding_window": false,"#, 1);
        assert_eq!(Config::parse(unused.as_bytes()).unwrap().context, 512);
    }
}
