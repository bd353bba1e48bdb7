//! Who is right where the scorer and the labels of the recorded answers differ. In: the judgments of docs/referent-gender.md, made in two readings of
//! the answers, and the sample of agreeing rows beside it. Out: agreement with the adjudicated labels, for the scorer and for counting words.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::agreement::{CALLED, MODELS, Row, called, confusion, rows};
use crate::stats::agreement::{Confusion, WithInterval};
use crate::stats::interval::wilson;

const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/referent-gender.md"));
const SAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/referent-gender-sample.csv"));
/// Agreeing rows read of Nemo, and of the other three together.
const SAMPLED: usize = 60;

/// A row of the document's table of disagreements.
struct Judged {
    model: &'static str,
    row: usize,
    label: &'static str,
    reading: &'static str,
    first: &'static str,
    second: &'static str,
}

fn judged() -> Vec<Judged> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
    DOCUMENT
        .lines()
        .filter_map(|line| match cells(line)[..] {
            [model, row, label, reading, first, second, _why] => {
                Some(Judged { model, row: row.parse().ok()?, label, reading, first, second })
            }
            _ => None,
        })
        .collect()
}

/// The label, but what the scorer read where both readings of the answer say that the scorer is right.
fn adjudicated(model: &str, judged: &[Judged], row: &Row) -> usize {
    let found = judged.iter().find(|judged| (judged.model, judged.row) == (model, row.number));
    found.filter(|judged| (judged.first, judged.second) == ("scorer", "scorer")).map_or(row.label, |judged| called(judged.reading))
}

fn shown(kappa: WithInterval) -> String {
    format!("{:.3} [{:.3}, {:.3}]", kappa.value, kappa.interval.lower, kappa.interval.upper)
}

fn documented(line: &str) {
    println!("{line}");
    assert!(DOCUMENT.contains(line), "docs/referent-gender.md should say: {line}");
}

#[test]
fn every_disagreement_with_a_label_is_judged_and_nothing_else() {
    let Some(shared) = crate::shared_data("every_disagreement_with_a_label_is_judged_and_nothing_else") else { return };
    let judged = judged();
    for (model, _) in MODELS {
        let rows = rows(&shared, model).0;
        let differ = rows.iter().filter(|row| row.label != row.read());
        let found: BTreeSet<_> = differ.map(|row| (row.number, CALLED[row.label], row.reading.as_str())).collect();
        let listed = judged.iter().filter(|judged| judged.model == model);
        assert_eq!(found, listed.map(|judged| (judged.row, judged.label, judged.reading)).collect(), "{model}");
    }
}

#[test]
fn two_readings_of_the_disagreements_agree_as_documented() {
    let verdict = |word: &str| ["scorer", "label", "open"].iter().position(|&name| name == word);
    let judged = judged();
    let (first, second): (Vec<usize>, Vec<usize>) =
        judged.iter().filter_map(|judged| Some((verdict(judged.first)?, verdict(judged.second)?))).unzip();
    let changed = first.iter().zip(&second).filter(|(first, second)| first != second).count();
    let kappa = Confusion::from_ratings(&first, &second, 3).unwrap().kappa(0.95).unwrap();
    documented(&format!("{changed} of {} judgments changed; kappa between the readings is {}", first.len(), shown(kappa)));
    let count = |number: usize| second.iter().filter(|&&verdict| verdict == number).count();
    documented(&format!("the scorer is right in {}, the label in {}, and {} are open", count(0), count(1), count(2)));
}

#[test]
fn agreement_with_adjudicated_labels_is_as_documented() {
    let Some(shared) = crate::shared_data("agreement_with_adjudicated_labels_is_as_documented") else { return };
    let judged = judged();
    for (model, _) in MODELS {
        let rows = rows(&shared, model).0;
        let truth = |row: &Row| adjudicated(model, &judged, row);
        let kept = |keep: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| keep(row)).collect::<Vec<_>>();
        let selections = [("all", kept(&|_| true)), ("odd half", kept(&|row| row.odd)), ("somebody", kept(&|row| truth(row) < 2))];
        for (name, rows) in selections {
            let cells = [
                kappa(&rows, |row| row.label, Row::read),
                kappa(&rows, |row| row.label, |row| row.counted),
                kappa(&rows, truth, Row::read),
                kappa(&rows, truth, |row| row.counted),
            ];
            documented(&format!("| {model} | {name} | {} | {} |", rows.len(), cells.join(" | ")));
        }
    }
}

fn kappa(rows: &[&Row], truth: impl Fn(&Row) -> usize, read: impl Fn(&Row) -> usize) -> String {
    shown(confusion(rows.iter().copied(), truth, read).kappa(0.95).unwrap())
}

#[test]
fn the_sample_of_agreeing_rows_is_drawn_by_hash_and_errs_as_documented() {
    let Some(shared) = crate::shared_data("the_sample_of_agreeing_rows_is_drawn_by_hash_and_errs_as_documented") else { return };
    let mut sample = csv::Reader::from_reader(SAMPLE.as_bytes());
    let sample: Vec<(String, usize, String)> = sample.deserialize().map(Result::unwrap).collect();
    let mut agreeing: Vec<(&str, Row)> = Vec::new();
    for (model, _) in MODELS {
        agreeing.extend(rows(&shared, model).0.into_iter().filter(|row| row.label == row.read()).map(|row| (model, row)));
    }
    agreeing.sort_by_cached_key(|(model, row)| Sha256::digest(format!("agree-1:{model}:{}", row.number)));
    let (nemo, others): (Vec<_>, Vec<_>) = agreeing.iter().partition(|(model, _)| *model == "Nemo");
    for (name, drawn, read) in [("Nemo", nemo, &sample[..SAMPLED]), ("the others", others, &sample[SAMPLED..])] {
        let drawn = &drawn[..SAMPLED];
        let places = |(model, row): &&(&str, Row)| ((*model).to_owned(), row.number);
        assert_eq!(
            drawn.iter().map(places).collect::<Vec<_>>(),
            read.iter().map(|(model, row, _)| (model.clone(), *row)).collect::<Vec<_>>()
        );
        let wrong = drawn.iter().zip(read).filter(|((_, row), (_, _, word))| row.label != called(word)).count();
        let interval = wilson(wrong as f64 / SAMPLED as f64, SAMPLED as f64, 0.95).unwrap();
        documented(&format!("{name}: {wrong} of {SAMPLED} wrong, Wilson interval 0 to {:.1} %", 100.0 * interval.upper));
    }
}
