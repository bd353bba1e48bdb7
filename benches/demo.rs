//! The demo suite on a reference model, with and without prefix sharing.

use criterion::{Criterion, Throughput};
use lupe::audit;
use lupe::model::candle::{CandleBackend, Decoder, Files, Sharing, Start};
use lupe::probe::Probe;
use lupe::reference::Reference;
use lupe::store::Task;

/// Choices (every option after prompt and neutral prompt) and drawn answers (one template with all its repeats) of `balanced`.
pub fn benches(criterion: &mut Criterion) {
    let read = |path: &str| lupe::assets::read(&format!("models/reference/{path}"), None).ok().flatten().map(|bytes| bytes.into_owned());
    let reference = Reference::open("balanced", read).expect("the model is part of the program");
    let tokenizer = reference.tokenizer.as_bytes();
    let files = Files { config: &reference.config, weights: &reference.weights, tokenizer, tokenizer_config: None };
    let backend = CandleBackend::from_files("balanced", files, None).expect("the model is part of the program");
    let suite = audit::library(None).and_then(|library| Ok(library.suite("demo")?)).expect("the suite is part of the program");
    let probe = |id: &str| -> &Probe { suite.probes.iter().find(|probe| probe.id == id).expect("a probe of the suite") };

    let work = probe("demo-dialect-work");
    let sequences: Vec<Vec<u32>> = work
        .prompts
        .iter()
        .flat_map(|prompt| {
            let Task::Choose { text, options, neutral } = &prompt.task else { return Vec::new() };
            let pairs = options.iter().flat_map(|option| [text, neutral].map(|before| (before, option)));
            pairs.map(|(before, option)| backend.text().continued(before, &option.text).expect("the model knows its prompts").0).collect()
        })
        .collect();
    let occupation = probe("demo-occupation");
    let prompts: Vec<Vec<u32>> = occupation
        .prompts
        .iter()
        .filter(|prompt| prompt.template == occupation.prompts[0].template)
        .map(|prompt| backend.text().asked(prompt.task.text()).expect("the model knows its prompts"))
        .collect();
    let starts = |prompts: &'static [Vec<u32>]| -> Vec<Start<'static>> {
        let repeats = 0..u64::from(occupation.repeats);
        repeats
            .flat_map(|seed| prompts.iter().map(move |tokens| (seed, tokens)))
            .map(|(seed, tokens)| Start { tokens, sampling: occupation.sampling, seed })
            .collect()
    };
    let starts = starts(Vec::leak(prompts));

    for (name, sharing) in [("shared", Sharing::Prefix), ("unshared", Sharing::None)] {
        let decoder = Decoder::load(&reference.config, &reference.weights).expect("the model is part of the program").with_sharing(sharing);
        let mut group = criterion.benchmark_group("demo suite");
        group.throughput(Throughput::Elements(work.prompts.len() as u64));
        group.bench_function(format!("choices of demo-dialect-work, {name}"), |b| b.iter(|| decoder.logprobs(&sequences)));
        group.throughput(Throughput::Elements(starts.len() as u64));
        group.bench_function(format!("answers to one template of demo-occupation, {name}"), |b| b.iter(|| decoder.generate(&starts)));
        group.finish();
    }
}
