//! One worker: its share of the packs, one after the other, each answered in one call and stored in one transaction.
//!
//! In: the plan and a way to open models. Out: the worker's own store. A pack that was not committed never happened and is answered again
//! whole; a pack that cannot be answered is noted, and the work goes on with the next.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::budget::{Amount, Purse};
use super::database::Store;
use super::folder::{self, Lock};
use super::{Event, Pack, Problem, RunError, Share};
use crate::model::{Ask, Backend, ModelError};
use crate::store::{Outcome, Prompt, Request, Response};

/// What came of a stretch of work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Packs answered now.
    pub packs: usize,
    /// Requests answered now.
    pub requests: usize,
    /// Requests of this share that had been answered before.
    pub already: usize,
    /// Packs that could not be answered; the same command tries them again.
    pub problems: Vec<Problem>,
    /// Worker processes that ended before their time, with their last words.
    pub lost: Vec<LostWorker>,
    /// Requests left because the budget of their model is spent.
    pub unpaid: BTreeMap<String, usize>,
    /// Whether it was stopped from outside with packs left.
    pub stopped: bool,
}

impl Summary {
    /// Take in what came of a further round of work.
    pub(super) fn add(&mut self, round: Summary) {
        // The first round's `already` was there before; what later ones find answered was answered by the earlier ones.
        if self.packs == 0 {
            self.already = round.already;
        }
        self.packs += round.packs;
        self.requests += round.requests;
        self.problems.extend(round.problems);
        self.lost.extend(round.lost);
        self.unpaid = round.unpaid;
        self.stopped = round.stopped;
    }
}

/// A worker process that ended before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostWorker {
    /// Its share.
    pub share: Share,
    /// How it ended, as the system says it.
    pub status: String,
    /// The last lines that it wrote to standard error.
    pub words: String,
}

/// What a worker needs to open a model by its name.
pub type OpenModel<'a> = dyn FnMut(&str) -> Result<Box<dyn Backend>, ModelError> + 'a;

/// Answer every open pack of `share` in the run `folder`, stopping after the current pack once `stop` is set.
///
/// Packs that the joined store or this worker's own store holds are passed over. `report` hears of every pack.
///
/// # Errors
/// Only what makes further work pointless: no plan, a full disk, a damaged or newer store, another worker with the same share. What was
/// committed by then is safe. Trouble with a model or a pack is no error but a [`Problem`] in the summary.
pub fn work(
    folder: &Path,
    share: Share,
    open: &mut OpenModel<'_>,
    stop: &AtomicBool,
    report: &mut dyn FnMut(&Event),
) -> Result<Summary, RunError> {
    let _lock = Lock::shared(folder)?;
    let mut shift = Shift::begin(folder, share, Store::worker)?;
    let summary = shift.run(open, stop, report)?;
    shift.store.settle()?;
    Ok(summary)
}

/// One worker at work.
pub(super) struct Shift {
    folder: PathBuf,
    /// The worker's own store.
    pub(super) store: Store,
    share: Share,
    prompts: BTreeMap<String, Prompt>,
    /// Model -> packs to be answered, each with its requests, in id order.
    todo: BTreeMap<String, Vec<(Pack, Vec<Request>)>>,
    already: usize,
}

impl Shift {
    /// Read the plan, open the worker's store and find out what is left to do.
    pub(super) fn begin(folder: &Path, share: Share, open_store: impl FnOnce(&Path) -> Result<Store, RunError>) -> Result<Self, RunError> {
        let run = Store::existing(&folder::store_path(folder))?;
        let path = folder::worker_path(folder, share);
        folder::make(&folder.join(folder::WORKERS))?;
        let store = open_store(&path)?;
        let (joined, mine) = (run.finished()?, store.finished()?);
        let mut requests: BTreeMap<String, Request> = run.requests()?.into_iter().map(|request| (request.id.clone(), request)).collect();
        let mut todo: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let mut already = 0;
        for pack in run.packs()?.into_iter().filter(|pack| share.holds(&pack.id)) {
            if joined.contains_key(&pack.id) || mine.contains_key(&pack.id) {
                already += pack.requests.len();
                continue;
            }
            let asked = pack.requests.iter().filter_map(|id| requests.remove(id)).collect();
            todo.entry(pack.model.clone()).or_default().push((pack, asked));
        }
        let prompts = run.prompts()?.into_iter().map(|prompt| (prompt.id.clone(), prompt)).collect();
        Ok(Self { folder: folder.to_owned(), store, share, prompts, todo, already })
    }

    /// Answer what is left.
    pub(super) fn run(&mut self, open: &mut OpenModel<'_>, stop: &AtomicBool, report: &mut dyn FnMut(&Event)) -> Result<Summary, RunError> {
        let mut summary = Summary { already: self.already, ..Summary::default() };
        let left = self.todo.values().flatten().map(|(_, requests)| requests.len()).sum();
        report(&Event::Started { requests: left, already: self.already });
        for (model, packs) in std::mem::take(&mut self.todo) {
            let mut backend: Option<Box<dyn Backend>> = None;
            let mut packs = packs.into_iter();
            let mut purse: Option<Purse> = None;
            while let Some((pack, requests)) = packs.next() {
                if stop.load(Ordering::SeqCst) {
                    summary.stopped = true;
                    return Ok(summary);
                }
                let opened = match backend.take() {
                    Some(opened) => Ok(opened),
                    None => open_planned(open, &model, requests.first()),
                };
                let mut opened = match opened {
                    Ok(opened) => opened,
                    Err(message) => {
                        // Without the model none of its packs can be answered; each of them says why.
                        for pack in std::iter::once(pack).chain(packs.by_ref().map(|(pack, _)| pack)) {
                            self.note(Problem { model: model.clone(), pack: pack.id, message: message.clone() }, &mut summary, report)?;
                        }
                        break;
                    }
                };
                let purse = match &mut purse {
                    Some(purse) => purse,
                    None => purse.insert(self.purse(&model, opened.as_ref())?),
                };
                if !purse.admits(self.at_most(&requests)) {
                    let left = requests.len() + packs.map(|(_, requests)| requests.len()).sum::<usize>();
                    report(&Event::Unpaid { model: model.clone(), requests: left });
                    summary.unpaid.insert(model, left);
                    break;
                }
                let start = Instant::now();
                match self.answer(opened.as_mut(), &requests) {
                    Answer::Responses(responses) => {
                        let seconds = start.elapsed().as_secs_f64();
                        self.commit(&pack, &responses, seconds)?;
                        purse.pay(self.spent_on(&requests, &responses));
                        backend = Some(opened);
                        summary.packs += 1;
                        summary.requests += responses.len();
                        report(&Event::Pack { model: model.clone(), requests: responses.len(), seconds });
                    }
                    Answer::Failed(message) => {
                        backend = Some(opened);
                        self.note(Problem { model: model.clone(), pack: pack.id, message }, &mut summary, report)?;
                    }
                    // Nobody knows in which state a panic leaves a model: it is opened again for the next pack.
                    Answer::Panicked(message) => {
                        self.note(Problem { model: model.clone(), pack: pack.id, message }, &mut summary, report)?;
                    }
                }
            }
        }
        Ok(summary)
    }

    /// What this worker may still spend on the model.
    fn purse(&self, model: &str, backend: &dyn Backend) -> Result<Purse, RunError> {
        let limits = backend.limits();
        let is_limited = limits.max_requests.is_some() || limits.max_tokens.is_some() || limits.max_cost.is_some();
        let spent = if is_limited { self.spent_before(model)? } else { Amount::default() };
        Ok(Purse::new(limits, spent, self.share))
    }

    /// What was spent on `model` before: by all whose answers are joined, and by this worker.
    fn spent_before(&self, model: &str) -> Result<Amount, RunError> {
        let run = Store::existing(&folder::store_path(&self.folder))?;
        let (joined, mine) = (run.finished()?, self.store.finished()?);
        let mut raw = run.raw()?;
        raw.extend(self.store.raw()?);
        let is_answered = |pack: &Pack| pack.model == model && (joined.contains_key(&pack.id) || mine.contains_key(&pack.id));
        let answered: BTreeSet<String> = run.packs()?.into_iter().filter(is_answered).flat_map(|pack| pack.requests).collect();
        let answered = run.requests()?.into_iter().filter(|request| answered.contains(&request.id));
        Ok(answered.filter_map(|request| Some(Amount::spent(&request, self.prompts.get(&request.prompt)?, raw.get(&request.id)))).sum())
    }

    fn at_most(&self, requests: &[Request]) -> Amount {
        requests.iter().filter_map(|request| Some(Amount::at_most(request, self.prompts.get(&request.prompt)?))).sum()
    }

    fn spent_on(&self, requests: &[Request], responses: &[Response]) -> Amount {
        let spent = |(request, response): (&Request, &Response)| {
            Some(Amount::spent(request, self.prompts.get(&request.prompt)?, response.raw.as_ref()))
        };
        requests.iter().zip(responses).filter_map(spent).sum()
    }

    fn answer(&self, backend: &mut dyn Backend, requests: &[Request]) -> Answer {
        let mut asks = Vec::with_capacity(requests.len());
        for request in requests {
            match self.prompts.get(&request.prompt) {
                Some(prompt) => asks.push(Ask { request, prompt }),
                None => return Answer::Failed(format!("the plan lacks prompt {}", request.prompt)),
            }
        }
        match catch_unwind(AssertUnwindSafe(|| backend.answer(&asks))) {
            Ok(Ok(responses)) => match check(requests, responses) {
                Ok(responses) => Answer::Responses(responses),
                Err(message) => Answer::Failed(message),
            },
            Ok(Err(error)) => Answer::Failed(words(&error)),
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
                Answer::Panicked(format!("the program for this model broke down: {}", text.as_deref().unwrap_or("no reason given")))
            }
        }
    }

    fn commit(&mut self, pack: &Pack, responses: &[Response], seconds: f64) -> Result<(), RunError> {
        let worker = self.share.to_string();
        // The files first: a response must not name one that is not there.
        for file in responses.iter().filter_map(|response| response.file.as_ref()) {
            folder::keep_media(&self.folder, file)?;
        }
        let change = self.store.change()?;
        for response in responses {
            change.add_response(response)?;
        }
        change.finish(&pack.id, &worker, seconds)?;
        change.commit()
    }

    fn note(&mut self, problem: Problem, summary: &mut Summary, report: &mut dyn FnMut(&Event)) -> Result<(), RunError> {
        tracing::warn!(model = problem.model, pack = problem.pack, "{}", problem.message);
        let change = self.store.change()?;
        change.note_problem(&problem)?;
        change.commit()?;
        report(&Event::Problem(problem.clone()));
        summary.problems.push(problem);
        Ok(())
    }
}

enum Answer {
    Responses(Vec<Response>),
    Failed(String),
    Panicked(String),
}

/// Open a model and make sure that it is the one that was planned.
fn open_planned(open: &mut OpenModel<'_>, model: &str, request: Option<&Request>) -> Result<Box<dyn Backend>, String> {
    let backend = open(model).map_err(|error| words(&error))?;
    match request {
        Some(request) if request.fingerprint != backend.fingerprint() => Err(format!(
            "the model is not the one that was planned (fingerprint {}, now {}); plan it under another name",
            request.fingerprint,
            backend.fingerprint()
        )),
        _ => Ok(backend),
    }
}

/// An error with its advice, as one sentence for a list.
fn words(error: &ModelError) -> String {
    match miette::Diagnostic::help(error) {
        Some(help) => format!("{error} ({help})"),
        None => error.to_string(),
    }
}

/// One response for each request, in order. Numbers that are none (a computation gone wrong) make the answer `failed`: they would poison
/// every mean they enter.
fn check(requests: &[Request], mut responses: Vec<Response>) -> Result<Vec<Response>, String> {
    if responses.len() != requests.len() {
        return Err(format!("the model gave {} answers to {} requests", responses.len(), requests.len()));
    }
    for (request, response) in requests.iter().zip(&mut responses) {
        if response.request != request.id {
            return Err(format!("the model answered request {} where {} was asked", response.request, request.id));
        }
        let choices = response.choices.iter().flat_map(|choice| [choice.logprob, choice.neutral_logprob]);
        if response.logprobs.iter().copied().chain(choices).any(|number| !number.is_finite()) {
            response.outcome = Outcome::Failed;
            response.logprobs.clear();
            response.choices.clear();
            response.detail = "the model gave a log-probability that is not a finite number".to_owned();
        }
    }
    Ok(responses)
}
