//! Which validation record belongs to a hypothesis, folded into the two-by-two tables that a rate is corrected by (DESIGN, rule 6).

use std::collections::BTreeMap;

use crate::probe::{Hypothesis, Probe};
use crate::score::{Records, Scorer, ValidationRecord};
use crate::stats::correction::Validation;
use crate::store::Language;

/// How instrument error enters a finding.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Correcting {
    /// Counts for the category against the rest of its whole.
    Record {
        /// All groups together.
        all: Validation,
        /// Group by group; empty where groups were not told apart.
        by_group: BTreeMap<String, Validation>,
    },
    /// A number whose agreement with known values is on record.
    Agreement { rows: u64, correlation: f64 },
    /// Nothing to correct: exact by construction.
    Exact,
    /// No record of this scorer version, measure, domain and language.
    None,
}

/// The record that matches, folded for this hypothesis.
pub(super) fn matching(
    hypothesis: &Hypothesis,
    probe: &Probe,
    language: Language,
    scorers: &[&dyn Scorer],
    records: &Records,
) -> Correcting {
    let language = probe.answer_language.unwrap_or(language);
    let refusals = hypothesis.measure == "outcome" && hypothesis.category.as_deref() == Some("refused");
    if hypothesis.measure == "outcome" && !refusals {
        return Correcting::Exact;
    }
    let measure = if refusals { "refusal" } else { hypothesis.measure.as_str() };
    let Some(scorer) = scorers.iter().find(|scorer| scorer.measures().iter().any(|m| m.id == measure)) else { return Correcting::None };
    if scorer.exact() {
        return Correcting::Exact;
    }
    let fits = |(id, version, of, domain, spoken, held_out): (&str, u32, &str, &str, Language, bool)| {
        (id, version, of, domain, spoken) == (scorer.id(), scorer.version(), measure, probe.domain.as_str(), language) && held_out
    };
    let Some(category) = &hypothesis.category else {
        let record = records.numbers.iter().find(|r| fits((&r.scorer, r.scorer_version, &r.measure, &r.domain, r.language, r.held_out)));
        return record
            .map_or(Correcting::None, |record| Correcting::Agreement { rows: record.compared, correlation: record.pearson.estimate });
    };
    let record = records.categories.iter().find(|r| fits((&r.scorer, r.scorer_version, &r.measure, &r.domain, r.language, r.held_out)));
    let Some(record) = record else { return Correcting::None };
    let mut by_group: BTreeMap<String, Validation> =
        record.groups.iter().map(|group| (group.group.clone(), fold(record, &group.counts, category, &hypothesis.among))).collect();
    let all = by_group.remove("all").unwrap_or_else(|| {
        by_group.values().fold(Validation { true_positives: 0, false_negatives: 0, true_negatives: 0, false_positives: 0 }, |sum, group| {
            Validation {
                true_positives: sum.true_positives + group.true_positives,
                false_negatives: sum.false_negatives + group.false_negatives,
                true_negatives: sum.true_negatives + group.true_negatives,
                false_positives: sum.false_positives + group.false_positives,
            }
        })
    });
    Correcting::Record { all, by_group }
}

/// Category against everything else. Readings outside of `among` and abstentions are no evidence, here as in the analysis; a text that is neither
/// and yet read as the category is a false positive.
fn fold(record: &ValidationRecord, counts: &[Vec<u64>], category: &str, among: &[String]) -> Validation {
    let counts_for = |name: &str| among.is_empty() || among.iter().any(|a| a == name);
    let mut table = Validation { true_positives: 0, false_negatives: 0, true_negatives: 0, false_positives: 0 };
    for (truth, row) in record.categories.iter().zip(counts) {
        for (read, count) in record.categories.iter().zip(row) {
            if !counts_for(read) {
                continue;
            }
            *match (truth == category, read == category) {
                (true, true) => &mut table.true_positives,
                (true, false) => &mut table.false_negatives,
                (false, false) => &mut table.true_negatives,
                (false, true) => &mut table.false_positives,
            } += count;
        }
    }
    table
}
