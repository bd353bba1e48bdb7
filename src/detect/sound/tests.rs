//! Facts about the numbers, on a voice of three seconds that is made by a formula.

use std::f64::consts::PI;

use super::variants::{ALL, Change};
use super::*;
use crate::detect::variants::Variant;

/// The signal of `benches/peers/lfcc_peer.py`, `seconds` long, as it would be recorded at `rate`.
fn voice(seconds: u32, rate: u32) -> Vec<f32> {
    let mut state = 1u64;
    let sample = |at: u32| {
        state = (1_103_515_245 * state + 12_345) % (1 << 31);
        let (time, noise) = (f64::from(at) / f64::from(rate), state as f64 / f64::from(1 << 30) - 1.0);
        let loud = libm::sin(2.0 * PI * 0.8 * time).max(0.0).powi(3);
        let tones = 0.4 * libm::sin(2.0 * PI * (200.0 * time + 300.0 * time * time)) + 0.2 * libm::sin(2.0 * PI * 1800.0 * time);
        ((tones + 0.05 * noise) * loud) as f32
    };
    (0..seconds * rate).map(sample).collect()
}

fn recording(rate: u32) -> Recording {
    Recording { rate, samples: resample::resample(&voice(4, 48_000), 48_000, rate) }
}

fn wav(rate: u32) -> Material {
    recording(rate).write().unwrap()
}

/// Largest distance between the numbers of two recordings.
fn distance(one: &Material, other: &Material) -> f32 {
    let [one, other] = [one, other].map(|material| Sound.read(material).unwrap().dense);
    one.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_numbers_are_those_of_an_independent_implementation() {
    let analysis = Analysis::new(&voice(2, 16_000));
    assert_eq!((analysis.voiced.len(), analysis.seconds()), (198, 1.02));
    let got = analysis.statistics();
    let farthest = got.iter().zip(EXPECTED).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max);
    assert!(got.len() == EXPECTED.len() && farthest < 1e-4, "{farthest}: {got:?}");
}

/// By `benches/peers/lfcc_peer.py` with NumPy 2.4 and SciPy 1.17.
#[rustfmt::skip]
const EXPECTED: [f32; 60] = [
    5.16369, 0.44541, 0.51590, -0.73510, -1.42037, -1.26938, -0.46150, 0.36945, 0.82240, 0.61677,
    0.12496, -0.42272, -0.56193, -0.24745, 0.21946, 0.52762, 0.50321, 0.26590, 0.00775, -0.09608,
    4.01078, 0.32445, 0.37477, 0.53805, 0.86511, 1.15595, 1.24185, 1.17619, 0.95348, 0.67219,
    0.34982, 0.31933, 0.48324, 0.50820, 0.49463, 0.40765, 0.30267, 0.22345, 0.16532, 0.12444,
    1.47302, 0.21298, 0.27963, 0.27946, 0.26919, 0.25764, 0.26140, 0.24016, 0.22103, 0.21536,
    0.17795, 0.20635, 0.18011, 0.18913, 0.20147, 0.17847, 0.15662, 0.14353, 0.13599, 0.14517,
];

#[test]
fn the_numbers_do_not_tell_at_which_rate_a_recording_was_kept() {
    for rate in [16_000, 22_050, 32_000, 44_100, 96_000] {
        let distance = distance(&wav(rate), &wav(48_000));
        assert!(distance < 0.02, "{rate}: {distance}");
    }
}

#[test]
fn loudness_and_a_second_rounding_do_not_move_the_numbers_and_a_telephone_does() {
    let original = wav(44_100);
    let moved = |change: Change| distance(&change.apply(&original).unwrap(), &original);
    let [rewritten, quieter, telephone, noise] = [Change::Rewritten, Change::Quieter, Change::Telephone, Change::Noise].map(moved);
    assert!(rewritten < 0.02 && quieter < 0.02, "{rewritten}, {quieter}");
    assert!(telephone > 0.5 && noise > 0.1, "{telephone}, {noise}");
}

#[test]
fn every_change_gives_the_same_bits_again_and_a_recording_that_is_read() {
    let original = wav(22_050);
    for change in ALL {
        let changed = change.apply(&original).unwrap();
        assert!(changed != original && changed == change.apply(&original).unwrap(), "{}", change.id());
        let facts = wav::Facts::of(&changed).unwrap();
        assert_eq!((facts.rate, facts.frames), (22_050, if change == Change::Cut { 70_560 } else { 88_200 }), "{}", change.id());
    }
}

#[test]
fn too_little_voice_and_too_low_a_rate_are_told_with_what_is_needed() {
    let read = |samples: Vec<f32>, rate: u32| Sound.read(&Recording { rate, samples }.write().unwrap()).unwrap_err().to_string();
    assert_eq!(read(voice(2, 16_000), 16_000), "1.02 seconds, and 1.5 are needed");
    assert_eq!(read(voice(4, 8_000), 8_000), "8000 hertz, and 16000 are needed");
    assert_eq!(read(vec![0.0; 160_000], 16_000), "0 seconds, and 1.5 are needed");
    assert_eq!(read(vec![0.5; 100], 16_000), "0 seconds, and 1.5 are needed");
}

#[test]
fn the_numbers_are_finite_for_whatever_can_be_read() {
    let square = |at: u32| if (at / 40).is_multiple_of(2) { 1.0 } else { -1.0 };
    let loud = Recording { rate: 16_000, samples: (0..48_000).map(square).collect() };
    let constant = Recording { rate: 48_000, samples: vec![-1.0; 192_000] };
    for recording in [loud, constant] {
        let features = Sound.read(&recording.write().unwrap()).unwrap();
        assert!(features.dense.len() == Sound.dense().len() && features.dense.iter().all(|number| number.is_finite()));
    }
}

#[test]
fn the_picture_is_dark_where_the_tone_is_and_its_bar_where_the_voice_is() {
    let traces = Sound.traces(&wav(44_100));
    let [Trace { name: "sound-spectrogram", shown: Shown::Picture(bytes) }] = traces.as_slice() else { panic!("{traces:?}") };
    let picture = image::load_from_memory(bytes).unwrap().into_luma8();
    assert_eq!(picture.dimensions(), (800, 269));
    // 0.3 seconds: loud, at 200 + 2 * 300 * 0.3 = 380 Hz, the twelfth of 31.25 Hz; nothing at 7.8 kHz but noise. 0.9 seconds: silence.
    let shade = |second: f64, row: u32| picture.get_pixel((second / 4.0 * 800.0) as u32, row).0[0];
    assert!(shade(0.3, 256 - 12) < 60 && shade(0.3, 6) > 100, "{} {}", shade(0.3, 244), shade(0.3, 6));
    assert_eq!((shade(0.3, 265), shade(0.9, 265)), (64, 255));
    assert!(Sound.traces(&Material::Sound(vec![1])).is_empty());
}

#[test]
fn the_control_reads_the_file_and_not_the_sound() {
    let read = |material: &Material| Metadata.read(material).unwrap().dense;
    let quiet = Recording { rate: 44_100, samples: vec![0.0; 176_400] }.write().unwrap();
    assert_eq!(read(&wav(44_100)), read(&quiet));
    assert_eq!(read(&quiet), [44_100f32.log2(), 16.0, 0.0, 1.0, 4f32.ln()]);
    assert_eq!(Metadata.dense().len(), 5);
}
