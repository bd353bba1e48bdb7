//! `classifier:NAME`: what a sequence classifier says about an answer.
//!
//! In: the text of a response. Out: where exactly one label holds, the most probable category (the probabilities of labels with the same category
//! added up) and the probability of each; where several may hold, for each whether its probability reaches one half, and the probability. A text
//! that is longer than the model reads has no reading: a part would be a reading of something else.

use std::path::Path;

use super::super::Measure;
use super::{Configured, Declared, category, folder, lasting, number, slug, wrong};
use crate::model::ModelError;
use crate::model::candle::encoder::{Classifier, Labels};
use crate::model::settings::ClassifierSettings;
use crate::probe::suggestion;
use crate::store::{Value, hash_id};

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

    /// The measures' values from the labels' probabilities.
    fn values(&self, probabilities: &[f64]) -> Vec<Value> {
        let mut shares = vec![0.0; self.categories.len()];
        self.place.iter().zip(probabilities).for_each(|(place, probability)| shares[*place] += probability);
        let mut values = Vec::with_capacity(self.measures.len());
        if !self.independent {
            let most = shares.iter().enumerate().fold(0, |most, (place, share)| if *share > shares[most] { place } else { most });
            values.push(Value::Category(self.categories[most].clone()));
        }
        for share in shares {
            if self.independent {
                values.push(Value::Category(HELD[usize::from(share < 0.5)].to_owned()));
            }
            values.push(Value::Number(share));
        }
        values
    }
}

/// Opens the classifier that these settings name.
///
/// # Errors
/// As [`Classifier::open`]; a mapping that does not fit the model's labels.
pub fn open(name: &str, settings: &ClassifierSettings, root: Option<&Path>) -> Result<Configured, ModelError> {
    let model = Classifier::open(&folder(&settings.path, root))?;
    let plan = Plan::new(name, settings, model.labels())?;
    let decided = format!("{:?} {:?}", plan.measures, plan.place);
    let fingerprint = hash_id([model.fingerprint(), decided.as_str()]);
    let (id, measures) = (lasting(&format!("classifier:{name}")), plan.measures.clone());
    let values = Box::new(move |text: &str| model.probabilities(text).map(|probabilities| plan.values(&probabilities)));
    Ok(Configured { id, measures, fingerprint, values })
}

/// What a classifier reads, from its config.json alone.
///
/// # Errors
/// As [`Labels::of`]; a mapping that does not fit the labels.
pub fn declared(name: &str, settings: &ClassifierSettings, root: Option<&Path>) -> Result<Declared, ModelError> {
    let labels = Labels::of(&folder(&settings.path, root))?;
    Ok(Declared { id: lasting(&format!("classifier:{name}")), measures: Plan::new(name, settings, &labels)?.measures })
}
