//! Ollama's own interface. In: a prompt. Out: `/api/chat` or `/api/generate` asked without streaming, and the answer read.

use serde::{Deserialize, Serialize};

use super::client::{Client, Fault, admit, broken};
use super::openai::{json, short};
use crate::model::settings::{Endpoint, Ollama};
use crate::model::wire::{self, Drawn, Facts, Trouble, Wire};
use crate::model::{Card, ModelError, Opened, privacy};
use crate::store::{Outcome, Sampling};

/// Open the model `name`.
///
/// # Errors
/// As [`admit`] and [`wire::open`]; [`ModelError::Unreachable`] when the server does not have the model.
pub(in crate::model) fn open(name: &str, settings: &Ollama) -> Result<Opened, ModelError> {
    let (permit, _) = admit(name, &settings.address, settings.allow_remote, None)?;
    let endpoint = match settings.endpoint {
        Endpoint::Chat => "chat",
        Endpoint::Completions => "completions",
    };
    let mut identity = vec!["ollama".to_owned(), settings.address.clone(), settings.model.clone(), endpoint.to_owned()];
    let mut destination = permit.destination.clone();
    let mut client = Client::new(name, &settings.address, permit, None, settings.limits, &identity);
    let server = destination.to_string();
    let unreachable = |problem: String| ModelError::Unreachable { model: name.to_owned(), destination: server.clone(), problem };
    let card = Card::from([
        ("kind".to_owned(), "Ollama server".to_owned()),
        ("model".to_owned(), settings.model.clone()),
        ("endpoint".to_owned(), endpoint.to_owned()),
    ]);
    let described = client.post("/api/show", &json(&Show { model: &settings.model }).map_err(|_| unreachable(String::new()))?, |body| {
        serde_json::from_str::<Shown>(body).map_err(|error| broken(&error))
    });
    let shown = match described {
        Ok((shown, _)) => shown,
        Err(Trouble::Open(problem) | Trouble::Lasting(_, problem, _)) => return Err(unreachable(problem)),
    };
    // Ollama hands requests for some models on to a service.
    if let Some(host) = shown.remote_host.filter(|host| !host.is_empty()) {
        destination = privacy::handed_on(name, &settings.address, &host, settings.allow_remote)?;
    }
    // A model that is exchanged under the same name is another model.
    identity.push(serde_json::json!([shown.details, shown.model_info, shown.template, shown.parameters]).to_string());
    let server = Server { client, model: settings.model.clone(), endpoint: settings.endpoint, logprobs: false };
    wire::open(Box::new(server), Facts { name: name.to_owned(), identity, destination, limits: settings.limits, card })
}

#[derive(Serialize)]
struct Show<'a> {
    model: &'a str,
}

#[derive(Deserialize)]
struct Shown {
    details: Option<serde_json::Value>,
    model_info: Option<serde_json::Value>,
    template: Option<serde_json::Value>,
    parameters: Option<serde_json::Value>,
    remote_host: Option<String>,
}

struct Server {
    client: Client,
    model: String,
    endpoint: Endpoint,
    logprobs: bool,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    /// The text is put as it is, without the model's template.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    raw: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<[Said<'a>; 1]>,
    stream: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    logprobs: bool,
    options: Drawing,
}

#[derive(Serialize)]
struct Said<'a> {
    role: &'a str,
    content: &'a str,
}

/// All that shapes the distribution is set: a server's own habits would be measured in the place of the model.
#[derive(Serialize)]
struct Drawing {
    temperature: f64,
    top_p: f64,
    top_k: u32,
    min_p: f64,
    repeat_penalty: f64,
    num_predict: u32,
    seed: u64,
}

#[derive(Deserialize)]
struct Reply {
    response: Option<String>,
    message: Option<Message>,
    done: Option<bool>,
    done_reason: Option<String>,
    #[serde(default)]
    logprobs: Option<Vec<Token>>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Token {
    token: String,
    logprob: f64,
}

fn read(body: &str) -> Result<(Reply, String, Outcome, String), Fault> {
    let mut reply: Reply = serde_json::from_str(body).map_err(|error| broken(&error))?;
    if let Some(error) = &reply.error {
        return Err(Fault::Passing(format!("an error came in the place of an answer: {error}")));
    }
    if reply.done != Some(true) {
        return Err(Fault::Passing("the answer does not say that it is done".to_owned()));
    }
    let text = reply.response.take().or(reply.message.take().and_then(|message| message.content));
    let text = text.ok_or_else(|| Fault::Hollow("the answer has no text".to_owned()))?;
    let (outcome, detail) = match reply.done_reason.as_deref() {
        Some("length") => (Outcome::Truncated, "cut by the server at the number of tokens asked for"),
        Some("stop") if text.trim().is_empty() => (Outcome::Empty, "the model ended the answer without a word"),
        Some("stop") => (Outcome::Answered, ""),
        // The model was loaded, and nothing said yet.
        Some("load") | None => return Err(Fault::Hollow("the server does not say why the answer ended".to_owned())),
        Some(other) => return Err(Fault::Passing(format!("the answer ended for the unknown reason `{other}`"))),
    };
    Ok((reply, text, outcome, detail.to_owned()))
}

impl Wire for Server {
    fn ask_logprobs(&mut self, ask: bool) {
        self.logprobs = ask;
    }

    fn draw(&mut self, text: &str, sampling: Sampling, seed: u64) -> Result<Drawn, Trouble> {
        let Sampling { temperature, top_p, max_tokens } = sampling;
        let options = Drawing { temperature, top_p, top_k: 0, min_p: 0.0, repeat_penalty: 1.0, num_predict: max_tokens, seed: short(seed) };
        let plain = self.endpoint == Endpoint::Completions;
        let body = Body {
            model: &self.model,
            prompt: plain.then_some(text),
            raw: plain,
            messages: (!plain).then_some([Said { role: "user", content: text }]),
            stream: false,
            logprobs: self.logprobs,
            options,
        };
        let path = if plain { "/api/generate" } else { "/api/chat" };
        let ((reply, text, outcome, detail), mut raw) = self.client.post(path, &json(&body)?, read)?;
        raw.tokens_read += reply.prompt_eval_count.unwrap_or(0);
        raw.tokens_written += reply.eval_count.unwrap_or(0);
        let tokens = reply.logprobs.unwrap_or_default().into_iter().map(|token| (token.token, token.logprob)).collect();
        Ok(Drawn { text, outcome, detail, tokens, raw })
    }
}
