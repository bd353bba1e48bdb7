//! Benchmarks of the field on the files of their authors: published figures, our intervals beside them, and the whole way to a report.

use std::path::Path;

use lupe::benchmark::{self, Figure, Imported, Order};
use lupe::shared_data;

/// Import `files` of the shared data.
fn import(kind: &str, data: &Path, files: &[&str], out: &Path) -> Imported {
    let files = files.iter().map(|file| data.join("data").join(file)).collect();
    benchmark::import(kind, &Order { files, ..Order::default() }, out).unwrap()
}

fn figure<'a>(figures: &'a [Figure], measure: &str, part: &str, model: &str) -> &'a Figure {
    let same = |figure: &&Figure| (figure.measure.as_str(), figure.part.as_str(), figure.model.as_str()) == (measure, part, model);
    figures.iter().find(same).unwrap_or_else(|| panic!("no figure {measure} of {part} for {model}"))
}

fn near(figure: &Figure, published: f64, tolerance: f64) {
    let found = figure.authors.unwrap();
    assert!(
        (found - published).abs() <= tolerance,
        "{} of {} for {}: {found}, published {published}",
        figure.measure,
        figure.part,
        figure.model
    );
}

#[test]
fn bbq_scores_of_unifiedqa_are_those_that_its_authors_published() {
    let Some(data) = shared_data("bbq") else { return };
    let home = tempfile::tempdir().unwrap();
    let files = ["bbq/predictions/unifiedqa_Age.jsonl", "bbq/predictions/unifiedqa_Religion.jsonl"];
    let imported = import("bbq", &data, &files, home.path());
    // Parrish et al. 2022, figure of bias scores in ambiguous contexts.
    let published = [("Age", "arc", 48.9), ("Age", "race", 29.8), ("Religion", "arc", 24.5), ("Religion", "race", 14.3)];
    for (part, format, score) in published {
        let model = format!("unifiedqa-t5-11b_pred_{format}");
        let figure = figure(&imported.benchmark.figures, "bbq-bias-ambiguous", part, &model);
        near(figure, score, 0.1);
        let (naive, ours) = (figure.naive.unwrap(), figure.ours.as_ref().unwrap());
        assert_eq!(ours.clusters, 25);
        assert!((ours.estimate - figure.authors.unwrap()).abs() < 1e-9);
        let widening = (ours.interval.upper - ours.interval.lower) / (naive.upper - naive.lower);
        println!("{part} {format}: {:?} naive {naive:?} clustered {:?} x{widening:.2} {:?}", figure.authors, ours.interval, ours.verdict);
        assert!(widening > 1.5, "{part} {format}: answers to one template resemble each other");
    }
}
