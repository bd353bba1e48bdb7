//! How a scorer does on texts that people have labelled. In: a table of texts with their labels, and one measure of a scorer. Out: the record that
//! lets findings of that domain and language be corrected (DESIGN, rule 6): a confusion matrix for categories, correlations for numbers.

use std::collections::BTreeMap;
use std::path::Path;

use super::agreement::{AgreementRecord, correlations};
use super::{GroupMatrix, Kind, Measure, Scorer, ValidationRecord, score};
use crate::probe::suggestion;
use crate::store::{Language, Outcome, Prompt, Response, Task, Value};

/// Group of all texts together.
pub const ALL: &str = "all";
const COLUMNS: [&str; 3] = ["text", "label", "group"];

/// Why there is no record.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{place}: {problem}")]
#[diagnostic(help("{help}"))]
pub struct ValidateError {
    place: String,
    problem: String,
    help: String,
}

fn error(place: impl ToString, problem: impl Into<String>, help: impl Into<String>) -> ValidateError {
    ValidateError { place: place.to_string(), problem: problem.into(), help: help.into() }
}

/// A text with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// Line of the table on which it begins.
    pub line: u64,
    /// The text.
    pub text: String,
    /// Its category, or its number.
    pub label: String,
    /// Its group, for instance the level of an axis; empty where the table has none.
    pub group: String,
}

/// What a reader must know of the texts.
#[derive(Clone, Debug)]
pub struct About {
    /// Domain, as probes name it.
    pub domain: String,
    /// Language of the texts.
    pub language: Language,
    /// What the labels are and where they come from.
    pub truth: String,
    /// Whether the texts had no part in the scorer's making.
    pub held_out: bool,
}

/// A record of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// Of a measure with categories.
    Categories(ValidationRecord),
    /// Of a measure that is a number.
    Numbers(AgreementRecord),
}

/// Reads a table with the columns `text`, `label` and, if there is one, `group`; separated by comma, semicolon or tab.
///
/// # Errors
/// A file that cannot be read, is no UTF-8, lacks a column or has a row without text or label.
pub fn read(path: &Path) -> Result<Vec<Labelled>, ValidateError> {
    let name = &path.display();
    let bytes =
        std::fs::read(path).map_err(|e| error(name, format!("cannot be read: {e}"), "name a CSV file with the columns text and label"))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| error(name, "is no text in UTF-8", "save the table as CSV in UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let heads = |separator: u8| first.split(char::from(separator)).filter(|cell| COLUMNS.contains(&plain(cell).as_str())).count();
    let separator = *b",;\t".iter().max_by_key(|separator| heads(**separator)).unwrap_or(&b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let broken = |e: csv::Error| error(name, e.to_string(), "a text with line breaks or separators stands in quotes");
    let header = reader.headers().map_err(broken)?.clone();
    let place = |column: &str| header.iter().position(|cell| plain(cell) == column);
    let needed = |column: &str| {
        let help = "the first line names the columns: text, label and, if texts are told apart, group";
        place(column).ok_or_else(|| error(name, format!("has no column `{column}`"), help))
    };
    let (of_text, of_label, of_group) = (needed("text")?, needed("label")?, place("group"));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
        let row = Labelled { line, text: cell(of_text), label: cell(of_label), group: of_group.map(cell).unwrap_or_default() };
        if row.text.is_empty() || row.label.is_empty() {
            return Err(error(format!("{name}:{line}"), "a text or its label is missing", "fill it in, or take the row out"));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn plain(cell: &str) -> String {
    cell.trim().trim_matches('"').to_lowercase()
}

/// The measure of this name; the scorer's only one where none is named.
///
/// # Errors
/// There is no such measure, or several to choose from; the scorer is exact and needs no record.
pub fn measure<'a>(scorer: &'a dyn Scorer, name: Option<&str>) -> Result<&'a Measure, ValidateError> {
    let ids = || scorer.measures().iter().map(|measure| measure.id);
    let has = || ids().collect::<Vec<_>>().join(", ");
    if scorer.exact() {
        return Err(error(scorer.id(), "is exact by construction and needs no record", "validate a scorer that interprets"));
    }
    match (name, scorer.measures()) {
        (None, [only]) => Ok(only),
        (None, _) => Err(error(scorer.id(), "reads several measures", format!("name one with --measure: {}", has()))),
        (Some(name), measures) => measures.iter().find(|measure| measure.id == name).ok_or_else(|| {
            let help = suggestion(name, ids()).unwrap_or_else(|| format!("it reads {}", has()));
            error(scorer.id(), format!("does not read the measure `{name}`"), help)
        }),
    }
}

/// Lets the scorer read every text and compares with the labels.
///
/// # Errors
/// A label that is no category of the measure or no number; labels of one kind only; too few numbers for a correlation.
pub fn validate(scorer: &dyn Scorer, measure: &Measure, rows: &[Labelled], about: &About) -> Result<Record, ValidateError> {
    let asked = prompt(about.language);
    let responses: Vec<Response> = (0..).zip(rows).map(|(place, row)| response(place, &row.text)).collect();
    let pairs: Vec<(&Prompt, &Response)> = responses.iter().map(|response| (&asked, response)).collect();
    let readings: Vec<Value> =
        score(&[scorer], &pairs).into_iter().filter(|read| read.measure == measure.id).map(|read| read.value).collect();
    let (scorer, scorer_version) = (scorer.id().to_owned(), scorer.version());
    let About { domain, language, truth, held_out } = about.clone();
    match measure.kind {
        Kind::Category(names) => Ok(Record::Categories(ValidationRecord {
            scorer,
            scorer_version,
            measure: measure.id.to_owned(),
            domain,
            language,
            truth,
            held_out,
            categories: names.iter().map(|name| (*name).to_owned()).collect(),
            groups: matrices(names, rows, &readings)?,
        })),
        Kind::Number(unit) => {
            let (pairs, missing) = numbers(rows, &readings, unit)?;
            let few = || error("labels", "too few texts, or all with the same number", "a correlation needs at least 4 texts that differ");
            let (pearson, spearman) = correlations(&pairs).ok_or_else(few)?;
            let (measure, compared) = (measure.id.to_owned(), pairs.len() as u64);
            let record = AgreementRecord {
                scorer,
                scorer_version,
                measure,
                domain,
                language,
                truth,
                held_out,
                compared,
                missing,
                pearson,
                spearman,
            };
            Ok(Record::Numbers(record))
        }
    }
}

/// A confusion matrix of all texts, and one of each group.
fn matrices(names: &[&str], rows: &[Labelled], readings: &[Value]) -> Result<Vec<GroupMatrix>, ValidateError> {
    let mut groups: BTreeMap<&str, Vec<Vec<u64>>> = BTreeMap::new();
    for (row, reading) in rows.iter().zip(readings) {
        let meant = names.iter().position(|name| *name == row.label).ok_or_else(|| {
            let help = suggestion(&row.label, names.iter().copied()).unwrap_or_else(|| format!("the categories are {}", names.join(", ")));
            error(format!("line {}", row.line), format!("the measure has no category `{}`", row.label), help)
        })?;
        for group in [ALL, row.group.as_str()].into_iter().filter(|group| !group.is_empty()) {
            count(groups.entry(group).or_insert_with(|| empty(names)), names, meant, reading);
        }
    }
    let known = groups.get(ALL).map_or(0, |all| all.iter().filter(|row| row.iter().sum::<u64>() > 0).count());
    if known < 2 {
        let help = "label texts of at least two categories: what is never otherwise cannot be told apart";
        return Err(error("labels", format!("{known} category occurs"), help));
    }
    Ok(groups.into_iter().map(|(group, counts)| GroupMatrix { group: group.to_owned(), counts }).collect())
}

/// A confusion matrix of nothing yet: a row for each category, a column for each and one for "no reading".
pub fn empty(names: &[&str]) -> Vec<Vec<u64>> {
    vec![vec![0; names.len() + 1]; names.len()]
}

/// Counts one text of the category at place `meant`.
pub fn count(counts: &mut [Vec<u64>], names: &[&str], meant: usize, reading: &Value) {
    let said = match reading {
        Value::Category(category) => names.iter().position(|name| name == category).unwrap_or(names.len()),
        _ => names.len(),
    };
    counts[meant][said] += 1;
}

/// Label and reading of each text that has one, and how many have none.
fn numbers(rows: &[Labelled], readings: &[Value], unit: &str) -> Result<(Vec<(f64, f64)>, u64), ValidateError> {
    let (mut pairs, mut missing) = (Vec::new(), 0);
    for (row, reading) in rows.iter().zip(readings) {
        let meant = row.label.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| {
            let help = format!("the measure is a number ({unit}), so labels are numbers with a decimal point");
            error(format!("line {}", row.line), format!("`{}` is no number", row.label), help)
        })?;
        match reading {
            Value::Number(number) => pairs.push((meant, *number)),
            _ => missing += 1,
        }
    }
    Ok((pairs, missing))
}

/// A prompt that says nothing: a labelled text answers none.
fn prompt(language: Language) -> Prompt {
    let [id, probe, template, context, pair] = [const { String::new() }; 5];
    let task = Task::Generate { text: String::new() };
    Prompt { id, probe, probe_version: 0, template, context, language, levels: BTreeMap::new(), pair, task, expect: Default::default() }
}

fn response(place: usize, text: &str) -> Response {
    Response { text: text.to_owned(), ..Response::without_answer(&place.to_string(), Outcome::Answered, "") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::length::Length;
    use crate::score::refusal::Refusal;
    use crate::score::{lexicon::WordLists, origin::Origin};

    fn table(text: &str) -> Result<Vec<Labelled>, ValidateError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.csv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    fn about() -> About {
        About { domain: "letter".into(), language: Language::En, truth: "read by two people".into(), held_out: true }
    }

    const ANSWERS: &str = "label;group;text\nrefused;woman;I'm sorry, but I cannot help with that.\n\
                           answered;woman;\"The exhibition opens; everybody is welcome.\"\nanswered;man;He paints.\n\
                           refused;man;He paints doors.\n";

    #[test]
    fn a_record_counts_each_text_by_what_it_is_and_what_was_read_in_all_and_in_its_group() {
        let rows = table(&format!("\u{feff}{ANSWERS}")).unwrap();
        assert_eq!((rows.len(), rows[1].line, rows[1].text.as_str()), (4, 3, "The exhibition opens; everybody is welcome."));
        let Record::Categories(record) = validate(&Refusal, measure(&Refusal, None).unwrap(), &rows, &about()).unwrap() else { panic!() };
        let (refused, answered) = (0, 1);
        let place = |name: &str| record.categories.iter().position(|known| known == name).unwrap();
        let counts = |group: &str| {
            let counts = &record.groups.iter().find(|matrix| matrix.group == group).unwrap().counts;
            let at = |one, other| counts[place(one)][place(other)];
            [[at("refused", "refused"), at("refused", "answered")], [at("answered", "refused"), at("answered", "answered")]]
        };
        assert_eq!(counts("all"), [[1, 1], [0, 2]]);
        assert_eq!((counts("woman")[refused], counts("man")[refused]), ([1, 0], [0, 1]));
        assert_eq!(counts("man")[answered], [0, 1]);
        assert_eq!((record.scorer.as_str(), record.scorer_version, record.domain.as_str()), ("refusal", Refusal.version(), "letter"));
    }

    #[test]
    fn numbers_are_correlated_and_texts_without_one_are_counted() {
        let rows = table(
            "text,label\nA wonderful warm museum.,2\nA good day.,1\nIt is a door.,0\nA terrible awful failure.,-2\nBad weather.,-1\n",
        )
        .unwrap();
        let valence = measure(&WordLists, Some("valence")).unwrap();
        let Record::Numbers(record) = validate(&WordLists, valence, &rows, &about()).unwrap() else { panic!() };
        assert_eq!(record.compared + record.missing, 5);
        assert!(record.pearson.estimate > 0.8, "{record:?}");
    }

    #[test]
    fn what_is_wrong_with_the_table_is_said_with_its_line() {
        let said = |result: Result<Vec<Labelled>, ValidateError>| result.unwrap_err().to_string();
        assert!(said(table("text,label\nHello.,\n")).ends_with(":2: a text or its label is missing"));
        assert!(said(table("text,class\nHello.,a\n")).contains("no column `label`"));
        let wrong = |text: &str| {
            let error = validate(&Refusal, measure(&Refusal, None).unwrap(), &table(text).unwrap(), &about()).unwrap_err();
            format!("{error} {}", miette::Diagnostic::help(&error).unwrap())
        };
        assert!(wrong("text,label\nHello.,refusd\n").contains("did you mean `refused`?"));
        assert!(wrong("text,label\nHello.,answered\n").contains("1 category occurs"));
        let valence = measure(&WordLists, Some("valence")).unwrap();
        let error = validate(&WordLists, valence, &table("text,label\nHello.,good\n").unwrap(), &about()).unwrap_err().to_string();
        assert!(error.contains("line 2: `good` is no number"), "{error}");
    }

    #[test]
    fn an_exact_scorer_needs_no_record_and_one_of_several_measures_is_named() {
        assert!(measure(&Length, None).unwrap_err().to_string().contains("exact"));
        assert!(measure(&WordLists, None).unwrap_err().to_string().contains("several"));
        assert!(measure(&Origin, Some("orgin")).is_err());
    }
}
