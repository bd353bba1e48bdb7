//! Fetched models in the registry: `hub:ORG/NAME@REVISION`, or `hub:ORG/NAME@REVISION#FILE` for one GGUF file. Nothing is fetched here.

use std::path::PathBuf;

use super::{Cache, FetchError, ModelName, Snapshot};
use crate::model::{Kind, ModelError, candle};

/// Models in the cache, in the registry. In a run such a model is named `NAME`, with its revision where one is written.
pub(in crate::model) const KIND: Kind = Kind {
    prefix: "hub",
    form: "hub:ORG/NAME@REVISION",
    names: |target, _| {
        let (name, _) = parse(target)?;
        let short = name.repository.rsplit('/').next().unwrap_or(&name.repository).to_owned();
        // Names of models become names of files.
        let shown = if name.is_pinned() { name.revision[..7].to_owned() } else { name.revision.replace('/', "-") };
        Ok(vec![if target.contains('@') { format!("{short}@{shown}") } else { short }])
    },
    open: |target, name, root| {
        let (snapshot, path) = find(target)?;
        let mut opened = (candle::KIND.open)(&path.to_string_lossy(), name, root)?;
        opened.card.insert("hub".to_owned(), snapshot.name.repository);
        opened.card.insert("commit".to_owned(), snapshot.name.revision);
        Ok(opened)
    },
};

/// Where the weights of a fetched model lie: a folder, or a GGUF file.
///
/// # Errors
/// A name that is none; a model that was not fetched, or not completely.
pub(in crate::model) fn folder(target: &str) -> Result<PathBuf, ModelError> {
    find(target).map(|(_, path)| path)
}

fn find(target: &str) -> Result<(Snapshot, PathBuf), ModelError> {
    let (model, file) = parse(target)?;
    let snapshot = Cache::from_environment().find(&model).map_err(|error| not_here(&model, file.as_deref(), &error))?;
    let path = weights(&snapshot, file.as_deref()).ok_or_else(|| not_here(&model, file.as_deref(), &"a file is missing"))?;
    Ok((snapshot, path))
}

fn parse(target: &str) -> Result<(ModelName, Option<String>), ModelError> {
    let (name, file) = target.split_once('#').map_or((target, None), |(name, file)| (name, Some(file.to_owned())));
    let unknown = |error: FetchError| ModelError::Unknown {
        name: target.to_owned(),
        help: format!("{error}; write hub:ORG/NAME@REVISION as `lupe models list` shows it"),
    };
    Ok((name.parse().map_err(unknown)?, file))
}

/// What the candle kind opens: the folder, or the GGUF file that is named or the only one.
fn weights(snapshot: &Snapshot, file: Option<&str>) -> Option<PathBuf> {
    if !snapshot.is_complete(file) {
        return None;
    }
    let only = || match snapshot.gguf().as_slice() {
        [only] if snapshot.weights().is_err() => Some(only.clone()),
        _ => None,
    };
    match file.map(str::to_owned).or_else(only) {
        Some(file) => Some(snapshot.folder.join(file)),
        None => Some(snapshot.folder.clone()),
    }
}

fn not_here(model: &ModelName, file: Option<&str>, problem: &dyn std::fmt::Display) -> ModelError {
    let file = file.map(|file| format!(" --file {file}")).unwrap_or_default();
    ModelError::File {
        path: model.to_string(),
        problem: problem.to_string(),
        help: format!("fetch it first: lupe models fetch {model}{file}"),
    }
}
