use std::path::Path;

use super::*;
use crate::score::agreement::tests::hold_record;
use crate::score::{GroupMatrix, ValidationRecord};

#[test]
fn short_answers_have_a_language() {
    for text in [
        "Regnet es heute?",
        "Die Restauratorin lacht.",
        "Größe",
        "SCHÖNE GRÜẞE",
        "schoene Gruesse an dich",
        "Scho\u{308}n",
        "Nicht ich.",
        "Dat is nich mien Huus.",
        "I hob di gern, gell?",
    ] {
        assert_eq!(detect(text), Ok(Found::German), "{text}");
    }
    for text in ["Will it rain today?", "The curator laughs.", "She's not here.", "What is this?", "I don't know."] {
        assert_eq!(detect(text), Ok(Found::English), "{text}");
    }
    for text in [
        "Elle est dans le musée avec nous.",
        "La donna è nella casa di lui.",
        "Это музей.",
        "美術館はどこですか",
        "Het museum is van de stad en ik niet.",
    ] {
        assert_eq!(detect(text), Ok(Found::Other), "{text}");
    }
}

#[test]
fn too_little_text_has_no_language() {
    for text in ["", "…", "12.", "Ok", "A B"] {
        assert_eq!(detect(text), Err("too-short"), "{text}");
    }
    assert_eq!(detect("Mona Lisa"), Err("unclear"));
}

#[test]
fn a_megabyte_is_read_in_a_moment() {
    for text in ["Die Kunst. ", "x", "日本"] {
        let start = std::time::Instant::now();
        let _ = detect(&text.repeat(1_000_000 / text.len()));
        assert!(start.elapsed().as_secs() < 2);
    }
}

fn counts(texts: impl Iterator<Item = String>) -> [u64; 4] {
    let mut counts = [0; 4];
    for text in texts {
        counts[detect(&text).map_or(3, |found| found as usize)] += 1;
    }
    counts
}

fn utterances(shared: &Path, variety: &str) -> [u64; 4] {
    // Misreadings of the part `valid` were looked at to choose function words; `test` was only counted.
    let text = std::fs::read_to_string(shared.join(format!("data/xsid-dialects/{variety}.test.conll"))).unwrap();
    counts(text.lines().filter_map(|line| line.strip_prefix("# text = ")).map(str::to_owned))
}

fn articles(shared: &Path, languages: &[&str]) -> [u64; 4] {
    let text = std::fs::read_to_string(shared.join("data/iu-human-ai-corpus/wiki_chatgpt_generated.jsonl")).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let rows = rows.filter(|row| row["language"].as_str().is_some_and(|code| languages.contains(&code)));
    // The first hundred characters: a short answer.
    counts(rows.filter_map(|row| row["text"].as_str().map(|text| text.chars().take(100).collect())))
}

fn right(row: [u64; 4], column: usize) -> f64 {
    row[column] as f64 / row.iter().sum::<u64>() as f64
}

#[test]
fn recorded_utterances_and_articles_are_read_as_their_language() {
    let Some(shared) = crate::shared_data("recorded_utterances_and_articles_are_read_as_their_language") else { return };
    let record = |language, domain: &str, truth: &str, groups: Vec<(&str, [[u64; 4]; 3])>| ValidationRecord {
        scorer: AnswerLanguage.id().to_owned(),
        scorer_version: AnswerLanguage.version(),
        measure: "language".to_owned(),
        domain: domain.to_owned(),
        language,
        truth: truth.to_owned(),
        held_out: true,
        categories: CATEGORIES.map(str::to_owned).to_vec(),
        groups: groups
            .into_iter()
            .map(|(group, rows)| GroupMatrix { group: group.to_owned(), counts: rows.map(|row| row.to_vec()).to_vec() })
            .collect(),
    };
    let none = [0; 4];
    let varieties = [
        ("standard", "de", 0.95),
        ("bavarian", "de-ba", 0.8),
        ("munich", "de-muc", 0.8),
        ("south-tyrolean", "de-st", 0.8),
        ("swiss", "gsw", 0.8),
    ];
    let read: Vec<_> = varieties.iter().map(|&(group, file, floor)| (group, utterances(&shared, file), floor)).collect();
    let english = utterances(&shared, "en");
    for &(group, row, floor) in &read {
        assert!(right(row, 0) > floor, "{group}: {row:?}");
    }
    assert!(right(english, 1) > 0.9, "{english:?}");
    let spoken = "variety of the parallel utterances of the xSID set; a dialect of German counts as German";
    let groups = read.into_iter().map(|(group, row, _)| (group, [row, none, none])).collect();
    hold_record("language-de-utterances", &record(Language::De, "utterances", spoken, groups));
    hold_record("language-en-utterances", &record(Language::En, "utterances", spoken, vec![("all", [none, english, none])]));

    let rows = [articles(&shared, &["de"]), articles(&shared, &["en"]), articles(&shared, &["fr", "es"])];
    assert!((0..3).all(|column| right(rows[column], column) > 0.95), "{rows:?}");
    let truth = "language of generated encyclopaedia texts, their first 100 characters; other: French and Spanish";
    hold_record("language-de-articles", &record(Language::De, "articles", truth, vec![("all", rows)]));
}
