//! The program as a user starts it, in a folder of its own.

use std::path::Path;
use std::process::{Command, Output};

use lupe::analyse::Finding;
use lupe::model::{Ask, ModelError, Opened};
use lupe::store::{Language, Prompt, Request, Response, Sampling, Task};

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

/// One task put to an opened model, greedily, 50 tokens at most.
pub fn ask(opened: &mut Opened, task: Task) -> Result<Response, ModelError> {
    let prompt = Prompt {
        id: "p".into(),
        probe: "p".into(),
        probe_version: 1,
        template: "t".into(),
        context: String::new(),
        language: Language::De,
        levels: Default::default(),
        pair: String::new(),
        task,
        expect: Default::default(),
    };
    let request = Request {
        id: "r".into(),
        prompt: "p".into(),
        model: "m".into(),
        fingerprint: opened.backend.fingerprint().to_owned(),
        sampling: Sampling { temperature: 0.0, top_p: 1.0, max_tokens: 50 },
        seed: 3,
        repeat: 0,
    };
    let mut responses = opened.backend.answer(&[Ask { request: &request, prompt: &prompt }])?;
    assert_eq!(responses.len(), 1);
    Ok(responses.remove(0))
}
