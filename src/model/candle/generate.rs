//! Drawing answers. In: prompts as token ids, each with its sampling parameters and seed. Out: the drawn tokens with their natural
//! log-probabilities.
//!
//! Rows are drawn in lockstep. Rows that stand at the same position of the prefix tree (repeats of one prompt whose tokens have agreed so
//! far) share its logits, keys and values: short answers of hundreds of repeats cost little more than their distinct prefixes. Every row
//! has its own ChaCha8 stream, one number per token, so what it draws does not depend on its neighbours.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::decoder::{Cache, Decoder, DecoderError, HEAD_ROWS, finite};
use super::math;
use super::tree::Tree;
use crate::store::Sampling;

/// Keys and values that one wave of rows may come to hold, in bytes; more rows are drawn in several waves.
const WAVE_BYTES: usize = 1 << 30;

/// One answer to draw.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The prompt; at least one token.
    pub tokens: &'a [u32],
    /// How to draw.
    pub sampling: Sampling,
    /// Seed of this answer's own stream.
    pub seed: u64,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The model said so.
    Eos,
    /// `max_tokens` were drawn.
    MaxTokens,
    /// Prompt and answer fill what the model can read.
    Context,
}

/// A drawn answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The tokens of the answer, without the one that ended it.
    pub tokens: Vec<u32>,
    /// Natural log-probability of every drawn token at temperature 1, whatever the temperature drawn with. With [`End::Eos`] there is one
    /// more than tokens: that of the ending itself, so that the sum is the log-probability of the whole answer.
    pub logprobs: Vec<f32>,
    /// Why the answer ended.
    pub end: End,
}

/// A row that is still being drawn.
struct Row {
    index: usize,
    /// Place of its position in the frontier.
    slot: usize,
    random: ChaCha8Rng,
}

impl Decoder {
    /// Draws one answer for each start, in order.
    ///
    /// # Errors
    /// [`DecoderError`] when a prompt is empty, too long or holds an unknown token, or sampling parameters mean nothing.
    pub fn generate(&self, starts: &[Start<'_>]) -> Result<Vec<Drawn>, DecoderError> {
        for Start { sampling: Sampling { temperature, top_p, .. }, .. } in starts {
            if !(temperature.is_finite() && *temperature >= 0.0 && *top_p > 0.0 && *top_p <= 1.0) {
                return Err(DecoderError::Sampling { temperature: *temperature, top_p: *top_p });
            }
        }
        self.draw_in_waves(starts, WAVE_BYTES)
    }

    fn draw_in_waves(&self, starts: &[Start<'_>], wave_bytes: usize) -> Result<Vec<Drawn>, DecoderError> {
        let config = self.config();
        let position_bytes = config.layers * 2 * config.kv_width() * size_of::<f32>();
        let most = |start: &Start<'_>| (start.tokens.len() + start.sampling.max_tokens as usize).min(config.context) * position_bytes;
        let mut drawn = Vec::with_capacity(starts.len());
        while drawn.len() < starts.len() {
            let rest = &starts[drawn.len()..];
            let mut bytes = 0;
            let fit = rest.iter().take_while(|start| {
                bytes += most(start);
                bytes <= wave_bytes
            });
            let rows = fit.count().max(1);
            let (wave, positions) = self.draw_wave(&rest[..rows])?;
            tracing::debug!(rows, positions, "drew a wave");
            drawn.extend(wave);
        }
        Ok(drawn)
    }

    /// The answers, and how many positions were computed for them.
    fn draw_wave(&self, starts: &[Start<'_>]) -> Result<(Vec<Drawn>, usize), DecoderError> {
        let mut drawn = vec![Drawn { tokens: Vec::new(), logprobs: Vec::new(), end: End::MaxTokens }; starts.len()];
        let (mut tree, mut cache) = (Tree::default(), Cache::default());
        let prompts = self.insert(&mut tree, starts.iter().map(|start| start.tokens))?;
        let ends: Vec<u32> = prompts.iter().filter_map(|positions| positions.last().copied()).collect();
        let mut frontier = ends.clone();
        frontier.sort_unstable();
        frontier.dedup();
        let mut rows: Vec<Row> = Vec::new();
        for (index, start) in starts.iter().enumerate() {
            if start.tokens.len() >= self.config().context {
                drawn[index].end = End::Context;
            } else if start.sampling.max_tokens > 0 {
                let slot = frontier.partition_point(|position| *position < ends[index]);
                rows.push(Row { index, slot, random: ChaCha8Rng::seed_from_u64(start.seed) });
            }
        }
        let prefilled = self.forward(&tree, 0, Some(&mut cache))?;
        let mut hidden = self.rows(&prefilled, &frontier);
        while !rows.is_empty() {
            let first_new = tree.len() as u32;
            let new = self.draw_step(starts, &mut rows, &mut drawn, &hidden, &frontier, &mut tree)?;
            hidden = self.forward(&tree, first_new as usize, Some(&mut cache))?;
            frontier = new;
        }
        Ok((drawn, tree.len()))
    }

    /// Draws one token for every row, drops the rows that have ended, and returns the positions that the others stand at now.
    fn draw_step(
        &self,
        starts: &[Start<'_>],
        rows: &mut Vec<Row>,
        drawn: &mut [Drawn],
        hidden: &[f32],
        frontier: &[u32],
        tree: &mut Tree,
    ) -> Result<Vec<u32>, DecoderError> {
        let config = self.config();
        let mut new = Vec::new();
        let mut going_on = Vec::with_capacity(rows.len());
        let mut weights = Vec::new();
        rows.sort_unstable_by_key(|row| (row.slot, row.index));
        let mut waiting = std::mem::take(rows).into_iter().peekable();
        for (block, hidden) in hidden.chunks(HEAD_ROWS * config.hidden).enumerate() {
            let logits = self.logits(hidden)?;
            for (offset, logits) in logits.chunks_exact(config.vocabulary).enumerate() {
                let slot = block * HEAD_ROWS + offset;
                let normaliser = finite(math::log_normaliser(logits, &mut weights))?;
                let mut wheel: Option<(Sampling, Wheel)> = None;
                let mut children = BTreeMap::new();
                while let Some(mut row) = waiting.next_if(|row| row.slot == slot) {
                    let sampling = starts[row.index].sampling;
                    let wheel = match wheel.take().filter(|(other, _)| *other == sampling) {
                        Some(same) => wheel.insert(same),
                        None => wheel.insert((sampling, Wheel::new(logits, &weights, sampling))),
                    };
                    let token = wheel.1.draw(&mut row.random);
                    let answer = &mut drawn[row.index];
                    answer.logprobs.push((f64::from(logits[token as usize]) - normaliser) as f32);
                    if config.eos.contains(&token) {
                        answer.end = End::Eos;
                        continue;
                    }
                    answer.tokens.push(token);
                    if answer.tokens.len() == sampling.max_tokens as usize {
                        continue;
                    }
                    if tree.depth(frontier[slot]) + 2 >= config.context {
                        answer.end = End::Context;
                        continue;
                    }
                    let mut append = || {
                        new.push(tree.append(Some(frontier[slot]), token));
                        new.len() - 1
                    };
                    row.slot = if self.shares() { *children.entry(token).or_insert_with(append) } else { append() };
                    going_on.push(row);
                }
            }
        }
        *rows = going_on;
        Ok(new)
    }
}

/// Draws one token from logits; with its natural log-probability at temperature 1.
pub(super) fn draw_one(logits: &[f32], sampling: Sampling, random: &mut ChaCha8Rng) -> Result<(u32, f32), DecoderError> {
    let mut weights = Vec::new();
    let normaliser = finite(math::log_normaliser(logits, &mut weights))?;
    let token = Wheel::new(logits, &weights, sampling).draw(random);
    Ok((token, (f64::from(logits[token as usize]) - normaliser) as f32))
}

/// The tokens that may be drawn at one position, laid out so that a uniform number picks one.
enum Wheel {
    /// Temperature 0: the most probable token, the lowest id among equals.
    Greedy(u32),
    /// Cumulative weights of all tokens in the order of their ids.
    All(Vec<f64>),
    /// The nucleus (Holtzman et al. 2020) in the order of ids, with cumulative weights.
    Nucleus(Vec<u32>, Vec<f64>),
}

impl Wheel {
    /// `weights` are the exponentials of the logits, up to a factor.
    fn new(logits: &[f32], weights: &[f32], Sampling { temperature, top_p, .. }: Sampling) -> Self {
        if temperature == 0.0 {
            let most = math::largest(logits);
            return Self::Greedy(logits.iter().position(|logit| *logit == most).unwrap_or(0) as u32);
        }
        let mut tempered = Vec::new();
        let weights = if temperature == 1.0 {
            weights
        } else {
            tempered.extend_from_slice(logits);
            // Bounded, so that the difference of the most probable token, 0, stays 0 however cold it is.
            math::exponentials(&mut tempered, (1.0 / temperature).min(1e30) as f32);
            &tempered
        };
        if top_p >= 1.0 {
            return Self::All(cumulative(weights.iter().copied()));
        }
        let mut order: Vec<u32> = (0..weights.len() as u32).collect();
        order.sort_by(|a, b| weights[*b as usize].total_cmp(&weights[*a as usize]));
        // The smallest set of most probable tokens whose mass reaches top_p.
        let sums = cumulative(order.iter().map(|token| weights[*token as usize]));
        let total = sums.last().copied().unwrap_or(0.0);
        order.truncate(sums.partition_point(|sum| *sum < top_p * total) + 1);
        order.sort_unstable();
        let sums = cumulative(order.iter().map(|token| weights[*token as usize]));
        Self::Nucleus(order, sums)
    }

    fn draw(&self, random: &mut ChaCha8Rng) -> u32 {
        // 53 bits: every multiple of 2^-53 in [0, 1). Drawn for greedy rows too: one number per token, always.
        let uniform = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        let pick = |sums: &[f64]| {
            let target = uniform * sums.last().copied().unwrap_or(0.0);
            sums.partition_point(|sum| *sum <= target).min(sums.len() - 1)
        };
        match self {
            Self::Greedy(token) => *token,
            Self::All(sums) => pick(sums) as u32,
            Self::Nucleus(tokens, sums) => tokens[pick(sums)],
        }
    }
}

fn cumulative(weights: impl Iterator<Item = f32>) -> Vec<f64> {
    let mut sum = 0f64;
    let add = |weight: f32| {
        sum += f64::from(weight);
        sum
    };
    weights.map(add).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::candle::{Sharing, fixture};

    fn sampling(temperature: f64, top_p: f64) -> Sampling {
        Sampling { temperature, top_p, max_tokens: 1 }
    }

    /// Logits whose softmax is `probabilities`.
    fn logits(probabilities: &[f64]) -> Vec<f32> {
        probabilities.iter().map(|p| p.ln() as f32).collect()
    }

    fn wheel(logits: &[f32], sampling: Sampling) -> Wheel {
        let mut weights = Vec::new();
        math::log_normaliser(logits, &mut weights);
        Wheel::new(logits, &weights, sampling)
    }

    fn frequencies(wheel: &Wheel, draws: usize, tokens: usize) -> Vec<f64> {
        let mut counts = vec![0f64; tokens];
        let mut random = ChaCha8Rng::seed_from_u64(7);
        (0..draws).for_each(|_| counts[wheel.draw(&mut random) as usize] += 1.0);
        counts
    }

    /// Pearson's statistic; for 4 degrees of freedom it exceeds 18.47 once in a thousand.
    fn chi_square(counts: &[f64], probabilities: &[f64]) -> f64 {
        let draws: f64 = counts.iter().sum();
        counts.iter().zip(probabilities).map(|(count, p)| (count - p * draws).powi(2) / (p * draws)).sum()
    }

    #[test]
    fn tokens_are_drawn_as_often_as_their_probabilities_say() {
        let probabilities = [0.5, 0.3, 0.15, 0.04, 0.01];
        let counts = frequencies(&wheel(&logits(&probabilities), sampling(1.0, 1.0)), 200_000, 5);
        assert!(chi_square(&counts, &probabilities) < 18.47, "{counts:?}");
    }

    #[test]
    fn a_temperature_raises_probabilities_to_its_inverse_power() {
        let probabilities: [f64; 5] = [0.5, 0.3, 0.15, 0.04, 0.01];
        let powers = probabilities.map(|p| p.powf(1.0 / 0.7));
        let expected = powers.map(|p| p / powers.iter().sum::<f64>());
        let counts = frequencies(&wheel(&logits(&probabilities), sampling(0.7, 1.0)), 200_000, 5);
        assert!(chi_square(&counts, &expected) < 18.47, "{counts:?}");
    }

    #[test]
    fn a_nucleus_is_the_smallest_set_that_reaches_its_mass() {
        let kept = |top_p| match wheel(&logits(&[0.05, 0.5, 0.3, 0.15]), sampling(1.0, top_p)) {
            Wheel::Nucleus(tokens, sums) => (tokens, sums.last().unwrap() / 2.0),
            _ => panic!("no nucleus"),
        };
        // Weights are relative to the most probable token, 0.5.
        for (top_p, tokens, mass) in
            [(0.01, vec![1], 0.5), (0.49, vec![1], 0.5), (0.51, vec![1, 2], 0.8), (0.79, vec![1, 2], 0.8), (0.81, vec![1, 2, 3], 0.95)]
        {
            let (got, got_mass) = kept(top_p);
            assert_eq!(got, tokens, "top_p {top_p}");
            assert!((got_mass - mass).abs() < 1e-6);
        }
        assert_eq!(kept(0.96).0, [0, 1, 2, 3]);
    }

    #[test]
    fn greedy_takes_the_lowest_token_among_equals() {
        assert_eq!(wheel(&[1.0, 3.0, 3.0], sampling(0.0, 1.0)).draw(&mut ChaCha8Rng::seed_from_u64(0)), 1);
    }

    #[test]
    fn the_coldest_temperature_is_greedy_and_the_hottest_even() {
        let logits = [1.0, 3.0, -2.0, 0.5, 2.9];
        for temperature in [1e-300, 1e-9] {
            assert_eq!(frequencies(&wheel(&logits, sampling(temperature, 1.0)), 100, 5)[1], 100.0);
        }
        let counts = frequencies(&wheel(&logits, sampling(1e9, 1.0)), 200_000, 5);
        assert!(chi_square(&counts, &[0.2; 5]) < 18.47, "{counts:?}");
    }

    const TINY: &str = r#"{"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "vocab_size": 40, "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}"#;

    fn tiny(sharing: Sharing) -> Decoder {
        Decoder::load(TINY.as_bytes(), &fixture::weights(TINY, false, 0.3, 5)).unwrap().with_sharing(sharing)
    }

    #[test]
    fn repeats_are_computed_once_as_long_as_they_agree() {
        let greedy = Sampling { temperature: 0.0, top_p: 1.0, max_tokens: 5 };
        let starts: Vec<Start<'_>> = (0..100).map(|seed| Start { tokens: &[7, 8], sampling: greedy, seed }).collect();
        // Two tokens of the prompt and four drawn ones; the fifth is drawn but nothing comes after it.
        assert_eq!(tiny(Sharing::Prefix).draw_wave(&starts).unwrap().1, 6);
        assert_eq!(tiny(Sharing::None).draw_wave(&starts).unwrap().1, 600);
        let warm: Vec<Start<'_>> =
            starts.iter().map(|start| Start { sampling: Sampling { temperature: 1.0, ..greedy }, ..*start }).collect();
        let (drawn, positions) = tiny(Sharing::Prefix).draw_wave(&warm).unwrap();
        let distinct: std::collections::BTreeSet<_> =
            drawn.iter().flat_map(|answer| (1..answer.tokens.len()).map(|length| &answer.tokens[..length])).collect();
        assert_eq!(positions, 2 + distinct.len());
    }

    #[test]
    fn many_small_waves_draw_what_one_wave_draws() {
        let sampling = Sampling { temperature: 1.0, top_p: 0.95, max_tokens: 6 };
        let prompts: Vec<Vec<u32>> = (0..30).map(|row| vec![7, 8 + row % 4]).collect();
        let starts: Vec<Start<'_>> = prompts.iter().enumerate().map(|(row, tokens)| Start { tokens, sampling, seed: row as u64 }).collect();
        let decoder = tiny(Sharing::Prefix);
        let tokens = |drawn: Vec<Drawn>| drawn.into_iter().map(|answer| answer.tokens).collect::<Vec<_>>();
        let whole = tokens(decoder.draw_in_waves(&starts, usize::MAX).unwrap());
        for wave_bytes in [1, 20_000] {
            assert_eq!(tokens(decoder.draw_in_waves(&starts, wave_bytes).unwrap()), whole);
        }
    }

    #[test]
    fn equal_streams_pick_the_nearest_tokens_of_shifted_distributions() {
        // Paired prompts share seeds: with common random numbers a small change of probabilities changes few draws.
        let draw = |p: f64, seed| wheel(&logits(&[p, 1.0 - p]), sampling(1.0, 1.0)).draw(&mut ChaCha8Rng::seed_from_u64(seed));
        let changed = (0..2000).filter(|seed| draw(0.50, *seed) != draw(0.55, *seed)).count();
        assert!((60..140).contains(&changed), "{changed} of 2000 draws changed, 100 expected");
    }
}
