//! Facts about the detector as a whole: against an independent implementation, about setups, and about texts that nobody would want to read.

use std::path::{Path, PathBuf};

use super::Criterion;
use crate::detect::error::DetectError;
use crate::detect::features::{Detector, Shown};
use crate::detect::material::{Abstention, Material};
use crate::detect::registry::{self, Setup};

/// Figures of `benches/peers/text_lm_peer.py` (transformers 5.24 on torch 2.15, in double precision) on the real model `stories260k`, alone and beside itself
/// without its last layer. The second text is longer than the model's context and read in three windows.
const FIGURES: [(&str, [f64; 6]); 3] = [
    ("museum", [-3.815769, 1.677691, 2.274417, -17.436571, -3.781046, 1.173015]),
    ("rundgang", [-6.934856, 3.060020, 2.266278, -91.115534, -57.272475, 2.100608]),
    ("story", [-1.213704, 0.455668, 2.663567, 0.065001, 10.130557, 0.345709]),
];

fn setup(entries: &[(&str, &str)]) -> Setup {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn open(entries: &[(&str, &str)], root: Option<&Path>) -> Box<dyn Detector> {
    registry::open("text-lm", &setup(entries), root).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn refused(entries: &[(&str, &str)]) -> (String, String) {
    match registry::open("text-lm", &setup(entries), None) {
        Err(DetectError::Setup { problem, help }) => (problem, help),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was opened"),
    }
}

/// The tiny checkpoints of every architecture; their weights are noise.
fn checkpoint(name: &str) -> String {
    format!("{}/tests/checkpoints/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> Material {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/text-lm").join(name).with_extension("txt");
    Material::Text(std::fs::read_to_string(file).unwrap())
}

/// The model in a folder, and beside it the same model without its last layer.
fn pair(test: &str) -> Option<(PathBuf, tempfile::TempDir)> {
    let folder = crate::shared_data(test)?.join("models/stories260k");
    let shorter = tempfile::tempdir().unwrap();
    for file in ["model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
        std::fs::copy(folder.join(file), shorter.path().join(file)).unwrap();
    }
    let config = std::fs::read_to_string(folder.join("config.json")).unwrap();
    let fewer = config.replace("\"num_hidden_layers\": 5", "\"num_hidden_layers\": 4");
    assert_ne!(config, fewer);
    std::fs::write(shorter.path().join("config.json"), fewer).unwrap();
    Some((folder, shorter))
}

#[test]
fn all_criteria_agree_with_an_independent_implementation_on_a_real_model() {
    let Some((folder, shorter)) = pair("all_criteria_agree_with_an_independent_implementation_on_a_real_model") else { return };
    let (folder, shorter) = (folder.to_str().unwrap(), shorter.path().to_str().unwrap());
    let both = open(&[("model", folder), ("second", shorter)], None);
    assert_eq!(both.dense(), Criterion::ALL.map(Criterion::name));
    let alone = open(&[("model", folder)], None);
    assert_eq!(alone.dense(), &both.dense()[..4]);
    let gguf = open(&[("model", &format!("{folder}/stories260k.gguf"))], None);
    for (name, expected) in FIGURES {
        let features = both.read(&text(name)).unwrap();
        for ((criterion, got), expected) in both.dense().iter().zip(&features.dense).zip(expected) {
            assert!((f64::from(*got) - expected).abs() < 2e-4, "{name}: {criterion} is {got}, the peer's {expected}");
        }
        let single = alone.read(&text(name)).unwrap();
        assert_eq!(single.dense, features.dense[..4], "a second model changes what the first one finds");
        let file = gguf.read(&text(name)).unwrap();
        assert!(file.dense.iter().zip(&single.dense).all(|(file, folder)| (file - folder).abs() < 1e-4), "{file:?}, not {single:?}");
    }
    assert_eq!(both.read(&text("story")).unwrap().extent, 68.0);
}

#[test]
fn one_criterion_alone_has_the_bits_that_it_has_among_all() {
    let Some((folder, shorter)) = pair("one_criterion_alone_has_the_bits_that_it_has_among_all") else { return };
    let (folder, shorter) = (folder.to_str().unwrap(), shorter.path().to_str().unwrap());
    let all = open(&[("model", folder), ("second", shorter)], None).read(&text("museum")).unwrap();
    for (place, criterion) in Criterion::ALL.into_iter().enumerate() {
        let one = open(&[("model", folder), ("second", shorter), ("criterion", criterion.name())], None);
        assert_eq!(one.dense(), [criterion.name()]);
        assert_eq!(one.read(&text("museum")).unwrap().dense, [all.dense[place]]);
    }
}

#[test]
fn models_of_other_families_read_too() {
    for family in ["gemma3", "phi3", "qwen3"] {
        let detector = open(&[("model", &checkpoint(family))], None);
        let features = detector.read(&text("museum"));
        println!("{family}: {features:?}");
        match features {
            Ok(features) => assert!(features.dense.iter().all(|value| value.is_finite())),
            // Their tokenizers know letters that the sentence has not.
            Err(Abstention::Unreadable { why }) => assert!(!why.is_empty()),
            Err(other) => panic!("{family}: {other}"),
        }
    }
}

#[test]
fn the_fingerprint_tells_weights_and_criteria_apart_and_paths_not() {
    let Some((folder, shorter)) = pair("the_fingerprint_tells_weights_and_criteria_apart_and_paths_not") else { return };
    let copy = tempfile::tempdir().unwrap();
    for file in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
        std::fs::copy(folder.join(file), copy.path().join(file)).unwrap();
    }
    let [folder, shorter, copy] = [folder.as_path(), shorter.path(), copy.path()].map(|path| path.to_str().unwrap());
    let of = |entries: &[(&str, &str)]| open(entries, None).fingerprint().unwrap().to_owned();
    let base = of(&[("model", folder)]);
    assert_eq!(of(&[("model", copy), ("criterion", "all")]), base);
    let others = [
        of(&[("model", shorter)]),
        of(&[("model", folder), ("criterion", "lrr")]),
        of(&[("model", folder), ("second", shorter)]),
        of(&[("model", shorter), ("second", folder)]),
    ];
    assert_eq!(others.iter().chain([&base]).collect::<std::collections::BTreeSet<_>>().len(), 5);
}

#[test]
fn a_model_is_found_by_its_name_in_lupe_toml_and_by_a_path_beside_it() {
    let Some((folder, _)) = pair("a_model_is_found_by_its_name_in_lupe_toml_and_by_a_path_beside_it") else { return };
    let root = tempfile::tempdir().unwrap();
    let path = folder.canonicalize().unwrap();
    std::fs::write(root.path().join("lupe.toml"), format!("[models.klein]\nkind = \"candle\"\npath = {path:?}\n")).unwrap();
    std::fs::create_dir(root.path().join("nebenan")).unwrap();
    for file in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
        std::fs::copy(path.join(file), root.path().join("nebenan").join(file)).unwrap();
    }
    let [named, beside] = ["klein", "nebenan"].map(|model| open(&[("model", model)], Some(root.path())).fingerprint().unwrap().to_owned());
    assert_eq!(named, beside);
}

#[test]
fn a_setup_that_cannot_be_used_is_told_what_to_write() {
    let (problem, help) = refused(&[]);
    assert!(problem.contains("needs a model") && help.contains("lupe.toml") && help.contains("folder"), "{problem} {help}");
    let (problem, help) = refused(&[("model", "gibtesnicht")]);
    assert!(problem.contains("no model `gibtesnicht`") && help.contains("lupe.toml"), "{problem} {help}");
    let (problem, help) = refused(&[("modell", "x")]);
    assert!(problem.contains("no setting `modell`") && help.contains("`model`"), "{problem} {help}");
    let llama = checkpoint("llama");
    let (problem, help) = refused(&[("model", &llama), ("criterion", "lr")]);
    assert!(problem.contains("no criterion `lr`") && help.contains("lrr"), "{problem} {help}");
    let (problem, help) = refused(&[("model", &llama), ("criterion", "binoculars")]);
    assert!(problem.contains("two models") && help.contains("second="), "{problem} {help}");
    let (problem, help) = refused(&[("model", &llama), ("second", &checkpoint("qwen2"))]);
    assert!(problem.contains("different vocabularies") && help.contains("tokenizer"), "{problem} {help}");
    // Reference models show no distributions of texts that are not their own.
    let error = registry::open("text-lm", &setup(&[("model", "balanced")]), None).err().unwrap();
    assert!(error.to_string().contains("distributions"), "{error}");
}

#[test]
fn short_long_and_other_material_is_no_number() {
    let detector = open(&[("model", &checkpoint("llama"))], None);
    let abstained = |material: Material| detector.read(&material).unwrap_err();
    let too_little = |found: f64| Abstention::TooLittle { found, needed: 40.0, unit: "words".to_owned() };
    assert_eq!(abstained(Material::Text(String::new())), too_little(0.0));
    assert_eq!(abstained(Material::Text("wort ".repeat(39))), too_little(39.0));
    assert!(matches!(abstained(Material::Image(vec![1, 2])), Abstention::OtherModality { .. }));
    assert!(matches!(abstained(Material::Text("a ".repeat(1 << 20))), Abstention::TooLarge { .. }));
    assert!(matches!(abstained(Material::Text("a".repeat(1 << 20))), Abstention::TooLarge { .. }));
    assert!(detector.traces(&Material::Text(String::new())).is_empty());
}

#[test]
fn hostile_texts_end_in_a_number_or_in_a_reason() {
    let Some((folder, shorter)) = pair("hostile_texts_end_in_a_number_or_in_a_reason") else { return };
    let detector = open(&[("model", folder.to_str().unwrap()), ("second", shorter.path().to_str().unwrap())], None);
    let words = |word: &str| format!("{word} ").repeat(50);
    let texts = [
        words("a"),
        words("\0"),
        words("👩‍👩‍👧‍👦"),
        words("\u{200b}x\u{202e}"),
        words("Z̷̡͝a̸̕l̶g̴o"),
        words("<s></s>"),
        words("\u{feff}\u{fffd}"),
        words(&"ß".repeat(20)),
        format!("{} {}", words("und"), "x".repeat(3_000)),
        format!("{}{}", "\n\t ".repeat(1_000), words("leer")),
    ];
    for hostile in texts {
        let shown: String = hostile.chars().take(8).collect();
        match detector.read(&Material::Text(hostile.clone())) {
            Ok(features) => assert!(features.dense.len() == 6 && features.dense.iter().all(|value| value.is_finite()), "{shown:?}"),
            // Of characters that show nothing no word is left.
            Err(Abstention::Unreadable { .. } | Abstention::TooLittle { .. }) => println!("{shown:?}: nothing is said"),
            Err(other) => panic!("{shown:?}: {other}"),
        }
    }
}

#[test]
fn the_trace_shows_how_high_the_tokens_stood() {
    let Some((folder, _)) = pair("the_trace_shows_how_high_the_tokens_stood") else { return };
    let detector = open(&[("model", folder.to_str().unwrap())], None);
    let lines = |name: &str| match detector.traces(&text(name)).pop().map(|trace| trace.shown) {
        Some(Shown::Lines(lines)) => lines,
        other => panic!("{other:?}"),
    };
    let first = |name: &str| lines(name)[0].trim_start_matches("1–10: ").trim_end_matches(" %").parse::<u32>().unwrap();
    // A model of children's stories in English: it expects the story, not the rest.
    assert!(first("story") > 80 && first("rundgang") < 60, "{:?} {:?}", lines("story"), lines("rundgang"));
    assert_eq!(lines("story").len(), 4);
}

/// 2,720 words in 21 windows. The first two tellings fit into one window.
#[test]
fn a_long_text_is_no_more_surprising_than_a_short_one_because_of_its_windows() {
    let test = "a_long_text_is_no_more_surprising_than_a_short_one_because_of_its_windows";
    let Some((folder, _)) = pair(test) else { return };
    let detector = open(&[("model", folder.to_str().unwrap()), ("criterion", "likelihood")], None);
    let Material::Text(story) = text("story") else { panic!("a text is no text") };
    let [once, often] = [2, 40].map(|times| detector.read(&Material::Text(story.repeat(times))).unwrap());
    assert_eq!((once.extent, often.extent), (136.0, 2720.0));
    assert!((often.dense[0] - once.dense[0]).abs() < 0.2, "{} {}", often.dense[0], once.dense[0]);
}
