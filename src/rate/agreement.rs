//! Who agrees with whom. In: all that was said about one attribute. Out: a row for each comparison, with Krippendorff's alpha and its interval, and
//! for each judge whether it leans to the option that stands first.
//!
//! "Cannot tell" is a missing rating: it says nothing about the answer, and agreeing on it would pass for agreement on the answer.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::judge::Judged;
use super::vote::{Voices, majority};
use super::{Question, Said};
use crate::probe::Bilingual;
use crate::stats::StatsError;
use crate::stats::clusters::{Clusters, Design, mean};
use crate::stats::interval::Uncertainty;
use crate::stats::krippendorff::{Metric, SMALLEST_ALPHA, alpha_with_interval};

/// Level of the intervals.
const LEVEL: f64 = 0.95;
/// Seed of the bootstrap; nothing else depends on it.
const SEED: u64 = 1;

/// Whose words are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// People with each other.
    People,
    /// A judge with itself, asked the same again.
    Repeats(String),
    /// A judge with itself, the options in the other order.
    Orders(String),
    /// The judges with each other.
    Judges,
    /// Most people with a judge.
    PeopleAndJudge(String),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Probe.
    pub probe: String,
    /// Attribute, or measure of a scorer.
    pub attribute: String,
    /// The question.
    pub question: Bilingual,
    /// Whose words.
    pub who: Who,
    /// Number of raters compared.
    pub raters: u32,
    /// Units with two ratings or more.
    pub units: u32,
    /// Krippendorff's alpha; none where all ratings are the same, for then nothing was shown to be told apart.
    pub alpha: Option<f64>,
    /// Lower end of its 95 % interval, units drawn afresh.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Ratings that were "cannot tell", and answers of a judge that were none.
    pub without: u32,
    /// For a judge's orders: how it leans.
    pub lean: Option<Lean>,
}

/// How far a judge prefers the option that stands first, whatever it says: share of first options chosen less share of last ones, over both
/// orders. What the options say cancels, since each stands first as often as last.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lean {
    /// From -1 (always the last) to 1 (always the first); 0 is no lean.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of answers judged alike in both orders.
    pub same: f64,
}

impl Agreement {
    /// Whether not even tentative conclusions should rest on these ratings.
    pub fn is_low(&self) -> bool {
        self.alpha.is_none_or(|alpha| alpha < SMALLEST_ALPHA)
    }
}

/// All rows of one attribute that have two ratings to compare.
pub(super) fn of(question: &Question, voices: &Voices<'_>) -> Vec<Agreement> {
    let code = |said: &Said| match said {
        Said::Value(id) => question.values.iter().position(|value| value.id == *id).and_then(|index| u32::try_from(index).ok()),
        Said::CannotTell => None,
    };
    let row = |who: Who, raters: usize, units: &[Vec<u32>], without: usize| {
        let (alpha, low, high) = match alpha_with_interval(units, Metric::Nominal, LEVEL, SEED) {
            Ok(found) => (Some(found.value), Some(found.interval.lower), Some(found.interval.upper)),
            Err(StatsError::Empty) => return None,
            Err(_) => (None, None, None),
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Some(Agreement {
            probe: question.probe.clone(),
            attribute: question.attribute.clone(),
            question: question.text.clone(),
            who,
            raters: count(raters),
            units: count(units.iter().filter(|unit| unit.len() > 1).count()),
            alpha,
            low,
            high,
            without: count(without),
            lean: None,
        })
    };
    let mut rows = Vec::new();
    let people: Vec<Vec<u32>> = voices.people.values().map(|votes| votes.values().filter_map(|said| code(said)).collect()).collect();
    let raters: BTreeSet<&&str> = voices.people.values().flat_map(|votes| votes.keys()).collect();
    let silent = voices.people.values().flat_map(|votes| votes.values()).filter(|said| ***said == Said::CannotTell).count();
    rows.extend(row(Who::People, raters.len(), &people, silent));
    for (name, answers) in &voices.judges {
        let of_order = |reversed: bool| {
            answers.values().map(move |asked| {
                asked.iter().filter(|one| one.reversed == reversed).filter_map(|one| one.said.as_ref()).collect::<Vec<_>>()
            })
        };
        let repeats: Vec<Vec<u32>> =
            [false, true].into_iter().flat_map(of_order).map(|said| said.into_iter().filter_map(code).collect()).collect();
        let without = answers.values().flatten().filter(|one| !matches!(one.said, Some(Said::Value(_)))).count();
        let most = repeats.iter().map(Vec::len).max().unwrap_or(0);
        rows.extend(row(Who::Repeats((*name).to_owned()), most, &repeats, without));
        let both: Vec<Vec<u32>> = of_order(false)
            .zip(of_order(true))
            .map(|(forward, reversed)| [forward, reversed].into_iter().filter_map(|said| code(majority(said.into_iter())?)).collect())
            .collect();
        let orders = row(Who::Orders((*name).to_owned()), 2, &both, without);
        rows.extend(orders.map(|orders| Agreement { lean: lean(question, answers, &both), ..orders }));
    }
    let judged = |request: &str, name: &&str| {
        let asked = voices.judges.get(name)?.get(request)?;
        code(majority(asked.iter().filter_map(|one| one.said.as_ref()))?)
    };
    let names: Vec<&&str> = voices.judges.keys().collect();
    if names.len() > 1 {
        let requests: BTreeSet<&&str> = voices.judges.values().flat_map(|answers| answers.keys()).collect();
        let units: Vec<Vec<u32>> =
            requests.into_iter().map(|request| names.iter().filter_map(|name| judged(request, name)).collect()).collect();
        rows.extend(row(Who::Judges, names.len(), &units, 0));
    }
    for name in names {
        let units: Vec<Vec<u32>> = voices
            .people
            .iter()
            .map(|(request, votes)| {
                let most = majority(votes.values().copied()).and_then(code);
                [most, judged(request, name)].into_iter().flatten().collect()
            })
            .collect();
        rows.extend(row(Who::PeopleAndJudge((*name).to_owned()), 2, &units, 0));
    }
    rows
}

/// How a judge leans; none where fewer than two answers were judged in both orders.
fn lean(question: &Question, answers: &BTreeMap<&str, Vec<&Judged>>, both: &[Vec<u32>]) -> Option<Lean> {
    let last = question.values.len().checked_sub(1)?;
    let leans = |reversed: bool, asked: &[&Judged]| {
        let (first, last) = if reversed { (last, 0) } else { (0, last) };
        let chosen = asked.iter().filter(|one| one.reversed == reversed).filter_map(|one| match &one.said {
            Some(Said::Value(id)) => question.values.iter().position(|value| value.id == *id),
            _ => None,
        });
        let leans: Vec<f64> = chosen.map(|place| f64::from(i8::from(place == first) - i8::from(place == last))).collect();
        (!leans.is_empty()).then(|| mean(&leans))
    };
    let values: Vec<f64> = answers.values().filter_map(|asked| Some(0.5 * (leans(false, asked)? + leans(true, asked)?))).collect();
    let rows: Vec<u32> = (0..).take(values.len()).collect();
    let clusters = Clusters::new(&rows, &vec![0; values.len()], Design::RowsOnly).ok()?;
    let error = clusters.variance_of_mean(&values).ok()?.sqrt();
    let range = Some((-1.0, 1.0));
    let uncertainty = if error > 0.0 {
        Uncertainty::of_mean(mean(&values), error, clusters.degrees_of_freedom(), range)
    } else {
        Uncertainty::of_constant(mean(&values), values.len(), (-1.0, 1.0))
    };
    let interval = uncertainty.interval(LEVEL).ok()?;
    let compared: Vec<f64> = both.iter().filter(|pair| pair.len() == 2).map(|pair| f64::from(u8::from(pair[0] == pair[1]))).collect();
    Some(Lean { value: mean(&values), low: interval.lower, high: interval.upper, same: mean(&compared) })
}
