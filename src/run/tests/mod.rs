//! Runs with small deterministic models: what is answered depends on the request and its pack alone, so any difference between two runs
//! comes from planning, working or merging.

mod killing;
mod limits;
mod manifest;
mod merging;
mod planning;
mod storage;
mod working;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::*;
use crate::model::{Abilities, Ask, Backend, Card, Limits, ModelError};
use crate::probe::{AnswerKind, Bilingual, Probe};
use crate::store::{Choice, ChoiceScore, Expect, Language, Outcome, Prompt, Request, Response, Sampling, Task, hash_id};

/// A model that answers with hashes.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    fingerprint: String,
    pack_tokens: Option<usize>,
    delay: Duration,
    /// Requests that begin so make the pack fail.
    error_on: Option<char>,
    /// Requests that begin so make the program break down.
    panic_on: Option<char>,
    /// Prompts with this in their text are declined.
    declines: Option<&'static str>,
    /// Answers per prompt, for a recording.
    recorded: Option<u32>,
    abilities: Abilities,
    limits: Limits,
}

impl Hasher {
    pub(super) fn new(fingerprint: &str) -> Self {
        Self {
            fingerprint: fingerprint.to_owned(),
            pack_tokens: Some(400),
            delay: Duration::ZERO,
            error_on: None,
            panic_on: None,
            declines: None,
            recorded: None,
            abilities: Abilities { generate: true, seeded: true, generated_logprobs: true, given_logprobs: true },
            limits: Limits::default(),
        }
    }
}

impl Backend for Hasher {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn declines(&self, prompt: &Prompt) -> Option<String> {
        self.declines.filter(|word| prompt.task.text().contains(word)).map(|word| format!("»{word}« is not understood"))
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn repeats(&self, _prompt: &Prompt) -> Option<u32> {
        self.recorded
    }

    fn pack_tokens(&self) -> Option<usize> {
        self.pack_tokens
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        let begins = |digit: Option<char>| digit.is_some_and(|digit| pack.iter().any(|ask| ask.request.id.starts_with(digit)));
        std::thread::sleep(self.delay);
        if begins(self.error_on) {
            return Err(ModelError::Compute { model: self.fingerprint.clone(), problem: "out of memory".into() });
        }
        assert!(!begins(self.panic_on), "the tensor has the wrong shape");
        // Names the whole pack: a request answered in another batch would get other bytes.
        let batch = hash_id(pack.iter().map(|ask| ask.request.id.as_str()));
        Ok(pack.iter().map(|ask| self.one(ask, &batch)).collect())
    }
}

impl Hasher {
    fn one(&self, ask: &Ask<'_>, batch: &str) -> Response {
        let draw = |what: &str| {
            let hash = hash_id([self.fingerprint.as_str(), ask.request.id.as_str(), &ask.request.seed.to_string(), what]);
            -(u64::from_str_radix(&hash[..15], 16).unwrap() as f64) / 3e17
        };
        let (text, logprobs, choices) = match &ask.prompt.task {
            Task::Generate { text } => {
                (format!("{text} … Äpfel\n{}", draw("text")), (0..9).map(|n| draw(&n.to_string())).collect(), vec![])
            }
            Task::Make { .. } => (String::new(), vec![], vec![]),
            Task::LogLikelihood { text } => (String::new(), text.chars().map(|c| draw(&c.to_string())).collect(), vec![]),
            Task::Choose { options, .. } => {
                let score = |option: &Choice| ChoiceScore {
                    category: option.category.clone(),
                    logprob: draw(&option.text),
                    neutral_logprob: draw(&option.category),
                    tokens: 2,
                };
                (String::new(), vec![], options.iter().map(score).collect())
            }
        };
        Response {
            request: ask.request.id.clone(),
            outcome: Outcome::Answered,
            text,
            logprobs,
            choices,
            detail: batch.to_owned(),
            file: None,
            raw: None,
        }
    }
}

/// A probe with 3 templates x 4 contexts x 2 levels x 2 languages = 48 prompts of one kind.
pub(super) fn probe(id: &str, repeats: u32, task: impl Fn(String) -> Task) -> Probe {
    let mut prompts = Vec::new();
    for template in 0..3 {
        for context in 0..4 {
            for language in Language::ALL {
                for level in ["woman", "man"] {
                    let text = format!("Vorlage {template}: Über {level} in {context} ({})", language.code());
                    let pair = hash_id([id, &template.to_string(), &context.to_string(), language.code()]);
                    prompts.push(Prompt {
                        id: hash_id([id, text.as_str()]),
                        probe: id.to_owned(),
                        probe_version: 1,
                        template: template.to_string(),
                        context: context.to_string(),
                        language,
                        levels: BTreeMap::from([("gender".to_owned(), level.to_owned())]),
                        pair,
                        task: task(text),
                        expect: Expect::default(),
                    });
                }
            }
        }
    }
    prompts.sort_by(|one: &Prompt, other| one.id.cmp(&other.id));
    Probe {
        id: id.to_owned(),
        version: 1,
        hash: hash_id([id]),
        station: "text".to_owned(),
        title: Bilingual::default(),
        purpose: Bilingual::default(),
        limits: Bilingual::default(),
        answer: AnswerKind::Text,
        answer_language: None,
        domain: "test".to_owned(),
        scorers: Vec::new(),
        fixed: None,
        repeats,
        seed: 7,
        sampling: Sampling { temperature: 0.7, top_p: 0.95, max_tokens: 20 },
        attributes: Vec::new(),
        hypotheses: Vec::new(),
        level_names: BTreeMap::new(),
        unreviewed: BTreeMap::new(),
        context_names: BTreeMap::new(),
        prompts,
    }
}

pub(super) fn generate(text: String) -> Task {
    Task::Generate { text }
}

pub(super) fn choose(text: String) -> Task {
    let option = |category: &str| Choice { category: category.to_owned(), text: format!(" {category}") };
    Task::Choose { text, options: vec![option("Restaurator"), option("Restauratorin")], neutral: "Es folgt:".to_owned() }
}

pub(super) fn probes() -> Vec<Probe> {
    let score = |text| Task::LogLikelihood { text };
    vec![probe("erzählen", 3, generate), probe("wählen", 1, choose), probe("messen", 1, score)]
}

/// Plan `models` (name and model) for `probes`.
pub(super) fn plan_for(folder: &Path, probes: &[Probe], models: &[(&str, &Hasher)]) -> Result<(Plan, Added), RunError> {
    plan(folder, "test", probes, &planned(models), &Options::default())
}

pub(super) fn planned<'a>(models: &[(&'a str, &'a Hasher)]) -> Vec<PlannedModel<'a>> {
    models.iter().map(|&(name, backend)| PlannedModel { name, backend, card: Card::new() }).collect()
}

/// Two models, every kind of request.
pub(super) fn plan_all(folder: &Path) -> Plan {
    plan_for(folder, &probes(), &[("A", &Hasher::new("a")), ("B", &Hasher::new("b"))]).unwrap().0
}

/// Opens model `A` as `Hasher::new("a")` and so on.
pub(super) fn open(name: &str) -> Result<Box<dyn Backend>, ModelError> {
    Ok(Box::new(Hasher::new(&name.to_lowercase())))
}

pub(super) fn work_share(folder: &Path, share: Share) -> Summary {
    work(folder, share, &mut open, &AtomicBool::new(false), &mut |_| {}).unwrap()
}

/// Digest of the plan of [`plan_all`], worked in one go.
pub(super) fn uninterrupted() -> String {
    static DIGEST: OnceLock<String> = OnceLock::new();
    let work = || {
        let folder = tempfile::tempdir().unwrap();
        plan_all(folder.path());
        work_share(folder.path(), Share::ALL);
        merge(folder.path()).unwrap();
        digest(folder.path()).unwrap()
    };
    DIGEST.get_or_init(work).clone()
}

pub(super) fn share(text: &str) -> Share {
    text.parse().unwrap()
}

pub(super) fn ids(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|request| request.id.as_str()).collect()
}
