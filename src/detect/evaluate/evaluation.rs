//! What an evaluation says, as `evaluation.json` holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::detect::features::Detector;
use crate::detect::material::Modality;
use crate::stats::StatsError;
use crate::stats::agreement::WithInterval;
use crate::stats::roc::Point;
use crate::stats::roc::reliability::{Bin, CalibrationError};

/// Version of the file.
pub const FORMAT: u32 = 1;

/// What items of one fold have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupBy {
    /// The source they go back to.
    Source,
    /// Their domain (and their source).
    Domain,
}

/// How an evaluation is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// What is never split between training and test.
    pub group_by: GroupBy,
    /// Number of folds.
    pub folds: usize,
    /// Whether the penalty is chosen anew within each training part, by folds of its own, rather than taken from the detector.
    pub nested: bool,
    /// Level of the intervals.
    pub level: f64,
    /// Seed of the resampling.
    pub seed: u64,
    /// Numbers of words to which texts are cut.
    pub lengths: Vec<usize>,
    /// Whether each domain and each generator is also scored by a training without it, which takes as many trainings more.
    pub unseen: bool,
}

impl Default for Protocol {
    fn default() -> Self {
        Self { group_by: GroupBy::Source, folds: 10, nested: false, level: 0.95, seed: 1, lengths: vec![20, 40, 80, 160], unseen: true }
    }
}

/// A detector or control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Hash of what it is made of beyond its version.
    pub fingerprint: Option<String>,
    /// What it reads.
    pub modality: Modality,
    /// Strength of the penalty it is trained with, unless the protocol says `nested`.
    pub penalty: f64,
}

impl Subject {
    pub(super) fn of(detector: &dyn Detector) -> Self {
        Self {
            id: detector.id().to_owned(),
            version: detector.version(),
            fingerprint: detector.fingerprint().map(str::to_owned),
            modality: detector.modality(),
            penalty: detector.penalty(),
        }
    }
}

/// What the items are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corpus {
    /// Human works.
    pub human: usize,
    /// Generated ones.
    pub generated: usize,
    /// Sources they go back to.
    pub sources: usize,
    /// What is split into folds: sources or domains.
    pub groups: usize,
    /// Items whose content stands in the corpus more than once.
    pub repeated: usize,
    /// Items of each generator.
    pub generators: BTreeMap<String, usize>,
    /// Items of each domain, human and generated.
    pub domains: BTreeMap<String, [usize; 2]>,
    /// Items of each language, human and generated.
    pub languages: BTreeMap<String, [usize; 2]>,
    /// BLAKE3 over content, source, generator, domain of all items.
    pub blake3: String,
}

/// A number with its interval, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Number {
    /// A number.
    Stated {
        /// Estimate.
        value: f64,
        /// Lower end of the interval.
        lower: f64,
        /// Upper end.
        upper: f64,
    },
    /// None.
    NotStated {
        /// Why.
        because: Because,
    },
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Because {
    /// Too few sources of one class.
    TooFewSources {
        /// Found.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// Too few human works.
    TooFewHumans {
        /// Found.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// Human or generated works are missing, or nothing was scored.
    OneClass,
}

impl Number {
    /// The number, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Number::Stated { value, .. } => Some(*value),
            Number::NotStated { .. } => None,
        }
    }

    /// Whether there is a number and its interval lies above `bound`.
    pub fn above(&self, bound: f64) -> bool {
        matches!(self, Number::Stated { lower, .. } if *lower > bound)
    }
}

impl From<Result<WithInterval, StatsError>> for Number {
    fn from(result: Result<WithInterval, StatsError>) -> Self {
        let because = match result {
            Ok(WithInterval { value, interval }) => return Number::Stated { value, lower: interval.lower, upper: interval.upper },
            Err(StatsError::TooFewClusters { found, needed }) => Because::TooFewSources { found, needed },
            Err(StatsError::TooFewNegatives { found, needed }) => Because::TooFewHumans { found, needed },
            Err(_) => Because::OneClass,
        };
        Number::NotStated { because }
    }
}

/// Items about which nothing was said, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abstained {
    /// `too-little`, `too-large`, `unreadable`, `other-modality`; `not-trained` where the training part held one class only.
    pub because: String,
    /// Human works.
    pub human: usize,
    /// Generated ones.
    pub generated: usize,
}

/// How well human and generated works are told apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Human works with a score.
    pub human: usize,
    /// Generated works with a score.
    pub generated: usize,
    /// Sources they go back to.
    pub sources: usize,
    /// Works without a score.
    pub abstained: Vec<Abstained>,
    /// Chance that a generated work scores higher than a human one.
    pub auroc: Number,
    /// Share of generated works found when 1 % of human ones are accused.
    pub found_at_1_percent: Number,
    /// The same at 5 %.
    pub found_at_5_percent: Number,
}

/// A control on the same items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Its name.
    pub control: String,
    /// What it tells apart, on the items that both score.
    pub auroc: Number,
    /// What the detector adds to it on those items.
    pub gain: Number,
    /// Whether a gain is shown: its interval lies above 0.
    pub gain_shown: bool,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Domain, generator, change …
    pub name: String,
    /// The detector.
    pub measured: Measured,
    /// Each control.
    pub beside: Vec<Beside>,
}

/// Texts cut to a number of words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtLength {
    /// Words left.
    pub words: usize,
    /// Trained on whole texts.
    pub trained_on_whole: Row,
    /// Trained on texts of that length.
    pub trained_on_cut: Row,
}

/// Items that were changed before the test, but not before training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// Whether an honest owner does this in everyday work.
    pub everyday: bool,
    /// What is left.
    pub row: Row,
}

/// How often works of one group of people or things are called generated although they are not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// `language`, `domain` or a key of the items.
    pub key: String,
    /// The group.
    pub value: String,
    /// Its human works.
    pub human: usize,
    /// Sources they go back to.
    pub sources: usize,
    /// Share accused at the cut that accuses at most 5 % of the other human works.
    pub accused: Number,
    /// Share accused of the others at that cut.
    pub others: Number,
    /// The difference; its interval is widened for the number of groups.
    pub difference: Number,
    /// Whether that interval lies above 0.
    pub accused_more_often: bool,
}

/// Whether the probabilities hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reliability {
    /// Items of like probability.
    pub bins: Vec<Bin>,
    /// How far they are off.
    pub error: CalibrationError,
}

/// Everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Version of this file.
    pub format: u32,
    /// Version of the program.
    pub lupe: String,
    /// The detector.
    pub detector: Subject,
    /// What it has to beat.
    pub controls: Vec<Subject>,
    /// How it was done.
    pub protocol: Protocol,
    /// On what.
    pub corpus: Corpus,
    /// Penalties of the folds' trainings.
    pub penalties: Vec<f64>,
    /// All items, each scored by a training without its group.
    pub whole: Row,
    /// The ROC curve; empty where there is none.
    pub curve: Vec<Point>,
    /// The curve of each control.
    pub control_curves: Vec<Vec<Point>>,
    /// Whether probabilities hold, at the mix of classes at hand; `None` where nothing was scored.
    pub reliability: Option<Reliability>,
    /// Texts cut short; empty for pictures and recordings.
    pub lengths: Vec<AtLength>,
    /// Changed items.
    pub variants: Vec<Changed>,
    /// Items of one domain each.
    pub domains: Vec<Row>,
    /// Works of one generator each against all human works.
    pub generators: Vec<Row>,
    /// Items of one domain each, scored by a training without that domain; empty where there is only one or the protocol leaves it out.
    pub unseen_domains: Vec<Row>,
    /// Works of one generator each, scored by a training without that generator; empty likewise.
    pub unseen_generators: Vec<Row>,
    /// Whom it accuses wrongly.
    pub groups: Vec<Group>,
}
