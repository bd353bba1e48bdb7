//! What an encoder's `config.json` says. In: the bytes of the file. Out: a checked [`Shape`], or the entry that cannot be honoured. An entry
//! that would change the arithmetic and is not computed here is refused, never ignored.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::activation::Activation;
use crate::model::ModelError;
use crate::model::candle::config::LONGEST_CONTEXT;
use crate::model::candle::file_error;

const FILE: &str = "config.json";

/// Architectures that are computed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// BERT (Devlin et al. 2019), and what is built like it.
    Bert,
    /// DistilBERT (Sanh et al. 2019).
    DistilBert,
    /// RoBERTa (Liu et al. 2019) and XLM-RoBERTa (Conneau et al. 2020).
    Roberta,
    /// DeBERTa, second and third version (He et al. 2021).
    DebertaV2,
    /// ModernBERT (Warner et al. 2024).
    ModernBert,
}

/// `model_type` in config.json -> architecture.
const FAMILIES: [(&str, Family); 6] = [
    ("bert", Family::Bert),
    ("distilbert", Family::DistilBert),
    ("roberta", Family::Roberta),
    ("xlm-roberta", Family::Roberta),
    ("deberta-v2", Family::DebertaV2),
    ("modernbert", Family::ModernBert),
];

/// Shape of an encoder. Lengths count `f32` elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Architecture.
    pub family: Family,
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width of the word embeddings; differs from `hidden` where they are projected.
    pub embedding: usize,
    /// Width of the feed-forward part.
    pub intermediate: usize,
    /// Number of layers.
    pub layers: usize,
    /// Number of heads; divides `hidden`.
    pub heads: usize,
    /// Number of tokens.
    pub vocabulary: usize,
    /// Rows of the table of learned positions; 0 where positions are relative or rotary.
    pub positions: usize,
    /// Row of the first token: RoBERTa's family counts from behind the padding token's id.
    pub first_position: usize,
    /// Kinds of segments; every text is of the first.
    pub segments: usize,
    /// Longest text in tokens, with those that the tokenizer adds.
    pub context: usize,
    /// Added to the variance in normalisation.
    pub epsilon: f32,
    /// Between the two products of the feed-forward part.
    pub activation: Activation,
    /// In the classification head.
    pub head_activation: Activation,
    /// The head reads the mean of all tokens, not the first one.
    pub head_reads_mean: bool,
    /// How far tokens see and how they know where they are, layer by layer.
    pub sights: Vec<Sight>,
}

/// How a layer's tokens see each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// Everything; positions were added to the embeddings.
    All,
    /// Queries and keys are turned by their position, on a base; tokens farther away than `reach` are not seen.
    Rotary {
        /// Base of the frequencies.
        theta: f64,
        /// Largest distance seen; everything where absent.
        reach: Option<usize>,
    },
    /// Keys and queries of relative positions are attended to beside those of the tokens.
    Relative(Relative),
}

/// Relative positions as DeBERTa has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Relative {
    /// Distances on each side that have an embedding.
    pub span: usize,
    /// Distances beyond half of these share theirs on a logarithmic scale; 0: none do.
    pub buckets: usize,
    /// Largest distance that the scale is made for.
    pub farthest: usize,
    /// Queries look at positions.
    pub content_to_position: bool,
    /// Keys are looked at from positions.
    pub position_to_content: bool,
    /// Positions go through the projections of the tokens.
    pub shared: bool,
    /// Their embeddings are normalised.
    pub normed: bool,
}

/// The entries read; the files hold many more that say nothing about inference.
#[derive(Deserialize)]
struct Entries {
    model_type: String,
    #[serde(alias = "dim")]
    hidden_size: usize,
    #[serde(alias = "hidden_dim")]
    intermediate_size: usize,
    #[serde(alias = "n_layers")]
    num_hidden_layers: usize,
    #[serde(alias = "n_heads")]
    num_attention_heads: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default)]
    type_vocab_size: usize,
    #[serde(alias = "norm_eps")]
    layer_norm_eps: Option<f64>,
    #[serde(alias = "activation", alias = "hidden_activation")]
    hidden_act: Option<String>,
    pad_token_id: Option<usize>,
    position_embedding_type: Option<String>,
    embedding_size: Option<usize>,
    #[serde(default)]
    is_decoder: bool,
    // DeBERTa
    #[serde(default)]
    relative_attention: bool,
    position_biased_input: Option<bool>,
    position_buckets: Option<i64>,
    max_relative_positions: Option<i64>,
    pos_att_type: Option<Value>,
    #[serde(default)]
    share_att_key: bool,
    norm_rel_ebd: Option<String>,
    #[serde(default)]
    conv_kernel_size: usize,
    attention_head_size: Option<usize>,
    pooler_hidden_act: Option<String>,
    pooler_hidden_size: Option<usize>,
    // ModernBERT
    layer_types: Option<Vec<String>>,
    global_attn_every_n_layers: Option<usize>,
    local_attention: Option<usize>,
    global_rope_theta: Option<f64>,
    local_rope_theta: Option<f64>,
    rope_parameters: Option<Value>,
    rope_scaling: Option<Value>,
    classifier_pooling: Option<String>,
    classifier_activation: Option<String>,
}

impl Shape {
    /// Reads and checks the bytes of a `config.json`.
    ///
    /// # Errors
    /// [`ModelError::File`] when the file is not JSON, lacks an entry, or describes something that is not computed here.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let again = "copy the file again from where the model came from";
        let entries: Value = serde_json::from_slice(bytes).map_err(|error| file_error(FILE, format!("cannot be read: {error}"), again))?;
        let kind = entries["model_type"].as_str().unwrap_or_default();
        if !FAMILIES.iter().any(|(name, _)| *name == kind) {
            let known = FAMILIES.map(|(name, _)| name).join(", ");
            let problem = format!("describes a model of the kind `{kind}`, which does not read texts here");
            return Err(file_error(FILE, problem, &format!("take a model of one of these kinds: {known}")));
        }
        let entries: Entries = serde_json::from_value(entries).map_err(|error| file_error(FILE, error.to_string(), again))?;
        entries.shape().map_err(|problem| file_error(FILE, problem, "take another model; this one would be computed wrongly"))
    }

    /// Width of one head.
    pub fn head_dim(&self) -> usize {
        self.hidden / self.heads
    }
}

impl Entries {
    fn shape(self) -> Result<Shape, String> {
        let family = FAMILIES.iter().find(|(name, _)| *name == self.model_type).map_or(Family::Bert, |(_, family)| *family);
        self.refuse()?;
        let numbers = [self.hidden_size, self.intermediate_size, self.num_hidden_layers, self.num_attention_heads, self.vocab_size];
        if numbers.contains(&0) || !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err(format!("{} numbers in {} heads cannot be computed", self.hidden_size, self.num_attention_heads));
        }
        let first_position = if family == Family::Roberta { self.pad_token_id.unwrap_or(1) + 1 } else { 0 };
        let learned = match family {
            Family::ModernBert => false,
            Family::DebertaV2 => self.position_biased_input.unwrap_or(true),
            _ => true,
        };
        let head_activation = match family {
            Family::Bert | Family::Roberta => Activation::Tanh,
            Family::DistilBert => Activation::Relu,
            Family::DebertaV2 => Activation::named(self.pooler_hidden_act.as_deref())?,
            Family::ModernBert => Activation::named(self.classifier_activation.as_deref())?,
        };
        let context = self.max_position_embeddings.saturating_sub(first_position).min(LONGEST_CONTEXT);
        Ok(Shape {
            family,
            hidden: self.hidden_size,
            embedding: self.embedding_size.unwrap_or(self.hidden_size),
            intermediate: self.intermediate_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            vocabulary: self.vocab_size,
            positions: if learned { self.max_position_embeddings } else { 0 },
            first_position,
            segments: if matches!(family, Family::DistilBert | Family::ModernBert) { 0 } else { self.type_vocab_size },
            context,
            epsilon: self.layer_norm_eps.unwrap_or(if family == Family::ModernBert { 1e-5 } else { 1e-12 }) as f32,
            activation: Activation::named(self.hidden_act.as_deref())?,
            head_activation,
            head_reads_mean: self.classifier_pooling.as_deref() == Some("mean"),
            sights: match family {
                Family::ModernBert => self.rotary()?,
                Family::DebertaV2 if self.relative_attention => vec![Sight::Relative(self.relative()); self.num_hidden_layers],
                _ => vec![Sight::All; self.num_hidden_layers],
            },
        })
    }

    fn refuse(&self) -> Result<(), String> {
        let differs = |size: Option<usize>, from: usize| size.is_some_and(|size| size != from);
        if let Some(kind) = self.position_embedding_type.as_deref().filter(|kind| *kind != "absolute") {
            return Err(format!("positions of the kind `{kind}` are not computed here"));
        }
        if self.is_decoder {
            return Err("this is a decoder; encoders alone read texts here".to_owned());
        }
        if self.conv_kernel_size > 0 {
            return Err("a convolution beside the first layer (`conv_kernel_size`) is not computed here".to_owned());
        }
        if differs(self.attention_head_size, self.hidden_size / self.num_attention_heads.max(1)) {
            return Err("heads of another width (`attention_head_size`) are not computed here".to_owned());
        }
        if differs(self.pooler_hidden_size, self.hidden_size) {
            return Err("a head of another width (`pooler_hidden_size`) is not computed here".to_owned());
        }
        if self.rope_scaling.as_ref().is_some_and(|scaling| !scaling.is_null()) {
            return Err("scaled rotary positions (`rope_scaling`) are not computed here".to_owned());
        }
        Ok(())
    }

    fn relative(&self) -> Relative {
        let positive = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0);
        let farthest = positive(self.max_relative_positions).unwrap_or(self.max_position_embeddings);
        let buckets = positive(self.position_buckets);
        let kinds = self.pos_att_type.as_ref().map(ToString::to_string).unwrap_or_default();
        Relative {
            span: buckets.unwrap_or(farthest),
            buckets: buckets.unwrap_or(0),
            farthest,
            content_to_position: kinds.contains("c2p"),
            position_to_content: kinds.contains("p2c"),
            shared: self.share_att_key,
            normed: self.norm_rel_ebd.as_deref().is_some_and(|norm| norm.contains("layer_norm")),
        }
    }

    /// Newer files list the layers and keep the bases together, older ones say that every third layer sees everything.
    fn rotary(&self) -> Result<Vec<Sight>, String> {
        let (full, sliding) = ("full_attention", "sliding_attention");
        let every = self.global_attn_every_n_layers.unwrap_or(3).max(1);
        let usual = |layer: usize| if layer.is_multiple_of(every) { full } else { sliding }.to_owned();
        let kinds = self.layer_types.clone().unwrap_or_else(|| (0..self.num_hidden_layers).map(usual).collect());
        if kinds.len() != self.num_hidden_layers {
            return Err(format!("`layer_types` names {} layers of {}", kinds.len(), self.num_hidden_layers));
        }
        let written: BTreeMap<String, Value> =
            self.rope_parameters.clone().map_or(Ok(BTreeMap::new()), serde_json::from_value).map_err(|error| error.to_string())?;
        let base = |kind: &str, older: Option<f64>, usual: f64| {
            let entry = written.get(kind);
            match entry.and_then(|entry| entry["rope_type"].as_str()).unwrap_or("default") {
                "default" => Ok(entry.and_then(|entry| entry["rope_theta"].as_f64()).or(older).unwrap_or(usual)),
                other => Err(format!("rotary positions scaled as `{other}` are not computed here")),
            }
        };
        let (global, local) = (base(full, self.global_rope_theta, 160_000.0)?, base(sliding, self.local_rope_theta, 10_000.0)?);
        let sight = |kind: &String| match kind.as_str() {
            "full_attention" => Ok(Sight::Rotary { theta: global, reach: None }),
            "sliding_attention" => Ok(Sight::Rotary { theta: local, reach: Some(self.local_attention.unwrap_or(128) / 2) }),
            other => Err(format!("layers of the kind `{other}` are not computed here")),
        };
        kinds.iter().map(sight).collect()
    }
}

/// What the outputs of a classification head mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Label of each output.
    pub names: Vec<String>,
    /// Any number of labels may hold for a text (each has a probability of its own); otherwise exactly one does.
    pub independent: bool,
}

impl Labels {
    /// Reads `id2label` and `problem_type` of a `config.json`.
    ///
    /// # Errors
    /// [`ModelError::File`] when there are no labels, or the model predicts numbers.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        #[derive(Deserialize)]
        struct Entries {
            id2label: Option<BTreeMap<String, String>>,
            problem_type: Option<String>,
        }
        let again = "copy the file again from where the model came from";
        let entries: Entries =
            serde_json::from_slice(bytes).map_err(|error| file_error(FILE, format!("cannot be read: {error}"), again))?;
        let labels = entries.id2label.unwrap_or_default();
        let names: Option<Vec<String>> = (0..labels.len()).map(|place| labels.get(&place.to_string()).cloned()).collect();
        let names = names.filter(|names| !names.is_empty());
        let names = names.ok_or_else(|| {
            file_error(FILE, "names no labels (`id2label`)".to_owned(), "take a model that was trained to classify, with its config.json")
        })?;
        let independent = entries.problem_type.as_deref() == Some("multi_label_classification");
        if entries.problem_type.as_deref() == Some("regression") || names.len() == 1 && !independent {
            let help = "take a model with labels; numbers without a scale of their own are not measured";
            return Err(file_error(FILE, "describes a model that gives a number, not labels".to_owned(), help));
        }
        Ok(Self { names, independent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn small(more: Value) -> Vec<u8> {
        let mut entries = json!({"model_type": "bert", "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 4,
            "num_attention_heads": 2, "vocab_size": 16, "max_position_embeddings": 32});
        for (key, value) in more.as_object().unwrap() {
            entries[key] = value.clone();
        }
        entries.to_string().into_bytes()
    }

    fn refused(more: Value) -> String {
        let error = Shape::parse(&small(more)).unwrap_err();
        format!("{error} {}", miette::Diagnostic::help(&error).unwrap())
    }

    #[test]
    fn what_is_not_computed_is_refused_and_never_ignored() {
        assert!(refused(json!({"model_type": "llama"})).contains("modernbert"));
        assert!(refused(json!({"position_embedding_type": "relative_key"})).contains("relative_key"));
        assert!(refused(json!({"model_type": "deberta-v2", "conv_kernel_size": 3})).contains("conv_kernel_size"));
        assert!(refused(json!({"hidden_act": "swish"})).contains("swish"));
        assert!(refused(json!({"num_attention_heads": 3})).contains("heads"));
        assert!(
            refused(json!({"model_type": "modernbert", "rope_parameters": {"full_attention": {"rope_type": "yarn"}}})).contains("yarn")
        );
        assert!(refused(json!({"is_decoder": true})).contains("decoder"));
    }

    #[test]
    fn older_and_newer_files_of_modernbert_say_the_same() {
        let older = json!({"model_type": "modernbert", "global_attn_every_n_layers": 3, "global_rope_theta": 8e4, "local_rope_theta": 1e4});
        let newer = json!({"model_type": "modernbert", "layer_types": ["full_attention", "sliding_attention", "sliding_attention",
            "full_attention"], "rope_parameters": {"full_attention": {"rope_theta": 8e4}, "sliding_attention": {"rope_theta": 1e4}}});
        let (older, newer) = (Shape::parse(&small(older)).unwrap(), Shape::parse(&small(newer)).unwrap());
        assert_eq!(older, newer);
        assert_eq!(older.sights[1], Sight::Rotary { theta: 1e4, reach: Some(64) });
        assert_eq!(older.sights[3], Sight::Rotary { theta: 8e4, reach: None });
    }

    #[test]
    fn labels_stand_in_the_order_of_the_outputs_and_numbers_are_no_labels() {
        let of = |text: &str| Labels::parse(text.as_bytes());
        let eleven: BTreeMap<String, String> = (0..11).map(|place| (place.to_string(), format!("label {place}"))).collect();
        let labels = of(&json!({"id2label": eleven}).to_string()).unwrap();
        assert_eq!((labels.names[2].as_str(), labels.names[10].as_str(), labels.independent), ("label 2", "label 10", false));
        assert!(of(r#"{"id2label": {"0": "toxic"}, "problem_type": "multi_label_classification"}"#).unwrap().independent);
        assert!(of(r#"{"id2label": {"0": "LABEL_0"}}"#).unwrap_err().to_string().contains("a number"));
        assert!(of("{}").unwrap_err().to_string().contains("no labels"));
    }
}
