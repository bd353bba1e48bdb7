//! What translations call a person. In: sentences and aligned translations. Out: person -> beginnings of German nouns, as a probe expects them.

use std::collections::{BTreeMap, BTreeSet};

use super::Item;
use crate::benchmark::align;

/// Smallest part of a person's translations that a noun must have, and how often it must occur.
const SHARE: f64 = 0.03;
const OFTEN: usize = 2;

/// A word that stands for another person so many times more often is a slip of the aligner. Less than that two persons may share: *Arzt*.
const STRAY: f64 = 4.0;

/// Endings that forms of one noun may have; the longest first.
const ENDINGS: [&str; 9] = ["innen", "in", "es", "en", "er", "em", "s", "n", "e"];

/// Shortest beginning of a noun.
const SHORTEST: usize = 4;

/// For each person the beginnings of its nouns, with `|` between.
pub fn names<'a>(items: &[Item], corpora: impl Iterator<Item = Vec<(&'a str, &'a str)>>) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    let mut sentences: BTreeMap<&str, usize> = BTreeMap::new();
    for pairs in corpora {
        for ((item, (_, translation)), aligned) in items.iter().zip(&pairs).zip(align::align(&pairs)) {
            *sentences.entry(&item.person).or_default() += 1;
            let words: Vec<&str> = translation.split_whitespace().collect();
            let places = item.at..item.at + item.person.split(' ').count();
            for (word, _) in words.iter().zip(&aligned).filter(|(_, source)| source.is_some_and(|source| places.contains(&source))) {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric());
                if word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic) && word.len() >= SHORTEST {
                    *counts.entry(&item.person).or_default().entry(word.to_lowercase()).or_default() += 1;
                }
            }
        }
    }
    let share = |person: &str, word: &str| {
        let count = counts.get(person).and_then(|words| words.get(word)).copied().unwrap_or(0);
        count as f64 / sentences.get(person).copied().unwrap_or(1) as f64
    };
    let own = |person: &str, word: &str| counts.keys().all(|other| share(other, word) <= STRAY * share(person, word));
    let kept = |(person, words): (&&str, &BTreeMap<String, usize>)| {
        let often = words.iter().filter(|(word, count)| **count >= OFTEN && share(person, word) >= SHARE && own(person, word));
        let beginnings: BTreeSet<String> = often.map(|(word, _)| beginning(word, words)).collect();
        (!beginnings.is_empty()).then(|| ((*person).to_owned(), beginnings.into_iter().collect::<Vec<_>>().join("|")))
    };
    counts.iter().filter_map(kept).collect()
}

/// The word without its ending, if what remains is a word of the same person as well; without *-in* in any case.
fn beginning(word: &str, known: &BTreeMap<String, usize>) -> String {
    let stems = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending).map(|stem| (*ending, stem)));
    let mut stems = stems.filter(|(ending, stem)| stem.len() >= SHORTEST && (known.contains_key(*stem) || ending.starts_with("in")));
    stems.next().map_or_else(|| word.to_owned(), |(_, stem)| stem.to_owned())
}
