//! Power spectra of a picture, and what in them points to enlargement.
//!
//! In: a plane of numbers. Out: its [`Spectrum`], averaged over overlapping tiles (Welch 1967), so that it has the same frequencies for a picture of any
//! size; from it the radial curve and the peaks.

use std::f64::consts::PI;

use rustfft::FftPlannerScalar;
use rustfft::num_complex::Complex;

/// Side of a tile in pixels, and number of frequencies in each direction.
pub const SIDE: usize = 128;

/// Lowest frequency of the radial curve in cycles per pixel: two waves in a tile. Below, the window smears.
const LOWEST: f64 = 2.0 / SIDE as f64;

/// Radial bins up to half a cycle per pixel, equally wide on a logarithmic scale.
pub const BINS: usize = 12;

/// The bins of this number and below give the power law; they end near 0.21 cycles per pixel, below what enlargement and compression change most.
const FITTED: usize = 9;

/// Variance of rounding to whole numbers: power below it is no property of the picture.
pub const ROUNDING: f64 = 1.0 / 12.0;

/// Mean power at each frequency. White noise of variance v has power v everywhere.
pub struct Spectrum {
    /// `SIDE * SIDE` values; row and column 0 are frequency 0, `SIDE / 2` is half a cycle per pixel.
    power: Vec<f64>,
    /// Their natural logarithms, not below rounding.
    ln: Vec<f64>,
}

impl Spectrum {
    /// Of a plane at least [`SIDE`] wide and high: tiles half a tile apart, their mean taken out, under Hann's window.
    pub fn of(plane: &[f32], width: usize, height: usize) -> Self {
        let window: Vec<f64> = (0..SIDE).map(|i| 0.5 - 0.5 * libm::cos(2.0 * PI * i as f64 / SIDE as f64)).collect();
        let square: f64 = window.iter().map(|w| w * w).sum();
        // The scalar planner: the same bits on every processor.
        let fft = FftPlannerScalar::<f64>::new().plan_fft_forward(SIDE);
        let starts = |length: usize| (0..=length.saturating_sub(SIDE)).step_by(SIDE / 2);
        let tiles: Vec<(usize, usize)> = starts(height).flat_map(|top| starts(width).map(move |left| (top, left))).collect();
        let row = |(top, left): (usize, usize), y: usize| &plane[(top + y) * width + left..][..SIDE];
        let mean = |tile| (0..SIDE).flat_map(|y| row(tile, y)).map(|value| f64::from(*value)).sum::<f64>() / (SIDE * SIDE) as f64;
        let mut sums = vec![0.0; SIDE * SIDE];
        let mut waves = vec![Complex::default(); SIDE * SIDE];
        let mut turned = waves.clone();
        // Two real tiles make one complex one: |A|² + |B|² = (|Z(k)|² + |Z(-k)|²) / 2 for Z = A + iB.
        for pair in tiles.chunks(2) {
            let means: Vec<f64> = pair.iter().map(|tile| mean(*tile)).collect();
            for y in 0..SIDE {
                let rows: Vec<&[f32]> = pair.iter().map(|tile| row(*tile, y)).collect();
                for x in 0..SIDE {
                    let value = |k: usize| rows.get(k).map_or(0.0, |row| (f64::from(row[x]) - means[k]) * window[y] * window[x]);
                    waves[y * SIDE + x] = Complex::new(value(0), value(1));
                }
            }
            fft.process(&mut waves);
            (0..SIDE * SIDE).for_each(|i| turned[i] = waves[i % SIDE * SIDE + i / SIDE]);
            fft.process(&mut turned);
            sums.iter_mut().zip(&turned).for_each(|(sum, wave)| *sum += wave.norm_sqr());
        }
        let total = 2.0 * tiles.len() as f64 * square * square;
        // What was summed lies turned, columns first.
        let power = |y: usize, x: usize| (sums[x * SIDE + y] + sums[(SIDE - x) % SIDE * SIDE + (SIDE - y) % SIDE]) / total;
        let power: Vec<f64> = (0..SIDE * SIDE).map(|i| power(i / SIDE, i % SIDE)).collect();
        Self { ln: power.iter().map(|power| libm::log(power + ROUNDING)).collect(), power }
    }

    /// Natural logarithm of the power at a place, not below rounding.
    pub fn ln(&self, row: usize, column: usize) -> f64 {
        self.ln[row % SIDE * SIDE + column % SIDE]
    }

    /// How far a frequency stands out of its neighbourhood: the difference of logarithms to the mean of the ring two to four places away.
    pub fn peak(&self, row: usize, column: usize) -> f64 {
        let ring = || (0..9_usize).flat_map(|y| (0..9_usize).map(move |x| (y, x))).filter(|(y, x)| y.abs_diff(4).max(x.abs_diff(4)) > 1);
        let around: f64 = ring().map(|(y, x)| self.ln(row + SIDE + y - 4, column + SIDE + x - 4)).sum();
        self.ln(row, column) - around / ring().count() as f64
    }

    /// The peaks that enlargement leaves (Gallagher 2005, Kirchner 2008): see [`PEAKS`] for their order.
    pub fn peaks(&self) -> [f64; 5] {
        const HALF: usize = SIDE / 2;
        let mean = |places: &[(usize, usize)]| places.iter().map(|(y, x)| self.peak(*y, *x)).sum::<f64>() / places.len() as f64;
        // Half the plane: a real picture has the same power at opposite frequencies. Multiples of an eighth belong to the blocks of JPEG and to doubling.
        let other = (0..=HALF).flat_map(|y| (0..SIDE).map(move |x| (y, x))).filter(|(y, x)| {
            let far = (*y).max((*x).min(SIDE - x)) > SIDE / 10;
            far && !(y.is_multiple_of(SIDE / 8) && x.is_multiple_of(SIDE / 8))
        });
        [
            mean(&[(HALF, 0), (0, HALF)]),
            mean(&[(HALF, HALF)]),
            mean(&[(HALF / 2, 0), (0, HALF / 2)]),
            mean(&[(HALF / 4, 0), (0, HALF / 4), (3 * HALF / 4, 0), (0, 3 * HALF / 4)]),
            other.map(|(y, x)| self.peak(y, x)).fold(0.0, f64::max),
        ]
    }

    /// The radial curve and the power law fitted to its lower part.
    pub fn radial(&self) -> Radial {
        // Twelve bins up to 0.5 cycles per pixel, then the corners up to 0.71.
        let mut sums = [(0.0_f64, 0.0_f64, 0.0_f64); BINS + 1];
        let (mut axis, mut slant) = ((0.0, 0.0), (0.0, 0.0));
        for (y, x) in (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (y, x))) {
            let [down, across] = [y, x].map(|i| i.min(SIDE - i) as f64 / SIDE as f64);
            let frequency = libm::hypot(down, across);
            if frequency < LOWEST {
                continue;
            }
            let power = self.power[y * SIDE + x];
            let bin = (BINS as f64 * libm::log(frequency / LOWEST) / libm::log(0.5 / LOWEST)) as usize;
            let (sum, count, place) = &mut sums[bin.min(BINS)];
            *sum += power;
            *count += 1.0;
            *place += libm::log(frequency);
            if (0.25..0.5).contains(&frequency) {
                let along = down.min(across) / down.max(across) < 0.4142;
                let (sum, count) = if along { &mut axis } else { &mut slant };
                *sum += power;
                *count += 1.0;
            }
        }
        let points = sums.map(|(sum, count, place)| (place / count, libm::log(sum / count + ROUNDING)));
        let (level, slope) = line(&points[..FITTED]);
        let mean = |(sum, count): (f64, f64)| libm::log(sum / count + ROUNDING);
        Radial { points, level, slope, direction: mean(axis) - mean(slant) }
    }
}

/// Names of [`Spectrum::peaks`]: along the axes at a half, in the corner, at a quarter, at odd eighths; the strongest anywhere else.
pub const PEAKS: [&str; 5] = ["half", "corner", "quarter", "eighth", "other"];

/// Power by frequency, all directions together.
pub struct Radial {
    /// Logarithms of frequency and power of each bin; the last are the corners.
    pub points: [(f64, f64); BINS + 1],
    /// Logarithm of the power that the law gives at frequency 1.
    pub level: f64,
    /// Exponent of the law: about -2 for photographs (Field 1987; van der Schaaf and van Hateren 1996).
    pub slope: f64,
    /// Logarithm of the ratio of power along the axes to power across, from 0.25 to 0.5 cycles per pixel.
    pub direction: f64,
}

impl Radial {
    /// How far a bin lies above the law.
    pub fn above(&self, bin: usize) -> f64 {
        let (frequency, power) = self.points[bin];
        power - self.level - self.slope * frequency
    }

    /// Root of the mean square distance from the law where it was fitted.
    pub fn roughness(&self) -> f64 {
        ((0..FITTED).map(|bin| self.above(bin).powi(2)).sum::<f64>() / FITTED as f64).sqrt()
    }
}

/// The bins above the fitted ones, up to the corners.
pub const FREE: std::ops::RangeInclusive<usize> = FITTED..=BINS;

/// Level and slope of the line through points, by least squares.
pub fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let count = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
    let spread: f64 = points.iter().map(|p| (p.0 - mx).powi(2)).sum();
    let slope = if spread > 0.0 { points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f64>() / spread } else { 0.0 };
    (my - slope * mx, slope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Random;

    #[test]
    fn white_noise_has_its_variance_as_power_at_every_frequency() {
        let mut random = Random::new(1, "white");
        let plane: Vec<f32> = (0..512 * 512).map(|_| 3.0 * random.normal() as f32).collect();
        let spectrum = Spectrum::of(&plane, 512, 512);
        let radial = spectrum.radial();
        assert!(radial.points.iter().all(|(_, power)| (power - libm::log(9.0 + ROUNDING)).abs() < 0.3), "{:?}", radial.points);
        assert!(radial.slope.abs() < 0.1 && radial.direction.abs() < 0.1, "{} {}", radial.slope, radial.direction);
    }

    #[test]
    fn a_wave_is_a_peak_at_its_frequency_and_nowhere_else() {
        let plane: Vec<f32> = (0..256 * 256).map(|i| 20.0 * (2.0 * PI * 0.25 * (i % 256) as f64).cos() as f32).collect();
        let peaks = Spectrum::of(&plane, 256, 256).peaks();
        assert!(peaks[2] > 3.0, "{peaks:?}");
        assert!(peaks[0].abs() < 1.0 && peaks[1].abs() < 1.0 && peaks[3].abs() < 1.0, "{peaks:?}");
    }
}
