//! The blocks of eight by eight pixels that JPEG works on: how strong each frequency is in them, whether they were rounded before, and where they lie.
//!
//! In: brightness from 0 to 255, beginning where a block of the file begins. Out: statistics of the coefficients and of the borders.

use std::f64::consts::PI;

use super::super::jpeg::{Quantiser, ZIGZAG};
use super::spectrum::ROUNDING;

/// The coefficients of all blocks by frequency, row * 8 + column; orthonormal, so that they are those of JPEG (ITU-T T.81, A.3.3).
pub struct Blocks {
    coefficients: Vec<Vec<f64>>,
}

/// Groups of frequencies: diagonals 1 and 2, 3 and 4, to 13 and 14.
pub const GROUPS: usize = 7;

/// Histograms of rounded coefficients go up to this, in steps of the quantiser.
const REACH: usize = 32;

impl Blocks {
    /// Of a plane; what is left over at the right and below is left out.
    pub fn of(plane: &[f32], width: usize, height: usize) -> Self {
        let cosine: [[f64; 8]; 8] = std::array::from_fn(|k| {
            let norm = if k == 0 { 0.125_f64.sqrt() } else { 0.5 };
            std::array::from_fn(|i| norm * libm::cos(PI * (2 * i + 1) as f64 * k as f64 / 16.0))
        });
        let mut coefficients = vec![Vec::new(); 64];
        for (top, left) in (0..height / 8).flat_map(|top| (0..width / 8).map(move |left| (8 * top, 8 * left))) {
            let rows: [[f64; 8]; 8] = std::array::from_fn(|y| {
                let pixels = &plane[(top + y) * width + left..][..8];
                std::array::from_fn(|k| (0..8).map(|x| cosine[k][x] * (f64::from(pixels[x]) - 128.0)).sum())
            });
            for (place, values) in coefficients.iter_mut().enumerate() {
                values.push((0..8).map(|y| cosine[place / 8][y] * rows[y][place % 8]).sum());
            }
        }
        Self { coefficients }
    }

    /// Mean size of the coefficients of a frequency: the scale of Laplace's distribution, which they follow closely (Lam and Goodman 2000).
    pub fn scale(&self, place: usize) -> f64 {
        let values = &self.coefficients[place];
        values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64
    }

    /// For each group of frequencies the logarithm of its scale relative to all (after Giudice, Guarnera and Battiato 2021), then the logarithm of mean
    /// square over squared mean size: ln 2 for Laplace's distribution, ln(π/2) for the normal one, more for few strong blocks among flat ones.
    pub fn groups(&self) -> ([f64; GROUPS], [f64; GROUPS]) {
        let least = (2.0 * ROUNDING / PI).sqrt();
        let mean = |places: &[usize], of: &dyn Fn(usize) -> f64| places.iter().map(|place| of(*place)).sum::<f64>() / places.len() as f64;
        let all: Vec<usize> = (1..64).collect();
        let whole = libm::log(mean(&all, &|place| self.scale(place)) + least);
        let group = |g: usize| all.iter().copied().filter(|place| (place / 8 + place % 8).div_ceil(2) == g + 1).collect::<Vec<_>>();
        let square =
            |place: usize| self.coefficients[place].iter().map(|value| value * value).sum::<f64>() / self.coefficients[place].len() as f64;
        let shape = |place: usize| libm::log((square(place) + ROUNDING) / (self.scale(place) + least).powi(2));
        let scales = std::array::from_fn(|g| libm::log(mean(&group(g), &|place| self.scale(place)) + least) - whole);
        (scales, std::array::from_fn(|g| mean(&group(g), &shape)))
    }

    /// How periodic the rounded coefficients of the nine lowest frequencies are beyond the file's own quantiser: mean and maximum. A picture that was rounded before
    /// with other steps has gaps and peaks at regular distances (Lukáš and Fridrich 2003; Popescu and Farid 2004). About 1.5 for a picture rounded once.
    pub fn history(&self, quantiser: Option<&Quantiser>) -> (f64, f64) {
        let modes = ZIGZAG[1..10].iter().map(|place| {
            let step = quantiser.map_or(1.0, |steps| f64::from(steps[*place].max(1)));
            periodicity(&self.coefficients[*place], step)
        });
        let (sum, most) = modes.fold((0.0, 0.0_f64), |(sum, most), value| (sum + value, most.max(value)));
        (sum / 9.0, most)
    }
}

/// ln(1 + the strongest power of the histogram's deviations from smoothness at periods of two to eight bins). Each deviation is measured against
/// the geometric mean of its neighbours, which an exponential decay meets exactly, in standard deviations of counts.
fn periodicity(values: &[f64], step: f64) -> f64 {
    let mut counts = [0.0_f64; REACH + 2];
    for value in values {
        let bin = libm::round(value.abs() / step);
        if bin < counts.len() as f64 {
            counts[bin as usize] += 1.0;
        }
    }
    let deviations: Vec<(f64, f64)> = (2..=REACH)
        .filter_map(|bin| {
            let expected = ((counts[bin - 1] + 0.5) * (counts[bin + 1] + 0.5)).sqrt();
            (expected + counts[bin] >= 8.0).then(|| (bin as f64, (counts[bin] - expected) / (1.5 * expected + 1.0).sqrt()))
        })
        .collect();
    let power = |wave: usize| {
        let turn = 2.0 * PI * wave as f64 / 64.0;
        let (re, im) =
            deviations.iter().fold((0.0, 0.0), |(re, im), (bin, z)| (re + z * libm::cos(turn * bin), im + z * libm::sin(turn * bin)));
        (re * re + im * im) / deviations.len().max(1) as f64
    };
    libm::log1p((8..=32).map(power).fold(0.0, f64::max))
}

/// How much rougher the borders of the file's own blocks are than other lines of pixels, and the roughest other lines of the same distance: a grid that lies elsewhere
/// tells of a cut after an earlier compression (Li, Yuan and Yu 2009). Logarithms of ratios to the median; horizontal and vertical averaged.
pub fn grid(plane: &[f32], width: usize, height: usize) -> (f64, f64) {
    let across = roughness(width, height, |x, y| plane[y * width + x]);
    let down = roughness(height, width, |y, x| plane[y * width + x]);
    ((across.0 + down.0) / 2.0, (across.1 + down.1) / 2.0)
}

/// [`grid`] in one direction: `at` takes the place along it, below `length`, then the place beside, below `other`.
fn roughness(length: usize, other: usize, at: impl Fn(usize, usize) -> f32) -> (f64, f64) {
    let mut sums = [(0.0_f64, 0.0_f64); 8];
    for i in 1..length - 2 {
        // The third difference: zero on every even course of brightness, large where two blocks meet.
        let sum: f64 = (0..other).map(|j| f64::from((at(i - 1, j) - 3.0 * at(i, j) + 3.0 * at(i + 1, j) - at(i + 2, j)).abs())).sum();
        let (total, count) = &mut sums[(i + 1) % 8];
        *total += sum;
        *count += other as f64;
    }
    let lines = sums.map(|(total, count)| libm::log(total / count + ROUNDING));
    let mut ordered = lines;
    ordered.sort_by(f64::total_cmp);
    let median = (ordered[3] + ordered[4]) / 2.0;
    (lines[0] - median, lines[1..].iter().fold(f64::MIN, |most, line| most.max(*line)) - median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Random;

    #[test]
    fn the_transform_keeps_the_energy_of_a_block_and_knows_its_waves() {
        let mut random = Random::new(2, "block");
        let plane: Vec<f32> = (0..64).map(|_| 128.0 + 10.0 * random.normal() as f32).collect();
        let blocks = Blocks::of(&plane, 8, 8);
        let energy: f64 = plane.iter().map(|value| f64::from(value - 128.0).powi(2)).sum();
        let found: f64 = blocks.coefficients.iter().map(|values| values[0] * values[0]).sum();
        assert!((energy - found).abs() < 1e-6 * energy);
        // ITU-T T.81, A.3.3: an even block of 129 has a DC of 8 and nothing else.
        let even = Blocks::of(&[129.0; 64], 8, 8);
        assert!((even.coefficients[0][0] - 8.0).abs() < 1e-9 && even.scale(9) < 1e-9);
    }

    #[test]
    fn normal_and_laplacian_coefficients_have_the_shapes_of_the_textbook() {
        let mut random = Random::new(3, "shape");
        let normal: Vec<f64> = (0..200_000).map(|_| 50.0 * random.normal()).collect();
        let laplace: Vec<f64> =
            (0..200_000).map(|_| 50.0 * libm::log(random.uniform().max(1e-12)) * if random.below(2) == 0 { 1.0 } else { -1.0 }).collect();
        let shape = |values: Vec<f64>| Blocks { coefficients: vec![values; 64] }.groups().1[3];
        assert!((shape(normal) - libm::log(PI / 2.0)).abs() < 0.02);
        assert!((shape(laplace) - libm::log(2.0)).abs() < 0.03);
    }

    #[test]
    fn rounding_with_other_steps_before_shows_and_rounding_once_does_not() {
        let mut random = Random::new(4, "history");
        let laplace = |random: &mut Random| 12.0 * libm::log(random.uniform().max(1e-12)) * if random.below(2) == 0 { 1.0 } else { -1.0 };
        let values: Vec<f64> = (0..4096).map(|_| laplace(&mut random)).collect();
        let twice: Vec<f64> = values.iter().map(|value| libm::round(value / 5.0) * 5.0 + 0.3 * random.normal()).collect();
        let (once, twice) = (periodicity(&values, 3.0), periodicity(&twice, 3.0));
        assert!(once < 2.5 && twice > once + 1.0, "{once} {twice}");
    }
}
