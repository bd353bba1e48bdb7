//! Do 95 % intervals contain the truth 95 times in 100? For the reference models the truth is known: the model's own probabilities.
//!
//! In: a decoder, prompts, seeds. Out: the answers that a run with each seed would give, drawn by the decoder's own sampler. All seeds of a
//! prompt are drawn at once: answers that begin alike are computed once, so 200 runs cost little more than one.

use std::collections::BTreeMap;

use super::{ReferenceError, file_error};
use crate::model::candle::{Decoder, End, Start, Text};
use crate::store::{Outcome, Sampling};

/// The seeds of the study, written down before it was first run and never changed: 20260101 to 20260300.
pub const FIRST_SEED: u64 = 20_260_101;
/// How many runs the study simulates.
pub const RUNS: u64 = 200;

/// Seeds of the study.
pub fn seeds() -> impl Iterator<Item = u64> {
    FIRST_SEED..FIRST_SEED + RUNS
}

/// Answers drawn to one prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draws {
    /// The distinct answers and what became of them, in token order.
    pub answers: Vec<(String, Outcome)>,
    /// For each request seed the place of its answer in `answers`.
    pub picks: Vec<usize>,
}

/// Draw one answer for each request seed.
///
/// # Errors
/// The decoder or the tokenizer fails.
pub fn draw(decoder: &Decoder, text: &Text, prompt: &str, sampling: Sampling, seeds: &[u64]) -> Result<Draws, ReferenceError> {
    let problem = |error: String| file_error("models/reference", error);
    let tokens = text.prompt(prompt).map_err(|error| problem(error.to_string()))?;
    let starts: Vec<Start> = seeds.iter().map(|&seed| Start { tokens: &tokens, sampling, seed }).collect();
    let drawn = decoder.generate(&starts).map_err(|error| problem(error.to_string()))?;
    // Distinct answers first: each is put into words once.
    let mut words: BTreeMap<(&[u32], bool), (String, Outcome)> =
        drawn.iter().map(|answer| ((answer.tokens.as_slice(), answer.end == End::Eos), (String::new(), Outcome::Truncated))).collect();
    for ((answer, ended), (said, outcome)) in &mut words {
        *said = text.drawn(&tokens, answer).map_err(|error| problem(error.to_string()))?;
        if *ended {
            *outcome = if said.trim().is_empty() { Outcome::Empty } else { Outcome::Answered };
        }
    }
    let places: BTreeMap<(&[u32], bool), usize> = words.keys().enumerate().map(|(place, &key)| (key, place)).collect();
    let picks = drawn.iter().map(|answer| places[&(answer.tokens.as_slice(), answer.end == End::Eos)]).collect();
    Ok(Draws { picks, answers: words.into_values().collect() })
}
