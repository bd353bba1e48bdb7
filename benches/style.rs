//! `text-style`: 1,000 texts of 200 words through features and score, on one thread and on two. The peer is `benches/peers/style_peer.py` on the same texts.
//!
//!     cargo bench --bench main -- text-style
//!     cargo bench --bench main -- style-threads

use std::time::Instant;

use criterion::{Criterion, Throughput};
use lupe::detect::features::Detector;
use lupe::detect::linear::Linear;
use lupe::detect::material::Material;
use lupe::detect::text::style::TextStyle;
use rayon::prelude::*;

const TEXTS: u32 = 1000;
const WORDS: u32 = 200;
const SYLLABLES: [&str; 20] = [
    "ge", "mäl", "de", "und", "ver", "schie", "den", "wer", "ke", "aus", "stel", "lung", "er", "mit", "stadt", "bild", "haus", "in",
    "kunst", "ten",
];

/// Features and score of each text, in parallel.
pub fn benches(criterion: &mut Criterion) {
    let (texts, fit) = (texts(), fit());
    let mut group = criterion.benchmark_group("text-style, 1,000 texts of 200 words");
    group.throughput(Throughput::Elements(u64::from(TEXTS)));
    group.bench_function("features and score", |b| b.iter(|| scores(&texts, &fit)));
    group.finish();
}

/// The best of five runs on one thread and on two, in turn.
pub fn report() {
    let (texts, fit) = (texts(), fit());
    let mut best = [f64::INFINITY; 2];
    for _ in 0..5 {
        for (threads, best) in [1, 2].into_iter().zip(&mut best) {
            let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
            let start = Instant::now();
            assert_eq!(pool.install(|| scores(&texts, &fit)).len(), texts.len());
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    println!("1,000 texts of 200 words: {:.3} s on one thread, {:.3} s on two, ratio {:.2}", best[0], best[1], best[0] / best[1]);
}

fn scores(texts: &[Material], fit: &Linear) -> Vec<f64> {
    texts.par_iter().filter_map(|text| TextStyle.read(text).ok()).map(|features| fit.score(&features)).collect()
}

/// A regression of the right shape; what its weights are does not change how long it takes.
fn fit() -> Linear {
    let width = TextStyle.dense().len();
    Linear {
        center: vec![0.1; width],
        scale: vec![1.0; width],
        dense: vec![0.1; width],
        sparse: vec![0.1; TextStyle.buckets()],
        bias: 0.0,
        penalty: TextStyle.penalty(),
    }
}

/// Words of one to four syllables, a comma every seven and a full stop every fifteen words. The peer makes the same.
fn texts() -> Vec<Material> {
    (0..TEXTS).map(|text| Material::Text((0..WORDS).map(|place| word(text, place)).collect::<Vec<_>>().join(" "))).collect()
}

fn word(text: u32, place: u32) -> String {
    let drawn = (text * WORDS + place).wrapping_mul(2_654_435_761);
    let mut word: String = (0..=drawn >> 30).map(|at| SYLLABLES[((drawn >> (7 * at)) % 20) as usize]).collect();
    if drawn >> 20 & 3 == 0 || place.is_multiple_of(15) {
        let first: String = word.chars().take(1).flat_map(char::to_uppercase).collect();
        word.replace_range(..word.chars().next().map_or(0, char::len_utf8), &first);
    }
    match (place % 15, place % 7) {
        (14, _) => word + ".",
        (_, 6) => word + ",",
        _ => word,
    }
}
