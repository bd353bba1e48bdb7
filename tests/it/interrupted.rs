//! Killed halfway and started again, cut into shares and joined in any order, run twice: always the same bytes.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use lupe::stats::rng::Random;

use crate::support::{lupe, succeed};

const RUN: [&str; 9] = ["run", "--suite", "demo", "--models", "balanced,stereotyped", "--repeats", "2", "--out", "run"];

/// Digest of the stored rows, and the findings as they lie on disk.
fn outcome(folder: &Path) -> (String, String) {
    succeed(folder, &["analyse", "run"]);
    let run = folder.join("run");
    (lupe::run::digest(&run).unwrap(), std::fs::read_to_string(run.join("findings.json")).unwrap())
}

fn uninterrupted() -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &RUN);
    outcome(folder.path())
}

#[test]
fn a_run_killed_at_random_points_or_cut_into_shares_gives_the_same_bytes_as_an_uninterrupted_one() {
    let expected = uninterrupted();

    let mut rng = Random::new(20_261_123, "kill");
    let folder = tempfile::tempdir().unwrap();
    let mut kills = 0;
    for round in 0..8 {
        let mut command = lupe(folder.path(), &RUN);
        command.args(["--jobs", if round % 2 == 0 { "1" } else { "2" }]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150 + rng.below(900) as u64));
        if child.try_wait().unwrap().is_none() {
            kills += 1;
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(kills > 0, "no run was caught alive");
    succeed(folder.path(), &RUN);
    assert_eq!(outcome(folder.path()), expected);

    let folder = tempfile::tempdir().unwrap();
    for share in ["hash:3/3", "hash:1/3", "hash:2/3"] {
        let arguments: Vec<&str> = RUN.into_iter().chain(["--shard", share]).collect();
        succeed(folder.path(), &arguments);
    }
    succeed(folder.path(), &["merge", "run"]);
    assert_eq!(outcome(folder.path()), expected);

    // Run twice: nothing is asked again, nothing changes, and the same data are no second look.
    succeed(folder.path(), &RUN);
    assert_eq!(outcome(folder.path()), expected);
    let manifest = lupe::run::Manifest::read(&folder.path().join("run")).unwrap();
    assert_eq!((manifest.plannings.len(), manifest.looks.len()), (1, 1));
}
