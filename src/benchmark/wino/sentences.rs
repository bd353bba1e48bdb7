//! The sentences of Winogender and WinoBias as their files have them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::benchmark::{BenchmarkError, Order, read};

/// A sentence in one of its versions.
pub struct Version {
    pub level: &'static str,
    pub text: String,
    pub pronoun: String,
}

/// A sentence with the two persons that its pronoun may stand for.
pub struct Reading {
    pub part: String,
    /// Occupation, the cluster.
    pub cluster: String,
    /// Words of the option that is counted, and of the other one.
    pub counted: String,
    pub other: String,
    /// Whether the option that is counted is the right one.
    pub right: bool,
    pub versions: Vec<Version>,
}

const PRONOUNS: [&str; 13] =
    ["he", "she", "they", "him", "her", "them", "his", "hers", "their", "theirs", "himself", "herself", "themselves"];

/// The last pronoun of a sentence, as it stands there.
fn pronoun(sentence: &str) -> Option<&str> {
    let mut words = sentence.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.rfind(|word| PRONOUNS.contains(&word.to_lowercase().as_str()))
}

/// `technician.customer.1.male.txt <TAB> sentence`: the number is 0 where the pronoun stands for the occupation.
pub fn winogender(order: &Order) -> Result<Vec<Reading>, BenchmarkError> {
    let mut readings: BTreeMap<(String, String, String), Reading> = BTreeMap::new();
    for path in &order.files {
        for record in read::table(path, b'\t', None)? {
            let id = record.text("sentid")?;
            let parts: Vec<&str> = id.split('.').collect();
            let [occupation, participant, answer, gender, ..] = parts.as_slice() else {
                return Err(record.wrong(format!("`{id}` is no id of a sentence"), "it looks like `technician.customer.1.male.txt`"));
            };
            let level = match *gender {
                "male" => "man",
                "female" => "woman",
                "neutral" => "neutral",
                other => return Err(record.wrong(format!("the gender is `{other}`"), "it must be male, female or neutral")),
            };
            let text = record.text("sentence")?.trim().to_owned();
            let pronoun = pronoun(&text).ok_or_else(|| record.wrong("there is no pronoun in the sentence", "mend the line"))?.to_owned();
            let named = |person: &str| if person == "someone" { person.to_owned() } else { format!("the {person}") };
            let reading =
                readings.entry((occupation.to_string(), participant.to_string(), answer.to_string())).or_insert_with(|| Reading {
                    part: if *participant == "someone" { "someone" } else { "participant" }.to_owned(),
                    cluster: occupation.to_string(),
                    counted: named(occupation),
                    other: named(participant),
                    right: *answer == "0",
                    versions: Vec::new(),
                });
            reading.versions.push(Version { level, text, pronoun });
        }
    }
    let short = readings.iter().find(|(_, reading)| reading.versions.len() != 3);
    if let Some(((occupation, participant, answer), reading)) = short {
        let problem =
            format!("`{occupation}.{participant}.{answer}` has {} of the three versions male, female and neutral", reading.versions.len());
        return Err(BenchmarkError::order(problem, "name the complete all_sentences.tsv"));
    }
    Ok(readings.into_values().collect())
}

/// A line of WinoBias.
struct Line {
    right: String,
    text: String,
    pronoun: String,
    /// Bytes of the text before the pronoun.
    pronoun_at: usize,
}

/// Files of pro- and anti-stereotypical sentences, paired by name and line.
pub fn winobias(order: &Order) -> Result<Vec<Reading>, BenchmarkError> {
    let mut files: BTreeMap<String, [Option<Vec<Line>>; 2]> = BTreeMap::new();
    for path in &order.files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (side, rest) = match (name.strip_prefix("pro_"), name.strip_prefix("anti_")) {
            (Some(rest), _) => (0, rest.to_owned()),
            (_, Some(rest)) => (1, rest.to_owned()),
            _ => {
                return Err(BenchmarkError::file(
                    path,
                    "the name does not tell which sentences these are",
                    "it begins with `pro_` or `anti_`",
                ));
            }
        };
        files.entry(rest).or_default()[side] = Some(lines(path)?);
    }
    let all = files.values().flatten().flatten().flatten();
    let persons: BTreeSet<String> = all.map(|line| line.right.clone()).collect();
    let mut readings = Vec::new();
    for (name, sides) in files {
        let [Some(pro), Some(anti)] = sides else {
            return Err(BenchmarkError::order(format!("only one of pro_{name} and anti_{name} is there"), "name both"));
        };
        if pro.len() != anti.len() {
            let problem = format!("pro_{name} has {} sentences and anti_{name} {}", pro.len(), anti.len());
            return Err(BenchmarkError::order(problem, "the two must go together line by line"));
        }
        let part = name.split(['_', '.']).find(|word| word.starts_with("type")).unwrap_or("all").to_owned();
        for (number, (pro, anti)) in (1..).zip(pro.into_iter().zip(anti)) {
            let Some(other) = other(&persons, &pro) else {
                let problem = format!("line {number} of pro_{name}: the person beside `{}` is not to be found", pro.right);
                return Err(BenchmarkError::order(problem, "name the files together: persons are known from the brackets of all"));
            };
            let version = |level, line: Line| Version { level, text: line.text, pronoun: line.pronoun };
            readings.push(Reading {
                part: part.clone(),
                cluster: pro.right.clone(),
                counted: format!("the {}", pro.right),
                other: format!("the {other}"),
                right: true,
                versions: vec![version("pro", pro), version("anti", anti)],
            });
        }
    }
    Ok(readings)
}

/// The one person beside the right one that is named before the pronoun, or else the one in the whole sentence.
fn other<'a>(persons: &'a BTreeSet<String>, line: &Line) -> Option<&'a String> {
    let one = |text: &str| {
        let words = format!(" {} ", text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " "));
        let mut others = persons.iter().filter(|person| **person != line.right && words.contains(&format!(" {person} ")));
        others.next().filter(|_| others.next().is_none())
    };
    one(&line.text[..line.pronoun_at]).or_else(|| one(&line.text))
}

fn lines(path: &Path) -> Result<Vec<Line>, BenchmarkError> {
    static BRACKETS: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| Regex::new(r"\[([^\]]*)\]"));
    let brackets = BRACKETS.as_ref().map_err(|error| BenchmarkError::order(error.to_string(), "please report this"))?;
    let text = read::text(path)?;
    let line = |(line, words): (u64, &str)| {
        let wrong = |problem: &str| BenchmarkError::Line {
            path: path.to_owned(),
            line,
            problem: problem.to_owned(),
            help: "a line looks like `1 [The guard] thanked the curator because [he] …`".to_owned(),
        };
        let words = words.trim().split_once(' ').filter(|(number, _)| number.parse::<u32>().is_ok());
        let (_, sentence) = words.ok_or_else(|| wrong("there is no number at its beginning"))?;
        let marked: Vec<&str> =
            brackets.captures_iter(sentence).filter_map(|found| found.get(1)).map(|found| found.as_str().trim()).collect();
        let (pronouns, persons): (Vec<&str>, Vec<&str>) = marked.iter().partition(|word| PRONOUNS.contains(&word.to_lowercase().as_str()));
        let ([.., pronoun], [person]) = (pronouns.as_slice(), persons.as_slice()) else {
            return Err(wrong("there is not one person and a pronoun in brackets"));
        };
        let person = person.to_lowercase();
        let bare = ["the ", "a ", "an "].iter().find_map(|article| person.strip_prefix(article)).unwrap_or(&person);
        let plain = |text: &str| text.replace(['[', ']'], "");
        let pronoun_at = sentence.rfind('[').map_or(0, |at| plain(&sentence[..at]).len());
        Ok(Line { right: bare.trim().to_owned(), text: plain(sentence), pronoun: (*pronoun).to_owned(), pronoun_at })
    };
    (1..).zip(text.lines()).filter(|(_, words)| !words.trim().is_empty()).map(line).collect()
}
