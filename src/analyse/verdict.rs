//! From tested hypotheses to verdicts: multiplicity within the family and outside it, looks, and DESIGN's order of decision (rules 2 and 3).

use std::collections::BTreeMap;

use super::finding::{Finding, Instrument, Verdict};
use crate::probe::Role;
use crate::stats::{StatsError, multiplicity};

/// What the plan declared and what has happened since.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// Family-wise error of the suite, for instance 0.05.
    pub alpha: f64,
    /// Looks that the plan declared; each spends alpha / declared.
    pub declared: u32,
    /// `model/probe` -> looks recorded before this one at other answers of that model to that probe. What nobody had looked at in another state
    /// is absent. `model/probe/measure` -> the same for what people and judges said, which may grow where answers do not.
    pub earlier: BTreeMap<String, u32>,
}

/// Adjust the p-values of one model's findings and give each finding its verdict.
///
/// Confirmatory findings form the family (Holm 1979); a hypothesis that could not be tested still counts in it, as p = 1. The family's error
/// is controlled for each kind of error on its own: a false `difference`, and a false `no-relevant-difference`. All others are
/// exploratory (Benjamini and Hochberg 1995). A finding without a matching validation record, or from data added after more looks
/// than declared, is exploratory whatever the probe says.
///
/// # Errors
/// When a p-value is not one.
pub fn decide(findings: &mut [Finding], looks: &Looks) -> Result<(), StatsError> {
    let alpha = looks.alpha / f64::from(looks.declared.max(1));
    for finding in findings.iter_mut().filter(|finding| finding.role == Role::Confirmatory) {
        if finding.instrument == Instrument::Uncorrected {
            finding.role = Role::Exploratory;
            finding.reasons.push("uncorrected".to_owned());
        }
        let part = format!("{}/{}", finding.model, finding.probe);
        let of_ratings = format!("{part}/{}", finding.measure);
        let earlier = [part, of_ratings].iter().filter_map(|part| looks.earlier.get(part)).copied().max().unwrap_or(0);
        if earlier >= looks.declared.max(1) {
            finding.role = Role::Exploratory;
            finding.reasons.push(format!("after-a-look look={earlier}"));
        }
    }
    for role in [Role::Confirmatory, Role::Exploratory] {
        let places: Vec<usize> = (0..findings.len()).filter(|&i| findings[i].role == role).collect();
        let adjust = |p: &dyn Fn(&Finding) -> Option<f64>| {
            let testable = |i: usize| findings[i].verdict != Verdict::NotAssessable;
            let p_values: Vec<Option<f64>> = places.iter().map(|&i| p(&findings[i]).filter(|_| testable(i))).collect();
            match role {
                Role::Confirmatory => {
                    let counted: Vec<Option<f64>> = p_values.iter().map(|p| p.or(Some(1.0))).collect();
                    multiplicity::holm(&counted)
                }
                Role::Exploratory => multiplicity::benjamini_hochberg(&p_values),
            }
        };
        let (difference, equivalence) = (adjust(&|f| f.p_difference)?, adjust(&|f| f.p_equivalence)?);
        for ((&place, difference), equivalence) in places.iter().zip(difference).zip(equivalence) {
            let finding = &mut findings[place];
            if finding.verdict == Verdict::NotAssessable {
                continue;
            }
            finding.p_difference_adjusted = difference;
            finding.p_equivalence_adjusted = equivalence;
            let rejected = |p: Option<f64>| p.is_some_and(|p| p <= alpha);
            finding.verdict = if rejected(equivalence) {
                Verdict::NoRelevantDifference
            } else if rejected(difference) {
                Verdict::Difference
            } else {
                Verdict::Inconclusive
            };
            if finding.verdict == Verdict::NoRelevantDifference && rejected(difference) {
                finding.reasons.push("detectable-below-margin".to_owned());
            }
        }
    }
    Ok(())
}
