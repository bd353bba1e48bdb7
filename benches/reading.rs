//! What ranks and whole distributions cost beside the plain log-probability of each token, at the shape of SmolLM2-135M with random weights, on one thread; and
//! how much memory a long text takes.
//!
//!     RAYON_NUM_THREADS=1 cargo bench --bench main -- reading

use std::time::Instant;

use lupe::model::candle::{CandleBackend, Files, Reader};

use crate::decoder::SMOL;
use crate::fixture;
use crate::smol::{peak, seconds};

/// Tokens of the text.
const TEXT: u32 = 512;
/// How often each way is timed.
const ROUNDS: usize = 3;
/// Full windows of a long text.
const WINDOWS: usize = 6;

/// No text is read here, tokens only.
const TOKENIZER: &[u8] = br#"{"version": "1.0", "added_tokens": [], "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}"#;

/// Prints tokens per second for each way, the best of some rounds that take turns, and the peak of memory.
pub fn report() {
    let weights = fixture::weights(SMOL, false, 0.03, 1);
    let open = || {
        let files = Files { config: SMOL.as_bytes(), weights: &weights, tokenizer: TOKENIZER, tokenizer_config: None };
        CandleBackend::from_files("smol", files, None).expect("a model")
    };
    let plain = open();
    let (reader, second): (Reader, Reader) = (open().into(), open().into());
    println!("peak memory with three models {} MiB, of which {} MiB the weight file", peak(), weights.len() >> 20);
    let text: Vec<u32> = (0..TEXT).map(|place| place * 7919 % 49_000).collect();
    let mut best = [f64::MAX; 3];
    for _ in 0..ROUNDS {
        let works: [&dyn Fn() -> usize; 3] = [
            &|| plain.decoder().logprobs(std::slice::from_ref(&text)).expect("scores")[0].len(),
            &|| reader.positions(None, &text, 1).expect("positions").len(),
            &|| reader.positions(Some(&second), &text, 1).expect("positions").len(),
        ];
        for (best, work) in best.iter_mut().zip(works) {
            let start = Instant::now();
            assert_eq!(work(), TEXT as usize - 1);
            *best = best.min(seconds(start));
        }
    }
    for (name, time) in ["log-probabilities", "with rank and moments", "with a second model"].iter().zip(best) {
        println!("{name}: {:.0} tokens/s, {:.3} of the first", f64::from(TEXT) / time, time / best[0]);
    }
    println!("peak memory {} MiB", peak());
    let window: Vec<u32> = (0..2 * TEXT).map(|place| place * 7919 % 49_000).collect();
    for _ in 0..WINDOWS {
        reader.positions(Some(&second), &window, TEXT as usize).expect("positions");
    }
    println!("peak memory after {WINDOWS} windows of {} tokens {} MiB", 2 * TEXT, peak());
}
