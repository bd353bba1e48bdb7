//! Tables as people and their spreadsheets give them back.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tempfile::TempDir;

use super::*;
use crate::probe::Library;

fn asked(texts: &[&str]) -> Asked {
    let question = |(at, text): (usize, &&str)| Question {
        number: at + 1,
        id: format!("p{at}-1"),
        prompt: format!("p{at}"),
        repeat: 0,
        text: (*text).to_owned(),
    };
    Asked { lupe: "test".into(), suite: "s".into(), seed: 1, rows: texts.iter().enumerate().map(question).collect() }
}

/// A table in a folder, with what was asked beside it.
struct Desk(TempDir, Asked);

impl Desk {
    fn of(texts: &[&str]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap(), asked(texts));
        write(&desk.1, Language::De, &desk.path("t.csv")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The table with `cells` (answer, file name, remark) in it, as the person typed them.
    fn filled(&self, cells: &[[&str; 3]]) -> Vec<Vec<String>> {
        let bytes = std::fs::read(self.path("t.csv")).unwrap();
        let mut rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(&bytes[3..])
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        for (row, cells) in rows.iter_mut().skip(1).zip(cells) {
            row.iter_mut().skip(3).zip(cells).for_each(|(cell, typed)| *cell = escape(typed));
        }
        rows
    }

    fn save(&self, rows: &[Vec<String>], separator: u8) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    }

    fn import(&self, bytes: &[u8]) -> Result<(Imported, Vec<serde_json::Value>), String> {
        std::fs::write(self.path("filled.csv"), bytes).unwrap();
        let files = self.path("files").is_dir().then(|| self.path("files"));
        let imported =
            import(&self.path("filled.csv"), &self.path("t.json"), "Tool X", files.as_deref(), &self.path("out")).map_err(|error| {
                format!("{:?}", miette::Report::new(error)).split_whitespace().collect::<Vec<_>>().join(" ").replace("│ ", "")
            })?;
        let lines = std::fs::read_to_string(self.path("out/answers.jsonl")).unwrap();
        Ok((imported, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()))
    }

    fn answers(&self, rows: &[Vec<String>]) -> Result<(Imported, Vec<serde_json::Value>), String> {
        self.import(&self.save(rows, b';'))
    }
}

const QUESTIONS: [&str; 3] = ["Wer öffnet früh?", "- Wer prüft\ndie „Höhe“; und wie?", "Wer schließt?"];
const ANSWERS: [[&str; 3]; 3] = [["Sie, die \"Neue\";\nmit Schlüssel", "", ""], ["=1+1", "", "seltsam"], ["'s ist Jonas", "", ""]];

fn texts(rows: &[serde_json::Value]) -> Vec<&str> {
    rows.iter().map(|row| row["answer"].as_str().unwrap()).collect()
}

#[test]
fn a_table_comes_back_the_same_however_a_spreadsheet_saved_it() {
    let desk = Desk::of(&QUESTIONS);
    let rows = desk.filled(&ANSWERS);
    let expected = ANSWERS.map(|[answer, ..]| answer).to_vec();
    let plain = desk.save(&rows, b';');
    let text = String::from_utf8(plain.clone()).unwrap();
    let tabs = String::from_utf8(desk.save(&rows, b'\t')).unwrap();
    let utf16 = [0xff, 0xfe].into_iter().chain(tabs.encode_utf16().flat_map(u16::to_le_bytes));
    let mut turned = rows.clone();
    turned.iter_mut().for_each(|row| row.reverse());
    turned[1..].reverse();
    turned.push(vec![String::new(); 6]);
    let mut wider = rows.clone();
    wider.iter_mut().zip(["Wer", "Ada", "Ada", "Max"]).for_each(|(row, own)| row.insert(2, own.to_owned()));
    let mut shorter = rows.clone();
    shorter.iter_mut().for_each(|row| row.truncate(row.len() - usize::from(row[5].is_empty())));
    let forms = [
        plain,
        format!("\u{feff}{text}").into_bytes(),
        desk.save(&rows, b','),
        desk.save(&rows, b'\t'),
        utf16.collect(),
        desk.save(&turned, b';'),
        desk.save(&wider, b';'),
        desk.save(&shorter, b';'),
        text.replacen("Antwort", " ANTWORT", 1).into_bytes(),
    ];
    for (form, bytes) in forms.iter().enumerate() {
        let (imported, lines) = desk.import(bytes).unwrap_or_else(|error| panic!("form {form}: {error}"));
        assert_eq!(texts(&lines), expected, "form {form}");
        assert_eq!((imported.questions, imported.answers, lines[1]["detail"].as_str()), (3, 3, Some("seltsam")), "form {form}");
        assert_eq!(imported.notes, if form == 6 { vec!["columns that are not read: Wer".to_owned()] } else { vec![] });
    }
    // Line ends of Windows, in the cells too: those of an answer stay as they came.
    let (_, lines) = desk.import(text.replace('\n', "\r\n").as_bytes()).unwrap();
    assert_eq!(texts(&lines)[0], expected[0].replace('\n', "\r\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_answer_to_any_question_comes_back_exactly(
        question in any::<String>(),
        answer in prop_oneof![any::<String>(), "['=+@\t\r\n;,\"-]{1,6}.{0,9}"],
        remark in "[a-z=']{0,5}",
    ) {
        let wordless = |text: &str| text.trim().is_empty();
        prop_assume!(!wordless(&answer) && !wordless(&question) && question.trim() != answer.trim());
        let desk = Desk::of(&[&question]);
        let (_, lines) = desk.answers(&desk.filled(&[[&answer, "", &remark]])).map_err(TestCaseError::fail)?;
        prop_assert_eq!(texts(&lines), [answer.as_str()]);
        prop_assert_eq!(lines[0]["prompt"].as_str(), Some(question.as_str()));
        prop_assert_eq!(lines[0]["detail"].as_str(), Some(remark.as_str()));
    }
}

#[test]
fn a_table_in_windows_1252_is_read_only_where_its_questions_prove_it() {
    let desk = Desk::of(&QUESTIONS);
    let text = String::from_utf8(desk.save(&desk.filled(&ANSWERS), b';')).unwrap();
    let byte = |c: char| match c {
        '„' => 0x84,
        '“' => 0x93,
        other => u8::try_from(u32::from(other)).unwrap(),
    };
    let (imported, lines) = desk.import(&text.chars().map(byte).collect::<Vec<_>>()).unwrap();
    assert_eq!(texts(&lines)[0], ANSWERS[0][0]);
    assert!(imported.notes[0].contains("Windows-1252"), "{:?}", imported.notes);

    let macintosh: Vec<u8> = text.chars().map(|c| if c == 'ö' { 0x9a } else { byte(c) }).collect();
    assert!(desk.import(&macintosh).unwrap_err().contains("not saved in UTF-8"));
    let plain = Desk::of(&["Wer?"]);
    let answered = String::from_utf8(plain.save(&plain.filled(&[["Änne", "", ""]]), b';')).unwrap();
    let error = plain.import(&answered.chars().map(byte).collect::<Vec<_>>()).unwrap_err();
    assert!(error.contains("not saved in UTF-8"), "an answer alone proves no encoding: {error}");
    assert!(plain.import(b"PK\x03\x04...").unwrap_err().contains("is a workbook"));
}

#[test]
fn every_gap_is_named_and_becomes_a_failed_row() {
    let desk = Desk::of(&["a?", "b?", "c?", "d?"]);
    let mut rows = desk.filled(&[["Ja", "", ""], ["", "", "Konto gesperrt"], [" ", "", ""], ["(leer)", "", ""]]);
    let (imported, lines) = desk.answers(&rows).unwrap();
    assert_eq!((imported.explained, imported.unexplained, imported.answers), (vec![3], vec![4], 2));
    let outcomes: Vec<_> = lines.iter().map(|line| (line["outcome"].as_str().unwrap(), line["detail"].as_str().unwrap())).collect();
    let failed = |why| ("failed", why);
    assert_eq!(outcomes, [("answered", ""), failed("not asked: Konto gesperrt"), failed("not asked: no reason given"), ("empty", "")]);
    assert!(desk.answers(&desk.filled(&[])).unwrap_err().contains("no row has an answer"), "the table as it was exported");
    rows.remove(1);
    let (imported, lines) = desk.answers(&rows).unwrap();
    assert_eq!((imported.deleted, lines.len()), (vec![1], 4));
    assert_eq!(lines[0]["detail"], "not asked: the row is missing from the table");
}

#[test]
fn all_that_does_not_fit_is_told_at_once_with_its_rows() {
    let desk = Desk::of(&["Wer wohnt hier?", "Wer kommt?", "Wer geht?", "Wer bleibt?", "Und?"]);
    let mut rows = desk.filled(&[["Wer  wohnt hier?", "", ""], ["Ja", "", ""], ["Ja", "", ""], ["Ja", "x.png", ""], ["Ja", "", ""]]);
    rows[2][2] = "Wer kam?".to_owned();
    rows[3][1] = "p9-1".to_owned();
    rows.push(rows[5].clone());
    let problems = desk.answers(&rows).unwrap_err();
    for words in [
        "row 2: the answer is the question itself",
        "row 3: the question is not the one that was exported",
        "row 4: the id is none of this table",
        "row 5: both an answer and a file name",
        "row 5: the row names a file: say with --files",
        "row 6 and 7: the id stands in more than one row",
    ] {
        assert!(problems.contains(words), "{words}: {problems}");
    }
    assert!(!desk.path("out").exists(), "nothing is written");
}

#[test]
fn changed_headings_and_split_answers_are_named() {
    let desk = Desk::of(&["Wer?"]);
    let mut rows = desk.filled(&[["Ja", "", ""]]);
    rows[1].push("und nein".to_owned());
    assert!(desk.answers(&rows).unwrap_err().contains("row 2 has more cells than there are headings"));
    rows[1].pop();
    rows[0][3] = "Antworten".to_owned();
    let error = desk.answers(&rows).unwrap_err();
    assert!(error.contains("no heading `Antwort`; it has: Nummer, Kennung, Frage, Antworten"), "{error}");
    rows[0][3] = "Frage".to_owned();
    assert!(desk.answers(&rows).unwrap_err().contains("two columns are called `Frage`"));
    assert!(desk.import(b"").is_err());
    rows[0][3] = "Antwort".to_owned();
    assert!(desk.answers(&rows).is_ok());
    std::fs::remove_file(desk.path("t.json")).unwrap();
    assert!(desk.answers(&rows).unwrap_err().contains("name it with --asked"));
}

#[test]
fn an_answer_in_many_rows_and_one_that_fills_its_cell_are_pointed_out() {
    let desk = Desk::of(&["a?", "b?", "c?", "d?"]);
    let long = "ä".repeat(32_767);
    let same = ["Dazu sage ich nichts.", "", ""];
    let (imported, lines) = desk.answers(&desk.filled(&[same, [&long, "", ""], same, same])).unwrap();
    assert_eq!(lines[1]["outcome"], "truncated");
    assert!(imported.notes[0].contains("the same answer stands in 3 rows (2, 4 and 5): `Dazu sage ich nichts.`"), "{:?}", imported.notes);
    assert!(imported.notes[1].starts_with("rows 3: as long as a cell can be"), "{:?}", imported.notes);
}

#[test]
fn images_are_hashed_and_copied_and_are_no_text() {
    let desk = Desk::of(&["Male einen Hafen.", "Male ein Haus."]);
    std::fs::create_dir_all(desk.path("files/tag 1")).unwrap();
    std::fs::write(desk.path("files/tag 1/hafen.png"), b"pixels").unwrap();
    let cells = [["", "tag 1\\hafen.png", ""], ["", "haus.png", ""]];
    assert!(desk.answers(&desk.filled(&cells)).unwrap_err().contains("haus.png cannot be read"));
    assert!(desk.answers(&desk.filled(&[cells[0], ["", "../t.csv", ""]])).unwrap_err().contains("leads out of the folder"));

    let (imported, lines) = desk.answers(&desk.filled(&[cells[0], ["", "", "abgestürzt"]])).unwrap();
    assert_eq!((imported.files, imported.answers, imported.explained), (1, 0, vec![3]));
    let hash = blake3::hash(b"pixels").to_hex().to_string();
    assert_eq!((&lines[0]["outcome"], &lines[0]["file"], &lines[0]["blake3"]), (&"".into(), &"files/tag 1/hafen.png".into(), &hash.into()));
    assert_eq!(std::fs::read(desk.path("out/files/tag 1/hafen.png")).unwrap(), b"pixels");
}

#[test]
fn a_table_is_drawn_alike_for_a_seed_and_names_what_cannot_be_asked_by_hand() {
    let suite = Library::open(None).unwrap().suite("demo").unwrap();
    let drawn = |seed, languages| draw(&Order { suite: &suite, repeats: std::num::NonZeroU32::new(2), languages, seed });
    let both = drawn(1, &Language::ALL);
    assert_eq!(both, drawn(1, &Language::ALL));
    let ids = |drawn: &Drawn| drawn.asked.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let sorted = |drawn: &Drawn| {
        let mut ids = ids(drawn);
        ids.sort();
        ids
    };
    assert!(ids(&both) != ids(&drawn(2, &Language::ALL)) && sorted(&both) == sorted(&drawn(2, &Language::ALL)));
    let single: usize = Language::ALL.iter().map(|language| drawn(1, std::slice::from_ref(language)).asked.rows.len()).sum();
    assert_eq!(both.asked.rows.len(), single);

    let count = |text: bool| {
        let prompts = suite.probes.iter().flat_map(|probe| &probe.prompts);
        prompts.filter(|prompt| prompt.task.draws() == text).count()
    };
    assert_eq!(both.asked.rows.len(), 2 * count(true));
    assert_eq!(both.left_out.iter().map(|left| left.prompts).sum::<usize>(), count(false));
    assert!(!both.left_out.is_empty());
}

#[test]
fn a_table_that_may_hold_answers_is_never_overwritten() {
    let desk = Desk::of(&["Wer?"]);
    let again = |name: &str| write(&desk.1, Language::En, &desk.path(name));
    assert!(again("t.csv").unwrap_err().to_string().contains("is there already"));
    std::fs::remove_file(desk.path("t.csv")).unwrap();
    assert!(again("t.csv").unwrap_err().to_string().contains("t.json"));
    assert!(again("t.xlsx").is_err() && again("nowhere/t.csv").is_err());
    let written = again("new.csv").unwrap();
    let (table, words) = (std::fs::read(desk.path("new.csv")).unwrap(), std::fs::read_to_string(written.instructions).unwrap());
    assert!(table.starts_with("\u{feff}Number,Id,Question,Answer,File name,Remark\r\n1,p0-1,Wer?,".as_bytes()));
    assert!(words.contains("new.csv") && words.contains("new.json") && words.contains("there are 1 of them") && !words.contains('{'));
    let german = std::fs::read_to_string(desk.path("t-Anleitung.txt")).unwrap();
    assert!(german.contains("t.csv") && german.contains("Semikolon") && !german.contains('{'));
    assert!(write(&asked(&[]), Language::De, Path::new("x.csv")).is_err());
}

#[test]
fn rows_are_listed_as_people_list_them() {
    assert_eq!(
        ["", "3", "3 and 4", "2, 5–9 and 12"],
        [listed(&[]), listed(&[3]), listed(&[4, 3]), listed(&[12, 5, 6, 7, 8, 9, 2, 9]),].each_ref().map(String::as_str)
    );
}
