//! The one place where matrices are multiplied. In: weights, prepared once at load; rows of activations. Out: rows.
//! Whoever exchanges the kernel exchanges this file and `kernel.rs`.

use candle_core::{Result, Tensor};

use super::kernel::Packed;
pub use crate::model::settings::Precision;

impl Precision {
    /// As users write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
        }
    }
}

enum Weight {
    /// `[inputs, outputs]`: candle's product reads this order as it lies, the order of the files it would repack at every call.
    Portable(Tensor),
    Packed(Packed),
}

/// A linear layer `y = W x + b`.
pub struct Linear {
    weight: Weight,
    /// `[outputs]`, or empty.
    bias: Vec<f32>,
    inputs: usize,
    outputs: usize,
}

impl Linear {
    /// Prepares a weight of shape `[outputs, inputs]` for any processor; `bias` has `outputs` entries, or none.
    ///
    /// # Errors
    /// When the weight is no matrix.
    pub fn new(weight: Tensor, bias: Vec<f32>) -> Result<Self> {
        let (outputs, inputs) = weight.dims2()?;
        debug_assert!(bias.is_empty() || bias.len() == outputs);
        Ok(Self { weight: Weight::Portable(weight.t()?.contiguous()?), bias, inputs, outputs })
    }

    /// Packs the weight for the fastest kernel that this processor has, and frees what it was packed from. Without such a kernel an F32
    /// layer stays as it is.
    ///
    /// # Errors
    /// When products in BF16 are asked for and there is no kernel for them.
    pub fn pack(&mut self, precision: Precision) -> Result<()> {
        let Weight::Portable(weight) = &self.weight else { return Ok(()) };
        match Packed::new(&weight.flatten_all()?.to_vec1()?, self.inputs, precision) {
            Some(packed) => self.weight = Weight::Packed(packed),
            None if precision == Precision::Bf16 => candle_core::bail!("this processor has no products in BF16"),
            None => {}
        }
        Ok(())
    }

    /// Multiplies `rows` (`[n, inputs]`, row after row) and returns `[n, outputs]`.
    ///
    /// # Errors
    /// When the kernel fails; shapes are this program's own.
    pub fn multiply(&self, rows: Vec<f32>) -> Result<Vec<f32>> {
        let count = rows.len() / self.inputs;
        if count == 0 {
            return Ok(Vec::new());
        }
        let mut out = match &self.weight {
            Weight::Packed(packed) => packed.multiply(&rows)?,
            Weight::Portable(weight) => {
                Tensor::from_vec(rows, (count, self.inputs), weight.device())?.matmul(weight)?.flatten_all()?.to_vec1()?
            }
        };
        if !self.bias.is_empty() {
            for row in out.chunks_exact_mut(self.outputs) {
                row.iter_mut().zip(&self.bias).for_each(|(value, bias)| *value += bias);
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn a_linear_layer_multiplies_each_row_and_adds_the_bias() {
        // These numbers are exact in BF16 too.
        for precision in [None, Some(Precision::F32), Some(Precision::Bf16)] {
            let weight = Tensor::from_vec(vec![1f32, 2.0, 3.0, 4.0, 5.0, 6.0], (3, 2), &Device::Cpu).unwrap();
            let mut layer = Linear::new(weight, vec![0.5, 0.0, -1.0]).unwrap();
            if precision.is_some_and(|precision| layer.pack(precision).is_err()) {
                continue;
            }
            assert_eq!(layer.multiply(vec![1.0, 0.0, 1.0, 1.0]).unwrap(), [1.5, 3.0, 4.0, 3.5, 7.0, 10.0]);
            assert!(layer.multiply(Vec::new()).unwrap().is_empty());
        }
    }
}
