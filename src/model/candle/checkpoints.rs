//! Facts about every architecture, on the tiny checkpoints of `tests/checkpoints` with the figures of the reference implementation
//! (`transformers` 5.24 on torch 2.15 in double precision).

use std::path::{Path, PathBuf};

use super::CandleBackend;
use super::config::Config;
use super::decoder::Decoder;
use super::linear::Precision;
use super::open::Folder;
use super::weights::Weights;

/// Rows of token ids, and for every prefix of each the natural log-probabilities of every next token.
#[derive(serde::Deserialize)]
pub struct Expected {
    pub rows: Vec<Vec<u32>>,
    pub logprobs: Vec<Vec<Vec<f32>>>,
}

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints").join(name)
}

pub fn expected(name: &str) -> Expected {
    serde_json::from_slice(&std::fs::read(folder(name).join("expected.json")).unwrap()).unwrap()
}

/// The decoder of a checkpoint.
pub fn decoder(name: &str) -> Decoder {
    let files = Folder::read(&folder(name)).unwrap();
    Decoder::assemble(Config::parse(&files.config).unwrap(), &Weights::new(files.safetensors().unwrap())).unwrap()
}

/// Largest distance of a decoder from the figures, over every token after every prefix of all rows, computed in one batch.
pub fn distance(decoder: &Decoder, Expected { rows, logprobs }: &Expected) -> f32 {
    let prefixes: Vec<Vec<u32>> = rows.iter().flat_map(|row| (1..=row.len()).map(|length| row[..length].to_vec())).collect();
    let next = decoder.next_logprobs(&prefixes).unwrap();
    let expected: Vec<&Vec<f32>> = logprobs.iter().flatten().collect();
    assert_eq!(next.len(), expected.len());
    let mut largest = 0f32;
    for (got, expected) in next.iter().zip(&expected) {
        assert_eq!(got.len(), expected.len());
        largest = got.iter().zip(*expected).map(|(got, expected)| (got - expected).abs()).fold(largest, f32::max);
    }
    // Rows of unequal length, scored together: the same figures, picked.
    for (scored, (row, expected)) in decoder.logprobs(rows).unwrap().iter().zip(rows.iter().zip(logprobs)) {
        assert_eq!(scored.len(), row.len() - 1);
        for (place, got) in scored.iter().enumerate() {
            largest = largest.max((got - expected[place][row[place + 1] as usize]).abs());
        }
    }
    largest
}

#[test]
fn every_architecture_agrees_with_the_reference_implementation_at_every_position() {
    for name in ["llama", "llama-linear", "llama-llama3", "smollm", "mistral", "qwen2", "qwen2-sharded", "qwen3", "llama-bf16"] {
        let distance = distance(&decoder(name), &expected(name));
        println!("{name}: {distance:.1e}");
        assert!(distance < 1e-4, "{name}: {distance}");
    }
}

#[test]
fn a_model_in_several_files_is_known_by_all_of_them() {
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder("qwen2-sharded")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let open = || CandleBackend::from_folder("sharded", copy.path(), Precision::F32, None);
    let first = open().unwrap();
    assert_eq!(first.card().keys().filter(|key| key.starts_with("blake3 model-0000")).count(), 3);
    let shard = copy.path().join("model-00003-of-00003.safetensors");
    let mut bytes = std::fs::read(&shard).unwrap();
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    std::fs::write(&shard, &bytes).unwrap();
    assert_ne!(crate::model::Backend::fingerprint(&open().unwrap()), crate::model::Backend::fingerprint(&first));
    std::fs::remove_file(&shard).unwrap();
    let error = open().err().unwrap().to_string();
    assert!(error.contains("model-00003-of-00003.safetensors: cannot be read"), "{error}");
}

/// A process of its own loads a model of 33 million weights and says how much its largest memory grew, in KiB.
#[cfg(target_os = "linux")]
#[test]
fn loading_takes_little_more_memory_than_the_prepared_weights() {
    const CONFIG: &str = r#"{"model_type": "llama", "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 8,
        "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 16000, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
        "tie_word_embeddings": true}"#;
    const EMBEDDING: u64 = 16_000 * 512;
    const PLACE: &str = "LUPE_TEST_LOADED_FOLDER";
    const PRECISION: &str = "LUPE_TEST_LOADED_PRECISION";
    let largest = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<u64>().ok()).unwrap()
    };
    if let Some(place) = std::env::var_os(PLACE) {
        let precision = if std::env::var_os(PRECISION).is_some() { Precision::Bf16 } else { Precision::F32 };
        let before = largest();
        match CandleBackend::from_folder("large", Path::new(&place), precision, None) {
            Ok(model) => println!("grew by {} for {}", largest() - before, model.card()["parameters"]),
            Err(error) => assert!(error.to_string().contains("no products in BF16"), "{error}"),
        }
        return;
    }
    let load = |folder: &Path, precision: Precision| {
        let this = "model::candle::checkpoints::loading_takes_little_more_memory_than_the_prepared_weights";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", this, "--nocapture", "--test-threads=1"]).env(PLACE, folder);
        if precision == Precision::Bf16 {
            child.env(PRECISION, "1");
        }
        let said = String::from_utf8(child.output().unwrap().stdout).unwrap();
        let (grew, parameters) = said.split_once("grew by ")?.1.split_once(" for ")?;
        Some((grew.parse::<u64>().unwrap(), parameters.split_whitespace().next()?.parse::<u64>().unwrap()))
    };
    let scratch = tempfile::tempdir().unwrap();
    let exact = candle_core::safetensors::load_buffer(&super::fixture::weights(CONFIG, false, 0.1, 1), &candle_core::Device::Cpu).unwrap();
    std::fs::write(scratch.path().join("config.json"), CONFIG).unwrap();
    std::fs::copy(folder("llama").join("tokenizer.json"), scratch.path().join("tokenizer.json")).unwrap();
    // Halved weights are converted, and an embedding that is the head too is there twice; as F32 its rows stay in the file.
    for (stored, precision, bytes, copied) in [
        (candle_core::DType::BF16, Precision::F32, 4, 4 * EMBEDDING),
        (candle_core::DType::F32, Precision::F32, 4, 0),
        (candle_core::DType::F32, Precision::Bf16, 2, 0),
    ] {
        let tensors = exact.iter().map(|(name, tensor)| (name.clone(), tensor.to_dtype(stored).unwrap())).collect();
        candle_core::safetensors::save(&tensors, scratch.path().join("model.safetensors")).unwrap();
        let Some((grew, parameters)) = load(scratch.path(), precision) else {
            assert_eq!(precision, Precision::Bf16, "only BF16 is not everywhere");
            continue;
        };
        let prepared = (bytes * parameters + copied) / 1024;
        println!("{stored:?} computed in {precision:?}: {parameters} parameters, prepared {prepared} KiB, grew by {grew} KiB");
        assert!(prepared < grew && grew < prepared + 100_000, "{grew} KiB for {prepared} KiB");
    }
}
