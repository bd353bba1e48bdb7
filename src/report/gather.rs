//! From what an analysis has in hand to what the page shows: examples, counts of readings, and the manifest in words.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{Look, ModelEntry, ProbeEntry, ReportManifest, ScorerEntry, ValidationEntry};
use super::{Example, ReportInput};
use crate::analyse::detectable::Detectable;
use crate::analyse::{Finding, Instrument, Ledger, Robustness};
use crate::chart::Readings;
use crate::model::Destination;
use crate::model::recorded::RECORDED;
use crate::probe::{Bilingual, Hypothesis, Probe, Suite};
use crate::rate::{Agreement, Answer, JUDGES, PEOPLE};
use crate::run::{self, Manifest};
use crate::score::agreement::AgreementRecord;
use crate::score::{Kind, Records, Scorer, ValidationRecord};
use crate::store::{Measurement, Outcome, Prompt, Request, Response, Value};

/// Answers shown for each arm.
const EXAMPLES_PER_ARM: usize = 5;

/// What an analysis has in hand.
pub struct Gathering<'a> {
    /// The suite as planned.
    pub suite: Suite,
    /// What made the run.
    pub manifest: &'a Manifest,
    /// The findings.
    pub findings: &'a [Finding],
    /// Requests with prompts and responses.
    pub rows: &'a [(Request, &'a Prompt, Response)],
    /// Requests among them that were never put to their model.
    pub never_asked: &'a BTreeSet<String>,
    /// What was read in them.
    pub measurements: &'a [Measurement],
    /// Whether the confirmatory claims stand in other forms.
    pub robustness: Vec<Robustness>,
    /// All scorers.
    pub scorers: &'a [&'a dyn Scorer],
    /// All validation records.
    pub records: &'a Records,
    /// What made the judges' run, and their requests, if models judged.
    pub judges: Option<(&'a Manifest, &'a [Answer<'a>])>,
    /// How far people and judges agree.
    pub agreement: Vec<Agreement>,
    /// How well the answers can be told from human works.
    pub detectable: Vec<Detectable>,
    /// Known truth of reference models, by finding id.
    pub planted: BTreeMap<String, f64>,
}

/// Everything the page shows.
pub fn gather(from: Gathering) -> ReportInput {
    let Gathering {
        suite,
        manifest,
        findings,
        rows,
        never_asked,
        measurements,
        robustness,
        scorers,
        records,
        judges,
        agreement,
        detectable,
        mut planted,
    } = from;
    planted.retain(|id, _| findings.iter().any(|finding| finding.id == *id));
    let mut by_request: BTreeMap<&str, Vec<&Measurement>> = BTreeMap::new();
    for measurement in counting(measurements, scorers) {
        by_request.entry(&measurement.request).or_default().push(measurement);
    }
    let probes: Vec<Probe> = suite.probes.into_iter().map(|probe| Probe { prompts: Vec::new(), ..probe }).collect();
    ReportInput {
        title: suite.title,
        purpose: suite.purpose,
        findings: findings.to_vec(),
        robustness,
        readings: readings(rows, &by_request, scorers),
        examples: examples(&probes, rows, &by_request),
        agreement,
        detectable,
        planted,
        manifest: described(
            manifest,
            (&suite.id, suite.alpha, suite.looks),
            outcomes(rows, &by_request),
            (
                models(manifest, rows, never_asked),
                judges.map_or_else(Vec::new, |(manifest, rows)| models(manifest, rows, &BTreeSet::new())),
            ),
            findings,
            (&probes, scorers),
            records,
        ),
        probes,
    }
}

/// One reading of each measure: a scorer's; for what only people and judges read, people's, and a judge's where people said nothing.
fn counting<'a>(measurements: &'a [Measurement], scorers: &[&dyn Scorer]) -> impl Iterator<Item = &'a Measurement> {
    let by_scorer: BTreeSet<&str> = scorers.iter().flat_map(|scorer| scorer.measures()).map(|measure| measure.id).collect();
    let mut chosen: BTreeMap<(&str, &str), &Measurement> = BTreeMap::new();
    for measurement in measurements.iter().filter(|m| !by_scorer.contains(m.measure.as_str())) {
        let key = (measurement.request.as_str(), measurement.measure.as_str());
        let rank = |m: &Measurement| (m.scorer != PEOPLE, m.scorer != JUDGES, m.scorer.clone());
        let best = chosen.entry(key).or_insert(measurement);
        if rank(measurement) < rank(best) {
            *best = measurement;
        }
    }
    let read = measurements.iter().filter(move |m| by_scorer.contains(m.measure.as_str()) && m.scorer != PEOPLE);
    read.chain(chosen.into_values())
}

/// How often each category was read, by probe, model, language and categorical measure.
fn readings(
    rows: &[(Request, &Prompt, Response)],
    by_request: &BTreeMap<&str, Vec<&Measurement>>,
    scorers: &[&dyn Scorer],
) -> Vec<Readings> {
    let mut counts: BTreeMap<(&str, &str, crate::store::Language, &str), BTreeMap<&str, u64>> = BTreeMap::new();
    for (request, prompt, _) in rows {
        let read = by_request.get(request.id.as_str()).map_or(&[][..], Vec::as_slice);
        let refused = read.iter().any(|m| says_refused(m));
        for measurement in read.iter().filter(|m| !refused || says_refused(m)) {
            if let Value::Category(category) = &measurement.value {
                let key = (prompt.probe.as_str(), request.model.as_str(), prompt.language, measurement.measure.as_str());
                *counts.entry(key).or_default().entry(category).or_default() += 1;
            }
        }
    }
    let order = |measure: &str| -> Vec<&'static str> {
        let kind = scorers.iter().flat_map(|s| s.measures()).find(|m| m.id == measure).map(|m| m.kind);
        if let Some(Kind::Category(names)) = kind { names.to_vec() } else { Vec::new() }
    };
    counts
        .into_iter()
        .map(|((probe, model, language, measure), mut counts)| {
            let mut ordered: Vec<(String, u64)> =
                order(measure).into_iter().filter_map(|name| Some((name.to_owned(), counts.remove(name)?))).collect();
            ordered.extend(counts.into_iter().map(|(name, count)| (name.to_owned(), count)));
            Readings { probe: probe.to_owned(), model: model.to_owned(), language, measure: measure.to_owned(), counts: ordered }
        })
        .collect()
}

/// The first answers of each arm in order of request id, which is as good as drawn: ids are hashes.
fn examples(probes: &[Probe], rows: &[(Request, &Prompt, Response)], by_request: &BTreeMap<&str, Vec<&Measurement>>) -> Vec<Example> {
    let measures: BTreeMap<&str, Option<&Hypothesis>> = probes.iter().map(|probe| (probe.id.as_str(), probe.hypotheses.first())).collect();
    let mut counts: BTreeMap<(&str, &str, crate::store::Language, String), usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (request, prompt, response) in rows {
        let arm = if prompt.levels.is_empty() { "all".to_owned() } else { prompt.levels.values().cloned().collect::<Vec<_>>().join(" ") };
        let count = counts.entry((&prompt.probe, &request.model, prompt.language, arm.clone())).or_default();
        *count += 1;
        if *count > EXAMPLES_PER_ARM {
            continue;
        }
        let read = by_request.get(request.id.as_str()).map_or(&[][..], Vec::as_slice);
        let refused = read.iter().find(|m| says_refused(m));
        let asked = measures.get(prompt.probe.as_str()).copied().flatten().and_then(|h| read.iter().find(|m| m.measure == h.measure));
        let shown = refused.or(asked);
        chosen.push(Example {
            probe: prompt.probe.clone(),
            model: request.model.clone(),
            language: prompt.language,
            arm,
            prompt_text: prompt.task.text().to_owned(),
            answer_text: answer_text(response),
            evidence: shown.map_or_else(Vec::new, |m| m.evidence.clone()),
            reading: shown.map_or_else(String::new, |m| match &m.value {
                Value::Category(category) => category.clone(),
                Value::Number(number) => format!("{number:.2}"),
                Value::Missing(_) => String::new(),
            }),
            outcome: if refused.is_some() { Outcome::Refused } else { response.outcome },
        });
    }
    chosen
}

fn says_refused(measurement: &Measurement) -> bool {
    measurement.value == Value::Category("refused".to_owned())
}

/// A choice has no text: its options with their log-probabilities are what came back. Of a file the place in the run folder is shown.
fn answer_text(response: &Response) -> String {
    if let Some(file) = &response.file {
        return [response.text.as_str(), &file.place()].join("\n").trim().to_owned();
    }
    if response.choices.is_empty() {
        return response.text.clone();
    }
    let line = |choice: &crate::store::ChoiceScore| format!("{}: {:.2} ({:.2})", choice.category, choice.logprob, choice.neutral_logprob);
    response.choices.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn described(
    manifest: &Manifest,
    (suite, alpha, looks): (&str, f64, u32),
    outcomes: Ledger,
    (models, judges): (Vec<ModelEntry>, Vec<ModelEntry>),
    findings: &[Finding],
    (probes, scorers): (&[Probe], &[&dyn Scorer]),
    records: &Records,
) -> ReportManifest {
    let scorers: Vec<_> =
        scorers.iter().filter(|scorer| probes.iter().any(|probe| probe.scorers.iter().any(|id| id == scorer.id()))).collect();
    let domains: Vec<(&str, &str)> = probes.iter().map(|probe| (probe.id.as_str(), probe.domain.as_str())).collect();
    let used = |record: &&ValidationRecord| {
        findings.iter().any(|f| {
            matches!(f.instrument, Instrument::Corrected { .. })
                && f.language == record.language
                && (f.measure == record.measure || f.measure == "outcome" && record.measure == "refusal")
                && domains.contains(&(f.probe.as_str(), record.domain.as_str()))
        })
    };
    let used_number = |record: &&AgreementRecord| {
        findings.iter().any(|f| {
            matches!(f.instrument, Instrument::Agreement { .. })
                && f.language == record.language
                && f.measure == record.measure
                && domains.contains(&(f.probe.as_str(), record.domain.as_str()))
        })
    };
    let rows_of = |record: &ValidationRecord| {
        let all = record.groups.iter().any(|group| group.group == "all");
        record.groups.iter().filter(|group| !all || group.group == "all").flat_map(|group| group.counts.iter().flatten()).sum()
    };
    ReportManifest {
        run: manifest.label.clone(),
        suite: suite.to_owned(),
        lupe_version: manifest.lupe.clone(),
        auditor: manifest.auditor.clone().unwrap_or_default(),
        started: manifest.started.to_string(),
        finished: manifest.looks.last().map_or_else(String::new, |look| look.date.to_string()),
        alpha,
        outcomes,
        looks_planned: looks,
        looks: (1..).zip(&manifest.looks).map(|(number, look)| Look { number, date: look.date.to_string(), note: note(look) }).collect(),
        models,
        judges,
        probes: manifest
            .probes
            .iter()
            .map(|probe| ProbeEntry { id: probe.id.clone(), version: probe.version, hash: probe.hash.clone(), seed: probe.seed })
            .collect(),
        scorers: scorers.iter().map(|scorer| ScorerEntry { id: scorer.id().to_owned(), version: scorer.version() }).collect(),
        validations: records
            .categories
            .iter()
            .filter(used)
            .map(|record| ValidationEntry {
                scorer: record.scorer.clone(),
                version: record.scorer_version,
                measure: record.measure.clone(),
                domain: record.domain.clone(),
                language: record.language,
                rows: rows_of(record),
                held_out: record.held_out,
                truth: record.truth.clone(),
            })
            .chain(records.numbers.iter().filter(used_number).map(|record| ValidationEntry {
                scorer: record.scorer.clone(),
                version: record.scorer_version,
                measure: record.measure.clone(),
                domain: record.domain.clone(),
                language: record.language,
                rows: record.compared,
                held_out: record.held_out,
                truth: format!("{} (r = {:.2})", record.truth, record.pearson.estimate),
            }))
            .collect(),
        settings: Vec::new(),
    }
}

/// What became of all requests, with what the refusal scorer reads.
fn outcomes(rows: &[(Request, &Prompt, Response)], by_request: &BTreeMap<&str, Vec<&Measurement>>) -> Ledger {
    let mut ledger = Ledger { arm: "all".to_owned(), ..Ledger::default() };
    for (request, _, response) in rows {
        let refused = by_request.get(request.id.as_str()).is_some_and(|read| read.iter().any(|m| says_refused(m)));
        ledger.count(if refused { Outcome::Refused } else { response.outcome });
    }
    ledger
}

/// The models, where their prompts went, and how many.
fn models(manifest: &Manifest, rows: &[(Request, &Prompt, Response)], never_asked: &BTreeSet<String>) -> Vec<ModelEntry> {
    let by_hand: BTreeSet<&str> =
        manifest.models.iter().filter(|model| model.destination == Destination::ByHand).map(|model| model.name.as_str()).collect();
    // A row of a table that was left out has failed; nobody typed its prompt in.
    let left_out = |request: &Request, response: &Response| response.outcome == Outcome::Failed && by_hand.contains(request.model.as_str());
    let mut asked: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for (request, ..) in rows.iter().filter(|(request, _, response)| !never_asked.contains(&request.id) && !left_out(request, response)) {
        let (prompts, requests) = asked.entry(&request.model).or_default();
        prompts.insert(&request.prompt);
        *requests += 1;
    }
    let entry = |model: &run::ModelEntry| {
        let facts = model.card.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("; ");
        let kind = model.card.get("kind").cloned().unwrap_or_default();
        let sent_to = (kind != RECORDED || by_hand.contains(model.name.as_str())).then(|| model.destination.clone());
        let asked = asked.get(model.name.as_str()).filter(|_| sent_to.is_some());
        let (prompts, requests) = asked.map_or((0, 0), |(prompts, requests)| (prompts.len(), *requests));
        ModelEntry {
            name: model.name.clone(),
            sent_to,
            backend: kind,
            fingerprint: model.fingerprint.clone(),
            card: Bilingual { de: facts.clone(), en: facts },
            prompts,
            requests,
        }
    };
    manifest.models.iter().map(entry).collect()
}

/// The data of a look, and the word lists that were the user's.
fn note(look: &run::Look) -> String {
    let short = |hash: &str| hash.chars().take(12).collect::<String>();
    let lists = look.word_lists.iter().map(|(path, hash)| format!("; {path} {}", short(hash)));
    std::iter::once(short(&look.responses)).chain(lists).collect()
}
