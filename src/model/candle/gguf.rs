//! Weights, configuration and card of a GGUF file, as llama.cpp writes them. In: the bytes of the file. Out: tensors by the names of the
//! Hugging Face layout, dequantised to F32 one at a time; a [`Config`]. The tokenizer is made in `gguf_tokenizer.rs`.

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;
use std::sync::Arc;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::{Device, Tensor};

use super::config::{Config, LONGEST_CONTEXT};
use super::embedding::Stored;
use super::file_error;
use super::map::Map;
use super::weights::Tensors;
use crate::model::ModelError;

const TYPES: &str = "use a file with F32, F16, Q8_0, Q6_K or Q4_K weights (names that end in F16, Q8_0, Q6_K), or the model's safetensors";

/// An opened file.
pub struct Gguf<'a> {
    file: String,
    map: &'a Arc<Map>,
    content: Content,
    /// Query and key heads, where their rows lie in the interleaved order of llama.cpp's own rotary positions.
    interleaved: Option<(usize, usize)>,
}

impl<'a> Gguf<'a> {
    /// Opens a mapped file. `file` names it in messages.
    ///
    /// # Errors
    /// [`ModelError::File`] when it is broken or holds weights of a type that is not computed here.
    pub fn open(file: &str, map: &'a Arc<Map>) -> Result<Self, ModelError> {
        let content = Content::read(&mut Cursor::new(&***map)).map_err(|error| {
            let text = error.to_string();
            let help = if text.contains("unknown dtype") { TYPES } else { "copy the file again, completely" };
            file_error(file, format!("cannot be read as GGUF: {text}"), help)
        })?;
        map.release();
        let mut opened = Self { file: file.to_owned(), map, content, interleaved: None };
        let refused = opened.types().into_iter().find(|name| !["F32", "F16", "Q8_0", "Q6_K", "Q4_K"].contains(&name.as_str()));
        if let Some(name) = refused {
            return Err(file_error(file, format!("holds weights of type {name}, which are not computed here"), TYPES));
        }
        if opened.metadata().text("general.architecture") == Some("llama") {
            let heads = opened.size("attention.head_count")?;
            opened.interleaved = Some((heads, opened.metadata().size("llama.attention.head_count_kv").unwrap_or(heads)));
        }
        Ok(opened)
    }

    /// What the file says about itself.
    pub fn metadata(&self) -> Metadata<'_> {
        Metadata(&self.content.metadata)
    }

    /// Names of the types that weights are stored as.
    pub fn types(&self) -> BTreeSet<String> {
        let name = |kind: GgmlDType| format!("{kind:?}").replace('K', "_K");
        self.content.tensor_infos.values().map(|info| name(info.ggml_dtype)).collect()
    }

    /// Shape of the model.
    ///
    /// # Errors
    /// [`ModelError::File`] when an entry is absent or describes something this decoder does not compute.
    pub fn config(&self) -> Result<Config, ModelError> {
        let refused = |problem: String| file_error(&self.file, problem, "use a model of the Llama family: llama, mistral, qwen2, qwen3");
        let metadata = self.metadata();
        let family = metadata.text("general.architecture").unwrap_or_default();
        if !["llama", "qwen2", "qwen3"].contains(&family) {
            return Err(refused(format!("architecture `{family}` is not computed here")));
        }
        let entry = |key: &str| format!("{family}.{key}");
        if metadata.size(&entry("expert_count")).is_some_and(|experts| experts > 0) {
            return Err(refused("a mixture of experts is not computed here".to_owned()));
        }
        let (hidden, heads) = (self.size("embedding_length")?, self.size("attention.head_count")?);
        let head_dim = metadata.size(&entry("attention.key_length")).unwrap_or(hidden / heads.max(1));
        let values = metadata.size(&entry("attention.value_length")).unwrap_or(head_dim);
        if values != head_dim || metadata.size(&entry("rope.dimension_count")).unwrap_or(head_dim) != head_dim {
            return Err(refused("heads whose keys, values and rotary positions differ in width are not computed here".to_owned()));
        }
        let shape = self.shape("model.embed_tokens.weight").unwrap_or_default();
        let vocabulary = *shape.first().ok_or_else(|| refused("has no tensor `token_embd.weight`".to_owned()))?;
        let window = metadata.size(&entry("attention.sliding_window")).filter(|window| *window > 0).unwrap_or(usize::MAX);
        let token = |key: &str| metadata.size(key).and_then(|id| u32::try_from(id).ok()).filter(|id| (*id as usize) < vocabulary);
        let endings = ["eos", "eot"].map(|name| token(&format!("tokenizer.ggml.{name}_token_id")));
        let config = Config {
            hidden,
            intermediate: self.size("feed_forward_length")?,
            layers: self.size("block_count")?,
            heads,
            kv_heads: metadata.size(&entry("attention.head_count_kv")).unwrap_or(heads),
            head_dim,
            vocabulary,
            context: self.size("context_length")?.min(window).min(LONGEST_CONTEXT),
            epsilon: metadata.number(&entry("attention.layer_norm_rms_epsilon")).unwrap_or(1e-5) as f32,
            rope_theta: metadata.number(&entry("rope.freq_base")).unwrap_or(10_000.0),
            rope_divisors: self.divisors(family, head_dim / 2)?,
            head_norms: family == "qwen3",
            tied: self.shape("lm_head.weight").is_none(),
            bos: token("tokenizer.ggml.bos_token_id"),
            eos: endings.into_iter().flatten().collect::<BTreeSet<u32>>().into_iter().collect(),
        };
        config.check().map_err(|error| refused(error.to_string()))?;
        Ok(config)
    }

    /// What rotary frequencies are divided by: a tensor of its own (Llama 3.1), or one factor.
    fn divisors(&self, family: &str, half: usize) -> Result<Vec<f64>, ModelError> {
        if self.content.tensor_infos.contains_key("rope_freqs.weight") {
            let factors: candle_core::Result<Vec<f32>> = self.raw("rope_freqs.weight").and_then(|tensor| tensor.to_vec1());
            let factors = factors.map_err(|error| file_error(&self.file, format!("rope_freqs.weight: {error}"), "copy the file again"))?;
            return Ok(factors.into_iter().map(f64::from).collect());
        }
        let metadata = self.metadata();
        match metadata.text(&format!("{family}.rope.scaling.type")).unwrap_or("none") {
            "none" => Ok(Vec::new()),
            "linear" => Ok(vec![metadata.number(&format!("{family}.rope.scaling.factor")).unwrap_or(1.0); half]),
            other => {
                let problem = format!("rotary scaling `{other}` is not computed here");
                Err(file_error(&self.file, problem, "use a model whose positions are not scaled, or scaled linearly"))
            }
        }
    }

    /// An entry of the architecture that must be there.
    fn size(&self, key: &str) -> Result<usize, ModelError> {
        let metadata = self.metadata();
        let key = format!("{}.{key}", metadata.text("general.architecture").unwrap_or_default());
        metadata.size(&key).ok_or_else(|| file_error(&self.file, format!("has no entry `{key}`"), "copy the file again, completely"))
    }

    fn raw(&self, name: &str) -> candle_core::Result<Tensor> {
        let tensor = self.content.tensor(&mut Cursor::new(&***self.map), name, &Device::Cpu)?.dequantize(&Device::Cpu);
        self.map.release();
        tensor
    }

    /// Brings the rows of a head from pairs (0, 1), (2, 3), … to halves, as the files of the Hugging Face layout have them.
    fn to_halves(&self, name: &str, tensor: Tensor) -> candle_core::Result<Tensor> {
        let Some((heads, kv_heads)) = self.interleaved else { return Ok(tensor) };
        let heads = match name {
            _ if name.contains(".self_attn.q_proj.") => heads,
            _ if name.contains(".self_attn.k_proj.") => kv_heads,
            _ => return Ok(tensor),
        };
        let shape = tensor.dims().to_vec();
        let inputs = shape.get(1).copied().unwrap_or(1);
        tensor.reshape((heads, shape[0] / heads / 2, 2, inputs))?.transpose(1, 2)?.contiguous()?.reshape(shape)
    }
}

impl Tensors for Gguf<'_> {
    fn file(&self, _: &str) -> String {
        self.file.clone()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        Some(self.content.tensor_infos.get(&own_name(name))?.shape.dims().to_vec())
    }

    fn total(&self) -> u64 {
        self.content.tensor_infos.values().map(|info| info.shape.elem_count() as u64).sum()
    }

    fn load(&self, name: &str) -> Result<Tensor, ModelError> {
        let tensor = self.raw(&own_name(name)).and_then(|tensor| self.to_halves(name, tensor));
        tensor.map_err(|error| file_error(&self.file, format!("`{}`: {error}", own_name(name)), "copy the file again, completely"))
    }

    fn stored(&self, name: &str) -> Option<Stored> {
        let info = self.content.tensor_infos.get(&own_name(name)).filter(|info| info.ggml_dtype == GgmlDType::F32)?;
        let start = usize::try_from(self.content.tensor_data_offset + info.offset).ok()?;
        Some(Stored { map: Arc::clone(self.map), bytes: start..start + 4 * info.shape.elem_count() })
    }
}

/// The name in a GGUF file of a tensor of the Hugging Face layout.
pub(super) fn own_name(name: &str) -> String {
    const PARTS: [(&str, &str); 15] = [
        ("model.embed_tokens.", "token_embd."),
        ("model.norm.", "output_norm."),
        ("lm_head.", "output."),
        ("model.layers.", "blk."),
        ("self_attn.q_proj.", "attn_q."),
        ("self_attn.k_proj.", "attn_k."),
        ("self_attn.v_proj.", "attn_v."),
        ("self_attn.o_proj.", "attn_output."),
        ("self_attn.q_norm.", "attn_q_norm."),
        ("self_attn.k_norm.", "attn_k_norm."),
        ("input_layernorm.", "attn_norm."),
        ("post_attention_layernorm.", "ffn_norm."),
        ("mlp.gate_proj.", "ffn_gate."),
        ("mlp.up_proj.", "ffn_up."),
        ("mlp.down_proj.", "ffn_down."),
    ];
    PARTS.iter().fold(name.to_owned(), |name, (theirs, own)| name.replace(theirs, own))
}

/// The entries at the head of a file.
#[derive(Clone, Copy)]
pub struct Metadata<'a>(&'a HashMap<String, Value>);

impl<'a> Metadata<'a> {
    /// A text.
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.0.get(key)?.to_string().ok().map(String::as_str)
    }

    /// A whole number of any width.
    pub fn size(self, key: &str) -> Option<usize> {
        whole(self.0.get(key)?)
    }

    /// Any number.
    pub fn number(self, key: &str) -> Option<f64> {
        match self.0.get(key)? {
            Value::F32(value) => Some(f64::from(*value)),
            Value::F64(value) => Some(*value),
            value => whole(value).map(|value| value as f64),
        }
    }

    /// Yes or no.
    pub fn flag(self, key: &str) -> Option<bool> {
        self.0.get(key)?.to_bool().ok()
    }

    /// A list; empty where there is none.
    pub fn list<T>(self, key: &str, item: impl Fn(&'a Value) -> Option<T>) -> Vec<T> {
        self.0.get(key).and_then(|value| value.to_vec().ok()).into_iter().flatten().filter_map(item).collect()
    }
}

/// A whole number of any width.
pub(super) fn whole(value: &Value) -> Option<usize> {
    match value {
        Value::U8(value) => Some((*value).into()),
        Value::U16(value) => Some((*value).into()),
        Value::U32(value) => Some(*value as usize),
        Value::U64(value) => usize::try_from(*value).ok(),
        Value::I8(value) => usize::try_from(*value).ok(),
        Value::I16(value) => usize::try_from(*value).ok(),
        Value::I32(value) => usize::try_from(*value).ok(),
        Value::I64(value) => usize::try_from(*value).ok(),
        _ => None,
    }
}
