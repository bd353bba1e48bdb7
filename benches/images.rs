//! Pictures: reading the traces of 100 of 512 pixels a side, beside decoding alone.

use std::time::Instant;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, RgbImage};
use lupe::detect::features::Detector;
use lupe::detect::image::decode::Picture;
use lupe::detect::image::traces::ImageTraces;
use lupe::detect::material::Material;
use lupe::stats::rng::Random;
use rayon::prelude::*;

/// Waves of many sizes with noise, saved as a JPEG of quality 90.
fn picture(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed, "picture");
    let waves: Vec<[f64; 4]> = (0..12)
        .map(|i| {
            [
                0.01 * 1.5_f64.powi(i) * random.normal(),
                0.01 * 1.5_f64.powi(i) * random.normal(),
                7.0 * random.uniform(),
                60.0 / f64::from(i + 1),
            ]
        })
        .collect();
    let mut value = |x: u32, y: u32, colour: f64| {
        let wave = |[a, b, phase, size]: &[f64; 4]| size * (a * f64::from(x) + b * f64::from(y) + phase + colour).sin();
        (128.0 + waves.iter().map(wave).sum::<f64>() + 2.0 * random.normal()).clamp(0.0, 255.0) as u8
    };
    let picture = RgbImage::from_fn(512, 512, |x, y| image::Rgb([value(x, y, 0.0), value(x, y, 0.2), value(x, y, 0.4)]));
    let mut bytes = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut bytes, 90).encode(&picture, 512, 512, ExtendedColorType::Rgb8);
    written.map(|()| bytes).unwrap_or_default()
}

/// 100 pictures on two threads, then on one: the best of three runs each.
pub fn report() {
    let materials: Vec<Material> = (0..100).map(|seed| Material::Image(picture(seed))).collect();
    let traces = |material: &Material| ImageTraces.read(material).is_ok();
    let decoding = |material: &Material| matches!(material, Material::Image(bytes) if Picture::read(bytes).is_ok());
    let time = |threads: usize, read: &(dyn Fn(&Material) -> bool + Sync)| {
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return f64::NAN };
        let once = || {
            let start = Instant::now();
            assert!(pool.install(|| materials.par_iter().all(read)));
            start.elapsed().as_secs_f64()
        };
        (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
    };
    for threads in [2, 1] {
        let (whole, alone) = (time(threads, &traces), time(threads, &decoding));
        println!(
            "100 photos of 512 px, {threads} threads: {whole:.2} s with image-traces, {alone:.2} s decoding alone, ratio {:.1}",
            whole / alone
        );
    }
}
