//! The Llama-family decoder (Touvron et al. 2023): token ids in, natural log-probabilities out.
//!
//! A batch is a prefix tree ([`Tree`]): every distinct prefix is one position and computed once. The linear layers see all new positions
//! as the rows of one matrix; in attention each position reads the keys and values of its own ancestors and of nothing else. Rows of
//! unequal length therefore need no padding and no mask, and what else is in the batch changes a row by rounding noise at most.

use super::config::Config;
use super::embedding::Embedding;
use super::linear::{Linear, Precision};
use super::safetensors::Safetensors;
use super::tree::Tree;
use super::weights::Weights;
use super::{math, rotary};
use crate::model::ModelError;

/// Rows that go through a layer at a time: what lies between two matrix products then stays in the processor's cache.
const ROWS: usize = 96;
/// Rows that go through the head at a time: the head is read from memory once for all of them.
pub(super) const HEAD_ROWS: usize = 96;

/// Why token sequences could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum DecoderError {
    /// The sequence does not fit.
    #[error("{tokens} tokens are more than the {context} the model can read")]
    TooLong {
        /// Length of the sequence.
        tokens: usize,
        /// Longest sequence.
        context: usize,
    },
    /// The sequence has no token.
    #[error("there is no token to start from")]
    Empty,
    /// A token is not in the vocabulary.
    #[error("token {token} is not in the vocabulary of {vocabulary}")]
    UnknownToken {
        /// The token.
        token: u32,
        /// Number of tokens.
        vocabulary: usize,
    },
    /// Sampling parameters that mean nothing.
    #[error("temperature {temperature} must be at least 0 and top_p {top_p} above 0 and at most 1")]
    Sampling {
        /// The temperature asked for.
        temperature: f64,
        /// The nucleus mass asked for.
        top_p: f64,
    },
    /// The model computes something that is no number.
    #[error("the model computes logits that are no finite numbers")]
    NotFinite,
    /// The kernel failed.
    #[error("the matrix kernel failed: {0}")]
    Kernel(#[from] candle_core::Error),
}

/// Whether equal prefixes are computed once. Results differ by rounding noise only; [`Sharing::None`] exists to measure what sharing saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Every distinct prefix once.
    Prefix,
    /// Every position of every row.
    None,
}

struct Layer {
    attention_norm: Vec<f32>,
    query_key_value: Linear,
    /// Weights of the norms of one head's queries and keys, where the family has them.
    head_norms: Option<(Vec<f32>, Vec<f32>)>,
    attention_out: Linear,
    feed_norm: Vec<f32>,
    gate_up: Linear,
    down: Linear,
}

/// Keys and values of all positions so far, `[positions, kv_width]` for each layer.
#[derive(Default)]
pub(super) struct Cache {
    layers: Vec<(Vec<f32>, Vec<f32>)>,
}

/// A loaded model. Computes on the calling thread; the kernel's own threads follow `RAYON_NUM_THREADS`.
pub struct Decoder {
    config: Config,
    embedding: Embedding,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    head: Linear,
    /// Cosines and sines, `[context, head_dim / 2]`.
    cosines: Vec<f32>,
    sines: Vec<f32>,
    sharing: Sharing,
    precision: Precision,
    parameters: usize,
}

impl Decoder {
    /// Loads a model from the bytes of its `config.json` and `model.safetensors` (Hugging Face layout, half-split rotary pairs), in F32.
    ///
    /// # Errors
    /// [`ModelError::File`] naming the file, the entry or tensor, and what to do.
    pub fn load(config: &[u8], weights: &[u8]) -> Result<Self, ModelError> {
        Self::load_in(Precision::F32, config, weights)
    }

    /// The same, with matrix products in this precision.
    ///
    /// # Errors
    /// As [`Decoder::load`], and when this processor has no products in this precision.
    pub fn load_in(precision: Precision, config: &[u8], weights: &[u8]) -> Result<Self, ModelError> {
        Self::assemble(Config::parse(config)?, &Weights::new(Safetensors::single(weights)?).packing(precision))
    }

    /// The same without the kernels of this processor: through the product that every machine has.
    ///
    /// # Errors
    /// As [`Decoder::load`].
    pub fn load_portable(config: &[u8], weights: &[u8]) -> Result<Self, ModelError> {
        Self::assemble(Config::parse(config)?, &Weights::new(Safetensors::single(weights)?))
    }

    /// Loads a model of this shape from opened weight files.
    ///
    /// # Errors
    /// As [`Decoder::load`].
    pub(super) fn assemble(config: Config, weights: &Weights<'_>) -> Result<Self, ModelError> {
        let (embedding, table) = weights.embedding(config.vocabulary, config.hidden)?;
        // Some files of tied models carry no head, some carry a copy.
        let head = if config.tied {
            let head = Linear::new(table, Vec::new());
            weights.packed(head.map_err(|error| super::file_error("model.safetensors", error.to_string(), ""))?)?
        } else {
            drop(table);
            weights.linear(&[("lm_head".to_owned(), config.vocabulary)], config.hidden)?
        };
        let layers = (0..config.layers).map(|index| Layer::load(&config, weights, index)).collect::<Result<_, _>>()?;
        let norm = weights.vector("model.norm.weight", config.hidden)?;
        let (cosines, sines) = rotary::tables(&config);
        let (sharing, precision, parameters) = (Sharing::Prefix, weights.precision(), weights.taken());
        Ok(Self { config, embedding, layers, norm, head, cosines, sines, sharing, precision, parameters })
    }

    /// What its matrix products are computed in.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The same model with another [`Sharing`].
    #[must_use]
    pub fn with_sharing(mut self, sharing: Sharing) -> Self {
        self.sharing = sharing;
        self
    }

    /// Shape of the model.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Number of weights.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    pub(super) fn shares(&self) -> bool {
        self.sharing == Sharing::Prefix
    }

    /// Natural log-probability of each token given its predecessors: for a sequence of n tokens n - 1 numbers, as nothing precedes the first.
    ///
    /// # Errors
    /// [`DecoderError`] when a sequence is empty, too long or holds an unknown token.
    pub fn logprobs(&self, sequences: &[Vec<u32>]) -> Result<Vec<Vec<f32>>, DecoderError> {
        self.logprobs_from(&sequences.iter().map(|tokens| (tokens.as_slice(), 1)).collect::<Vec<_>>())
    }

    /// The same for the tokens from a place on only (1 at least): of a prompt of k tokens and its continuation the continuation's, from k.
    ///
    /// # Errors
    /// As [`Decoder::logprobs`].
    pub fn logprobs_from(&self, sequences: &[(&[u32], usize)]) -> Result<Vec<Vec<f32>>, DecoderError> {
        let mut tree = Tree::default();
        // A token's log-probability stands at the output of the position before it. Nothing comes after the last token: it has no position.
        let mut wanted = Vec::new();
        for (index, (tokens, from)) in sequences.iter().enumerate() {
            self.check(tokens)?;
            let positions = tree.insert(&tokens[..tokens.len() - 1], self.shares());
            wanted.extend(positions.iter().zip(&tokens[1..]).skip(from - 1).map(|(parent, token)| (*parent, index, *token)));
        }
        let hidden = self.forward(&tree, 0, None)?;
        wanted.sort_by_key(|(parent, ..)| *parent);
        let mut parents: Vec<u32> = wanted.iter().map(|(parent, ..)| *parent).collect();
        parents.dedup();
        let mut found = Vec::with_capacity(wanted.len());
        let mut scratch = Vec::new();
        let mut next = wanted.into_iter().peekable();
        for parents in parents.chunks(HEAD_ROWS) {
            let logits = self.logits(&self.rows(&hidden, parents))?;
            for (parent, logits) in parents.iter().zip(logits.chunks_exact(self.config.vocabulary)) {
                let normaliser = finite(math::log_normaliser(logits, &mut scratch))?;
                while let Some((parent, index, token)) = next.next_if(|(other, ..)| other == parent) {
                    found.push((index, parent, (f64::from(logits[token as usize]) - normaliser) as f32));
                }
            }
        }
        // Along a sequence positions rise.
        found.sort_by_key(|(index, parent, _)| (*index, *parent));
        let mut out = vec![Vec::new(); sequences.len()];
        found.into_iter().for_each(|(index, _, logprob)| out[index].push(logprob));
        Ok(out)
    }

    /// Natural log-probabilities of every token of the vocabulary after each prefix.
    ///
    /// # Errors
    /// As [`Decoder::logprobs`].
    pub fn next_logprobs(&self, prefixes: &[Vec<u32>]) -> Result<Vec<Vec<f32>>, DecoderError> {
        let mut tree = Tree::default();
        let positions = self.insert(&mut tree, prefixes.iter().map(Vec::as_slice))?;
        let hidden = self.forward(&tree, 0, None)?;
        let ends: Vec<u32> = positions.iter().filter_map(|positions| positions.last().copied()).collect();
        let mut scratch = Vec::new();
        let mut out = Vec::with_capacity(prefixes.len());
        for ends in ends.chunks(HEAD_ROWS) {
            let logits = self.logits(&self.rows(&hidden, ends))?;
            for logits in logits.chunks_exact(self.config.vocabulary) {
                let normaliser = finite(math::log_normaliser(logits, &mut scratch))?;
                out.push(logits.iter().map(|logit| (f64::from(*logit) - normaliser) as f32).collect());
            }
        }
        Ok(out)
    }

    /// Adds checked sequences to a tree; returns the positions of each.
    pub(super) fn insert<'a>(&self, tree: &mut Tree, rows: impl Iterator<Item = &'a [u32]>) -> Result<Vec<Vec<u32>>, DecoderError> {
        let insert = |tokens: &'a [u32]| {
            self.check(tokens)?;
            Ok(tree.insert(tokens, self.shares()))
        };
        rows.map(insert).collect()
    }

    /// Says what is wrong with a sequence.
    fn check(&self, tokens: &[u32]) -> Result<(), DecoderError> {
        let Config { vocabulary, context, .. } = self.config;
        if tokens.is_empty() {
            return Err(DecoderError::Empty);
        }
        if tokens.len() > context {
            return Err(DecoderError::TooLong { tokens: tokens.len(), context });
        }
        match tokens.iter().find(|token| **token as usize >= vocabulary) {
            Some(token) => Err(DecoderError::UnknownToken { token: *token, vocabulary }),
            None => Ok(()),
        }
    }

    /// Output of the last layer for the positions from `from` on, `[new positions, hidden]`. With a `cache`, earlier positions are read
    /// from it and new ones added; without, `from` is 0 and keys and values live no longer than their layer.
    pub(super) fn forward(&self, tree: &Tree, from: usize, mut cache: Option<&mut Cache>) -> Result<Vec<f32>, DecoderError> {
        let tokens = tree.tokens(from);
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(cache) = cache.as_deref_mut() {
            cache.layers.resize_with(self.layers.len(), Default::default);
        }
        let mut hidden = self.embedding.rows(tokens);
        for (index, layer) in self.layers.iter().enumerate() {
            let mut own = Default::default();
            let memory = cache.as_deref_mut().map_or(&mut own, |cache| &mut cache.layers[index]);
            // Ancestors come before their descendants, so what a block of rows attends to is always there.
            for (block, hidden) in hidden.chunks_mut(ROWS * self.config.hidden).enumerate() {
                let first = from + block * ROWS;
                let normed = math::rms_norm(hidden, &layer.attention_norm, self.config.epsilon);
                let mut projected = layer.query_key_value.multiply(normed)?;
                self.rotate_and_remember(tree, first, layer, &mut projected, memory);
                let attended = self.attend(tree, first, &projected, memory);
                math::add(hidden, &layer.attention_out.multiply(attended)?);
                let normed = math::rms_norm(hidden, &layer.feed_norm, self.config.epsilon);
                let gated = math::gated(&layer.gate_up.multiply(normed)?, self.config.intermediate);
                math::add(hidden, &layer.down.multiply(gated)?);
            }
        }
        Ok(hidden)
    }

    /// Logits of rows of [`Decoder::forward`], `[rows, vocabulary]`.
    pub(super) fn logits(&self, hidden: &[f32]) -> Result<Vec<f32>, DecoderError> {
        Ok(self.head.multiply(math::rms_norm(hidden, &self.norm, self.config.epsilon))?)
    }

    /// The rows of `hidden` that belong to these positions.
    pub(super) fn rows(&self, hidden: &[f32], positions: &[u32]) -> Vec<f32> {
        let width = self.config.hidden;
        let mut rows = Vec::with_capacity(positions.len() * width);
        positions.iter().for_each(|position| rows.extend_from_slice(&hidden[*position as usize * width..][..width]));
        rows
    }

    /// Turns queries and keys by their position, scales the queries for attention, and stores keys and values.
    fn rotate_and_remember(&self, tree: &Tree, from: usize, layer: &Layer, projected: &mut [f32], memory: &mut (Vec<f32>, Vec<f32>)) {
        let (query_width, kv_width, half) = (self.config.query_width(), self.config.kv_width(), self.config.head_dim / 2);
        let scale = 1.0 / (self.config.head_dim as f32).sqrt();
        for (offset, row) in projected.chunks_exact_mut(query_width + 2 * kv_width).enumerate() {
            let depth = tree.depth((from + offset) as u32);
            let (cosines, sines) = (&self.cosines[depth * half..][..half], &self.sines[depth * half..][..half]);
            let (turned, values) = row.split_at_mut(query_width + kv_width);
            if let Some((query_norm, key_norm)) = &layer.head_norms {
                let (queries, keys) = turned.split_at_mut(query_width);
                queries.copy_from_slice(&math::rms_norm(queries, query_norm, self.config.epsilon));
                keys.copy_from_slice(&math::rms_norm(keys, key_norm, self.config.epsilon));
            }
            turned.chunks_exact_mut(2 * half).for_each(|head| rotary::turn(head, cosines, sines));
            let (queries, keys) = turned.split_at_mut(query_width);
            queries.iter_mut().for_each(|value| *value *= scale);
            memory.0.extend_from_slice(keys);
            memory.1.extend_from_slice(values);
        }
    }

    /// Attention of every new position over its ancestors and itself, `[new positions, query_width]`.
    fn attend(&self, tree: &Tree, from: usize, projected: &[f32], (keys, values): &(Vec<f32>, Vec<f32>)) -> Vec<f32> {
        let (query_width, kv_width, width) = (self.config.query_width(), self.config.kv_width(), self.config.head_dim);
        let rows = projected.chunks_exact(query_width + 2 * kv_width);
        let mut out = vec![0f32; rows.len() * query_width];
        let (mut path, mut scores) = (Vec::new(), Vec::new());
        for (offset, (row, out)) in rows.zip(out.chunks_exact_mut(query_width)).enumerate() {
            tree.path((from + offset) as u32, &mut path);
            math::attend(&row[..query_width], (keys, values), (width, kv_width), &path, &mut scores, out);
        }
        out
    }
}

impl Layer {
    fn load(config: &Config, weights: &Weights<'_>, index: usize) -> Result<Self, ModelError> {
        let name = |part: &str| format!("model.layers.{index}.{part}");
        let (hidden, query, kv, intermediate) = (config.hidden, config.query_width(), config.kv_width(), config.intermediate);
        let attention = |part: &str, outputs| (name(&format!("self_attn.{part}_proj")), outputs);
        let feed = |part: &str, outputs| (name(&format!("mlp.{part}_proj")), outputs);
        let head_norm = |part: &str| weights.vector(&name(&format!("self_attn.{part}_norm.weight")), config.head_dim);
        Ok(Self {
            attention_norm: weights.vector(&name("input_layernorm.weight"), hidden)?,
            query_key_value: weights.linear(&[attention("q", query), attention("k", kv), attention("v", kv)], hidden)?,
            head_norms: if config.head_norms { Some((head_norm("q")?, head_norm("k")?)) } else { None },
            attention_out: weights.linear(&[attention("o", hidden)], query)?,
            feed_norm: weights.vector(&name("post_attention_layernorm.weight"), hidden)?,
            gate_up: weights.linear(&[feed("gate", intermediate), feed("up", intermediate)], hidden)?,
            down: weights.linear(&[feed("down", hidden)], intermediate)?,
        })
    }
}

/// A normaliser that is a number, or the error that says it is not.
pub(super) fn finite(normaliser: f64) -> Result<f64, DecoderError> {
    if normaliser.is_finite() { Ok(normaliser) } else { Err(DecoderError::NotFinite) }
}
