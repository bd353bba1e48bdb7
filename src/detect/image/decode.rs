//! Pictures as numbers, with limits that hold before memory is taken.
//!
//! In: the bytes of a file. Out: its pixels as stored (no turning by EXIF, no colour profile: both would resample or bend what is to be looked at), or
//! an [`Abstention`] that says why not. Of an animation the first frame is read.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use super::jpeg::Jpeg;
use crate::detect::material::{Abstention, Material, Modality};
use crate::store::Format;

/// Most pixels of a picture. A progressive JPEG of four colours takes 11 bytes a pixel while it is decoded: 525 MiB.
pub const PIXELS: u64 = 50_000_000;

/// Longest file of a picture, in bytes. The JPEG decoder keeps a second copy of it.
pub const BYTES: usize = 128 << 20;

/// What a decoder may take for anything but the pixels, in bytes: colour profiles and texts can be packed bombs.
const METADATA: u64 = 16 << 20;

/// What a file says about its picture before it is decoded.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its format.
    pub format: ImageFormat,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The markers of a JPEG.
    pub jpeg: Option<Jpeg>,
}

/// A decoded picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What its file says.
    pub header: Header,
    /// Its pixels as stored.
    pub pixels: DynamicImage,
}

/// Part of a picture as numbers from 0 to 255 (16-bit pictures with fractions), row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Red, green, blue, each `width * height` long. What is transparent lies on white.
    pub rgb: [Vec<f32>; 3],
}

/// The bytes of a picture.
///
/// # Errors
/// [`Abstention::OtherModality`] for a text or a recording.
pub fn bytes(material: &Material) -> Result<&[u8], Abstention> {
    match material {
        Material::Image(bytes) => Ok(bytes),
        _ => Err(Abstention::OtherModality { needs: Modality::Image }),
    }
}

impl Header {
    /// Reads the beginning of a file.
    ///
    /// # Errors
    /// [`Abstention`]: no picture, a format that is not read, a broken header, a JPEG without its end, or more than [`PIXELS`] or [`BYTES`].
    pub fn read(bytes: &[u8]) -> Result<Self, Abstention> {
        guarded(|| Ok(start(bytes)?.0))
    }
}

impl Picture {
    /// Decodes a file.
    ///
    /// # Errors
    /// As [`Header::read`], and when the pixels are broken or cut off.
    pub fn read(bytes: &[u8]) -> Result<Self, Abstention> {
        guarded(|| {
            let (header, mut decoder) = start(bytes)?;
            let mut limits = Limits::default();
            limits.max_alloc = Some(PIXELS * 8 + METADATA);
            decoder.set_limits(limits).map_err(refused)?;
            let pixels = DynamicImage::from_decoder(decoder).map_err(refused)?;
            Ok(Self { header, pixels })
        })
    }

    /// The whole picture in eight bits and three colours, what is transparent on white: as most programs save it.
    pub fn flat(self) -> RgbImage {
        if !self.pixels.color().has_alpha() {
            return self.pixels.into_rgb8();
        }
        let layered = self.pixels.into_rgba8();
        let blend = |channel: u8, alpha: u8| ((u16::from(channel) * u16::from(alpha) + 255 * (255 - u16::from(alpha)) + 127) / 255) as u8;
        RgbImage::from_fn(layered.width(), layered.height(), |x, y| {
            let [red, green, blue, alpha] = layered.get_pixel(x, y).0;
            Rgb([red, green, blue].map(|channel| blend(channel, alpha)))
        })
    }

    /// The middle of the picture, at most `side` pixels wide and high. It begins at a multiple of eight pixels, so that the blocks of a JPEG stay
    /// blocks, and its sides are multiples of eight.
    pub fn middle(&self, side: u32) -> Planes {
        let cut = |length: u32| {
            let size = length.min(side) / 8 * 8;
            ((length - size) / 2 / 8 * 8, size)
        };
        let ((x, width), (y, height)) = (cut(self.pixels.width()), cut(self.pixels.height()));
        self.part(x, y, width, height)
    }

    /// The part that begins at `x`, `y`. What lies outside of the picture is left out.
    pub fn part(&self, x: u32, y: u32, width: u32, height: u32) -> Planes {
        let part = self.pixels.crop_imm(x, y, width, height).to_rgba32f();
        let plane = |channel: usize| part.pixels().map(|pixel| 255.0 * (pixel[channel] * pixel[3] + 1.0 - pixel[3])).collect();
        Planes { width: part.width() as usize, height: part.height() as usize, rgb: [plane(0), plane(1), plane(2)] }
    }
}

impl Planes {
    /// Brightness from 0 to 255 (ITU-R BT.601, as JPEG has it: ITU-T T.871, section 7).
    pub fn luma(&self) -> Vec<f32> {
        let [red, green, blue] = &self.rgb;
        red.iter().zip(green).zip(blue).map(|((r, g), b)| 0.299 * r + 0.587 * g + 0.114 * b).collect()
    }
}

/// The header, and a decoder that has read no further.
fn start(bytes: &[u8]) -> Result<(Header, impl ImageDecoder + '_), Abstention> {
    if bytes.len() > BYTES {
        return Err(Abstention::TooLarge { what: format!("a picture of {} MiB", bytes.len() >> 20) });
    }
    let unreadable = |why: &str| Abstention::Unreadable { why: why.to_owned() };
    let format = match Format::of(bytes).map(|format| format.media_type) {
        Some("image/jpeg") => ImageFormat::Jpeg,
        Some("image/png") => ImageFormat::Png,
        Some("image/webp") => ImageFormat::WebP,
        Some("image/gif") => ImageFormat::Gif,
        Some(other) => return Err(unreadable(&format!("the pixels of {other} are not read; only those of JPEG, PNG, WebP and GIF are"))),
        None => return Err(unreadable("the first bytes are those of no picture")),
    };
    let jpeg = (format == ImageFormat::Jpeg).then(|| Jpeg::read(bytes));
    // The decoder would fill what is missing with grey, and the grey would be measured.
    if jpeg.as_ref().is_some_and(|jpeg| !jpeg.complete) {
        return Err(unreadable("the JPEG is cut off: its end is missing"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(METADATA);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return Err(Abstention::TooLarge { what: format!("a picture of {width} x {height} pixels") });
    }
    Ok((Header { format, width, height, jpeg }, decoder))
}

fn refused(error: ImageError) -> Abstention {
    match error {
        ImageError::Limits(_) => Abstention::TooLarge { what: "what the picture takes to decode".to_owned() },
        error => Abstention::Unreadable { why: error.to_string() },
    }
}

/// The decoders are made by others, and what they read by anybody: should one break, the picture is unreadable and the program goes on.
fn guarded<T>(read: impl FnOnce() -> Result<T, Abstention>) -> Result<T, Abstention> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Abstention::Unreadable { why: "its decoder broke on it".to_owned() }))
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
