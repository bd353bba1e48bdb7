//! How far the variance of a clustered share can be trusted.
//!
//! In: a share, its cluster-robust variance and the sizes of the clusters. Out: [`Dispersion`]: the degrees of freedom of that variance, and how the design
//! effect that it implies hangs together with the share itself.
//!
//! Student's quantile with G - 1 degrees of freedom is right if cluster means are normal and clusters equal. Neither holds for a share: with nine yes in
//! ten answers and much agreement within clusters, most clusters are all yes, and a few carry the whole variance. A sample in which few of
//! them happen to fall shows a share too near to 1 *and* a variance too small, so that the interval misses the truth on the far side. Both
//! effects are computed under a working model, as Bell and McCaffrey (2002) compute degrees of freedom under one (theirs is normal):
//! clusters are beta-binomial, with the share and the correlation within clusters that the sample shows. With e the contribution of a cluster to the
//! deviation of the share from its truth, V the variance of the share, and sums over clusters:
//! - *drift*: slope of the regression of the logarithm of the estimated design effect V / p(1-p) on the estimated share,
//!   Σ E e³ / V² - (1 - 2p) / p(1-p). Under a hypothesis at some distance from the estimate the design effect is the greater by it.
//! - *degrees of freedom*: Bell and McCaffrey's, less in proportion as the relative variance of the estimated V that this regression leaves
//!   unexplained, Σ Var(e²) / V² - (Σ E e³)² / V³, exceeds what normal clusters have, 2 Σ (E e²)² / V². For G equal clusters of skewness s and kurtosis
//!   k that is (G - 1) · 2 / (k - 1 - s²): normal clusters have G - 1, and clusters that are all yes or all no, whose variance is no more uncertain
//!   than the share, are held to it.
//!
//! The model gives no variance and no estimate: where it is wrong, the interval is still that of the cluster-robust variance.

/// What [`Dispersion::of_share`] finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// Degrees of freedom of the variance, from 1 to the number of clusters - 1.
    pub degrees_of_freedom: f64,
    /// Relative growth of the design effect per unit of the share; negative where it grows towards 0.
    pub drift: f64,
}

impl Dispersion {
    /// Of a `share` strictly between 0 and 1 with a cluster-robust `variance` above 0, in at least two clusters of `sizes` answers.
    pub fn of_share(share: f64, variance: f64, sizes: &[f64]) -> Self {
        let total: f64 = sizes.iter().sum();
        let sum = |term: &dyn Fn(f64) -> f64| sizes.iter().map(|&size| term(size)).sum::<f64>();
        let (together, apart) = (sum(&|size| (size / total) * (size / total)), sum(&|size| size / (total * total)));
        let odd = share * (1.0 - share);
        let correlation = if together > apart { ((variance / odd - apart) / (together - apart)).clamp(0.0, 1.0) } else { 0.0 };
        let clusters: Vec<Cluster> = sizes.iter().map(|&size| Cluster::new(size, total, share, correlation)).collect();
        let sum = |term: &dyn Fn(&Cluster) -> f64| clusters.iter().map(term).sum::<f64>();
        let v = sum(&|cluster| cluster.second);
        let third = sum(&|cluster| cluster.third);
        let normal = 2.0 * sum(&|cluster| cluster.second * cluster.second);
        let unexplained = sum(&|cluster| cluster.fourth - cluster.second * cluster.second) - third * third / v;
        let ratio = if unexplained > normal { normal / unexplained } else { 1.0 };
        Self { degrees_of_freedom: (ratio * bell_mccaffrey(&clusters)).max(1.0), drift: third / (v * v) - (1.0 - 2.0 * share) / odd }
    }
}

/// One cluster under the working model: its part of all answers, and the expected powers of its contribution to the deviation of the share.
struct Cluster {
    part: f64,
    second: f64,
    third: f64,
    fourth: f64,
}

impl Cluster {
    /// Beta-binomial moments about the mean, from the factorial moments.
    fn new(size: f64, total: f64, share: f64, correlation: f64) -> Self {
        let mut factorial = [share * size; 4];
        for i in 1..4 {
            let step = i as f64;
            let again = (share * (1.0 - correlation) + step * correlation) / (1.0 - correlation + step * correlation);
            factorial[i] = factorial[i - 1] * again * (size - step);
        }
        let [m, f2, f3, f4] = factorial;
        let (raw2, raw3, raw4) = (f2 + m, f3 + 3.0 * f2 + m, f4 + 6.0 * f3 + 7.0 * f2 + m);
        Self {
            part: size / total,
            second: (raw2 - m * m) / total.powi(2),
            third: (raw3 - 3.0 * m * raw2 + 2.0 * m * m * m) / total.powi(3),
            fourth: (raw4 - 4.0 * m * raw3 + 6.0 * m * m * raw2 - 3.0 * m * m * m * m) / total.powi(4),
        }
    }
}

/// tr(Ω)² / tr(Ω²), where Ω is the covariance of what the clusters contribute to the CR2 variance of a mean: residuals from that mean, each divided
/// by sqrt(1 - part of all answers). G - 1 for G equal clusters. The double sum over pairs of clusters is multiplied out.
fn bell_mccaffrey(clusters: &[Cluster]) -> f64 {
    let v: f64 = clusters.iter().map(|cluster| cluster.second).sum();
    let (mut trace, mut squares, mut weights, mut first, mut second) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for Cluster { part, second: own, .. } in clusters {
        // Off the diagonal, Ω is part · part' · (offset + offset') / sqrt((1 - part)(1 - part')).
        let offset = 0.5 * v - own / part;
        let weight = part * part / (1.0 - part);
        let diagonal = own / (1.0 - part) + 2.0 * weight * offset;
        trace += diagonal;
        squares += diagonal * diagonal - (2.0 * weight * offset).powi(2);
        weights += weight;
        first += weight * offset;
        second += weight * offset * offset;
    }
    trace * trace / (squares + 2.0 * weights * second + 2.0 * first * first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(share: f64, variance: f64, sizes: &[f64]) -> (f64, f64) {
        let Dispersion { degrees_of_freedom, drift } = Dispersion::of_share(share, variance, sizes);
        (degrees_of_freedom, drift)
    }

    fn near((df, drift): (f64, f64), expected: (f64, f64)) -> bool {
        (df - expected.0).abs() < 1e-9 * expected.0 && (drift - expected.1).abs() < 1e-9
    }

    #[test]
    fn figures_are_those_of_the_definitions_with_matrices_and_the_probabilities_of_scipy() {
        // Moments summed over scipy.stats.betabinom.pmf; tr(Ω)² / tr(Ω²) from symmetric roots of I - H for each cluster and the covariance of all answers.
        let unequal: Vec<f64> = [8.0, 32.0].repeat(5);
        assert!(near(found(0.9, 0.00118125, &[20.0; 40]), (39.0, -2.68077601410934)));
        assert!(near(found(0.05, 0.000344375, &[20.0; 20]), (10.6992437463642, 10.1567398119122)));
        assert!(near(found(0.2, 0.01128, &unequal), (4.78357012842471, 1.74079523162821)));
        assert!(near(found(0.3, 0.021322751322751323, &[1.0, 2.0, 3.0, 40.0, 10.0, 7.0]), (1.3337056517793, 1.86158109347102)));
    }

    #[test]
    fn independent_answers_in_equal_clusters_have_no_drift_and_all_degrees_of_freedom() {
        assert!(near(found(0.9, 0.09 / 400.0, &[20.0; 20]), (19.0, 0.0)));
        assert!(near(found(0.3, 0.21 / 12.0, &[1.0; 12]), (11.0, 0.0)));
        // Less variance than independent answers have is taken for independence.
        assert!(near(found(0.9, 0.05 / 400.0, &[20.0; 20]), (19.0, 0.0)));
    }

    #[test]
    fn clusters_of_one_voice_are_as_good_as_that_many_answers() {
        assert!(near(found(0.9, 0.09 / 30.0, &[20.0; 30]), (29.0, 0.0)));
    }

    #[test]
    fn yes_and_no_are_mirror_images() {
        let (df, drift) = found(0.2, 0.004, &[5.0, 10.0, 20.0, 10.0, 5.0, 30.0, 12.0]);
        assert!(near(found(0.8, 0.004, &[5.0, 10.0, 20.0, 10.0, 5.0, 30.0, 12.0]), (df, -drift)));
        assert!(drift > 0.0 && df < 6.0);
    }
}
