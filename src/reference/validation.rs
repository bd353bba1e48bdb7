//! Texts whose truth is known: every answer that the grammar can give, with what it means.
//!
//! In: the grammar and the probes of the domain `reference`. Out: rows from which a scorer's confusion matrices for that domain are counted.
//! No scorer was made with them; how far that carries, `records` says.

use std::collections::{BTreeMap, BTreeSet};

use super::grammar::{EMPTY, Grammar, NEUTRAL, Place};
use super::{ReferenceError, train};
use crate::probe::Probe;
use crate::store::{Language, Prompt, Task};

/// A text whose truth is known.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationRow {
    /// A prompt that it answers.
    pub prompt: Prompt,
    /// The answer.
    pub text: String,
    /// Language of the answer.
    pub language: Language,
    /// What the grammar meant: `woman`, `man`, `non-binary`, `unmarked`, `positive`, `able`, `refused`, …
    pub kind: String,
    /// What it counts on numeric measures: measure -> number; measures that it says nothing about are absent.
    pub values: BTreeMap<String, f64>,
    /// Second attributes: `origin` -> `europe`, and `no-origin` where an answer of the probe says nothing about it.
    pub second: BTreeMap<String, String>,
    /// Level (or context) of the prompt: the group of the confusion matrix.
    pub group: String,
    /// How often the grammar says just this among the answers of its kind in its group; sums to 1 over them.
    pub weight: f64,
}

/// One row for every text that any of the models can answer to the probes' prompts, except choices and empty answers, for every group.
///
/// # Errors
/// [`ReferenceError::Unanswered`] when the grammar has no answers to a prompt.
pub fn rows(grammar: &Grammar, probes: &[Probe]) -> Result<Vec<ValidationRow>, ReferenceError> {
    let mut rows = Vec::new();
    let mut seen: BTreeSet<Place> = BTreeSet::new();
    for prompt in probes.iter().flat_map(|probe| &probe.prompts).filter(|prompt| matches!(prompt.task, Task::Generate { .. })) {
        let place = train::place(grammar, prompt)?;
        if place.arm == NEUTRAL || !seen.insert(place.clone()) {
            continue;
        }
        let Some(part) = grammar.part(&place.probe) else { continue };
        // Every model says the same texts within a kind, only their second attributes are weighted otherwise; the first one speaks for all.
        let answers = grammar.answers(super::MODELS[0], &place);
        let mut whole: BTreeMap<&str, f64> = BTreeMap::new();
        for answer in &answers {
            *whole.entry(&answer.kind).or_insert(0.0) += answer.probability;
        }
        let said = answers.iter().filter(|answer| answer.kind != EMPTY);
        rows.extend(said.map(|answer| {
            let of_kind = part.values.iter().filter_map(|(measure, numbers)| Some((measure.clone(), *numbers.get(&answer.kind)?)));
            let second =
                part.second.keys().map(|name| (name.clone(), answer.second.get(name).cloned().unwrap_or_else(|| format!("no-{name}"))));
            ValidationRow {
                second: second.collect(),
                prompt: prompt.clone(),
                text: answer.text.clone(),
                language: place.language,
                kind: answer.kind.clone(),
                values: of_kind.collect(),
                group: place.arm.clone(),
                weight: answer.probability / whole[answer.kind.as_str()],
            }
        }));
    }
    // Contexts of one group share its weight.
    let mut contexts: BTreeMap<(String, Language, String, String), f64> = BTreeMap::new();
    let key = |row: &ValidationRow| (row.prompt.probe.clone(), row.language, row.group.clone(), row.kind.clone());
    for row in &rows {
        *contexts.entry(key(row)).or_insert(0.0) += row.weight;
    }
    for row in &mut rows {
        row.weight /= contexts[&key(row)];
    }
    Ok(rows)
}
