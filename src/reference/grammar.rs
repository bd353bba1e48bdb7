//! The grammar of the reference models: which answers there are to a prompt of the `demo` suite, and how probable each of them is.
//!
//! In: `datasets/reference/*.toml`, one file per probe. Out: for a prompt and a model, every [`Answer`] with its probability. An answer has
//! a *kind* (`woman`, `positive`, `refused`, …), whose probability is a written number for each model and *arm*; within a kind every
//! wording, and within a wording every word of a slot, is equally probable.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{ReferenceError, file_error};
use crate::store::{Language, Prompt, Task};

/// The kind of an answer that says nothing.
pub const EMPTY: &str = "empty";
/// The kind of an answer that declines.
pub const REFUSED: &str = "refused";
/// The arm of a neutral prompt.
pub const NEUTRAL: &str = "neutral";
/// Probabilities are written with two or three digits; a table may miss 1 by this much.
const SUM_TOLERANCE: f64 = 1e-9;

/// All that the reference models can say.
#[derive(Clone, Debug)]
pub struct Grammar {
    parts: BTreeMap<String, Part>,
    /// Hash of the files, in hex.
    pub hash: String,
}

/// The grammar of the answers to one probe: one file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Part {
    /// Id of the probe.
    pub probe: String,
    /// What the written numbers depend on: the axis of this name, or `context`.
    pub arms: String,
    /// model -> arm -> kind -> probability.
    pub numbers: BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>,
    /// What an answer of a kind counts on a numeric measure: measure -> kind -> number.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, f64>>,
    /// kind -> wordings with `{slots}`.
    pub forms: BTreeMap<String, Lists>,
    /// Slots that any word of a list fills.
    #[serde(default)]
    pub words: BTreeMap<String, Lists>,
    /// Slots that depend on the context of the prompt: slot -> context -> word.
    #[serde(default)]
    pub context_words: BTreeMap<String, BTreeMap<String, Lists>>,
    /// A second attribute, drawn independently of the kind, that fills the slot of its name.
    #[serde(default)]
    pub second: BTreeMap<String, Second>,
}

/// A second attribute of an answer, for instance the origin of the artist named.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Second {
    /// model -> arm -> category -> probability.
    pub numbers: BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>,
    /// category -> words.
    pub words: BTreeMap<String, Lists>,
}

/// Wordings in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// German.
    pub de: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl Lists {
    fn get(&self, language: Language) -> &[String] {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}

/// One possible answer to a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What the model says, without the end-of-text token; empty for an empty answer.
    pub text: String,
    /// What the grammar meant: `woman`, `refused`, …
    pub kind: String,
    /// Second attributes: name -> category.
    pub second: BTreeMap<String, String>,
    /// Probability of this very text.
    pub probability: f64,
}

/// A place where an answer tree begins: everything that the probabilities depend on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Probe id.
    pub probe: String,
    /// Language of prompt and answer.
    pub language: Language,
    /// Arm: a level of the axis, a context, or [`NEUTRAL`].
    pub arm: String,
    /// Context of the prompt.
    pub context: String,
}

impl Grammar {
    /// Read and check the grammar: `files` are names and texts.
    ///
    /// # Errors
    /// Names the file and what is wrong with it: unknown keys, a table that does not sum to 1, a slot that nothing fills, a text that two
    /// kinds share.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ReferenceError> {
        let mut hasher = blake3::Hasher::new();
        let mut parts = BTreeMap::new();
        for (name, text) in files {
            hasher.update(text.as_bytes());
            let part: Part = toml::from_str(text).map_err(|error| file_error(name, error.to_string()))?;
            part.check().map_err(|problem| file_error(name, problem))?;
            parts.insert(part.probe.clone(), part);
        }
        Ok(Self { parts, hash: hasher.finalize().to_hex().to_string() })
    }

    /// The part for a probe.
    pub fn part(&self, probe: &str) -> Option<&Part> {
        self.parts.get(probe)
    }

    /// All parts, by probe.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }

    /// Where the answers to a prompt begin, if its probe belongs to the grammar and its level is known there.
    pub fn place(&self, prompt: &Prompt) -> Option<Place> {
        let part = self.part(&prompt.probe)?;
        let arm = if part.arms == "context" { &prompt.context } else { prompt.levels.get(&part.arms)? };
        let known = part.numbers.values().all(|arms| arms.contains_key(arm));
        known.then(|| Place { probe: prompt.probe.clone(), language: prompt.language, arm: arm.clone(), context: prompt.context.clone() })
    }

    /// The same for the neutral text of a choice.
    pub fn neutral_place(&self, prompt: &Prompt) -> Option<Place> {
        let place = self.place(prompt)?;
        matches!(prompt.task, Task::Choose { .. }).then(|| Place { arm: NEUTRAL.to_owned(), ..place })
    }

    /// Every answer of `model` at `place`, in the order of the file; texts are distinct, probabilities sum to 1.
    pub fn answers(&self, model: &str, place: &Place) -> Vec<Answer> {
        self.part(&place.probe).map(|part| part.answers(model, place)).unwrap_or_default()
    }
}

impl Part {
    /// Written probability of each kind.
    pub fn planted(&self, model: &str, arm: &str) -> Option<&BTreeMap<String, f64>> {
        self.numbers.get(model)?.get(arm)
    }

    fn answers(&self, model: &str, place: &Place) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        for (kind, &mass) in self.planted(model, &place.arm).into_iter().flatten() {
            if mass == 0.0 {
                continue;
            }
            if kind == EMPTY {
                let (text, second) = (String::new(), BTreeMap::new());
                answers.push(Answer { text, kind: kind.clone(), second, probability: mass });
                continue;
            }
            let forms = self.forms.get(kind).map(|lists| lists.get(place.language)).unwrap_or_default();
            for form in forms {
                let start =
                    Answer { text: form.clone(), kind: kind.clone(), second: BTreeMap::new(), probability: mass / forms.len() as f64 };
                self.fill(model, place, start, &mut answers);
            }
        }
        answers
    }

    /// Replace the first slot by each of its words, and so on until none is left.
    fn fill(&self, model: &str, place: &Place, answer: Answer, into: &mut Vec<Answer>) {
        let Some((start, end)) = slot(&answer.text) else {
            return into.push(answer);
        };
        let name = &answer.text[start + 1..end];
        let mut put = |word: &str, probability: f64, category: Option<&str>| {
            let mut next = Answer {
                text: [&answer.text[..start], word, &answer.text[end + 1..]].concat(),
                probability: answer.probability * probability,
                ..answer.clone()
            };
            if let Some(category) = category {
                next.second.insert(name.to_owned(), category.to_owned());
            }
            self.fill(model, place, next, into);
        };
        if let Some(second) = self.second.get(name) {
            let numbers = second.numbers.get(model).and_then(|arms| arms.get(&place.arm));
            for (category, &mass) in numbers.into_iter().flatten() {
                let words = second.words.get(category).map(|lists| lists.get(place.language)).unwrap_or_default();
                for word in words {
                    put(word, mass / words.len() as f64, Some(category));
                }
            }
        } else {
            let words = self.words.get(name).or_else(|| self.context_words.get(name)?.get(&place.context));
            let words = words.map(|lists| lists.get(place.language)).unwrap_or_default();
            for word in words {
                put(word, 1.0 / words.len() as f64, None);
            }
        }
    }

    /// What would make an answer tree wrong, in words.
    fn check(&self) -> Result<(), String> {
        let seconds = self.second.values().flat_map(|second| second.numbers.iter());
        for (model, arms) in self.numbers.iter().chain(seconds) {
            for (arm, kinds) in arms {
                let sum: f64 = kinds.values().sum();
                if (sum - 1.0).abs() > SUM_TOLERANCE {
                    return Err(format!("the numbers of {model}, {arm} sum to {sum}, not to 1"));
                }
            }
        }
        let kinds: BTreeSet<&String> = self.numbers.values().flat_map(|arms| arms.values().flat_map(BTreeMap::keys)).collect();
        if let Some(kind) = kinds.iter().find(|kind| kind.as_str() != EMPTY && !self.forms.contains_key(kind.as_str())) {
            return Err(format!("there is no wording for `{kind}`"));
        }
        for form in self.forms.values().flat_map(|lists| lists.de.iter().chain(&lists.en)) {
            let mut rest = form.as_str();
            while let Some((start, end)) = slot(rest) {
                let name = &rest[start + 1..end];
                if !(self.words.contains_key(name) || self.context_words.contains_key(name) || self.second.contains_key(name)) {
                    return Err(format!("nothing fills the slot `{{{name}}}` of “{form}”"));
                }
                rest = &rest[end + 1..];
            }
        }
        self.check_texts()
    }

    /// Probabilities of every place sum to 1 and no text belongs to two kinds.
    fn check_texts(&self) -> Result<(), String> {
        let contexts: BTreeSet<&str> = self.context_words.values().flat_map(|words| words.keys().map(String::as_str)).collect();
        for (model, arms) in &self.numbers {
            for arm in arms.keys() {
                let own = [arm.as_str()].into_iter().filter(|_| self.arms == "context" || contexts.is_empty());
                let contexts = if self.arms == "context" { &BTreeSet::new() } else { &contexts };
                for context in own.chain(contexts.iter().copied()) {
                    for language in Language::ALL {
                        let place = Place { probe: self.probe.clone(), language, arm: arm.clone(), context: context.to_owned() };
                        let answers = self.answers(model, &place);
                        let sum: f64 = answers.iter().map(|answer| answer.probability).sum();
                        if (sum - 1.0).abs() > 1e-6 {
                            return Err(format!("the answers of {model} at {arm}, {context} sum to {sum}: a word is missing"));
                        }
                        let mut seen = BTreeSet::new();
                        if let Some(twice) = answers.iter().find(|answer| !seen.insert(&answer.text)) {
                            return Err(format!("“{}” can be said in two ways", twice.text));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Byte positions of the first `{` and its `}`.
fn slot(text: &str) -> Option<(usize, usize)> {
    let start = text.find('{')?;
    Some((start, start + text[start..].find('}')?))
}
