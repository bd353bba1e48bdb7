//! How probable a model finds a whole text: `log-likelihood`, and the same per token.
//!
//! In: the log-probabilities of a [`Task::LogLikelihood`]. Out: their sum in nats, from the first token behind the model's start on, and their mean. Exact by
//! construction. Texts of unequal words differ for many reasons: a difference between two texts means something only as a contrast with another.

use super::{Kind, Measure, Reading, Scorer};
use crate::store::{Prompt, Response, Task, Value};

const MEASURES: [Measure; 2] = [
    Measure { id: "log-likelihood", kind: Kind::Number("nats") },
    Measure { id: "log-likelihood-per-token", kind: Kind::Number("nats per token") },
];

/// Reads `log-likelihood` and `log-likelihood-per-token`.
#[derive(Clone, Copy, Debug)]
pub struct Likelihood;

impl Scorer for Likelihood {
    fn id(&self) -> &'static str {
        "likelihood"
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
        let sum: f64 = response.logprobs.iter().sum();
        let values = match &prompt.task {
            Task::LogLikelihood { .. } if response.logprobs.is_empty() => ["no-log-probabilities"; 2].map(|r| Value::Missing(r.to_owned())),
            Task::LogLikelihood { .. } if !sum.is_finite() => ["not-finite"; 2].map(|reason| Value::Missing(reason.to_owned())),
            Task::LogLikelihood { .. } => [sum, sum / response.logprobs.len() as f64].map(Value::Number),
            _ => ["not-a-log-likelihood"; 2].map(|reason| Value::Missing(reason.to_owned())),
        };
        MEASURES.iter().zip(values).map(|(measure, value)| Reading { measure: measure.id, value, evidence: Vec::new() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::choice::tests::{prompt, response};
    use crate::store::Language;

    #[test]
    fn a_text_is_as_likely_as_its_tokens_together() {
        let prompt = prompt(Language::De, Task::LogLikelihood { text: "Im Museum.".into() });
        let scored = Response { logprobs: vec![-1.0, -0.5, -2.5], ..response("", Vec::new()) };
        let values: Vec<Value> = Likelihood.read(&prompt, &scored).into_iter().map(|reading| reading.value).collect();
        assert_eq!(values, [Value::Number(-4.0), Value::Number(-4.0 / 3.0)]);
        assert!(matches!(Likelihood.read(&prompt, &response("", Vec::new()))[0].value, Value::Missing(_)));
    }
}
