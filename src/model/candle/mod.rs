//! Causal language models of the Llama family in this process. In: packs of requests and the files of a model. Out: responses with
//! log-probabilities.
//!
//! [`Decoder`] computes on token ids, [`Text`] turns text into ids and back, [`CandleBackend`] answers requests with both.

mod backend;
mod config;
mod decoder;
#[cfg(test)]
mod fixture;
mod generate;
mod linear;
mod math;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod weights;

pub use backend::{CandleBackend, Declines, Files};
pub use config::Config;
pub use decoder::{Decoder, DecoderError, Sharing};
pub use generate::{Drawn, End, Start};
pub use text::{Text, TextError};

use super::ModelError;

fn file_error(path: &str, problem: String, help: &str) -> ModelError {
    ModelError::File { path: path.to_owned(), problem, help: help.to_owned() }
}
