//! One hypothesis on one model's observations: cells, clusters, the statistic that its contrast names, and the ledger of its arms.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Clusters, Effect, Estimate, Instrument, Ledger, Unit};
use super::frame::Observation;
use super::instrument::Correcting;
use crate::probe::{Contrast, Dimension, Hypothesis, Probe};
use crate::stats::clusters::{Design, mean};
use crate::stats::correction::{Correction, Validation};
use crate::stats::estimate::{self as stats, Arm, Labels, Scale, Settings};
use crate::stats::{StatsError, effect};
use crate::store::{Outcome, Value};

/// Smallest part of an arm's requests that must have come back as answers; below it what is missing could turn any verdict.
const SMALLEST_ANSWERED: f64 = 0.5;

/// Smallest correlation with known values at which a score is compared at all.
pub(super) const SMALLEST_CORRELATION: f64 = 0.3;

/// What the statistic says, before multiplicity.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    pub estimate: Option<Estimate>,
    pub raw: Option<Estimate>,
    pub effect: Option<Effect>,
    pub chance_floor: Option<f64>,
    pub p_difference: Option<f64>,
    pub p_equivalence: Option<f64>,
    pub clusters: Clusters,
    pub ledger: Vec<Ledger>,
    /// Why no verdict can be given.
    pub obstacles: Vec<String>,
    /// What a reader should know although a verdict is given.
    pub remarks: Vec<String>,
}

/// What an estimate is computed from.
pub(super) struct Question<'a> {
    pub probe: &'a Probe,
    pub hypothesis: &'a Hypothesis,
    pub unit: Unit,
    pub instrument: &'a Correcting,
    pub level: f64,
}

struct Point<'a> {
    observation: &'a Observation,
    value: Option<f64>,
    /// Of a standardised score from the mean of its levels; 0 for everything else.
    deviation: f64,
}

/// A cell of the design: template, context and the levels of the axes that are not under test.
type Cell<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>);

impl Question<'_> {
    /// Estimate, test and count.
    ///
    /// # Errors
    /// Only for what must not happen (a value outside its scale); everything that data can lack is an obstacle in the result.
    pub fn measure(&self, observations: &[Observation]) -> Result<Measured, StatsError> {
        let wanted = |o: &&Observation| self.hypothesis.contexts.is_empty() || self.hypothesis.contexts.contains(&o.context);
        let mut points: Vec<Point> = observations
            .iter()
            .filter(wanted)
            .map(|observation| Point { observation, value: self.value(observation), deviation: 0.0 })
            .collect();
        if self.unit == Unit::Score {
            standardise(&mut points);
        }
        let mut measured = Measured { ledger: self.ledger(&points), ..Measured::default() };
        let answered = measured.ledger.iter().map(|arm| self.share_known(arm)).fold(1.0, f64::min);
        if answered < SMALLEST_ANSWERED {
            measured.obstacles.push(format!("missing-answers share={:.2}", 1.0 - answered));
        }
        if let Correcting::Agreement { correlation, .. } = self.instrument
            && *correlation < SMALLEST_CORRELATION
        {
            measured.obstacles.push(format!("weak-agreement correlation={correlation:.2} need={SMALLEST_CORRELATION}"));
        }
        match self.statistic(&points, &mut measured) {
            Ok(()) => Ok(measured),
            Err(error) => {
                measured.obstacles.push(match error {
                    StatsError::Empty => "no-evidence".to_owned(),
                    StatsError::TooFewClusters { found, .. } => too_few(found),
                    StatsError::NoVariation => "no-variation".to_owned(),
                    StatsError::WeakInstrument { youden, minimum } => format!("weak-instrument youden={youden:.2} need={minimum}"),
                    other => return Err(other),
                });
                Ok(measured)
            }
        }
    }

    /// The number that stands for an observation; none where there is no evidence on this hypothesis.
    fn value(&self, observation: &Observation) -> Option<f64> {
        if self.hypothesis.measure == "outcome" {
            let reached = observation.outcome != Outcome::Failed;
            let is_category = Some(observation.outcome.as_str()) == self.hypothesis.category.as_deref();
            return reached.then(|| f64::from(u8::from(is_category)));
        }
        self.evidence(observation.value.as_ref()?)
    }

    /// The number that a reading stands for; none where it is no evidence on this hypothesis.
    pub(super) fn evidence(&self, read: &Value) -> Option<f64> {
        match (read, self.hypothesis.category.as_deref()) {
            (Value::Number(number), None) => Some(*number),
            (Value::Category(read), Some(category)) => {
                let counts = self.hypothesis.among.is_empty() || self.hypothesis.among.contains(read);
                counts.then(|| f64::from(u8::from(read == category)))
            }
            _ => None,
        }
    }

    pub(super) fn arm(&self, observation: &Observation) -> Option<String> {
        match &self.hypothesis.contrast {
            Contrast::Baseline { .. } => Some("all".to_owned()),
            Contrast::Level { axis, level, reference } => {
                observation.levels.get(axis).filter(|here| *here == level || *here == reference).cloned()
            }
            Contrast::LevelVersusMean { axis, .. } | Contrast::Omnibus { axis } => observation.levels.get(axis).cloned(),
            Contrast::Contexts { left, right } => match (left.contains(&observation.context), right.contains(&observation.context)) {
                (true, _) => Some("left".to_owned()),
                (_, true) => Some("right".to_owned()),
                _ => None,
            },
        }
    }

    fn ledger(&self, points: &[Point]) -> Vec<Ledger> {
        let mut arms: BTreeMap<String, Ledger> = BTreeMap::new();
        for point in points {
            let Some(arm) = self.arm(point.observation) else { continue };
            let ledger = arms.entry(arm.clone()).or_insert_with(|| Ledger { arm, ..Ledger::default() });
            ledger.count(point.observation.outcome);
            let readable = matches!(point.observation.outcome, Outcome::Answered | Outcome::Truncated);
            ledger.scored += u32::from(point.value.is_some() && readable);
        }
        arms.into_values().collect()
    }

    /// Part of an arm's requests that can speak for or against the hypothesis: answers, or, when outcomes are the measure, whatever came back.
    fn share_known(&self, ledger: &Ledger) -> f64 {
        let known = if self.hypothesis.measure == "outcome" { ledger.planned - ledger.failed } else { ledger.answered + ledger.truncated };
        f64::from(known) / f64::from(ledger.planned)
    }

    fn statistic(&self, points: &[Point], measured: &mut Measured) -> Result<(), StatsError> {
        match &self.hypothesis.contrast {
            Contrast::Baseline { value, .. } => self.baseline(points, *value, measured),
            Contrast::Level { axis, level, reference } => self.levels(points, axis, &[level, reference], &[1.0, -1.0], measured),
            Contrast::LevelVersusMean { axis, level } => {
                let levels = levels_of(points, axis);
                let part = 1.0 / levels.len() as f64;
                let weights: Vec<f64> = levels.iter().map(|here| if here == level { 1.0 - part } else { -part }).collect();
                self.levels(points, axis, &levels, &weights, measured)
            }
            Contrast::Omnibus { axis } => self.omnibus(points, axis, measured),
            Contrast::Contexts { left, right } => self.contexts(points, left, right, measured),
        }
    }

    fn baseline(&self, points: &[Point], baseline: f64, measured: &mut Measured) -> Result<(), StatsError> {
        let (values, rows, columns) = labelled(points.iter().filter_map(|p| Some((p.observation, p.value?))));
        let labels = Labels { rows: &rows, columns: &columns, design: self.design() };
        measured.clusters = counted(&rows, &columns);
        let record = self.instrument.for_level("all");
        let run = |record: Option<&Validation>| match self.unit {
            Unit::Share => stats::share_against_baseline(&values, labels, baseline, record, self.settings()),
            _ => stats::mean_of_differences(&values.iter().map(|v| v - baseline).collect::<Vec<_>>(), labels, None, self.settings()),
        };
        let corrected = run(record.as_ref())?;
        let raw = run(None)?;
        if self.unit == Unit::Share {
            measured.effect = cohens_h(corrected.estimate, baseline);
        }
        self.fill(measured, &corrected, &raw);
        Ok(())
    }

    fn levels(&self, points: &[Point], axis: &str, levels: &[&str], weights: &[f64], measured: &mut Measured) -> Result<(), StatsError> {
        let pairs = paired(points, axis, levels);
        measured.clusters = counted(&pairs.rows, &pairs.columns);
        let slices: Vec<&[f64]> = pairs.arms.iter().map(Vec::as_slice).collect();
        let labels = Labels { rows: &pairs.rows, columns: &pairs.columns, design: self.design() };
        let correction = self.instrument.for_levels(levels);
        let linear = (self.unit == Unit::Score).then(|| linearised(&pairs, weights));
        let run = |correction: Option<&Correction>| match &linear {
            Some(differences) => stats::mean_of_differences(differences, labels, None, self.settings()),
            None => stats::contrast(&slices, weights, labels, self.scale(), correction, self.settings()),
        };
        let (corrected, raw) = (run(correction.as_ref())?, run(None)?);
        measured.effect = if self.unit == Unit::Share {
            let rate = |index: usize| {
                let record = correction.as_ref().and_then(|c| c.record(index).ok());
                record.map_or(mean(slices[index]), |record| record.corrected(mean(slices[index])))
            };
            let tested = weights.iter().position(|weight| *weight > 0.0).unwrap_or(0);
            let share = rate(tested);
            cohens_h(share, share - corrected.estimate)
        } else {
            let all = |level: &str| points.iter().filter(|p| at(p, axis) == Some(level)).filter_map(|p| p.value).collect::<Vec<_>>();
            let [first, second] = [0, 1].map(|index| levels.get(index).map_or_else(Vec::new, |level| all(level)));
            let pair = effect::hedges_g(&first, &second).ok().filter(|_| *weights == [1.0, -1.0]);
            // Against the mean of levels a standardised score is its own effect size.
            pair.or((self.unit == Unit::Score).then_some(corrected.estimate)).map(|value| Effect { kind: "hedges-g".to_owned(), value })
        };
        self.fill(measured, &corrected, &raw);
        Ok(())
    }

    fn omnibus(&self, points: &[Point], axis: &str, measured: &mut Measured) -> Result<(), StatsError> {
        let levels = levels_of(points, axis);
        let pairs = paired(points, axis, &levels);
        measured.clusters = counted(&pairs.rows, &pairs.columns);
        let slices: Vec<&[f64]> = pairs.arms.iter().map(Vec::as_slice).collect();
        let labels = Labels { rows: &pairs.rows, columns: &pairs.columns, design: self.design() };
        let correction = self.instrument.for_levels(&levels);
        let run = |correction: Option<&Correction>| stats::omnibus(&slices, labels, self.scale(), correction, self.settings());
        let corrected = run(correction.as_ref())?;
        let raw = run(None)?;
        measured.chance_floor = Some(corrected.chance_floor);
        measured.remarks.push(format!("farthest-level level={}", levels[corrected.level]));
        self.fill(measured, &corrected.largest, &raw.largest);
        Ok(())
    }

    fn contexts(&self, points: &[Point], left: &[String], right: &[String], measured: &mut Measured) -> Result<(), StatsError> {
        let group = |contexts: &[String]| {
            points
                .iter()
                .filter(|p| contexts.contains(&p.observation.context))
                .filter_map(|p| Some((p.observation, p.value?)))
                .collect::<Vec<_>>()
        };
        let (left, right) = (group(left), group(right));
        let record = self.instrument.for_level("all");
        if self.probe.fixed == Some(Dimension::Contexts) {
            // The contexts are the very ones meant: only the wordings are a sample, and each wording is its own control.
            let by_template = |arm: &[(&Observation, f64)]| {
                let mut means: BTreeMap<String, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
                for (observation, value) in arm {
                    means.entry(observation.template.clone()).or_default().entry(observation.context.clone()).or_default().push(*value);
                }
                means
                    .into_iter()
                    .map(|(t, cells)| (t, mean(&cells.values().map(|c| mean(c)).collect::<Vec<_>>())))
                    .collect::<BTreeMap<_, _>>()
            };
            let (left, right) = (by_template(&left), by_template(&right));
            let both: Vec<(f64, f64)> = left.iter().filter_map(|(t, l)| Some((*l, *right.get(t)?))).collect();
            let (first, second): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
            let rows: Vec<u32> = (0..).take(first.len()).collect();
            let columns = vec![0; first.len()];
            measured.clusters = counted(&rows, &columns);
            let labels = Labels { rows: &rows, columns: &columns, design: Design::RowsOnly };
            let correction = record.map(Correction::Shared);
            let run = |c: Option<&Correction>| stats::paired_difference(&first, &second, labels, self.scale(), c, self.settings());
            let (corrected, raw) = (run(correction.as_ref())?, run(None)?);
            if self.unit == Unit::Share {
                let share = record.map_or(mean(&first), |record| record.corrected(mean(&first)));
                measured.effect = cohens_h(share, share - corrected.estimate);
            }
            self.fill(measured, &corrected, &raw);
            return Ok(());
        }
        let (a, b) = (labelled(left.iter().copied()), labelled(right.iter().copied()));
        let clusters = [counted(&a.1, &a.2), counted(&b.1, &b.2)];
        measured.clusters = clusters[usize::from(clusters[1].contexts < clusters[0].contexts)];
        let run = |record: Option<&Validation>| {
            let first = Arm { values: &a.0, labels: Labels { rows: &a.1, columns: &a.2, design: self.design() }, correction: record };
            let second = Arm { values: &b.0, labels: Labels { rows: &b.1, columns: &b.2, design: self.design() }, correction: record };
            stats::unpaired_difference(first, second, self.scale(), self.settings())
        };
        let (corrected, raw) = (run(record.as_ref())?, run(None)?);
        if self.unit == Unit::Share {
            let share = record.map_or(mean(&a.0), |record| record.corrected(mean(&a.0)));
            measured.effect = cohens_h(share, share - corrected.estimate);
        }
        self.fill(measured, &corrected, &raw);
        Ok(())
    }

    fn fill(&self, measured: &mut Measured, corrected: &stats::Estimate, raw: &stats::Estimate) {
        let plain = |e: &stats::Estimate| Estimate { value: e.estimate, low: e.interval.lower, high: e.interval.upper, level: e.level };
        measured.estimate = Some(plain(corrected));
        measured.raw = Some(plain(raw));
        measured.clusters.decisive = u32::try_from(corrected.clusters).unwrap_or(u32::MAX);
        measured.p_difference = Some(corrected.p_difference);
        measured.p_equivalence = Some(corrected.equivalence_p(self.hypothesis.margin));
        if corrected.too_little_evidence() {
            measured.obstacles.push(too_few(corrected.clusters));
        }
    }

    pub(super) fn design(&self) -> Design {
        match self.probe.fixed {
            None => Design::TwoWay,
            Some(Dimension::Templates) => Design::ColumnsOnly,
            Some(Dimension::Contexts) => Design::RowsOnly,
        }
    }

    fn scale(&self) -> Scale {
        if self.unit == Unit::Share { Scale::Share } else { Scale::Unbounded }
    }

    pub(super) fn settings(&self) -> Settings {
        Settings { level: self.level, seed: self.probe.seed }
    }
}

impl Correcting {
    /// Validation record of one arm.
    pub(super) fn for_level(&self, level: &str) -> Option<Validation> {
        match self {
            Correcting::Record { all, by_group } => Some(by_group.get(level).copied().unwrap_or(*all)),
            Correcting::Exact | Correcting::Agreement { .. } | Correcting::None => None,
        }
    }

    /// One record per level where all levels have one, else the common one.
    pub(super) fn for_levels(&self, levels: &[&str]) -> Option<Correction> {
        let Correcting::Record { all, by_group } = self else { return None };
        let each: Option<Vec<Validation>> = levels.iter().map(|level| by_group.get(*level).copied()).collect();
        Some(each.map_or(Correction::Shared(*all), Correction::PerLevel))
    }

    /// What the report says about it, for the category in question.
    pub fn described(&self) -> Instrument {
        match self {
            Correcting::Exact => Instrument::Exact,
            Correcting::Agreement { rows, correlation } => Instrument::Agreement { rows: *rows, correlation: *correlation },
            Correcting::None => Instrument::Uncorrected,
            Correcting::Record { all, .. } => Instrument::Corrected {
                rows: all.true_positives + all.false_negatives + all.true_negatives + all.false_positives,
                sensitivity: all.sensitivity(),
                specificity: all.specificity(),
            },
        }
    }
}

fn too_few(clusters: usize) -> String {
    format!("too-few-clusters have={clusters} need={}", stats::SMALLEST_CLUSTERS)
}

/// Cohen's h of two shares, kept within 0 and 1 where a correction left them outside.
pub(super) fn cohens_h(first: f64, second: f64) -> Option<Effect> {
    let value = effect::cohens_h(first.clamp(0.0, 1.0), second.clamp(0.0, 1.0)).ok()?;
    Some(Effect { kind: "cohen-h".to_owned(), value })
}

fn at<'a>(point: &Point<'a>, axis: &str) -> Option<&'a str> {
    point.observation.levels.get(axis).map(String::as_str)
}

fn levels_of<'a>(points: &[Point<'a>], axis: &str) -> Vec<&'a str> {
    points.iter().filter_map(|point| at(point, axis)).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The cells in which every level has evidence.
struct Pairs {
    /// Level by level the mean of each cell.
    arms: Vec<Vec<f64>>,
    /// Template of each cell.
    rows: Vec<u32>,
    /// Context of each cell.
    columns: Vec<u32>,
    /// Mean squared deviation, from their levels' means, of all answers with the template and context of each cell.
    spread: Vec<f64>,
}

fn paired(points: &[Point], axis: &str, levels: &[&str]) -> Pairs {
    let mut cells: BTreeMap<Cell, Vec<Vec<f64>>> = BTreeMap::new();
    let mut squares: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    for point in points {
        let Some(value) = point.value else { continue };
        let o = point.observation;
        squares.entry((&o.template, &o.context)).or_default().push(point.deviation * point.deviation);
        let Some(index) = levels.iter().position(|level| Some(*level) == at(point, axis)) else { continue };
        let others = o.levels.iter().filter(|(a, _)| a.as_str() != axis).map(|(a, l)| (a.as_str(), l.as_str())).collect();
        cells.entry((&o.template, &o.context, others)).or_insert_with(|| vec![Vec::new(); levels.len()])[index].push(value);
    }
    cells.retain(|_, arms| arms.iter().all(|arm| !arm.is_empty()));
    Pairs {
        arms: (0..levels.len()).map(|index| cells.values().map(|arms| mean(&arms[index])).collect()).collect(),
        rows: dense(cells.keys().map(|cell| cell.0)),
        columns: dense(cells.keys().map(|cell| cell.1)),
        spread: cells.keys().map(|cell| mean(&squares[&(cell.0, cell.1)])).collect(),
    }
}

/// Differences of standardised scores, cell by cell, that carry the uncertainty of the standard deviation too (delta method): with d the mean
/// difference and v a cell's mean squared deviation, `difference - d / 2 * (v - mean v)`. Their mean is d, and their variance between
/// clusters is that of a difference divided by an estimated standard deviation.
fn linearised(pairs: &Pairs, weights: &[f64]) -> Vec<f64> {
    let cells = 0..pairs.rows.len();
    let differences: Vec<f64> = cells.map(|cell| weights.iter().zip(&pairs.arms).map(|(w, arm)| w * arm[cell]).sum()).collect();
    let (difference, spread) = (mean(&differences), mean(&pairs.spread));
    differences.iter().zip(&pairs.spread).map(|(here, v)| here - difference / 2.0 * (v - spread)).collect()
}

/// Values with the labels of their templates and contexts.
fn labelled<'a>(points: impl Iterator<Item = (&'a Observation, f64)>) -> (Vec<f64>, Vec<u32>, Vec<u32>) {
    let (observations, values): (Vec<&Observation>, Vec<f64>) = points.unzip();
    let rows = dense(observations.iter().map(|o| o.template.as_str()));
    let columns = dense(observations.iter().map(|o| o.context.as_str()));
    (values, rows, columns)
}

/// Names as numbers, in order of name.
pub(super) fn dense<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<u32> {
    let order: BTreeSet<&str> = names.clone().collect();
    let numbers: BTreeMap<&str, u32> = order.into_iter().zip(0..).collect();
    names.map(|name| numbers[name]).collect()
}

fn counted(rows: &[u32], columns: &[u32]) -> Clusters {
    let count = |labels: &[u32]| u32::try_from(labels.iter().collect::<BTreeSet<_>>().len()).unwrap_or(u32::MAX);
    Clusters { templates: count(rows), contexts: count(columns), decisive: 0 }
}

/// Scores in units of their standard deviation within levels, so that margins mean the same everywhere. Scores that do not vary stay as they
/// are; the statistic then finds no variation either.
fn standardise(points: &mut [Point]) {
    let mut arms: BTreeMap<&BTreeMap<String, String>, Vec<f64>> = BTreeMap::new();
    for point in points.iter() {
        arms.entry(&point.observation.levels).or_default().extend(point.value);
    }
    let means: BTreeMap<_, f64> = arms.iter().map(|(levels, arm)| (*levels, mean(arm))).collect();
    let squares: f64 = arms.iter().map(|(levels, arm)| arm.iter().map(|v| (v - means[levels]).powi(2)).sum::<f64>()).sum();
    let freedom: usize = arms.values().map(|arm| arm.len().saturating_sub(1)).sum();
    let deviation = (squares / freedom as f64).sqrt();
    if !(deviation.is_finite() && deviation > 0.0) {
        return;
    }
    for point in points {
        if let Some(value) = &mut point.value {
            point.deviation = (*value - means[&point.observation.levels]) / deviation;
            *value /= deviation;
        }
    }
}
