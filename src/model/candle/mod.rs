//! Causal language models in this process. In: packs of requests and the files of a model. Out: responses with
//! log-probabilities.
//!
//! [`Decoder`] computes on token ids, [`Text`] turns text into ids and back, [`CandleBackend`] answers requests with both. `open.rs` reads
//! folders and GGUF files; families that the decoder does not compute go through `borrowed.rs`. `encoder/` holds models that read texts and
//! write none.

mod backend;
mod borrowed;
mod chat;
#[cfg(test)]
mod checkpoints;
mod config;
mod decoder;
mod embedding;
pub mod encoder;
#[cfg(test)]
mod fixture;
mod generate;
mod gguf;
#[cfg(test)]
mod gguf_tests;
mod gguf_tokenizer;
mod kernel;
mod linear;
mod map;
mod math;
mod memory;
mod open;
mod positions;
mod reader;
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
pub use linear::{Linear, Precision};
pub(super) use open::{open_model, open_reader, rounding};
pub use positions::{Moments, Position};
pub use reader::{Reader, ReaderError};
pub use second_opinion::largest_distance;
pub use text::{Text, TextError};

use std::path::Path;

use super::{Kind, ModelError};

/// Models in a folder in the Hugging Face layout or in a GGUF file, in the registry. The folder's or file's name is the model's.
pub(super) const KIND: Kind = Kind {
    prefix: "candle",
    form: "candle:FOLDER, candle:FILE.gguf (each with ?precision=bf16)",
    names: |target, _| {
        let (path, precision) = split(target)?;
        let name = path.file_name().map_or_else(|| target.into(), |name| name.to_string_lossy());
        Ok(vec![if precision == Precision::Bf16 { format!("{name}-bf16") } else { name.into_owned() }])
    },
    open: |target, name, _| {
        let (path, precision) = split(target)?;
        open_model(name, path, precision)
    },
};

/// What stands before and behind the question mark of `FOLDER?precision=bf16`.
pub(super) fn split(target: &str) -> Result<(&Path, Precision), ModelError> {
    let Some((path, option)) = target.split_once('?') else { return Ok((Path::new(target), Precision::F32)) };
    let known = [Precision::F32, Precision::Bf16];
    let precision = known.into_iter().find(|precision| option.strip_prefix("precision=") == Some(precision.name()));
    let unknown =
        || ModelError::Unknown { name: target.to_owned(), help: "behind `?` stands `precision=f32` or `precision=bf16`".to_owned() };
    Ok((Path::new(path), precision.ok_or_else(unknown)?))
}

fn file_error(path: &str, problem: String, help: &str) -> ModelError {
    ModelError::File { path: path.to_owned(), problem, help: help.to_owned() }
}
