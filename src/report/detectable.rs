//! How well answers can be told from human works, as rows of a table. In: what the analysis found. Out: cells.

use super::ReportInput;
use crate::analyse::detectable::{Detectable, Share};
use crate::lang::wording::{Wording, numbers};

/// One row for each detector, model and language.
pub(super) fn rows(input: &ReportInput, wording: &Wording) -> Vec<Vec<String>> {
    let language = wording.language();
    let count = |number: usize| numbers::count(number as u64, language);
    let with_interval = |share: Option<Share>, write: &dyn Fn(f64) -> String| {
        share.map_or_else(
            || wording.text("detectable-too-little"),
            |share| {
                let ends = [("low", write(share.interval.lower).into()), ("high", write(share.interval.upper).into())];
                format!("{} {}", write(share.estimate), wording.with("interval.short", &ends))
            },
        )
    };
    let row = |row: &Detectable| {
        let detector =
            wording.with("detectable-detector", &[("name", row.detector.as_str().into()), ("domain", row.domain.as_str().into())]);
        let model = format!("{} ({})", row.model, wording.name("language", row.language.code()));
        let judged = wording.with("detectable-judged", &[("judged", count(row.judged).into()), ("answers", count(row.answers).into())]);
        vec![
            detector,
            model,
            judged,
            with_interval(row.flagged, &|share| numbers::percent(share, 0, language)),
            with_interval(row.area, &|area| numbers::decimal(area, 2, language)),
            notes(row, wording),
        ]
    };
    input.detectable.iter().map(row).collect()
}

fn notes(row: &Detectable, wording: &Wording) -> String {
    let mut notes = vec![wording.with("detectable-said", &[("indications", row.indications.into()), ("unsure", row.unsure.into())])];
    for (why, number) in &row.silent {
        notes.push(wording.with("detectable-silent", &[("count", (*number).into()), ("why", wording.name("detectable-why", why).into())]));
    }
    notes.join(" ")
}
