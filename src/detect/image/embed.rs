//! What a general model of pictures sees in one. In: a picture, and a folder with CLIP or DINOv2 that the user names (`folder`). Out: its vector, of length 1.
//!
//! A linear probe on such vectors finds pictures of generators it was never trained on better than a network trained on pictures of one (Ojha, Li and Lee
//! 2023, "Towards universal fake image detectors that generalize across generative models"). It sees what a picture shows as well: trained on
//! portraits and landscapes it tells portraits from landscapes. So both kinds of a corpus have to show the same things.

use std::path::Path;
use std::sync::LazyLock;

use super::decode::{Picture, bytes};
use crate::detect::error::DetectError;
use crate::detect::features::{Detector, Features, Minimum};
use crate::detect::material::{Abstention, Material, Modality};
use crate::detect::registry::Setup;
use crate::model::candle::encoder::Vision;

/// Widest vector.
const WIDEST: usize = 4096;

/// Names of the numbers of a vector, for models of any width.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| (0..WIDEST).map(|at| &*format!("embedding-{at}").leak()).collect());

/// The detector `image-embed`.
pub struct Embed {
    vision: Vision,
}

impl Embed {
    /// Opens the model in the folder that `setup` names, seen from `root`.
    ///
    /// # Errors
    /// [`DetectError::Corpus`] without a folder; [`DetectError::Model`] when no model can be read there.
    pub fn open(setup: &Setup, root: Option<&Path>) -> Result<Self, DetectError> {
        let missing = || {
            let help =
                "name it: folder = \"models/clip-vit-base-patch32\", with config.json, preprocessor_config.json and model.safetensors";
            DetectError::corpus("image-embed needs the folder of a vision model (CLIP or DINOv2)", help)
        };
        let folder = root.unwrap_or(Path::new(".")).join(setup.get("folder").ok_or_else(missing)?);
        let vision = Vision::open(&folder)?;
        if vision.width() > WIDEST {
            let help = "take a smaller model";
            return Err(DetectError::file(&folder, format!("its vectors have {} numbers, over {WIDEST}", vision.width()), help));
        }
        Ok(Self { vision })
    }
}

impl Detector for Embed {
    fn id(&self) -> &'static str {
        "image-embed"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Image
    }

    /// What the model sees of a picture, and half of it: below, most of what it sees would be made by resizing.
    fn minimum(&self) -> Minimum {
        let side = self.vision.side() as f64;
        Minimum { statement: side, hint: side / 2.0, unit: "pixels" }
    }

    fn dense(&self) -> &[&'static str] {
        &NAMES[..self.vision.width()]
    }

    /// Strong: the vectors have more numbers than most corpora have pictures.
    fn penalty(&self) -> f64 {
        1e-1
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(self.vision.fingerprint())
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let picture = Picture::read(bytes(material)?)?;
        let (extent, needed) = (f64::from(picture.header.width.min(picture.header.height)), self.minimum().hint);
        if extent < needed {
            return Err(Abstention::TooLittle { found: extent, needed, unit: "pixels".to_owned() });
        }
        let failed = |error: candle_core::Error| Abstention::Unreadable { why: format!("the model cannot compute it: {error}") };
        let vector = self.vision.embed(&picture.flat()).map_err(failed)?;
        let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt().max(1e-12);
        Ok(Features { dense: vector.iter().map(|value| (f64::from(*value) / length) as f32).collect(), sparse: Vec::new(), extent })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn embed(name: &str) -> Embed {
        let setup = Setup::from([("folder".to_owned(), format!("tests/checkpoints/vision/{name}"))]);
        Embed::open(&setup, Some(Path::new(env!("CARGO_MANIFEST_DIR")))).unwrap()
    }

    fn picture(width: u32, height: u32) -> Material {
        let pixels =
            image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x * 3 % 256, y * 5 % 256, x * y % 256].map(|value| value as u8)));
        let mut bytes = std::io::Cursor::new(Vec::new());
        pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        Material::Image(bytes.into_inner())
    }

    #[test]
    fn a_picture_becomes_a_vector_of_length_one_with_a_name_for_every_number() {
        for name in ["clip", "dinov2"] {
            let detector = embed(name);
            let features = detector.read(&picture(60, 40)).unwrap();
            let length: f32 = features.dense.iter().map(|value| value * value).sum();
            assert!((length - 1.0).abs() < 1e-5 && features.extent == 40.0, "{name}: {length}");
            assert_eq!((features.dense.len(), detector.dense().len(), detector.dense()[15]), (16, 16, "embedding-15"));
            assert_eq!(features, detector.read(&picture(60, 40)).unwrap());
            assert_ne!(features.dense, detector.read(&picture(40, 60)).unwrap().dense);
        }
    }

    #[test]
    fn two_models_have_two_fingerprints() {
        assert_ne!(embed("clip").fingerprint(), embed("dinov2").fingerprint());
    }

    #[test]
    fn small_pictures_broken_ones_and_other_kinds_are_abstained_from() {
        let detector = embed("clip");
        assert_eq!(detector.minimum(), Minimum { statement: 32.0, hint: 16.0, unit: "pixels" });
        let why = |material: &Material| detector.read(material).unwrap_err().to_string();
        assert_eq!(why(&picture(300, 15)), "15 pixels, and 16 are needed");
        assert_eq!(why(&Material::Text("a".to_owned())), "it is no image");
        let Material::Image(whole) = picture(60, 40) else { panic!() };
        assert!(why(&Material::Image(whole[..whole.len() / 2].to_vec())).contains("cannot be read"));
        assert!(why(&Material::Image(vec![0x89])).contains("cannot be read"));
    }

    #[test]
    fn without_a_folder_or_with_a_wrong_one_it_is_told_what_is_needed() {
        let problem = |setup: Setup| Embed::open(&setup, None).err().unwrap().to_string();
        assert!(problem(Setup::new()).contains("needs the folder of a vision model"));
        let wrong = |folder: &str| problem(Setup::from([("folder".to_owned(), folder.to_owned())]));
        assert!(wrong("/nowhere").contains("/nowhere/config.json: cannot be read"));
        let texts = format!("{}/tests/checkpoints/encoders/bert", env!("CARGO_MANIFEST_DIR"));
        assert!(wrong(&texts).contains("config.json: describes a model of the kind `bert`"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_bytes_make_it_panic(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let Material::Image(mut changed) = picture(40, 40) else { panic!() };
            places.iter().for_each(|(place, value)| *place.get_mut(&mut changed) = *value);
            for bytes in [bytes, changed] {
                if let Ok(features) = embed("clip").read(&Material::Image(bytes)) {
                    prop_assert!(features.dense.iter().all(|number| number.is_finite()));
                }
            }
        }
    }
}
