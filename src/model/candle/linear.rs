//! The one place where matrices are multiplied. In: weights, prepared once at load; rows of activations. Out: rows.
//! Whoever exchanges the kernel exchanges this file.

use candle_core::{Result, Tensor};

/// A linear layer `y = W x + b`.
pub struct Linear {
    /// `[inputs, outputs]`: the kernel reads this order as it lies, the order of the files it would repack at every call.
    weight: Tensor,
    /// `[outputs]`, or empty.
    bias: Vec<f32>,
    inputs: usize,
    outputs: usize,
}

impl Linear {
    /// Prepares a weight of shape `[outputs, inputs]`; `bias` has `outputs` entries, or none.
    ///
    /// # Errors
    /// When the weight is no matrix.
    pub fn new(weight: Tensor, bias: Vec<f32>) -> Result<Self> {
        let (outputs, inputs) = weight.dims2()?;
        debug_assert!(bias.is_empty() || bias.len() == outputs);
        Ok(Self { weight: weight.t()?.contiguous()?, bias, inputs, outputs })
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
        let rows = Tensor::from_vec(rows, (count, self.inputs), self.weight.device())?;
        let mut out = rows.matmul(&self.weight)?.flatten_all()?.to_vec1()?;
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
        let weight = Tensor::from_vec(vec![1f32, 2.0, 3.0, 4.0, 5.0, 6.0], (3, 2), &Device::Cpu).unwrap();
        let layer = Linear::new(weight, vec![0.5, 0.0, -1.0]).unwrap();
        assert_eq!(layer.multiply(vec![1.0, 0.0, 1.0, 1.0]).unwrap(), [1.5, 3.0, 4.0, 3.5, 7.0, 10.0]);
        assert!(layer.multiply(Vec::new()).unwrap().is_empty());
    }
}
