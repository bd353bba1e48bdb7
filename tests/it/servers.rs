//! Models behind servers and programs: what they answer, what becomes of trouble, what is proved, and what stays on this machine.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use lupe::model::{Abilities, Destination, ModelError, ModelSpec, Opened};
use lupe::run::{self, Meter, Options};
use lupe::store::{Choice, Outcome, Task};
use proptest::prelude::*;

use crate::fault_server::{Fault, Server};
use crate::support::{ask, lupe, succeed};

fn settings(folder: &Path, models: &str) {
    std::fs::write(folder.join("lupe.toml"), models).unwrap();
}

/// Words on standard error, without the line breaks and frames of a narrow terminal.
fn fail(folder: &Path, arguments: &[&str]) -> String {
    crate::support::fail(folder, arguments).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A model `m` at `server`, quick to try again and quick to give up.
fn point_to(folder: &Path, server: &Server, endpoint: &str, more: &str) {
    let address = server.address();
    settings(
        folder,
        &format!(
            "[models.m]\nkind = \"openai\"\naddress = \"{address}/v1\"\nmodel = \"test\"\nendpoint = \"{endpoint}\"\n{more}\n\
             [models.m.limits]\nretries = 1\nbackoff_seconds = 0.001\ntimeout_seconds = 0.4\n"
        ),
    );
}

fn open(folder: &Path) -> Result<Opened, ModelError> {
    ModelSpec::resolve("m", Some(folder))?[0].open(Some(folder))
}

fn generate() -> Task {
    Task::Generate { text: "Wer arbeitet hier".into() }
}

#[test]
fn abilities_are_proved_and_an_ignored_echo_is_caught() {
    let folder = tempfile::tempdir().unwrap();
    for (echo, endpoint, given_logprobs) in [(true, "completions", true), (false, "completions", false), (true, "chat", false)] {
        let server = Server::start(echo);
        point_to(folder.path(), &server, endpoint, "");
        let mut opened = open(folder.path()).unwrap();
        let expected = Abilities { generate: true, seeded: true, generated_logprobs: true, given_logprobs };
        assert_eq!(opened.backend.abilities(), expected, "{endpoint}, echo {echo}");
        assert_eq!(opened.backend.destination(), Destination::Loopback(format!("{}/v1", server.address())));
        let response = ask(&mut opened, generate()).unwrap();
        assert_eq!((response.outcome, response.text.is_empty()), (Outcome::Answered, false));
        let raw = response.raw.unwrap();
        assert!(raw.body.contains(&response.text) && raw.attempts == 1 && raw.tokens_read == 3 && raw.tokens_written > 3);
    }
}

#[test]
fn options_are_scored_where_the_prompt_really_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let options = [" Frau", " Mann im Museum"].map(|text| Choice { category: text.into(), text: text.into() }).to_vec();
    let choose = Task::Choose { text: "Hier arbeitet eine".into(), options, neutral: "Es ist eine".into() };
    let server = Server::start(true);
    point_to(folder.path(), &server, "completions", "");
    let response = ask(&mut open(folder.path()).unwrap(), choose.clone()).unwrap();
    assert_eq!(response.outcome, Outcome::Answered, "{}", response.detail);
    assert_eq!(response.choices.iter().map(|choice| choice.tokens).collect::<Vec<_>>(), [1, 3]);
    assert!(response.choices.iter().all(|choice| choice.logprob < 0.0 && choice.logprob != choice.neutral_logprob));

    let server = Server::start(false);
    point_to(folder.path(), &server, "completions", "extra = { top_k = 0, repeat_penalty = 1.5 }");
    let response = ask(&mut open(folder.path()).unwrap(), choose).unwrap();
    assert!(server.seen().iter().all(|(_, _, body)| body["top_k"] == 0 && body["repeat_penalty"] == 1.5));
    assert_eq!((response.outcome, response.choices.len()), (Outcome::Failed, 0));
    assert!(response.detail.contains("another text"), "{}", response.detail);
}

#[test]
fn ollamas_own_interface_is_spoken_and_a_model_that_runs_elsewhere_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(false);
    let point = |model: &str, more: &str| {
        let address = server.address();
        settings(folder.path(), &format!("[models.m]\nkind = \"ollama\"\naddress = \"{address}\"\nmodel = \"{model}\"\n{more}\n"));
    };
    for endpoint in ["chat", "completions"] {
        point("klein", &format!("endpoint = \"{endpoint}\""));
        let mut opened = open(folder.path()).unwrap();
        let expected = Abilities { generate: true, seeded: true, generated_logprobs: true, given_logprobs: false };
        assert_eq!(opened.backend.abilities(), expected);
        let response = ask(&mut opened, generate()).unwrap();
        assert_eq!((response.outcome, response.text.is_empty()), (Outcome::Answered, false));
        assert_eq!(response.raw.unwrap().tokens_read, 3);
    }
    point("gross-cloud", "");
    let error = open(folder.path()).err().unwrap();
    assert!(matches!(&error, ModelError::Forbidden { address, .. } if address.contains("ollama.example")), "{error}");
    point("gross-cloud", "allow_remote = true");
    let opened = open(folder.path()).unwrap();
    assert!(matches!(opened.backend.destination(), Destination::Remote(address) if address.contains("ollama.example")));
}

/// Trouble that may pass.
fn passing() -> Vec<Fault> {
    vec![
        Fault::Stall,
        Fault::Cut,
        Fault::HalfClose,
        Fault::Truncate,
        Fault::Status(429, Some("0".into())),
        Fault::Status(500, None),
        Fault::Status(503, None),
        Fault::WrongType,
        Fault::ErrorInside,
        Fault::Garbage,
        Fault::Drip,
        Fault::Endless,
    ]
}

#[test]
fn trouble_that_may_pass_is_tried_again_and_then_leaves_the_pack_open() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(false);
    point_to(folder.path(), &server, "chat", "");
    let expected = ask(&mut open(folder.path()).unwrap(), generate()).unwrap();
    for fault in passing() {
        let mut opened = open(folder.path()).unwrap();
        server.script([fault.clone()]);
        let response = ask(&mut opened, generate()).unwrap();
        assert_eq!((&response.text, response.outcome, response.raw.unwrap().attempts), (&expected.text, Outcome::Answered, 2), "{fault:?}");
        server.script([fault.clone(), fault.clone()]);
        let error = ask(&mut opened, generate()).unwrap_err();
        assert!(matches!(&error, ModelError::Unreachable { .. }), "{fault:?}: {error}");
        assert!(error.to_string().contains("the last of 2 attempts"), "{fault:?}: {error}");
    }
}

#[test]
fn the_servers_word_on_a_request_is_a_response_and_never_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(false);
    point_to(folder.path(), &server, "chat", "");
    let mut opened = open(folder.path()).unwrap();
    for (faults, detail) in [(vec![Fault::Status(400, None)], "status 400"), (vec![Fault::NoChoices; 2], "empty list of choices")] {
        server.script(faults);
        let response = ask(&mut opened, generate()).unwrap();
        assert_eq!((response.outcome, response.text.as_str()), (Outcome::Failed, ""));
        assert!(response.detail.contains(detail), "{}", response.detail);
    }
    // What lies in the settings fails at once and is no response.
    server.script([Fault::Status(401, None)]);
    let before = server.requests();
    assert!(ask(&mut opened, generate()).unwrap_err().to_string().contains("key_env"));
    assert!(ask(&mut opened, generate()).unwrap_err().to_string().contains("not asked any more"));
    assert_eq!(server.requests() - before, 1);
}

#[test]
fn a_pause_that_the_server_asks_for_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(false);
    point_to(folder.path(), &server, "chat", "");
    let mut opened = open(folder.path()).unwrap();
    for after in ["1", "Wed, 25 Nov 2026 09:00:01 GMT"] {
        server.script([Fault::Status(429, Some(after.into()))]);
        let start = Instant::now();
        assert_eq!(ask(&mut opened, generate()).unwrap().outcome, Outcome::Answered);
        assert!(start.elapsed() >= Duration::from_secs(1), "{after}: {:?}", start.elapsed());
    }
    server.script([Fault::Status(429, Some("86400".into()))]);
    let start = Instant::now();
    assert!(ask(&mut opened, generate()).unwrap_err().to_string().contains("longer pause"));
    assert!(start.elapsed() < Duration::from_secs(1));
}

/// Plan and work once; `None` while the model could not be opened.
fn round(folder: &Path, out: &Path) -> Option<run::Summary> {
    let suite = lupe::audit::library(None).unwrap().suite("persona").unwrap();
    let specs = ModelSpec::resolve("m", Some(folder)).unwrap();
    let opened = specs[0].open(Some(folder)).ok()?;
    let options = Options { repeats: std::num::NonZeroU32::new(2), ..Options::default() };
    lupe::audit::plan(out, &suite, &[(specs[0].clone(), opened)], &options).unwrap();
    let mut open = |_: &str| Ok(specs[0].open(Some(folder))?.backend);
    Some(run::run_here(out, &mut open, &AtomicBool::new(false), &mut Meter::new()).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn faults_lose_nothing_and_invent_nothing_and_a_resumed_run_equals_one_without(
        script in proptest::collection::vec(prop_oneof![
            2 => Just(Fault::Answer),
            1 => proptest::sample::select(passing()),
        ], 20..60)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(false);
        point_to(folder.path(), &server, "chat", "");
        let (calm, stormy) = (folder.path().join("calm"), folder.path().join("stormy"));
        prop_assert!(round(folder.path(), &calm).unwrap().problems.is_empty());
        let expected = run::Run::open(&calm).unwrap();

        server.script(script);
        let mut rounds = 0;
        loop {
            rounds += 1;
            prop_assert!(rounds < 60, "it never ends");
            let Some(summary) = round(folder.path(), &stormy) else { continue };
            let joined = run::Run::open(&stormy).unwrap().joined().unwrap();
            prop_assert_eq!(joined.rows.len() + joined.open.len(), 12);
            // An open request has a reason, and the other way about.
            prop_assert_eq!(joined.open.len(), summary.problems.len());
            prop_assert!(joined.rows.iter().all(|(_, _, response)| response.outcome == Outcome::Answered));
            if joined.open.is_empty() {
                break;
            }
        }
        let resumed = run::Run::open(&stormy).unwrap();
        prop_assert_eq!(resumed.digest().unwrap(), expected.digest().unwrap());
        prop_assert_eq!(resumed.raw().unwrap().len(), 12);
    }
}

/// Every file below a folder, and these words, hold no trace of `secret`.
fn assert_nowhere(secret: &str, folder: &Path, words: &[&[u8]]) {
    let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
    let mut folders = vec![folder.to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files += 1;
                assert!(!holds(&std::fs::read(&path).unwrap()), "{}", path.display());
            }
        }
    }
    assert!(files > 2);
    for words in words {
        assert!(!holds(words), "{}", String::from_utf8_lossy(words));
    }
}

#[test]
fn a_key_reaches_its_server_and_no_file_log_store_or_error() {
    const KEY: &str = "sk-Geheim/0123+4567=";
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(false);
    point_to(folder.path(), &server, "chat", "key_env = \"LUPE_TEST_KEY\"");
    let run = |jobs: &str, script: Vec<Fault>| {
        server.script(script);
        let arguments = ["run", "--suite", "persona", "--models", "m", "--repeats", "2", "--out", "run", "--jobs", jobs];
        lupe(folder.path(), &arguments).env("LUPE_TEST_KEY", KEY).env("LUPE_LOG", "trace").output().unwrap()
    };
    // Refused at opening, then in the middle of the run (as a response, and as a pack that stays open), then well.
    let denied = run("1", vec![Fault::EchoKey(401)]);
    assert!(!denied.status.success());
    let opening = vec![Fault::Answer; 8];
    let troubled = [Fault::EchoKey(400), Fault::EchoKey(500), Fault::Answer, Fault::EchoKey(500), Fault::EchoKey(500)];
    let troubled = run("1", [&opening[..], &troubled].concat());
    assert!(!troubled.status.success(), "a pack stayed open");
    let good = run("2", vec![]);
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    assert!(server.seen().iter().all(|(_, authorization, _)| *authorization == format!("Bearer {KEY}")));
    let raw = run::Run::open(&folder.path().join("run")).unwrap().raw().unwrap();
    assert_eq!(raw.values().filter(|raw| raw.body.contains("[key]")).count(), 2, "the key that the server sent back is blotted out");
    let outputs = [&denied, &troubled, &good];
    let words: Vec<&[u8]> = outputs.iter().flat_map(|output| [output.stdout.as_slice(), output.stderr.as_slice()]).collect();
    assert_nowhere(KEY, folder.path(), &words);
    assert_nowhere(KEY.replace('/', "\\/").as_str(), folder.path(), &words);

    let words = fail(folder.path(), &["run", "--suite", "persona", "--models", "m", "--out", "other"]);
    assert!(words.contains("LUPE_TEST_KEY") && words.contains("not set"), "{words}");
}

#[test]
fn nothing_leaves_this_machine_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let remote = |permission: &str| {
        let text = format!("[models.m]\nkind = \"openai\"\naddress = \"http://192.0.2.1:9/v1\"\nmodel = \"x\"\n{permission}\n");
        settings(folder.path(), &(text + "limits = { timeout_seconds = 0.2, retries = 0 }\n"));
    };
    let run = ["run", "--suite", "persona", "--models", "m", "--out", "run"];
    remote("");
    let words = fail(folder.path(), &run);
    assert!(words.contains("not on this machine") && words.contains("allow_remote = true"), "{words}");
    remote("allow_remote = true");
    let words = fail(folder.path(), &[&run[..], &["--offline"]].concat());
    assert!(words.contains("--offline forbids"), "{words}");
    let words = fail(folder.path(), &run);
    assert!(words.contains("another machine"), "{words}");
    assert!(!folder.path().join("run").exists());
}

#[test]
fn neither_a_redirect_nor_a_proxy_leads_prompts_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let (server, elsewhere) = (Server::start(false), Server::start(false));
    point_to(folder.path(), &server, "chat", "");
    let run = ["run", "--suite", "persona", "--models", "m", "--repeats", "1", "--out", "run", "--offline"];
    server.script([Fault::Redirect(format!("{}/v1/chat/completions", elsewhere.address()))]);
    let words = fail(folder.path(), &run);
    assert!(words.contains("not followed"), "{words}");
    let output = lupe(folder.path(), &run)
        .envs(["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"].map(|name| (name, elsewhere.address())))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(elsewhere.requests(), 0);
    assert!(server.requests() > 6);
}

#[test]
fn a_name_in_lupe_toml_comes_before_the_built_in_models_and_a_wrong_one_is_answered_with_what_the_file_has() {
    let folder = tempfile::tempdir().unwrap();
    settings(
        folder.path(),
        "[models.balanced]\nkind = \"command\"\ncommand = [\"./ask.sh\"]\n[models.hauslama]\nkind = \"ollama\"\nmodel = \"x\"\n",
    );
    let words = fail(folder.path(), &["run", "--suite", "persona", "--models", "balanced"]);
    assert!(words.contains("ask.sh"), "{words}");
    let words = fail(folder.path(), &["run", "--suite", "persona", "--models", "hauslamma"]);
    assert!(words.contains("did you mean `hauslama`"), "{words}");
    settings(folder.path(), "[models.m]\nkind = \"ollama\"\nmodell = \"x\"\n");
    let words = fail(folder.path(), &["run", "--suite", "persona", "--models", "m"]);
    assert!(words.contains("lupe.toml") && words.contains("did you mean `model`"), "{words}");
}

#[cfg(unix)]
#[test]
fn any_program_can_be_audited_and_one_that_hangs_is_stopped_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let script = |text: &str| {
        std::fs::write(folder.path().join("ask.sh"), text).unwrap();
        settings(folder.path(), "[models.m]\nkind = \"command\"\ncommand = [\"sh\", \"ask.sh\"]\nlimits = { timeout_seconds = 1 }\n");
    };
    script("read request\ncase $request in *'\"prompt\"'*) echo '{\"text\": \"Sie heißt Anna und ist eine Frau.\"}';; esac\n");
    succeed(folder.path(), &["run", "--suite", "persona", "--models", "m", "--repeats", "2", "--out", "run"]);
    let run = run::Run::open(&folder.path().join("run")).unwrap();
    assert!(run.joined().unwrap().rows.iter().all(|(_, _, response)| response.text.starts_with("Sie heißt Anna")));
    assert!(run.raw().unwrap().values().all(|raw| raw.body.contains("Anna")));
    assert_eq!(open(folder.path()).unwrap().backend.destination(), Destination::Program("sh ask.sh".to_owned()));

    script("echo 'no weights found' >&2\nexit 3\n");
    let error = open(folder.path()).err().unwrap().to_string();
    assert!(error.contains("no weights found") && error.contains('3'), "{error}");
    script("echo 'Anna'\n");
    assert!(open(folder.path()).err().unwrap().to_string().contains("as agreed"));
    script("(sleep 3; touch survived) &\nsleep 30\n");
    let start = Instant::now();
    assert!(open(folder.path()).err().unwrap().to_string().contains("took longer"));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    std::thread::sleep(Duration::from_millis(2600));
    assert!(!folder.path().join("survived").exists(), "a child outlived its program");
}
