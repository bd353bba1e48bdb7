//! Detectors of texts.

pub mod lm;
