//! Facts about the decoder as a whole: against independent implementations, and about batches.

use std::collections::BTreeMap;

use candle_core::{DType, Device};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{Decoder, DecoderError, End, Precision, Sharing, Start, fixture, largest_distance};
use crate::store::Sampling;

const TINY: &str = r#"{"model_type": "llama", "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 3, "num_attention_heads": 6,
    "num_key_value_heads": 2, "vocab_size": 97, "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "rope_theta": 1e6,
    "tie_word_embeddings": true, "eos_token_id": 0}"#;

fn tiny(sharing: Sharing) -> Decoder {
    Decoder::load(TINY.as_bytes(), &fixture::weights(TINY, false, 0.3, 11)).unwrap().with_sharing(sharing)
}

fn stories(test: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let folder = crate::shared_data(test)?.join("models/stories260k");
    Some((std::fs::read(folder.join("config.json")).unwrap(), std::fs::read(folder.join("model.safetensors")).unwrap()))
}

#[track_caller]
fn assert_near(got: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(got.len(), expected.len());
    for (place, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!((got - expected).abs() <= tolerance, "place {place}: {got}, expected {expected}");
    }
}

/// Prompts that share prefixes, are prefixes of each other, or share nothing.
fn batch() -> impl Strategy<Value = Vec<Vec<u32>>> {
    prop::collection::vec((0u32..3, prop::collection::vec(0u32..4, 0..30)), 1..20).prop_map(|rows| {
        let row = |(first, rest): (u32, Vec<u32>)| [vec![first + 5], rest.into_iter().map(|token| token * 24 + 1).collect()].concat();
        rows.into_iter().map(row).collect()
    })
}

const ENGLISH: ([u32; 32], [f32; 31]) = (
    [
        1, 403, 407, 261, 378, 432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426, 338, 401, 396, 267, 337, 410, 408, 419, 292, 411,
        322, 265, 282, 295, 433, 426,
    ],
    [
        -0.243743, -0.017513, -0.01211, -0.000724, -0.031703, -0.068423, -0.015955, -0.000784, -0.493979, -0.445867, -0.004891, -0.000658,
        -0.018789, -0.0766, -0.070321, -0.103418, -0.232762, -0.000419, -0.082697, -0.532135, -0.891951, -0.001983, -0.000318, -4.4e-05,
        -0.000154, -0.406857, -0.177543, -0.988242, -0.033135, -0.001357, -0.635943,
    ],
);

const GERMAN: ([u32; 49], [f32; 48]) = (
    [
        1, 410, 459, 271, 410, 462, 425, 420, 294, 304, 410, 451, 411, 333, 413, 279, 285, 410, 462, 198, 191, 416, 356, 421, 285, 271,
        279, 412, 419, 368, 290, 418, 474, 262, 417, 411, 278, 198, 167, 429, 260, 421, 413, 410, 243, 162, 155, 141, 426,
    ],
    [
        -4.158995, -3.264539, -9.300221, -4.992742, -6.437262, -9.41109, -2.948481, -10.247247, -5.903161, -3.623859, -7.085123, -5.03608,
        -14.160965, -15.11858, -6.593295, -7.445275, -9.240273, -4.164172, -25.311622, -25.371892, -5.365188, -4.463756, -5.537671,
        -8.358243, -8.328367, -9.500408, -4.355692, -4.680066, -11.380663, -2.917843, -7.762479, -11.590594, -3.841026, -4.059997,
        -5.233751, -5.103508, -23.089908, -25.312478, -3.133689, -0.240487, -5.34792, -5.454998, -6.924657, -23.314503, -26.590957,
        -26.105853, -25.831293, -1.368168,
    ],
);

/// Figures of `transformers` 5.23 on torch 2.15 in double precision: "Once upon a time, there was a little girl named Lily. She loved to
/// play outside in the park." and "Ein Kurator zeigt der Künstlerin das Bild; sie lächelt 😊."
#[test]
fn log_probabilities_agree_with_the_reference_implementation_on_a_real_model() {
    let Some((config, weights)) = stories("log_probabilities_agree_with_the_reference_implementation_on_a_real_model") else { return };
    let decoder = Decoder::load(&config, &weights).unwrap();
    let got = decoder.logprobs(&[ENGLISH.0.to_vec(), GERMAN.0.to_vec()]).unwrap();
    assert_near(&got[0], &ENGLISH.1, 1e-4);
    assert_near(&got[1], &GERMAN.1, 1e-4);
}

/// Figures of `Qwen2ForCausalLM` of `transformers` 5.23 on torch 2.15 in double precision, on the same pseudo-random weights.
#[test]
fn grouped_heads_tied_embeddings_and_biases_agree_with_the_reference_implementation() {
    let config = TINY.replace("llama", "qwen2");
    let decoder = Decoder::load(config.as_bytes(), &fixture::weights(&config, true, 0.3, 11)).unwrap();
    let tokens = (0..20).map(|place| (place * 37 + 5) % 97).collect();
    let expected = [
        -5.067956, -5.326457, -4.817235, -5.390289, -7.027944, -5.312571, -5.635906, -3.551992, -6.525572, -6.282472, -5.070822, -6.491889,
        -3.367135, -6.809261, -7.039653, -5.683619, -3.982369, -7.190994, -6.17067,
    ];
    assert_near(&decoder.logprobs(&[tokens]).unwrap()[0], &expected, 1e-4);
}

#[test]
fn every_prefix_has_the_distribution_that_candle_transformers_gives_it() {
    let Some((config, weights)) = stories("every_prefix_has_the_distribution_that_candle_transformers_gives_it") else { return };
    let starts = |tokens: &[u32]| (1..=tokens.len()).map(|length| tokens[..length].to_vec()).collect::<Vec<_>>();
    let prefixes = [starts(&ENGLISH.0), starts(&GERMAN.0)].concat();
    let distance = largest_distance(&config, &weights, &prefixes).unwrap();
    assert!(distance < 1e-4, "{distance}");
}

#[test]
fn a_kernel_changes_log_probabilities_by_its_rounding_only() {
    let weights = fixture::weights(TINY, false, 0.3, 11);
    let rows: Vec<Vec<u32>> = (0..7u32).map(|row| (0..30).map(|place| (row * 31 + place * 37) % 97).collect()).collect();
    let expected = Decoder::load_portable(TINY.as_bytes(), &weights).unwrap().logprobs(&rows).unwrap();
    for (precision, tolerance) in [(Precision::F32, 1e-5), (Precision::Bf16, 0.1)] {
        let Ok(packed) = Decoder::load_in(precision, TINY.as_bytes(), &weights) else { continue };
        let got = packed.logprobs(&rows).unwrap();
        got.iter().zip(&expected).for_each(|(got, expected)| assert_near(got, expected, tolerance));
        for (row, got) in rows.iter().zip(&got) {
            assert_eq!(&packed.logprobs(std::slice::from_ref(row)).unwrap()[0], got, "alone and together, {precision:?}");
        }
    }
}

#[test]
fn a_continuation_is_scored_as_the_end_of_the_whole_sequence() {
    let decoder = tiny(Sharing::Prefix);
    let rows = [vec![5, 6, 7, 8], vec![5, 6, 9], vec![5, 6, 7, 8], vec![5]];
    let whole = decoder.logprobs(&rows).unwrap();
    let ends = decoder.logprobs_from(&[(&rows[0], 2), (&rows[1], 2), (&rows[2], 1), (&rows[3], 1)]).unwrap();
    assert_eq!(ends, [&whole[0][1..], &whole[1][1..], &whole[2][..], &[]]);
}

proptest! {
    // A fixed seed: a draw may fall between two roundings of one probability, about once in a million.
    #![proptest_config(ProptestConfig { cases: 48, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_row_alone_equals_the_row_in_a_batch(rows in batch()) {
        let decoder = tiny(Sharing::Prefix);
        let together = decoder.logprobs(&rows).unwrap();
        let next = decoder.next_logprobs(&rows).unwrap();
        for ((row, together), next) in rows.iter().zip(&together).zip(&next) {
            assert_near(&decoder.logprobs(std::slice::from_ref(row)).unwrap()[0], together, 1e-5);
            assert_near(&decoder.next_logprobs(std::slice::from_ref(row)).unwrap()[0], next, 1e-5);
        }
    }

    #[test]
    fn sharing_prefixes_changes_no_result(rows in batch()) {
        let (with, without) = (tiny(Sharing::Prefix).logprobs(&rows).unwrap(), tiny(Sharing::None).logprobs(&rows).unwrap());
        with.iter().zip(&without).for_each(|(with, without)| assert_near(with, without, 1e-5));
    }

    #[test]
    fn an_answer_does_not_depend_on_what_else_is_drawn(rows in batch(), temperature in 0.0..1.5f64, seed in 0u64..5) {
        let sampling = Sampling { temperature, top_p: 0.9, max_tokens: 6 };
        let starts: Vec<Start> =
            rows.iter().enumerate().map(|(index, tokens)| Start { tokens, sampling, seed: seed + index as u64 % 3 }).collect();
        let decoder = tiny(Sharing::Prefix);
        let together = decoder.generate(&starts).unwrap();
        let unshared = tiny(Sharing::None).generate(&starts).unwrap();
        for ((start, together), unshared) in starts.iter().zip(&together).zip(&unshared) {
            let alone = decoder.generate(std::slice::from_ref(start)).unwrap().remove(0);
            prop_assert_eq!(&alone.tokens, &together.tokens);
            prop_assert_eq!(&unshared.tokens, &together.tokens);
            prop_assert_eq!(alone.end, together.end);
            assert_near(&alone.logprobs, &together.logprobs, 1e-5);
        }
    }

    #[test]
    fn what_is_drawn_has_the_log_probabilities_that_scoring_gives_it(rows in batch(), seed: u64) {
        let decoder = tiny(Sharing::Prefix);
        let sampling = Sampling { temperature: 0.8, top_p: 1.0, max_tokens: 8 };
        let starts: Vec<Start> = rows.iter().map(|tokens| Start { tokens, sampling, seed }).collect();
        for (start, drawn) in starts.iter().zip(decoder.generate(&starts).unwrap()) {
            let ending = (drawn.end == End::Eos).then_some(0);
            let whole: Vec<u32> = start.tokens.iter().chain(&drawn.tokens).copied().chain(ending).collect();
            assert_near(&decoder.logprobs(&[whole]).unwrap()[0][start.tokens.len() - 1..], &drawn.logprobs, 1e-5);
        }
    }
}

#[test]
fn the_same_pack_gives_the_same_bytes() {
    let rows: Vec<Vec<u32>> = (0..40u32).map(|row| (0..row % 17 + 1).map(|place| (row * place) % 97).collect()).collect();
    let (first, second) = (tiny(Sharing::Prefix).logprobs(&rows).unwrap(), tiny(Sharing::Prefix).logprobs(&rows).unwrap());
    let bytes = |rows: &[Vec<f32>]| rows.concat().into_iter().map(f32::to_bits).collect::<Vec<_>>();
    assert_eq!(bytes(&first), bytes(&second));
}

#[test]
fn probabilities_after_every_prefix_sum_to_one() {
    for row in tiny(Sharing::Prefix).next_logprobs(&[vec![5], vec![5, 6], vec![7, 8, 9]]).unwrap() {
        assert!((row.iter().map(|logprob| f64::from(*logprob).exp()).sum::<f64>() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn answers_are_drawn_as_often_as_their_probabilities_say() {
    let decoder = tiny(Sharing::Prefix);
    let prompt = [5u32, 6];
    let sampling = Sampling { temperature: 1.0, top_p: 1.0, max_tokens: 2 };
    let starts: Vec<Start> = (0..20_000).map(|seed| Start { tokens: &prompt, sampling, seed }).collect();
    let drawn = decoder.generate(&starts).unwrap();
    let mut counts = BTreeMap::new();
    drawn.iter().for_each(|answer| *counts.entry((answer.tokens.clone(), answer.logprobs.len())).or_insert(0) += 1);
    // Answers expected at least ten times, the rest together; their log-probability is what was recorded.
    let probability = |answer: &super::Drawn| f64::from(answer.logprobs.iter().sum::<f32>()).exp();
    let known: BTreeMap<_, f64> =
        drawn.iter().map(|answer| ((answer.tokens.clone(), answer.logprobs.len()), probability(answer))).collect();
    let (mut statistic, mut cells, mut rest, mut rest_count) = (0.0, 0, 1.0, 20_000.0);
    for (answer, p) in known.iter().filter(|(_, p)| **p * 20_000.0 >= 10.0) {
        let count = f64::from(counts[answer]);
        statistic += (count - p * 20_000.0).powi(2) / (p * 20_000.0);
        (cells, rest, rest_count) = (cells + 1, rest - p, rest_count - count);
    }
    statistic += (rest_count - rest * 20_000.0).powi(2) / (rest * 20_000.0);
    // Wilson-Hilferty: the cube root of a chi-square variable over its degrees of freedom is nearly normal; 3.09 is the .999 quantile.
    let freedom = f64::from(cells);
    let z = ((statistic / freedom).cbrt() - (1.0 - 2.0 / (9.0 * freedom))) / (2.0 / (9.0 * freedom)).sqrt();
    assert!(cells > 100 && z < 3.09, "chi-square {statistic} with {cells} degrees of freedom, z {z}");
}

#[test]
fn an_answer_ends_at_its_limit_or_where_the_model_can_read_no_further() {
    let decoder = tiny(Sharing::Prefix);
    let sampling = |max_tokens| Sampling { temperature: 0.0, top_p: 1.0, max_tokens };
    let long = vec![9u32; 60];
    let full = vec![9u32; 64];
    let starts = [
        Start { tokens: &[9], sampling: sampling(5), seed: 0 },
        Start { tokens: &[9], sampling: sampling(0), seed: 0 },
        Start { tokens: &long, sampling: sampling(50), seed: 0 },
        Start { tokens: &full, sampling: sampling(50), seed: 0 },
    ];
    let lengths: Vec<_> = decoder.generate(&starts).unwrap().iter().map(|drawn| (drawn.tokens.len(), drawn.end)).collect();
    assert_eq!(lengths, [(5, End::MaxTokens), (0, End::MaxTokens), (4, End::Context), (0, End::Context)]);
}

#[test]
fn sequences_that_cannot_be_computed_are_named() {
    let decoder = tiny(Sharing::Prefix);
    assert!(matches!(decoder.logprobs(&[vec![]]), Err(DecoderError::Empty)));
    assert!(matches!(decoder.logprobs(&[vec![1; 65]]), Err(DecoderError::TooLong { tokens: 65, context: 64 })));
    assert!(matches!(decoder.logprobs(&[vec![97]]), Err(DecoderError::UnknownToken { token: 97, vocabulary: 97 })));
    let bad = Sampling { temperature: -1.0, top_p: 1.0, max_tokens: 1 };
    assert!(matches!(decoder.generate(&[Start { tokens: &[1], sampling: bad, seed: 0 }]), Err(DecoderError::Sampling { .. })));
    assert!(decoder.logprobs(&[]).unwrap().is_empty() && decoder.generate(&[]).unwrap().is_empty());
}

#[test]
fn broken_weight_files_are_named_with_what_to_do() {
    let weights = fixture::weights(TINY, false, 0.3, 11);
    let problem = |config: &str, weights: &[u8]| Decoder::load(config.as_bytes(), weights).err().unwrap().to_string();
    assert!(problem(TINY, &weights[..weights.len() / 2]).contains("model.safetensors: is broken or cut short"));
    assert!(problem(TINY, b"").contains("cut short"));
    assert!(problem(&TINY.replace("80", "96"), &weights).contains("config.json promises [96, 48]"));
    assert!(problem(&TINY.replace("true", "false"), &weights).contains("no tensor `lm_head.weight`"));
    let mut not_a_number = weights.clone();
    let end = not_a_number.len();
    not_a_number[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(problem(TINY, &not_a_number).contains("no finite numbers"));
}

#[test]
fn half_precision_weights_are_read_as_what_they_are() {
    let (config, exact) = (TINY, fixture::weights(TINY, false, 0.3, 11));
    let folder = tempfile::tempdir().unwrap();
    let tokens = vec![vec![5u32, 6, 7, 8, 9]];
    let expected = tiny(Sharing::Prefix).logprobs(&tokens).unwrap();
    for (dtype, tolerance) in [(DType::F16, 0.02), (DType::BF16, 0.2)] {
        let file = folder.path().join("model.safetensors");
        let tensors = candle_core::safetensors::load_buffer(&exact, &Device::Cpu).unwrap();
        let halved = tensors.into_iter().map(|(name, tensor)| (name, tensor.to_dtype(dtype).unwrap())).collect();
        candle_core::safetensors::save(&halved, &file).unwrap();
        let decoder = Decoder::load(config.as_bytes(), &std::fs::read(&file).unwrap()).unwrap();
        assert_near(&decoder.logprobs(&tokens).unwrap()[0], &expected[0], tolerance);
    }
}
