//! How rows are written as text, byte for byte the same each time.
//!
//! Prompts and requests are plain JSON. Responses are JSON too, except that log-probabilities are written as text in the shortest form
//! that reads back to the same 64 bits: JSON parsers are free to be off by the last bit, and cannot write infinities at all.

use serde::{Deserialize, Serialize};

use crate::store::{ChoiceScore, MediaFile, Outcome, Response};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    outcome: Outcome,
    text: String,
    /// Numbers with a blank between them.
    logprobs: String,
    choices: Vec<StoredChoice>,
    detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<MediaFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredChoice {
    category: String,
    logprob: String,
    neutral_logprob: String,
    tokens: u32,
}

/// A response's body, without the id of its request.
pub(super) fn write_response(response: &Response) -> Result<String, String> {
    let choice = |choice: &ChoiceScore| StoredChoice {
        category: choice.category.clone(),
        logprob: exact(choice.logprob),
        neutral_logprob: exact(choice.neutral_logprob),
        tokens: choice.tokens,
    };
    let stored = Stored {
        outcome: response.outcome,
        text: response.text.clone(),
        logprobs: response.logprobs.iter().map(|&number| exact(number)).collect::<Vec<_>>().join(" "),
        choices: response.choices.iter().map(choice).collect(),
        detail: response.detail.clone(),
        file: response.file.clone(),
    };
    write(&stored)
}

/// The response to `request` from its body.
pub(super) fn read_response(request: String, body: &str) -> Result<Response, String> {
    let stored: Stored = read(body)?;
    let choice = |choice: StoredChoice| {
        Ok::<_, String>(ChoiceScore {
            logprob: number(&choice.logprob)?,
            neutral_logprob: number(&choice.neutral_logprob)?,
            category: choice.category,
            tokens: choice.tokens,
        })
    };
    Ok(Response {
        request,
        outcome: stored.outcome,
        text: stored.text,
        logprobs: stored.logprobs.split_ascii_whitespace().map(number).collect::<Result<_, _>>()?,
        choices: stored.choices.into_iter().map(choice).collect::<Result<_, _>>()?,
        detail: stored.detail,
        file: stored.file,
        raw: None,
    })
}

/// Any other row as JSON.
pub(super) fn write(row: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(row).map_err(|error| error.to_string())
}

/// Any other row from JSON.
pub(super) fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

fn exact(number: f64) -> String {
    format!("{number:?}")
}

fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(numbers: &[f64], text: &str) -> Response {
        let choices =
            numbers.iter().map(|&logprob| ChoiceScore { category: text.to_owned(), logprob, neutral_logprob: -logprob, tokens: 3 });
        Response {
            request: "r".into(),
            outcome: Outcome::Answered,
            text: text.to_owned(),
            logprobs: numbers.to_vec(),
            choices: choices.collect(),
            detail: text.to_owned(),
            file: None,
            raw: None,
        }
    }

    fn bits(response: &Response) -> Vec<u64> {
        let choices = response.choices.iter().flat_map(|choice| [choice.logprob, choice.neutral_logprob]);
        response.logprobs.iter().copied().chain(choices).map(f64::to_bits).collect()
    }

    proptest! {
        #[test]
        fn log_probabilities_and_text_come_back_bit_for_bit(numbers in proptest::collection::vec(any::<u64>(), 0..40), text in any::<String>()) {
            let numbers: Vec<f64> = numbers.into_iter().map(f64::from_bits).filter(|number| !number.is_nan()).collect();
            let written = response(&numbers, &text);
            let body = write_response(&written).unwrap();
            let back = read_response("r".into(), &body).unwrap();
            prop_assert_eq!(bits(&written), bits(&back));
            prop_assert_eq!(&written, &back);
            prop_assert_eq!(body, write_response(&back).unwrap());
        }
    }

    #[test]
    fn a_million_log_probabilities_from_32_bit_models_survive_storage() {
        // What a decoder yields: 32-bit logits, differences taken in 64 bits.
        let numbers: Vec<f64> = (1..=1_000_000u32).map(|n| f64::from((n as f32).ln()) - f64::from(1e6f32).ln()).collect();
        let written = response(&numbers[..], "");
        let back = read_response("r".into(), &write_response(&written).unwrap()).unwrap();
        assert_eq!(bits(&written), bits(&back));
    }

    #[test]
    fn an_unknown_key_or_a_word_for_a_number_is_refused() {
        let body = write_response(&response(&[-0.5], "ä")).unwrap();
        assert!(read_response("r".into(), &body.replacen("-0.5", "much", 1)).unwrap_err().contains("much"));
        assert!(read_response("r".into(), &body.replacen("\"text\"", "\"texts\"", 1)).is_err());
    }
}
