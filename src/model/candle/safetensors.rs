//! Weights in safetensors files, one or several. In: their bytes. Out: tensors by name; F16 and BF16 become F32 when a tensor is loaded.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use candle_core::safetensors::SliceSafetensors;
use candle_core::{DType, Device, Tensor};

use super::embedding::Stored;
use super::file_error;
use super::map::Map;
use super::weights::Tensors;
use crate::model::ModelError;

/// The name of a weight file that is the only one.
pub const SINGLE: &str = "model.safetensors";

/// The list of weight files of a model that is split into several.
pub const INDEX: &str = "model.safetensors.index.json";

/// One weight file.
pub struct Shard<'a> {
    /// Its name.
    pub file: String,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The mapped file whose bytes they are, if they are.
    pub map: Option<Arc<Map>>,
}

/// Opened weight files.
pub struct Safetensors<'a> {
    shards: Vec<(Shard<'a>, SliceSafetensors<'a>)>,
    place: BTreeMap<String, usize>,
    total: u64,
}

impl<'a> Safetensors<'a> {
    /// Opens the bytes of a single file.
    ///
    /// # Errors
    /// As [`Safetensors::open`].
    pub fn single(bytes: &'a [u8]) -> Result<Self, ModelError> {
        Self::open(vec![Shard { file: SINGLE.to_owned(), bytes, map: None }])
    }

    /// Opens all files of a model.
    ///
    /// # Errors
    /// [`ModelError::File`] when one is no complete safetensors file, or two hold the same tensor.
    pub fn open(shards: Vec<Shard<'a>>) -> Result<Self, ModelError> {
        let mut opened = Self { shards: Vec::with_capacity(shards.len()), place: BTreeMap::new(), total: 0 };
        for shard in shards {
            let tensors = SliceSafetensors::new(shard.bytes).map_err(|error| {
                let problem = format!("is broken or cut short ({} bytes read): {error}", shard.bytes.len());
                file_error(&shard.file, problem, "copy the file again, completely")
            })?;
            for (name, view) in tensors.tensors() {
                opened.total += view.shape().iter().product::<usize>() as u64;
                if let Some(other) = opened.place.insert(name.clone(), opened.shards.len()) {
                    let problem = format!("tensor `{name}` stands in {} too", opened.shards[other].0.file);
                    return Err(file_error(&shard.file, problem, "copy all files of the model again"));
                }
            }
            opened.shards.push((shard, tensors));
        }
        Ok(opened)
    }

    /// All tensors as F32.
    ///
    /// # Errors
    /// As [`Tensors::load`].
    pub fn all(&self) -> Result<HashMap<String, Tensor>, ModelError> {
        self.place.keys().map(|name| Ok((name.clone(), self.load(name)?))).collect()
    }
}

impl Tensors for Safetensors<'_> {
    fn file(&self, name: &str) -> String {
        let place = self.place.get(name).copied().or((self.shards.len() == 1).then_some(0));
        place.map_or(INDEX, |place| &self.shards[place].0.file).to_owned()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let (_, tensors) = &self.shards[*self.place.get(name)?];
        tensors.get(name).ok().map(|view| view.shape().to_vec())
    }

    fn total(&self) -> u64 {
        self.total
    }

    fn load(&self, name: &str) -> Result<Tensor, ModelError> {
        let wrong = |problem: String, help: &str| file_error(&self.file(name), problem, help);
        let place = self.place.get(name).ok_or_else(|| wrong(format!("has no tensor `{name}`"), "copy all files of the model again"))?;
        let (shard, tensors) = &self.shards[*place];
        let unreadable = |error: candle_core::Error| wrong(format!("tensor `{name}` cannot be read: {error}"), "copy the file again");
        let tensor = tensors.load(name, &Device::Cpu).map_err(unreadable)?;
        if let Some(map) = &shard.map {
            map.release();
        }
        if !tensor.dtype().is_float() {
            return Err(wrong(
                format!("tensor `{name}` holds {:?}", tensor.dtype()),
                "use a model with F32, F16 or BF16 weights, or a quantised one as GGUF file",
            ));
        }
        tensor.to_dtype(DType::F32).map_err(unreadable)
    }

    fn stored(&self, name: &str) -> Option<Stored> {
        let (shard, tensors) = &self.shards[*self.place.get(name)?];
        let view = tensors.get(name).ok()?;
        if DType::try_from(view.dtype()).ok()? != DType::F32 {
            return None;
        }
        let start = view.data().as_ptr().addr() - shard.bytes.as_ptr().addr();
        Some(Stored { map: shard.map.clone()?, bytes: start..start + view.data().len() })
    }
}

/// The files that an index names, each once, in the order of their names.
///
/// # Errors
/// [`ModelError::File`] when the index is broken or names a file outside its folder.
pub fn files_of_index(index: &[u8]) -> Result<Vec<String>, ModelError> {
    let broken = |problem: String| file_error(INDEX, problem, "copy the file again from where the model came from");
    #[derive(serde::Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    let index: Index = serde_json::from_slice(index).map_err(|error| broken(format!("cannot be read: {error}")))?;
    let files: std::collections::BTreeSet<String> = index.weight_map.into_values().collect();
    match files.iter().find(|file| file.contains(['/', '\\']) || *file == "..") {
        Some(file) => Err(broken(format!("names a file `{file}` in another folder"))),
        None if files.is_empty() => Err(broken("names no file".to_owned())),
        None => Ok(files.into_iter().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_names_each_file_once_and_none_outside_its_folder() {
        let files = |map: &str| files_of_index(format!(r#"{{"metadata": {{}}, "weight_map": {map}}}"#).as_bytes());
        assert_eq!(
            files(r#"{"c": "b.safetensors", "a": "b.safetensors", "b": "a.safetensors"}"#).unwrap(),
            ["a.safetensors", "b.safetensors"]
        );
        assert!(files(r#"{"a": "../b.safetensors"}"#).unwrap_err().to_string().contains("another folder"));
        assert!(files("{}").unwrap_err().to_string().contains("no file"));
        assert!(files_of_index(b"[").unwrap_err().to_string().contains("cannot be read"));
    }
}
