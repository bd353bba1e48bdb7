//! Who read a measure, and what people who rated a part change.

use super::*;

/// Twelve contexts of twenty answers, half of them truly about women; the scorer takes three men of ten for women. People say the truth about
/// those answers that `seen` picks.
fn rated(seen: impl Fn(usize) -> bool, summary: Summary) -> Finding {
    let answers = (0..12u32).flat_map(|context| (0..20u32).map(move |i| (context, i % 2 == 0, i % 2 == 0 || i % 20 < 6)));
    let (rows, truth): (Vec<Row>, Vec<bool>) =
        answers.map(|(context, truth, read)| ((0, context, "", Outcome::Answered, woman(read)), truth)).unzip();
    let say = |(i, truth): (usize, &bool)| Measurement {
        request: format!("r{i:05}"),
        scorer: crate::rate::PEOPLE.into(),
        scorer_version: 1,
        measure: "referent-gender".into(),
        value: woman(*truth).unwrap(),
        evidence: Vec::new(),
    };
    let said = truth.iter().enumerate().filter(|(i, _)| seen(*i)).map(say).collect();
    let records = Records { categories: perfect(), ..Records::default() };
    let input = Input {
        suite: "s",
        probes: &[probe(vec![hypothesis(parity(), 0.2)], None)],
        models: &["m".to_owned()],
        gauges: &[],
        frames: &frames_and(&rows, "referent-gender", said),
        scorers: &SCORERS,
        records: &records,
        ratings: &BTreeMap::from([(("p".to_owned(), "referent-gender".to_owned()), summary)]),
        looks: looks_none(),
    };
    analyse(&input).unwrap().remove(0)
}

fn looks_none() -> Looks {
    Looks { alpha: 0.05, declared: 1, earlier: BTreeMap::new() }
}

fn raters(people: u32, alpha: Option<f64>) -> Summary {
    Summary { people, alpha, judges: Vec::new() }
}

#[test]
fn people_who_looked_at_a_part_correct_a_scorer_whatever_its_record_says() {
    let finding = rated(|i| i % 3 == 0, raters(2, Some(0.8)));
    let (estimate, raw) = (finding.estimate.unwrap(), finding.raw.unwrap());
    assert!((raw.value - 0.65).abs() < 1e-9 && (estimate.value - 0.5).abs() < 0.05, "{estimate:?} {raw:?}");
    assert!(estimate.low < 0.5 && estimate.high > 0.5 && finding.role == Role::Confirmatory);
    assert!(
        matches!(finding.instrument, Instrument::Rated { rated: 80, raters: 2, alpha: Some(_), lambda } if lambda > 0.0 && lambda < 1.0)
    );
}

#[test]
fn one_rater_or_raters_who_disagree_confirm_nothing() {
    for (summary, reason) in
        [(raters(1, None), "one-rater"), (raters(3, Some(0.5)), "raters-disagree alpha=0.50 need=0.667"), (raters(2, None), "raters-alike")]
    {
        let finding = rated(|i| i % 3 == 0, summary);
        assert!(finding.role == Role::Exploratory && finding.reasons.contains(&reason.to_owned()), "{:?}", finding.reasons);
    }
}

#[test]
fn ratings_in_too_few_groups_of_prompts_correct_nothing_and_are_mentioned() {
    let finding = rated(|i| i < 60, raters(2, Some(0.8)));
    assert!(matches!(finding.instrument, Instrument::Corrected { .. }) && finding.reasons.contains(&"people-rated-too-little".to_owned()));
}

#[test]
fn where_people_saw_everything_their_word_is_the_reading() {
    let finding = rated(|_| true, raters(2, Some(0.9)));
    assert_eq!((finding.instrument, finding.estimate.unwrap().value), (Instrument::People { raters: 2, alpha: Some(0.9) }, 0.5));
}
