//! Observations that come in clusters, crossed two ways, and the variance of their mean.
//!
//! In: one value per observation with its row and its column label. Out: the variance of the mean that stays honest when observations of one
//! row (or column) resemble each other, and the number of clusters it rests on.
//!
//! The variance is that of Cameron, Gelbach and Miller (2011), V_rows + V_columns - V_cells, each part with the CR2 correction of
//! Bell and McCaffrey (2002), which for a mean has a closed form: the sum of residuals of a cluster that holds the fraction f of all
//! observations is divided by sqrt(1 - f). With clusters of equal size that is the usual factor G/(G-1). The result is never smaller
//! than either one-way variance: with few clusters the difference can fall below them, even below zero (MacKinnon, Nielsen and
//! Webb 2024 recommend this maximum).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{StatsError, check_finite};

/// Which of the two crossed labels stand for a larger population, so that another study would draw others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Rows and columns are both a sample.
    TwoWay,
    /// Rows are a sample, the columns are fixed: the same ones would be used again.
    RowsOnly,
    /// Columns are a sample, the rows are fixed.
    ColumnsOnly,
}

/// The cluster structure of a set of observations.
///
/// A label with a single value is no sample of anything: a two-way design with one column is the design `RowsOnly`, and
/// [`Clusters::design`] says so.
#[derive(Debug, Clone)]
pub struct Clusters {
    rows: Dimension,
    columns: Dimension,
    cells: Dimension,
    design: Design,
}

/// One way to group observations: a dense index per observation.
#[derive(Debug, Clone)]
struct Dimension {
    index: Vec<usize>,
    count: usize,
}

impl Dimension {
    fn new<L: Ord + Copy>(labels: impl Iterator<Item = L> + Clone) -> Self {
        let mut dense: BTreeMap<L, usize> = labels.clone().map(|label| (label, 0)).collect();
        dense.values_mut().enumerate().for_each(|(position, index)| *index = position);
        Self { index: labels.map(|label| dense[&label]).collect(), count: dense.len() }
    }

    fn sums(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.count];
        for (&cluster, &value) in self.index.iter().zip(values) {
            sums[cluster] += value;
        }
        sums
    }

    fn sizes(&self) -> Vec<f64> {
        self.sums(&vec![1.0; self.index.len()])
    }

    /// CR2 variance of a mean from its residuals. Infinite when one cluster holds everything.
    fn variance(&self, residuals: &[f64]) -> f64 {
        let n = residuals.len() as f64;
        let parts = self.sums(residuals).into_iter().zip(self.sizes());
        parts.map(|(sum, size)| sum * sum / (1.0 - size / n)).sum::<f64>() / (n * n)
    }
}

impl Clusters {
    /// The structure of observations with these labels.
    ///
    /// # Errors
    /// `Empty`, `LengthMismatch`, and `TooFewClusters` when the design leaves fewer than two clusters.
    pub fn new(rows: &[u32], columns: &[u32], design: Design) -> Result<Self, StatsError> {
        if rows.is_empty() {
            return Err(StatsError::Empty);
        }
        if rows.len() != columns.len() {
            return Err(StatsError::LengthMismatch { what: "columns", expected: rows.len(), found: columns.len() });
        }
        let cells = Dimension::new(rows.iter().copied().zip(columns.iter().copied()));
        let (rows, columns) = (Dimension::new(rows.iter().copied()), Dimension::new(columns.iter().copied()));
        let design = match design {
            Design::TwoWay if columns.count == 1 => Design::RowsOnly,
            Design::TwoWay if rows.count == 1 => Design::ColumnsOnly,
            other => other,
        };
        let clusters = Self { rows, columns, cells, design };
        match clusters.count() {
            found @ 0..=1 => Err(StatsError::TooFewClusters { found, needed: 2 }),
            _ => Ok(clusters),
        }
    }

    /// The design in force: the declared one, less a dimension with a single label.
    pub fn design(&self) -> Design {
        self.design
    }

    /// Number of observations.
    pub fn observations(&self) -> usize {
        self.rows.index.len()
    }

    /// Number of clusters of the smaller clustered dimension.
    pub fn count(&self) -> usize {
        self.units().count
    }

    /// Degrees of freedom: [`Clusters::count`] - 1.
    pub fn degrees_of_freedom(&self) -> f64 {
        (self.count() - 1) as f64
    }

    /// The smaller clustered dimension; rows when both are equal.
    fn units(&self) -> &Dimension {
        match self.design {
            Design::RowsOnly => &self.rows,
            Design::ColumnsOnly => &self.columns,
            Design::TwoWay if self.columns.count < self.rows.count => &self.columns,
            Design::TwoWay => &self.rows,
        }
    }

    /// The sum of `values` in each cluster of the smaller clustered dimension, in order of label.
    pub fn sums(&self, values: &[f64]) -> Vec<f64> {
        self.units().sums(values)
    }

    /// Sums of `values` for each clustered dimension: one vector, or two in a two-way design.
    pub fn sums_by_dimension(&self, values: &[f64]) -> Vec<Vec<f64>> {
        match self.design {
            Design::RowsOnly => vec![self.rows.sums(values)],
            Design::ColumnsOnly => vec![self.columns.sums(values)],
            Design::TwoWay => vec![self.rows.sums(values), self.columns.sums(values)],
        }
    }

    /// Mean of `values` in each cluster of the smaller clustered dimension.
    pub fn means(&self, values: &[f64]) -> Vec<f64> {
        self.sums(values).into_iter().zip(self.units().sizes()).map(|(sum, size)| sum / size).collect()
    }

    /// Cluster-robust variance of the plain mean of `values`.
    ///
    /// # Errors
    /// `LengthMismatch`; `OutOfRange` for a value that is not finite.
    pub fn variance_of_mean(&self, values: &[f64]) -> Result<f64, StatsError> {
        let residuals = self.residuals(values)?;
        Ok(match self.design {
            Design::RowsOnly => self.rows.variance(&residuals),
            Design::ColumnsOnly => self.columns.variance(&residuals),
            Design::TwoWay => {
                let (rows, columns) = (self.rows.variance(&residuals), self.columns.variance(&residuals));
                (rows + columns - self.cells.variance(&residuals)).max(rows).max(columns)
            }
        })
    }

    /// The clustered dimension that the variance of the mean of `values` comes from for the most part: the sizes of its clusters, and its
    /// one-way variance.
    ///
    /// # Errors
    /// As [`Clusters::variance_of_mean`].
    pub fn leading(&self, values: &[f64]) -> Result<(Vec<f64>, f64), StatsError> {
        let residuals = self.residuals(values)?;
        let of = |dimension: &Dimension| (dimension.sizes(), dimension.variance(&residuals));
        Ok(match self.design {
            Design::RowsOnly => of(&self.rows),
            Design::ColumnsOnly => of(&self.columns),
            Design::TwoWay => {
                let (rows, columns) = (of(&self.rows), of(&self.columns));
                if columns.1 > rows.1 { columns } else { rows }
            }
        })
    }

    fn residuals(&self, values: &[f64]) -> Result<Vec<f64>, StatsError> {
        check_finite("a value", values)?;
        if values.len() != self.observations() {
            let (expected, found) = (self.observations(), values.len());
            return Err(StatsError::LengthMismatch { what: "values", expected, found });
        }
        let mean = mean(values);
        Ok(values.iter().map(|value| value - mean).collect())
    }
}

/// Plain mean; NaN for an empty slice.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(values: &[f64], rows: &[u32], columns: &[u32], design: Design) -> f64 {
        Clusters::new(rows, columns, design).unwrap().variance_of_mean(values).unwrap()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn balanced_variances_are_those_of_statsmodels() {
        // statsmodels cov_cluster_2groups of a regression on a constant: 4 rows x 3 columns, two answers each.
        let values = [
            -1.37, -1.9, -0.01, 0.66, 0.26, -0.77, -0.7, -0.94, 1.41, 2.29, -0.19, -1.69, -3.58, -1.02, -1.61, -3.55, -3.02, -4.1, -1.87,
            -1.73, -1.14, 0.12, -1.61, -2.14,
        ];
        let rows: Vec<u32> = (0..24).map(|i| i / 6).collect();
        let columns: Vec<u32> = (0..24).map(|i| i / 2 % 3).collect();
        assert!(close(variance(&values, &rows, &columns, Design::TwoWay), 0.43474672243266044));
        assert!(close(variance(&values, &rows, &columns, Design::RowsOnly), 0.3842837962962967));
        assert!(close(variance(&values, &rows, &columns, Design::ColumnsOnly), 0.22387656250000026));
    }

    #[test]
    fn the_two_way_variance_never_falls_below_a_one_way_variance() {
        // Here statsmodels gives 0.01097 for both ways together and 0.01692 for the columns alone.
        let values = [0.9, 0.2, 0.5, 0.4, 0.7, 0.1, 0.8, 0.3, 0.6, 0.5, 0.9, 0.2];
        let rows: Vec<u32> = (0..12).map(|i| i / 4).collect();
        let columns: Vec<u32> = (0..12).map(|i| i % 4).collect();
        assert!(close(variance(&values, &rows, &columns, Design::TwoWay), 0.01692129629629631));
    }

    #[test]
    fn clusters_of_unequal_size_get_the_cr2_variance() {
        // Computed from the matrix definition of Bell and McCaffrey (symmetric root of I - H for each cluster).
        let values = [1.0, 2.0, 4.0, 3.0, 5.0, 2.0, 2.0, 1.0, 3.0, 6.0];
        let rows = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3];
        assert!(close(variance(&values, &rows, &[0; 10], Design::RowsOnly), 0.42456349206349187));
    }

    #[test]
    fn one_answer_a_cluster_is_the_ordinary_variance_of_a_mean() {
        let values = [0.1, 0.3, -0.1, 0.2, 0.4, 0.05, 0.15, 0.25];
        let rows: Vec<u32> = (10..18).collect();
        let mean = mean(&values);
        let ordinary = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 7.0 / 8.0;
        assert!(close(variance(&values, &rows, &[3; 8], Design::TwoWay), ordinary));
    }

    #[test]
    fn a_label_with_one_value_is_no_dimension() {
        let clusters = Clusters::new(&[0, 1, 2], &[7, 7, 7], Design::TwoWay).unwrap();
        assert_eq!((clusters.design(), clusters.count()), (Design::RowsOnly, 3));
        assert!(matches!(Clusters::new(&[0, 0], &[0, 0], Design::TwoWay), Err(StatsError::TooFewClusters { found: 1, needed: 2 })));
        assert!(matches!(Clusters::new(&[0, 1], &[0, 0], Design::ColumnsOnly), Err(StatsError::TooFewClusters { .. })));
        assert_eq!(Clusters::new(&[], &[], Design::TwoWay).err(), Some(StatsError::Empty));
        assert!(Clusters::new(&[0, 1], &[0], Design::TwoWay).is_err());
    }

    #[test]
    fn the_dimension_whose_clusters_differ_leads() {
        // Columns 0 and 1 say opposite things, rows say the same.
        let rows: Vec<u32> = (0..12).map(|i| i / 2).collect();
        let columns: Vec<u32> = (0..12).map(|i| i % 2).collect();
        let values: Vec<f64> = columns.iter().map(|&column| f64::from(column)).collect();
        let leading = |design| Clusters::new(&rows, &columns, design).unwrap().leading(&values).unwrap();
        assert_eq!(leading(Design::TwoWay), (vec![6.0; 2], 0.25));
        assert_eq!(leading(Design::RowsOnly), (vec![2.0; 6], 0.0));
    }

    #[test]
    fn the_smaller_dimension_gives_the_degrees_of_freedom() {
        let rows: Vec<u32> = (0..12).map(|i| i / 4).collect();
        let columns: Vec<u32> = (0..12).map(|i| i % 4).collect();
        let of = |design| Clusters::new(&rows, &columns, design).unwrap().degrees_of_freedom();
        assert_eq!((of(Design::TwoWay), of(Design::RowsOnly), of(Design::ColumnsOnly)), (2.0, 2.0, 3.0));
    }
}
