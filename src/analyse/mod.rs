//! Stored measurements (polars frames) become findings: one estimate for one hypothesis, language and model, with interval, ledger and verdict.
//!
//! In: the frames of a run, its probes, the scorers and their validation records. Out: [`Finding`]s in a fixed order. Nothing here asks a model
//! or reads an answer's text, so a new statistic never needs new scores.

pub mod detectable;
mod estimate;
mod finding;
mod frame;
mod instrument;
pub mod planned;
mod rated;
mod reviewed;
pub mod robustness;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::BTreeMap;

use rayon::prelude::*;

pub use finding::{Clusters, Effect, Estimand, Estimate, Finding, Instrument, Ledger, Unit, Verdict};
pub use frame::{Frames, Observation};
pub use robustness::{Robustness, robustness};
pub use verdict::{Looks, decide};

use self::rated::Read;
use crate::probe::{Bilingual, Contrast, Hypothesis, Probe, Role};
use crate::rate::Summary;
use crate::score::{Kind, Records, Scorer};
use crate::stats::StatsError;
use crate::store::{Language, Value};

/// Confidence level of all intervals; they are not adjusted for multiplicity and are labelled so.
pub const LEVEL: f64 = 0.95;

/// Smallest difference between refusal rates that matters; every counterfactual contrast is accompanied by this test.
const REFUSAL_MARGIN: f64 = 0.05;

/// Why an analysis could not be made. What data lack is never an error but a `not-assessable` finding.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum AnalyseError {
    /// A table could not be built, joined or written.
    #[error("the measurement tables: {0}")]
    Frame(#[from] polars::error::PolarsError),
    /// Stored levels are not JSON.
    #[error("the levels of a stored prompt cannot be read: {0}")]
    #[diagnostic(help("the store was changed by hand; run the suite again in a new folder"))]
    Json(serde_json::Error),
    /// A file cannot be written.
    #[error("{path}: {error}")]
    #[diagnostic(help("check that the folder exists and the disk has room"))]
    File {
        /// The file.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A statistic was asked for something that has no meaning.
    #[error("{finding}: {error}")]
    #[diagnostic(help("a scorer gave a value outside of its scale"))]
    Statistic {
        /// The finding.
        finding: String,
        /// What the statistic says.
        error: StatsError,
    },
}

/// What an analysis is made of.
pub struct Input<'a> {
    /// Name of the suite.
    pub suite: &'a str,
    /// Its probes.
    pub probes: &'a [Probe],
    /// Names of the models, in report order.
    pub models: &'a [String],
    /// The tables.
    pub frames: &'a Frames,
    /// Those among them that are reference models: in them a probability is planted for each string, whoever speaks it.
    pub gauges: &'a [String],
    /// All scorers.
    pub scorers: &'a [&'a dyn Scorer],
    /// All validation records.
    pub records: &'a Records,
    /// (probe, measure) -> which people and judges rated it.
    pub ratings: &'a BTreeMap<(String, String), Summary>,
    /// Alpha and looks.
    pub looks: Looks,
}

/// All findings of a run, by model, probe, hypothesis and language.
///
/// # Errors
/// [`AnalyseError`]; never for data that are missing or too few.
pub fn analyse(input: &Input) -> Result<Vec<Finding>, AnalyseError> {
    let mut all = Vec::new();
    for model in input.models {
        let questions: Vec<(&Probe, Hypothesis, Language)> =
            input.probes.iter().flat_map(|probe| questions(probe, input.scorers)).collect();
        let mut findings = questions
            .par_iter()
            .map(|(probe, hypothesis, language)| finding(input, model, probe, hypothesis, *language))
            .collect::<Result<Vec<_>, _>>()?;
        decide(&mut findings, &input.looks).map_err(|error| AnalyseError::Statistic { finding: model.clone(), error })?;
        note_refusals(&mut findings);
        all.append(&mut findings);
    }
    Ok(all)
}

/// The share or mean (in the measure's own points) of one arm alone: a level, or a context of a probe without levels. Corrected and clustered as in
/// a finding; log-odds of a choice become the share of its first option. `None` where there is no evidence.
///
/// # Errors
/// When the frames cannot be read.
pub fn arm(
    frames: &Frames,
    probe: &Probe,
    hypothesis: &Hypothesis,
    model: &str,
    language: Language,
    arm: &str,
    records: &Records,
) -> Result<Option<Estimate>, AnalyseError> {
    let scorers = crate::score::all();
    let mut hypothesis = hypothesis.clone();
    let correcting = instrument::matching(&hypothesis, probe, language, scorers, records);
    let choice = hypothesis.measure == "choice-log-odds";
    let share = choice || hypothesis.category.is_some();
    let mut observations = frames.observations(model, &probe.id, language, &hypothesis.measure, None)?;
    observations.retain(|o| if o.levels.is_empty() { o.context == arm } else { o.levels.values().any(|level| level == arm) });
    if choice {
        (hypothesis.category, hypothesis.among) = (None, Vec::new());
        for observation in &mut observations {
            if let Some(Value::Number(odds)) = &mut observation.value {
                *odds = 1.0 / (1.0 + libm::exp(-*odds));
            }
        }
    }
    // `LogOdds` leaves numbers as they are.
    let unit = if share { Unit::Share } else { Unit::LogOdds };
    let question = estimate::Question { probe, hypothesis: &hypothesis, unit, instrument: &correcting, level: LEVEL };
    let id = || format!("{}/{arm}/{}/{model}", probe.id, language.code());
    Ok(question.measure(&observations).map_err(|error| AnalyseError::Statistic { finding: id(), error })?.estimate)
}

/// Every hypothesis in every language it is put in, and for each contrast whether refusals differ (DESIGN, rule 5).
fn questions<'a>(probe: &'a Probe, scorers: &[&dyn Scorer]) -> Vec<(&'a Probe, Hypothesis, Language)> {
    let mut hypotheses = probe.hypotheses.clone();
    let reads_refusals =
        probe.scorers.iter().any(|id| scorers.iter().any(|s| s.id() == id && s.measures().iter().any(|m| m.id == "refusal")));
    if reads_refusals {
        for hypothesis in &probe.hypotheses {
            let of_what = match &hypothesis.contrast {
                Contrast::Baseline { .. } => continue,
                Contrast::Level { level, .. } => level,
                Contrast::LevelVersusMean { .. } | Contrast::Omnibus { .. } | Contrast::Contexts { .. } => &hypothesis.id,
            };
            let same = |h: &Hypothesis| {
                h.measure == "outcome"
                    && (&h.contrast, &h.languages, &h.contexts) == (&hypothesis.contrast, &hypothesis.languages, &hypothesis.contexts)
            };
            if !hypotheses.iter().any(same) {
                let mut added = refusals_differ(hypothesis, of_what);
                if hypotheses.iter().any(|h| h.id == added.id) {
                    added.id = format!("refusals-{}", hypothesis.id);
                }
                hypotheses.push(added);
            }
        }
    }
    hypotheses
        .into_iter()
        .flat_map(|hypothesis| {
            let languages = probe.languages_of(&hypothesis);
            languages.into_iter().map(move |language| (probe, hypothesis.clone(), language))
        })
        .collect()
}

/// Where refusals differ, the answers that remain may not be comparable: every finding on the same contrast says so.
fn note_refusals(findings: &mut [Finding]) {
    let differing: Vec<Finding> =
        findings.iter().filter(|f| f.verdict == Verdict::Difference && f.category.as_deref() == Some("refused")).cloned().collect();
    for finding in findings.iter_mut().filter(|f| f.measure != "outcome") {
        let same = |f: &&Finding| {
            (&f.probe, f.language, &f.axis, &f.level, &f.reference)
                == (&finding.probe, finding.language, &finding.axis, &finding.level, &finding.reference)
        };
        if differing.iter().find(same).is_some() {
            finding.reasons.push("refusals-differ".to_owned());
        }
    }
}

fn refusals_differ(hypothesis: &Hypothesis, of_what: &str) -> Hypothesis {
    Hypothesis {
        id: format!("refusals-{of_what}"),
        claim: Bilingual {
            de: "Das Modell verweigert die Antwort auf diese Eingaben so oft wie auf die Vergleichseingaben.".to_owned(),
            en: "The model refuses these prompts as often as those they are compared with.".to_owned(),
        },
        measure: "outcome".to_owned(),
        category: Some("refused".to_owned()),
        among: Vec::new(),
        role: Role::Exploratory,
        margin: REFUSAL_MARGIN,
        why: None,
        replicates: None,
        pilot: None,
        ..hypothesis.clone()
    }
}

fn finding(input: &Input, model: &str, probe: &Probe, hypothesis: &Hypothesis, language: Language) -> Result<Finding, AnalyseError> {
    let id = format!("{}/{}/{}/{model}", probe.id, hypothesis.id, language.code());
    let Read { mut measured, instrument, unit, doubt } = rated::read(input, model, (probe, hypothesis), language, &|_| true)?;
    let role = if doubt.is_some() { Role::Exploratory } else { hypothesis.role };
    measured.remarks.extend(doubt);
    let (estimand, axis, level, reference, baseline) = match &hypothesis.contrast {
        Contrast::Baseline { value, .. } => (Estimand::Representation, None, None, None, Some(*value)),
        Contrast::Level { axis, level, reference } => {
            (Estimand::Counterfactual, Some(axis.clone()), Some(level.clone()), Some(reference.clone()), None)
        }
        Contrast::LevelVersusMean { axis, level } => {
            (Estimand::Counterfactual, Some(axis.clone()), Some(level.clone()), Some("mean".to_owned()), None)
        }
        Contrast::Omnibus { axis } => (Estimand::Counterfactual, Some(axis.clone()), None, Some("mean".to_owned()), None),
        Contrast::Contexts { .. } => (Estimand::Counterfactual, None, Some("left".to_owned()), Some("right".to_owned()), None),
    };
    let index = matches!(hypothesis.contrast, Contrast::Omnibus { .. });
    let assessable = measured.obstacles.is_empty();
    let mut reasons = measured.obstacles;
    reasons.extend(measured.remarks);
    let unreviewed = !input.gauges.iter().any(|gauge| gauge == model) && reviewed::is_unreviewed(probe, hypothesis);
    if unreviewed {
        reasons.push(reviewed::UNREVIEWED.to_owned());
    }
    reasons.sort();
    reasons.dedup();
    Ok(Finding {
        id,
        suite: input.suite.to_owned(),
        probe: probe.id.clone(),
        station: probe.station.clone(),
        hypothesis: hypothesis.id.clone(),
        claim: hypothesis.claim.clone(),
        model: model.to_owned(),
        language,
        role: if unreviewed { Role::Exploratory } else { role },
        estimand,
        axis,
        level,
        reference,
        measure: hypothesis.measure.clone(),
        category: hypothesis.category.clone(),
        unit: if index { Unit::Index } else { unit },
        baseline,
        margin: hypothesis.margin,
        estimate: measured.estimate,
        raw: measured.raw,
        instrument,
        effect: measured.effect,
        chance_floor: measured.chance_floor,
        p_difference: measured.p_difference,
        p_difference_adjusted: None,
        p_equivalence: measured.p_equivalence,
        p_equivalence_adjusted: None,
        clusters: measured.clusters,
        ledger: measured.ledger,
        verdict: if assessable { Verdict::Inconclusive } else { Verdict::NotAssessable },
        reasons,
    })
}

fn unit(hypothesis: &Hypothesis, scorers: &[&dyn Scorer]) -> Unit {
    if hypothesis.category.is_some() {
        return Unit::Share;
    }
    let measure = scorers.iter().flat_map(|s| s.measures()).find(|measure| measure.id == hypothesis.measure);
    match measure.map(|measure| measure.kind) {
        Some(Kind::Number(unit)) if unit.contains("log-odds") => Unit::LogOdds,
        _ => Unit::Score,
    }
}
