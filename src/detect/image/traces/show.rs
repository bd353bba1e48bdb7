//! Pictures of the traces for people to look at. In: what was seen. Out: small PNGs in grey, the same bytes for the same picture.

use image::{GrayImage, ImageFormat, Luma};

use super::Seen;
use super::noise::Residual;
use super::spectrum::{BINS, Radial, SIDE, Spectrum};
use crate::detect::features::{Shown, Trace};

/// How many pixels a side one value of a spectrum is drawn with.
const ZOOM: u32 = 3;

/// Side of the drawn square of one frequency of the blocks.
const CELL: u32 = 40;

/// Size of the drawn curve.
const CURVE: (u32, u32) = (420, 280);

/// Everything there is to show.
pub fn traces(seen: &Seen) -> Vec<Trace> {
    let predicted: Vec<f32> = seen.residual.predictability().iter().map(|value| 255.0 * value).collect();
    let predicted = Spectrum::of(&predicted, seen.residual.width, seen.residual.height);
    let pictures = [
        ("residual", residual(&seen.residual)),
        ("spectrum", spectrum(&seen.spectrum)),
        ("radial", radial(&seen.spectrum.radial())),
        ("predicted", spectrum(&predicted)),
        ("blocks", blocks(seen)),
    ];
    pictures.into_iter().filter_map(|(name, picture)| Some(Trace { name, shown: Shown::Picture(png(&picture)?) })).collect()
}

/// Writing into memory fails only where there is none left; then there is nothing to show.
fn png(picture: &GrayImage) -> Option<Vec<u8>> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

/// The residual around middle grey; three standard deviations reach black and white.
fn residual(residual: &Residual) -> GrayImage {
    let gain = 127.0 / (3.0 * residual.strength()).max(1.0);
    let grey = |value: f32| (128.0 + gain * f64::from(value)).round().clamp(0.0, 255.0) as u8;
    GrayImage::from_fn(residual.width as u32, residual.height as u32, |x, y| {
        Luma([grey(residual.values[y as usize * residual.width + x as usize])])
    })
}

/// Logarithm of power with frequency 0 in the middle: bright is strong.
fn spectrum(spectrum: &Spectrum) -> GrayImage {
    let value = |i: usize| spectrum.ln(i / SIDE + SIDE / 2, i % SIDE + SIDE / 2);
    let values: Vec<f64> = (0..SIDE * SIDE).map(value).collect();
    let grey = grey(&values);
    let side = SIDE as u32 * ZOOM;
    GrayImage::from_fn(side, side, |x, y| Luma([grey(values[(y / ZOOM) as usize * SIDE + (x / ZOOM) as usize])]))
}

/// Mean size of each frequency of the blocks on a logarithmic scale, from coarse (top left) to fine. The place of mean brightness stays black: it is no frequency.
fn blocks(seen: &Seen) -> GrayImage {
    let values: Vec<f64> = (0..64).map(|place| libm::log(seen.blocks.scale(place) + 0.05)).collect();
    let grey = grey(&values[1..]);
    GrayImage::from_fn(8 * CELL, 8 * CELL, |x, y| {
        let place = (y / CELL * 8 + x / CELL) as usize;
        let line = x % CELL == 0 || y % CELL == 0;
        Luma([if place == 0 || line { 0 } else { grey(values[place]) }])
    })
}

/// From the hundredth least to the largest of the values but the five thousandth: black to white.
fn grey(values: &[f64]) -> impl Fn(f64) -> u8 {
    let mut ordered = values.to_vec();
    ordered.sort_by(f64::total_cmp);
    let (low, high) = (ordered[ordered.len() / 100], ordered[ordered.len() - 1 - ordered.len() / 5000]);
    move |value| (255.0 * (value - low) / (high - low).max(1e-9)).round().clamp(0.0, 255.0) as u8
}

/// Power by frequency, both logarithmic: the picture's curve black, the power law grey, thin lines at each doubling of frequency.
fn radial(radial: &Radial) -> GrayImage {
    let (width, height) = CURVE;
    let mut picture = GrayImage::from_pixel(width, height, Luma([255]));
    let points = &radial.points;
    let law = |frequency: f64| radial.level + radial.slope * frequency;
    let (first, last) = (points[0].0, points[BINS].0);
    let every = || points.iter().flat_map(|(frequency, power)| [*power, law(*frequency)]);
    let (low, high) = (every().fold(f64::MAX, f64::min), every().fold(f64::MIN, f64::max));
    let across = |frequency: f64| 10.0 + (f64::from(width) - 20.0) * (frequency - first) / (last - first);
    let down = |power: f64| f64::from(height) - 10.0 - (f64::from(height) - 20.0) * (power - low) / (high - low).max(1e-9);
    for doubling in 1..=5 {
        let at = across(libm::log(0.5_f64.powi(doubling)));
        stroke(&mut picture, (at, 0.0), (at, f64::from(height)), 0.5, 215);
    }
    stroke(&mut picture, (across(first), down(law(first))), (across(last), down(law(last))), 1.0, 150);
    for pair in points.windows(2) {
        let [from, to] = [pair[0], pair[1]].map(|(frequency, power)| (across(frequency), down(power)));
        stroke(&mut picture, from, to, 1.5, 0);
    }
    picture
}

/// A straight stroke: every pixel nearer to it than `reach`.
fn stroke(picture: &mut GrayImage, from: (f64, f64), to: (f64, f64), reach: f64, grey: u8) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let square = (dx * dx + dy * dy).max(1e-9);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (px, py) = (f64::from(x) - from.0, f64::from(y) - from.1);
        let along = ((px * dx + py * dy) / square).clamp(0.0, 1.0);
        if libm::hypot(px - along * dx, py - along * dy) <= reach {
            *pixel = Luma([grey]);
        }
    }
}
