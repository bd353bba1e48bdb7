//! What a plan can show before anything is run.
//!
//! In: numbers of rows, columns and answers, a guess of the spread and of the correlation within rows and columns, and the validation record of
//! the instrument, if its errors are corrected. Out: the smallest difference that would be found, and the smallest margin within which "no relevant
//! difference" would be shown, in 80 % (or any other share) of all repetitions.
//!
//! The variance of the mean is sd² (ρ_rows / rows + ρ_columns / columns + (1 - ρ_rows - ρ_columns) / answers), a fixed dimension
//! contributing nothing; the multiples of its root are Student's quantiles (Cohen 1988; Julious 2004 for equivalence at a true difference of 0).
//! A correction divides every raw value by J = sensitivity + specificity - 1 and adds the error of the record, which grows with the rate. So with a
//! record the interval is the one that the analysis would give ([`Uncertainty::with_instrument`]), and the difference is searched for.

use super::clusters::Design;
use super::correction::Correction;
use super::interval::{Instrument, Uncertainty};
use super::special::t_critical;
use super::test::smallest_sign_flip_p;
use super::{StatsError, check_open_unit, check_unit};

/// Seed of the draws of a record's errors: a plan has no data that could give one.
const SEED: u64 = 1;
/// How closely the smallest difference is searched for.
const PRECISION: f64 = 1e-4;

/// A plan and what is guessed about its answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Answers to one arm, over all rows and columns (need not be whole).
    pub answers: f64,
    /// Which of both are a sample.
    pub design: Design,
    /// Standard deviation of a single value as read: see [`share_sd`] and [`contrast_sd`].
    pub sd: f64,
    /// Correlation of values of one row.
    pub row_correlation: f64,
    /// Correlation of values of one column.
    pub column_correlation: f64,
    /// Level of the test, after its share for multiplicity.
    pub alpha: f64,
    /// What corrects the rates; none for exact readings and for scores.
    pub record: Option<Record>,
}

/// The validation record that corrects the rates of a contrast.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The counts, common to the arms or for each.
    pub correction: Correction,
    /// Coefficient of every arm: `[1]` for a share against a baseline, `[1, -1]` for a difference.
    pub coefficients: Vec<f64>,
    /// True rate of every arm where nothing differs: the baseline.
    pub rate: f64,
}

impl Record {
    /// By how much the correction widens the spread of the contrast: 1/J if the record is common to all arms.
    fn slope(&self) -> Result<f64, StatsError> {
        let (mut inflated, mut plain) = (0.0, 0.0);
        for (level, c) in self.coefficients.iter().enumerate() {
            let youden = self.correction.record(level)?.youden();
            inflated += c * c / (youden * youden);
            plain += c * c;
        }
        Ok(f64::sqrt(inflated / plain))
    }

    /// By how much the contrast can differ from 0 upwards and downwards before a rate reaches 0 or 1.
    fn room(&self) -> [f64; 2] {
        let squares: f64 = self.coefficients.iter().map(|c| c * c).sum();
        [1.0, -1.0].map(|sign| {
            let of = |c: &f64| if sign * c > 0.0 { (1.0 - self.rate) * squares / c.abs() } else { self.rate * squares / c.abs() };
            self.coefficients.iter().map(of).fold(f64::INFINITY, f64::min)
        })
    }

    /// The error that the record adds where the truth is `difference`, the arms lying to both sides of the common rate.
    fn at(&self, difference: f64) -> Result<Instrument, StatsError> {
        let squares: f64 = self.coefficients.iter().map(|c| c * c).sum();
        let mut raw = Vec::with_capacity(self.coefficients.len());
        for (level, c) in self.coefficients.iter().enumerate() {
            let record = self.correction.record(level)?;
            let rate = (self.rate + difference * c / squares).clamp(0.0, 1.0);
            raw.push(rate * record.youden() + 1.0 - record.specificity());
        }
        self.correction.instrument(&self.coefficients, &raw, SEED)
    }
}

/// Standard deviation of a yes-or-no answer with this share of yes.
///
/// # Errors
/// `OutOfRange` for a share outside [0, 1].
pub fn share_sd(share: f64) -> Result<f64, StatsError> {
    check_unit("the share", share)?;
    Ok((share * (1.0 - share)).sqrt())
}

/// Standard deviation of Σ coefficient x value, the values having `sd` each and correlating by `correlation` with each other.
///
/// # Errors
/// `OutOfRange` for a correlation outside [0, 1].
pub fn contrast_sd(sd: f64, coefficients: &[f64], correlation: f64) -> Result<f64, StatsError> {
    check_unit("the correlation within a pair", correlation)?;
    let (sum, squares) = (coefficients.iter().sum::<f64>(), coefficients.iter().map(|c| c * c).sum::<f64>());
    Ok(sd * ((1.0 - correlation) * squares + correlation * sum * sum).sqrt())
}

impl Plan {
    /// Standard error of the (corrected) mean and its degrees of freedom, without the error of the record.
    ///
    /// # Errors
    /// `OutOfRange` for correlations that do not add up to at most 1 or a standard deviation below 0, `TooFewClusters`, `WeakInstrument`.
    pub fn standard_error(&self) -> Result<(f64, f64), StatsError> {
        check_unit("the correlation within a row", self.row_correlation)?;
        check_unit("the correlation within a column", self.column_correlation)?;
        check_unit("the sum of correlations", self.row_correlation + self.column_correlation)?;
        if !(self.sd >= 0.0 && self.sd.is_finite()) {
            return Err(StatsError::OutOfRange { what: "the standard deviation", value: self.sd, range: "[0, infinity)" });
        }
        let clusters = self.clusters();
        if clusters < 2 || self.answers < 1.0 {
            return Err(StatsError::TooFewClusters { found: clusters.min(self.answers as usize), needed: 2 });
        }
        let rows = if self.design == Design::ColumnsOnly { 0.0 } else { self.row_correlation / self.rows as f64 };
        let columns = if self.design == Design::RowsOnly { 0.0 } else { self.column_correlation / self.columns as f64 };
        let rest = (1.0 - self.row_correlation - self.column_correlation) / self.answers;
        let slope = self.record.as_ref().map_or(Ok(1.0), Record::slope)?;
        Ok((slope * self.sd * (rows + columns + rest).sqrt(), (clusters - 1) as f64))
    }

    /// Clusters of the smaller sampled dimension; a dimension of one is none, as in [`super::clusters::Clusters`].
    pub fn clusters(&self) -> usize {
        match self.design {
            Design::RowsOnly => self.rows,
            Design::ColumnsOnly => self.columns,
            Design::TwoWay if self.columns == 1 => self.rows,
            Design::TwoWay if self.rows == 1 => self.columns,
            Design::TwoWay => self.rows.min(self.columns),
        }
    }

    /// The smallest true difference that is found with probability `power`, in whichever direction it lies; `None` when so few clusters can
    /// never reach alpha by sign changes, or when the record's error hides any difference of rates.
    ///
    /// # Errors
    /// As [`Plan::standard_error`]; `OutOfRange` for an alpha or a power outside (0, 1).
    pub fn smallest_difference(&self, power: f64) -> Result<Option<f64>, StatsError> {
        self.check(power)?;
        let (error, df) = self.standard_error()?;
        if smallest_sign_flip_p(self.clusters()) > self.alpha {
            return Ok(None);
        }
        // The quantile that is exceeded with probability 1 - power on one side is the two-sided one of twice that.
        let (critical, chance) = (t_critical(self.alpha, df), signed_quantile(power, df));
        let Some(record) = &self.record else { return Ok(Some((critical + chance) * error)) };
        let [up, down] = record.room();
        let is_found = |difference: f64| -> Result<bool, StatsError> {
            for (sign, _) in [(1.0, up), (-1.0, down)].into_iter().filter(|(_, room)| difference <= *room) {
                let instrument = record.at(sign * difference)?;
                let spread = chance * libm::hypot(error, instrument.standard_error);
                let interval =
                    Uncertainty::of_mean(sign * difference, error, df, None).with_instrument(instrument).interval(1.0 - self.alpha)?;
                let towards_none = if sign > 0.0 { difference - interval.lower } else { interval.upper + difference };
                if difference < towards_none + spread {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        let (mut missed, mut found) = (0.0, up.max(down));
        if !is_found(found)? {
            return Ok(None);
        }
        while found - missed > PRECISION {
            let middle = 0.5 * (missed + found);
            *(if is_found(middle)? { &mut found } else { &mut missed }) = middle;
        }
        Ok(Some(found))
    }

    /// The smallest margin within which equivalence is shown with probability `power` when there is no difference at all.
    ///
    /// # Errors
    /// As [`Plan::smallest_difference`].
    pub fn smallest_margin(&self, power: f64) -> Result<f64, StatsError> {
        self.check(power)?;
        let (error, df) = self.standard_error()?;
        // Both one-sided tests must succeed, so each may fail half as often.
        let chance = signed_quantile(0.5 * (1.0 + power), df);
        let Some(record) = &self.record else { return Ok((signed_quantile(1.0 - self.alpha, df) + chance) * error) };
        let instrument = record.at(0.0)?;
        let spread = chance * libm::hypot(error, instrument.standard_error);
        let interval = Uncertainty::of_mean(0.0, error, df, None).with_instrument(instrument).interval(1.0 - 2.0 * self.alpha)?;
        Ok(interval.upper.max(-interval.lower) + spread)
    }

    fn check(&self, power: f64) -> Result<(), StatsError> {
        check_open_unit("alpha", self.alpha)?;
        check_open_unit("the power", power)
    }
}

/// Quantile of Student's t.
fn signed_quantile(p: f64, df: f64) -> f64 {
    if p >= 0.5 { t_critical(2.0 * (1.0 - p), df) } else { -t_critical(2.0 * p, df) }
}

#[cfg(test)]
mod tests {
    use super::super::correction::Validation;
    use super::super::estimate::{Labels, Scale, Settings, mean_of_differences, paired_difference, share_against_baseline};
    use super::super::rng::Random;
    use super::*;

    fn plan() -> Plan {
        Plan {
            rows: 12,
            columns: 1,
            answers: 60.0,
            design: Design::RowsOnly,
            sd: 1.0,
            row_correlation: 0.2,
            column_correlation: 0.0,
            alpha: 0.05,
            record: None,
        }
    }

    #[test]
    fn the_standard_error_is_that_of_the_design_effect() {
        let (error, df) = plan().standard_error().unwrap();
        // Kish: variance 1/60 times 1 + (5 - 1) 0.2.
        assert!((error * error - 1.8 / 60.0).abs() < 1e-12);
        assert_eq!(df, 11.0);
    }

    #[test]
    fn the_smallest_difference_is_found_in_eighty_of_a_hundred_runs() {
        let plan = plan();
        let effect = plan.smallest_difference(0.8).unwrap().unwrap();
        let margin = plan.smallest_margin(0.8).unwrap();
        let rows: Vec<u32> = (0..60).map(|i| i / 5).collect();
        let labels = Labels { rows: &rows, columns: &[0; 60], design: Design::RowsOnly };
        let mut random = Random::new(1, "power");
        let (mut found, mut equivalent) = (0, 0);
        for run in 0..600 {
            let clusters: Vec<f64> = (0..12).map(|_| random.normal() * 0.2_f64.sqrt()).collect();
            let noise: Vec<f64> = (0..60).map(|i| clusters[i / 5] + random.normal() * 0.8_f64.sqrt()).collect();
            let shifted: Vec<f64> = noise.iter().map(|x| x + effect).collect();
            let settings = Settings { level: 0.95, seed: run };
            found += u32::from(mean_of_differences(&shifted, labels, None, settings).unwrap().p_difference <= 0.05);
            let null = mean_of_differences(&noise, labels, None, settings).unwrap();
            equivalent += u32::from(null.equivalence_p(margin) <= 0.05);
        }
        assert!((f64::from(found) / 600.0 - 0.8).abs() < 0.06, "{found}");
        assert!((f64::from(equivalent) / 600.0 - 0.8).abs() < 0.06, "{equivalent}");
    }

    /// Shares of runs in which a difference was found, and in which equivalence was shown within `margin`: rates of two arms (or of one, against one
    /// half) that differ by `difference`, read with the correlation of the plan's rows by an instrument whose record is drawn afresh.
    fn outcomes(plan: &Plan, of: &Validation, difference: f64, margin: f64) -> (f64, f64) {
        let runs = 300;
        let paired = plan.record.as_ref().unwrap().coefficients.len() == 2;
        let size = plan.answers as usize;
        let rows: Vec<u32> = (0..size).map(|i| (i % plan.rows) as u32).collect();
        let columns = vec![0; size];
        let labels = Labels { rows: &rows, columns: &columns, design: Design::RowsOnly };
        let mut random = Random::new(7, "power");
        let concentration = 1.0 / plan.row_correlation - 1.0;
        let (mut found, mut equivalent) = (0, 0);
        for run in 0..runs {
            let mut count = |hits: u64, misses: u64, rate: f64| {
                let all = hits + misses;
                let drawn = random.binomial(all as usize, rate) as u64;
                (drawn, all - drawn)
            };
            let (true_positives, false_negatives) = count(of.true_positives, of.false_negatives, of.sensitivity());
            let (true_negatives, false_positives) = count(of.true_negatives, of.false_positives, of.specificity());
            let record = Validation { true_positives, false_negatives, true_negatives, false_positives };
            let mut arm = |rate: f64| -> Vec<f64> {
                let read = rate * of.sensitivity() + (1.0 - rate) * (1.0 - of.specificity());
                let shares: Vec<f64> = (0..plan.rows).map(|_| random.beta(read * concentration, (1.0 - read) * concentration)).collect();
                (0..size).map(|i| f64::from(u8::from(random.uniform() < shares[i % plan.rows]))).collect()
            };
            let settings = Settings { level: 0.95, seed: run };
            let estimate = if paired {
                let (first, second) = (arm(0.5 + 0.5 * difference), arm(0.5 - 0.5 * difference));
                let shared = Correction::Shared(record);
                paired_difference(&first, &second, labels, Scale::Share, Some(&shared), settings)
            } else {
                share_against_baseline(&arm(0.5 + difference), labels, 0.5, Some(&record), settings)
            };
            let Ok(estimate) = estimate else { continue };
            found += u32::from(estimate.p_difference <= plan.alpha);
            equivalent += u32::from(estimate.equivalence_p(margin) <= plan.alpha);
        }
        (f64::from(found) / runs as f64, f64::from(equivalent) / runs as f64)
    }

    #[test]
    fn eighty_of_a_hundred_runs_find_what_is_planned_with_an_instrument_that_errs() {
        let of = Validation { true_positives: 190, false_negatives: 10, true_negatives: 125, false_positives: 25 };
        for coefficients in [vec![1.0], vec![1.0, -1.0]] {
            let sd = contrast_sd(0.5, &coefficients, 0.0).unwrap();
            let record = Record { correction: Correction::Shared(of), coefficients, rate: 0.5 };
            let plan = Plan { rows: 20, answers: 600.0, sd, row_correlation: 0.02, record: Some(record), ..plan() };
            let (effect, margin) = (plan.smallest_difference(0.8).unwrap().unwrap(), plan.smallest_margin(0.8).unwrap());
            // What a plan without the record would promise is not kept.
            let blind = Plan { record: None, ..plan.clone() }.smallest_difference(0.8).unwrap().unwrap();
            // Downwards, false alarms weigh most: the direction that a plan must reckon with.
            let (found, _) = outcomes(&plan, &of, -effect, margin);
            let (_, equivalent) = outcomes(&plan, &of, 0.0, margin);
            let (promised, _) = outcomes(&plan, &of, -blind, margin);
            assert!((found - 0.8).abs() < 0.08 && (equivalent - 0.8).abs() < 0.08, "{effect} {found}, {margin} {equivalent}");
            assert!(promised < 0.7, "{blind} {promised}");
        }
    }

    #[test]
    fn a_perfect_instrument_changes_no_plan_and_a_short_record_hides_every_difference_of_a_share() {
        let with = |of: Validation| Plan {
            sd: 0.5,
            record: Some(Record { correction: Correction::Shared(of), coefficients: vec![1.0], rate: 0.5 }),
            ..plan()
        };
        let perfect = Validation { true_positives: 1_000_000, false_negatives: 0, true_negatives: 1_000_000, false_positives: 0 };
        let plain = Plan { sd: 0.5, ..plan() };
        let (blind, seeing) = (plain.smallest_difference(0.8).unwrap().unwrap(), with(perfect).smallest_difference(0.8).unwrap().unwrap());
        assert!((blind - seeing).abs() < 2.0 * PRECISION, "{blind} {seeing}");
        assert!((plain.smallest_margin(0.8).unwrap() - with(perfect).smallest_margin(0.8).unwrap()).abs() < 1e-4);
        let short = Validation { true_positives: 3, false_negatives: 1, true_negatives: 4, false_positives: 1 };
        assert_eq!(with(short).smallest_difference(0.8), Ok(None));
        let guessing = Validation { true_positives: 5, false_negatives: 5, true_negatives: 5, false_positives: 5 };
        assert!(matches!(with(guessing).smallest_margin(0.8), Err(StatsError::WeakInstrument { .. })));
    }

    #[test]
    fn four_clusters_can_never_show_a_difference_at_five_percent() {
        let few = Plan { rows: 4, ..plan() };
        assert_eq!(few.smallest_difference(0.8), Ok(None));
        assert!(few.smallest_margin(0.8).unwrap() > 0.0);
        assert!(Plan { rows: 1, ..plan() }.standard_error().is_err());
        assert!(Plan { row_correlation: 0.7, column_correlation: 0.7, ..plan() }.standard_error().is_err());
    }

    #[test]
    fn a_fixed_dimension_adds_no_uncertainty() {
        let crossed = Plan { columns: 12, answers: 720.0, column_correlation: 0.2, design: Design::TwoWay, ..plan() };
        let fixed = Plan { design: Design::RowsOnly, ..crossed.clone() };
        assert!(crossed.standard_error().unwrap().0 > fixed.standard_error().unwrap().0);
        assert!((share_sd(0.2).unwrap() - 0.4).abs() < 1e-12);
        assert!((contrast_sd(0.4, &[1.0, -1.0], 0.5).unwrap() - 0.4).abs() < 1e-12);
        assert_eq!(contrast_sd(0.4, &[1.0], 0.5), Ok(0.4));
    }
}
