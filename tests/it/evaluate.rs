//! How far a detector can be trusted, through the program: a small corpus made here, in which generated texts like some words more.

use std::path::Path;

use lupe::detect::evaluate::{Because, Evaluation, Number};

use super::support::{fail, lupe, succeed};

const PLAIN: [&str; 12] =
    ["der Maler", "kam", "spät", "und", "sah", "das Bild", "im Saal", "nicht gleich", "weil", "Licht", "fehlte", "an der Wand"];
const FOND: [&str; 6] = ["darüber hinaus", "insgesamt", "zudem", "eindrucksvoll", "vielfältig", "somit"];

/// Sixteen sentences; of the phrases every `fond`-th is one that machines like.
fn text(seed: usize, fond: usize) -> String {
    let mut state = seed as u64 * 2 + 1;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut sentence = || {
        let phrases: Vec<&str> = (0..8).map(|_| if draw(fond) == 0 { FOND[draw(FOND.len())] } else { PLAIN[draw(PLAIN.len())] }).collect();
        format!("{}.", phrases.join(" "))
    };
    (0..16).map(|_| sentence()).collect::<Vec<_>>().join(" ")
}

/// Eighty topics, each with a text by a person and one by a tool; of two domains, two tools, native speakers and others.
fn corpus(folder: &Path) {
    let (mut human, mut generated) = ("text,source,domain,native\n".to_owned(), "text,source,domain,tool\n".to_owned());
    for at in 0..80 {
        let domain = ["Saaltext", "Brief"][at % 2];
        human += &format!("{},t{at},{domain},{}\n", text(2 * at, 40), ["ja", "nein"][(at / 2) % 2]);
        generated += &format!("{},t{at},{domain},w{}\n", text(2 * at + 1, 5), (at / 2) % 2);
    }
    std::fs::write(folder.join("human.csv"), human).unwrap();
    std::fs::write(folder.join("generated.csv"), generated).unwrap();
}

const EVALUATE: [&str; 12] = [
    "detect",
    "evaluate",
    "--detector",
    "text-style",
    "--human",
    "human.csv",
    "--human-columns",
    "group-native=native",
    "--generated",
    "generated.csv",
    "--generated-columns",
    "generator=tool",
];

#[test]
fn a_detector_is_evaluated_beside_its_controls_and_always_with_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    corpus(folder);
    let words = succeed(folder, &[&EVALUATE[..], &["--language", "de", "--out", "one", "--page-language", "en"]].concat());
    assert!(words.contains("“text-style” takes the right one to be generated in"), "{words}");
    assert!(words.contains("A gain is shown over: length, language."), "{words}");
    let file = std::fs::read_to_string(folder.join("one/evaluation.json")).unwrap();
    let found: Evaluation = serde_json::from_str(&file).unwrap();
    assert!(found.whole.measured.auroc.above(0.9), "{:?}", found.whole.measured.auroc);
    assert_eq!((found.corpus.human, found.corpus.generated, found.corpus.sources), (80, 80, 80));
    assert_eq!(found.whole.measured.found_at_1_percent, Number::NotStated { because: Because::TooFewHumans { found: 80, needed: 300 } });
    let names = |rows: &[lupe::detect::evaluate::Row]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&found.unseen_domains), ["Brief", "Saaltext"]);
    assert_eq!(names(&found.unseen_generators), ["w0", "w1"]);
    assert!(found.variants.len() > 3 && found.lengths.len() == 4);
    // Below its minimum the detector abstains: that is counted, not scored.
    assert_eq!(found.lengths[0].trained_on_whole.measured.abstained[0].because, "too-little");
    assert!(found.groups.iter().any(|group| group.key == "native") && found.groups.iter().all(|group| !group.accused_more_often));
    let page = std::fs::read_to_string(folder.join("one/evaluation.html")).unwrap();
    assert!(page.contains("<html lang=\"en\">") && page.contains("Whom the detector wrongly suspects") && !page.contains('⟦'));

    let mut alone = lupe(folder, &[&EVALUATE[..], &["--language", "de", "--out", "two", "--page-language", "en"]].concat());
    assert!(alone.env("RAYON_NUM_THREADS", "1").status().unwrap().success());
    for name in ["evaluation.json", "evaluation.html"] {
        let bytes = |out: &str| std::fs::read(folder.join(out).join(name)).unwrap();
        assert!(bytes("one") == bytes("two"), "{name}");
    }
}

#[test]
fn what_cannot_be_split_is_refused_with_what_helps() {
    let folder = tempfile::tempdir().unwrap();
    corpus(folder.path());
    let words = fail(folder.path(), &[&EVALUATE[..], &["--group-by", "domain"]].concat());
    assert!(words.contains("2 groups cannot be split into 10 folds") && words.contains("--folds"), "{words}");
    let words = fail(folder.path(), &[&EVALUATE[..3], &["text-stile"], &EVALUATE[4..]].concat());
    assert!(words.contains("did you mean `text-style`?"), "{words}");
}
