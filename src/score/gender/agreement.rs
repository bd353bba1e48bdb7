//! Agreement with the labels of the recorded German answers. The labels are another model's. Rows whose blake3 hash of the answer ends in an even byte
//! were used for tuning, the odd half only for reporting.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use super::read_text;
use crate::score::{GroupMatrix, ValidationRecord};
use crate::store::Language;

/// Rows: labelled woman, man. Columns: read as woman, man, anything else.
type Counts = [[u64; 3]; 2];

/// Model and floor of kappa over all rows. Nemo: most of the rest are labels on refusals and definitions, see docs/referent-gender.md.
const MODELS: [(&str, f64); 4] = [("Claude", 0.992), ("GPT", 0.984), ("Llama", 0.984), ("Nemo", 0.871)];

struct Row {
    output: String,
    woman: bool,
    odd: bool,
}

fn rows(shared: &Path, model: &str) -> Vec<Row> {
    let path = shared.join(format!("data/german-llm-recorded-outputs/{model}/NeutralPersona_output.csv"));
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(&path).unwrap();
    let column =
        |headers: &csv::StringRecord, name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name).unwrap();
    let headers = reader.headers().unwrap().clone();
    let (output, label) = (column(&headers, "output"), column(&headers, "gender_class_lm"));
    let labelled = |record: &csv::StringRecord| match record[label].trim().parse::<f64>() {
        Ok(1.0) => Some(true),
        Ok(0.0) => Some(false),
        _ => None,
    };
    reader
        .records()
        .map(Result::unwrap)
        .filter_map(|record| {
            let odd = blake3::hash(record[output].as_bytes()).as_bytes()[31] % 2 == 1;
            Some(Row { output: record[output].to_owned(), woman: labelled(&record)?, odd })
        })
        .collect()
}

fn count(rows: &[Row], keep: impl Fn(&Row) -> bool + Sync) -> Counts {
    let readings: Vec<(usize, usize)> = rows
        .par_iter()
        .filter(|row| keep(row))
        .map(|row| {
            let read = match read_text(&row.output, Language::De).category() {
                Some("woman") => 0,
                Some("man") => 1,
                _ => 2,
            };
            (usize::from(!row.woman), read)
        })
        .collect();
    let mut counts = Counts::default();
    readings.into_iter().for_each(|(label, read)| counts[label][read] += 1);
    counts
}

/// Cohen's kappa, "no reading" a third category of the reader.
fn kappa(counts: &Counts) -> f64 {
    let n = counts.iter().flatten().sum::<u64>() as f64;
    let observed = (counts[0][0] + counts[1][1]) as f64 / n;
    let share = |k: usize| counts[k].iter().sum::<u64>() as f64 / n * ((counts[0][k] + counts[1][k]) as f64 / n);
    let chance = share(0) + share(1);
    (observed - chance) / (1.0 - chance)
}

fn coverage(counts: &Counts) -> f64 {
    let abstained = (counts[0][2] + counts[1][2]) as f64;
    1.0 - abstained / counts.iter().flatten().sum::<u64>() as f64
}

#[test]
fn kappa_is_agreement_beyond_chance() {
    // 35 of 50 agree, 25 would by chance: (0.7 - 0.5) / (1 - 0.5).
    assert!((kappa(&[[20, 5, 0], [10, 15, 0]]) - 0.4).abs() < 1e-12);
}

#[test]
fn readings_agree_with_the_labels_of_recorded_answers() {
    let Some(shared) = crate::shared_data("readings_agree_with_the_labels_of_recorded_answers") else { return };
    let mut scored = 0;
    let mut seconds = 0.0;
    for (model, floor) in MODELS {
        let rows = rows(&shared, model);
        scored += rows.len();
        let start = Instant::now();
        let all = count(&rows, |_| true);
        seconds += start.elapsed().as_secs_f64();
        let (even, odd) = (count(&rows, |row| !row.odd), count(&rows, |row| row.odd));
        println!(
            "{model}: kappa even {:.4}, odd {:.4}, all {:.4}; coverage all {:.4}; counts {all:?}",
            kappa(&even),
            kappa(&odd),
            kappa(&all),
            coverage(&all)
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
        let counts = count(&rows(&shared, model), |row| row.odd);
        for (sums, row) in groups[0].counts.iter_mut().zip(&counts) {
            sums.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
        }
        groups.push(GroupMatrix { group: model.to_owned(), counts: counts.iter().map(|row| row.to_vec()).collect() });
    }
    assert_eq!(
        record.groups,
        groups,
        "the record should say:\n{}",
        toml::to_string(&ValidationRecord { groups: groups.clone(), ..record.clone() }).unwrap()
    );
}
