//! Changes of a recording that leave a listener with the same voice. In: a WAV file. Out: another, of one channel with 16-bit integers.
//!
//! There is none that compresses (MP3, AAC): nothing here writes such files.

use super::resample::resample;
use super::wav::Recording;
use crate::detect::material::{Abstention, Material, Modality};
use crate::detect::variants::Variant;
use crate::stats::rng::Random;

/// A change of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Written anew in 16 bits, with triangular noise of one step as programs add it (Lipshitz, Wannamaker and Vanderkooy 1992).
    Rewritten,
    /// Half as loud: 6 dB less.
    Quieter,
    /// The first and the last tenth cut off.
    Cut,
    /// At 8 kHz as over a telephone, and back.
    Telephone,
    /// White noise 30 dB below the recording.
    Noise,
}

/// All changes of recordings.
pub fn all() -> Vec<Box<dyn Variant>> {
    ALL.into_iter().map(|change| Box::new(change) as Box<dyn Variant>).collect()
}

/// All changes by their name.
pub const ALL: [Change; 5] = [Change::Rewritten, Change::Quieter, Change::Cut, Change::Telephone, Change::Noise];

impl Variant for Change {
    fn id(&self) -> &'static str {
        match self {
            Self::Rewritten => "rewritten",
            Self::Quieter => "quieter",
            Self::Cut => "cut",
            Self::Telephone => "telephone",
            Self::Noise => "noise",
        }
    }

    fn modality(&self) -> Modality {
        Modality::Sound
    }

    fn everyday(&self) -> bool {
        matches!(self, Self::Rewritten | Self::Quieter | Self::Cut)
    }

    fn apply(&self, material: &Material) -> Result<Material, Abstention> {
        let Recording { rate, mut samples } = Recording::read(material)?;
        let mut random = Random::new(0, self.id());
        match self {
            Self::Rewritten => samples.iter_mut().for_each(|sample| *sample += ((random.uniform() - random.uniform()) / 32_768.0) as f32),
            Self::Quieter => samples.iter_mut().for_each(|sample| *sample *= 0.5),
            Self::Cut => samples = samples[samples.len() / 10..samples.len() - samples.len() / 10].to_vec(),
            Self::Telephone => samples = resample(&resample(&samples, rate, 8_000), 8_000, rate),
            Self::Noise => {
                let square = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len() as f64;
                let level = (square / 1000.0).sqrt();
                samples.iter_mut().for_each(|sample| *sample += (random.normal() * level) as f32);
            }
        }
        Recording { rate, samples }.write()
    }
}
