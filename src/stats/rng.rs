//! Seeded random numbers: one ChaCha8 stream per (seed, label), the same bits on every machine.
//!
//! Only raw 64-bit words are taken from the generator; the conversion to floats, indices and draws from distributions is ours, so that no
//! other crate's change of an algorithm can change a finding.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Random(ChaCha8Rng);

impl Random {
    /// The stream named `label` under `seed`. Different labels give unrelated streams.
    pub fn new(seed: u64, label: &str) -> Self {
        // FNV-1a spreads the label, splitmix64 fills the key: collisions are as unlikely as for any 64-bit hash, secrecy is not needed.
        let name = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut state = seed ^ name.rotate_left(32);
        let mut key = [0_u8; 32];
        for chunk in key.chunks_exact_mut(8) {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state ^ name;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ (word >> 31)).to_le_bytes());
        }
        Self::from_key(key)
    }

    /// The stream of a 32-byte key, for callers that derive their keys with a cryptographic hash.
    pub fn from_key(key: [u8; 32]) -> Self {
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in [0, 1), all 53 bits used.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in (0, 1): never 0, so that its logarithm exists.
    fn open(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// 64 fair coins at once.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform below `n`, without modulo bias (Lemire 2019). 0 for `n` = 0 or 1.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n < 2 {
            return 0;
        }
        let threshold = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(n);
            if product as u64 >= threshold {
                return (product >> 64) as usize;
            }
        }
    }

    /// Brings the items into a uniformly random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }

    /// Standard normal (Box and Muller, one of the pair).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.open())).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// Logarithm of a gamma draw with the given shape (> 0) and scale 1 (Marsaglia and Tsang 2000); the logarithm, because shapes far
    /// below 1 give draws below the smallest float.
    pub fn ln_gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.ln_gamma(shape + 1.0) + libm::log(self.open()) / shape;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            if libm::log(self.open()) < 0.5 * x * x + d * (1.0 - v + libm::log(v)) {
                return libm::log(d) + libm::log(v);
            }
        }
    }

    /// Beta draw; both shapes > 0.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (first, second) = (self.ln_gamma(a), self.ln_gamma(b));
        1.0 / (1.0 + libm::exp(second - first))
    }

    /// Number of successes in `n` tries with chance `p` each.
    pub fn binomial(&mut self, n: usize, p: f64) -> usize {
        (0..n).filter(|_| self.uniform() < p).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..40_000).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / 40_000.0;
        (mean, draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 40_000.0)
    }

    #[test]
    fn a_stream_depends_on_seed_and_label_and_on_nothing_else() {
        let first = |seed, label| Random::new(seed, label).uniform();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }

    #[test]
    fn indices_below_three_are_equally_frequent() {
        let mut random = Random::new(7, "indices");
        let mut counts = [0_u32; 3];
        (0..30_000).for_each(|_| counts[random.below(3)] += 1);
        assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 350), "{counts:?}");
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..100).collect();
        Random::new(1, "shuffle").shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        let mut random = Random::new(3, "moments");
        let (mean, variance) = moments(|| random.uniform());
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.003);
        let (mean, variance) = moments(|| random.normal());
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03);
        let (mean, variance) = moments(|| libm::exp(random.ln_gamma(2.5)));
        assert!((mean - 2.5).abs() < 0.05 && (variance - 2.5).abs() < 0.15);
        let (mean, variance) = moments(|| random.beta(0.05, 0.95));
        assert!((mean - 0.05).abs() < 0.005 && (variance - 0.05 * 0.95 / 2.0).abs() < 0.002);
        let (mean, variance) = moments(|| random.binomial(20, 0.3) as f64);
        assert!((mean - 6.0).abs() < 0.06 && (variance - 4.2).abs() < 0.15);
    }
}
