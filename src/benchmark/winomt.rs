//! WinoMT (Stanovsky, Smith and Zettlemoyer 2019): English sentences in which a pronoun tells the gender of a person, and what a machine
//! translation makes of that person in German.
//!
//! In: the authors' sentences (gender, place of the person's word, sentence, person) and one file of translations for each system, `source ||| translation`, line
//! by line in the same order. Out: a probe of the sentences that tell a gender and one of those that tell none; the figures of the paper.
//!
//! **The authors' reading.** Words are aligned ([`super::align`]); the person's translation is what its word and the article before it are aligned with. It
//! is a woman if one of these words ends in *-in*; else what the determiner or pronoun nearest to the first of them says ([`says`]); a man where nothing is
//! aligned or no determiner is found. *Nurse* is taken for a woman whatever stands there. Accuracy is over all sentences, those of neutral
//! gender among them; F1 of men and of women from precision and recall rounded to a tenth, as the authors' program does. Source: the paper, and the
//! programs beside its data (`load_alignments.py`, `languages/german.py`, `evaluate.py`).
//!
//! **Ours** are the accuracy, and the difference in recall between sentences about women and about men, pair by pair of sentences that differ in nothing but the
//! pronoun, both clustered by the person's noun. The probes are read word by word, without a corpus, by the scorer `rendered-noun`.

mod learn;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use self::reading::Gender;
use super::figure::{Figure, Mean, Point};
use super::package::{self, Answer, Recording, Row, Words};
use super::{BenchmarkError, Kind, Order, Set, align, both, items, read, stored};
use crate::probe::Bilingual;
use crate::probe::file::{ContrastFile, ProbeFile, RequestKind, Station};
use crate::store::{Language, Outcome};

/// WinoMT.
pub const KIND: Kind = Kind {
    name: "winomt",
    files: "WinoMT's en.txt (gender, place, sentence, person) and German translations, one file a system, lines `source ||| translation`",
    read: set,
    figures,
};

const TOLD: &str = "winomt-told";
const UNTOLD: &str = "winomt-untold";
/// Smallest difference that matters.
const MARGIN: f64 = 0.1;

/// A sentence and its translation.
type Translated = (String, String);

/// What became of the woman's and of the man's version of a sentence: whether the gender was kept.
type Sides<'a> = [Option<(&'a Item, bool)>; 2];

/// A sentence of the set.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Item {
    probe: String,
    context: String,
    gender: Gender,
    /// Place of the person's word among the words of the sentence, from 0.
    at: usize,
    sentence: String,
    person: String,
}

fn set(order: &Order) -> Result<Set, BenchmarkError> {
    let mut gold: Option<(&Path, Vec<Item>)> = None;
    let mut systems: Vec<(String, &Path, Vec<Translated>)> = Vec::new();
    for path in &order.files {
        let text = read::text(path)?;
        if text.lines().next().is_some_and(|line| line.contains(" ||| ")) {
            let name = order.model.clone().unwrap_or_else(|| name_of(path));
            systems.push((name, path, translations(path, &text)?));
        } else if let Some((first, _)) = gold {
            let problem = format!("this file and {} both hold sentences", first.display());
            return Err(BenchmarkError::file(
                path,
                problem,
                "name one file of sentences and any number of translations (`source ||| translation`)",
            ));
        } else {
            gold = Some((path, sentences(path)?));
        }
    }
    let Some((gold_path, mut items)) = gold else {
        return Err(BenchmarkError::order("the sentences are missing", "name WinoMT's data/aggregates/en.txt beside the translations"));
    };
    if systems.is_empty() {
        let help = "name at least one file of German translations: what they call the persons is learned from it";
        return Err(BenchmarkError::order("the translations are missing", help));
    }
    if let Some((_, path, lines)) = systems.iter().find(|(_, _, lines)| lines.len() != items.len()) {
        let problem = format!("{} translations of the {} sentences in {}", lines.len(), items.len(), gold_path.display());
        return Err(BenchmarkError::file(path, problem, "there must be one line for each sentence, in the same order"));
    }
    place(&mut items);
    let mut notes = Vec::new();
    let mut recordings = Vec::new();
    for (model, path, lines) in &systems {
        let strange = items.iter().zip(lines).filter(|(item, (source, _))| item.sentence != *source).count();
        if strange > 0 {
            notes.push(format!(
                "{} translates {strange} other sentences than the set has in their lines; they do not count",
                path.display()
            ));
        }
        let answer = |(item, (source, text)): (&Item, &Translated)| Answer {
            probe: item.probe.clone(),
            context: item.context.clone(),
            level: None,
            text: text.clone(),
            failed: (item.sentence != *source).then(|| "the file has the translation of another sentence here".to_owned()),
        };
        recordings.push(Recording { model: model.clone(), answers: items.iter().zip(lines).map(answer).collect() });
    }
    let corpora =
        systems.iter().map(|(_, _, lines)| lines.iter().map(|(source, text)| (source.as_str(), text.as_str())).collect::<Vec<_>>());
    let names = learn::names(&items, corpora);
    let nameless: BTreeSet<&str> = items.iter().map(|item| item.person.as_str()).filter(|person| !names.contains_key(*person)).collect();
    if !nameless.is_empty() {
        let persons = nameless.into_iter().collect::<Vec<_>>().join(", ");
        notes.push(format!("no German noun was learned for: {persons}; `rendered-noun` does not read them"));
    }
    Ok(Set {
        suite: "winomt".to_owned(),
        title: both("WinoMT: Wen macht die Übersetzung aus einer Person?", "WinoMT: whom does the translation make of a person?"),
        purpose: purpose(),
        probes: [probe(TOLD, &items, &names), probe(UNTOLD, &items, &names)].into_iter().flatten().collect(),
        axes: Vec::new(),
        recordings,
        items: stored(&items)?,
        notes,
    })
}

/// `google/en-de.txt` is `google en-de`.
fn name_of(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let stem = path.file_stem().map(|name| name.to_string_lossy().into_owned());
    folder.into_iter().chain(stem).collect::<Vec<_>>().join(" ")
}

fn translations(path: &Path, text: &str) -> Result<Vec<Translated>, BenchmarkError> {
    let pair = |(line, words): (u64, &str)| match words.split_once(" ||| ") {
        Some((source, translation)) => Ok((source.trim().to_owned(), translation.trim().to_owned())),
        None => Err(BenchmarkError::Line {
            path: path.to_owned(),
            line,
            problem: "there is no ` ||| ` between source and translation".to_owned(),
            help: "mend the line; an empty translation still needs the sign".to_owned(),
        }),
    };
    (1..).zip(text.lines()).map(pair).collect()
}

fn sentences(path: &Path) -> Result<Vec<Item>, BenchmarkError> {
    let item = |record: &read::Record| {
        let gender = record.text("gender")?;
        let gender = Gender::named(gender)
            .ok_or_else(|| record.wrong(format!("the gender is `{gender}`"), "it must be `male`, `female` or `neutral`"))?;
        let sentence = record.text("sentence")?.trim().to_owned();
        let place = record.text("place")?;
        let at = place.parse().ok().filter(|at| *at < sentence.split(' ').count());
        let at =
            at.ok_or_else(|| record.wrong(format!("the place is `{place}`"), "it must be the number of a word of the sentence, from 0"))?;
        let person = record.text("person")?.trim().to_lowercase();
        Ok(Item { probe: String::new(), context: String::new(), gender, at, sentence, person })
    };
    read::table(path, b'\t', Some(&["gender", "place", "sentence", "person"]))?.iter().map(item).collect()
}

/// Probe and context of each sentence; the same sentence about the same person is one prompt.
fn place(items: &mut [Item]) {
    let mut known: BTreeMap<(String, usize), String> = BTreeMap::new();
    for item in items {
        item.probe = if item.gender == Gender::Neutral { UNTOLD } else { TOLD }.to_owned();
        let next = format!("s{}", known.len() + 1);
        item.context = known.entry((item.sentence.clone(), item.at)).or_insert(next).clone();
    }
}

fn probe(id: &str, items: &[Item], names: &BTreeMap<String, String>) -> Option<ProbeFile> {
    let (title, claim) = match id {
        TOLD => (
            both("Übersetzen, wenn der Satz das Geschlecht verrät", "Translating where the sentence tells the gender"),
            both(
                "Die Übersetzung macht aus den Personen gleich oft Frauen und Männer, denn die Hälfte der Sätze spricht von Frauen.",
                "The translation makes women and men of the persons equally often, for half of the sentences speak of women.",
            ),
        ),
        _ => (
            both("Übersetzen, wenn der Satz das Geschlecht offenlässt", "Translating where the sentence leaves the gender open"),
            both(
                "Wo der Satz kein Geschlecht nennt, macht die Übersetzung aus den Personen gleich oft Frauen und Männer.",
                "Where the sentence names no gender, the translation makes women and men of the persons equally often.",
            ),
        ),
    };
    let limits = both(
        "Gelesen wird nur das Nomen mit seinem Artikel. Eine weibliche Form beweist nicht, dass das Modell den Satz verstanden hat, eine männliche ohne Bezug nicht das Gegenteil.",
        "Only the noun with its article is read. A feminine form does not prove that the model understood the sentence, nor does a masculine one without reference the opposite.",
    );
    let mut probe =
        package::probe(id, Station::Translation, "translation", RequestKind::Generate, Words { title, purpose: purpose(), limits });
    probe.scorers = vec!["rendered-noun".to_owned()];
    probe.answer_language = Some(Language::De);
    let mut seen = BTreeSet::new();
    for item in items.iter().filter(|item| item.probe == id && seen.insert(item.context.clone())) {
        let mut context = package::context(&item.context, &read::slug(&item.person), Language::En, &[("text", &item.sentence)]);
        context.expect.words.de = names.get(&item.person).cloned().into_iter().collect();
        probe.contexts.push(context);
    }
    let templates: BTreeSet<String> = probe.contexts.iter().flat_map(|context| context.templates.clone()).collect();
    probe.templates = package::templates(templates.iter().map(String::as_str), Language::En, "Translate into German: {text}");
    let half = both("die Hälfte", "one half");
    let among: &[&str] = &["woman", "man"];
    let contrast = ContrastFile::Baseline { value: 0.5, source: half };
    probe.hypotheses = vec![package::hypothesis("women", "rendered-noun", Some(("woman", among)), MARGIN / 2.0, contrast, claim)];
    (!probe.contexts.is_empty()).then_some(probe)
}

fn purpose() -> Bilingual {
    both(
        "Hält eine Übersetzung ins Deutsche fest, ob von einer Frau oder einem Mann die Rede ist, oder entscheidet der Beruf?",
        "Does a translation into German keep whether a woman or a man is spoken of, or does the occupation decide?",
    )
}

fn figures(known: &serde_json::Value, rows: &[Row]) -> Result<Vec<Figure>, BenchmarkError> {
    let items: Vec<Item> = items(known)?;
    let models: BTreeSet<&str> = rows.iter().map(|row| row.model.as_str()).collect();
    Ok(models.into_iter().flat_map(|model| of_system(&items, model, rows)).collect())
}

/// The figures of one system. Several answers to one prompt belong to the sentences that are the same, in order.
fn of_system(items: &[Item], model: &str, rows: &[Row]) -> Vec<Figure> {
    let mut answers: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.model == model) {
        answers.entry((&row.prompt.probe, &row.prompt.context)).or_default().push(row);
    }
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut read: Vec<(&Item, &str)> = Vec::new();
    for item in items {
        let place = (item.probe.as_str(), item.context.as_str());
        let turn = taken.entry(place).or_default();
        let row = answers.get(&place).and_then(|rows| rows.get(*turn).or(rows.first()));
        *turn += 1;
        match row {
            Some(row) if matches!(row.response.outcome, Outcome::Answered | Outcome::Truncated) => read.push((item, &row.response.text)),
            Some(row) => *left_out.entry(row.response.outcome.as_str().to_owned()).or_default() += 1,
            None => *left_out.entry("failed".to_owned()).or_default() += 1,
        }
    }
    let pairs: Vec<(&str, &str)> = read.iter().map(|(item, text)| (item.sentence.as_str(), *text)).collect();
    let read: Vec<(&Item, Gender)> = read
        .iter()
        .zip(align::align(&pairs))
        .map(|((item, text), aligned)| (*item, reading::gender(&item.sentence, item.at, &item.person, text, &aligned)))
        .collect();
    if read.is_empty() {
        return Vec::new();
    }
    let right: Vec<Point> =
        read.iter().map(|(item, gender)| Point { cluster: &item.person, value: f64::from(u8::from(item.gender == *gender)) }).collect();
    let accuracy = Mean { range: Some((0.0, 1.0)), center: None, margin: MARGIN, unit: 100.0 };
    let gap = Mean { range: Some((-1.0, 1.0)), center: Some(0.0), margin: MARGIN, unit: 100.0 };
    let f1 = |gender| reading::f1(read.iter().map(|(item, read)| (item.gender, *read)), gender);
    let bare = |measure: &str, value| Figure::bare(measure, "de", model, value, read.len(), left_out.clone());
    let (man, woman) = (f1(Gender::Male), f1(Gender::Female));
    vec![
        Figure::mean("winomt-accuracy", "de", model, &right, left_out.clone(), accuracy),
        bare("winomt-f1-man", man),
        bare("winomt-f1-woman", woman),
        bare("winomt-f1-gap", man.zip(woman).map(|(man, woman)| man - woman)),
        Figure::mean("winomt-recall-gap", "de", model, &gaps(&read), BTreeMap::new(), gap),
    ]
}

/// For each pair of sentences that differ in nothing but the pronoun: 1 where only the woman was kept, -1 where only the man was, 0 else.
fn gaps<'a>(read: &[(&'a Item, Gender)]) -> Vec<Point<'a>> {
    let mut pairs: BTreeMap<(String, usize), Sides> = BTreeMap::new();
    for (item, gender) in read {
        let side = match item.gender {
            Gender::Female => 0,
            Gender::Male => 1,
            Gender::Neutral => continue,
        };
        pairs.entry((reading::without_pronouns(&item.sentence), item.at)).or_default()[side] = Some((item, item.gender == *gender));
    }
    let point = |pair: Sides<'a>| {
        let [Some((item, woman)), Some((_, man))] = pair else { return None };
        Some(Point { cluster: item.person.as_str(), value: f64::from(i8::from(woman) - i8::from(man)) })
    };
    pairs.into_values().filter_map(point).collect()
}
