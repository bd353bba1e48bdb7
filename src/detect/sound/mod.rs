//! Recordings of voices, real or generated. In: a WAV file. Out: sixty numbers about its sound ([`Sound`]), five about its packaging
//! ([`Metadata`], the control that a detector has to beat), a picture of its frequencies.
//!
//! `wav.rs` reads and writes, `resample.rs` brings everything to 16 kHz, `lfcc.rs` computes, `spectrogram.rs` draws, `variants.rs` changes
//! recordings as everyday work does.

mod lfcc;
mod metadata;
mod resample;
mod spectrogram;
pub mod variants;
mod wav;

pub use metadata::Metadata;

use self::lfcc::Analysis;
pub(super) use self::wav::Facts;
use self::wav::Recording;
use super::features::{Detector, Features, Minimum, Shown, Trace};
use super::material::{Abstention, Material, Modality};

/// Statistics of cepstral coefficients of the voiced part (`lfcc.rs`). What the file is like (rate, bit depth, channels, loudness) does not reach them.
#[derive(Clone, Copy, Debug)]
pub struct Sound;

impl Detector for Sound {
    fn id(&self) -> &'static str {
        "sound"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Sound
    }

    fn minimum(&self) -> Minimum {
        Minimum { statement: 3.0, hint: 1.5, unit: "seconds" }
    }

    fn dense(&self) -> &[&'static str] {
        &lfcc::NAMES
    }

    /// Strong: corpora of recordings are small, and neighbouring coefficients say much the same.
    fn penalty(&self) -> f64 {
        1e-1
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let (analysis, needed) = (analyse(material)?, self.minimum().hint);
        let extent = analysis.seconds();
        if extent < needed {
            return Err(Abstention::TooLittle { found: extent, needed, unit: "seconds".to_owned() });
        }
        Ok(Features { dense: analysis.statistics(), sparse: Vec::new(), extent })
    }

    fn traces(&self, material: &Material) -> Vec<Trace> {
        let picture = analyse(material).ok().and_then(|analysis| spectrogram::draw(&analysis));
        picture.map(|picture| Trace { name: "sound-spectrogram", shown: Shown::Picture(picture) }).into_iter().collect()
    }
}

/// The spectra of a recording, at the one rate at which all are compared.
fn analyse(material: &Material) -> Result<Analysis, Abstention> {
    let recording = Recording::read(material)?;
    if recording.rate < lfcc::RATE {
        let [found, needed] = [recording.rate, lfcc::RATE].map(f64::from);
        return Err(Abstention::TooLittle { found, needed, unit: "hertz".to_owned() });
    }
    Ok(Analysis::new(&resample::resample(&recording.samples, recording.rate, lfcc::RATE)))
}

#[cfg(test)]
mod tests;
