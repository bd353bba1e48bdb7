//! What may be said of one material: *indication*, *unsure*, or *no statement*. Never "real".
//!
//! In: a trained detector, the declared domain, the material. Out: a [`Statement`] with the reason for it.

use serde::{Deserialize, Serialize};

use super::calibration::{ALPHA, cut};
use super::material::{Abstention, Material};
use super::registry;
use super::trained::Trained;

/// Up to here a p-value is close to [`ALPHA`], and the answer is *unsure*.
const CLOSE: f64 = 0.1;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Few human works of this kind look like this, before and after everyday changes.
    Indication,
    /// Something speaks for it, not enough.
    Unsure,
    /// Nothing can be said.
    NoStatement,
}

/// Why it is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// The detector abstains.
    Abstains {
        /// Why.
        why: Abstention,
    },
    /// No human works of this kind were shown to the detector; also where no kind was declared.
    NotCalibrated {
        /// The kind declared.
        domain: Option<String>,
    },
    /// In cross-validation the detector was no better than a look at the packaging.
    NoGain {
        /// The control that did as well.
        control: String,
    },
    /// Human works of this kind look like this often enough.
    Usual,
    /// Close to the limit.
    Close,
    /// Rare among human works of this kind.
    Rare,
    /// There is little to go by: a hint at most.
    Little,
    /// It does not stand under an everyday change.
    Unstable {
        /// The changes under which the p-value rises above the limit.
        under: Vec<String>,
    },
}

impl Reason {
    /// The word for it as files write it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Abstains { .. } => "abstains",
            Self::NotCalibrated { .. } => "not-calibrated",
            Self::NoGain { .. } => "no-gain",
            Self::Usual => "usual",
            Self::Close => "close",
            Self::Rare => "rare",
            Self::Little => "little",
            Self::Unstable { .. } => "unstable",
        }
    }
}

/// What one detector says of one material.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Name of the detector.
    pub detector: String,
    /// What is said.
    pub answer: Answer,
    /// The decisive reason.
    pub reason: Reason,
    /// Log-odds; without a p-value they mean nothing.
    pub score: Option<f64>,
    /// How much there was to go by, in the unit of the detector's minimum.
    pub extent: Option<f64>,
    /// Conformal p-value among human works of the declared kind.
    pub p: Option<f64>,
    /// Human works that it was compared with, and the words that each text was cut to (0: not cut).
    pub compared: Option<[usize; 2]>,
    /// p-values under everyday changes; `None` where nothing could be said.
    pub under: Vec<(String, Option<f64>)>,
}

impl Statement {
    /// No statement, for this reason.
    pub fn nothing(detector: &str, reason: Reason) -> Self {
        Self {
            detector: detector.to_owned(),
            answer: Answer::NoStatement,
            reason,
            score: None,
            extent: None,
            p: None,
            compared: None,
            under: Vec::new(),
        }
    }
}

/// What `trained` says of `material`, declared to be of the kind `domain`.
pub fn state(trained: &Trained, material: &Material, domain: Option<&str>) -> Statement {
    let nothing = |reason| Statement::nothing(trained.detector.id(), reason);
    let (score, extent) = match trained.score(material) {
        Ok(read) => read,
        Err(why) => return nothing(Reason::Abstains { why }),
    };
    let read = |reason| Statement { score: Some(score), extent: Some(extent), ..nothing(reason) };
    if let Some(measured) = trained.card.measured.as_ref().filter(|measured| measured.gain.lower <= 0.0) {
        return read(Reason::NoGain { control: measured.control.clone() });
    }
    let Some(band) = domain.and_then(|domain| trained.calibrations.get(domain)).and_then(|calibration| calibration.band(material)) else {
        return read(Reason::NotCalibrated { domain: domain.map(str::to_owned) });
    };
    let p = |material: &Material| Some(band.p(trained.score(&*cut(material, band.length)?).ok()?.0));
    let own = p(material);
    let mut compared = Statement { p: own, compared: Some([band.scores.len(), band.length]), ..read(Reason::Usual) };
    let Some(own) = own.filter(|own| *own <= CLOSE) else { return compared };
    if own > ALPHA {
        return Statement { answer: Answer::Unsure, reason: Reason::Close, ..compared };
    }
    let everyday = registry::variants(material.modality()).into_iter().filter(|variant| variant.everyday());
    compared.under =
        everyday.map(|variant| (variant.id().to_owned(), variant.apply(material).ok().and_then(|changed| p(&changed)))).collect();
    let unstable = |(_, p): &&(String, Option<f64>)| p.is_some_and(|p| p > ALPHA);
    let under: Vec<String> = compared.under.iter().filter(unstable).map(|(name, _)| name.clone()).collect();
    let (answer, reason) = if !under.is_empty() {
        (Answer::Unsure, Reason::Unstable { under })
    } else if extent.min(if band.length > 0 { band.length as f64 } else { extent }) < trained.detector.minimum().statement {
        (Answer::Unsure, Reason::Little)
    } else {
        (Answer::Indication, Reason::Rare)
    };
    Statement { answer, reason, ..compared }
}

/// Share of indications that are right, by Bayes' rule: `found` is the share of generated works with an indication, `alarms` that of human works,
/// `prevalence` the share of generated works among all that are looked at. `None` where there is no indication at all.
pub fn right_of_indications(found: f64, alarms: f64, prevalence: f64) -> Option<f64> {
    let right = found * prevalence;
    let all = right + alarms * (1.0 - prevalence);
    (all > 0.0).then(|| right / all)
}

#[cfg(test)]
mod tests;
