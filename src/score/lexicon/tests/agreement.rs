//! Agreement of the lists with other instruments and with readers, and the records that state it.
//!
//! Run with `LUPE_WRITE_RECORDS=1` to write `datasets/validation/` anew.

use std::collections::HashMap;
use std::path::Path;

use super::*;
use crate::score::agreement::tests::hold_record;
use crate::score::agreement::{AgreementRecord, correlations};

/// Another valence lexicon: sum of the scores of its words, turned by -0.74 within three words behind a negator, brought to -1..1 as
/// VADER does (Hutto and Gilbert 2014), and the mean score of its words.
struct Other {
    scores: HashMap<String, f64>,
    negators: &'static [&'static str],
}

impl Other {
    fn read_from(file: &Path, negators: &'static [&'static str]) -> Other {
        let bytes = std::fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let rows = text.lines().filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()?.to_lowercase(), columns.next()?.trim().parse().ok()?))
        });
        Other { scores: rows.collect(), negators }
    }

    /// (compound, mean) or nothing where no word is known.
    fn read(&self, text: &str) -> Option<(f64, f64)> {
        let words: Vec<String> = tokens(text).map(|token| token.text.to_lowercase()).collect();
        let mut scores = Vec::new();
        for (at, word) in words.iter().enumerate() {
            if let Some(score) = self.scores.get(word) {
                let negated =
                    words[at.saturating_sub(3)..at].iter().any(|word| self.negators.contains(&word.as_str()) || word.ends_with("n't"));
                scores.push(if negated { -0.74 * score } else { *score });
            }
        }
        let sum: f64 = scores.iter().sum();
        (!scores.is_empty()).then(|| (sum / (sum * sum + 15.0).sqrt(), sum / scores.len() as f64))
    }
}

pub(crate) fn recorded_answers(shared: &Path) -> Vec<String> {
    let mut answers = Vec::new();
    for model in ["Claude", "GPT", "Llama", "Nemo"] {
        let file = shared.join(format!("data/german-llm-recorded-outputs/{model}/NeutralPersona_output.csv"));
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(file).unwrap();
        let column = reader.headers().unwrap().iter().position(|name| name == "output").unwrap();
        answers.extend(reader.records().map(|row| row.unwrap()[column].to_owned()));
    }
    answers
}

/// English encyclopaedia articles and generated ones on the same subjects.
pub(crate) fn english_articles(shared: &Path) -> Vec<String> {
    let file = std::fs::read_to_string(shared.join("data/m4-llama2-test/test_wikipedia_llama2.jsonl")).unwrap();
    let rows = file.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let texts = rows.flat_map(|row| ["human_text", "machine_text"].map(|field| row[field].as_str().map(str::to_owned)));
    texts.flatten().collect()
}

/// German encyclopaedia articles, human and generated.
fn german_articles(shared: &Path) -> Vec<String> {
    let rows = |file: &str| -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(shared.join("data").join(file)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let field = |row: &serde_json::Value, name: &str| row[name].as_str().map(str::to_owned);
    let mut texts: Vec<String> = Vec::new();
    for row in rows("m4-llama2-test/test_germanwikipedia_llama2.jsonl") {
        texts.extend(["human_text", "machine_text"].iter().filter_map(|name| field(&row, name)));
    }
    for file in ["iu-human-ai-corpus/wiki_human_generated.jsonl", "iu-human-ai-corpus/wiki_chatgpt_generated.jsonl"] {
        texts.extend(rows(file).iter().filter(|row| row["language"] == "de").filter_map(|row| field(row, "text")));
    }
    texts
}

/// Own valence against the mean score of the other lexicon's words; `missing` counts texts without a reading.
fn agreement(language: Language, domain: &str, held_out: bool, truth: &str, texts: &[String], other: &Other) -> AgreementRecord {
    let own: Vec<_> = texts.iter().map(|text| value(language, "valence", text)).collect();
    let pairs = own.iter().zip(texts).filter_map(|(own, text)| Some(((*own)?, other.read(text)?.1))).collect::<Vec<_>>();
    record(language, "valence", domain, held_out, truth, &pairs, own.iter().filter(|own| own.is_none()).count())
}

fn record(
    language: Language,
    measure: &str,
    domain: &str,
    held_out: bool,
    truth: &str,
    pairs: &[(f64, f64)],
    missing: usize,
) -> AgreementRecord {
    let (pearson, spearman) = correlations(pairs).unwrap();
    AgreementRecord {
        scorer: WordLists.id().to_owned(),
        scorer_version: WordLists.version(),
        measure: measure.to_owned(),
        domain: domain.to_owned(),
        language,
        truth: truth.to_owned(),
        held_out,
        compared: pairs.len() as u64,
        missing: missing as u64,
        pearson,
        spearman,
    }
}

fn gervader(shared: &Path) -> Other {
    Other::read_from(&shared.join("models/gervader-de/GERVaderLexicon.txt"), &["nicht", "kein", "keine", "nie", "ohne"])
}

fn vader(shared: &Path) -> Other {
    Other::read_from(&shared.join("models/vader-en/vaderSentiment/vader_lexicon.txt"), &["not", "no", "never", "without"])
}

const GERVADER: &str = "agreement with another instrument, not truth: mean score of the words that the GerVADER lexicon knows";
const VADER: &str = "agreement with another instrument, not truth: mean score of the words that the VADER lexicon knows";

#[test]
fn german_valence_agrees_with_gervader_on_recorded_answers_and_articles() {
    let Some(shared) = crate::shared_data("german_valence_agrees_with_gervader_on_recorded_answers_and_articles") else { return };
    let other = gervader(&shared);
    // The lists were read over these answers to find false friends, so they are not held out. They praise nearly everyone: little to rank.
    let answers = agreement(Language::De, "persona-descriptions", false, GERVADER, &recorded_answers(&shared), &other);
    assert!(answers.pearson.estimate > 0.5 && answers.spearman.estimate > 0.35, "{answers:?}");
    hold_record("valence-de-persona-descriptions", &answers);
    let articles = agreement(Language::De, "articles", true, GERVADER, &german_articles(&shared), &other);
    assert!(articles.pearson.estimate > 0.6 && articles.spearman.estimate > 0.6, "{articles:?}");
    hold_record("valence-de-articles", &articles);
}

#[test]
fn english_valence_agrees_with_vader_on_articles() {
    let Some(shared) = crate::shared_data("english_valence_agrees_with_vader_on_articles") else { return };
    let articles = agreement(Language::En, "articles", true, VADER, &english_articles(&shared), &vader(&shared));
    assert!(articles.pearson.estimate > 0.65 && articles.spearman.estimate > 0.65, "{articles:?}");
    hold_record("valence-en-articles", &articles);
}

#[test]
fn weights_of_shared_words_agree_with_weights_that_others_gave_them() {
    let Some(shared) = crate::shared_data("weights_of_shared_words_agree_with_weights_that_others_gave_them") else { return };
    for (language, other) in [(Language::De, gervader(&shared)), (Language::En, vader(&shared))] {
        let words = list(language, 0);
        let pairs: Vec<_> = words.iter().filter_map(|word| Some((word.weight, *other.scores.get(&word.lemma.to_lowercase())?))).collect();
        let (pearson, _) = correlations(&pairs).unwrap();
        assert!(pairs.len() > 300 && pearson.lower > 0.95, "{language:?}: {} words, {pearson:?}", pairs.len());
    }
}

/// Sentences rated from -2 to 2 (blank: says nothing about it), written after the lists and never used to change them.
#[test]
fn readings_agree_with_rated_sentences() {
    let files = [(Language::De, include_str!("sentences-de.tsv")), (Language::En, include_str!("sentences-en.tsv"))];
    let truth = "sentences written by this project after its lists, rated by it from -2 to 2 before the first reading";
    for (language, file) in files {
        for (column, measure) in MEASURES.iter().enumerate() {
            let rated = file.lines().skip(1).filter_map(|line| {
                let columns: Vec<&str> = line.split('\t').collect();
                Some((columns[3], columns[column].parse::<f64>().ok()?))
            });
            let (mut pairs, mut missing) = (Vec::new(), 0);
            for (text, rating) in rated {
                match value(language, measure.id, text) {
                    Some(own) => pairs.push((own, rating)),
                    None => missing += 1,
                }
            }
            let found = record(language, measure.id, "culture-sentences", true, truth, &pairs, missing);
            assert!(found.spearman.lower > 0.6 && 3 * missing <= pairs.len(), "{found:?}");
            hold_record(&format!("{}-{}-culture-sentences", measure.id, language.code()), &found);
        }
    }
}
