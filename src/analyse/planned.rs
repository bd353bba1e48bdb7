//! What a plan could show before anything is asked: clusters, and the smallest effect and margin at 80 % power for each hypothesis.
//!
//! In: a suite, the scorers and their validation records. Out: a [`Planned`] for each hypothesis and language. The answers are not known yet, so their
//! spread is assumed, and the assumption is printed: every answer counts, shares lie near one half, where they vary most, scores have their
//! standard deviation for unit, log-odds vary by one, and answers of one template or context correlate a little; unless the hypothesis names
//! a pilot that showed otherwise. The error of the instrument is no assumption: it is that of the record, counted as the analysis counts it.

use std::collections::BTreeSet;

use super::estimate::SMALLEST_CORRELATION;
use super::instrument::{Correcting, matching};
use crate::probe::{Contrast, Dimension, Hypothesis, Probe, Role, Suite};
use crate::score::{Records, Scorer};
use crate::stats::StatsError;
use crate::stats::clusters::Design;
use crate::stats::correction::{Correction, SMALLEST_YOUDEN};
use crate::stats::power::{Plan, Record, contrast_sd, share_sd};
use crate::store::{Language, Prompt};

/// Power that the figures are for.
pub const POWER: f64 = 0.8;
/// Correlation of answers of one template, and of one context, that is assumed.
pub const CORRELATION: f64 = 0.02;

/// What reads the answers, as far as it can be known before there are any.
#[derive(Clone, Debug, PartialEq)]
pub enum Reader {
    /// Exact by construction.
    Exact,
    /// People or a judging model, who are asked about every answer.
    Rated,
    /// A scorer whose rates a record corrects.
    Corrected {
        /// Sensitivity + specificity - 1, of all groups together.
        youden: f64,
    },
    /// A score whose agreement with known values is on record.
    Agreeing {
        /// Pearson's correlation.
        correlation: f64,
    },
    /// A scorer without a record for this domain and language: its findings are exploratory whatever the probe says.
    Unvalidated,
}

/// What one hypothesis can show in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// `probe/hypothesis/language`.
    pub id: String,
    /// Confirmatory or exploratory.
    pub role: Role,
    /// Clusters of the smaller sampled dimension.
    pub clusters: usize,
    /// Answers to one arm.
    pub answers: usize,
    /// What reads them.
    pub reader: Reader,
    /// Smallest difference found with probability [`POWER`], in shares, log-odds or standard deviations; `None` when so few clusters can never
    /// reach the hypothesis's share of alpha, or the instrument's error hides every difference.
    pub smallest_difference: Option<f64>,
    /// Smallest margin within which "no relevant difference" would be shown with probability [`POWER`].
    pub smallest_margin: f64,
    /// The margin declared.
    pub margin: f64,
}

impl Planned {
    /// Whether a difference as large as the margin is found, and one is excluded where there is none, each with probability [`POWER`], by an
    /// instrument that may confirm anything.
    pub fn reaches_its_margin(&self) -> bool {
        let sees = self.smallest_difference.is_some_and(|difference| difference <= self.margin) && self.smallest_margin <= self.margin;
        sees && self.may_confirm()
    }

    /// Whether what reads the answers is known well enough to confirm anything.
    pub fn may_confirm(&self) -> bool {
        match self.reader {
            Reader::Unvalidated => false,
            Reader::Agreeing { correlation } => correlation >= SMALLEST_CORRELATION,
            Reader::Corrected { youden } => youden >= SMALLEST_YOUDEN,
            Reader::Exact | Reader::Rated => true,
        }
    }
}

/// Every hypothesis of a suite in every language it is put in, at its share of alpha (alpha / family / looks).
///
/// # Errors
/// Never for a suite that passed the checks.
pub fn planned(suite: &Suite, repeats: Option<u32>, scorers: &[&dyn Scorer], records: &Records) -> Result<Vec<Planned>, StatsError> {
    let questions: Vec<Question> = suite
        .probes
        .iter()
        .flat_map(|probe| probe.hypotheses.iter().map(move |hypothesis| (probe, hypothesis)))
        .flat_map(|(probe, hypothesis)| {
            let languages = probe.languages_of(hypothesis).into_iter();
            languages.map(move |language| Question { probe, hypothesis, language, repeats })
        })
        .collect();
    let family = questions.iter().filter(|question| question.hypothesis.role == Role::Confirmatory).count().max(1);
    let alpha = suite.alpha / family as f64 / f64::from(suite.looks.max(1));
    let one = |question: Question| {
        let correcting = matching(question.hypothesis, question.probe, question.language, scorers, records);
        question.planned(alpha, &correcting)
    };
    questions.into_iter().map(one).collect()
}

struct Question<'a> {
    probe: &'a Probe,
    hypothesis: &'a Hypothesis,
    language: Language,
    repeats: Option<u32>,
}

impl Question<'_> {
    fn planned(&self, alpha: f64, correcting: &Correcting) -> Result<Planned, StatsError> {
        let Question { probe, hypothesis, language, .. } = *self;
        let (clusters, answers) = (probe.clusters(hypothesis, language), self.answers());
        let plan = self.plan(alpha, answers, correcting)?;
        let (smallest_difference, smallest_margin) = match plan.smallest_difference(POWER) {
            Ok(difference) => (difference, plan.smallest_margin(POWER)?),
            Err(StatsError::TooFewClusters { .. } | StatsError::WeakInstrument { .. } | StatsError::Empty) => (None, f64::INFINITY),
            Err(error) => return Err(error),
        };
        Ok(Planned {
            id: format!("{}/{}/{}", probe.id, hypothesis.id, language.code()),
            role: hypothesis.role,
            clusters: clusters.decisive as usize,
            answers: answers as usize,
            reader: self.reader(correcting),
            smallest_difference,
            smallest_margin,
            margin: hypothesis.margin,
        })
    }

    fn plan(&self, alpha: f64, answers: f64, correcting: &Correcting) -> Result<Plan, StatsError> {
        let Question { probe, hypothesis, language, .. } = *self;
        let clusters = probe.clusters(hypothesis, language);
        let (coefficients, correction) = self.contrast(correcting);
        let pilot = hypothesis.pilot.as_ref();
        let correlation = pilot.and_then(|pilot| pilot.correlation).unwrap_or(CORRELATION);
        let usual = if hypothesis.category.is_some() { share_sd(0.5)? } else { 1.0 };
        let single = pilot.and_then(|pilot| pilot.spread).unwrap_or(usual);
        let (columns, within_pair) = match &hypothesis.contrast {
            // The groups share no cell.
            Contrast::Contexts { left, right } => (harmonic(left.len(), right.len()) as u32, 0.0),
            // A cell is paired with one of the same template and context; the correlation within a pair is assumed to be that of a cell.
            _ => (clusters.contexts, 2.0 * correlation),
        };
        Ok(Plan {
            rows: clusters.templates.max(1) as usize,
            columns: columns.max(1) as usize,
            answers,
            design: match probe.fixed {
                None => Design::TwoWay,
                Some(Dimension::Templates) => Design::ColumnsOnly,
                Some(Dimension::Contexts) => Design::RowsOnly,
            },
            sd: contrast_sd(single, &coefficients, within_pair)?,
            row_correlation: correlation,
            column_correlation: correlation,
            // Any of the levels may be the one that differs, and the intervals are adjusted for that.
            alpha: if matches!(hypothesis.contrast, Contrast::Omnibus { .. }) { alpha / coefficients.len() as f64 } else { alpha },
            record: correction.map(|correction| Record {
                correction,
                coefficients,
                rate: if let Contrast::Baseline { value, .. } = hypothesis.contrast { value } else { 0.5 },
            }),
        })
    }

    fn reader(&self, correcting: &Correcting) -> Reader {
        match correcting {
            Correcting::Exact => Reader::Exact,
            Correcting::Record { all, .. } => Reader::Corrected { youden: all.youden() },
            Correcting::Agreement { correlation, .. } => Reader::Agreeing { correlation: *correlation },
            Correcting::None if self.probe.attributes.iter().any(|attribute| attribute.id == self.hypothesis.measure) => Reader::Rated,
            Correcting::None => Reader::Unvalidated,
        }
    }

    /// Coefficients of the arms, the one under test first, and what corrects them in the analysis.
    fn contrast(&self, correcting: &Correcting) -> (Vec<f64>, Option<Correction>) {
        let common = correcting.for_level("all");
        match &self.hypothesis.contrast {
            Contrast::Baseline { .. } => (vec![1.0], common.map(Correction::Shared)),
            Contrast::Level { level, reference, .. } => (vec![1.0, -1.0], correcting.for_levels(&[level, reference])),
            Contrast::LevelVersusMean { axis, level } => self.against_mean(axis, Some(level), correcting),
            Contrast::Omnibus { axis } => self.against_mean(axis, None, correcting),
            // Where the contexts are fixed each wording is its own control; else the analysis draws the record's error for each group.
            Contrast::Contexts { .. } if self.probe.fixed == Some(Dimension::Contexts) => (vec![1.0, -1.0], common.map(Correction::Shared)),
            Contrast::Contexts { .. } => (vec![1.0, -1.0], common.map(|record| Correction::PerLevel(vec![record; 2]))),
        }
    }

    fn against_mean(&self, axis: &str, tested: Option<&str>, correcting: &Correcting) -> (Vec<f64>, Option<Correction>) {
        let mut levels = self.levels(axis);
        levels.sort_by_key(|level| Some(*level) != tested);
        let part = 1.0 / levels.len().max(1) as f64;
        let coefficients = (0..levels.len()).map(|index| if index == 0 { 1.0 - part } else { -part }).collect();
        (coefficients, correcting.for_levels(&levels))
    }

    fn levels(&self, axis: &str) -> Vec<&str> {
        let levels: BTreeSet<&str> = self.prompts().filter_map(|prompt| prompt.levels.get(axis)).map(String::as_str).collect();
        levels.into_iter().collect()
    }

    fn prompts(&self) -> impl Iterator<Item = &Prompt> {
        let wanted = &self.hypothesis.contexts;
        self.probe.prompts.iter().filter(move |p| p.language == self.language && (wanted.is_empty() || wanted.contains(&p.context)))
    }

    /// Answers to one arm; of two arms of unequal size, how many in each would give the same variance.
    fn answers(&self) -> f64 {
        let of_level =
            |axis: &str, level: &str| self.prompts().filter(|prompt| prompt.levels.get(axis).is_some_and(|l| l == level)).count();
        let of_contexts = |contexts: &[String]| self.prompts().filter(|prompt| contexts.contains(&prompt.context)).count();
        let prompts = match &self.hypothesis.contrast {
            Contrast::Baseline { .. } => self.prompts().count() as f64,
            Contrast::Level { axis, level, reference } => of_level(axis, level).min(of_level(axis, reference)) as f64,
            Contrast::LevelVersusMean { axis, level } => of_level(axis, level) as f64,
            Contrast::Omnibus { axis } => self.levels(axis).into_iter().map(|level| of_level(axis, level)).min().unwrap_or(0) as f64,
            Contrast::Contexts { left, right } => harmonic(of_contexts(left), of_contexts(right)),
        };
        let draws = self.probe.prompts.iter().any(|prompt| prompt.task.draws());
        prompts * f64::from(if draws { self.repeats.unwrap_or(self.probe.repeats) } else { 1 })
    }
}

/// Harmonic mean of two sizes.
fn harmonic(first: usize, second: usize) -> f64 {
    2.0 / (1.0 / first as f64 + 1.0 / second as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_confirmatory_hypothesis_that_comes_with_lupe_reaches_its_margin() {
        let library = crate::audit::library(None).unwrap();
        let (scorers, records) = (crate::score::all(), crate::score::records(None).unwrap());
        let mut weak = Vec::new();
        for id in library.suite_ids() {
            let suite = library.suite(id).unwrap();
            let all = planned(&suite, None, scorers, &records).unwrap();
            weak.extend(all.into_iter().filter(|one| one.role == Role::Confirmatory && !one.reaches_its_margin()));
        }
        assert!(weak.is_empty(), "{weak:#?}");
    }
}
