//! The differentiable twin of the decoder: a small Llama on tree-shaped inputs, for training only.
//!
//! In: token ids, their positions and who may attend to whom. Out: next-token logits that gradients flow through. The weights have the
//! names of the Hugging Face layout, so that any Llama decoder can read what was trained here.

use std::collections::{BTreeMap, HashMap};

use candle_core::{D, DType, Device, Result, Tensor, Var};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};

/// Shape of a model: the keys of a Hugging Face `config.json` that matter here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Always `LlamaForCausalLM`.
    pub architectures: Vec<String>,
    /// Always `llama`.
    pub model_type: String,
    /// Number of tokens.
    pub vocab_size: usize,
    /// Width.
    pub hidden_size: usize,
    /// Width within the feed-forward layers.
    pub intermediate_size: usize,
    /// Depth.
    pub num_hidden_layers: usize,
    /// Attention heads.
    pub num_attention_heads: usize,
    /// The same number: no grouping.
    pub num_key_value_heads: usize,
    /// Longest text.
    pub max_position_embeddings: usize,
    /// Added to the mean square before its root.
    pub rms_norm_eps: f64,
    /// Base of the rotary frequencies.
    pub rope_theta: f64,
    /// Always true: the output layer is the embedding.
    pub tie_word_embeddings: bool,
    /// Always `silu`.
    pub hidden_act: String,
    /// Begin of text.
    pub bos_token_id: u32,
    /// End of text.
    pub eos_token_id: u32,
    /// Number type of the weights.
    pub torch_dtype: String,
}

impl Shape {
    /// The shape of all reference models.
    pub fn reference(vocab_size: usize) -> Self {
        Self {
            architectures: vec!["LlamaForCausalLM".to_owned()],
            model_type: "llama".to_owned(),
            vocab_size,
            hidden_size: 96,
            intermediate_size: 256,
            num_hidden_layers: 3,
            num_attention_heads: 4,
            num_key_value_heads: 4,
            max_position_embeddings: 160,
            rms_norm_eps: 1e-5,
            rope_theta: 10_000.0,
            tie_word_embeddings: true,
            hidden_act: "silu".to_owned(),
            bos_token_id: super::tokens::BOS,
            eos_token_id: super::tokens::EOS,
            torch_dtype: "float32".to_owned(),
        }
    }

    fn head(&self) -> usize {
        self.hidden_size / self.num_attention_heads
    }

    /// Name -> shape of every weight, in name order.
    fn weights(&self) -> BTreeMap<String, Vec<usize>> {
        let (wide, inner) = (self.hidden_size, self.intermediate_size);
        let mut weights = BTreeMap::from([
            ("model.embed_tokens.weight".to_owned(), vec![self.vocab_size, wide]),
            ("model.norm.weight".to_owned(), vec![wide]),
        ]);
        for layer in 0..self.num_hidden_layers {
            let parts = [
                ("self_attn.q_proj", vec![wide, wide]),
                ("self_attn.k_proj", vec![wide, wide]),
                ("self_attn.v_proj", vec![wide, wide]),
                ("self_attn.o_proj", vec![wide, wide]),
                ("mlp.gate_proj", vec![inner, wide]),
                ("mlp.up_proj", vec![inner, wide]),
                ("mlp.down_proj", vec![wide, inner]),
                ("input_layernorm", vec![wide]),
                ("post_attention_layernorm", vec![wide]),
            ];
            weights.extend(parts.map(|(name, shape)| (format!("model.layers.{layer}.{name}.weight"), shape)));
        }
        weights
    }
}

/// A batch of tree-shaped inputs, padded to one length.
#[derive(Clone, Debug)]
pub struct Batch {
    rows: usize,
    length: usize,
    /// Token ids, `rows x length`.
    tokens: Vec<u32>,
    /// Distance of each token from the begin of text along its branch, `rows x length`.
    positions: Vec<u32>,
    /// 0 where a token (row) may attend to another (column), a large negative number elsewhere; `rows x length x length`.
    mask: Vec<f32>,
    /// Flat places (`row * length + column`) whose next token matters.
    places: Vec<u32>,
}

impl Batch {
    /// An empty batch of `rows` trees with room for `length` tokens each. Padding attends to itself only.
    pub fn new(rows: usize, length: usize) -> Self {
        let mut mask = vec![-1e9; rows * length * length];
        for flat in 0..rows * length {
            mask[flat * length + flat % length] = 0.0;
        }
        Self { rows, length, tokens: vec![0; rows * length], positions: vec![0; rows * length], mask, places: Vec::new() }
    }

    /// Put a token into its column; it attends to its parent (a column further left) and to whatever that attends to.
    pub fn put(&mut self, row: usize, column: usize, token: u32, parent: Option<usize>) {
        let flat = row * self.length + column;
        self.tokens[flat] = token;
        if let Some(parent) = parent.map(|parent| row * self.length + parent) {
            self.positions[flat] = self.positions[parent] + 1;
            self.mask.copy_within(parent * self.length..(parent + 1) * self.length, flat * self.length);
            self.mask[flat * self.length + column] = 0.0;
        }
    }

    /// Ask for the next token behind a column.
    pub fn ask(&mut self, row: usize, column: usize) {
        self.places.push((row * self.length + column) as u32);
    }

    /// How many next tokens are asked for.
    pub fn asked(&self) -> usize {
        self.places.len()
    }
}

/// Weights in training.
pub struct Net {
    shape: Shape,
    vars: BTreeMap<String, Var>,
    cos: Tensor,
    sin: Tensor,
}

impl Net {
    /// Random weights: embeddings and layers normal with deviation 0.08, the two output layers of a block narrower, norms 1.
    ///
    /// # Errors
    /// Of the tensor library.
    pub fn new(shape: Shape, seed: u64) -> Result<Self> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let narrow = 0.08 / (2.0 * shape.num_hidden_layers as f64).sqrt();
        let mut vars = BTreeMap::new();
        for (name, size) in shape.weights() {
            let deviation = if name.contains("o_proj") || name.contains("down_proj") { narrow } else { 0.08 };
            let count = size.iter().product();
            let numbers: Vec<f32> =
                if size.len() == 1 { vec![1.0; count] } else { (0..count).map(|_| (normal(&mut random) * deviation) as f32).collect() };
            vars.insert(name, Var::from_tensor(&Tensor::from_vec(numbers, size, &Device::Cpu)?)?);
        }
        Self::with(shape, vars)
    }

    /// Weights from a safetensors file.
    ///
    /// # Errors
    /// A weight is missing or has another shape.
    pub fn load(shape: Shape, bytes: &[u8]) -> Result<Self> {
        let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu)?;
        let mut vars = BTreeMap::new();
        for (name, size) in shape.weights() {
            let tensor = tensors.get(&name).ok_or_else(|| candle_core::Error::Msg(format!("there is no weight {name}")))?;
            if tensor.dims() != size {
                candle_core::bail!("weight {name} has shape {:?}, not {size:?}", tensor.dims());
            }
            vars.insert(name, Var::from_tensor(&tensor.to_dtype(DType::F32)?)?);
        }
        Self::with(shape, vars)
    }

    fn with(shape: Shape, vars: BTreeMap<String, Var>) -> Result<Self> {
        let half = shape.head() / 2;
        let angle =
            |position: usize, pair: usize| position as f64 * libm::pow(shape.rope_theta, -(2.0 * pair as f64) / shape.head() as f64);
        let table = |turn: fn(f64) -> f64| {
            let places = (0..shape.max_position_embeddings).flat_map(|position| (0..half).map(move |pair| (position, pair)));
            let numbers: Vec<f32> = places.map(|(position, pair)| turn(angle(position, pair)) as f32).collect();
            Tensor::from_vec(numbers, (shape.max_position_embeddings, half), &Device::Cpu)
        };
        let (cos, sin) = (table(libm::cos)?, table(libm::sin)?);
        Ok(Self { shape, vars, cos, sin })
    }

    /// The weights that training changes, in name order.
    pub fn vars(&self) -> Vec<Var> {
        self.vars.values().cloned().collect()
    }

    /// The weights as a safetensors file.
    ///
    /// # Errors
    /// Of the tensor library.
    pub fn save(&self, path: &std::path::Path) -> Result<()> {
        let tensors: HashMap<String, Tensor> = self.vars.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect();
        candle_core::safetensors::save(&tensors, path)
    }

    /// Natural log-probabilities of the next token at the batch's places: `places x vocabulary`.
    ///
    /// # Errors
    /// Of the tensor library.
    pub fn forward(&self, batch: &Batch) -> Result<Tensor> {
        let (rows, length, wide) = (batch.rows, batch.length, self.shape.hidden_size);
        let positions = Tensor::from_slice(&batch.positions, rows * length, &Device::Cpu)?;
        let turn = |table: &Tensor| table.index_select(&positions, 0)?.reshape((rows, 1, length, self.shape.head() / 2));
        let (cos, sin) = (turn(&self.cos)?, turn(&self.sin)?);
        let mask = Tensor::from_slice(&batch.mask, (rows, 1, length, length), &Device::Cpu)?;
        let tokens = Tensor::from_slice(&batch.tokens, rows * length, &Device::Cpu)?;
        let embedding = self.weight("model.embed_tokens")?;
        let mut hidden = embedding.index_select(&tokens, 0)?;
        for layer in 0..self.shape.num_hidden_layers {
            let name = |part: &str| format!("model.layers.{layer}.{part}");
            let normed = self.norm(&hidden, &name("input_layernorm"))?;
            let heads = |part: &str| {
                let split = (rows, length, self.shape.num_attention_heads, self.shape.head());
                self.linear(&normed, &name(part))?.reshape(split)?.transpose(1, 2)?.contiguous()
            };
            let queries = rotate(&heads("self_attn.q_proj")?, &cos, &sin)?;
            let keys = rotate(&heads("self_attn.k_proj")?, &cos, &sin)?;
            let scores = (queries.matmul(&keys.transpose(2, 3)?)? * (1.0 / (self.shape.head() as f64).sqrt()))?;
            let attention = candle_nn::ops::softmax(&scores.broadcast_add(&mask)?, D::Minus1)?;
            let mixed = attention.matmul(&heads("self_attn.v_proj")?)?.transpose(1, 2)?.reshape((rows * length, wide))?;
            hidden = (hidden + self.linear(&mixed, &name("self_attn.o_proj"))?)?;
            let normed = self.norm(&hidden, &name("post_attention_layernorm"))?;
            let gate = self.linear(&normed, &name("mlp.gate_proj"))?.silu()?;
            let inner = (gate * self.linear(&normed, &name("mlp.up_proj"))?)?;
            hidden = (hidden + self.linear(&inner, &name("mlp.down_proj"))?)?;
        }
        let places = Tensor::from_slice(&batch.places, batch.places.len(), &Device::Cpu)?;
        let last = self.norm(&hidden.index_select(&places, 0)?, "model.norm")?;
        candle_nn::ops::log_softmax(&last.matmul(&embedding.t()?)?, D::Minus1)
    }

    fn weight(&self, name: &str) -> Result<&Tensor> {
        let var = self.vars.get(&format!("{name}.weight")).ok_or_else(|| candle_core::Error::Msg(format!("there is no weight {name}")))?;
        Ok(var.as_tensor())
    }

    fn linear(&self, inputs: &Tensor, name: &str) -> Result<Tensor> {
        inputs.matmul(&self.weight(name)?.t()?)
    }

    fn norm(&self, inputs: &Tensor, name: &str) -> Result<Tensor> {
        candle_nn::ops::rms_norm_slow(inputs, self.weight(name)?, self.shape.rms_norm_eps as f32)
    }
}

/// Rotary position encoding; pairs are (i, i + half), as in the Hugging Face layout.
fn rotate(heads: &Tensor, cos: &Tensor, sin: &Tensor) -> Result<Tensor> {
    let half = cos.dim(D::Minus1)?;
    let (low, high) = (heads.narrow(D::Minus1, 0, half)?, heads.narrow(D::Minus1, half, half)?);
    let turned = (low.broadcast_mul(cos)? - high.broadcast_mul(sin)?)?;
    let lifted = (high.broadcast_mul(cos)? + low.broadcast_mul(sin)?)?;
    Tensor::cat(&[turned, lifted], D::Minus1)
}

/// A draw from the standard normal distribution (Box and Muller 1958).
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let mut uniform = || ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    let radius = libm::sqrt(-2.0 * libm::log(uniform()));
    radius * libm::cos(std::f64::consts::TAU * uniform())
}
