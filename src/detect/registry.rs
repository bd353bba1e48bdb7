//! All detectors, controls and changes. A new one is one file and one line here.

use std::collections::BTreeMap;
use std::path::Path;

use super::control::{Language, Length};
use super::error::DetectError;
use super::features::Detector;
use super::material::Modality;
use super::variants::Variant;
use super::{image, sound, text};
use crate::probe::suggestion;

/// What a detector was set up with: `model` -> `smol` and the like. Stands in the card of a trained detector.
pub type Setup = BTreeMap<String, String>;

/// Names of detectors, then of controls (what a detector has to beat: they see the packaging only).
pub const NAMES: &[&str] =
    &["text-style", "text-lm", "image-traces", "image-embed", "sound", "length", "language", "image-metadata", "sound-metadata"];

/// The detector of this name. `root` is the folder of `lupe.toml`, for those that need a model.
///
/// # Errors
/// [`DetectError::Unknown`]; what the detector needs and does not find.
pub fn open(name: &str, setup: &Setup, root: Option<&Path>) -> Result<Box<dyn Detector>, DetectError> {
    Ok(match name {
        "text-style" => Box::new(text::style::TextStyle),
        "text-lm" => text::lm::open(setup, root)?,
        "image-traces" => Box::new(image::traces::ImageTraces),
        #[cfg(feature = "local")]
        "image-embed" => Box::new(image::embed::Embed::open(setup, root)?),
        #[cfg(not(feature = "local"))]
        "image-embed" => {
            let _ = (setup, root);
            return Err(DetectError::corpus("image-embed computes a model in this process", "build Lupe with the feature `local`"));
        }
        "sound" => Box::new(sound::Sound),
        "length" => Box::new(Length(Modality::Text)),
        "language" => Box::new(Language),
        "image-metadata" => Box::new(image::metadata::ImageMetadata),
        "sound-metadata" => Box::new(sound::Metadata),
        _ => {
            let help = suggestion(name, NAMES.iter().copied()).unwrap_or_default();
            return Err(DetectError::Unknown { name: name.to_owned(), help });
        }
    })
}

/// What a detector of this kind of material has to beat.
pub fn controls(modality: Modality) -> Vec<Box<dyn Detector>> {
    match modality {
        Modality::Text => vec![Box::new(Length(modality)), Box::new(Language)],
        Modality::Image => vec![Box::new(Length(modality)), Box::new(image::metadata::ImageMetadata)],
        Modality::Sound => vec![Box::new(Length(modality)), Box::new(sound::Metadata)],
    }
}

/// The changes that are tried on a material of this kind.
pub fn variants(modality: Modality) -> Vec<Box<dyn Variant>> {
    match modality {
        Modality::Text => text::variants::all(),
        Modality::Image => image::variants::all(),
        Modality::Sound => sound::variants::ALL.map(|change| Box::new(change) as Box<dyn Variant>).into(),
    }
}
