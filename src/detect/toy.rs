//! A detector and works for tests of the frame: it counts how often `x` stands for a word.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::corpus::{ANY, Content, Item};
use super::features::{Detector, Features, Minimum};
use super::linear::Linear;
use super::material::{Abstention, Material, Modality};
use super::registry::Setup;
use super::trained::{Card, Trained};
use crate::stats::rng::Random;

/// Share of the word `x` as the only feature.
pub struct Toy;

impl Detector for Toy {
    fn id(&self) -> &'static str {
        "toy"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Text
    }

    fn minimum(&self) -> Minimum {
        Minimum { statement: 80.0, hint: 40.0, unit: "words" }
    }

    fn dense(&self) -> &[&'static str] {
        &["share-of-x"]
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let Material::Text(text) = material else { return Err(Abstention::OtherModality { needs: Modality::Text }) };
        let words = text.split_whitespace().count();
        if words < 40 {
            return Err(Abstention::TooLittle { found: words as f64, needed: 40.0, unit: "words".to_owned() });
        }
        let share = text.split_whitespace().filter(|word| *word == "x").count() as f32 / words as f32;
        Ok(Features { dense: vec![share], sparse: Vec::new(), extent: words as f64 })
    }
}

/// The toy with a weight of one: its score is the share.
pub fn trained() -> Trained {
    let linear = Linear { center: vec![0.0], scale: vec![1.0], dense: vec![1.0], sparse: Vec::new(), bias: 0.0, penalty: 0.1 };
    let card = Card {
        version: 1,
        detector: "toy".to_owned(),
        detector_version: 1,
        fingerprint: String::new(),
        trained: String::new(),
        penalty: 0.1,
        buckets: 0,
        weights: "w".to_owned(),
        dense: vec!["share-of-x".to_owned()],
        setup: Setup::new(),
        measured: None,
        corpora: Vec::new(),
    };
    Trained { folder: PathBuf::new(), card, detector: Box::new(Toy), linear, seen: BTreeSet::new(), calibrations: BTreeMap::new() }
}

/// A text of so many words, each an `x` with this probability.
pub fn text(random: &mut Random, words: usize, share: f64) -> String {
    (0..words).map(|_| if random.uniform() < share { "x" } else { "o" }).collect::<Vec<_>>().join(" ")
}

/// A human text.
pub fn human(source: &str, text: String) -> Item {
    Item {
        id: format!("{source}:{}", blake3::hash(text.as_bytes())),
        source: source.to_owned(),
        generator: None,
        domain: ANY.to_owned(),
        language: None,
        groups: BTreeMap::new(),
        content: Content::Held(Material::Text(text)),
    }
}
