//! Opens models from the disk. In: a folder in the Hugging Face layout, or a GGUF file. Out: a backend, its weights mapped while they are
//! converted, a table of embeddings that needs no conversion for as long as the model lives, its fingerprint over every file that decides about answers.

use std::path::Path;
use std::sync::Arc;

use super::backend::{CandleBackend, Declines, KNOWN};
use super::borrowed::{self, Borrowed};
use super::config::Config;
use super::decoder::Decoder;
use super::gguf::Gguf;
use super::linear::Precision;
use super::map::Map;
use super::reader::Reader;
use super::safetensors::{INDEX, SINGLE, Safetensors, Shard, files_of_index};
use super::text::Text;
use super::weights::Weights;
use super::{file_error, gguf_tokenizer};
use crate::model::{ModelError, Opened};

/// The files of a model folder: small ones read, weights mapped.
pub(super) struct Folder {
    pub config: Vec<u8>,
    pub tokenizer: Vec<u8>,
    pub tokenizer_config: Option<Vec<u8>>,
    pub template: Option<Vec<u8>>,
    pub generation: Option<Vec<u8>>,
    pub index: Option<Vec<u8>>,
    pub shards: Vec<(String, Arc<Map>)>,
}

impl Folder {
    /// Reads what lies in `folder`.
    ///
    /// # Errors
    /// [`ModelError::File`] with the name of the file inside the folder.
    pub fn read(folder: &Path) -> Result<Self, ModelError> {
        let unreadable = |file: &str, error: std::io::Error| {
            let help = "a model folder holds config.json, tokenizer.json and model.safetensors (or an index with several weight files)";
            file_error(file, format!("cannot be read: {error}"), help)
        };
        let read = |file: &str| std::fs::read(folder.join(file)).map_err(|error| unreadable(file, error));
        let optional = |file: &str| if folder.join(file).exists() { read(file).map(Some) } else { Ok(None) };
        let config = read("config.json")?;
        let index = if folder.join(SINGLE).exists() { None } else { optional(INDEX)? };
        let files = index.as_deref().map_or_else(|| Ok(vec![SINGLE.to_owned()]), files_of_index)?;
        let map = |file: String| match Map::open(&folder.join(&file)) {
            Ok(map) => Ok((file, Arc::new(map))),
            Err(error) => Err(unreadable(&file, error)),
        };
        Ok(Self {
            config,
            shards: files.into_iter().map(map).collect::<Result<_, _>>()?,
            index,
            tokenizer: read("tokenizer.json")?,
            tokenizer_config: optional("tokenizer_config.json")?,
            template: optional("chat_template.jinja")?,
            generation: optional("generation_config.json")?,
        })
    }

    /// Whether candle-transformers computes this model, in F32 alone, and not our own decoder.
    fn is_borrowed(&self) -> bool {
        let entries: serde_json::Value = serde_json::from_slice(&self.config).unwrap_or_default();
        entries["model_type"].as_str().is_some_and(|family| borrowed::FAMILIES.contains(&family))
    }

    /// The opened weight files, not yet read.
    ///
    /// # Errors
    /// As [`Safetensors::open`].
    pub fn safetensors(&self) -> Result<Safetensors<'_>, ModelError> {
        let shards = self.shards.iter().map(|(file, map)| Shard { file: file.clone(), bytes: map, map: Some(Arc::clone(map)) });
        Safetensors::open(shards.collect())
    }

    /// The hash of every file; those that every model has come first.
    pub fn hashes(&self) -> Vec<(String, blake3::Hash)> {
        let mut hashes = vec![("config.json".to_owned(), blake3::hash(&self.config))];
        hashes.extend(self.shards.iter().map(|(file, map)| (file.clone(), map.hash())));
        hashes.push(("tokenizer.json".to_owned(), blake3::hash(&self.tokenizer)));
        hashes.push(("tokenizer_config.json".to_owned(), blake3::hash(self.tokenizer_config.as_deref().unwrap_or_default())));
        let more = [(INDEX, &self.index), ("chat_template.jinja", &self.template), ("generation_config.json", &self.generation)];
        hashes.extend(more.into_iter().filter_map(|(file, bytes)| Some((file.to_owned(), blake3::hash(bytes.as_deref()?)))));
        hashes
    }

    /// The tokenizer with the chat template.
    ///
    /// # Errors
    /// As [`Text::load`]; when the template is no text.
    pub fn text(&self, config: &Config) -> Result<Text, ModelError> {
        let template = self.template.as_deref().map(std::str::from_utf8).transpose();
        let template = template.map_err(|error| file_error("chat_template.jinja", error.to_string(), "copy the file again"))?;
        Text::load_with_template(&self.tokenizer, self.tokenizer_config.as_deref(), template, config)
    }
}

/// Opens what a user names: a folder, or a GGUF file.
pub(in crate::model) fn open_model(name: &str, target: &Path, precision: Precision) -> Result<Opened, ModelError> {
    if is_gguf(target) {
        return Ok(opened(open_gguf(name, target, precision)?));
    }
    let open = || {
        let files = Folder::read(target)?;
        if !files.is_borrowed() {
            return Ok(opened(open_files(name, &files, precision, None)?));
        }
        let backend = Borrowed::open(name, &files)?;
        let card = backend.card().clone();
        Ok(Opened { backend: Box::new(backend), card })
    };
    open().map_err(|error| in_folder(target, error))
}

/// Opens what a user names for reading: a folder, or a GGUF file.
pub(in crate::model) fn open_reader(name: &str, target: &Path, precision: Precision) -> Result<Reader, ModelError> {
    if is_gguf(target) {
        return Ok(open_gguf(name, target, precision)?.into());
    }
    let open = || {
        let files = Folder::read(target)?;
        if files.is_borrowed() { Ok(Borrowed::open(name, &files)?.into()) } else { Ok(open_files(name, &files, precision, None)?.into()) }
    };
    open().map_err(|error| in_folder(target, error))
}

fn opened(mut backend: CandleBackend) -> Opened {
    backend.describe("kind", "weights in this process".to_owned());
    let card = backend.card().clone();
    Opened { backend: Box::new(backend), card }
}

/// How far rounding matrix products to BF16 moves the log-probabilities of a known text: the largest distance from F32, in nats.
///
/// # Errors
/// As [`open_model`]; [`ModelError::Compute`] when the text cannot be computed.
pub(in crate::model) fn rounding(name: &str, target: &Path) -> Result<f64, ModelError> {
    let logprobs = |precision| {
        let backend = match is_gguf(target) {
            true => open_gguf(name, target, precision),
            false => open_folder(name, target, precision, None),
        }?;
        let compute = |problem: String| ModelError::Compute { model: name.to_owned(), problem };
        let tokens = backend.text().scored(KNOWN).map_err(|error| compute(error.to_string()))?;
        backend.decoder().logprobs(&[tokens]).map_err(|error| compute(error.to_string()))
    };
    let (exact, rounded) = (logprobs(Precision::F32)?.concat(), logprobs(Precision::Bf16)?.concat());
    Ok(exact.iter().zip(&rounded).map(|(exact, rounded)| f64::from((exact - rounded).abs())).fold(0.0, f64::max))
}

/// Whether a path names a GGUF file.
fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

/// Opens the model of the Llama family in `folder`.
pub(super) fn open_folder(
    name: &str,
    folder: &Path,
    precision: Precision,
    declines: Option<Declines>,
) -> Result<CandleBackend, ModelError> {
    Folder::read(folder).and_then(|files| open_files(name, &files, precision, declines)).map_err(|error| in_folder(folder, error))
}

fn open_files(name: &str, files: &Folder, precision: Precision, declines: Option<Declines>) -> Result<CandleBackend, ModelError> {
    let mut config = Config::parse(&files.config)?;
    if let Some(generation) = &files.generation {
        config.add_endings(generation)?;
    }
    let weights = Weights::new(files.safetensors()?).packing(precision);
    weights.check_memory(&config)?;
    let text = files.text(&config)?;
    let hashes = files.hashes();
    Ok(CandleBackend::assemble(name, Decoder::assemble(config, &weights)?, text, hashes, declines))
}

/// Opens a GGUF file.
pub(super) fn open_gguf(name: &str, path: &Path, precision: Precision) -> Result<CandleBackend, ModelError> {
    let file = path.display().to_string();
    let unreadable = |error: std::io::Error| file_error(&file, format!("cannot be read: {error}"), "name a file that ends in .gguf");
    let map = Arc::new(Map::open(path).map_err(unreadable)?);
    let gguf = Gguf::open(&file, &map)?;
    let config = gguf.config()?;
    let (tokenizer, tokenizer_config) = gguf_tokenizer::files(&file, gguf.metadata())?;
    let text = Text::load(&tokenizer, Some(&tokenizer_config), &config)?;
    let types = gguf.types().into_iter().collect::<Vec<_>>().join(", ");
    let weights = Weights::new(gguf).packing(precision);
    weights.check_memory(&config)?;
    let hashes = vec![(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), map.hash())];
    let mut backend = CandleBackend::assemble(name, Decoder::assemble(config, &weights)?, text, hashes, None);
    backend.describe("stored as", types);
    Ok(backend)
}

/// The same error with the folder before the file's name.
pub(super) fn in_folder(folder: &Path, error: ModelError) -> ModelError {
    match error {
        ModelError::File { path, problem, help } => ModelError::File { path: folder.join(path).display().to_string(), problem, help },
        other => other,
    }
}
