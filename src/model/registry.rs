//! From what a user writes (`balanced`, `candle:FOLDER`, `recorded:MAPPING.toml#NAME`, a name in `lupe.toml`) to an opened model.
//!
//! A new kind of model is one file beside this one and one line in [`KINDS`].

use std::path::Path;

use super::settings::{self, Settings};
use super::{Backend, Card, Destination, Limits, ModelError};
use crate::probe::suggestion;

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
    &settings::KIND,
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
        let (prefix, target) = match spec.split_once(':').filter(|(prefix, _)| prefix.len() > 1) {
            Some(parts) => parts,
            None if Settings::read(root)?.models.contains_key(spec) => (settings::KIND.prefix, spec),
            None => ("reference", spec),
        };
        let Some(kind) = KINDS.iter().find(|kind| kind.prefix == prefix) else {
            return Err(also_named(unknown(spec, None), root));
        };
        let names = (kind.names)(target, root).map_err(|error| also_named(error, root))?;
        if names.is_empty() {
            return Err(also_named(unknown(spec, None), root));
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

    /// Where the prompts will go and the limits that hold, before anything is opened or sent.
    ///
    /// # Errors
    /// Problems of `lupe.toml`; an address that is none or not permitted.
    pub fn reach(&self, root: Option<&Path>) -> Result<(Destination, Limits), ModelError> {
        if self.kind.prefix != settings::KIND.prefix {
            return Ok((Destination::InProcess, Limits::default()));
        }
        match Settings::read(root)?.models.get(&self.target) {
            Some(model) => Ok((model.destination(&self.name)?, model.limits())),
            None => Err(also_named(unknown(&self.target, None), root)),
        }
    }
}

#[cfg(feature = "local")]
impl ModelSpec {
    /// For weights in this process whose products are rounded: how far that moves log-probabilities, in nats, on a known text.
    ///
    /// # Errors
    /// As [`ModelSpec::open`].
    pub fn rounding(&self, root: Option<&Path>) -> Result<Option<f64>, ModelError> {
        let Some((path, precision)) = self.weights(root)? else { return Ok(None) };
        if precision == settings::Precision::F32 {
            return Ok(None);
        }
        super::candle::rounding(&self.name, &path).map(Some)
    }

    /// Open it for reading texts token by token.
    ///
    /// # Errors
    /// As [`ModelSpec::open`]; a model whose weights are not on this machine shows no distributions.
    pub fn reader(&self, root: Option<&Path>) -> Result<super::candle::Reader, ModelError> {
        match self.weights(root)? {
            Some((path, precision)) => super::candle::open_reader(&self.name, &path, precision),
            None => Err(ModelError::Compute {
                model: self.name.clone(),
                problem: "whole distributions are needed, and only weights in this process show them: a folder, a GGUF file, \
                          kind = \"candle\" in lupe.toml, or a model from `lupe models fetch`"
                    .to_owned(),
            }),
        }
    }

    /// Where weights lie that are computed in this process, and in which precision.
    fn weights(&self, root: Option<&Path>) -> Result<Option<(std::path::PathBuf, settings::Precision)>, ModelError> {
        use super::candle;
        let settings = Settings::read(root)?;
        match (self.kind.prefix, settings.models.get(&self.target)) {
            ("candle", _) => candle::split(&self.target).map(|(path, precision)| Some((path.to_owned(), precision))),
            ("hub", _) => super::fetch::folder(&self.target).map(|path| Some((path, settings::Precision::F32))),
            ("named", Some(settings::ModelSettings::Candle(named))) => {
                Ok(Some((root.unwrap_or(Path::new(".")).join(&named.path), named.precision)))
            }
            _ => Ok(None),
        }
    }
}

/// To what can be written instead of an unknown name, add what the user's own file has.
fn also_named(error: ModelError, root: Option<&Path>) -> ModelError {
    let ModelError::Unknown { name, help } = error else { return error };
    let named: Vec<String> = Settings::read(root).map(|settings| settings.models.into_keys().collect()).unwrap_or_default();
    let has = match suggestion(&name, named.iter().map(String::as_str)) {
        Some(has) if has.starts_with("did") => format!("{has} "),
        Some(_) => format!("{} has {}; ", settings::FILE, named.join(", ")),
        None => String::new(),
    };
    ModelError::Unknown { name, help: has + &help }
}

/// The error for a name that nothing answers to, with the nearest of `names` if one is near.
pub(super) fn unknown(name: &str, names: Option<&[&str]>) -> ModelError {
    let near = names.and_then(|names| names.iter().min_by_key(|known| strsim::damerau_levenshtein(known, name)));
    let near = near.filter(|known| strsim::damerau_levenshtein(known, name) <= 3).map(|known| format!("did you mean `{known}`? "));
    let forms = KINDS.iter().map(|kind| kind.form).collect::<Vec<_>>().join(", ");
    ModelError::Unknown { name: name.to_owned(), help: format!("{}a model is written as {forms}", near.unwrap_or_default()) }
}
