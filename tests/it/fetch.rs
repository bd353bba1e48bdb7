//! Models from a hub that cuts, stalls, lies and denies: what arrives is right to the byte, or it does not arrive.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use lupe::model::fetch::{Cache, Event, FetchError, Order, Patience, Plan};
use lupe::stats::rng::Random;
use proptest::prelude::*;

use crate::hub::{COMMIT, Fault, Hub, MODEL, git_blob, sha256};
use crate::support::lupe;

const TOKEN: &str = "hf_a_secret_that_must_not_travel";

fn random_bytes(count: usize, seed: u64) -> Vec<u8> {
    let mut rng = Random::new(seed, "bytes");
    (0..count.div_ceil(8)).flat_map(|_| rng.bits().to_le_bytes()).take(count).collect()
}

/// A configuration and so many bytes of weights.
fn hub_with(weights: &[u8]) -> Hub {
    Hub::with(&[("config.json", b"{}"), ("model.safetensors", weights), ("README.md", b"not needed")])
}

fn order(hub: &Hub, cache: &Path) -> Order {
    let patience =
        Patience { attempts: 4, pause: Duration::from_millis(1), longest: Duration::from_secs(2), silence: Duration::from_millis(250) };
    Order {
        name: format!("{MODEL}@main").parse().unwrap(),
        file: None,
        endpoint: Some(hub.endpoint.clone()),
        token: None,
        offline: false,
        cache: Cache::at(cache.to_owned()),
        connections: 3,
        piece: Some(16 << 10),
        patience,
    }
}

fn fetch(order: Order) -> Result<Vec<Event>, FetchError> {
    let (events, stop) = (Mutex::default(), AtomicBool::new(false));
    let tell = |event| Vec::push(&mut events.lock().unwrap(), event);
    Plan::make(order, &tell, &stop)?.carry_out(&tell, &stop)?;
    Ok(events.into_inner().unwrap())
}

fn model_folder(cache: &Path) -> PathBuf {
    cache.join("models--museum--stories")
}

fn weights(cache: &Path) -> PathBuf {
    model_folder(cache).join("snapshots").join(COMMIT).join("model.safetensors")
}

/// The program with this cache, and no variable of the machine it runs on.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = lupe(folder, arguments);
    for name in ["HF_ENDPOINT", "HF_TOKEN", "HF_HOME", "HF_HUB_OFFLINE"] {
        command.env_remove(name);
    }
    command.env("HF_HUB_CACHE", folder.join("cache"));
    command
}

fn words(output: &Output) -> String {
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // Errors are wrapped to the width of a terminal.
    words.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn said(command: &mut Command, success: bool) -> String {
    let output = command.output().unwrap();
    let words = words(&output);
    assert_eq!(output.status.success(), success, "{words}");
    words
}

#[test]
fn a_real_model_is_fetched_once_in_the_layout_of_other_tools_and_can_be_audited() {
    let Some(data) = lupe::shared_data("fetch") else { return };
    let read = |file: &str| std::fs::read(data.join("models/stories260k").join(file)).unwrap();
    let names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
    let files: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (*name, read(name))).collect();
    let given: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let hub = Hub::with(&[given.as_slice(), &[("README.md", b"not needed".as_slice())]].concat()).store_elsewhere();
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| said(&mut command(folder.path(), arguments), true);
    let model = format!("{MODEL}@main");

    let words = run(&["models", "fetch", &model, "--endpoint", &hub.endpoint]);
    for part in [COMMIT, &hub.endpoint, "1.18 MB", "model.safetensors"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let cache = model_folder(&folder.path().join("cache"));
    let snapshot = cache.join("snapshots").join(COMMIT);
    assert_eq!(std::fs::read_to_string(cache.join("refs/main")).unwrap(), COMMIT);
    for (name, bytes) in &files {
        let hash = if bytes.len() > 8 << 10 { sha256(bytes) } else { git_blob(bytes) };
        #[cfg(unix)]
        assert_eq!(std::fs::read_link(snapshot.join(name)).unwrap(), Path::new("../../blobs").join(&hash));
        assert_eq!(std::fs::read(cache.join("blobs").join(hash)).unwrap(), *bytes);
        assert_eq!(std::fs::read(snapshot.join(name)).unwrap(), *bytes);
    }
    assert_eq!(std::fs::read_dir(cache.join("blobs")).unwrap().count(), 4, "nothing is left beside the files");
    assert_eq!(std::fs::read_dir(&snapshot).unwrap().count(), 4, "what is not needed is not fetched");

    // Run twice: the hub is asked what the branch means now, and sends no file.
    let served = hub.served();
    assert!(run(&["models", "fetch", &model, "--endpoint", &hub.endpoint]).contains("nothing is fetched"));
    assert_eq!(hub.served(), served);
    drop(hub);
    // A pinned model that is here needs no hub at all, nor does a branch when nobody is named to ask.
    for model in [format!("{MODEL}@{COMMIT}"), model.clone()] {
        assert!(run(&["models", "fetch", &model]).contains("no hub was asked"));
    }

    let list = run(&["models", "list"]);
    assert!(list.contains("balanced") && list.contains("hub:museum/stories@0123456") && list.contains("(main)"), "{list}");
    let show = run(&["models", "show", &model]);
    for part in ["LlamaForCausalLM", COMMIT, "F32", "tokenizer.json"] {
        assert!(show.contains(part), "{part}: {show}");
    }
    let header = u64::from_le_bytes(files[1].1[..8].try_into().unwrap());
    let parameters = (files[1].1.len() as u64 - 8 - header) / 4;
    assert!(show.contains(&format!("parameters {parameters} ")), "{parameters}: {show}");
    assert!(run(&["models", "check", &model]).contains("model.safetensors: as recorded"));
    assert!(run(&["models", "show", "balanced"]).contains("parameters"));

    let plan = run(&["plan", "--suite", "persona", "--models", &format!("hub:{model}")]);
    assert!(plan.contains("stories@main"), "{plan}");
    let words = said(&mut command(folder.path(), &["plan", "--suite", "persona", "--models", "hub:museum/other@main"]), false);
    assert!(words.contains("lupe models fetch museum/other@main"), "{words}");

    // A single changed bit is found.
    let blob = cache.join("blobs").join(sha256(&files[1].1));
    let mut bytes = files[1].1.clone();
    bytes[500_000] ^= 1;
    std::fs::write(&blob, bytes).unwrap();
    assert!(said(&mut command(folder.path(), &["models", "check"]), false).contains("model.safetensors: CHANGED"));
}

#[test]
#[cfg(unix)]
fn a_fetch_stopped_or_killed_half_way_fetches_only_what_is_missing() {
    let bytes = random_bytes(24 << 20, 1);
    let hub = hub_with(&bytes);
    let folder = tempfile::tempdir().unwrap();
    let path = weights(&folder.path().join("cache"));
    let arguments = ["models", "fetch", MODEL, "--endpoint", &hub.endpoint];
    hub.slow(true);
    let size = bytes.len() as u64;
    for (signal, until, code) in [("-INT", size / 3, Some(130)), ("-KILL", 2 * size / 3, None)] {
        let mut child = command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let start = Instant::now();
        while hub.served() < until && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), code, "{signal}");
        assert!(!path.exists() && hub.served() < size, "it was caught half-way");
    }
    std::thread::sleep(Duration::from_millis(100));
    hub.slow(false);
    let before = hub.served();
    let words = said(&mut command(folder.path(), &arguments), true);
    assert!(words.contains("are here from before"), "{words}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    let (piece, connections) = (size / 64, 4);
    println!("{before} bytes before the kill, {} after, of {size}", hub.served() - before);
    assert!(hub.served() <= size + 2 + 2 * 2 * connections * piece, "only unfinished pieces came again");
}

#[test]
fn two_processes_that_fetch_the_same_model_share_the_work() {
    let bytes = random_bytes(6 << 20, 2);
    let hub = hub_with(&bytes);
    hub.slow(true);
    let folder = tempfile::tempdir().unwrap();
    let start = || command(folder.path(), &["models", "fetch", MODEL, "--endpoint", &hub.endpoint]).stdout(Stdio::null()).spawn().unwrap();
    let mut children = [start(), start()];
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    assert_eq!(hub.served(), bytes.len() as u64 + 2);
    assert_eq!(std::fs::read(weights(&folder.path().join("cache"))).unwrap(), bytes);
}

#[test]
fn what_is_denied_or_unknown_is_told_with_what_to_do() {
    let hub = hub_with(b"weights");
    let folder = tempfile::tempdir().unwrap();
    let fails = |model: &str, token: Option<&str>| {
        let mut command = command(folder.path(), &["models", "fetch", model, "--endpoint", &hub.endpoint]);
        command.envs(token.map(|token| ("HF_TOKEN", token)));
        let words = said(&mut command, false);
        assert!(!words.contains(TOKEN), "{words}");
        words
    };
    for (status, token, advice) in [(401, None, "set HF_TOKEN"), (403, Some(TOKEN), "the token in HF_TOKEN has no right")] {
        hub.refuse_listings(Some((status, "GatedRepo")));
        let words = fails(MODEL, token);
        assert!(words.contains("licence") && words.contains(advice) && words.contains("as the test wants it"), "{words}");
    }
    // Hubs say 401 for what does not exist, lest they tell strangers what does.
    hub.refuse_listings(Some((401, "RepoNotFound")));
    assert!(fails(MODEL, None).contains("knows no museum/stories@main"));
    hub.refuse_listings(None);
    assert!(fails("museum/stories@v9", None).contains("knows no museum/stories@v9"));
    assert!(fails("museum/nothing", None).contains("knows no museum/nothing@main"));
    let single = said(&mut command(folder.path(), &["models", "fetch", MODEL, "--file", "x.gguf", "--endpoint", &hub.endpoint]), false);
    assert!(single.contains("has no file `x.gguf`"), "{single}");
    assert_eq!(hub.served(), 0);
}

#[test]
fn without_an_endpoint_or_with_the_network_off_nobody_is_asked() {
    let hub = hub_with(b"weights");
    let folder = tempfile::tempdir().unwrap();
    let words = said(&mut command(folder.path(), &["models", "fetch", MODEL]), false);
    assert!(words.contains("HF_ENDPOINT") && words.contains("--endpoint") && words.contains("unasked"), "{words}");
    let mut offline = command(folder.path(), &["models", "fetch", MODEL]);
    let words = said(offline.env("HF_ENDPOINT", &hub.endpoint).env("HF_HUB_OFFLINE", "1"), false);
    assert!(words.contains("the network is off"), "{words}");
    assert!(hub.asked().is_empty());
    said(command(folder.path(), &["models", "fetch", MODEL]).env("HF_ENDPOINT", &hub.endpoint), true);
    assert!(weights(&folder.path().join("cache")).exists());
}

#[test]
fn the_token_goes_to_the_hub_and_never_to_the_host_that_it_refers_to() {
    let bytes = random_bytes(100_000, 3);
    let hub = hub_with(&bytes).store_elsewhere();
    let folder = tempfile::tempdir().unwrap();
    let mut fetching = command(folder.path(), &["models", "fetch", MODEL, "--endpoint", &hub.endpoint]);
    let words = said(fetching.env("HF_TOKEN", TOKEN).env("LUPE_LOG", "trace"), true);
    assert!(!words.contains(TOKEN) && !words.contains("topsecret"), "{words}");
    let (at_store, at_hub): (Vec<_>, Vec<_>) = hub.asked().into_iter().partition(|asked| asked.at_store);
    assert!(!at_store.is_empty() && at_store.iter().all(|asked| asked.token.is_none()), "{at_store:?}");
    assert!(at_hub.iter().all(|asked| asked.token.as_deref() == Some(format!("Bearer {TOKEN}").as_str())), "{at_hub:?}");
    let cache = folder.path().join("cache");
    assert_eq!(std::fs::read(weights(&cache)).unwrap(), bytes);
    let record = std::fs::read_to_string(model_folder(&cache).join(format!("lupe/{COMMIT}.json"))).unwrap();
    assert!(record.contains(&sha256(&bytes)) && !record.contains(TOKEN) && !record.contains("topsecret"), "{record}");
}

#[test]
fn wrong_bytes_are_not_kept() {
    let bytes = random_bytes(100_000, 4);
    let hub = hub_with(&bytes);
    let folder = tempfile::tempdir().unwrap();
    hub.always(Some(Fault::Corrupt(70_000)));
    let error = fetch(order(&hub, folder.path())).unwrap_err();
    assert!(matches!(error, FetchError::WrongHash { .. }), "{error}");
    let left: Vec<_> = std::fs::read_dir(model_folder(folder.path()).join("blobs")).unwrap().collect();
    assert!(!weights(folder.path()).exists() && left.len() == 1, "only the configuration is there: {left:?}");
    hub.always(None);
    fetch(order(&hub, folder.path())).unwrap();
    assert_eq!(std::fs::read(weights(folder.path())).unwrap(), bytes);
}

#[test]
fn a_hub_that_lies_for_good_ends_in_an_error_that_names_the_lie() {
    let bytes = random_bytes(100_000, 5);
    let hub = hub_with(&bytes);
    for (fault, kind) in [
        (Fault::TooLong, "wrong length"),
        (Fault::OtherRange, "wrong length"),
        (Fault::Silent, "could not be read"),
        (Fault::Noise, "could not be read"),
        (Fault::Stall(0), "was cut"),
        (Fault::Cut(0), "was cut"),
        (Fault::WholeCut(10_000), "was cut"),
        (Fault::Status(503, None), "status 503"),
        (Fault::Status(429, Some(0)), "status 429"),
        (Fault::Status(416, None), "status 416"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fetch(Order { file: Some("README.md".into()), ..order(&hub, folder.path()) }).unwrap();
        hub.always(Some(fault));
        let error = fetch(order(&hub, folder.path())).unwrap_err();
        assert!(error.to_string().contains(kind), "{fault:?}: {error}");
        assert!(!weights(folder.path()).exists(), "{fault:?}");
        hub.always(None);
    }
}

#[test]
fn a_hub_without_ranges_is_read_as_a_whole_and_finished_pieces_are_kept() {
    let bytes = random_bytes(200_000, 6);
    let hub = hub_with(&bytes);
    let folder = tempfile::tempdir().unwrap();
    fetch(Order { file: Some("README.md".into()), ..order(&hub, folder.path()) }).unwrap();
    hub.always(Some(Fault::WholeCut(120_000)));
    assert!(fetch(order(&hub, folder.path())).is_err());
    hub.always(Some(Fault::Whole));
    let events = fetch(order(&hub, folder.path())).unwrap();
    let resumed = events.iter().find_map(|event| match event {
        Event::File { name, resumed } if name == "model.safetensors" => Some(*resumed),
        _ => None,
    });
    assert_eq!(resumed, Some(7 * (16 << 10)), "seven whole pieces fit into 120000 bytes");
    assert_eq!(std::fs::read(weights(folder.path())).unwrap(), bytes);
}

#[test]
fn a_hub_that_asks_for_patience_gets_it() {
    let hub = hub_with(b"weights");
    let folder = tempfile::tempdir().unwrap();
    hub.faults(&[Fault::Status(429, Some(1))]);
    let start = Instant::now();
    fetch(order(&hub, folder.path())).unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_listing_without_sizes_and_hashes_is_completed_by_asking_for_headers() {
    let bytes = random_bytes(50_000, 7);
    let hub = hub_with(&bytes).store_elsewhere().bare_listings();
    let folder = tempfile::tempdir().unwrap();
    fetch(order(&hub, folder.path())).unwrap();
    assert_eq!(std::fs::read(weights(folder.path())).unwrap(), bytes);
    assert!(hub.asked().iter().filter(|asked| asked.method == "HEAD").all(|asked| !asked.at_store && !asked.path.contains("README")));
}

#[test]
fn a_split_model_comes_with_its_index_and_all_its_parts() {
    let index = br#"{"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}"#;
    let files = |parts: &[&'static str]| {
        let mut files: Vec<(&str, &[u8])> = vec![("config.json", b"{}"), ("model.safetensors.index.json", index)];
        files.extend(parts.iter().map(|part| (*part, part.as_bytes())));
        Hub::with(&files)
    };
    let folder = tempfile::tempdir().unwrap();
    let lacking = files(&["model-1-of-2.safetensors"]);
    let error = fetch(order(&lacking, folder.path())).unwrap_err();
    assert!(error.to_string().contains("no file `model-2-of-2.safetensors`"), "{error}");
    let hub = files(&["model-1-of-2.safetensors", "model-2-of-2.safetensors"]);
    fetch(order(&hub, folder.path())).unwrap();
    let order = order(&hub, folder.path());
    assert!(order.cache.find(&order.name).unwrap().is_complete(None));
}

#[test]
fn a_model_that_another_tool_fetched_is_found_checked_and_not_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let snapshot = model_folder(&cache).join("snapshots").join(COMMIT);
    for place in [&snapshot, &model_folder(&cache).join("blobs"), &model_folder(&cache).join("refs")] {
        std::fs::create_dir_all(place).unwrap();
    }
    std::fs::write(model_folder(&cache).join("refs/main"), COMMIT).unwrap();
    let bytes = random_bytes(20_000, 8);
    for (name, content, hash) in [("config.json", b"{}".as_slice(), git_blob(b"{}")), ("model.safetensors", &bytes, sha256(&bytes))] {
        std::fs::write(model_folder(&cache).join("blobs").join(&hash), content).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(format!("../../blobs/{hash}"), snapshot.join(name)).unwrap();
        #[cfg(not(unix))]
        std::fs::write(snapshot.join(name), content).unwrap();
    }
    let hub = hub_with(&bytes);
    said(&mut command(folder.path(), &["models", "fetch", MODEL, "--endpoint", &hub.endpoint]), true);
    assert_eq!(hub.served(), 0);
    let check = said(&mut command(folder.path(), &["models", "check", MODEL]), true);
    assert!(check.contains("config.json: as recorded") && check.contains("model.safetensors: as recorded"), "{check}");
}

/// A file of 200 MB in pieces over four connections, and memory that does not grow with it.
#[test]
#[cfg(target_os = "linux")]
fn memory_stays_flat_however_large_the_file() {
    let mut peaks = Vec::new();
    for megabytes in [10, 200] {
        let hub = hub_with(&random_bytes(megabytes * 1_000_000, 9));
        let folder = tempfile::tempdir().unwrap();
        let start = Instant::now();
        let arguments = ["models", "fetch", MODEL, "--endpoint", &hub.endpoint];
        let mut child = command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0).max(peak);
            std::thread::sleep(Duration::from_millis(2));
        }
        let seconds = start.elapsed().as_secs_f64();
        assert!(weights(&folder.path().join("cache")).exists());
        println!("{megabytes} MB in {seconds:.2} s, {:.0} MB/s with hashing, peak memory {} MB", megabytes as f64 / seconds, peak / 1000);
        peaks.push(peak);
    }
    assert!(peaks[1] < peaks[0] + 16_000, "{peaks:?} kB");
}

/// Faults that pass, at places all over a file of 150000 bytes.
fn passing_fault() -> impl Strategy<Value = Fault> {
    let place = 0_usize..20_000;
    prop_oneof![
        4 => place.clone().prop_map(Fault::Cut),
        1 => place.prop_map(Fault::Stall),
        1 => Just(Fault::Silent),
        1 => Just(Fault::Noise),
        1 => Just(Fault::Half),
        1 => Just(Fault::TooShort),
        1 => Just(Fault::TooLong),
        1 => Just(Fault::Overflow),
        1 => Just(Fault::OtherRange),
        1 => (0_usize..150_000).prop_map(Fault::WholeCut),
        1 => Just(Fault::Status(503, None)),
        1 => Just(Fault::Status(429, Some(0))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_on_the_way_the_file_is_the_same_to_the_byte(
        faults in prop::collection::vec(passing_fault(), 0..24),
        seed in any::<u64>(),
        connections in 1_usize..5,
        piece in 4_000_u64..60_000,
    ) {
        let bytes = random_bytes(150_000, seed);
        let hub = hub_with(&bytes);
        hub.faults(&faults);
        let folder = tempfile::tempdir().unwrap();
        // A fetch may give up on so many faults in a row; then the same command goes on, and each time fewer of them are left.
        let order = || Order { connections, piece: Some(piece), ..order(&hub, folder.path()) };
        let attempts = (0..=faults.len()).take_while(|_| match fetch(order()) {
            Ok(_) => false,
            Err(error) => {
                assert!(!matches!(error, FetchError::WrongHash { .. }), "{error}");
                assert!(!weights(folder.path()).exists());
                true
            }
        });
        prop_assert!(attempts.count() <= faults.len());
        prop_assert_eq!(std::fs::read(weights(folder.path())).unwrap(), bytes);
    }
}
