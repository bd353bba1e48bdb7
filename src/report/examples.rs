//! Example answers and the ledger of a probe.

use serde::Serialize;

use super::evidence::{self, Marked, Piece};
use super::{Example, ReportInput, names};
use crate::analyse::{Finding, Ledger};
use crate::lang::wording::{Wording, numbers};
use crate::store::Language;

/// Examples shown per probe, language and arm.
const MOST_EXAMPLES: usize = 5;
/// Characters shown of an answer, and of a prompt.
const MOST_CHARACTERS: usize = 1200;

/// The examples of one arm.
#[derive(Debug, Serialize)]
pub(super) struct Arm {
    name: String,
    examples: Vec<ExampleView>,
}

#[derive(Debug, Serialize)]
struct ExampleView {
    language: &'static str,
    model: String,
    prompt: String,
    answer: Marked,
    reading: Option<String>,
    outcome: String,
}

/// The ledger of one hypothesis or family.
#[derive(Debug, Serialize)]
pub(super) struct LedgerView {
    claim: String,
    rows: Vec<LedgerRow>,
}

#[derive(Debug, Serialize)]
struct LedgerRow {
    model: String,
    arm: String,
    cells: Vec<String>,
    sum: String,
    adds_up: bool,
    scored: String,
}

/// The examples of a probe by arm, at most five each, taken in turn from the models so that each has its say.
pub(super) fn arms(input: &ReportInput, probe: &str, wording: &Wording) -> Vec<Arm> {
    let mut kinds: Vec<(Language, &str)> = Vec::new();
    for example in input.examples.iter().filter(|example| example.probe == probe) {
        if !kinds.contains(&(example.language, example.arm.as_str())) {
            kinds.push((example.language, &example.arm));
        }
    }
    let several = kinds.iter().any(|(language, _)| *language != kinds[0].0);
    let arm = |(language, arm): (Language, &str)| {
        let all: Vec<&Example> =
            input.examples.iter().filter(|example| example.probe == probe && example.language == language && example.arm == arm).collect();
        let mut name = names::level(names::probe(input, probe), None, arm, wording);
        if several {
            name = format!("{name} ({})", wording.name("language", language.code()));
        }
        Arm { name, examples: in_turn(&all).into_iter().take(MOST_EXAMPLES).map(|example| view(example, wording)).collect() }
    };
    kinds.into_iter().map(arm).collect()
}

/// First examples of each model, then second ones, and so on.
fn in_turn<'a>(examples: &[&'a Example]) -> Vec<&'a Example> {
    let mut turns: Vec<(usize, &Example)> = Vec::new();
    for example in examples {
        let turn = turns.iter().filter(|(_, earlier)| earlier.model == example.model).count();
        turns.push((turn, example));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, example)| example).collect()
}

fn view(example: &Example, wording: &Wording) -> ExampleView {
    let prompt = evidence::pieces(&example.prompt_text, &[], MOST_CHARACTERS);
    let mut answer = evidence::pieces(&example.answer_text, &example.evidence, MOST_CHARACTERS);
    for Piece { labels, .. } in &mut answer.pieces {
        for label in labels {
            *label = wording.name("category", label);
        }
    }
    let reading = match example.reading.parse::<f64>() {
        Ok(number) => numbers::plain(number, wording.language()),
        Err(_) => wording.name("category", &example.reading),
    };
    let mut prompt_text: String = prompt.pieces.into_iter().map(|piece| piece.text).collect();
    if prompt.shown < prompt.all {
        prompt_text.push('…');
    }
    ExampleView {
        language: example.language.code(),
        model: example.model.clone(),
        prompt: prompt_text,
        answer,
        reading: (!example.reading.is_empty()).then_some(reading),
        outcome: wording.name("outcome", example.outcome.as_str()),
    }
}

/// What became of every request, per hypothesis or family, model and arm; rows that say the same are printed once.
pub(super) fn ledger(input: &ReportInput, findings: &[&Finding], wording: &Wording) -> Vec<LedgerView> {
    let mut views: Vec<(&str, Language, LedgerView)> = Vec::new();
    let mut seen: Vec<(&str, Language, &str, &Ledger)> = Vec::new();
    for finding in findings {
        for ledger in &finding.ledger {
            let of = (names::family(finding), finding.language);
            if seen.contains(&(of.0, of.1, &finding.model, ledger)) {
                continue;
            }
            seen.push((of.0, of.1, &finding.model, ledger));
            let row = ledger_row(input, finding, ledger, wording);
            match views.iter_mut().find(|view| (view.0, view.1) == of) {
                Some((.., view)) => view.rows.push(row),
                None => views.push((of.0, of.1, LedgerView { claim: ledger_claim(input, finding, wording), rows: vec![row] })),
            }
        }
    }
    views.into_iter().map(|(.., view)| view).collect()
}

fn ledger_claim(input: &ReportInput, finding: &Finding, wording: &Wording) -> String {
    let claim = names::question(input, finding, wording);
    if names::several_languages(input, &finding.probe) {
        format!("{claim} ({})", wording.name("language", finding.language.code()))
    } else {
        claim
    }
}

fn ledger_row(input: &ReportInput, finding: &Finding, ledger: &Ledger, wording: &Wording) -> LedgerRow {
    let count = |number: u32| numbers::count(number.into(), wording.language());
    let outcomes = [ledger.answered, ledger.refused, ledger.empty, ledger.truncated, ledger.unparseable, ledger.failed];
    LedgerRow {
        model: finding.model.clone(),
        arm: names::level(names::probe(input, &finding.probe), finding.axis.as_deref(), &ledger.arm, wording),
        cells: std::iter::once(ledger.planned).chain(outcomes).map(count).collect(),
        sum: numbers::count(outcomes.iter().map(|&number| u64::from(number)).sum(), wording.language()),
        adds_up: ledger.adds_up(),
        scored: count(ledger.scored),
    }
}
