//! Whom a detector accuses wrongly.
//!
//! In: scores of human works with the groups they belong to. Out: for each group the share accused at the cut that accuses at most 5 % of all *other* human works, so
//! that a group has no part in setting the bar it is measured by. Intervals are Wilson's with sources as units; the difference is Newcombe's (1998, method 10), at a
//! level divided by the number of groups (Bonferroni), because whoever looks at many groups finds a conspicuous one by chance.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluation::{Because, Group, Number};
use super::measure::Frame;
use crate::detect::corpus::Item;
use crate::stats::agreement::WithInterval;
use crate::stats::interval::wilson;
use crate::stats::roc::{SMALLEST_SOURCES, cut, negatives_needed};
use crate::stats::{Interval, StatsError};

/// Share of the others that the cut accuses.
const ACCUSED: f64 = 0.05;

/// Human works, and the sources they go back to.
struct Share {
    accused: f64,
    sources: usize,
}

impl Share {
    fn of(members: &[(f64, u32)], cut: f64) -> Self {
        let accused = members.iter().filter(|(score, _)| *score > cut).count() as f64 / members.len().max(1) as f64;
        Self { accused, sources: sources(members) }
    }

    fn interval(&self, level: f64) -> Result<WithInterval, StatsError> {
        Ok(WithInterval { value: self.accused, interval: wilson(self.accused, self.sources as f64, level)? })
    }
}

fn sources(members: &[(f64, u32)]) -> usize {
    members.iter().map(|(_, source)| source).collect::<BTreeSet<_>>().len()
}

/// A line for each value of each key that has at least two.
pub(super) fn false_positives(items: &[&Item], frame: &Frame, scores: &[Option<f64>]) -> Vec<Group> {
    let humans: Vec<(usize, f64)> = (0..items.len()).filter(|at| !frame.generated[*at]).filter_map(|at| Some((at, scores[at]?))).collect();
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (at, _) in &humans {
        for (key, value) in of_item(items[*at]) {
            keys.entry(key).or_default().insert(value);
        }
    }
    let pairs: Vec<(&str, &str)> =
        keys.iter().filter(|(_, values)| values.len() > 1).flat_map(|(key, values)| values.iter().map(|value| (*key, *value))).collect();
    let level = 1.0 - (1.0 - frame.protocol.level) / pairs.len().max(1) as f64;
    let group = |(key, value): &(&str, &str)| {
        let inside = |at: &usize| of_item(items[*at]).any(|pair| pair == (*key, *value));
        let part = |within: bool| -> Vec<(f64, u32)> {
            humans.iter().filter(|(at, _)| inside(at) == within).map(|(at, score)| (*score, frame.sources[*at])).collect()
        };
        let (own, others) = (part(true), part(false));
        let [accused, rest, difference] = compare(&own, &others, frame.protocol.level, level);
        Group {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            human: own.len(),
            sources: sources(&own),
            accused,
            others: rest,
            accused_more_often: difference.above(0.0),
            difference,
        }
    };
    pairs.iter().map(group).collect()
}

/// Language, domain and the item's own keys.
fn of_item(item: &Item) -> impl Iterator<Item = (&str, &str)> {
    let language = item.language.map(|language| ("language", language.code()));
    let own = item.groups.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    language.into_iter().chain([("domain", item.domain.as_str())]).chain(own)
}

/// Share accused, the same among the others, and the difference.
fn compare(own: &[(f64, u32)], others: &[(f64, u32)], level: f64, adjusted: f64) -> [Number; 3] {
    let none = |because| [Number::NotStated { because }; 3];
    let needed = negatives_needed(ACCUSED);
    if others.len() < needed {
        return none(Because::TooFewHumans { found: others.len(), needed });
    }
    if sources(own) < SMALLEST_SOURCES {
        return none(Because::TooFewSources { found: sources(own), needed: SMALLEST_SOURCES });
    }
    let scores: Vec<f64> = others.iter().map(|(score, _)| *score).collect();
    let Some(cut) = cut(&scores, ACCUSED) else { return none(Because::OneClass) };
    let [own, others] = [own, others].map(|members| Share::of(members, cut));
    [own.interval(level).into(), others.interval(level).into(), newcombe(&own, &others, adjusted).into()]
}

/// Newcombe's interval of a difference of shares from their Wilson intervals.
fn newcombe(first: &Share, second: &Share, level: f64) -> Result<WithInterval, StatsError> {
    let value = first.accused - second.accused;
    let [one, two] = [first.interval(level)?, second.interval(level)?]
        .map(|share| (share.value - share.interval.lower, share.interval.upper - share.value));
    Ok(WithInterval { value, interval: Interval { lower: value - one.0.hypot(two.1), upper: value + one.1.hypot(two.0) } })
}
