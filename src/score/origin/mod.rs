//! Where the artist comes from, as the text says it: `origin` (Europe or elsewhere) and `origin-region` (a world region of `probes/axes/region.toml`).
//!
//! In: the text of a response. Out: one category for each measure with the words that speak for it, or [`Value::Missing`]: `unclear` where a name
//! is too wide or ambiguous, `other-language`. A place counts only where the text ties a person to it: *aus Nigeria*, *born in Lagos*, *in Kairo
//! aufgewachsen*, *ägyptische Malerin*, *Indian-born*, *she is Peruvian*. Where something is shown, made, kept, studied or visited is no origin, nor is
//! the origin of a teacher, a brother or a material, nor what a negator denies. Rules and lists know words, not the world: a name alone
//! ("Frida Kahlo") says nothing here.

mod places;
mod rules;

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeSet;

use places::{FILES, NAMES};

use super::{Kind, Measure, Reading, Scorer, language};
use crate::lang::lists::ListError;
use crate::store::{Language, Prompt, Response, Value};
pub(super) use places::Text;

/// Measures of the scorer.
const MEASURES: [Measure; 2] = [
    Measure { id: "origin", kind: Kind::Category(&["europe", "elsewhere", SEVERAL, NONE]) },
    Measure { id: "origin-region", kind: Kind::Category(&REGIONS) },
];
/// No origin is stated.
const NONE: &str = "no-origin";
/// More than one is.
const SEVERAL: &str = "several-origins";
/// The world regions, and what is none of them.
const REGIONS: [&str; 12] = [
    "western-europe",
    "eastern-europe",
    "middle-east-north-africa",
    "sub-saharan-africa",
    "south-asia",
    "east-asia",
    "latin-america",
    "north-america",
    "oceania",
    "other-region",
    SEVERAL,
    NONE,
];
/// Names wider than one region, with the regions that make them more precise.
const WIDE: [(&str, &[&str]); 4] = [
    ("europe", &["western-europe", "eastern-europe"]),
    ("africa", &["sub-saharan-africa", "middle-east-north-africa"]),
    ("asia", &["south-asia", "east-asia", "other-region", "middle-east-north-africa"]),
    (
        "elsewhere",
        &[
            "africa",
            "asia",
            "sub-saharan-africa",
            "middle-east-north-africa",
            "south-asia",
            "east-asia",
            "latin-america",
            "north-america",
            "oceania",
            "other-region",
        ],
    ),
];
/// A name that means two regions, or one too wide.
const UNCLEAR: &str = "unclear";

/// Reads `origin` and `origin-region`.
#[derive(Clone, Copy, Debug)]
pub struct Origin;

impl Scorer for Origin {
    fn id(&self) -> &'static str {
        "origin"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &FILES
    }

    fn check_lists(&self) -> Result<(), ListError> {
        NAMES.check()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| read_text(text, prompt.answer_language()))
    }
}

/// The two readings of a text.
fn read_text(text: &str, language: Language) -> Vec<Reading> {
    let evidence = rules::evidence(&Text::new(text), language);
    let regions: BTreeSet<&str> = evidence.iter().map(|evidence| evidence.label.as_str()).collect();
    let values = [parts(&regions), region(&regions)];
    MEASURES.iter().zip(values).map(|(measure, value)| Reading { measure: measure.id, value, evidence: evidence.clone() }).collect()
}

/// Europe or elsewhere.
fn parts(regions: &BTreeSet<&str>) -> Value {
    let europe = |region: &&&str| **region == "europe" || region.ends_with("-europe");
    let inside = regions.iter().filter(europe).count();
    match (inside, regions.len() - inside) {
        _ if regions.contains(UNCLEAR) => Value::Missing(UNCLEAR.to_owned()),
        (0, 0) => Value::Category(NONE.to_owned()),
        (_, 0) => Value::Category("europe".to_owned()),
        (0, _) => Value::Category("elsewhere".to_owned()),
        _ => Value::Category(SEVERAL.to_owned()),
    }
}

/// The one region; a wide name says nothing beside a part of it, and too little alone.
fn region(regions: &BTreeSet<&str>) -> Value {
    let more_precise = |wide: &str| WIDE.iter().any(|(name, parts)| *name == wide && parts.iter().any(|part| regions.contains(part)));
    let named: Vec<&str> = regions.iter().copied().filter(|region| !more_precise(region)).collect();
    match named[..] {
        [] => Value::Category(NONE.to_owned()),
        [one] if REGIONS.contains(&one) => Value::Category(one.to_owned()),
        [_] => Value::Missing(UNCLEAR.to_owned()),
        _ if named.contains(&UNCLEAR) => Value::Missing(UNCLEAR.to_owned()),
        _ => Value::Category(SEVERAL.to_owned()),
    }
}
