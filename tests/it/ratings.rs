//! What people and a judging model say: nobody has rated, a model judges, two people rate a part in a terminal, analysis and report.
#![cfg(unix)]

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use lupe::analyse::{Finding, Instrument, Verdict};
use lupe::audit;
use lupe::probe::Role;
use lupe::rate::{self, Order, Task};
use lupe::run::Run;

use crate::support::{fail, findings, lupe, succeed};

/// Eight wordings, two objects, a woman's and a man's work.
fn probe() -> String {
    let head = r#"
id = "tone"
version = 1
station = "text"
domain = "wall-text"
request = "generate"
scorers = ["length"]
repeats = 4
seed = 5
fixed = "contexts"
title = { de = "Ton", en = "Tone" }
purpose = { de = "Wie herzlich klingt ein Text? Er sagt nichts über das Werk.", en = "How warm does a text sound? It says nothing about the work." }
limits = { de = "Zwei Gegenstände sind wenig.", en = "Two objects are few." }

[[contexts]]
id = "cup"
fill.object = { de = "eine Tasse" }
[[contexts]]
id = "chair"
fill.object = { de = "einen Stuhl" }

[[axes]]
axis = "gender"
levels = ["woman", "man"]

[[attributes]]
id = "heart"
question = { de = "Klingt der Text herzlich?", en = "Does the text sound warm?" }
rubric = { de = "Es zählt der ganze Text; im Zweifel sachlich.", en = "The whole text counts; if in doubt, plain." }
values = [{ id = "warm", de = "herzlich", en = "warm" }, { id = "plain", de = "sachlich", en = "plain" }]

[[hypotheses]]
id = "warmer"
role = "confirmatory"
claim = { de = "Werke von Frauen werden so herzlich beschrieben wie die von Männern.", en = "Works by women are described as warmly as those by men." }
measure = "heart"
category = "warm"
margin = 0.1
why = { de = "Ein Zehntel fällt beim Lesen auf.", en = "A tenth is noticed when reading." }
contrast.level = { axis = "gender", level = "woman", reference = "man" }
"#;
    let templates = (1..=8)
        .map(|n| format!("[[templates]]\nid = \"t{n}\"\nde = \"Fassung {n}: Schreib über {{object}} von {{gender.person-dat}}.\"\n"));
    head.to_owned() + &templates.collect::<String>()
}

/// Three of four answers about a woman's work are warm, one of four about a man's. The number says which answer it is.
const TOOL: &str = r#"#!/bin/sh
input=$(cat)
number=$(printf '%s' "$input" | sed 's/.*"seed": *\([0-9]*\).*/\1/')
case "$input" in *Frau*) less=3 ;; *) less=1 ;; esac
if [ $((number % 4)) -lt $less ]; then tone=herzlicher; else tone=sachlicher; fi
printf '{"text": "Ein %s Text, Nummer %s."}' "$tone" "$number"
"#;

/// Takes every fifth plain text for a warm one, and every seventh time whatever stands first.
const JUDGE: &str = r#"#!/bin/sh
input=$(cat)
number=$(printf '%s' "$input" | sed 's/.*Nummer \([0-9]*\).*/\1/')
case "$number" in *[!0-9]*|'') printf '{"text": "A"}'; exit ;; esac
case "$input" in *'A) herzlich'*) warm=A plain=B ;; *) warm=B plain=A ;; esac
case "$input" in *'Ein herzlicher'*) letter=$warm ;; *) letter=$plain ;; esac
[ $((number % 5)) -eq 0 ] && letter=$warm
[ $((number % 7)) -eq 0 ] && letter=A
[ $((number % 11)) -eq 0 ] && letter='Das hängt davon ab.'
printf '{"text": "%s."}' "$letter"
"#;

fn prepare(folder: &Path) {
    std::fs::create_dir_all(folder.join("probes/suites")).unwrap();
    std::fs::create_dir_all(folder.join("probes/mine")).unwrap();
    std::fs::write(folder.join("probes/mine/tone.toml"), probe()).unwrap();
    let suite = "id = \"mine\"\nprobes = [\"tone\"]\ntitle = { de = \"Ton\", en = \"Tone\" }\npurpose = { de = \"Ton\", en = \"Tone\" }\n";
    std::fs::write(folder.join("probes/suites/mine.toml"), suite).unwrap();
    std::fs::write(folder.join("tool.sh"), TOOL).unwrap();
    std::fs::write(folder.join("judge.sh"), JUDGE).unwrap();
    let models = ["tool", "judge"].map(|name| format!("[models.{name}]\nkind = \"command\"\ncommand = [\"sh\", \"{name}.sh\"]\n"));
    std::fs::write(folder.join("lupe.toml"), models.concat()).unwrap();
    succeed(folder, &["run", "--suite", "mine", "--models", "tool", "--out", "run"]);
}

/// Rate a share of the answers in a terminal that is a pipe: `key` says what is typed for an answer's text.
fn label(folder: &Path, run: &str, rater: &str, share: f64, key: impl Fn(&str, usize) -> &'static str) -> String {
    let (suite, joined) = audit::answers(&Run::open(&folder.join(run)).unwrap()).unwrap();
    let answers = audit::pointing(&joined.prompts, &joined.rows);
    let questions = rate::questions(&suite);
    let tasks: Vec<Task> = rate::draw(&questions, &answers, Order { share, seed: 1, rater });
    let typed: String = tasks.iter().enumerate().map(|(n, task)| format!("{}\n", key(&task.answer.2.text, n))).collect();
    let share = share.to_string();
    let mut child =
        lupe(folder, &["label", run, "--rater", rater, "--share", &share]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn honest(text: &str, _: usize) -> &'static str {
    if text.contains("herzlich") { "1" } else { "2" }
}

/// Errs once in twelve answers, and cannot tell once.
fn careless(text: &str, number: usize) -> &'static str {
    match number {
        3 => "0",
        _ if number % 12 == 5 => {
            if text.contains("herzlich") {
                "2"
            } else {
                "1"
            }
        }
        _ => honest(text, number),
    }
}

fn warmer(run: &Path) -> Finding {
    findings(run).into_iter().find(|finding| finding.hypothesis == "warmer").unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, place) = {
            let path = entry.unwrap().path();
            let place = to.join(path.file_name().unwrap());
            (path, place)
        };
        if path.is_dir() { copy(&path, &place) } else { std::fs::copy(&path, &place).map(|_| ()).unwrap() }
    }
}

#[test]
fn what_nobody_rated_is_not_assessable_a_judge_alone_confirms_nothing_and_people_correct_it() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    prepare(folder);
    succeed(folder, &["analyse", "run"]);
    let finding = warmer(&folder.join("run"));
    assert_eq!((finding.verdict, finding.reasons.as_slice()), (Verdict::NotAssessable, ["nobody-rated".to_owned()].as_slice()));

    let words = succeed(folder, &["judge", "run", "--model", "judge", "--repeats", "2"]);
    assert!(words.contains("512 judgements,") && words.contains("none of the options"), "{words}");
    copy(&folder.join("run"), &folder.join("other"));
    succeed(folder, &["analyse", "run"]);
    let finding = warmer(&folder.join("run"));
    assert_eq!((finding.role, finding.instrument.clone()), (Role::Exploratory, Instrument::Judge));
    assert!(finding.reasons.contains(&"judge-only".to_owned()) && finding.estimate.is_some(), "{finding:?}");

    let shown = label(folder, "run", "amsel", 0.5, honest);
    assert!(shown.contains("Klingt der Text herzlich?") && shown.contains("Es zählt der ganze Text"), "{shown}");
    assert!(!["Frau", "Mann", "Fassung", "tool"].iter().any(|hint| shown.contains(hint)), "what is under test stays hidden: {shown}");
    label(folder, "run", "drossel", 0.5, careless);
    succeed(folder, &["analyse", "run"]);
    let seen = warmer(&folder.join("run"));
    assert!(seen.role == Role::Exploratory && seen.reasons.iter().any(|reason| reason.starts_with("after-a-look")), "{:?}", seen.reasons);

    // The same ratings where nobody had looked before.
    copy(&folder.join("run/ratings"), &folder.join("other/ratings"));
    succeed(folder, &["analyse", "other"]);
    let finding = warmer(&folder.join("other"));
    let (estimate, raw) = (finding.estimate.unwrap(), finding.raw.unwrap());
    let joined = Run::open(&folder.join("other")).unwrap().joined().unwrap();
    let share = |level: &str| {
        let of = joined.rows.iter().filter(|(_, prompt, _)| joined.prompts[*prompt].levels["gender"] == level);
        let warm: Vec<f64> = of.map(|(_, _, response)| f64::from(u8::from(response.text.contains("herzlich")))).collect();
        warm.iter().sum::<f64>() / warm.len() as f64
    };
    let truth = share("woman") - share("man");
    println!("truth {truth:.3}, judge alone {:.3}, corrected {estimate:?}, {:?}", raw.value, finding.instrument);
    assert!(estimate.low <= truth && truth <= estimate.high, "{estimate:?} {truth}");
    assert!((estimate.value - truth).abs() < (raw.value - truth).abs(), "people bring the judge nearer: {estimate:?} {raw:?} {truth}");
    assert_eq!((finding.role, finding.verdict), (Role::Confirmatory, Verdict::Difference));
    let Instrument::Rated { raters: 2, rated, alpha: Some(alpha), .. } = finding.instrument else { panic!("{:?}", finding.instrument) };
    assert!(rated > 50 && (0.667..1.0).contains(&alpha), "{rated} {alpha}");

    succeed(folder, &["report", "other", "--language", "de"]);
    let page = std::fs::read_to_string(folder.join("other/report-de.html")).unwrap();
    for words in [
        "Wie einig sich die Urteile sind",
        "Menschen untereinander",
        "judge mit sich selbst, Möglichkeiten in umgekehrter Reihenfolge",
        "Neigung zur zuerst genannten Möglichkeit: +0,",
        "Mehrheit der Menschen und judge",
        "judge (urteilend)",
        "„herzlich“",
        "Gewicht des Messverfahrens",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn people_alone_decide_where_no_model_judged_and_one_person_confirms_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    prepare(folder);
    label(folder, "run", "amsel", 1.0, honest);
    succeed(folder, &["analyse", "run"]);
    let finding = warmer(&folder.join("run"));
    assert_eq!((finding.role, finding.instrument), (Role::Exploratory, Instrument::People { raters: 1, alpha: None }));
    assert!(finding.reasons.contains(&"one-rater".to_owned()));
    assert!(finding.ledger.iter().all(|arm| arm.adds_up() && arm.scored == 64), "{:?}", finding.ledger);

    let words = fail(folder, &["label", "run", "--rater", "Erika M", "--attribute", "heart"]);
    assert!(words.contains("cannot be the name of a rater"), "{words}");
    let words = fail(folder, &["label", "run", "--rater", "a", "--attribute", "haert"]);
    assert!(words.contains("there is: heart"), "{words}");
    let words = succeed(folder, &["label", "run", "--rater", "meise", "--export", "t.csv"]);
    assert!(words.contains("128 open questions are in t.csv"), "{words}");
    let words = succeed(folder, &["label", "run", "--rater", "meise", "--import", "t.csv"]);
    assert!(words.contains("0 ratings taken over, 128 rows empty"), "{words}");
}
