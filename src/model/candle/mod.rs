//! Causal language models in this process. In: packs of requests and the files of a model. Out: responses with
//! log-probabilities.
//!
//! [`Decoder`] computes on token ids, [`Text`] turns text into ids and back, [`CandleBackend`] answers requests with both. `open.rs` reads
//! folders and GGUF files; families that the decoder does not compute go through `borrowed.rs`.

mod backend;
mod borrowed;
mod chat;
#[cfg(test)]
mod checkpoints;
mod config;
mod decoder;
#[cfg(test)]
mod fixture;
mod generate;
mod gguf;
#[cfg(test)]
mod gguf_tests;
mod gguf_tokenizer;
mod linear;
mod map;
mod math;
mod memory;
mod open;
mod rotary;
mod safetensors;
mod second_opinion;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod weights;

pub use backend::{CandleBackend, Declines, Files};
pub use config::Config;
pub use decoder::{Decoder, DecoderError, Sharing};
pub use generate::{Drawn, End, Start};
pub use second_opinion::largest_distance;
pub use text::{Text, TextError};

use std::path::Path;

use super::{Kind, ModelError};

/// Models in a folder in the Hugging Face layout or in a GGUF file, in the registry. The folder's or file's name is the model's.
pub(super) const KIND: Kind = Kind {
    prefix: "candle",
    form: "candle:FOLDER, candle:FILE.gguf",
    names: |target, _| {
        let name = Path::new(target).file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(vec![name.unwrap_or_else(|| target.to_owned())])
    },
    open: |target, name, _| open::open_model(name, Path::new(target)),
};

fn file_error(path: &str, problem: String, help: &str) -> ModelError {
    ModelError::File { path: path.to_owned(), problem, help: help.to_owned() }
}
