//! What happens to pictures on their way: saved again, made smaller, cut.
//!
//! In: a picture. Out: the changed picture as a JPEG where the change saves it so, else as a PNG, which changes nothing further.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat};

use super::decode::{Picture, bytes};
use crate::detect::material::{Abstention, Material, Modality};
use crate::detect::variants::Variant;

/// All changes of pictures.
pub fn all() -> Vec<Box<dyn Variant>> {
    ALL.into_iter().map(|change| Box::new(change) as Box<dyn Variant>).collect()
}

const ALL: [Change; 5] = [
    Change { id: "jpeg-90", everyday: true, half: false, crop: false, quality: Some(90) },
    Change { id: "half-size", everyday: true, half: true, crop: false, quality: None },
    Change { id: "crop", everyday: true, half: false, crop: true, quality: None },
    Change { id: "jpeg-75", everyday: false, half: false, crop: false, quality: Some(75) },
    Change { id: "half-size-jpeg-75", everyday: false, half: true, crop: false, quality: Some(75) },
];

/// One change: cut, then made smaller, then saved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    id: &'static str,
    everyday: bool,
    /// Half as wide and high, by cubic interpolation (Catmull and Rom).
    half: bool,
    /// The middle: four fifths of width and height.
    crop: bool,
    /// Saved as a JPEG of this quality.
    quality: Option<u8>,
}

impl Variant for Change {
    fn id(&self) -> &'static str {
        self.id
    }

    fn modality(&self) -> Modality {
        Modality::Image
    }

    fn everyday(&self) -> bool {
        self.everyday
    }

    fn apply(&self, material: &Material) -> Result<Material, Abstention> {
        let mut pixels = DynamicImage::from(Picture::read(bytes(material)?)?.flat());
        if self.crop {
            let (width, height) = (pixels.width(), pixels.height());
            pixels = pixels.crop_imm(width / 10, height / 10, (width * 4 / 5).max(1), (height * 4 / 5).max(1));
        }
        if self.half {
            pixels = pixels.resize_exact((pixels.width() / 2).max(1), (pixels.height() / 2).max(1), FilterType::CatmullRom);
        }
        save(&pixels, self.quality).map(Material::Image).map_err(|error| Abstention::Unreadable { why: error.to_string() })
    }
}

fn save(pixels: &DynamicImage, quality: Option<u8>) -> Result<Vec<u8>, ImageError> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    match quality {
        Some(quality) => pixels.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))?,
        None => pixels.write_to(&mut bytes, ImageFormat::Png)?,
    }
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::image::decode::Header;
    use crate::detect::image::synthetic::{photo, saved};

    #[test]
    fn every_change_does_what_its_name_says_and_the_same_each_time() {
        let material = Material::Image(saved(&photo(1, 260), ImageFormat::Png));
        for change in ALL {
            let changed = change.apply(&material).unwrap();
            assert_eq!(changed, change.apply(&material).unwrap());
            let header = Header::read(bytes(&changed).unwrap()).unwrap();
            let side = if change.half {
                130
            } else if change.crop {
                208
            } else {
                260
            };
            assert_eq!((header.width, header.height), (side, side), "{}", change.id);
            let quality = header.jpeg.map(|jpeg| crate::detect::image::jpeg::quality(jpeg.luma().unwrap()).0);
            assert_eq!(quality, change.quality.map(u32::from), "{}", change.id);
        }
    }

    #[test]
    fn what_happens_every_day_is_marked_as_such() {
        let everyday: Vec<&str> = ALL.iter().filter(|change| change.everyday).map(|change| change.id).collect();
        assert_eq!(everyday, ["jpeg-90", "half-size", "crop"]);
    }
}
