//! Permutation tests of paired data.
//!
//! In: one sum per cluster (and level). Out: a p-value in (0, 1] that needs no distribution, only that a cluster's contrast could as
//! well have come out with the other sign, or its levels in another order.

use super::clusters::Clusters;
use super::rng::Random;
use super::{StatsError, check_finite};

/// Up to this many clusters all sign changes are enumerated; beyond, they are drawn.
pub const ENUMERATED_CLUSTERS: usize = 14;

/// Sign changes or permutations drawn where they are not enumerated.
pub const DRAWS: usize = 9_999;

/// Two-sided sign-flip test of the hypothesis that the sums (one per cluster) are symmetric about 0. The p-value is the share of
/// sign changes whose total is as far from 0 as the observed one; drawn ones count the observed one in (Phipson and Smyth 2010).
///
/// # Errors
/// `Empty`, `OutOfRange` for a sum that is not finite.
pub fn sign_flip(sums: &[f64], seed: u64) -> Result<f64, StatsError> {
    check_finite("a cluster sum", sums)?;
    let observed = sums.iter().sum::<f64>().abs();
    // Only the sizes matter under the hypothesis; their order is fixed so that the order of clusters cannot matter. Clusters that
    // show nothing stay as they are under any flip.
    let mut sizes: Vec<f64> = sums.iter().map(|sum| sum.abs()).filter(|&size| size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let tolerance = 1e-9 * sizes.iter().sum::<f64>();
    let as_far = |total: f64| total.abs() >= observed - tolerance;
    if sizes.len() <= ENUMERATED_CLUSTERS {
        let patterns = 1_usize << sizes.len();
        let total = |pattern: usize| -> f64 {
            sizes.iter().enumerate().map(|(bit, size)| if pattern >> bit & 1 == 1 { -size } else { *size }).sum()
        };
        let extreme = (0..patterns).filter(|&pattern| as_far(total(pattern))).count();
        return Ok(extreme as f64 / patterns as f64);
    }
    let mut random = Random::new(seed, "sign flips");
    let flipped = |bits: u64, (bit, size): (usize, &f64)| if bits >> bit & 1 == 1 { -size } else { *size };
    let mut draw = || -> f64 {
        let chunk = |chunk: &[f64]| {
            let bits = random.bits();
            chunk.iter().enumerate().map(|pair| flipped(bits, pair)).sum::<f64>()
        };
        sizes.chunks(64).map(chunk).sum()
    };
    let extreme = (0..DRAWS).filter(|_| as_far(draw())).count();
    Ok((extreme + 1) as f64 / (DRAWS + 1) as f64)
}

/// The smallest p-value that [`sign_flip`] can reach with this many clusters.
pub fn smallest_sign_flip_p(clusters: usize) -> f64 {
    if clusters <= ENUMERATED_CLUSTERS { (2.0 / (1_u64 << clusters) as f64).min(1.0) } else { 1.0 / (DRAWS + 1) as f64 }
}

/// The smallest p-value that the test of a share against `baseline` can reach with this many clusters, when every answer is the same
/// (the interval then takes clusters for units, see [`super::estimate::share_against_baseline`]).
pub fn smallest_share_p(clusters: usize, baseline: f64) -> f64 {
    let tail = baseline.min(1.0 - baseline).max(0.0);
    (2.0 * libm::pow(tail, clusters as f64)).min(1.0)
}

/// Result of [`omnibus_permutation`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OmnibusTest {
    /// p-value in (0, 1].
    pub p: f64,
    /// Largest distance of a level's mean from the mean of levels that data without any difference show on average.
    pub chance_floor: f64,
}

/// Permutation test of the hypothesis that the levels of paired data are interchangeable. `levels[l][i]` is the value of level l in
/// observation i; levels are permuted within whole clusters, the statistic is the variance between the means of the levels. In a two-way design
/// rows and columns are permuted in turn and the larger p-value counts.
///
/// # Errors
/// `Empty`, `LengthMismatch`, `OutOfRange`; `TooFewClusters` for fewer than two levels is reported as needing 2.
pub fn omnibus_permutation(levels: &[&[f64]], clusters: &Clusters, seed: u64) -> Result<OmnibusTest, StatsError> {
    if levels.len() < 2 {
        return Err(StatsError::TooFewClusters { found: levels.len(), needed: 2 });
    }
    for level in levels {
        check_finite("a value", level)?;
        if level.len() != clusters.observations() {
            let (expected, found) = (clusters.observations(), level.len());
            return Err(StatsError::LengthMismatch { what: "a level", expected, found });
        }
    }
    let by_level: Vec<Vec<Vec<f64>>> = levels.iter().map(|level| clusters.sums_by_dimension(level)).collect();
    let mut result = OmnibusTest { p: 0.0, chance_floor: 0.0 };
    for dimension in 0..by_level[0].len() {
        let count = by_level[0][dimension].len();
        let table: Vec<Vec<f64>> = (0..count).map(|cluster| by_level.iter().map(|level| level[dimension][cluster]).collect()).collect();
        let test = permute(table, clusters.observations() as f64, &mut Random::new(seed, "omnibus"));
        result.p = result.p.max(test.p);
        result.chance_floor = result.chance_floor.max(test.chance_floor);
    }
    Ok(result)
}

/// `table[cluster][level]` holds sums over a total of `n` observations per level.
fn permute(mut table: Vec<Vec<f64>>, n: f64, random: &mut Random) -> OmnibusTest {
    let (observed, _) = spread(&table, n);
    let mut extreme = 0;
    let mut floor = 0.0;
    for _ in 0..DRAWS {
        table.iter_mut().for_each(|cluster| random.shuffle(cluster));
        let (variance, largest) = spread(&table, n);
        floor += largest;
        if variance >= observed * (1.0 - 1e-9) {
            extreme += 1;
        }
    }
    OmnibusTest { p: f64::from(extreme + 1) / (DRAWS + 1) as f64, chance_floor: floor / DRAWS as f64 }
}

/// Variance between the levels' means and the largest distance of one from their mean.
fn spread(table: &[Vec<f64>], n: f64) -> (f64, f64) {
    let levels = table[0].len();
    let means: Vec<f64> = (0..levels).map(|level| table.iter().map(|cluster| cluster[level]).sum::<f64>() / n).collect();
    let middle = means.iter().sum::<f64>() / levels as f64;
    let deviations = means.iter().map(|mean| (mean - middle).abs());
    (deviations.clone().map(|d| d * d).sum(), deviations.fold(0.0, f64::max))
}

/// The contrast of level `which` with the mean of all levels, one value per observation.
///
/// # Errors
/// `Empty`, `LengthMismatch`; `OutOfRange` when there is no such level.
pub fn against_mean_of_levels(levels: &[&[f64]], which: usize) -> Result<Vec<f64>, StatsError> {
    let own =
        levels.get(which).ok_or(StatsError::OutOfRange { what: "the level's index", value: which as f64, range: "the levels given" })?;
    if own.is_empty() {
        return Err(StatsError::Empty);
    }
    if let Some(level) = levels.iter().find(|level| level.len() != own.len()) {
        return Err(StatsError::LengthMismatch { what: "a level", expected: own.len(), found: level.len() });
    }
    let mean = |i: usize| levels.iter().map(|level| level[i]).sum::<f64>() / levels.len() as f64;
    Ok(own.iter().enumerate().map(|(i, value)| value - mean(i)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::clusters::Design;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn six_clusters_of_one_sign_reach_one_in_thirty_two() {
        let p = sign_flip(&[1.0, 2.0, 3.0, 1.5, 0.5, 2.5], 1).unwrap();
        assert_eq!(p, 2.0 / 64.0);
        assert_eq!(smallest_sign_flip_p(6), p);
        assert_eq!(smallest_sign_flip_p(0), 1.0);
        assert_eq!(smallest_sign_flip_p(40), 1e-4);
    }

    #[test]
    fn fishers_test_of_darwins_plants_is_reproduced() {
        // Fisher (1935), Design of Experiments, section 21: 15 pairs, 1,726 of 32,768 sign changes are as far (two-sided), p = .05267.
        let plants = [49.0, -67.0, 8.0, 16.0, 6.0, 23.0, 28.0, 41.0, 14.0, 29.0, 56.0, 24.0, 75.0, 60.0, -48.0];
        let p = sign_flip(&plants, 1).unwrap();
        assert!((p - 0.05267).abs() < 0.007, "{p}");
    }

    #[test]
    fn nothing_but_zeros_is_no_evidence() {
        assert_eq!(sign_flip(&[0.0; 10], 1).unwrap(), 1.0);
        assert!(sign_flip(&[], 1).is_err());
    }

    #[test]
    fn two_levels_in_the_omnibus_test_are_the_sign_flip_test() {
        let first = [0.9, 0.7, 0.8, 0.4, 0.6, 0.9, 0.2, 0.7];
        let second = [0.5, 0.6, 0.3, 0.5, 0.2, 0.4, 0.1, 0.6];
        let rows: Vec<u32> = (0..8).collect();
        let clusters = Clusters::new(&rows, &[0; 8], Design::RowsOnly).unwrap();
        let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
        let flip = sign_flip(&differences, 1).unwrap();
        let omnibus = omnibus_permutation(&[&first, &second], &clusters, 1).unwrap();
        assert!((flip - omnibus.p).abs() < 0.005, "{flip} {}", omnibus.p);
    }

    #[test]
    fn contrasts_with_the_mean_of_levels_add_up_to_nothing() {
        let levels: [&[f64]; 3] = [&[1.0, 0.0], &[0.0, 0.0], &[1.0, 1.0]];
        let parts: Vec<Vec<f64>> = (0..3).map(|which| against_mean_of_levels(&levels, which).unwrap()).collect();
        assert!((0..2).all(|i| parts.iter().map(|part| part[i]).sum::<f64>().abs() < 1e-15));
        assert!(against_mean_of_levels(&levels, 3).is_err());
    }

    proptest! {
        #[test]
        fn sign_flip_ignores_order_and_global_sign(mut sums in prop::collection::vec(-1.0..1.0_f64, 1..20)) {
            let p = sign_flip(&sums, 5).unwrap();
            prop_assert!(p > 0.0 && p <= 1.0 && p >= smallest_sign_flip_p(sums.len()) * (1.0 - 1e-12));
            sums.reverse();
            prop_assert_eq!(sign_flip(&sums, 5).unwrap(), p);
            sums.iter_mut().for_each(|sum| *sum = -*sum);
            prop_assert_eq!(sign_flip(&sums, 5).unwrap(), p);
        }
    }
}
