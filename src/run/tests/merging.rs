//! Shards in any order, gaps, quarrels and strangers.

use std::collections::BTreeSet;

use super::*;
use crate::run::database::Store;
use crate::run::folder::{store_path, worker_path};

#[test]
fn shards_merged_in_any_order_equal_one_uninterrupted_worker() {
    let whole = uninterrupted();
    for (of, order) in [(2, vec![2, 1]), (3, vec![2, 3, 1]), (5, vec![4, 1, 5, 3, 2])] {
        let folder = tempfile::tempdir().unwrap();
        plan_all(folder.path());
        for index in order {
            let share = Share::new(index, of).unwrap();
            work_share(folder.path(), share);
            // Every second one is joined at once, the others at the end, in name order.
            if index % 2 == 0 {
                gather(folder.path()).unwrap();
            }
        }
        merge(folder.path()).unwrap();
        assert_eq!(digest(folder.path()).unwrap(), whole);
        assert_eq!(std::fs::read_dir(folder.path().join("workers")).unwrap().count(), 0, "joined stores are removed");
    }
}

#[test]
fn overlapping_shards_agree_and_count_once() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    for text in ["hash:1/1", "hash:1/2", "hash:2/3"] {
        work_share(folder.path(), share(text));
    }
    let gathered = merge(folder.path()).unwrap();
    assert_eq!((gathered.stores, gathered.responses), (3, 2 * 240));
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_merge_with_gaps_names_them_and_keeps_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let done = work_share(folder.path(), share("hash:2/3"));
    let error = merge(folder.path()).unwrap_err();
    let RunError::Gaps { gaps, .. } = &error else { panic!("{error}") };
    let missing: BTreeSet<&String> = gaps.iter().flat_map(|gap| &gap.packs).collect();
    let expected: BTreeSet<&String> = plan.packs.iter().map(|pack| &pack.id).filter(|id| !share("hash:2/3").holds(id)).collect();
    assert_eq!(missing, expected);
    assert_eq!(gaps.iter().map(|gap| gap.requests).sum::<usize>(), plan.requests.len() - done.requests);
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    assert!(help.contains("the same `lupe run` command"), "{help}");
    let joined = Run::open(folder.path()).unwrap().joined().unwrap();
    assert_eq!((joined.rows.len(), joined.open.len()), (done.requests, plan.requests.len() - done.requests));
    for text in ["hash:1/3", "hash:3/3"] {
        work_share(folder.path(), share(text));
    }
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn two_different_answers_to_one_request_are_named_and_neither_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), share("hash:1/2"));
    work_share(folder.path(), share("hash:1/1"));
    let bad = worker_path(folder.path(), share("hash:1/2"));
    let store = Store::worker(&bad).unwrap();
    let request = store.responses().unwrap()[0].request.clone();
    store.vandalise(&format!("UPDATE responses SET body = replace(body, 'Answered', 'answered') || ' ' WHERE request = '{request}'"));
    store.settle().unwrap();
    let error = merge(folder.path()).unwrap_err();
    let RunError::Disagreement { request: named, worker, .. } = &error else { panic!("{error}") };
    assert_eq!((named, worker), (&request, &bad));
    assert!(bad.exists());
    assert_eq!(Run::open(folder.path()).unwrap().responses().unwrap().len(), 2 * 240);
    std::fs::remove_file(bad).unwrap();
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_store_of_another_run_is_refused() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    plan_all(here.path());
    plan_for(there.path(), &probes(), &[("C", &Hasher::new("c"))]).unwrap();
    work_share(there.path(), Share::ALL);
    work_share(here.path(), share("hash:1/2"));
    let strange = worker_path(here.path(), share("hash:2/2"));
    std::fs::copy(worker_path(there.path(), Share::ALL), &strange).unwrap();
    let error = merge(here.path()).unwrap_err();
    assert!(matches!(&error, RunError::Foreign { path, .. } if *path == strange), "{error}");
    assert!(strange.exists());
}

#[test]
fn a_run_amended_half_way_equals_one_planned_at_once() {
    let whole = tempfile::tempdir().unwrap();
    let (a, b) = (Hasher::new("a"), Hasher::new("b"));
    let all = probes();
    plan_for(whole.path(), &all[..2], &[("A", &a)]).unwrap();
    plan_for(whole.path(), &all, &[("A", &a), ("B", &b)]).unwrap();
    work_share(whole.path(), Share::ALL);
    merge(whole.path()).unwrap();

    let amended = tempfile::tempdir().unwrap();
    plan_for(amended.path(), &all[..2], &[("A", &a)]).unwrap();
    let first = work_share(amended.path(), Share::ALL);
    merge(amended.path()).unwrap();
    plan_for(amended.path(), &all, &[("A", &a), ("B", &b)]).unwrap();
    assert!(matches!(merge(amended.path()), Err(RunError::Gaps { .. })));
    let second = work_share(amended.path(), Share::ALL);
    merge(amended.path()).unwrap();
    assert_eq!((first.requests, second.already, second.requests), (192, 192, 48 + 240));
    assert_eq!(digest(whole.path()).unwrap(), digest(amended.path()).unwrap());
}

#[test]
fn joined_puts_every_response_to_its_request_and_prompt() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), Share::ALL);
    merge(folder.path()).unwrap();
    let run = Run::open(folder.path()).unwrap();
    let joined = run.joined().unwrap();
    assert_eq!(joined.prompts, run.prompts().unwrap());
    assert!(joined.open.is_empty());
    let requests: Vec<Request> = joined.rows.iter().map(|(request, _, _)| request.clone()).collect();
    assert_eq!(requests, run.requests().unwrap());
    assert!(ids(&requests).is_sorted());
    for (request, prompt, response) in &joined.rows {
        assert_eq!((&request.id, &request.prompt), (&response.request, &joined.prompts[*prompt].id));
        let text = joined.prompts[*prompt].task.text();
        assert!(response.text.is_empty() || response.text.starts_with(text));
    }
    assert_eq!(run.seconds().unwrap().len(), run.packs().unwrap().len());
}

#[test]
fn a_response_without_a_plan_is_damage_not_data() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    work_share(folder.path(), Share::ALL);
    merge(folder.path()).unwrap();
    Store::existing(&store_path(folder.path())).unwrap().vandalise("DELETE FROM requests WHERE id IN (SELECT id FROM requests LIMIT 1)");
    let error = Run::open(folder.path()).unwrap().joined().unwrap_err();
    assert!(matches!(error, RunError::Damaged { .. }), "{error}");
}
