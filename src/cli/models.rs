//! `lupe models`: fetch models from a hub; list, show and check those that are on this machine.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::DecimalBytes;
use miette::{IntoDiagnostic, Result};

use crate::model::fetch::{self, Cache, Facts, FetchError, Meter, ModelName, Order, Plan, Record, Snapshot, State};
use crate::model::settings::Settings;
use crate::model::{Card, ModelSpec};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Fetch a model into the cache of the Hugging Face tools; go on where an interrupted fetch left off.
    Fetch(FetchArguments),
    /// The models on this machine.
    List,
    /// Architecture, size, revision, files and memory needed.
    Show {
        /// ORG/NAME@REVISION, or any other model as `lupe run --models` takes it.
        model: String,
    },
    /// Hash the files again and compare with what was fetched; all fetched models when none is named.
    Check {
        /// ORG/NAME@REVISION.
        model: Option<ModelName>,
    },
}

#[derive(Debug, Args)]
struct FetchArguments {
    /// ORG/NAME@REVISION; a branch or tag is resolved to its commit, which is shown and recorded.
    model: ModelName,
    /// Fetch this GGUF file instead of the safetensors weights.
    #[arg(long)]
    file: Option<String>,
    /// Address of the hub; HF_ENDPOINT when absent. Without either nothing is asked.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Parts of a file that are fetched at the same time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=32))]
    connections: u16,
    /// Do not ask before fetching.
    #[arg(long, short)]
    yes: bool,
}

pub fn run(arguments: &Arguments, root: Option<&Path>, offline: bool) -> Result<ExitCode> {
    match &arguments.what {
        What::Fetch(arguments) => fetch(arguments, offline),
        What::List => list(root),
        What::Show { model } => show(model, root),
        What::Check { model } => check(model.as_ref()),
    }
}

fn fetch(arguments: &FetchArguments, offline: bool) -> Result<ExitCode> {
    let mut order = Order::from_environment(arguments.model.clone());
    order.endpoint = arguments.endpoint.clone().or(order.endpoint);
    order.file.clone_from(&arguments.file);
    order.connections = usize::from(arguments.connections);
    order.offline |= offline;
    let stop = crate::run::stop_on_interrupt().into_diagnostic()?;
    let asking = Meter::new(0);
    let plan = match Plan::make(order, &|event| asking.event(event), &stop) {
        Err(FetchError::Stopped) => return Ok(stopped()),
        other => other?,
    };
    announce(&arguments.model, &plan);
    if plan.to_fetch() > 0 && !arguments.yes && !agreed().into_diagnostic()? {
        println!("Nothing was fetched.");
        return Ok(ExitCode::SUCCESS);
    }
    let meter = Meter::new(plan.to_fetch());
    let done = plan.carry_out(&|event| meter.event(event), &stop);
    if plan.to_fetch() > 0 {
        meter.finish();
    }
    match done {
        Err(FetchError::Stopped) => return Ok(stopped()),
        other => other?,
    }
    let hosts = plan.served_by();
    if !hosts.is_empty() {
        println!("The files came from {}.", hosts.join(", "));
    }
    let file = arguments.file.as_ref().map(|file| format!("#{file}")).unwrap_or_default();
    println!("{} is in {}\nUse it as hub:{}{file}", plan.snapshot.name, plan.snapshot.folder.display(), plan.snapshot.name);
    Ok(ExitCode::SUCCESS)
}

fn stopped() -> ExitCode {
    println!("Stopped. The same command goes on where this one left off.");
    ExitCode::from(130)
}

/// What will be fetched from where and how large.
fn announce(asked: &ModelName, plan: &Plan) {
    let commit = &plan.snapshot.name.revision;
    let Some(endpoint) = plan.endpoint() else {
        println!("{asked} is here as commit {commit}; no hub was asked.");
        return;
    };
    println!("{asked} on {endpoint} is commit {commit}.");
    for file in &plan.files {
        println!("  {:>10}  {}{}", DecimalBytes(file.size).to_string(), file.name, if file.there { " (is here)" } else { "" });
    }
    match plan.to_fetch() {
        0 => println!("All of it is here; nothing is fetched."),
        bytes => {
            println!("To fetch: {} from {endpoint}, or where that hub refers to; the token goes to {endpoint} only.", DecimalBytes(bytes))
        }
    }
}

/// Ask, where there is somebody to ask.
fn agreed() -> std::io::Result<bool> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Ok(true);
    }
    print!("Fetch it? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes", "j", "ja"].contains(&answer.trim().to_lowercase().as_str()))
}

fn list(root: Option<&Path>) -> Result<ExitCode> {
    #[cfg(feature = "local")]
    for model in crate::reference::MODELS {
        let spec = ModelSpec::resolve(model, root)?.remove(0);
        let parameters = spec.open(root)?.card.remove("parameters").unwrap_or_default();
        println!("{model:<24} built in, {parameters} parameters");
    }
    for (name, settings) in Settings::read(root)?.models {
        let reached = settings.destination(&name).map_or_else(|error| error.to_string(), |destination| destination.to_string());
        println!("{name:<24} named in lupe.toml: {reached}");
    }
    let cache = Cache::from_environment();
    let snapshots = cache.snapshots();
    for snapshot in &snapshots {
        let Snapshot { name, .. } = snapshot;
        let revisions = match cache.revisions(name).join(", ") {
            none if none.is_empty() => String::new(),
            some => format!(" ({some})"),
        };
        let state = if snapshot.is_complete(None) { "" } else { ", not complete" };
        let shown = format!("hub:{}@{}", name.repository, &name.revision[..7]);
        println!("{shown:<24} {}{revisions}{state}", DecimalBytes(snapshot.size()));
    }
    println!("{} fetched models in {}", snapshots.len(), cache.root().display());
    Ok(ExitCode::SUCCESS)
}

fn show(model: &str, root: Option<&Path>) -> Result<ExitCode> {
    if let Ok(specs) = ModelSpec::resolve(model, root)
        && !model.starts_with("hub:")
    {
        for spec in specs {
            let card = spec.open(root)?.card;
            println!("{}", spec.name);
            print_card(&card);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let model = model.strip_prefix("hub:").unwrap_or(model);
    let name: ModelName = model.split('#').next().unwrap_or(model).parse()?;
    let cache = Cache::from_environment();
    let snapshot = cache.find(&name)?;
    let facts = Facts::of(&snapshot);
    let unknown = || "unknown".to_owned();
    let types = facts.types.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ");
    let mut card = Card::from([
        ("architecture".to_owned(), facts.architecture.clone().unwrap_or_else(unknown)),
        ("parameters".to_owned(), facts.parameters.map_or_else(unknown, |count| format!("{count} ({types})"))),
        ("size".to_owned(), DecimalBytes(snapshot.size()).to_string()),
        ("commit".to_owned(), snapshot.name.revision.clone()),
        ("meant by".to_owned(), cache.revisions(&snapshot.name).join(", ")),
        ("memory in F32".to_owned(), facts.memory_in_f32().map_or_else(unknown, |bytes| format!("at least {}", DecimalBytes(bytes)))),
        ("folder".to_owned(), snapshot.folder.display().to_string()),
    ]);
    if let Some(record) = Record::read(&cache, &snapshot.name)? {
        card.insert("fetched".to_owned(), format!("{} from {} as {}", record.fetched, record.endpoint, record.revision));
    }
    card.retain(|_, value| !value.is_empty());
    println!("{}", snapshot.name.repository);
    print_card(&card);
    for file in snapshot.files() {
        let size = snapshot.folder.join(&file).metadata().map(|data| DecimalBytes(data.len()).to_string()).unwrap_or_else(|_| unknown());
        println!("  {size:>14}  {file}");
    }
    Ok(ExitCode::SUCCESS)
}

fn print_card(card: &Card) {
    for (key, value) in card {
        println!("  {key:<14}  {value}");
    }
}

fn check(model: Option<&ModelName>) -> Result<ExitCode> {
    let cache = Cache::from_environment();
    let snapshots = match model {
        Some(name) => vec![cache.find(name)?],
        None => cache.snapshots(),
    };
    let mut sound = true;
    for snapshot in &snapshots {
        println!("{}", snapshot.name);
        let mut tell = |file: &str, state: &State| println!("  {file}: {}", words(state));
        let states = fetch::check(&cache, snapshot, &mut tell)?;
        sound &= states.iter().all(|(_, state)| !matches!(state, State::Changed { .. } | State::Missing));
        if !snapshot.is_complete(None) {
            println!("  not complete: fetch it again to have the rest");
        }
    }
    if !sound {
        println!("Something differs from what was fetched. Do not audit with it: remove the model's folder and fetch it again.");
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn words(state: &State) -> String {
    match state {
        State::Sound => "as recorded".to_owned(),
        State::Changed { recorded, found } => format!("CHANGED: recorded {recorded}, now {found}"),
        State::Missing => "MISSING".to_owned(),
        State::Unrecorded => "no hash is recorded".to_owned(),
    }
}
