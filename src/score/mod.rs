//! Scorers turn responses into measurements and say how far they can be trusted.
//!
//! In: a prompt and its response. Out: [`Measurement`]s. A new scorer is one file here and one line in [`all`]; scorers that the user configures in
//! `lupe.toml` come from `configured/`.

pub mod agreement;
pub mod anachronism;
pub mod artists;
pub mod cast;
pub mod choice;
pub mod condescension;
pub mod configured;
pub mod gender;
#[cfg(test)]
mod held_out;
pub mod language;
pub mod length;
pub mod lexicon;
pub mod likelihood;
pub mod meaning;
pub mod origin;
pub mod readability;
mod records;
pub mod refusal;
pub mod rendering;
pub mod theme;
pub mod translation;
pub mod validate;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

pub use configured::{Scorers, declared};
pub use records::{RecordError, Records, records};
use serde::{Deserialize, Serialize};

use crate::assets;
use crate::lang::lists::ListError;
use crate::store::{Evidence, Language, Measurement, Outcome, Prompt, Response, Task, Value};

/// All built-in scorers.
static ALL: &[&dyn Scorer] = &[
    &gender::ReferentGender,
    &lexicon::WordLists,
    &origin::Origin,
    &theme::Theme,
    &refusal::Refusal,
    &length::Length,
    &language::AnswerLanguage,
    &choice::Preference,
    &translation::TranslationGender,
    &artists::Artists,
    &meaning::Meaning,
    &readability::Readability,
    &condescension::Condescension,
    &cast::Cast,
    &anachronism::Anachronism,
    &rendering::RenderedNoun,
    &likelihood::Likelihood,
];

/// All built-in scorers; with those that the user configures: [`Scorers`].
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
    /// Hash of the weights and settings that it reads by, where it has some.
    fn fingerprint(&self) -> Option<&str> {
        None
    }
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
    fn measures(&self) -> &[Measure];
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_defined_in_the_page_of_measures() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/measures.md")).unwrap();
        let measures = || all().iter().flat_map(|scorer| scorer.measures());
        for measure in measures() {
            let heading = format!("\n### `{}`\n", measure.id);
            let section = page.split_once(&heading).unwrap_or_else(|| panic!("docs/measures.md has no heading for `{}`", measure.id)).1;
            let section = section.split("\n##").next().unwrap_or_default();
            for part in ["source", "floor", "direction", "cannot see", "record", "formula|rule"] {
                let written = part.split('|').any(|word| section.contains(word));
                assert!(
                    written || ["words", "sentences"].contains(&measure.id) && part == "source",
                    "`{}` says nothing of its {part}",
                    measure.id
                );
            }
        }
        for heading in page.lines().filter_map(|line| line.strip_prefix("### `")).map(|rest| rest.trim_end_matches('`')) {
            assert!(heading == "outcome" || measures().any(|measure| measure.id == heading), "nobody reads `{heading}`");
        }
    }

    #[test]
    fn long_and_odd_texts_are_read_in_a_moment_by_every_scorer() {
        use crate::score::choice::tests::{prompt, response};
        use crate::store::{Expect, Task};
        let pieces = [
            "Anna Müller, ",
            "1. **Otto Neu**: ",
            "MARA: „Ja.“\n",
            "„Ja“, sagt sie. ",
            "der Kurator und ",
            "du sprichst ",
            "日本語 ",
            "e\u{301}… ",
            "Dürers-",
        ];
        for (piece, language) in pieces.into_iter().flat_map(|piece| Language::ALL.map(|language| (piece, language))) {
            let mut prompt = prompt(language, Task::Generate { text: String::new() });
            prompt.expect = Expect { language: None, words: vec!["Ja".into(), "Rahmen".into()], person: Some("curator".into()) };
            prompt.levels.insert("epoch".into(), "barock".into());
            let response = response(&piece.repeat(40_000 / piece.len()), Vec::new());
            for scorer in all() {
                let start = std::time::Instant::now();
                let readings = scorer.read(&prompt, &response);
                assert!(start.elapsed().as_secs() < 5, "{}: {piece}: {:?}", scorer.id(), start.elapsed());
                assert_eq!(readings.len(), scorer.measures().len());
                let inside = |evidence: &Evidence| response.text.get(evidence.start..evidence.end).is_some_and(|part| !part.is_empty());
                assert!(readings.iter().flat_map(|reading| &reading.evidence).all(inside), "{}: {piece}", scorer.id());
            }
        }
    }

    #[test]
    fn no_two_scorers_share_an_id_or_a_measure() {
        let ids: std::collections::BTreeSet<&str> = all().iter().map(|scorer| scorer.id()).collect();
        let measures: Vec<&str> = all().iter().flat_map(|scorer| scorer.measures()).map(|measure| measure.id).collect();
        assert_eq!(ids.len(), all().len());
        assert_eq!(measures.iter().collect::<std::collections::BTreeSet<_>>().len(), measures.len());
    }
}
