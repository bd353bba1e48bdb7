//! From single ratings to what counts: the majority among people, and among a judge's repeats and orders. In: the books and the judges' run. Out:
//! measurements of the scorers `people` and `judge:NAME`, and for each question who agrees with whom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::agreement::{self, Agreement};
use super::book::{self, Ratings};
use super::judge::{self, Judged};
use super::{Answer, Question, RateError, Said};
use crate::store::{Measurement, Value};

/// Scorer id of what most people said.
pub const PEOPLE: &str = "people";
/// Before a judge's name in its scorer id.
const JUDGE: &str = "judge:";
/// Scorer id of what most judges said, where there are several.
pub const JUDGES: &str = "judges";

/// Everything said about the answers of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rated {
    /// What counts, by answer.
    pub measurements: Vec<Measurement>,
    /// How far raters agree.
    pub agreement: Vec<Agreement>,
    /// (probe, attribute) -> who said something.
    pub summaries: BTreeMap<(String, String), Summary>,
}

/// Who said something about one attribute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Number of raters.
    pub people: u32,
    /// Krippendorff's alpha among them.
    pub alpha: Option<f64>,
    /// Names of the judges.
    pub judges: Vec<String>,
}

impl Summary {
    /// Scorer id of the judge, or of all together.
    pub fn judge(&self) -> Option<String> {
        match self.judges.as_slice() {
            [] => None,
            [one] => Some(format!("{JUDGE}{one}")),
            _ => Some(JUDGES.to_owned()),
        }
    }
}

impl Rated {
    /// Read what lies in the run `folder`. `questions` are all that could have been asked.
    ///
    /// # Errors
    /// Damaged books, and a judges' run that cannot be read.
    pub fn read(folder: &Path, questions: &[Question], answers: &[Answer<'_>]) -> Result<Self, RateError> {
        let (ratings, judged) = (book::read(folder)?, judge::read(folder, questions)?);
        let mut all = Self::default();
        for question in questions {
            let mut answers: Vec<&str> =
                answers.iter().filter(|(_, prompt, _)| prompt.probe == question.probe).map(|(request, ..)| request.id.as_str()).collect();
            answers.sort_unstable();
            let said = Voices::about(question, &answers, &ratings, &judged);
            all.add(question, &said);
        }
        Ok(all)
    }

    fn add(&mut self, question: &Question, said: &Voices<'_>) {
        let mut measure = |request: &str, scorer: String, value: Value| {
            self.measurements.push(Measurement {
                request: request.to_owned(),
                scorer,
                scorer_version: judge::VERSION,
                measure: question.attribute.clone(),
                value,
                evidence: Vec::new(),
            });
        };
        for (request, votes) in &said.people {
            measure(request, PEOPLE.to_owned(), reading(majority(votes.values().copied())));
        }
        let mut together: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
        for (name, answers) in &said.judges {
            for (request, judged) in answers {
                let most = majority(judged.iter().filter_map(|one| one.said.as_ref()));
                measure(request, format!("{JUDGE}{name}"), reading(most));
                together.entry(request).or_default().extend(most);
            }
        }
        if said.judges.len() > 1 {
            for (request, votes) in together {
                measure(request, JUDGES.to_owned(), reading(majority(votes.into_iter())));
            }
        }
        let rows = agreement::of(question, said);
        let people: BTreeSet<&&str> = said.people.values().flat_map(BTreeMap::keys).collect();
        let alpha = rows.iter().find(|row| row.who == agreement::Who::People).and_then(|row| row.alpha);
        if !people.is_empty() || !said.judges.is_empty() {
            let judges = said.judges.keys().map(|name| (*name).to_owned()).collect();
            let summary = Summary { people: u32::try_from(people.len()).unwrap_or(u32::MAX), alpha, judges };
            self.summaries.insert((question.probe.clone(), question.attribute.clone()), summary);
        }
        self.agreement.extend(rows);
    }
}

/// All that was said about one attribute of one probe.
pub(super) struct Voices<'a> {
    /// request -> rater -> what they said.
    pub people: BTreeMap<&'a str, BTreeMap<&'a str, &'a Said>>,
    /// judge -> request -> every time it was asked.
    pub judges: BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a Judged>>>,
}

impl<'a> Voices<'a> {
    /// `answers` are the probe's request ids, sorted.
    fn about(question: &Question, answers: &[&str], ratings: &'a Ratings, judged: &'a [Judged]) -> Self {
        let known = |request: &str| answers.binary_search(&request).is_ok();
        let mut people: BTreeMap<&str, BTreeMap<&str, &Said>> = BTreeMap::new();
        for (rater, book) in ratings {
            for rating in book.values().filter(|rating| rating.attribute == question.attribute && known(&rating.request)) {
                people.entry(&rating.request).or_default().insert(rater, &rating.said);
            }
        }
        let mut judges: BTreeMap<&str, BTreeMap<&str, Vec<&Judged>>> = BTreeMap::new();
        for one in judged.iter().filter(|one| one.attribute == question.attribute && known(&one.request)) {
            judges.entry(&one.judge).or_default().entry(&one.request).or_default().push(one);
        }
        Self { people, judges }
    }
}

/// What was said most often; none without a vote or with two in front.
pub(super) fn majority<'a>(votes: impl Iterator<Item = &'a Said>) -> Option<&'a Said> {
    let mut counts: BTreeMap<&Said, usize> = BTreeMap::new();
    votes.for_each(|vote| *counts.entry(vote).or_default() += 1);
    let most = counts.values().copied().max()?;
    let mut first = counts.into_iter().filter(|(_, count)| *count == most);
    let (said, _) = first.next()?;
    first.next().is_none().then_some(said)
}

fn reading(said: Option<&Said>) -> Value {
    match said {
        Some(Said::Value(value)) => Value::Category(value.clone()),
        Some(Said::CannotTell) => Value::Missing("cannot-tell".to_owned()),
        None => Value::Missing("no-majority".to_owned()),
    }
}
