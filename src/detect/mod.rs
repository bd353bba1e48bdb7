//! Real or generated: what can be said about a file, and what cannot.
//!
//! In: files. Out: what each declares about itself ([`provenance`]) and what detectors say about it ([`decision`]). Nothing here ever says "real": that a file declares
//! nothing proves nothing, and a detector that sees nothing has not seen anything.
//!
//! A [`features::Detector`] turns material into numbers, one logistic regression ([`linear`]) turns these into a score, human works of the same kind
//! ([`calibration`]) give the score a meaning. [`registry`] names all detectors.

pub mod answers;
pub mod calibration;
pub mod control;
pub mod corpus;
pub mod decision;
pub mod error;
pub mod evaluate;
pub mod examined;
pub mod features;
pub mod image;
pub mod linear;
pub mod material;
pub mod page;
pub mod provenance;
pub mod registry;
pub mod sound;
pub mod text;
#[cfg(test)]
pub(crate) mod toy;
pub mod trained;
pub mod variants;
