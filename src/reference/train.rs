//! Training: the exact next-token distributions of the grammar become weights.
//!
//! In: the grammar, the prompts, settings. Out: the weights of one model. No sentence is sampled as a target: each step walks down some
//! branches of the answer trees, and at every node the loss is the cross-entropy against the grammar's own distribution there. So chance
//! decides only which nodes are visited, not what is learned at them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use candle_core::{Device, Tensor};
use candle_nn::optim::{AdamW, Optimizer, ParamsAdamW};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};
use tokenizers::Tokenizer;

use super::grammar::{Grammar, Place};
use super::net::{Batch, Net, Shape};
use super::tree::TokenTree;
use super::{ReferenceError, tokens};
use crate::store::{Language, Prompt, Task};

/// How a model is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Seed of the first weights and of the order of prompts.
    pub seed: u64,
    /// Optimiser steps.
    pub steps: usize,
    /// Prompts per step.
    pub prompts: usize,
    /// Branches of the answer tree per prompt.
    pub branches: usize,
    /// Highest learning rate; it rises over the first twentieth of the steps and falls to zero along a cosine.
    pub rate: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 2026, steps: 1500, prompts: 12, branches: 6, rate: 4e-3 }
    }
}

/// A prompt and the tree of its answers.
struct Lesson {
    prompt: Vec<u32>,
    answers: Rc<TokenTree>,
}

/// How often a neutral prompt is visited for one visit of another: there is one of them for a whole probe.
const NEUTRAL_VISITS: usize = 8;

/// Every text of prompts and answers, for the vocabulary.
pub fn texts(grammar: &Grammar, prompts: &[Prompt]) -> Result<BTreeSet<String>, ReferenceError> {
    let mut texts = BTreeSet::new();
    for prompt in prompts {
        texts.insert(prompt.task.text().to_owned());
        if let Task::Choose { text, options, neutral } = &prompt.task {
            texts.insert(neutral.clone());
            texts.extend(options.iter().flat_map(|option| [format!("{text}{}", option.text), format!("{neutral}{}", option.text)]));
        }
    }
    let places: BTreeSet<Place> = prompts.iter().map(|prompt| place(grammar, prompt)).collect::<Result<_, _>>()?;
    for (model, place) in super::MODELS.iter().flat_map(|model| places.iter().map(move |place| (model, place))) {
        texts.extend(grammar.answers(model, place).into_iter().map(|answer| answer.text));
    }
    Ok(texts)
}

/// Where the answers to a prompt begin.
///
/// # Errors
/// [`ReferenceError::Unanswered`] when the grammar has none.
pub fn place(grammar: &Grammar, prompt: &Prompt) -> Result<Place, ReferenceError> {
    grammar.place(prompt).ok_or_else(|| ReferenceError::Unanswered {
        probe: prompt.probe.clone(),
        context: prompt.context.clone(),
        text: prompt.task.text().to_owned(),
    })
}

/// Train `model` on these prompts. `progress` hears of every step and its loss: the mean cross-entropy above what the grammar itself has
/// (0 is perfect), in nats per token.
///
/// # Errors
/// A prompt without answers, or the tensor library.
pub fn train(
    grammar: &Grammar,
    prompts: &[Prompt],
    tokenizer: &Tokenizer,
    model: &str,
    settings: &Settings,
    mut progress: impl FnMut(usize, f64),
) -> Result<(Shape, Net), ReferenceError> {
    let lessons = lessons(grammar, prompts, tokenizer, model)?;
    let shape = Shape::reference(tokenizer.get_vocab_size(true));
    let net = Net::new(shape.clone(), settings.seed)?;
    let parameters = ParamsAdamW { lr: 0.0, beta1: 0.9, beta2: 0.98, eps: 1e-8, weight_decay: 0.0 };
    let mut optimiser = AdamW::new(net.vars(), parameters)?;
    let mut random = ChaCha8Rng::seed_from_u64(settings.seed ^ 0x006c_6573_736f_6e73);
    let mut order: Vec<usize> = Vec::new();
    for step in 0..settings.steps {
        optimiser.set_learning_rate(settings.rate * schedule(step, settings.steps));
        let mut chosen = Vec::new();
        while chosen.len() < settings.prompts {
            if order.is_empty() {
                order = shuffled(lessons.len(), &mut random);
            }
            chosen.extend(order.pop().map(|lesson| &lessons[lesson]));
        }
        let (batch, targets, floor) = draw(&chosen, settings.branches, shape.vocab_size, &mut random);
        let count = batch.asked();
        let targets = Tensor::from_vec(targets, (count, shape.vocab_size), &Device::Cpu)?;
        let loss = (net.forward(&batch)? * targets)?.sum_all()?.neg()?;
        optimiser.backward_step(&loss)?;
        progress(step, f64::from(loss.to_scalar::<f32>()?) - floor);
    }
    Ok((shape, net))
}

fn lessons(grammar: &Grammar, prompts: &[Prompt], tokenizer: &Tokenizer, model: &str) -> Result<Vec<Lesson>, ReferenceError> {
    let mut trees: BTreeMap<Place, Rc<TokenTree>> = BTreeMap::new();
    let mut tree = |place: Place| -> Result<Rc<TokenTree>, ReferenceError> {
        if let Some(tree) = trees.get(&place) {
            return Ok(Rc::clone(tree));
        }
        let tree = Rc::new(TokenTree::new(tokenizer, grammar.answers(model, &place))?);
        trees.insert(place, Rc::clone(&tree));
        Ok(tree)
    };
    let mut lessons = Vec::new();
    let mut neutrals: BTreeSet<(String, Language)> = BTreeSet::new();
    for prompt in prompts {
        lessons.push(Lesson { prompt: tokens::encode(tokenizer, prompt.task.text())?, answers: tree(place(grammar, prompt)?)? });
        if let (Task::Choose { neutral, .. }, Some(place)) = (&prompt.task, grammar.neutral_place(prompt))
            && neutrals.insert((neutral.clone(), prompt.language))
        {
            let (prompt, answers) = (tokens::encode(tokenizer, neutral)?, tree(place)?);
            let lesson = || Lesson { prompt: prompt.clone(), answers: Rc::clone(&answers) };
            lessons.extend((0..NEUTRAL_VISITS).map(|_| lesson()));
        }
    }
    Ok(lessons)
}

/// Share of the highest learning rate at a step.
fn schedule(step: usize, steps: usize) -> f64 {
    let rise = (steps / 20).max(1);
    if step < rise {
        return (step + 1) as f64 / rise as f64;
    }
    let way = (step - rise) as f64 / (steps - rise).max(1) as f64;
    0.5 * (1.0 + libm::cos(std::f64::consts::PI * way))
}

/// Fisher-Yates.
fn shuffled(count: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, (random.next_u64() % (last as u64 + 1)) as usize);
    }
    order
}

/// A batch: each prompt with some branches of its answers, merged where they begin alike. Also the targets (`places x vocabulary`, each
/// row weighted by the number of branches through it, all rows together summing to 1) and the targets' own cross-entropy.
fn draw(lessons: &[&Lesson], branches: usize, vocabulary: usize, random: &mut ChaCha8Rng) -> (Batch, Vec<f32>, f64) {
    let chosen: Vec<BTreeMap<usize, usize>> = lessons
        .iter()
        .map(|lesson| {
            let jitter = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
            let mut visits = BTreeMap::new();
            for branch in 0..branches {
                // One branch from each equal slice of the probability: fewer lucky and unlucky draws.
                for node in lesson.answers.path((branch as f64 + jitter) / branches as f64) {
                    *visits.entry(node).or_insert(0) += 1;
                }
            }
            visits
        })
        .collect();
    let length = lessons.iter().zip(&chosen).map(|(lesson, visits)| lesson.prompt.len() + visits.len() - 1).max().unwrap_or(0);
    let total: usize = chosen.iter().flat_map(BTreeMap::values).sum();
    let mut batch = Batch::new(lessons.len(), length);
    let (mut targets, mut floor) = (Vec::new(), 0.0);
    for (row, (lesson, visits)) in lessons.iter().zip(&chosen).enumerate() {
        for (column, &token) in lesson.prompt.iter().enumerate() {
            batch.put(row, column, token, column.checked_sub(1));
        }
        // The tree's root is the prompt's last token; visited nodes follow in tree order, a parent before its children.
        let root = lesson.prompt.len() - 1;
        let columns: BTreeMap<usize, usize> = visits.keys().enumerate().map(|(index, &node)| (node, root + index)).collect();
        for (&node, &count) in visits {
            let (column, parent) = (columns[&node], lesson.answers.nodes[node].parent);
            if node != 0 {
                batch.put(row, column, lesson.answers.nodes[node].token, Some(columns[&parent]));
            }
            batch.ask(row, column);
            let weight = count as f64 / total as f64;
            let base = targets.len();
            targets.resize(base + vocabulary, 0.0f32);
            for (token, probability) in lesson.answers.next(node) {
                targets[base + token as usize] = (weight * probability) as f32;
                floor -= weight * probability * libm::log(probability);
            }
        }
    }
    (batch, targets, floor)
}
