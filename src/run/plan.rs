//! What will be asked: prompts x repeats for every model, cut into packs once and for all.
//!
//! In: probes and opened models. Out: rows in the joined store. A plan only grows: what is planned keeps its id, its pack and its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use super::database::Store;
use super::folder::{self, Lock};
use super::{Manifest, RunError, manifest};
use crate::model::{Abilities, Backend, Card};
use crate::probe::Probe;
use crate::store::{Medium, Outcome, Prompt, Request, Response, Sampling, Task, hash_id};

/// A model to be asked, opened for planning.
#[derive(Clone)]
pub struct PlannedModel<'a> {
    /// Its name in this run.
    pub name: &'a str,
    /// What answers.
    pub backend: &'a dyn Backend,
    /// Facts for manifest and report.
    pub card: Card,
}

/// What the caller may set beyond the probes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ask every prompt so often, whatever its probe says.
    pub repeats: Option<NonZeroU32>,
    /// Seed in place of every probe's own.
    pub seed: Option<u64>,
    /// Name of the run for people; the folder's name when absent.
    pub label: Option<String>,
    /// Who audits.
    pub auditor: Option<String>,
}

/// The unit of work: one template's requests for one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Hash of its requests' ids.
    pub id: String,
    /// Model asked.
    pub model: String,
    /// Upper bound of the tokens it needs, as the model counts them; 0 where a model has no such limit.
    pub tokens: u32,
    /// Ids of its requests, in id order.
    pub requests: Vec<String>,
}

/// Everything that is planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The prompts as the models get them, in id order.
    pub prompts: Vec<Prompt>,
    /// All requests, in id order; those that are never asked among them.
    pub requests: Vec<Request>,
    /// Packs, in id order.
    pub packs: Vec<Pack>,
    /// Requests that are never asked, with the reason: request id -> reason.
    pub declined: BTreeMap<String, String>,
}

/// What a planning added to a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// New prompts.
    pub prompts: usize,
    /// New requests.
    pub requests: usize,
    /// New packs.
    pub packs: usize,
    /// Of the new requests: never asked.
    pub declined: usize,
}

/// Work out what the run would ask, without writing anything: the dry run.
///
/// `known` are the ids of requests that a run already has; they stay in their packs, so the packs returned hold only the others.
///
/// # Errors
/// [`RunError::SameModel`] when two names stand for one model.
pub fn propose(known: &BTreeSet<String>, probes: &[Probe], models: &[PlannedModel<'_>], options: &Options) -> Result<Plan, RunError> {
    let mut fingerprints: BTreeMap<&str, &str> = BTreeMap::new();
    let mut prompts: BTreeMap<String, Prompt> = BTreeMap::new();
    let mut requests: BTreeMap<String, Request> = BTreeMap::new();
    let mut declined = BTreeMap::new();
    let mut packs = Vec::new();
    for model in models {
        if let Some(first) = fingerprints.insert(model.backend.fingerprint(), model.name) {
            return Err(RunError::SameModel {
                first: first.to_owned(),
                second: model.name.to_owned(),
                fingerprint: model.backend.fingerprint().to_owned(),
            });
        }
        for probe in probes {
            let mut by_template: BTreeMap<(&str, &str), BTreeMap<String, u64>> = BTreeMap::new();
            for prompt in &probe.prompts {
                let asked = model.backend.as_asked(prompt);
                let refusal = refusal(model.backend, prompt);
                let cost = model.backend.pack_tokens().map_or(0, |_| cost(model.backend, &asked.task, probe.sampling));
                for repeat in 0..repeats(model.backend, prompt, probe, options, refusal.is_some()) {
                    let request = request(model, probe, options, &asked, repeat);
                    match &refusal {
                        Some(reason) => {
                            declined.insert(request.id.clone(), reason.clone());
                        }
                        None if !known.contains(&request.id) => {
                            let place = (prompt.template.as_str(), prompt.language.code());
                            by_template.entry(place).or_default().insert(request.id.clone(), cost);
                        }
                        None => {}
                    }
                    requests.insert(request.id.clone(), request);
                }
                prompts.insert(asked.id.clone(), asked);
            }
            packs.extend(by_template.values().flat_map(|costs| cut(model, costs)));
        }
    }
    packs.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(Plan { prompts: prompts.into_values().collect(), requests: requests.into_values().collect(), packs, declined })
}

/// Plan a run in `folder`, or amend the one that is there with models, probes or repeats, and write its manifest.
///
/// Planning the same again changes nothing, and may be done while workers work: every shard on a cluster plans for itself, the first one
/// writes. What is planned already is never taken back, even when it is not asked for any more.
///
/// # Errors
/// [`RunError::ModelChanged`], [`RunError::ProbeChanged`] when a name now stands for something else than in this run;
/// [`RunError::Busy`] for an amendment while workers work; errors of files and store. After an error the store is as it was before.
pub fn plan(
    folder: &Path,
    suite: &str,
    probes: &[Probe],
    models: &[PlannedModel<'_>],
    options: &Options,
) -> Result<(Plan, Added), RunError> {
    folder::make(folder)?;
    let path = folder::store_path(folder);
    let start = Instant::now();
    loop {
        if path.is_file() {
            let _lock = Lock::shared(folder)?;
            let store = Store::existing(&path)?;
            if Draft::make(&store, folder, suite, probes, models, options)?.is_there() {
                return Ok((read(&store)?, Added::default()));
            }
        }
        // Somebody who is planning the very same may have been faster: look again rather than wait for the workers behind them.
        match Lock::alone_within(folder, Duration::from_millis(200)) {
            Ok(_lock) => {
                let mut store = Store::create(&path)?;
                let mut draft = Draft::make(&store, folder, suite, probes, models, options)?;
                let added = write(&mut store, &draft.known, &draft.proposal)?;
                draft.manifest.note_planning(&added);
                draft.manifest.write(folder)?;
                return Ok((read(&store)?, added));
            }
            Err(RunError::Busy { .. }) if start.elapsed() < folder::PATIENCE => {}
            Err(error) => return Err(error),
        }
    }
}

/// A planning before it is written.
struct Draft {
    known: BTreeSet<String>,
    proposal: Plan,
    manifest: Manifest,
    /// The manifest on the disk says the same.
    manifest_is_there: bool,
}

impl Draft {
    fn make(
        store: &Store,
        folder: &Path,
        suite: &str,
        probes: &[Probe],
        models: &[PlannedModel<'_>],
        options: &Options,
    ) -> Result<Self, RunError> {
        refuse_changed_models(store, models)?;
        let there = Manifest::read_if_there(folder)?;
        let mut manifest = there.clone().unwrap_or_else(|| manifest::start(folder, suite, options));
        manifest.amend(suite, probes, models, options)?;
        let known = store.request_ids()?;
        let proposal = propose(&known, probes, models, options)?;
        Ok(Self { known, proposal, manifest_is_there: there.as_ref() == Some(&manifest), manifest })
    }

    fn is_there(&self) -> bool {
        self.manifest_is_there && self.proposal.requests.iter().all(|request| self.known.contains(&request.id))
    }
}

/// A name stands for one model in a run, and a model has one name.
fn refuse_changed_models(store: &Store, models: &[PlannedModel<'_>]) -> Result<(), RunError> {
    let planned = store.models()?;
    for model in models {
        let found = model.backend.fingerprint();
        if let Some(other) = planned.get(model.name).filter(|fingerprint| *fingerprint != found) {
            return Err(RunError::ModelChanged { model: model.name.to_owned(), planned: other.clone(), found: found.to_owned() });
        }
        if let Some((first, _)) = planned.iter().find(|(name, fingerprint)| *fingerprint == found && *name != model.name) {
            return Err(RunError::SameModel { first: first.clone(), second: model.name.to_owned(), fingerprint: found.to_owned() });
        }
    }
    Ok(())
}

fn write(store: &mut Store, known: &BTreeSet<String>, proposal: &Plan) -> Result<Added, RunError> {
    let mut added = Added { packs: proposal.packs.len(), ..Added::default() };
    let pack_of: BTreeMap<&str, &str> =
        proposal.packs.iter().flat_map(|pack| pack.requests.iter().map(|request| (request.as_str(), pack.id.as_str()))).collect();
    let change = store.change()?;
    for prompt in &proposal.prompts {
        added.prompts += usize::from(change.add_prompt(prompt)?);
    }
    for request in proposal.requests.iter().filter(|request| !known.contains(&request.id)) {
        change.add_request(request, pack_of.get(request.id.as_str()).copied())?;
        added.requests += 1;
        if let Some(reason) = proposal.declined.get(&request.id) {
            change.add_response(&Response::without_answer(&request.id, Outcome::Failed, reason))?;
            added.declined += 1;
        }
    }
    for pack in &proposal.packs {
        change.add_pack(pack)?;
    }
    change.commit()?;
    Ok(added)
}

fn read(store: &Store) -> Result<Plan, RunError> {
    let (prompts, requests, packs) = (store.prompts()?, store.requests()?, store.packs()?);
    let declined = store.never_asked()?.into_iter().map(|response| (response.request, response.detail)).collect();
    Ok(Plan { prompts, requests, packs, declined })
}

/// Why this model will not be asked this prompt, if so.
fn refusal(backend: &dyn Backend, prompt: &Prompt) -> Option<String> {
    let Abilities { generate, given_logprobs, .. } = backend.abilities();
    let lacks = match prompt.task {
        Task::Generate { .. } => (!generate).then_some("the model cannot continue a text"),
        Task::Choose { .. } if backend.chooses_in_words() => None,
        // Whatever else it understands: what it cannot give comes first.
        Task::Make { medium, .. } if !backend.makes(medium) => return Some(makes_none(medium).to_owned()),
        Task::Make { .. } => None,
        Task::Choose { .. } | Task::LogLikelihood { .. } => {
            (!given_logprobs).then_some("the model does not tell the log-probabilities of given words")
        }
    };
    let none_recorded = || (backend.repeats(prompt) == Some(0)).then(|| "no answer to this prompt was recorded".to_owned());
    backend.declines(prompt).or_else(|| lacks.map(str::to_owned)).or_else(none_recorded)
}

fn makes_none(medium: Medium) -> &'static str {
    match medium {
        Medium::Image => "the model makes no images",
        Medium::Sound => "the model makes no sounds",
        Medium::Video => "the model makes no videos",
    }
}

/// How often to ask. A prompt that is never asked stands in the ledger as often as it would have been asked, at least once.
/// A task that draws nothing gives the same answer each time: asked once, lest copies pass for evidence.
fn repeats(backend: &dyn Backend, prompt: &Prompt, probe: &Probe, options: &Options, refused: bool) -> u32 {
    let wanted = if prompt.task.draws() { options.repeats.map_or(probe.repeats, NonZeroU32::get) } else { 1 };
    let given = backend.repeats(prompt).filter(|_| !refused);
    given.unwrap_or(wanted).max(u32::from(refused))
}

fn request(model: &PlannedModel<'_>, probe: &Probe, options: &Options, prompt: &Prompt, repeat: u32) -> Request {
    let seed = request_seed(options.seed.unwrap_or(probe.seed), &prompt.pair, repeat);
    let sampling = probe.sampling;
    let kind = prompt.task.kind();
    let parameters = format!("temperature {:?}, top-p {:?}, max-tokens {}", sampling.temperature, sampling.top_p, sampling.max_tokens);
    let fingerprint = model.backend.fingerprint();
    let id = hash_id([prompt.id.as_str(), kind, &parameters, fingerprint, &seed.to_string(), &repeat.to_string()]);
    Request { id, prompt: prompt.id.clone(), model: model.name.to_owned(), fingerprint: fingerprint.to_owned(), sampling, seed, repeat }
}

/// Seed from the probe's seed, the pair and the repeat: prompts of a pair, and all models, share it. 53 bits, so that every reader of
/// JSON keeps it whole.
pub(crate) fn request_seed(probe_seed: u64, pair: &str, repeat: u32) -> u64 {
    let hash = hash_id(["request seed", &probe_seed.to_string(), pair, &repeat.to_string()]);
    hash.chars().take(13).fold(0, |seed, digit| (seed << 4) | u64::from(digit.to_digit(16).unwrap_or(0)))
}

/// Tokens that a request needs at most: what is read once, plus what is written or tried.
fn cost(backend: &dyn Backend, task: &Task, sampling: Sampling) -> u64 {
    let count = |text: &str| backend.count_tokens(text) as u64;
    match task {
        Task::Generate { text } => count(text) + u64::from(sampling.max_tokens),
        Task::Choose { text, options, neutral } => {
            count(text) + count(neutral) + 2 * options.iter().map(|option| count(&option.text)).sum::<u64>()
        }
        Task::Make { text, .. } | Task::LogLikelihood { text } => count(text),
    }
}

/// Cut one template's requests (id -> tokens) into packs, in id order. A request above the cap is a pack of its own.
fn cut(model: &PlannedModel<'_>, costs: &BTreeMap<String, u64>) -> Vec<Pack> {
    let cap = model.backend.pack_tokens().map(|cap| cap as u64);
    let mut cuts: Vec<(u64, Vec<String>)> = Vec::new();
    for (request, &cost) in costs {
        match cuts.last_mut() {
            Some((tokens, requests)) if cap.is_some_and(|cap| *tokens + cost <= cap) => {
                *tokens += cost;
                requests.push(request.clone());
            }
            _ => cuts.push((cost, vec![request.clone()])),
        }
    }
    let pack = |(tokens, requests): (u64, Vec<String>)| Pack {
        id: hash_id(requests.iter().map(String::as_str)),
        model: model.name.to_owned(),
        tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
        requests,
    };
    cuts.into_iter().map(pack).collect()
}
