//! Disks that fill up, files that break, programs that are too old, two workers who want the same.

use super::*;
use crate::run::database::Store;
use crate::run::folder::{Lock, store_path, worker_path};
use crate::run::work::Shift;

#[test]
fn a_full_disk_costs_the_last_pack_only() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let small = |path: &Path| Store::worker(path).inspect(|store| store.limit_pages(20));
    let mut shift = Shift::begin(folder.path(), Share::ALL, small).unwrap();
    let mut packs = 0;
    let error = shift.run(&mut open, &AtomicBool::new(false), &mut |event| packs += usize::from(matches!(event, Event::Pack { .. })));
    let error = error.unwrap_err();
    assert!(matches!(error, RunError::DiskFull { .. }), "{error}");
    assert!(packs > 0);
    drop(shift);
    let store = Store::worker(&worker_path(folder.path(), Share::ALL)).unwrap();
    assert_eq!(store.finished().unwrap().len(), packs, "what was reported as committed is there");
    drop(store);
    work_share(folder.path(), Share::ALL);
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_store_of_a_newer_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), Share::ALL);
    for path in [worker_path(folder.path(), Share::ALL), store_path(folder.path())] {
        let store = Store::worker(&path).unwrap();
        store.vandalise("UPDATE meta SET value = '99'");
        store.settle().unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = merge(folder.path()).unwrap_err();
        assert!(matches!(&error, RunError::NewerStore { found: 99, path: named, .. } if *named == path), "{error}");
        assert!(before == std::fs::read(&path).unwrap(), "{} was changed", path.display());
    }
    let error = Run::open(folder.path()).err().unwrap();
    assert!(error.to_string().contains("store version 99"), "{error}");
}

#[test]
fn stores_of_version_1_are_read_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), Share::ALL);
    for path in [worker_path(folder.path(), Share::ALL), store_path(folder.path())] {
        let store = Store::worker(&path).unwrap();
        store.vandalise("UPDATE meta SET value = '1'; DROP TABLE raw;");
        store.settle().unwrap();
    }
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
    assert!(Run::open(folder.path()).unwrap().raw().unwrap().is_empty());
}

#[test]
fn what_came_over_the_wire_is_kept_beside_the_responses_and_enters_no_digest() {
    let digest_with = |body: &str| {
        let folder = tempfile::tempdir().unwrap();
        plan_all(folder.path());
        let mut shift = Shift::begin(folder.path(), Share::ALL, Store::worker).unwrap();
        let raw = crate::store::Raw { attempts: 2, tokens_read: 11, tokens_written: 7, body: body.to_owned() };
        let wired = raw.clone();
        let mut open = |name: &str| open(name).map(|inner| Box::new(Wired { inner, raw: wired.clone() }) as Box<dyn Backend>);
        shift.run(&mut open, &AtomicBool::new(false), &mut |_| {}).unwrap();
        shift.store.settle().unwrap();
        merge(folder.path()).unwrap();
        let run = Run::open(folder.path()).unwrap();
        let stored = run.raw().unwrap();
        assert!(!stored.is_empty() && stored.values().all(|stored| *stored == raw));
        run.digest().unwrap()
    };
    assert_eq!(digest_with("{\"created\": 1}"), digest_with("{\"created\": 2}"));
    assert_eq!(digest_with(""), uninterrupted());
}

/// A model that is reached over a wire.
struct Wired {
    inner: Box<dyn Backend>,
    raw: crate::store::Raw,
}

impl Backend for Wired {
    fn fingerprint(&self) -> &str {
        self.inner.fingerprint()
    }

    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        let responses = self.inner.answer(pack)?;
        Ok(responses.into_iter().map(|response| Response { raw: Some(self.raw.clone()), ..response }).collect())
    }
}

#[test]
fn damage_is_named_with_its_file_and_never_taken_for_data() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), Share::ALL);
    let worker = worker_path(folder.path(), Share::ALL);
    let good = std::fs::read(&worker).unwrap();
    let mut torn = good.clone();
    let middle = torn.len() / 2;
    torn[4096..middle].fill(0xA5);
    for bytes in [b"these are no tables".repeat(400), torn] {
        std::fs::write(&worker, &bytes).unwrap();
        let error = merge(folder.path()).unwrap_err();
        assert!(matches!(&error, RunError::Damaged { path, .. } if *path == worker), "{error:?}");
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert!(help.contains("packs of this one worker"), "{help}");
        assert!(Run::open(folder.path()).unwrap().responses().unwrap().is_empty());
    }
    std::fs::write(&worker, &good).unwrap();
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_damaged_joined_store_is_named_too() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let path = store_path(folder.path());
    let mut torn = std::fs::read(&path).unwrap();
    torn[4096..].fill(0xA5);
    std::fs::write(&path, &torn).unwrap();
    let error = digest(folder.path()).unwrap_err();
    assert!(matches!(&error, RunError::Damaged { path: named, .. } if *named == path), "{error:?}");
    assert!(matches!(plan_for(folder.path(), &probes(), &[]), Err(RunError::Damaged { .. })));
}

#[test]
fn a_disk_that_fills_up_while_merging_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), Share::ALL);
    let before = digest(folder.path()).unwrap();
    let worker = worker_path(folder.path(), Share::ALL);
    let mut store = Store::existing(&store_path(folder.path())).unwrap();
    store.limit_pages(1);
    let error = crate::run::merge::join(&mut store, &worker).unwrap_err();
    assert!(matches!(error, RunError::DiskFull { .. }), "{error}");
    drop(store);
    assert_eq!(digest(folder.path()).unwrap(), before);
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_store_that_was_never_begun_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    std::fs::create_dir_all(folder.path().join("workers")).unwrap();
    std::fs::write(worker_path(folder.path(), Share::ALL), b"").unwrap();
    work_share(folder.path(), Share::ALL);
    std::fs::write(worker_path(folder.path(), share("hash:1/2")), b"").unwrap();
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_second_worker_with_the_same_share_is_kept_out() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let _first = Shift::begin(folder.path(), Share::ALL, Store::worker).unwrap();
    let error = Shift::begin(folder.path(), Share::ALL, Store::impatient_worker).err().unwrap();
    assert!(matches!(error, RunError::Busy { .. }), "{error}");
    Shift::begin(folder.path(), share("hash:1/2"), Store::impatient_worker).unwrap();
}

#[test]
fn workers_share_the_run_and_nobody_merges_while_they_work() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let path = folder.path();
    let (_one, _two) = (Lock::shared(path).unwrap(), Lock::shared(path).unwrap());
    let error = Lock::alone_within(path, Duration::ZERO).err().unwrap();
    assert!(matches!(error, RunError::Busy { .. }), "{error}");
}

#[test]
fn one_hundred_thousand_responses_are_read_in_id_order() {
    let folder = tempfile::tempdir().unwrap();
    let fast = Hasher { pack_tokens: Some(100_000), ..Hasher::new("a") };
    let often = Options { repeats: std::num::NonZeroU32::new(2084), ..Options::default() };
    plan(folder.path(), "test", &[probe("p", 1, generate)], &planned(&[("A", &fast)]), &often).unwrap();
    let start = std::time::Instant::now();
    work_share(folder.path(), Share::ALL);
    let worked = start.elapsed();
    merge(folder.path()).unwrap();
    let merged = start.elapsed();
    let joined = Run::open(folder.path()).unwrap().joined().unwrap();
    println!("100 032 requests: worked in {worked:?}, merged in {:?}, read in {:?}", merged - worked, start.elapsed() - merged);
    assert_eq!(joined.rows.len(), 48 * 2084);
    assert!(joined.rows.is_sorted_by(|one, other| one.0.id < other.0.id));
}
