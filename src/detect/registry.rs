//! All detectors. A new one is one file and one line here.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::DetectError;
use super::features::Detector;
use super::image;
use super::material::Modality;
use super::sound;
use super::variants::Variant;

/// What a detector was set up with: `model` -> `smol` and the like. Stands in the card of a trained detector.
pub type Setup = BTreeMap<String, String>;

/// Names of detectors, then of controls (what a detector has to beat: they see the packaging only).
pub const NAMES: [&str; 5] = ["sound", "image-traces", "image-embed", "sound-metadata", "image-metadata"];

/// The detector of this name. `root` is the folder of `lupe.toml`, for those that need a model.
///
/// # Errors
/// [`DetectError::Unknown`]; what the detector needs and does not find.
pub fn open(name: &str, setup: &Setup, root: Option<&Path>) -> Result<Box<dyn Detector>, DetectError> {
    match name {
        "sound" => return Ok(Box::new(sound::Sound)),
        "sound-metadata" => return Ok(Box::new(sound::Metadata)),
        "image-traces" => return Ok(Box::new(image::traces::ImageTraces)),
        "image-metadata" => return Ok(Box::new(image::metadata::ImageMetadata)),
        #[cfg(feature = "local")]
        "image-embed" => return Ok(Box::new(image::embed::Embed::open(setup, root)?)),
        #[cfg(not(feature = "local"))]
        "image-embed" => {
            let _ = (setup, root);
            return Err(DetectError::corpus("image-embed computes a model in this process", "build Lupe with the feature `local`"));
        }
        _ => {}
    }
    let nearest = NAMES.iter().max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    let help = nearest.map_or_else(String::new, |near| format!("did you mean `{near}`? There are: {}", NAMES.join(", ")));
    Err(DetectError::Unknown { name: name.to_owned(), help })
}

/// The changes that are tried on a material of this kind.
pub fn variants(modality: Modality) -> Vec<Box<dyn Variant>> {
    match modality {
        Modality::Image => image::variants::all(),
        Modality::Sound => sound::variants::all(),
        Modality::Text => Vec::new(),
    }
}
