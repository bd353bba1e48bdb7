//! The decoder at the shape of SmolLM2-135M, on random weights: the two jobs that `peers/transformers_peer.py` does too, in seconds.
//!
//!     cargo bench --bench main -- smol
//!     LUPE_PRECISION=bf16 cargo bench --bench main -- smol
//!
//! Workers are threads here that share nothing, each with a model of its own, as worker processes have.

use std::time::Instant;

use lupe::model::candle::{Decoder, Precision, Start};
use lupe::store::Sampling;

use crate::decoder::SMOL;
use crate::fixture;

const TEMPLATES: u32 = 20;
const FILLERS: u32 = 10;
const PROMPT: u32 = 40;
const SHARED: u32 = 24;
const OPTIONS: u32 = 8;
const CONTINUATION: u32 = 4;
/// Prompts to be answered, and tokens of an answer.
const ANSWERS: u32 = 32;
const ANSWER: u32 = 48;

/// Prints one line per job, precision and number of workers.
pub fn report() {
    let weights = fixture::weights(SMOL, false, 0.03, 1);
    let file = weights.len() >> 20;
    // One precision alone has a peak of memory of its own: what is freed does not go back to the system at once.
    let only = std::env::var("LUPE_PRECISION").ok();
    for precision in [Precision::F32, Precision::Bf16].into_iter().filter(|one| only.as_deref().is_none_or(|name| name == one.name())) {
        let open = || Decoder::load_in(precision, SMOL.as_bytes(), &weights);
        let start = Instant::now();
        let mut models = match open() {
            Ok(first) => vec![first],
            Err(error) => {
                println!("{precision:?}: {error}");
                continue;
            }
        };
        println!("{precision:?}: opened in {:.2} s; peak memory {} MiB, of which {file} MiB the weight file", seconds(start), peak());
        jobs(precision, &models);
        println!("{precision:?}: peak memory with one worker {} MiB, of which {file} MiB the weight file", peak());
        models.extend(open());
        jobs(precision, &models);
    }
}

fn jobs(precision: Precision, models: &[Decoder]) {
    let workers = models.len();
    let time = in_parallel(models, |model, worker| {
        for template in (worker..TEMPLATES).step_by(workers) {
            let rows = template_rows(template);
            let asked: Vec<_> = rows.iter().map(|row| (row.as_slice(), PROMPT as usize)).collect();
            let scores = model.logprobs_from(&asked).expect("scores");
            assert!(scores.iter().all(|row| row.len() == CONTINUATION as usize));
        }
    });
    println!("{precision:?} scoring, {workers} workers: {time:.2} s");
    let prompts: Vec<Vec<u32>> = (0..ANSWERS).map(|row| (0..PROMPT).map(|place| token(&[4, row, place])).collect()).collect();
    let sampling = Sampling { temperature: 1.0, top_p: 1.0, max_tokens: ANSWER };
    let time = in_parallel(models, |model, worker| {
        let own = prompts.iter().enumerate().skip(worker as usize).step_by(workers);
        let starts: Vec<Start<'_>> = own.map(|(seed, tokens)| Start { tokens, sampling, seed: seed as u64 }).collect();
        let drawn = model.generate(&starts).expect("answers");
        assert!(drawn.iter().all(|answer| answer.tokens.len() == ANSWER as usize));
    });
    println!("{precision:?} generation, {workers} workers: {time:.2} s, {:.0} tokens/s", f64::from(ANSWERS * ANSWER) / time);
}

/// Seconds until the last worker is done.
fn in_parallel(models: &[Decoder], work: impl Fn(&Decoder, u32) + Sync) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for (worker, model) in models.iter().enumerate() {
            let work = &work;
            scope.spawn(move || work(model, worker as u32));
        }
    });
    seconds(start)
}

/// Seconds since `start`.
pub fn seconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64()
}

/// All prompts of a template with all continuations: 44 tokens each, of which all share 24 and those of a prompt 40.
fn template_rows(template: u32) -> Vec<Vec<u32>> {
    let prompt = |filler| {
        let shared = (0..SHARED).map(|place| token(&[1, template, place]));
        shared.chain((0..PROMPT - SHARED).map(move |place| token(&[2, template, filler, place])))
    };
    let continuation = |option| (0..CONTINUATION).map(move |place| token(&[3, option, place]));
    (0..FILLERS).flat_map(|filler| (0..OPTIONS).map(move |option| prompt(filler).chain(continuation(option)).collect())).collect()
}

/// A token that depends on its place only.
fn token(place: &[u32]) -> u32 {
    100 + place.iter().fold(17, |mixed, number| (mixed * 7919 + number + 1) % 49_000)
}

/// Largest resident memory so far, in MiB; 0 where the system does not say.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) >> 10
}
