//! What the `config.json` of a vision model says. In: the bytes of the file. Out: a checked [`Shape`], or the entry that cannot be honoured.

use serde::Deserialize;
use serde_json::Value;

use crate::model::ModelError;
use crate::model::candle::encoder::activation::Activation;
use crate::model::candle::file_error;

/// Its name.
pub const FILE: &str = "config.json";

/// Architectures that are computed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// CLIP (Radford et al. 2021).
    Clip,
    /// DINOv2 (Oquab et al. 2023), without registers.
    DinoV2,
}

/// Shape of a vision model.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Architecture.
    pub family: Family,
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width of the feed-forward part.
    pub intermediate: usize,
    /// Number of layers.
    pub layers: usize,
    /// Number of heads; divides `hidden`.
    pub heads: usize,
    /// Side of the picture that the table of positions is made for, in pixels.
    pub image: usize,
    /// Side of a patch, in pixels.
    pub patch: usize,
    /// Added to the variance in normalisation.
    pub epsilon: f32,
    /// Between the two products of the feed-forward part.
    pub activation: Activation,
}

/// The entries read. CLIP's files leave out what equals the first published model.
#[derive(Deserialize)]
struct Entries {
    #[serde(default = "hidden")]
    hidden_size: usize,
    intermediate_size: Option<usize>,
    mlp_ratio: Option<f64>,
    #[serde(default = "twelve")]
    num_hidden_layers: usize,
    #[serde(default = "twelve")]
    num_attention_heads: usize,
    #[serde(default = "three")]
    num_channels: usize,
    image_size: Option<usize>,
    patch_size: Option<usize>,
    layer_norm_eps: Option<f64>,
    hidden_act: Option<String>,
    #[serde(default)]
    use_swiglu_ffn: bool,
}

fn hidden() -> usize {
    768
}

fn twelve() -> usize {
    12
}

fn three() -> usize {
    3
}

impl Shape {
    /// Reads and checks the bytes of a `config.json`.
    ///
    /// # Errors
    /// [`ModelError::File`] when the file is not JSON or describes something that is not computed here.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let again = "copy the file again from where the model came from";
        let unreadable = |error: serde_json::Error| file_error(FILE, format!("cannot be read: {error}"), again);
        let mut entries: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
        let family = match entries["model_type"].as_str().unwrap_or_default() {
            "clip" => {
                entries = entries["vision_config"].take();
                Family::Clip
            }
            "clip_vision_model" => Family::Clip,
            "dinov2" => Family::DinoV2,
            other => {
                let problem = format!("describes a model of the kind `{other}`, which does not read pictures here");
                return Err(file_error(FILE, problem, "take a model of one of these kinds: clip, clip_vision_model, dinov2"));
            }
        };
        let entries: Entries = serde_json::from_value(entries).map_err(unreadable)?;
        let shape = entries.shape(family);
        shape.map_err(|problem| file_error(FILE, problem, "take another model; this one would be computed wrongly"))
    }
}

impl Entries {
    fn shape(self, family: Family) -> Result<Shape, String> {
        let clip = family == Family::Clip;
        if self.use_swiglu_ffn {
            return Err("has a gated feed-forward part (`use_swiglu_ffn`), which is not computed here".to_owned());
        }
        if self.num_channels != 3 {
            return Err(format!("reads pictures of {} colours, not 3", self.num_channels));
        }
        let widened = (self.hidden_size as f64 * self.mlp_ratio.unwrap_or(4.0)) as usize;
        let shape = Shape {
            family,
            hidden: self.hidden_size,
            intermediate: if clip { self.intermediate_size.unwrap_or(3072) } else { widened },
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            image: self.image_size.unwrap_or(224),
            patch: self.patch_size.unwrap_or(if clip { 32 } else { 14 }),
            epsilon: self.layer_norm_eps.unwrap_or(if clip { 1e-5 } else { 1e-6 }) as f32,
            activation: Activation::named(self.hidden_act.as_deref().or(clip.then_some("quick_gelu")))?,
        };
        let numbers = [shape.hidden, shape.intermediate, shape.layers, shape.heads, shape.image, shape.patch];
        // Bounds far beyond any model, so that products of these numbers stay numbers.
        if numbers.iter().any(|number| !(1..=16_384).contains(number)) || shape.patch > shape.image {
            return Err(format!("has sizes that no model has: {numbers:?}"));
        }
        if !shape.hidden.is_multiple_of(shape.heads) {
            return Err(format!("{} numbers in {} heads cannot be computed", shape.hidden, shape.heads));
        }
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Shape::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn entries_that_are_left_out_are_those_of_the_first_published_model() {
        let shape = Shape::parse(br#"{"model_type": "clip", "vision_config": {"patch_size": 16}}"#).unwrap();
        let sizes = [shape.hidden, shape.intermediate, shape.layers, shape.heads, shape.image, shape.patch];
        assert_eq!((sizes, shape.activation), ([768, 3072, 12, 12, 224, 16], Activation::QuickGelu));
        let dino = Shape::parse(br#"{"model_type": "dinov2", "hidden_size": 384, "num_attention_heads": 6}"#).unwrap();
        assert_eq!((dino.intermediate, dino.patch, dino.epsilon, dino.activation), (1536, 14, 1e-6, Activation::Gelu));
    }

    #[test]
    fn what_is_not_computed_is_refused() {
        assert!(problem("{").contains("cannot be read"));
        assert!(problem(r#"{"model_type": "bert"}"#).contains("`bert`, which does not read pictures"));
        assert!(problem(r#"{"model_type": "clip"}"#).contains("cannot be read"));
        assert!(problem(r#"{"model_type": "dinov2", "use_swiglu_ffn": true}"#).contains("use_swiglu_ffn"));
        assert!(problem(r#"{"model_type": "dinov2", "num_channels": 1}"#).contains("1 colours"));
        assert!(problem(r#"{"model_type": "dinov2", "patch_size": 0}"#).contains("no model has"));
        assert!(problem(r#"{"model_type": "dinov2", "image_size": 1000000000000}"#).contains("no model has"));
        assert!(problem(r#"{"model_type": "dinov2", "num_attention_heads": 7}"#).contains("7 heads"));
        assert!(problem(r#"{"model_type": "dinov2", "hidden_act": "mish"}"#).contains("`mish`"));
    }
}
