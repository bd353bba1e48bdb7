//! Lupe: a bias and authenticity exploration lab for generative AI in culture.
#![warn(missing_docs)]

pub mod stats;
