//! Which answers a rater sees, and in which order. In: the answers of a run, the questions, a share, a seed. Out: tasks.
//!
//! The same answers for every rater with the same seed, so that agreement can be told; a random part of each arm, so that the part stands for the
//! whole; and an order of each rater's own, so that who stops early has rated a random part too. A larger share holds the smaller one.

use std::collections::BTreeMap;

use super::{Answer, Question};
use crate::stats::rng::Random;
use crate::store::{Outcome, hash_id};

/// What to show whom.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Part of the answers of each arm, in (0, 1].
    pub share: f64,
    /// Decides which answers.
    pub seed: u64,
    /// Decides, with the seed, in which order.
    pub rater: &'a str,
}

/// One question about one answer.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The question.
    pub question: &'a Question,
    /// The answer.
    pub answer: &'a Answer<'a>,
    /// 1-based place in the rater's order.
    pub place: u32,
}

/// The tasks of one rater: question by question, lest the answer to one colours the next.
pub fn draw<'a>(questions: &'a [Question], answers: &'a [Answer<'a>], order: Order<'_>) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    for question in questions {
        let mut chosen = chosen(question, answers, order);
        let label = format!("rating {} {} {}", order.rater, question.probe, question.attribute);
        Random::new(order.seed, &label).shuffle(&mut chosen);
        tasks.extend(chosen.into_iter().map(|answer| (question, answer)));
    }
    tasks.into_iter().zip(1..).map(|((question, answer), place)| Task { question, answer, place }).collect()
}

/// A random part of the answers of each arm: model, language and levels.
fn chosen<'a>(question: &Question, answers: &'a [Answer<'a>], order: Order<'_>) -> Vec<&'a Answer<'a>> {
    let mut arms: BTreeMap<_, Vec<(String, &Answer)>> = BTreeMap::new();
    let seed = order.seed.to_string();
    for answer in answers {
        let (request, prompt, response) = answer;
        if prompt.probe == question.probe && matches!(response.outcome, Outcome::Answered | Outcome::Truncated) {
            let drawn = hash_id(["rated", seed.as_str(), &question.attribute, &request.id]);
            arms.entry((&request.model, prompt.language, &prompt.levels)).or_default().push((drawn, answer));
        }
    }
    let mut chosen = Vec::new();
    for arm in arms.values_mut() {
        arm.sort_by(|one, other| one.0.cmp(&other.0));
        let number = (order.share * arm.len() as f64).ceil() as usize;
        chosen.extend(arm.iter().take(number).map(|(_, answer)| *answer));
    }
    chosen
}
