//! Encoders of five architectures as one network. In: the token ids of one text. Out: the last layer's output for each of them.
//!
//! Each text is computed alone, so neither its neighbours in a batch nor the number of threads can change a bit of its output.

use std::collections::BTreeMap;
use std::sync::Arc;

use candle_core::{Device, Result, Tensor};

use super::attention::{Angles, Places, Seen, attend};
use super::shape::{Family, Shape, Sight};
use crate::model::ModelError;
use crate::model::candle::linear::Linear;
use crate::model::candle::weights::Weights;
use crate::model::candle::{file_error, math, rotary};

/// What a family calls its parts. Names of a layer's parts stand behind `layers` and the layer's number.
struct Names {
    prefix: &'static str,
    words: &'static str,
    embedding_norm: &'static str,
    layers: &'static str,
    /// Queries, keys and values; one where they lie in one matrix.
    attention: &'static [&'static str],
    out: &'static str,
    attention_norm: &'static str,
    up: &'static str,
    down: &'static str,
    feed_norm: &'static str,
}

const BERT: Names = Names {
    prefix: "bert.",
    words: "embeddings.word_embeddings",
    embedding_norm: "embeddings.LayerNorm",
    layers: "encoder.layer",
    attention: &["attention.self.query", "attention.self.key", "attention.self.value"],
    out: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    feed_norm: "output.LayerNorm",
};
const ROBERTA: Names = Names { prefix: "roberta.", ..BERT };
const DEBERTA: Names =
    Names { prefix: "deberta.", attention: &["attention.self.query_proj", "attention.self.key_proj", "attention.self.value_proj"], ..BERT };
const DISTILBERT: Names = Names {
    prefix: "distilbert.",
    layers: "transformer.layer",
    attention: &["attention.q_lin", "attention.k_lin", "attention.v_lin"],
    out: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    up: "ffn.lin1",
    down: "ffn.lin2",
    feed_norm: "output_layer_norm",
    ..BERT
};
const MODERNBERT: Names = Names {
    prefix: "model.",
    words: "embeddings.tok_embeddings",
    embedding_norm: "embeddings.norm",
    layers: "layers",
    attention: &["attn.Wqkv"],
    out: "attn.Wo",
    attention_norm: "attn_norm",
    up: "mlp.Wi",
    down: "mlp.Wo",
    feed_norm: "mlp_norm",
};

/// Layer normalisation with its weights.
pub struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Norm {
    /// The norm `name`; without a bias where the file has none.
    ///
    /// # Errors
    /// As [`Weights::tensor`].
    pub fn load(weights: &Weights<'_>, name: &str, width: usize, epsilon: f32) -> std::result::Result<Self, ModelError> {
        // The first BERT called weight and bias gamma and beta, and many files still do.
        let named = |now: &str, then: &str| {
            let older = format!("{name}.{then}");
            if weights.has(&older) { older } else { format!("{name}.{now}") }
        };
        let bias = named("bias", "beta");
        Ok(Self {
            weight: weights.vector(&named("weight", "gamma"), width)?,
            bias: if weights.has(&bias) { weights.vector(&bias, width)? } else { Vec::new() },
            epsilon,
        })
    }

    /// Normalised rows.
    pub fn of(&self, rows: &[f32]) -> Vec<f32> {
        math::layer_norm(rows, &self.weight, &self.bias, self.epsilon)
    }
}

struct Layer {
    query_key_value: Linear,
    seen: Seen,
    out: Linear,
    attention_norm: Option<Norm>,
    up: Linear,
    down: Linear,
    feed_norm: Option<Norm>,
}

/// A loaded encoder.
pub struct Encoder {
    shape: Shape,
    words: Tensor,
    /// `[positions, embedding]`, with the first segment's embedding added to every row; one row where positions are not learned.
    places: Vec<f32>,
    embedding_norm: Norm,
    projection: Option<Linear>,
    layers: Vec<Layer>,
    last_norm: Option<Norm>,
}

impl Encoder {
    /// Loads the encoder of this shape. Files of encoders alone leave out the prefix that files with a head have.
    ///
    /// # Errors
    /// [`ModelError::File`] naming file and tensor.
    pub fn load(shape: Shape, weights: &Weights<'_>) -> std::result::Result<Self, ModelError> {
        let names = match shape.family {
            Family::Bert => &BERT,
            Family::DistilBert => &DISTILBERT,
            Family::Roberta => &ROBERTA,
            Family::DebertaV2 => &DEBERTA,
            Family::ModernBert => &MODERNBERT,
        };
        let prefix = if weights.has(&format!("{}{}.weight", names.prefix, names.words)) { names.prefix } else { "" };
        let name = |part: &str| format!("{prefix}{part}");
        let width = shape.embedding;
        if width != shape.hidden && shape.family != Family::DebertaV2 {
            let problem = "projects its word embeddings (`embedding_size`), which is not computed here for this kind".to_owned();
            return Err(file_error("config.json", problem, "take another model"));
        }
        let mut places = match shape.positions {
            0 => vec![0.0; width],
            rows => matrix(weights, &name("embeddings.position_embeddings.weight"), rows, width)?,
        };
        if shape.segments > 0 {
            let segments = matrix(weights, &name("embeddings.token_type_embeddings.weight"), shape.segments, width)?;
            places.chunks_exact_mut(width).for_each(|row| math::add(row, &segments[..width]));
        }
        let relative = relative_embeddings(&shape, weights, prefix)?;
        let norm = |name: &str| Norm::load(weights, name, shape.hidden, shape.epsilon);
        let mut angles: BTreeMap<u64, Arc<Angles>> = BTreeMap::new();
        let mut layers = Vec::with_capacity(shape.layers);
        for (index, sight) in shape.sights.iter().enumerate() {
            let path = name(&format!("{}.{index}", names.layers));
            let seen = match sight {
                Sight::All => Seen::All,
                Sight::Rotary { theta, reach } => {
                    let table = || Arc::new(rotary::tables_of(*theta, &[], shape.head_dim() / 2, shape.context));
                    Seen::Rotary { angles: angles.entry(theta.to_bits()).or_insert_with(table).clone(), reach: *reach }
                }
                Sight::Relative(sight) => Seen::Relative(Places::load(sight, &shape, &relative, weights, &path)?),
            };
            layers.push(Layer::load(&shape, names, weights, &path, seen)?);
        }
        Ok(Self {
            words: weights.tensor(&name(&format!("{}.weight", names.words)), &[shape.vocabulary, width])?,
            places,
            embedding_norm: Norm::load(weights, &name(names.embedding_norm), width, shape.epsilon)?,
            projection: if width == shape.hidden {
                None
            } else {
                Some(weights.linear(&[(name("embeddings.embed_proj"), shape.hidden)], width)?)
            },
            layers,
            last_norm: if shape.family == Family::ModernBert { Some(norm(&name("final_norm"))?) } else { None },
            shape,
        })
    }

    /// Shape of the encoder.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Output of the last layer, `[tokens, hidden]`, for the tokens of one text: at least one, at most the context, all in the vocabulary.
    ///
    /// # Errors
    /// When a product fails; shapes are this program's own.
    pub fn forward(&self, tokens: &[u32]) -> Result<Vec<f32>> {
        let mut hidden: Vec<f32> = self.words.index_select(&Tensor::new(tokens, &Device::Cpu)?, 0)?.flatten_all()?.to_vec1()?;
        let width = self.shape.embedding;
        for (place, row) in hidden.chunks_exact_mut(width).enumerate() {
            let place = if self.shape.positions == 0 { 0 } else { self.shape.first_position + place };
            math::add(row, &self.places[place * width..][..width]);
        }
        hidden = self.embedding_norm.of(&hidden);
        if let Some(projection) = &self.projection {
            hidden = projection.multiply(hidden)?;
        }
        for layer in &self.layers {
            layer.apply(&mut hidden, &self.shape)?;
        }
        Ok(self.last_norm.as_ref().map_or_else(|| hidden.clone(), |norm| norm.of(&hidden)))
    }
}

impl Layer {
    fn load(shape: &Shape, names: &Names, weights: &Weights<'_>, path: &str, seen: Seen) -> std::result::Result<Self, ModelError> {
        let (hidden, gated) = (shape.hidden, usize::from(shape.family == Family::ModernBert));
        let linear = |part: &str, outputs: usize, inputs: usize| weights.linear(&[(format!("{path}.{part}"), outputs)], inputs);
        let norm = |name: &str| Norm::load(weights, name, hidden, shape.epsilon);
        let share = 3 * hidden / names.attention.len();
        let attention: Vec<_> = names.attention.iter().map(|part| (format!("{path}.{part}"), share)).collect();
        let attention_norm = format!("{path}.{}", names.attention_norm);
        // ModernBERT's first layer reads embeddings that are normalised already.
        let has_norm = shape.family != Family::ModernBert || weights.has(&format!("{attention_norm}.weight"));
        Ok(Self {
            query_key_value: weights.linear(&attention, hidden)?,
            seen,
            out: linear(names.out, hidden, hidden)?,
            attention_norm: if has_norm { Some(norm(&attention_norm)?) } else { None },
            up: linear(names.up, shape.intermediate * (1 + gated), hidden)?,
            down: linear(names.down, hidden, shape.intermediate)?,
            feed_norm: Some(norm(&format!("{path}.{}", names.feed_norm))?),
        })
    }

    fn apply(&self, hidden: &mut Vec<f32>, shape: &Shape) -> Result<()> {
        let first = shape.family == Family::ModernBert;
        add(hidden, first, self.attention_norm.as_ref(), |rows| {
            let projected = self.query_key_value.multiply(rows)?;
            self.out.multiply(attend(&projected, shape.hidden, shape.head_dim(), &self.seen))
        })?;
        add(hidden, first, self.feed_norm.as_ref(), |rows| {
            let mut wide = self.up.multiply(rows)?;
            if first {
                wide = gate(&wide, shape);
            } else {
                shape.activation.apply(&mut wide);
            }
            self.down.multiply(wide)
        })
    }
}

/// Adds what `part` makes of the rows to them; they are normalised before it (`first`) or behind the sum.
fn add(hidden: &mut Vec<f32>, first: bool, norm: Option<&Norm>, part: impl FnOnce(Vec<f32>) -> Result<Vec<f32>>) -> Result<()> {
    let made = part(norm.filter(|_| first).map_or_else(|| hidden.clone(), |norm| norm.of(hidden)))?;
    math::add(hidden, &made);
    if let Some(norm) = norm.filter(|_| !first) {
        *hidden = norm.of(hidden);
    }
    Ok(())
}

/// The activation of each row's first half, times its second half (Shazeer 2020).
fn gate(rows: &[f32], shape: &Shape) -> Vec<f32> {
    let width = shape.intermediate;
    let mut out = Vec::with_capacity(rows.len() / 2);
    rows.chunks_exact(2 * width).for_each(|row| out.extend_from_slice(&row[..width]));
    shape.activation.apply(&mut out);
    for (out, row) in out.chunks_exact_mut(width).zip(rows.chunks_exact(2 * width)) {
        out.iter_mut().zip(&row[width..]).for_each(|(value, gate)| *value *= gate);
    }
    out
}

fn matrix(weights: &Weights<'_>, name: &str, rows: usize, columns: usize) -> std::result::Result<Vec<f32>, ModelError> {
    let flat = weights.tensor(name, &[rows, columns])?.flatten_all().and_then(|flat| flat.to_vec1());
    flat.map_err(|error| file_error("model.safetensors", format!("`{name}`: {error}"), "copy the file again"))
}

/// Embeddings of relative positions, `[2 * span, hidden]`, or nothing.
fn relative_embeddings(shape: &Shape, weights: &Weights<'_>, prefix: &str) -> std::result::Result<Vec<f32>, ModelError> {
    let Some(Sight::Relative(relative)) = shape.sights.first() else { return Ok(Vec::new()) };
    let rows = matrix(weights, &format!("{prefix}encoder.rel_embeddings.weight"), 2 * relative.span, shape.hidden)?;
    let norm = || Norm::load(weights, &format!("{prefix}encoder.LayerNorm"), shape.hidden, shape.epsilon);
    if relative.normed { Ok(norm()?.of(&rows)) } else { Ok(rows) }
}

impl Places {
    /// Projects the embeddings of relative positions, which no text changes, once for all texts.
    fn load(
        sight: &super::shape::Relative,
        shape: &Shape,
        embeddings: &[f32],
        weights: &Weights<'_>,
        path: &str,
    ) -> std::result::Result<Self, ModelError> {
        let project = |wanted: bool, shared: &str, own: &str| {
            if !wanted {
                return Ok(Vec::new());
            }
            let name = format!("{path}.attention.self.{}", if sight.shared { shared } else { own });
            let projected = weights.linear(&[(name.clone(), shape.hidden)], shape.hidden)?.multiply(embeddings.to_vec());
            projected.map_err(|error| file_error("model.safetensors", format!("`{name}`: {error}"), "copy the file again"))
        };
        let keys = project(sight.content_to_position, "key_proj", "pos_key_proj")?;
        let mut queries = project(sight.position_to_content, "query_proj", "pos_query_proj")?;
        queries.iter_mut().for_each(|value| *value *= sight.scale(shape.head_dim()));
        Ok(Self { shape: sight.clone(), keys, queries })
    }
}
