//! Logistic regression over dense and hashed features: the one thing that is trained in detection.
//!
//! In: [`Features`] with labels. Out: [`Linear`], whose score is a log-odds that only calibration gives a meaning to. The fit is deterministic: fixed order, no random numbers.

use super::features::Features;

/// A fitted logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Mean of each dense feature over the training items.
    pub center: Vec<f64>,
    /// Standard deviation of each; 1 where it does not vary.
    pub scale: Vec<f64>,
    /// Weight of each standardised dense feature.
    pub dense: Vec<f64>,
    /// Weight of each bucket.
    pub sparse: Vec<f32>,
    /// Log-odds where all features are at their mean and no bucket is hit.
    pub bias: f64,
    /// Strength of the penalty (half the squared weights times this, per item).
    pub penalty: f64,
}

impl Linear {
    /// Log-odds that the item is generated, as far as the training items go.
    pub fn score(&self, features: &Features) -> f64 {
        let dense = features.dense.iter().zip(&self.center).zip(self.scale.iter().zip(&self.dense));
        let dense: f64 = dense.map(|((value, center), (scale, weight))| (f64::from(*value) - center) / scale * weight).sum();
        let sparse: f64 = features.sparse.iter().map(|(bucket, value)| f64::from(self.sparse[*bucket as usize]) * f64::from(*value)).sum();
        self.bias + dense + sparse
    }

    /// As bytes: center, scale and weights of the dense features, bias and penalty as little-endian f64, the buckets as little-endian f32.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wide = self.center.iter().chain(&self.scale).chain(&self.dense).chain([&self.bias, &self.penalty]);
        let mut bytes: Vec<u8> = wide.flat_map(|value| value.to_le_bytes()).collect();
        bytes.extend(self.sparse.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    /// Back from [`Linear::to_bytes`]; `None` when the length is not that of so many dense features and buckets, or a number is not finite.
    pub fn from_bytes(bytes: &[u8], dense: usize, buckets: usize) -> Option<Self> {
        let (wide, narrow) = bytes.split_at_checked(8 * (3 * dense + 2))?;
        let wide: Vec<f64> = wide.as_chunks::<8>().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect();
        let sparse: Vec<f32> = narrow.as_chunks::<4>().0.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect();
        let part = |at: usize| wide[at * dense..(at + 1) * dense].to_vec();
        let finite = wide.iter().all(|value| value.is_finite()) && sparse.iter().all(|value| value.is_finite());
        let whole = finite && narrow.len() == 4 * buckets;
        whole.then(|| Self { center: part(0), scale: part(1), dense: part(2), bias: wide[3 * dense], penalty: wide[3 * dense + 1], sparse })
    }

    /// Minimises mean logistic loss + penalty/2 · |weights|² (bias free) by Newton's method with conjugate gradients.
    /// Both classes get the same total weight, so that the bias does not tell how many of each were at hand.
    ///
    /// Shapes: one label for each item; all items with the same number of dense features; buckets below `buckets`.
    pub fn fit(items: &[&Features], generated: &[bool], buckets: usize, penalty: f64) -> Self {
        Problem::new(items, generated, buckets, penalty).solve()
    }
}

/// The items as the solver sees them: parameters are dense weights, then buckets, then the bias.
struct Problem<'f> {
    items: &'f [&'f Features],
    signs: Vec<f64>,
    weights: Vec<f64>,
    center: Vec<f64>,
    scale: Vec<f64>,
    buckets: usize,
    penalty: f64,
}

impl<'f> Problem<'f> {
    fn new(items: &'f [&'f Features], generated: &[bool], buckets: usize, penalty: f64) -> Self {
        let count = items.len().max(1) as f64;
        let width = items.first().map_or(0, |item| item.dense.len());
        let mean = |at: usize, of: &dyn Fn(f64) -> f64| items.iter().map(|item| of(f64::from(item.dense[at]))).sum::<f64>() / count;
        let center: Vec<f64> = (0..width).map(|at| mean(at, &|value| value)).collect();
        let deviation = |at: usize| mean(at, &|value| (value - center[at]).powi(2)).sqrt();
        let scale = (0..width).map(|at| if deviation(at) > 1e-9 { deviation(at) } else { 1.0 }).collect();
        let total = generated.iter().filter(|label| **label).count() as f64;
        let share = |label: &bool| 0.5 / if *label { total } else { items.len() as f64 - total };
        Self {
            items,
            signs: generated.iter().map(|label| if *label { 1.0 } else { -1.0 }).collect(),
            weights: generated.iter().map(share).collect(),
            center,
            scale,
            buckets,
            penalty,
        }
    }

    fn width(&self) -> usize {
        self.center.len()
    }

    fn size(&self) -> usize {
        self.width() + self.buckets + 1
    }

    /// The item times a vector of parameters.
    fn dot(&self, item: &Features, with: &[f64]) -> f64 {
        let width = self.width();
        let dense: f64 = (0..width).map(|at| (f64::from(item.dense[at]) - self.center[at]) / self.scale[at] * with[at]).sum();
        let sparse: f64 = item.sparse.iter().map(|(bucket, value)| f64::from(*value) * with[width + *bucket as usize]).sum();
        dense + sparse + with[self.size() - 1]
    }

    /// Adds `factor` times the item to `to`.
    fn add(&self, item: &Features, factor: f64, to: &mut [f64]) {
        let width = self.width();
        let standards = self.center.iter().zip(&self.scale);
        for ((to, value), (center, scale)) in to.iter_mut().zip(&item.dense).zip(standards) {
            *to += factor * (f64::from(*value) - center) / scale;
        }
        for (bucket, value) in &item.sparse {
            to[width + *bucket as usize] += factor * f64::from(*value);
        }
        to[self.size() - 1] += factor;
    }

    /// Sum over items of `factor(item)` times the item, and the penalty on everything but the bias.
    fn weighted(&self, factors: &[f64], at: &[f64]) -> Vec<f64> {
        let mut sum: Vec<f64> = at.iter().map(|value| self.penalty * value).collect();
        *sum.last_mut().unwrap_or(&mut 0.0) = 0.0;
        for (item, factor) in self.items.iter().zip(factors) {
            self.add(item, *factor, &mut sum);
        }
        sum
    }

    fn loss(&self, margins: &[f64], at: &[f64]) -> f64 {
        let data: f64 = margins.iter().zip(&self.weights).map(|(margin, weight)| weight * soft(-margin)).sum();
        let size = at.len() - 1;
        data + 0.5 * self.penalty * at[..size].iter().map(|value| value * value).sum::<f64>()
    }

    fn margins(&self, at: &[f64]) -> Vec<f64> {
        self.items.iter().zip(&self.signs).map(|(item, sign)| sign * self.dot(item, at)).collect()
    }

    fn solve(self) -> Linear {
        let mut at = vec![0.0; self.size()];
        for _ in 0..50 {
            let margins = self.margins(&at);
            let miss: Vec<f64> = margins.iter().map(|margin| 1.0 / (1.0 + libm::exp(*margin))).collect();
            let pull: Vec<f64> = (0..miss.len()).map(|i| -self.weights[i] * self.signs[i] * miss[i]).collect();
            let gradient = self.weighted(&pull, &at);
            if norm(&gradient) < 1e-7 {
                break;
            }
            let curvature: Vec<f64> = (0..miss.len()).map(|i| self.weights[i] * miss[i] * (1.0 - miss[i])).collect();
            let step = self.newton(&gradient, &curvature);
            // Newton's step is too long where the loss is far from a parabola: halve until it goes down.
            let (before, slope) = (self.loss(&margins, &at), dot(&gradient, &step));
            let mut length = 1.0;
            loop {
                let next: Vec<f64> = at.iter().zip(&step).map(|(a, s)| a + length * s).collect();
                if self.loss(&self.margins(&next), &next) <= before + 1e-4 * length * slope || length < 1e-6 {
                    at = next;
                    break;
                }
                length *= 0.5;
            }
        }
        let width = self.width();
        Linear {
            sparse: at[width..width + self.buckets].iter().map(|value| *value as f32).collect(),
            bias: at[self.size() - 1],
            dense: at[..width].to_vec(),
            center: self.center,
            scale: self.scale,
            penalty: self.penalty,
        }
    }

    /// Solves Hessian · step = -gradient by conjugate gradients.
    fn newton(&self, gradient: &[f64], curvature: &[f64]) -> Vec<f64> {
        let mut step = vec![0.0; gradient.len()];
        let mut rest: Vec<f64> = gradient.iter().map(|value| -value).collect();
        let mut along = rest.clone();
        let (start, mut square) = (norm(gradient), dot(&rest, &rest));
        for _ in 0..200 {
            let bent: Vec<f64> = self.items.iter().zip(curvature).map(|(item, curve)| curve * self.dot(item, &along)).collect();
            let product = self.weighted(&bent, &along);
            let length = square / dot(&along, &product);
            if !length.is_finite() {
                break;
            }
            for i in 0..step.len() {
                step[i] += length * along[i];
                rest[i] -= length * product[i];
            }
            let next = dot(&rest, &rest);
            if next.sqrt() < 1e-3 * start {
                break;
            }
            let ratio = next / square;
            along.iter_mut().zip(&rest).for_each(|(a, r)| *a = r + ratio * *a);
            square = next;
        }
        step
    }
}

/// ln(1 + eˣ) without overflow.
pub(super) fn soft(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Random;

    fn dense(values: &[f32]) -> Features {
        Features { dense: values.to_vec(), ..Features::default() }
    }

    /// scikit-learn 1.9, `LogisticRegression(C=1/(6*0.05), tol=1e-12)` on the standardised columns; its loss is this one times 6.
    #[test]
    fn the_fit_is_that_of_an_independent_implementation() {
        let rows = [[0.0, 1.0], [1.0, 0.5], [2.0, 2.5], [1.5, 2.0], [3.0, 0.0], [4.0, 3.5]].map(|row| dense(&row));
        let items: Vec<&Features> = rows.iter().collect();
        let fit = Linear::fit(&items, &[false, false, true, false, true, true], 0, 0.05);
        let (bias, weights) = EXPECTED;
        assert!((fit.bias - bias).abs() < 1e-6 && fit.dense.iter().zip(weights).all(|(a, b)| (a - b).abs() < 1e-6), "{fit:?}");
    }
    const EXPECTED: (f64, [f64; 2]) = (0.097_075_55, [1.920_182_95, 0.315_333_47]);

    #[test]
    fn at_the_minimum_the_gradient_is_zero_with_hashed_features_too() {
        let mut random = Random::new(3, "linear");
        let item = |random: &mut Random| Features {
            dense: vec![random.normal() as f32],
            sparse: (0..40).map(|bucket| (bucket * 25 + random.below(25) as u32, random.uniform() as f32)).collect(),
            extent: 1.0,
        };
        let rows: Vec<Features> = (0..60).map(|_| item(&mut random)).collect();
        let labels: Vec<bool> = (0..60).map(|i| i % 3 == 0).collect();
        let items: Vec<&Features> = rows.iter().collect();
        let fit = Linear::fit(&items, &labels, 1000, 0.01);
        let problem = Problem::new(&items, &labels, 1000, 0.01);
        let at: Vec<f64> = fit.dense.iter().copied().chain(fit.sparse.iter().map(|w| f64::from(*w))).chain([fit.bias]).collect();
        let margins = problem.margins(&at);
        let pull: Vec<f64> = (0..60).map(|i| -problem.weights[i] * problem.signs[i] / (1.0 + libm::exp(margins[i]))).collect();
        assert!(norm(&problem.weighted(&pull, &at)) < 1e-5);
        assert_eq!(fit, Linear::fit(&items, &labels, 1000, 0.01));
        assert_eq!(Linear::from_bytes(&fit.to_bytes(), 1, 1000).as_ref(), Some(&fit));
        assert_eq!(Linear::from_bytes(&fit.to_bytes(), 1, 999), None);
    }

    #[test]
    fn classes_of_unequal_size_do_not_move_the_bias() {
        let rows: Vec<Features> = (0..30).map(|_| dense(&[1.0])).collect();
        let labels: Vec<bool> = (0..30).map(|i| i < 5).collect();
        let fit = Linear::fit(&rows.iter().collect::<Vec<_>>(), &labels, 0, 1e-3);
        assert!(fit.bias.abs() < 1e-9 && fit.dense == [0.0]);
    }
}
