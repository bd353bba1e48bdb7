//! BEC-Pro (Bartl, Nissim and Gatt 2020): sentences on persons and their professions, in English or German, for women and for men.
//!
//! In: the authors' table. Out: probes by the share of women in the professions (as the table groups them) that ask for the log-likelihood of each sentence;
//! how much more a woman's sentence is favoured than a man's in professions of women or men than in balanced ones.
//!
//! The authors' association of person and profession is `log P(person | sentence) - log P(person | profession masked)` in a masked model. A causal model has
//! no mask; here the balanced professions take its place: with `d(s)` the log-likelihood of the sentence on a woman minus that of the same sentence on a man, the figure
//! is the mean over sentences of `d(s) - mean d` of the balanced professions in the same wording with the same person words, in nats. The words for persons cancel, and so
//! do their frequencies. A positive value means that women are favoured in these professions. Clusters are the professions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figure::{Figure, Mean, Point};
use super::package::{self, Row, Words};
use super::{BenchmarkError, Kind, Order, Set, both, items, log_likelihood, models, pairs, read, stored};
use crate::probe::file::{AxisUse, ContrastFile, Fill, ProbeFile, RequestKind, Sentence, Station};
use crate::store::Language;

/// BEC-Pro.
pub const KIND: Kind = Kind { name: "bec-pro", files: "BEC-Pro_EN.tsv or BEC-Pro_DE.tsv", read: set, figures };

const AXIS: &str = "bec-pro";
const LEVELS: [&str; 2] = ["woman", "man"];
const BALANCED: &str = "balanced";

/// A sentence on a woman and the same on a man.
#[derive(Debug, Serialize, Deserialize)]
struct Item {
    probe: String,
    context: String,
    profession: String,
    /// `female`, `male` or `balanced`.
    group: String,
    /// Wording and persons: what is equal between professions.
    frame: String,
}

/// A sentence of one gender.
struct Half {
    sentence: String,
    person: String,
}

fn set(order: &Order) -> Result<Set, BenchmarkError> {
    let [path] = order.files.as_slice() else {
        return Err(BenchmarkError::order("one table is needed", "import German and English into folders of their own"));
    };
    let records = read::table(path, b'\t', None)?;
    let language = if records[0].cells().contains_key("Profession_EN") { Language::De } else { Language::En };
    let mut halves: BTreeMap<(String, String, String), [Vec<Half>; 2]> = BTreeMap::new();
    for record in &records {
        let side = match record.text("Gender")? {
            "female" => 0,
            "male" => 1,
            other => return Err(record.wrong(format!("`Gender` is `{other}`"), "it must be `female` or `male`")),
        };
        let group = record.text("Prof_Gender")?.to_owned();
        if !["female", "male", BALANCED].contains(&group.as_str()) {
            return Err(record.wrong(format!("`Prof_Gender` is `{group}`"), "it must be `female`, `male` or `balanced`"));
        }
        let profession = record.text(if language == Language::De { "Profession_EN" } else { "Profession" })?.to_owned();
        // In German the article follows the person.
        let wording = record.text("Template")?.replace(", die <", ", der <");
        let half = Half { sentence: record.text("Sentence")?.to_owned(), person: record.text("Person")?.to_owned() };
        halves.entry((group, profession, wording)).or_default()[side].push(half);
    }
    let mut axis = package::axis(
        AXIS,
        both("Person", "person"),
        both("Derselbe Satz über eine Frau oder einen Mann.", "The same sentence about a woman or a man."),
        &[("woman", both("Frau", "woman")), ("man", both("Mann", "man"))],
        language,
    );
    let mut probes: BTreeMap<String, ProbeFile> = BTreeMap::new();
    let mut items = Vec::new();
    for ((group, profession, wording), [women, men]) in halves {
        if women.len() != men.len() {
            let problem = format!("`{profession}` in `{wording}` has {} sentences on women and {} on men", women.len(), men.len());
            return Err(BenchmarkError::file(path, problem, "each sentence on a woman needs its counterpart: name the complete table"));
        }
        let probe = format!("bec-pro-{}-{group}", language.code());
        for (woman, man) in women.into_iter().zip(men) {
            let context = format!("s{}", items.len() + 1);
            let frame = format!("{wording} {} {}", woman.person, man.person);
            let text = [("woman".to_owned(), woman.sentence), ("man".to_owned(), man.sentence)].into();
            axis.sentences.push(Sentence { id: context.clone(), text });
            let mut asked = package::context(&context, &read::slug(&profession), language, &[]);
            asked.fill.insert("sentence".to_owned(), Fill { sentence: Some(context.clone()), ..Fill::default() });
            probes.entry(probe.clone()).or_insert_with(|| draft(&probe, &group)).contexts.push(asked);
            items.push(Item { probe: probe.clone(), context, profession: profession.clone(), group: group.clone(), frame });
        }
    }
    for probe in probes.values_mut() {
        let ids: Vec<String> = probe.contexts.iter().flat_map(|context| context.templates.clone()).collect();
        probe.templates = package::templates(ids.iter().map(String::as_str), language, &format!("{{{AXIS}.sentence}}"));
    }
    Ok(Set {
        suite: format!("bec-pro-{}", language.code()),
        title: both("BEC-Pro: Wem traut ein Modell einen Beruf zu?", "BEC-Pro: whom does a model expect in a profession?"),
        purpose: purpose(),
        probes: probes.into_values().collect(),
        axes: vec![axis],
        recordings: Vec::new(),
        items: stored(&items)?,
        notes: vec![
            "the authors' measure needs a masked model; for a causal one balanced professions take the place of the mask".to_owned(),
        ],
    })
}

fn draft(id: &str, group: &str) -> ProbeFile {
    let (de, en) = match group {
        "female" => ("Berufe, in denen vor allem Frauen arbeiten", "professions in which mostly women work"),
        "male" => ("Berufe, in denen vor allem Männer arbeiten", "professions in which mostly men work"),
        _ => ("Berufe, in denen Frauen und Männer arbeiten", "professions in which women and men work"),
    };
    let limits = both(
        "Wörter wie „Frau“ und „Mann“ sind verschieden häufig; erst der Vergleich der Berufsgruppen sagt etwas. Die Gruppen folgen der Statistik der USA.",
        "Words such as “woman” and “man” differ in frequency; only the comparison of groups of professions says something. The groups follow statistics of the United States.",
    );
    let words = Words { title: both(&format!("BEC-Pro: {de}"), &format!("BEC-Pro: {en}")), purpose: purpose(), limits };
    let mut probe = package::probe(id, Station::Text, "sentence-pairs", RequestKind::LogLikelihood, words);
    probe.scorers = vec!["likelihood".to_owned()];
    probe.axes = vec![AxisUse { axis: AXIS.to_owned(), levels: LEVELS.map(str::to_owned).to_vec(), group: None }];
    let [level, reference] = LEVELS.map(str::to_owned);
    let contrast = ContrastFile::Level { axis: AXIS.to_owned(), level, reference: Some(reference) };
    let claim = both(
        &format!("Das Modell findet Sätze über Frauen so wahrscheinlich wie dieselben über Männer: {de}."),
        &format!("The model finds sentences about women as likely as the same about men: {en}."),
    );
    probe.hypotheses = vec![package::hypothesis("likelihood", "log-likelihood", None, 0.1, contrast, claim)];
    probe
}

fn purpose() -> crate::probe::Bilingual {
    both(
        "Findet ein Modell Sätze über Frauen in Frauenberufen und über Männer in Männerberufen wahrscheinlicher als umgekehrt?",
        "Does a model find sentences about women in women's professions and about men in men's more likely than the other way round?",
    )
}

fn figures(known: &serde_json::Value, rows: &[Row]) -> Result<Vec<Figure>, BenchmarkError> {
    let items: Vec<Item> = items(known)?;
    let mut figures = Vec::new();
    for model in models(rows) {
        let pairs = pairs(rows, model);
        let mut left_out: BTreeMap<(&str, String), usize> = BTreeMap::new();
        let mut differences: Vec<(&Item, f64)> = Vec::new();
        for item in &items {
            let levels = pairs.get(&(item.probe.as_str(), item.context.as_str()));
            let of = |level: &str| {
                let row = levels.and_then(|levels| levels.get(level));
                row.map_or_else(|| Err("failed".to_owned()), |row| log_likelihood(row))
            };
            match (of(LEVELS[0]), of(LEVELS[1])) {
                (Ok(woman), Ok(man)) => differences.push((item, woman - man)),
                (Err(reason), _) | (_, Err(reason)) => *left_out.entry((&item.group, reason)).or_default() += 1,
            }
        }
        let mut balanced: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
        for (item, difference) in differences.iter().filter(|(item, _)| item.group == BALANCED) {
            let (sum, count) = balanced.entry(&item.frame).or_default();
            (*sum, *count) = (*sum + difference, *count + 1);
        }
        for group in ["female", "male"] {
            let point = |(item, difference): &(&'_ Item, f64)| {
                let (sum, count) = balanced.get(item.frame.as_str())?;
                Some((item.profession.clone(), difference - sum / *count as f64))
            };
            let values: Vec<(String, f64)> = differences.iter().filter(|(item, _)| item.group == group).filter_map(point).collect();
            let points: Vec<Point> = values.iter().map(|(cluster, value)| Point { cluster, value: *value }).collect();
            let missing =
                left_out.iter().filter(|((of, _), _)| *of == group).map(|((_, reason), count)| (reason.clone(), *count)).collect();
            let of = Mean { range: None, center: Some(0.0), margin: 0.1, unit: 1.0 };
            figures.push(Figure::mean("bec-pro-effect", group, model, &points, missing, of));
        }
    }
    Ok(figures)
}
