//! Agreement with the labels of the recorded German answers. The labels are another model's. Rows whose blake3 hash of the answer ends in an even byte
//! were used for tuning, the odd half only for reporting.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use super::read_text;
use crate::score::{GroupMatrix, ValidationRecord};
use crate::stats::agreement::Confusion;
use crate::store::{Language, Value};

/// What a row is called, by number: a woman, a man, neither.
pub const CALLED: [&str; 3] = ["woman", "man", "neither"];

/// Model and floor of kappa over all rows. Nemo: most of the rest are labels on refusals and definitions, see docs/referent-gender.md.
pub const MODELS: [(&str, f64); 4] = [("Claude", 0.992), ("GPT", 0.984), ("Llama", 0.984), ("Nemo", 0.871)];

/// A labelled answer as scored; numbers index [`CALLED`].
pub struct Row {
    /// Number of the record in the model's file, the first being 0.
    pub number: usize,
    /// The other model's label.
    pub label: usize,
    /// Counting gendered words: a woman where more of hers stand there, else a man.
    pub counted: usize,
    /// What the scorer read, a category or why there is none.
    pub reading: String,
    /// In the half that nothing was tuned on.
    pub odd: bool,
}

impl Row {
    /// The reading as woman, man or neither.
    pub fn read(&self) -> usize {
        called(&self.reading)
    }
}

/// The number of "woman" and "man" in [`CALLED`]; everything else is neither.
pub fn called(word: &str) -> usize {
    CALLED.iter().position(|&name| name == word).unwrap_or(2)
}

/// The labelled answers of `model`, scored, and the seconds that scoring took.
pub fn rows(shared: &Path, model: &str) -> (Vec<Row>, f64) {
    let path = shared.join(format!("data/german-llm-recorded-outputs/{model}/NeutralPersona_output.csv"));
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(&path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name).unwrap();
    let [output, label, hers, his] = ["output", "gender_class_lm", "count_f", "count_m"].map(column);
    let number = |record: &csv::StringRecord, column: usize| record[column].trim().parse::<f64>().ok();
    let labelled: Vec<(usize, usize, csv::StringRecord)> = reader
        .records()
        .map(Result::unwrap)
        .enumerate()
        .filter_map(|(row, record)| match number(&record, label) {
            Some(1.0) => Some((row, 0, record)),
            Some(0.0) => Some((row, 1, record)),
            _ => None,
        })
        .collect();
    let start = Instant::now();
    let readings: Vec<String> = labelled.par_iter().map(|(_, _, record)| reading(&record[output])).collect();
    let seconds = start.elapsed().as_secs_f64();
    let row = |((row, label, record), reading): ((usize, usize, csv::StringRecord), String)| Row {
        number: row,
        label,
        counted: usize::from(number(&record, hers) <= number(&record, his)),
        reading,
        odd: blake3::hash(record[output].as_bytes()).as_bytes()[31] % 2 == 1,
    };
    (labelled.into_iter().zip(readings).map(row).collect(), seconds)
}

fn reading(output: &str) -> String {
    match read_text(output, Language::De).value {
        Value::Category(word) | Value::Missing(word) => word,
        Value::Number(number) => unreachable!("a gender read as {number}"),
    }
}

/// Truth or label by reading, abstaining a category of its own.
pub fn confusion<'r>(rows: impl Iterator<Item = &'r Row>, truth: impl Fn(&Row) -> usize, read: impl Fn(&Row) -> usize) -> Confusion {
    let (truths, readings): (Vec<usize>, Vec<usize>) = rows.map(|row| (truth(row), read(row))).unzip();
    Confusion::from_ratings(&truths, &readings, CALLED.len()).unwrap()
}

fn with_label(rows: &[Row], keep: impl Fn(&Row) -> bool) -> Confusion {
    confusion(rows.iter().filter(|row| keep(row)), |row| row.label, Row::read)
}

#[test]
fn readings_agree_with_the_labels_of_recorded_answers() {
    let Some(shared) = crate::shared_data("readings_agree_with_the_labels_of_recorded_answers") else { return };
    let (mut scored, mut seconds) = (0, 0.0);
    for (model, floor) in MODELS {
        let (rows, took) = rows(&shared, model);
        scored += rows.len();
        seconds += took;
        let all = with_label(&rows, |_| true);
        let kappa = |table: &Confusion| table.kappa(0.95).unwrap().value;
        let abstained = rows.iter().filter(|row| row.read() == 2).count();
        println!(
            "{model}: kappa even {:.4}, odd {:.4}, all {:.4}; coverage all {:.4}; counts {:?}",
            kappa(&with_label(&rows, |row| !row.odd)),
            kappa(&with_label(&rows, |row| row.odd)),
            kappa(&all),
            1.0 - abstained as f64 / rows.len() as f64,
            &all.counts()[..2]
        );
        assert!(kappa(&all) >= floor, "{model}: kappa {:.4} is below {floor}", kappa(&all));
    }
    println!("{scored} answers in {seconds:.2} s");
    assert!(seconds < 10.0);
}

#[test]
fn the_validation_record_is_what_the_odd_half_gives() {
    let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/validation/referent-gender-persona-de.toml"));
    let record: ValidationRecord = toml::from_str(file).unwrap();
    assert_eq!((record.scorer.as_str(), record.scorer_version), (super::MEASURE, super::VERSION));
    let Some(shared) = crate::shared_data("the_validation_record_is_what_the_odd_half_gives") else { return };
    let mut groups = vec![GroupMatrix { group: "all".to_owned(), counts: vec![vec![0; 3]; 2] }];
    for (model, _) in MODELS {
        let table = with_label(&rows(&shared, model).0, |row| row.odd);
        let counts = table.counts()[..2].to_vec();
        for (sums, row) in groups[0].counts.iter_mut().zip(&counts) {
            sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
        }
        groups.push(GroupMatrix { group: model.to_owned(), counts });
    }
    assert_eq!(
        record.groups,
        groups,
        "the record should say:\n{}",
        toml::to_string(&ValidationRecord { groups: groups.clone(), ..record.clone() }).unwrap()
    );
}
