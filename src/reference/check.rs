//! Planted against exact against measured: does a model say what the grammar wrote, and does the instrument read what the model says?
//!
//! In: probes, grammar, a model's own log-probabilities, and later the findings of a run. Out: one [`Cell`] for every model, probe,
//! language, quantity and level, and one [`Contrasted`] for every hypothesis. Nothing here is sampled.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Serialize;
use tokenizers::Tokenizer;

use super::grammar::{Grammar, NEUTRAL, Part, Place};
use super::net::Net;
use super::tree::TokenTree;
use super::{ReferenceError, file_error, tokens, train};
use crate::model::candle::Decoder;
use crate::probe::{Contrast, Hypothesis, Probe};
use crate::store::{Language, Prompt, Task};

/// Whatever can say how probable given continuations are: the decoder, or the net in training.
pub trait Predictor {
    /// For each node of `tree` behind `prompt` (token ids), the natural log-probability of its token after its parent; 0 at the root.
    ///
    /// # Errors
    /// The computation fails.
    fn logprobs(&mut self, prompt: &[u32], tree: &TokenTree) -> Result<Vec<f64>, ReferenceError>;
}

/// The net in training predicts a whole tree in one pass: the independent implementation that the decoder is compared with.
impl Predictor for Net {
    fn logprobs(&mut self, prompt: &[u32], tree: &TokenTree) -> Result<Vec<f64>, ReferenceError> {
        let batch = tree.batch(prompt);
        let rows = self.forward(&batch)?.to_vec2::<f32>()?;
        let mut logprobs = vec![0.0; tree.nodes.len()];
        let inner = tree.nodes.iter().filter(|node| !node.next.is_empty());
        for (node, row) in inner.zip(&rows) {
            for &(token, child) in &node.next {
                logprobs[child] = f64::from(row[token as usize]);
            }
        }
        Ok(logprobs)
    }
}

impl Predictor for Decoder {
    fn logprobs(&mut self, prompt: &[u32], tree: &TokenTree) -> Result<Vec<f64>, ReferenceError> {
        let ends: Vec<usize> = (0..tree.nodes.len()).filter(|&node| tree.nodes[node].answer.is_some()).collect();
        let sequences: Vec<Vec<u32>> = ends.iter().map(|&end| [prompt, &tree.tokens(end)].concat()).collect();
        let rows = Decoder::logprobs(self, &sequences).map_err(|error| file_error("model.safetensors", error.to_string()))?;
        let mut logprobs = vec![0.0; tree.nodes.len()];
        for (&end, row) in ends.iter().zip(&rows) {
            let mut at = end;
            for &logprob in row.iter().rev() {
                if at == 0 {
                    break;
                }
                logprobs[at] = f64::from(logprob);
                at = tree.nodes[at].parent;
            }
        }
        Ok(logprobs)
    }
}

/// What the model's own probabilities say about one prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptExact {
    /// Template of the prompt.
    pub template: String,
    /// Context of the prompt.
    pub context: String,
    /// Language of the prompt.
    pub language: Language,
    /// Levels of the prompt.
    pub levels: BTreeMap<String, String>,
    /// Arm of the grammar.
    pub arm: String,
    /// kind -> probability. For a choice: of the options, relative to the neutral prompt, summing to 1.
    pub kinds: BTreeMap<String, f64>,
    /// Second attribute -> category -> probability.
    pub second: BTreeMap<String, BTreeMap<String, f64>>,
    /// Probability of everything that is not in the grammar.
    pub off_grammar: f64,
}

/// One quantity at one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Model.
    pub model: String,
    /// Probe.
    pub probe: String,
    /// Language of the prompts.
    pub language: Language,
    /// Measure (`referent-gender`, `outcome`, `valence`, …) or second attribute (`origin`).
    pub measure: String,
    /// Category whose share it is; none for numbers.
    pub category: Option<String>,
    /// The whole, for a share.
    pub among: Vec<String>,
    /// Level or context.
    pub arm: String,
    /// The written number.
    pub planted: f64,
    /// The model's own.
    pub exact: f64,
    /// Largest probability of anything off the grammar, over the prompts of this cell.
    pub off_grammar: f64,
}

/// One hypothesis: what a finding about it estimates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contrasted {
    /// Model.
    pub model: String,
    /// Probe.
    pub probe: String,
    /// Hypothesis.
    pub hypothesis: String,
    /// Language of the prompts.
    pub language: Language,
    /// Level under test, where there is one.
    pub level: Option<String>,
    /// Whether it is confirmatory.
    pub confirmatory: bool,
    /// Smallest difference that matters.
    pub margin: f64,
    /// From the written numbers: a share for a baseline, else a difference (log-odds for a choice).
    pub planted: f64,
    /// From the model's own probabilities.
    pub exact: f64,
    /// What no difference would be: the baseline, or 0.
    pub null: f64,
}

/// What is measured: measure, category, whole.
type Quantity = (String, Option<String>, Vec<String>);

/// The model's own probabilities for every prompt of a probe.
///
/// # Errors
/// The grammar cannot answer a prompt, or the computation fails.
pub fn exact(
    grammar: &Grammar,
    probe: &Probe,
    tokenizer: &Tokenizer,
    model: &str,
    predictor: &mut dyn Predictor,
) -> Result<Vec<PromptExact>, ReferenceError> {
    let mut trees: BTreeMap<Place, Rc<TokenTree>> = BTreeMap::new();
    let mut tree = |place: &Place| -> Result<Rc<TokenTree>, ReferenceError> {
        if !trees.contains_key(place) {
            trees.insert(place.clone(), Rc::new(TokenTree::new(tokenizer, grammar.answers(model, place))?));
        }
        Ok(Rc::clone(&trees[place]))
    };
    let mut neutrals: BTreeMap<(String, Place), Vec<f64>> = BTreeMap::new();
    let mut rows = Vec::new();
    for prompt in &probe.prompts {
        let place = train::place(grammar, prompt)?;
        let here = tree(&place)?;
        let logprobs = predictor.logprobs(&tokens::encode(tokenizer, prompt.task.text())?, &here)?;
        let mut row = read(prompt, &place, &here, &logprobs);
        if let (Task::Choose { options, neutral, .. }, Some(place)) = (&prompt.task, grammar.neutral_place(prompt)) {
            let there = tree(&place)?;
            let key = (neutral.clone(), place);
            if !neutrals.contains_key(&key) {
                neutrals.insert(key.clone(), predictor.logprobs(&tokens::encode(tokenizer, neutral)?, &there)?);
            }
            let mut preference = BTreeMap::new();
            for option in options {
                let shift = along(tokenizer, &here, &logprobs, &option.text)? - along(tokenizer, &there, &neutrals[&key], &option.text)?;
                preference.insert(option.category.clone(), libm::exp(shift));
            }
            let whole: f64 = preference.values().sum();
            row.kinds = preference.into_iter().map(|(category, weight)| (category, weight / whole)).collect();
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The prompts of a probe that the grammar can answer, with nothing measured: enough for what is planted.
pub fn written(grammar: &Grammar, probe: &Probe) -> Vec<PromptExact> {
    let row = |prompt: &Prompt| {
        let place = grammar.place(prompt)?;
        let (template, context, language, levels) =
            (prompt.template.clone(), prompt.context.clone(), prompt.language, prompt.levels.clone());
        let (kinds, second) = (BTreeMap::new(), BTreeMap::new());
        Some(PromptExact { template, context, language, levels, arm: place.arm, kinds, second, off_grammar: 0.0 })
    };
    probe.prompts.iter().filter_map(row).collect()
}

/// Sum up the answers of one prompt.
fn read(prompt: &Prompt, place: &Place, tree: &TokenTree, logprobs: &[f64]) -> PromptExact {
    let mut total = vec![0.0; tree.nodes.len()];
    let (mut kinds, mut second) = (BTreeMap::new(), BTreeMap::<String, BTreeMap<String, f64>>::new());
    let mut on_grammar = 0.0;
    for (index, node) in tree.nodes.iter().enumerate().skip(1) {
        total[index] = total[node.parent] + logprobs[index];
        let Some(answer) = node.answer.map(|answer| &tree.answers[answer]) else { continue };
        let mass = libm::exp(total[index]);
        on_grammar += mass;
        *kinds.entry(answer.kind.clone()).or_insert(0.0) += mass;
        for (name, category) in &answer.second {
            *second.entry(name.clone()).or_default().entry(category.clone()).or_insert(0.0) += mass;
        }
    }
    PromptExact {
        template: prompt.template.clone(),
        context: prompt.context.clone(),
        language: prompt.language,
        levels: prompt.levels.clone(),
        arm: place.arm.clone(),
        kinds,
        second,
        off_grammar: 1.0 - on_grammar,
    }
}

/// Log-probability of the tokens of `text` from the root.
fn along(tokenizer: &Tokenizer, tree: &TokenTree, logprobs: &[f64], text: &str) -> Result<f64, ReferenceError> {
    let encoding = tokenizer.encode(text, false).map_err(|error| file_error("tokenizer.json", error.to_string()))?;
    let (mut at, mut sum) = (0, 0.0);
    for token in encoding.get_ids() {
        let next = tree.nodes[at].next.iter().find(|(candidate, _)| candidate == token);
        at = next.map(|&(_, node)| node).ok_or_else(|| file_error("datasets/reference", format!("no answer begins with “{text}”")))?;
        sum += logprobs[at];
    }
    Ok(sum)
}

/// Every quantity of a probe's hypotheses and every category of a second attribute, for each language and arm.
pub fn cells(grammar: &Grammar, probe: &Probe, model: &str, rows: &[PromptExact]) -> Vec<Cell> {
    let Some(part) = grammar.part(&probe.id) else { return Vec::new() };
    let mut cells = Vec::new();
    let places: BTreeSet<(Language, &String)> = rows.iter().map(|row| (row.language, &row.arm)).collect();
    for (language, arm) in places {
        let here: Vec<&PromptExact> = rows.iter().filter(|row| row.language == language && row.arm == *arm).collect();
        let off_grammar = here.iter().map(|row| row.off_grammar).fold(0.0, f64::max);
        let mut put = |(measure, category, among): Quantity, planted: f64, exact: f64| {
            let (model, probe, arm) = (model.to_owned(), probe.id.clone(), arm.clone());
            cells.push(Cell { model, probe, language, measure, category, among, arm, planted, exact, off_grammar });
        };
        for quantity in quantities(part, probe, language) {
            let planted = planted(part, model, arm, &quantity);
            put(quantity.clone(), planted, value(part, &sum(&here, &quantity), &quantity));
        }
    }
    cells
}

/// The distinct quantities of a probe's hypotheses in a language, and the shares of second attributes among the answers that have them.
fn quantities(part: &Part, probe: &Probe, language: Language) -> BTreeSet<Quantity> {
    let asked = probe.hypotheses.iter().filter(|hypothesis| asks(hypothesis, language)).map(|hypothesis| quantity(probe, hypothesis));
    let second = part.second.iter().flat_map(|(name, second)| {
        let categories: Vec<String> = second.words.keys().cloned().collect();
        categories.clone().into_iter().map(move |category| (name.clone(), Some(category), categories.clone()))
    });
    asked.chain(second).collect()
}

fn asks(hypothesis: &Hypothesis, language: Language) -> bool {
    hypothesis.languages.is_empty() || hypothesis.languages.contains(&language)
}

/// Log-odds become the share of the first option, so that all cells have one scale.
fn quantity(probe: &Probe, hypothesis: &Hypothesis) -> Quantity {
    let options = probe.prompts.iter().find_map(|prompt| match &prompt.task {
        Task::Choose { options, .. } if hypothesis.measure == LOG_ODDS => Some(options),
        _ => None,
    });
    let categories: Vec<String> = options.into_iter().flatten().map(|option| option.category.clone()).collect();
    match categories.first() {
        Some(first) => (hypothesis.measure.clone(), Some(first.clone()), categories),
        None => {
            let mut among = hypothesis.among.clone();
            among.sort();
            (hypothesis.measure.clone(), hypothesis.category.clone(), among)
        }
    }
}

/// The masses that a quantity is made of: of kinds, or of the categories of a second attribute.
fn masses<'a>(row: &'a PromptExact, (measure, ..): &Quantity) -> &'a BTreeMap<String, f64> {
    row.second.get(measure).unwrap_or(&row.kinds)
}

/// The same summed over prompts.
fn sum(rows: &[&PromptExact], quantity: &Quantity) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    for (name, mass) in rows.iter().flat_map(|row| masses(row, quantity)) {
        *sums.entry(name.clone()).or_insert(0.0) += mass;
    }
    sums
}

fn planted(part: &Part, model: &str, arm: &str, quantity: &Quantity) -> f64 {
    if let Some(second) = part.second.get(&quantity.0) {
        let numbers = second.numbers.get(model).and_then(|arms| arms.get(arm)).cloned().unwrap_or_default();
        return value(part, &numbers, quantity);
    }
    let own = part.planted(model, arm).cloned().unwrap_or_default();
    let neutral = part.planted(model, NEUTRAL);
    let corrected = own.iter().map(|(kind, mass)| {
        let form = neutral.and_then(|neutral| neutral.get(kind)).copied().unwrap_or(1.0);
        (kind.clone(), mass / form)
    });
    value(part, &corrected.collect(), quantity)
}

/// A quantity from the (not necessarily normalised) masses of the kinds.
fn value(part: &Part, kinds: &BTreeMap<String, f64>, (measure, category, among): &Quantity) -> f64 {
    let mass = |kind: &String| kinds.get(kind).copied().unwrap_or(0.0);
    if let Some(numbers) = part.values.get(measure) {
        let whole: f64 = numbers.keys().map(mass).sum();
        return numbers.iter().map(|(kind, number)| mass(kind) * number).sum::<f64>() / whole;
    }
    let whole: f64 = if !among.is_empty() {
        among.iter().map(mass).sum()
    } else if measure == "outcome" {
        kinds.values().sum()
    } else {
        kinds
            .iter()
            .filter(|(kind, _)| ![super::grammar::REFUSED, super::grammar::EMPTY].contains(&kind.as_str()))
            .map(|(_, mass)| mass)
            .sum()
    };
    category.as_ref().map_or(f64::NAN, mass) / whole
}

/// What a finding about each hypothesis estimates, planted and exact.
pub fn contrasts(grammar: &Grammar, probe: &Probe, model: &str, rows: &[PromptExact]) -> Vec<Contrasted> {
    let Some(part) = grammar.part(&probe.id) else { return Vec::new() };
    let mut all = Vec::new();
    for hypothesis in &probe.hypotheses {
        let languages: BTreeSet<Language> = rows.iter().map(|row| row.language).filter(|&language| asks(hypothesis, language)).collect();
        for language in languages {
            let here: Vec<&PromptExact> = rows
                .iter()
                .filter(|row| row.language == language && (hypothesis.contexts.is_empty() || hypothesis.contexts.contains(&row.context)))
                .collect();
            let log_odds = hypothesis.measure == LOG_ODDS;
            let scale = |share: f64| if log_odds { libm::log(share / (1.0 - share)) } else { share };
            let quantity = quantity(probe, hypothesis);
            // The analysis compares scores in units of their standard deviation within levels: so do both columns here.
            let numeric = part.values.get(&hypothesis.measure);
            let deviations = numeric.map_or((1.0, 1.0), |numbers| {
                let written = |row: &PromptExact| part.planted(model, &row.arm).cloned().unwrap_or_default();
                (deviation(numbers, &here, &written), deviation(numbers, &here, &|row: &PromptExact| row.kinds.clone()))
            });
            // Mean over the rows of the written numbers, and the same of the model's own.
            let both = |keep: &dyn Fn(&PromptExact) -> bool| {
                let kept: Vec<&PromptExact> = here.iter().copied().filter(|row| keep(row)).collect();
                let mean = |each: &dyn Fn(&PromptExact) -> f64| kept.iter().map(|row| scale(each(row))).sum::<f64>() / kept.len() as f64;
                let written = mean(&|row| planted(part, model, &row.arm, &quantity));
                let own =
                    if log_odds { mean(&|row| value(part, &row.kinds, &quantity)) } else { value(part, &sum(&kept, &quantity), &quantity) };
                (written / deviations.0, own / deviations.1)
            };
            let of_level = |axis: &String, level: &String| both(&|row: &PromptExact| row.levels.get(axis) == Some(level));
            let minus = |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c, b - d);
            let (level, null, (written, own)) = match &hypothesis.contrast {
                Contrast::Baseline { value, .. } => (None, *value, both(&|_| true)),
                Contrast::Level { axis, level, reference } => {
                    (Some(level.clone()), 0.0, minus(of_level(axis, level), of_level(axis, reference)))
                }
                Contrast::LevelVersusMean { axis, level } => {
                    let levels: BTreeSet<&String> = here.iter().filter_map(|row| row.levels.get(axis)).collect();
                    let means: Vec<(f64, f64)> = levels.iter().map(|level| of_level(axis, level)).collect();
                    let count = means.len() as f64;
                    let mean = (means.iter().map(|m| m.0).sum::<f64>() / count, means.iter().map(|m| m.1).sum::<f64>() / count);
                    (Some(level.clone()), 0.0, minus(of_level(axis, level), mean))
                }
                Contrast::Contexts { left, right } => {
                    (None, 0.0, minus(both(&|row| left.contains(&row.context)), both(&|row| right.contains(&row.context))))
                }
                // An index has no written number: its size under a fair model is what the analysis subtracts.
                Contrast::Omnibus { .. } => continue,
            };
            all.push(Contrasted {
                model: model.to_owned(),
                probe: probe.id.clone(),
                hypothesis: hypothesis.id.clone(),
                language,
                level,
                confirmatory: hypothesis.role == crate::probe::Role::Confirmatory,
                margin: hypothesis.margin,
                planted: written,
                exact: own,
                null,
            });
        }
    }
    all
}

/// Standard deviation of a score within levels, where each kind counts as often as it is probable.
fn deviation(numbers: &BTreeMap<String, f64>, rows: &[&PromptExact], kinds: &dyn Fn(&PromptExact) -> BTreeMap<String, f64>) -> f64 {
    let mut levels: BTreeMap<&BTreeMap<String, String>, (f64, f64, f64)> = BTreeMap::new();
    for row in rows {
        let kinds = kinds(row);
        let sums = levels.entry(&row.levels).or_default();
        for (kind, number) in numbers {
            let mass = kinds.get(kind).copied().unwrap_or(0.0);
            *sums = (sums.0 + mass, sums.1 + mass * number, sums.2 + mass * number * number);
        }
    }
    let within: f64 = levels.values().map(|(mass, first, second)| second - first * first / mass).sum();
    (within / levels.values().map(|sums| sums.0).sum::<f64>()).sqrt()
}

/// Measure of a choice between continuations: log-odds of its first option.
pub const LOG_ODDS: &str = "choice-log-odds";

/// Least-squares line of `y` on `x`: slope, intercept and R².
pub fn line(points: &[(f64, f64)]) -> (f64, f64, f64) {
    let count = points.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for point in points {
        xx += (point.0 - x) * (point.0 - x);
        xy += (point.0 - x) * (point.1 - y);
        yy += (point.1 - y) * (point.1 - y);
    }
    let slope = xy / xx;
    (slope, y - slope * x, xy * xy / (xx * yy))
}
