//! The page as the template sees it: every text ready, every number written.

use minijinja::Value;
use serde::Serialize;

use super::charts::{self, NamedChart};
use super::claim::{self, ClaimView};
use super::examples::{self, Arm, LedgerView};
use super::summary::{self, Summary};
use super::{ModelEntry, ReportError, ReportInput, agreement, detectable, names};
use crate::analyse::{Finding, Ledger, Verdict};
use crate::chart::{Table, VERDICTS, verdict_name};
use crate::lang::wording::{Wording, numbers};
use crate::model::Destination;
use crate::probe::{Dimension, Role};
use crate::store::{Language, Outcome};

#[derive(Debug, Serialize)]
pub(super) struct Page {
    lang: &'static str,
    title: String,
    purpose: String,
    date: String,
    models: String,
    summary: Summary,
    contents: Vec<String>,
    probes: Vec<ProbeView>,
    calibration: Vec<ChartView>,
    agreement: Vec<Vec<String>>,
    detectable: Vec<Vec<String>>,
    verdicts: Vec<(String, String, &'static str, &'static str)>,
    alpha: String,
    manifest: ManifestView,
    empty: bool,
}

#[derive(Debug, Serialize)]
struct ProbeView {
    title: String,
    purpose: String,
    limits: String,
    station: String,
    fixed: Option<String>,
    roles: Vec<RoleView>,
    pictures: Vec<ChartView>,
    arms: Vec<Arm>,
    outcomes: Vec<String>,
    ledger: Vec<LedgerView>,
    ledger_adds_up: bool,
}

#[derive(Debug, Serialize)]
struct RoleView {
    confirmatory: bool,
    charts: Vec<ChartView>,
    claims: Vec<ClaimView>,
}

#[derive(Debug, Serialize)]
struct ChartView {
    svg: Value,
    title: String,
    table: Table,
}

/// The manifest as tables of name and value; the template knows the columns.
#[derive(Debug, Serialize)]
struct ManifestView {
    run: Vec<(String, String)>,
    models: Vec<Vec<String>>,
    probes: Vec<Vec<String>>,
    scorers: Vec<Vec<String>>,
    validations: Vec<Vec<String>>,
    sent: Vec<Vec<String>>,
    left_the_house: bool,
    looks: Vec<Vec<String>>,
    looks_planned: u32,
    settings: Vec<(String, String)>,
    version: String,
    auditor: String,
    suite: String,
}

impl Page {
    pub fn of(input: &ReportInput, language: Language) -> Result<Self, ReportError> {
        let wording = Wording::of(language);
        let charts = charts::charts(input, language);
        let view = |(index, named): (usize, &NamedChart)| chart(named, &format!("chart-{}", index + 1));
        let mut drawn = Vec::new();
        for numbered in charts.iter().enumerate() {
            drawn.push((numbered.1, view(numbered)?));
        }
        let mut probes = Vec::new();
        for id in &charts::ordered(input) {
            let (own, others) = drawn.into_iter().partition(|(named, _)| named.probe.as_ref() == Some(id));
            drawn = others;
            probes.push(probe(input, id, own, wording));
        }
        let verdict = |verdict| {
            let (class, sign) = claim::look(verdict);
            let meaning = match verdict {
                Verdict::Difference => "meaning-difference",
                Verdict::NoRelevantDifference => "meaning-no-relevant-difference",
                Verdict::Inconclusive => "meaning-inconclusive",
                Verdict::NotAssessable => "meaning-not-assessable",
            };
            (verdict_name(wording, verdict, false), wording.text(meaning), class, sign)
        };
        Ok(Self {
            lang: language.code(),
            title: input.title.get(language).to_owned(),
            purpose: input.purpose.get(language).to_owned(),
            date: numbers::date(&input.manifest.finished, language),
            models: names::models(input).join(", "),
            summary: Summary::of(input, wording),
            contents: summary::contents(input, wording),
            probes,
            calibration: drawn.into_iter().map(|(_, view)| view).collect(),
            agreement: agreement::rows(input, wording),
            detectable: detectable::rows(input, wording),
            verdicts: VERDICTS.map(verdict).to_vec(),
            alpha: numbers::percent(input.manifest.alpha, 0, language),
            manifest: manifest(input, wording),
            empty: input.findings.is_empty(),
        })
    }
}

fn chart(named: &NamedChart, id: &str) -> Result<ChartView, ReportError> {
    // The SVG is made here and escapes every text in it; it is the only markup that enters the page unescaped.
    let svg = Value::from_safe_string(named.chart.svg(id)?);
    Ok(ChartView { svg, title: named.chart.title().to_owned(), table: named.chart.table() })
}

fn probe(input: &ReportInput, id: &str, charts: Vec<(&NamedChart, ChartView)>, wording: &Wording) -> ProbeView {
    let findings = names::findings(input, id);
    let known = names::probe(input, id);
    let station = known.map(|probe| probe.station.as_str()).or(findings.first().map(|finding| finding.station.as_str()));
    let (forests, pictures): (Vec<_>, Vec<_>) = charts.into_iter().partition(|(named, _)| named.role.is_some());
    let (confirmatory, exploratory): (Vec<_>, Vec<_>) = forests.into_iter().partition(|(named, _)| named.role == Some(Role::Confirmatory));
    let role = |role: Role, charts: Vec<(&NamedChart, ChartView)>| {
        let of_role: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.role == role).collect();
        RoleView {
            confirmatory: role == Role::Confirmatory,
            charts: charts.into_iter().map(|(_, view)| view).collect(),
            claims: claim::claims(input, &of_role, wording),
        }
    };
    let roles = [role(Role::Confirmatory, confirmatory), role(Role::Exploratory, exploratory)];
    ProbeView {
        title: names::probe_title(input, id, wording),
        purpose: known.map(|probe| probe.purpose.get(wording.language()).to_owned()).unwrap_or_default(),
        limits: known.map(|probe| probe.limits.get(wording.language()).trim().to_owned()).unwrap_or_default(),
        station: wording.name("station", station.unwrap_or_default()),
        fixed: known.and_then(|probe| probe.fixed).map(|dimension| {
            wording.text(match dimension {
                Dimension::Templates => "probe-fixed-templates",
                Dimension::Contexts => "probe-fixed-contexts",
            })
        }),
        roles: roles.into_iter().filter(|role| !role.claims.is_empty()).collect(),
        pictures: pictures.into_iter().map(|(_, view)| view).collect(),
        arms: examples::arms(input, id, wording),
        outcomes: Outcome::ALL.map(|outcome| wording.name("outcome", outcome.as_str())).to_vec(),
        ledger: examples::ledger(input, &findings, wording),
        ledger_adds_up: findings.iter().flat_map(|finding| &finding.ledger).all(Ledger::adds_up),
    }
}

fn manifest(input: &ReportInput, wording: &Wording) -> ManifestView {
    let manifest = &input.manifest;
    let language = wording.language();
    let stated = |text: &str| if text.is_empty() { wording.text("not-stated") } else { text.to_owned() };
    let run = [
        ("manifest-run-name", stated(&manifest.run)),
        ("page-meta-suite", stated(&manifest.suite)),
        ("manifest-started", stated(&manifest.started)),
        ("manifest-finished", stated(&manifest.finished)),
        ("manifest-auditor", stated(&manifest.auditor)),
        ("manifest-version", stated(&manifest.lupe_version)),
        ("manifest-alpha", numbers::percent(manifest.alpha, 0, language)),
    ];
    let sent_to = |destination: Option<&Destination>| match destination {
        None => wording.text("manifest-recorded-elsewhere"),
        Some(Destination::InProcess) => wording.text("manifest-this-process"),
        Some(Destination::Loopback(address)) => wording.with("manifest-this-machine", &[("address", address.as_str().into())]),
        Some(Destination::Program(program)) => wording.with("manifest-program", &[("program", program.as_str().into())]),
        Some(Destination::ByHand) => wording.text("manifest-by-hand"),
        Some(Destination::Remote(address)) => wording.with("manifest-other-machine", &[("address", address.as_str().into())]),
    };
    let name = |model: &ModelEntry| {
        let is_judge = manifest.judges.iter().any(|judge| std::ptr::eq(judge, model));
        if is_judge { wording.with("manifest-judge", &[("name", model.name.as_str().into())]) } else { model.name.clone() }
    };
    let all_models = || manifest.models.iter().chain(&manifest.judges);
    let sent = |model: &ModelEntry| {
        let [prompts, requests] = [model.prompts, model.requests].map(|count| numbers::count(count as u64, language));
        vec![name(model), sent_to(model.sent_to.as_ref()), prompts, requests]
    };
    let left_the_house = all_models().any(|model| matches!(model.sent_to, Some(Destination::Remote(_))));
    let validation = |record: &super::ValidationEntry| {
        vec![
            format!("{} {}", record.scorer, record.version),
            wording.name("measure", &record.measure),
            record.domain.clone(),
            wording.name("language", record.language.code()),
            numbers::count(record.rows, language),
            wording.text(if record.held_out { "yes" } else { "no" }),
            record.truth.clone(),
        ]
    };
    ManifestView {
        run: run.map(|(key, value)| (wording.text(key), value)).to_vec(),
        sent: all_models().map(sent).collect(),
        left_the_house,
        models: all_models()
            .map(|model| {
                let card = model.card.get(language).to_owned();
                vec![name(model), model.backend.clone(), model.fingerprint.clone(), card]
            })
            .collect(),
        probes: manifest
            .probes
            .iter()
            .map(|probe| vec![probe.id.clone(), probe.version.to_string(), probe.seed.to_string(), probe.hash.clone()])
            .collect(),
        scorers: manifest.scorers.iter().map(|scorer| vec![scorer.id.clone(), scorer.version.to_string()]).collect(),
        validations: manifest.validations.iter().map(validation).collect(),
        looks: manifest
            .looks
            .iter()
            .map(|look| vec![look.number.to_string(), numbers::date(&look.date, language), look.note.clone()])
            .collect(),
        looks_planned: manifest.looks_planned.max(1),
        settings: manifest.settings.clone(),
        version: manifest.lupe_version.clone(),
        auditor: manifest.auditor.clone(),
        suite: manifest.suite.clone(),
    }
}
