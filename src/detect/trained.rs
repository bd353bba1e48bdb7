//! A detector with what it has learned: a folder with a card, weights, what it was trained on, and its calibrations.
//!
//! In: items of known origin. Out: the folder, and back. The card is for people: it says what the detector was trained on, with which licence, and what it was
//! found to be worth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::corpus::Item;
use super::error::DetectError;
use super::evaluate::{Number, Protocol, Readings, evaluate, read_all};
use super::features::{Detector, Features};
use super::linear::Linear;
use super::material::{Abstention, Material};
use super::registry::{self, Setup};
use crate::run::{clock, write_whole};
use crate::stats::Interval;

/// Version of the folder's files.
const VERSION: u32 = 1;
/// Fewest sources on each side: with fewer, a detector learns single texts by heart.
pub const FEWEST: usize = 30;

const CARD: &str = "card.toml";
const WEIGHTS: &str = "weights.bin";
const SEEN: &str = "seen.txt";
const CALIBRATIONS: &str = "calibrations";

/// What is known of a trained detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Version of the folder's files.
    pub version: u32,
    /// Name of the detector.
    pub detector: String,
    /// Its version.
    pub detector_version: u32,
    /// Hash of what else decides about its numbers, for instance of a model's weights.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fingerprint: String,
    /// Day of the training.
    pub trained: String,
    /// Strength of the penalty.
    pub penalty: f64,
    /// Number of buckets of hashed features.
    pub buckets: usize,
    /// Hash of the weights.
    pub weights: String,
    /// Names of the dense features.
    pub dense: Vec<String>,
    /// What the detector was set up with.
    #[serde(default)]
    pub setup: Setup,
    /// What it was worth in cross-validation on what it was trained on, and what a look at the packaging alone was worth there.
    #[serde(default)]
    pub measured: Option<Measured>,
    /// What it was trained on.
    pub corpora: Vec<Corpus>,
}

/// Cross-validated figures on the training corpora: no promise for other texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Area under the receiver operating characteristic.
    pub auroc: f64,
    /// Its interval (95 %).
    pub interval: Interval,
    /// Share of generated works found at 5 % false alarms, where at least 60 human works were there to tell.
    #[serde(default)]
    pub found_at_5: Option<f64>,
    /// The strongest control: it sees file format, length or language only.
    pub control: String,
    /// Its area.
    pub control_auroc: f64,
    /// Gain over that control (difference of the areas), 95 %.
    pub gain: Interval,
}

/// One side of the training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corpus {
    /// `human`, or the generator's name.
    pub made_by: String,
    /// Where it came from and under which licence, in the words of whoever trained; empty: not said.
    pub licence: String,
    /// Items that were learned from.
    pub items: usize,
    /// Sources that they go back to.
    pub sources: usize,
    /// Items that were too short or could not be read: reason -> number.
    pub left_out: BTreeMap<String, usize>,
    /// Kinds of text or picture.
    pub domains: BTreeSet<String>,
}

/// A detector that has learned.
pub struct Trained {
    /// Where it lies; empty before it is saved.
    pub folder: PathBuf,
    /// What is known of it.
    pub card: Card,
    /// What turns material into numbers.
    pub detector: Box<dyn Detector>,
    /// What turns numbers into a score.
    pub linear: Linear,
    /// Hashes of the materials it has seen in training.
    pub seen: BTreeSet<String>,
    /// Domain -> calibration.
    pub calibrations: BTreeMap<String, Calibration>,
}

/// What a material is known by in `seen.txt`.
pub fn fingerprint(material: &Material) -> String {
    name(blake3::hash(material.bytes()))
}

fn name(hash: blake3::Hash) -> String {
    hash.to_hex()[..32].to_owned()
}

impl Trained {
    /// Learns from items of both kinds, after a cross-validation on them that shows what the detector and its controls are worth there. `licences` are the words of whoever trains, for human and for generated works.
    ///
    /// # Errors
    /// [`DetectError::Corpus`] when fewer than [`FEWEST`] sources of a side can be read, or no control was measured.
    pub fn train(detector: Box<dyn Detector>, setup: Setup, items: &[Item], licences: [&str; 2]) -> Result<Self, DetectError> {
        let (readings, hashes) = read_all(&[&*detector], &items.iter().collect::<Vec<_>>(), None);
        let read = &readings[0];
        let usable: Vec<(&Item, &Features)> = items.iter().zip(read).filter_map(|(item, read)| Some((item, read.as_ref().ok()?))).collect();
        for generated in [false, true] {
            enough(items, read, generated)?;
        }
        let measured = measure(&*detector, items)?;
        let (rows, labels): (Vec<&Features>, Vec<bool>) = usable.iter().map(|(item, features)| (*features, item.generated())).unzip();
        let linear = Linear::fit(&rows, &labels, detector.buckets(), detector.penalty());
        let card = Card {
            version: VERSION,
            detector: detector.id().to_owned(),
            detector_version: detector.version(),
            fingerprint: detector.fingerprint().unwrap_or_default().to_owned(),
            trained: clock().to_string().chars().take(10).collect(),
            penalty: linear.penalty,
            buckets: detector.buckets(),
            weights: blake3::hash(&linear.to_bytes()).to_hex().to_string(),
            dense: detector.dense().iter().map(|name| (*name).to_owned()).collect(),
            setup,
            measured: Some(measured),
            corpora: corpora(items, read, licences),
        };
        let seen = hashes.into_iter().zip(read).filter(|(_, read)| read.is_ok()).filter_map(|(hash, _)| hash.map(name)).collect();
        Ok(Self { folder: PathBuf::new(), card, detector, linear, seen, calibrations: BTreeMap::new() })
    }

    /// Log-odds of a material, with how much there was to go by.
    ///
    /// # Errors
    /// [`Abstention`] where the detector says nothing.
    pub fn score(&self, material: &Material) -> Result<(f64, f64), Abstention> {
        let features = self.detector.read(material)?;
        Ok((self.linear.score(&features), features.extent))
    }

    /// Writes the folder.
    ///
    /// # Errors
    /// [`DetectError::File`].
    pub fn save(&mut self, folder: &Path) -> Result<(), DetectError> {
        make(folder)?;
        write(&folder.join(WEIGHTS), &self.linear.to_bytes())?;
        write(&folder.join(SEEN), self.seen.iter().map(|hash| format!("{hash}\n")).collect::<String>().as_bytes())?;
        let card = toml::to_string_pretty(&self.card)
            .map_err(|error| DetectError::file(&folder.join(CARD), error, "tell us: this is a defect"))?;
        write(&folder.join(CARD), card.as_bytes())?;
        self.folder = folder.to_owned();
        Ok(())
    }

    /// Writes a calibration into the folder.
    ///
    /// # Errors
    /// [`DetectError::File`].
    pub fn keep(&mut self, calibration: Calibration) -> Result<PathBuf, DetectError> {
        let folder = self.folder.join(CALIBRATIONS);
        make(&folder)?;
        let path = folder.join(format!("{}.json", calibration.domain));
        let text =
            serde_json::to_string_pretty(&calibration).map_err(|error| DetectError::file(&path, error, "tell us: this is a defect"))?;
        write(&path, (text + "\n").as_bytes())?;
        self.calibrations.insert(calibration.domain.clone(), calibration);
        Ok(path)
    }

    /// Reads the folder and opens the detector that the card names.
    ///
    /// # Errors
    /// [`DetectError::File`] when something is missing, changed, or belongs to another version of the detector.
    pub fn open(folder: &Path, root: Option<&Path>) -> Result<Self, DetectError> {
        let again = "train it again with `lupe detect train`";
        let text = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path)
                .map_err(|error| DetectError::file(&path, error, "name the folder that `lupe detect train` wrote"))
        };
        let path = folder.join(CARD);
        let card: Card = toml::from_str(&text(CARD)?).map_err(|error| DetectError::file(&path, error, again))?;
        let detector = registry::open(&card.detector, &card.setup, root)?;
        let same = card.version == VERSION && card.detector_version == detector.version();
        if !same || card.dense != detector.dense() || card.buckets != detector.buckets() {
            return Err(DetectError::file(&path, "belongs to another version of the detector", again));
        }
        if card.fingerprint != detector.fingerprint().unwrap_or_default() {
            return Err(DetectError::file(&path, "belongs to another model", again));
        }
        let path = folder.join(WEIGHTS);
        let bytes = std::fs::read(&path).map_err(|error| DetectError::file(&path, error, again))?;
        if blake3::hash(&bytes).to_hex().as_str() != card.weights {
            return Err(DetectError::file(&path, "is not the file that the card was written for", again));
        }
        let linear = Linear::from_bytes(&bytes, card.dense.len(), card.buckets)
            .ok_or_else(|| DetectError::file(&path, "does not have the length that the card states", again))?;
        let seen = text(SEEN)?.lines().map(str::to_owned).collect();
        let calibrations = calibrations(&folder.join(CALIBRATIONS), &card.weights)?;
        Ok(Self { folder: folder.to_owned(), card, detector, linear, seen, calibrations })
    }
}

/// Cross-validation beside the controls of this kind of material; the strongest of them is the one that counts.
fn measure(detector: &dyn Detector, items: &[Item]) -> Result<Measured, DetectError> {
    let mut controls = registry::controls(detector.modality());
    controls.retain(|control| control.id() != detector.id());
    let found = evaluate(detector, &controls, &[], items, &Protocol { lengths: Vec::new(), unseen: false, ..Protocol::default() })?.whole;
    let stated = |number: &Number| match *number {
        Number::Stated { value, lower, upper } => Some((value, Interval { lower, upper })),
        Number::NotStated { .. } => None,
    };
    let strongest = found.beside.iter().filter_map(|beside| Some((beside, stated(&beside.auroc)?.0, stated(&beside.gain)?.1)));
    let strongest = strongest.max_by(|a, b| a.1.total_cmp(&b.1));
    let (Some((auroc, interval)), Some((beside, control_auroc, gain))) = (stated(&found.measured.auroc), strongest) else {
        return Err(DetectError::corpus("what the detector is worth cannot be measured on these works", "add works of more sources"));
    };
    let found_at_5 = found.measured.found_at_5_percent.value();
    Ok(Measured { auroc, interval, found_at_5, control: beside.control.clone(), control_auroc, gain })
}

fn make(folder: &Path) -> Result<(), DetectError> {
    std::fs::create_dir_all(folder).map_err(|error| DetectError::file(folder, error, "choose a folder that can be written"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DetectError> {
    write_whole(path, bytes).map_err(|error| DetectError::file(path, error, "see that the disk has room and the folder can be written"))
}

/// Fails when too few sources of a side can be learned from, and says why others were left out.
fn enough(items: &[Item], read: &Readings, generated: bool) -> Result<(), DetectError> {
    let side: Vec<_> = items.iter().zip(read).filter(|(item, _)| item.generated() == generated).collect();
    let sources: BTreeSet<&str> = side.iter().filter(|(_, read)| read.is_ok()).map(|(item, _)| item.source.as_str()).collect();
    if sources.len() >= FEWEST {
        return Ok(());
    }
    let name = if generated { "generated" } else { "human" };
    let problem = format!("{} {name} works of different sources can be learned from; at least {FEWEST} are needed", sources.len());
    let left_out =
        side.iter().find_map(|(item, read)| Some(format!("; some are left out, for instance {}: {}", item.id, read.as_ref().err()?)));
    Err(DetectError::corpus(problem, &format!("add more works{}", left_out.unwrap_or_default())))
}

/// All calibrations in a folder; those made with other weights are refused.
fn calibrations(folder: &Path, weights: &str) -> Result<BTreeMap<String, Calibration>, DetectError> {
    let mut found = BTreeMap::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(found) };
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    for path in paths {
        let again = "calibrate again with `lupe detect calibrate`, or take the file away";
        let text = std::fs::read_to_string(&path).map_err(|error| DetectError::file(&path, error, again))?;
        let calibration: Calibration = serde_json::from_str(&text).map_err(|error| DetectError::file(&path, error, again))?;
        if calibration.weights != weights {
            return Err(DetectError::file(&path, "was made with other weights", again));
        }
        found.insert(calibration.domain.clone(), calibration);
    }
    Ok(found)
}

/// What the card says of the items, by who made them.
fn corpora(items: &[Item], read: &Readings, licences: [&str; 2]) -> Vec<Corpus> {
    let mut sides: BTreeMap<Option<&str>, (Corpus, BTreeSet<&str>)> = BTreeMap::new();
    for (item, read) in items.iter().zip(read) {
        let (corpus, sources) = sides.entry(item.generator.as_deref()).or_insert_with(|| {
            let made_by = item.generator.as_deref().unwrap_or("human").to_owned();
            let licence = licences[usize::from(item.generated())].to_owned();
            (Corpus { made_by, licence, items: 0, sources: 0, left_out: BTreeMap::new(), domains: BTreeSet::new() }, BTreeSet::new())
        });
        match read {
            Ok(_) => {
                corpus.items += 1;
                corpus.domains.insert(item.domain.clone());
                sources.insert(&item.source);
            }
            Err(why) => *corpus.left_out.entry(why.word().to_owned()).or_default() += 1,
        }
    }
    sides.into_values().map(|(corpus, sources)| Corpus { sources: sources.len(), ..corpus }).collect()
}
