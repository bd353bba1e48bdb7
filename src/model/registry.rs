//! From what a user writes (`balanced`, `candle:FOLDER`, `recorded:MAPPING.toml#NAME`) to an opened model.
//!
//! A new kind of model is one file beside this one and one line in [`KINDS`].

use std::path::Path;

use super::{Backend, Card, ModelError};

/// An opened model with facts for manifest and report.
pub struct Opened {
    /// What answers.
    pub backend: Box<dyn Backend>,
    /// Architecture, parameters, file hashes, …
    pub card: Card,
}

/// A kind of model: its prefix, the models that a target stands for, and how one of them is opened.
pub struct Kind {
    /// What stands before the colon.
    pub prefix: &'static str,
    /// What the user writes, for help and errors.
    pub form: &'static str,
    /// Names of the models that a target (what stands behind the colon) stands for.
    pub names: fn(target: &str, root: Option<&Path>) -> Result<Vec<String>, ModelError>,
    /// Open one of them.
    pub open: fn(target: &str, name: &str, root: Option<&Path>) -> Result<Opened, ModelError>,
}

/// All kinds.
const KINDS: &[&Kind] = &[
    #[cfg(feature = "local")]
    &super::reference::KIND,
    #[cfg(feature = "local")]
    &super::candle::KIND,
    #[cfg(feature = "local")]
    &super::fetch::KIND,
    &super::recorded::KIND,
];

/// One model that can be opened, more than once if need be (each worker opens its own).
#[derive(Clone)]
pub struct ModelSpec {
    /// Name in the run.
    pub name: String,
    kind: &'static Kind,
    target: String,
}

impl ModelSpec {
    /// The models that a specification stands for: one, or all of a mapping.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] with what can be written instead; errors of files that must be read to know the names.
    pub fn resolve(spec: &str, root: Option<&Path>) -> Result<Vec<Self>, ModelError> {
        // `C:\models` is a path, not a kind: prefixes have more than one letter.
        let (prefix, target) = spec.split_once(':').filter(|(prefix, _)| prefix.len() > 1).unwrap_or(("reference", spec));
        let Some(kind) = KINDS.iter().find(|kind| kind.prefix == prefix) else {
            return Err(unknown(spec, None));
        };
        let names = (kind.names)(target, root)?;
        if names.is_empty() {
            return Err(unknown(spec, None));
        }
        Ok(names.into_iter().map(|name| Self { name, kind, target: target.to_owned() }).collect())
    }

    /// Open it.
    ///
    /// # Errors
    /// [`ModelError`] naming the file that is missing or broken.
    pub fn open(&self, root: Option<&Path>) -> Result<Opened, ModelError> {
        (self.kind.open)(&self.target, &self.name, root)
    }
}

/// The error for a name that nothing answers to, with the nearest of `names` if one is near.
pub(super) fn unknown(name: &str, names: Option<&[&str]>) -> ModelError {
    let near = names.and_then(|names| names.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name)));
    let near = near.filter(|known| strsim::damerau_levenshtein(known, name) <= 3).map(|known| format!("did you mean `{known}`? "));
    let forms = KINDS.iter().map(|kind| kind.form).collect::<Vec<_>>().join(", ");
    ModelError::Unknown { name: name.to_owned(), help: format!("{}a model is written as {forms}", near.unwrap_or_default()) }
}
