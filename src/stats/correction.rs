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
