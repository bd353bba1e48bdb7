//! Answers requests with a [`Decoder`] and a [`Text`]. In: a pack. Out: one response per request, whatever becomes of it.
//!
//! All texts to be scored in a pack form one prefix tree, all answers to be drawn another.

use std::collections::BTreeMap;
use std::path::Path;

use super::chat::{Chat, DAY};
use super::decoder::{Decoder, DecoderError};
use super::generate::{Drawn, End, Start};
use super::linear::Precision;
use super::open::open_folder;
use super::text::{Text, TextError};
use crate::model::{Abilities, Ask, Backend, Card, ModelError, WRITES_ONLY};
use crate::store::{ChoiceScore, Outcome, Prompt, Response, Sampling, Task, hash_id};

/// Tokens of a pack. A position costs the same in packs of any size; larger ones share more prefixes and take more memory.
const PACK_TOKENS: usize = 4096;

/// Read at opening to prove what the model can do.
pub(super) const KNOWN: &str = "Die Lupe zeigt, was da ist.";

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
        open_folder(name, folder, precision, declines)
    }

    /// Opens a model whose files are in memory, to be computed in F32. `declines` says which prompts it does not understand.
    ///
    /// # Errors
    /// [`ModelError::File`] naming what is broken and what to do.
    pub fn from_files(name: &str, files: Files<'_>, declines: Option<Declines>) -> Result<Self, ModelError> {
        let decoder = Decoder::load(files.config, files.weights)?;
        let text = Text::load(files.tokenizer, files.tokenizer_config, decoder.config())?;
        let hashes = [
            ("config.json", files.config),
            ("model.safetensors", files.weights),
            ("tokenizer.json", files.tokenizer),
            ("tokenizer_config.json", files.tokenizer_config.unwrap_or_default()),
        ];
        let hashes = hashes.into_iter().map(|(file, bytes)| (file.to_owned(), blake3::hash(bytes))).collect();
        Ok(Self::assemble(name, decoder, text, hashes, declines))
    }

    /// A backend from its parts; `hashes` of the files that it was made from become its fingerprint.
    pub(super) fn assemble(
        name: &str,
        decoder: Decoder,
        text: Text,
        hashes: Vec<(String, blake3::Hash)>,
        declines: Option<Declines>,
    ) -> Self {
        let mut card = describe(&decoder);
        let mut fingerprint = identify(&text, hashes, &mut card);
        if decoder.precision() == Precision::Bf16 {
            // Rounded products give other log-probabilities: another model.
            fingerprint = hash_id([fingerprint.as_str(), "bf16"]);
        }
        let abilities = prove(&decoder, &text);
        Self { name: name.to_owned(), decoder, text, fingerprint, abilities, declines, card }
    }

    /// Architecture, size and file hashes, for manifest and report.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Adds a fact to the card.
    pub(super) fn describe(&mut self, fact: &str, value: String) {
        self.card.insert(fact.to_owned(), value);
    }

    /// The decoder, for questions that are no requests.
    pub fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// The tokenizer.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// What reading texts needs: decoder, tokenizer, fingerprint.
    pub(super) fn into_parts(self) -> (Decoder, Text, String) {
        (self.decoder, self.text, self.fingerprint)
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
                check_request(tokens, self.decoder.config().context, ask.request.sampling)?;
                Ok(Plan::Draw(text))
            }
            Task::Make { .. } => Err(WRITES_ONLY.to_owned()),
            Task::Choose { text, options, neutral } => {
                let mut scored = Vec::with_capacity(2 * options.len());
                let prompts = [self.text.open(text).map_err(said)?, self.text.open(neutral).map_err(said)?];
                for option in options {
                    for prompt in &prompts {
                        let (tokens, before) = self.text.follow(prompt, &option.text).map_err(said)?;
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
        check_length(tokens, self.decoder.config().context)
    }
}

fn check_length(tokens: usize, context: usize) -> Result<(), String> {
    if tokens > context { Err(DecoderError::TooLong { tokens, context }.to_string()) } else { Ok(()) }
}

/// Says why an answer to a prompt of so many tokens cannot be drawn.
pub(super) fn check_request(tokens: usize, context: usize, sampling: Sampling) -> Result<(), String> {
    // One more has to fit: the answer's first token.
    check_length(tokens + 1, context)?;
    let Sampling { temperature, top_p, .. } = sampling;
    let drawable = temperature.is_finite() && temperature >= 0.0 && top_p > 0.0 && top_p <= 1.0;
    if drawable { Ok(()) } else { Err(DecoderError::Sampling { temperature, top_p }.to_string()) }
}

/// What a drawn answer is as a response.
pub(super) fn drawn_response(ask: &Ask<'_>, text: &Text, context: usize, prompt: &[u32], drawn: Drawn) -> Response {
    let mut response = Response::without_answer(&ask.request.id, Outcome::Answered, "");
    response.logprobs = drawn.logprobs.iter().map(|logprob| f64::from(*logprob)).collect();
    match text.drawn(prompt, &drawn.tokens) {
        Ok(text) => response.text = text,
        Err(error) => return Response { outcome: Outcome::Failed, detail: error.to_string(), ..response },
    }
    (response.outcome, response.detail) = match drawn.end {
        End::Eos if response.text.trim().is_empty() => (Outcome::Empty, "the model ended the answer without a word".to_owned()),
        End::Eos => (Outcome::Answered, String::new()),
        End::MaxTokens => (Outcome::Truncated, format!("cut after {} tokens", drawn.tokens.len())),
        End::Context => (Outcome::Truncated, format!("cut at the {context} tokens the model can read")),
    };
    response
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
                Err(reason) => Response::without_answer(&ask.request.id, Outcome::Failed, reason.as_str()),
                Ok(Plan::Draw(text)) => {
                    let drawn = drawn.next().ok_or_else(&mut lost)?;
                    drawn_response(ask, &self.text, self.decoder.config().context, &prompts[text], drawn)
                }
                Ok(Plan::Score(_)) => {
                    let logprobs = scores.next().ok_or_else(&mut lost)?;
                    Response {
                        logprobs: logprobs.into_iter().map(f64::from).collect(),
                        ..Response::without_answer(&ask.request.id, Outcome::Answered, "")
                    }
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
                    Response { choices: choice_scores(ask, &sums), ..Response::without_answer(&ask.request.id, Outcome::Answered, "") }
                }
            });
        }
        Ok(responses)
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

/// The fingerprint over the files and over what else decides about prompts; `card` gets the hashes and says how the model is asked.
pub(super) fn identify(text: &Text, mut hashes: Vec<(String, blake3::Hash)>, card: &mut Card) -> String {
    let asked = match text.chat() {
        Some(_) => "applied to questions and choices; a whole text is scored without it",
        None => "none: prompts are sent as they are",
    };
    card.insert("chat template".to_owned(), asked.to_owned());
    if text.chat().is_some_and(Chat::asks_for_the_day) {
        card.insert("day told to the model".to_owned(), DAY.to_string());
        hashes.push(("day".to_owned(), blake3::hash(DAY.to_string().as_bytes())));
    }
    let mut hasher = blake3::Hasher::new();
    let absent = blake3::hash(b"");
    for (file, hash) in hashes {
        hasher.update(hash.as_bytes());
        if hash != absent {
            card.insert(format!("blake3 {file}"), hash.to_hex().to_string());
        }
    }
    hasher.finalize().to_hex().to_string()
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
