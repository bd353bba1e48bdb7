//! Hashed n-grams: endings and small words in their order, and letters.
//!
//! In: words and signs. Out: buckets with values, in two blocks that weigh the same.
//! - *masked words*, 1 to 3 in a row: function words and signs as they are, digits as 0, of every other word its last two letters and whether it is
//!   capitalised (text distortion; Stamatatos 2017, "Authorship attribution using text distortion"), so that `Die Malerin malte` is `die A*in a*te`;
//! - *letters*, 2 to 5 in a row within a word with a blank at either side, in lower case (Kanaris and others 2007, "Words versus character n-grams").
//!
//! A gram that occurs *n* times counts 1 + ln *n*; a block has the length [`WEIGHT`], whatever the length of the text.

use super::super::segment::Piece;
use super::Unit;

/// Number of buckets.
pub(super) const BUCKETS: usize = 1 << 18;
/// Euclidean length of a block beside dense features of standard deviation 1: √1000.
const WEIGHT: f64 = 31.622_776_601_683_793;
/// Letters kept of a masked word.
const ENDING: usize = 2;

/// FNV-1a, whose state can be carried on letter by letter.
#[derive(Clone, Copy)]
struct Hash(u64);

impl Hash {
    const fn new(block: u64) -> Self {
        Self(0xcbf2_9ce4_8422_2325 ^ block)
    }

    fn with(self, value: u64) -> Self {
        Self((self.0 ^ value).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// The bucket: the state mixed (the last step of splitmix64), because the low bits of FNV spread badly.
    fn bucket(self) -> u32 {
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) & (BUCKETS as u64 - 1)) as u32
    }
}

/// Both blocks in ascending order of buckets.
pub(super) fn read(units: &[Unit]) -> Vec<(u32, f32)> {
    let mut all = block(masked(units));
    all.extend(block(letters(units)));
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut merged: Vec<(u32, f32)> = Vec::with_capacity(all.len());
    for (bucket, value) in all {
        match merged.last_mut() {
            Some(last) if last.0 == bucket => last.1 += value,
            _ => merged.push((bucket, value)),
        }
    }
    merged
}

/// Counts, damped and brought to one length.
fn block(mut buckets: Vec<u32>) -> Vec<(u32, f32)> {
    buckets.sort_unstable();
    let counted: Vec<(u32, f64)> = buckets.chunk_by(|a, b| a == b).map(|same| (same[0], 1.0 + libm::log(same.len() as f64))).collect();
    let length = counted.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
    counted.into_iter().map(|(bucket, value)| (bucket, (value / length * WEIGHT) as f32)).collect()
}

fn masked(units: &[Unit]) -> Vec<u32> {
    let masks: Vec<u64> = units.iter().map(|unit| mask(unit).0).collect();
    let mut buckets = Vec::with_capacity(3 * masks.len());
    for from in 0..masks.len() {
        let mut hash = Hash::new(1);
        for mask in masks[from..].iter().take(3) {
            hash = hash.with(*mask);
            buckets.push(hash.bucket());
        }
    }
    buckets
}

fn mask(unit: &Unit) -> Hash {
    let Piece::Word(word) = unit.piece else { return text(Hash::new(2), &unit.lower) };
    if unit.groups != 0 {
        return text(Hash::new(2), &unit.lower);
    }
    let ending = unit.lower.char_indices().rev().nth(ENDING - 1).map_or(0, |(at, _)| at);
    let capital = word.starts_with(char::is_uppercase);
    text(Hash::new(if capital { 3 } else { 4 }), &unit.lower[ending..])
}

fn text(hash: Hash, text: &str) -> Hash {
    text.chars().fold(hash, |hash, c| hash.with(u64::from(c)))
}

fn letters(units: &[Unit]) -> Vec<u32> {
    let mut buckets = Vec::new();
    let mut padded: Vec<char> = Vec::new();
    for unit in units {
        padded.clear();
        padded.push(' ');
        padded.extend(unit.lower.chars());
        padded.push(' ');
        for from in 0..padded.len() {
            let mut hash = Hash::new(5);
            for (at, c) in padded[from..].iter().take(5).enumerate() {
                hash = hash.with(u64::from(*c));
                if at > 0 {
                    buckets.push(hash.bucket());
                }
            }
        }
    }
    buckets
}
