//! One server: sends requests and tries again where that may help. In: a JSON body and a reader of answers. Out: what the reader made of the
//! answer, with all raw bodies, or [`Trouble`].
//!
//! An answer is what came whole, with status 200, as JSON, and was understood by the reader. All else is trouble of one of three sorts: it
//! may pass (tried again, then the pack stays open), it lies in the settings (the pack stays open at once), or it is the server's word on
//! this request (a response with its own outcome).

use std::time::Duration;

use ureq::Agent;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::gate::Gate;
use super::key::Key;
use super::retry_after;
use crate::model::privacy::{self, Destination, Permit};
use crate::model::wire::{Trouble, keep};
use crate::model::{Limits, ModelError};
use crate::stats::rng::Random;
use crate::store::{Outcome, Raw};

/// Largest body that is read; longer ones are no answers.
const LARGEST: u64 = 16 << 20;
/// Longest pause that a server may ask for; who wants more is asked again with the next command.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Longest pause by our own reckoning.
const LONGEST_BACKOFF: f64 = 60.0;
/// After so many requests in a row that came to nothing the server is left alone until the next command.
const ENOUGH: u32 = 3;

/// What is wrong with an answer.
pub(super) enum Fault {
    /// It may pass.
    Passing(String),
    /// Well-formed, but nothing is in it: tried again, and if it stays so, the response is `failed`.
    Hollow(String),
    /// The settings or the key are wrong: every request would fail.
    Settings(String),
    /// The server's word on this request.
    Lasting(Outcome, String),
}

/// A server.
pub(super) struct Client {
    agent: Agent,
    base: String,
    key: Option<Key>,
    limits: Limits,
    gate: Gate,
    random: Random,
    in_vain: u32,
}

impl Client {
    /// A client for `address`, if it may be reached.
    pub(super) fn new(model: &str, address: &str, permit: Permit, key: Option<Key>, limits: Limits, identity: &[String]) -> Self {
        let timeout = Duration::from_secs_f64(limits.timeout_seconds.unwrap_or(120.0));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .proxy(permit.proxy)
            .user_agent(concat!("lupe/", env!("CARGO_PKG_VERSION")))
            .build();
        let loopback_only = matches!(permit.destination, Destination::Loopback(_));
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), Guard { loopback_only, inner: DefaultResolver::default() }),
            base: address.trim_end_matches('/').to_owned(),
            key,
            limits,
            gate: Gate::new(identity, &limits),
            // Jitter only has to differ between workers.
            random: Random::new(u64::from(std::process::id()), model),
            in_vain: 0,
        }
    }

    /// Send `body` to `path` until `read` understands the answer, at most so often as the limits say.
    pub(super) fn post<T>(&mut self, path: &str, body: &str, read: impl Fn(&str) -> Result<T, Fault>) -> Result<(T, Raw), Trouble> {
        if self.in_vain >= ENOUGH {
            return Err(Trouble::Open(format!("not asked any more, after {ENOUGH} requests in a row that came to nothing")));
        }
        let mut raw = Raw::default();
        let retries = self.limits.retries.unwrap_or(5);
        loop {
            let (fault, asked_pause) = match self.attempt(path, body, &mut raw, &read) {
                Ok(answer) => {
                    self.in_vain = 0;
                    return Ok((answer, raw));
                }
                Err(fault) => fault,
            };
            let more = raw.attempts <= retries;
            let words = match fault {
                Fault::Lasting(outcome, words) => {
                    self.in_vain = 0;
                    return Err(Trouble::Lasting(outcome, self.blot(&words), raw));
                }
                Fault::Settings(words) => {
                    self.in_vain = ENOUGH;
                    return Err(Trouble::Open(self.blot(&words)));
                }
                Fault::Hollow(words) if !more => {
                    self.in_vain = 0;
                    return Err(Trouble::Lasting(Outcome::Failed, self.blot(&words), raw));
                }
                Fault::Hollow(words) | Fault::Passing(words) => self.blot(&words),
            };
            let pause = self.pause(raw.attempts, asked_pause);
            tracing::info!(attempt = raw.attempts, ?pause, "{words}");
            match pause {
                Some(pause) if more => std::thread::sleep(pause),
                Some(_) => {
                    self.in_vain += 1;
                    return Err(Trouble::Open(format!("{words} (the last of {} attempts)", raw.attempts)));
                }
                None => {
                    self.in_vain += 1;
                    return Err(Trouble::Open(format!("{words}; it asks for a longer pause than {} s", LONGEST_PAUSE.as_secs())));
                }
            }
        }
    }

    fn attempt<T>(
        &self,
        path: &str,
        body: &str,
        raw: &mut Raw,
        read: &impl Fn(&str) -> Result<T, Fault>,
    ) -> Result<T, (Fault, Option<Duration>)> {
        let passing = |words: String| (Fault::Passing(words), None);
        let _pass = self.gate.enter().map_err(|error| passing(format!("the file that counts requests cannot be used: {error}")))?;
        raw.attempts += 1;
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("content-type", "application/json");
        if let Some(header) = self.key.as_ref().and_then(Key::header) {
            request = request.header("authorization", header);
        }
        let mut answer = request.send(body).map_err(|error| passing(format!("the server did not answer: {error}")))?;
        let status = answer.status().as_u16();
        let pause = retry_after(answer.headers());
        let json = answer.body().mime_type().is_some_and(|mime| mime == "application/json" || mime.ends_with("+json"));
        let target = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or("another address").to_owned();
        let bytes = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
        let bytes = bytes.map_err(|error| (Fault::Passing(format!("the answer broke off: {error}")), pause))?;
        let text = self.blot(&String::from_utf8_lossy(&bytes));
        keep(raw, &text);
        let said = excerpt(&text);
        let fault = match status {
            200 if json => return read(&text).map_err(|fault| (fault, pause)),
            200 => Fault::Passing(format!("the answer is no JSON: {said}")),
            300..=399 => Fault::Settings(format!("the server sends on to {target}, which is not followed; write the right address")),
            400 | 413 | 422 => word(&text).unwrap_or_else(|| Fault::Lasting(Outcome::Failed, format!("status {status}: {said}"))),
            408 | 409 | 425 | 429 | 500 | 502..=599 => Fault::Passing(format!("status {status}: {said}")),
            401 | 403 => Fault::Settings(format!("status {status}: the server wants another key (`key_env`): {said}")),
            404 => Fault::Settings(format!("status 404: the server knows no such address or model: {said}")),
            _ => Fault::Settings(format!("status {status}: {said}")),
        };
        Err((fault, pause))
    }

    /// How long to wait before the next attempt; `None` when the server asks for more than is sensible.
    fn pause(&mut self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        let first = self.limits.backoff_seconds.unwrap_or(1.0);
        let doubled = (first * 2f64.powi(attempt.min(20) as i32 - 1)).min(LONGEST_BACKOFF);
        let own = Duration::from_secs_f64(doubled * (0.5 + 0.5 * self.random.uniform()));
        match asked {
            Some(asked) if asked > LONGEST_PAUSE => None,
            Some(asked) => Some(asked.max(own)),
            None => Some(own),
        }
    }

    fn blot(&self, text: &str) -> String {
        self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.blot(text))
    }
}

/// A refusal by content filter that came as an error.
fn word(text: &str) -> Option<Fault> {
    let error: serde_json::Value = serde_json::from_str(text).ok()?;
    is_filter(&error["error"]).then(|| Fault::Lasting(Outcome::Refused, format!("the content filter: {}", excerpt(text))))
}

/// Whether an error object is a content filter's.
fn is_filter(error: &serde_json::Value) -> bool {
    ["code", "type"]
        .iter()
        .any(|key| error[key].as_str().is_some_and(|word| word.contains("content_filter") || word == "content_policy_violation"))
}

/// What an error inside an answer with status 200 means.
pub(super) fn inner_error(error: &serde_json::Value) -> Fault {
    let words = format!("an error came in the place of an answer: {}", excerpt(&error.to_string()));
    let invalid = matches!(error["code"].as_u64(), Some(400 | 413 | 422)) || error["type"] == "invalid_request_error";
    match (is_filter(error), invalid) {
        (true, _) => Fault::Lasting(Outcome::Refused, words),
        (_, true) => Fault::Lasting(Outcome::Failed, words),
        _ => Fault::Passing(words),
    }
}

/// JSON that cannot be read was cut, most likely.
pub(super) fn broken(error: &serde_json::Error) -> Fault {
    Fault::Passing(format!("the answer is broken: {error}"))
}

/// The beginning of a text, for an error.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.is_empty() => "(no words)".to_owned(),
        None => line,
    }
}

/// Resolves names, and where only this machine is permitted, only to this machine: a name may mean something else a second later.
#[derive(Debug)]
struct Guard {
    loopback_only: bool,
    inner: DefaultResolver,
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &ureq::config::Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.loopback_only && !found.iter().all(|address| privacy::is_loopback(address.ip())) {
            return Err(ureq::Error::HostNotFound);
        }
        Ok(found)
    }
}

/// The permit and the key of a server.
///
/// # Errors
/// [`ModelError::Address`], [`ModelError::Forbidden`], [`ModelError::Key`].
pub(super) fn admit(model: &str, address: &str, allow_remote: bool, key_env: Option<&str>) -> Result<(Permit, Option<Key>), ModelError> {
    let permit = privacy::permit(model, address, allow_remote)?;
    let key = key_env.map(|variable| Key::from_environment(model, variable)).transpose()?;
    Ok((permit, key))
}
