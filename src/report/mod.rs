//! One self-contained page per run: findings, charts, examples, ledger, methods and manifest, in German or English.
//!
//! In: a [`ReportInput`], plain data that earlier stages stored. Out: HTML without script, without any request to elsewhere, readable
//! on paper and with a screen reader. Equal input gives equal bytes.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use crate::analyse::detectable::Detectable;
use crate::analyse::{Finding, Robustness};
use crate::chart::{ChartError, Readings};
use crate::lang::wording::{FluentArgs, FluentValue, Wording};
use crate::probe::{Bilingual, Probe};
use crate::rate::Agreement;
use crate::store::{Evidence, Language, Outcome};

mod agreement;
mod charts;
mod claim;
mod detectable;
pub mod evaluation;
mod evidence;
mod examples;
mod gather;
mod manifest;
mod names;
mod page;
mod robustness;
mod summary;

pub use charts::{NamedChart, charts};
pub use evidence::{Marked, Piece, pieces};
pub use gather::{Gathering, gather};
pub use manifest::{Look, ModelEntry, ProbeEntry, ReportManifest, ScorerEntry, ValidationEntry};

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportInput {
    /// What was audited, as a short title.
    pub title: Bilingual,
    /// What the audit asks and what for.
    pub purpose: Bilingual,
    /// All findings of the run, in any order.
    pub findings: Vec<Finding>,
    /// Whether the confirmatory claims among them stand in other forms.
    #[serde(default)]
    pub robustness: Vec<Robustness>,
    /// The probes, for titles, purposes and names of levels; their order is the order of the page.
    pub probes: Vec<Probe>,
    /// How often each category was read, for the representation charts; empty draws none.
    pub readings: Vec<Readings>,
    /// Example answers; at most five per probe, language and arm are shown.
    pub examples: Vec<Example>,
    /// How far people and judges agree on what scorers cannot read; empty where nobody rated.
    #[serde(default)]
    pub agreement: Vec<Agreement>,
    /// How well the answers can be told from human works; empty where no detector looked.
    #[serde(default)]
    pub detectable: Vec<Detectable>,
    /// Known truth of reference models: finding id -> planted value in the unit of the estimate. Empty draws no calibration.
    pub planted: BTreeMap<String, f64>,
    /// What pins the run.
    pub manifest: ReportManifest,
}

/// One answer shown as an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Probe id.
    pub probe: String,
    /// Model name in the run.
    pub model: String,
    /// Language of prompt and answer.
    pub language: Language,
    /// Arm: a level, or `all`.
    pub arm: String,
    /// The prompt as the model got it.
    pub prompt_text: String,
    /// The answer as it came.
    pub answer_text: String,
    /// What in the answer speaks for the reading; byte offsets into `answer_text`.
    pub evidence: Vec<Evidence>,
    /// What the scorer read: a category or a number, empty if nothing.
    pub reading: String,
    /// What became of the request.
    pub outcome: Outcome,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReportError {
    /// A chart could not be drawn.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Chart(#[from] ChartError),
    /// The page's template failed; its message names the line.
    #[error("the page could not be written: {0:#}")]
    Page(#[from] Error),
}

/// The whole page in `language`.
pub fn render(input: &ReportInput, language: Language) -> Result<String, ReportError> {
    let page = page::Page::of(input, language)?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    let wording = Wording::of(language);
    environment.add_function("t", move |key: &str, arguments: Kwargs| translate(wording, key, &arguments));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment.get_template("page.html")?.render(Serde(&page))?)
}

const TEMPLATES: [(&str, &str); 5] = [
    ("page.html", include_str!("templates/page.html")),
    ("style.css", include_str!("templates/style.css")),
    ("probe.html", include_str!("templates/probe.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("manifest.html", include_str!("templates/manifest.html")),
];

/// `t("key", name=value)` in templates; a key or an argument that is missing is an error, not a gap in the page.
fn translate(wording: &Wording, key: &str, arguments: &Kwargs) -> Result<String, Error> {
    let mut given = FluentArgs::new();
    for name in arguments.args() {
        let value: minijinja::Value = arguments.get(name)?;
        let value = match i64::try_from(value.clone()) {
            Ok(number) => FluentValue::from(number),
            Err(_) => FluentValue::from(value.to_string()),
        };
        given.set(name.to_owned(), value);
    }
    wording
        .format(key, &given)
        .ok_or_else(|| Error::new(ErrorKind::UnknownFunction, format!("no wording for `{key}` with these arguments")))
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
