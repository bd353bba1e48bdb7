use super::*;
use crate::detect::calibration::Calibration;
use crate::detect::toy::{human, text, trained};
use crate::detect::trained::Measured;
use crate::stats::Interval;
use crate::stats::rng::Random;

fn calibrated() -> Trained {
    let mut random = Random::new(9, "decision");
    let items: Vec<_> = (0..99).map(|at| human(&at.to_string(), text(&mut random, 200, 0.3))).collect();
    let mut trained = trained();
    let calibration = Calibration::make(&trained, &items, "letter", "").unwrap();
    trained.calibrations.insert("letter".to_owned(), calibration);
    trained
}

fn said(trained: &Trained, words: usize, share: f64, domain: Option<&str>) -> Statement {
    state(trained, &Material::Text(text(&mut Random::new(1, "said"), words, share)), domain)
}

#[test]
fn three_answers_and_no_fourth() {
    let trained = calibrated();
    let strong = said(&trained, 200, 0.95, Some("letter"));
    assert_eq!((strong.answer, &strong.reason, strong.compared), (Answer::Indication, &Reason::Rare, Some([99, 160])));
    let usual = said(&trained, 200, 0.25, Some("letter"));
    assert_eq!((usual.answer, &usual.reason), (Answer::NoStatement, &Reason::Usual));
    let short = said(&trained, 60, 0.95, Some("letter"));
    assert_eq!((short.answer, &short.reason), (Answer::Unsure, &Reason::Little));
}

#[test]
fn without_human_works_of_the_kind_no_score_means_anything() {
    let trained = calibrated();
    for domain in [None, Some("poem")] {
        let statement = said(&trained, 200, 0.95, domain);
        assert_eq!((statement.answer, statement.p), (Answer::NoStatement, None));
        assert_eq!(statement.reason, Reason::NotCalibrated { domain: domain.map(str::to_owned) });
        assert!(statement.score.is_some());
    }
    let silent = said(&trained, 20, 0.95, Some("letter"));
    assert!(matches!(silent.reason, Reason::Abstains { why: Abstention::TooLittle { .. } }) && silent.score.is_none());
}

#[test]
fn a_detector_without_gain_over_the_packaging_says_nothing() {
    let mut trained = calibrated();
    let measured = |lower| Measured {
        auroc: 0.8,
        interval: Interval { lower: 0.7, upper: 0.9 },
        found_at_5: None,
        control: "length".to_owned(),
        control_auroc: 0.78,
        gain: Interval { lower, upper: 0.05 },
    };
    trained.card.measured = Some(measured(-0.01));
    assert_eq!(said(&trained, 200, 0.95, Some("letter")).reason, Reason::NoGain { control: "length".to_owned() });
    trained.card.measured = Some(measured(0.01));
    assert_eq!(said(&trained, 200, 0.95, Some("letter")).answer, Answer::Indication);
}

/// 2 of 100 generated, all found, 5 % false alarms: 0.02 / (0.02 + 0.05 · 0.98).
#[test]
fn what_an_indication_is_worth_follows_bayes() {
    assert!((right_of_indications(1.0, 0.05, 0.02).unwrap() - 0.02 / 0.069).abs() < 1e-12);
    assert_eq!(right_of_indications(1.0, 0.05, 0.0), Some(0.0));
    assert_eq!(right_of_indications(0.0, 0.0, 0.3), None);
}
