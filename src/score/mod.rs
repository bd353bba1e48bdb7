//! Scorers turn responses into measurements and say how far they can be trusted.
//!
//! In: a prompt and its response. Out: [`Measurement`]s. A new scorer is one file here and one line in [`all`].

pub mod agreement;
pub mod choice;
pub mod gender;
pub mod language;
pub mod length;
pub mod lexicon;
pub mod likelihood;
pub mod origin;
mod records;
pub mod refusal;
pub mod rendering;
pub mod theme;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

pub use records::{RecordError, Records, records};
use serde::{Deserialize, Serialize};

use crate::assets;
use crate::lang::lists::ListError;
use crate::store::{Evidence, Language, Measurement, Outcome, Prompt, Response, Task, Value};

/// All scorers.
static ALL: &[&dyn Scorer] = &[
    &gender::ReferentGender,
    &lexicon::WordLists,
    &origin::Origin,
    &theme::Theme,
    &refusal::Refusal,
    &length::Length,
    &language::AnswerLanguage,
    &choice::Preference,
    &rendering::RenderedNoun,
    &likelihood::Likelihood,
];

/// All scorers.
pub fn all() -> &'static [&'static dyn Scorer] {
    ALL
}

/// Reads the word lists that are the user's, so that a broken one is an error before anything is scored. The carried ones are checked by tests.
///
/// # Errors
/// [`ListError`] naming the first that is broken.
pub fn check_lists(root: Option<&Path>) -> Result<(), ListError> {
    // A file that cannot be read is the user's, too; the scorer says what is wrong with it.
    let is_users = |list: &&str| assets::is_changed(list, root).unwrap_or(true);
    all().iter().filter(|scorer| scorer.lists().iter().any(is_users)).try_for_each(|scorer| scorer.check_lists())
}

/// The word lists that are the user's and say something else than the carried ones: path -> blake3 of the file.
///
/// # Errors
/// A list cannot be read.
pub fn changed_lists(root: Option<&Path>) -> std::io::Result<BTreeMap<String, String>> {
    let mut changed = BTreeMap::new();
    for path in all().iter().flat_map(|scorer| scorer.lists()) {
        if assets::is_changed(path, root)? {
            let bytes = assets::read(path, root)?.unwrap_or_default();
            changed.insert((*path).to_owned(), blake3::hash(&bytes).to_hex().to_string());
        }
    }
    Ok(changed)
}

/// What a measure's values are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One of these categories.
    Category(&'static [&'static str]),
    /// A number in this unit.
    Number(&'static str),
}

/// One thing a scorer can read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Id, for instance `referent-gender`.
    pub id: &'static str,
    /// What its values are.
    pub kind: Kind,
}

/// A reading before it is tied to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Measure id.
    pub measure: &'static str,
    /// What was read.
    pub value: Value,
    /// Where in the text.
    pub evidence: Vec<Evidence>,
}

/// Reads responses. Pure: the same response always gives the same readings.
pub trait Scorer: Sync {
    /// Id, for instance `referent-gender`.
    fn id(&self) -> &'static str;
    /// Raised whenever a reading can change.
    fn version(&self) -> u32;
    /// Whether its readings are exact by construction (counts, log-probabilities) and need no validation record.
    fn exact(&self) -> bool {
        false
    }
    /// Whether it reads the words, too, that came where a picture, a recording or a film was asked for.
    fn reads_what_came_instead(&self) -> bool {
        false
    }
    /// The word lists that it reads by, below `datasets/`.
    fn lists(&self) -> &'static [&'static str] {
        &[]
    }
    /// Reads these lists.
    ///
    /// # Errors
    /// [`ListError`] naming the first that is broken.
    fn check_lists(&self) -> Result<(), ListError> {
        Ok(())
    }
    /// What it reads.
    fn measures(&self) -> &'static [Measure];
    /// Read one response; one reading per measure. Called only for responses with text or choices.
    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading>;
}

/// How a scorer did against known truth, for one domain, language and group.
///
/// Counts only; every rate is computed from them. Stored as TOML under `datasets/validation/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidationRecord {
    /// Scorer id.
    pub scorer: String,
    /// Version of the scorer that was validated; another version has no record.
    pub scorer_version: u32,
    /// Measure id.
    pub measure: String,
    /// Domain of the texts, as probes name it.
    pub domain: String,
    /// Language of the texts.
    pub language: Language,
    /// What the truth is and where it comes from.
    pub truth: String,
    /// Whether the rows were held out from the scorer's making.
    pub held_out: bool,
    /// Categories in the order of the matrices' rows and columns; the last column counts abstentions.
    pub categories: Vec<String>,
    /// One confusion matrix per group (`all` when groups are not told apart).
    pub groups: Vec<GroupMatrix>,
}

/// Confusion matrix of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupMatrix {
    /// Group, for instance a level of an axis; `all`.
    pub group: String,
    /// `counts[t][p]`: rows whose truth is category t and whose reading is category p; one more column for "no reading".
    pub counts: Vec<Vec<u64>>,
}

/// Read every response with every scorer named, in parallel; order follows the responses.
pub fn score(scorers: &[&dyn Scorer], rows: &[(&Prompt, &Response)]) -> Vec<Measurement> {
    use rayon::prelude::*;
    rows.par_iter()
        .flat_map_iter(|&(prompt, response)| {
            let prompt = as_answered(prompt);
            scorers.iter().flat_map(move |&scorer| {
                let readings = match readable(scorer, &prompt, response) {
                    Ok(()) => scorer.read(&prompt, response),
                    Err(reason) => missing(scorer, reason),
                };
                readings.into_iter().map(move |reading| Measurement {
                    request: response.request.clone(),
                    scorer: scorer.id().to_owned(),
                    scorer_version: scorer.version(),
                    measure: reading.measure.to_owned(),
                    value: reading.value,
                    evidence: reading.evidence,
                })
            })
        })
        .collect()
}

/// Scorers read by the language that the answer should be in.
fn as_answered(prompt: &Prompt) -> Cow<'_, Prompt> {
    match prompt.expect.language {
        Some(language) => Cow::Owned(Prompt { language, ..prompt.clone() }),
        None => Cow::Borrowed(prompt),
    }
}

/// A truncated answer is still an answer to read; the ledger tells it apart. A file is no text, whatever its outcome.
fn readable(scorer: &dyn Scorer, prompt: &Prompt, response: &Response) -> Result<(), &'static str> {
    let came_instead = matches!(prompt.task, Task::Make { .. }) && !response.text.trim().is_empty();
    match response.outcome {
        Outcome::Unparseable if came_instead && scorer.reads_what_came_instead() => Ok(()),
        Outcome::Answered | Outcome::Truncated if response.file.is_none() => Ok(()),
        Outcome::Answered | Outcome::Truncated => Err("not-a-text"),
        other => Err(other.as_str()),
    }
}

fn missing(scorer: &dyn Scorer, reason: &str) -> Vec<Reading> {
    scorer
        .measures()
        .iter()
        .map(|measure| Reading { measure: measure.id, value: Value::Missing(reason.to_owned()), evidence: Vec::new() })
        .collect()
}
