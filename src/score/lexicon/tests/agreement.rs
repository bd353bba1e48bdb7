//! Agreement of the lists with other instruments and with readers, and the records that state it.
//!
//! Run with `LUPE_WRITE_RECORDS=1` to write `datasets/validation/` anew.

use std::collections::HashMap;
use std::path::Path;

use super::*;
use crate::score::agreement::correlations;

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

fn compare(language: Language, texts: &[String], other: &Other) -> (Vec<(f64, f64)>, Vec<(f64, f64)>, u64) {
    let (mut compound, mut mean, mut missing) = (Vec::new(), Vec::new(), 0);
    for text in texts {
        match (value(language, "valence", text), other.read(text)) {
            (Some(own), Some((sum, average))) => {
                compound.push((own, sum));
                mean.push((own, average));
            }
            (None, _) => missing += 1,
            _ => {}
        }
    }
    (compound, mean, missing)
}

#[test]
fn look() {
    let shared = crate::shared_data("look").unwrap();
    let ger = Other::read_from(&shared.join("models/gervader-de/GERVaderLexicon.txt"), &["nicht", "kein", "keine", "nie", "ohne"]);
    let texts = recorded_answers(&shared);
    let (c, m, miss) = compare(Language::De, &texts, &ger);
    println!("de {} miss {miss} compound {:?} mean {:?}", c.len(), correlations(&c), correlations(&m));
    let sentences: Vec<String> = texts.iter().flat_map(|t| t.split_inclusive(['.', '!', '?'])).map(str::to_owned).collect();
    let (c, m, miss) = compare(Language::De, &sentences, &ger);
    println!("de sentences {} miss {miss} compound {:?} mean {:?}", c.len(), correlations(&c), correlations(&m));
    let vader = Other::read_from(&shared.join("models/vader-en/vaderSentiment/vader_lexicon.txt"), &["not", "no", "never", "without"]);
    let texts = english_articles(&shared);
    let (c, m, miss) = compare(Language::En, &texts, &vader);
    println!("en {} miss {miss} compound {:?} mean {:?}", c.len(), correlations(&c), correlations(&m));
    let sentences: Vec<String> = texts.iter().flat_map(|t| t.split_inclusive(['.', '!', '?'])).map(str::to_owned).collect();
    let (c, m, miss) = compare(Language::En, &sentences, &vader);
    println!("en sentences {} miss {miss} compound {:?} mean {:?}", c.len(), correlations(&c), correlations(&m));
    let plain =
        Other::read_from(&shared.join("models/gervader-de/GERVaderLexicon_noexpansion.txt"), &["nicht", "kein", "keine", "nie", "ohne"]);
    let mut wiki = Vec::new();
    for (f, fields) in [
        ("data/m4-llama2-test/test_germanwikipedia_llama2.jsonl", vec!["human_text", "machine_text"]),
        ("data/iu-human-ai-corpus/wiki_human_generated.jsonl", vec!["text"]),
        ("data/iu-human-ai-corpus/wiki_chatgpt_generated.jsonl", vec!["text"]),
    ] {
        for line in std::fs::read_to_string(shared.join(f)).unwrap().lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            if row["language"].as_str().is_some_and(|l| l != "de" && l != "German") && f.contains("iu") {
                continue;
            }
            for field in &fields {
                if let Some(t) = row[*field].as_str() {
                    wiki.push(t.to_owned());
                }
            }
        }
    }
    let answers = recorded_answers(&shared);
    for (n, o) in [("ger", &ger), ("plain", &plain)] {
        for (m, t) in [("answers", &answers), ("wiki", &wiki)] {
            let (c, mm, miss) = compare(Language::De, t, o);
            println!(
                "{n} {m} {} miss {miss} {:?} {:?}",
                c.len(),
                correlations(&c).map(|x| (x.0.estimate, x.1.estimate)),
                correlations(&mm).map(|x| (x.0.estimate, x.1.estimate))
            );
        }
    }
    let mut count: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    for t in &answers {
        for w in tokens(t) {
            let w = w.text.to_lowercase();
            if let Some(s) = ger.scores.get(&w) {
                let c = count.entry(w).or_default();
                c.0 += 1;
                c.1 = *s;
            }
        }
    }
    let mut v: Vec<_> = count.into_iter().collect();
    v.sort_by_key(|x| std::cmp::Reverse(x.1.0));
    for x in v.iter().take(60) {
        print!("{} {} {}; ", x.0, x.1.0, x.1.1);
    }
    println!();
    let lex = Lexicon::built_in(Language::De);
    for (l, o) in [(Language::De, &ger), (Language::En, &vader)] {
        let words = list(l, 0);
        let pairs: Vec<_> = words.iter().filter_map(|w| Some((w.weight, *o.scores.get(&w.lemma.to_lowercase())?))).collect();
        println!("lemmas {:?} {} of {} {:?}", l, pairs.len(), words.len(), correlations(&pairs));
        for w in &words {
            if let Some(s) = o.scores.get(&w.lemma.to_lowercase()) {
                if s * w.weight < 0.0 {
                    println!("   {} {} {}", w.lemma, w.weight, s);
                }
            }
        }
    }
    let _ = lex;
}
