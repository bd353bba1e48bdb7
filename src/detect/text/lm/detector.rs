//! The detector. In: a setup, then texts. Out: features.

use std::path::Path;

use super::criteria::Criterion;
use super::windows::windows;
use crate::detect::error::DetectError;
use crate::detect::features::{Detector, Features, Minimum, Shown, Trace};
use crate::detect::material::{Abstention, Material, Modality};
use crate::detect::registry::Setup;
use crate::detect::text::readable;
use crate::model::candle::{Position, Reader, ReaderError};
use crate::model::settings::{FILE, Settings};
use crate::model::{ModelError, ModelSpec};
use crate::probe::suggestion;
use crate::store::hash_id;

/// Longest window in tokens, for models that could read more: the work for a token grows with what stands before it.
const WINDOW: usize = 1024;
/// Longest text in bytes, about 40,000 words: each takes a pass through the model.
const LONGEST: usize = 256 * 1024;
/// Words from which a statement is made, and from which there is a weak hint.
const MINIMUM: Minimum = Minimum { statement: 80.0, hint: 40.0, unit: "words" };
/// Highest rank of each class of tokens in the trace (the classes of GLTR, Gehrmann et al. 2019); a last class has all others.
const CLASSES: [u32; 3] = [10, 100, 1000];

const HELP: &str = "say which model reads the texts: model=NAME with a name from lupe.toml ([models.NAME], kind = \"candle\", path = \"…\"), or \
                    model=FOLDER with a folder in the Hugging Face layout or a .gguf file on this machine; `lupe models list` shows what was fetched";

struct TextLm {
    model: Reader,
    second: Option<Reader>,
    criteria: Vec<Criterion>,
    names: Vec<&'static str>,
    fingerprint: String,
}

/// The detector with the models that `setup` names; `root` is the folder of `lupe.toml` and of relative paths.
///
/// # Errors
/// [`DetectError::Setup`]: no model, an unknown key or criterion, a criterion that needs a second model, a pair without a common vocabulary;
/// [`DetectError::Model`] about the files of a model.
pub fn open(setup: &Setup, root: Option<&Path>) -> Result<Box<dyn Detector>, DetectError> {
    let known = ["model", "second", "criterion"];
    if let Some(key) = setup.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(wrong(format!("text-lm has no setting `{key}`"), &near(key, &known)));
    }
    let Some(model) = setup.get("model") else { return Err(wrong("text-lm has no weights of its own and needs a model".to_owned(), HELP)) };
    let criteria = criteria(setup.get("criterion").map_or("all", String::as_str), setup.contains_key("second"))?;
    let reader = reader(model, root)?;
    let second = setup.get("second").map(|second| self::reader(second, root)).transpose()?;
    if let (Some(second), Some(name)) = (&second, setup.get("second"))
        && !reader.shares_vocabulary(second)
    {
        let problem = format!("`{model}` and `{name}` have different vocabularies, so their distributions cannot be compared");
        return Err(wrong(
            problem,
            "take two models of one family with one tokenizer, for instance a base model and its chat model; or leave `second` out",
        ));
    }
    let names: Vec<&str> = criteria.iter().map(|criterion| criterion.name()).collect();
    let weights = [Some(&reader), second.as_ref()].map(|reader| reader.map_or("", Reader::fingerprint));
    let fingerprint = hash_id(weights.into_iter().chain(names.iter().copied()));
    Ok(Box::new(TextLm { model: reader, second, criteria, names, fingerprint }))
}

fn wrong(problem: String, help: &str) -> DetectError {
    DetectError::Setup { problem, help: help.to_owned() }
}

fn near(name: &str, known: &[&str]) -> String {
    suggestion(name, known.iter().copied()).unwrap_or_else(|| format!("there are: {}", known.join(", ")))
}

/// The criteria that a setup asks for.
fn criteria(asked: &str, pair: bool) -> Result<Vec<Criterion>, DetectError> {
    let criteria = || Criterion::ALL.into_iter();
    if asked == "all" {
        return Ok(criteria().filter(|criterion| pair || !criterion.needs_pair()).collect());
    }
    match criteria().find(|criterion| criterion.name() == asked) {
        Some(criterion) if criterion.needs_pair() && !pair => {
            Err(wrong(format!("`{asked}` compares two models"), "name the other one as well: second=NAME, with the same tokenizer"))
        }
        Some(criterion) => Ok(vec![criterion]),
        None => {
            let names: Vec<&str> = criteria().map(Criterion::name).chain(["all"]).collect();
            Err(wrong(format!("there is no criterion `{asked}`"), &near(asked, &names)))
        }
    }
}

/// The model of this name or path.
fn reader(name: &str, root: Option<&Path>) -> Result<Reader, DetectError> {
    let path = root.unwrap_or(Path::new(".")).join(name);
    let spec = if !Settings::read(root)?.models.contains_key(name) && path.exists() {
        format!("candle:{}", path.display())
    } else {
        name.to_owned()
    };
    let missing = |error: ModelError| match error {
        ModelError::Unknown { .. } => wrong(format!("there is no model `{name}`, neither in {FILE} nor as a folder or file"), HELP),
        other => other.into(),
    };
    let specs = ModelSpec::resolve(&spec, root).map_err(missing)?;
    let [spec] = specs.as_slice() else { return Err(wrong(format!("`{name}` stands for several models"), HELP)) };
    Ok(spec.reader(root)?)
}

impl TextLm {
    /// What the models find at each token.
    fn positions(&self, text: &str) -> Result<Vec<Position>, Abstention> {
        let unreadable = |error: ReaderError| Abstention::Unreadable { why: error.to_string() };
        let tokens = self.model.tokens(text).map_err(unreadable)?;
        let context = self.second.as_ref().map_or(usize::MAX, Reader::context).min(self.model.context());
        let mut positions = Vec::with_capacity(tokens.len());
        for (window, from) in windows(&tokens, context.min(WINDOW)) {
            positions.extend(self.model.positions(self.second.as_ref(), &window, from).map_err(unreadable)?);
        }
        Ok(positions)
    }
}

impl Detector for TextLm {
    fn id(&self) -> &'static str {
        "text-lm"
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Text
    }

    fn minimum(&self) -> Minimum {
        MINIMUM
    }

    fn dense(&self) -> &[&'static str] {
        &self.names
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(&self.fingerprint)
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let (text, words) = readable(material, LONGEST, MINIMUM)?;
        let positions = self.positions(&text)?;
        let value = |criterion: &Criterion| criterion.of(&positions).map(|value| value as f32).filter(|value| value.is_finite());
        let dense: Option<Vec<f32>> = self.criteria.iter().map(value).collect();
        let dense =
            dense.ok_or_else(|| Abstention::Unreadable { why: "the model finds no token whose probability it could tell".to_owned() })?;
        Ok(Features { dense, sparse: Vec::new(), extent: words })
    }

    /// How many of the tokens stood how high in the model's list: `1–10: 61 %` and so on.
    fn traces(&self, material: &Material) -> Vec<Trace> {
        let Ok(positions) = readable(material, LONGEST, MINIMUM).and_then(|(text, _)| self.positions(&text)) else { return Vec::new() };
        vec![Trace { name: "text-lm-ranks", shown: Shown::Lines(rank_classes(&positions)) }]
    }
}

/// One line for each class of ranks, with the share of the tokens in it.
fn rank_classes(positions: &[Position]) -> Vec<String> {
    let count_to = |bound: u32| positions.iter().filter(|position| position.rank <= bound).count();
    let share = |count: usize| 100.0 * count as f64 / positions.len().max(1) as f64;
    let mut below = 0;
    let mut lines = Vec::new();
    for bound in CLASSES {
        lines.push(format!("{}–{bound}: {:.0} %", below + 1, share(count_to(bound) - count_to(below))));
        below = bound;
    }
    lines.push(format!("> {below}: {:.0} %", share(positions.len() - count_to(below))));
    lines
}
