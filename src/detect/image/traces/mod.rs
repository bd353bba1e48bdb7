//! The detector `image-traces`: what enlarging, compressing and generating leave in pixels.
//!
//! In: a picture. Out: statistics of its middle (at most 512 x 512 pixels, never resampled, which would destroy what is looked for). No feature names
//! the format, the size of the file or a quantiser; but what a quantiser *does* to pixels is in all of them, which is why this detector is never shown
//! without its control, [`super::metadata`].
//!
//! | features | what | source |
//! |---|---|---|
//! | `spectrum-…` | power law of the radial spectrum and deviations from it | Durall, Keuper and Keuper 2020; Dzanic, Shah and Witherden 2020 |
//! | `predicted-…`, `residual-…` | peaks of regularity | Gallagher 2005; Kirchner 2008 |
//! | `block-…` | coefficients of 8 x 8 blocks | Frank et al. 2020; Giudice, Guarnera and Battiato 2021 |
//! | `history-…`, `grid-…` | earlier rounding, borders of blocks | Lukáš and Fridrich 2003; Li, Yuan and Yu 2009 |
//! | `noise-…` | the residual itself | Cozzolino and Verdoliva 2020 |

mod blocks;
mod noise;
mod show;
mod spectrum;

use blocks::{Blocks, GROUPS, grid};
use noise::Residual;
use spectrum::{FREE, PEAKS, ROUNDING, Spectrum};

use super::decode::{Picture, Planes, bytes};
use super::{MINIMUM, extent};
use crate::detect::features::{Detector, Features, Minimum, Trace};
use crate::detect::material::{Abstention, Material, Modality};

/// Largest side of the part that is looked at.
pub const SIDE: u32 = 512;

/// Strength of the penalty: weights are expected so small that together they move the log-odds by about 1.2 (one standard deviation), which
/// is an AUROC of about 0.8, at 200 items: 1 / (200 * 1.2² / 46), rounded.
const PENALTY: f64 = 0.16;

/// Least standard deviation of brightness: below half a step there is nothing but one colour.
const FLAT: f64 = 0.5;

const NAMES: [&str; 46] = [
    "spectrum-slope",
    "spectrum-roughness",
    "spectrum-direction",
    "spectrum-0.24",
    "spectrum-0.32",
    "spectrum-0.43",
    "spectrum-corner",
    "predicted-half",
    "predicted-corner",
    "predicted-quarter",
    "predicted-eighth",
    "predicted-other",
    "residual-half",
    "residual-corner",
    "residual-quarter",
    "residual-eighth",
    "residual-other",
    "block-scale-1",
    "block-scale-2",
    "block-scale-3",
    "block-scale-4",
    "block-scale-5",
    "block-scale-6",
    "block-scale-7",
    "block-shape-1",
    "block-shape-2",
    "block-shape-3",
    "block-shape-4",
    "block-shape-5",
    "block-shape-6",
    "block-shape-7",
    "history-mean",
    "history-most",
    "grid-own",
    "grid-other",
    "noise-strength",
    "noise-shape",
    "noise-evenness",
    "noise-light",
    "noise-beside",
    "noise-diagonal",
    "noise-two",
    "noise-red-green",
    "noise-blue-green",
    "noise-red",
    "noise-blue",
];

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageTraces;

impl Detector for ImageTraces {
    fn id(&self) -> &'static str {
        "image-traces"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Image
    }

    fn minimum(&self) -> Minimum {
        MINIMUM
    }

    fn dense(&self) -> &[&'static str] {
        &NAMES
    }

    fn penalty(&self) -> f64 {
        PENALTY
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let picture = Picture::read(bytes(material)?)?;
        let extent = extent(picture.header.width, picture.header.height)?;
        let seen = Seen::of(&picture)?;
        Ok(Features { dense: seen.values(&picture).into_iter().map(|value| value as f32).collect(), sparse: Vec::new(), extent })
    }

    fn traces(&self, material: &Material) -> Vec<Trace> {
        let seen = bytes(material).and_then(Picture::read).and_then(|picture| {
            extent(picture.header.width, picture.header.height)?;
            Seen::of(&picture)
        });
        seen.map_or_else(|_| Vec::new(), |seen| show::traces(&seen))
    }
}

/// All that is computed once of a picture's middle.
struct Seen {
    planes: Planes,
    luma: Vec<f32>,
    spectrum: Spectrum,
    blocks: Blocks,
    residual: Residual,
}

impl Seen {
    fn of(picture: &Picture) -> Result<Self, Abstention> {
        let planes = picture.middle(SIDE);
        let luma = planes.luma();
        let (width, height) = (planes.width, planes.height);
        if deviation(&luma) < FLAT {
            return Err(Abstention::Unreadable {
                why: "the middle of the picture is one even area, and there is no trace to look at".to_owned(),
            });
        }
        Ok(Self {
            spectrum: Spectrum::of(&luma, width, height),
            blocks: Blocks::of(&luma, width, height),
            residual: Residual::of(&luma, width, height),
            planes,
            luma,
        })
    }

    /// The features in the order of [`NAMES`], all finite.
    fn values(&self, picture: &Picture) -> Vec<f64> {
        let Self { planes, luma, spectrum, blocks, residual } = self;
        let (width, height) = (planes.width, planes.height);
        let peaks = |plane: &[f32], scale: f32| {
            let scaled: Vec<f32> = plane.iter().map(|value| scale * value).collect();
            Spectrum::of(&scaled, residual.width, residual.height).peaks()
        };
        let radial = spectrum.radial();
        let mut values = vec![radial.slope, radial.roughness(), radial.direction];
        values.extend(FREE.map(|bin| radial.above(bin)));
        // From 0 and 1 to the scale of pixels, on which rounding is measured.
        values.extend::<[f64; PEAKS.len()]>(peaks(&residual.predictability(), 255.0));
        values.extend::<[f64; PEAKS.len()]>(peaks(&residual.values, 1.0));
        let (scales, shapes): ([f64; GROUPS], [f64; GROUPS]) = blocks.groups();
        values.extend(scales);
        values.extend(shapes);
        let quantiser = picture.header.jpeg.as_ref().and_then(|jpeg| jpeg.luma());
        let (mean, most) = blocks.history(quantiser);
        let (own, other) = grid(luma, width, height);
        values.extend([mean, most, own, other]);
        let (evenness, light) = residual.evenness(luma);
        values.extend([libm::log(residual.strength() + ROUNDING), residual.shape(), evenness, light]);
        let repetition = |a: (usize, usize), b: (usize, usize)| (residual.repetition(a.0, a.1) + residual.repetition(b.0, b.1)) / 2.0;
        values.extend([repetition((0, 1), (1, 0)), residual.repetition(1, 1), repetition((0, 2), (2, 0))]);
        let [red, green, blue] = &planes.rgb.each_ref().map(|plane| Residual::of(plane, width, height));
        let relative = |colour: &Residual| libm::log((colour.strength() + ROUNDING) / (green.strength() + ROUNDING));
        values.extend([red.correlation(green), blue.correlation(green), relative(red), relative(blue)]);
        values
    }
}

fn deviation(values: &[f32]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    (values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / count).sqrt()
}

#[cfg(test)]
mod tests;
