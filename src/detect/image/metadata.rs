//! The control `image-metadata`: what can be told from the packaging alone.
//!
//! In: the header of a picture's file. Out: format, size, bytes per pixel, and of a JPEG quantiser, sampling of colours and way of coding; not one pixel.
//! Collections of real and generated pictures mostly come from different programs, so packaging alone often tells them apart. A detector that
//! does no better than this control has learnt the packaging, and says nothing about origin.

use image::ImageFormat;

use super::decode::{Header, bytes};
use super::jpeg::{mean, quality};
use super::{MINIMUM, extent};
use crate::detect::features::{Detector, Features, Minimum};
use crate::detect::material::{Abstention, Material, Modality};

/// Strength of the penalty: weights are expected so small that together they move the log-odds by about 1.2 (one standard deviation), which
/// is an AUROC of about 0.8, at 200 items: 1 / (200 * 1.2² / 14), rounded.
const PENALTY: f64 = 0.05;

const NAMES: [&str; 14] = [
    "format-jpeg",
    "format-png",
    "format-webp",
    "format-gif",
    "ln-width",
    "ln-height",
    "ln-proportion",
    "ln-bytes-per-pixel",
    "ln-luma-step",
    "ln-chroma-step",
    "quality",
    "distance-from-libjpeg",
    "chroma-share",
    "progressive",
];

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageMetadata;

impl Detector for ImageMetadata {
    fn id(&self) -> &'static str {
        "image-metadata"
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
        let bytes = bytes(material)?;
        let header = Header::read(bytes)?;
        let extent = extent(header.width, header.height)?;
        let dense = values(&header, bytes.len()).into_iter().map(|value| value as f32).collect();
        Ok(Features { dense, sparse: Vec::new(), extent })
    }
}

/// The features in the order of [`NAMES`]. What only a JPEG has is for others as if nothing had been rounded: steps of 1, quality 100, all colours.
fn values(header: &Header, length: usize) -> [f64; 14] {
    let is = |format: ImageFormat| f64::from(u8::from(header.format == format));
    let (width, height) = (f64::from(header.width), f64::from(header.height));
    let jpeg = header.jpeg.as_ref();
    let luma = jpeg.and_then(|jpeg| jpeg.luma());
    let chroma = jpeg.and_then(|jpeg| jpeg.chroma()).or(luma);
    let (quality, distance) = luma.map_or((100, 0.0), quality);
    [
        is(ImageFormat::Jpeg),
        is(ImageFormat::Png),
        is(ImageFormat::WebP),
        is(ImageFormat::Gif),
        libm::log(width),
        libm::log(height),
        libm::log(width / height),
        libm::log(length as f64 / (width * height)),
        luma.map_or(0.0, |table| libm::log(mean(table).max(1.0))),
        chroma.map_or(0.0, |table| libm::log(mean(table).max(1.0))),
        f64::from(quality),
        distance,
        jpeg.map_or(1.0, |jpeg| jpeg.chroma_share()),
        f64::from(u8::from(jpeg.is_some_and(|jpeg| jpeg.progressive))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::image::synthetic::{photo, saved};

    fn read(bytes: Vec<u8>) -> Vec<f32> {
        ImageMetadata.read(&Material::Image(bytes)).unwrap().dense
    }

    #[test]
    fn the_control_sees_the_packaging_and_no_pixel() {
        let at = |name: &str| NAMES.iter().position(|found| *found == name).unwrap();
        let jpeg = read(saved(&photo(1, 256), ImageFormat::Jpeg));
        let png = read(saved(&photo(1, 256), ImageFormat::Png));
        assert_eq!((jpeg[at("format-jpeg")], png[at("format-png")]), (1.0, 1.0));
        assert_eq!(png[at("quality")], 100.0);
        assert_eq!(jpeg[at("quality")], 75.0);
        // Another picture in the same packaging differs in nothing but its length.
        let other = read(saved(&photo(2, 256), ImageFormat::Jpeg));
        let differ: Vec<&str> = (0..NAMES.len()).filter(|i| jpeg[*i] != other[*i]).map(|i| NAMES[i]).collect();
        assert!(differ.is_empty() || differ == ["ln-bytes-per-pixel"], "{differ:?}");
    }
}
