//! Probe, axis and suite files become validated [`Probe`]s, and these become [`Prompt`]s.
//!
//! In: TOML files (shipped or the user's). Out: probes whose every slot can be filled and whose every hypothesis can be decided, or
//! diagnostics that point at the line.

mod check;
mod context;
mod expand;
pub mod file;
mod library;
mod new;
mod problem;
mod replication;
mod schema;
mod slot;

use std::collections::BTreeMap;

pub use check::{FEWEST_CLUSTERS, Known, PlannedClusters};
pub use file::{AnswerKind, Attribute, AttributeValue, Pilot};
pub(crate) use library::parse;
pub use library::{Library, Suite};
pub use new::{NewProbe, new_probe};
pub use problem::{ProbeErrors, Problem};
pub(crate) use problem::{Source, suggestion};
pub use schema::schemas;
use serde::{Deserialize, Serialize};

use crate::store::{Language, Prompt, Sampling};

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}

/// A validated probe with its prompts: what every later stage needs to know, and no more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Unique id, for instance `demo-occupation`.
    pub id: String,
    /// Raised whenever a prompt or a hypothesis changes.
    pub version: u32,
    /// Hash of the probe file and the axis files it uses.
    pub hash: String,
    /// Station of the workshop it belongs to (`text`, `image`, …).
    pub station: String,
    /// Short name.
    pub title: Bilingual,
    /// What it asks, what a difference would and would not mean.
    pub purpose: Bilingual,
    /// What it cannot show.
    #[serde(default)]
    pub limits: Bilingual,
    /// What the tool gives back.
    #[serde(default)]
    pub answer: AnswerKind,
    /// Language of the answers where it is not that of the prompts.
    #[serde(default)]
    pub answer_language: Option<Language>,
    /// Domain of its answers; a validation record matches by scorer, domain and language.
    pub domain: String,
    /// Scorers that read its answers.
    pub scorers: Vec<String>,
    /// Which cluster dimension is declared fixed, if any.
    pub fixed: Option<Dimension>,
    /// How often each prompt is asked.
    pub repeats: u32,
    /// Seed of the probe.
    pub seed: u64,
    /// How answers are drawn.
    pub sampling: Sampling,
    /// What people or a judging model say about an answer; each is a measure with categories.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// The hypotheses, confirmatory ones first.
    pub hypotheses: Vec<Hypothesis>,
    /// Names of axes and levels for reports: axis -> level -> name.
    pub level_names: BTreeMap<String, BTreeMap<String, Bilingual>>,
    /// Axis -> levels whose sentences stand in the prompts and that nobody who speaks that way has reviewed.
    #[serde(default)]
    pub unreviewed: BTreeMap<String, Vec<String>>,
    /// Words of the contexts for reports: context -> what it puts into prompts.
    #[serde(default)]
    pub context_names: BTreeMap<String, Bilingual>,
    /// All prompts, in id order.
    pub prompts: Vec<Prompt>,
}

/// A dimension of clustering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// The wordings.
    Templates,
    /// The fillers that are not under test.
    Contexts,
}

/// One claim that a probe decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hypothesis {
    /// Id, unique within the probe.
    pub id: String,
    /// The claim in a plain sentence.
    pub claim: Bilingual,
    /// Measure it is about (`referent-gender`, `valence`, …) as a scorer names it.
    pub measure: String,
    /// For categorical measures: the category whose share is the estimate (`woman`). For `outcome`: an outcome (`refused`). None for numbers.
    pub category: Option<String>,
    /// For a share: the categories that make up the whole (`woman`, `man`), so that unclear answers are no evidence. Empty: all readings.
    pub among: Vec<String>,
    /// What is compared with what.
    pub contrast: Contrast,
    /// Confirmatory or exploratory.
    pub role: Role,
    /// Smallest difference that matters, in the unit of the estimate (0.1 = ten percentage points for shares; standard deviations for scores).
    pub margin: f64,
    /// Why this is the smallest difference that matters.
    #[serde(default)]
    pub why: Option<Bilingual>,
    /// `probe/hypothesis` that this one asks again in other words.
    #[serde(default)]
    pub replicates: Option<String>,
    /// What is known of the spread of its answers before they are there.
    #[serde(default)]
    pub pilot: Option<Pilot>,
    /// Only these languages; empty: every language the probe has, each on its own.
    pub languages: Vec<Language>,
    /// Only prompts of these contexts; empty: all. How a probe tells contexts with different expectations apart.
    pub contexts: Vec<String>,
}

/// Named contrasts (DESIGN, rule 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Contrast {
    /// Representation: the share against a stated baseline; no level in the prompt.
    Baseline {
        /// The baseline in [0, 1].
        value: f64,
        /// Where it comes from, in words.
        source: Bilingual,
    },
    /// Counterfactual: `level` minus `reference` on `axis`, paired.
    Level {
        /// Axis under test.
        axis: String,
        /// Level under test.
        level: String,
        /// Level it is compared with.
        reference: String,
    },
    /// Counterfactual: `level` minus the mean of all levels of the axis in this probe, paired.
    LevelVersusMean {
        /// Axis under test.
        axis: String,
        /// Level under test.
        level: String,
    },
    /// Any difference between the levels of `axis`.
    Omnibus {
        /// Axis under test.
        axis: String,
    },
    /// Contexts against contexts within the same template (for instance two groups of occupations): share in `left` minus share in `right`.
    Contexts {
        /// Context ids of the first group.
        left: Vec<String>,
        /// Context ids of the second group.
        right: Vec<String>,
    },
}

/// Confirmatory hypotheses form the family; the others are exploratory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Declared before the data; Holm within the family.
    Confirmatory,
    /// Everything else; Benjamini-Hochberg.
    Exploratory,
}

#[cfg(test)]
mod tests;
