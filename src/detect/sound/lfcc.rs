//! What a voice sounds like, in sixty numbers. In: samples at 16 kHz. Out: statistics of linear-frequency cepstral coefficients (LFCC).
//!
//! LFCC as in the baseline of the ASVspoof challenges (Sahidullah, Kinnunen and Hanilçi 2015, "A comparison of features for synthetic speech
//! detection", and their code): pre-emphasis, Hamming window, power spectrum, triangular filters of equal width, logarithm, cosine transform. Three
//! things differ, so that a recording's packaging is not heard: the filters end at [`HIGHEST`], below the edge that resampling leaves; power
//! is counted relative to the voice's own level, so that loudness does not matter; and what lies more than 72 dB below it is filled up, so that
//! bit depth does not.

use std::f64::consts::PI;

use rustfft::num_complex::Complex;

/// Samples per second.
pub const RATE: u32 = 16_000;

/// Upper end of the filters, in hertz.
pub const HIGHEST: f64 = 7_000.0;

/// Samples in a frame: 25 ms.
const FRAME: usize = 400;

/// Samples from one frame to the next: 10 ms.
const HOP: usize = 160;

/// Length of the transform.
const POINTS: usize = 512;

/// Numbers in the spectrum of a frame, from 0 to 8 kHz.
pub const BINS: usize = POINTS / 2 + 1;

/// Filters, and coefficients.
pub const FILTERS: usize = 20;

/// Added to the power of each filter, relative to a voice of level 1. White noise of that level has about 1700 in a filter: this is 72 dB below.
const FLOOR: f64 = 1e-4;

/// Frames within so many dB of the loudest count as voice (Kinnunen and Li 2010).
const VOICED: f64 = 30.0;

/// Frames below this level, in dB of full scale, never do: there is nothing but the noise of quantisation.
const SILENT: f64 = -80.0;

/// Names of [`Analysis::statistics`]: mean and standard deviation of each coefficient, and standard deviation of its change over 20 ms. (The
/// mean of a change is no more than the difference between end and start.)
#[rustfmt::skip]
pub const NAMES: [&str; 3 * FILTERS] = [
    "mean-0", "mean-1", "mean-2", "mean-3", "mean-4", "mean-5", "mean-6", "mean-7", "mean-8", "mean-9",
    "mean-10", "mean-11", "mean-12", "mean-13", "mean-14", "mean-15", "mean-16", "mean-17", "mean-18", "mean-19",
    "deviation-0", "deviation-1", "deviation-2", "deviation-3", "deviation-4", "deviation-5", "deviation-6", "deviation-7", "deviation-8", "deviation-9",
    "deviation-10", "deviation-11", "deviation-12", "deviation-13", "deviation-14", "deviation-15", "deviation-16", "deviation-17", "deviation-18", "deviation-19",
    "change-0", "change-1", "change-2", "change-3", "change-4", "change-5", "change-6", "change-7", "change-8", "change-9",
    "change-10", "change-11", "change-12", "change-13", "change-14", "change-15", "change-16", "change-17", "change-18", "change-19",
];

/// The spectra of a recording.
pub struct Analysis {
    /// Power, `[frames, BINS]`, of full-scale samples after pre-emphasis.
    pub power: Vec<f32>,
    /// Whether a frame is voice.
    pub voiced: Vec<bool>,
    /// Mean square of the samples of all voiced frames; 1 where there are none.
    level: f64,
}

impl Analysis {
    /// Cuts samples at [`RATE`] into frames; what does not fill one is left out.
    pub fn new(samples: &[f32]) -> Self {
        let window: Vec<f64> = (0..FRAME).map(|at| 0.54 - 0.46 * libm::cos(2.0 * PI * at as f64 / (FRAME - 1) as f64)).collect();
        // The portable transform: the same bits on every processor.
        let transform = rustfft::FftPlannerScalar::<f64>::new().plan_fft_forward(POINTS);
        let mut scratch = vec![Complex::default(); transform.get_inplace_scratch_len()];
        let (mut power, mut levels) = (Vec::new(), Vec::new());
        for start in (0..(samples.len() + 1).saturating_sub(FRAME)).step_by(HOP) {
            let before = start.checked_sub(1).map_or(0.0, |before| f64::from(samples[before]));
            let frame: Vec<f64> = samples[start..start + FRAME].iter().map(|sample| f64::from(*sample)).collect();
            let emphasised = frame.iter().zip(std::iter::once(&before).chain(&frame)).map(|(now, before)| now - 0.97 * before);
            let mut numbers = vec![Complex::default(); POINTS];
            numbers.iter_mut().zip(emphasised.zip(&window)).for_each(|(number, (sample, weight))| number.re = sample * weight);
            transform.process_with_scratch(&mut numbers, &mut scratch);
            power.extend(numbers[..BINS].iter().map(|number| number.norm_sqr() as f32));
            levels.push(frame.iter().map(|sample| sample * sample).sum::<f64>() / FRAME as f64);
        }
        let loudest = levels.iter().copied().fold(0.0, f64::max);
        let least = (loudest * decibels(-VOICED)).max(decibels(SILENT));
        let voiced: Vec<bool> = levels.iter().map(|level| *level > least).collect();
        let level = mean(levels.iter().zip(&voiced).filter(|(_, voiced)| **voiced).map(|(level, _)| *level));
        Self { power, voiced, level: if level > 0.0 { level } else { 1.0 } }
    }

    /// Seconds of voice.
    pub fn seconds(&self) -> f64 {
        self.voiced.iter().filter(|voiced| **voiced).count() as f64 * HOP as f64 / f64::from(RATE)
    }

    /// One number for each of [`NAMES`], over voiced frames; zeros where there are none.
    pub fn statistics(&self) -> Vec<f32> {
        let coefficients = self.coefficients();
        let last = coefficients.len().saturating_sub(1);
        let change = |at: usize| {
            let (before, after) = (&coefficients[at.saturating_sub(1)], &coefficients[(at + 1).min(last)]);
            std::array::from_fn(|place| after[place] - before[place])
        };
        let changes: Vec<[f64; FILTERS]> = (0..coefficients.len()).map(change).collect();
        let voiced = |rows: &[[f64; FILTERS]], place: usize| -> Vec<f64> {
            rows.iter().zip(&self.voiced).filter(|(_, voiced)| **voiced).map(|(row, _)| row[place]).collect()
        };
        let means = (0..FILTERS).map(|place| mean(voiced(&coefficients, place)));
        let deviations = (0..FILTERS).map(|place| deviation(&voiced(&coefficients, place)));
        let moves = (0..FILTERS).map(|place| deviation(&voiced(&changes, place)));
        means.chain(deviations).chain(moves).map(|value| value as f32).collect()
    }

    /// The coefficients of every frame.
    fn coefficients(&self) -> Vec<[f64; FILTERS]> {
        let filters = filters();
        let transform: [[f64; FILTERS]; FILTERS] = std::array::from_fn(|order| {
            let scale = (if order == 0 { 1.0 } else { 2.0 } / FILTERS as f64).sqrt();
            std::array::from_fn(|place| scale * libm::cos(PI * (order * (2 * place + 1)) as f64 / (2 * FILTERS) as f64))
        });
        let of_frame = |power: &[f32]| {
            let logs: [f64; FILTERS] = std::array::from_fn(|filter| {
                let (first, weights) = &filters[filter];
                let sum: f64 = power[*first..].iter().zip(weights).map(|(power, weight)| f64::from(*power) * weight).sum();
                libm::log10(sum / self.level + FLOOR)
            });
            std::array::from_fn(|order| transform[order].iter().zip(&logs).map(|(weight, log)| weight * log).sum())
        };
        self.power.chunks_exact(BINS).map(of_frame).collect()
    }
}

/// For each filter its first bin and the weights from there: a triangle from the peak of the one below to that of the one above.
fn filters() -> Vec<(usize, Vec<f64>)> {
    let width = HIGHEST / (FILTERS + 1) as f64;
    let triangle = |filter: usize| {
        let hertz = |bin: usize| bin as f64 * f64::from(RATE) / POINTS as f64;
        let weight = |bin: usize| (1.0 - (hertz(bin) / width - (filter + 1) as f64).abs()).max(0.0);
        let first = (0..BINS).find(|bin| weight(*bin) > 0.0).unwrap_or_default();
        (first, (first..BINS).map(weight).take_while(|weight| *weight > 0.0).collect())
    };
    (0..FILTERS).map(triangle).collect()
}

fn decibels(value: f64) -> f64 {
    libm::pow(10.0, value / 10.0)
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f64
}

fn deviation(values: &[f64]) -> f64 {
    let center = mean(values.iter().copied());
    mean(values.iter().map(|value| (value - center).powi(2))).sqrt()
}
