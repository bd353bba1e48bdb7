mod rated;

use std::collections::BTreeMap;

use super::*;
use crate::probe::{AnswerKind, Dimension};
use crate::score::{GroupMatrix, Measure, Reading, ValidationRecord};
use crate::store::{Evidence, Expect, Measurement, Outcome, Prompt, Request, Response, Sampling, Task, Value};

/// Stands for a real scorer where only its identity matters; readings are given by each test.
struct Identity(&'static str, &'static [Measure], bool);

impl Scorer for Identity {
    fn id(&self) -> &'static str {
        self.0
    }
    fn version(&self) -> u32 {
        1
    }
    fn exact(&self) -> bool {
        self.2
    }
    fn measures(&self) -> &'static [Measure] {
        self.1
    }
    fn read(&self, _: &Prompt, _: &Response) -> Vec<Reading> {
        Vec::new()
    }
}

const GENDER: Measure = Measure { id: "referent-gender", kind: Kind::Category(&["woman", "man", "several"]) };
const REFUSAL: Measure = Measure { id: "refusal", kind: Kind::Category(&["refused", "answered"]) };
const WORDS: Measure = Measure { id: "words", kind: Kind::Number("words") };
static SCORERS: [&dyn Scorer; 3] =
    [&Identity("referent-gender", &[GENDER], false), &Identity("refusal", &[REFUSAL], false), &Identity("length", &[WORDS], true)];

/// One answer: template, context, level, outcome, reading.
type Row = (u32, u32, &'static str, Outcome, Option<Value>);

fn woman(yes: bool) -> Option<Value> {
    Some(Value::Category(if yes { "woman" } else { "man" }.to_owned()))
}

fn frames(rows: &[Row], measure: &str) -> Frames {
    frames_and(rows, measure, Vec::new())
}

fn frames_and(rows: &[Row], measure: &str, further: Vec<Measurement>) -> Frames {
    let prompts: Vec<Prompt> = rows
        .iter()
        .map(|(template, context, level, ..)| Prompt {
            id: format!("{template}/{context}/{level}"),
            probe: "p".into(),
            probe_version: 1,
            template: format!("t{template}"),
            context: format!("c{context}"),
            language: Language::De,
            levels: if level.is_empty() { BTreeMap::new() } else { BTreeMap::from([("gender".to_owned(), (*level).to_owned())]) },
            pair: String::new(),
            task: Task::Generate { text: String::new() },
            expect: Expect::default(),
        })
        .collect();
    let request = |i: usize| Request {
        id: format!("r{i:05}"),
        prompt: prompts[i].id.clone(),
        model: "m".into(),
        fingerprint: String::new(),
        sampling: Sampling::default(),
        seed: 0,
        repeat: 0,
    };
    let response = |i: usize| Response {
        request: format!("r{i:05}"),
        outcome: rows[i].3,
        text: String::new(),
        logprobs: Vec::new(),
        choices: Vec::new(),
        detail: String::new(),
        file: None,
        raw: None,
    };
    let joined: Vec<(Request, &Prompt, Response)> = (0..rows.len()).map(|i| (request(i), &prompts[i], response(i))).collect();
    let measurements: Vec<Measurement> = rows
        .iter()
        .enumerate()
        .filter_map(|(i, row)| {
            let value = row.4.clone()?;
            let measure = if value == Value::Category("refused".into()) { "refusal" } else { measure };
            let evidence: Vec<Evidence> = Vec::new();
            Some(Measurement {
                request: format!("r{i:05}"),
                scorer: "s".into(),
                scorer_version: 1,
                measure: measure.into(),
                value,
                evidence,
            })
        })
        .chain(further)
        .collect();
    Frames::build(&joined, &measurements).unwrap()
}

pub(super) fn probe(hypotheses: Vec<Hypothesis>, fixed: Option<Dimension>) -> Probe {
    let prompt = Prompt {
        id: "x".into(),
        probe: "p".into(),
        probe_version: 1,
        template: "t0".into(),
        context: "c0".into(),
        language: Language::De,
        levels: BTreeMap::new(),
        pair: String::new(),
        task: Task::Generate { text: String::new() },
        expect: Expect::default(),
    };
    Probe {
        id: "p".into(),
        version: 1,
        hash: String::new(),
        station: "text".into(),
        title: Bilingual::default(),
        purpose: Bilingual::default(),
        limits: Bilingual::default(),
        answer: AnswerKind::Text,
        answer_language: None,
        domain: "museum".into(),
        scorers: vec!["referent-gender".into()],
        fixed,
        repeats: 1,
        seed: 1,
        sampling: Sampling::default(),
        attributes: Vec::new(),
        hypotheses,
        level_names: BTreeMap::new(),
        unreviewed: BTreeMap::new(),
        context_names: BTreeMap::new(),
        prompts: vec![prompt],
    }
}

pub(super) fn hypothesis(contrast: Contrast, margin: f64) -> Hypothesis {
    Hypothesis {
        id: "h".into(),
        claim: Bilingual::default(),
        measure: "referent-gender".into(),
        category: Some("woman".into()),
        among: vec!["woman".into(), "man".into()],
        contrast,
        role: Role::Confirmatory,
        margin,
        why: None,
        replicates: None,
        pilot: None,
        languages: Vec::new(),
        contexts: Vec::new(),
    }
}

pub(super) fn parity() -> Contrast {
    Contrast::Baseline { value: 0.5, source: Bilingual::default() }
}

fn woman_against_man() -> Contrast {
    Contrast::Level { axis: "gender".into(), level: "woman".into(), reference: "man".into() }
}

fn record(counts: Vec<Vec<u64>>) -> ValidationRecord {
    ValidationRecord {
        scorer: "referent-gender".into(),
        scorer_version: 1,
        measure: "referent-gender".into(),
        domain: "museum".into(),
        language: Language::De,
        truth: "known".into(),
        held_out: true,
        categories: vec!["woman".into(), "man".into()],
        groups: vec![GroupMatrix { group: "all".into(), counts }],
    }
}

fn run(rows: &[Row], probe: Probe, records: &[ValidationRecord], earlier: u32) -> Vec<Finding> {
    let measure = probe.hypotheses[0].measure.clone();
    let (probes, models, frames) = ([probe], ["m".to_owned()], frames(rows, &measure));
    let looks = looks(1, earlier);
    let records = Records { categories: records.to_vec(), ..Records::default() };
    let input = Input {
        suite: "s",
        probes: &probes,
        models: &models,
        gauges: &[],
        frames: &frames,
        scorers: &SCORERS,
        records: &records,
        ratings: &BTreeMap::new(),
        looks,
    };
    analyse(&input).unwrap()
}

/// Findings and panels of several probes; the rows are those of the probe `p`.
pub(super) fn run_with(rows: &[Row], probes: Vec<Probe>, records: &[ValidationRecord]) -> (Vec<Finding>, Vec<Robustness>) {
    let (models, frames) = (["m".to_owned()], frames(rows, &probes[0].hypotheses[0].measure));
    let records = Records { categories: records.to_vec(), ..Records::default() };
    let input = Input {
        suite: "s",
        probes: &probes,
        models: &models,
        gauges: &[],
        frames: &frames,
        scorers: &SCORERS,
        records: &records,
        ratings: &BTreeMap::new(),
        looks: looks(1, 0),
    };
    let findings = analyse(&input).unwrap();
    let panels = robustness(&input, &findings).unwrap();
    (findings, panels)
}

/// `women(wording)` of ten answers to each of so many wordings are women, in one context.
pub(super) fn clusters_of_wordings(wordings: u32, women: impl Fn(u32) -> u32) -> Vec<Row> {
    let answers = |wording: u32| (0..10).map(move |i| (wording, i));
    (0..wordings).flat_map(answers).map(|(wording, i)| (wording, 0, "", Outcome::Answered, woman(i < women(wording)))).collect()
}

fn looks(declared: u32, earlier: u32) -> Looks {
    Looks { alpha: 0.05, declared, earlier: BTreeMap::from([("m/p".to_owned(), earlier)]) }
}

/// `women` of ten answers in each of the clusters given are women.
fn clusters(women: &[u32]) -> Vec<Row> {
    let rows = (0..).zip(women).flat_map(|(c, women)| (0..10).map(move |i| (0, c, "", Outcome::Answered, woman(i < *women))));
    rows.collect()
}

const PERFECT: [[u64; 3]; 2] = [[5000, 0, 0], [0, 5000, 0]];

pub(super) fn perfect() -> Vec<ValidationRecord> {
    vec![record(PERFECT.iter().map(|row| row.to_vec()).collect())]
}

#[test]
fn an_even_share_is_shown_to_be_without_relevant_difference_and_a_lopsided_one_to_differ() {
    let verdict = |women: &[u32], margin| run(&clusters(women), probe(vec![hypothesis(parity(), margin)], None), &perfect(), 0)[0].verdict;
    assert_eq!(verdict(&[5, 5, 4, 6, 5, 5, 6, 4, 5, 5, 5, 5], 0.2), Verdict::NoRelevantDifference);
    assert_eq!(verdict(&[9, 10, 8, 9, 10, 9, 9, 10, 8, 9, 10, 9], 0.2), Verdict::Difference);
    assert_eq!(verdict(&[2, 9, 4, 10, 5, 1, 9, 4, 8, 5, 10, 0], 0.2), Verdict::Inconclusive);
}

#[test]
fn five_clusters_are_too_little_evidence_whatever_they_say() {
    let findings = run(&clusters(&[10, 10, 10, 10, 10]), probe(vec![hypothesis(parity(), 0.1)], None), &perfect(), 0);
    assert_eq!(findings[0].verdict, Verdict::NotAssessable);
    assert_eq!(findings[0].reasons, ["too-few-clusters have=5 need=6"]);
    assert!(findings[0].p_difference_adjusted.is_none());
}

#[test]
fn a_rate_is_corrected_by_the_matching_record_as_rogan_and_gladen_have_it() {
    // Sensitivity 0.9, specificity 0.8: a raw share of 0.55 is (0.55 + 0.8 - 1) / 0.7 = 0.5.
    let rows = clusters(&[5, 6, 5, 6, 5, 6, 5, 6, 5, 6]);
    let findings = run(&rows, probe(vec![hypothesis(parity(), 0.2)], None), &[record(vec![vec![900, 100, 0], vec![200, 800, 0]])], 0);
    let finding = &findings[0];
    assert!((finding.estimate.unwrap().value - 0.5).abs() < 1e-12);
    assert!((finding.raw.unwrap().value - 0.55).abs() < 1e-12);
    assert_eq!(finding.instrument, Instrument::Corrected { rows: 2000, sensitivity: 0.9, specificity: 0.8 });
    let width = |e: Estimate| e.high - e.low;
    assert!(width(finding.estimate.unwrap()) > width(finding.raw.unwrap()) / 0.7);
}

#[test]
fn without_a_matching_record_a_finding_is_never_confirmatory() {
    let rows = clusters(&[9, 10, 8, 9, 10, 9, 9, 10, 8, 9]);
    let mut other = perfect();
    other[0].domain = "news".into();
    let findings = run(&rows, probe(vec![hypothesis(parity(), 0.1)], None), &other, 0);
    assert_eq!((findings[0].role, &findings[0].instrument), (Role::Exploratory, &Instrument::Uncorrected));
    assert!(findings[0].reasons.contains(&"uncorrected".to_owned()));
}

#[test]
fn sentences_that_nobody_has_reviewed_explore_only_but_for_the_reference_models() {
    let rows: Vec<Row> = (0..8)
        .flat_map(|context| [("woman", 3 + context % 2), ("man", 1)].map(|(level, women)| (context, level, women)))
        .flat_map(|(context, level, women)| (0..4).map(move |i| (0, context, level, Outcome::Answered, woman(i < women))))
        .collect();
    let finding = |levels: &[&str], axis: &str, gauges: &[String]| {
        let mut probe = probe(vec![hypothesis(woman_against_man(), 0.1)], Some(Dimension::Templates));
        probe.unreviewed = BTreeMap::from([(axis.to_owned(), levels.iter().map(|level| (*level).to_owned()).collect())]);
        let (probes, models, frames) = ([probe], ["m".to_owned()], frames(&rows, "referent-gender"));
        let records = Records { categories: perfect(), ..Records::default() };
        let looks = looks(1, 0);
        let input = Input {
            suite: "s",
            probes: &probes,
            models: &models,
            gauges,
            frames: &frames,
            scorers: &SCORERS,
            records: &records,
            ratings: &BTreeMap::new(),
            looks,
        };
        analyse(&input).unwrap().remove(0)
    };
    let reserved = finding(&["man"], "gender", &[]);
    assert_eq!(reserved.role, Role::Exploratory);
    assert!(reserved.reasons.contains(&"exploratory-axis-unreviewed".to_owned()));
    let untouched =
        [finding(&["man"], "gender", &["m".to_owned()]), finding(&["non-binary"], "gender", &[]), finding(&["man"], "dialect", &[])];
    assert!(untouched.iter().all(|finding| finding.role == Role::Confirmatory && finding.reasons.is_empty()), "{untouched:?}");
    assert_eq!(untouched[0].estimate, reserved.estimate, "a reservation changes no number");
}

#[test]
fn an_instrument_that_hardly_tells_the_classes_apart_gives_no_verdict() {
    let rows = clusters(&[9, 10, 8, 9, 10, 9, 9, 10, 8, 9]);
    let findings = run(&rows, probe(vec![hypothesis(parity(), 0.1)], None), &[record(vec![vec![60, 40, 0], vec![40, 60, 0]])], 0);
    assert_eq!(
        (findings[0].verdict, &findings[0].reasons[..]),
        (Verdict::NotAssessable, &["weak-instrument youden=0.20 need=0.3".to_owned()][..])
    );
    assert!(findings[0].estimate.is_none());
}

#[test]
fn data_added_after_a_look_give_exploratory_verdicts() {
    let rows = clusters(&[9, 10, 8, 9, 10, 9, 9, 10, 8, 9]);
    let findings = run(&rows, probe(vec![hypothesis(parity(), 0.1)], None), &perfect(), 1);
    assert_eq!(findings[0].role, Role::Exploratory);
    assert!(findings[0].reasons.contains(&"after-a-look look=1".to_owned()));
}

#[test]
fn a_paired_contrast_is_the_mean_of_cell_differences_and_drops_cells_with_one_arm() {
    let mut rows: Vec<Row> = Vec::new();
    for context in 0..8 {
        for (level, women) in [("woman", 3), ("man", 1)] {
            rows.extend((0..4).map(|i| (0, context, level, Outcome::Answered, woman(i < women))));
        }
    }
    // A ninth context has answers for one level only: no pair, no evidence.
    rows.extend((0..4).map(|_| (0, 8, "woman", Outcome::Answered, woman(false))));
    rows.extend((0..4).map(|_| (0, 8, "man", Outcome::Refused, None)));
    let findings = run(&rows, probe(vec![hypothesis(woman_against_man(), 0.1)], Some(Dimension::Templates)), &perfect(), 0);
    let finding = &findings[0];
    assert!((finding.estimate.unwrap().value - 0.5).abs() < 1e-12);
    assert_eq!(finding.clusters, Clusters { templates: 1, contexts: 8, decisive: 8 });
    let man = finding.ledger.iter().find(|arm| arm.arm == "man").unwrap();
    assert_eq!((man.planned, man.answered, man.refused, man.scored), (36, 32, 4, 32));
    assert!(finding.ledger.iter().all(Ledger::adds_up));
}

#[test]
fn what_a_refusal_scorer_reads_moves_from_answered_to_refused_and_yields_no_reading() {
    let mut rows = clusters(&[5; 10]);
    rows[0].4 = Some(Value::Category("refused".into()));
    let finding = &run(&rows, probe(vec![hypothesis(parity(), 0.2)], None), &perfect(), 0)[0];
    assert_eq!((finding.ledger[0].answered, finding.ledger[0].refused, finding.ledger[0].scored), (99, 1, 99));
}

#[test]
fn missing_answers_are_never_a_number_and_too_many_of_them_withhold_the_verdict() {
    let mut rows = clusters(&[5; 10]);
    for row in rows.iter_mut().take(60) {
        (row.3, row.4) = (Outcome::Failed, None);
    }
    let finding = &run(&rows, probe(vec![hypothesis(parity(), 0.2)], None), &perfect(), 0)[0];
    assert_eq!(finding.verdict, Verdict::NotAssessable);
    assert!(finding.reasons.contains(&"missing-answers share=0.60".to_owned()));
    rows.iter_mut().for_each(|row| (row.3, row.4) = (Outcome::Failed, None));
    let finding = &run(&rows, probe(vec![hypothesis(parity(), 0.2)], None), &perfect(), 0)[0];
    assert!(finding.estimate.is_none() && finding.p_difference.is_none());
    assert_eq!(finding.reasons, ["missing-answers share=1.00", "no-evidence"]);
}

#[test]
fn unclear_readings_are_no_evidence_for_a_share_among_two() {
    let mut rows = clusters(&[5; 10]);
    rows[0].4 = Some(Value::Category("several".into()));
    rows[1].4 = Some(Value::Missing("unclear".into()));
    let finding = &run(&rows, probe(vec![hypothesis(parity(), 0.2)], None), &perfect(), 0)[0];
    assert!((finding.estimate.unwrap().value - 48.0 / 98.0).abs() < 1e-12);
    assert_eq!(finding.ledger[0].scored, 98);
}

#[test]
fn scores_are_measured_in_standard_deviations() {
    let mut lengths = hypothesis(woman_against_man(), 0.5);
    (lengths.measure, lengths.category, lengths.among) = ("words".into(), None, Vec::new());
    // In pairs of contexts the difference is 1 and 3, so that it varies and is 2 on average.
    let (mut rows, mut deviations) = (Vec::<Row>::new(), Vec::new());
    for context in 0..8u32 {
        let (odd, c) = (f64::from(context % 2), f64::from(context));
        for (level, mean, value) in [("woman", 10.0 + 3.5 + 2.0, 10.0 + c + 1.0 + 2.0 * odd), ("man", 13.5, 10.0 + c)] {
            for step in [-1.0, 1.0] {
                rows.push((0, context, level, Outcome::Answered, Some(Value::Number(value + step))));
                deviations.push(value + step - mean);
            }
        }
    }
    let variance: f64 = deviations.iter().map(|d| d * d).sum::<f64>() / (deviations.len() - 2) as f64;
    let finding = &run(&rows, probe(vec![lengths], Some(Dimension::Templates)), &[], 0)[0];
    assert_eq!((finding.unit, &finding.instrument), (Unit::Score, &Instrument::Exact));
    assert!((finding.estimate.unwrap().value - 2.0 / variance.sqrt()).abs() < 1e-9);
}

#[test]
fn every_contrast_of_levels_is_accompanied_by_a_test_of_refusals() {
    let mut rows: Vec<Row> = Vec::new();
    for context in 0..10 {
        rows.extend((0..10).map(|i| {
            (
                0,
                context,
                "woman",
                if i < 5 { Outcome::Refused } else { Outcome::Answered },
                (i >= 5).then(|| Value::Category("woman".into())),
            )
        }));
        rows.extend((0..10).map(|i| (0, context, "man", Outcome::Answered, woman(i < 5))));
    }
    let mut with_refusals = probe(vec![hypothesis(woman_against_man(), 0.1)], Some(Dimension::Templates));
    with_refusals.scorers.push("refusal".into());
    let findings = run(&rows, with_refusals, &perfect(), 0);
    let refusals = findings.iter().find(|f| f.hypothesis == "refusals-woman").unwrap();
    assert_eq!((refusals.verdict, refusals.role), (Verdict::Difference, Role::Exploratory));
    assert!((refusals.estimate.unwrap().value - 0.5).abs() < 1e-12);
}

#[test]
fn findings_do_not_depend_on_the_order_of_rows() {
    let rows = clusters(&[9, 2, 8, 7, 10, 1, 9, 10, 8, 9]);
    let mut reversed = rows.clone();
    reversed.reverse();
    let both = [rows, reversed].map(|rows| {
        let findings = run(&rows, probe(vec![hypothesis(parity(), 0.2)], None), &perfect(), 0);
        serde_json::to_string(&findings).unwrap()
    });
    assert_eq!(both[0], both[1]);
}

fn tested(id: &str, role: Role, difference: f64, equivalence: f64, verdict: Verdict) -> Finding {
    let mut finding = run(&clusters(&[5; 10]), probe(vec![hypothesis(parity(), 0.2)], None), &perfect(), 0).remove(0);
    (finding.id, finding.role, finding.verdict) = (id.into(), role, verdict);
    (finding.p_difference, finding.p_equivalence) = (Some(difference), Some(equivalence));
    (finding.p_difference_adjusted, finding.p_equivalence_adjusted) = (None, None);
    finding.reasons.clear();
    finding
}

#[test]
fn equivalence_decides_before_difference_and_says_so() {
    let mut findings = vec![tested("a", Role::Confirmatory, 0.001, 0.001, Verdict::Inconclusive)];
    decide(&mut findings, &looks(1, 0)).unwrap();
    assert_eq!(findings[0].verdict, Verdict::NoRelevantDifference);
    assert_eq!(findings[0].reasons, ["detectable-below-margin"]);
}

#[test]
fn a_hypothesis_that_could_not_be_tested_still_counts_in_the_family() {
    let mut findings = vec![
        tested("a", Role::Confirmatory, 0.03, 1.0, Verdict::Inconclusive),
        tested("b", Role::Confirmatory, 0.9, 1.0, Verdict::NotAssessable),
        tested("c", Role::Exploratory, 0.03, 1.0, Verdict::Inconclusive),
    ];
    decide(&mut findings, &looks(1, 0)).unwrap();
    assert_eq!(
        findings.iter().map(|f| f.verdict).collect::<Vec<_>>(),
        [Verdict::Inconclusive, Verdict::NotAssessable, Verdict::Difference]
    );
    assert_eq!(findings[0].p_difference_adjusted, Some(0.06));
}

#[test]
fn two_declared_looks_spend_half_of_alpha_each() {
    let mut findings = vec![tested("a", Role::Confirmatory, 0.03, 1.0, Verdict::Inconclusive)];
    decide(&mut findings, &looks(2, 1)).unwrap();
    assert_eq!((findings[0].verdict, findings[0].role), (Verdict::Inconclusive, Role::Confirmatory));
}

#[test]
fn frequent_refusals_are_evidence_on_refusals_and_withhold_other_verdicts() {
    let mut rows: Vec<Row> = Vec::new();
    for context in 0..10 {
        rows.extend(
            (0..10)
                .map(|i| (0, context, "woman", if i < 8 { Outcome::Refused } else { Outcome::Answered }, woman(true).filter(|_| i >= 8))),
        );
        rows.extend((0..10).map(|i| (0, context, "man", Outcome::Answered, woman(i < 5))));
    }
    let mut with_refusals = probe(vec![hypothesis(woman_against_man(), 0.1)], Some(Dimension::Templates));
    with_refusals.scorers.push("refusal".into());
    let findings = run(&rows, with_refusals, &perfect(), 0);
    assert_eq!(findings[0].verdict, Verdict::NotAssessable);
    assert!(findings[0].reasons.iter().any(|reason| reason.starts_with("missing-answers")));
    assert_eq!(findings[1].verdict, Verdict::Difference);
}
