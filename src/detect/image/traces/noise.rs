//! What is left of a picture when each pixel is predicted from its neighbours: noise, and the regularity that enlargement leaves in it.
//!
//! In: planes of numbers. Out: the residual, its statistics, and the map of how well pixels are predicted.

use super::spectrum::ROUNDING;

/// A residual, as large as its plane.
pub struct Residual {
    /// Row by row, `width * height`.
    pub values: Vec<f32>,
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
}

/// Side of the squares within which noise is compared with brightness.
const SQUARE: usize = 16;

impl Residual {
    /// Each pixel minus its prediction from the eight around it: half the sum of the four beside it minus a quarter of the sum of the four at the
    /// corners, the fixed predictor of Kirchner (2008). Every course of brightness that is even in one direction is predicted exactly. Beyond the
    /// border its pixels go on.
    pub fn of(plane: &[f32], width: usize, height: usize) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = |y: usize| &plane[y.min(height - 1) * width..][..width];
            let (above, here, below) = (row(y.saturating_sub(1)), row(y), row(y + 1));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
                let beside = above[x] + here[left] + here[right] + below[x];
                let corners = above[left] + above[right] + below[left] + below[right];
                values.push(here[x] - 0.5 * beside + 0.25 * corners);
            }
        }
        Self { values, width, height }
    }

    /// How well each pixel is predicted: exp(-e²/σ²) (Kirchner 2008, λ = 1, τ = 2), with σ the mean size of the residual, so that contrast cancels. In an enlarged
    /// picture some pixels in every period are mixtures of their neighbours and stand out.
    pub fn predictability(&self) -> Vec<f32> {
        let mean = self.mean(|e| e.abs()) + ROUNDING.sqrt();
        self.values.iter().map(|e| libm::exp(-(f64::from(*e) / mean).powi(2)) as f32).collect()
    }

    /// Root of the mean square.
    pub fn strength(&self) -> f64 {
        self.mean(|e| e * e).sqrt()
    }

    /// ln of mean square over squared mean size, as for blocks: ln(π/2) for normal noise.
    pub fn shape(&self) -> f64 {
        libm::log((self.mean(|e| e * e) + ROUNDING) / (self.mean(f64::abs) + (2.0 * ROUNDING / std::f64::consts::PI).sqrt()).powi(2))
    }

    fn mean(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.values.iter().map(|e| of(f64::from(*e))).sum::<f64>() / self.values.len() as f64
    }

    /// Correlation with itself, shifted down and across; 0 where there is no residual. White noise gives -2/3 for one pixel along an axis, 4/9 along a
    /// diagonal, 1/6 for two pixels; smoothing and enlarging move them.
    pub fn repetition(&self, down: usize, across: usize) -> f64 {
        let at = |y: usize, x: usize| f64::from(self.values[y * self.width + x]);
        let (rows, columns) = (self.height - down, self.width - across);
        let sum: f64 = (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x))).map(|(y, x)| at(y, x) * at(y + down, x + across)).sum();
        sum / (rows * columns) as f64 / (self.mean(|e| e * e) + ROUNDING / 16.0)
    }

    /// Correlation with another residual of the same size; 0 where one is empty. Sensors see one colour a pixel and interpolate the others, which ties the colours together
    /// (Popescu and Farid 2005).
    pub fn correlation(&self, other: &Self) -> f64 {
        let product: f64 = self.values.iter().zip(&other.values).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        let scale = self.strength() * other.strength() * self.values.len() as f64;
        if scale > 1e-9 { product / scale } else { 0.0 }
    }

    /// How evenly noise lies over the picture: the logarithm of the ratio of the flattest tenth of squares to the median one; and how it goes with brightness: the
    /// correlation of the logarithm of noise with mean brightness among the flatter half. Sensors have more noise where there is more light (Foi et al. 2008), and
    /// the same everywhere.
    pub fn evenness(&self, plane: &[f32]) -> (f64, f64) {
        let mut squares: Vec<(f64, f64)> = (0..self.height / SQUARE)
            .flat_map(|top| (0..self.width / SQUARE).map(move |left| (top * SQUARE, left * SQUARE)))
            .map(|(top, left)| {
                let inside = || (0..SQUARE * SQUARE).map(|i| (top + i / SQUARE, left + i % SQUARE));
                let noise: f64 = inside().map(|(y, x)| f64::from(self.values[y * self.width + x]).abs()).sum();
                let light: f64 = inside().map(|(y, x)| f64::from(plane[y * self.width + x])).sum();
                (libm::log(noise / (SQUARE * SQUARE) as f64 + ROUNDING), light / (SQUARE * SQUARE) as f64)
            })
            .collect();
        squares.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let flatter = &squares[..squares.len().div_ceil(2)];
        (squares[squares.len() / 10].0 - squares[squares.len() / 2].0, correlation(flatter))
    }
}

/// Pearson's correlation; 0 where one side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let (ma, mb) = (pairs.iter().map(|p| p.0).sum::<f64>() / count, pairs.iter().map(|p| p.1).sum::<f64>() / count);
    let (mut ab, mut aa, mut bb) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in pairs {
        ab += (a - ma) * (b - mb);
        aa += (a - ma).powi(2);
        bb += (b - mb).powi(2);
    }
    if aa * bb > 1e-18 { ab / (aa * bb).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Random;

    #[test]
    fn white_noise_leaves_the_residual_that_the_predictor_makes_of_it() {
        let mut random = Random::new(5, "noise");
        let plane: Vec<f32> = (0..256 * 256).map(|_| 128.0 + 10.0 * random.normal() as f32).collect();
        let residual = Residual::of(&plane, 256, 256);
        // Squares of the weights: 1 + 4/4 + 4/16 = 2.25.
        assert!((residual.strength() - 15.0).abs() < 0.2);
        let found = [residual.repetition(0, 1), residual.repetition(1, 1), residual.repetition(2, 0)];
        for (found, book) in found.iter().zip([-2.0 / 3.0, 4.0 / 9.0, 1.0 / 6.0]) {
            assert!((found - book).abs() < 0.02, "{found} {book}");
        }
        assert!((residual.shape() - libm::log(std::f64::consts::PI / 2.0)).abs() < 0.05);
    }

    #[test]
    fn noise_that_grows_with_light_is_seen_to() {
        let mut random = Random::new(6, "light");
        let plane: Vec<f32> = (0..256 * 256).map(|i| ((i / 256) as f64 + random.normal() * (i / 256) as f64 * 0.05) as f32).collect();
        let residual = Residual::of(&plane, 256, 256);
        assert!(residual.evenness(&plane).1 > 0.7);
    }
}
