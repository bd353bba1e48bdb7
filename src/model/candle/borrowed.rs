//! Models of other families than Llama's (Gemma, Phi), computed by candle-transformers. In: an opened folder. Out: a backend that writes,
//! and knows the log-probability of what it writes; of given texts it knows none, because these models show the last position only. (A [`super::Reader`]
//! goes through a text token by token all the same, and slowly.)

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::{gemma, gemma2, gemma3, phi, phi3};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};

use super::backend::{KNOWN, check_request, drawn_response, identify};
use super::config::Config;
use super::decoder::DecoderError;
use super::generate::{Drawn, End, Start, draw_one};
use super::open::Folder;
use super::text::Text;
use super::{file_error, memory};
use crate::model::{Abilities, Ask, Backend, Card, ModelError, WRITES_ONLY};
use crate::store::{Outcome, Response, Sampling, Task};

/// Values of `model_type` that are opened here.
pub(super) const FAMILIES: [&str; 5] = ["gemma", "gemma2", "gemma3_text", "phi", "phi3"];

/// A model that writes.
pub struct Borrowed {
    name: String,
    model: Model,
    config: Config,
    text: Text,
    fingerprint: String,
    abilities: Abilities,
    card: Card,
}

/// The network of one of [`FAMILIES`].
pub(super) enum Model {
    Gemma(gemma::Model),
    Gemma2(gemma2::Model),
    Gemma3(gemma3::Model),
    Phi(phi::Model),
    Phi3(phi3::Model),
}

impl Model {
    fn load(entries: &Value, builder: VarBuilder<'_>) -> candle_core::Result<Self> {
        fn shape<T: serde::de::DeserializeOwned>(entries: &Value) -> candle_core::Result<T> {
            serde_json::from_value(entries.clone()).map_err(candle_core::Error::wrap)
        }
        Ok(match entries["model_type"].as_str().unwrap_or_default() {
            "gemma" => Self::Gemma(gemma::Model::new(false, &shape(entries)?, builder)?),
            "gemma2" => Self::Gemma2(gemma2::Model::new(false, &shape(entries)?, builder)?),
            "gemma3_text" => Self::Gemma3(gemma3::Model::new(false, &shape(entries)?, builder)?),
            "phi" => Self::Phi(phi::Model::new(&shape(entries)?, builder)?),
            _ => Self::Phi3(phi3::Model::new(&shape(entries)?, builder)?),
        })
    }

    /// Logits after `tokens`, which follow the `before` tokens given since the last [`Model::forget`].
    pub(super) fn next(&mut self, tokens: &[u32], before: usize) -> candle_core::Result<Vec<f32>> {
        // Its cache takes several positions at once only where there is a single key head.
        if let (Self::Gemma3(_), [first @ .., last]) = (&mut *self, tokens)
            && !first.is_empty()
        {
            for (place, token) in first.iter().enumerate() {
                self.next(&[*token], before + place)?;
            }
            return self.next(&[*last], before + first.len());
        }
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        let logits = match self {
            Self::Gemma(model) => model.forward(&input, before),
            Self::Gemma2(model) => model.forward(&input, before),
            Self::Gemma3(model) => model.forward(&input, before),
            Self::Phi(model) => model.forward(&input),
            Self::Phi3(model) => model.forward(&input, before),
        };
        logits?.flatten_all()?.to_vec1()
    }

    /// Makes the next token the first one.
    pub(super) fn forget(&mut self) {
        match self {
            Self::Gemma(model) => model.clear_kv_cache(),
            Self::Gemma2(model) => model.clear_kv_cache(),
            Self::Gemma3(model) => model.clear_kv_cache(),
            Self::Phi(model) => model.clear_kv_cache(),
            Self::Phi3(model) => model.clear_kv_cache(),
        }
    }
}

impl Borrowed {
    /// Opens a model of one of [`FAMILIES`].
    ///
    /// # Errors
    /// [`ModelError::File`] naming what is broken or does not fit into memory.
    pub(super) fn open(name: &str, files: &Folder) -> Result<Self, ModelError> {
        let entries = adapt(&files.config)?;
        let mut config = Config::parse_any(&files.config)?;
        if let Some(generation) = &files.generation {
            config.add_endings(generation)?;
        }
        let weights = files.safetensors()?;
        let parameters = super::weights::Tensors::total(&weights);
        memory::check("config.json", memory::needed(parameters, 0), memory::available())?;
        let builder = VarBuilder::from_tensors(weights.all()?, DType::F32, &Device::Cpu);
        let model = Model::load(&entries, builder).map_err(|error| {
            file_error("config.json", error.to_string(), "copy all files of the model again; they must belong together")
        })?;
        let text = files.text(&config)?;
        let family = entries["model_type"].as_str().unwrap_or_default();
        let mut card = Card::from([
            ("architecture".to_owned(), format!("{family}, computed by candle-transformers")),
            ("parameters".to_owned(), parameters.to_string()),
            ("context".to_owned(), config.context.to_string()),
            ("precision".to_owned(), "f32".to_owned()),
            ("missing".to_owned(), "log-probabilities of given texts: no choices, no likelihoods".to_owned()),
        ]);
        let fingerprint = identify(&text, files.hashes(), &mut card);
        let mut opened = Self { name: name.to_owned(), model, config, text, fingerprint, abilities: Abilities::default(), card };
        opened.abilities = opened.prove().unwrap_or_default();
        Ok(opened)
    }

    /// Architecture, size and file hashes.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// What reading texts needs: network, longest sequence and number of tokens, tokenizer, fingerprint.
    pub(super) fn into_parts(self) -> (Model, Config, Text, String) {
        (self.model, self.config, self.text, self.fingerprint)
    }

    /// Logits of every token after `prefix`.
    ///
    /// # Errors
    /// [`DecoderError::Kernel`].
    fn logits(&mut self, prefix: &[u32]) -> Result<Vec<f32>, DecoderError> {
        self.model.forget();
        Ok(self.model.next(prefix, 0)?)
    }

    fn draw(&mut self, Start { tokens, sampling, seed }: Start<'_>) -> Result<Drawn, DecoderError> {
        let mut drawn = Drawn { tokens: Vec::new(), logprobs: Vec::new(), end: End::MaxTokens };
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut logits = self.logits(tokens)?;
        while drawn.tokens.len() < sampling.max_tokens as usize {
            let before = tokens.len() + drawn.tokens.len();
            if before >= self.config.context {
                drawn.end = End::Context;
                break;
            }
            let (token, logprob) = draw_one(&logits, sampling, &mut random)?;
            drawn.logprobs.push(logprob);
            if self.config.eos.contains(&token) {
                drawn.end = End::Eos;
                break;
            }
            drawn.tokens.push(token);
            if drawn.tokens.len() < sampling.max_tokens as usize {
                logits = self.model.next(&[token], before)?;
            }
        }
        Ok(drawn)
    }

    /// Draws twice with one seed, and asks anew for the log-probability of the last token drawn.
    fn prove(&mut self) -> Option<Abilities> {
        let mut prompt = self.text.scored(KNOWN).ok()?;
        prompt.truncate(self.config.context.saturating_sub(4).max(1));
        let start = Start { tokens: &prompt, sampling: Sampling { temperature: 1.0, top_p: 1.0, max_tokens: 3 }, seed: 1 };
        let (first, second) = (self.draw(start).ok()?, self.draw(start).ok()?);
        let generated_logprobs = match first.tokens.split_last() {
            None => true,
            Some((last, rest)) => {
                let logits = self.logits(&[prompt.as_slice(), rest].concat()).ok()?;
                let given = f64::from(logits[*last as usize]) - super::math::log_normaliser(&logits, &mut Vec::new());
                (given as f32 - first.logprobs[rest.len()]).abs() < 1e-3
            }
        };
        Some(Abilities { generate: true, seeded: first == second, generated_logprobs, given_logprobs: false })
    }
}

impl Backend for Borrowed {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        let mut responses = Vec::with_capacity(pack.len());
        for ask in pack {
            let prepared = match &ask.prompt.task {
                Task::Generate { text } => self.text.asked(text).map_err(|error| error.to_string()).and_then(|tokens| {
                    check_request(tokens.len(), self.config.context, ask.request.sampling)?;
                    Ok(tokens)
                }),
                Task::Make { .. } => Err(WRITES_ONLY.to_owned()),
                Task::Choose { .. } | Task::LogLikelihood { .. } => Err("this model shows no log-probabilities of given texts".to_owned()),
            };
            responses.push(match prepared {
                Err(reason) => Response::without_answer(&ask.request.id, Outcome::Failed, reason),
                Ok(tokens) => {
                    let start = Start { tokens: &tokens, sampling: ask.request.sampling, seed: ask.request.seed };
                    let drawn = self.draw(start);
                    let drawn = drawn.map_err(|error| ModelError::Compute { model: self.name.clone(), problem: error.to_string() })?;
                    drawn_response(ask, &self.text, self.config.context, &tokens, drawn)
                }
            });
        }
        Ok(responses)
    }
}

/// The entries of a `config.json` as candle-transformers reads them: newer files keep some in other places, older ones leave some out.
fn adapt(config: &[u8]) -> Result<Value, ModelError> {
    let broken = |problem: String| file_error("config.json", problem, "copy the file again from where the model came from");
    let mut entries: BTreeMap<String, Value> =
        serde_json::from_slice(config).map_err(|error| broken(format!("cannot be read: {error}")))?;
    let rope = entries.get("rope_parameters").cloned().unwrap_or_default();
    let of_rope =
        |keys: [&str; 2]| rope.get(keys[0]).and_then(|entry| if keys[1].is_empty() { Some(entry) } else { entry.get(keys[1]) }).cloned();
    let theta = of_rope(["rope_theta", ""]).or_else(|| of_rope(["full_attention", "rope_theta"])).unwrap_or(json!(10_000.0));
    let local = of_rope(["sliding_attention", "rope_theta"]).unwrap_or(json!(10_000.0));
    let family = entries.get("model_type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let pattern = period(entries.get("layer_types")).map_err(broken)?.or_else(|| entries.get("_sliding_window_pattern")?.as_u64());
    let rotary_share = of_rope(["partial_rotary_factor", ""]).unwrap_or(if family == "phi" { json!(0.5) } else { json!(1.0) });
    entries.retain(|_, value| !value.is_null());
    let defaults = [
        ("rope_theta", theta),
        ("rope_local_base_freq", local),
        ("sliding_window_pattern", json!(pattern.unwrap_or(6))),
        ("partial_rotary_factor", rotary_share),
        ("attention_bias", json!(false)),
        ("tie_word_embeddings", json!(family.starts_with("gemma"))),
        ("qk_layernorm", json!(false)),
        ("head_dim", json!(256)),
    ];
    for (key, value) in defaults {
        entries.entry(key.to_owned()).or_insert(value);
    }
    if family.starts_with("gemma") {
        // The first Gemma's `hidden_act` says gelu and means its approximation.
        entries.remove("hidden_act");
        entries.entry("hidden_activation".to_owned()).or_insert(json!("gelu_pytorch_tanh"));
    }
    // Read elsewhere, and here only as a single number.
    entries.remove("eos_token_id");
    entries.remove("bos_token_id");
    Ok(json!(entries))
}

/// Every how manyth layer attends to everything, by a list of kinds of layers.
fn period(layers: Option<&Value>) -> Result<Option<u64>, String> {
    let Some(layers) = layers.and_then(Value::as_array) else { return Ok(None) };
    let full = |layer: &Value| layer == "full_attention";
    let Some(first) = layers.iter().position(full) else { return Ok(Some(layers.len() as u64 + 1)) };
    let period = first + 1;
    let regular = layers.iter().enumerate().all(|(place, layer)| full(layer) == ((place + 1) % period == 0));
    if regular { Ok(Some(period as u64)) } else { Err("layer_types has no period; such a model is not computed here".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::candle::checkpoints::{expected, folder};

    #[test]
    fn gemma_and_phi_agree_with_the_reference_implementation_and_say_what_they_lack() {
        for name in ["gemma", "gemma2", "gemma3", "phi", "phi3"] {
            let mut model = Borrowed::open(name, &Folder::read(&folder(name)).unwrap()).unwrap();
            let expected = expected(name);
            let mut largest = 0f32;
            for (row, logprobs) in expected.rows.iter().zip(&expected.logprobs) {
                let logits = model.logits(row).unwrap();
                let normaliser = crate::model::candle::math::log_normaliser(&logits, &mut Vec::new()) as f32;
                let distances = logits.iter().zip(logprobs.last().unwrap()).map(|(logit, known)| (logit - normaliser - known).abs());
                largest = distances.fold(largest, f32::max);
            }
            println!("{name}: {largest:.1e}");
            assert!(largest < 1e-4, "{name}: {largest}");
            let proved = Abilities { generate: true, seeded: true, generated_logprobs: true, given_logprobs: false };
            assert_eq!(model.abilities(), proved, "{name}");
            assert!(model.card()["missing"].contains("given texts"));
        }
    }

    #[test]
    fn kinds_of_layers_have_a_period_or_are_refused() {
        let of = |kinds: &str| {
            let layers: Vec<&str> = kinds.chars().map(|kind| if kind == 'f' { "full_attention" } else { "sliding_attention" }).collect();
            period(Some(&json!(layers)))
        };
        assert_eq!((of("sfsf"), of("ssssssf"), of("ss"), period(None)), (Ok(Some(2)), Ok(Some(7)), Ok(Some(3)), Ok(None)));
        assert!(of("sffs").is_err());
    }
}
