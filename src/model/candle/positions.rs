//! What one token of a text looks like to a model. In: the logits before the token, of one model or of two with the same tokens. Out: the token's
//! log-probability and rank, and what the model would have found on average if the token had been drawn.

use super::decoder::{DecoderError, finite};
use super::math;

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Its natural log-probability given what stands before it.
    pub logprob: f64,
    /// Its place among all tokens, 1 for the most probable one. Equally probable ones share the best place.
    pub rank: u32,
    /// The same model's log-probability of tokens that it draws itself; the mean is minus its entropy.
    pub own: Moments,
    /// The same model's log-probability of tokens that a second model draws; the mean is minus the cross-entropy.
    pub second: Option<Moments>,
}

/// Mean (nats) and variance of a log-probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Expectation.
    pub mean: f64,
    /// Mean squared distance from it.
    pub variance: f64,
}

/// Reads rows of logits; keeps one row of scratch.
#[derive(Default)]
pub(super) struct Observer {
    weights: Vec<f32>,
}

impl Observer {
    /// The position of `token`, whose logits are `row`; those of the second model, `second`, may have more or fewer rows of padding behind the
    /// last token that both know: what only one of them has is left out.
    pub fn position(&mut self, row: &[f32], second: Option<&[f32]>, token: u32) -> Result<Position, DecoderError> {
        let width = second.map_or(row.len(), |second| second.len().min(row.len()));
        let row = &row[..width];
        let logit = *row.get(token as usize).ok_or(DecoderError::UnknownToken { token, vocabulary: width })?;
        let normaliser = finite(math::log_normaliser(row, &mut self.weights))?;
        let own = self.moments(row, normaliser)?;
        let second = match second {
            None => None,
            Some(second) => {
                finite(math::log_normaliser(&second[..width], &mut self.weights))?;
                Some(self.moments(row, normaliser)?)
            }
        };
        Ok(Position { logprob: f64::from(logit) - normaliser, rank: 1 + math::count_above(row, logit), own, second })
    }

    /// Moments of the log-probabilities of `row` under the weights of the last row that was normalised.
    fn moments(&self, row: &[f32], normaliser: f64) -> Result<Moments, DecoderError> {
        let (mean, variance) = math::weighted_moments(&self.weights, row);
        Ok(Moments { mean: finite(mean)? - normaliser, variance: finite(variance)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-6, "{got}, expected {expected}");
    }

    /// Logits ln 4 + 1, ln 3 + 1, ln 1 + 1: probabilities 1/2, 3/8, 1/8. The second model: 1/4, 1/4, 1/2.
    #[test]
    fn a_position_has_the_figures_worked_out_by_hand() {
        let row = [4f32, 3.0, 1.0].map(|weight| weight.ln() + 1.0);
        let second = [1f32, 1.0, 2.0].map(|weight| weight.ln() - 3.0);
        let got = Observer::default().position(&row, Some(&second), 1).unwrap();
        let [a, b, c] = [0.5f64, 0.375, 0.125].map(f64::ln);
        near(got.logprob, b);
        assert_eq!(got.rank, 2);
        let mean = 0.5 * a + 0.375 * b + 0.125 * c;
        near(got.own.mean, mean);
        near(got.own.variance, 0.5 * (a - mean).powi(2) + 0.375 * (b - mean).powi(2) + 0.125 * (c - mean).powi(2));
        let crossed = got.second.unwrap();
        let mean = 0.25 * a + 0.25 * b + 0.5 * c;
        near(crossed.mean, mean);
        near(crossed.variance, 0.25 * (a - mean).powi(2) + 0.25 * (b - mean).powi(2) + 0.5 * (c - mean).powi(2));
    }

    #[test]
    fn equally_probable_tokens_share_the_best_rank() {
        let mut observer = Observer::default();
        let ranks = [0, 1, 2, 3].map(|token| observer.position(&[1.0, 5.0, 5.0, 0.0], None, token).unwrap().rank);
        assert_eq!(ranks, [3, 1, 1, 4]);
    }

    #[test]
    fn padding_that_one_model_has_behind_the_last_token_counts_for_nobody() {
        let mut observer = Observer::default();
        let (row, second) = ([0.3f32, -1.0, 2.0], [1.0f32, 0.0, 0.5]);
        let plain = observer.position(&row, Some(&second), 2).unwrap();
        assert_eq!(observer.position(&[0.3, -1.0, 2.0, 9.0], Some(&second), 2).unwrap(), plain);
        assert_eq!(observer.position(&row, Some(&[1.0, 0.0, 0.5, 9.0]), 2).unwrap(), plain);
    }

    #[test]
    fn a_model_that_computes_no_numbers_and_a_token_that_is_none_are_errors() {
        let mut observer = Observer::default();
        assert!(matches!(observer.position(&[0.0, f32::NAN], None, 0), Err(DecoderError::NotFinite)));
        assert!(matches!(observer.position(&[0.0, f32::NEG_INFINITY], None, 0), Err(DecoderError::NotFinite)));
        assert!(matches!(observer.position(&[0.0, 1.0], None, 2), Err(DecoderError::UnknownToken { token: 2, vocabulary: 2 })));
    }
}
