//! `text-lm`: how surprising a text is to a language model of the house. In: a text, and a model or a pair of models on this machine. Out: one feature for each
//! criterion that the setup can compute ([`Criterion`]).
//!
//! Nothing is trained here and no threshold of a paper is used: a number becomes a statement by calibration alone.
//!
//! Setup: `model` (a name in `lupe.toml`, a folder, a GGUF file; also `candle:…`, `hub:…`), `second` (another one with the same vocabulary), `criterion` (the name
//! of one criterion, or `all`, which is what holds when it is left out). A text is tokenised by `model`; ids are given to both models.

#[cfg(feature = "local")]
mod criteria;
#[cfg(feature = "local")]
mod detector;
#[cfg(feature = "local")]
mod windows;

#[cfg(all(test, feature = "local"))]
mod tests;

#[cfg(feature = "local")]
pub use criteria::Criterion;
#[cfg(feature = "local")]
pub use detector::open;

#[cfg(not(feature = "local"))]
/// Without models in this process there is no such detector.
///
/// # Errors
/// Always.
pub fn open(
    _: &super::super::registry::Setup,
    _: Option<&std::path::Path>,
) -> Result<Box<dyn super::super::features::Detector>, super::super::error::DetectError> {
    let problem = "this Lupe was built without models in this process".to_owned();
    Err(super::super::error::DetectError::Setup { problem, help: "build it with the feature `local`".to_owned() })
}
