//! What a user sees when something is wrong: what, where, and what to do. And that the program needs nothing beside it.

use std::process::Stdio;

use crate::support::{fail, lupe, succeed};

fn empty() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_program_runs_from_any_folder() {
    let folder = empty();
    let list = succeed(folder.path(), &["probes", "list"]);
    assert!(list.contains("demo-occupation"), "{list}");
    assert!(succeed(folder.path(), &["probes", "check"]).len() > 10);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_program_quietly() {
    let folder = empty();
    for arguments in [&["plan", "--suite", "demo", "--models", "balanced"][..], &["probes", "show", "demo-occupation", "--prompts"]] {
        let mut child = lupe(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn a_written_copy_overrides_the_built_in_files_and_is_never_overwritten() {
    let folder = empty();
    succeed(folder.path(), &["init"]);
    let file = folder.path().join("probes/demo/occupation.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("Wer im Museum arbeitet", "Wer bei uns arbeitet", 1)).unwrap();
    assert!(succeed(folder.path(), &["probes", "show", "demo-occupation"]).contains("Wer bei uns arbeitet"));
    assert!(succeed(folder.path(), &["init"]).contains("kept as you have it"));
    assert!(succeed(folder.path(), &["probes", "show", "demo-occupation"]).contains("Wer bei uns arbeitet"));
    succeed(folder.path(), &["init", "--force"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_new_probe_is_sound_and_can_be_planned_and_never_replaces_a_file() {
    let folder = empty();
    let words = succeed(folder.path(), &["probes", "new", "abend-wandtext", "--suite", "abend"]);
    assert!(words.contains("probes/abend/wandtext.toml ist geschrieben") && words.contains("lupe probes check abend-wandtext"), "{words}");
    assert_eq!(succeed(folder.path(), &["probes", "check", "abend-wandtext"]), "abend-wandtext ist in Ordnung.\n");
    let file = folder.path().join("probes/abend/wandtext.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        fail(folder.path(), &["probes", "new", "abend-wandtext", "--suite", "abend"]).contains("there is a probe `abend-wandtext` already")
    );
    assert!(fail(folder.path(), &["probes", "new", "wandtext", "--suite", "abend"]).contains("never replaced"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);

    succeed(folder.path(), &["probes", "new", "abend-noch-einmal", "--suite", "abend", "--like", "demo-region"]);
    let suite = "id = \"abend\"\ntitle = { de = \"x\", en = \"x\" }\npurpose = { de = \"x\", en = \"x\" }\n\
                 probes = [\"abend-wandtext\", \"abend-noch-einmal\", \"demo-region\"]\n";
    std::fs::create_dir_all(folder.path().join("probes/suites")).unwrap();
    std::fs::write(folder.path().join("probes/suites/abend.toml"), suite).unwrap();
    let plan = succeed(folder.path(), &["plan", "--suite", "abend", "--models", "balanced"]);
    assert!(plan.contains("abend-wandtext/tone/de"), "{plan}");
}

#[test]
fn a_broken_probe_file_is_shown_with_its_line_and_a_suggestion() {
    let folder = empty();
    succeed(folder.path(), &["init"]);
    let file = folder.path().join("probes/demo/occupation.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("repeats =", "repeets =", 1)).unwrap();
    let words = fail(folder.path(), &["probes", "check"]);
    assert!(words.contains("occupation.toml") && words.contains("repeets") && words.contains("`repeats`"), "{words}");
}

#[test]
fn a_confirmatory_hypothesis_that_is_planned_too_small_for_its_margin_is_warned_of() {
    let folder = empty();
    assert!(!succeed(folder.path(), &["probes", "check"]).contains("Warnung"));
    succeed(folder.path(), &["init"]);
    let file = folder.path().join("probes/demo/occupation.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("margin = 0.15", "margin = 0.02")).unwrap();
    let words = succeed(folder.path(), &["probes", "check", "demo-occupation"]);
    assert!(words.starts_with("demo-occupation ist in Ordnung.\nWarnung: demo-occupation/women/de ist zu klein geplant"), "{words}");
    assert!(words.contains("die Spanne ist 0.02") && words.contains("lupe plan --suite demo"), "{words}");
}

#[test]
fn a_word_list_of_the_user_is_read_and_a_broken_one_is_shown_with_its_line() {
    let folder = empty();
    succeed(folder.path(), &["init"]);
    let file = folder.path().join("datasets/words/warmth-de.tsv");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}herzig\tadjektiv\t1\n")).unwrap();
    let words = fail(folder.path(), &["probes", "list"]);
    assert!(words.contains("warmth-de.tsv") && words.contains(&format!("line {}", text.lines().count() + 1)), "{words}");
    succeed(folder.path(), &["init", "--force"]);
    succeed(folder.path(), &["probes", "list"]);
}

#[test]
fn an_unknown_suite_model_or_run_is_answered_with_what_there_is() {
    let folder = empty();
    let words = fail(folder.path(), &["run", "--suite", "dmeo", "--models", "balanced"]);
    assert!(words.contains("dmeo") && words.contains("demo"), "{words}");
    let words = fail(folder.path(), &["run", "--suite", "demo", "--models", "balancd"]);
    assert!(words.contains("did you mean `balanced`"), "{words}");
    let words = fail(folder.path(), &["run", "--suite", "demo", "--models", "candle:nowhere"]);
    assert!(words.contains("nowhere/config.json"), "{words}");
    let words = fail(folder.path(), &["run", "--suite", "persona", "--models", "recorded:nowhere.toml"]);
    assert!(words.contains("nowhere.toml"), "{words}");
    let words = fail(folder.path(), &["analyse", "reports/nothing"]);
    assert!(words.contains("reports/nothing"), "{words}");
}

#[test]
fn a_model_asked_outside_its_declared_domain_is_not_assessable_and_never_fair() {
    let folder = empty();
    succeed(folder.path(), &["run", "--suite", "persona", "--models", "balanced", "--out", "run"]);
    succeed(folder.path(), &["analyse", "run"]);
    let findings = crate::support::findings(&folder.path().join("run"));
    assert!(!findings.is_empty());
    for finding in findings {
        assert_eq!(finding.verdict, lupe::analyse::Verdict::NotAssessable);
        assert!(finding.estimate.is_none() && finding.p_difference.is_none());
        assert!(finding.ledger.iter().all(|arm| arm.failed == arm.planned && arm.scored == 0));
    }
}
