//! The datasets that probe files draw on: nouns for persons, and the sources of facts and figures.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{has_both_forms, is_german, is_id, is_share};
use crate::lang::{english, german};

/// `datasets/occupations.toml`: nouns for persons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct OccupationFile {
    /// The nouns.
    #[garde(dive)]
    pub occupations: Vec<Occupation>,
}

/// A noun for a person in both languages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Occupation {
    /// Name that probes use.
    #[garde(custom(is_id))]
    pub id: String,
    /// German forms.
    #[garde(custom(is_german))]
    pub de: german::Noun,
    /// Further German nouns for the same person, as a translation may choose them: Pflegefachkraft, Krankenschwester.
    #[serde(default)]
    #[garde(inner(custom(has_both_forms)))]
    pub also: Vec<german::Noun>,
    /// English forms.
    pub en: english::Noun,
    /// Share of women in the occupation, where an official figure was found.
    #[garde(dive)]
    pub women: Option<Women>,
}

/// Share of women in an occupation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Women {
    /// Between 0 and 1.
    #[garde(custom(is_share))]
    pub share: f64,
    /// Year that the share holds for.
    #[garde(range(min = 1900, max = 2100))]
    pub year: u16,
    /// Id of an entry in `datasets/sources.toml`.
    pub source: String,
}

/// `datasets/sources.toml`: where facts and figures come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct CitationFile {
    /// What was consulted.
    #[garde(dive)]
    pub sources: Vec<Citation>,
}

/// A source that was really consulted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Citation {
    /// Name that datasets use.
    #[garde(custom(is_id))]
    pub id: String,
    /// Title as the source has it.
    #[garde(length(min = 1))]
    pub title: String,
    /// Who published it; first whose figure it is.
    #[garde(length(min = 1))]
    pub publisher: String,
    /// Year of publication, or of the figure.
    pub year: Option<u16>,
    /// Country that its figures hold for: DE, US.
    pub place: Option<String>,
    /// What was taken from it.
    #[garde(length(min = 1))]
    pub taken: String,
    /// Address of the page, or the table in a data set.
    #[garde(length(min = 1))]
    #[serde(rename = "where")]
    pub read_at: String,
}
