//! One question of BBQ or GG-BBQ as its file has it, and which of its answers the stereotype is about.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::benchmark::read::{self, Record};
use crate::benchmark::{BenchmarkError, Order};

/// Whether the text says who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It does not.
    Ambiguous,
    /// It does.
    Disambiguated,
}

/// What an answer is with respect to the stereotype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Biased,
    Counter,
    Unknown,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Biased => "biased",
            Side::Counter => "counter",
            Side::Unknown => "unknown",
        }
    }
}

/// A question with its three answers.
pub struct Question {
    /// Category as the file calls it.
    pub part: String,
    /// The template.
    pub question_id: String,
    pub condition: Condition,
    negative: bool,
    context: String,
    question: String,
    pub options: [String; 3],
    /// What the files say about the group of each answer; `unknown` for the answer that settles on nobody.
    groups: [String; 3],
    /// Groups that the stereotype is about.
    stereotyped: Vec<String>,
    /// The answer that the stereotype is about, where the authors' metadata say it.
    target: Option<usize>,
    /// The right answer.
    pub label: usize,
    /// Model -> its answer.
    pub answers: Vec<(String, String)>,
}

/// What the files hold.
pub struct Read {
    pub records: Vec<Question>,
}

impl Question {
    /// The prompt in the form in which the authors put it (BBQ's ARC format).
    pub fn text(&self) -> String {
        let [a, b, c] = &self.options;
        format!("{} {}\n(a) {a} (b) {b} (c) {c}", self.context.trim(), self.question.trim())
    }

    /// What each answer is; None where the record does not tell whom the stereotype is about.
    pub fn sides(&self) -> Option<[Side; 3]> {
        let target = self.target.or_else(|| self.told())?;
        let side = |at: usize| match (self.groups[at] == UNKNOWN, at == target) {
            (true, _) => Side::Unknown,
            (false, same) if same == self.negative => Side::Biased,
            _ => Side::Counter,
        };
        let sides = [side(0), side(1), side(2)];
        let one_each = [Side::Biased, Side::Counter, Side::Unknown].iter().all(|side| sides.contains(side));
        one_each.then_some(sides)
    }

    /// The one answer whose group, or else whose words, are among the stereotyped groups.
    fn told(&self) -> Option<usize> {
        let stereotyped: Vec<String> = self.stereotyped.iter().map(|group| normal(group)).collect();
        let persons = || (0..3).filter(|&at| self.groups[at] != UNKNOWN);
        let one = |fits: &dyn Fn(usize) -> bool| {
            let mut fitting = persons().filter(|&at| fits(at));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        one(&|at| stereotyped.contains(&normal(&self.groups[at])))
            .or_else(|| one(&|at| self.stereotyped.iter().any(|group| words(&self.options[at]).contains(&words(group)))))
    }
}

/// The words of a text in small letters, each between blanks.
fn words(text: &str) -> String {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    format!(" {} ", words.join(" "))
}

const UNKNOWN: &str = "unknown";

/// The many names of a group in one form, as the authors' own analysis joins them: `F-Black` is `black`, `girl` is `f`, `low SES` is `lowses`.
fn normal(group: &str) -> String {
    let lower = group.to_lowercase();
    let bare = lower.strip_prefix("m-").or_else(|| lower.strip_prefix("f-")).unwrap_or(&lower);
    match bare {
        "man" | "men" | "boy" | "boys" | "male" => "m".to_owned(),
        "woman" | "women" | "girl" | "girls" | "female" => "f".to_owned(),
        // GG-BBQ's word for the persons whom its stereotypes call trans.
        "non_binary" => "trans".to_owned(),
        other if other.starts_with("trans") => "trans".to_owned(),
        other => other.chars().filter(|c| c.is_alphanumeric()).collect(),
    }
}

/// Keys of a record of BBQ; every other text is a model's prediction.
const BBQ: [&str; 12] = [
    "example_id",
    "question_index",
    "question_polarity",
    "context_condition",
    "category",
    "answer_info",
    "additional_metadata",
    "context",
    "question",
    "ans0",
    "ans1",
    "ans2",
];

/// Records of BBQ; a file that ends in `.csv` is the authors' metadata.
pub fn bbq(order: &Order) -> Result<Read, BenchmarkError> {
    let is_metadata = |path: &Path| path.extension().is_some_and(|ending| ending == "csv");
    let mut targets: BTreeMap<(String, String), Option<usize>> = BTreeMap::new();
    for path in order.files.iter().filter(|path| is_metadata(path)) {
        for record in read::table(path, b',', None)? {
            let target = record.text("target_loc")?.parse().ok().filter(|target| *target < 3);
            targets.insert((read::slug(record.text("category")?), record.text("example_id")?.to_owned()), target);
        }
    }
    let mut records = Vec::new();
    for path in order.files.iter().filter(|path| !is_metadata(path)) {
        for record in read::jsonl(path)? {
            let part = record.text("category")?.trim().to_owned();
            let groups = ["0", "1", "2"].map(|at| record.at(&format!("/answer_info/ans{at}/1")).and_then(|value| word(&record, value)));
            let stereotyped = match record.at("/additional_metadata/stereotyped_groups")? {
                Value::Array(groups) => groups.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                _ => return Err(record.wrong("`stereotyped_groups` is no list", "name a file of BBQ as its authors published it")),
            };
            let target = targets.get(&(read::slug(&part), record.plain("example_id")?)).copied().flatten();
            records.push(Question {
                question_id: format!("q{}", read::slug(&record.plain("question_index")?)),
                condition: one_of(
                    &record,
                    "context_condition",
                    &[("ambig", Condition::Ambiguous), ("disambig", Condition::Disambiguated)],
                )?,
                negative: one_of(&record, "question_polarity", &[("neg", true), ("nonneg", false)])?,
                context: record.text("context")?.to_owned(),
                question: record.text("question")?.to_owned(),
                options: texts(&record, ["ans0", "ans1", "ans2"])?,
                groups: listed(groups)?,
                stereotyped,
                target,
                label: label(&record)?,
                answers: answers(order, &record, &BBQ)?,
                part,
            });
        }
    }
    checked(order, records)
}

/// Keys of a record of GG-BBQ; every other text is a model's prediction.
const GG_BBQ: [&str; 11] = [
    "context",
    "question",
    "choice_0",
    "choice_1",
    "choice_2",
    "question_type",
    "context_type",
    "known_stereotyped_groups",
    "relevant_social_values",
    "choice_info",
    "index",
];

/// Records of GG-BBQ. Questions that are put to the same text belong to one template, for the files do not number them.
pub fn gg_bbq(order: &Order) -> Result<Read, BenchmarkError> {
    static INFO: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| Regex::new(r#"(\d): \[(?:'[^']*'|"[^"]*"), '([^']*)'\]"#));
    let info = INFO.as_ref().map_err(|error| BenchmarkError::order(error.to_string(), "please report this"))?;
    let mut records = Vec::new();
    for path in &order.files {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
        let part: Vec<&str> = stem.split(['_', '-']).filter(|word| !["amb", "disamb", "test", "bbq", "de"].contains(word)).collect();
        let part = if part.is_empty() { "terms".to_owned() } else { part.join("-") };
        for record in read::jsonl(path)? {
            let mut groups = [const { String::new() }; 3];
            for found in info.captures_iter(record.text("choice_info")?) {
                if let Some(group) = found[1].parse::<usize>().ok().and_then(|at| groups.get_mut(at)) {
                    *group = found[2].to_owned();
                }
            }
            if groups.iter().any(String::is_empty) {
                return Err(record
                    .wrong("`choice_info` does not tell the group of each answer", "name a file of GG-BBQ as its authors published it"));
            }
            let stereotyped = record.text("known_stereotyped_groups")?;
            let stereotyped = serde_json::from_str(stereotyped)
                .map_err(|error| record.wrong(format!("`known_stereotyped_groups` is no list: {error}"), "mend the line"))?;
            let conditions = [("ambiguous_context", Condition::Ambiguous), ("disambiguous_context", Condition::Disambiguated)];
            records.push(Question {
                question_id: String::new(),
                condition: one_of(&record, "context_type", &conditions)?,
                negative: one_of(&record, "question_type", &[("negative", true), ("non_negative", false)])?,
                context: record.text("context")?.to_owned(),
                question: record.text("question")?.to_owned(),
                options: texts(&record, ["choice_0", "choice_1", "choice_2"])?,
                groups,
                stereotyped,
                target: None,
                label: label(&record)?,
                answers: answers(order, &record, &GG_BBQ)?,
                part: part.clone(),
            });
        }
    }
    number_questions(&mut records);
    checked(order, records)
}

/// Questions that share a text are one template, and so are those that share a text with these.
fn number_questions(records: &mut [Question]) {
    let mut group_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut by_context: BTreeMap<&str, usize> = BTreeMap::new();
    let mut joined: Vec<usize> = Vec::new();
    let root = |joined: &[usize], mut at: usize| {
        while joined[at] != at {
            at = joined[at];
        }
        at
    };
    for record in records.iter() {
        let question = *group_of.entry(record.question.clone()).or_insert_with(|| {
            joined.push(joined.len());
            joined.len() - 1
        });
        let context = *by_context.entry(&record.context).or_insert(question);
        let (a, b) = (root(&joined, question), root(&joined, context));
        joined[a.max(b)] = a.min(b);
    }
    for record in records.iter_mut() {
        record.question_id = format!("q{}", root(&joined, group_of[&record.question]) + 1);
    }
}

fn word(record: &Record, value: &Value) -> Result<String, BenchmarkError> {
    value.as_str().map(str::to_owned).ok_or_else(|| record.wrong("the group of an answer is no text", "mend the line"))
}

fn listed(groups: [Result<String, BenchmarkError>; 3]) -> Result<[String; 3], BenchmarkError> {
    let [a, b, c] = groups;
    Ok([a?, b?, c?])
}

fn texts(record: &Record, keys: [&str; 3]) -> Result<[String; 3], BenchmarkError> {
    listed(keys.map(|key| record.text(key).map(str::to_owned)))
}

fn one_of<T: Copy>(record: &Record, key: &str, known: &[(&str, T)]) -> Result<T, BenchmarkError> {
    let text = record.text(key)?;
    known.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words = known.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
        record.wrong(format!("`{key}` is `{text}`"), format!("it must be {words}"))
    })
}

fn label(record: &Record) -> Result<usize, BenchmarkError> {
    let label = record.plain("label")?;
    label.parse().ok().filter(|label| *label < 3).ok_or_else(|| record.wrong(format!("`label` is `{label}`"), "it must be 0, 1 or 2"))
}

/// The predictions: the columns asked for, or every text that is no part of the set.
fn answers(order: &Order, record: &Record, own: &[&str]) -> Result<Vec<(String, String)>, BenchmarkError> {
    if !order.columns.is_empty() {
        return order.columns.iter().map(|column| Ok((column.clone(), record.text(column)?.to_owned()))).collect();
    }
    let others = record.cells().iter().filter(|(key, _)| !own.contains(&key.as_str()));
    Ok(others.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect())
}

fn checked(order: &Order, records: Vec<Question>) -> Result<Read, BenchmarkError> {
    if records.is_empty() {
        let files = order.files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(BenchmarkError::order(format!("there is no question in {files}"), "name at least one .jsonl file"));
    }
    Ok(Read { records })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(groups: [&str; 3], stereotyped: &[&str], negative: bool) -> Question {
        Question {
            part: "p".into(),
            question_id: "q1".into(),
            condition: Condition::Ambiguous,
            negative,
            context: "Two people left.".into(),
            question: "Who was late?".into(),
            options: ["The first".into(), "The second".into(), "Not known".into()],
            groups: groups.map(str::to_owned),
            stereotyped: stereotyped.iter().map(|group| (*group).to_owned()).collect(),
            target: None,
            label: 2,
            answers: Vec::new(),
        }
    }

    #[test]
    fn the_target_of_a_negative_question_and_the_other_person_of_a_non_negative_one_follow_the_stereotype() {
        use Side::{Biased, Counter, Unknown};
        let of = |negative| question(["old", "nonOld", "unknown"], &["old"], negative).sides();
        assert_eq!((of(true), of(false)), (Some([Biased, Counter, Unknown]), Some([Counter, Biased, Unknown])));
    }

    #[test]
    fn groups_are_one_under_all_their_names() {
        for (groups, stereotyped) in [
            (["F-Black", "F-White", "unknown"], "Black"),
            (["girl", "boy", "unknown"], "F"),
            (["lowSES", "highSES", "unknown"], "low SES"),
            (["trans_F", "nonTrans_F", "unknown"], "transgender women"),
        ] {
            assert_eq!(question(groups, &[stereotyped], true).told(), Some(0), "{stereotyped}");
        }
        assert_eq!(question(["a", "b", "unknown"], &["c"], true).sides(), None);
        assert_eq!(question(["a", "a", "unknown"], &["a"], true).sides(), None, "both are of the group");
        let told = Question { target: Some(1), ..question(["a", "b", "unknown"], &["c"], true) };
        assert_eq!(told.sides(), Some([Side::Counter, Side::Biased, Side::Unknown]), "the authors' metadata say it");
    }
}
