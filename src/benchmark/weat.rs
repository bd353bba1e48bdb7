//! WEAT (Caliskan, Bryson and Narayanan 2017) and SEAT (May et al. 2019): are two sets of targets nearer to one set of attributes than to another?
//!
//! In: word sets (four lines with commas; lines with `#` are remarks, and may name the sets as `# Target: …`) or sentence sets (JSON with `targ1`, `targ2`, `attr1`,
//! `attr2`, each with `category` and `examples`). Out: the sets, and from the associations of their targets in an embedding model the authors' effect size and one-sided
//! permutation p ([`crate::stats::association`]), beside the interval of the difference in the same unit. There are no prompts: an embedding model is not asked anything.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::figure::{Figure, Ours};
use super::{BenchmarkError, Kind, Order, Set, both, read, stored};
use crate::analyse::{LEVEL, Verdict};
use crate::stats::clusters::{Design, mean};
use crate::stats::estimate::{Arm, Labels, Scale, Settings, unpaired_difference};
use crate::stats::{Interval, association};

/// WEAT and SEAT.
pub const KIND: Kind = Kind {
    name: "weat",
    files: "word sets (.txt, four lines) or sentence sets (.jsonl with targ1, targ2, attr1, attr2), one test a file",
    read: set,
    // The sets have no prompts; figures come from an embedding model, see `figures_of`.
    figures: |_, _| Ok(Vec::new()),
};

/// Smallest effect that matters: a fifth of a standard deviation.
const MARGIN: f64 = 0.2;

/// Words or sentences with the name of what they stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// Name, as the file has it.
    pub name: String,
    /// Words or sentences.
    pub texts: Vec<String>,
}

/// One test of association.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Name of the file.
    pub name: String,
    /// The targets.
    pub targets: [Concept; 2],
    /// The attributes.
    pub attributes: [Concept; 2],
}

fn set(order: &Order) -> Result<Set, BenchmarkError> {
    let tests: Vec<Test> = order.files.iter().map(|path| test(path)).collect::<Result<_, _>>()?;
    Ok(Set {
        suite: "weat".to_owned(),
        title: both("WEAT und SEAT: Nähe von Begriffen", "WEAT and SEAT: nearness of concepts"),
        purpose: both(
            "Liegen Begriffe in einem Modell näher bei den einen Wörtern als bei den anderen?",
            "Are concepts nearer to some words than to others in a model?",
        ),
        probes: Vec::new(),
        axes: Vec::new(),
        recordings: Vec::new(),
        items: stored(&tests)?,
        notes: Vec::new(),
    })
}

fn test(path: &Path) -> Result<Test, BenchmarkError> {
    let text = read::text(path)?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let [a, b, c, d] = if text.trim_start().starts_with('{') { sentences(path, &text)? } else { words(path, &text)? };
    for concept in [&a, &b, &c, &d] {
        if concept.texts.len() < 2 {
            let problem = format!("`{}` has {} entries", concept.name, concept.texts.len());
            return Err(BenchmarkError::file(path, problem, "each of the four sets needs at least two"));
        }
    }
    Ok(Test { name, targets: [a, b], attributes: [c, d] })
}

fn words(path: &Path, text: &str) -> Result<[Concept; 4], BenchmarkError> {
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .filter_map(|line| line.trim().split_once(':'))
        .filter(|(kind, _)| matches!(kind.trim(), "Target" | "Attribute"))
        .map(|(_, name)| name.trim())
        .collect();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let Ok(lines) = <[&str; 4]>::try_from(lines.as_slice()) else {
        let problem = format!("{} lines with words, where four are expected", lines.len());
        return Err(BenchmarkError::file(path, problem, "two lines of targets and two of attributes, words with commas between"));
    };
    let own = ["targets 1", "targets 2", "attributes 1", "attributes 2"];
    let concept = |at: usize| Concept {
        name: if names.len() == 4 { names[at] } else { own[at] }.to_owned(),
        texts: lines[at].split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
    };
    Ok([concept(0), concept(1), concept(2), concept(3)])
}

fn sentences(path: &Path, text: &str) -> Result<[Concept; 4], BenchmarkError> {
    let json: Value = serde_json::from_str(text).map_err(|error| BenchmarkError::Line {
        path: path.to_owned(),
        line: error.line() as u64,
        problem: format!("this is no JSON: {error}"),
        help: "was the file cut?".to_owned(),
    })?;
    let concept = |key: &str| -> Result<Concept, BenchmarkError> {
        let lacks = || {
            BenchmarkError::file(
                path,
                format!("there are no sentences under `{key}`"),
                "a SEAT file has targ1, targ2, attr1 and attr2, each with `category` and `examples`",
            )
        };
        let inner = json.get(key).ok_or_else(lacks)?;
        let texts = inner.get("examples").and_then(Value::as_array).ok_or_else(lacks)?;
        let texts = texts.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>().ok_or_else(lacks)?;
        Ok(Concept { name: inner.get("category").and_then(Value::as_str).unwrap_or(key).to_owned(), texts })
    };
    Ok([concept("targ1")?, concept("targ2")?, concept("attr1")?, concept("attr2")?])
}

/// The figures of one test from the associations of its targets (`s(w, A, B)`, differences of mean cosines) in the embedding model `model`.
///
/// # Errors
/// [`BenchmarkError::Statistic`] where all associations are equal or one is no number.
pub fn figures_of(test: &Test, model: &str, [first, second]: [&[f64]; 2]) -> Result<Vec<Figure>, BenchmarkError> {
    const SEED: u64 = 2026;
    let effect = association::effect_size(first, second)?;
    let p = association::permutation_p(first, second, SEED)?;
    let part = format!(
        "{}: {} / {}, {} / {}",
        test.name, test.targets[0].name, test.targets[1].name, test.attributes[0].name, test.attributes[1].name
    );
    // One standard deviation of the associations, the unit of the effect.
    let unit = (mean(first) - mean(second)) / effect;
    let rows: [Vec<u32>; 2] = [first, second].map(|set| (0..).take(set.len()).collect());
    let columns: [Vec<u32>; 2] = [first, second].map(|set| vec![0; set.len()]);
    let arm = |values, at: usize| Arm {
        values,
        labels: Labels { rows: &rows[at], columns: &columns[at], design: Design::RowsOnly },
        correction: None,
    };
    let settings = Settings { level: LEVEL, seed: SEED };
    let ours =
        unpaired_difference(arm(first, 0), arm(second, 1), Scale::Unbounded, settings).ok().filter(|_| unit.is_finite() && unit > 0.0);
    let ours = ours.map(|estimate| Ours {
        estimate: estimate.estimate / unit,
        interval: Interval { lower: estimate.interval.lower / unit, upper: estimate.interval.upper / unit },
        clusters: estimate.clusters,
        center: Some(0.0),
        margin: MARGIN,
        p_difference: Some(estimate.p_difference),
        p_difference_adjusted: None,
        p_equivalence: Some(estimate.equivalence_p(MARGIN * unit)),
        p_equivalence_adjusted: None,
        verdict: estimate.too_little_evidence().then_some(Verdict::NotAssessable),
    });
    let counted = first.len() + second.len();
    let bare = |measure: &str, value| Figure::bare(measure, &part, model, Some(value), counted, Default::default());
    Ok(vec![Figure { ours, ..bare("weat-effect", effect) }, bare("weat-p", p)])
}

/// The figures of an import in the embedding model `name`, written into its `folder`.
///
/// # Errors
/// The import is none of word or sentence sets, or the model cannot read one of them; as [`figures_of`].
#[cfg(feature = "local")]
pub fn embedded(
    mut benchmark: super::Benchmark,
    folder: &Path,
    name: &str,
    embedder: &crate::model::candle::encoder::Embedder,
) -> Result<super::Benchmark, BenchmarkError> {
    use crate::model::candle::encoder::{Sets, associations};
    if benchmark.kind != KIND.name {
        let problem = format!("`{}` has no sets that an embedding model could compare", benchmark.kind);
        return Err(BenchmarkError::order(problem, "leave --embedder out, or import word or sentence sets as `weat`"));
    }
    benchmark.figures.clear();
    for test in super::items::<Vec<Test>>(&benchmark.items)? {
        let texts = |concepts: &[Concept; 2]| concepts.each_ref().map(|concept| concept.texts.clone());
        let sets = Sets { targets: texts(&test.targets), attributes: texts(&test.attributes) };
        let unread = |error| BenchmarkError::order(format!("{}: {error}", test.name), "take another model, or leave this set out");
        let [first, second] = associations(embedder, &sets).map_err(unread)?;
        benchmark.figures.extend(figures_of(&test, name, [&first, &second])?);
    }
    super::figure::decide(&mut benchmark.figures)?;
    let words = serde_json::to_string(&benchmark).map_err(|error| BenchmarkError::file(folder, error, super::WRITE))?;
    super::package::put(&folder.join(super::FILE), &words)?;
    Ok(benchmark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, text: &str) -> Result<Test, BenchmarkError> {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(file);
        std::fs::write(&path, text).unwrap();
        test(&path)
    }

    #[test]
    fn word_and_sentence_sets_are_read_with_their_names() {
        let test = read(
            "a.txt",
            "# Target: Malerei\n# Target: Musik\n# Attribute: nah\n# Attribute: fern\nBild, Farbe\nTon,Lied\nhier,da\ndort,weg\n",
        )
        .unwrap();
        assert_eq!((test.name.as_str(), test.targets[1].name.as_str(), test.attributes[1].texts[1].as_str()), ("a", "Musik", "weg"));
        let json = r#"{"targ1":{"category":"x","examples":["a.","b."]},"targ2":{"category":"y","examples":["c.","d."]},
            "attr1":{"category":"p","examples":["e.","f."]},"attr2":{"examples":["g.","h."]}}"#;
        assert_eq!(read("b.jsonl", json).unwrap().attributes[1], Concept { name: "attr2".into(), texts: vec!["g.".into(), "h.".into()] });
    }

    #[test]
    fn a_set_that_lacks_a_part_is_told() {
        let problem = |file, text| read(file, text).unwrap_err().to_string();
        assert!(problem("a.txt", "Bild, Farbe\nTon, Lied\n").contains("2 lines with words, where four are expected"));
        assert!(problem("a.txt", "Bild\nTon,Lied\nhier,da\ndort,weg\n").contains("`targets 1` has 1 entries"));
        assert!(problem("a.jsonl", "{\"targ1\": {}}").contains("no sentences under `targ1`"));
        assert!(problem("a.jsonl", "{\"targ1\": {}").contains("line 1"));
    }

    #[test]
    fn the_effect_has_an_interval_in_its_own_unit() {
        let test = read("a.txt", "a,b\nc,d\ne,f\ng,h\n").unwrap();
        let (first, second) = ([0.3, 0.4, 0.5, 0.45, 0.35, 0.42, 0.38, 0.5], [0.1, 0.0, 0.2, 0.15, 0.05, 0.12, 0.08, 0.2]);
        let figures = figures_of(&test, "m", [&first, &second]).unwrap();
        let ours = figures[0].ours.as_ref().unwrap();
        assert!((ours.estimate - figures[0].authors.unwrap()).abs() < 1e-9);
        assert!(ours.interval.lower > 0.0 && figures[1].authors.unwrap() < 0.001);
    }
}
