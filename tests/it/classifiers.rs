//! Classifiers and sentence embeddings as scorers: what a user configures, what becomes of it, and what is said when it does not fit.
//!
//! The model that answers and those that read are the tiny checkpoints of `tests/checkpoints`: they mean nothing, and all arithmetic is real. With a
//! folder of all-MiniLM-L6-v2 in LUPE_MINILM its vectors are compared with those of sentence-transformers; else that test says that it did not.

use std::path::{Path, PathBuf};

use lupe::analyse::{Finding, Instrument};
use lupe::model::candle::encoder::{Classifier, Embedder, cosine};

use crate::support::{fail, findings, succeed};

const PROBE: &str = r#"id = "tone"
version = 1
station = "text"
domain = "letter"
request = "generate"
scorers = ["classifier:tone", "embedder:near"]
repeats = 40
seed = 1
limits = { de = "Er prüft nur das Werkzeug.", en = "It checks the instrument alone." }
title = { de = "Ton", en = "Tone" }
purpose = { de = "Prüft Scorer.", en = "Checks scorers." }
sampling = { temperature = 1.0, top_p = 1.0, max_tokens = 16 }

[[axes]]
axis = "gender"
levels = ["woman", "man"]

[[hypotheses]]
id = "hostile"
role = "exploratory"
claim = { de = "Der Ton ist gleich.", en = "The tone is the same." }
measure = "tone"
category = "hostile"
margin = 0.1
contrast.level = { axis = "gender", level = "woman", reference = "man" }

[[hypotheses]]
id = "nearer"
role = "exploratory"
claim = { de = "Die Nähe ist gleich.", en = "The nearness is the same." }
measure = "near-warm-cold"
margin = 0.1
contrast.level = { axis = "gender", level = "woman", reference = "man" }
"#;

fn checkpoint(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints").join(name)
}

/// The words on standard error in one line.
fn said(folder: &Path, arguments: &[&str]) -> String {
    fail(folder, arguments).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn settings(folder: &Path, more: &str) {
    let (writer, classifier, embedder) = (checkpoint("llama"), checkpoint("encoders/bert"), checkpoint("encoders/modernbert"));
    let text = format!(
        "[models.writer]\nkind = \"candle\"\npath = {writer:?}\n[classifiers.tone]\npath = {classifier:?}\n{more}\n\
         [embedders.near]\npath = {embedder:?}\ncontrasts = [[\"warm\", \"cold\"]]\n\
         [embedders.near.prototypes]\nwarm = [\"nett\", \"gut\"]\ncold = [\"kalt\"]\n"
    );
    std::fs::write(folder.join("lupe.toml"), text).unwrap();
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let templates: String = ["Wie war", "Sag von", "Nenne", "Was tat", "Wo ist", "Wer ist"]
        .iter()
        .enumerate()
        .map(|(place, words)| format!("[[templates]]\nid = \"t{place}\"\nde = \"{words} {{gender.person-nom}}\"\n"))
        .collect();
    std::fs::create_dir_all(folder.path().join("probes/suites")).unwrap();
    std::fs::write(folder.path().join("probes/tone.toml"), format!("{PROBE}{templates}")).unwrap();
    let suite = "id = \"tone\"\nlooks = 1\nalpha = 0.05\ntitle = { de = \"Ton\", en = \"Tone\" }\npurpose = { de = \"Prüft.\", en = \"Checks.\" }\nprobes = [\"tone\"]\n";
    std::fs::write(folder.path().join("probes/suites/tone.toml"), suite).unwrap();
    settings(folder.path(), "");
    folder
}

/// Runs and analyses the probe in `folder`; its findings by hypothesis.
fn audit(folder: &Path) -> Vec<Finding> {
    if !folder.join("audit").exists() {
        succeed(folder, &["run", "--suite", "tone", "--models", "writer", "--out", "audit"]);
    }
    succeed(folder, &["analyse", "audit"]);
    findings(&folder.join("audit"))
}

fn of<'a>(findings: &'a [Finding], hypothesis: &str) -> &'a Finding {
    findings.iter().find(|finding| finding.hypothesis == hypothesis).unwrap()
}

/// Texts with the label that the classifier gives nine in ten of them, and the wrong one for the tenth.
fn labels(folder: &Path) {
    let classifier = Classifier::open(&checkpoint("encoders/bert")).unwrap();
    let names = &classifier.labels().names;
    let mut rows = "text,label,group\n".to_owned();
    for place in 0..400usize {
        let text: String = (0..3 + place % 9).map(|letter| char::from(b'a' + ((place * 7 + letter * letter * 3) % 26) as u8)).collect();
        let probabilities = classifier.probabilities(&text).unwrap();
        let most = (0..names.len()).max_by(|one, other| probabilities[*one].total_cmp(&probabilities[*other])).unwrap();
        let label = &names[if place % 10 == 9 { (most + 1) % names.len() } else { most }];
        rows += &format!("{text},{label},{}\n", if place % 2 == 0 { "woman" } else { "man" });
    }
    std::fs::write(folder.join("labels.csv"), rows).unwrap();
}

#[test]
fn a_classifier_is_uncorrected_until_labelled_texts_vouch_for_it_and_again_when_it_changes() {
    let folder = folder();
    let folder = folder.path();
    let first = audit(folder);
    let (hostile, nearer) = (of(&first, "hostile"), of(&first, "nearer"));
    assert_eq!((&hostile.instrument, &nearer.instrument), (&Instrument::Uncorrected, &Instrument::Uncorrected));
    for finding in [hostile, nearer] {
        let (planned, scored) = finding.ledger.iter().fold((0, 0), |(planned, scored), arm| (planned + arm.planned, scored + arm.scored));
        assert_eq!(planned, 480);
        assert!(scored > 400 && finding.raw.is_some(), "{finding:?}");
    }
    let page = std::fs::read_to_string(folder.join("audit/manifest.json")).unwrap();
    assert!(page.contains("\"classifier:tone\"") && page.contains("\"embedder:near\""), "the manifest pins what read the answers");

    labels(folder);
    let validate = |more: &[&str]| {
        let fixed =
            ["validate", "classifier:tone", "--measure", "tone", "--labels", "labels.csv", "--domain", "letter", "--language", "de"];
        succeed(folder, &[&fixed[..], &["--truth", "made for this test"], more].concat())
    };
    let words = validate(&[]);
    assert!(words.contains("400 texts") && words.contains("not held out"), "{words}");
    assert_eq!(of(&audit(folder), "hostile").instrument, Instrument::Uncorrected);
    let words = validate(&["--held-out"]);
    assert!(words.contains("is replaced") && !words.contains("not held out"), "{words}");
    let corrected = audit(folder);
    assert!(matches!(of(&corrected, "hostile").instrument, Instrument::Corrected { rows: 400, .. }), "{:?}", of(&corrected, "hostile"));
    assert_eq!(of(&corrected, "hostile").raw, hostile.raw);

    // The same labels under other settings are another scorer: the record does not hold for it.
    settings(folder, "labels = { friendly = \"kind\", neutral = \"kind\", hostile = \"hostile\" }");
    assert_eq!(of(&audit(folder), "hostile").instrument, Instrument::Uncorrected);
}

#[test]
fn a_model_that_is_missing_or_has_other_labels_is_said_at_the_start() {
    let folder = folder();
    let folder = folder.path();
    assert!(succeed(folder, &["probes", "check", "tone"]).contains("tone"));
    let lists = ["probes", "list"];
    settings(folder, "labels = { frendly = \"kind\" }");
    let words = said(folder, &lists);
    assert!(
        words.contains("classifiers.tone.labels: the model has no label `frendly`") && words.contains("did you mean `friendly`?"),
        "{words}"
    );
    settings(folder, "labels = { friendly = \"kind\" }");
    let words = said(folder, &lists);
    assert!(words.contains("says nothing about the model's label `neutral`"), "{words}");
    settings(folder, "measure = \"valence\"");
    let words = said(folder, &lists);
    assert!(words.contains("another scorer reads the measure `valence` already"), "{words}");
    std::fs::write(folder.join("lupe.toml"), "[classifiers.tone]\npath = \"nowhere\"\n").unwrap();
    let words = said(folder, &lists);
    assert!(words.contains("nowhere/config.json: cannot be read") && words.contains("the folder of a classifier holds"), "{words}");
    std::fs::write(folder.join("lupe.toml"), "[embedders.near]\npath = \"x\"\nprototype = {}\n").unwrap();
    let words = said(folder, &lists);
    assert!(words.contains("unknown key `prototype`") && words.contains("did you mean `prototypes`?"), "{words}");
    std::fs::write(folder.join("lupe.toml"), "").unwrap();
    let words = said(folder, &["probes", "check", "tone"]);
    assert!(words.contains("unknown scorer `classifier:tone`"), "{words}");
}

#[test]
fn labels_that_fit_no_category_and_scorers_that_there_are_not_are_named() {
    let folder = folder();
    let folder = folder.path();
    std::fs::write(folder.join("labels.csv"), "text;label\nnett;friendly\nkalt;hostil\n").unwrap();
    let rest = ["--labels", "labels.csv", "--domain", "letter", "--language", "de", "--truth", "ours"];
    let validate = |scorer: &str, measure: &[&str]| said(folder, &[&["validate", scorer], &rest[..], measure].concat());
    let words = validate("classifier:tone", &["--measure", "tone"]);
    assert!(words.contains("line 3: the measure has no category `hostil`") && words.contains("did you mean `hostile`?"), "{words}");
    let words = validate("classifier:tone", &[]);
    assert!(words.contains("reads several measures") && words.contains("tone-hostile-probability"), "{words}");
    let words = validate("classifier:ton", &[]);
    assert!(words.contains("there is no scorer `classifier:ton`") && words.contains("classifier:tone"), "{words}");
}

#[test]
fn word_sets_are_compared_in_an_embedder_of_the_users() {
    let folder = folder();
    let folder = folder.path();
    let sets = "# Target: Malerei\n# Target: Musik\n# Attribute: nah\n# Attribute: fern\nBild, Farbe, Pinsel\nTon, Lied, Chor\nhier, da\ndort, weg\n";
    std::fs::write(folder.join("art.txt"), sets).unwrap();
    let words = succeed(folder, &["import", "weat", "art.txt", "--out", "weat", "--embedder", "near", "--language", "en"]);
    assert!(words.contains("Malerei / Musik"), "{words}");
    let stored = std::fs::read_to_string(folder.join("weat/benchmark.json")).unwrap();
    let figures = serde_json::from_str::<serde_json::Value>(&stored).unwrap()["figures"].as_array().unwrap().clone();
    let authors = |measure: &str| figures.iter().find(|f| f["measure"] == measure).unwrap()["authors"].as_f64().unwrap();
    // The same from the vectors, by hand: Caliskan et al. divide the difference of means by the standard deviation of all.
    let embedder = Embedder::open(&checkpoint("encoders/modernbert")).unwrap();
    let near = |one: &str, others: [&str; 2]| -> f64 {
        others.iter().map(|other| cosine(&embedder.embed(one).unwrap(), &embedder.embed(other).unwrap())).sum::<f64>() / 2.0
    };
    let of = |word: &&str| near(word, ["hier", "da"]) - near(word, ["dort", "weg"]);
    let all: Vec<f64> = ["Bild", "Farbe", "Pinsel", "Ton", "Lied", "Chor"].iter().map(of).collect();
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let deviation = (all.iter().map(|s| (s - mean(&all)).powi(2)).sum::<f64>() / 5.0).sqrt();
    let effect = (mean(&all[..3]) - mean(&all[3..])) / deviation;
    assert!((authors("weat-effect") - effect).abs() < 1e-9, "{} is not {effect}", authors("weat-effect"));
    assert!((0.05..=1.0).contains(&authors("weat-p")), "of 20 divisions one at least is as large");
    let missing = said(folder, &["import", "weat", "art.txt", "--out", "none", "--embedder", "neer"]);
    assert!(missing.contains("[embedders] in lupe.toml has near") && !folder.join("none").exists(), "{missing}");
}

#[test]
fn minilm_gives_the_vectors_that_sentence_transformers_gives() {
    #[derive(serde::Deserialize)]
    struct Expected {
        texts: Vec<String>,
        vectors: Vec<Vec<f32>>,
    }
    let Some(place) = std::env::var_os("LUPE_MINILM").map(PathBuf::from) else {
        println!("not run: minilm_gives_the_vectors_that_sentence_transformers_gives (set LUPE_MINILM to a folder of all-MiniLM-L6-v2)");
        return;
    };
    let text = std::fs::read_to_string(checkpoint("encoders/minilm.json")).unwrap();
    let Expected { texts, vectors } = serde_json::from_str(&text).unwrap();
    let embedder = Embedder::open(&place).unwrap();
    let mut largest = 0f32;
    for (ours, theirs) in embedder.embed_all(&texts).unwrap().iter().zip(&vectors) {
        assert_eq!(ours.len(), theirs.len());
        largest = ours.iter().zip(theirs).map(|(ours, theirs)| (ours - theirs).abs()).fold(largest, f32::max);
    }
    println!("{} texts, largest distance of a number of their vectors: {largest:.1e}", texts.len());
    assert!(largest < 1e-4, "{largest}");
    let near = |one: &str, other: &str| cosine(&embedder.embed(one).unwrap(), &embedder.embed(other).unwrap());
    assert!(near("a painter at work", "an artist painting") > near("a painter at work", "the tax return"));
}
