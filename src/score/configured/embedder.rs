//! `embedder:NAME`: which group of sentences an answer is nearest to.
//!
//! In: the text of a response. Out: the group of prototypes whose mean vector has the largest cosine with the text's, and for each contrast the
//! cosine with the first group minus that with the second. A text that is longer than the model reads has no reading.

use std::path::Path;

use super::super::Measure;
use super::{Configured, Declared, category, folder, lasting, number, wrong};
use crate::model::ModelError;
use crate::model::candle::encoder::{Embedder, cosine};
use crate::model::settings::EmbedderSettings;
use crate::probe::suggestion;
use crate::store::{Value, hash_id};

/// Opens the embedder that these settings name, and embeds its prototypes.
///
/// # Errors
/// As [`Embedder::open`] and [`declared`]; a prototype that the model cannot read.
pub fn open(name: &str, settings: &EmbedderSettings, root: Option<&Path>) -> Result<Configured, ModelError> {
    let model = Embedder::open(&folder(&settings.path, root))?;
    // Each group with the mean of its sentences' vectors.
    let mut groups: Vec<(String, Vec<f32>)> = Vec::with_capacity(settings.prototypes.len());
    for (group, sentences) in &settings.prototypes {
        let broken = |error| wrong(format!("embedders.{name}.prototypes.{group}: {error}"), "write shorter sentences");
        let vectors = model.embed_all(sentences).map_err(broken)?;
        let mut mean = vec![0f32; model.width()];
        let share = 1.0 / vectors.len().max(1) as f32;
        vectors.iter().for_each(|vector| mean.iter_mut().zip(vector).for_each(|(mean, value)| *mean += value * share));
        groups.push((group.clone(), mean));
    }
    let (measures, contrasts) = plan(name, settings)?;
    let decided = format!("{:?} {:?} {measures:?}", settings.prototypes, settings.contrasts);
    let fingerprint = hash_id([model.fingerprint(), decided.as_str()]);
    let values = move |text: &str| {
        let vector = model.embed(text)?;
        let cosines: Vec<f64> = groups.iter().map(|(_, mean)| cosine(&vector, mean)).collect();
        let nearest =
            cosines.iter().enumerate().fold(0, |nearest, (place, cosine)| if *cosine > cosines[nearest] { place } else { nearest });
        let contrasts = contrasts.iter().map(|[first, second]| Value::Number(cosines[*first] - cosines[*second]));
        Ok(std::iter::once(Value::Category(groups[nearest].0.clone())).chain(contrasts).collect())
    };
    Ok(Configured { id: lasting(&format!("embedder:{name}")), measures, fingerprint, values: Box::new(values) })
}

/// What an embedder reads; nothing where it has no prototypes.
///
/// # Errors
/// A folder that is missing, a group without sentences, a contrast of groups that there are not.
pub fn declared(name: &str, settings: &EmbedderSettings, root: Option<&Path>) -> Result<Option<Declared>, ModelError> {
    let config = folder(&settings.path, root).join("config.json");
    if !config.is_file() {
        let problem = format!("embedders.{name}: there is no {}", config.display());
        return Err(wrong(problem, "the folder of an embedder holds config.json, tokenizer.json and model.safetensors"));
    }
    if settings.prototypes.is_empty() && settings.contrasts.is_empty() {
        return Ok(None);
    }
    Ok(Some(Declared { id: lasting(&format!("embedder:{name}")), measures: plan(name, settings)?.0 }))
}

/// The measures, and the contrasts as places among the groups.
fn plan(name: &str, settings: &EmbedderSettings) -> Result<(Vec<Measure>, Vec<[usize; 2]>), ModelError> {
    let groups: Vec<String> = settings.prototypes.keys().cloned().collect();
    if groups.len() < 2 {
        let help = "write at least two groups of sentences under [embedders.NAME.prototypes]";
        return Err(wrong(format!("embedders.{name}: one group of prototypes cannot be compared"), help));
    }
    if let Some((group, _)) = settings.prototypes.iter().find(|(_, sentences)| sentences.is_empty()) {
        return Err(wrong(format!("embedders.{name}.prototypes.{group} has no sentence"), "write some, or take the group out"));
    }
    let place = |group: &String| {
        let found = groups.iter().position(|known| known == group);
        found.ok_or_else(|| {
            let help = suggestion(group, groups.iter().map(String::as_str)).unwrap_or_default();
            wrong(format!("embedders.{name}.contrasts: there is no group `{group}`"), &help)
        })
    };
    let mut measures = vec![category(name, &groups)];
    let mut contrasts = Vec::with_capacity(settings.contrasts.len());
    for [first, second] in &settings.contrasts {
        contrasts.push([place(first)?, place(second)?]);
        measures.push(number(&format!("{name}-{first}-{second}"), "difference of cosines"));
    }
    Ok((measures, contrasts))
}
