//! The same model through another implementation, candle-transformers, which knows the last position only. In: a model's files and prefixes.
//! Out: how far our decoder is from it.

use candle_core::{DType, Device, Tensor};
use candle_transformers::models::llama::{Cache, Llama, LlamaConfig};

use super::{Decoder, file_error};
use crate::model::ModelError;

/// Largest distance between the natural log-probabilities that both implementations give to any next token after any of `prefixes`
/// (at least one token each, together within the model's context). Only for plain Llama configurations.
///
/// # Errors
/// [`ModelError`] when a file cannot be read by one of the two, or the computation fails.
pub fn largest_distance(config: &[u8], weights: &[u8], prefixes: &[Vec<u32>]) -> Result<f32, ModelError> {
    let shape: LlamaConfig = serde_json::from_slice(config)
        .map_err(|error| file_error("config.json", error.to_string(), "only plain Llama models have a second opinion"))?;
    let shape = shape.into_config(false);
    let failed = |error: candle_core::Error| ModelError::Compute { model: "candle-transformers".to_owned(), problem: error.to_string() };
    let own = Decoder::load(config, weights)?
        .next_logprobs(prefixes)
        .map_err(|error| ModelError::Compute { model: "decoder".to_owned(), problem: error.to_string() })?;
    let builder = candle_nn::VarBuilder::from_buffered_safetensors(weights.to_vec(), DType::F32, &Device::Cpu).map_err(failed)?;
    let other = Llama::load(builder, &shape).map_err(failed)?;
    let ask = |prefix: &Vec<u32>| -> candle_core::Result<Vec<f32>> {
        let mut cache = Cache::new(false, DType::F32, &shape, &Device::Cpu)?;
        let input = Tensor::new(prefix.as_slice(), &Device::Cpu)?.unsqueeze(0)?;
        candle_nn::ops::log_softmax(&other.forward(&input, 0, &mut cache)?, 1)?.flatten_all()?.to_vec1()
    };
    let mut largest = 0f32;
    for (prefix, own) in prefixes.iter().zip(&own) {
        let theirs = ask(prefix).map_err(failed)?;
        largest = own.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(largest, f32::max);
    }
    Ok(largest)
}
