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

/// The findings of a probe in the order of the page: hypotheses as the probe has them, then language, then levels and models as they
/// first appear. So the page does not depend on the order in which findings come.
pub(super) fn findings<'a>(input: &'a ReportInput, id: &str) -> Vec<&'a Finding> {
    let mut findings: Vec<&Finding> = input.findings.iter().filter(|finding| finding.probe == id).collect();
    let mut hypotheses: Vec<&str> = probe(input, id).into_iter().flat_map(|probe| &probe.hypotheses).map(|own| own.id.as_str()).collect();
    let mut levels: Vec<Option<&str>> = Vec::new();
    for finding in &findings {
        if !hypotheses.contains(&finding.hypothesis.as_str()) {
            hypotheses.push(&finding.hypothesis);
        }
        if !levels.contains(&finding.level.as_deref()) {
            levels.push(finding.level.as_deref());
        }
    }
    let models = models(input);
    findings.sort_by_key(|finding| {
        (
            hypotheses.iter().position(|id| *id == finding.hypothesis),
            finding.language,
            levels.iter().position(|level| *level == finding.level.as_deref()),
            models.iter().position(|model| *model == finding.model),
        )
    });
    findings
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

/// Name of `level`, looked for on `axis` or, without one, on every axis of the probe; its id where no file names it.
pub(super) fn level(probe: Option<&Probe>, axis: Option<&str>, level: &str, wording: &Wording) -> String {
    match level {
        "all" => return wording.text("arm-all"),
        "mean" => return wording.text("reference-mean"),
        _ => {}
    }
    let names = probe.into_iter().flat_map(|probe| &probe.level_names);
    let mut names = names.filter(|(name, _)| axis.is_none_or(|axis| axis == name.as_str()));
    names.find_map(|(_, levels)| levels.get(level)).map_or_else(|| level.to_owned(), |name| name.get(wording.language()).to_owned())
}

/// Name of the finding's level, if it has one.
pub(super) fn level_of(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let id = finding.level.as_deref()?;
    Some(level(probe(input, &finding.probe), finding.axis.as_deref(), id, wording))
}

/// Name of what the finding's level is compared with.
pub(super) fn reference_of(input: &ReportInput, finding: &Finding, wording: &Wording) -> Option<String> {
    let id = finding.reference.as_deref()?;
    Some(level(probe(input, &finding.probe), finding.axis.as_deref(), id, wording))
}

/// The claim, and what tells findings of one hypothesis apart: level and language. May be empty.
pub(super) fn group(input: &ReportInput, finding: &Finding, wording: &Wording) -> (String, String) {
    let language = several_languages(input, &finding.probe).then(|| wording.name("language", finding.language.code()));
    let parts: Vec<String> = level_of(input, finding, wording).into_iter().chain(language).collect();
    (finding.claim.get(wording.language()).to_owned(), parts.join(" · "))
}

/// Whether a probe has findings in both languages.
pub(super) fn several_languages(input: &ReportInput, probe: &str) -> bool {
    let mut languages = input.findings.iter().filter(|finding| finding.probe == probe).map(|finding| finding.language);
    let first = languages.next();
    languages.any(|language| Some(language) != first)
}
