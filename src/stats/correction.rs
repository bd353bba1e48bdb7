//! Correcting a rate for the errors of the instrument that measured it.
//!
//! In: the confusion counts of a validation record. Out: the corrected rate of Rogan and Gladen (1978), (rate + Sp - 1) / (Se + Sp - 1), and the
//! standard error that the finite validation record adds to it.
//!
//! The correction is linear in the raw values, so it is applied to each of them and the clusters' variance is carried through exactly. The
//! uncertainty of sensitivity and specificity is carried by drawing both from their Jeffreys posteriors: with a weak instrument or a short
//! record the corrected rate is skewed, and the delta method alone covers only 92 % (sensitivity and specificity .7, 40 + 40 rows,
//! share .1). Each source reaches from the estimate as far as its own quantile, and the reaches add as hypotenuses (MOVER, see
//! [`super::interval`]).

use serde::{Deserialize, Serialize};

use super::StatsError;
use super::interval::Instrument;
use super::rng::Random;

/// The smallest sensitivity + specificity - 1 at which a rate is corrected.
pub const SMALLEST_YOUDEN: f64 = 0.3;

/// Posterior draws of sensitivity and specificity.
const DRAWS: usize = 1_999;

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

    /// Sensitivity and specificity drawn from their Jeffreys posteriors.
    fn draw(&self, random: &mut Random) -> (f64, f64) {
        let mut one = |hits: u64, misses: u64| random.beta(hits as f64 + 0.5, misses as f64 + 0.5);
        (one(self.true_positives, self.false_negatives), one(self.true_negatives, self.false_positives))
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

    /// The error that the validation adds to the contrast Σ coefficient x corrected rate, `raw` being the rates before correction.
    ///
    /// # Errors
    /// Those of [`Correction::record`].
    pub fn instrument(&self, coefficients: &[f64], raw: &[f64], seed: u64) -> Result<Instrument, StatsError> {
        let records = (0..raw.len()).map(|level| self.record(level)).collect::<Result<Vec<_>, _>>()?;
        let parts = || coefficients.iter().zip(raw).zip(&records);
        let point: f64 = parts().map(|((c, &rate), record)| c * record.corrected(rate)).sum();
        let mut random = Random::new(seed, "validation");
        let mut deviations: Vec<f64> = (0..DRAWS)
            .map(|_| {
                let shared = match self {
                    Correction::Shared(record) => Some(record.draw(&mut random)),
                    Correction::PerLevel(_) => None,
                };
                let mut drawn = |record: &Validation| shared.unwrap_or_else(|| record.draw(&mut random));
                parts().map(|((c, &rate), record)| c * rogan_gladen(rate, drawn(record))).sum::<f64>() - point
            })
            .collect();
        deviations.sort_by(f64::total_cmp);
        Ok(Instrument { standard_error: self.standard_error(coefficients, raw)?, deviations })
    }

    /// Standard error by the delta method: the corrected rate π falls by π/J per unit of sensitivity and rises by (1-π)/J per unit of specificity.
    fn standard_error(&self, coefficients: &[f64], raw: &[f64]) -> Result<f64, StatsError> {
        let parts = || coefficients.iter().copied().zip(raw.iter().copied());
        let variance = match self {
            Correction::Shared(_) => {
                let record = self.record(0)?;
                let (of_sensitivity, of_specificity) = record.variances();
                let rate = |raw: f64| record.corrected(raw).clamp(0.0, 1.0);
                let along: f64 = parts().map(|(c, raw)| c * rate(raw)).sum();
                let across: f64 = parts().map(|(c, raw)| c * (1.0 - rate(raw))).sum();
                (along * along * of_sensitivity + across * across * of_specificity) / (record.youden() * record.youden())
            }
            Correction::PerLevel(_) => {
                let mut sum = 0.0;
                for (level, (c, raw)) in parts().enumerate() {
                    let error = c * Correction::Shared(*self.record(level)?).standard_error(&[1.0], &[raw])?;
                    sum += error * error;
                }
                sum
            }
        };
        Ok(variance.sqrt())
    }
}

/// The corrected rate for a drawn (sensitivity, specificity); a drawn J near or below 0 is held at .05.
fn rogan_gladen(raw: f64, (sensitivity, specificity): (f64, f64)) -> f64 {
    (raw + specificity - 1.0) / (sensitivity + specificity - 1.0).max(0.05)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn the_delta_method_and_drawing_agree_for_a_good_record() {
        let raw = [0.34, 0.69];
        for correction in [Correction::Shared(RECORD), Correction::PerLevel(vec![RECORD; 2])] {
            for coefficients in [&[1.0][..], &[1.0, -1.0]] {
                let instrument = correction.instrument(coefficients, &raw[..coefficients.len()], 11).unwrap();
                let n = DRAWS as f64;
                let mean = instrument.deviations.iter().sum::<f64>() / n;
                let drawn = (instrument.deviations.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
                assert!((instrument.standard_error / drawn - 1.0).abs() < 0.1, "{} {drawn}", instrument.standard_error);
            }
        }
    }

    #[test]
    fn a_short_record_of_a_weak_instrument_is_skewed() {
        let weak = Validation { true_positives: 28, false_negatives: 12, true_negatives: 28, false_positives: 12 };
        let raw = 0.1 * 0.7 + 0.9 * 0.3;
        let instrument = Correction::Shared(weak).instrument(&[1.0], &[raw], 1).unwrap();
        let (down, up) = (-instrument.deviations[50], instrument.deviations[DRAWS - 51]);
        assert!(down > 1.2 * up, "{down} {up}");
    }

    #[test]
    fn a_shared_record_cancels_where_nothing_differs() {
        let instrument = Correction::Shared(RECORD).instrument(&[1.0, -1.0], &[0.4, 0.4], 1).unwrap();
        assert!(instrument.standard_error < 1e-12 && instrument.deviations.iter().all(|x| x.abs() < 1e-12));
        let separate = Correction::PerLevel(vec![RECORD; 2]).instrument(&[1.0, -1.0], &[0.4, 0.4], 1).unwrap();
        assert!(separate.standard_error > 0.01);
    }
}
