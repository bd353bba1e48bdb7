//! Models that read pictures: the picture's half of CLIP (Radford et al. 2021) and DINOv2 (Oquab et al. 2023). In: a folder in the Hugging Face
//! layout, and a picture. Out: its vector, which is what becomes of the class token.
//!
//! `shape.rs` says what config.json promises, `preparation.rs` brings a picture to the size the model reads (`resize.rs`), `places.rs` brings the model's table of
//! positions to that size; between the products everything is that of the encoders of texts. Each picture is computed alone.

mod places;
mod preparation;
mod resize;
mod shape;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use candle_core::Result;
use image::RgbImage;

use self::preparation::Preparation;
use self::shape::{Family, Shape};
use super::attention::{Seen, attend};
use super::network::Norm;
use crate::model::ModelError;
use crate::model::candle::linear::{Linear, Precision};
use crate::model::candle::map::Map;
use crate::model::candle::open::in_folder;
use crate::model::candle::safetensors::{INDEX, SINGLE, Safetensors, Shard, files_of_index};
use crate::model::candle::weights::Weights;
use crate::model::candle::{file_error, math};

type Loaded<T> = std::result::Result<T, ModelError>;

/// What a family calls its parts. Names of a layer's parts stand behind `layers` and the layer's number.
struct Names {
    /// Before all of them, in one of several kinds of files.
    prefixes: &'static [&'static str],
    class: &'static str,
    positions: &'static str,
    patches: &'static str,
    layers: &'static str,
    attention_norm: &'static str,
    attention: [&'static str; 3],
    out: &'static str,
    feed_norm: &'static str,
    last_norm: &'static str,
}

const CLIP: Names = Names {
    prefixes: &["vision_model.", ""],
    class: "embeddings.class_embedding",
    positions: "embeddings.position_embedding.weight",
    patches: "embeddings.patch_embedding",
    layers: "encoder.layers",
    attention_norm: "layer_norm1",
    attention: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
    out: "self_attn.out_proj",
    feed_norm: "layer_norm2",
    last_norm: "post_layernorm",
};
const DINO: Names = Names {
    prefixes: &["", "dinov2."],
    class: "embeddings.cls_token",
    positions: "embeddings.position_embeddings",
    patches: "embeddings.patch_embeddings.projection",
    layers: "encoder.layer",
    attention_norm: "norm1",
    attention: ["attention.attention.query", "attention.attention.key", "attention.attention.value"],
    out: "attention.output.dense",
    feed_norm: "norm2",
    last_norm: "layernorm",
};

/// A model for pictures.
pub struct Vision {
    shape: Shape,
    preparation: Preparation,
    patches: Linear,
    /// The class token and its position.
    class: Vec<f32>,
    /// Positions of the patches, `[patches, hidden]`.
    places: Vec<f32>,
    first_norm: Option<Norm>,
    layers: Vec<Layer>,
    last_norm: Norm,
    fingerprint: String,
}

struct Layer {
    attention_norm: Norm,
    query_key_value: Linear,
    out: Linear,
    /// What each number is multiplied by before it is added to the stream, behind attention and behind the feed-forward part; empty where nothing is.
    scales: [Vec<f32>; 2],
    feed_norm: Norm,
    up: Linear,
    down: Linear,
}

impl Vision {
    /// Opens the model in `folder`: config.json, preprocessor_config.json and model.safetensors (or an index with several weight files).
    ///
    /// # Errors
    /// [`ModelError::File`] naming the file, what is wrong with it and what to do.
    pub fn open(folder: &Path) -> Loaded<Self> {
        Self::read(folder).map_err(|error| in_folder(folder, error))
    }

    fn read(folder: &Path) -> Loaded<Self> {
        let unreadable = |file: &str, error: std::io::Error| {
            let help = "a folder of a vision model holds config.json, preprocessor_config.json and model.safetensors (CLIP or DINOv2, as on Hugging Face)";
            file_error(file, format!("cannot be read: {error}"), help)
        };
        let read = |file: &str| std::fs::read(folder.join(file)).map_err(|error| unreadable(file, error));
        let config = read(shape::FILE)?;
        let shape = Shape::parse(&config)?;
        let preprocessor = read(preparation::FILE)?;
        let preparation = Preparation::parse(&preprocessor, &shape)?;
        let index = if folder.join(INDEX).exists() && !folder.join(SINGLE).exists() { Some(read(INDEX)?) } else { None };
        let files = index.as_deref().map_or_else(|| Ok(vec![SINGLE.to_owned()]), files_of_index)?;
        let map = |file: &String| Map::open(&folder.join(file)).map(Arc::new).map_err(|error| unreadable(file, error));
        let maps = files.iter().map(map).collect::<Loaded<Vec<_>>>()?;
        let mut parts = vec![format!("config {}", blake3::hash(&config)), format!("preprocessor {}", blake3::hash(&preprocessor))];
        parts.extend(files.iter().zip(&maps).map(|(file, map)| format!("{file} {}", map.hash())));
        let shards = files.iter().zip(&maps).map(|(file, map)| Shard { file: file.clone(), bytes: map, map: Some(Arc::clone(map)) });
        let weights = Weights::new(Safetensors::open(shards.collect())?).packing(Precision::F32);
        weights.check_memory_with(0)?;
        Self::load(shape, preparation, &weights, crate::store::hash_id(parts.iter().map(String::as_str)))
    }

    fn load(shape: Shape, preparation: Preparation, weights: &Weights<'_>, fingerprint: String) -> Loaded<Self> {
        let names = if shape.family == Family::Clip { &CLIP } else { &DINO };
        let found = names.prefixes.iter().find(|prefix| weights.has(&format!("{prefix}{}", names.class)));
        let name = |part: &str| format!("{}{part}", found.unwrap_or(&names.prefixes[0]));
        let norm = |part: &str| Norm::load(weights, &name(part), shape.hidden, shape.epsilon);
        let (hidden, side) = (shape.hidden, shape.image / shape.patch);
        let broken =
            |part: &str, error: candle_core::Error| file_error(SINGLE, format!("`{}`: {error}", name(part)), "copy the file again");
        let flat = |part: &str, dims: &[usize]| {
            let tensor = weights.tensor(&name(part), dims)?;
            tensor.flatten_all().and_then(|flat| flat.to_vec1::<f32>()).map_err(|error| broken(part, error))
        };
        let one = if shape.family == Family::Clip { vec![] } else { vec![1] };
        let mut class = flat(names.class, &[one.clone(), one.clone(), vec![hidden]].concat())?;
        let table = flat(names.positions, &[one, vec![side * side + 1, hidden]].concat())?;
        math::add(&mut class, &table[..hidden]);
        let weight = format!("{}.weight", names.patches);
        let (inputs, bias) = (3 * shape.patch * shape.patch, format!("{}.bias", names.patches));
        let kernel = weights.tensor(&name(&weight), &[hidden, 3, shape.patch, shape.patch])?.reshape((hidden, inputs));
        let bias = if weights.has(&name(&bias)) { weights.vector(&name(&bias), hidden)? } else { Vec::new() };
        let patches = kernel.and_then(|kernel| Linear::new(kernel, bias)).map_err(|error| broken(&weight, error))?;
        Ok(Self {
            places: places::interpolated(&table[hidden..], side, preparation.side / shape.patch, hidden),
            patches: weights.packed(patches)?,
            class,
            // Its name is misspelt in every file.
            first_norm: if shape.family == Family::Clip { Some(norm("pre_layrnorm")?) } else { None },
            layers: (0..shape.layers)
                .map(|layer| Layer::load(&shape, names, weights, &name(&format!("{}.{layer}", names.layers))))
                .collect::<Loaded<_>>()?,
            last_norm: norm(names.last_norm)?,
            shape,
            preparation,
            fingerprint,
        })
    }

    /// Hash of everything that decides about its vectors.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Length of a vector.
    pub fn width(&self) -> usize {
        self.shape.hidden
    }

    /// Side in pixels of what it sees of a picture, after resizing.
    pub fn side(&self) -> usize {
        self.preparation.side
    }

    /// The vector of a picture: the class token behind the last norm. Not of any fixed length.
    ///
    /// # Errors
    /// When a product fails or the vector is not finite.
    pub fn embed(&self, picture: &RgbImage) -> Result<Vec<f32>> {
        self.embed_prepared(&self.preparation.apply(picture))
    }

    /// The same for a picture of the size that the model reads.
    fn embed_prepared(&self, picture: &RgbImage) -> Result<Vec<f32>> {
        let width = self.shape.hidden;
        let mut patches = self.patches.multiply(self.preparation.patches(picture, self.shape.patch))?;
        math::add(&mut patches, &self.places);
        let mut hidden = [self.class.as_slice(), &patches].concat();
        if let Some(norm) = &self.first_norm {
            hidden = norm.of(&hidden);
        }
        for layer in &self.layers {
            layer.apply(&mut hidden, &self.shape)?;
        }
        let vector = self.last_norm.of(&hidden[..width]);
        if vector.iter().all(|number| number.is_finite()) { Ok(vector) } else { candle_core::bail!("the vector is not finite") }
    }
}

impl Layer {
    fn load(shape: &Shape, names: &Names, weights: &Weights<'_>, path: &str) -> Loaded<Self> {
        let linear = |part: &str, outputs: usize, inputs: usize| weights.linear(&[(format!("{path}.{part}"), outputs)], inputs);
        let norm = |part: &str| Norm::load(weights, &format!("{path}.{part}"), shape.hidden, shape.epsilon);
        let scale = |part: &str| match shape.family {
            Family::Clip => Ok(Vec::new()),
            Family::DinoV2 => weights.vector(&format!("{path}.{part}.lambda1"), shape.hidden),
        };
        Ok(Self {
            attention_norm: norm(names.attention_norm)?,
            query_key_value: weights.linear(&names.attention.map(|part| (format!("{path}.{part}"), shape.hidden)), shape.hidden)?,
            out: linear(names.out, shape.hidden, shape.hidden)?,
            scales: [scale("layer_scale1")?, scale("layer_scale2")?],
            feed_norm: norm(names.feed_norm)?,
            up: linear("mlp.fc1", shape.intermediate, shape.hidden)?,
            down: linear("mlp.fc2", shape.hidden, shape.intermediate)?,
        })
    }

    fn apply(&self, hidden: &mut [f32], shape: &Shape) -> Result<()> {
        let projected = self.query_key_value.multiply(self.attention_norm.of(hidden))?;
        let attended = self.out.multiply(attend(&projected, shape.hidden, shape.hidden / shape.heads, &Seen::All))?;
        add_scaled(hidden, attended, &self.scales[0]);
        let mut wide = self.up.multiply(self.feed_norm.of(hidden))?;
        shape.activation.apply(&mut wide);
        add_scaled(hidden, self.down.multiply(wide)?, &self.scales[1]);
        Ok(())
    }
}

fn add_scaled(hidden: &mut [f32], mut more: Vec<f32>, scale: &[f32]) {
    if !scale.is_empty() {
        more.chunks_exact_mut(scale.len()).for_each(|row| row.iter_mut().zip(scale).for_each(|(value, scale)| *value *= scale));
    }
    math::add(hidden, &more);
}
