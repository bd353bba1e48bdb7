//! The tensors of a `model.safetensors`. In: the bytes of the file. Out: `f32` tensors of the shape the configuration promises.

use std::cell::Cell;

use candle_core::safetensors::SliceSafetensors;
use candle_core::{DType, Device, Tensor};

use super::file_error;
use super::linear::Linear;
use crate::model::ModelError;

const FILE: &str = "model.safetensors";
const AGAIN: &str = "copy the file again from where the model came from; config.json and model.safetensors must belong together";

/// An opened weight file. F16 and BF16 become F32 when a tensor is taken.
pub struct Weights<'a> {
    tensors: SliceSafetensors<'a>,
    taken: Cell<usize>,
}

impl<'a> Weights<'a> {
    /// Opens the bytes of a safetensors file.
    ///
    /// # Errors
    /// [`ModelError::File`] when the bytes are no complete safetensors file.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let tensors = SliceSafetensors::new(bytes).map_err(|error| {
            file_error(FILE, format!("is broken or cut short ({} bytes read): {error}", bytes.len()), "copy the file again, completely")
        })?;
        Ok(Self { tensors, taken: Cell::new(0) })
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.get(name).is_ok()
    }

    /// The tensor `name`, which must have this shape and hold only finite numbers.
    ///
    /// # Errors
    /// [`ModelError::File`] when it is absent, of another shape or of a type that is no float, or holds NaN or infinity.
    pub fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, ModelError> {
        let view = self.tensors.get(name).map_err(|_| file_error(FILE, format!("has no tensor `{name}`"), AGAIN))?;
        if view.shape() != shape {
            return Err(file_error(FILE, format!("tensor `{name}` has shape {:?}, config.json promises {shape:?}", view.shape()), AGAIN));
        }
        let unreadable = |error: candle_core::Error| file_error(FILE, format!("tensor `{name}` cannot be read: {error}"), AGAIN);
        let tensor = self.tensors.load(name, &Device::Cpu).map_err(unreadable)?;
        if !tensor.dtype().is_float() {
            return Err(file_error(
                FILE,
                format!("tensor `{name}` holds {:?}", tensor.dtype()),
                "use a model with F32, F16 or BF16 weights; quantised ones are not computed here",
            ));
        }
        let tensor = tensor.to_dtype(DType::F32).map_err(unreadable)?;
        // The sum of squares is finite exactly when every (not absurdly large) weight is.
        let squares = tensor.sqr().and_then(|squares| squares.sum_all()).and_then(|sum| sum.to_scalar::<f32>()).map_err(unreadable)?;
        if !squares.is_finite() {
            return Err(file_error(FILE, format!("tensor `{name}` holds values that are no finite numbers"), AGAIN));
        }
        self.taken.set(self.taken.get() + tensor.elem_count());
        Ok(tensor)
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
        self.tensor(name, &[length])?.to_vec1().map_err(|error| file_error(FILE, error.to_string(), AGAIN))
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
        Tensor::cat(&weights, 0)
            .and_then(|weight| Linear::new(weight, bias))
            .map_err(|error| file_error(FILE, format!("{names:?}: {error}"), AGAIN))
    }
}
