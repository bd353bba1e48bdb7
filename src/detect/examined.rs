//! One file looked at from all sides. In: a file, trained detectors, the declared kind. Out: [`Examined`], what its JSON file and its page hold.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::decision::{Reason, Statement, state};
use super::material::{Abstention, Material};
use super::provenance::{CredentialReader, Provenance, look};
use super::text::unicode::{Finding, clean};
use super::trained::Trained;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examined {
    /// What it declares about itself.
    pub provenance: Provenance,
    /// Characters in a text that are not what they seem.
    #[serde(default)]
    pub characters: Vec<Finding>,
    /// The kind of text, picture or recording that was declared.
    pub domain: Option<String>,
    /// What each detector says, in the order named.
    pub statements: Vec<Statement>,
}

/// Looks at a file; `material` is what [`Material::read`] made of it.
///
/// # Errors
/// As [`look`]. That a detector can say nothing is no error but its statement.
pub fn examine(
    file: &Path,
    material: &Result<Material, Abstention>,
    credentials: &CredentialReader,
    detectors: &[Trained],
    domain: Option<&str>,
) -> io::Result<Examined> {
    let provenance = look(file, credentials)?;
    let statement = |trained: &Trained| match material {
        Ok(material) => state(trained, material, domain),
        Err(why) => Statement::nothing(trained.detector.id(), Reason::Abstains { why: why.clone() }),
    };
    let characters = match material {
        Ok(Material::Text(text)) => clean(text).findings,
        _ => Vec::new(),
    };
    let statements = detectors.iter().map(statement).collect();
    Ok(Examined { provenance, characters, domain: domain.map(str::to_owned), statements })
}
