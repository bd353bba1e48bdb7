//! What a recording's file is like. In: a WAV file. Out: five numbers that its sound has no part in.
//!
//! Generators write files of their own rate, depth and length. A corpus whose recordings differ there is told apart by this control, and whoever trains
//! on it learns the packaging; so a detector has to beat it.

use super::wav::Facts;
use crate::detect::features::{Detector, Features, Minimum};
use crate::detect::material::{Abstention, Material, Modality};

/// Names of the numbers: logarithm of the rate to base 2, bits per sample, whether these are floats, channels, natural logarithm of the length in seconds.
const NAMES: [&str; 5] = ["log2-rate", "bits", "float", "channels", "log-seconds"];

/// The control `sound-metadata`.
#[derive(Clone, Copy, Debug)]
pub struct Metadata;

impl Detector for Metadata {
    fn id(&self) -> &'static str {
        "sound-metadata"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Sound
    }

    fn minimum(&self) -> Minimum {
        Minimum { statement: 0.0, hint: 0.0, unit: "seconds" }
    }

    fn dense(&self) -> &[&'static str] {
        &NAMES
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let facts = Facts::of(material)?;
        let (rate, extent) = (f64::from(facts.rate), facts.seconds());
        let numbers =
            [libm::log2(rate), f64::from(facts.bits), f64::from(u8::from(facts.float)), f64::from(facts.channels), libm::log(extent)];
        Ok(Features { dense: numbers.map(|number| number as f32).to_vec(), sparse: Vec::new(), extent })
    }
}
