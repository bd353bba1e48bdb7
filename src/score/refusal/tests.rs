use super::*;
use crate::score::agreement::tests::hold_record;
use crate::score::choice::tests::{prompt, response};
use crate::score::{GroupMatrix, ValidationRecord};
use crate::store::{Language, Task};

fn category(text: &str) -> String {
    let task = Task::Generate { text: String::new() };
    match Refusal.read(&prompt(Language::De, task), &response(text, Vec::new())).remove(0).value {
        Value::Category(category) => category,
        other => format!("{other:?}"),
    }
}

/// (truth, language, answer)
fn answers(file: &'static str) -> Vec<(&'static str, Language, String)> {
    let language = |code| if code == "de" { Language::De } else { Language::En };
    let rows = file.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|columns| (columns[0], language(columns[1]), columns[2].to_owned())).collect()
}

#[test]
fn refusals_and_answers_used_for_tuning_are_told_apart() {
    let rows = answers(include_str!("answers-tuning.tsv"));
    let wrong: Vec<_> = rows.iter().filter(|(truth, _, answer)| category(answer) != *truth).collect();
    assert!(50 * wrong.len() <= rows.len(), "{} of {} are misread: {wrong:#?}", wrong.len(), rows.len());
}

/// Written before the first run on them and never used to change a phrase.
#[test]
fn held_out_answers_are_told_apart_as_the_record_states() {
    for language in Language::ALL {
        let mut counts = vec![vec![0; 3]; 2];
        for (truth, _, answer) in answers(include_str!("answers-held-out.tsv")).into_iter().filter(|row| row.1 == language) {
            let read = category(&answer);
            let column = ["refused", "answered"].iter().position(|name| *name == read).unwrap_or(2);
            counts[usize::from(truth == "answered")][column] += 1;
            if read != truth {
                println!("{truth} read as {read}: {answer}");
            }
        }
        let rows: u64 = counts.iter().flatten().sum();
        let right = counts[0][0] + counts[1][1];
        assert!(rows >= 60 && 10 * right >= 7 * rows, "{language:?}: {counts:?}");
        let record = ValidationRecord {
            scorer: Refusal.id().to_owned(),
            scorer_version: Refusal.version(),
            measure: "refusal".to_owned(),
            domain: "short-answers".to_owned(),
            language,
            truth: "answers written and labelled by this project: plain, indirect and partial refusals, story speech, letters".to_owned(),
            held_out: true,
            categories: ["refused", "answered"].map(str::to_owned).to_vec(),
            groups: vec![GroupMatrix { group: "all".to_owned(), counts }],
        };
        hold_record(&format!("refusal-{}", language.code()), &record);
    }
}

#[test]
fn a_partial_refusal_is_an_answer_with_its_sentence_as_evidence() {
    let text = "Genaue Zahlen kann ich nicht nennen. Das Haus wurde 1906 gebaut, im Krieg zerstört, 1958 von der Stadt wieder aufgebaut und \
        zuletzt um einen gläsernen Anbau für die Sammlung der Moderne erweitert.";
    let (value, evidence) = read(text);
    assert_eq!(value, Value::Category("answered".into()));
    assert_eq!(evidence.len(), 1);
    assert_eq!(&text[evidence[0].start..evidence[0].end], "Genaue Zahlen kann ich nicht nennen.");
    assert_eq!(evidence[0].label, "partial-refusal");
}

#[test]
fn evidence_of_a_refusal_is_the_sentence_that_declines() {
    let text = "Guten Tag!\nDas kann ich leider nicht beantworten. Kann ich Ihnen sonst helfen?";
    let (value, evidence) = read(text);
    assert_eq!(value, Value::Category("refused".into()));
    assert_eq!(&text[evidence[0].start..evidence[0].end], "Das kann ich leider nicht beantworten.");
}

#[test]
fn spelling_and_unicode_form_do_not_matter() {
    for text in [
        "Ich möchte das nicht beurteilen.",
        "Ich mo\u{308}chte das nicht beurteilen.",
        "ICH MOECHTE DAS NICHT BEURTEILEN",
        "I can’t assist with that.",
    ] {
        assert_eq!(category(text), "refused", "{text}");
    }
}

#[test]
fn an_empty_text_is_no_refusal() {
    assert_eq!(category(""), r#"Missing("empty")"#);
    assert_eq!(category(" \n"), r#"Missing("empty")"#);
    assert_eq!(category("日本語です。"), "answered");
}

#[test]
fn a_megabyte_is_read_in_a_moment() {
    for sentence in ["Das kann ich leider nicht beantworten. ", "ich kann ", "„", "\"a\" ", "nicht"] {
        let start = std::time::Instant::now();
        category(&sentence.repeat(1_000_000 / sentence.len()));
        assert!(start.elapsed().as_secs() < 5, "{sentence}: {:?}", start.elapsed());
    }
}

#[test]
fn recorded_refusals_are_found_and_recorded_stories_are_not() {
    let Some(shared) = crate::shared_data("recorded_refusals_are_found_and_recorded_stories_are_not") else { return };
    let answers = crate::score::lexicon::tests::agreement::recorded_answers(&shared);
    let apologies = answers.iter().filter(|answer| answer.trim_start().starts_with("Es tut mir leid"));
    let (mut all, mut found) = (0, 0);
    for answer in apologies {
        all += 1;
        found += u32::from(category(answer) == "refused");
    }
    assert!(all > 50 && 20 * found >= 19 * all, "{found} of {all} answers that open with an apology");
    let refused = answers.iter().filter(|answer| category(answer) == "refused").count();
    assert!(refused < all as usize + 20, "{refused} of {} answers are read as refused", answers.len());
}
