//! Which items stay together, and which fold they are in.
//!
//! In: items with the hashes of their contents. Out: a group for each item and a fold for each group. Both depend on names alone, not on the order of items.

use std::collections::BTreeMap;

use super::evaluation::GroupBy;
use crate::detect::corpus::Item;

/// A number for each item, the same for items that must not be split: same source, same content, and with [`GroupBy::Domain`] same domain.
pub(super) fn groups(items: &[&Item], hashes: &[Option<blake3::Hash>], by: GroupBy) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..items.len()).collect();
    let mut join = |keys: &mut dyn Iterator<Item = Option<String>>| {
        let mut first = BTreeMap::new();
        for (at, key) in keys.enumerate() {
            if let Some(key) = key {
                let other = *first.entry(key).or_insert(at);
                let (a, b) = (root(&mut parents, at), root(&mut parents, other));
                // The smaller index leads, so that numbers do not depend on the order of joining.
                parents[a.max(b)] = a.min(b);
            }
        }
    };
    join(&mut items.iter().map(|item| Some(item.source.clone())));
    join(&mut hashes.iter().map(|hash| hash.map(|hash| hash.to_hex().to_string())));
    if by == GroupBy::Domain {
        join(&mut items.iter().map(|item| Some(item.domain.clone())));
    }
    (0..items.len()).map(|at| root(&mut parents, at)).collect()
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

/// A fold for each item. Groups are taken by size, the largest first, and go where fewest items of their classes are: folds get about the same number
/// of human and of generated items.
pub(super) fn assign(groups: &[usize], generated: &[bool], folds: usize) -> Vec<usize> {
    let mut sizes: BTreeMap<usize, [usize; 2]> = BTreeMap::new();
    for (group, label) in groups.iter().zip(generated) {
        sizes.entry(*group).or_default()[usize::from(*label)] += 1;
    }
    let mut order: Vec<(usize, [usize; 2])> = sizes.into_iter().collect();
    order.sort_by_key(|(group, [human, made])| (std::cmp::Reverse(human + made), spread(*group), *group));
    let mut loads = vec![[0_usize; 2]; folds];
    let mut fold_of = BTreeMap::new();
    for (group, [human, made]) in order {
        let load = |fold: &usize| (human * loads[*fold][0] + made * loads[*fold][1], loads[*fold][0] + loads[*fold][1], *fold);
        let Some(fold) = (0..folds).min_by_key(load) else { continue };
        loads[fold] = [loads[fold][0] + human, loads[fold][1] + made];
        fold_of.insert(group, fold);
    }
    groups.iter().map(|group| fold_of[group]).collect()
}

/// Mixes neighbouring numbers, so that files that follow each other (often of one kind) do not decide about folds.
fn spread(group: usize) -> u64 {
    (group as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}
