//! `lupe doctor`: reach each model, prove what it can do with a known string, and say what can and cannot be measured with it.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use miette::{Report, Result};

use crate::audit;
use crate::model::settings::Settings;
use crate::model::{Abilities, ModelSpec, Opened};
use crate::store::{Medium, Task};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Models, separated by commas; all that lupe.toml names when absent.
    #[arg(long, value_delimiter = ',')]
    models: Vec<String>,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let specs = match arguments.models.as_slice() {
        [] => Settings::read(root)?.models.into_keys().collect(),
        named => named.to_vec(),
    };
    if specs.is_empty() {
        println!("lupe.toml names no model; name one with --models");
        return Ok(ExitCode::FAILURE);
    }
    let unmeasured = probes_on_given_words(root)?;
    let mut healthy = true;
    for spec in &specs {
        // One model that is not there must not hide what the others can do.
        if let Err(report) = examine(spec, root, &unmeasured) {
            healthy = false;
            println!("{spec}\n{report:?}");
        }
    }
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine(spec: &str, root: Option<&Path>, unmeasured: &[String]) -> Result<()> {
    for spec in ModelSpec::resolve(spec, root)? {
        let (destination, _) = spec.reach(root)?;
        println!("{}\n  prompts go to                        {destination}", spec.name);
        let Opened { backend, card } = spec.open(root)?;
        let Abilities { generate, seeded, generated_logprobs, given_logprobs } = backend.abilities();
        let mut lines: Vec<String> = card.iter().map(|(key, value)| format!("  {key:<36} {value}")).collect();
        for (ability, proved) in [
            ("continues a text", generate),
            ("the same seed gives the same text", seeded),
            ("log-probabilities of its own words", generated_logprobs),
            ("log-probabilities of given words", given_logprobs),
        ] {
            lines.push(format!("  {ability:<36} {}", if proved { "yes" } else { "no" }));
        }
        #[cfg(feature = "local")]
        if let Some(distance) = spec.rounding(root)? {
            lines.push(format!("  rounding to BF16 moves a log-probability of a known text by at most {distance:.4}"));
        }
        lines.push(match (generate, given_logprobs) {
            (true, true) => "  everything can be measured".to_owned(),
            (true, false) => format!("  answers can be measured, choices cannot: {} will be not-assessable", unmeasured.join(", ")),
            (false, true) => "  choices can be measured, answers cannot".to_owned(),
            (false, false) => "  nothing can be measured".to_owned(),
        });
        let not_made = [Medium::Image, Medium::Sound, Medium::Video].into_iter().filter(|medium| !backend.makes(*medium));
        let not_made: Vec<String> = not_made.map(|medium| format!("{}s", medium.as_str())).collect();
        if !not_made.is_empty() {
            lines.push(format!("  gives back no {}: probes that ask for them will be not-assessable", not_made.join(", ")));
        }
        if generate && !seeded {
            lines.push("  answers differ from run to run: what is stored is the evidence, a new run gives others".to_owned());
        }
        println!("{}\n", lines.join("\n"));
    }
    Ok(())
}

/// Probes that need log-probabilities of given words.
fn probes_on_given_words(root: Option<&Path>) -> Result<Vec<String>, Report> {
    let library = audit::library(root)?;
    let needs = |task: &Task| matches!(task, Task::Choose { .. } | Task::LogLikelihood { .. });
    let mut ids = Vec::new();
    for id in library.probe_ids() {
        if library.probe(id)?.prompts.iter().any(|prompt| needs(&prompt.task)) {
            ids.push(id.to_owned());
        }
    }
    Ok(ids)
}
