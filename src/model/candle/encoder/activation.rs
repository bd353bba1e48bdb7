//! What encoders compute between two products. In and out: rows of `f32`, in place.

use crate::model::candle::kernel::wide;
use crate::model::candle::math::exp;

/// A function of single numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `x` times the standard normal distribution function (Hendrycks and Gimpel 2016).
    Gelu,
    /// Its approximation by a hyperbolic tangent.
    GeluTanh,
    /// Its approximation by a logistic function: `x / (1 + e^-1.702x)`.
    QuickGelu,
    /// `max(x, 0)`.
    Relu,
    /// Hyperbolic tangent.
    Tanh,
}

impl Activation {
    /// By its name in a `config.json`; `gelu` where there is none.
    ///
    /// # Errors
    /// A sentence on a name that is not computed here.
    pub fn named(name: Option<&str>) -> Result<Self, String> {
        match name.unwrap_or("gelu") {
            "gelu" => Ok(Self::Gelu),
            "gelu_new" | "gelu_fast" | "gelu_pytorch_tanh" => Ok(Self::GeluTanh),
            "quick_gelu" => Ok(Self::QuickGelu),
            "relu" => Ok(Self::Relu),
            "tanh" => Ok(Self::Tanh),
            other => Err(format!("the activation `{other}` is not computed here")),
        }
    }

    /// Applies it to every number.
    pub fn apply(self, rows: &mut [f32]) {
        match self {
            Self::Gelu => wide(|| rows.iter_mut().for_each(|x| *x = gelu(*x))),
            Self::GeluTanh => wide(|| {
                let scale = std::f32::consts::FRAC_2_SQRT_PI * std::f32::consts::FRAC_1_SQRT_2;
                rows.iter_mut().for_each(|x| *x = 0.5 * *x * (1.0 + tanh(scale * (*x + 0.044_715 * *x * *x * *x))));
            }),
            Self::QuickGelu => wide(|| rows.iter_mut().for_each(|x| *x /= 1.0 + exp(-1.702 * *x))),
            Self::Relu => rows.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x }),
            Self::Tanh => wide(|| rows.iter_mut().for_each(|x| *x = tanh(*x))),
        }
    }
}

/// Within 5e-7 of the exact function: the complement of the error function by Abramowitz and Stegun (1964), 7.1.26.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let polynomial = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_8) * t - 0.284_496_74) * t + 0.254_829_6) * t;
    let tail = 0.5 * polynomial * exp(-z * z);
    if x < 0.0 { x * tail } else { x - x * tail }
}

/// `1 - 2 / (e^2x + 1)`, which loses no more than a rounding at either end.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activations_agree_with_their_exact_definitions() {
        type Exact = fn(f64) -> f64;
        let exact: [(Activation, Exact); 5] = [
            (Activation::Gelu, |x| 0.5 * x * (1.0 + libm::erf(x / 2f64.sqrt()))),
            (Activation::GeluTanh, |x| 0.5 * x * (1.0 + libm::tanh((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x)))),
            (Activation::QuickGelu, |x| x / (1.0 + libm::exp(-1.702 * x))),
            (Activation::Relu, |x| x.max(0.0)),
            (Activation::Tanh, libm::tanh),
        ];
        for (activation, exact) in exact {
            let mut rows: Vec<f32> = (-12_000..=12_000).map(|step| step as f32 / 1000.0).collect();
            let points = rows.clone();
            activation.apply(&mut rows);
            for (x, got) in points.iter().zip(&rows) {
                let expected = exact(f64::from(*x));
                assert!((f64::from(*got) - expected).abs() < 5e-7 * expected.abs().max(1.0), "{activation:?}({x}) = {got}, not {expected}");
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_none() {
        for activation in [Activation::Gelu, Activation::GeluTanh, Activation::QuickGelu, Activation::Relu, Activation::Tanh] {
            let mut rows = [f32::NAN];
            activation.apply(&mut rows);
            assert!(rows[0].is_nan(), "{activation:?}");
        }
    }
}
