//! The program as a user starts it, in a folder of its own.

use std::path::Path;
use std::process::{Command, Output};

use lupe::analyse::Finding;

/// The program, to be run in `folder`.
pub fn lupe(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lupe"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").env_remove("LUPE_LOG");
    command
}

/// Run it to the end and expect success; the words on standard output.
pub fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = lupe(folder, arguments).output().unwrap();
    assert!(output.status.success(), "lupe {arguments:?}: {}", words(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Run it to the end and expect failure; the words on standard error.
pub fn fail(folder: &Path, arguments: &[&str]) -> String {
    let output = lupe(folder, arguments).output().unwrap();
    assert!(!output.status.success(), "lupe {arguments:?} should have failed: {}", words(&output));
    String::from_utf8(output.stderr).unwrap()
}

fn words(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The findings of an analysed run.
pub fn findings(run: &Path) -> Vec<Finding> {
    serde_json::from_str(&std::fs::read_to_string(run.join("findings.json")).unwrap()).unwrap()
}
