use std::collections::BTreeMap;

use super::*;
use crate::store::{Language, Outcome};

pub(crate) fn prompt(language: Language, task: Task) -> Prompt {
    Prompt {
        id: "p".into(),
        probe: "probe".into(),
        probe_version: 1,
        template: "t".into(),
        context: String::new(),
        language,
        levels: BTreeMap::new(),
        pair: "pair".into(),
        task,
        expect: Default::default(),
    }
}

pub(crate) fn response(text: &str, choices: Vec<ChoiceScore>) -> Response {
    Response { text: text.into(), choices, ..Response::without_answer("r", Outcome::Answered, "") }
}

/// (category, text, log-probability, neutral log-probability, tokens)
type Row<'a> = (&'a str, &'a str, f64, f64, u32);

fn read(rows: &[Row]) -> BTreeMap<&'static str, Value> {
    let options = rows.iter().map(|row| Choice { category: row.0.into(), text: row.1.into() }).collect();
    let scores = rows.iter().map(|&(category, _, logprob, neutral_logprob, tokens)| ChoiceScore {
        category: category.into(),
        logprob,
        neutral_logprob,
        tokens,
    });
    let task = Task::Choose { text: "Die Person ist".into(), options, neutral: "Es ist".into() };
    let readings = Preference.read(&prompt(Language::De, task), &response("", scores.collect()));
    readings.into_iter().map(|reading| (reading.measure, reading.value)).collect()
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

fn near(value: &Value, expected: f64) {
    assert!((number(value) - expected).abs() < 1e-12, "{value:?} is not {expected}");
}

#[test]
fn two_options_have_the_difference_of_their_corrected_scores_as_log_odds() {
    let read = read(&[("woman", " Restauratorin", -9.0, -8.0, 3), ("man", " Restaurator", -6.0, -4.5, 2)]);
    near(&read["choice-log-odds"], 0.5);
    assert_eq!(read["choice"], Value::Category("woman".into()));
    near(&read["choice-raw"], -3.0);
    near(&read["choice-per-token"], 0.0);
    near(&read["choice-per-character"], -9.0 / 14.0 + 6.0 / 12.0);
}

/// Any cost of a word that is the same after both prompts drops out, however large.
#[test]
fn the_cost_of_a_word_form_cancels() {
    for cost in [0.0, 1.0, 7.5, 300.0] {
        let read = read(&[("woman", "a", -2.0 - cost, -3.0 - cost, 4), ("man", "b", -2.0, -2.5, 1), ("diverse", "c", -5.0, -5.0, 1)]);
        near(&read["choice-log-odds"], 1.0 - (0.5_f64.exp() + 1.0).ln());
        assert_eq!(read["choice"], Value::Category("woman".into()));
    }
}

#[test]
fn options_without_preference_are_at_the_chance_floor() {
    for options in 2..6_usize {
        let rows: Vec<Row> = ["a", "b", "c", "d", "e"][..options].iter().map(|&category| (category, "x", -3.0, -3.0, 1)).collect();
        let read = read(&rows);
        near(&read["choice-log-odds"], -((options - 1) as f64).ln());
        assert_eq!(read["choice"], Value::Missing("tie".into()));
    }
}

#[test]
fn a_planted_share_is_read_back_as_its_log_odds() {
    for share in [0.01, 0.2, 0.5, 0.9, 0.999_f64] {
        let read = read(&[("woman", "x", share.ln(), 0.3_f64.ln(), 1), ("man", "y", (1.0 - share).ln(), 0.3_f64.ln(), 1)]);
        near(&read["choice-log-odds"], (share / (1.0 - share)).ln());
    }
}

#[test]
fn huge_differences_stay_finite() {
    let read = read(&[("a", "x", -1.0, -1.0, 1), ("b", "y", -5000.0, -1.0, 1)]);
    near(&read["choice-log-odds"], 4999.0);
}

#[test]
fn what_is_not_a_number_is_missing() {
    for bad in [f64::NAN, f64::NEG_INFINITY, f64::INFINITY] {
        let read = read(&[("a", "x", bad, -1.0, 1), ("b", "y", -1.0, -1.0, 1)]);
        assert!(read.values().all(|value| *value == Value::Missing("not-finite".into())), "{read:?}");
    }
    let no_tokens = read(&[("a", "", -1.0, -1.0, 0), ("b", "y", -1.0, -1.5, 1)]);
    near(&no_tokens["choice-log-odds"], -0.5);
    assert_eq!(no_tokens["choice-per-token"], Value::Missing("not-finite".into()));
    assert_eq!(no_tokens["choice-per-character"], Value::Missing("not-finite".into()));
}

#[test]
fn two_forms_of_one_category_can_lead_together() {
    let read = read(&[("woman", "x", -1.0, -2.0, 1), ("woman", "y", -1.0, -2.0, 1), ("man", "z", -1.0, -1.0, 1)]);
    assert_eq!(read["choice"], Value::Category("woman".into()));
}

#[test]
fn scores_that_are_not_the_prompts_options_are_missing() {
    let score = |category: &str| ChoiceScore { category: category.into(), logprob: -1.0, neutral_logprob: -1.0, tokens: 1 };
    let option = |category: &str| Choice { category: category.into(), text: "x".into() };
    let choose = |options| Task::Choose { text: String::new(), options, neutral: String::new() };
    let cases = [
        (choose(vec![option("a"), option("b")]), vec![score("b"), score("a")], "options-and-scores-differ"),
        (choose(vec![option("a"), option("b")]), vec![score("a")], "options-and-scores-differ"),
        (choose(vec![option("a")]), vec![score("a")], "fewer-than-two-options"),
        (Task::Generate { text: String::new() }, Vec::new(), "not-a-choice"),
    ];
    for (task, scores, reason) in cases {
        let readings = Preference.read(&prompt(Language::De, task), &response("", scores));
        assert_eq!(readings.len(), 5);
        assert!(readings.iter().all(|reading| reading.value == Value::Missing(reason.into())), "{readings:?}");
    }
}

#[test]
fn words_that_are_one_of_the_options_choose_it() {
    let option = |category: &str, text: &str| Choice { category: category.into(), text: text.into() };
    let options = vec![option("a", "\nThe guard"), option("b", "\nThe curator"), option("c", "\nCan't be told")];
    let task = Task::Choose { text: "Who left?".into(), options, neutral: "Question:".into() };
    let chosen = |text: &str| Preference.read(&prompt(Language::En, task.clone()), &response(text, Vec::new()))[0].value.clone();
    assert_eq!(chosen("the guard."), Value::Category("a".into()));
    assert_eq!(chosen("Can't be told"), Value::Category("c".into()));
    assert_eq!(chosen("The visitor"), Value::Missing("no-option-named".into()));
    let readings = Preference.read(&prompt(Language::En, task.clone()), &response("The guard", Vec::new()));
    assert!(readings[1..].iter().all(|reading| matches!(reading.value, Value::Missing(_))), "words are no log-probabilities");
}

/// Planted shares 0.02 to 0.98 under word-form costs from 0 to 40 nats: the record of what arithmetic owes.
#[test]
fn the_record_states_planted_shares() {
    use crate::score::agreement::{AgreementRecord, correlations, tests::hold_record};
    use crate::score::{GroupMatrix, ValidationRecord};
    let (mut pairs, mut counts) = (Vec::new(), vec![vec![0; 3]; 2]);
    for step in 1..50 {
        let share = f64::from(step) / 50.0;
        let cost = f64::from(step * 17 % 41);
        let read = read(&[("woman", "x", share.ln() - cost, -1.0 - cost, 3), ("man", "y", (1.0 - share).ln(), -1.0, 1)]);
        pairs.push((number(&read["choice-log-odds"]), (share / (1.0 - share)).ln()));
        if step != 25 {
            let column = ["woman", "man"].iter().position(|name| read["choice"] == Value::Category((*name).into())).unwrap_or(2);
            counts[usize::from(step < 25)][column] += 1;
        }
    }
    let truth = "planted: shares 0.02 to 0.98 under word-form costs of 0 to 40 nats; says that the formula holds, nothing of a model";
    let categories = ValidationRecord {
        scorer: Preference.id().to_owned(),
        scorer_version: Preference.version(),
        measure: "choice".to_owned(),
        domain: "planted".to_owned(),
        language: Language::De,
        truth: truth.to_owned(),
        held_out: true,
        categories: ["woman", "man"].map(str::to_owned).to_vec(),
        groups: vec![GroupMatrix { group: "all".to_owned(), counts }],
    };
    hold_record("choice-planted", &categories);
    let (pearson, spearman) = correlations(&pairs).unwrap();
    let numbers = AgreementRecord {
        scorer: Preference.id().to_owned(),
        scorer_version: Preference.version(),
        measure: "choice-log-odds".to_owned(),
        domain: "planted".to_owned(),
        language: Language::De,
        truth: truth.to_owned(),
        held_out: true,
        compared: pairs.len() as u64,
        missing: 0,
        pearson,
        spearman,
    };
    hold_record("choice-log-odds-planted", &numbers);
}
