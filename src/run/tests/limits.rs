//! Budgets: nothing is overdrawn, nothing is lost, and a run goes on where the money ended.

use std::num::NonZeroU64;

use super::*;

/// A model without packs: one request each, as servers have it.
fn server(limits: Limits) -> Hasher {
    Hasher { pack_tokens: None, limits, ..Hasher::new("a") }
}

fn planned_for(model: &Hasher) -> (tempfile::TempDir, Plan) {
    let folder = tempfile::tempdir().unwrap();
    let (plan, _) = plan_for(folder.path(), &[probe("erzählen", 3, generate)], &[("A", model)]).unwrap();
    (folder, plan)
}

fn work_with(folder: &Path, model: &Hasher, share: Share) -> Summary {
    let mut open = |_: &str| Ok(Box::new(model.clone()) as Box<dyn Backend>);
    work(folder, share, &mut open, &AtomicBool::new(false), &mut |_| {}).unwrap()
}

fn at_most(requests: u64) -> Limits {
    Limits { max_requests: NonZeroU64::new(requests), ..Limits::default() }
}

#[test]
fn a_run_stops_at_its_budget_and_goes_on_with_a_larger_one() {
    let (folder, plan) = planned_for(&server(Limits::default()));
    let first = work_with(folder.path(), &server(at_most(10)), Share::ALL);
    assert_eq!((first.requests, first.unpaid["A"]), (10, plan.requests.len() - 10));
    assert!(!first.stopped && first.problems.is_empty());
    assert!(merge(folder.path()).unwrap_err().to_string().contains("134"), "the gap is named");
    let again = work_with(folder.path(), &server(at_most(10)), Share::ALL);
    assert_eq!((again.requests, again.unpaid["A"]), (0, plan.requests.len() - 10), "what was spent stays spent");
    let more = work_with(folder.path(), &server(at_most(25)), Share::ALL);
    assert_eq!(more.requests, 15);
    let rest = work_with(folder.path(), &server(Limits::default()), Share::ALL);
    assert_eq!(rest.requests, plan.requests.len() - 25);
    assert!(rest.unpaid.is_empty());
    merge(folder.path()).unwrap();
    let (whole, _) = planned_for(&server(Limits::default()));
    work_with(whole.path(), &server(Limits::default()), Share::ALL);
    merge(whole.path()).unwrap();
    assert_eq!(digest(whole.path()).unwrap(), digest(folder.path()).unwrap());
}

#[test]
fn shares_of_a_budget_are_together_the_budget() {
    let (folder, plan) = planned_for(&server(Limits::default()));
    let summaries: Vec<_> = Share::split(3).map(|share| work_with(folder.path(), &server(at_most(10)), share)).collect();
    assert_eq!(summaries.iter().map(|summary| summary.requests).sum::<usize>(), 10);
    assert_eq!(summaries.iter().map(|summary| summary.unpaid["A"]).sum::<usize>(), plan.requests.len() - 10);
}

#[test]
fn tokens_are_never_overdrawn_where_nobody_counts_them() {
    // Without a count by the other side the upper bound is spent: bytes read and 20 tokens written.
    let (folder, plan) = planned_for(&server(Limits::default()));
    let limits = Limits { max_tokens: NonZeroU64::new(1_000), ..Limits::default() };
    let summary = work_with(folder.path(), &server(limits), Share::ALL);
    assert!((1..=50).contains(&summary.requests), "{}", summary.requests);
    assert_eq!(summary.requests + summary.unpaid["A"], plan.requests.len());
}
