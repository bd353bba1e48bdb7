//! How far a detector can be trusted: what it tells apart on items that it was not trained on, and whom it accuses.
//!
//! In: a [`Detector`], the controls it has to beat, [`Variant`]s, [`Item`]s and a [`Protocol`]. Out: an [`Evaluation`]. Training and test never share a
//! source: folds are made of sources (or domains), and items of the same content count as one source whatever their labels say. Controls are
//! trained and tested on the very same splits. The same input gives the same bytes, in any order of items and with any number of threads.
//!
//! `read` reads features once for each item and change, `folds` splits, `cross` trains and scores, `measure` turns scores into numbers with
//! intervals, `groups` counts false accusations.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::calibration::cut;
use super::corpus::Item;
use super::error::DetectError;
use super::features::Detector;
use super::material::{self, Abstention, Material, Modality};
use super::variants::Variant;

mod cross;
mod evaluation;
mod folds;
mod groups;
mod measure;
mod read;

use cross::{Split, Trained};
use measure::Frame;
pub(super) use read::{Readings, read_all};

pub use evaluation::{
    Abstained, AtLength, Because, Beside, Changed, Corpus, Evaluation, FORMAT, Group, GroupBy, Measured, Number, Protocol, Reliability,
    Row, Subject,
};

/// Evaluates `detector` beside `controls` on `items`, and under `variants`.
///
/// # Errors
/// [`DetectError::Corpus`] without human or without generated items, with fewer sources than folds, or where the detector reads another kind of material.
pub fn evaluate(
    detector: &dyn Detector,
    controls: &[Box<dyn Detector>],
    variants: &[Box<dyn Variant>],
    items: &[Item],
    protocol: &Protocol,
) -> Result<Evaluation, DetectError> {
    let mut items: Vec<&Item> = items.iter().collect();
    items.sort_by(|a, b| (&a.id, &a.source, &a.generator).cmp(&(&b.id, &b.source, &b.generator)));
    let subjects: Vec<&dyn Detector> = std::iter::once(detector).chain(controls.iter().map(Box::as_ref)).collect();
    let (originals, hashes) = read_all(&subjects, &items, None);
    check(detector, &items, &originals[0])?;

    let frame = Frame::new(&items, &hashes, protocol);
    let groups = folds::groups(&items, &hashes, protocol.group_by);
    let found = groups.iter().collect::<BTreeSet<_>>().len();
    if protocol.folds < 2 || found < protocol.folds {
        let help = "fewer folds (--folds), a finer --group-by, or more material";
        return Err(DetectError::corpus(format!("{found} groups cannot be split into {} folds", protocol.folds), help));
    }
    let fold = folds::assign(&groups, &frame.generated, protocol.folds);
    let splits = Split::of_folds(&fold, protocol.folds);
    let lab = Lab { subjects, items: &items, frame, groups, protocol };

    let trained = lab.train(&originals, &splits);
    let whole = lab.row("whole", &trained, &splits, &originals);
    let scores = trained[0].scores(&splits, &originals[0]);
    let control_curves = (1..lab.subjects.len()).map(|at| lab.frame.curve(&trained[at].scores(&splits, &originals[at]))).collect();
    let by = |key: &dyn Fn(&Item) -> Option<String>, humans: bool| lab.rows_within(&trained, &splits, &originals, key, humans);
    Ok(Evaluation {
        format: FORMAT,
        lupe: env!("CARGO_PKG_VERSION").to_owned(),
        detector: Subject::of(detector),
        controls: lab.subjects[1..].iter().map(|control| Subject::of(*control)).collect(),
        protocol: protocol.clone(),
        corpus: lab.frame.corpus(&items, &hashes, found),
        penalties: trained[0].penalties(),
        curve: lab.frame.curve(&scores),
        control_curves,
        reliability: lab.frame.reliability(&scores),
        whole,
        lengths: if detector.modality() == Modality::Text { lab.lengths(&trained, &splits) } else { Vec::new() },
        variants: lab.variants(variants, &trained, &splits),
        domains: by(&|item| Some(item.domain.clone()), false),
        generators: by(&|item| item.generator.clone(), true),
        unseen_domains: lab.unseen_domains(&originals),
        unseen_generators: lab.unseen_generators(&originals, &fold),
        groups: groups::false_positives(&items, &lab.frame, &scores),
    })
}

fn check(detector: &dyn Detector, items: &[&Item], read: &Readings) -> Result<(), DetectError> {
    for (class, generated) in [("human", false), ("generated", true)] {
        if !items.iter().any(|item| item.generated() == generated) {
            return Err(DetectError::corpus(
                format!("there are no {class} items"),
                "name at least one path of each kind: --human, --generated",
            ));
        }
    }
    if read.iter().all(|read| matches!(read, Err(Abstention::OtherModality { .. }))) {
        let problem = format!("`{}` reads {}, and there is none among the items", detector.id(), detector.modality().as_str());
        return Err(DetectError::corpus(problem, "choose a detector for this kind of material"));
    }
    Ok(())
}

/// Detector and controls with the items and everything that is the same for all splits.
struct Lab<'a> {
    subjects: Vec<&'a dyn Detector>,
    items: &'a [&'a Item],
    frame: Frame<'a>,
    groups: Vec<usize>,
    protocol: &'a Protocol,
}

impl Lab<'_> {
    fn train(&self, readings: &[Readings], splits: &[Split]) -> Vec<Trained> {
        let train =
            |(subject, readings)| Trained::new(subject, readings, splits, &self.frame.generated, &self.groups, self.protocol.nested);
        self.subjects.par_iter().copied().zip(readings).map(train).collect()
    }

    /// What detector and controls tell apart when trained as `trained` and tested on `readings`.
    fn row(&self, name: &str, trained: &[Trained], splits: &[Split], readings: &[Readings]) -> Row {
        let scores: Vec<_> = trained.iter().zip(readings).map(|(trained, readings)| trained.scores(splits, readings)).collect();
        let tested: BTreeSet<usize> = splits.iter().flat_map(|split| split.test.iter().copied()).collect();
        self.frame.row(name, &tested.into_iter().collect::<Vec<_>>(), &scores, &readings[0], &self.names())
    }

    fn names(&self) -> Vec<&'static str> {
        self.subjects[1..].iter().map(|control| control.id()).collect()
    }

    /// The same scores, for the items of each value of a key; `humans` adds the human items to each.
    fn rows_within(
        &self,
        trained: &[Trained],
        splits: &[Split],
        readings: &[Readings],
        key: &dyn Fn(&Item) -> Option<String>,
        humans: bool,
    ) -> Vec<Row> {
        let scores: Vec<_> = trained.iter().zip(readings).map(|(trained, readings)| trained.scores(splits, readings)).collect();
        let keys: Vec<Option<String>> = self.items.iter().map(|item| key(item)).collect();
        let values: BTreeSet<&String> = keys.iter().flatten().collect();
        let row = |value: &&String| {
            let members: Vec<usize> =
                (0..keys.len()).filter(|at| keys[*at].as_ref() == Some(value) || humans && !self.frame.generated[*at]).collect();
            self.frame.row(value, &members, &scores, &readings[0], &self.names())
        };
        values.into_iter().collect::<Vec<_>>().par_iter().map(row).collect()
    }

    fn lengths(&self, trained: &[Trained], splits: &[Split]) -> Vec<AtLength> {
        let at = |words: &usize| {
            let short = |material: &Material| {
                let found = if let Material::Text(text) = material { material::words(text).count() } else { 0 };
                Abstention::TooLittle { found: found as f64, needed: *words as f64, unit: "words".to_owned() }
            };
            let cut = |material: &Material| cut(material, *words).map(Cow::into_owned).ok_or_else(|| short(material));
            let (readings, _) = read_all(&self.subjects, self.items, Some(&cut));
            let name = words.to_string();
            AtLength {
                words: *words,
                trained_on_whole: self.row(&name, trained, splits, &readings),
                trained_on_cut: self.row(&name, &self.train(&readings, splits), splits, &readings),
            }
        };
        self.protocol.lengths.par_iter().map(at).collect()
    }

    fn variants(&self, variants: &[Box<dyn Variant>], trained: &[Trained], splits: &[Split]) -> Vec<Changed> {
        let under = |variant: &dyn Variant| {
            let (readings, _) = read_all(&self.subjects, self.items, Some(&|material: &Material| variant.apply(material)));
            Changed { everyday: variant.everyday(), row: self.row(variant.id(), trained, splits, &readings) }
        };
        variants.iter().map(|variant| under(variant.as_ref())).collect()
    }

    /// Each domain tested by what was trained on the others; empty with a single domain and where the protocol leaves it out.
    fn unseen_domains(&self, readings: &[Readings]) -> Vec<Row> {
        let domains: BTreeSet<&str> = self.items.iter().map(|item| item.domain.as_str()).collect();
        if domains.len() < 2 || !self.protocol.unseen {
            return Vec::new();
        }
        let row = |domain: &str| {
            let test: Vec<usize> = (0..self.items.len()).filter(|at| self.items[*at].domain == domain).collect();
            // What goes back to the same source as a tested item stays out of training even if it is of another domain.
            let known: BTreeSet<u32> = test.iter().map(|at| self.frame.sources[*at]).collect();
            let train = (0..self.items.len()).filter(|at| !known.contains(&self.frame.sources[*at])).collect();
            let splits = [Split { train, test }];
            self.row(domain, &self.train(readings, &splits), &splits, readings)
        };
        domains.into_par_iter().map(row).collect()
    }

    /// Each generator and held-out human works, told apart by what was trained without that generator; empty with a single one and where the protocol leaves it out.
    fn unseen_generators(&self, readings: &[Readings], fold: &[usize]) -> Vec<Row> {
        let generators: BTreeSet<&String> = self.items.iter().filter_map(|item| item.generator.as_ref()).collect();
        if generators.len() < 2 || !self.protocol.unseen {
            return Vec::new();
        }
        let row = |generator: &String| {
            let own = |at: &usize| self.items[*at].generator.as_ref() == Some(generator);
            let splits: Vec<Split> = (0..self.protocol.folds)
                .map(|held| Split {
                    train: (0..fold.len()).filter(|at| fold[*at] != held && !own(at)).collect(),
                    test: (0..fold.len()).filter(|at| fold[*at] == held && (own(at) || !self.frame.generated[*at])).collect(),
                })
                .collect();
            self.row(generator, &self.train(readings, &splits), &splits, readings)
        };
        generators.into_par_iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests;
