//! `classifier:NAME`: what a sequence classifier says about an answer.
//!
//! In: the text of a response. Out: where exactly one label holds, the most probable category (the probabilities of labels with the same category
//! added up) and the probability of each; where several may hold, for each whether its probability reaches one half, and the probability. A text
//! that is longer than the model reads has no reading: a part would be a reading of something else.

use std::path::{Path, PathBuf};

use super::super::{Measure, Reading, Scorer};
use super::{Declared, category, lasting, missing, number, read, reason, slug, version, wrong};
use crate::model::ModelError;
use crate::model::candle::encoder::{Classifier, Labels};
use crate::model::settings::ClassifierSettings;
use crate::probe::suggestion;
use crate::store::{Prompt, Response, Value, hash_id};

const UNIT: &str = "probability";
/// Categories of a label that may hold beside others.
const HELD: [&str; 2] = ["present", "absent"];

/// What is read from the model's labels.
struct Plan {
    /// Category of each label, by place in `categories`.
    place: Vec<usize>,
    categories: Vec<String>,
    independent: bool,
    /// With one label for each text: its category, then the categories' probabilities. With several: for each category whether it holds, then its
    /// probability.
    measures: Vec<Measure>,
}

impl Plan {
    fn new(name: &str, settings: &ClassifierSettings, labels: &Labels) -> Result<Self, ModelError> {
        let at = format!("classifiers.{name}.labels");
        if let Some(stranger) = settings.labels.keys().find(|label| !labels.names.contains(label)) {
            let near = suggestion(stranger, labels.names.iter().map(String::as_str));
            let help = near.unwrap_or_else(|| format!("its labels are {}", labels.names.join(", ")));
            return Err(wrong(format!("{at}: the model has no label `{stranger}`"), &help));
        }
        let (mut place, mut categories) = (Vec::new(), Vec::<String>::new());
        for label in &labels.names {
            let own = if settings.labels.is_empty() { Some(label) } else { settings.labels.get(label) };
            let Some(own) = own else {
                let help = "name a category for every label of the model";
                return Err(wrong(format!("{at} says nothing about the model's label `{label}`"), help));
            };
            let known = categories.iter().position(|category| category == own);
            if labels.independent && known.is_some() {
                let problem =
                    format!("{at}: two labels of the category `{own}` may hold at the same time; their probabilities do not add up");
                return Err(wrong(problem, "give each label of this model a category of its own"));
            }
            place.push(known.unwrap_or(categories.len()));
            if known.is_none() {
                categories.push(own.clone());
            }
        }
        let measure = settings.measure.as_deref().unwrap_or(name);
        let held = HELD.map(str::to_owned);
        let mut measures = Vec::new();
        if !labels.independent {
            measures.push(category(measure, &categories));
        }
        for own in &categories {
            let id = format!("{measure}-{}", slug(own));
            if labels.independent {
                measures.push(category(&id, &held));
            }
            measures.push(number(&format!("{id}-{UNIT}"), UNIT));
        }
        Ok(Self { place, categories, independent: labels.independent, measures })
    }

    /// Readings from the labels' probabilities.
    fn read(&self, probabilities: &[f64]) -> Vec<Reading> {
        let mut shares = vec![0.0; self.categories.len()];
        self.place.iter().zip(probabilities).for_each(|(place, probability)| shares[*place] += probability);
        let mut measures = self.measures.iter();
        let mut readings = Vec::with_capacity(self.measures.len());
        let mut next = |value: Value| readings.extend(measures.next().map(|measure| read(measure, value)));
        if !self.independent {
            let most = shares.iter().enumerate().fold(0, |most, (place, share)| if *share > shares[most] { place } else { most });
            next(Value::Category(self.categories[most].clone()));
        }
        for share in shares {
            if self.independent {
                next(Value::Category(HELD[usize::from(share < 0.5)].to_owned()));
            }
            next(Value::Number(share));
        }
        readings
    }
}

/// A classifier with what is read from it.
pub struct Classified {
    id: &'static str,
    model: Classifier,
    plan: Plan,
    fingerprint: String,
}

impl Classified {
    /// Opens the classifier that these settings name.
    ///
    /// # Errors
    /// As [`Classifier::open`]; a mapping that does not fit the model's labels.
    pub fn open(name: &str, settings: &ClassifierSettings, root: Option<&Path>) -> Result<Self, ModelError> {
        let model = Classifier::open(&folder(settings, root))?;
        let plan = Plan::new(name, settings, model.labels())?;
        let settings = format!("{:?} {:?}", plan.measures, plan.place);
        let fingerprint = hash_id([model.fingerprint(), settings.as_str()]);
        Ok(Self { id: lasting(&format!("classifier:{name}")), model, plan, fingerprint })
    }
}

/// What a classifier reads, from its config.json alone.
///
/// # Errors
/// As [`Labels::of`]; a mapping that does not fit the labels.
pub fn declared(name: &str, settings: &ClassifierSettings, root: Option<&Path>) -> Result<Declared, ModelError> {
    let labels = Labels::of(&folder(settings, root))?;
    Ok(Declared { id: lasting(&format!("classifier:{name}")), measures: Plan::new(name, settings, &labels)?.measures })
}

fn folder(settings: &ClassifierSettings, root: Option<&Path>) -> PathBuf {
    root.unwrap_or(Path::new(".")).join(&settings.path)
}

impl Scorer for Classified {
    fn id(&self) -> &'static str {
        self.id
    }

    fn version(&self) -> u32 {
        version(&self.fingerprint)
    }

    fn fingerprint(&self) -> Option<&str> {
        Some(&self.fingerprint)
    }

    fn measures(&self) -> &[Measure] {
        &self.plan.measures
    }

    fn read(&self, _: &Prompt, response: &Response) -> Vec<Reading> {
        if response.text.trim().is_empty() {
            return missing(&self.plan.measures, "no-text");
        }
        match self.model.probabilities(&response.text) {
            Ok(probabilities) => self.plan.read(&probabilities),
            Err(unread) => missing(&self.plan.measures, reason(&unread)),
        }
    }
}
