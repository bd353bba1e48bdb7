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
mod kernel;
mod linear;
mod math;
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
pub use linear::{Linear, Precision};
pub use second_opinion::largest_distance;
pub use text::{Text, TextError};

use std::path::Path;

use super::{Kind, ModelError, Opened};

/// Models in a folder in the Hugging Face layout, in the registry. The folder's name is the model's.
pub(super) const KIND: Kind = Kind {
    prefix: "candle",
    form: "candle:FOLDER",
    names: |target, _| {
        let name = Path::new(target).file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(vec![name.unwrap_or_else(|| target.to_owned())])
    },
    open: |target, name, _| {
        let backend = CandleBackend::from_folder(name, Path::new(target), None)?;
        let card = backend.card().clone();
        Ok(Opened { backend: Box::new(backend), card })
    },
};

fn file_error(path: &str, problem: String, help: &str) -> ModelError {
    ModelError::File { path: path.to_owned(), problem, help: help.to_owned() }
}
