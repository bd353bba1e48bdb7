use super::*;
use crate::score::choice::tests::{prompt, response};
use crate::store::{Language, Task};

/// (text, words, sentences), counted by hand.
const COUNTED: [(&str, usize, usize); 16] = [
    ("", 0, 0),
    ("…", 0, 0),
    ("Ja", 1, 1),
    ("Ja. Nein!", 2, 2),
    ("Im 19. Jahrhundert malte sie.", 5, 1),
    ("E. T. A. Hoffmann schrieb es. Und?", 7, 2),
    ("Dr. Kaya, Prof. Lind und ca. 20 Gäste kamen.", 9, 1),
    ("Der Maler starb 1906. Das Bild blieb.", 7, 2),
    ("Die Kurator:innen lachten – laut.", 4, 1),
    ("Wie bitte?! Was?", 3, 2),
    ("Mr. Ford and Mrs. Hill left. It rained.", 8, 2),
    ("It's well-known, isn't it?", 5, 1),
    ("She paid 3.50 euros.", 4, 1),
    ("So do I. He left.", 5, 2),
    ("Der a\u{308}lteste Saal", 3, 1),
    ("Eins.\nZwei.\n\nDrei", 3, 3),
];

#[test]
fn words_and_sentences_are_those_counted_by_hand() {
    for (text, expected_words, expected_sentences) in COUNTED {
        assert_eq!((words(text), sentences(text)), (expected_words, expected_sentences), "{text:?}");
    }
}

#[test]
fn an_empty_answer_has_no_words_which_is_a_number() {
    let readings = Length.read(&prompt(Language::De, Task::Generate { text: String::new() }), &response("", Vec::new()));
    let values: Vec<_> = readings.into_iter().map(|reading| (reading.measure, reading.value)).collect();
    assert_eq!(values, [("words", Value::Number(0.0)), ("sentences", Value::Number(0.0))]);
}

#[test]
fn a_megabyte_is_counted_in_a_moment() {
    for (sentence, count) in [("Ein Satz. ", 100_000), ("a", 1), ("1. ", 1)] {
        let text = sentence.repeat(1_000_000 / sentence.len());
        let start = std::time::Instant::now();
        assert_eq!(sentences(&text), count);
        assert!(start.elapsed().as_secs() < 5);
    }
}

#[test]
fn the_record_states_the_counts_by_hand() {
    use crate::score::agreement::{AgreementRecord, correlations, tests::hold_record};
    for (name, measure) in [("words", 0), ("sentences", 1)] {
        let pairs = COUNTED.map(|(text, by_hand, by_hand_sentences)| match measure {
            0 => (words(text) as f64, by_hand as f64),
            _ => (sentences(text) as f64, by_hand_sentences as f64),
        });
        let (pearson, spearman) = correlations(&pairs).unwrap();
        let record = AgreementRecord {
            scorer: Length.id().to_owned(),
            scorer_version: Length.version(),
            measure: name.to_owned(),
            domain: "short-answers".to_owned(),
            language: Language::De,
            truth: "counted by hand on short texts of this project, German and English, chosen for hard places".to_owned(),
            held_out: false,
            compared: pairs.len() as u64,
            missing: 0,
            pearson,
            spearman,
        };
        hold_record(&format!("length-{name}"), &record);
    }
}
