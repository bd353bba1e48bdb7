//! What a user sees of a model's abilities and of its budget.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{findings, lupe, succeed};

/// A folder with a program that answers every prompt alike, named in lupe.toml with these limits.
fn with_program(limits: &str, more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_settings(folder.path(), limits, more);
    let program = folder.path().join("ask.sh");
    std::fs::write(&program, "#!/bin/sh\nread -r request\nprintf '{\"text\": \"Anna ist Restauratorin. Sie lebt in Münster.\"}\\n'\n")
        .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn write_settings(folder: &Path, limits: &str, more: &str) {
    let text = format!("[models.werkzeug]\nkind = \"command\"\ncommand = [\"./ask.sh\"]\nlimits = {{ {limits} }}\n{more}");
    std::fs::write(folder.join("lupe.toml"), text).unwrap();
}

const RUN: [&str; 7] = ["run", "--suite", "persona", "--models", "werkzeug", "--repeats", "2"];

#[test]
fn a_spent_budget_ends_the_run_cleanly_and_a_larger_one_goes_on() {
    let folder = with_program("max_requests = 5", "");
    for (jobs, left) in [("1", "7 requests left"), ("3", "7 requests left")] {
        let output = lupe(folder.path(), &RUN).args(["--jobs", jobs]).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{words}");
        assert!(words.contains("budget is spent") && words.contains(left), "{words}");
    }
    write_settings(folder.path(), "max_requests = 12", "");
    succeed(folder.path(), &RUN);
    succeed(folder.path(), &["analyse", "reports/persona"]);
    let ledger = &findings(&folder.path().join("reports/persona"))[0].ledger;
    assert_eq!(ledger.iter().map(|arm| arm.answered).sum::<u32>(), 12, "{ledger:?}");
}

#[test]
fn a_budget_is_shared_by_all_workers_and_spent_to_the_last_request() {
    let folder = with_program("max_requests = 11", "");
    let output = lupe(folder.path(), &RUN).args(["--jobs", "4"]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("1 requests left"), "{words}");
}

#[test]
fn the_doctor_shows_what_each_model_can_do_and_one_that_is_gone_hides_no_other() {
    let gone = "[models.fort]\nkind = \"openai\"\naddress = \"http://127.0.0.1:9/v1\"\nmodel = \"m\"\nlimits = { retries = 0 }\n";
    let folder = with_program("retries = 0", gone);
    let output = lupe(folder.path(), &["doctor"]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{words}");
    assert!(words.contains("the program ./ask.sh") && words.contains("choices cannot: ") && words.contains("demo-dialect-work"), "{words}");
    assert!(words.contains("127.0.0.1:9"), "{words}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_doctor_shows_how_far_rounded_products_are_from_exact_ones() {
    let Some(shared) = lupe::shared_data("the_doctor_shows_how_far_rounded_products_are_from_exact_ones") else { return };
    let model = format!("candle:{}?precision=bf16", shared.join("models/stories260k").display());
    let output = lupe(Path::new("."), &["doctor", "--models", &model]).output().unwrap();
    let words = String::from_utf8_lossy(&output.stdout);
    // Not every processor has such products; one that lacks them must say so.
    let refused = !output.status.success() && words.contains("this processor has no products in BF16");
    let distance = words.lines().find_map(|line| line.split_once("by at most ")).map(|(_, number)| number.trim().parse::<f64>().unwrap());
    assert!(refused || distance.is_some_and(|distance| distance > 0.0 && distance < 0.2), "{words}");
}
