//! All detectors. A new one is one file and one line here.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::DetectError;
use super::features::Detector;

/// What a detector was set up with: `model` -> `smol` and the like. Stands in the card of a trained detector.
pub type Setup = BTreeMap<String, String>;

/// Names of detectors, then of controls (what a detector has to beat: they see the packaging only).
pub const NAMES: [&str; 1] = ["text-lm"];

/// The detector of this name. `root` is the folder of `lupe.toml`, for those that need a model.
///
/// # Errors
/// [`DetectError::Unknown`]; what the detector needs and does not find.
pub fn open(name: &str, setup: &Setup, root: Option<&Path>) -> Result<Box<dyn Detector>, DetectError> {
    if name == "text-lm" {
        return super::text::lm::open(setup, root);
    }
    let nearest = NAMES.iter().max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    let help = nearest.map_or_else(String::new, |near| format!("did you mean `{near}`? There are: {}", NAMES.join(", ")));
    Err(DetectError::Unknown { name: name.to_owned(), help })
}
