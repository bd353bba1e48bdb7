use proptest::prelude::*;

use super::reliability::{bins, calibration_error};
use super::*;
use crate::stats::rng::Random;
use crate::stats::special::{normal_cdf, normal_quantile};

const SCORES: [f64; 16] = [0.1, 0.35, 0.35, 0.4, 0.4, 0.4, 0.55, 0.6, 0.6, 0.7, 0.8, 0.8, 0.85, 0.9, 0.15, 0.2];
const LABELS: [u8; 16] = [0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0];

fn labels() -> Vec<bool> {
    LABELS.iter().map(|label| *label == 1).collect()
}

/// Every item its own source.
fn own(count: usize) -> Vec<u32> {
    (0..count as u32).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn area_and_curve_are_those_of_scikit_learn() {
    let (labels, sources) = (labels(), own(16));
    let scored = Scored { scores: &SCORES, generated: &labels, sources: &sources };
    assert!(near(area(scored).unwrap(), 0.753_968_253_968_254));
    // `roc_curve` of scikit-learn 1.9.1, in ninths and sevenths.
    let expected = [(0, 0), (0, 1), (1, 1), (1, 3), (2, 3), (2, 5), (3, 5), (5, 6), (6, 7), (9, 7)];
    let curve = curve(scored).unwrap();
    assert_eq!(curve.len(), expected.len());
    for (point, (x, y)) in curve.iter().zip(expected) {
        assert!(near(point.false_positives, f64::from(x) / 9.0) && near(point.true_positives, f64::from(y) / 7.0), "{point:?}");
    }
}

#[test]
fn calibration_error_is_that_of_scikit_learns_curve() {
    let (labels, sources) = (labels(), own(16));
    // Off the edges of the bins, which scikit-learn puts into the bin below.
    let scores = SCORES.map(|score| score + 0.013);
    let scored = Scored { scores: &scores, generated: &labels, sources: &sources };
    let bins = bins(scored, 5, 0.95).unwrap();
    let (predicted, observed): (Vec<f64>, Vec<f64>) = bins.iter().map(|bin| (bin.predicted, bin.observed)).unzip();
    // `calibration_curve` of scikit-learn 1.9.1.
    assert!(predicted.iter().zip([0.138, 0.313, 0.4505, 0.6463333333333333, 0.8505]).all(|(a, b)| near(*a, b)), "{predicted:?}");
    assert!(observed.iter().zip([0.0, 0.3333333333333333, 0.25, 0.6666666666666666, 0.75]).all(|(a, b)| near(*a, b)), "{observed:?}");
    assert!(near(calibration_error(scored, 5, 1).unwrap().error, 0.100125));
}

/// Ratings of 58 normal and 51 abnormal images (Hanley and McNeil 1982, table I), from definitely normal to definitely abnormal.
fn hanley_mcneil() -> (Vec<f64>, Vec<bool>) {
    let ratings = [(false, [33, 6, 6, 11, 2]), (true, [3, 2, 2, 11, 33])];
    ratings
        .into_iter()
        .flat_map(|(label, counts)| counts.into_iter().zip(1..).flat_map(move |(count, rating)| vec![(f64::from(rating), label); count]))
        .unzip()
}

#[test]
fn published_area_and_delongs_standard_error_are_reached() {
    let (scores, generated) = hanley_mcneil();
    let sources = own(109);
    let scored = Scored { scores: &scores, generated: &generated, sources: &sources };
    let found = auroc(scored, 0.95, 1).unwrap();
    assert!((found.value - 0.893).abs() < 5e-4, "published: 0.893");
    let ranks = Ranks::new(&scores, &generated);
    let squares: f64 = ranks.influence(&Sources::new(&generated, &sources), found.value).iter().map(|x| x * x).sum();
    // DeLong's variance with divisors m and n, computed in NumPy.
    assert!(near(squares.sqrt(), 0.030_434_196_247_893_03));
    let half = 1.96 * squares.sqrt();
    assert!((found.interval.lower - (found.value - half)).abs() < 0.02 && (found.interval.upper - (found.value + half)).abs() < 0.02);
}

/// Normal scores, generated ones shifted so that the area is `area`; each source gives `versions` items with correlation `within`.
fn binormal(area: f64, sources: usize, versions: usize, within: f64, random: &mut Random) -> (Vec<f64>, Vec<bool>, Vec<u32>) {
    let shift = 2.0_f64.sqrt() * normal_quantile(area);
    let (mut scores, mut labels, mut of) = (vec![], vec![], vec![]);
    for source in 0..2 * sources as u32 {
        let shared = random.normal();
        for _ in 0..versions {
            let noise = within.sqrt() * shared + (1.0 - within).sqrt() * random.normal();
            scores.push(noise + if source % 2 == 1 { shift } else { 0.0 });
            labels.push(source % 2 == 1);
            of.push(source);
        }
    }
    (scores, labels, of)
}

#[test]
fn intervals_hold_the_true_area_about_as_often_as_they_say() {
    // (true area, sources of each class, items of each, correlation)
    for (at, (truth, sources, versions, within)) in
        [(0.75, 30, 1, 0.0), (0.9, 50, 1, 0.0), (0.9, 30, 4, 0.8), (0.97, 100, 1, 0.0)].into_iter().enumerate()
    {
        let mut random = Random::new(at as u64, "coverage of areas");
        let repeats = 300;
        let held = (0..repeats)
            .filter(|_| {
                let (scores, generated, of) = binormal(truth, sources, versions, within, &mut random);
                auroc(Scored { scores: &scores, generated: &generated, sources: &of }, 0.95, 7).unwrap().interval.contains(truth)
            })
            .count();
        let share = held as f64 / f64::from(repeats);
        eprintln!("area {truth}, {sources} sources x {versions}: {share}");
        // 95 % less three and a half standard errors of the simulation.
        assert!((0.905..=0.99).contains(&share), "area {truth}, {sources} sources: {share}");
    }
}

#[test]
fn versions_of_one_source_do_not_narrow_the_interval() {
    let (scores, generated, of) = binormal(0.85, 40, 1, 0.0, &mut Random::new(2, "versions"));
    let five = |values: &[f64]| -> Vec<f64> { values.iter().flat_map(|value| [*value; 5]).collect() };
    let many_labels: Vec<bool> = generated.iter().flat_map(|label| [*label; 5]).collect();
    let many_sources: Vec<u32> = of.iter().flat_map(|source| [*source; 5]).collect();
    let one = auroc(Scored { scores: &scores, generated: &generated, sources: &of }, 0.95, 3).unwrap();
    let many = auroc(Scored { scores: &five(&scores), generated: &many_labels, sources: &many_sources }, 0.95, 3).unwrap();
    assert!(near(one.value, many.value) && near(one.interval.lower, many.interval.lower) && near(one.interval.upper, many.interval.upper));
}

#[test]
fn a_perfect_order_is_no_certainty() {
    let scores: Vec<f64> = (0..40).map(f64::from).collect();
    let generated: Vec<bool> = (0..40).map(|at| at >= 20).collect();
    let found = auroc(Scored { scores: &scores, generated: &generated, sources: &own(40) }, 0.95, 1).unwrap();
    assert_eq!((found.value, found.interval.upper), (1.0, 1.0));
    // Twenty pairs, all right: Clopper and Pearson's lower bound 0.025^(1/20).
    assert!((found.interval.lower - libm::pow(0.025, 0.05)).abs() < 1e-9);
}

#[test]
fn a_detector_gains_nothing_over_itself_and_something_over_a_coin() {
    let mut random = Random::new(5, "gain");
    let (scores, generated, of) = binormal(0.9, 60, 1, 0.0, &mut random);
    let scored = Scored { scores: &scores, generated: &generated, sources: &of };
    let none = gain(scored, &scores, 0.95, 1).unwrap();
    assert_eq!((none.value, none.interval.lower, none.interval.upper), (0.0, 0.0, 0.0));
    let coin: Vec<f64> = (0..120).map(|_| random.uniform()).collect();
    let some = gain(scored, &coin, 0.95, 1).unwrap();
    assert!(some.interval.lower > 0.2 && some.interval.contains(some.value));
}

#[test]
fn of_two_equal_detectors_near_the_ceiling_one_seldom_seems_to_gain() {
    let mut random = Random::new(12, "equal detectors");
    let shift = 2.0_f64.sqrt() * normal_quantile(0.99);
    let generated: Vec<bool> = (0..200).map(|at| at % 2 == 1).collect();
    let sources = own(200);
    let gains = (0..200).filter(|_| {
        let (one, other): (Vec<f64>, Vec<f64>) = generated
            .iter()
            .map(|label| {
                let (common, half, shift) = (random.normal(), 0.5_f64.sqrt(), if *label { shift } else { 0.0 });
                (half * (common + random.normal()) + shift, half * (common + random.normal()) + shift)
            })
            .unzip();
        gain(Scored { scores: &one, generated: &generated, sources: &sources }, &other, 0.95, 7).unwrap().interval.lower > 0.0
    });
    // Nominally 5 of 200; three standard errors more.
    assert!(gains.count() <= 12);
}

#[test]
fn a_rate_at_one_per_cent_needs_three_hundred_human_works_and_at_five_sixty() {
    assert_eq!((negatives_needed(0.01), negatives_needed(0.05)), (300, 60));
    let (scores, generated, of) = binormal(0.9, 299, 1, 0.0, &mut Random::new(1, "negatives"));
    let scored = Scored { scores: &scores, generated: &generated, sources: &of };
    assert_eq!(true_positives(scored, 0.01, 0.95, 1), Err(StatsError::TooFewNegatives { found: 299, needed: 300 }));
    let found = true_positives(scored, 0.05, 0.95, 1).unwrap();
    // Binormal: 1 - Phi(Phi^-1(0.95) - shift).
    let truth = 1.0 - normal_cdf(normal_quantile(0.95) - 2.0_f64.sqrt() * normal_quantile(0.9));
    assert!(found.interval.contains(truth) && (found.value - truth).abs() < 0.08, "{found:?} {truth}");
}

#[test]
fn a_cut_accuses_no_more_than_it_may_and_ties_stand_below_it() {
    let humans: Vec<f64> = (0..100).map(f64::from).collect();
    let at = cut(&humans, 0.05).unwrap();
    assert_eq!(humans.iter().filter(|score| **score > at).count(), 5);
    assert_eq!(cut(&[1.0, 1.0, 1.0], 0.5), Some(1.0));
    assert_eq!(cut(&[], 0.05), None);
}

#[test]
fn probabilities_that_hold_stay_below_the_floor_and_overconfident_ones_do_not() {
    let mut random = Random::new(9, "holding");
    let chances: Vec<f64> = (0..2000).map(|_| random.uniform()).collect();
    let generated: Vec<bool> = chances.iter().map(|chance| random.uniform() < *chance).collect();
    let sources = own(2000);
    let held = calibration_error(Scored { scores: &chances, generated: &generated, sources: &sources }, 10, 1).unwrap();
    assert!(held.error < held.floor_high && held.floor > 0.01);
    let bold: Vec<f64> = chances.iter().map(|chance| if *chance < 0.5 { 0.05 } else { 0.95 }).collect();
    let bold = calibration_error(Scored { scores: &bold, generated: &generated, sources: &sources }, 10, 1).unwrap();
    assert!(bold.error > 5.0 * bold.floor_high, "{bold:?}");
}

#[test]
fn too_few_sources_or_one_class_give_no_number() {
    let scores = [1.0, 2.0, 3.0, 4.0];
    let sources = own(4);
    let scored = |generated: &'static [bool]| Scored { scores: &scores, generated, sources: &sources };
    assert_eq!(area(scored(&[true; 4])), Err(StatsError::Empty));
    assert!(matches!(auroc(scored(&[true, false, true, false]), 0.95, 1), Err(StatsError::TooFewClusters { found: 2, .. })));
    let nan = Scored { scores: &[1.0, f64::NAN], generated: &[true, false], sources: &[0, 1] };
    assert!(matches!(area(nan), Err(StatsError::OutOfRange { .. })));
}

proptest! {
    #[test]
    fn the_area_knows_ranks_only_and_turns_round_with_the_labels(
        items in prop::collection::vec((-20_i32..20, any::<bool>()), 2..60)
    ) {
        let scores: Vec<f64> = items.iter().map(|(score, _)| f64::from(*score) / 4.0).collect();
        let generated: Vec<bool> = items.iter().map(|(_, label)| *label).collect();
        let sources = own(scores.len());
        let of = |scores: &[f64], generated: &[bool]| area(Scored { scores, generated, sources: &sources });
        let swapped: Vec<bool> = generated.iter().map(|label| !label).collect();
        let bent: Vec<f64> = scores.iter().map(|score| libm::exp(*score) * 3.0 - 1.0).collect();
        let negative: Vec<f64> = scores.iter().map(|score| -score).collect();
        match of(&scores, &generated) {
            Err(error) => prop_assert!(error == StatsError::Empty && (generated.iter().all(|l| *l) || swapped.iter().all(|l| *l))),
            Ok(value) => {
                prop_assert_eq!(of(&bent, &generated), Ok(value));
                prop_assert!(near(of(&scores, &swapped).unwrap(), 1.0 - value));
                prop_assert!(near(of(&negative, &generated).unwrap(), 1.0 - value));
                // Trapezes under the curve sum up to the area.
                let points = curve(Scored { scores: &scores, generated: &generated, sources: &sources }).unwrap();
                let under: f64 = points.windows(2)
                    .map(|p| (p[1].false_positives - p[0].false_positives) * 0.5 * (p[0].true_positives + p[1].true_positives))
                    .sum();
                prop_assert!(near(under, value));
                let slow: f64 = pairs(&scores, &generated);
                prop_assert!(near(slow, value));
            }
        }
    }
}

/// The area by its definition, pair by pair.
fn pairs(scores: &[f64], generated: &[bool]) -> f64 {
    let of = |class: bool| scores.iter().zip(generated).filter(move |(_, label)| **label == class).map(|(score, _)| *score);
    let won = |a: f64, b: f64| {
        if a > b {
            1.0
        } else if a == b {
            0.5
        } else {
            0.0
        }
    };
    let all: Vec<f64> = of(true).flat_map(|a| of(false).map(move |b| won(a, b))).collect();
    all.iter().sum::<f64>() / all.len() as f64
}
