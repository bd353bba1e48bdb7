//! The instrument on its gauge blocks: what is planted is found, where it is and at its size.

use std::time::Instant;

use crate::support::succeed;

#[test]
fn the_demo_finds_what_is_planted_and_its_report_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let words = succeed(folder.path(), &["demo"]);
    let seconds = start.elapsed().as_secs();
    println!("demo: {seconds} s");
    assert!(seconds < 180, "the demo took {seconds} s");
    assert!(words.contains("balanced") && words.contains("report-de.html"), "{words}");

    let table = succeed(folder.path(), &["reference", "check", "--run", "reports/demo"]);
    println!("{}", table.lines().rev().take(6).collect::<Vec<_>>().join("\n"));
    assert!(table.ends_with("all that is promised holds\n"), "{table}");
    let cells: Vec<&str> = table.lines().filter(|line| line.contains(" planted ")).collect();
    assert!(cells.len() == 368 && cells.iter().all(|cell| cell.contains(" exact ") && !cell.ends_with("measured –")), "{table}");
    assert!(table.contains("over 368 cells") && table.contains("0 cells are without a measured value"), "{table}");
    let by_measure = |measure: &str| -> f64 {
        let line = table.lines().find(|line| line.trim_start().starts_with(&format!("{measure}: slope"))).unwrap();
        line.split("R² ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
    };
    for measure in ["referent-gender", "origin", "theme", "valence", "competence", "warmth", "outcome", "choice-log-odds"] {
        assert!(by_measure(measure) >= 0.95, "{measure}: {table}");
    }

    let page = std::fs::read_to_string(folder.path().join("reports/demo/report-de.html")).unwrap();
    for part in ["<html lang=\"de\"", "Eichung mit Referenzmodellen", "kein relevanter Unterschied", "role=\"img\"", "Unterschied belegt"] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    let page = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "the page reaches out");
}

/// A slice of `lupe reference coverage`; the whole study is in docs/reference-models.md.
#[test]
fn intervals_of_simulated_audits_contain_the_exact_value() {
    let folder = tempfile::tempdir().unwrap();
    let words = succeed(folder.path(), &["reference", "coverage", "--models", "stereotyped", "--seeds", "10"]);
    let coverage: serde_json::Value = serde_json::from_str(&words).unwrap();
    let (share, intervals) = (coverage["share"].as_f64().unwrap(), coverage["intervals"].as_u64().unwrap());
    println!("coverage {share:.3} of {intervals} intervals");
    assert!(intervals > 300 && share > 0.93);
    for finding in ["demo-epoch/europe", "demo-region/industry"] {
        let covered = &coverage["by_hypothesis"][finding];
        assert!(covered[1].as_u64().unwrap() == 20, "{finding} has no exact value: {covered}");
    }
}
