//! Facts about every architecture, on the tiny encoders of `tests/checkpoints/encoders` with the figures of the reference implementation
//! (`transformers` 5.24 on torch 2.15 in double precision, one padded batch of unequal lengths with its mask).

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::*;

const ALL: [&str; 7] = ["bert", "distilbert", "xlm-roberta", "deberta-v2", "deberta-v2-own-keys", "modernbert", "modernbert-mean"];

#[derive(serde::Deserialize)]
struct Expected {
    texts: Vec<String>,
    ids: Vec<Vec<u32>>,
    logits: Vec<Vec<f32>>,
    means: Vec<Vec<f32>>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints/encoders").join(name)
}

fn expected(name: &str) -> Expected {
    serde_json::from_slice(&std::fs::read(folder(name).join("expected.json")).unwrap()).unwrap()
}

fn distance(got: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(got.len(), expected.len());
    got.iter().zip(expected).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max)
}

#[test]
fn every_architecture_agrees_with_the_reference_implementation_in_a_padded_batch() {
    for name in ALL {
        let (classifier, embedder) = (Classifier::open(&folder(name)).unwrap(), Embedder::open(&folder(name)).unwrap());
        let expected = expected(name);
        let (mut logits, mut means) = (0f32, 0f32);
        for (place, text) in expected.texts.iter().enumerate() {
            let encoding = classifier.reader.tokenizer.encode(text.as_str(), true).unwrap();
            assert_eq!(encoding.get_ids(), expected.ids[place], "{name}");
            logits = logits.max(distance(&classifier.logits(text).unwrap(), &expected.logits[place]));
            means = means.max(distance(&embedder.embed(text).unwrap(), &expected.means[place]));
        }
        println!("{name}: logits {logits:.1e}, means {means:.1e}");
        assert!(logits < 1e-4 && means < 1e-4, "{name}: logits {logits}, means {means}");
    }
}

#[test]
fn neither_threads_nor_neighbours_change_a_bit() {
    for name in ALL {
        let classifier = Classifier::open(&folder(name)).unwrap();
        let texts = vec![expected(name).texts; 5].concat();
        let on = |threads: usize, texts: &[String]| -> Vec<Vec<f32>> {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| texts.par_iter().map(|text| classifier.logits(text).unwrap()).collect())
        };
        let alone: Vec<Vec<f32>> = texts.iter().flat_map(|text| on(1, std::slice::from_ref(text))).collect();
        assert!(alone == on(1, &texts) && alone == on(3, &texts), "{name}");
    }
}

#[test]
fn probabilities_sum_to_one_where_one_label_holds_and_stand_alone_where_several_may() {
    let one = Classifier::open(&folder("bert")).unwrap();
    let shares = one.probabilities("nett").unwrap();
    assert_eq!(one.labels(), &Labels { names: ["friendly", "neutral", "hostile"].map(str::to_owned).into(), independent: false });
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    let several = Classifier::open(&folder("distilbert")).unwrap();
    let (alone, logits) = (several.probabilities("nett").unwrap(), several.logits("nett").unwrap());
    assert!(several.labels().independent);
    assert!(alone.iter().zip(&logits).all(|(share, logit)| (libm::log(share / (1.0 - share)) - f64::from(*logit)).abs() < 1e-6));
}

#[test]
fn a_text_longer_than_the_model_reads_has_no_result() {
    for (name, limit) in [("bert", 60), ("xlm-roberta", 62)] {
        let classifier = Classifier::open(&folder(name)).unwrap();
        assert!(classifier.logits(&"a".repeat(limit - 2)).is_ok(), "{name}");
        assert_eq!(classifier.logits(&"a".repeat(limit - 1)), Err(Unread::TooLong { tokens: limit + 1, limit }), "{name}");
    }
}

/// The files of one checkpoint with one of them changed.
fn changed(name: &str, file: &str, change: impl FnOnce(&[u8]) -> Vec<u8>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::copy(folder(name).join(file), copy.path().join(file)).unwrap();
    }
    let bytes = std::fs::read(copy.path().join(file)).unwrap_or_default();
    std::fs::write(copy.path().join(file), change(&bytes)).unwrap();
    copy
}

fn renamed(bytes: &[u8], name: impl Fn(&str) -> Option<String>) -> Vec<u8> {
    let tensors = candle_core::safetensors::load_buffer(bytes, &candle_core::Device::Cpu).unwrap();
    let kept: std::collections::HashMap<_, _> = tensors.into_iter().filter_map(|(key, tensor)| Some((name(&key)?, tensor))).collect();
    let scratch = tempfile::tempdir().unwrap();
    candle_core::safetensors::save(&kept, scratch.path().join("file")).unwrap();
    std::fs::read(scratch.path().join("file")).unwrap()
}

#[test]
fn norms_under_their_oldest_names_are_found() {
    let older = |key: &str| Some(key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
    let copy = changed("bert", "model.safetensors", |bytes| renamed(bytes, older));
    let (old, new) = (Classifier::open(copy.path()).unwrap(), Classifier::open(&folder("bert")).unwrap());
    assert_eq!(old.logits("nett"), new.logits("nett"));
}

#[test]
fn an_encoder_without_a_head_or_a_prefix_embeds_and_does_not_classify() {
    let bare = |key: &str| key.strip_prefix("bert.").map(str::to_owned);
    let copy = changed("bert", "model.safetensors", |bytes| renamed(bytes, bare));
    assert!(Embedder::open(copy.path()).unwrap().embed("nett") == Embedder::open(&folder("bert")).unwrap().embed("nett"));
    let error = Classifier::open(copy.path()).err().unwrap();
    assert!(error.to_string().contains("no classification head (`classifier.weight`)"), "{error}");
}

#[test]
fn a_model_is_known_by_its_weights_and_by_its_configuration() {
    let known = |folder: &Path| Classifier::open(folder).unwrap().fingerprint().to_owned();
    let weights = changed("bert", "model.safetensors", |bytes| {
        let mut bytes = bytes.to_vec();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        bytes
    });
    let labels = changed("bert", "config.json", |bytes| String::from_utf8_lossy(bytes).replace("hostile", "rude").into_bytes());
    let prints = [known(&folder("bert")), known(weights.path()), known(labels.path())];
    assert!(prints[0] != prints[1] && prints[0] != prints[2] && prints[1] != prints[2]);
    assert_eq!(known(&folder("bert")), prints[0]);
}

#[test]
fn a_target_is_associated_with_what_it_equals_and_opposite_attributes_change_the_sign() {
    let embedder = Embedder::open(&folder("bert")).unwrap();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let sets = Sets { targets: [words(&["kunst"]), words(&["zahl", "geld"])], attributes: [words(&["kunst"]), words(&["zahl"])] };
    let [first, second] = associations(&embedder, &sets).unwrap();
    let near = cosine(&embedder.embed("kunst").unwrap(), &embedder.embed("zahl").unwrap());
    assert!((first[0] - (1.0 - near)).abs() < 1e-6 && (second[0] + (1.0 - near)).abs() < 1e-6);
    let [a, b] = sets.attributes.clone();
    let turned = associations(&embedder, &Sets { attributes: [b, a], ..sets.clone() }).unwrap();
    assert!(second.iter().zip(&turned[1]).all(|(one, other)| (one + other).abs() < 1e-12));
    let empty = Sets { attributes: [Vec::new(), words(&["zahl"])], ..sets };
    assert_eq!(associations(&embedder, &empty), Err(Unread::Empty));
}

#[test]
fn a_broken_folder_says_which_file_and_what_to_do() {
    let said = |folder: &Path| Classifier::open(folder).err().unwrap().to_string();
    let missing = said(Path::new("nowhere"));
    assert!(missing.contains("nowhere/config.json: cannot be read"), "{missing}");
    let fewer = changed("bert", "config.json", |bytes| {
        String::from_utf8_lossy(bytes).replace(r#""2": "hostile""#, r#""2": "hostile", "3": "new""#).into_bytes()
    });
    let shape = said(fewer.path());
    assert!(shape.contains("`classifier.weight` has shape [3, 32], config.json promises [4, 32]"), "{shape}");
    let vocabulary = changed("bert", "config.json", |bytes| {
        String::from_utf8_lossy(bytes).replace(r#""vocab_size": 64"#, r#""vocab_size": 40"#).into_bytes()
    });
    assert!(said(vocabulary.path()).contains("tokenizer.json"));
}
