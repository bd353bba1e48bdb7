//! The first page in plain words: who was asked what, what was found, what cannot be told.

use std::collections::BTreeMap;

use serde::Serialize;

use super::claim::{self, VerdictView};
use super::{ReportInput, charts, names};
use crate::analyse::{Finding, Verdict};
use crate::chart::{VERDICTS, centre, shown, verdict_name};
use crate::lang::wording::{Wording, numbers};
use crate::probe::Role;
use crate::store::Outcome;

#[derive(Debug, Serialize)]
pub(super) struct Summary {
    asked: String,
    answers: Option<String>,
    verdict_names: Vec<(String, &'static str, &'static str)>,
    models: Vec<(String, Vec<usize>, usize)>,
    exploratory: usize,
    strongest: Option<Strongest>,
    hint: Option<Strongest>,
    not_assessable: usize,
    not_assessable_reasons: Vec<String>,
    inconclusive: usize,
}

/// The finding that stands out.
#[derive(Debug, Serialize)]
struct Strongest {
    model: String,
    claim: String,
    verdict: VerdictView,
    text: String,
}

impl Summary {
    pub fn of(input: &ReportInput, wording: &Wording) -> Self {
        let models = names::models(input);
        let confirmatory = |finding: &&Finding| finding.role == Role::Confirmatory;
        let count = |verdict| input.findings.iter().filter(|finding| finding.verdict == verdict).count();
        let row = |model: &String| {
            let of_model = || input.findings.iter().filter(confirmatory).filter(|finding| finding.model == *model);
            let counts = VERDICTS.map(|verdict| of_model().filter(|finding| finding.verdict == verdict).count());
            (model.clone(), counts.to_vec(), counts.iter().sum())
        };
        let with_confirmatory = input.findings.iter().any(|finding| finding.role == Role::Confirmatory);
        Self {
            asked: wording.with(
                "summary-asked",
                &[
                    ("probes", charts::ordered(input).len().into()),
                    ("probes-word", numbers::in_words(charts::ordered(input).len(), wording.language()).into()),
                    ("models", models.len().into()),
                    ("models-word", numbers::in_words(models.len(), wording.language()).into()),
                    ("names", models.join(", ").into()),
                ],
            ),
            answers: answers(input, wording),
            verdict_names: VERDICTS
                .map(|verdict| {
                    let (class, sign) = claim::look(verdict);
                    (verdict_name(wording, verdict, false), class, sign)
                })
                .to_vec(),
            models: if with_confirmatory { models.iter().map(row).collect() } else { Vec::new() },
            exploratory: input.findings.iter().filter(|finding| finding.role == Role::Exploratory).count(),
            strongest: strongest(input, Role::Confirmatory, wording),
            hint: strongest(input, Role::Exploratory, wording),
            not_assessable: count(Verdict::NotAssessable),
            not_assessable_reasons: reasons(input, wording),
            inconclusive: count(Verdict::Inconclusive),
        }
    }
}

fn answers(input: &ReportInput, wording: &Wording) -> Option<String> {
    let outcomes = &input.manifest.outcomes;
    let language = wording.language();
    let other = |(outcome, count): (Outcome, u32)| {
        (count > 0).then(|| format!("{} {}", numbers::count(count.into(), language), wording.name("outcome", outcome.as_str())))
    };
    let others: Vec<String> = [
        (Outcome::Refused, outcomes.refused),
        (Outcome::Empty, outcomes.empty),
        (Outcome::Truncated, outcomes.truncated),
        (Outcome::Unparseable, outcomes.unparseable),
        (Outcome::Failed, outcomes.failed),
    ]
    .into_iter()
    .filter_map(other)
    .collect();
    let others = if others.is_empty() { String::new() } else { wording.with("summary-others", &[("list", others.join(", ").into())]) };
    (outcomes.planned > 0).then(|| {
        let share = f64::from(outcomes.answered) / f64::from(outcomes.planned);
        let arguments = [
            ("planned", outcomes.planned.into()),
            ("answered", outcomes.answered.into()),
            ("share", numbers::percent(share, 1, language).into()),
            ("others", others.into()),
        ];
        wording.with("summary-answers", &arguments).trim_end().to_owned()
    })
}

/// The difference of `role` that is largest in units of its margin; the first of equals.
fn strongest(input: &ReportInput, role: Role, wording: &Wording) -> Option<Strongest> {
    let mut best: Option<(f64, &Finding)> = None;
    for finding in input.findings.iter().filter(|finding| finding.role == role && finding.verdict == Verdict::Difference) {
        let Some(interval) = shown(finding) else { continue };
        let size = (interval.value - centre(finding)).abs() / finding.margin.max(f64::MIN_POSITIVE);
        if best.is_none_or(|(largest, _)| size > largest) {
            best = Some((size, finding));
        }
    }
    best.map(|(_, finding)| Strongest {
        model: finding.model.clone(),
        claim: finding.claim.get(wording.language()).to_owned(),
        verdict: claim::verdict(input, finding, wording),
        text: claim::sentence(input, finding, &[], wording),
    })
}

/// Reasons that make a finding weaker but do not keep it from being assessed.
const WEAKENING: [&str; 5] = ["uncorrected", "after-a-look", "refusals-differ", "exploratory-axis-unreviewed", "detectable-below-margin"];

/// Why findings are not assessable, the most frequent reason first. Numbers within a reason are left out, so that equal reasons count as one.
fn reasons(input: &ReportInput, wording: &Wording) -> Vec<String> {
    let mut counts: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for finding in input.findings.iter().filter(|finding| finding.verdict == Verdict::NotAssessable) {
        for reason in &finding.reasons {
            let key = reason.split([' ', ',', ';', '(', ':']).next().unwrap_or_default();
            if !WEAKENING.contains(&key) {
                counts.entry(key).or_insert((0, reason)).0 += 1;
            }
        }
    }
    let mut counts: Vec<(&str, (usize, &str))> = counts.into_iter().collect();
    counts.sort_by_key(|(key, (count, _))| (std::cmp::Reverse(*count), *key));
    let words = |(key, (count, reason)): (&str, (usize, &str))| {
        let known = wording.has(&format!("reason-{key}"));
        let words = wording.reason(if known { key } else { reason });
        wording.with("summary-times", &[("count", count.into()), ("reason", words.into())])
    };
    counts.into_iter().map(words).collect()
}

/// Titles of probes in the order of the page, for the table of contents.
pub(super) fn contents(input: &ReportInput, wording: &Wording) -> Vec<String> {
    charts::ordered(input).iter().map(|id| names::probe_title(input, id, wording)).collect()
}
