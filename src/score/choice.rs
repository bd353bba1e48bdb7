//! Which continuation a model prefers, read from log-probabilities with the word form cancelled.
//!
//! In: the [`ChoiceScore`]s of a response, one per option of the prompt's [`Task::Choose`]. Out: the preferred category and the log-odds of
//! the first option. With `l_k` the log-probability of option k after the prompt and `n_k` that of the same words after the neutral prompt,
//!
//! ```text
//! s_k = l_k - n_k        q = softmax(s)        choice-log-odds = ln(q_1 / (1 - q_1)) = s_1 - ln(sum over k > 1 of exp(s_k))
//! ```
//!
//! Why this cancels the word form (rule 7 of the design): a rare, long or oddly split word such as `Restauratorin` costs a model
//! log-probability wherever it stands. As far as that cost is the same after both prompts it is in `l_k` and in `n_k`, and drops out of
//! their difference, which is pointwise mutual information of prompt and word (the calibration of Holtzman et al. 2021, "Surface form
//! competition"; a neutral context as in Zhao et al. 2021, "Calibrate before use"). Chance is log-odds of -ln(K - 1) for K options: 0 for two.
//!
//! A recording holds no log-probabilities but words: `choice` is then the category of the option that these words are, letter case, outer
//! punctuation and a full stop aside; `no-option-named` where they are none of them. The numbers are missing there.
//!
//! `choice-raw`, `choice-per-token` and `choice-per-character` are the same log-odds with `s_k` = `l_k`, `l_k` / tokens, `l_k` / characters.
//! They still carry the word form and are for the robustness panel, **never for a verdict**.

use super::{Kind, Measure, Reading, Scorer};
use crate::store::{Choice, ChoiceScore, Prompt, Response, Task, Value};

const UNIT: &str = "natural log-odds of the first option";
// The categories of `choice` are those of the prompt's options, which only the probe knows.
const MEASURES: [Measure; 5] = [
    Measure { id: "choice", kind: Kind::Category(&[]) },
    Measure { id: "choice-log-odds", kind: Kind::Number(UNIT) },
    Measure { id: "choice-raw", kind: Kind::Number(UNIT) },
    Measure { id: "choice-per-token", kind: Kind::Number(UNIT) },
    Measure { id: "choice-per-character", kind: Kind::Number(UNIT) },
];

/// Two options are equally likely to the last digits: there is no preference.
const TIE: f64 = 1e-12;

/// Reads `choice`, `choice-log-odds` and the three uncorrected scores of the robustness panel.
#[derive(Clone, Copy, Debug)]
pub struct Preference;

impl Scorer for Preference {
    fn id(&self) -> &'static str {
        "choice"
    }

    fn version(&self) -> u32 {
        1
    }

    fn exact(&self) -> bool {
        true
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        let values = match (paired(&prompt.task, &response.choices), &prompt.task) {
            (Ok(options), _) => values(&options),
            (Err(reason), Task::Choose { options, .. }) if response.choices.is_empty() && !response.text.is_empty() => {
                let mut values = MEASURES.map(|_| Value::Missing(reason.to_owned()));
                values[0] = named(options, &response.text);
                values
            }
            (Err(reason), _) => MEASURES.map(|_| Value::Missing(reason.to_owned())),
        };
        MEASURES.iter().zip(values).map(|(measure, value)| Reading { measure: measure.id, value, evidence: Vec::new() }).collect()
    }
}

/// Options with their scores, in the order of the prompt.
fn paired<'a>(task: &'a Task, scores: &'a [ChoiceScore]) -> Result<Vec<(&'a Choice, &'a ChoiceScore)>, &'static str> {
    let Task::Choose { options, .. } = task else { return Err("not-a-choice") };
    if options.len() < 2 {
        return Err("fewer-than-two-options");
    }
    let same = options.len() == scores.len() && options.iter().zip(scores).all(|(option, score)| option.category == score.category);
    if same { Ok(options.iter().zip(scores).collect()) } else { Err("options-and-scores-differ") }
}

fn values(options: &[(&Choice, &ChoiceScore)]) -> [Value; 5] {
    let of = |score: fn(&(&Choice, &ChoiceScore)) -> f64| -> Vec<f64> { options.iter().map(score).collect() };
    let corrected = of(|(_, score)| score.logprob - score.neutral_logprob);
    [
        preferred(options, &corrected),
        log_odds(&corrected),
        log_odds(&of(|(_, score)| score.logprob)),
        log_odds(&of(|(_, score)| score.logprob / f64::from(score.tokens))),
        log_odds(&of(|(option, score)| score.logprob / option.text.chars().count() as f64)),
    ]
}

/// Category of the option that `text` is, whatever its letter case and outer punctuation.
pub fn named(options: &[Choice], text: &str) -> Value {
    let plain = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()).to_lowercase();
    let said = plain(text);
    let mut same = options.iter().filter(|option| plain(&option.text) == said).map(|option| &option.category);
    match same.next() {
        Some(first) if same.all(|other| other == first) => Value::Category(first.clone()),
        _ => Value::Missing("no-option-named".to_owned()),
    }
}

/// Category with the largest score. Several options may stand for one category; a tie within it is no tie.
fn preferred(options: &[(&Choice, &ChoiceScore)], scores: &[f64]) -> Value {
    if scores.iter().any(|score| !score.is_finite()) {
        return not_finite();
    }
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut best = options.iter().zip(scores).filter(|&(_, score)| largest - score <= TIE).map(|((option, _), _)| &option.category);
    match best.next() {
        Some(first) if best.all(|other| other == first) => Value::Category(first.clone()),
        _ => Value::Missing("tie".to_owned()),
    }
}

/// `ln(q_1 / (1 - q_1))` for `q = softmax(scores)`, without overflow.
fn log_odds(scores: &[f64]) -> Value {
    let [first, others @ ..] = scores else { return not_finite() };
    let largest = others.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = others.iter().map(|score| libm::exp(score - largest)).sum();
    let odds = first - largest - libm::log(sum);
    if scores.iter().all(|score| score.is_finite()) && odds.is_finite() { Value::Number(odds) } else { not_finite() }
}

fn not_finite() -> Value {
    Value::Missing("not-finite".to_owned())
}

#[cfg(test)]
pub(crate) mod tests;
