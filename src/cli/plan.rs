//! `lupe plan`: what a run would ask, how long it may take, and what it could show. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use miette::Result;

use super::run::{What, open, options, say_left_out};
use crate::analyse::planned::{CORRELATION, POWER, Planned, Reader};
use crate::audit;
use crate::model::Ask;
use crate::probe::Role;
use crate::run::{Pack, Plan, PlannedModel, propose};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    what: What,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let What { suite, models, repeats, .. } = &arguments.what;
    let suite = audit::library(root)?.suite(suite)?;
    let mut models = open(models, root)?;
    let described: Vec<PlannedModel> = models
        .iter()
        .map(|(spec, opened)| PlannedModel { name: &spec.name, backend: &*opened.backend, card: opened.card.clone() })
        .collect();
    let plan = propose(&BTreeSet::new(), &suite.probes, &described, &options(&arguments.what, None))?;

    println!("{} prompts in {} probes", plan.prompts.len(), suite.probes.len());
    say_left_out(&models, &suite);
    for (spec, opened) in &mut models {
        let of_model = plan.requests.iter().filter(|request| request.model == spec.name);
        let (all, declined) =
            of_model.fold((0, 0), |(all, declined), r| (all + 1, declined + usize::from(plan.declined.contains_key(&r.id))));
        let packs: Vec<&Pack> = plan.packs.iter().filter(|pack| pack.model == spec.name).collect();
        let time = match seconds_per_request(&plan, &packs, &mut *opened.backend)? {
            Some(seconds) => format!("about {:.0} s with one worker, measured on one pack", seconds * (all - declined) as f64),
            None => "nothing to ask".to_owned(),
        };
        println!("{}: {all} requests, {declined} of them outside what it understands, in {} packs; {time}", spec.name, packs.len());
    }

    println!(
        "\nSmallest effect found, and smallest margin excluded, with {:.0} % power (every answer read, shares near one half, correlation {CORRELATION} within templates and contexts, unless a pilot says otherwise; scores in standard deviations; errors of instruments counted):",
        100.0 * POWER
    );
    for hypothesis in audit::planned(&suite, repeats.map(std::num::NonZeroU32::get), root)? {
        println!("{}", words(&hypothesis));
    }
    Ok(ExitCode::SUCCESS)
}

/// One line on one hypothesis.
fn words(planned: &Planned) -> String {
    let confirmatory = planned.role == Role::Confirmatory;
    let role = if confirmatory { "confirmatory" } else { "exploratory" };
    let effect = planned.smallest_difference.map_or_else(|| "none".to_owned(), |effect| format!("{effect:.3}"));
    let Planned { id, clusters, answers, smallest_margin, margin, .. } = planned;
    let reader = match planned.reader {
        Reader::Exact => String::new(),
        Reader::Rated => "; people or a model say what is there".to_owned(),
        Reader::Corrected { youden } => format!("; sensitivity + specificity - 1 is {youden:.2}"),
        Reader::Agreeing { correlation } => format!("; agreement with known values {correlation:.2}"),
        Reader::Unvalidated => "; no validation record".to_owned(),
    };
    let short = if confirmatory && !planned.reaches_its_margin() { "; NOT ENOUGH to confirm" } else { "" };
    format!(
        "{id}: {role}, {clusters} clusters, {answers} answers an arm; effect {effect}, margin {smallest_margin:.3} (declared {margin:.3}){reader}{short}"
    )
}

/// Answer one pack and take the time.
fn seconds_per_request(plan: &Plan, packs: &[&Pack], backend: &mut dyn crate::model::Backend) -> Result<Option<f64>> {
    let Some(pack) = packs.get(packs.len() / 2) else { return Ok(None) };
    let prompts: BTreeMap<&str, _> = plan.prompts.iter().map(|prompt| (prompt.id.as_str(), prompt)).collect();
    let asks: Vec<Ask> = plan
        .requests
        .iter()
        .filter(|request| pack.requests.contains(&request.id))
        .map(|request| Ask { request, prompt: prompts[request.prompt.as_str()] })
        .collect();
    let start = Instant::now();
    backend.answer(&asks)?;
    Ok(Some(start.elapsed().as_secs_f64() / asks.len() as f64))
}
