//! Answers requests with a [`Decoder`] and a [`Text`]. In: a pack. Out: one response per request, whatever becomes of it.
//!
//! All texts to be scored in a pack form one prefix tree, all answers to be drawn another.

use std::collections::BTreeMap;
use std::path::Path;

use super::decoder::{Decoder, DecoderError};
use super::file_error;
use super::generate::{Drawn, End, Start};
use super::linear::Precision;
use super::text::{Text, TextError};
use crate::model::{Abilities, Ask, Backend, Card, ModelError};
use crate::store::{ChoiceScore, Outcome, Prompt, Response, Sampling, Task};

/// Tokens of a pack. A position costs the same in packs of any size; larger ones share more prefixes and take more memory.
const PACK_TOKENS: usize = 4096;

/// Read at opening to prove what the model can do.
const KNOWN: &str = "Die Lupe zeigt, was da ist.";

/// Says why a prompt is outside what a model declares to understand, or nothing.
pub type Declines = Box<dyn Fn(&Prompt) -> Option<String> + Send>;

/// The files of a model, in the Hugging Face layout.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `config.json`.
    pub config: &'a [u8],
    /// `model.safetensors`.
    pub weights: &'a [u8],
    /// `tokenizer.json`.
    pub tokenizer: &'a [u8],
    /// `tokenizer_config.json`; says for some models whether texts get a start token.
    pub tokenizer_config: Option<&'a [u8]>,
}

/// A model of the Llama family in this process.
pub struct CandleBackend {
    name: String,
    decoder: Decoder,
    text: Text,
    fingerprint: String,
    abilities: Abilities,
    declines: Option<Declines>,
    card: Card,
}

impl CandleBackend {
    /// Opens the model in `folder`, to be computed in `precision`.
    ///
    /// # Errors
    /// [`ModelError::File`] naming what is missing or broken and what to do.
    pub fn from_folder(name: &str, folder: &Path, precision: Precision, declines: Option<Declines>) -> Result<Self, ModelError> {
        let read = |file: &str| {
            std::fs::read(folder.join(file)).map_err(|error| {
                let help = if folder.join("model.safetensors.index.json").exists() {
                    "this model is split into several weight files; join them into one model.safetensors"
                } else {
                    "a model folder holds config.json, model.safetensors and tokenizer.json"
                };
                file_error(file, format!("cannot be read: {error}"), help)
            })
        };
        let open = || {
            let (config, weights, tokenizer) = (read("config.json")?, read("model.safetensors")?, read("tokenizer.json")?);
            let tokenizer_config = if folder.join("tokenizer_config.json").exists() { Some(read("tokenizer_config.json")?) } else { None };
            let files = Files { config: &config, weights: &weights, tokenizer: &tokenizer, tokenizer_config: tokenizer_config.as_deref() };
            Self::open(name, files, precision, declines)
        };
        open().map_err(|error| match error {
            ModelError::File { path, problem, help } => ModelError::File { path: folder.join(path).display().to_string(), problem, help },
            other => other,
        })
    }

    /// Opens a model whose files are in memory, to be computed in F32. `declines` says which prompts it does not understand.
    ///
    /// # Errors
    /// [`ModelError::File`] naming what is broken and what to do.
    pub fn from_files(name: &str, files: Files<'_>, declines: Option<Declines>) -> Result<Self, ModelError> {
        Self::open(name, files, Precision::F32, declines)
    }

    fn open(name: &str, files: Files<'_>, precision: Precision, declines: Option<Declines>) -> Result<Self, ModelError> {
        let decoder = Decoder::load_portable(files.config, files.weights)?.packed(precision)?;
        let text = Text::load(files.tokenizer, files.tokenizer_config, decoder.config())?;
        let mut hasher = blake3::Hasher::new();
        let mut card = describe(&decoder);
        let optional = files.tokenizer_config.unwrap_or_default();
        for (file, bytes) in [
            ("config.json", files.config),
            ("model.safetensors", files.weights),
            ("tokenizer.json", files.tokenizer),
            ("tokenizer_config.json", optional),
        ] {
            let hash = blake3::hash(bytes);
            hasher.update(hash.as_bytes());
            if !bytes.is_empty() {
                card.insert(format!("blake3 {file}"), hash.to_hex().to_string());
            }
        }
        // Other numbers come out, so it is another model; in F32 the files say it all.
        if precision == Precision::Bf16 {
            hasher.update(precision.name().as_bytes());
        }
        let fingerprint = hasher.finalize().to_hex().to_string();
        let abilities = prove(&decoder, &text);
        Ok(Self { name: name.to_owned(), decoder, text, fingerprint, abilities, declines, card })
    }

    /// Architecture, size and file hashes, for manifest and report.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The decoder, for questions that are no requests.
    pub fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// The tokenizer.
    pub fn text(&self) -> &Text {
        &self.text
    }

    fn compute_error(&self, error: DecoderError) -> ModelError {
        ModelError::Compute { model: self.name.clone(), problem: error.to_string() }
    }

    /// What has to be computed for one request.
    fn plan<'a>(&'a self, ask: &Ask<'a>, prompts: &mut BTreeMap<&'a str, Vec<u32>>) -> Result<Plan<'a>, String> {
        if let Some(reason) = self.declines(ask.prompt) {
            return Err(reason);
        }
        let said = |error: TextError| error.to_string();
        match &ask.prompt.task {
            Task::Generate { text } => {
                if !prompts.contains_key(text.as_str()) {
                    prompts.insert(text, self.text.asked(text).map_err(said)?);
                }
                let tokens = prompts[text.as_str()].len();
                // One more has to fit: the answer's first token.
                self.check_length(tokens + 1)?;
                let Sampling { temperature, top_p, .. } = ask.request.sampling;
                if !(temperature.is_finite() && temperature >= 0.0 && top_p > 0.0 && top_p <= 1.0) {
                    return Err(DecoderError::Sampling { temperature, top_p }.to_string());
                }
                Ok(Plan::Draw(text))
            }
            Task::Choose { text, options, neutral } => {
                let mut scored = Vec::with_capacity(2 * options.len());
                for option in options {
                    for prompt in [text, neutral] {
                        let (tokens, before) = self.text.continued(prompt, &option.text).map_err(said)?;
                        self.check_length(tokens.len())?;
                        scored.push((tokens, before));
                    }
                }
                Ok(Plan::Choose(scored))
            }
            Task::LogLikelihood { text } => {
                let tokens = self.text.scored(text).map_err(said)?;
                self.check_length(tokens.len())?;
                Ok(Plan::Score(tokens))
            }
        }
    }

    fn check_length(&self, tokens: usize) -> Result<(), String> {
        let context = self.decoder.config().context;
        if tokens > context { Err(DecoderError::TooLong { tokens, context }.to_string()) } else { Ok(()) }
    }

    fn drawn_response(&self, ask: &Ask<'_>, prompt: &[u32], drawn: Drawn) -> Response {
        let mut response = blank(ask);
        response.logprobs = drawn.logprobs.iter().map(|logprob| f64::from(*logprob)).collect();
        match self.text.drawn(prompt, &drawn.tokens) {
            Ok(text) => response.text = text,
            Err(error) => return Response { outcome: Outcome::Failed, detail: error.to_string(), ..response },
        }
        (response.outcome, response.detail) = match drawn.end {
            End::Eos if response.text.trim().is_empty() => (Outcome::Empty, "the model ended the answer without a word".to_owned()),
            End::Eos => (Outcome::Answered, String::new()),
            End::MaxTokens => (Outcome::Truncated, format!("cut after {} tokens", drawn.tokens.len())),
            End::Context => (Outcome::Truncated, format!("cut at the {} tokens the model can read", self.decoder.config().context)),
        };
        response
    }
}

/// What has to be computed for one request.
enum Plan<'a> {
    /// An answer to this text.
    Draw(&'a str),
    /// For each option the sequence after the prompt and after the neutral prompt, with the number of tokens before the option.
    Choose(Vec<(Vec<u32>, usize)>),
    /// A sequence.
    Score(Vec<u32>),
}

impl Backend for CandleBackend {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn declines(&self, prompt: &Prompt) -> Option<String> {
        self.declines.as_ref().and_then(|declines| declines(prompt))
    }

    fn pack_tokens(&self) -> Option<usize> {
        Some(PACK_TOKENS)
    }

    fn count_tokens(&self, text: &str) -> usize {
        self.text.count(text)
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        let mut prompts = BTreeMap::new();
        let plans: Vec<Result<Plan<'_>, String>> = pack.iter().map(|ask| self.plan(ask, &mut prompts)).collect();
        let mut sequences = Vec::new();
        for plan in plans.iter().flatten() {
            match plan {
                Plan::Choose(scored) => sequences.extend(scored.iter().map(|(tokens, before)| (tokens.as_slice(), *before))),
                Plan::Score(tokens) => sequences.push((tokens.as_slice(), 1)),
                Plan::Draw(_) => {}
            }
        }
        let starts: Vec<Start<'_>> = plans
            .iter()
            .zip(pack)
            .filter_map(|(plan, Ask { request, .. })| match plan {
                Ok(Plan::Draw(text)) => Some(Start { tokens: &prompts[text], sampling: request.sampling, seed: request.seed }),
                _ => None,
            })
            .collect();
        let mut scores = self.decoder.logprobs_from(&sequences).map_err(|error| self.compute_error(error))?.into_iter();
        let mut drawn = self.decoder.generate(&starts).map_err(|error| self.compute_error(error))?.into_iter();
        let mut lost = || ModelError::Compute { model: self.name.clone(), problem: "a row of the pack got no result".to_owned() };
        let mut responses = Vec::with_capacity(pack.len());
        for (plan, ask) in plans.iter().zip(pack) {
            responses.push(match plan {
                Err(reason) => Response { outcome: Outcome::Failed, detail: reason.clone(), ..blank(ask) },
                Ok(Plan::Draw(text)) => self.drawn_response(ask, &prompts[text], drawn.next().ok_or_else(&mut lost)?),
                Ok(Plan::Score(_)) => {
                    let logprobs = scores.next().ok_or_else(&mut lost)?;
                    Response { logprobs: logprobs.into_iter().map(f64::from).collect(), ..blank(ask) }
                }
                Ok(Plan::Choose(scored)) => {
                    let sums: Vec<(f64, usize)> = scored
                        .iter()
                        .zip(&mut scores)
                        .map(|(_, logprobs)| (logprobs.iter().map(|logprob| f64::from(*logprob)).sum(), logprobs.len()))
                        .collect();
                    if sums.len() < scored.len() {
                        return Err(lost());
                    }
                    Response { choices: choice_scores(ask, &sums), ..blank(ask) }
                }
            });
        }
        Ok(responses)
    }
}

/// An answered response with nothing in it.
fn blank(ask: &Ask<'_>) -> Response {
    Response {
        request: ask.request.id.clone(),
        outcome: Outcome::Answered,
        text: String::new(),
        logprobs: Vec::new(),
        choices: Vec::new(),
        detail: String::new(),
    }
}

/// `sums` holds two entries per option: after the prompt, after the neutral prompt.
fn choice_scores(ask: &Ask<'_>, sums: &[(f64, usize)]) -> Vec<ChoiceScore> {
    let Task::Choose { options, .. } = &ask.prompt.task else { return Vec::new() };
    let (pairs, _) = sums.as_chunks::<2>();
    let score = |(option, [(logprob, tokens), (neutral_logprob, _)]): (&crate::store::Choice, &[(f64, usize); 2])| ChoiceScore {
        category: option.category.clone(),
        logprob: *logprob,
        neutral_logprob: *neutral_logprob,
        tokens: *tokens as u32,
    };
    options.iter().zip(pairs).map(score).collect()
}

/// Finds out on a known text what works: scores are finite, what is drawn has the log-probabilities that scoring gives it, and the same
/// seed draws the same tokens.
fn prove(decoder: &Decoder, text: &Text) -> Abilities {
    let Ok(known) = text.scored(KNOWN) else { return Abilities::default() };
    let known = &known[..known.len().min(decoder.config().context)];
    let given_logprobs = decoder.logprobs(&[known.to_vec()]).is_ok_and(|rows| rows.iter().flatten().all(|logprob| *logprob <= 0.0));
    let prompt = &known[..known.len().min(decoder.config().context - 1)];
    let sampling = Sampling { temperature: 1.0, top_p: 1.0, max_tokens: 4 };
    let draw = || decoder.generate(&[Start { tokens: prompt, sampling, seed: 1 }]).ok().and_then(|mut drawn| drawn.pop());
    let (Some(first), Some(second)) = (draw(), draw()) else { return Abilities { given_logprobs, ..Abilities::default() } };
    let whole = [prompt, &first.tokens].concat();
    let agree = |rows: Vec<Vec<f32>>| {
        let given = rows.iter().flatten().skip(prompt.len() - 1);
        given.zip(&first.logprobs).all(|(given, drawn)| (given - drawn).abs() < 1e-3)
    };
    let generated_logprobs = decoder.logprobs(&[whole]).is_ok_and(agree);
    Abilities { generate: true, seeded: first == second, generated_logprobs, given_logprobs }
}

fn describe(decoder: &Decoder) -> Card {
    let config = decoder.config();
    let shape = format!(
        "{} layers, width {}, {} heads ({} for keys and values), feed-forward {}",
        config.layers, config.hidden, config.heads, config.kv_heads, config.intermediate
    );
    Card::from([
        ("architecture".to_owned(), "causal decoder of the Llama family".to_owned()),
        ("shape".to_owned(), shape),
        ("parameters".to_owned(), decoder.parameters().to_string()),
        ("vocabulary".to_owned(), config.vocabulary.to_string()),
        ("context".to_owned(), config.context.to_string()),
        ("precision".to_owned(), decoder.precision().name().to_owned()),
    ])
}

#[cfg(test)]
#[path = "backend_tests.rs"]
mod tests;
