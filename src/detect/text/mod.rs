//! Detectors of texts. In: a text. Out: [`crate::detect::features::Features`], what its characters hide ([`unicode`]), the sentences that weigh most ([`sentences`]).

pub mod lm;
pub mod segment;
pub mod sentences;
pub mod style;
pub mod unicode;
pub mod variants;
