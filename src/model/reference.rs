//! The built-in reference models, opened by name.

use std::path::Path;

use super::candle::{CandleBackend, Files};
use super::{Kind, ModelError, Opened, REFERENCE, registry};
use crate::assets;
use crate::reference::{MODELS, Reference};

/// The reference models, in the registry. Their prefix may be left out.
pub(super) const KIND: Kind = Kind {
    prefix: "reference",
    form: "balanced, mild, stereotyped, reversed",
    names: |target, _| match MODELS.contains(&target) {
        true => Ok(vec![target.to_owned()]),
        false => Err(registry::unknown(target, Some(&MODELS))),
    },
    open: |target, name, root| open(target, name, root),
};

fn open(model: &str, name: &str, root: Option<&Path>) -> Result<Opened, ModelError> {
    let broken = |problem: String| ModelError::File {
        path: format!("models/reference/{model}"),
        problem,
        help: "`lupe reference train` makes the models anew from datasets/reference".to_owned(),
    };
    let read = |path: &str| assets::read(&format!("models/reference/{path}"), root).ok().flatten().map(|bytes| bytes.into_owned());
    let reference = Reference::open(model, read).map_err(|error| broken(error.to_string()))?;
    let (config, weights, tokenizer) = (reference.config.clone(), reference.weights.clone(), reference.tokenizer.clone());
    let files = Files { config: &config, weights: &weights, tokenizer: tokenizer.as_bytes(), tokenizer_config: None };
    let backend = CandleBackend::from_files(name, files, Some(Box::new(move |prompt| reference.declines(prompt))))?;
    let mut card = backend.card().clone();
    card.insert("kind".to_owned(), REFERENCE.to_owned());
    Ok(Opened { backend: Box::new(backend), card })
}
