//! Features of all items, read in parallel, once for each change.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::detect::corpus::Item;
use crate::detect::features::{Detector, Features};
use crate::detect::material::{Abstention, Material};

/// What a detector made of each item.
pub(in crate::detect) type Readings = Vec<Result<Features, Abstention>>;

/// A change of material before it is read.
pub(in crate::detect) type Change<'c> = &'c (dyn Fn(&Material) -> Result<Material, Abstention> + Sync);

/// What each of `subjects` reads from each item after `change`, and the hash of each content as read.
pub(in crate::detect) fn read_all(
    subjects: &[&dyn Detector],
    items: &[&Item],
    change: Option<Change>,
) -> (Vec<Readings>, Vec<Option<blake3::Hash>>) {
    let of_item = |item: &&Item| {
        let material = item.material().and_then(|material| match change {
            Some(change) => change(&material).map(Cow::Owned),
            None => Ok(material),
        });
        let hash = material.as_ref().ok().map(|material| blake3::hash(material.bytes()));
        let read = |subject: &&dyn Detector| match &material {
            Ok(material) => subject.read(material).and_then(finite),
            Err(abstention) => Err(abstention.clone()),
        };
        (subjects.iter().map(read).collect::<Vec<_>>(), hash)
    };
    let (by_item, hashes): (Vec<_>, Vec<_>) = items.par_iter().map(of_item).unzip();
    let mut by_subject: Vec<Readings> = subjects.iter().map(|_| Vec::with_capacity(items.len())).collect();
    for readings in by_item {
        by_subject.iter_mut().zip(readings).for_each(|(all, reading)| all.push(reading));
    }
    (by_subject, hashes)
}

/// A number that is none would silently poison every weight of a training.
fn finite(features: Features) -> Result<Features, Abstention> {
    let mut values = features.dense.iter().chain(features.sparse.iter().map(|(_, value)| value));
    if values.all(|value| value.is_finite()) {
        Ok(features)
    } else {
        Err(Abstention::Unreadable { why: "a feature is no number".to_owned() })
    }
}
