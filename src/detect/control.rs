//! What every detector has to beat: controls see nothing of how a work is made.
//!
//! [`Length`] sees how long a text or recording is and how large a picture; [`Language`] sees the language of a text. Where a detector tells no more apart than these, it
//! has learned the packaging of the corpus.

use super::features::{Detector, Features, Minimum};
use super::image::decode::Header;
use super::material::{Abstention, Material, Modality, words};
use super::sound::Facts;
use crate::lang::identify::{Found, detect};

/// Buckets in which length grows by the factor e: each is 28 % longer than the one before, so that it shows if one class is always of middle length.
const STEPS: f64 = 4.0;
const BUCKETS: usize = 128;

/// Reads the length: words, pixels, seconds.
#[derive(Clone, Copy, Debug)]
pub struct Length(pub Modality);

impl Length {
    fn unit(self) -> &'static str {
        match self.0 {
            Modality::Text => "words",
            Modality::Image => "pixels",
            Modality::Sound => "seconds",
        }
    }

    fn extent(self, material: &Material) -> Result<f64, Abstention> {
        match (self.0, material) {
            (Modality::Text, Material::Text(text)) => Ok(words(text).count() as f64),
            (Modality::Image, Material::Image(bytes)) => {
                let Header { width, height, .. } = Header::read(bytes)?;
                Ok(f64::from(width) * f64::from(height))
            }
            (Modality::Sound, Material::Sound(_)) => Ok(Facts::of(material)?.seconds()),
            _ => Err(Abstention::OtherModality { needs: self.0 }),
        }
    }
}

impl Detector for Length {
    fn id(&self) -> &'static str {
        "length"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        self.0
    }

    fn minimum(&self) -> Minimum {
        Minimum { statement: 0.0, hint: 0.0, unit: self.unit() }
    }

    /// Natural logarithm of 1 + length.
    fn dense(&self) -> &[&'static str] {
        &["log-length"]
    }

    fn buckets(&self) -> usize {
        BUCKETS
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let extent = self.extent(material)?;
        let log = libm::log1p(extent);
        let bucket = ((log * STEPS) as usize).min(BUCKETS - 1) as u32;
        Ok(Features { dense: vec![log as f32], sparse: vec![(bucket, 1.0)], extent })
    }
}

/// Reads the language of a text: German, English, another, or none that is clear.
#[derive(Clone, Copy, Debug)]
pub struct Language;

impl Detector for Language {
    fn id(&self) -> &'static str {
        "language"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Text
    }

    fn minimum(&self) -> Minimum {
        Minimum { statement: 0.0, hint: 0.0, unit: "words" }
    }

    fn dense(&self) -> &[&'static str] {
        &["german", "english", "other"]
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let Material::Text(text) = material else {
            return Err(Abstention::OtherModality { needs: Modality::Text });
        };
        let found = detect(text).ok();
        let dense = [Found::German, Found::English, Found::Other].map(|language| f32::from(u8::from(found == Some(language)))).to_vec();
        Ok(Features { dense, sparse: Vec::new(), extent: words(text).count() as f64 })
    }
}
