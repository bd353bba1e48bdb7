//! Detection of every answer of a run. In: the detectors of `lupe.toml` and the answers. Out: a [`Detection`] for each detector and answer of its kind.

use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::decision::{Answer, Reason, Statement, state};
use super::error::DetectError;
use super::material::{Material, Modality};
use super::trained::Trained;
use crate::model::settings::{self, DetectorSettings, Settings};
use crate::rate::Answer as Row;
use crate::store::{Medium, Outcome, Task};

/// What one detector says of one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detection {
    /// Request answered.
    pub request: String,
    /// Name in `lupe.toml`.
    pub name: String,
    /// What is said.
    pub statement: Statement,
}

/// The detectors that `lupe.toml` names, opened.
pub struct Detectors(Vec<(String, DetectorSettings, Trained)>);

impl Detectors {
    /// Opens them.
    ///
    /// # Errors
    /// Problems of `lupe.toml`; as [`Trained::open`]; a kind that the detector is not calibrated for.
    pub fn open(root: Option<&Path>) -> Result<Self, DetectError> {
        let mut detectors = Vec::new();
        for (name, settings) in Settings::read(root)?.detectors {
            let trained = Trained::open(&root.unwrap_or(Path::new(".")).join(&settings.path), root)?;
            if !trained.calibrations.contains_key(&settings.domain) {
                let problem = format!("[detectors.{name}]: {} is not calibrated for `{}`", settings.path.display(), settings.domain);
                let help = format!("lupe detect calibrate {} --human PATH --domain {}", settings.path.display(), settings.domain);
                return Err(DetectError::File { path: settings::FILE.into(), problem, help });
            }
            detectors.push((name, settings, trained));
        }
        Ok(Self(detectors))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Name -> kind declared and hash of the weights, for the record.
    pub fn domains(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, settings, _)| (name.as_str(), settings.domain.as_str()))
    }

    /// Looks at every answer of each detector's kind, in parallel; in order of detectors, then of answers. Files lie in `folder`.
    pub fn look(&self, folder: &Path, rows: &[Row<'_>]) -> Vec<Detection> {
        let mut detections = Vec::new();
        for (name, settings, trained) in &self.0 {
            let fits = |row: &&Row<'_>| {
                let (_, prompt, response) = row;
                let usable = matches!(response.outcome, Outcome::Answered | Outcome::Truncated);
                let asked = settings.probes.is_empty() || settings.probes.contains(&prompt.probe);
                usable && asked && modality(&prompt.task) == Some(trained.detector.modality())
            };
            let fitting: Vec<&Row<'_>> = rows.iter().filter(fits).collect();
            let look = |(request, _, response): &&Row<'_>| {
                let material = match &response.file {
                    Some(file) => Material::read(&folder.join(file.place())),
                    None => Ok(Material::Text(response.text.clone())),
                };
                let statement = match material {
                    Ok(material) => state(trained, &material, Some(&settings.domain)),
                    Err(why) => Statement::nothing(trained.detector.id(), Reason::Abstains { why }),
                };
                Detection { request: request.id.clone(), name: name.clone(), statement }
            };
            detections.extend(fitting.par_iter().map(look).collect::<Vec<_>>());
        }
        detections
    }
}

/// What an answer to this task is; nothing for choices and likelihoods, which have no text of their own.
fn modality(task: &Task) -> Option<Modality> {
    match task {
        Task::Generate { .. } => Some(Modality::Text),
        Task::Make { medium: Medium::Image, .. } => Some(Modality::Image),
        Task::Make { medium: Medium::Sound, .. } => Some(Modality::Sound),
        Task::Make { medium: Medium::Video, .. } | Task::Choose { .. } | Task::LogLikelihood { .. } => None,
    }
}

impl Answer {
    /// The word as files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Indication => "indication",
            Answer::Unsure => "unsure",
            Answer::NoStatement => "no-statement",
        }
    }
}
