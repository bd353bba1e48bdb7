//! Models that read texts: sequence classifiers and sentence embeddings. In: a folder in the Hugging Face layout, and texts. Out: a probability
//! for each label ([`Classifier`]), or a vector ([`Embedder`]). Those that read pictures stand in [`vision`].
//!
//! `shape.rs` says what a `config.json` promises, `network.rs` computes it with `attention.rs` between the products, the heads stand in
//! `classifier.rs` and `embedder.rs`. A text longer than the model reads is never cut: it has no result, and the caller is told why.

mod activation;
mod association;
mod attention;
mod classifier;
mod embedder;
mod network;
mod shape;
#[cfg(test)]
mod tests;
pub mod vision;

use std::path::Path;

use tokenizers::Tokenizer;

pub use association::{Sets, associations};
pub use classifier::Classifier;
pub use embedder::{Embedder, cosine};
pub use shape::Labels;
pub use vision::Vision;

use self::network::Encoder;
use self::shape::Shape;
use super::file_error;
use super::linear::Precision;
use super::open::{Folder, in_folder};
use super::weights::Weights;
use crate::model::ModelError;

/// Why a text has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is longer than the model reads.
    #[error("the text has {tokens} tokens, the model reads {limit}")]
    TooLong {
        /// Length with the tokens that the tokenizer adds.
        tokens: usize,
        /// The longest text.
        limit: usize,
    },
    /// It has no token.
    #[error("the text has no token")]
    Empty,
    /// The tokenizer refused it.
    #[error("the tokenizer cannot read the text: {0}")]
    Tokenizer(String),
    /// The computation failed or its result is no number.
    #[error("the model cannot compute the text: {0}")]
    Compute(String),
}

/// An encoder with its tokenizer.
struct Reader {
    encoder: Encoder,
    tokenizer: Tokenizer,
    /// Longest text in tokens.
    limit: usize,
}

impl Reader {
    /// The encoder among these weights, and the tokenizer; `limit` where other files than these name one.
    ///
    /// # Errors
    /// [`ModelError::File`] naming the file inside the folder.
    fn load(files: &Folder, weights: &Weights<'_>, limit: Option<usize>) -> Result<Self, ModelError> {
        let again = "copy the file again from where the model came from";
        let shape = Shape::parse(&files.config)?;
        let broken = |error: tokenizers::Error| file_error("tokenizer.json", format!("cannot be read: {error}"), again);
        let mut tokenizer = Tokenizer::from_bytes(&files.tokenizer).map_err(broken)?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(broken)?;
        if let Some(id) = tokenizer.get_vocab(true).into_values().max().filter(|id| *id as usize >= shape.vocabulary) {
            let problem = format!("has a token {id}, the model a vocabulary of {}", shape.vocabulary);
            return Err(file_error("tokenizer.json", problem, "take tokenizer.json and config.json from the same model"));
        }
        // Where a model has no limit of its own the tokenizer's file says 1e30.
        let entries: serde_json::Value = files
            .tokenizer_config
            .as_deref()
            .map_or(Ok(serde_json::Value::Null), serde_json::from_slice)
            .map_err(|error| file_error("tokenizer_config.json", format!("cannot be read: {error}"), again))?;
        let named = entries["model_max_length"].as_u64().map(|tokens| usize::try_from(tokens).unwrap_or(usize::MAX));
        let limit = [named, limit].into_iter().flatten().fold(shape.context, usize::min);
        Ok(Self { encoder: Encoder::load(shape, weights)?, tokenizer, limit })
    }

    /// Output of the last layer, `[tokens, hidden]`.
    fn read(&self, text: &str) -> Result<Vec<f32>, Unread> {
        let encoding = self.tokenizer.encode(text, true).map_err(|error| Unread::Tokenizer(error.to_string()))?;
        let tokens = encoding.get_ids();
        if tokens.is_empty() {
            return Err(Unread::Empty);
        }
        if tokens.len() > self.limit {
            return Err(Unread::TooLong { tokens: tokens.len(), limit: self.limit });
        }
        self.encoder.forward(tokens).map_err(|error| Unread::Compute(error.to_string()))
    }

    /// Width of a row of [`Reader::read`].
    fn width(&self) -> usize {
        self.encoder.shape().hidden
    }
}

/// Reads a folder, prepares its weights for this processor and makes something of both; errors name the folder.
fn open<T>(folder: &Path, make: impl FnOnce(&Folder, &Weights<'_>) -> Result<T, ModelError>) -> Result<T, ModelError> {
    let open = || {
        let files = Folder::read(folder)?;
        let weights = Weights::new(files.safetensors()?).packing(Precision::F32);
        weights.check_memory_with(0)?;
        make(&files, &weights)
    };
    open().map_err(|error| in_folder(folder, error))
}

/// The fingerprint of a model: over every file that decides about its results.
fn fingerprint(files: &Folder, more: &[(&str, Option<Vec<u8>>)]) -> String {
    let mut parts: Vec<String> = files.hashes().into_iter().map(|(file, hash)| format!("{file} {hash}")).collect();
    parts.extend(more.iter().filter_map(|(file, bytes)| Some(format!("{file} {}", blake3::hash(bytes.as_deref()?)))));
    crate::store::hash_id(parts.iter().map(String::as_str))
}

/// The mean of rows of `width` numbers.
fn mean(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sums = vec![0f32; width];
    rows.chunks_exact(width).for_each(|row| super::math::add(&mut sums, row));
    let count = (rows.len() / width).max(1) as f32;
    sums.iter().map(|sum| sum / count).collect()
}

/// The numbers, if all are finite.
fn finite(numbers: Vec<f32>) -> Result<Vec<f32>, Unread> {
    let broken = || Unread::Compute("the result is no finite number".to_owned());
    if numbers.iter().all(|number| number.is_finite()) { Ok(numbers) } else { Err(broken()) }
}
