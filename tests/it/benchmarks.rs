//! Benchmarks of the field on the files of their authors: published figures, our intervals beside them, and the whole way to a report.

use std::path::Path;

use lupe::benchmark::{self, Figure, Imported, Order};
use lupe::shared_data;

use crate::support::{findings, succeed};

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

#[test]
fn winomt_figures_of_google_are_those_that_its_authors_published() {
    let Some(data) = shared_data("winomt") else { return };
    let home = tempfile::tempdir().unwrap();
    let imported = import("winomt", &data, &["winomt/data/aggregates/en.txt", "winomt/translations/google/en-de.txt"], home.path());
    // Stanovsky et al. 2019, table 2, Google, German.
    for (measure, published) in [("winomt-accuracy", 59.4), ("winomt-f1-man", 66.4), ("winomt-f1-woman", 53.9)] {
        let figure = figure(&imported.benchmark.figures, measure, "de", "google en-de");
        println!("{measure}: {:?} {:?} {:?} {:?}", figure.authors, figure.naive, figure.ours, figure.left_out);
        near(figure, published, 0.1);
        assert_eq!((figure.counted, figure.left_out["failed"]), (3886, 2), "two lines translate another sentence than the set has there");
    }
    let gap = figure(&imported.benchmark.figures, "winomt-recall-gap", "de", "google en-de");
    println!("{gap:?}");
    println!("{:?}", imported.benchmark.notes);
}

#[test]
fn an_imported_benchmark_goes_the_whole_way_to_a_report() {
    let Some(data) = shared_data("benchmarks to the report") else { return };
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str| std::fs::canonicalize(data.join("data").join(name)).unwrap().display().to_string();
    let bbq = [file("bbq/predictions/unifiedqa_Religion.jsonl")];
    let winomt = [file("winomt/data/aggregates/en.txt"), file("winomt/translations/google/en-de.txt")];
    for (kind, files, answers) in [("bbq", bbq.as_slice(), 3 * 1200), ("winomt", winomt.as_slice(), 3888)] {
        let mut arguments = vec!["import", kind];
        arguments.extend(files.iter().map(String::as_str));
        arguments.extend(["--out", kind, "--language", "en"]);
        let words = succeed(home.path(), &arguments);
        assert!(words.contains("clustered"), "{words}");
        let mapping = format!("recorded:{kind}/mapping.toml");
        succeed(home.path(), &["--root", kind, "run", "--suite", kind, "--models", &mapping]);
        let run = format!("reports/{kind}");
        succeed(home.path(), &["--root", kind, "analyse", &run]);
        succeed(home.path(), &["--root", kind, "report", &run]);
        let findings = findings(&home.path().join(&run));
        let planned: u32 = findings.iter().flat_map(|finding| &finding.ledger).map(|ledger| ledger.planned).sum();
        assert_eq!(planned, answers, "{kind}: every recorded answer is in a ledger");
        assert!(findings.iter().all(|finding| finding.estimate.is_some() && finding.clusters.decisive >= 6), "{kind}");
        // The figures of the run are those of the import.
        let imported = std::fs::read_to_string(home.path().join(kind).join("benchmark.json")).unwrap();
        let imported: benchmark::Benchmark = serde_json::from_str(&imported).unwrap();
        let again = benchmark::figures(&home.path().join(kind), &home.path().join(&run)).unwrap();
        let values =
            |figures: &[Figure]| figures.iter().map(|f| (f.measure.clone(), f.part.clone(), f.authors, f.counted)).collect::<Vec<_>>();
        assert_eq!(values(&again.figures), values(&imported.figures), "{kind}");
    }
}
