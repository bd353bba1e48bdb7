//! What detectors say, on the page of a file. In: their statements. Out: sentences, tables and pictures for the template.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Value, context};

use super::super::calibration::ALPHA;
use super::super::decision::{Answer, Reason, Statement, right_of_indications};
use super::super::examined::Examined;
use super::super::features::Shown;
use super::super::material::{Abstention, Material};
use super::super::text::sentences::{Weighed, weigh};
use super::super::trained::{Measured, Trained};
use crate::lang::wording::{Wording, numbers};

/// Shares of generated works among all, for the table.
const PREVALENCES: [f64; 5] = [0.01, 0.02, 0.1, 0.25, 0.5];

/// Sentences shown for each side.
const SENTENCES: usize = 4;
/// Longest text whose sentences are weighed, in bytes: it is read once for each of them.
const WEIGHED: usize = 64 * 1024;

/// The section on detectors; nothing where none was asked.
pub(super) fn section(examined: &Examined, material: Option<&Material>, detectors: &[Trained], wording: &Wording) -> Option<Value> {
    let said: Vec<Value> = examined.statements.iter().zip(detectors).map(|(said, trained)| one(said, trained, material, wording)).collect();
    (!said.is_empty()).then(|| {
        context! {
            heading => wording.text("detect-statements"),
            intro => wording.text("detect-statements-intro"),
            more => wording.text("detect-more"),
            weighs_intro => wording.text("detect-weighs-intro"),
            sentence => wording.with("detect-right", &[("share", "{share}".into()), ("right", "{right}".into())]),
            said,
        }
    })
}

fn one(said: &Statement, trained: &Trained, material: Option<&Material>, wording: &Wording) -> Value {
    let traces = material.map(|material| trained.detector.traces(material)).unwrap_or_default();
    let traces: Vec<Value> = traces
        .into_iter()
        .map(|trace| {
            let caption = wording.text(&format!("trace-{}", trace.name));
            match trace.shown {
                Shown::Picture(png) => context! { caption, picture => STANDARD.encode(png) },
                Shown::Lines(lines) => context! { caption, lines },
            }
        })
        .collect();
    let parts = [("detector", name(&said.detector, wording).into()), ("answer", answer(said.answer, wording).into())];
    context! {
        title => wording.with("detect-said", &parts),
        reason => reason(&said.reason, wording),
        facts => facts(said, trained, wording),
        base_rate => said.p.map(|_| base_rate(trained.card.measured.as_ref(), wording)),
        weighs => material.map(|material| weights(trained, material, wording)),
        traces,
    }
}

/// The sentences of a text that weigh most towards each side. Nothing for other material, for very long texts, and for one without sentences that could be left out.
fn weights(trained: &Trained, material: &Material, wording: &Wording) -> Vec<Value> {
    let Material::Text(text) = material else { return Vec::new() };
    let weighed = if text.len() > WEIGHED { Vec::new() } else { weigh(text, &*trained.detector, &trained.linear).unwrap_or_default() };
    let side = |class: &str, sign: f64| {
        let of_side = weighed.iter().filter(|part| part.contribution * sign > 0.0).take(SENTENCES);
        let line = |part: &Weighed| [numbers::signed(part.contribution, 2, wording.language()), text[part.range.clone()].trim().to_owned()];
        let lines: Vec<[String; 2]> = of_side.map(line).collect();
        (!lines.is_empty())
            .then(|| context! { heading => wording.text(&format!("detect-{class}")), class => format!("speaks-{class}"), lines })
    };
    [side("for", 1.0), side("against", -1.0)].into_iter().flatten().collect()
}

/// The detector's name in words.
pub(super) fn name(detector: &str, wording: &Wording) -> String {
    wording.name("detector", detector)
}

/// The answer in words.
pub(super) fn answer(answer: Answer, wording: &Wording) -> String {
    wording.text(match answer {
        Answer::Indication => "detect-answer-indication",
        Answer::Unsure => "detect-answer-unsure",
        Answer::NoStatement => "detect-answer-no-statement",
    })
}

/// The reason in a sentence or two.
pub(super) fn reason(reason: &Reason, wording: &Wording) -> String {
    match reason {
        Reason::Abstains { why } => abstention(why, wording),
        Reason::NotCalibrated { domain: None } => wording.text("detect-because-no-domain"),
        Reason::NotCalibrated { domain: Some(domain) } => {
            wording.with("detect-because-not-calibrated", &[("domain", domain.as_str().into())])
        }
        Reason::NoGain { control } => wording.with("detect-because-no-gain", &[("control", name(control, wording).into())]),
        Reason::Usual => wording.text("detect-because-usual"),
        Reason::Close => wording.text("detect-because-close"),
        Reason::Rare => wording.text("detect-because-rare"),
        Reason::Little => wording.text("detect-because-little"),
        Reason::Unstable { under } => {
            let under: Vec<String> = under.iter().map(|change| wording.name("variant", change)).collect();
            wording.with("detect-because-unstable", &[("under", under.join(", ").into())])
        }
    }
}

fn abstention(why: &Abstention, wording: &Wording) -> String {
    let key = format!("detect-abstains-{}", why.word());
    match why {
        Abstention::OtherModality { needs } => wording.with(&key, &[("needs", needs.as_str().into())]),
        Abstention::TooLittle { found, needed, unit } => {
            let number = |value: f64| numbers::decimal(value, usize::from(value.fract() != 0.0), wording.language());
            wording.with(&key, &[("found", number(*found).into()), ("needed", number(*needed).into()), ("unit", unit.as_str().into())])
        }
        Abstention::TooLarge { what } => wording.with(&key, &[("what", what.as_str().into())]),
        Abstention::Unreadable { why } => wording.with(&key, &[("why", why.as_str().into())]),
    }
}

/// What the statement rests on.
fn facts(said: &Statement, trained: &Trained, wording: &Wording) -> Vec<[String; 2]> {
    let language = wording.language();
    let p = |p: f64| numbers::decimal(p, 3, language);
    let mut facts = Vec::new();
    if let (Some(own), Some([works, length])) = (said.p, said.compared) {
        let among = [("works", numbers::count(works as u64, language).into()), ("length", (length as f64).into())];
        facts.push([wording.text("detect-compared"), wording.with("detect-compared-with", &among)]);
        facts.push([wording.text("detect-p"), wording.with("detect-p-value", &[("p", p(own).into())])]);
    }
    for (change, changed) in &said.under {
        let value =
            changed.map_or_else(|| wording.text("detect-p-none"), |changed| wording.with("detect-p-value", &[("p", p(changed).into())]));
        facts.push([wording.name("variant", change), value]);
    }
    for corpus in &trained.card.corpora {
        let parts = [
            ("made-by", corpus.made_by.as_str().into()),
            ("human", if corpus.made_by == "human" { "yes" } else { "no" }.into()),
            ("works", numbers::count(corpus.items as u64, language).into()),
            ("sources", numbers::count(corpus.sources as u64, language).into()),
            ("licence", corpus.licence.as_str().into()),
            ("licensed", if corpus.licence.is_empty() { "no" } else { "yes" }.into()),
        ];
        facts.push([wording.text("detect-trained"), wording.with("detect-trained-on", &parts)]);
    }
    if let Some(measured) = &trained.card.measured {
        let number = |value: f64| numbers::decimal(value, 2, language);
        let parts = [
            ("auroc", number(measured.auroc).into()),
            ("lower", number(measured.interval.lower).into()),
            ("upper", number(measured.interval.upper).into()),
            ("control", name(&measured.control, wording).into()),
            ("control-auroc", number(measured.control_auroc).into()),
        ];
        facts.push([wording.text("detect-worth"), wording.with("detect-worth-value", &parts)]);
    }
    facts
}

/// What an indication is worth, by how many generated works there are among all.
fn base_rate(measured: Option<&Measured>, wording: &Wording) -> Value {
    let found = measured.and_then(|measured| measured.found_at_5);
    let right = |prevalence: f64| right_of_indications(found.unwrap_or(1.0), ALPHA, prevalence).unwrap_or(0.0);
    let percent = |share: f64| numbers::percent(share, 0, wording.language());
    let sentence = |prevalence: f64| {
        let whole = |share: f64| format!("{:.0}", 100.0 * share);
        wording.with("detect-right", &[("share", whole(prevalence).into()), ("right", whole(right(prevalence)).into())])
    };
    let key = if found.is_some() { "detect-base-rate" } else { "detect-base-rate.at-best" };
    context! {
        intro => wording.with(key, &[("found", percent(found.unwrap_or(1.0)).into())]),
        label => wording.text("detect-prevalence"),
        found => found.unwrap_or(1.0),
        alarms => ALPHA,
        at_start => sentence(0.02),
        columns => [wording.text("detect-prevalence"), wording.text("detect-right-share")],
        rows => PREVALENCES.map(|prevalence| [percent(prevalence), percent(right(prevalence))]),
    }
}
