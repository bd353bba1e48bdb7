//! Correcting a rate for the errors of the instrument that measured it.
//!
//! In: the confusion counts of a validation record. Out: the corrected rate of Rogan and Gladen (1978), (rate + Sp - 1) / (Se + Sp - 1), and the
//! standard error that the finite validation record adds to it.
//!
//! The correction is linear in the raw values, so it is applied to each of them and the clusters' variance is carried through exactly. The
//! uncertainty of sensitivity and specificity (Jeffreys posteriors) is carried by the delta method; that it equals drawing both
//! afresh for every resample is shown in the tests.

use serde::{Deserialize, Serialize};

use super::StatsError;

/// The smallest sensitivity + specificity - 1 at which a rate is corrected.
pub const SMALLEST_YOUDEN: f64 = 0.3;

/// Counts of a validation record, for one class against the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// Truly of the class and called so.
    pub true_positives: u64,
    /// Truly of the class, called otherwise.
    pub false_negatives: u64,
    /// Truly of another class and called so.
    pub true_negatives: u64,
    /// Truly of another class, called of the class.
    pub false_positives: u64,
}

impl Validation {
    /// Share of the class that is recognised. NaN without a member of the class.
    pub fn sensitivity(&self) -> f64 {
        self.true_positives as f64 / (self.true_positives + self.false_negatives) as f64
    }

    /// Share of the others that is recognised as such. NaN without any.
    pub fn specificity(&self) -> f64 {
        self.true_negatives as f64 / (self.true_negatives + self.false_positives) as f64
    }

    /// Sensitivity + specificity - 1: 1 for a perfect instrument, 0 for one that guesses.
    pub fn youden(&self) -> f64 {
        self.sensitivity() + self.specificity() - 1.0
    }

    /// Fails unless rates can be corrected with this record.
    ///
    /// # Errors
    /// `Empty` when one of the two classes was never seen, `WeakInstrument` when [`Validation::youden`] is below [`SMALLEST_YOUDEN`].
    pub fn check(&self) -> Result<(), StatsError> {
        let youden = self.youden();
        if youden.is_nan() {
            return Err(StatsError::Empty);
        }
        if youden < SMALLEST_YOUDEN {
            return Err(StatsError::WeakInstrument { youden, minimum: SMALLEST_YOUDEN });
        }
        Ok(())
    }

    /// The corrected value of a raw one, not clamped: single answers come out below 0 and above 1, their mean is the corrected rate.
    pub fn corrected(&self, raw: f64) -> f64 {
        (raw + self.specificity() - 1.0) / self.youden()
    }

    /// Variances of sensitivity and specificity under Jeffreys posteriors: never 0, however clean the record.
    fn variances(&self) -> (f64, f64) {
        let variance = |hits: u64, misses: u64| {
            let (a, b) = (hits as f64 + 0.5, misses as f64 + 0.5);
            a * b / ((a + b) * (a + b) * (a + b + 1.0))
        };
        (variance(self.true_positives, self.false_negatives), variance(self.true_negatives, self.false_positives))
    }
}

/// Which validation record corrects which level of a contrast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// One record for all levels: its error is the same in each and cancels in part.
    Shared(Validation),
    /// One record for each level, in the order of the levels, drawn independently.
    PerLevel(Vec<Validation>),
}

impl Correction {
    /// The record of level `level`.
    ///
    /// # Errors
    /// `LengthMismatch` when there is none, and those of [`Validation::check`].
    pub fn record(&self, level: usize) -> Result<&Validation, StatsError> {
        let record = match self {
            Correction::Shared(record) => record,
            Correction::PerLevel(records) => records.get(level).ok_or(StatsError::LengthMismatch {
                what: "validation records",
                expected: level + 1,
                found: records.len(),
            })?,
        };
        record.check().map(|()| record)
    }

    /// Standard error that the validation adds to the contrast Σ coefficient x corrected rate (delta method: the corrected rate π falls by π/J per
    /// unit of sensitivity and rises by (1-π)/J per unit of specificity).
    ///
    /// # Errors
    /// Those of [`Correction::record`].
    pub fn standard_error(&self, coefficients: &[f64], corrected: &[f64]) -> Result<f64, StatsError> {
        let parts = || coefficients.iter().zip(corrected.iter().map(|rate| rate.clamp(0.0, 1.0)));
        let variance = match self {
            Correction::Shared(_) => {
                let record = self.record(0)?;
                let (of_sensitivity, of_specificity) = record.variances();
                let along: f64 = parts().map(|(c, rate)| c * rate).sum();
                let across: f64 = parts().map(|(c, rate)| c * (1.0 - rate)).sum();
                (along * along * of_sensitivity + across * across * of_specificity) / (record.youden() * record.youden())
            }
            Correction::PerLevel(_) => {
                let mut sum = 0.0;
                for (level, (c, rate)) in parts().enumerate() {
                    sum += c * c * Correction::Shared(*self.record(level)?).standard_error(&[1.0], &[rate])?.powi(2);
                }
                sum
            }
        };
        Ok(variance.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::super::rng::Random;
    use super::*;

    const RECORD: Validation = Validation { true_positives: 90, false_negatives: 10, true_negatives: 160, false_positives: 40 };

    #[test]
    fn a_rate_is_corrected_as_rogan_and_gladen_do() {
        // Sensitivity .9, specificity .8, apparent .34: (.34 - .2) / .7 = .2.
        assert!((RECORD.corrected(0.34) - 0.2).abs() < 1e-12);
        assert!((RECORD.youden() - 0.7).abs() < 1e-12);
        let perfect = Validation { true_positives: 50, false_negatives: 0, true_negatives: 50, false_positives: 0 };
        assert!((perfect.corrected(0.34) - 0.34).abs() < 1e-12);
        assert!(Correction::Shared(perfect).standard_error(&[1.0], &[0.34]).unwrap() > 0.0);
    }

    #[test]
    fn an_instrument_that_guesses_corrects_nothing() {
        let guess = Validation { true_positives: 60, false_negatives: 40, true_negatives: 60, false_positives: 40 };
        assert!(matches!(guess.check(), Err(StatsError::WeakInstrument { .. })));
        let unseen = Validation { true_positives: 0, false_negatives: 0, true_negatives: 60, false_positives: 40 };
        assert_eq!(unseen.check(), Err(StatsError::Empty));
        assert!(Correction::PerLevel(vec![RECORD]).record(1).is_err());
    }

    /// Standard deviation of the corrected contrast when sensitivity and specificity are drawn from their posteriors.
    fn drawn(coefficients: &[f64], raw: &[f64], shared: bool) -> f64 {
        let mut random = Random::new(11, "posterior");
        let draws: Vec<f64> = (0..20_000)
            .map(|_| {
                let mut pair = || (random.beta(90.5, 10.5), random.beta(160.5, 40.5));
                let common = pair();
                let corrected = |p: f64, (se, sp): (f64, f64)| (p + sp - 1.0) / (se + sp - 1.0);
                coefficients.iter().zip(raw).map(|(c, &p)| c * corrected(p, if shared { common } else { pair() })).sum()
            })
            .collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        (draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0).sqrt()
    }

    #[test]
    fn the_delta_method_equals_drawing_from_the_posteriors() {
        let raw = [0.34, 0.69];
        let corrected = raw.map(|p| RECORD.corrected(p));
        let one = Correction::Shared(RECORD).standard_error(&[1.0], &corrected[..1]).unwrap();
        assert!((one / drawn(&[1.0], &raw[..1], true) - 1.0).abs() < 0.04);
        for (correction, shared) in [(Correction::Shared(RECORD), true), (Correction::PerLevel(vec![RECORD; 2]), false)] {
            let ours = correction.standard_error(&[1.0, -1.0], &corrected).unwrap();
            let theirs = drawn(&[1.0, -1.0], &raw, shared);
            assert!((ours / theirs - 1.0).abs() < 0.04, "{shared}: {ours} {theirs}");
        }
    }

    #[test]
    fn a_shared_record_cancels_where_nothing_differs() {
        let error = Correction::Shared(RECORD).standard_error(&[1.0, -1.0], &[0.4, 0.4]).unwrap();
        assert!(error < 1e-12);
        assert!(Correction::PerLevel(vec![RECORD; 2]).standard_error(&[1.0, -1.0], &[0.4, 0.4]).unwrap() > 0.01);
    }
}
