//! Models that are reached over a wire: servers and programs. In: requests, one a pack, so that nothing answered is asked (and paid for)
//! twice. Out: responses with what came over the wire.
//!
//! A kind of wire implements [`Wire`]; what it can do is proved here, on a known string, for all of them alike.

use super::{Abilities, Ask, Backend, Card, Destination, Limits, ModelError, Opened};
use crate::store::{ChoiceScore, Outcome, Raw, Response, Sampling, Task, hash_id};

/// Sent at opening to prove what the model can do.
pub(super) const KNOWN: &str = "Once upon a time, there was a little house";

/// Distance between log-probabilities of the same token that servers with 16-bit arithmetic show.
const TOLERANCE: f64 = 0.05;

/// A text drawn.
pub(super) struct Drawn {
    /// The text, as it came.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, when it is not answered.
    pub detail: String,
    /// Each token written with its log-probability, where the other side tells them.
    pub tokens: Vec<(String, f64)>,
    /// What came over the wire.
    pub raw: Raw,
}

/// A text read.
pub(super) struct Given {
    /// Its tokens, which put together are the text, with their log-probabilities; the first has none.
    pub tokens: Vec<(String, Option<f64>)>,
    /// What came over the wire.
    pub raw: Raw,
}

/// Why there is no answer.
pub(super) enum Trouble {
    /// It may pass: the pack stays open, and the same command asks again.
    Open(String),
    /// It is what the other side has to say to this request: a response, with this outcome and these words.
    Lasting(Outcome, String, Raw),
}

/// A way to a model.
pub(super) trait Wire: Send {
    /// Draw a text.
    fn draw(&mut self, text: &str, sampling: Sampling, seed: u64) -> Result<Drawn, Trouble>;

    /// Log-probabilities of a given text's tokens; `None` where there is no way to ask.
    fn given(&mut self, _text: &str) -> Result<Option<Given>, Trouble> {
        Ok(None)
    }

    /// Whether drawn tokens' log-probabilities shall be asked for from now on; some servers refuse a request that does.
    fn ask_logprobs(&mut self, _ask: bool) {}
}

/// What the other side is, for fingerprint, manifest and report.
pub(super) struct Facts {
    /// Name in the run.
    pub name: String,
    /// All that determines the answers, as far as it is known from here.
    pub identity: Vec<String>,
    /// Where the prompts go.
    pub destination: Destination,
    /// The limits that hold.
    pub limits: Limits,
    /// Facts for people.
    pub card: Card,
}

/// Prove the abilities of the model behind `wire` and make a backend of it.
///
/// # Errors
/// [`ModelError::Unreachable`] when it does not answer at all.
pub(super) fn open(mut wire: Box<dyn Wire>, facts: Facts) -> Result<Opened, ModelError> {
    let abilities = prove(&mut *wire).map_err(|problem| ModelError::Unreachable {
        model: facts.name.clone(),
        destination: facts.destination.to_string(),
        problem,
    })?;
    let fingerprint = hash_id(facts.identity.iter().map(String::as_str));
    let Facts { name, destination, limits, card, .. } = facts;
    Ok(Opened { backend: Box::new(WireBackend { name, wire, fingerprint, abilities, destination, limits }), card })
}

struct WireBackend {
    name: String,
    wire: Box<dyn Wire>,
    fingerprint: String,
    abilities: Abilities,
    destination: Destination,
    limits: Limits,
}

/// Find out on a known text what works. What is refused is an ability that the model lacks; trouble that may pass proves nothing.
fn prove(wire: &mut dyn Wire) -> Result<Abilities, String> {
    let greedy = Sampling { temperature: 0.0, top_p: 1.0, max_tokens: 6 };
    wire.ask_logprobs(true);
    let first = match wire.draw(KNOWN, greedy, 1) {
        Err(Trouble::Lasting(..)) => {
            wire.ask_logprobs(false);
            wire.draw(KNOWN, greedy, 1)
        }
        other => other,
    };
    let first = match first {
        Ok(first) => first,
        Err(Trouble::Open(problem) | Trouble::Lasting(_, problem, _)) => return Err(problem),
    };
    // Log-probabilities are believed when the tokens that they belong to make up the text.
    let whole: String = first.tokens.iter().map(|(token, _)| token.as_str()).collect();
    let generated_logprobs = !whole.is_empty() && whole == first.text && first.tokens.iter().all(|(_, logprob)| *logprob <= 0.0);
    wire.ask_logprobs(generated_logprobs);

    let free = Sampling { temperature: 1.0, top_p: 1.0, max_tokens: 16 };
    let mut draw = || match wire.draw(KNOWN, free, 7) {
        Ok(drawn) => Ok(Some(drawn.text)),
        Err(Trouble::Lasting(..)) => Ok(None),
        Err(Trouble::Open(problem)) => Err(problem),
    };
    let draws = [draw()?, draw()?, draw()?];
    let seeded = draws[0].is_some() && draws.iter().all(|text| *text == draws[0]);

    // A server that ignores the question answers with other tokens; one that makes numbers up is found out by its own.
    let text = format!("{KNOWN}{}", first.text);
    let given_logprobs = match wire.given(&text) {
        Ok(Some(given)) => {
            let read: String = given.tokens.iter().map(|(token, _)| token.as_str()).collect();
            let sound = given.tokens.iter().skip(1).all(|(_, logprob)| logprob.is_some_and(|logprob| logprob <= 0.0));
            let last = given.tokens.iter().rev().zip(first.tokens.iter().rev());
            let agree = last.clone().all(|((_, read), (_, drawn))| read.is_some_and(|read| (read - drawn).abs() < TOLERANCE));
            read == text && sound && (!generated_logprobs || (agree && last.len() > 0))
        }
        Ok(None) | Err(Trouble::Lasting(..)) => false,
        Err(Trouble::Open(problem)) => return Err(problem),
    };
    Ok(Abilities { generate: !first.text.is_empty(), seeded, generated_logprobs, given_logprobs })
}

impl Backend for WireBackend {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }

    fn destination(&self) -> Destination {
        self.destination.clone()
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        pack.iter().map(|ask| self.one(ask)).collect()
    }
}

impl WireBackend {
    fn one(&mut self, ask: &Ask<'_>) -> Result<Response, ModelError> {
        let id = &ask.request.id;
        let mut raw = Raw::default();
        let answered = match &ask.prompt.task {
            Task::Generate { text } => self.wire.draw(text, ask.request.sampling, ask.request.seed).map(|drawn| {
                add(&mut raw, drawn.raw);
                let logprobs = drawn.tokens.into_iter().map(|(_, logprob)| logprob).collect();
                Response { text: drawn.text, logprobs, ..Response::without_answer(id, drawn.outcome, drawn.detail) }
            }),
            Task::Make { .. } => Err(failed(super::WRITES_ONLY)),
            Task::LogLikelihood { text } => self.given(text, &mut raw).map(|tokens| {
                let logprobs = tokens.into_iter().filter_map(|(_, logprob)| logprob).collect();
                Response { logprobs, ..Response::without_answer(id, Outcome::Answered, "") }
            }),
            Task::Choose { text, options, neutral } => options
                .iter()
                .map(|option| {
                    let (logprob, tokens) = self.continuation(text, &option.text, &mut raw)?;
                    let (neutral_logprob, _) = self.continuation(neutral, &option.text, &mut raw)?;
                    Ok(ChoiceScore { category: option.category.clone(), logprob, neutral_logprob, tokens })
                })
                .collect::<Result<_, _>>()
                .map(|choices| Response { choices, ..Response::without_answer(id, Outcome::Answered, "") }),
        };
        let response = match answered {
            Ok(response) => response,
            Err(Trouble::Lasting(outcome, detail, last)) => {
                add(&mut raw, last);
                Response::without_answer(id, outcome, detail)
            }
            Err(Trouble::Open(problem)) => {
                return Err(ModelError::Unreachable { model: self.name.clone(), destination: self.destination.to_string(), problem });
            }
        };
        Ok(Response { raw: Some(raw), ..response })
    }

    fn given(&mut self, text: &str, raw: &mut Raw) -> Result<Vec<(String, Option<f64>)>, Trouble> {
        let given = self.wire.given(text)?;
        let given = given.ok_or_else(|| failed("the model does not tell the log-probabilities of given words"))?;
        add(raw, given.raw);
        let read: String = given.tokens.iter().map(|(token, _)| token.as_str()).collect();
        if read == text { Ok(given.tokens) } else { Err(failed("the log-probabilities that came belong to another text")) }
    }

    /// Sum of the log-probabilities of `continuation` after `prompt`, and its number of tokens.
    fn continuation(&mut self, prompt: &str, continuation: &str, raw: &mut Raw) -> Result<(f64, u32), Trouble> {
        let tokens = self.given(&format!("{prompt}{continuation}"), raw)?;
        let mut start = 0;
        let (mut sum, mut count) = (0.0, 0);
        for (token, logprob) in &tokens {
            let end = start + token.len();
            if start < prompt.len() && end > prompt.len() {
                return Err(failed("the boundary between prompt and option lies inside a token"));
            }
            if start >= prompt.len() {
                sum += logprob.ok_or_else(|| failed("a token of the option came without log-probability"))?;
                count += 1;
            }
            start = end;
        }
        Ok((sum, count))
    }
}

fn failed(problem: &str) -> Trouble {
    Trouble::Lasting(Outcome::Failed, problem.to_owned(), Raw::default())
}

/// Add what came later to what came before.
pub(super) fn add(all: &mut Raw, more: Raw) {
    all.attempts += more.attempts;
    all.tokens_read += more.tokens_read;
    all.tokens_written += more.tokens_written;
    if !more.body.is_empty() {
        keep(all, &more.body);
    }
}

/// Add a body to those that came before.
pub(super) fn keep(raw: &mut Raw, body: &str) {
    if !raw.body.is_empty() {
        raw.body.push('\n');
    }
    raw.body.push_str(body);
}
