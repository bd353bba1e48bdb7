//! Findings: what the analysis hands to charts and reports.

use serde::{Deserialize, Serialize};

use crate::probe::{Bilingual, Role};
use crate::store::{Language, Outcome};

/// The four answers (DESIGN, rule 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A difference is shown.
    Difference,
    /// A difference as large as the margin is excluded.
    NoRelevantDifference,
    /// Neither is shown.
    Inconclusive,
    /// Too little evidence, or an instrument too weak.
    NotAssessable,
}

/// One estimate for one hypothesis, model and language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `probe/hypothesis/language/model`, with `/level` behind for each level of a family of contrasts.
    pub id: String,
    /// Suite of the run.
    pub suite: String,
    /// Probe id.
    pub probe: String,
    /// Station of the probe.
    pub station: String,
    /// Hypothesis id.
    pub hypothesis: String,
    /// The claim in a plain sentence.
    pub claim: Bilingual,
    /// Model name in the run.
    pub model: String,
    /// Language of the prompts.
    pub language: Language,
    /// Confirmatory or exploratory, as decided (data after a look are exploratory whatever was declared).
    pub role: Role,
    /// `representation` or `counterfactual`.
    pub estimand: Estimand,
    /// Axis under test, if any.
    pub axis: Option<String>,
    /// Level (or group) under test.
    pub level: Option<String>,
    /// What it is compared with: a level, `mean`, or none for a baseline.
    pub reference: Option<String>,
    /// Measure and category.
    pub measure: String,
    /// Category whose share is estimated; none for numbers.
    pub category: Option<String>,
    /// What the estimate is.
    pub unit: Unit,
    /// The baseline of a representation.
    pub baseline: Option<f64>,
    /// Smallest difference that matters.
    pub margin: f64,
    /// Corrected estimate with interval: for `representation` the share itself, else the difference. None when not assessable for lack of data.
    pub estimate: Option<Estimate>,
    /// The same before correction for instrument error.
    pub raw: Option<Estimate>,
    /// Whether a matching validation record corrected the estimate.
    pub instrument: Instrument,
    /// Standardised effect: Cohen's h for shares, Hedges' g for scores.
    pub effect: Option<Effect>,
    /// Value of an index under a perfectly fair model at this n, for indices (omnibus); see DESIGN, rule 4.
    pub chance_floor: Option<f64>,
    /// p of the difference test.
    pub p_difference: Option<f64>,
    /// The same adjusted (Holm in the family, Benjamini-Hochberg outside).
    pub p_difference_adjusted: Option<f64>,
    /// p of the equivalence test.
    pub p_equivalence: Option<f64>,
    /// The same adjusted.
    pub p_equivalence_adjusted: Option<f64>,
    /// Clusters with evidence.
    pub clusters: Clusters,
    /// One ledger per arm.
    pub ledger: Vec<Ledger>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is so, as message keys with numbers (`too-few-clusters`, `uncorrected`, `after-a-look`, …).
    pub reasons: Vec<String>,
}

/// A number with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence level, 0.95; intervals are not adjusted for multiplicity and are labelled so.
    pub level: f64,
}

/// A standardised effect size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// `cohen-h` or `hedges-g`.
    pub kind: String,
    /// Value.
    pub value: f64,
}

/// Unit of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share in [0, 1] or a difference of shares.
    Share,
    /// Points of a score.
    Score,
    /// Log-odds (choice preference).
    LogOdds,
    /// An index in [0, 1] (omnibus).
    Index,
}

/// What is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimand {
    /// Who appears in the answer, against a baseline.
    Representation,
    /// How the answer differs when one level of the prompt changes.
    Counterfactual,
}

/// How instrument error entered (DESIGN, rule 6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instrument {
    /// Corrected by the matching validation record.
    Corrected {
        /// Rows of the record.
        rows: u64,
        /// Sensitivity for the category.
        sensitivity: f64,
        /// Specificity.
        specificity: f64,
    },
    /// A score whose agreement with known values is on record for this domain and language; scores are compared as they were read.
    Agreement {
        /// Texts of the record.
        rows: u64,
        /// Product-moment correlation with the known values.
        correlation: f64,
    },
    /// No record matches domain, language and version: never confirmatory.
    Uncorrected,
    /// The measure is exact by construction (outcomes, lengths, log-probabilities).
    Exact,
    /// What most people say, where they rated.
    People {
        /// Number of raters.
        raters: u32,
        /// Krippendorff's alpha among them; none with one rater, or where all ratings are the same.
        alpha: Option<f64>,
    },
    /// A judging model alone: never confirmatory.
    Judge,
    /// A scorer or a judge that read everything, corrected by people who rated a random part (prediction-powered inference).
    Rated {
        /// Answers that people rated.
        rated: u32,
        /// Weight of the instrument, from 0 to 1.
        lambda: f64,
        /// Number of raters.
        raters: u32,
        /// Krippendorff's alpha among them.
        alpha: Option<f64>,
    },
}

/// How many clusters carry evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clusters {
    /// Templates.
    pub templates: u32,
    /// Contexts.
    pub contexts: u32,
    /// The count that degrees of freedom come from.
    pub decisive: u32,
}

/// What became of every planned request of one arm. `planned` is the sum of the outcomes; `scored` is part of answered and truncated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Arm: a level, or `all`.
    pub arm: String,
    /// Requests planned.
    pub planned: u32,
    /// Answered.
    pub answered: u32,
    /// Refused.
    pub refused: u32,
    /// Empty.
    pub empty: u32,
    /// Truncated.
    pub truncated: u32,
    /// Unparseable.
    pub unparseable: u32,
    /// Failed.
    pub failed: u32,
    /// Answers that gave the measure a value among those asked for.
    pub scored: u32,
}

impl Ledger {
    /// Enter one request.
    pub fn count(&mut self, outcome: Outcome) {
        self.planned += 1;
        *match outcome {
            Outcome::Answered => &mut self.answered,
            Outcome::Refused => &mut self.refused,
            Outcome::Empty => &mut self.empty,
            Outcome::Truncated => &mut self.truncated,
            Outcome::Unparseable => &mut self.unparseable,
            Outcome::Failed => &mut self.failed,
        } += 1;
    }

    /// Whether the outcomes add up to what was planned.
    pub fn adds_up(&self) -> bool {
        self.answered + self.refused + self.empty + self.truncated + self.unparseable + self.failed == self.planned
            && self.scored <= self.answered + self.truncated
    }
}
