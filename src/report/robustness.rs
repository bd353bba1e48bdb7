//! The robustness panel of a claim: its other forms as a table, and how it stands among them as a sentence.

use serde::Serialize;

use super::{ReportInput, claim, names};
use crate::analyse::robustness::{Form, Row, Says, Standing};
use crate::analyse::{Finding, Robustness};
use crate::chart::{Quantity, verdict_name};
use crate::lang::wording::{Wording, numbers};
use crate::probe::Role;

/// The panel of one claim, all models together.
#[derive(Debug, Serialize)]
pub(super) struct Panel {
    caption: String,
    /// Model, with level and language where they tell findings apart, and how the claim stands there; no model where it is so for all.
    sentences: Vec<(String, String)>,
    /// Choices have no order that could be turned round.
    order: Option<String>,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    place: String,
    form: String,
    value: Option<String>,
    interval: String,
    says: String,
    failed: bool,
    reasons: Vec<String>,
}

fn panel_of<'a>(input: &'a ReportInput, finding: &Finding) -> Option<&'a Robustness> {
    input.robustness.iter().find(|panel| panel.finding == finding.id)
}

/// The words of a verdict, as strong as the claim's other forms allow. Only confirmatory claims have a stronger and a weaker wording.
pub(super) fn verdict_words(input: &ReportInput, finding: &Finding, wording: &Wording) -> String {
    let exploratory = finding.role == Role::Exploratory;
    let verdict = verdict_name(wording, finding.verdict, exploratory);
    let standing = panel_of(input, finding).filter(|_| !exploratory).map(|panel| panel.standing);
    let key = match standing {
        Some(Standing::Robust) => "robust-verdict.robust",
        Some(Standing::Fragile) => "robust-verdict.fragile",
        Some(Standing::Unreplicated) => "robust-verdict.unreplicated",
        Some(Standing::NoClaim) | None => return verdict,
    };
    wording.with(key, &[("verdict", verdict.into())])
}

/// The panel of the findings on one claim; none where no panel was made for any of them.
pub(super) fn panel(input: &ReportInput, findings: &[&Finding], claim: &str, wording: &Wording) -> Option<Panel> {
    let panels: Vec<(&Finding, &Robustness)> = findings
        .iter()
        .filter_map(|finding| Some((*finding, panel_of(input, finding)?)))
        .filter(|(_, panel)| !panel.rows.is_empty())
        .collect();
    let (first, _) = panels.first()?;
    let several_levels = findings.iter().any(|finding| finding.level != first.level);
    let place = |finding: &Finding| claim::place(input, finding, several_levels, wording);
    let claims = panels.iter().filter(|(_, panel)| panel.standing != Standing::NoClaim);
    let mut sentences: Vec<(String, String)> = claims.map(|(finding, panel)| (place(finding), sentence(panel, wording))).collect();
    // What is true of all is said once.
    if sentences.len() > 1 && sentences.iter().all(|(_, words)| *words == sentences[0].1) {
        sentences.truncate(1);
        sentences[0].0.clear();
    }
    let rows = panels.iter().flat_map(|(finding, panel)| panel.rows.iter().map(|row| view(input, finding, row, place(finding), wording)));
    Some(Panel {
        caption: wording.with("robust-caption", &[("claim", claim.trim_end_matches('.').into())]),
        sentences,
        order: first.measure.starts_with("choice").then(|| wording.text("robust-no-order")),
        rows: rows.collect(),
    })
}

/// How a claim stands, in words.
fn sentence(panel: &Robustness, wording: &Wording) -> String {
    let count = |says: Says| panel.rows.iter().filter(|row| row.says == says).count();
    let (holds, fails) = (count(Says::Holds), count(Says::Fails));
    let replicated = panel.rows.iter().any(|row| matches!(row.form, Form::Replication { .. }));
    let key = match panel.standing {
        Standing::Robust => "robust-sentence.robust",
        Standing::Fragile => "robust-sentence.fragile",
        Standing::Unreplicated if replicated => "robust-sentence.unassessed",
        Standing::Unreplicated | Standing::NoClaim => "robust-sentence.unreplicated",
    };
    let number = |count: usize| numbers::in_words(count, wording.language());
    let arguments = [("holds", number(holds).into()), ("fails", number(fails).into()), ("assessed", number(holds + fails).into())];
    wording.with(key, &arguments)
}

fn view(input: &ReportInput, finding: &Finding, row: &Row, place: String, wording: &Wording) -> RowView {
    let (quantity, language) = (Quantity::of(finding), wording.language());
    let form = match &row.form {
        Form::Replication { probe, .. } => {
            wording.with("robust-form-replication", &[("probe", names::probe_title(input, probe, wording).into())])
        }
        Form::Wordings { templates } => wording.with("robust-form-wordings", &[("templates", templates.join(", ").into())]),
        Form::Scoring { measure } => wording.name("measure", measure),
    };
    let says = match row.says {
        Says::Holds => "robust-says.holds",
        Says::Fails => "robust-says.fails",
        Says::SameByConstruction => "robust-says.same",
        Says::NotAssessable => "robust-says.not-assessable",
        Says::NoClaim => "robust-says.no-claim",
    };
    let ends = |low: f64, high: f64| {
        let ends = [("low", quantity.short(low, language).into()), ("high", quantity.short(high, language).into())];
        wording.with("interval.short", &ends)
    };
    RowView {
        place,
        form,
        value: row.estimate.map(|estimate| quantity.full(estimate.value, language)),
        interval: row.estimate.map(|estimate| ends(estimate.low, estimate.high)).unwrap_or_default(),
        says: wording.text(says),
        failed: row.says == Says::Fails,
        reasons: row.reasons.iter().map(|reason| names::reason(input, finding, reason, wording)).collect(),
    }
}
