//! Another sample rate for a recording. In: samples and two rates. Out: samples.
//!
//! A low-pass (a sinc under a Kaiser window; Smith and Gossett 1984, Kaiser 1974) is evaluated at the instants of the new samples. It passes
//! everything up to [`PASSED`] of the highest frequency that both rates can hold, and stops everything above that frequency by 80 dB.

use std::f64::consts::PI;

/// Share of the lower rate's half that is passed unchanged: 7.2 kHz of 8 at 16 kHz.
pub const PASSED: f64 = 0.9;

/// Attenuation above it, in dB.
const STOPPED: f64 = 80.0;

/// The recording at `to` hertz instead of `from`; as long as before, rounded down. Equal rates are filtered all the same, so that the upper edge of
/// the band does not tell which rate a recording had.
pub fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    let step = divisor(from, to);
    let (stride, cycle) = (u64::from(from / step), u64::from(to / step));
    let length = samples.len() as u64 * u64::from(to) / u64::from(from);
    let filter = Filter::new(from, to);
    // The fractions of a sample at which the filter is needed come round again after `cycle` samples.
    let kernels: Vec<Vec<f32>> = (0..cycle.min(length)).map(|at| filter.kernel((at * stride % cycle) as f64 / cycle as f64)).collect();
    let output = |at: u64| {
        let kernel = &kernels[(at % cycle) as usize];
        let first = (at * stride / cycle) as i64 - filter.reach as i64 + 1;
        let start = first.max(0) as usize;
        dot(&samples[start.min(samples.len())..], &kernel[(start as i64 - first) as usize..])
    };
    (0..length).map(output).collect()
}

/// The low-pass for a pair of rates.
struct Filter {
    /// Its middle between passing and stopping, in cycles per sample.
    cutoff: f64,
    /// Samples on each side that it looks at.
    reach: usize,
}

impl Filter {
    fn new(from: u32, to: u32) -> Self {
        let highest = f64::from(from.min(to)) / 2.0 / f64::from(from);
        // Kaiser's estimate of the length for this attenuation and this width of the transition.
        let length = (STOPPED - 7.95) / (14.36 * highest * (1.0 - PASSED));
        Self { cutoff: highest * (1.0 + PASSED) / 2.0, reach: (length / 2.0).ceil() as usize + 1 }
    }

    /// Its values around an instant that lies `fraction` behind a sample; they sum to 1, so that a constant stays what it is.
    fn kernel(&self, fraction: f64) -> Vec<f32> {
        let shape = 0.1102 * (STOPPED - 8.7);
        let value = |place: usize| {
            let time = place as f64 - (self.reach as f64 - 1.0) - fraction;
            let inside = (1.0 - (time / self.reach as f64).powi(2)).max(0.0).sqrt();
            sinc(2.0 * self.cutoff * time) * bessel(shape * inside)
        };
        let values: Vec<f64> = (0..2 * self.reach).map(value).collect();
        let sum: f64 = values.iter().sum();
        values.iter().map(|value| (value / sum) as f32).collect()
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(PI * x) / (PI * x) }
}

/// The modified Bessel function of the first kind and order 0, by its power series.
fn bessel(x: f64) -> f64 {
    let square = x * x / 4.0;
    let (mut sum, mut term) = (1.0, 1.0);
    for order in 1..40 {
        term *= square / f64::from(order * order);
        sum += term;
    }
    sum
}

fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { divisor(b, a % b) }
}

/// Inner product over the shorter of both, summed in eight lanes: a fixed order that vector registers can follow.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let ((a, a_rest), (b, b_rest)) = (a[..length].as_chunks::<8>(), b[..length].as_chunks::<8>());
    let mut lanes = [0f32; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f64, rate: u32) -> Vec<f32> {
        (0..rate).map(|at| libm::sin(2.0 * PI * hertz * f64::from(at) / f64::from(rate)) as f32).collect()
    }

    /// Largest distance in the middle of a second: at its ends the filter sees the silence around it.
    fn distance(got: &[f32], expected: &[f32]) -> f32 {
        assert_eq!(got.len(), expected.len());
        let middle = got.len() / 10..got.len() * 9 / 10;
        got[middle.clone()].iter().zip(&expected[middle]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_tone_up_to_seven_kilohertz_stays_what_it_is_from_every_rate() {
        for rate in [16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 44_101] {
            for hertz in [50.0, 1000.0, 7000.0] {
                let distance = distance(&resample(&tone(hertz, rate), rate, 16_000), &tone(hertz, 16_000));
                assert!(distance < 3e-4, "{hertz} Hz from {rate} Hz: {distance}");
            }
        }
    }

    #[test]
    fn a_tone_above_eight_kilohertz_vanishes_by_seventy_decibels() {
        for (rate, hertz) in [(22_050, 8_050.0), (22_050, 10_000.0), (44_100, 8_050.0), (44_100, 15_000.0), (48_000, 20_000.0)] {
            let left = distance(&resample(&tone(hertz, rate), rate, 16_000), &[0.0; 16_000]);
            assert!(left < 3.2e-4, "{hertz} Hz from {rate} Hz: {left}");
        }
    }

    #[test]
    fn a_tone_survives_the_way_to_another_rate_and_back() {
        let there = resample(&tone(1000.0, 44_100), 44_100, 8_000);
        assert!(distance(&resample(&there, 8_000, 44_100), &tone(1000.0, 44_100)) < 1e-3);
    }

    #[test]
    fn a_constant_keeps_its_value_and_nothing_stays_nothing() {
        assert!(distance(&resample(&[0.25; 22_050], 22_050, 16_000), &[0.25; 16_000]) < 1e-6);
        assert!(resample(&[], 44_100, 16_000).is_empty() && resample(&[1.0], 44_100, 16_000).is_empty());
    }
}
