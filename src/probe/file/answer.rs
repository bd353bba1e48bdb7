//! What comes back and what is looked for in it: the kind of answer, attributes that people or a judging model read, expectations of a context.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{are_words, is_id, is_written};
use crate::probe::Bilingual;
use crate::store::{Language, Medium};

/// What the tool gives back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// A text.
    #[default]
    Text,
    /// A picture.
    Image,
    /// A recording.
    Sound,
    /// A film.
    Video,
}

impl AnswerKind {
    /// The medium of a file; none for a text.
    pub fn medium(self) -> Option<Medium> {
        match self {
            AnswerKind::Text => None,
            AnswerKind::Image => Some(Medium::Image),
            AnswerKind::Sound => Some(Medium::Sound),
            AnswerKind::Video => Some(Medium::Video),
        }
    }
}

/// What people (`lupe label`) or a judging model (`lupe judge`) say about an answer. A hypothesis names its id as `measure`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Attribute {
    /// Unique name within the probe; not the name of a scorer's measure.
    #[garde(custom(is_id))]
    pub id: String,
    /// What is asked about the answer.
    #[garde(custom(is_written))]
    pub question: Bilingual,
    /// The written rule for raters and judges.
    #[garde(custom(is_written))]
    pub rubric: Bilingual,
    /// Whether they see what was asked, the levels of the axes left out: for a rule that names it.
    #[serde(default)]
    pub prompt: bool,
    /// What can be said: the categories of the measure.
    #[garde(length(min = 2), dive)]
    pub values: Vec<AttributeValue>,
}

/// One thing that can be said about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct AttributeValue {
    /// Category that hypotheses name.
    #[garde(custom(is_id))]
    pub id: String,
    /// German words for it.
    #[garde(length(min = 1))]
    pub de: String,
    /// English words for it.
    #[garde(length(min = 1))]
    pub en: String,
}

impl AttributeValue {
    /// The words in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}

/// What an answer to the prompts of a context should hold, whatever the level.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ExpectFile {
    /// Words that stay if the meaning was kept, by language of the answer.
    #[serde(default)]
    #[garde(dive)]
    pub words: ExpectedWords,
    /// Noun of `datasets/occupations.toml` whose rendering is looked for in the answer.
    pub person: Option<String>,
}

/// Words by language: alternatives with `|`, each a beginning of a word, whatever its case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ExpectedWords {
    /// In German answers.
    #[serde(default)]
    #[garde(custom(are_words))]
    pub de: Vec<String>,
    /// In English answers.
    #[serde(default)]
    #[garde(custom(are_words))]
    pub en: Vec<String>,
}

impl ExpectedWords {
    /// The words of an answer in `language`.
    pub fn get(&self, language: Language) -> &[String] {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}
