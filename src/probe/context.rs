//! What contexts are called in reports: the words they put into prompts.
//!
//! In: the contexts of a probe file with its axes and the occupations. Out: context -> words.

use std::collections::BTreeMap;

use super::Bilingual;
use super::expand::Axis;
use super::file::{Fill, Occupation, ProbeFile};
use crate::lang::{english, german};
use crate::store::Language;

/// The words of each context, its slots in order with commas between them. Where a language has none, those of the other stand in.
pub(crate) fn names(file: &ProbeFile, axes: &[Axis], occupations: &BTreeMap<String, Occupation>) -> BTreeMap<String, Bilingual> {
    let words = |fills: &BTreeMap<String, Fill>, language| -> Option<String> {
        let said: Vec<String> = fills.values().filter_map(|fill| said(fill, axes, occupations, language)).collect();
        (!said.is_empty()).then(|| said.join(", "))
    };
    let named = file.contexts.iter().map(|context| {
        let [de, en] = Language::ALL.map(|language| words(&context.fill, language));
        let either = de.clone().or_else(|| en.clone()).unwrap_or_else(|| context.id.clone());
        (context.id.clone(), Bilingual { de: de.unwrap_or_else(|| either.clone()), en: en.unwrap_or(either) })
    });
    named.collect()
}

/// What a filler says: its text; its noun without article, in German in the gender-fair form; its sentence in the first level of the language.
fn said(fill: &Fill, axes: &[Axis], occupations: &BTreeMap<String, Occupation>, language: Language) -> Option<String> {
    if let Some(entry) = &fill.entry {
        return occupations.get(entry).map(|occupation| noun(occupation, language));
    }
    if let Some(id) = &fill.sentence {
        let sentence = |axis: &Axis| {
            let meant = axis.file.sentences.iter().find(|sentence| sentence.id == *id)?;
            axis.levels_in(language).find_map(|level| meant.text.get(&level.id).cloned())
        };
        return axes.iter().find_map(sentence);
    }
    match language {
        Language::De => fill.de.clone(),
        Language::En => fill.en.clone(),
    }
}

fn noun(occupation: &Occupation, language: Language) -> String {
    match language {
        Language::De => {
            let (article, case) = (german::Article::Bare, german::Case::Nominative);
            german::phrase(&occupation.de, &german::Form { article, case, plural: false, person: german::PersonForm::Fair, adjective: "" })
        }
        Language::En => {
            let article = english::Article::Bare;
            english::phrase(&occupation.en, &english::Form { article, plural: false, possessive: false, adjective: "" })
        }
    }
}
