use super::*;
use crate::detect::toy::{human, text, trained};
use crate::stats::rng::Random;

fn works(random: &mut Random, number: usize, words: usize, share: f64) -> Vec<Item> {
    (0..number).map(|at| human(&format!("{at}"), text(random, words, share))).collect()
}

/// Exchangeable works are flagged with probability alpha at most, whatever the detector is like (the law of conformal p-values).
#[test]
fn human_works_of_the_same_kind_are_flagged_as_often_as_promised() {
    let mut random = Random::new(5, "conformal");
    let (mut flagged, mut of) = (0, 0);
    for _ in 0..60 {
        let calibration = Calibration::make(&trained(), &works(&mut random, 99, 170, 0.3), "kind", "").unwrap();
        for _ in 0..50 {
            let new = Material::Text(text(&mut random, 170, 0.3));
            let band = calibration.band(&new).unwrap();
            assert_eq!(band.length, 160);
            let score = trained().score(&cut(&new, band.length).unwrap()).unwrap().0;
            flagged += usize::from(band.p(score) <= ALPHA);
            of += 1;
        }
    }
    let share = flagged as f64 / of as f64;
    assert!(share > 0.02 && share < 0.055, "{share}");
}

#[test]
fn a_p_value_counts_the_works_that_stand_out_as_much() {
    let band = Band { length: 0, scores: (1..=19).map(f64::from).collect(), groups: Vec::new() };
    assert_eq!([0.0, 1.0, 10.0, 10.5, 19.0, 20.0].map(|score| band.p(score)), [1.0, 1.0, 0.55, 0.5, 0.1, 0.05]);
}

#[test]
fn of_twins_one_counts_and_the_order_of_works_does_not() {
    let mut random = Random::new(6, "twins");
    let mut items = works(&mut random, 30, 90, 0.3);
    items.extend(works(&mut random, 30, 90, 0.3));
    let made = Calibration::make(&trained(), &items, "kind", "").unwrap();
    assert_eq!(made.bands.iter().map(|band| (band.length, band.scores.len())).collect::<Vec<_>>(), [(40, 30), (80, 30)]);
    items.reverse();
    assert_eq!(Calibration::make(&trained(), &items, "kind", "").unwrap().bands, made.bands);
}

#[test]
fn whom_the_detector_accuses_wrongly_is_told_group_by_group() {
    let mut random = Random::new(7, "groups");
    let mut items = works(&mut random, 80, 90, 0.3);
    for (at, item) in items.iter_mut().enumerate() {
        let native = if at < 60 { "yes" } else { "no" };
        item.groups.insert("native".to_owned(), native.to_owned());
        if at >= 60 {
            item.content = super::super::corpus::Content::Held(Material::Text(text(&mut random, 90, 0.6)));
        }
    }
    let made = Calibration::make(&trained(), &items, "kind", "").unwrap();
    let rates = &made.bands[1].groups;
    let of = |level: &str| rates.iter().find(|rate| rate.group == "native" && rate.level == level).unwrap();
    assert_eq!((of("yes").flagged, of("yes").of, of("no").of), (0, 60, 20));
    assert!(of("no").flagged >= 3 && of("no").interval.lower > 0.05, "{rates:?}");
    // With one domain there is nothing to compare.
    assert!(rates.iter().all(|rate| rate.group == "native"));
}

#[test]
fn too_few_works_short_ones_and_known_ones_are_refused() {
    let mut random = Random::new(8, "refused");
    let few = works(&mut random, 18, 90, 0.3);
    let error = Calibration::make(&trained(), &few, "kind", "").unwrap_err();
    assert!(error.to_string().contains("18 human works of different sources can be judged, and at least 19"), "{error}");
    let short = works(&mut random, 40, 30, 0.3);
    let error = Calibration::make(&trained(), &short, "kind", "").unwrap_err();
    assert!(error.to_string().starts_with("0 human works"), "{error}");
    let mut known = trained();
    let items = works(&mut random, 40, 90, 0.3);
    known.seen.insert(fingerprint(&items[3].material().unwrap()));
    let error = Calibration::make(&known, &items, "kind", "").unwrap_err();
    assert!(error.to_string().contains("1 of 40 works were seen in training"), "{error}");
}
