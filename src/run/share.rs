//! Which packs a worker answers: `hash:I/N`, a rule that needs no list and no talk between workers.

use std::fmt;
use std::str::FromStr;

use super::RunError;

/// One of `of` shares of a run, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    index: u32,
    of: u32,
}

impl Share {
    /// The whole run.
    pub const ALL: Share = Share { index: 1, of: 1 };

    /// Share `index` of `of`, `None` unless 1 ≤ `index` ≤ `of`.
    pub fn new(index: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&index).then_some(Self { index, of })
    }

    /// All `of` shares; together they hold every pack exactly once.
    pub fn split(of: u32) -> impl Iterator<Item = Self> {
        (1..=of).map(move |index| Self { index, of })
    }

    /// Which one, from 1.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Of how many.
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether the pack of this id (a hash in hex) belongs to this share.
    pub fn holds(self, pack: &str) -> bool {
        // Modulo of the whole hash, digit by digit: every digit counts, and no integer overflows.
        let digits = pack.chars().map(|digit| u64::from(digit.to_digit(16).unwrap_or(0)));
        let rest = digits.fold(0, |rest, digit| (rest * 16 + digit) % u64::from(self.of));
        rest + 1 == u64::from(self.index)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hash:{}/{}", self.index, self.of)
    }
}

impl FromStr for Share {
    type Err = RunError;

    fn from_str(text: &str) -> Result<Self, RunError> {
        let parts = text.strip_prefix("hash:").and_then(|rest| rest.split_once('/'));
        parts
            .and_then(|(index, of)| Self::new(index.parse().ok()?, of.parse().ok()?))
            .ok_or_else(|| RunError::Share { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_belongs_to_exactly_one_share_and_shares_are_even() {
        for of in [1, 2, 3, 4, 7, 256, 1000] {
            let mut counts = vec![0u32; of as usize];
            for number in 0..4000 {
                let pack = crate::store::hash_id([number.to_string().as_str()]);
                let holders: Vec<_> = Share::split(of).filter(|share| share.holds(&pack)).collect();
                assert_eq!(holders.len(), 1);
                counts[holders[0].index() as usize - 1] += 1;
            }
            let expected = 4000.0 / f64::from(of);
            let chi_square: f64 = counts.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
            let freedom = f64::from(of - 1);
            // Five standard deviations of the chi-square distribution; the packs are fixed, so this passes always or never.
            assert!(chi_square <= freedom + 5.0 * (2.0 * freedom).sqrt() + 1e-9, "{of} shares: {chi_square}");
        }
    }

    #[test]
    fn a_share_is_written_as_it_is_read_and_anything_else_is_refused() {
        for text in ["hash:1/1", "hash:3/4", "hash:4/4"] {
            assert_eq!(text.parse::<Share>().unwrap().to_string(), text);
        }
        for text in ["", "hash:", "1/2", "hash:0/2", "hash:3/2", "hash:1/0", "hash:a/b", "hash:1/2/3", "hash:-1/2"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
