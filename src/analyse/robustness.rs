//! The robustness panel: does a claim stand when it is put another way?
//!
//! In: the findings of a run and its tables. Out: for each hypothesis declared confirmatory a [`Robustness`] with one row for every other way
//! of asking or scoring: its replications in other probes, each half of its wordings alone, and for a choice the scores that keep the word
//! form. The panel gives no verdict of its own; it decides how strongly a verdict may be worded.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::estimate::Question;
use super::{AnalyseError, Estimate, Finding, Input, LEVEL, Verdict, instrument, unit};
use crate::analyse::frame::Observation;
use crate::probe::{Contrast, Hypothesis, Probe, Role};
use crate::store::Language;

/// How a claim stands among its other forms. **This is the one place that says when a claim gets the strong wording.**
///
/// A claim is a verdict `difference` or `no-relevant-difference`. A row that could be assessed *holds* as [`holds`] says. Then the claim is
/// - [`Standing::Robust`] if at least one replication could be assessed and every assessable row holds: "shown, in other words too";
/// - [`Standing::Fragile`] if any assessable row does not hold, whatever the others say: "shown, but not in every form";
/// - [`Standing::Unreplicated`] if no replication could be assessed and no other row fails: "shown, not tried in other words";
/// - [`Standing::NoClaim`] if there is no such verdict.
///
/// Rows that could not be assessed count for nothing, neither for the claim nor against it; nor does a row that equals the claim by
/// construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // said above
pub enum Standing {
    Robust,
    Fragile,
    Unreplicated,
    NoClaim,
}

/// The panel of one confirmatory finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robustness {
    /// Id of the finding.
    pub finding: String,
    /// How the claim stands.
    pub standing: Standing,
    /// Its other forms, replications first.
    pub rows: Vec<Row>,
}

/// One other form of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What is different about it.
    pub form: Form,
    /// Estimate with its unadjusted interval, as in a finding; none where nothing could be estimated.
    pub estimate: Option<Estimate>,
    /// What it says about the claim.
    pub says: Says,
    /// Why it could not be assessed, as message keys.
    pub reasons: Vec<String>,
}

/// What is different about a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Another probe of the suite asks the same in other words.
    Replication {
        /// Its id.
        probe: String,
        /// The hypothesis there.
        hypothesis: String,
    },
    /// Only these wordings; the other half is left out.
    Wordings {
        /// Templates that stay.
        templates: Vec<String>,
    },
    /// Another score of the same choice (DESIGN, rule 7: never for a verdict).
    Scoring {
        /// Its measure.
        measure: String,
    },
}

/// What a row says about the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// The claim holds in this form.
    Holds,
    /// It does not.
    Fails,
    /// Equal to the claim by construction, and therefore no evidence on it.
    SameByConstruction,
    /// Too little evidence in this form.
    NotAssessable,
    /// There is no claim that it could say something about.
    NoClaim,
}

/// The scores of a choice that keep the word form; they belong here and nowhere else.
const OTHER_SCORES: [&str; 3] = ["choice-raw", "choice-per-token", "choice-per-character"];

/// The score that they are put beside.
const CHOICE: &str = "choice-log-odds";

/// Two estimates that differ by no more than this are one: what is left is rounding.
const SAME: f64 = 1e-9;

/// The panels of all hypotheses declared confirmatory, in the order of `findings`.
///
/// # Errors
/// As [`super::analyse`].
pub fn robustness(input: &Input, findings: &[Finding]) -> Result<Vec<Robustness>, AnalyseError> {
    let declared = |finding: &&Finding| hypothesis(input.probes, finding).is_some_and(|(_, known)| known.role == Role::Confirmatory);
    let confirmatory: Vec<&Finding> = findings.iter().filter(declared).collect();
    confirmatory.par_iter().map(|finding| panel(input, finding, findings)).collect()
}

fn hypothesis<'a>(probes: &'a [Probe], finding: &Finding) -> Option<(&'a Probe, &'a Hypothesis)> {
    let probe = probes.iter().find(|probe| probe.id == finding.probe)?;
    Some((probe, probe.hypotheses.iter().find(|known| known.id == finding.hypothesis)?))
}

fn panel(input: &Input, finding: &Finding, findings: &[Finding]) -> Result<Robustness, AnalyseError> {
    let mut rows = replications(input.probes, finding, findings);
    if let Some((probe, hypothesis)) = hypothesis(input.probes, finding) {
        for templates in halves(probe, finding.language) {
            let keep = |observation: &Observation| templates.contains(&observation.template);
            let row = again(input, (probe, hypothesis), finding, &keep)?;
            rows.push(Row { form: Form::Wordings { templates: templates.clone() }, ..row });
        }
        for measure in OTHER_SCORES.iter().filter(|_| hypothesis.measure == CHOICE) {
            let scored = Hypothesis { measure: (*measure).to_owned(), ..hypothesis.clone() };
            let row = again(input, (probe, &scored), finding, &|_| true)?;
            rows.push(Row { form: Form::Scoring { measure: (*measure).to_owned() }, ..row });
        }
    }
    let index = hypothesis(input.probes, finding).is_some_and(|(_, known)| matches!(known.contrast, Contrast::Omnibus { .. }));
    for row in &mut rows {
        row.says = says(finding, row, index);
    }
    Ok(Robustness { finding: finding.id.clone(), standing: standing(finding.verdict, &rows), rows })
}

/// What the findings on other probes' hypotheses that replicate this one say, for the same model and language.
fn replications(probes: &[Probe], finding: &Finding, findings: &[Finding]) -> Vec<Row> {
    let name = format!("{}/{}", finding.probe, finding.hypothesis);
    let replicating = probes.iter().flat_map(|probe| probe.hypotheses.iter().map(move |hypothesis| (probe, hypothesis)));
    let of = |(probe, hypothesis): (&Probe, &Hypothesis)| {
        let same = |other: &&Finding| {
            (&other.probe, &other.hypothesis, &other.model, other.language) == (&probe.id, &hypothesis.id, &finding.model, finding.language)
        };
        findings.iter().find(same).map(|other| Row {
            form: Form::Replication { probe: probe.id.clone(), hypothesis: hypothesis.id.clone() },
            estimate: other.estimate,
            says: Says::NoClaim,
            reasons: if other.verdict == Verdict::NotAssessable { other.reasons.clone() } else { Vec::new() },
        })
    };
    replicating.filter(|(_, hypothesis)| hypothesis.replicates.as_ref() == Some(&name)).filter_map(of).collect()
}

/// The wordings in `language` in two halves, by turns in order of their names: each half is the claim with the other group of wordings left
/// out. A single wording has no halves.
fn halves(probe: &Probe, language: Language) -> Vec<Vec<String>> {
    let mut templates: Vec<String> =
        probe.prompts.iter().filter(|prompt| prompt.language == language).map(|prompt| prompt.template.clone()).collect();
    templates.sort();
    templates.dedup();
    if templates.len() < 2 {
        return Vec::new();
    }
    [0, 1].map(|turn| templates.iter().skip(turn).step_by(2).cloned().collect()).to_vec()
}

/// The hypothesis measured once more on the answers that `keep` leaves.
fn again(
    input: &Input,
    (probe, hypothesis): (&Probe, &Hypothesis),
    finding: &Finding,
    keep: &(dyn Fn(&Observation) -> bool + Sync),
) -> Result<Row, AnalyseError> {
    let correcting = instrument::matching(hypothesis, probe, finding.language, input.scorers, input.records);
    let question = Question { probe, hypothesis, unit: unit(hypothesis, input.scorers), instrument: &correcting, level: LEVEL };
    let mut observations = input.frames.observations(&finding.model, &probe.id, finding.language, &hypothesis.measure)?;
    observations.retain(|observation| keep(observation));
    let measured = question
        .measure(&observations)
        .map_err(|error| AnalyseError::Statistic { finding: format!("{}, another form", finding.id), error })?;
    Ok(Row {
        form: Form::Wordings { templates: Vec::new() },
        estimate: measured.estimate,
        says: Says::NoClaim,
        reasons: measured.obstacles,
    })
}

/// What a row says about the claim of `finding`.
fn says(finding: &Finding, row: &Row, index: bool) -> Says {
    let claimed = matches!(finding.verdict, Verdict::Difference | Verdict::NoRelevantDifference);
    let (Some(claim), true) = (finding.estimate, claimed) else { return Says::NoClaim };
    let Some(here) = row.estimate.filter(|_| row.reasons.is_empty()) else { return Says::NotAssessable };
    let same = |one: f64, other: f64| (one - other).abs() <= SAME;
    // Between levels with a common neutral prompt its score drops out of the difference: the raw score then says nothing new.
    if matches!(row.form, Form::Scoring { .. }) && same(claim.value, here.value) && same(claim.low, here.low) && same(claim.high, here.high)
    {
        return Says::SameByConstruction;
    }
    let none = if index { 0.0 } else { finding.baseline.unwrap_or(0.0) };
    if holds(finding.verdict, (claim, here), none, finding.margin) { Says::Holds } else { Says::Fails }
}

/// Whether a claim holds in another form (its estimate there: `here`). `none` is the value that means no difference: the baseline of a share,
/// else 0; `margin` is the claim's own.
///
/// - `difference`: the estimate lies on the same side of `none`, and its interval leaves `none` out.
/// - `no-relevant-difference`: the whole interval lies within `margin` of `none`. (The interval is the printed one, of 95 %, and therefore asks
///   a little more than the two one-sided tests of the verdict.)
pub fn holds(verdict: Verdict, (claim, here): (Estimate, Estimate), none: f64, margin: f64) -> bool {
    match verdict {
        Verdict::Difference if claim.value > none => here.low > none,
        Verdict::Difference => here.high < none,
        Verdict::NoRelevantDifference => here.low > none - margin && here.high < none + margin,
        Verdict::Inconclusive | Verdict::NotAssessable => false,
    }
}

/// How a claim with these rows stands; the rule is written at [`Standing`].
pub fn standing(verdict: Verdict, rows: &[Row]) -> Standing {
    let replicated = rows.iter().any(|row| matches!(row.form, Form::Replication { .. }) && row.says == Says::Holds);
    match verdict {
        Verdict::Inconclusive | Verdict::NotAssessable => Standing::NoClaim,
        _ if rows.iter().any(|row| row.says == Says::Fails) => Standing::Fragile,
        _ if replicated => Standing::Robust,
        _ => Standing::Unreplicated,
    }
}

#[cfg(test)]
mod tests;
