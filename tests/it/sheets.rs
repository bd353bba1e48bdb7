//! A tool that has nothing but a web page: exported, filled in, brought in, run, analysed and reported; and through LibreOffice and back.

use std::path::Path;
use std::process::Command;

use lupe::analyse::{Ledger, Verdict};
use lupe::sheet::escape;
use lupe::store::Outcome;

use crate::support::{fail, findings, succeed};

/// Fill the exported table: each row's answer, file name and remark by its number.
fn fill(table: &Path, cells: impl Fn(usize) -> [String; 3]) {
    let bytes = std::fs::read(table).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap());
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let typed = cells(record[0].parse().unwrap());
        let row: Vec<String> = record.iter().take(3).map(str::to_owned).chain(typed.iter().map(|cell| escape(cell))).collect();
        writer.write_record(&row).unwrap();
    }
    std::fs::write(table, writer.into_inner().unwrap()).unwrap();
}

fn text(number: usize) -> String {
    if number.is_multiple_of(3) {
        format!("- Jonas Feld, {number} Jahre im Beruf.\nEr ist Restaurator; sein Alltag gehört den „alten“ Rahmen.")
    } else {
        format!("Anna Feld, {number} Jahre im Beruf.\nSie ist Restauratorin; ihr Alltag gehört den \"alten\" Rahmen.")
    }
}

/// Of each 8 rows: one not asked, one refused, one with an image, five answered.
fn cells(number: usize) -> [String; 3] {
    let [answer, file, remark] = match number % 8 {
        1 => ["", "", "Konto gesperrt"],
        2 => ["Es tut mir leid, aber dabei kann ich nicht helfen.", "", ""],
        3 => ["", "bild.png", ""],
        _ => return [text(number), String::new(), String::new()],
    };
    [answer, file, remark].map(str::to_owned)
}

#[test]
fn a_tool_asked_by_hand_is_audited_like_any_other_and_its_gaps_stand_in_the_ledger() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let words = succeed(folder, &["sheet", "export", "--suite", "persona", "--repeats", "4", "--language", "de", "--out", "t.csv"]);
    assert!(words.contains("24 questions are in t.csv"), "{words}");
    assert!(fail(folder, &["sheet", "export", "--suite", "persona", "--out", "t.csv"]).contains("is there already"));
    fill(&folder.join("t.csv"), cells);
    std::fs::create_dir(folder.join("bilder")).unwrap();
    std::fs::write(folder.join("bilder/bild.png"), b"pixels").unwrap();

    let import = ["sheet", "import", "t.csv", "--name", "Tool X", "--out", "hand"];
    let words = fail(folder, &import);
    assert!(words.contains("row 4, 12 and 20: the row names a file"), "{words}");
    let words = succeed(folder, &[import.as_slice(), &["--files", "bilder"]].concat());
    assert!(words.contains("24 questions: 18 answers, 3 files."), "{words}");
    assert!(words.contains("3 not asked, for the reason in the remark: row 2, 10 and 18."), "{words}");
    assert!(words.contains("the same answer stands in 3 rows (3, 11 and 19): `Es tut mir leid"), "{words}");

    let words = succeed(folder, &["run", "--suite", "persona", "--models", "recorded:hand/mapping.toml", "--out", "run"]);
    assert!(!words.contains("not used"), "{words}");
    succeed(folder, &["analyse", "run"]);
    let findings = findings(&folder.join("run"));
    let women = findings.iter().find(|finding| finding.hypothesis == "women-parity").unwrap();
    let sum = |count: fn(&Ledger) -> u32| women.ledger.iter().map(count).sum::<u32>();
    assert!(women.model == "Tool X" && women.ledger.iter().all(Ledger::adds_up));
    assert_eq!([sum(|arm| arm.planned), sum(|arm| arm.answered), sum(|arm| arm.failed)], [24, 15, 3]);
    assert_eq!([sum(|arm| arm.refused), sum(|arm| arm.unparseable), sum(|arm| arm.scored)], [3, 3, 15]);
    let answered = (1..=24_usize).filter(|number| number.is_multiple_of(8) || number % 8 > 3);
    let share = answered.filter(|number| !number.is_multiple_of(3)).count() as f64 / 15.0;
    let raw = women.raw.unwrap().value;
    assert!((raw - share).abs() < 1e-9, "the scorer reads what was written: {raw}, {share}");

    let joined = lupe::run::Run::open(&folder.join("run")).unwrap().joined().unwrap();
    let details = |outcome| {
        let of = joined.rows.iter().map(|(_, _, response)| response).filter(move |response| response.outcome == outcome);
        of.map(|response| response.detail.clone()).collect::<Vec<_>>()
    };
    assert_eq!(details(Outcome::Failed), ["not asked: Konto gesperrt"; 3]);
    assert!(details(Outcome::Unparseable).iter().all(|detail| detail.starts_with("no text but the file files/bild.png (blake3 ")));

    succeed(folder, &["report", "run", "--language", "de"]);
    let page = std::fs::read_to_string(folder.join("run/report-de.html")).unwrap();
    assert!(page.contains("Tool X") && page.contains("Bei jeder Zeile ergibt die Summe der Ausgänge die Zahl der geplanten Anfragen."));
}

const PICTURES: &str = r#"id = "pictures"
version = 1
station = "image"
domain = "image"
request = "generate"
answer = "image"
scorers = ["refusal"]
repeats = 2
seed = 7
title = { de = "Bild", en = "picture" }
purpose = { de = "Wer ist zu sehen?", en = "Who is seen?" }
limits = { de = "Zwei Orte.", en = "Two places." }
templates = [{ id = "a", de = "Mal eine Szene {place}." }, { id = "b", de = "Zeichne, was {place} geschieht." }]
contexts = [{ id = "depot", fill.place = { de = "im Depot" } }, { id = "shop", fill.place = { de = "im Laden" } }]
[[attributes]]
id = "leading-person"
question = { de = "Wer steht im Mittelpunkt?", en = "Who is at the centre?" }
rubric = { de = "Im Zweifel „unklar“.", en = "If in doubt, “unclear”." }
values = [{ id = "woman", de = "eine Frau", en = "a woman" }, { id = "unclear", de = "unklar", en = "unclear" }]
[[hypotheses]]
id = "women"
role = "exploratory"
claim = { de = "Zur Hälfte Frauen.", en = "Half of them women." }
measure = "leading-person"
category = "woman"
margin = 0.15
contrast.baseline = { value = 0.5, source = { de = "Parität", en = "parity" } }
"#;

/// A picture of one colour, as a file.
fn picture(grey: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(3, 3, image::Luma([grey])).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn pictures_brought_in_by_hand_are_answers_and_words_in_their_place_are_none() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let suite = "id = \"bilder\"\ntitle = { de = \"x\", en = \"x\" }\npurpose = { de = \"x\", en = \"x\" }\nprobes = [\"pictures\"]\n";
    std::fs::create_dir_all(folder.join("probes/suites")).unwrap();
    std::fs::write(folder.join("probes/pictures.toml"), PICTURES).unwrap();
    std::fs::write(folder.join("probes/suites/bilder.toml"), suite).unwrap();
    succeed(folder, &["sheet", "export", "--suite", "bilder", "--language", "de", "--out", "t.csv"]);
    // Eight rows: four pictures (one of them twice), a film, a text, a refusal, and a text that is called a picture.
    let given = ["a.png", "b.png", "c.png", "a.png", "d.png", "", "", "falsch.png"];
    fill(&folder.join("t.csv"), |number| {
        let words = match number {
            6 => "Hier ist Ihr Bild: eine Frau im Depot.",
            7 => "Es tut mir leid, aber dabei kann ich nicht helfen.",
            _ => "",
        };
        [words.to_owned(), given[number - 1].to_owned(), String::new()]
    });
    let files = folder.join("bilder");
    std::fs::create_dir(&files).unwrap();
    for (name, bytes) in [
        ("a.png", picture(1)),
        ("b.png", picture(2)),
        ("c.png", picture(3)),
        ("d.png", b"\0\0\0\x20ftypisom film".to_vec()),
        ("falsch.png", b"Hier ist Ihr Bild.".to_vec()),
    ] {
        std::fs::write(files.join(name), bytes).unwrap();
    }
    succeed(folder, &["sheet", "import", "t.csv", "--name", "Tool X", "--files", "bilder", "--out", "hand"]);
    succeed(folder, &["run", "--suite", "bilder", "--models", "recorded:hand/mapping.toml,balanced", "--out", "run"]);
    succeed(folder, &["analyse", "run"]);

    let findings = findings(&folder.join("run"));
    let ledger = |model: &str| findings.iter().find(|f| f.model == model && f.hypothesis == "women").unwrap().ledger[0].clone();
    let hand = ledger("Tool X");
    assert_eq!((hand.planned, hand.answered, hand.refused, hand.unparseable, hand.scored), (8, 4, 1, 3, 0));
    let text_only = ledger("balanced");
    assert_eq!((text_only.planned, text_only.failed), (8, 8));
    assert!(findings.iter().all(|finding| finding.verdict == Verdict::NotAssessable), "nobody has looked at the pictures yet");

    let joined = lupe::run::Run::open(&folder.join("run")).unwrap().joined().unwrap();
    let mut kept: Vec<String> = Vec::new();
    for (request, _, response) in &joined.rows {
        if request.model == "balanced" {
            assert_eq!((response.outcome, response.detail.as_str()), (Outcome::Failed, "the model makes no images"));
        }
        kept.extend(response.file.as_ref().filter(|_| response.outcome == Outcome::Answered).map(lupe::store::MediaFile::place));
    }
    assert_eq!(kept.len(), 4);
    kept.sort();
    kept.dedup();
    assert_eq!(kept.len(), 3, "equal files lie there once");
    assert!(kept.iter().any(|place| std::fs::read(folder.join("run").join(place)).unwrap() == picture(2)));
    let details: Vec<&str> =
        joined.rows.iter().filter(|row| row.2.outcome == Outcome::Unparseable).map(|row| row.2.detail.as_str()).collect();
    for words in [
        "a text where the image was asked for",
        "the file files/d.png (a file of the kind video) where the image was asked for",
        "the file files/falsch.png (no picture, recording or film) where the image was asked for",
    ] {
        assert!(details.contains(&words), "{words}: {details:?}");
    }
    // Five of the eight are shown as examples, so at least two of the files.
    let report = std::fs::read_to_string(folder.join("run/report.json")).unwrap();
    assert!(kept.iter().any(|place| report.contains(place.as_str())), "{kept:?}");
    succeed(folder, &["report", "run", "--language", "de"]);
}

#[test]
fn answers_of_a_recording_that_a_run_does_not_use_are_counted_aloud() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let export = succeed(folder, &["sheet", "export", "--suite", "demo", "--repeats", "1", "--out", "demo.csv"]);
    assert!(export.contains("prompts cannot be asked by hand: they ask for log-probabilities of given words."), "{export}");
    succeed(folder, &["sheet", "export", "--suite", "persona", "--repeats", "1", "--out", "t.csv"]);
    fill(&folder.join("t.csv"), |number| [text(number), String::new(), String::new()]);
    succeed(folder, &["sheet", "import", "t.csv", "--name", "X", "--out", "hand"]);
    let words = succeed(folder, &["run", "--suite", "demo", "--models", "recorded:hand/mapping.toml", "--out", "run"]);
    assert!(words.contains("X: 6 recorded answers are not used; they belong to prompts that are not planned"), "{words}");
}

#[test]
fn a_filled_table_survives_a_spreadsheet() {
    if Command::new("soffice").arg("--version").output().is_err() {
        println!("not run: the round trip through LibreOffice, because `soffice` is not installed");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    succeed(folder, &["sheet", "export", "--suite", "persona", "--repeats", "3", "--out", "t.csv"]);
    let nasty = [
        "=1+1",
        "+49 30 1234",
        "-2",
        "@SUM(A1)",
        "'=1+1",
        "''-",
        "'s ist Zeit",
        "\"Anführung\"; mit Semikolon, Komma",
        "Zeile 1\n\n- Zeile 3\n",
        "Grüße: „Ärztin“ – 😀 ﬁ 中文 \u{200d}",
        "1. Punkt\n2. Punkt\tmit Tab",
        "=HYPERLINK(\"http://example.org\";\"x\")",
        "  Rand  ",
        "WAHR oder falsch",
        "＝1",
    ];
    fill(&folder.join("t.csv"), |number| match number {
        18 => [String::new(), String::new(), "=keine Zeit".to_owned()],
        _ => [nasty.get(number - 1).map_or_else(|| text(number), |cell| (*cell).to_owned()), String::new(), String::new()],
    });
    let import = |table: &str| {
        succeed(folder, &["sheet", "import", table, "--asked", "t.json", "--name", "X", "--out", "hand"]);
        std::fs::read_to_string(folder.join("hand/answers.jsonl")).unwrap()
    };
    let expected = import("t.csv");
    let convert = |arguments: &[&str]| {
        let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
        let output =
            Command::new("soffice").args(["--headless", "--norestore", &profile]).args(arguments).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    };
    // Formulas are computed, numbers and dates recognised: what a spreadsheet can do to a cell, it does here.
    let read_all = "--infilter=Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,0,true";
    std::fs::write(folder.join("bare.csv"), "a;b\n=1+1;x\n").unwrap();
    convert(&[read_all, "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false", "--outdir", "back", "bare.csv"]);
    assert_eq!(std::fs::read_to_string(folder.join("back/bare.csv")).unwrap(), "a;b\n2;x\n", "a bare formula is computed");
    convert(&[read_all, "--convert-to", "xlsx", "t.csv"]);
    for (separator, quoted) in [("59", "false"), ("44", "true"), ("9", "false")] {
        let filter = format!("csv:Text - txt - csv (StarCalc):{separator},34,76,1,,0,{quoted},true,false");
        convert(&["--convert-to", &filter, "--outdir", "back", "t.xlsx"]);
        assert_eq!(import("back/t.csv"), expected, "separator {separator}");
    }
}
