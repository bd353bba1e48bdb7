//! Names of probes, levels and arms in the language of the page.

use crate::analyse::Finding;
use crate::lang::wording::Wording;
use crate::probe::Probe;

use super::ReportInput;

/// The probe with `id`, if the report has it.
pub(super) fn probe<'a>(input: &'a ReportInput, id: &str) -> Option<&'a Probe> {
    input.probes.iter().find(|probe| probe.id == id)
}

/// Title of a probe, or its id.
pub(super) fn probe_title(input: &ReportInput, id: &str, wording: &Wording) -> String {
    probe(input, id).map_or_else(|| id.to_owned(), |probe| probe.title.get(wording.language()).to_owned())
}

/// The findings of a probe in the order of the page: hypotheses as the probe has them, families together, then language, then levels as
/// they first appear, and models. So the page does not depend on the order in which findings come.
pub(super) fn findings<'a>(input: &'a ReportInput, id: &str) -> Vec<&'a Finding> {
    let hypotheses = probe(input, id).map_or(&[][..], |probe| &probe.hypotheses);
    let mut findings: Vec<&Finding> = input.findings.iter().filter(|finding| finding.probe == id).collect();
    findings.sort_by_key(|finding| hypotheses.iter().position(|own| own.id == finding.hypothesis).unwrap_or(usize::MAX));
    let (families, levels) = (distinct(&findings, family), distinct(&findings, |finding| finding.level.as_deref()));
    let models = models(input);
    findings.sort_by_key(|finding| {
        (
            families.iter().position(|key| *key == family(finding)),
            finding.language,
            levels.iter().position(|level| *level == finding.level.as_deref()),
            models.iter().position(|model| *model == finding.model),
        )
    });
    findings
}

/// The values of `key` in the order of their first appearance.
pub(super) fn distinct<'a, K: PartialEq>(findings: &[&'a Finding], key: impl Fn(&'a Finding) -> K) -> Vec<K> {
    let mut values = Vec::new();
    for finding in findings {
        let value = key(finding);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// What the hypotheses of one family share: the id without the level behind it. A hypothesis on its own is a family.
pub(super) fn family(finding: &Finding) -> &str {
    let level = finding.level.as_deref().unwrap_or_default();
    finding.hypothesis.strip_suffix(level).filter(|stem| stem.ends_with(['.', '-'])).unwrap_or(&finding.hypothesis)
}

/// The claim of a finding; for families whose claims differ by level, what is compared.
pub(super) fn question(input: &ReportInput, finding: &Finding, wording: &Wording) -> String {
    let mut relatives = input.findings.iter().filter(|other| other.probe == finding.probe && family(other) == family(finding));
    let differ = relatives.any(|other| other.claim != finding.claim);
    let Some(reference) = reference_of(input, finding, wording).filter(|_| differ) else {
        return finding.claim.get(wording.language()).to_owned();
    };
    let (key, what) = match &finding.category {
        Some(id) => ("family-share", category(probe(input, &finding.probe), &finding.measure, id, wording)),
        None => ("family-score", wording.name("measure", &finding.measure)),
    };
    let form = if finding.reference.as_deref() == Some("mean") { "mean" } else { "level" };
    wording.with(&format!("{key}.{form}"), &[("what", what.into()), ("reference", reference.into())])
}

/// Name of a category: the probe's own words for a value of an attribute, else those of the scorers' categories.
pub(super) fn category(probe: Option<&Probe>, measure: &str, id: &str, wording: &Wording) -> String {
    let attribute = probe.and_then(|probe| probe.attributes.iter().find(|attribute| attribute.id == measure));
    let value = attribute.and_then(|attribute| attribute.values.iter().find(|value| value.id == id));
    value.map_or_else(|| wording.name("category", id), |value| value.get(wording.language()).to_owned())
}

/// A reason in words, levels by their names.
pub(super) fn reason(input: &ReportInput, finding: &Finding, reason: &str, wording: &Wording) -> String {
    wording.reason_with(reason, |argument, value| {
        (argument == "level").then(|| level(probe(input, &finding.probe), finding.axis.as_deref(), value, wording))
    })
}

/// Models in the order of the manifest, then those that only findings name.
pub(super) fn models(input: &ReportInput) -> Vec<String> {
    let mut models: Vec<String> = input.manifest.models.iter().map(|model| model.name.clone()).collect();
    for finding in &input.findings {
        if !models.contains(&finding.model) {
            models.push(finding.model.clone());
        }
    }
    models
}

/// Name of an arm: a level, looked for on `axis` or, without one, on every axis of the probe; several levels with spaces between them.
/// An id that no file names stands for itself.
pub(super) fn level(probe: Option<&Probe>, axis: Option<&str>, arm: &str, wording: &Wording) -> String {
    let one = |level: &str| match level {
        "all" => wording.text("arm-all"),
        "left" => wording.text("arm-left"),
        "right" => wording.text("arm-right"),
        "mean" => wording.text("reference-mean"),
        _ => {
            let axes = probe.into_iter().flat_map(|probe| &probe.level_names);
            let mut axes = axes.filter(|(name, _)| axis.is_none_or(|axis| axis == name.as_str()));
            let name = axes.find_map(|(_, levels)| levels.get(level));
            name.map_or_else(|| level.to_owned(), |name| name.get(wording.language()).to_owned())
        }
    };
    arm.split(' ').map(one).collect::<Vec<_>>().join(" · ")
}

/// The words that contexts put into prompts, in quotation marks. An id that no file names stands for itself.
pub(super) fn contexts(probe: Option<&Probe>, ids: &[String], wording: &Wording) -> String {
    let words = |id: &String| {
        let name = probe.and_then(|probe| probe.context_names.get(id)).map_or(id.as_str(), |name| name.get(wording.language()));
        wording.with("quoted", &[("words", name.into())])
    };
    ids.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// Name of the finding's level, if it has one. Groups of contexts are no levels.
pub(super) fn level_of(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let id = finding.level.as_deref().filter(|_| finding.axis.is_some())?;
    Some(level(probe(input, &finding.probe), finding.axis.as_deref(), id, wording))
}

/// Name of what the finding's level is compared with.
pub(super) fn reference_of(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let id = finding.reference.as_deref().filter(|_| finding.axis.is_some())?;
    Some(level(probe(input, &finding.probe), finding.axis.as_deref(), id, wording))
}

/// The claim, and what tells findings of one hypothesis apart: level and language. May be empty.
pub(super) fn group(input: &ReportInput, finding: &Finding, wording: &Wording) -> (String, String) {
    let language = several_languages(input, &finding.probe).then(|| wording.name("language", finding.language.code()));
    let parts: Vec<String> = level_of(input, finding, wording).into_iter().chain(language).collect();
    (question(input, finding, wording), parts.join(" · "))
}

/// Whether a probe has findings in both languages.
pub(super) fn several_languages(input: &ReportInput, probe: &str) -> bool {
    let mut languages = input.findings.iter().filter(|finding| finding.probe == probe).map(|finding| finding.language);
    let first = languages.next();
    languages.any(|language| Some(language) != first)
}
