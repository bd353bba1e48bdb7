//! Agreement of two raters, or of an instrument with the truth.
//!
//! In: a table of counts over categories (abstaining is a category of its own, if it shall count as disagreement). Out: Cohen's kappa with its
//! interval, accuracy, sensitivity and specificity of each category. For more than two raters see [`super::krippendorff`].

use super::correction::Validation;
use super::interval::wilson;
use super::special::normal_quantile;
use super::{Interval, StatsError, check_open_unit};

/// A square table of counts: `counts[first][second]` items that the first rater (the truth) put into one category and the second (the
/// instrument) into the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    counts: Vec<Vec<u64>>,
}

/// A number between bounds with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithInterval {
    /// The number.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Confusion {
    /// A table from counts.
    ///
    /// # Errors
    /// `Empty` without a single count, `LengthMismatch` when the table is not square.
    pub fn from_counts(counts: Vec<Vec<u64>>) -> Result<Self, StatsError> {
        let expected = counts.len();
        if let Some(row) = counts.iter().find(|row| row.len() != expected) {
            return Err(StatsError::LengthMismatch { what: "a row of the table", expected, found: row.len() });
        }
        let table = Self { counts };
        if table.total() == 0 { Err(StatsError::Empty) } else { Ok(table) }
    }

    /// A table of the two ratings of each item, over categories 0 to `categories` - 1.
    ///
    /// # Errors
    /// `LengthMismatch`, `Empty`, `OutOfRange` for a rating beyond the categories.
    pub fn from_ratings(first: &[usize], second: &[usize], categories: usize) -> Result<Self, StatsError> {
        if first.len() != second.len() {
            return Err(StatsError::LengthMismatch { what: "the second ratings", expected: first.len(), found: second.len() });
        }
        let mut counts = vec![vec![0; categories]; categories];
        for (&a, &b) in first.iter().zip(second) {
            if a.max(b) >= categories {
                return Err(StatsError::OutOfRange { what: "a rating", value: a.max(b) as f64, range: "the categories" });
            }
            counts[a][b] += 1;
        }
        Self::from_counts(counts)
    }

    /// The counts, rows for the first rater.
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }

    /// Number of items.
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// Share of items on which both agree, with Wilson's interval.
    ///
    /// # Errors
    /// `OutOfRange` for a level outside (0, 1).
    pub fn accuracy(&self, level: f64) -> Result<WithInterval, StatsError> {
        let agreed: u64 = (0..self.counts.len()).map(|category| self.counts[category][category]).sum();
        share(agreed, self.total(), level)
    }

    /// Cohen's kappa (1960) with the large-sample interval of Fleiss, Cohen and Everitt (1969). Items are taken as independent.
    ///
    /// # Errors
    /// `NoVariation` when both put everything into the same category: agreement beyond chance is then undefined.
    pub fn kappa(&self, level: f64) -> Result<WithInterval, StatsError> {
        check_open_unit("the level", level)?;
        let n = self.total() as f64;
        let categories = self.counts.len();
        let p = |i: usize, j: usize| self.counts[i][j] as f64 / n;
        let rows: Vec<f64> = (0..categories).map(|i| (0..categories).map(|j| p(i, j)).sum()).collect();
        let columns: Vec<f64> = (0..categories).map(|j| (0..categories).map(|i| p(i, j)).sum()).collect();
        let observed: f64 = (0..categories).map(|i| p(i, i)).sum();
        let expected: f64 = rows.iter().zip(&columns).map(|(row, column)| row * column).sum();
        if expected >= 1.0 {
            return Err(StatsError::NoVariation);
        }
        let kappa = (observed - expected) / (1.0 - expected);
        let mut variance = -(kappa - expected * (1.0 - kappa)) * (kappa - expected * (1.0 - kappa));
        for i in 0..categories {
            let own = 1.0 - (rows[i] + columns[i]) * (1.0 - kappa);
            variance += p(i, i) * own * own;
            for j in (0..categories).filter(|&j| j != i) {
                let cross = (1.0 - kappa) * (columns[i] + rows[j]);
                variance += p(i, j) * cross * cross;
            }
        }
        let error = variance.max(0.0).sqrt() / ((1.0 - expected) * n.sqrt());
        let reach = -normal_quantile(0.5 * (1.0 - level)) * error;
        let interval = Interval { lower: (kappa - reach).max(-1.0), upper: (kappa + reach).min(1.0) };
        Ok(WithInterval { value: kappa, interval })
    }

    /// The table of one category against all others, the first rater being the truth.
    ///
    /// # Errors
    /// `OutOfRange` when there is no such category.
    pub fn one_against_rest(&self, category: usize) -> Result<Validation, StatsError> {
        let row = self.counts.get(category).ok_or(StatsError::OutOfRange {
            what: "the category",
            value: category as f64,
            range: "the categories of the table",
        })?;
        let true_positives = row[category];
        let false_negatives = row.iter().sum::<u64>() - true_positives;
        let false_positives = self.counts.iter().map(|row| row[category]).sum::<u64>() - true_positives;
        let true_negatives = self.total() - true_positives - false_negatives - false_positives;
        Ok(Validation { true_positives, false_negatives, true_negatives, false_positives })
    }
}

impl Validation {
    /// Sensitivity with Wilson's interval.
    ///
    /// # Errors
    /// `Empty` when no member of the class was seen.
    pub fn sensitivity_interval(&self, level: f64) -> Result<WithInterval, StatsError> {
        share(self.true_positives, self.true_positives + self.false_negatives, level)
    }

    /// Specificity with Wilson's interval.
    ///
    /// # Errors
    /// `Empty` when nothing but members of the class was seen.
    pub fn specificity_interval(&self, level: f64) -> Result<WithInterval, StatsError> {
        share(self.true_negatives, self.true_negatives + self.false_positives, level)
    }
}

fn share(hits: u64, of: u64, level: f64) -> Result<WithInterval, StatsError> {
    if of == 0 {
        return Err(StatsError::Empty);
    }
    let value = hits as f64 / of as f64;
    Ok(WithInterval { value, interval: wilson(value, of as f64, level)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-5
    }

    #[test]
    fn kappa_of_cohens_example_has_its_published_value_and_interval() {
        // Cohen (1960); standard error .0510 and interval as statsmodels computes them.
        let table = Confusion::from_counts(vec![vec![88, 14, 18], vec![10, 40, 10], vec![2, 6, 12]]).unwrap();
        let kappa = table.kappa(0.95).unwrap();
        assert!(close(kappa.value, 0.49153), "{kappa:?}");
        assert!((kappa.interval.lower - 0.3916).abs() < 1e-4 && (kappa.interval.upper - 0.5915).abs() < 1e-4, "{kappa:?}");
        assert!(close(table.accuracy(0.95).unwrap().value, 0.7));
    }

    #[test]
    fn agreement_on_a_single_category_has_no_kappa() {
        let table = Confusion::from_ratings(&[0, 0, 0], &[0, 0, 0], 2).unwrap();
        assert_eq!(table.kappa(0.95), Err(StatsError::NoVariation));
        assert!(Confusion::from_ratings(&[0], &[2], 2).is_err());
        assert!(Confusion::from_counts(vec![vec![0, 0], vec![0, 0]]).is_err());
        assert!(Confusion::from_counts(vec![vec![1, 0], vec![0]]).is_err());
    }

    #[test]
    fn perfect_agreement_is_one_and_stays_within_its_bounds() {
        let kappa = Confusion::from_ratings(&[0, 1, 0, 1], &[0, 1, 0, 1], 2).unwrap().kappa(0.95).unwrap();
        assert_eq!((kappa.value, kappa.interval.upper), (1.0, 1.0));
    }

    #[test]
    fn one_category_against_the_rest_adds_up() {
        let table = Confusion::from_counts(vec![vec![8, 1, 1], vec![2, 5, 3], vec![0, 4, 6]]).unwrap();
        let record = table.one_against_rest(1).unwrap();
        assert_eq!((record.true_positives, record.false_negatives), (5, 5));
        assert_eq!((record.true_negatives, record.false_positives), (15, 5));
        let sensitivity = record.sensitivity_interval(0.95).unwrap();
        assert!(close(sensitivity.value, 0.5) && close(sensitivity.interval.lower, 0.23659));
        assert!(close(record.specificity_interval(0.95).unwrap().value, 0.75));
        assert!(table.one_against_rest(3).is_err());
    }
}
