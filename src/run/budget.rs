//! What a run may spend on one model. In: the budget, what was spent before, what the next pack may cost at most. Out: whether it may be asked.
//!
//! Nothing is asked whose upper bound does not fit any more, so a budget is never overdrawn. Every worker has its part of what is left when
//! it begins; what one of them leaves over is shared out again in the next round.

use crate::model::Limits;
use crate::store::{Prompt, Raw, Request, Task};

use super::Share;

/// Requests and tokens, planned or spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// Requests.
    pub(super) requests: u64,
    /// Tokens of prompts.
    pub(super) tokens_in: u64,
    /// Tokens of answers.
    pub(super) tokens_out: u64,
}

impl Amount {
    /// What a request costs at most. A token is at least one byte; chat templates add a few tokens of their own.
    pub(super) fn at_most(request: &Request, prompt: &Prompt) -> Self {
        let options = match &prompt.task {
            Task::Choose { options, neutral, .. } => {
                // Each option is read after the prompt and after the neutral prompt.
                let both = prompt.task.text().len() + neutral.len();
                options.iter().map(|option| both + 2 * option.text.len()).sum()
            }
            Task::Generate { .. } | Task::Make { .. } | Task::LogLikelihood { .. } => 0,
        };
        let bytes = prompt.task.text().len() + options + TEMPLATE;
        Self { requests: 1, tokens_in: bytes as u64, tokens_out: u64::from(request.sampling.max_tokens) }
    }

    /// What an answered request cost: what the other side counted, else the upper bound.
    pub(super) fn spent(request: &Request, prompt: &Prompt, raw: Option<&Raw>) -> Self {
        let bound = Self::at_most(request, prompt);
        let counted = |tokens: u64, bound: u64| if tokens == 0 { bound } else { tokens };
        raw.map_or(bound, |raw| Self {
            requests: u64::from(raw.attempts.max(1)),
            tokens_in: counted(raw.tokens_read, bound.tokens_in),
            tokens_out: counted(raw.tokens_written, bound.tokens_out),
        })
    }
}

/// Tokens that a chat template adds to a prompt, generously.
const TEMPLATE: usize = 64;

impl std::ops::Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            tokens_in: self.tokens_in + other.tokens_in,
            tokens_out: self.tokens_out + other.tokens_out,
        }
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), |sum, amount| sum + amount)
    }
}

/// What one worker may still spend on one model; `None` where there is no limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Purse {
    limits: Limits,
    requests: Option<u64>,
    tokens: Option<u64>,
    cost: Option<f64>,
}

impl Purse {
    /// This share's part of what `spent` (by all workers before) leaves of what `limits` allow.
    pub(super) fn new(limits: Limits, spent: Amount, share: Share) -> Self {
        let of = u64::from(share.of());
        // The first shares get what does not divide evenly: else the last requests of a budget would be nobody's.
        let part = |left: u64| left / of + u64::from(u64::from(share.index()) <= left % of);
        let tokens = spent.tokens_in + spent.tokens_out;
        Self {
            limits,
            requests: limits.max_requests.map(|most| part(most.get().saturating_sub(spent.requests))),
            tokens: limits.max_tokens.map(|most| part(most.get().saturating_sub(tokens))),
            cost: limits.max_cost.map(|most| (most - price(&limits, spent)).max(0.0) / of as f64),
        }
    }

    /// Whether `next` fits.
    pub(super) fn admits(&self, next: Amount) -> bool {
        self.requests.is_none_or(|left| next.requests <= left)
            && self.tokens.is_none_or(|left| next.tokens_in + next.tokens_out <= left)
            && self.cost.is_none_or(|left| price(&self.limits, next) <= left)
    }

    /// Take out what was spent.
    pub(super) fn pay(&mut self, spent: Amount) {
        self.requests = self.requests.map(|left| left.saturating_sub(spent.requests));
        self.tokens = self.tokens.map(|left| left.saturating_sub(spent.tokens_in + spent.tokens_out));
        self.cost = self.cost.map(|left| left - price(&self.limits, spent));
    }
}

/// In the currency of the prices, which are for a million tokens.
fn price(limits: &Limits, amount: Amount) -> f64 {
    let price = |tokens: u64, per_million: Option<f64>| tokens as f64 * per_million.unwrap_or(0.0) / 1e6;
    price(amount.tokens_in, limits.price_per_million_in) + price(amount.tokens_out, limits.price_per_million_out)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use proptest::prelude::*;

    use super::*;

    fn amount(requests: u64, tokens_in: u64, tokens_out: u64) -> Amount {
        Amount { requests, tokens_in, tokens_out }
    }

    #[test]
    fn a_cost_is_the_price_of_a_million_tokens_by_their_number() {
        let (price_per_million_in, price_per_million_out) = (Some(2.0), Some(8.0));
        let limits = Limits { max_cost: Some(1.0), price_per_million_in, price_per_million_out, ..Limits::default() };
        let mut purse = Purse::new(limits, amount(9, 100_000, 50_000), Share::ALL); // 0.20 + 0.40
        assert!(purse.admits(amount(1, 100_000, 24_000)) && !purse.admits(amount(1, 100_000, 26_000)));
        purse.pay(amount(1, 100_000, 24_000));
        assert!(!purse.admits(amount(1, 10_000, 0)), "0.008 are left, 0.02 are asked for");
    }

    #[test]
    fn without_a_budget_everything_fits() {
        assert!(Purse::new(Limits::default(), amount(u64::MAX, 1, 1), Share::ALL).admits(amount(1, u64::MAX / 2, 1)));
    }

    proptest! {
        #[test]
        fn the_parts_of_all_workers_are_together_what_is_left(most in 1u64..10_000, spent in 0u64..10_000, of in 1u32..40) {
            let limits = Limits { max_requests: NonZeroU64::new(most), ..Limits::default() };
            let parts: u64 = Share::split(of)
                .map(|share| {
                    let mut purse = Purse::new(limits, amount(spent, 0, 0), share);
                    let mut number = 0;
                    while purse.admits(amount(1, 0, 0)) {
                        purse.pay(amount(1, 0, 0));
                        number += 1;
                    }
                    number
                })
                .sum();
            prop_assert_eq!(parts, most.saturating_sub(spent));
        }
    }
}
