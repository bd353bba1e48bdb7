//! Detectors of texts. In: a text. Out: [`crate::detect::features::Features`], what its characters hide ([`unicode`]), the sentences that weigh most ([`sentences`]).

pub mod lm;
pub mod segment;
pub mod sentences;
pub mod style;
pub mod unicode;
pub mod variants;

use super::features::Minimum;
use super::material::{Abstention, Material, Modality, words};

/// A text as its readers see it ([`unicode`]), at most `longest` bytes of it as it came and at least a hint's worth of words, with their number.
///
/// # Errors
/// [`Abstention`]: no text, too long, too short.
fn readable(material: &Material, longest: usize, minimum: Minimum) -> Result<(String, f64), Abstention> {
    let Material::Text(text) = material else { return Err(Abstention::OtherModality { needs: Modality::Text }) };
    if text.len() > longest {
        let most = if longest >> 20 > 0 { format!("{} MiB", longest >> 20) } else { format!("{} KiB", longest >> 10) };
        return Err(Abstention::TooLarge { what: format!("a text of over {most}") });
    }
    let text = unicode::clean(text).text;
    let found = words(&text).count() as f64;
    if found < minimum.hint {
        return Err(Abstention::TooLittle { found, needed: minimum.hint, unit: minimum.unit.to_owned() });
    }
    Ok((text, found))
}
