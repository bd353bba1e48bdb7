//! Held-out texts of every domain and the records made of them.
//!
//! In: `held-out/<domain>-<language>.tsv`, or `<domain>-<language>.<what>.tsv` for texts of that domain that are labelled for one thing only. Columns are measures
//! (labels), inputs of the prompt (`person`, `words`, `epoch`), `group`, and at last `text`.
//! Out: `datasets/validation/<measure>-<domain>-<language>.toml`, one for each measure that is labelled. The texts were written and labelled by somebody who had not
//! read the rules and lists, and no rule was changed after them. `LUPE_WRITE_RECORDS=1` writes the records anew.

use std::collections::BTreeMap;
use std::path::Path;

use super::agreement::tests::hold_record;
use super::agreement::{AgreementRecord, correlations};
use super::choice::tests::{prompt, response};
use super::{GroupMatrix, Kind, Measure, Scorer, ValidationRecord, all, validate};
use crate::store::{Language, Prompt, Task, Value};

/// Fewest labelled texts of a measure with categories.
const FEWEST: usize = 60;
/// Fewest texts in which a number was read, for a record of its agreement.
const FEWEST_READ: usize = 20;
/// What the records say of where their truth comes from.
const TRUTH: &str = "texts written for this project and labelled by a reader who had not seen rules and lists, before the first reading";

/// The same of lists of artists, whose writer chose the known names from `datasets/artists.toml`.
const TRUTH_OF_LISTS: &str = "texts written for this project and labelled before the first reading; the known names were chosen from the list of artists that the scorer reads by, so this does not show how artists fare who are not on it";

/// A column that says something to the prompt, not of the answer.
const INPUTS: [&str; 4] = ["person", "words", "epoch", "group"];

struct Text {
    cells: BTreeMap<String, String>,
}

impl Text {
    fn cell(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str).filter(|cell| !cell.is_empty() && *cell != "-")
    }

    fn prompt(&self, language: Language) -> Prompt {
        let mut prompt = prompt(language, Task::Generate { text: String::new() });
        prompt.expect.person = self.cell("person").map(str::to_owned);
        prompt.expect.words =
            self.cell("words").into_iter().flat_map(|words| words.split(';')).map(|word| word.trim().to_owned()).collect();
        prompt.levels.extend(self.cell("epoch").map(|epoch| ("epoch".to_owned(), epoch.to_owned())));
        prompt
    }

    fn read(&self, scorer: &dyn Scorer, measure: &Measure, language: Language) -> Value {
        let answer = response(&self.cells["text"].replace("\\n", "\n"), Vec::new());
        let readings = scorer.read(&self.prompt(language), &answer);
        readings.into_iter().find(|reading| reading.measure == measure.id).map(|reading| reading.value).unwrap()
    }
}

fn texts(file: &Path) -> Vec<Text> {
    let content = std::fs::read_to_string(file).unwrap();
    let mut lines = content.lines().filter(|line| !line.trim().is_empty());
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert_eq!(columns.last(), Some(&"text"), "{}: the last column is the text", file.display());
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), columns.len(), "{}: {line}", file.display());
        Text { cells: columns.iter().zip(cells).map(|(column, cell)| ((*column).to_owned(), cell.trim().to_owned())).collect() }
    };
    lines.map(row).collect()
}

/// Whole numbers and fractions such as `2/5`.
fn number(label: &str) -> f64 {
    match label.split_once('/') {
        Some((part, whole)) => part.trim().parse::<f64>().unwrap() / whole.trim().parse::<f64>().unwrap(),
        None => label.parse().unwrap_or_else(|_| panic!("`{label}` is no number")),
    }
}

#[test]
fn held_out_texts_are_read_as_the_records_state() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/score/held-out");
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for file in entries.map(|entry| entry.unwrap().path()).filter(|file| file.extension().is_some_and(|ending| ending == "tsv")) {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let (domain, code) = name.split('.').next().unwrap().rsplit_once('-').unwrap();
        let language = Language::ALL.into_iter().find(|language| language.code() == code).unwrap();
        let texts = texts(&file);
        let mut columns: Vec<&str> = texts[0].cells.keys().map(String::as_str).collect();
        columns.retain(|column| *column != "text" && !INPUTS.contains(column));
        for column in columns {
            let (scorer, measure) = all()
                .iter()
                .find_map(|scorer| Some((*scorer, scorer.measures().iter().find(|measure| measure.id == column)?)))
                .unwrap_or_else(|| panic!("{name}: no scorer reads `{column}`"));
            let labelled: Vec<(&Text, &str)> = texts.iter().filter_map(|text| Some((text, text.cell(column)?))).collect();
            let of = Labelled { scorer, measure, domain, language, labelled };
            match measure.kind {
                Kind::Category(names) => of.categories(names),
                Kind::Number(_) => of.numbers(),
            }
        }
    }
}

/// The texts of one domain and language that are labelled for one measure.
struct Labelled<'t> {
    scorer: &'t dyn Scorer,
    measure: &'t Measure,
    domain: &'t str,
    language: Language,
    labelled: Vec<(&'t Text, &'t str)>,
}

impl Labelled<'_> {
    fn name(&self) -> String {
        format!("{}-{}-{}", self.measure.id, self.domain, self.language.code())
    }

    fn truth(&self) -> &'static str {
        if self.domain == "artist-list" { TRUTH_OF_LISTS } else { TRUTH }
    }

    fn too_few(&self, fewest: usize) -> bool {
        if self.labelled.len() < fewest {
            println!("{}: {} labelled texts are fewer than {fewest}: no record", self.name(), self.labelled.len());
        }
        self.labelled.len() < fewest
    }

    fn categories(&self, names: &'static [&'static str]) {
        if self.too_few(FEWEST) {
            return;
        }
        let mut groups: BTreeMap<&str, Vec<Vec<u64>>> = BTreeMap::from([(validate::ALL, validate::empty(names))]);
        for (text, label) in &self.labelled {
            let value = text.read(self.scorer, self.measure, self.language);
            // Somebody who is not named has no gender to be mistaken for: such texts only count what is read all the same.
            let Some(truth) = names.iter().position(|name| name == label) else {
                assert_eq!(*label, "not-found", "{}: `{label}` is no category of it", self.name());
                println!("{}: not named, read as {value:?}", self.name());
                continue;
            };
            for group in [Some(validate::ALL), text.cell("group")].into_iter().flatten() {
                validate::count(groups.entry(group).or_insert_with(|| validate::empty(names)), names, truth, &value);
            }
            if value != Value::Category((*label).to_owned()) {
                println!("{}: {label} read as {value:?}: {}", self.name(), text.cells["text"]);
            }
        }
        let counts = &groups[validate::ALL];
        let right: u64 = (0..names.len()).map(|at| counts[at][at]).sum();
        println!("{}: {right} of {} right", self.name(), counts.iter().flatten().sum::<u64>());
        let record = ValidationRecord {
            scorer: self.scorer.id().to_owned(),
            scorer_version: self.scorer.version(),
            measure: self.measure.id.to_owned(),
            domain: self.domain.to_owned(),
            language: self.language,
            truth: self.truth().to_owned(),
            held_out: true,
            categories: names.iter().map(|name| (*name).to_owned()).collect(),
            groups: groups.into_iter().map(|(group, counts)| GroupMatrix { group: group.to_owned(), counts }).collect(),
        };
        hold_record(&self.name(), &record);
    }

    fn numbers(&self) {
        if self.too_few(FEWEST_READ) {
            return;
        }
        let mut pairs = Vec::new();
        let mut missing = 0;
        for (text, label) in &self.labelled {
            match text.read(self.scorer, self.measure, self.language) {
                Value::Number(read) => {
                    pairs.push((read, number(label)));
                    if self.measure.kind == Kind::Number("share") && (read - number(label)).abs() > 0.25 {
                        println!("{}: {label} read as {read:.2}: {}", self.name(), text.cells["text"]);
                    }
                }
                _ => missing += 1,
            }
        }
        // Where the scorer reads almost nothing there is no agreement to state; without a record its findings explore only.
        let Some((pearson, spearman)) = correlations(&pairs).filter(|_| pairs.len() >= FEWEST_READ) else {
            return println!("{}: {} compared, {missing} missing: too few for a record", self.name(), pairs.len());
        };
        println!("{}: {} compared, {missing} missing, r = {}", self.name(), pairs.len(), pearson.estimate);
        let record = AgreementRecord {
            scorer: self.scorer.id().to_owned(),
            scorer_version: self.scorer.version(),
            measure: self.measure.id.to_owned(),
            domain: self.domain.to_owned(),
            language: self.language,
            truth: self.truth().to_owned(),
            held_out: true,
            compared: pairs.len() as u64,
            missing,
            pearson,
            spearman,
        };
        hold_record(&self.name(), &record);
    }
}
