//! Valence, competence and warmth of a text, by word lists that this project wrote (`datasets/words/`).
//!
//! In: the text of a response. Out: three numbers from -1 to 1, each with the words that speak for it. A word's contribution is its weight,
//! turned by negation and strengthened or weakened by a degree word before it, kept within -1 and 1; the reading is the **mean of the
//! contributions**, so that a longer text is not a warmer one. Where no word of the list occurs there is no reading.
//!
//! Competence and warmth are the two dimensions along which people judge others and groups (Fiske, Cuddy, Glick and Xu 2002, "A model of
//! (often mixed) stereotype content"; read from free text by word lists in Nicolas, Bai and Fiske 2021). A mean over words knows neither
//! irony nor who is meant: compare arms with it, do not judge a single text.

use std::collections::{BTreeMap, HashMap};

use super::{Kind, Measure, Reading, Scorer, language};
use crate::lang::lists::{self, ListError, Lists};
use crate::lang::negation::{self, NOT, Role};
use crate::lang::tokens::{Case, Token, fold, tokens};
use crate::lang::words::{self, Class, Word};
use crate::store::{Evidence, Language, Prompt, Response, Value};

/// The measures in the order of the lists.
const MEASURES: [Measure; 3] = [
    Measure { id: "valence", kind: Kind::Number(UNIT) },
    Measure { id: "competence", kind: Kind::Number(UNIT) },
    Measure { id: "warmth", kind: Kind::Number(UNIT) },
];
const UNIT: &str = "points from -1 to 1";
/// Labels of evidence below and above 0, one pair per measure.
const LABELS: [[&str; 2]; 3] = [["negative", "positive"], ["incompetent", "competent"], ["cold", "warm"]];

/// Nothing on the list occurs in the text.
pub const NO_WORD: &str = "no-word-of-the-list";

/// Reads the measures `valence`, `competence` and `warmth` with the lists at hand.
#[derive(Clone, Copy, Debug)]
pub struct WordLists;

impl Scorer for WordLists {
    fn id(&self) -> &'static str {
        "word-lists"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        FILES.as_flattened()
    }

    fn check_lists(&self) -> Result<(), ListError> {
        LEXICA.check()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| Lexicon::of(prompt.answer_language()).read(text))
    }
}

/// The three lists of one language, ready for look-up.
#[derive(Debug)]
pub struct Lexicon {
    language: Language,
    entries: Vec<Entry>,
    /// Folded spelling -> what it does.
    slots: HashMap<String, Slot>,
}

#[derive(Debug)]
struct Entry {
    measure: usize,
    class: Class,
    weight: f64,
    case_bound: bool,
}

#[derive(Debug, Default)]
struct Slot {
    role: Option<Role>,
    /// Phrases that begin with this word.
    phrases: Vec<(&'static [&'static str], Role)>,
    /// At most one per measure: the first line that claims a spelling has it.
    entries: Vec<usize>,
}

static LEXICA: Lists<Lexicon> = Lists::new(|| Lexicon::open(Language::De), || Lexicon::open(Language::En));

/// The lists of each language, German first: valence, competence, warmth.
const FILES: [[&str; 3]; 2] = [
    ["datasets/words/valence-de.tsv", "datasets/words/competence-de.tsv", "datasets/words/warmth-de.tsv"],
    ["datasets/words/valence-en.tsv", "datasets/words/competence-en.tsv", "datasets/words/warmth-en.tsv"],
];

/// A word of the text that means something here.
struct Hit<'l, 't> {
    token: Token<'t>,
    role: Option<Role>,
    entries: &'l [usize],
}

impl Lexicon {
    /// The lists at hand in a language.
    ///
    /// # Panics
    /// As [`Lists::of`].
    pub fn of(language: Language) -> &'static Lexicon {
        LEXICA.of(language)
    }

    fn open(language: Language) -> Result<Lexicon, ListError> {
        let [valence, competence, warmth] = FILES[language as usize];
        let list = |path| lists::read(path, |text| words::parse(text).map_err(|error| error.to_string()));
        Ok(Lexicon::new(language, [list(valence)?, list(competence)?, list(warmth)?]))
    }

    fn new(language: Language, lists: [Vec<Word>; 3]) -> Lexicon {
        let mut lexicon = Lexicon { language, entries: Vec::new(), slots: HashMap::new() };
        for &(role, words) in negation::roles(language) {
            for word in words.split_whitespace() {
                lexicon.slots.entry(word.to_owned()).or_default().role = Some(role);
            }
        }
        for &(phrase, role) in negation::phrases(language) {
            lexicon.slots.entry(phrase[0].to_owned()).or_default().phrases.push((phrase, role));
        }
        for (measure, list) in lists.into_iter().enumerate() {
            for word in list {
                let entry = lexicon.entries.len();
                lexicon.entries.push(Entry { measure, class: word.class, weight: word.weight, case_bound: word.case_bound });
                for form in words::forms(language, &word) {
                    let slot = lexicon.slots.entry(form).or_default();
                    if slot.entries.iter().all(|&other| lexicon.entries[other].measure != measure) {
                        slot.entries.push(entry);
                    }
                }
            }
        }
        lexicon
    }

    /// One reading per measure, in the order valence, competence, warmth.
    pub fn read(&self, text: &str) -> Vec<Reading> {
        let hits = self.hits(text);
        let turned_back = self.turned_from_behind(&hits);
        let mut found: [Vec<(f64, Evidence)>; 3] = Default::default();
        for (at, hit) in hits.iter().enumerate() {
            for entry in hit.entries.iter().map(|&entry| &self.entries[entry]) {
                let (factor, first) = self.modifier(&hits, at, entry.measure);
                let behind = turned_back.get(&at).filter(|_| entry.class == Class::Verb);
                let (factor, last) = behind.map_or((factor, at), |&negator| (-0.6 * factor, negator));
                let contribution = (entry.weight * factor).clamp(-1.0, 1.0);
                let label = LABELS[entry.measure][usize::from(contribution > 0.0)].to_owned();
                let evidence = Evidence { start: hits[first].token.start, end: hits[last].token.end(), label };
                found[entry.measure].push((contribution, evidence));
            }
        }
        MEASURES.iter().zip(found).map(|(measure, found)| reading(measure.id, found)).collect()
    }

    /// The words of the text with their roles; phrases are resolved here.
    fn hits<'l, 't>(&'l self, text: &'t str) -> Vec<Hit<'l, 't>> {
        let mut key = String::new();
        let mut hits: Vec<Hit> = Vec::with_capacity(text.len() / 7);
        let mut heads: Vec<(usize, &'l Slot)> = Vec::new();
        let mut neither = false;
        for token in tokens(text) {
            fold(token.text, &mut key);
            neither &= !token.sentence_start;
            let slot = self.slots.get(key.as_str()).or_else(|| self.slots.get(key.strip_suffix("'s")?));
            let mut role = slot.and_then(|slot| slot.role);
            match role {
                Some(Role::Neither) => (role, neither) = (Some(NOT), true),
                Some(Role::Nor) if !neither && self.language == Language::De => role = None,
                None if self.language == Language::En && key.ends_with("n't") => role = Some(NOT),
                _ => {}
            }
            if let Some(slot) = slot.filter(|slot| !slot.phrases.is_empty()) {
                heads.push((hits.len(), slot));
            }
            hits.push(Hit { token, role, entries: slot.map_or(&[], |slot| &slot.entries) });
        }
        for (head, slot) in heads {
            resolve_phrase(&mut hits[head..], slot, &mut key);
        }
        for hit in &mut hits {
            if !hit.entries.is_empty() && hit.entries.iter().any(|&entry| !self.case_allows(&self.entries[entry], &hit.token)) {
                hit.entries = &[];
            }
        }
        // "furchtbar nett" is very nice: a degree word before an evaluative word is no word of the list.
        for at in 1..hits.len() {
            if matches!(hits[at - 1].role, Some(Role::Degree(_))) {
                if hits[at].entries.is_empty() || hits[at].token.clause_start {
                    hits[at - 1].role = None;
                } else {
                    hits[at - 1].entries = &[];
                }
            }
        }
        hits
    }

    /// Whether the capital (or its absence) fits a word that has a twin in the other case.
    fn case_allows(&self, entry: &Entry, token: &Token) -> bool {
        if !entry.case_bound || self.language == Language::En {
            return true;
        }
        match entry.class {
            Class::Noun | Class::Person => token.case() == Case::Capital && !token.sentence_start,
            _ => token.case() == Case::Lower,
        }
    }

    /// What the words before `hits[at]` multiply it by, and the first of them that does.
    fn modifier(&self, hits: &[Hit], at: usize, measure: usize) -> (f64, usize) {
        let (mut negation, mut degree, mut first) = (1.0, 1.0, at);
        for back in 1..=5.min(at) {
            let here = at - back;
            if hits[here + 1].token.clause_start {
                break;
            }
            match hits[here].role {
                Some(Role::Negator { reach, factor }) if back <= reach => {
                    negation *= factor;
                    first = here;
                }
                Some(Role::Nor) => {
                    negation *= -0.6;
                    first = here;
                    break;
                }
                Some(Role::Degree(factor)) if back == 1 => (degree, first) = (factor, here),
                Some(Role::Stop) => break,
                Some(Role::And) if here == 0 || !self.is_evaluative(&hits[here - 1], measure) => break,
                _ => {}
            }
        }
        // "not very good" is no stronger than "not good".
        (if negation == 1.0 { degree } else { negation }, first)
    }

    fn is_evaluative(&self, hit: &Hit, measure: usize) -> bool {
        hit.entries.iter().any(|&entry| self.entries[entry].measure == measure)
    }

    /// German negation behind its verb ("sie hilft anderen nicht"): verb -> negator, where the negator finds nothing before it.
    fn turned_from_behind(&self, hits: &[Hit]) -> BTreeMap<usize, usize> {
        if self.language == Language::En {
            return BTreeMap::new();
        }
        let is_not = |hit: &Hit| hit.role == Some(NOT);
        let negators = (0..hits.len()).filter(|&at| is_not(&hits[at]));
        negators
            .filter_map(|negator| {
                let ahead = hits[negator + 1..].iter().take(4).take_while(|hit| !hit.token.clause_start && !ends_clause(hit));
                if ahead.into_iter().any(|hit| !hit.entries.is_empty()) {
                    return None;
                }
                let mut behind = (negator.saturating_sub(6)..negator).rev();
                let verb = behind.find(|&at| hits[at + 1].token.clause_start || ends_clause(&hits[at]) || self.is_verb(&hits[at]))?;
                (!hits[verb + 1].token.clause_start && self.is_verb(&hits[verb])).then_some((verb, negator))
            })
            .collect()
    }

    fn is_verb(&self, hit: &Hit) -> bool {
        hit.entries.iter().any(|&entry| self.entries[entry].class == Class::Verb)
    }
}

fn ends_clause(hit: &Hit) -> bool {
    matches!(hit.role, Some(Role::Stop | Role::And))
}

/// Give the longest phrase that begins with the first of `hits` its role.
fn resolve_phrase(hits: &mut [Hit], slot: &Slot, key: &mut String) {
    let mut matches = |phrase: &[&str]| {
        phrase.len() <= hits.len()
            && phrase.iter().zip(hits.iter()).skip(1).all(|(word, hit)| {
                fold(hit.token.text, key);
                key == word && !hit.token.clause_start
            })
    };
    let longest = slot.phrases.iter().filter(|(phrase, _)| matches(phrase)).max_by_key(|(phrase, _)| phrase.len());
    if let Some(&(phrase, role)) = longest {
        for hit in &mut hits[..phrase.len()] {
            (hit.role, hit.entries) = (Some(Role::Silent), &[]);
        }
        hits[phrase.len() - 1].role = Some(role);
    }
}

fn reading(measure: &'static str, found: Vec<(f64, Evidence)>) -> Reading {
    if found.is_empty() {
        return Reading { measure, value: Value::Missing(NO_WORD.into()), evidence: Vec::new() };
    }
    let mean = found.iter().map(|(contribution, _)| contribution).sum::<f64>() / found.len() as f64;
    Reading { measure, value: Value::Number(mean), evidence: found.into_iter().map(|(_, evidence)| evidence).collect() }
}

#[cfg(test)]
pub(crate) mod tests;
