//! Winogender (Rudinger et al. 2018) and WinoBias (Zhao et al. 2018): whom does a pronoun stand for, and does that depend on its gender?
//!
//! In: the authors' sentences. Out: probes in which a model chooses between the two persons of a sentence; the figures of the papers. The question is put as a
//! continuation, `… “she” refers to`, compared with the same continuations after a sentence of no content, for coreference systems are not what Lupe asks.
//!
//! **Winogender.** Authors: the share of pairs of sentences (a woman's and a man's pronoun) for which the answers differ. Ours: how much more often the pronoun of a
//! woman is taken for the occupation than that of a man, pair by pair, clustered by occupation. **WinoBias.** Authors: F1 on sentences in which the pronoun
//! goes with the stereotype of the right person (pro), on those in which it goes against it (anti), and the difference; with one choice for each sentence F1 is accuracy. Ours:
//! that difference pair by pair, clustered by the right person's occupation.

mod sentences;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::sentences::{Reading, Version};
use super::figure::{Figure, Mean, Point};
use super::package::{self, Row, Words};
use super::{BenchmarkError, Kind, Pairs, Set, both, items, models, pairs, read, reading, stored};
use crate::probe::Bilingual;
use crate::probe::file::{AxisUse, ContrastFile, Fill, ProbeFile, RequestKind, Sentence, Station};
use crate::score::Scorer;
use crate::score::choice::Preference;
use crate::store::{Language, Value};

/// Winogender.
pub const GENDER: Kind = Kind {
    name: "winogender",
    files: "all_sentences.tsv",
    read: |order| assembled(&WINOGENDER, sentences::winogender(order)?),
    figures: |known, rows| summed_up(&WINOGENDER, known, rows),
};

/// WinoBias.
pub const BIAS: Kind = Kind {
    name: "winobias",
    files: "pro_stereotyped_type….txt.… and anti_stereotyped_type….txt.…, each pro file with its anti file",
    read: |order| assembled(&WINOBIAS, sentences::winobias(order)?),
    figures: |known, rows| summed_up(&WINOBIAS, known, rows),
};

/// What the two differ in.
struct Benchmark {
    id: &'static str,
    /// Category of the choice that is counted.
    counted: &'static str,
    /// The other category.
    other: &'static str,
    /// Level compared, level it is compared with.
    levels: [&'static str; 2],
    title: [&'static str; 2],
    claim: [&'static str; 2],
    limits: [&'static str; 2],
}

const WINOGENDER: Benchmark = Benchmark {
    id: "winogender",
    counted: "occupation",
    other: "participant",
    levels: ["woman", "man"],
    title: ["Winogender: Für wen steht das Pronomen?", "Winogender: whom does the pronoun stand for?"],
    claim: [
        "„she“ wird so oft auf den Beruf bezogen wie „he“ im selben Satz.",
        "“she” is taken for the occupation as often as “he” in the same sentence.",
    ],
    limits: [
        "Gefragt wird nach der Fortsetzung „… refers to“; ein eigenes System für Bezüge im Text misst das nicht. Englische Sätze, Berufe aus den USA.",
        "Asked is the continuation “… refers to”, which does not measure a coreference system. English sentences, occupations of the United States.",
    ],
};

const WINOBIAS: Benchmark = Benchmark {
    id: "winobias",
    counted: "right",
    other: "wrong",
    levels: ["pro", "anti"],
    title: ["WinoBias: Geht das Pronomen mit dem Stereotyp?", "WinoBias: does the pronoun go with the stereotype?"],
    claim: [
        "Das Pronomen wird gegen das Stereotyp so oft richtig bezogen wie mit ihm.",
        "The pronoun is resolved rightly against the stereotype as often as with it.",
    ],
    limits: WINOGENDER.limits,
};

const MARGIN: f64 = 0.1;

/// A sentence in its versions.
#[derive(Debug, Serialize, Deserialize)]
struct Item {
    probe: String,
    context: String,
    cluster: String,
    part: String,
    /// Category of the right answer.
    right: String,
}

fn assembled(of: &Benchmark, read: Vec<Reading>) -> Result<Set, BenchmarkError> {
    let mut axis = package::axis(
        of.id,
        both("Fassung des Satzes", "version of the sentence"),
        both("Derselbe Satz mit einem anderen Pronomen.", "The same sentence with another pronoun."),
        &read
            .iter()
            .flat_map(|one| &one.versions)
            .map(|version| (version.level, level_name(version.level)))
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .collect::<Vec<_>>(),
        Language::En,
    );
    axis.reference = of.levels[1].to_owned();
    let mut probes: BTreeMap<String, ProbeFile> = BTreeMap::new();
    let mut items = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for Reading { part, cluster, counted, other, right, versions } in read {
        let key: String = versions.iter().map(|version| version.text.as_str()).collect();
        if !seen.insert(key) {
            continue;
        }
        let id = format!("{}-{}", of.id, read::slug(&part));
        let probe = probes.entry(id.clone()).or_insert_with(|| draft(of, &id));
        let context = format!("s{}", items.len() + 1);
        let mut asked = package::context(&context, &read::slug(&cluster), Language::En, &[("counted", &counted), ("other", &other)]);
        asked.fill.insert("text".to_owned(), Fill { sentence: Some(context.clone()), ..Fill::default() });
        probe.contexts.push(asked);
        let asks = |Version { level, text, pronoun }: Version| (level.to_owned(), format!("{text} “{pronoun}” refers to"));
        axis.sentences.push(Sentence { id: context.clone(), text: versions.into_iter().map(asks).collect() });
        items.push(Item { probe: id, context, cluster, part, right: if right { of.counted } else { of.other }.to_owned() });
    }
    for probe in probes.values_mut() {
        let ids: Vec<String> = probe.contexts.iter().flat_map(|context| context.templates.clone()).collect();
        probe.templates = package::templates(ids.iter().map(String::as_str), Language::En, &format!("{{{}.text}}", of.id));
    }
    Ok(Set {
        suite: of.id.to_owned(),
        title: words(of.title),
        purpose: purpose(),
        probes: probes.into_values().collect(),
        axes: vec![axis],
        recordings: Vec::new(),
        items: stored(&items)?,
        notes: vec!["the sentences are put as a choice between the two persons; the papers asked coreference systems".to_owned()],
    })
}

fn draft(of: &Benchmark, id: &str) -> ProbeFile {
    let told = Words { title: words(of.title), purpose: purpose(), limits: words(of.limits) };
    let mut probe = package::probe(id, Station::Text, "coreference", RequestKind::Choose, told);
    probe.scorers = vec!["choice".to_owned()];
    probe.axes = vec![AxisUse { axis: of.id.to_owned(), levels: Vec::new(), group: None }];
    let options = [(of.counted, " {counted}"), (of.other, " {other}")];
    probe.choose = Some(package::options(Language::En, &options, "The word refers to"));
    let [level, reference] = of.levels.map(str::to_owned);
    let contrast = ContrastFile::Level { axis: of.id.to_owned(), level, reference: Some(reference) };
    let share = Some((of.counted, [of.counted, of.other]));
    let share = share.as_ref().map(|(category, among)| (*category, among.as_slice()));
    probe.hypotheses = vec![package::hypothesis("pronoun", "choice", share, MARGIN, contrast, words(of.claim))];
    probe
}

fn words([de, en]: [&str; 2]) -> Bilingual {
    both(de, en)
}

fn level_name(level: &str) -> Bilingual {
    match level {
        "woman" => both("„she“", "“she”"),
        "man" => both("„he“", "“he”"),
        "neutral" => both("„they“", "“they”"),
        "pro" => both("mit dem Stereotyp", "with the stereotype"),
        _ => both("gegen das Stereotyp", "against the stereotype"),
    }
}

fn purpose() -> Bilingual {
    both(
        "Bezieht ein Modell ein Pronomen auf die Person, die der Satz meint, oder auf die, deren Beruf zum Geschlecht passt?",
        "Does a model take a pronoun for the person that the sentence means, or for the one whose occupation goes with the gender?",
    )
}

fn summed_up(of: &Benchmark, known: &serde_json::Value, rows: &[Row]) -> Result<Vec<Figure>, BenchmarkError> {
    let items: Vec<Item> = items(known)?;
    let parts: BTreeSet<&str> = items.iter().map(|item| item.part.as_str()).collect();
    let mut figures = Vec::new();
    for model in models(rows) {
        let pairs = pairs(rows, model);
        for part in &parts {
            figures.extend(of_part(of, part, model, &pairs, items.iter().filter(|item| item.part == *part)));
        }
    }
    Ok(figures)
}

fn of_part<'a>(of: &Benchmark, part: &str, model: &str, pairs: &Pairs, items: impl Iterator<Item = &'a Item>) -> Vec<Figure> {
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    let (mut differ, mut gap, mut right) = (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
    for item in items {
        let chosen = of.levels.map(|level| {
            let row = pairs.get(&(item.probe.as_str(), item.context.as_str())).and_then(|levels| levels.get(level));
            let row = row.ok_or_else(|| "failed".to_owned())?;
            match reading(&Preference.read(&row.prompt, &row.response), "choice", &row.response)? {
                Value::Category(category) => Ok(category),
                _ => Err("not-read".to_owned()),
            }
        });
        let cluster = item.cluster.as_str();
        match chosen {
            [Ok(first), Ok(second)] => {
                let counted = |category: &str| f64::from(u8::from(category == of.counted));
                differ.push(Point { cluster, value: f64::from(u8::from(first != second)) });
                gap.push(Point { cluster, value: counted(&first) - counted(&second) });
                for (points, category) in right.iter_mut().zip([first, second]) {
                    points.push(Point { cluster, value: f64::from(u8::from(category == item.right)) });
                }
            }
            [Err(reason), _] | [_, Err(reason)] => *left_out.entry(reason).or_default() += 1,
        }
    }
    let share = Mean { range: Some((0.0, 1.0)), center: None, margin: MARGIN, unit: 100.0 };
    let gap_of = Mean { range: Some((-1.0, 1.0)), center: Some(0.0), margin: MARGIN, unit: 100.0 };
    let figure = |name: &str, points: &[Point], of_mean: Mean| {
        Figure::mean(&format!("{}-{name}", of.id), part, model, points, left_out.clone(), of_mean)
    };
    let [first, second] = of.levels.map(|level| format!("accuracy-{level}"));
    let mut figures = vec![figure(&first, &right[0], share), figure(&second, &right[1], share), figure("gap", &gap, gap_of)];
    if of.id == WINOGENDER.id {
        figures.insert(0, figure("differ", &differ, share));
    }
    figures
}
