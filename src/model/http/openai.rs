//! Servers that speak OpenAI's protocol. In: a prompt. Out: `/chat/completions` or `/completions` asked, and the answer read.
//!
//! Prompt log-probabilities come with `echo`, where the server really repeats the prompt; whether it does is proved in [`super::super::wire`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::client::{Client, Fault, admit, broken, inner_error};
use crate::model::settings::{Endpoint, Openai};
use crate::model::wire::{self, Drawn, Facts, Given, Trouble, Wire};
use crate::model::{Card, ModelError, Opened};
use crate::store::{Outcome, Raw, Sampling};

/// Open the model `name`.
///
/// # Errors
/// As [`admit`] and [`wire::open`].
pub(in crate::model) fn open(name: &str, settings: &Openai) -> Result<Opened, ModelError> {
    let (permit, key) = admit(name, &settings.address, settings.allow_remote, settings.key_env.as_deref())?;
    let endpoint = match settings.endpoint {
        Endpoint::Chat => "chat",
        Endpoint::Completions => "completions",
    };
    let mut identity = vec!["openai".to_owned(), settings.address.clone(), settings.model.clone(), endpoint.to_owned()];
    let extra = settings.extra.iter().map(|(name, number)| format!("{name} = {number}")).collect::<Vec<_>>().join(", ");
    if !extra.is_empty() {
        identity.push(extra.clone());
    }
    let card = Card::from([
        ("kind".to_owned(), "server with OpenAI's protocol".to_owned()),
        ("model".to_owned(), settings.model.clone()),
        ("endpoint".to_owned(), endpoint.to_owned()),
        ("further parameters".to_owned(), if extra.is_empty() { "none: the server's own habits apply".to_owned() } else { extra }),
    ]);
    let destination = permit.destination.clone();
    let client = Client::new(name, &settings.address, permit, key, settings.limits, &identity);
    let server =
        Server { client, model: settings.model.clone(), endpoint: settings.endpoint, extra: settings.extra.clone(), logprobs: false };
    wire::open(Box::new(server), Facts { name: name.to_owned(), identity, destination, limits: settings.limits, card })
}

struct Server {
    client: Client,
    model: String,
    endpoint: Endpoint,
    extra: BTreeMap<String, f64>,
    logprobs: bool,
}

#[derive(Serialize)]
struct ChatBody<'a> {
    model: &'a str,
    messages: [Said<'a>; 1],
    temperature: f64,
    top_p: f64,
    max_tokens: u32,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    logprobs: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_logprobs: Option<u32>,
}

#[derive(Serialize)]
struct Said<'a> {
    role: &'a str,
    content: &'a str,
}

#[derive(Serialize)]
struct TextBody<'a> {
    model: &'a str,
    prompt: &'a str,
    temperature: f64,
    top_p: f64,
    max_tokens: u32,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    logprobs: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    echo: bool,
}

/// What a server answers; every key may be missing, and others are passed over.
#[derive(Deserialize)]
struct Reply {
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Option<Usage>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: Option<u64>,
    #[serde(default)]
    completion_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Choice {
    text: Option<String>,
    message: Option<Message>,
    finish_reason: Option<String>,
    logprobs: Option<Logprobs>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

/// Chat tells one object per token, completions two lists.
#[derive(Default, Deserialize)]
struct Logprobs {
    content: Option<Vec<Token>>,
    tokens: Option<Vec<String>>,
    token_logprobs: Option<Vec<Option<f64>>>,
}

#[derive(Deserialize)]
struct Token {
    token: String,
    logprob: f64,
}

/// An answer as far as it is the same for both endpoints.
struct Answer {
    text: String,
    refusal: Option<String>,
    finish: String,
    tokens: Vec<(String, Option<f64>)>,
    usage: Option<Usage>,
}

fn read(body: &str) -> Result<Answer, Fault> {
    let reply: Reply = serde_json::from_str(body).map_err(|error| broken(&error))?;
    if let Some(error) = reply.error.filter(|error| !error.is_null()) {
        return Err(inner_error(&error));
    }
    let choices = reply.choices.ok_or_else(|| Fault::Passing("the answer has no `choices`".to_owned()))?;
    let choice = choices.into_iter().next().ok_or_else(|| Fault::Hollow("the server answered with an empty list of choices".to_owned()))?;
    let finish = choice.finish_reason.ok_or_else(|| Fault::Hollow("the server does not say why the answer ended".to_owned()))?;
    let (content, refusal) = choice.message.map_or((None, None), |message| (message.content, message.refusal));
    let logprobs = choice.logprobs.unwrap_or_default();
    let tokens = match (logprobs.content, logprobs.tokens, logprobs.token_logprobs) {
        (Some(content), ..) => content.into_iter().map(|token| (token.token, Some(token.logprob))).collect(),
        (None, Some(tokens), Some(numbers)) if tokens.len() == numbers.len() => tokens.into_iter().zip(numbers).collect(),
        _ => Vec::new(),
    };
    let text = choice.text.or(content).unwrap_or_default();
    Ok(Answer { text, refusal: refusal.filter(|words| !words.is_empty()), finish, tokens, usage: reply.usage })
}

fn count(raw: &mut Raw, usage: Option<Usage>) {
    if let Some(Usage { prompt_tokens, completion_tokens }) = usage {
        raw.tokens_read += prompt_tokens.unwrap_or(0);
        raw.tokens_written += completion_tokens.unwrap_or(0);
    }
}

/// What the reason for which an answer ended makes of it.
fn outcome(answer: &Answer, max_tokens: u32) -> Result<(Outcome, String), Fault> {
    if answer.refusal.is_some() {
        return Ok((Outcome::Refused, "the model declined".to_owned()));
    }
    let said = |outcome: Outcome, words: &str| Ok((outcome, words.to_owned()));
    match answer.finish.as_str() {
        "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" if answer.text.trim().is_empty() => {
            said(Outcome::Empty, "the model ended the answer without a word")
        }
        "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" => said(Outcome::Answered, ""),
        "length" | "max_tokens" => Ok((Outcome::Truncated, format!("cut by the server, at most {max_tokens} tokens were asked for"))),
        "content_filter" => said(Outcome::Refused, "stopped by the content filter"),
        "tool_calls" | "function_call" => said(Outcome::Failed, "the model called a tool in the place of an answer"),
        other => Err(Fault::Passing(format!("the answer ended for the unknown reason `{other}`"))),
    }
}

impl Server {
    fn text_body<'a>(&'a self, prompt: &'a str, sampling: Sampling, seed: u64, echo: bool) -> TextBody<'a> {
        let Sampling { temperature, top_p, max_tokens } = sampling;
        let logprobs = (self.logprobs || echo).then_some(1);
        TextBody { model: &self.model, prompt, temperature, top_p, max_tokens, seed, logprobs, echo }
    }
}

/// Servers keep seeds in 32 bits, some with a sign.
pub(super) fn short(seed: u64) -> u64 {
    seed & 0x7fff_ffff
}

pub(super) fn json(body: &impl Serialize) -> Result<String, Trouble> {
    serde_json::to_string(body).map_err(unwritable)
}

fn unwritable(error: serde_json::Error) -> Trouble {
    Trouble::Lasting(Outcome::Failed, error.to_string(), Raw::default())
}

/// `body` with the user's further parameters, whole numbers without a point; what is in it already stays.
fn with_extra(body: &impl Serialize, extra: &BTreeMap<String, f64>) -> Result<String, Trouble> {
    let mut body = serde_json::to_value(body).map_err(unwritable)?;
    if let Some(keys) = body.as_object_mut() {
        for (name, &number) in extra {
            let whole = number.fract() == 0.0 && number.abs() < 1e15;
            keys.entry(name).or_insert_with(|| if whole { (number as i64).into() } else { number.into() });
        }
    }
    Ok(body.to_string())
}

impl Wire for Server {
    fn ask_logprobs(&mut self, ask: bool) {
        self.logprobs = ask;
    }

    fn draw(&mut self, text: &str, sampling: Sampling, seed: u64) -> Result<Drawn, Trouble> {
        let Sampling { temperature, top_p, max_tokens } = sampling;
        let (path, body) = match self.endpoint {
            Endpoint::Chat => {
                let messages = [Said { role: "user", content: text }];
                let (logprobs, top_logprobs) = (self.logprobs.then_some(true), self.logprobs.then_some(1));
                let seed = short(seed);
                let body = ChatBody { model: &self.model, messages, temperature, top_p, max_tokens, seed, logprobs, top_logprobs };
                ("/chat/completions", with_extra(&body, &self.extra)?)
            }
            Endpoint::Completions => ("/completions", with_extra(&self.text_body(text, sampling, short(seed), false), &self.extra)?),
        };
        let ((answer, (outcome, detail)), mut raw) = self.client.post(path, &body, |body| {
            let answer = read(body)?;
            let outcome = outcome(&answer, max_tokens)?;
            Ok((answer, outcome))
        })?;
        count(&mut raw, answer.usage);
        // Half a list of numbers is none.
        let tokens = answer.tokens.into_iter().map(|(token, logprob)| Some((token, logprob?))).collect::<Option<_>>().unwrap_or_default();
        Ok(Drawn { text: answer.refusal.unwrap_or(answer.text), outcome, detail, tokens, raw })
    }

    fn given(&mut self, text: &str) -> Result<Option<Given>, Trouble> {
        if self.endpoint == Endpoint::Chat {
            return Ok(None);
        }
        let greedy = Sampling { temperature: 0.0, top_p: 1.0, max_tokens: 1 };
        let body = with_extra(&self.text_body(text, greedy, 1, true), &self.extra)?;
        let (answer, mut raw) = self.client.post("/completions", &body, read)?;
        count(&mut raw, answer.usage);
        Ok(Some(Given { tokens: prompt_part(text, answer.tokens), raw }))
    }
}

/// The tokens that make up `text`: without a start token before it (which has no log-probability) and without what was written after it.
/// Where they are other tokens, they are handed on as they are, and nobody will take them for the text's.
fn prompt_part(text: &str, mut tokens: Vec<(String, Option<f64>)>) -> Vec<(String, Option<f64>)> {
    if let Some((first, None)) = tokens.first_mut()
        && !text.starts_with(first.as_str())
    {
        // Some tokenisers put a blank before every text.
        match first.strip_prefix(' ').filter(|word| !word.is_empty() && text.starts_with(word)) {
            Some(word) => *first = word.to_owned(),
            None => drop(tokens.remove(0)),
        }
    }
    let mut length = 0;
    let count = tokens.iter().take_while(|(token, _)| {
        let within = length < text.len();
        length += token.len();
        within
    });
    let count = count.count();
    tokens.truncate(count);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome_of(body: &str) -> Result<(Outcome, String), String> {
        let judged = read(body).and_then(|answer| outcome(&answer, 5));
        judged.map_err(|fault| match fault {
            Fault::Passing(words) => format!("passing: {words}"),
            Fault::Hollow(words) => format!("hollow: {words}"),
            Fault::Settings(words) => format!("settings: {words}"),
            Fault::Lasting(outcome, words) => format!("{}: {words}", outcome.as_str()),
        })
    }

    #[test]
    fn nothing_counts_as_an_answer_that_is_none() {
        let choice = |text: &str, finish: &str| format!("{{\"choices\":[{{\"text\":\"{text}\",\"finish_reason\":\"{finish}\"}}]}}");
        assert_eq!(outcome_of(&choice("Ja.", "stop")).unwrap().0, Outcome::Answered);
        assert_eq!(outcome_of(&choice(" \\n", "stop")).unwrap().0, Outcome::Empty);
        assert_eq!(outcome_of(&choice("Ja", "length")).unwrap().0, Outcome::Truncated);
        assert_eq!(outcome_of(&choice("", "content_filter")).unwrap().0, Outcome::Refused);
        assert_eq!(outcome_of(&choice("", "tool_calls")).unwrap().0, Outcome::Failed);
        let refusal = "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"Nein.\"},\"finish_reason\":\"stop\"}]}";
        assert_eq!(outcome_of(refusal).unwrap().0, Outcome::Refused);
        let trouble = |body: &str| outcome_of(body).unwrap_err();
        assert!(trouble(&choice("Ja", "abort")).starts_with("passing"));
        assert!(trouble("{\"choices\":[{\"text\":\"Ja\",\"finish_reason\":null}]}").starts_with("hollow"));
        assert!(trouble("{\"choices\":[]}").starts_with("hollow"));
        assert!(trouble("{}").starts_with("passing") && trouble("{\"choices\":[{\"te").starts_with("passing"));
        assert!(trouble("{\"error\":{\"message\":\"overloaded\"}}").starts_with("passing"));
        assert!(trouble("{\"error\":{\"type\":\"invalid_request_error\"}}").starts_with("failed"));
        assert!(trouble("{\"error\":{\"code\":\"content_filter\"}}").starts_with("refused"));
    }

    #[test]
    fn the_prompts_tokens_are_told_from_what_comes_before_and_after() {
        let tokens = |words: &[(&str, Option<f64>)]| words.iter().map(|(word, logprob)| ((*word).to_owned(), *logprob)).collect::<Vec<_>>();
        let given = tokens(&[("<s>", None), ("Ein", Some(-1.0)), (" Haus", Some(-2.0)), (".", Some(-3.0))]);
        assert_eq!(prompt_part("Ein Haus", given), tokens(&[("Ein", Some(-1.0)), (" Haus", Some(-2.0))]));
        let blank = tokens(&[(" Ein", None), (" Haus", Some(-2.0)), (".", Some(-3.0))]);
        assert_eq!(prompt_part("Ein Haus", blank), tokens(&[("Ein", None), (" Haus", Some(-2.0))]));
        let ignored = tokens(&[(" am", Some(-1.0)), (" See", Some(-2.0))]);
        let read: String = prompt_part("Ein Haus", ignored).into_iter().map(|(token, _)| token).collect();
        assert_ne!(read, "Ein Haus");
    }
}
