//! Workers' stores become one, and what is missing is named.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::database::Store;
use super::folder::{self, Lock};
use super::{Gap, RunError};

/// What a joining brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Workers' stores joined.
    pub stores: usize,
    /// Responses that the joined store did not have.
    pub responses: usize,
}

/// Join every store in `workers/` into the run's own, whether or not all packs are there. A store that is joined is removed.
///
/// Each store is taken over whole or not at all; rows lie in id order, so the order of joining leaves no trace.
///
/// # Errors
/// [`RunError::Disagreement`] when two stores answer a request differently, [`RunError::Foreign`] for a store of another run,
/// [`RunError::Busy`] while workers work. The store that caused the error stays where it is, untouched.
pub fn gather(folder: &Path) -> Result<Gathered, RunError> {
    let path = folder::store_path(folder);
    if !path.is_file() {
        return Err(RunError::NoRun { path: folder.to_owned() });
    }
    let _lock = Lock::alone(folder)?;
    let mut store = Store::existing(&path)?;
    let mut gathered = Gathered::default();
    for worker in folder::worker_stores(folder)? {
        gathered.responses += join(&mut store, &worker)?;
        std::fs::remove_file(&worker).map_err(|error| RunError::file(&worker, &error))?;
        gathered.stores += 1;
    }
    Ok(gathered)
}

/// Join one worker's store; returns the number of responses that are new.
pub(super) fn join(store: &mut Store, worker: &Path) -> Result<usize, RunError> {
    // A killed worker leaves a log beside its store: opening and settling it brings every committed pack in.
    let theirs = Store::worker(worker)?;
    theirs.check_damage()?;
    theirs.settle()?;
    store.attach(worker)?;
    let added = take_over(store, worker)?;
    store.detach()?;
    Ok(added)
}

fn take_over(store: &mut Store, worker: &Path) -> Result<usize, RunError> {
    if let Some(request) = store.first_foreign()? {
        return Err(RunError::Foreign { path: worker.to_owned(), request });
    }
    if let Some((request, model)) = store.first_disagreement()? {
        return Err(RunError::Disagreement { request, model, joined: store.path().to_owned(), worker: worker.to_owned() });
    }
    let change = store.change()?;
    let added = change.join()?;
    change.commit()?;
    Ok(added)
}

/// Join the workers' stores and make sure that every planned request has its response.
///
/// # Errors
/// [`RunError::Gaps`] names models and packs that are missing and the command that computes them; what is there has been joined by then.
/// Otherwise as [`gather`].
pub fn merge(folder: &Path) -> Result<Gathered, RunError> {
    let gathered = gather(folder)?;
    let gaps = gaps(folder)?;
    if gaps.is_empty() { Ok(gathered) } else { Err(RunError::Gaps { folder: folder.to_owned(), gaps }) }
}

/// What the joined store lacks, by model; empty when the run is complete.
///
/// # Errors
/// When there is no run or its store cannot be read.
pub fn gaps(folder: &Path) -> Result<Vec<Gap>, RunError> {
    let store = Store::existing(&folder::store_path(folder))?;
    let mut missing: BTreeMap<String, (BTreeSet<String>, usize)> = BTreeMap::new();
    for (_, model, pack) in store.unanswered()? {
        let (packs, requests) = missing.entry(model).or_default();
        packs.insert(pack);
        *requests += 1;
    }
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let problems = store.problems()?;
    let mut planned: BTreeMap<String, usize> = BTreeMap::new();
    for pack in store.packs()? {
        *planned.entry(pack.model).or_default() += 1;
    }
    let gap = |(model, (packs, requests)): (String, (BTreeSet<String>, usize))| {
        let reasons: BTreeSet<_> = problems.iter().filter(|problem| packs.contains(&problem.pack)).map(|p| p.message.clone()).collect();
        Gap {
            planned: planned.get(&model).copied().unwrap_or(0),
            packs: packs.into_iter().collect(),
            requests,
            reasons: reasons.into_iter().collect(),
            model,
        }
    };
    Ok(missing.into_iter().map(gap).collect())
}
