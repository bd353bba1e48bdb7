//! What a plan can show before anything is run.
//!
//! In: numbers of rows, columns and repeats, a guess of the spread and of the correlation within rows and columns. Out: the smallest
//! difference that would be found, and the smallest margin within which "no relevant difference" would be shown, in 80 % (or any other share) of all
//! repetitions.
//!
//! Closed form: the variance of the mean is sd² (ρ_rows / rows + ρ_columns / columns + (1 - ρ_rows - ρ_columns) / answers), a fixed dimension
//! contributing nothing; the multiples of its root are Student's quantiles (Cohen 1988; Julious 2004 for equivalence at a true difference of 0).

use super::clusters::Design;
use super::special::t_critical;
use super::test::smallest_sign_flip_p;
use super::{StatsError, check_open_unit, check_unit};

/// A plan and what is guessed about its answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Answers for each row and column.
    pub repeats: usize,
    /// Which of both are a sample.
    pub design: Design,
    /// Standard deviation of a single value: see [`share_sd`] and [`paired_sd`].
    pub sd: f64,
    /// Correlation of values of one row.
    pub row_correlation: f64,
    /// Correlation of values of one column.
    pub column_correlation: f64,
    /// Level of the test, after its share for multiplicity.
    pub alpha: f64,
}

/// Standard deviation of a yes-or-no answer with this share of yes.
///
/// # Errors
/// `OutOfRange` for a share outside [0, 1].
pub fn share_sd(share: f64) -> Result<f64, StatsError> {
    check_unit("the share", share)?;
    Ok((share * (1.0 - share)).sqrt())
}

/// Standard deviation of the difference of two values that each have `sd` and correlate by `correlation` within a pair.
///
/// # Errors
/// `OutOfRange` for a correlation outside [0, 1].
pub fn paired_sd(sd: f64, correlation: f64) -> Result<f64, StatsError> {
    check_unit("the correlation within a pair", correlation)?;
    Ok(sd * (2.0 * (1.0 - correlation)).sqrt())
}

impl Plan {
    /// Standard error of the mean and its degrees of freedom.
    ///
    /// # Errors
    /// `OutOfRange` for correlations that do not add up to at most 1 or a standard deviation below 0, `TooFewClusters`.
    pub fn standard_error(&self) -> Result<(f64, f64), StatsError> {
        check_unit("the correlation within a row", self.row_correlation)?;
        check_unit("the correlation within a column", self.column_correlation)?;
        check_unit("the sum of correlations", self.row_correlation + self.column_correlation)?;
        if !(self.sd >= 0.0 && self.sd.is_finite()) {
            return Err(StatsError::OutOfRange { what: "the standard deviation", value: self.sd, range: "[0, infinity)" });
        }
        let clusters = self.clusters();
        let answers = self.rows * self.columns * self.repeats;
        if clusters < 2 || answers == 0 {
            return Err(StatsError::TooFewClusters { found: clusters.min(answers), needed: 2 });
        }
        let rows = if self.design == Design::ColumnsOnly { 0.0 } else { self.row_correlation / self.rows as f64 };
        let columns = if self.design == Design::RowsOnly { 0.0 } else { self.column_correlation / self.columns as f64 };
        let rest = (1.0 - self.row_correlation - self.column_correlation) / answers as f64;
        Ok((self.sd * (rows + columns + rest).sqrt(), (clusters - 1) as f64))
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

    /// The smallest true difference that is found with probability `power`; `None` when so few clusters can never reach alpha by
    /// sign changes.
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
        Ok(Some((t_critical(self.alpha, df) + signed_quantile(power, df)) * error))
    }

    /// The smallest margin within which equivalence is shown with probability `power` when there is no difference at all.
    ///
    /// # Errors
    /// As [`Plan::smallest_difference`].
    pub fn smallest_margin(&self, power: f64) -> Result<f64, StatsError> {
        self.check(power)?;
        let (error, df) = self.standard_error()?;
        // Both one-sided tests must succeed, so each may fail half as often.
        Ok((signed_quantile(1.0 - self.alpha, df) + signed_quantile(0.5 * (1.0 + power), df)) * error)
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
    use super::super::estimate::{Labels, Settings, mean_of_differences};
    use super::super::rng::Random;
    use super::*;

    fn plan() -> Plan {
        Plan {
            rows: 12,
            columns: 1,
            repeats: 5,
            design: Design::RowsOnly,
            sd: 1.0,
            row_correlation: 0.2,
            column_correlation: 0.0,
            alpha: 0.05,
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
        let crossed = Plan { columns: 12, column_correlation: 0.2, design: Design::TwoWay, ..plan() };
        let fixed = Plan { design: Design::RowsOnly, ..crossed };
        assert!(crossed.standard_error().unwrap().0 > fixed.standard_error().unwrap().0);
        assert!((share_sd(0.2).unwrap() - 0.4).abs() < 1e-12);
        assert!((paired_sd(0.4, 0.5).unwrap() - 0.4).abs() < 1e-12);
    }
}
