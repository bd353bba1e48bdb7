//! Pictures: what lies in their pixels ([`traces`]) and what merely lies in their packaging ([`metadata`], the control that has to be beaten).
//!
//! In: the bytes of a file. Out: features for [`super::linear`], and pictures of the traces for people. All decoding goes through [`decode`], which
//! refuses what would not fit into memory.

pub mod decode;
#[cfg(feature = "local")]
pub mod embed;
pub mod jpeg;
pub mod metadata;
#[cfg(test)]
mod synthetic;
pub mod traces;
pub mod variants;

use super::features::Minimum;
use super::material::Abstention;

/// What detector and control need, in pixels of the shorter side: 256 hold nine overlapping tiles of the spectrum and a thousand blocks, 128 one
/// tile and 256 blocks.
const MINIMUM: Minimum = Minimum { statement: 256.0, hint: 128.0, unit: "pixels" };

/// Refuses pictures below the minimum; else their shorter side.
fn extent(width: u32, height: u32) -> Result<f64, Abstention> {
    let found = f64::from(width.min(height));
    if found < MINIMUM.hint {
        return Err(Abstention::TooLittle { found, needed: MINIMUM.hint, unit: MINIMUM.unit.to_owned() });
    }
    Ok(found)
}
