//! Sequence classifiers. In: a text. Out: the probability of each label.

use std::path::Path;

use super::activation::Activation;
use super::network::Norm;
use super::shape::{Family, Labels, Shape};
use super::{Reader, Unread, fingerprint, finite, mean, open};
use crate::model::ModelError;
use crate::model::candle::linear::Linear;
use crate::model::candle::open::in_folder;
use crate::model::candle::weights::Weights;
use crate::model::candle::{file_error, math};

/// From the encoder's output to one number a label.
struct Head {
    reads_mean: bool,
    dense: Linear,
    activation: Activation,
    norm: Option<Norm>,
    out: Linear,
}

impl Head {
    fn load(shape: &Shape, labels: usize, weights: &Weights<'_>) -> Result<Self, ModelError> {
        let bert = if weights.has("bert.pooler.dense.weight") { "bert.pooler.dense" } else { "pooler.dense" };
        let (dense, out) = match shape.family {
            Family::Bert => (bert, "classifier"),
            Family::DistilBert => ("pre_classifier", "classifier"),
            Family::Roberta => ("classifier.dense", "classifier.out_proj"),
            Family::DebertaV2 => ("pooler.dense", "classifier"),
            Family::ModernBert => ("head.dense", "classifier"),
        };
        for name in [dense, out].map(|part| format!("{part}.weight")) {
            if !weights.has(&name) {
                let help = "name a model that was trained to classify; one for embeddings belongs under [embedders]";
                return Err(file_error("model.safetensors", format!("has no classification head (`{name}`)"), help));
            }
        }
        let norm = || Norm::load(weights, "head.norm", shape.hidden, shape.epsilon);
        Ok(Self {
            reads_mean: shape.head_reads_mean,
            dense: weights.linear(&[(dense.to_owned(), shape.hidden)], shape.hidden)?,
            activation: shape.head_activation,
            norm: if shape.family == Family::ModernBert { Some(norm()?) } else { None },
            out: weights.linear(&[(out.to_owned(), labels)], shape.hidden)?,
        })
    }

    /// `[labels]` from the encoder's output.
    fn logits(&self, hidden: &[f32], width: usize) -> candle_core::Result<Vec<f32>> {
        let pooled = if self.reads_mean { mean(hidden, width) } else { hidden[..width].to_vec() };
        let mut pooled = self.dense.multiply(pooled)?;
        self.activation.apply(&mut pooled);
        self.out.multiply(self.norm.as_ref().map_or_else(|| pooled.clone(), |norm| norm.of(&pooled)))
    }
}

/// A sequence classifier. Computes on the calling thread; texts are independent of each other.
pub struct Classifier {
    pub(super) reader: Reader,
    head: Head,
    labels: Labels,
    fingerprint: String,
}

impl Classifier {
    /// Opens the classifier in `folder`.
    ///
    /// # Errors
    /// [`ModelError::File`] naming the file, what is wrong with it and what to do.
    pub fn open(folder: &Path) -> Result<Self, ModelError> {
        open(folder, |files, weights| {
            let labels = Labels::parse(&files.config)?;
            let reader = Reader::load(files, weights, None)?;
            let head = Head::load(reader.encoder.shape(), labels.names.len(), weights)?;
            Ok(Self { reader, head, labels, fingerprint: fingerprint(files, &[]) })
        })
    }

    /// Its labels.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Hash of everything that decides about its probabilities.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What the last layer says for each label, before it becomes a probability.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn logits(&self, text: &str) -> Result<Vec<f32>, Unread> {
        let hidden = self.reader.read(text)?;
        finite(self.head.logits(&hidden, self.reader.width()).map_err(|error| Unread::Compute(error.to_string()))?)
    }

    /// The probability of each label: one sum to 1 where exactly one label holds, each for itself where any number may.
    ///
    /// # Errors
    /// [`Unread`].
    pub fn probabilities(&self, text: &str) -> Result<Vec<f64>, Unread> {
        let logits = self.logits(text)?;
        let largest = f64::from(math::largest(&logits));
        let alone = |logit: &f32| 1.0 / (1.0 + libm::exp(-f64::from(*logit)));
        if self.labels.independent {
            return Ok(logits.iter().map(alone).collect());
        }
        let weights: Vec<f64> = logits.iter().map(|logit| libm::exp(f64::from(*logit) - largest)).collect();
        let sum: f64 = weights.iter().sum();
        Ok(weights.iter().map(|weight| weight / sum).collect())
    }
}

impl Labels {
    /// The labels of the classifier in `folder`, without its weights.
    ///
    /// # Errors
    /// As [`Labels::parse`]; when there is no config.json.
    pub fn of(folder: &Path) -> Result<Self, ModelError> {
        let unreadable = |error: std::io::Error| {
            let help = "the folder of a classifier holds config.json, tokenizer.json and model.safetensors";
            file_error("config.json", format!("cannot be read: {error}"), help)
        };
        let bytes = std::fs::read(folder.join("config.json")).map_err(unreadable);
        bytes
            .and_then(|bytes| {
                Shape::parse(&bytes)?;
                Self::parse(&bytes)
            })
            .map_err(|error| in_folder(folder, error))
    }
}
