//! The figures of a benchmark as a short table for the terminal. In: a [`Benchmark`]. Out: lines of text in one language.

use std::collections::BTreeMap;

use super::{Benchmark, Figure};
use crate::lang::wording::{Wording, numbers};
use crate::stats::Interval;
use crate::store::Language;

/// Figures as a table: authors' number, naive and clustered interval, clusters, verdict. Empty without figures.
pub fn of(benchmark: &Benchmark, language: Language) -> String {
    if benchmark.figures.is_empty() {
        return String::new();
    }
    let wording = Wording::of(language);
    let heading = ["figure", "authors", "naive", "clustered", "clusters", "verdict"]
        .map(|column| wording.text(&format!("benchmark-column-{column}")));
    let mut rows = vec![heading.to_vec()];
    let mut model = "";
    for figure in &benchmark.figures {
        if figure.model != model {
            model = &figure.model;
            rows.push(vec![model.to_owned()]);
        }
        rows.push(row(figure, wording));
    }
    let widths: Vec<usize> = (0..heading.len())
        .map(|at| rows.iter().filter(|row| row.len() > 1).map(|row| row[at].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect::<Vec<_>>().join("  ");
        text += cells.trim_end();
        text.push('\n');
    }
    text += &left_out(benchmark, wording);
    text.push_str(&wording.text("benchmark-footnote"));
    text.push('\n');
    text
}

fn row(figure: &Figure, wording: &Wording) -> Vec<String> {
    let number = |value: f64| numbers::decimal(value, 1, wording.language());
    let fine = |value: f64| {
        if value.abs() < 10.0 && figure.measure.ends_with("effect") {
            numbers::decimal(value, 2, wording.language())
        } else {
            number(value)
        }
    };
    let interval = |interval: Interval| {
        wording.with("benchmark-interval", &[("low", fine(interval.lower).into()), ("high", fine(interval.upper).into())])
    };
    let ours = figure.ours.as_ref();
    let verdict = ours.and_then(|ours| ours.verdict).map(|verdict| {
        let id = serde_json::to_value(verdict).ok().and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        wording.text(&format!("verdict-{id}.exploratory"))
    });
    let none = || "–".to_owned();
    vec![
        format!("  {} · {}", wording.name("benchmark", &figure.measure), figure.part),
        figure.authors.map_or_else(none, fine),
        figure.naive.map_or_else(none, interval),
        ours.map_or_else(none, |ours| interval(ours.interval)),
        ours.map_or_else(none, |ours| ours.clusters.to_string()),
        verdict.unwrap_or_else(none),
    ]
}

/// What does not count, by reason, over all figures of one model the largest number: the same answer is missing in several figures.
fn left_out(benchmark: &Benchmark, wording: &Wording) -> String {
    let mut most: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for figure in &benchmark.figures {
        for (reason, count) in &figure.left_out {
            let here = most.entry((&figure.model, &figure.part, reason)).or_default();
            *here = (*here).max(*count);
        }
    }
    let line = |((model, part, reason), count): ((&str, &str, &str), usize)| {
        let arguments = [
            ("model", model.into()),
            ("part", part.into()),
            ("count", (count as f64).into()),
            ("reason", wording.name("benchmark-left-out", reason).into()),
        ];
        format!("{}\n", wording.with("benchmark-left-out", &arguments))
    };
    most.into_iter().map(line).collect()
}
