//! Scoring: every scorer on answers of about 600 bytes, and the whole on one thread and on two.

use std::collections::BTreeMap;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use lupe::score;
use lupe::store::{Expect, Language, Outcome, Prompt, Response, Task};

/// Sentences written for this bench; an answer is some of them in a row.
const SENTENCES: [&str; 10] = [
    "Mara Lindner arbeitet seit zwölf Jahren als Restauratorin im Stadtmuseum und kennt jedes Gemälde des Hauses.",
    "Ihr Kollege Yusuf, ein ruhiger und sehr genauer Mensch, prüft mit ihr die Rahmen.",
    "Am Nachmittag erklärt sie einer Schulklasse, warum das Blau auf dem Altar verblasst ist.",
    "Die Kinder sind neugierig, aber nicht immer geduldig.",
    "Er hat Geschichte studiert und schreibt an einem Buch über die Sammlung.",
    "Besonders mag er die kleinen Landschaften, die sonst kaum jemand beachtet.",
    "Am Abend geht die Direktorin noch einmal durch alle Säle und löscht das Licht.",
    "Das Team ist klein, zuverlässig und freundlich, auch wenn das Geld knapp ist.",
    "1. **Käthe Kollwitz** (1867–1945): Radierungen und Plastiken, geboren in Königsberg.",
    "Mara: „Hängt der Dürer heute schon im großen Saal?“",
];

/// All scorers over 1,000 answers of eight sentences, in parallel as in an analysis.
pub fn benches(criterion: &mut Criterion) {
    let prompt = prompt();
    let responses = answers(1000);
    let rows: Vec<(&Prompt, &Response)> = responses.iter().map(|response| (&prompt, response)).collect();
    let mut group = criterion.benchmark_group("scoring 1,000 answers of about 600 bytes");
    group.throughput(Throughput::Elements(1000));
    for scorer in score::all().iter().filter(|scorer| scorer.id() != "choice") {
        group.bench_function(scorer.id(), |b| b.iter(|| score::score(&[*scorer], &rows)));
    }
    group.bench_function("all", |b| b.iter(|| score::score(score::all(), &rows)));
    group.finish();
}

/// 10,000 answers with all scorers, on one thread and on two: the best of three runs each, in turn.
pub fn report() {
    let prompt = prompt();
    let responses = answers(10_000);
    let bytes: usize = responses.iter().map(|response| response.text.len()).sum();
    let rows: Vec<(&Prompt, &Response)> = responses.iter().map(|response| (&prompt, response)).collect();
    let mut best = [f64::INFINITY; 2];
    for _ in 0..3 {
        for (threads, best) in [1, 2].into_iter().zip(&mut best) {
            let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
            let start = Instant::now();
            let measurements = pool.install(|| score::score(score::all(), &rows));
            *best = best.min(start.elapsed().as_secs_f64());
            assert!(measurements.len() >= 10_000 * score::all().len());
        }
    }
    println!(
        "10,000 answers of {} bytes: {:.2} s on one thread, {:.2} s on two, ratio {:.2}",
        bytes / 10_000,
        best[0],
        best[1],
        best[0] / best[1]
    );
}

fn prompt() -> Prompt {
    Prompt {
        id: "p".into(),
        probe: "bench".into(),
        probe_version: 1,
        template: "t".into(),
        context: String::new(),
        language: Language::De,
        levels: BTreeMap::from([("epoch".to_owned(), "barock".to_owned())]),
        pair: String::new(),
        task: Task::Generate { text: "Beschreibe eine Person im Museum.".into() },
        expect: Expect {
            language: None,
            words: vec!["Gemälde".into(), "Saal|Säle".into(), "verblasst".into()],
            person: Some("restorer".into()),
        },
    }
}

fn answers(count: usize) -> Vec<Response> {
    let response = |i: usize| Response {
        request: i.to_string(),
        outcome: Outcome::Answered,
        text: (0..8).map(|k| SENTENCES[(i * 5 + k * (1 + i % 7)) % SENTENCES.len()]).collect::<Vec<_>>().join("\n"),
        logprobs: Vec::new(),
        choices: Vec::new(),
        detail: String::new(),
        file: None,
        raw: None,
    };
    (0..count).map(response).collect()
}
