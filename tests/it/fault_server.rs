//! A server with OpenAI's protocol on loopback that answers deterministically, or misbehaves as its script says, request by request.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// What a server can do instead of answering.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// None: it answers.
    Answer,
    /// Reads the request and says nothing until the client has had enough.
    Stall,
    /// Breaks off in the middle of the body.
    Cut,
    /// Closes its half of the connection before a word.
    HalfClose,
    /// Ends a body of unstated length in the middle of the JSON.
    Truncate,
    /// This status with this `Retry-After`.
    Status(u16, Option<String>),
    /// A page of a proxy with status 200.
    WrongType,
    /// An error with status 200.
    ErrorInside,
    /// An answer without a choice.
    NoChoices,
    /// Bytes that are no HTTP.
    Garbage,
    /// A byte now and then.
    Drip,
    /// A body without end.
    Endless,
    /// On to another address.
    Redirect(String),
    /// This status with the request's `authorization` in its body.
    EchoKey(u16),
}

struct State {
    script: Mutex<VecDeque<Fault>>,
    /// Path, authorization and body of every request.
    seen: Mutex<Vec<(String, String, Value)>>,
    honours_echo: bool,
}

/// A running server; stops with the test's process.
pub struct Server {
    port: u16,
    state: Arc<State>,
}

impl Server {
    /// A server that really repeats the prompt when asked to `echo`, or one that ignores it.
    pub fn start(honours_echo: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State { script: Mutex::default(), seen: Mutex::default(), honours_echo });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A client that has had enough closes the connection under the server's hands.
                std::thread::spawn(move || drop(serve(stream, &state)));
            }
        });
        Self { port, state }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What happens to the next requests; those after them are answered.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        *self.state.script.lock().unwrap() = faults.into_iter().collect();
    }

    pub fn requests(&self) -> usize {
        self.state.seen.lock().unwrap().len()
    }

    /// The requests so far: path, authorization, body.
    pub fn seen(&self) -> Vec<(String, String, Value)> {
        self.state.seen.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, state: &State) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length, mut authorization) = (String::new(), 0, String::new());
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "authorization" => authorization = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let asked: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    state.seen.lock().unwrap().push((path.clone(), authorization.clone(), asked.clone()));
    let fault = state.script.lock().unwrap().pop_front().unwrap_or(Fault::Answer);
    let good = answer(&path, &asked, state.honours_echo).to_string();
    let error = json!({"error": {"message": "overloaded, try later", "type": "server_error"}}).to_string();
    let mut say = |status: u16, kind: &str, more: &str, body: &str| {
        let length = body.len();
        write!(stream, "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}")
    };
    match fault {
        Fault::Answer => say(200, "application/json; charset=utf-8", "", &good),
        Fault::Status(status, after) => {
            let date = "date: Wed, 25 Nov 2026 09:00:00 GMT\r\n";
            say(status, "application/json", &after.map_or_else(String::new, |after| format!("{date}retry-after: {after}\r\n")), &error)
        }
        Fault::WrongType => say(200, "text/html", "", "<html>Please log in to the network</html>"),
        Fault::ErrorInside => say(200, "application/json", "", &error),
        Fault::NoChoices => say(200, "application/json", "", "{\"choices\": [], \"usage\": {\"prompt_tokens\": 3}}"),
        Fault::Redirect(target) => say(307, "text/plain", &format!("location: {target}\r\n"), ""),
        Fault::EchoKey(status) => {
            let body = json!({"error": {"message": format!("bad header {authorization}"), "type": "invalid_request_error"}}).to_string();
            say(status, "application/json", "", &body)
        }
        Fault::Cut => {
            let half = good.get(..good.len() / 2).unwrap_or_default();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{half}", good.len())
        }
        Fault::Truncate => {
            let half = good.get(..good.len() / 2).unwrap_or_default();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{half}")
        }
        Fault::HalfClose => {
            stream.shutdown(Shutdown::Write)?;
            reader.read_to_end(&mut body).map(|_| ())
        }
        Fault::Stall => reader.read_to_end(&mut body).map(|_| ()),
        Fault::Garbage => stream.write_all(b"\x00\xff\x13 what? \r\n\r\n{}"),
        Fault::Drip => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", good.len())?;
            good.bytes().try_for_each(|byte| {
                std::thread::sleep(Duration::from_millis(100));
                stream.write_all(&[byte])
            })
        }
        Fault::Endless => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{{\"choices\": [\"")?;
            loop {
                stream.write_all(&[b'a'; 1 << 16])?;
            }
        }
    }
}

/// A number in [0, 1) for these words.
fn dice(words: &str) -> f64 {
    let hash = lupe::store::hash_id([words]);
    u64::from_str_radix(&hash[..12], 16).unwrap() as f64 / (1u64 << 48) as f64
}

/// Log-probability of a token after a text.
fn logprob(before: &str, token: &str) -> f64 {
    -4.0 * dice(&format!("{before}|{token}"))
}

const WORDS: [&str; 8] = [" eine", " Frau", " ein", " Mann", " und", " das", " Museum", "."];

/// A text in tokens: words with the blank before them, and full stops.
fn pieces(text: &str) -> Vec<&str> {
    let starts = text.char_indices().filter(|&(at, letter)| at == 0 || letter == ' ' || letter == '.').map(|(at, _)| at);
    let mut starts: Vec<usize> = starts.collect();
    starts.push(text.len());
    starts.windows(2).map(|ends| &text[ends[0]..ends[1]]).collect()
}

/// Words that depend on prompt and seed alone, with log-probabilities that depend on what stands before them alone.
fn answer(path: &str, asked: &Value, honours_echo: bool) -> Value {
    if path == "/api/show" {
        let elsewhere = asked["model"].as_str().is_some_and(|model| model.ends_with("-cloud")).then_some("https://ollama.example");
        return json!({"details": {"family": "test"}, "model_info": {}, "remote_host": elsewhere});
    }
    let ollama = path.starts_with("/api/");
    let chat = path.ends_with("/chat/completions") || path == "/api/chat";
    let drawing = if ollama { &asked["options"] } else { asked };
    let prompt = if chat { &asked["messages"][0]["content"] } else { &asked["prompt"] }.as_str().unwrap_or_default();
    let most = drawing[if ollama { "num_predict" } else { "max_tokens" }].as_u64().unwrap_or(16) as usize;
    let seed = if drawing["temperature"].as_f64() == Some(0.0) { 0 } else { drawing["seed"].as_u64().unwrap_or(0) };
    let length = 5 + (8.0 * dice(&format!("length {prompt} {seed}"))) as usize;
    let (mut text, mut tokens) = (String::new(), Vec::new());
    for place in 0..length.min(most) {
        let word = WORDS[(8.0 * dice(&format!("{prompt}{text} {seed} {place}"))) as usize];
        tokens.push((word.to_owned(), json!(logprob(&format!("{prompt}{text}"), word))));
        text.push_str(word);
    }
    let finish = if length > most { "length" } else { "stop" };
    if asked["echo"] == true && honours_echo {
        let mut given: Vec<(String, Value)> = Vec::new();
        let mut so_far = String::new();
        for token in pieces(prompt) {
            let number = if so_far.is_empty() { Value::Null } else { json!(logprob(&so_far, token)) };
            so_far.push_str(token);
            given.push((token.to_owned(), number));
        }
        tokens = given.into_iter().chain(tokens).collect();
        text = format!("{prompt}{text}");
    }
    if ollama {
        let told: Vec<Value> = tokens.iter().map(|(token, logprob)| json!({"token": token, "logprob": logprob})).collect();
        let said = if chat { json!({"message": {"content": text}}) } else { json!({"response": text}) };
        let mut reply = json!({"done": true, "done_reason": finish, "logprobs": told, "prompt_eval_count": 3, "eval_count": tokens.len()});
        reply.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        return reply;
    }
    let usage = json!({"prompt_tokens": prompt.split(' ').count(), "completion_tokens": tokens.len()});
    let choice = if chat {
        let content: Vec<Value> = tokens.iter().map(|(token, logprob)| json!({"token": token, "logprob": logprob})).collect();
        json!({"message": {"role": "assistant", "content": text}, "finish_reason": finish, "logprobs": {"content": content}})
    } else {
        let (words, numbers): (Vec<_>, Vec<_>) = tokens.into_iter().unzip();
        json!({"text": text, "finish_reason": finish, "logprobs": {"tokens": words, "token_logprobs": numbers}})
    };
    json!({"id": "x", "created": 0, "choices": [choice], "usage": usage})
}
