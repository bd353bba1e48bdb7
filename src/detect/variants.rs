//! Harmless changes of a text, a picture or a recording: under them a statement has to stand ([`super::decision`]), and under attacks an evaluation shows what is
//! left ([`super::evaluate`]).

use super::material::{Abstention, Material, Modality};

/// One change. The same material and the same change give the same bits.
pub trait Variant: Send + Sync {
    /// Its name, for instance `jpeg-75`.
    fn id(&self) -> &'static str;

    /// What it changes.
    fn modality(&self) -> Modality;

    /// Whether an honest owner does it in everyday work (re-encoding, cropping, a typing error), so that a statement has to stand under it.
    fn everyday(&self) -> bool;

    /// The changed material.
    ///
    /// # Errors
    /// [`Abstention`] when it cannot be read.
    fn apply(&self, material: &Material) -> Result<Material, Abstention>;
}
