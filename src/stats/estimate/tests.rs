//! Facts about the doors of the statistics, against scipy and figures by hand.

use super::*;
use proptest::prelude::*;

const SETTINGS: Settings = Settings { level: 0.95, seed: 1 };

/// `counts[cluster]` ones among `size` answers in each cluster.
fn clustered(counts: &[usize], size: usize) -> (Vec<u32>, Vec<f64>) {
    let rows = (0..counts.len() * size).map(|i| (i / size) as u32).collect();
    let values = counts.iter().flat_map(|&ones| (0..size).map(move |i| f64::from(u8::from(i < ones)))).collect();
    (rows, values)
}

fn rows_only(rows: &[u32]) -> Labels<'_> {
    Labels { rows, columns: rows, design: Design::RowsOnly }
}

#[test]
fn a_share_seen_in_every_cluster_gets_wilsons_interval_with_students_quantile() {
    let (rows, values) = clustered(&[3, 5, 4, 6, 2, 4, 5, 3], 10);
    let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
    // By hand: shares .3 .5 .4 .6 .2 .4 .5 .3, mean .4, variance of the mean .12/7/8, effective size .24/(.12/56) = 112, t(7) = 2.364624.
    let (n, t, p): (f64, f64, f64) = (112.0, 2.3646242510102993, 0.4);
    let middle = (p + t * t / (2.0 * n)) / (1.0 + t * t / n);
    let half = t / (1.0 + t * t / n) * (p * (1.0 - p) / n + t * t / (4.0 * n * n)).sqrt();
    assert!((estimate.interval.lower - (middle - half)).abs() < 1e-9 && (estimate.interval.upper - (middle + half)).abs() < 1e-9);
    assert!((estimate.p_difference - crate::stats::special::t_two_sided(0.1 / (0.25_f64 / 112.0).sqrt(), 7.0)).abs() < 1e-12);
    assert_eq!((estimate.clusters, estimate.observations), (8, 80));
    assert!((estimate.degrees_of_freedom - 7.0).abs() < 1e-9);
}

#[test]
fn a_share_from_clusters_of_unequal_size_has_fewer_degrees_of_freedom_than_clusters() {
    let counts = [(1, 4), (16, 20), (0, 4), (7, 20), (3, 4), (18, 20), (2, 4), (5, 20)];
    let rows: Vec<u32> = (0_u32..).zip(counts).flat_map(|(row, (_, size))| vec![row; size]).collect();
    let values: Vec<f64> = counts.iter().flat_map(|&(ones, size)| (0..size).map(move |i| f64::from(u8::from(i < ones)))).collect();
    let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
    assert!(estimate.degrees_of_freedom > 3.0 && estimate.degrees_of_freedom < 5.0, "{estimate:?}");
}

#[test]
fn six_clusters_of_nothing_but_no_differ_from_parity_as_six_coins_do() {
    let (rows, values) = clustered(&[0; 6], 20);
    let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
    assert!((estimate.p_difference - 2.0 / 64.0).abs() < 1e-12);
    assert!((estimate.p_difference - estimate.smallest_p).abs() < 1e-12);
    assert!((estimate.interval.upper - 0.4592581).abs() < 1e-6 && estimate.interval.lower == 0.0);
    assert!(!estimate.too_little_evidence());
}

#[test]
fn five_clusters_are_too_little_evidence() {
    let (rows, values) = clustered(&[3, 4, 5, 6, 2], 10);
    assert!(share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap().too_little_evidence());
}

#[test]
fn a_rare_answer_in_few_clusters_leaves_the_clusters_as_units() {
    let (rows, values) = clustered(&[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 20);
    let estimate = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
    assert!(estimate.interval.upper > 0.3, "{estimate:?}");
    assert!(estimate.degrees_of_freedom.is_infinite());
}

#[test]
fn a_correction_moves_the_share_and_widens_its_interval() {
    let record = Validation { true_positives: 90, false_negatives: 10, true_negatives: 160, false_positives: 40 };
    let (rows, values) = clustered(&[3, 5, 4, 6, 2, 4, 5, 3], 10);
    let raw = share_against_baseline(&values, rows_only(&rows), 0.5, None, SETTINGS).unwrap();
    let corrected = share_against_baseline(&values, rows_only(&rows), 0.5, Some(&record), SETTINGS).unwrap();
    assert!((corrected.estimate - 0.2 / 0.7).abs() < 1e-12);
    assert!((corrected.uncorrected.unwrap() - 0.4).abs() < 1e-12);
    let width = |e: &Estimate| e.interval.upper - e.interval.lower;
    assert!(width(&corrected) > width(&raw) / 0.7);
    // All answers no: below what false alarms alone would give, so the corrected share is 0, never negative.
    let (rows, none) = clustered(&[0; 8], 10);
    let estimate = share_against_baseline(&none, rows_only(&rows), 0.5, Some(&record), SETTINGS).unwrap();
    assert_eq!((estimate.estimate, estimate.interval.lower), (0.0, 0.0));
    assert!(estimate.interval.upper < 0.7);
}

#[test]
fn a_paired_difference_has_students_interval_and_the_larger_p() {
    let second = [0.5, 0.2, 0.6, 0.3, 0.1, 0.4, 0.35, 0.45];
    let differences = [0.1, 0.3, -0.1, 0.2, 0.4, 0.05, 0.15, 0.25];
    let first: Vec<f64> = second.iter().zip(differences).map(|(a, b)| a + b).collect();
    let rows: Vec<u32> = (0..8).collect();
    let estimate = paired_difference(&first, &second, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
    // scipy: t-interval .03859 to .29891, p = .01818. Of 256 sign changes 8 are as far: p = .03125.
    assert!((estimate.interval.lower - 0.0385853510210174).abs() < 1e-9);
    assert!((estimate.interval.upper - 0.2989146489789826).abs() < 1e-9);
    assert!(estimate.p_difference >= 0.01818 && estimate.p_difference <= 0.04, "{estimate:?}");
    assert!((estimate.equivalence_p(0.3) - 0.02428556710127102).abs() < 1e-9);
}

#[test]
fn equal_arms_leave_open_what_so_few_clusters_cannot_exclude() {
    let (rows, values) = clustered(&[2; 20], 5);
    let estimate = paired_difference(&values, &values, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
    assert_eq!((estimate.estimate, estimate.p_difference), (0.0, 1.0));
    assert!(estimate.interval.upper > 0.16 && estimate.equivalence_p(0.1) > 0.05 && estimate.equivalence_p(0.2) < 0.05);
    let unbounded = paired_difference(&values, &values, rows_only(&rows), Scale::Unbounded, None, SETTINGS);
    assert_eq!(unbounded, Err(StatsError::NoVariation));
}

#[test]
fn a_paired_correction_divides_by_youdens_index() {
    let record = Validation { true_positives: 900, false_negatives: 100, true_negatives: 800, false_positives: 200 };
    let (rows, first) = clustered(&[6, 5, 7, 6, 4, 8, 5, 6], 10);
    let (_, second) = clustered(&[4, 5, 3, 4, 3, 5, 4, 5], 10);
    let with =
        |correction: Option<&Correction>| paired_difference(&first, &second, rows_only(&rows), Scale::Share, correction, SETTINGS).unwrap();
    let (raw, shared) = (with(None), with(Some(&Correction::Shared(record))));
    assert!((shared.estimate - raw.estimate / 0.7).abs() < 1e-12);
    assert!((shared.uncorrected.unwrap() - raw.estimate).abs() < 1e-12);
    let separate = with(Some(&Correction::PerLevel(vec![record, record])));
    assert!(separate.interval.upper > shared.interval.upper);
}

#[test]
fn two_groups_of_scores_are_compared_as_welch_does() {
    let (a, b) = ([5.1, 4.8, 6.0, 5.5], [4.0, 4.4, 3.9, 4.9, 5.0]);
    let arm = |values, rows| Arm { values, labels: rows_only(rows), correction: None };
    let estimate = unpaired_difference(arm(&a, &[0, 1, 2, 3]), arm(&b, &[4, 5, 6, 7, 8]), Scale::Unbounded, SETTINGS).unwrap();
    // scipy ttest_ind(equal_var=False).
    assert!((estimate.interval.lower - 0.08342546650344507).abs() < 1e-9 && (estimate.interval.upper - 1.7365745334965534).abs() < 1e-9);
    assert!((estimate.p_difference - 0.03556586589921573).abs() < 1e-9);
}

#[test]
fn refusals_in_one_group_only_are_tested_though_the_other_has_none() {
    let (rows, some) = clustered(&[4, 6, 5, 7, 3, 5, 6, 4, 5, 5], 10);
    let (_, none) = clustered(&[0; 10], 10);
    let arm = |values| Arm { values, labels: rows_only(&rows), correction: None };
    let estimate = unpaired_difference(arm(&some), arm(&none), Scale::Share, SETTINGS).unwrap();
    assert!(estimate.p_difference < 0.05 && estimate.interval.lower > 0.0, "{estimate:?}");
    let equal = unpaired_difference(arm(&none), arm(&none), Scale::Share, SETTINGS).unwrap();
    assert_eq!((equal.estimate, equal.p_difference), (0.0, 1.0));
}

#[test]
fn the_omnibus_test_finds_the_level_that_stands_out() {
    let (rows, a) = clustered(&[2, 3, 2, 4, 3, 2, 3, 2], 10);
    let (_, b) = clustered(&[3, 2, 3, 3, 2, 3, 2, 3], 10);
    let (_, c) = clustered(&[8, 7, 9, 8, 6, 9, 8, 7], 10);
    let result = omnibus(&[&a, &b, &c], rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
    assert_eq!(result.level, 2);
    assert!(result.largest.p_difference < 0.01 && result.largest.interval.lower > 0.0);
    assert!(result.chance_floor > 0.0 && result.chance_floor < result.largest.estimate);
    let equal = omnibus(&[&a, &b], rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
    assert!(equal.largest.p_difference > 0.3 && equal.largest.interval.lower == 0.0);
    assert!(equal.largest.equivalence_p(0.2) < 0.05);
}

#[test]
fn broken_input_is_refused() {
    let rows = [0, 1, 2];
    let labels = rows_only(&rows);
    assert!(share_against_baseline(&[0.0, 1.0], labels, 0.5, None, SETTINGS).is_err());
    assert!(share_against_baseline(&[0.0, 1.0, 2.0], labels, 0.5, None, SETTINGS).is_err());
    assert!(share_against_baseline(&[0.0, 1.0, f64::NAN], labels, 0.5, None, SETTINGS).is_err());
    assert!(share_against_baseline(&[0.0, 1.0, 1.0], labels, 1.5, None, SETTINGS).is_err());
    assert!(share_against_baseline(&[0.0, 1.0, 1.0], labels, 0.5, None, Settings { level: 95.0, seed: 1 }).is_err());
    assert!(paired_difference(&[0.0; 3], &[0.0; 2], labels, Scale::Share, None, SETTINGS).is_err());
    assert!(difference_from_mean(&[&[0.0; 3], &[1.0; 3]], 2, labels, Scale::Share, None, SETTINGS).is_err());
    assert!(contrast(&[], &[], labels, Scale::Share, None, SETTINGS).is_err());
}

proptest! {
    #[test]
    fn verdicts_and_intervals_agree_for_any_shares(counts in prop::collection::vec(0..=10_usize, 6..12), baseline in 0.05..0.95_f64) {
        let (rows, values) = clustered(&counts, 10);
        let share = share_against_baseline(&values, rows_only(&rows), baseline, None, SETTINGS).unwrap();
        prop_assert!(share.interval.contains(share.estimate) && share.interval.lower >= 0.0 && share.interval.upper <= 1.0);
        prop_assert_eq!(share.p_difference <= 0.05, !share.interval.contains(baseline));
        prop_assert!(share.equivalence_p(0.1) >= share.equivalence_p(0.2));
    }

    #[test]
    fn a_difference_is_claimed_only_where_the_interval_excludes_zero(
        counts in prop::collection::vec((0..=10_usize, 0..=10_usize), 6..12),
    ) {
        let (first, second): (Vec<usize>, Vec<usize>) = counts.into_iter().unzip();
        let ((rows, first), (_, second)) = (clustered(&first, 10), clustered(&second, 10));
        let one = paired_difference(&first, &second, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
        prop_assert!(one.p_difference >= one.smallest_p && one.p_difference <= 1.0);
        prop_assert!(one.p_difference > 0.05 || !one.interval.contains(0.0));
        let other = paired_difference(&second, &first, rows_only(&rows), Scale::Share, None, SETTINGS).unwrap();
        prop_assert!((one.p_difference - other.p_difference).abs() < 1e-9 && (one.estimate + other.estimate).abs() < 1e-12);
    }
}
