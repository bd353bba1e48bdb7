//! How far people and judges agree, as rows of a table. In: what the analysis found. Out: cells, low agreement flagged in words.

use super::{ReportInput, names};
use crate::lang::wording::{Wording, numbers};
use crate::rate::{Agreement, Who};

/// One row for each comparison: question, whose words, raters, answers, alpha with its interval, what a reader should know.
pub(super) fn rows(input: &ReportInput, wording: &Wording) -> Vec<Vec<String>> {
    let several = input.agreement.iter().any(|row| row.probe != input.agreement[0].probe);
    let row = |row: &Agreement| {
        let language = wording.language();
        let question = row.question.get(language);
        let question =
            if several { format!("{question} ({})", names::probe_title(input, &row.probe, wording)) } else { question.to_owned() };
        let who = match &row.who {
            Who::People => wording.text("agreement-people"),
            Who::Repeats(judge) => wording.with("agreement-repeats", &[("judge", judge.as_str().into())]),
            Who::Orders(judge) => wording.with("agreement-orders", &[("judge", judge.as_str().into())]),
            Who::Judges => wording.text("agreement-judges"),
            Who::PeopleAndJudge(judge) => wording.with("agreement-people-and-judge", &[("judge", judge.as_str().into())]),
        };
        let decimal = |value: f64| numbers::decimal(value, 2, language);
        let alpha = match (row.alpha, row.low, row.high) {
            (Some(alpha), Some(low), Some(high)) => {
                let ends = [("low", decimal(low).into()), ("high", decimal(high).into())];
                format!("{} {}", decimal(alpha), wording.with("interval.short", &ends))
            }
            _ => "–".to_owned(),
        };
        let count = |number: u32| numbers::count(number.into(), language);
        vec![question, who, count(row.raters), count(row.units), alpha, notes(row, wording)]
    };
    input.agreement.iter().map(row).collect()
}

fn notes(row: &Agreement, wording: &Wording) -> String {
    let mut notes = Vec::new();
    match row.alpha {
        None => notes.push(wording.text("agreement-alike")),
        Some(_) if row.is_low() => notes.push(wording.text("agreement-low")),
        Some(_) => {}
    }
    if row.without > 0 {
        notes.push(wording.with("agreement-without", &[("count", row.without.into())]));
    }
    if let Some(lean) = row.lean {
        let language = wording.language();
        let points = |value: f64| numbers::signed(value, 2, language);
        notes.push(wording.with(
            "agreement-lean",
            &[
                ("lean", points(lean.value).into()),
                ("low", points(lean.low).into()),
                ("high", points(lean.high).into()),
                ("same", numbers::percent(lean.same, 0, language).into()),
            ],
        ));
    }
    notes.join(" ")
}
