//! Findings in words: one sentence per finding, one table per claim.

use serde::Serialize;

use super::robustness::{self, Panel};
use super::{ReportInput, names};
use crate::analyse::{Estimate, Finding, Instrument, Verdict};
use crate::chart::{Interval, Quantity, VERDICTS, centre, shown, verdict_name};
use crate::lang::wording::{Wording, numbers};
use crate::probe::{Contrast, Hypothesis, Role};

/// Above this number of findings a claim is summed up; its table has every one of them.
const MOST_SENTENCES: usize = 8;

/// One claim with all its findings of one role.
#[derive(Debug, Serialize)]
pub(super) struct ClaimView {
    claim: String,
    margin: String,
    /// Why the margin matters.
    why: Option<String>,
    baseline: Option<String>,
    /// The categories that make up the whole of a share.
    among: Option<String>,
    /// The contexts compared, of a contrast between contexts.
    groups: Option<String>,
    sentences: Vec<Sentence>,
    summary: Option<String>,
    table: String,
    with_level: bool,
    with_language: bool,
    with_raw: bool,
    /// The kind of effect size, where all rows have the same.
    effect: Option<String>,
    /// How well the instruments read that corrected the estimates.
    instruments: Vec<String>,
    /// Reasons that hold for every row, said once.
    common: Vec<String>,
    rows: Vec<Row>,
    /// Whether the claim stands in other forms.
    robustness: Option<Panel>,
}

/// A finding in one sentence.
#[derive(Debug, Serialize)]
pub(super) struct Sentence {
    model: String,
    verdict: VerdictView,
    text: String,
}

/// A verdict: word, sign and class.
#[derive(Debug, Serialize)]
pub(super) struct VerdictView {
    name: String,
    class: &'static str,
    sign: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    model: String,
    level: String,
    language: String,
    verdict: VerdictView,
    reasons: Vec<String>,
    value: Option<String>,
    interval: String,
    raw: Option<String>,
    effect: Option<String>,
    p_difference: Option<String>,
    p_equivalence: Option<String>,
    clusters: String,
}

/// The words and the look of a verdict.
pub(super) fn verdict(input: &ReportInput, finding: &Finding, wording: &Wording) -> VerdictView {
    let (class, sign) = look(finding.verdict);
    VerdictView { name: robustness::verdict_words(input, finding, wording), class, sign }
}

/// Class and sign of a verdict; the signs are those of the charts.
pub(super) fn look(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Difference => ("difference", "◆"),
        Verdict::NoRelevantDifference => ("equivalent", "●"),
        Verdict::Inconclusive => ("inconclusive", "□"),
        Verdict::NotAssessable => ("missing", "×"),
    }
}

/// All claims among `findings` (of one probe and role), in their order.
pub(super) fn claims(input: &ReportInput, findings: &[&Finding], wording: &Wording) -> Vec<ClaimView> {
    let of = |family| -> Vec<&Finding> { findings.iter().copied().filter(|finding| names::family(finding) == family).collect() };
    names::distinct(findings, names::family).into_iter().filter_map(|family| view(input, &of(family), wording)).collect()
}

fn view(input: &ReportInput, findings: &[&Finding], wording: &Wording) -> Option<ClaimView> {
    let first = *findings.first()?;
    let claim = names::question(input, first, wording);
    let exploratory = first.role == Role::Exploratory;
    let many = findings.len() > MOST_SENTENCES;
    let counts: Vec<String> = VERDICTS
        .into_iter()
        .map(|verdict| (verdict, findings.iter().filter(|finding| finding.verdict == verdict).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{count}\u{a0}×\u{a0}{}", verdict_name(wording, verdict, exploratory)))
        .collect();
    let shared: Vec<&String> = first.reasons.iter().filter(|reason| common(findings, reason)).collect();
    let several_levels = findings.iter().any(|finding| finding.level != first.level);
    let sentences = findings.iter().filter(|_| !many).map(|finding| Sentence {
        model: place(input, finding, several_levels, wording),
        verdict: verdict(input, finding, wording),
        text: sentence(input, finding, &shared, wording),
    });
    let mut instruments: Vec<String> = findings.iter().filter_map(|finding| instrument(finding, wording)).collect();
    instruments.sort();
    instruments.dedup();
    let mut effects: Vec<&str> = findings.iter().filter_map(|finding| Some(finding.effect.as_ref()?.kind.as_str())).collect();
    effects.dedup();
    let effect = if let [kind] = effects[..] { Some(wording.name("effect", kind)) } else { None };
    Some(ClaimView {
        margin: margin(first, wording),
        why: why(input, first, wording),
        robustness: robustness::panel(input, findings, &claim, wording),
        baseline: baseline(input, first, wording),
        among: among(input, first, wording),
        groups: groups(input, first, wording),
        sentences: sentences.collect(),
        summary: many.then(|| wording.with("claim-many", &[("findings", findings.len().into()), ("counts", counts.join(", ").into())])),
        table: wording.with("claim-table", &[("claim", claim.trim_end_matches('.').into())]),
        with_level: findings.iter().any(|finding| names::level_of(input, finding, wording).is_some()),
        with_language: names::several_languages(input, &first.probe),
        with_raw: findings.iter().any(|finding| matches!(finding.instrument, Instrument::Corrected { .. })),
        rows: findings.iter().map(|finding| Row::of(input, finding, (&shared, effect.is_some()), wording)).collect(),
        effect,
        common: shared.iter().map(|reason| names::reason(input, first, reason, wording)).collect(),
        instruments,
        claim,
    })
}

/// Whether every one of several findings gives this reason.
fn common(findings: &[&Finding], reason: &String) -> bool {
    findings.len() > 1 && findings.iter().all(|finding| finding.reasons.contains(reason))
}

/// The model, with level and language where they tell findings apart.
pub(super) fn place(input: &ReportInput, finding: &Finding, with_level: bool, wording: &Wording) -> String {
    let level = names::level_of(input, finding, wording).filter(|_| with_level);
    let language = names::several_languages(input, &finding.probe).then(|| wording.name("language", finding.language.code()));
    let parts: Vec<String> = level.into_iter().chain(language).collect();
    if parts.is_empty() { finding.model.clone() } else { format!("{} ({})", finding.model, parts.join(", ")) }
}

fn hypothesis<'a>(input: &'a ReportInput, finding: &Finding) -> Option<&'a Hypothesis> {
    names::probe(input, &finding.probe)?.hypotheses.iter().find(|hypothesis| hypothesis.id == finding.hypothesis)
}

fn baseline(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let Contrast::Baseline { value, source } = &hypothesis(input, finding)?.contrast else { return None };
    let value = Quantity::of(finding).stated(*value, wording.language());
    let source = source.get(wording.language()).trim_end_matches('.');
    Some(wording.with("baseline-source", &[("value", value.into()), ("source", source.into())]))
}

/// Which answers a share is a share of, where not all of them count.
fn among(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let among = &hypothesis(input, finding)?.among;
    let names: Vec<String> = among.iter().map(|category| wording.name("category", category)).collect();
    (!names.is_empty()).then(|| wording.with("claim-among", &[("categories", names.join(", ").into())]))
}

/// The smallest difference that matters; for log-odds, which few know, with what one of them means.
fn margin(finding: &Finding, wording: &Wording) -> String {
    let quantity = Quantity::of(finding);
    let margin = wording.with("claim-margin", &[("margin", quantity.margin(finding.margin, wording.language()).into())]);
    if quantity == Quantity::LogOdds { format!("{margin} {}", wording.text("claim-log-odds")) } else { margin }
}

/// Why this margin is the smallest difference that matters, as the probe says it.
fn why(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let why = hypothesis(input, finding)?.why.as_ref()?;
    Some(wording.with("claim-why", &[("why", why.get(wording.language()).trim().into())]))
}

/// Which contexts stand against which.
fn groups(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let Contrast::Contexts { left, right } = &hypothesis(input, finding)?.contrast else { return None };
    let words = |ids: &[String]| names::contexts(names::probe(input, &finding.probe), ids, wording);
    Some(wording.with("claim-groups", &[("left", words(left).into()), ("right", words(right).into())]))
}

/// What was found, and what that means, in one or two sentences. Where nothing can be told the reason goes before the numbers, but for
/// reasons that were said for all (`common`).
pub(super) fn sentence(input: &ReportInput, finding: &Finding, common: &[&String], wording: &Wording) -> String {
    let because = because(input, finding, common, wording);
    let Some(interval) = shown(finding) else { return because };
    let numbers = numbers_in_words(input, finding, interval, wording);
    match (finding.verdict, because.is_empty()) {
        (Verdict::NotAssessable, true) => wording.with("finding-not-assessable.numbers", &[("numbers", numbers.into())]),
        (Verdict::NotAssessable, false) => {
            wording.with("finding-not-assessable", &[("because", because.into()), ("numbers", numbers.into())])
        }
        _ => format!("{numbers} {because}"),
    }
}

fn interval_words(finding: &Finding, interval: Interval, wording: &Wording) -> String {
    let (quantity, language) = (Quantity::of(finding), wording.language());
    let level = finding.estimate.map_or(0.95, |estimate: Estimate| estimate.level);
    // German couples with hyphens: 95-%-Intervall.
    let level = match language {
        crate::store::Language::De => format!("{}-%", numbers::plain((level * 1e3).round() / 10.0, language)),
        crate::store::Language::En => format!("{}%", numbers::plain((level * 1e3).round() / 10.0, language)),
    };
    wording.with(
        "interval",
        &[
            ("level", level.into()),
            ("low", quantity.short(interval.low, language).into()),
            ("high", quantity.full(interval.high, language).into()),
        ],
    )
}

fn numbers_in_words(input: &ReportInput, finding: &Finding, interval: Interval, wording: &Wording) -> String {
    let (quantity, language) = (Quantity::of(finding), wording.language());
    let full = |value: f64| quantity.full(value, language);
    // Higher or lower is said in words, so the number goes without its sign.
    let unsigned = full(interval.value).trim_start_matches(['+', '\u{2212}']).to_owned();
    let mut arguments = vec![
        ("interval", interval_words(finding, interval, wording).into()),
        ("category", wording.name("category", finding.category.as_deref().unwrap_or_default()).into()),
        ("measure", wording.name("measure", &finding.measure).into()),
    ];
    let level = names::level_of(input, finding, wording);
    let reference = names::reference_of(input, finding, wording);
    let key = match (quantity, level, reference) {
        (Quantity::Share, ..) => {
            arguments.push(("baseline", quantity.stated(finding.baseline.unwrap_or_default(), language).into()));
            "finding-representation"
        }
        (Quantity::Index, ..) => match finding.chance_floor {
            Some(floor) => {
                arguments.push(("floor", full(floor).into()));
                "finding-index-floor"
            }
            None => "finding-index",
        },
        (_, Some(level), Some(reference)) => {
            arguments.extend([("level", level.into()), ("reference", reference.into())]);
            if finding.reference.as_deref() == Some("mean") { "finding-mean" } else { "finding-level" }
        }
        _ => "finding-groups",
    };
    let directed = matches!(quantity, Quantity::Points | Quantity::Score | Quantity::LogOdds);
    let key = match (directed, quantity == Quantity::Points, interval.value < 0.0) {
        (false, ..) => key.to_owned(),
        (true, true, false) => format!("{key}-share.higher"),
        (true, true, true) => format!("{key}-share.lower"),
        (true, false, false) => format!("{key}-score.higher"),
        (true, false, true) => format!("{key}-score.lower"),
    };
    arguments.push(("value", if directed { unsigned } else { full(interval.value) }.into()));
    let words = wording.with(&key, &arguments);
    if quantity != Quantity::LogOdds {
        return words;
    }
    let odds = numbers::decimal(libm::exp(interval.value), 2, language);
    format!("{words} {}", wording.with("finding-odds", &[("odds", odds.into())]))
}

/// What the verdict means for this finding. Equivalence goes before difference (DESIGN, rule 2).
fn because(input: &ReportInput, finding: &Finding, common: &[&String], wording: &Wording) -> String {
    let margin = Quantity::of(finding).of_margin(finding.margin, wording.language());
    let key = match finding.verdict {
        Verdict::Difference => "because-difference",
        Verdict::NoRelevantDifference if detectable(finding) => "because-detectable",
        Verdict::NoRelevantDifference => "because-equivalent",
        Verdict::Inconclusive => "because-inconclusive",
        Verdict::NotAssessable => {
            let own = finding.reasons.iter().filter(|reason| !common.contains(reason));
            let reasons: Vec<String> = own.map(|reason| names::reason(input, finding, reason, wording)).collect();
            return if finding.reasons.is_empty() { wording.text("because-not-assessable") } else { reasons.join(" ") };
        }
    };
    let key = if finding.role == Role::Exploratory { format!("{key}.exploratory") } else { key.to_owned() };
    wording.with(&key, &[("margin", margin.into())])
}

/// Whether the interval leaves out "no difference at all"; that of an index starts at 0 unless some level surely differs.
fn detectable(finding: &Finding) -> bool {
    let centre = if Quantity::of(finding) == Quantity::Index { 0.0 } else { centre(finding) };
    shown(finding).is_some_and(|interval| interval.low > centre || interval.high < centre)
}

/// How instrument error entered, in words.
fn instrument(finding: &Finding, wording: &Wording) -> Option<String> {
    if let Instrument::Agreement { rows, correlation } = finding.instrument {
        let correlation = numbers::decimal(correlation, 2, wording.language());
        return Some(wording.with("claim-agreement", &[("rows", rows.into()), ("correlation", correlation.into())]));
    }
    let Instrument::Corrected { rows, sensitivity, specificity } = finding.instrument else { return None };
    let percent = |share| numbers::percent(share, 1, wording.language());
    let arguments = [("rows", rows.into()), ("sensitivity", percent(sensitivity).into()), ("specificity", percent(specificity).into())];
    Some(wording.with("claim-corrected", &arguments))
}

impl Row {
    /// `common` are reasons said elsewhere; `effect_named` says that the column names the kind of effect.
    fn of(input: &ReportInput, finding: &Finding, (common, effect_named): (&[&String], bool), wording: &Wording) -> Self {
        let (quantity, language) = (Quantity::of(finding), wording.language());
        let interval = shown(finding);
        let p = |p: Option<f64>| interval.and(p).map(|p| numbers::p_value(p, language));
        let raw = match finding.instrument {
            Instrument::Corrected { .. } => Interval::of(finding.raw.as_ref()).map(|raw| quantity.short(raw.value, language)),
            _ => None,
        };
        let effect = finding.effect.as_ref().filter(|effect| interval.is_some() && effect.value.is_finite()).map(|effect| {
            let value = numbers::signed(effect.value, 2, language);
            if effect_named { value } else { format!("{} = {value}", wording.name("effect", &effect.kind)) }
        });
        let range = |interval: Interval| {
            let ends = [("low", quantity.short(interval.low, language).into()), ("high", quantity.short(interval.high, language).into())];
            wording.with("interval.short", &ends)
        };
        Row {
            model: finding.model.clone(),
            level: names::level_of(input, finding, wording).unwrap_or_default(),
            language: wording.name("language", finding.language.code()),
            verdict: verdict(input, finding, wording),
            reasons: finding
                .reasons
                .iter()
                .filter(|reason| !common.contains(reason))
                .map(|reason| names::reason(input, finding, reason, wording))
                .collect(),
            value: interval.map(|interval| quantity.full(interval.value, language)),
            interval: interval.map(range).unwrap_or_default(),
            raw: raw.filter(|_| interval.is_some()),
            effect,
            p_difference: p(finding.p_difference_adjusted),
            p_equivalence: p(finding.p_equivalence_adjusted),
            clusters: numbers::count(finding.clusters.decisive.into(), language),
        }
    }
}
