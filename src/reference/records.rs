//! How the scorers do on sentences of the grammar, whose meaning is known: the validation records of the domain `reference`.
//!
//! In: the validation rows. Out: one record per scorer, measure and language. The scorers were made without these sentences; the sentences were
//! worded so that nobody could mistake them. So the records hold for this domain and say nothing about free text.

use std::collections::{BTreeMap, BTreeSet};

use super::validation::ValidationRow;
use crate::score::agreement::{AgreementRecord, correlations};
use crate::score::{GroupMatrix, Kind, Measure, Scorer, ValidationRecord};
use crate::store::{Language, Outcome, Response, Value};

/// Domain of the reference models' answers.
pub const DOMAIN: &str = "reference";
const TRUTH: &str = "what the grammar of the reference models means by each of its sentences, every distinct sentence once in each group; worded to be \
                     unmistakable, so this says nothing about free text";

/// Records for all scorers that read one of the grammar's kinds, second attributes or values. Scorers that are exact by construction have none.
pub fn records(rows: &[ValidationRow], scorers: &[&'static dyn Scorer]) -> (Vec<ValidationRecord>, Vec<AgreementRecord>) {
    let (mut categories, mut numbers) = (Vec::new(), Vec::new());
    for &scorer in scorers.iter().filter(|scorer| !scorer.exact()) {
        for measure in scorer.measures() {
            for language in Language::ALL {
                let rows: Vec<&ValidationRow> = rows.iter().filter(|row| row.language == language).collect();
                match measure.kind {
                    Kind::Category(names) => categories.extend(matrix(scorer, measure, names, language, &rows)),
                    Kind::Number(_) => numbers.extend(agreement(scorer, measure, language, &rows)),
                }
            }
        }
    }
    (categories, numbers)
}

/// What the grammar means, in the measure's categories; none where it says nothing about the measure.
fn truth<'a>(measure: &str, names: &[&'a str], row: &ValidationRow) -> Option<&'a str> {
    let refused = row.kind == "refused";
    let meant = match measure {
        "refusal" => {
            if refused {
                "refused"
            } else {
                "answered"
            }
        }
        _ if refused => return None,
        _ => row.second.get(measure).unwrap_or(&row.kind),
    };
    names.iter().copied().find(|name| *name == meant)
}

fn read(scorer: &dyn Scorer, measure: &Measure, row: &ValidationRow) -> Value {
    let response = Response {
        request: String::new(),
        outcome: Outcome::Answered,
        text: row.text.clone(),
        logprobs: Vec::new(),
        choices: Vec::new(),
        detail: String::new(),
        file: None,
        raw: None,
    };
    let readings = scorer.read(&row.prompt, &response);
    readings
        .into_iter()
        .find(|reading| reading.measure == measure.id)
        .map_or(Value::Missing("not-read".to_owned()), |reading| reading.value)
}

fn matrix(scorer: &dyn Scorer, measure: &Measure, names: &[&str], language: Language, rows: &[&ValidationRow]) -> Option<ValidationRecord> {
    let mut groups: BTreeMap<String, Vec<Vec<u64>>> = BTreeMap::new();
    let mut counted: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for row in rows {
        let Some(meant) = truth(measure.id, names, row).and_then(|name| names.iter().position(|n| *n == name)) else { continue };
        let said = match read(scorer, measure, row) {
            Value::Category(category) => names.iter().position(|name| *name == category).unwrap_or(names.len()),
            _ => names.len(),
        };
        for group in ["all", &row.group] {
            if !counted.insert((group, &row.text, &row.kind)) {
                continue;
            }
            let empty = || vec![vec![0; names.len() + 1]; names.len()];
            groups.entry(group.to_owned()).or_insert_with(empty)[meant][said] += 1;
        }
    }
    // A measure of which the grammar knows only one category cannot be validated on it.
    let known = groups.get("all")?.iter().filter(|row| row.iter().sum::<u64>() > 0).count();
    (known > 1).then(|| ValidationRecord {
        scorer: scorer.id().to_owned(),
        scorer_version: scorer.version(),
        measure: measure.id.to_owned(),
        domain: DOMAIN.to_owned(),
        language,
        truth: TRUTH.to_owned(),
        held_out: true,
        categories: names.iter().map(|name| (*name).to_owned()).collect(),
        groups: groups.into_iter().map(|(group, counts)| GroupMatrix { group, counts }).collect(),
    })
}

fn agreement(scorer: &dyn Scorer, measure: &Measure, language: Language, rows: &[&ValidationRow]) -> Option<AgreementRecord> {
    let (mut pairs, mut missing) = (Vec::new(), 0);
    let mut counted: BTreeSet<&str> = BTreeSet::new();
    for row in rows {
        let Some(&meant) = row.values.get(measure.id).filter(|_| counted.insert(&row.text)) else { continue };
        match read(scorer, measure, row) {
            Value::Number(number) => pairs.push((meant, number)),
            _ => missing += 1,
        }
    }
    let (pearson, spearman) = correlations(&pairs)?;
    Some(AgreementRecord {
        scorer: scorer.id().to_owned(),
        scorer_version: scorer.version(),
        measure: measure.id.to_owned(),
        domain: DOMAIN.to_owned(),
        language,
        truth: TRUTH.to_owned(),
        held_out: true,
        compared: pairs.len() as u64,
        missing,
        pearson,
        spearman,
    })
}
