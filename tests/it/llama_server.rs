//! A peer: the real llama.cpp server (PyPI `llama-cpp-python[server]`) on the same weights as the decoder of this project.
//!
//! Runs where the environment variable LUPE_LLAMA_CPP names a Python that has it, or the Python on the path has; else it says that it did not.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lupe::model::ModelSpec;
use lupe::store::{Choice, Outcome, Response, Task};

use crate::support::ask;

/// A Python that has the server.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("LUPE_LLAMA_CPP").map(PathBuf::from);
    let python = named.clone().unwrap_or_else(|| PathBuf::from("python3"));
    let found = Command::new(&python).args(["-c", "import llama_cpp.server.app"]).stderr(Stdio::null()).status();
    let works = found.is_ok_and(|status| status.success());
    assert!(works || named.is_none(), "LUPE_LLAMA_CPP names a Python without llama_cpp.server: {}", python.display());
    works.then_some(python)
}

/// The server, stopped when the test ends.
struct Llama(Child);

impl Drop for Llama {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(python: &Path, weights: &Path) -> (Llama, u16) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // Keys and values in 32 bits (type 0), as the decoder here keeps them; in 16 bits, the default, they are up to 2.5e-3 off.
    let mut command = Command::new(python);
    command.args([
        "-m",
        "llama_cpp.server",
        "--host",
        "127.0.0.1",
        "--logits_all",
        "true",
        "--type_k",
        "0",
        "--type_v",
        "0",
        "--port",
        &port.to_string(),
        "--model",
    ]);
    let child = command.arg(weights).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let llama = Llama(child);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(60), "the server did not come up");
        std::thread::sleep(Duration::from_millis(100));
    }
    (llama, port)
}

#[test]
fn llama_cpp_writes_the_same_greedy_text_with_the_same_log_probabilities() {
    let Some(python) = python() else {
        println!("not run: llama_cpp_writes_the_same_greedy_text (no llama-cpp-python[server]; set LUPE_LLAMA_CPP)");
        return;
    };
    let Some(shared) = lupe::shared_data("llama_server") else { return };
    let weights = shared.join("models/stories260k");
    let (_llama, port) = start(&python, &weights.join("stories260k.gguf"));
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[models.llama]\nkind = \"openai\"\naddress = \"http://127.0.0.1:{port}/v1\"\nmodel = \"stories\"\nendpoint = \"completions\"\n\
         extra = {{ top_k = 0, min_p = 0, repeat_penalty = 1 }}\n\
         [models.candle]\nkind = \"candle\"\npath = {:?}\n",
        weights.canonicalize().unwrap()
    );
    std::fs::write(folder.path().join("lupe.toml"), text).unwrap();
    let open = |name: &str| ModelSpec::resolve(name, Some(folder.path())).unwrap()[0].open(Some(folder.path())).unwrap();
    let (mut llama, mut candle) = (open("llama"), open("candle"));
    println!("proved of llama.cpp's server: {:?}", llama.backend.abilities());
    assert!(llama.backend.abilities().generated_logprobs);

    let distance = |one: &[f64], other: &[f64]| {
        assert_eq!(one.len(), other.len());
        one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
    };
    let (mut largest, mut tokens) = (0.0f64, 0);
    for prompt in ["Once upon a time", "Lily and her mom went to the park", "The dog", "One day, a boy named Tim", "She was"] {
        let task = Task::Generate { text: prompt.into() };
        let (theirs, ours) = (ask(&mut llama, task.clone()).unwrap(), ask(&mut candle, task).unwrap());
        assert_eq!((&theirs.text, theirs.outcome), (&ours.text, Outcome::Truncated), "{prompt}");
        tokens += ours.logprobs.len();
        largest = largest.max(distance(&theirs.logprobs, &ours.logprobs));
    }
    println!("{tokens} generated tokens: the same text, log-probabilities at most {largest:.1e} apart");
    assert!(largest < 1e-3, "{largest}");

    if llama.backend.abilities().given_logprobs {
        let options = [" girl", " boy who was happy", " dog"].map(|text| Choice { category: text.into(), text: text.into() }).to_vec();
        let task = Task::Choose { text: "Once upon a time, there was a little".into(), options, neutral: "There is a".into() };
        let (theirs, ours) = (ask(&mut llama, task.clone()).unwrap(), ask(&mut candle, task).unwrap());
        let sums = |response: &Response| -> Vec<f64> {
            response.choices.iter().flat_map(|choice| [choice.logprob, choice.neutral_logprob, f64::from(choice.tokens)]).collect()
        };
        let apart = distance(&sums(&theirs), &sums(&ours));
        println!("{} options scored: at most {apart:.1e} apart", ours.choices.len());
        assert!(!ours.choices.is_empty() && apart < 1e-3, "{apart}");
    }
}
