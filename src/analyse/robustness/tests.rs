use super::*;
use crate::analyse::tests::{clusters_of_wordings, hypothesis, parity, perfect, probe, run_with};

fn estimate(value: f64, low: f64, high: f64) -> Estimate {
    Estimate { value, low, high, level: 0.95 }
}

fn row(form: Form, says: Says) -> Row {
    Row { form, estimate: None, says, reasons: Vec::new() }
}

fn replication(says: Says) -> Row {
    row(Form::Replication { probe: "q".into(), hypothesis: "h".into() }, says)
}

fn half(says: Says) -> Row {
    row(Form::Wordings { templates: vec!["t0".into()] }, says)
}

#[test]
fn a_difference_holds_on_the_same_side_of_the_baseline_with_the_baseline_outside_the_interval() {
    let claim = estimate(0.7, 0.6, 0.8);
    let holds = |here| holds(Verdict::Difference, (claim, here), 0.5, 0.1);
    assert!(holds(estimate(0.6, 0.51, 0.7)));
    assert!(!holds(estimate(0.6, 0.49, 0.7)), "the interval reaches the baseline");
    assert!(!holds(estimate(0.3, 0.2, 0.4)), "as clear, and the other way round");
    let below = super::holds(Verdict::Difference, (estimate(-0.3, -0.4, -0.2), estimate(-0.1, -0.15, -0.05)), 0.0, 0.1);
    assert!(below);
}

#[test]
fn no_relevant_difference_holds_only_where_the_whole_interval_lies_within_the_margin() {
    let holds = |low, high| holds(Verdict::NoRelevantDifference, (estimate(0.0, -0.05, 0.05), estimate(0.0, low, high)), 0.0, 0.1);
    assert!(holds(-0.09, 0.09));
    assert!(holds(0.01, 0.09), "a detectable difference below the margin is none that matters");
    assert!(!holds(-0.09, 0.1) && !holds(-0.11, 0.02));
}

#[test]
fn the_strong_wording_needs_a_replication_and_no_row_that_fails() {
    let stands = |rows: &[Row]| standing(Verdict::Difference, rows);
    assert_eq!(stands(&[replication(Says::Holds), half(Says::Holds), half(Says::NotAssessable)]), Standing::Robust);
    assert_eq!(stands(&[replication(Says::Holds), half(Says::Fails)]), Standing::Fragile);
    assert_eq!(stands(&[replication(Says::Fails), half(Says::Holds)]), Standing::Fragile);
    assert_eq!(stands(&[replication(Says::Holds), replication(Says::Fails)]), Standing::Fragile);
    assert_eq!(stands(&[half(Says::Holds), half(Says::Holds)]), Standing::Unreplicated);
    assert_eq!(stands(&[replication(Says::NotAssessable), half(Says::Holds)]), Standing::Unreplicated);
    assert_eq!(stands(&[half(Says::Fails)]), Standing::Fragile);
    assert_eq!(stands(&[]), Standing::Unreplicated);
    assert_eq!(standing(Verdict::Inconclusive, &[replication(Says::Holds)]), Standing::NoClaim);
}

/// Twelve wordings with ten answers each; `women(wording)` of them are women.
fn panels(women: impl Fn(u32) -> u32, probes: Vec<Probe>) -> (Vec<Finding>, Vec<Robustness>) {
    run_with(&clusters_of_wordings(12, women), probes, &perfect())
}

/// Eight to ten of ten, as many in each half.
fn mostly(wording: u32) -> u32 {
    8 + wording / 2 % 3
}

fn asked() -> Probe {
    let mut probe = probe(vec![hypothesis(parity(), 0.2)], None);
    let first = probe.prompts.remove(0);
    probe.prompts = (0..12).map(|n| crate::store::Prompt { template: format!("t{n}"), ..first.clone() }).collect();
    probe
}

/// A probe that asks the same again and whose finding is given.
fn asking_again() -> Probe {
    let mut probe = asked();
    probe.id = "q".into();
    let replicates = Some("p/h".to_owned());
    probe.hypotheses[0] = Hypothesis { id: "again".into(), role: Role::Exploratory, replicates, ..probe.hypotheses[0].clone() };
    probe
}

#[test]
fn a_difference_that_every_wording_shows_holds_in_both_halves() {
    let (findings, panels) = panels(mostly, vec![asked()]);
    assert_eq!(findings[0].verdict, Verdict::Difference);
    let [panel] = &panels[..] else { panic!("{panels:?}") };
    assert_eq!(panel.rows.iter().map(|row| row.says).collect::<Vec<_>>(), [Says::Holds, Says::Holds]);
    let Form::Wordings { templates } = &panel.rows[0].form else { panic!() };
    assert_eq!(templates, &["t0", "t10", "t2", "t4", "t6", "t8"]);
    assert!((panel.rows[0].estimate.unwrap().value - 0.9).abs() < 1e-12);
    assert_eq!(panel.standing, Standing::Unreplicated, "halves of one probe are no other words");
}

#[test]
fn a_difference_that_half_of_the_wordings_make_is_fragile() {
    // All the women are in every second wording; the others are even.
    let (findings, panels) = panels(|wording| if wording % 2 == 0 { 10 } else { 5 }, vec![asked()]);
    assert_eq!(findings[0].verdict, Verdict::Difference);
    assert_eq!(panels[0].rows.iter().map(|row| row.says).collect::<Vec<_>>(), [Says::Holds, Says::Fails]);
    assert_eq!(panels[0].standing, Standing::Fragile);
}

#[test]
fn a_half_with_too_few_wordings_says_nothing() {
    let mut six = asked();
    six.prompts.truncate(6);
    let (findings, panels) = run_with(&clusters_of_wordings(6, mostly), vec![six], &perfect());
    assert_eq!(findings[0].verdict, Verdict::Difference);
    assert!(panels[0].rows.iter().all(|row| row.says == Says::NotAssessable && row.reasons == ["too-few-clusters have=3 need=6"]));
    assert_eq!(panels[0].standing, Standing::Unreplicated);
}

#[test]
fn the_finding_of_another_probe_on_the_same_question_is_a_row() {
    let (mut findings, _) = panels(mostly, vec![asked()]);
    let again = |value: f64, low: f64, high: f64, verdict| {
        let mut finding = findings[0].clone();
        (finding.probe, finding.hypothesis, finding.verdict) = ("q".into(), "again".into(), verdict);
        finding.estimate = Some(estimate(value, low, high));
        finding
    };
    let stands = |again: Finding| {
        let mut both = findings.clone();
        both.push(again);
        replications(&[asked(), asking_again()], &both[0], &both)
            .into_iter()
            .map(|row| Row { says: says(&both[0], &row, false), ..row })
            .collect::<Vec<_>>()
    };
    let shown = stands(again(0.8, 0.7, 0.9, Verdict::Difference));
    assert_eq!(shown[0].form, Form::Replication { probe: "q".into(), hypothesis: "again".into() });
    assert_eq!(standing(Verdict::Difference, &shown), Standing::Robust);
    assert_eq!(standing(Verdict::Difference, &stands(again(0.55, 0.4, 0.7, Verdict::Inconclusive))), Standing::Fragile);
    let mut blind = again(0.8, 0.7, 0.9, Verdict::NotAssessable);
    blind.reasons = vec!["no-evidence".into()];
    assert_eq!(standing(Verdict::Difference, &stands(blind)), Standing::Unreplicated);
    let mut other_language = again(0.8, 0.7, 0.9, Verdict::Difference);
    other_language.language = Language::En;
    assert!(stands(other_language).is_empty(), "another language is another question");
    findings.clear();
}

#[test]
fn a_score_that_equals_the_claim_by_construction_is_no_evidence() {
    let (findings, _) = panels(mostly, vec![asked()]);
    let form = Form::Scoring { measure: "choice-raw".into() };
    let row = Row { estimate: findings[0].estimate, ..row(form, Says::NoClaim) };
    assert_eq!(says(&findings[0], &row, false), Says::SameByConstruction);
    assert_eq!(standing(Verdict::Difference, &[replication(Says::Holds), Row { says: Says::SameByConstruction, ..row }]), Standing::Robust);
}
