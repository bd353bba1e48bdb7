//! What a model is, read from its files without loading it. In: a snapshot. Out: architecture, number of parameters, memory needed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::cache::Snapshot;

/// Longest header of a safetensors file that is read; the format itself allows no more.
const HEADER: u64 = 100_000_000;

/// What the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// As the model's configuration names it.
    pub architecture: Option<String>,
    /// Number of weights.
    pub parameters: Option<u64>,
    /// Types of the stored weights with how many there are of each.
    pub types: BTreeMap<String, u64>,
}

impl Facts {
    /// Read them; what cannot be read is left out.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut facts = Self { architecture: architecture(&snapshot.folder.join("config.json")), ..Self::default() };
        let safetensors = snapshot.weights().unwrap_or_default();
        let gguf = if safetensors.is_empty() { snapshot.gguf() } else { Vec::new() };
        for file in &safetensors {
            facts.add(safetensors_types(&snapshot.folder.join(file)));
        }
        // Several GGUF files are several forms of one model.
        if let [file] = gguf.as_slice() {
            let (architecture, types) = of_gguf(&snapshot.folder.join(file));
            facts.architecture = facts.architecture.or(architecture);
            facts.add(types);
        }
        facts.parameters = Some(facts.types.values().sum()).filter(|count| *count > 0);
        facts
    }

    fn add(&mut self, types: Option<BTreeMap<String, u64>>) {
        types.into_iter().flatten().for_each(|(kind, count)| *self.types.entry(kind).or_default() += count);
    }

    /// Bytes of the weights in F32, four for each: what has to fit into memory at the least.
    pub fn memory_in_f32(&self) -> Option<u64> {
        self.parameters.map(|count| 4 * count)
    }
}

/// The first of `architectures`, else `model_type`.
fn architecture(config: &Path) -> Option<String> {
    let config: Value = serde_json::from_slice(&fs::read(config).ok()?).ok()?;
    let named = config.get("architectures").and_then(|names| names.get(0)).or_else(|| config.get("model_type"));
    named.and_then(Value::as_str).map(str::to_owned)
}

/// Weights by type, from the header: eight bytes of length (little endian), then JSON with the shape of every tensor.
fn safetensors_types(path: &Path) -> Option<BTreeMap<String, u64>> {
    let mut file = File::open(path).ok()?;
    let mut length = [0; 8];
    file.read_exact(&mut length).ok()?;
    let length = Some(u64::from_le_bytes(length)).filter(|length| *length <= HEADER)?;
    let header: BTreeMap<String, Value> = serde_json::from_reader(file.take(length)).ok()?;
    let mut types = BTreeMap::new();
    for tensor in header.iter().filter(|(name, _)| *name != "__metadata__").map(|(_, tensor)| tensor) {
        let shape = tensor.get("shape").and_then(Value::as_array)?;
        let count = shape.iter().map(|size| size.as_u64()).try_fold(1_u64, |count, size| count.checked_mul(size?))?;
        *types.entry(tensor.get("dtype")?.as_str()?.to_owned()).or_default() += count;
    }
    Some(types)
}

#[cfg(feature = "local")]
fn of_gguf(path: &Path) -> (Option<String>, Option<BTreeMap<String, u64>>) {
    use candle_core::quantized::gguf_file::Content;
    let content = File::open(path).ok().and_then(|file| Content::read(&mut std::io::BufReader::new(file)).ok());
    let Some(content) = content else { return (None, None) };
    let architecture = content.metadata.get("general.architecture").and_then(|value| value.to_string().ok()).cloned();
    let mut types = BTreeMap::new();
    for tensor in content.tensor_infos.values() {
        *types.entry(format!("{:?}", tensor.ggml_dtype)).or_default() += tensor.shape.elem_count() as u64;
    }
    (architecture, Some(types))
}

#[cfg(not(feature = "local"))]
fn of_gguf(_: &Path) -> (Option<String>, Option<BTreeMap<String, u64>>) {
    (None, None)
}
