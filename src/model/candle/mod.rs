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
    form: "candle:FOLDER[?precision=bf16]",
    names: |target, _| {
        let (folder, _) = folder_and_precision(target)?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(vec![name.unwrap_or_else(|| target.to_owned())])
    },
    open: |target, name, _| {
        let (folder, precision) = folder_and_precision(target)?;
        let backend = CandleBackend::from_folder(name, folder, precision, None)?;
        let card = backend.card().clone();
        Ok(Opened { backend: Box::new(backend), card })
    },
};

/// What stands before and behind the question mark of `FOLDER?precision=bf16`.
fn folder_and_precision(target: &str) -> Result<(&Path, Precision), ModelError> {
    let Some((folder, option)) = target.split_once('?') else { return Ok((Path::new(target), Precision::F32)) };
    let known = [Precision::F32, Precision::Bf16];
    let precision = known.into_iter().find(|precision| option.strip_prefix("precision=") == Some(precision.name()));
    let unknown =
        || ModelError::Unknown { name: target.to_owned(), help: "behind `?` stands `precision=f32` or `precision=bf16`".to_owned() };
    Ok((Path::new(folder), precision.ok_or_else(unknown)?))
}

fn file_error(path: &str, problem: String, help: &str) -> ModelError {
    ModelError::File { path: path.to_owned(), problem, help: help.to_owned() }
}
