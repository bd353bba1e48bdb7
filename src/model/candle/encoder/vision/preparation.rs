//! What becomes of a picture before a model sees it. In: `preprocessor_config.json`, a picture. Out: numbers, patch by patch.

use image::RgbImage;
use image::imageops::crop_imm;
use serde::Deserialize;

use super::resize::{Filter, resize};
use super::shape::{Family, Shape};
use crate::model::ModelError;
use crate::model::candle::file_error;

/// Its name.
pub const FILE: &str = "preprocessor_config.json";

/// Most patches of a picture.
const MOST: usize = 4096;

/// Longest side that a picture is resized to.
const LARGEST: u32 = 2048;

/// How many times longer than wide a picture may be; of longer ones the middle is seen, as of all others after resizing. Without it a line of a million
/// pixels would be blown up.
const LONGEST: u32 = 4;

/// The steps that the file asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparation {
    /// What a picture is resized to.
    size: Size,
    filter: Filter,
    /// Side of the middle that is cut out: of what the model sees, in pixels.
    pub side: usize,
    /// What a byte is multiplied by.
    scale: f32,
    /// Subtracted from each colour.
    mean: [f32; 3],
    /// Each colour is divided by it after that.
    deviation: [f32; 3],
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Size {
    /// The shorter side gets this length.
    Shortest(u32),
    /// Both sides get it.
    Both(u32),
}

/// The entries read.
#[derive(Deserialize)]
struct Entries {
    #[serde(default = "yes")]
    do_resize: bool,
    size: Sides,
    resample: Option<u8>,
    #[serde(default = "yes")]
    do_center_crop: bool,
    crop_size: Option<Sides>,
    #[serde(default = "yes")]
    do_rescale: bool,
    rescale_factor: Option<f32>,
    #[serde(default = "yes")]
    do_normalize: bool,
    image_mean: Option<[f32; 3]>,
    image_std: Option<[f32; 3]>,
}

fn yes() -> bool {
    true
}

/// A size as the file writes it: a number in older ones.
#[derive(Deserialize)]
#[serde(from = "serde_json::Value")]
struct Sides {
    shortest: Option<u32>,
    both: Option<[u32; 2]>,
}

impl From<serde_json::Value> for Sides {
    fn from(value: serde_json::Value) -> Self {
        let side = |value: &serde_json::Value| value.as_u64().and_then(|side| u32::try_from(side).ok());
        let both = side(&value["height"]).zip(side(&value["width"])).map(|(height, width)| [height, width]);
        Self { shortest: side(&value).or_else(|| side(&value["shortest_edge"])), both }
    }
}

impl Preparation {
    /// Reads and checks the bytes of a `preprocessor_config.json` beside a model of this shape.
    ///
    /// # Errors
    /// [`ModelError::File`] when the file is not JSON or asks for something that is not done here.
    pub fn parse(bytes: &[u8], shape: &Shape) -> Result<Self, ModelError> {
        let again = "copy the file again from where the model came from";
        let entries: Entries =
            serde_json::from_slice(bytes).map_err(|error| file_error(FILE, format!("cannot be read: {error}"), again))?;
        let help = "take another model; this one would be computed wrongly";
        entries.preparation(shape).map_err(|problem| file_error(FILE, problem, help))
    }

    /// The picture at the size that the model sees: resized with its proportions, then its middle.
    pub fn apply(&self, picture: &RgbImage) -> RgbImage {
        let (width, height) = picture.dimensions();
        let (width, height) = (width.min(height.saturating_mul(LONGEST)), height.min(width.saturating_mul(LONGEST)));
        let middle = middle(picture, width, height);
        let side = self.side as u32;
        let (wide, high) = match self.size {
            Size::Both(length) => (length, length),
            Size::Shortest(length) => {
                let shorter = u64::from(width.min(height).max(1));
                let scaled = |side: u32| (u64::from(side) * u64::from(length) / shorter) as u32;
                (scaled(width), scaled(height))
            }
        };
        middle_of(resize(&middle, wide, high, self.filter), side)
    }

    /// A prepared picture as the numbers of its patches, row by row, each `[3, patch, patch]`.
    pub fn patches(&self, picture: &RgbImage, patch: usize) -> Vec<f32> {
        let count = self.side / patch;
        let mut numbers = Vec::with_capacity(3 * self.side * self.side);
        for place in 0..count * count {
            for channel in 0..3 {
                for pixel in 0..patch * patch {
                    let (x, y) = (place % count * patch + pixel % patch, place / count * patch + pixel / patch);
                    let value = f32::from(picture.get_pixel(x as u32, y as u32).0[channel]) * self.scale;
                    numbers.push((value - self.mean[channel]) / self.deviation[channel]);
                }
            }
        }
        numbers
    }
}

/// The middle of a picture; what is left over on two sides is halved and rounded down before it.
fn middle(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    crop_imm(picture, (picture.width() - width) / 2, (picture.height() - height) / 2, width, height).to_image()
}

fn middle_of(picture: RgbImage, side: u32) -> RgbImage {
    if picture.dimensions() == (side, side) { picture } else { middle(&picture, side, side) }
}

impl Entries {
    fn preparation(self, shape: &Shape) -> Result<Preparation, String> {
        if !self.do_resize {
            return Err("leaves pictures as large as they are, which the model cannot read".to_owned());
        }
        let size = match (self.size.shortest, self.size.both) {
            (Some(length), _) => Size::Shortest(length),
            (None, Some([height, width])) if height == width => Size::Both(height),
            _ => return Err("asks for a `size` that is neither a `shortest_edge` nor a square".to_owned()),
        };
        let filter = match self.resample.unwrap_or(3) {
            1 => Filter::Lanczos,
            2 => Filter::Bilinear,
            3 => Filter::Bicubic,
            other => return Err(format!("asks for the resampling {other}, which is not done here (1, 2 and 3 are)")),
        };
        let length = match size {
            Size::Shortest(length) | Size::Both(length) => length,
        };
        let side = match (self.do_center_crop, self.crop_size, size) {
            (true, Some(Sides { shortest: Some(side), .. }), _) => side,
            (true, Some(Sides { both: Some([height, width]), .. }), _) if height == width => height,
            (false, _, Size::Both(length)) => length,
            _ => return Err("leaves pictures that are no squares, which are not read here".to_owned()),
        };
        let patches = side as usize / shape.patch;
        if side == 0 || side > length || length > LARGEST || patches == 0 || patches * patches > MOST {
            return Err(format!("cuts {side} pixels out of {length}, which the model cannot read"));
        }
        if !(side as usize).is_multiple_of(shape.patch) || (shape.family == Family::Clip && side as usize != shape.image) {
            return Err(format!("cuts out {side} pixels, config.json promises {} in patches of {}", shape.image, shape.patch));
        }
        let unit = |wanted: bool, given: Option<[f32; 3]>, neutral: [f32; 3]| if wanted { given.unwrap_or(neutral) } else { neutral };
        let preparation = Preparation {
            size,
            filter,
            side: side as usize,
            scale: if self.do_rescale { self.rescale_factor.unwrap_or(1.0 / 255.0) } else { 1.0 },
            mean: unit(self.do_normalize, self.image_mean, [0.0; 3]),
            deviation: unit(self.do_normalize, self.image_std, [1.0; 3]),
        };
        let sound = preparation.deviation.iter().all(|value| *value > 0.0) && preparation.scale > 0.0;
        if sound { Ok(preparation) } else { Err("has an `image_std` or a `rescale_factor` that is not positive".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        Shape::parse(br#"{"model_type": "dinov2"}"#).unwrap()
    }

    fn parse(text: &str) -> Result<Preparation, String> {
        Preparation::parse(text.as_bytes(), &shape()).map_err(|error| error.to_string())
    }

    #[test]
    fn sizes_of_old_and_new_files_are_read() {
        let old = parse(r#"{"size": 256, "crop_size": 224, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}"#).unwrap();
        let new = r#"{"size": {"shortest_edge": 256}, "resample": 3, "crop_size": {"height": 224, "width": 224}, "rescale_factor": 0.00392156862745098,
            "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}"#;
        assert_eq!(old, parse(new).unwrap());
        let square = parse(r#"{"size": {"height": 224, "width": 224}, "do_center_crop": false, "resample": 2}"#).unwrap();
        assert_eq!((square.size, square.side, square.filter), (Size::Both(224), 224, Filter::Bilinear));
    }

    #[test]
    fn what_the_model_could_not_read_is_refused() {
        for (text, words) in [
            ("[", "cannot be read"),
            (r#"{"size": 256}"#, "no squares"),
            (r#"{"size": {"height": 224, "width": 336}, "crop_size": 224}"#, "neither"),
            (r#"{"size": 200, "crop_size": 224}"#, "cuts 224 pixels out of 200"),
            (r#"{"size": 256, "crop_size": 225}"#, "in patches of 14"),
            (r#"{"size": 1000000, "crop_size": 224}"#, "cannot read"),
            (r#"{"size": 256, "crop_size": 224, "resample": 0}"#, "resampling 0"),
            (r#"{"size": 256, "crop_size": 224, "do_resize": false}"#, "as large as they are"),
            (r#"{"size": 256, "crop_size": 224, "image_std": [0.0, 1.0, 1.0]}"#, "not positive"),
        ] {
            assert!(parse(text).unwrap_err().contains(words), "{text}: {:?}", parse(text));
        }
        let clip = Shape::parse(br#"{"model_type": "clip_vision_model"}"#).unwrap();
        let other = Preparation::parse(br#"{"size": 256, "crop_size": 256}"#, &clip).unwrap_err();
        assert!(other.to_string().contains("config.json promises 224"), "{other}");
    }

    #[test]
    fn a_line_of_pixels_is_no_reason_to_take_much_memory() {
        let preparation = parse(r#"{"size": 256, "crop_size": 224}"#).unwrap();
        let line = RgbImage::from_pixel(2_000_000, 1, image::Rgb([7, 8, 9]));
        let seen = preparation.apply(&line);
        assert!(seen.dimensions() == (224, 224) && seen.pixels().all(|pixel| pixel.0 == [7, 8, 9]));
    }
}
