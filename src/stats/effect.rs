//! Effect sizes: how large a difference is, apart from how sure one can be of it.
//!
//! In: two shares, two groups of values, or two distributions. Out: one number each.

use super::clusters::mean;
use super::{StatsError, check_finite, check_unit};

/// Difference of two shares, `first - second`.
///
/// # Errors
/// `OutOfRange` for a share outside [0, 1].
pub fn risk_difference(first: f64, second: f64) -> Result<f64, StatsError> {
    check_unit("the first share", first)?;
    check_unit("the second share", second)?;
    Ok(first - second)
}

/// Cohen's h (1988): difference of the arcsine-transformed shares; 0.2 is called small, 0.5 medium, 0.8 large.
///
/// # Errors
/// `OutOfRange` for a share outside [0, 1].
pub fn cohens_h(first: f64, second: f64) -> Result<f64, StatsError> {
    risk_difference(first, second)?;
    Ok(2.0 * libm::asin(first.sqrt()) - 2.0 * libm::asin(second.sqrt()))
}

/// Standardised mean difference of two groups with Hedges' (1981) correction for small samples, 1 - 3 / (4 df - 1).
///
/// # Errors
/// `Empty`, `OutOfRange`; `TooFewClusters` with fewer than three values in all; `NoVariation` when neither group varies.
pub fn hedges_g(first: &[f64], second: &[f64]) -> Result<f64, StatsError> {
    check_finite("a value of the first group", first)?;
    check_finite("a value of the second group", second)?;
    let found = first.len() + second.len();
    if found < 3 {
        return Err(StatsError::TooFewClusters { found, needed: 3 });
    }
    let df = (found - 2) as f64;
    let pooled = ((squares(first) + squares(second)) / df).sqrt();
    if pooled == 0.0 {
        return Err(StatsError::NoVariation);
    }
    Ok((1.0 - 3.0 / (4.0 * df - 1.0)) * (mean(first) - mean(second)) / pooled)
}

/// Standardised mean of paired differences, scaled by the standard deviation of the values (not of the differences: it stays comparable with
/// [`hedges_g`], whatever the correlation of the pairs; Borenstein et al. 2009, chapter 4), with Hedges' correction.
///
/// # Errors
/// As [`hedges_g`]; `LengthMismatch` for arms of unequal length.
pub fn hedges_g_paired(first: &[f64], second: &[f64]) -> Result<f64, StatsError> {
    if first.len() != second.len() {
        return Err(StatsError::LengthMismatch { what: "the second arm", expected: first.len(), found: second.len() });
    }
    hedges_g(first, second)
}

/// Sum of squared deviations from the mean.
fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum()
}

/// Cramér's V of a table of counts (`table[row][column]`): 0 for independence, 1 for full dependence. Rows and columns without a count are left out.
///
/// # Errors
/// `LengthMismatch` for rows of unequal length, `OutOfRange` for a negative count, `NoVariation` when fewer than two rows or columns hold counts.
pub fn cramers_v(table: &[Vec<f64>]) -> Result<f64, StatsError> {
    let width = table.first().ok_or(StatsError::Empty)?.len();
    for row in table {
        if row.len() != width {
            return Err(StatsError::LengthMismatch { what: "a row of the table", expected: width, found: row.len() });
        }
        if let Some(&value) = row.iter().find(|&&count| !(count >= 0.0 && count.is_finite())) {
            return Err(StatsError::OutOfRange { what: "a count", value, range: "[0, infinity)" });
        }
    }
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let columns: Vec<f64> = (0..width).map(|column| table.iter().map(|row| row[column]).sum()).collect();
    let filled = |sums: &[f64]| sums.iter().filter(|&&sum| sum > 0.0).count();
    let smaller = filled(&rows).min(filled(&columns));
    if smaller < 2 {
        return Err(StatsError::NoVariation);
    }
    let total: f64 = rows.iter().sum();
    let mut chi_square = 0.0;
    for (row, row_sum) in table.iter().zip(&rows) {
        for (count, column_sum) in row.iter().zip(&columns) {
            let expected = row_sum * column_sum / total;
            if expected > 0.0 {
                chi_square += (count - expected) * (count - expected) / expected;
            }
        }
    }
    Ok((chi_square / (total * (smaller - 1) as f64)).sqrt().min(1.0))
}

/// Total variation distance of two distributions over the same categories: the share of mass that would have to move. Both are normalised first.
///
/// # Errors
/// `Empty`, `LengthMismatch`, `OutOfRange` for a negative weight, `NoVariation` when a distribution has no mass.
pub fn total_variation(first: &[f64], second: &[f64]) -> Result<f64, StatsError> {
    if first.len() != second.len() {
        return Err(StatsError::LengthMismatch { what: "the second distribution", expected: first.len(), found: second.len() });
    }
    let (first, second) = (normalised(first)?, normalised(second)?);
    Ok(0.5 * first.iter().zip(&second).map(|(a, b)| (a - b).abs()).sum::<f64>())
}

/// The weights divided by their sum.
pub(crate) fn normalised(weights: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_finite("a weight", weights)?;
    if let Some(&value) = weights.iter().find(|&&weight| weight < 0.0) {
        return Err(StatsError::OutOfRange { what: "a weight", value, range: "[0, infinity)" });
    }
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return Err(StatsError::NoVariation);
    }
    Ok(weights.iter().map(|weight| weight / total).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cohens_h_is_that_of_the_printed_table() {
        // Cohen 1988, table 6.2.2: phi(.50) = 1.571, phi(.20) = .927.
        assert!((cohens_h(0.5, 0.2).unwrap() - (std::f64::consts::FRAC_PI_2 - 0.927295)).abs() < 1e-6);
        assert_eq!(cohens_h(0.3, 0.3).unwrap(), 0.0);
        assert!((cohens_h(1.0, 0.0).unwrap() - std::f64::consts::PI).abs() < 1e-15);
        assert!(cohens_h(1.2, 0.0).is_err());
    }

    #[test]
    fn hedges_g_shrinks_cohens_d() {
        let (a, b) = ([2.0, 4.0, 6.0, 8.0], [1.0, 2.0, 3.0, 4.0]);
        let d = 2.5 / (25.0_f64 / 6.0).sqrt();
        assert!((hedges_g(&a, &b).unwrap() - d * (1.0 - 3.0 / 23.0)).abs() < 1e-12);
        assert_eq!(hedges_g(&[1.0, 1.0], &[1.0, 1.0]), Err(StatsError::NoVariation));
        assert!(hedges_g_paired(&a, &b[..3]).is_err());
    }

    #[test]
    fn cramers_v_of_a_two_by_two_table_is_phi() {
        let v = cramers_v(&[vec![10.0, 20.0], vec![30.0, 40.0]]).unwrap();
        assert!((v - 200.0 / (30.0_f64 * 70.0 * 40.0 * 60.0).sqrt()).abs() < 1e-12);
        assert!((cramers_v(&[vec![5.0, 0.0], vec![0.0, 9.0]]).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(cramers_v(&[vec![5.0, 0.0], vec![3.0, 0.0]]), Err(StatsError::NoVariation));
    }

    #[test]
    fn total_variation_is_the_mass_that_would_have_to_move() {
        assert!((total_variation(&[8.0, 2.0], &[0.5, 0.5]).unwrap() - 0.3).abs() < 1e-15);
        assert_eq!(total_variation(&[1.0, 0.0], &[0.0, 1.0]).unwrap(), 1.0);
        assert!(total_variation(&[0.0, 0.0], &[0.0, 1.0]).is_err());
    }
}
