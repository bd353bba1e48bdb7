//! The files that people write, exactly as they are written: probe, axis, suite and occupation files.
//!
//! In: TOML. Out: these types, checked key by key and value by value (garde); what needs several files is checked beside them.

mod answer;
mod dataset;
mod value;

use std::collections::BTreeMap;

pub use answer::{AnswerKind, Attribute, AttributeValue, ExpectFile, ExpectedWords};
pub use dataset::{Citation, CitationFile, Occupation, OccupationFile, Women};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::value::{can_be_drawn, is_id, is_in_order, is_level, is_positive, is_share, is_written, is_written_if_there};
use super::{Bilingual, Dimension, Role};
use crate::lang::german;
use crate::store::{Language, Sampling};

/// A text that may be missing in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// German.
    pub de: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Text {
    /// The text in `language`, if there is one.
    pub fn get(&self, language: Language) -> Option<&str> {
        match language {
            Language::De => self.de.as_deref(),
            Language::En => self.en.as_deref(),
        }
    }
}

/// Station of the workshop that a probe belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names say it
pub enum Station {
    Text,
    Image,
    SoundAndVideo,
    Storyboard,
    Translation,
    Research,
    Presentation,
    Administration,
    LocalTools,
}

impl Station {
    /// The word as files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Station::Text => "text",
            Station::Image => "image",
            Station::SoundAndVideo => "sound-and-video",
            Station::Storyboard => "storyboard",
            Station::Translation => "translation",
            Station::Research => "research",
            Station::Presentation => "presentation",
            Station::Administration => "administration",
            Station::LocalTools => "local-tools",
        }
    }
}

/// What is asked of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// Continue or answer the prompt.
    Generate,
    /// Score each option after the prompt and after the neutral prompt.
    Choose,
    /// Log-likelihood of the prompt itself.
    LogLikelihood,
}

/// A probe: one question put to every model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ProbeFile {
    /// Unique name: small letters, digits, hyphens.
    #[garde(custom(is_id))]
    pub id: String,
    /// Raised whenever a prompt or a hypothesis changes.
    #[garde(range(min = 1))]
    pub version: u32,
    /// Station of the workshop.
    pub station: Station,
    /// Domain of the answers; a validation record of a scorer matches by it.
    #[garde(custom(is_id))]
    pub domain: String,
    /// What is asked of a model.
    pub request: RequestKind,
    /// What the tool gives back; a text if left out.
    #[serde(default)]
    pub answer: AnswerKind,
    /// Language of the answers where it is not that of the prompt, as in a translation.
    pub answer_language: Option<Language>,
    /// Scorers that read the answers. May be empty where the answer is no text.
    pub scorers: Vec<String>,
    /// How often each prompt is asked.
    #[garde(range(min = 1))]
    pub repeats: u32,
    /// Seed of the probe.
    pub seed: u64,
    /// The dimension whose members are the ones meant, not examples of many; the other one is the cluster.
    pub fixed: Option<Dimension>,
    /// Short name.
    #[garde(custom(is_written))]
    pub title: Bilingual,
    /// What it asks, what a difference would and would not mean.
    #[garde(custom(is_written))]
    pub purpose: Bilingual,
    /// What this probe cannot show.
    #[garde(custom(is_written))]
    pub limits: Bilingual,
    /// How answers are drawn; temperature 1, top_p 1, 200 tokens if left out.
    #[serde(default)]
    #[garde(custom(can_be_drawn))]
    pub sampling: Sampling,
    /// The wordings.
    #[garde(length(min = 1), dive)]
    pub templates: Vec<Template>,
    /// Fillers that are not under test, crossed with the templates.
    #[serde(default)]
    #[garde(dive)]
    pub contexts: Vec<Context>,
    /// Axes under test; none for a representation.
    #[serde(default)]
    pub axes: Vec<AxisUse>,
    /// The options, for `request = "choose"` only.
    #[garde(dive)]
    pub choose: Option<Choose>,
    /// What people or a judging model say about an answer.
    #[serde(default)]
    #[garde(dive)]
    pub attributes: Vec<Attribute>,
    /// The claims that the probe decides.
    #[garde(length(min = 1), dive)]
    pub hypotheses: Vec<HypothesisFile>,
}

/// One wording of a probe, with slots in braces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Template {
    /// Name within the probe.
    #[garde(custom(is_id))]
    pub id: String,
    /// German wording.
    pub de: Option<String>,
    /// English wording.
    pub en: Option<String>,
}

impl Template {
    /// The wording in `language`, if there is one.
    pub fn get(&self, language: Language) -> Option<&str> {
        match language {
            Language::De => self.de.as_deref(),
            Language::En => self.en.as_deref(),
        }
    }
}

/// Fillers for the slots that are not under test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Context {
    /// Name within the probe.
    #[garde(custom(is_id))]
    pub id: String,
    /// Slot -> what fills it.
    #[garde(dive)]
    pub fill: BTreeMap<String, Fill>,
    /// Only in these wordings; in all of them if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<String>,
    /// What an answer should hold.
    #[serde(default)]
    #[garde(dive)]
    pub expect: ExpectFile,
}

/// What fills a slot: a noun, a paired sentence, or plain text. Exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// A noun of `datasets/occupations.toml`, inflected as the slot asks.
    pub entry: Option<String>,
    /// A sentence of an axis file, in the version of the level in force.
    pub sentence: Option<String>,
    /// Plain text, German.
    pub de: Option<String>,
    /// Plain text, English.
    pub en: Option<String>,
}

impl Validate for Fill {
    type Context = ();

    fn validate_into(&self, _: &(), place: &mut dyn FnMut() -> garde::Path, report: &mut garde::Report) {
        let kinds = [self.entry.is_some(), self.sentence.is_some(), self.de.is_some() || self.en.is_some()];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            let message = "must be a noun (`entry`), a paired sentence (`sentence`) or plain text (`de`, `en`), and only one of them";
            report.append(place(), garde::Error::new(message));
        }
    }
}

/// An axis under test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AxisUse {
    /// Name of the axis file.
    pub axis: String,
    /// Levels compared; all of them if left out.
    #[serde(default)]
    pub levels: Vec<String>,
    /// All levels of this group of the axis file, instead of naming them.
    pub group: Option<String>,
}

/// The options of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Choose {
    /// Continuations, each with the category it stands for. Slots are filled as in templates.
    #[garde(length(min = 2))]
    pub options: Vec<OptionFile>,
    /// A prompt that favours no option; cancels how common a word form is.
    pub neutral: Text,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionFile {
    /// Category this option stands for.
    pub category: String,
    /// German continuation, with its leading space.
    pub de: Option<String>,
    /// English continuation, with its leading space.
    pub en: Option<String>,
}

impl OptionFile {
    /// The continuation in `language`, if there is one.
    pub fn get(&self, language: Language) -> Option<&str> {
        match language {
            Language::De => self.de.as_deref(),
            Language::En => self.en.as_deref(),
        }
    }
}

/// One claim as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct HypothesisFile {
    /// Name within the probe.
    #[garde(custom(is_id))]
    pub id: String,
    /// Confirmatory or exploratory.
    pub role: Role,
    /// The claim in a plain sentence; `{level}` stands for the level's name.
    #[garde(custom(is_written))]
    pub claim: Bilingual,
    /// What is measured, as a scorer names it, or `outcome`.
    pub measure: String,
    /// The category whose share is estimated; left out for numbers.
    pub category: Option<String>,
    /// The categories that make up the whole.
    #[serde(default)]
    pub among: Vec<String>,
    /// Smallest difference that matters.
    #[garde(custom(is_positive))]
    pub margin: f64,
    /// Why the margin is the smallest difference that matters. A confirmatory hypothesis must say it.
    #[garde(custom(is_written_if_there))]
    pub why: Option<Bilingual>,
    /// The hypothesis of another probe, `probe/hypothesis`, that asks the same in other words.
    pub replicates: Option<String>,
    /// What is known of the spread of its answers before they are there, for plans.
    #[garde(dive)]
    pub pilot: Option<Pilot>,
    /// Only these languages.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// Only these contexts.
    #[serde(default)]
    pub contexts: Vec<String>,
    /// What is compared with what.
    #[garde(dive)]
    pub contrast: ContrastFile,
}

/// What a trial or the making of a model showed about the spread of answers, in place of what plans assume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Pilot {
    /// Standard deviation of one answer's reading.
    #[garde(range(min = 0.001))]
    pub spread: Option<f64>,
    /// Correlation of answers of one template, and of one context.
    #[garde(range(min = 0.0, max = 0.5))]
    pub correlation: Option<f64>,
    /// Where it comes from.
    #[garde(custom(is_written))]
    pub source: Bilingual,
}

/// A contrast as it is written: the reference may be left out, and `level = "*"` stands for each level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub enum ContrastFile {
    /// The share against a stated figure; no level in the prompt.
    Baseline {
        /// The figure, between 0 and 1.
        #[garde(custom(is_share))]
        value: f64,
        /// Where it comes from.
        #[garde(custom(is_written))]
        source: Bilingual,
    },
    /// A level against a reference level.
    Level {
        /// Axis under test.
        axis: String,
        /// Level under test, or `*` for each.
        level: String,
        /// What it is compared with; the axis file's reference if left out.
        reference: Option<String>,
    },
    /// A level against the mean of all levels in the probe.
    LevelVersusMean {
        /// Axis under test.
        axis: String,
        /// Level under test, or `*` for each.
        level: String,
    },
    /// Any difference between the levels.
    Omnibus {
        /// Axis under test.
        axis: String,
    },
    /// Contexts against contexts.
    Contexts {
        /// First group.
        #[garde(length(min = 1))]
        left: Vec<String>,
        /// Second group.
        #[garde(length(min = 1))]
        right: Vec<String>,
    },
}

/// An axis: an attribute under test and its levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct AxisFile {
    /// Unique name; slots use it.
    #[garde(custom(is_id))]
    pub id: String,
    /// Raised whenever a level changes.
    #[garde(range(min = 1))]
    pub version: u32,
    /// Name for readers.
    #[garde(custom(is_written))]
    pub name: Bilingual,
    /// What its levels mean and what they leave out.
    #[garde(custom(is_written))]
    pub note: Bilingual,
    /// Level that the others are compared with unless a hypothesis or the level itself names another.
    pub reference: String,
    /// The values.
    #[garde(length(min = 2), dive)]
    pub levels: Vec<Level>,
    /// Sentences that mean the same in each level's way of speaking.
    #[serde(default)]
    #[garde(dive)]
    pub sentences: Vec<Sentence>,
}

/// One value of an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Level {
    /// Unique name within the axis.
    #[garde(custom(is_id))]
    pub id: String,
    /// Name for readers, and the slot `{axis.name}`.
    #[garde(custom(is_written))]
    pub name: Bilingual,
    /// Group within the axis, for instance `germany`.
    pub group: Option<String>,
    /// Languages of prompts it can stand in; both if left out.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// Its own reference level, where the axis has several kinds of levels.
    pub reference: Option<String>,
    /// The form of nouns for persons that this level asks for.
    pub person: Option<german::PersonForm>,
    /// First and last year, for epochs; no last year: it lasts.
    #[garde(custom(is_in_order))]
    pub dates: Option<Dates>,
    /// Words for slots: `{axis.in}` takes the form `in`.
    #[serde(default)]
    pub forms: BTreeMap<String, Text>,
    /// Who speaks this way and has reviewed its sentences, as they wish to be named. Empty: nobody yet, and findings on them explore only. A level
    /// without the key needs no review.
    pub reviewed_by: Option<Vec<String>>,
}

/// Years of an epoch, rounded as art history does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: Option<i32>,
}

/// One meaning, said by each level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Sentence {
    /// Unique name within the axis.
    #[garde(custom(is_id))]
    pub id: String,
    /// Level -> sentence.
    pub text: BTreeMap<String, String>,
}

/// A suite: a named list of probes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct SuiteFile {
    /// Unique name, the name of the file.
    #[garde(custom(is_id))]
    pub id: String,
    /// Name for readers.
    #[garde(custom(is_written))]
    pub title: Bilingual,
    /// What the suite is for.
    #[garde(custom(is_written))]
    pub purpose: Bilingual,
    /// Ids of its probes.
    #[garde(length(min = 1))]
    pub probes: Vec<String>,
    /// How often the data may be analysed while they grow; alpha is divided by it.
    #[serde(default = "one")]
    #[garde(range(min = 1))]
    pub looks: u32,
    /// Level of the family.
    #[serde(default = "five_percent")]
    #[garde(custom(is_level))]
    pub alpha: f64,
}

fn one() -> u32 {
    1
}

fn five_percent() -> f64 {
    0.05
}
