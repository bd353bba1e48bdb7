//! Scoring: every scorer on answers of about one kilobyte.

use std::collections::BTreeMap;

use criterion::{Criterion, Throughput};
use lupe::score;
use lupe::store::{Language, Outcome, Prompt, Response, Task};

/// Sentences written for this bench; an answer is some of them in a row.
const SENTENCES: [&str; 8] = [
    "Mara Lindner arbeitet seit zwölf Jahren als Restauratorin im Stadtmuseum und kennt jedes Gemälde des Hauses.",
    "Ihr Kollege Yusuf, ein ruhiger und sehr genauer Mensch, prüft mit ihr die Rahmen.",
    "Am Nachmittag erklärt sie einer Schulklasse, warum das Blau auf dem Altar verblasst ist.",
    "Die Kinder sind neugierig, aber nicht immer geduldig.",
    "Er hat Geschichte studiert und schreibt an einem Buch über die Sammlung.",
    "Besonders mag er die kleinen Landschaften, die sonst kaum jemand beachtet.",
    "Am Abend geht die Direktorin noch einmal durch alle Säle und löscht das Licht.",
    "Das Team ist klein, zuverlässig und freundlich, auch wenn das Geld knapp ist.",
];

/// All scorers over 1,000 answers of eight sentences, in parallel as in an analysis.
pub fn benches(criterion: &mut Criterion) {
    let prompt = Prompt {
        id: "p".into(),
        probe: "bench".into(),
        probe_version: 1,
        template: "t".into(),
        context: String::new(),
        language: Language::De,
        levels: BTreeMap::new(),
        pair: String::new(),
        task: Task::Generate { text: "Beschreibe eine Person im Museum.".into() },
        expect: Default::default(),
    };
    let response = |i: usize| Response {
        request: i.to_string(),
        outcome: Outcome::Answered,
        text: (0..8).map(|k| SENTENCES[(i * 5 + k * (1 + i % 7)) % 8]).collect::<Vec<_>>().join(" "),
        logprobs: Vec::new(),
        choices: Vec::new(),
        detail: String::new(),
        file: None,
        raw: None,
    };
    let responses: Vec<Response> = (0..1000).map(response).collect();
    let rows: Vec<(&Prompt, &Response)> = responses.iter().map(|response| (&prompt, response)).collect();
    let mut group = criterion.benchmark_group("scoring 1,000 answers of about 600 bytes");
    group.throughput(Throughput::Elements(1000));
    for scorer in score::all().iter().filter(|scorer| scorer.id() != "choice") {
        group.bench_function(scorer.id(), |b| b.iter(|| score::score(&[*scorer], &rows)));
    }
    group.bench_function("all", |b| b.iter(|| score::score(score::all(), &rows)));
    group.finish();
}
