use std::io::Cursor;

use super::*;
use crate::lang::wording::Wording;
use crate::probe::{AnswerKind, Bilingual};
use crate::store::{Expect, Language, Outcome, Prompt, Request, Response, Sampling, Task as Asked};

fn both(text: &str) -> Bilingual {
    Bilingual { de: text.to_owned(), en: format!("{text} (en)") }
}

fn question() -> Question {
    let value = |id: &str| Value { id: id.to_owned(), name: both(&format!("Wert {id}")) };
    Question {
        probe: "p".to_owned(),
        attribute: "who".to_owned(),
        text: both("Wer?"),
        rubric: both("Im Zweifel niemand."),
        values: vec![value("woman"), value("man"), value("nobody")],
        answer: AnswerKind::Text,
        asked: Default::default(),
    }
}

fn prompts() -> Vec<Prompt> {
    let prompt = |level: &str| Prompt {
        id: format!("prompt-{level}"),
        probe: "p".to_owned(),
        probe_version: 1,
        template: "t".to_owned(),
        context: String::new(),
        language: Language::De,
        levels: [("gender".to_owned(), level.to_owned())].into(),
        pair: String::new(),
        task: Asked::Generate { text: format!("GEHEIM {level}") },
        expect: Expect::default(),
    };
    vec![prompt("left"), prompt("right")]
}

/// `number` answers to each prompt; each tenth was not answered.
fn answers(prompts: &[Prompt], number: u32) -> Vec<Answer<'_>> {
    let answer = |prompt: &'_ Prompt, repeat: u32| {
        let request = Request {
            id: format!("{}-{repeat:03}", prompt.id),
            prompt: prompt.id.clone(),
            model: "MODELL".to_owned(),
            fingerprint: String::new(),
            sampling: Sampling::default(),
            seed: 0,
            repeat,
        };
        let outcome = if repeat % 10 == 9 { Outcome::Failed } else { Outcome::Answered };
        let response = Response { outcome, text: format!("Antwort {repeat}"), ..Response::without_answer(&request.id, outcome, "") };
        (request, response)
    };
    prompts.iter().flat_map(|prompt| (0..number).map(move |repeat| (prompt, answer(prompt, repeat)))).map(|(p, (q, r))| (q, p, r)).collect()
}

fn order(rater: &str, share: f64) -> Order<'_> {
    Order { share, seed: 1, rater }
}

fn rate(folder: &Path, rater: &str, typed: &str) -> (Ended, String) {
    let (questions, prompts) = ([question()], prompts());
    let answers = answers(&prompts, 10);
    let tasks = draw(&questions, &answers, order(rater, 0.5));
    let mut book = Book::open(folder, rater).unwrap();
    let mut shown = Vec::new();
    let view = View { folder, opener: None, wording: Wording::of(Language::De), with_prompt: false };
    let ended = dialog(&tasks, &mut book, view, &mut Cursor::new(typed), &mut shown).unwrap();
    (ended, String::from_utf8(shown).unwrap())
}

#[test]
fn every_rater_gets_the_same_answers_of_each_arm_in_an_order_of_their_own() {
    let (questions, prompts) = ([question()], prompts());
    let answers = answers(&prompts, 40);
    let ids = |rater: &str, share: f64| {
        draw(&questions, &answers, order(rater, share)).iter().map(|task| task.answer.0.id.clone()).collect::<Vec<_>>()
    };
    let (first, second, more) = (ids("a", 0.25), ids("b", 0.25), ids("a", 0.5));
    assert_ne!(first, second);
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort();
        ids
    };
    assert_eq!(sorted(&first), sorted(&second));
    assert_eq!((first.len(), more.len()), (18, 36), "a quarter and a half of 36 answers in each of two arms");
    assert_eq!(first.iter().filter(|id| id.contains("left")).count(), 9);
    assert!(first.iter().all(|id| more.contains(id)), "a larger share holds the smaller one");
}

#[test]
fn a_session_goes_on_where_it_stopped_and_the_last_word_counts() {
    let home = tempfile::tempdir().unwrap();
    // Two answers, back to the second and another word, a typing error, cannot tell, stop.
    let (ended, shown) = rate(home.path(), "a", "1\n2\nu\n3\nx\n0\nq\n");
    assert_eq!(ended, Ended::Stopped(7));
    assert!(shown.contains("Bitte eine Zahl von 0 bis 3") && shown.contains("*2  Wert man"), "{shown}");
    assert!(!shown.contains("GEHEIM") && !shown.contains("MODELL") && !shown.contains("left"), "blind: {shown}");
    let (ended, shown) = rate(home.path(), "a", &"1\n".repeat(7));
    assert_eq!(ended, Ended::Done);
    assert!(shown.contains("Antwort 4 von 10"), "{shown}");
    let book = &book::read(home.path()).unwrap()["a"];
    let count = |said: &Said| book.values().filter(|rating| rating.said == *said).count();
    let value = |id: &str| Said::Value(id.to_owned());
    assert_eq!([count(&value("woman")), count(&value("man")), count(&value("nobody")), count(&Said::CannotTell)], [8, 0, 1, 1]);
    assert_eq!(rate(home.path(), "a", "").0, Ended::Done);
}

#[test]
fn where_the_rule_names_what_was_asked_it_is_shown_without_what_is_under_test() {
    let home = tempfile::tempdir().unwrap();
    let prompts = prompts();
    let asked = prompts.iter().map(|prompt| (prompt.id.clone(), "Ein Brief an […]".to_owned())).collect();
    let (questions, answers) = ([Question { asked, ..question() }], answers(&prompts, 1));
    let tasks = draw(&questions, &answers, order("a", 1.0));
    let (mut book, mut shown) = (Book::open(home.path(), "a").unwrap(), Vec::new());
    let view = View { folder: home.path(), opener: None, wording: Wording::of(Language::De), with_prompt: false };
    dialog(&tasks, &mut book, view, &mut Cursor::new("q\n"), &mut shown).unwrap();
    let table = home.path().join("t.csv");
    export(&tasks, home.path(), &book, Wording::of(Language::De), &table).unwrap();
    for text in [String::from_utf8(shown).unwrap(), std::fs::read_to_string(table).unwrap()] {
        assert!(text.contains("Ein Brief an […]"), "{text}");
        assert!(!text.contains("GEHEIM") && !text.contains("MODELL"), "blind: {text}");
    }
    assert_ne!(questions[0].hash(), question().hash(), "who read more was asked something else");
}

#[test]
fn a_book_killed_in_the_middle_of_a_line_loses_that_line_only() {
    let home = tempfile::tempdir().unwrap();
    rate(home.path(), "a", "1\n2\n3\n");
    let path = home.path().join("ratings/a.jsonl");
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 20]).unwrap();
    assert_eq!(book::read(home.path()).unwrap()["a"].len(), 2);
    assert_eq!(rate(home.path(), "a", "3\n").0, Ended::Stopped(7));
    assert_eq!(book::read(home.path()).unwrap()["a"].len(), 3);
    let lines = std::fs::read_to_string(&path).unwrap();
    assert!(lines.ends_with('\n') && lines.lines().count() == 4, "{lines}");
}

#[test]
fn a_damaged_or_foreign_book_is_refused_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    rate(home.path(), "a", "1\n2\n");
    let path = home.path().join("ratings/a.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"request\"", "\"requst\"", 1)).unwrap();
    assert!(book::read(home.path()).unwrap_err().to_string().contains("line 2"));
    std::fs::write(&path, text.replacen("\"ratings\":1", "\"ratings\":2", 1)).unwrap();
    assert!(book::read(home.path()).unwrap_err().to_string().contains("newer version"));
    std::fs::rename(&path, home.path().join("ratings/b.jsonl")).unwrap();
    std::fs::write(home.path().join("ratings/b.jsonl"), text).unwrap();
    assert!(book::read(home.path()).unwrap_err().to_string().contains("belongs to rater `a`"));
    assert!(Book::open(home.path(), "Erika Mustermann").is_err());
}

#[test]
fn one_rater_has_one_window() {
    let home = tempfile::tempdir().unwrap();
    let book = Book::open(home.path(), "a").unwrap();
    assert!(Book::open(home.path(), "a").is_err_and(|error| error.to_string().contains("another window")));
    drop(book);
    assert!(Book::open(home.path(), "a").is_ok());
}

#[test]
fn what_most_people_said_counts_and_a_tie_does_not() {
    let home = tempfile::tempdir().unwrap();
    rate(home.path(), "a", &"1\n".repeat(10));
    rate(home.path(), "b", &"1\n".repeat(10));
    let (questions, prompts) = ([question()], prompts());
    let answers = answers(&prompts, 10);
    let read = || Rated::read(home.path(), &questions, &answers).unwrap();
    let rated = read();
    assert_eq!(rated.measurements.len(), 10);
    assert!(rated.measurements.iter().all(|m| m.value == crate::store::Value::Category("woman".to_owned()) && m.scorer == PEOPLE));
    let row = &rated.agreement[0];
    assert_eq!((&row.who, row.raters, row.units, row.alpha), (&Who::People, 2, 10, None));
    assert!(row.is_low(), "where nothing varies nothing was shown to be told apart");
    rate(home.path(), "c", &"2\n".repeat(10));
    rate(home.path(), "d", &"2\n".repeat(10));
    let rated = read();
    assert!(rated.measurements.iter().all(|m| m.value == crate::store::Value::Missing("no-majority".to_owned())));
    assert_eq!(rated.summaries[&("p".to_owned(), "who".to_owned())].people, 4);
    assert!(rated.agreement[0].alpha.unwrap() < 0.0);
}

#[test]
fn a_table_filled_in_by_hand_says_what_a_terminal_says() {
    let home = tempfile::tempdir().unwrap();
    let (questions, prompts) = ([question()], prompts());
    let answers = answers(&prompts, 10);
    let tasks = draw(&questions, &answers, order("a", 0.5));
    let (path, wording) = (home.path().join("t.csv"), Wording::of(Language::De));
    let mut book = Book::open(home.path(), "a").unwrap();
    assert_eq!(export(&tasks, home.path(), &book, wording, &path).unwrap(), 10);
    assert!(export(&tasks, home.path(), &book, wording, &path).is_err(), "it may hold ratings");
    let fill = |cells: &dyn Fn(usize) -> String| {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.trim_end().lines().enumerate();
        let filled: Vec<String> = lines
            .map(|(n, line)| if n == 0 { line.to_owned() } else { format!("{}{}", line.trim_end_matches(|c| c != ';'), cells(n)) })
            .collect();
        std::fs::write(&path, filled.join("\r\n")).unwrap();
    };
    fill(&|n| ["2", "Wert nobody", "0", ""].get(n - 1).unwrap_or(&"unfug").to_string());
    let error = import(&tasks, &mut book, wording, &path).unwrap_err().to_string();
    assert!(error.contains("row 6: `unfug` is none of the options") && book.said("who", &tasks[0].answer.0.id).is_none(), "{error}");
    fill(&|n| ["2", "Wert nobody", "0", ""].get(n - 1).unwrap_or(&"1").to_string());
    assert_eq!(import(&tasks, &mut book, wording, &path).unwrap(), (9, 1));
    assert_eq!(import(&tasks, &mut book, wording, &path).unwrap(), (0, 1), "the same table twice changes nothing");
    let said = |n: usize| book.said("who", &tasks[n].answer.0.id).cloned();
    assert_eq!((said(0), said(1)), (Some(Said::Value("man".to_owned())), Some(Said::Value("nobody".to_owned()))));
    assert_eq!((said(2), said(3), said(4)), (Some(Said::CannotTell), None, Some(Said::Value("woman".to_owned()))));
}
