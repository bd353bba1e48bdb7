//! The seam of detection: a [`Detector`] turns material into numbers; one logistic regression ([`super::linear`]) turns numbers into a score.
//!
//! Every detector and every control is a `Detector`, so that training, calibration and evaluation are the same for all of them. A new detector is one
//! file and one line in [`super::registry`].

use super::material::{Abstention, Material, Modality};

/// What a detector makes of one material.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// One number for each name of [`Detector::dense`], finite.
    pub dense: Vec<f32>,
    /// Buckets of hashed features with their values, in ascending order of buckets, each below [`Detector::buckets`].
    pub sparse: Vec<(u32, f32)>,
    /// How much there was to go by, in the unit of [`Detector::minimum`].
    pub extent: f64,
}

/// How much a detector needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimum {
    /// From here it makes a statement.
    pub statement: f64,
    /// From here it gives a weak hint; below, nothing.
    pub hint: f64,
    /// `words`, `pixels` (of the shorter side), `seconds`.
    pub unit: &'static str,
}

/// Something that a person can look at: what the detector saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Key of its caption in the wording: `trace-NAME`.
    pub name: &'static str,
    /// Picture (PNG), or text.
    pub shown: Shown,
}

/// What a trace consists of.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A picture as the bytes of a PNG.
    Picture(Vec<u8>),
    /// Lines of text.
    Lines(Vec<String>),
}

/// Turns material into numbers.
pub trait Detector: Send + Sync {
    /// Its name, for instance `text-style`.
    fn id(&self) -> &'static str;

    /// Rises whenever the same material gives other numbers.
    fn version(&self) -> u32;

    /// What it reads.
    fn modality(&self) -> Modality;

    /// How much it needs.
    fn minimum(&self) -> Minimum;

    /// Names of the dense features.
    fn dense(&self) -> &[&'static str];

    /// Number of buckets of hashed features.
    fn buckets(&self) -> usize {
        0
    }

    /// Strength of the penalty that [`super::linear::Linear::fit`] trains it with: a constant of the detector, fixed with its features and never chosen on a test set.
    fn penalty(&self) -> f64 {
        1e-2
    }

    /// Hash of everything beyond [`Detector::version`] that decides about its numbers, for instance of weights.
    fn fingerprint(&self) -> Option<&str> {
        None
    }

    /// The numbers. The same material gives the same bits, in any company.
    ///
    /// # Errors
    /// [`Abstention`] where nothing can be said.
    fn read(&self, material: &Material) -> Result<Features, Abstention>;

    /// What it saw, for people to look at.
    fn traces(&self, _material: &Material) -> Vec<Trace> {
        Vec::new()
    }
}
