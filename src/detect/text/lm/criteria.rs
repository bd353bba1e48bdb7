//! What a language model's view of a text says about its origin. In: a [`Position`] for each token. Out: one number for each [`Criterion`].
//!
//! Writing for token i of n: ℓ its log-probability under `model`, r its rank, μ and σ² mean and variance of ℓ for tokens that `model` draws itself, μ' and σ'²
//! the same for tokens that `second` draws. All logarithms are natural. A sum over nothing has no criterion: n is at least 1.

use crate::model::candle::Position;

/// One number about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Σℓ / n. What a model writes is probable to it (Solaiman et al. 2019, arXiv:1908.09203).
    Likelihood,
    /// Σ ln r / n. What a model writes stands high in its lists (Gehrmann et al. 2019, GLTR, arXiv:1906.04043, for ranks; Mitchell et al. 2023, DetectGPT,
    /// arXiv:2301.11305, for their logarithm). Low for generated texts, as the papers' code shows it with a minus.
    LogRank,
    /// −Σℓ / Σ ln r (Su et al. 2023, DetectLLM, arXiv:2306.05540). A text whose every token is the most probable one has Σ ln r = 0; the sum counts as ln 2 at
    /// least, as if one token had been the second.
    Lrr,
    /// (Σℓ − Σμ) / √Σσ²: how much more probable the text is than what the model would have written, in standard deviations (Bao et al. 2024, Fast-DetectGPT,
    /// arXiv:2310.05130, conditional probability curvature, analytic). 0 where the model leaves no choice (Σσ² = 0).
    FastDetectGpt,
    /// (Σℓ − Σμ') / √Σσ'²: the same with `second` as the model that draws.
    FastDetectGptPair,
    /// Σℓ / Σμ': log-perplexity of `model` (the performer) over its cross-perplexity to `second` (the observer) (Hans et al. 2024, Binoculars, arXiv:2401.12070;
    /// roles as in the authors' code). Low for generated texts. 1 where nothing could surprise (Σμ' = 0).
    Binoculars,
}

impl Criterion {
    /// All, in the order of the features.
    pub const ALL: [Self; 6] = [Self::Likelihood, Self::LogRank, Self::Lrr, Self::FastDetectGpt, Self::FastDetectGptPair, Self::Binoculars];

    /// Its name in setups and cards.
    pub fn name(self) -> &'static str {
        match self {
            Self::Likelihood => "likelihood",
            Self::LogRank => "log-rank",
            Self::Lrr => "lrr",
            Self::FastDetectGpt => "fast-detect-gpt",
            Self::FastDetectGptPair => "fast-detect-gpt-pair",
            Self::Binoculars => "binoculars",
        }
    }

    /// Whether it needs a second model.
    pub fn needs_pair(self) -> bool {
        matches!(self, Self::FastDetectGptPair | Self::Binoculars)
    }

    /// The number; `None` where there is no token, or no second model for a criterion that needs one.
    pub fn of(self, positions: &[Position]) -> Option<f64> {
        if positions.is_empty() {
            return None;
        }
        let sum = |of: &dyn Fn(&Position) -> f64| positions.iter().map(of).sum::<f64>();
        let count = positions.len() as f64;
        let logprobs = sum(&|position| position.logprob);
        let log_ranks = sum(&|position| f64::from(position.rank).ln());
        let curvature = |mean: f64, variance: f64| if variance > 0.0 { (logprobs - mean) / variance.sqrt() } else { 0.0 };
        let crossed = || {
            let second: Vec<_> = positions.iter().map(|position| position.second).collect::<Option<_>>()?;
            Some((second.iter().map(|moments| moments.mean).sum::<f64>(), second.iter().map(|moments| moments.variance).sum::<f64>()))
        };
        Some(match self {
            Self::Likelihood => logprobs / count,
            Self::LogRank => log_ranks / count,
            Self::Lrr => -logprobs / log_ranks.max(std::f64::consts::LN_2),
            Self::FastDetectGpt => curvature(sum(&|position| position.own.mean), sum(&|position| position.own.variance)),
            Self::FastDetectGptPair => crossed().map(|(mean, variance)| curvature(mean, variance))?,
            Self::Binoculars => crossed().map(|(mean, _)| if mean < 0.0 { logprobs / mean } else { 1.0 })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::candle::Moments;

    /// A position in a vocabulary of three: the token's place, probabilities by the model and by the second one.
    fn position(token: usize, model: [f64; 3], second: [f64; 3]) -> Position {
        let moments = |weights: [f64; 3]| {
            let expect = |of: &dyn Fn(f64) -> f64| weights.iter().zip(model).map(|(weight, p)| weight * of(p.ln())).sum::<f64>();
            let mean = expect(&|logprob| logprob);
            Moments { mean, variance: expect(&|logprob| (logprob - mean).powi(2)) }
        };
        let rank = 1 + model.iter().filter(|p| **p > model[token]).count() as u32;
        Position { logprob: model[token].ln(), rank, own: moments(model), second: Some(moments(second)) }
    }

    /// Two tokens. The first is the likeliest of (1/2, 1/4, 1/4), the second the second of (1/2, 3/8, 1/8); the other model finds (1/4, 1/4, 1/2) both times.
    fn worked() -> Vec<Position> {
        let second = [0.25, 0.25, 0.5];
        vec![position(0, [0.5, 0.25, 0.25], second), position(1, [0.5, 0.375, 0.125], second)]
    }

    /// By hand, with ln 2 = 0.693147 and ln 3 = 1.098612.
    ///
    /// First token: ℓ = −ln 2, r = 1. ln p is −L, −2L, −2L (L = ln 2), so μ = −1.5 L, σ² = ½·(½L)² + ½·(½L)² = L²/4; under the second model
    /// μ' = −L/4 − 2L·¾ = −1.75 L, σ'² = ¼·(¾L)² + ¾·(¼L)² = 3L²/16.
    ///
    /// Second token: ℓ = ln 3 − 3L = −0.980829, r = 2. ln p is a = −0.693147, b = −0.980829, c = −2.079442.
    /// μ = a/2 + 3b/8 + c/8 = −0.974315; σ² = ½·0.281167² + ⅜·0.006515² + ⅛·1.105127² = 0.039528 + 0.000016 + 0.152663 = 0.192206.
    /// μ' = a/4 + b/4 + c/2 = −1.458215; σ'² = ¼·0.765068² + ¼·0.477386² + ½·0.621227² = 0.146332 + 0.056974 + 0.192961 = 0.396268.
    ///
    /// Sums: Σℓ = −1.673976; Σ ln r = 0.693147; Σμ = −1.039721 − 0.974315 = −2.014036; Σσ² = 0.120113 + 0.192206 = 0.312320;
    /// Σμ' = −1.213008 − 1.458215 = −2.671222; Σσ'² = 0.090085 + 0.396268 = 0.486353. So LRR is 1.673976 / 0.693147 = 2.415037.
    #[test]
    fn two_tokens_of_a_vocabulary_of_three_have_the_figures_worked_out_by_hand() {
        let expected = [
            (Criterion::Likelihood, -0.836988),
            (Criterion::LogRank, 0.346574),
            (Criterion::Lrr, 2.415037),
            (Criterion::FastDetectGpt, 0.340059 / 0.558856),
            (Criterion::FastDetectGptPair, 0.997246 / 0.697390),
            (Criterion::Binoculars, 1.673976 / 2.671222),
        ];
        assert_eq!(expected.map(|(criterion, _)| criterion), Criterion::ALL);
        for (criterion, expected) in expected {
            let got = criterion.of(&worked()).unwrap();
            assert!((got - expected).abs() < 1e-5, "{}: {got}, expected {expected}", criterion.name());
        }
    }

    #[test]
    fn what_leaves_no_choice_has_defined_values() {
        let certain = Moments { mean: 0.0, variance: 0.0 };
        let sure = [Position { logprob: 0.0, rank: 1, own: certain, second: Some(certain) }];
        let values = Criterion::ALL.map(|criterion| criterion.of(&sure).unwrap());
        assert_eq!(values, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        // Always the first choice, though not a sure one: the ratio stays finite.
        let first = [Position { logprob: -0.5, ..sure[0] }; 10];
        assert!((Criterion::Lrr.of(&first).unwrap() - 5.0 / 2f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn a_pair_that_is_one_model_twice_gives_the_curvature_of_the_model_alone() {
        let mut positions = worked();
        positions.iter_mut().for_each(|position| position.second = Some(position.own));
        assert_eq!(Criterion::FastDetectGptPair.of(&positions), Criterion::FastDetectGpt.of(&positions));
    }

    #[test]
    fn no_token_and_no_second_model_give_no_number() {
        assert!(Criterion::ALL.iter().all(|criterion| criterion.of(&[]).is_none()));
        let mut positions = worked();
        positions[1].second = None;
        for criterion in Criterion::ALL {
            assert_eq!(criterion.of(&positions).is_none(), criterion.needs_pair(), "{}", criterion.name());
        }
    }
}
