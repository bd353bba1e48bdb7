//! Worker processes killed at any moment, and what is left when the run goes on.
//!
//! The processes are this test program itself, started again with [`ROLE`] set.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use proptest::prelude::*;

use super::*;

const ROLE: &str = "LUPE_TEST_ROLE";
const FOLDER: &str = "LUPE_TEST_RUN";

/// This program as `role` on the run in `folder`.
fn process(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    // The path of the test below without the crate's name.
    let (_, path) = module_path!().split_once("::").unwrap();
    command.args([&format!("{path}::as_another_process"), "--exact", "--quiet", "--nocapture"]).env(ROLE, role).env(FOLDER, folder);
    command
}

/// No test by itself: the body of the processes that the tests below start.
#[test]
fn as_another_process() {
    let (Ok(role), Some(folder)) = (std::env::var(ROLE), std::env::var_os(FOLDER)) else { return };
    let folder = Path::new(&folder);
    let (interruptible, role) = match role.strip_prefix("interruptible ") {
        Some(role) => (true, role),
        None => (false, role.as_str()),
    };
    let stop = if interruptible { stop_on_interrupt().unwrap() } else { Arc::new(AtomicBool::new(false)) };
    stop_when_parent_is_gone(&stop);
    // The parent knows from it that the work is about to begin.
    report_line(&Event::Started { requests: 0, already: 0 });
    let mut slow =
        |name: &str| Ok(Box::new(Hasher { delay: Duration::from_millis(1), ..Hasher::new(&name.to_lowercase()) }) as Box<dyn Backend>);
    match role {
        "gather" => {
            gather(folder).unwrap();
        }
        "supervise" => {
            let make = |share: Share| process(&share.to_string(), folder);
            supervise(folder, 2, make, &stop, &mut Meter::silent()).unwrap();
        }
        "die" => std::process::exit(3),
        share => {
            work(folder, share.parse().unwrap(), &mut slow, &stop, &mut report_line).unwrap();
        }
    }
}

fn start(role: &str, folder: &Path) -> Child {
    process(role, folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Wait until `child` has begun and reported `packs` packs, or is done. Its output stays open as long as the value returned.
fn watch_packs(child: &mut Child, packs: usize) -> BufReader<ChildStdout> {
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let events = output.by_ref().lines().map_while(Result::ok).filter_map(|line| serde_json::from_str::<Event>(&line).ok());
    let mut packs_left = packs;
    for event in events {
        packs_left -= usize::from(matches!(event, Event::Pack { .. }));
        if packs_left == 0 {
            break;
        }
    }
    output
}

/// SIGKILL so many packs and microseconds after it has begun, unless it is done by then.
fn kill_after(mut child: Child, packs: usize, micros: u64) {
    let _output = watch_packs(&mut child, packs);
    std::thread::sleep(Duration::from_micros(micros));
    child.kill().unwrap();
    child.wait().unwrap();
}

fn finish(folder: &Path, jobs: u32) -> Summary {
    let make = |share: Share| process(&share.to_string(), folder);
    let summary = supervise(folder, jobs, make, &AtomicBool::new(false), &mut Meter::silent()).unwrap();
    assert_eq!((&summary.problems[..], &summary.lost[..], summary.stopped), (&[][..], &[][..], false));
    merge(folder).unwrap();
    summary
}

/// Every planned request has one response, and every outcome is counted.
fn ledger_adds_up(folder: &Path, plan: &Plan) {
    let joined = Run::open(folder).unwrap().joined().unwrap();
    let requests: Vec<Request> = joined.rows.iter().map(|(request, _, _)| request.clone()).collect();
    assert_eq!(requests, plan.requests);
    assert!(joined.open.is_empty());
    let answered = joined.rows.iter().filter(|(_, _, response)| response.outcome == Outcome::Answered).count();
    assert_eq!(answered, plan.requests.len() - plan.declined.len());
}

#[test]
fn jobs_equal_one_worker_in_this_process() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let summary = finish(folder.path(), 3);
    assert_eq!((summary.packs, summary.requests, summary.already), (plan.packs.len(), plan.requests.len(), 0));
    ledger_adds_up(folder.path(), &plan);
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
    let again = finish(folder.path(), 2);
    assert_eq!((again.packs, again.already), (0, plan.requests.len()));
}

#[test]
fn a_worker_that_breaks_down_is_reported_and_the_others_finish() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let make = |share: Share| process(if share.index() == 1 { "die" } else { "hash:2/2" }, folder.path());
    let summary = supervise(folder.path(), 2, make, &AtomicBool::new(false), &mut Meter::silent()).unwrap();
    assert_eq!(summary.lost.len(), 1);
    assert_eq!(summary.lost[0].share, share("hash:1/2"));
    assert!(summary.packs > 0);
    assert!(matches!(merge(folder.path()), Err(RunError::Gaps { .. })));
    finish(folder.path(), 2);
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_stop_reaches_the_workers_and_they_finish_their_packs() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let stop = AtomicBool::new(false);
    let make = |share: Share| process(&share.to_string(), folder.path());
    let summary = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(60));
            stop.store(true, Ordering::SeqCst);
        });
        supervise(folder.path(), 2, make, &stop, &mut Meter::silent()).unwrap()
    });
    assert!(summary.lost.is_empty(), "{:?}", summary.lost);
    assert_eq!(Run::open(folder.path()).unwrap().responses().unwrap().len(), summary.requests);
    finish(folder.path(), 1);
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn workers_do_not_outlive_a_parent_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let parent = start("supervise", folder.path());
    kill_after(parent, 0, 80_000);
    // Gathering has the run alone, so it waits for the workers to notice; their whole work would take longer.
    let waiting = Instant::now();
    gather(folder.path()).unwrap();
    assert!(waiting.elapsed() < Duration::from_secs(5), "{:?}", waiting.elapsed());
    finish(folder.path(), 2);
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn an_interrupted_worker_ends_in_good_order_after_its_pack() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let mut child = start("interruptible hash:1/1", folder.path());
    let _output = watch_packs(&mut child, 3);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    // Waiting closes the worker's standard input: told to stop twice, by signal and by its parent, it still finishes its pack.
    assert!(child.wait().unwrap().success());
    gather(folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    let done = run.seconds().unwrap().len();
    assert!((3..plan.packs.len()).contains(&done), "{done} packs");
    assert_eq!(finish(folder.path(), 1).packs, plan.packs.len() - done);
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

/// One thing that happens to a run before it may finish.
#[derive(Clone, Debug)]
struct Blow {
    role: String,
    packs: usize,
    micros: u64,
}

fn blow() -> impl Strategy<Value = Blow> {
    let worker = (1u32..=3).prop_flat_map(|of| (1..=of, Just(of))).prop_map(|(index, of)| format!("hash:{index}/{of}"));
    prop_oneof![
        6 => (worker, 0usize..30, 0u64..3_000).prop_map(|(role, packs, micros)| Blow { role, packs, micros }),
        2 => (0u64..15_000).prop_map(|micros| Blow { role: "gather".into(), packs: 0, micros }),
        1 => (0u64..80_000).prop_map(|micros| Blow { role: "supervise".into(), packs: 0, micros }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn however_often_it_is_killed_a_resumed_run_equals_an_uninterrupted_one(blows in proptest::collection::vec(blow(), 1..8), jobs in 1u32..4) {
        let folder = tempfile::tempdir().unwrap();
        let plan = plan_all(folder.path());
        for blow in blows {
            kill_after(start(&blow.role, folder.path()), blow.packs, blow.micros);
        }
        finish(folder.path(), jobs);
        ledger_adds_up(folder.path(), &plan);
        prop_assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
    }
}
