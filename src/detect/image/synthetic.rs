//! Pictures made by rule, for tests: no photograph, but with the spectrum of one (Field 1987).

use image::{DynamicImage, ImageFormat, RgbImage};
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::stats::rng::Random;

/// A square picture whose power falls with the square of frequency, in colours that go together, with a sensor's noise.
pub fn photo(seed: u64, side: u32) -> RgbImage {
    let mut random = Random::new(seed, "photo");
    let planes = scene(&mut random, side as usize);
    let noise = 1.0 + 2.0 * random.uniform();
    render(&planes, side, |value| value + noise * random.normal())
}

/// The same kind of scene drawn at half the size and enlarged as the decoder of a generator does it: each pixel doubled, then smoothed by three by three weights.
pub fn enlarged(seed: u64, side: u32) -> RgbImage {
    let mut random = Random::new(seed, "photo");
    let (side, half) = (side as usize, side as usize / 2);
    let noise = 1.0 + 2.0 * random.uniform();
    let planes = scene(&mut random, half).map(|plane| {
        let plane: Vec<f64> = plane.iter().map(|value| value + noise * random.normal()).collect();
        let doubled = |y: usize, x: usize| plane[(y.min(side - 1) / 2) * half + x.min(side - 1) / 2];
        let smooth = |i: usize| {
            let (y, x) = (i / side, i % side);
            let sum = |y: usize| doubled(y, x.saturating_sub(1)) + 2.0 * doubled(y, x) + doubled(y, x + 1);
            (sum(y.saturating_sub(1)) + 2.0 * sum(y) + sum(y + 1)) / 16.0
        };
        (0..side * side).map(smooth).collect::<Vec<f64>>()
    });
    render(&planes, side as u32, |value| value + random.normal())
}

/// The file of a picture.
pub fn saved(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture.clone()).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn render(planes: &[Vec<f64>; 3], side: u32, mut value: impl FnMut(f64) -> f64) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        image::Rgb([0, 1, 2].map(|c| value(planes[c][(y * side + x) as usize]).round().clamp(0.0, 255.0) as u8))
    })
}

/// Three planes of mean 128 and standard deviation 45.
fn scene(random: &mut Random, side: usize) -> [Vec<f64>; 3] {
    let common = field(random, side);
    [0; 3].map(|_| field(random, side).iter().zip(&common).map(|(own, common)| 128.0 + 45.0 * (0.95 * common + 0.31 * own)).collect())
}

/// White noise divided by frequency: mean 0, standard deviation 1.
fn field(random: &mut Random, side: usize) -> Vec<f64> {
    let fft = FftPlanner::<f64>::new().plan_fft_inverse(side);
    let distance = |i: usize| i.min(side - i) as f64;
    let mut waves: Vec<Complex<f64>> = (0..side * side)
        .map(|i| {
            let frequency = libm::hypot(distance(i / side), distance(i % side));
            Complex::new(random.normal(), random.normal()) / if frequency > 0.0 { frequency } else { f64::INFINITY }
        })
        .collect();
    fft.process(&mut waves);
    let mut turned: Vec<Complex<f64>> = (0..side * side).map(|i| waves[i % side * side + i / side]).collect();
    fft.process(&mut turned);
    let scale = (turned.iter().map(|value| value.re * value.re).sum::<f64>() / turned.len() as f64).sqrt();
    turned.iter().map(|value| value.re / scale).collect()
}
