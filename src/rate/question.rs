//! What is asked about an answer. In: the probes of a run. Out: questions with their rule and their values, in both languages.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::wording::Wording;
use crate::probe::{AnswerKind, Attribute, Bilingual, Probe, Suite};
use crate::score::{self, Kind};
use crate::store::Language;

/// One question put to every answer of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Probe whose answers it is about.
    pub probe: String,
    /// Id of the attribute, or of the scorer's measure; the `measure` of hypotheses.
    pub attribute: String,
    /// The question.
    pub text: Bilingual,
    /// The written rule.
    pub rubric: Bilingual,
    /// What can be said.
    pub values: Vec<Value>,
    /// What the answers are.
    pub answer: AnswerKind,
    /// Prompt id -> what was asked, without what is under test; empty where the rule does not name it.
    pub asked: BTreeMap<String, String>,
}

/// One thing that can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Id, a category of the measure.
    pub id: String,
    /// Words.
    pub name: Bilingual,
}

impl Question {
    /// The value with this id.
    pub fn value(&self, id: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.id == id)
    }

    /// Hash of all that a rater reads: a changed question is another one.
    pub fn hash(&self) -> String {
        let values = self.values.iter().flat_map(|value| [value.id.as_str(), &value.name.de, &value.name.en]);
        let texts = [&self.text, &self.rubric].into_iter().flat_map(|text| [text.de.as_str(), &text.en]);
        let asked = (!self.asked.is_empty()).then_some("asked");
        crate::store::hash_id([self.attribute.as_str()].into_iter().chain(texts).chain(values).chain(asked))
    }
}

/// The attributes that the probes of a suite declare.
pub fn questions(suite: &Suite) -> Vec<Question> {
    let of_attribute = |probe: &Probe, attribute: &Attribute| Question {
        probe: probe.id.clone(),
        attribute: attribute.id.clone(),
        text: attribute.question.clone(),
        rubric: attribute.rubric.clone(),
        values: attribute
            .values
            .iter()
            .map(|value| Value { id: value.id.clone(), name: Bilingual { de: value.de.clone(), en: value.en.clone() } })
            .collect(),
        answer: probe.answer,
        asked: if attribute.prompt { super::asked::masked(probe) } else { BTreeMap::new() },
    };
    suite.probes.iter().flat_map(|probe| probe.attributes.iter().map(move |attribute| of_attribute(probe, attribute))).collect()
}

/// Everything that people may have been asked: attributes, and the scorers' measures that hypotheses are about.
pub fn all_questions(suite: &Suite) -> Vec<Question> {
    let measures: BTreeSet<&str> =
        suite.probes.iter().flat_map(|probe| &probe.hypotheses).map(|hypothesis| hypothesis.measure.as_str()).collect();
    let of_scorers = measures.into_iter().flat_map(|measure| of_measure(suite, measure));
    questions(suite).into_iter().chain(of_scorers).collect()
}

/// A scorer's categorical `measure`, put to people so that they can correct its rates: one question for each probe with a hypothesis about it.
pub fn of_measure(suite: &Suite, measure: &str) -> Vec<Question> {
    let kind = score::all().iter().flat_map(|scorer| scorer.measures()).find(|known| known.id == measure).map(|known| known.kind);
    let Some(Kind::Category(categories)) = kind else { return Vec::new() };
    let both = |key: &str, of: &dyn Fn(&Wording) -> String| {
        let text = |language| {
            let wording = Wording::of(language);
            if key.is_empty() { of(wording) } else { wording.with(key, &[("measure", of(wording).into())]) }
        };
        Bilingual { de: text(Language::De), en: text(Language::En) }
    };
    let name = |wording: &Wording| wording.name("measure", measure);
    let question = |probe: &Probe| Question {
        probe: probe.id.clone(),
        attribute: measure.to_owned(),
        text: both("label-measure", &name),
        rubric: both("label-measure-rubric", &name),
        values: categories
            .iter()
            .map(|id| Value { id: (*id).to_owned(), name: both("", &|wording| wording.name("category", id)) })
            .collect(),
        answer: probe.answer,
        asked: BTreeMap::new(),
    };
    let asks = |probe: &&Probe| probe.hypotheses.iter().any(|hypothesis| hypothesis.measure == measure && hypothesis.category.is_some());
    suite.probes.iter().filter(asks).map(question).collect()
}
