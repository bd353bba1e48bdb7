//! Whether a hypothesis that replicates another really asks the same (`replicates = "probe/hypothesis"`).
//!
//! In: a probe with its file, and the probes at hand. Out: what is wrong. A replication asks in other words and nothing else: measure, category,
//! whole and contrast are those of the original.

use super::library::{Library, Loaded};
use super::problem::Problem;
use super::{Contrast, Hypothesis, Role};

/// Everything that is wrong with the replications of a probe.
pub(super) fn check(library: &Library, loaded: &Loaded<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for (hypothesis, at) in loaded.probe.hypotheses.iter().zip(&loaded.places) {
        let Some(named) = &hypothesis.replicates else { continue };
        let place = format!("hypotheses[{at}].replicates");
        let problem = |message: String| loaded.source.at(&place, message);
        let found = match named.split_once('/') {
            Some((probe, _)) if probe == loaded.probe.id => {
                let help = "name a hypothesis of another probe: other words are other templates";
                Err(problem("a probe cannot replicate itself".to_owned()).help(help))
            }
            Some((probe, wanted)) => match library.alone(probe) {
                Some(other) => match other.hypotheses.iter().find(|known| known.id == wanted) {
                    Some(original) => Ok(original.clone()),
                    None => {
                        let known = other.hypotheses.iter().map(|known| known.id.as_str());
                        Err(problem(format!("the probe `{probe}` has no hypothesis `{wanted}`")).suggest(wanted, known))
                    }
                },
                None if library.probe_ids().any(|known| known == probe) => {
                    let help = format!("`lupe probes check {probe}` shows what is wrong there");
                    Err(problem(format!("the probe `{probe}` is broken itself")).help(help))
                }
                None => Err(problem(format!("there is no probe `{probe}`")).suggest(probe, library.probe_ids())),
            },
            None => Err(problem(format!("`{named}` names no hypothesis of another probe")).help("write `probe/hypothesis`")),
        };
        let wrong = match found {
            Err(wrong) => Some(wrong),
            Ok(original) => differing(hypothesis, &original).map(|(message, help)| problem(message).help(help)),
        };
        if let Some(wrong) = wrong.filter(|wrong| !problems.iter().any(|other| other.same(wrong))) {
            problems.push(wrong);
        }
    }
    problems
}

/// What a replication and its original do not share, and what to do about it.
fn differing(replication: &Hypothesis, original: &Hypothesis) -> Option<(String, &'static str)> {
    let same = "a replication has the measure, category, whole and contrast of its original, and other words";
    if replication.role == Role::Confirmatory {
        let help = "write `role = \"exploratory\"`: one of the two is in the family, the other shows that its words do not matter";
        return Some(("a replication cannot be confirmatory itself".to_owned(), help));
    }
    if let Some(further) = &original.replicates {
        return Some((format!("`{}` is a replication itself, of `{further}`", original.id), "name the original"));
    }
    if replication.measure != original.measure {
        return Some((format!("it measures `{}`, and the original `{}`", replication.measure, original.measure), same));
    }
    if (&replication.category, sorted(&replication.among)) != (&original.category, sorted(&original.among)) {
        let said = |hypothesis: &Hypothesis| {
            let category = hypothesis.category.as_deref().unwrap_or("no category");
            if hypothesis.among.is_empty() { category.to_owned() } else { format!("{category} among {}", hypothesis.among.join(", ")) }
        };
        return Some((format!("it counts {}, and the original {}", said(replication), said(original)), same));
    }
    let same_contrast = match (&replication.contrast, &original.contrast) {
        (Contrast::Baseline { value: one, .. }, Contrast::Baseline { value: other, .. }) => one == other,
        // Each probe has contexts of its own; which of them belong together only a person can say.
        (Contrast::Contexts { .. }, Contrast::Contexts { .. }) => true,
        (one, other) => one == other,
    };
    (!same_contrast).then(|| ("it compares something else than the original".to_owned(), same))
}

fn sorted(names: &[String]) -> Vec<&String> {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    names
}
