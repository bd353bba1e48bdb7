//! The tensors of a model. In: weight files ([`Tensors`]). Out: `f32` tensors of the shape the configuration promises, converted one at a
//! time, so that loading needs little more memory than the model itself.

use std::cell::Cell;

use candle_core::{Storage, Tensor};

use super::config::Config;
use super::embedding::{Embedding, Stored};
use super::linear::{Linear, Precision};
use super::{file_error, math, memory};
use crate::model::ModelError;

const AGAIN: &str = "copy the file again from where the model came from; config.json and weights must belong together";

/// The table of token embeddings in the Hugging Face layout.
const EMBEDDING: &str = "model.embed_tokens.weight";

/// What holds a model's tensors, by the names of the Hugging Face layout.
pub trait Tensors {
    /// File that holds the tensor, or the one that should, for messages.
    fn file(&self, name: &str) -> String;

    /// Shape of a tensor, if there is one of this name.
    fn shape(&self, name: &str) -> Option<Vec<usize>>;

    /// Numbers in all tensors together.
    fn total(&self) -> u64;

    /// A tensor as F32.
    ///
    /// # Errors
    /// [`ModelError::File`] when it is absent or of a type that is not computed here.
    fn load(&self, name: &str) -> Result<Tensor, ModelError>;

    /// Where the file holds the tensor just as [`Tensors::load`] gives it, if it does and the file is mapped.
    fn stored(&self, name: &str) -> Option<Stored>;
}

/// Tensors, checked and counted as they are taken.
pub struct Weights<'a> {
    tensors: Box<dyn Tensors + 'a>,
    taken: Cell<usize>,
    packing: Option<Precision>,
}

impl<'a> Weights<'a> {
    /// Weights from these files, for any processor.
    pub fn new(tensors: impl Tensors + 'a) -> Self {
        Self { tensors: Box::new(tensors), taken: Cell::new(0), packing: None }
    }

    /// The same, each layer packed for this processor as it is taken: at no time are two forms of more than one layer in memory.
    pub fn packing(self, precision: Precision) -> Self {
        Self { packing: Some(precision), ..self }
    }

    /// What products with these weights are computed in.
    pub fn precision(&self) -> Precision {
        self.packing.unwrap_or_default()
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.shape(name).is_some()
    }

    /// Refuses a model that is larger than the memory at hand. An embedding that is also the head is kept twice, once to look up and once to
    /// multiply, unless its rows are looked up in the file.
    ///
    /// # Errors
    /// [`ModelError::File`] with what is needed, what is there and what to do.
    pub fn check_memory(&self, config: &Config) -> Result<(), ModelError> {
        let copied = if config.tied && self.tensors.stored(EMBEDDING).is_none() { config.hidden * config.vocabulary } else { 0 };
        self.check_memory_with(copied as u64)
    }

    /// The same where `copied` numbers are kept twice.
    ///
    /// # Errors
    /// As [`Weights::check_memory`].
    pub fn check_memory_with(&self, copied: u64) -> Result<(), ModelError> {
        memory::check(&self.tensors.file(""), memory::needed(self.tensors.total(), copied), memory::available())
    }

    /// The tensor `name`, which must have this shape and hold only finite numbers.
    ///
    /// # Errors
    /// [`ModelError::File`] when it is absent, of another shape or of a type that is no float, or holds NaN or infinity.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, ModelError> {
        let broken = |problem: String| file_error(&self.tensors.file(name), problem, AGAIN);
        let found = self.tensors.shape(name).ok_or_else(|| broken(format!("has no tensor `{name}`")))?;
        if found != shape {
            return Err(broken(format!("tensor `{name}` has shape {found:?}, config.json promises {shape:?}")));
        }
        let tensor = self.tensors.load(name)?;
        if !finite(&tensor).map_err(|error| broken(format!("tensor `{name}` cannot be read: {error}")))? {
            return Err(broken(format!("tensor `{name}` holds values that are no finite numbers")));
        }
        self.taken.set(self.taken.get() + tensor.elem_count());
        Ok(tensor)
    }

    /// The table of token embeddings, and the same as a tensor for a head that shares it.
    ///
    /// # Errors
    /// As [`Weights::tensor`].
    pub fn embedding(&self, tokens: usize, width: usize) -> Result<(Embedding, Tensor), ModelError> {
        let table = self.tensor(EMBEDDING, &[tokens, width])?;
        let embedding = Embedding::new(&table, self.tensors.stored(EMBEDDING)).map_err(|error| self.failed(EMBEDDING, &error))?;
        Ok((embedding, table))
    }

    /// Number of weights taken so far.
    pub fn taken(&self) -> usize {
        self.taken.get()
    }

    /// The vector `name`.
    ///
    /// # Errors
    /// As [`Weights::tensor`].
    pub fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        self.tensor(name, &[length])?.to_vec1().map_err(|error| self.failed(name, &error))
    }

    /// The linear layers `names` with their numbers of outputs, stacked into one: one product instead of several. A layer without a bias
    /// in a stack where another has one gets zeros.
    ///
    /// # Errors
    /// As [`Weights::tensor`].
    pub fn linear(&self, names: &[(String, usize)], inputs: usize) -> Result<Linear, ModelError> {
        let mut weights = Vec::new();
        let mut bias = Vec::new();
        let any_bias = names.iter().any(|(name, _)| self.has(&format!("{name}.bias")));
        for (name, outputs) in names {
            weights.push(self.tensor(&format!("{name}.weight"), &[*outputs, inputs])?);
            let name = format!("{name}.bias");
            if self.has(&name) {
                bias.extend(self.vector(&name, *outputs)?);
            } else if any_bias {
                bias.resize(bias.len() + outputs, 0.0);
            }
        }
        let weight = match weights.as_slice() {
            [single] => Ok(single.clone()),
            several => Tensor::cat(several, 0),
        };
        drop(weights);
        let linear = weight.and_then(|weight| Linear::new(weight, bias)).map_err(|error| self.failed(&names[0].0, &error))?;
        self.packed(linear)
    }

    /// The layer as these weights are to be prepared.
    ///
    /// # Errors
    /// [`ModelError::File`] when this processor has no products in the precision asked for.
    pub fn packed(&self, mut linear: Linear) -> Result<Linear, ModelError> {
        if let Some(precision) = self.packing {
            let help = "leave `precision` out; F32 is computed everywhere";
            linear.pack(precision).map_err(|error| file_error(&self.tensors.file(""), error.to_string(), help))?;
        }
        Ok(linear)
    }

    fn failed(&self, name: &str, error: &candle_core::Error) -> ModelError {
        file_error(&self.tensors.file(name), format!("`{name}`: {error}"), AGAIN)
    }
}

/// Whether all numbers of an F32 tensor are finite. The sum of squares is so exactly when every (not absurdly large) number is.
fn finite(tensor: &Tensor) -> candle_core::Result<bool> {
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cpu(values) = &*storage else { return Ok(false) };
    let values = &values.as_slice::<f32>()?[layout.start_offset()..][..tensor.elem_count()];
    Ok(math::dot(values, values).is_finite())
}
