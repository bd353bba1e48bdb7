//! Who read a measure: a scorer, people, a judging model, or people beside one of the other two. In: observations with both readings. Out: the
//! estimate that people corrected, and what of it may count as confirmatory.

use std::collections::BTreeMap;

use super::estimate::{Measured, Question, cohens_h, dense};
use super::finding::{Clusters, Estimate, Instrument, Unit};
use super::frame::Observation;
use super::instrument::{self, Correcting};
use super::{AnalyseError, Input, LEVEL, unit};
use crate::probe::{Contrast, Hypothesis, Probe};
use crate::rate::Summary;
use crate::stats::StatsError;
use crate::stats::estimate::Labels;
use crate::stats::estimate::rated::{self as stats, Arm, Corrected, Evidence};
use crate::stats::krippendorff::SMALLEST_ALPHA;
use crate::store::{Language, Outcome};

/// Whose readings a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// A scorer's.
    Scorer,
    /// Nobody has rated an attribute yet.
    Nobody,
    /// People's.
    People,
    /// A judge's alone.
    Judge,
    /// An instrument's on everything, people's on a part.
    Both,
}

impl Source {
    /// Decided by what there is, the same way for every finding: people where they rated everything or alone, both where they rated a part.
    fn of(probe: &Probe, hypothesis: &Hypothesis, observations: &[Observation]) -> Self {
        let is_attribute = probe.attributes.iter().any(|attribute| attribute.id == hypothesis.measure);
        let answered = || observations.iter().filter(|o| matches!(o.outcome, Outcome::Answered | Outcome::Truncated));
        let said = answered().filter(|o| o.said.is_some()).count();
        match (said, answered().any(|o| o.value.is_some())) {
            (0, false) if is_attribute => Source::Nobody,
            (0, true) if is_attribute => Source::Judge,
            (0, _) => Source::Scorer,
            (_, false) => Source::People,
            (said, true) if said == answered().count() => Source::People,
            (_, true) => Source::Both,
        }
    }
}

/// A hypothesis measured on one model's answers.
pub(super) struct Read {
    pub measured: Measured,
    /// What read them, and how its error entered.
    pub instrument: Instrument,
    pub unit: Unit,
    /// Why it may not count as confirmatory.
    pub doubt: Option<String>,
}

/// Measure a hypothesis on the observations that `keep` leaves, by whoever read them.
///
/// # Errors
/// As [`super::analyse`].
pub(super) fn read(
    input: &Input,
    model: &str,
    (probe, hypothesis): (&Probe, &Hypothesis),
    language: Language,
    keep: &dyn Fn(&Observation) -> bool,
) -> Result<Read, AnalyseError> {
    let unrated = Summary::default();
    let ratings = input.ratings.get(&(probe.id.clone(), hypothesis.measure.clone())).unwrap_or(&unrated);
    let is_attribute = probe.attributes.iter().any(|attribute| attribute.id == hypothesis.measure);
    let judge = ratings.judge().filter(|_| is_attribute);
    let mut observations = input.frames.observations(model, &probe.id, language, &hypothesis.measure, judge.as_deref())?;
    observations.retain(keep);
    let source = Source::of(probe, hypothesis, &observations);
    if source == Source::People {
        observations.iter_mut().for_each(|observation| observation.value = observation.said.clone());
    }
    let failed = |error| AnalyseError::Statistic { finding: format!("{}/{}/{}/{model}", probe.id, hypothesis.id, language.code()), error };
    let unit = unit(hypothesis, input.scorers);
    let measure = |correcting: &Correcting| {
        Question { probe, hypothesis, unit, instrument: correcting, level: LEVEL }.measure(&observations).map_err(failed)
    };
    let by_record = || {
        let correcting = instrument::matching(hypothesis, probe, language, input.scorers, input.records);
        Ok::<_, AnalyseError>(Read { measured: measure(&correcting)?, instrument: correcting.described(), unit, doubt: None })
    };
    if source == Source::Scorer {
        return by_record();
    }
    // People correct what they rated; a record of other texts would correct it a second time.
    let mut measured = measure(&Correcting::None)?;
    let alone = |measured| Read { measured, instrument: Instrument::Judge, unit, doubt: Some("judge-only".to_owned()) };
    Ok(match source {
        Source::Scorer | Source::Nobody => {
            measured.obstacles = vec!["nobody-rated".to_owned()];
            Read { measured, instrument: Instrument::People { raters: 0, alpha: None }, unit, doubt: None }
        }
        Source::People => {
            let instrument = Instrument::People { raters: ratings.people, alpha: ratings.alpha };
            Read { measured, instrument, unit, doubt: doubt(ratings) }
        }
        Source::Judge => alone(measured),
        Source::Both => {
            let question = Question { probe, hypothesis, unit, instrument: &Correcting::None, level: LEVEL };
            match question.correct_by_people(&observations, ratings, &mut measured).map_err(failed)? {
                Some(instrument) => Read { measured, instrument, unit, doubt: doubt(ratings) },
                None if is_attribute => alone(measured),
                None => {
                    let mut read = by_record()?;
                    read.measured.remarks.push("people-rated-too-little".to_owned());
                    read
                }
            }
        }
    })
}

/// Why ratings by people cannot carry a confirmatory finding.
fn doubt(summary: &Summary) -> Option<String> {
    match (summary.people, summary.alpha) {
        (0 | 1, _) => Some("one-rater".to_owned()),
        (_, Some(alpha)) if alpha < SMALLEST_ALPHA => Some(format!("raters-disagree alpha={alpha:.2} need={SMALLEST_ALPHA}")),
        (_, Some(_)) => None,
        (_, None) => Some("raters-alike".to_owned()),
    }
}

/// The answers of one arm with the labels of their templates and contexts.
#[derive(Default)]
struct Answers<'a> {
    read: Vec<Evidence>,
    said: Vec<Option<Evidence>>,
    templates: Vec<&'a str>,
    contexts: Vec<&'a str>,
}

impl Question<'_> {
    /// Put the estimate that people corrected in place of the instrument's own, which stays as `raw`. What people could not tell counts as not
    /// looked at. `None` for an index, or where people rated too little to correct anything.
    fn correct_by_people(
        &self,
        observations: &[Observation],
        summary: &Summary,
        measured: &mut Measured,
    ) -> Result<Option<Instrument>, StatsError> {
        let (arms, weights): (Vec<&str>, Vec<f64>) = match &self.hypothesis.contrast {
            Contrast::Baseline { .. } => (vec!["all"], vec![1.0]),
            Contrast::Level { level, reference, .. } => (vec![level, reference], vec![1.0, -1.0]),
            Contrast::LevelVersusMean { axis, level } => {
                let mut levels: Vec<&str> = observations.iter().filter_map(|o| Some(o.levels.get(axis)?.as_str())).collect();
                levels.sort_unstable();
                levels.dedup();
                let part = 1.0 / levels.len() as f64;
                let weights = levels.iter().map(|here| if here == level { 1.0 - part } else { -part }).collect();
                (levels, weights)
            }
            Contrast::Contexts { .. } => (vec!["left", "right"], vec![1.0, -1.0]),
            Contrast::Omnibus { .. } => return Ok(None),
        };
        let answers = self.by_arm(observations);
        let empty = Answers::default();
        let answers: Vec<&Answers> = arms.iter().map(|arm| answers.get(*arm).unwrap_or(&empty)).collect();
        let rows = dense_by_arm(&answers.iter().map(|arm| arm.templates.as_slice()).collect::<Vec<_>>());
        let columns = dense_by_arm(&answers.iter().map(|arm| arm.contexts.as_slice()).collect::<Vec<_>>());
        let arms: Vec<Arm> = answers
            .iter()
            .zip(rows.iter().zip(&columns))
            .map(|(arm, (rows, columns))| Arm { read: &arm.read, said: &arm.said, labels: Labels { rows, columns, design: self.design() } })
            .collect();
        let corrected = match &self.hypothesis.contrast {
            Contrast::Baseline { value, .. } => stats::share_against_baseline(arms[0], *value, self.settings()),
            _ => stats::contrast(&arms, &weights, self.settings()),
        };
        let corrected = match corrected {
            Ok(corrected) => corrected,
            Err(StatsError::Empty | StatsError::TooFewClusters { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if corrected.estimate.too_little_evidence() {
            return Ok(None);
        }
        let share =
            stats::share_against_baseline(arms[0], 0.5, self.settings()).map_or(corrected.estimate.estimate, |arm| arm.estimate.estimate);
        self.put(measured, &corrected, share);
        let rated = u32::try_from(corrected.rated).unwrap_or(u32::MAX);
        Ok(Some(Instrument::Rated { rated, lambda: corrected.lambda, raters: summary.people, alpha: summary.alpha }))
    }

    fn by_arm<'a>(&self, observations: &'a [Observation]) -> BTreeMap<String, Answers<'a>> {
        let mut arms: BTreeMap<String, Answers> = BTreeMap::new();
        let contexts = &self.hypothesis.contexts;
        for o in observations.iter().filter(|o| contexts.is_empty() || contexts.contains(&o.context)) {
            let Some(arm) = self.arm(o).filter(|_| matches!(o.outcome, Outcome::Answered | Outcome::Truncated)) else { continue };
            let arm = arms.entry(arm).or_default();
            arm.read.push(o.value.as_ref().and_then(|read| self.evidence(read)));
            arm.said.push(o.said.as_ref().map(|said| self.evidence(said)));
            arm.templates.push(&o.template);
            arm.contexts.push(&o.context);
        }
        arms
    }

    fn put(&self, measured: &mut Measured, corrected: &Corrected, share: f64) {
        let estimate = &corrected.estimate;
        measured.estimate =
            Some(Estimate { value: estimate.estimate, low: estimate.interval.lower, high: estimate.interval.upper, level: estimate.level });
        measured.p_difference = Some(estimate.p_difference);
        measured.p_equivalence = Some(estimate.equivalence_p(self.hypothesis.margin));
        measured.clusters = Clusters { decisive: u32::try_from(estimate.clusters).unwrap_or(u32::MAX), ..measured.clusters };
        measured.effect = match &self.hypothesis.contrast {
            Contrast::Baseline { value, .. } => cohens_h(share, *value),
            _ => cohens_h(share, share - estimate.estimate),
        };
    }
}

/// Labels of several arms as numbers, the same label the same number in all.
fn dense_by_arm(arms: &[&[&str]]) -> Vec<Vec<u32>> {
    let all = dense(arms.iter().flat_map(|arm| arm.iter().copied()));
    let mut rest = all.as_slice();
    arms.iter()
        .map(|arm| {
            let (own, others) = rest.split_at(arm.len());
            rest = others;
            own.to_vec()
        })
        .collect()
}
