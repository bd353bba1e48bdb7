//! The causal decoder on pseudo-random weights: what sharing prefixes saves, and tokens per second.
//!
//! Compare with `RAYON_NUM_THREADS=1`: a worker computes on one thread, prompts run in parallel over processes.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group};
use lupe::model::candle::{Decoder, Sharing, Start};
use lupe::store::Sampling;

use crate::fixture;

/// About the shape of the reference models.
const SMALL: &str = r#"{"model_type": "llama", "hidden_size": 128, "intermediate_size": 344, "num_hidden_layers": 4,
    "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 1500, "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
    "tie_word_embeddings": true, "eos_token_id": 2}"#;

/// The shape of SmolLM2-135M.
pub const SMOL: &str = r#"{"model_type": "llama", "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30,
    "num_attention_heads": 9, "num_key_value_heads": 3, "vocab_size": 49152, "max_position_embeddings": 2048, "rms_norm_eps": 1e-5,
    "rope_theta": 100000, "tie_word_embeddings": true, "eos_token_id": 2}"#;

fn model(config: &str, spread: f32, sharing: Sharing) -> Decoder {
    Decoder::load(config.as_bytes(), &fixture::weights(config, false, spread, 1)).expect("a model").with_sharing(sharing)
}

/// A template of 24 tokens in which 2 in the middle differ between `prompts` prompts, each continued in `options` ways by 3 tokens.
fn probe(prompts: u32, options: u32) -> Vec<Vec<u32>> {
    let token = |place: u32| 10 + place * 53 % 1400;
    let prompt = |which: u32| {
        let filler = [which / 6, which % 6].map(|word| 100 + word);
        (0..10).map(token).chain(filler).chain((12..24).map(token)).collect::<Vec<_>>()
    };
    let row = |prompt: Vec<u32>, option: u32| prompt.into_iter().chain([200 + option, 300 + option, 400 + option]).collect();
    (0..prompts).flat_map(|which| (0..options).map(move |option| row(prompt(which), option))).collect()
}

fn scoring(bench: &mut Criterion) {
    let rows = probe(36, 4);
    let mut group = bench.benchmark_group("decoder/choices of 36 prompts, 4 options each");
    group.throughput(Throughput::Elements(36));
    for (name, sharing) in [("shared prefixes", Sharing::Prefix), ("every row on its own positions", Sharing::None)] {
        let decoder = model(SMALL, 0.1, sharing);
        group.bench_function(name, |bencher| bencher.iter(|| decoder.logprobs(black_box(&rows)).expect("scores")));
    }
    group.finish();
}

fn drawing(bench: &mut Criterion) {
    let prompts = probe(8, 1);
    let sampling = Sampling { temperature: 0.3, top_p: 1.0, max_tokens: 15 };
    let starts: Vec<Start<'_>> = (0..400).map(|row| Start { tokens: &prompts[row % 8], sampling, seed: (row / 8) as u64 }).collect();
    let mut group = bench.benchmark_group("decoder/50 repeats of 8 prompts, 15 tokens each");
    for (name, sharing) in [("shared prefixes", Sharing::Prefix), ("every row on its own positions", Sharing::None)] {
        // Spread and temperature leave somewhat more than half of the drawn prefixes distinct; a model with few answers has far fewer.
        let decoder = model(SMALL, 0.5, sharing);
        let tokens: usize = decoder.generate(&starts).expect("answers").iter().map(|drawn| drawn.logprobs.len()).sum();
        group.throughput(Throughput::Elements(tokens as u64));
        group.bench_function(name, |bencher| bencher.iter(|| decoder.generate(black_box(&starts)).expect("answers")));
    }
    group.finish();
}

fn larger(bench: &mut Criterion) {
    let decoder = model(SMOL, 0.03, Sharing::Prefix);
    let mut group = bench.benchmark_group("decoder/shape of SmolLM2-135M");
    group.sample_size(10);
    let text: Vec<u32> = (0..256u32).map(|place| place * 7919 % 49_000).collect();
    group.throughput(Throughput::Elements(256));
    group.bench_function("score a text of 256 tokens", |bencher| {
        bencher.iter(|| decoder.logprobs(black_box(std::slice::from_ref(&text))).expect("scores"));
    });
    for rows in [1usize, 32] {
        let sampling = Sampling { temperature: 1.0, top_p: 1.0, max_tokens: 16 };
        let starts: Vec<Start<'_>> = (0..rows).map(|row| Start { tokens: &text[..8], sampling, seed: row as u64 }).collect();
        group.throughput(Throughput::Elements(16 * rows as u64));
        group.bench_function(format!("draw 16 tokens in {rows} rows"), |bencher| {
            bencher.iter(|| decoder.generate(black_box(&starts)).expect("answers"));
        });
    }
    group.finish();
}

criterion_group!(benches, scoring, drawing, larger);
