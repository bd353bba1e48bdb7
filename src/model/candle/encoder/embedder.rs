//! Sentence embeddings (Reimers and Gurevych 2019). In: a text. Out: a vector, pooled as the files of sentence-transformers beside the weights
//! say; where there are none, the mean of all tokens.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{Reader, Unread, fingerprint, finite, mean, open};
use crate::model::ModelError;
use crate::model::candle::{file_error, math};
use crate::model::settings::{self, Settings};

const MODULES: &str = "modules.json";
const SENTENCES: &str = "sentence_bert_config.json";
const PROMPTS: &str = "config_sentence_transformers.json";

/// A model for sentence embeddings. Computes on the calling thread; texts are independent of each other.
pub struct Embedder {
    reader: Reader,
    way: Way,
    fingerprint: String,
}

/// From the tokens' vectors to the text's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    first_token: bool,
    normalised: bool,
}

impl Embedder {
    /// Opens the model in `folder`.
    ///
    /// # Errors
    /// [`ModelError::File`] naming the file, what is wrong with it and what to do; among them modules that are not computed here.
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        open(folder, |files, weights| {
            let (modules, sentences, prompts) = (optional(folder, MODULES)?, optional(folder, SENTENCES)?, optional(folder, PROMPTS)?);
            let pooling = modules.as_deref().map(pooling_file).transpose()?;
            let pooled = pooling.as_ref().and_then(|(file, _)| file.as_deref()).map(|file| optional(folder, file)).transpose()?.flatten();
            let first_token = match (&pooling, &pooled) {
                (Some((Some(file), _)), Some(bytes)) => first_token(file, bytes)?,
                _ => false,
            };
            let way = Way { first_token, normalised: pooling.as_ref().is_some_and(|(_, normalised)| *normalised) };
            let limit = limit(sentences.as_deref())?;
            refuse_prompt(prompts.as_deref())?;
            let more = [(MODULES, modules), (SENTENCES, sentences), ("pooling", pooled)];
            Ok(Self { reader: Reader::load(files, weights, limit)?, way, fingerprint: fingerprint(files, &more) })
        })
    }

    /// Opens the embedder that `lupe.toml` in `root` gives this name.
    ///
    /// # Errors
    /// [`ModelError::Unknown`] with what there is; as [`Embedder::open`].
    pub fn named(name: &str, root: Option<&Path>) -> Result<Self, ModelError> {
        let settings = Settings::read(root)?;
        let unknown = || {
            let known: Vec<&str> = settings.embedders.keys().map(String::as_str).collect();
            let help =
                format!("[embedders] in {} has {}", settings::FILE, if known.is_empty() { "none".to_owned() } else { known.join(", ") });
            ModelError::Unknown { name: name.to_owned(), help }
        };
        let found = settings.embedders.get(name).ok_or_else(unknown)?;
        Self::open(&root.unwrap_or(Path::new(".")).join(&found.path))
    }

    /// Hash of everything that decides about its vectors.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Length of a vector.
    pub fn width(&self) -> usize {
        self.reader.width()
    }

    /// The vector of a text.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, Unread> {
        let (hidden, width) = (self.reader.read(text)?, self.width());
        let mut vector = if self.way.first_token { hidden[..width].to_vec() } else { mean(&hidden, width) };
        if self.way.normalised {
            let length = math::dot(&vector, &vector).sqrt().max(1e-12);
            vector.iter_mut().for_each(|value| *value /= length);
        }
        finite(vector)
    }

    /// The vectors of many texts, on all threads; each is what [`Embedder::embed`] gives.
    ///
    /// # Errors
    /// The first text that has none.
    pub fn embed_all<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Vec<Vec<f32>>, Unread> {
        use rayon::prelude::*;
        texts.par_iter().map(|text| self.embed(text.as_ref())).collect()
    }
}

/// The cosine between two vectors; 0 where one has no length.
pub fn cosine(one: &[f32], other: &[f32]) -> f64 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let lengths = (product(one, one) * product(other, other)).sqrt();
    if lengths > 0.0 { product(one, other) / lengths } else { 0.0 }
}

fn optional(folder: &Path, file: &str) -> Result<Option<Vec<u8>>, ModelError> {
    match std::fs::read(folder.join(file)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(file_error(file, format!("cannot be read: {error}"), "see that you may read it")),
    }
}

fn parsed<T: serde::de::DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, ModelError> {
    let again = "copy the file again from where the model came from";
    serde_json::from_slice(bytes).map_err(|error| file_error(file, format!("cannot be read: {error}"), again))
}

/// From `modules.json` the file that says how tokens are pooled, and whether vectors are normalised.
fn pooling_file(bytes: &[u8]) -> Result<(Option<String>, bool), ModelError> {
    #[derive(Deserialize)]
    struct Module {
        path: String,
        #[serde(rename = "type")]
        kind: String,
    }
    let (mut file, mut normalised) = (None, false);
    for module in parsed::<Vec<Module>>(MODULES, bytes)? {
        match module.kind.rsplit('.').next().unwrap_or_default() {
            "Transformer" if module.path.is_empty() => {}
            "Pooling" => file = Some(format!("{}/config.json", module.path)),
            "Normalize" => normalised = true,
            other => {
                let problem = format!("a module `{other}` in `{}` is not computed here", module.path);
                let help = "take a model whose modules are Transformer (in the folder itself), Pooling and Normalize";
                return Err(file_error(MODULES, problem, help));
            }
        }
    }
    Ok((file, normalised))
}

/// Whether the first token's vector is the text's; otherwise the mean of all is. Older files have a switch for each way, newer ones its name.
fn first_token(file: &str, bytes: &[u8]) -> Result<bool, ModelError> {
    let entries: Value = parsed(file, bytes)?;
    let older: Vec<&str> =
        entries.as_object().into_iter().flatten().filter(|(_, on)| *on == &Value::Bool(true)).map(|(key, _)| key.as_str()).collect();
    let mut ways: Vec<&str> = older.iter().filter_map(|key| key.strip_prefix("pooling_mode_")).collect();
    ways.extend(entries["pooling_mode"].as_str());
    match ways.as_slice() {
        ["mean_tokens" | "mean"] => Ok(false),
        ["cls_token" | "cls"] => Ok(true),
        other => {
            let problem = format!("pools tokens by {other:?}, which is not computed here");
            Err(file_error(file, problem, "take a model that pools by `mean` or by `cls`"))
        }
    }
}

/// The longest text that the files of sentence-transformers allow.
fn limit(bytes: Option<&[u8]>) -> Result<Option<usize>, ModelError> {
    let Some(bytes) = bytes else { return Ok(None) };
    let entries: Value = parsed(SENTENCES, bytes)?;
    if entries["do_lower_case"] == Value::Bool(true) {
        let problem = "asks for lower case beside the tokenizer's, which is not computed here".to_owned();
        return Err(file_error(SENTENCES, problem, "take another model"));
    }
    Ok(entries["max_seq_length"].as_u64().and_then(|tokens| usize::try_from(tokens).ok()))
}

/// A model that puts words of its own before every text is refused.
fn refuse_prompt(bytes: Option<&[u8]>) -> Result<(), ModelError> {
    let Some(bytes) = bytes else { return Ok(()) };
    let entries: Value = parsed(PROMPTS, bytes)?;
    match entries["default_prompt_name"].as_str() {
        None => Ok(()),
        Some(name) => {
            let problem = format!("puts the prompt `{name}` before every text, which is not done here");
            Err(file_error(PROMPTS, problem, "take a model that reads texts as they are"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poolings_of_old_and_new_files_are_read_and_others_refused() {
        let of = |text: &str| first_token("1_Pooling/config.json", text.as_bytes());
        assert!(!of(r#"{"word_embedding_dimension": 384, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}"#).unwrap());
        assert!(of(r#"{"pooling_mode": "cls", "include_prompt": true}"#).unwrap());
        assert!(of(r#"{"pooling_mode_max_tokens": true}"#).unwrap_err().to_string().contains("max_tokens"));
        assert!(of(r#"{"pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": true}"#).is_err());
    }

    #[test]
    fn modules_that_would_change_the_vector_are_refused() {
        let of = |kinds: [&str; 2]| {
            pooling_file(format!(r#"[{{"path": "", "type": "a.b.{}"}}, {{"path": "1_X", "type": "{}"}}]"#, kinds[0], kinds[1]).as_bytes())
        };
        assert_eq!(of(["Transformer", "sentence_transformers.models.Pooling"]).unwrap(), (Some("1_X/config.json".to_owned()), false));
        assert!(of(["Transformer", "Normalize"]).unwrap().1);
        assert!(of(["Transformer", "Dense"]).unwrap_err().to_string().contains("Dense"));
        assert!(of(["Pooling", "Transformer"]).is_err(), "weights in another folder");
        assert!(refuse_prompt(Some(br#"{"default_prompt_name": "query"}"#)).is_err());
        assert!(refuse_prompt(Some(br#"{"default_prompt_name": null}"#)).is_ok());
        assert_eq!(limit(Some(br#"{"max_seq_length": 256, "do_lower_case": false}"#)).unwrap(), Some(256));
    }

    #[test]
    fn a_cosine_ignores_length_and_sees_direction() {
        assert!((cosine(&[3.0, 4.0], &[6.0, 8.0]) - 1.0).abs() < 1e-12);
        assert!((cosine(&[1.0, 0.0], &[-2.0, 0.0]) + 1.0).abs() < 1e-12);
        assert_eq!((cosine(&[1.0, 0.0], &[0.0, 5.0]), cosine(&[0.0], &[1.0])), (0.0, 0.0));
    }
}
