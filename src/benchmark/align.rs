//! Which word of a translation stands for which word of its source: the aligner of Dyer, Chahuneau and Smith (2013), fast_align.
//!
//! In: sentences with their translations, words apart at blanks. Out: for each word of each translation the source word that it most probably comes
//! from. It is IBM model 2 with alignments that favour the diagonal (prior `exp(-tension |i/n - j/m|)`, tension fitted to the corpus), a source word
//! of its own for what has none, and a Dirichlet prior on translations; settings are those of its program with the options -d -o -v, which the
//! field's translation benchmarks use. The same corpus gives the same alignments on every machine.

use std::collections::{BTreeMap, HashMap};

use crate::stats::special::digamma;

const ITERATIONS: usize = 5;
/// Concentration of the prior on translations.
const ALPHA: f64 = 0.01;
/// Share of words that come from no source word.
const FROM_NOTHING: f64 = 0.08;
const FIRST_TENSION: f64 = 4.0;

/// A corpus as numbers. Source word 0 is the one of words without a source.
struct Corpus {
    pairs: Vec<(Vec<usize>, Vec<usize>)>,
    /// (translation length, source length) -> number of pairs.
    shapes: BTreeMap<(usize, usize), usize>,
    words: usize,
    sources: usize,
}

/// For each pair (source, translation) and each word of the translation: the place of its source word, if it has one.
pub fn align(pairs: &[(&str, &str)]) -> Vec<Vec<Option<usize>>> {
    let corpus = Corpus::new(pairs);
    let mut tension = FIRST_TENSION;
    let mut table: Option<Vec<HashMap<usize, f64>>> = None;
    for iteration in 1..ITERATIONS {
        let (counts, feature) = expected(&corpus, table.as_deref(), tension);
        if iteration > 1 {
            tension = refitted(&corpus, tension, feature);
        }
        table = Some(counts.into_iter().map(normalised).collect());
    }
    corpus.pairs.iter().map(|pair| best(pair, table.as_deref(), tension)).collect()
}

impl Corpus {
    fn new(pairs: &[(&str, &str)]) -> Self {
        fn number<'a>(known: &mut HashMap<&'a str, usize>, text: &'a str) -> Vec<usize> {
            text.split_whitespace()
                .map(|word| {
                    let next = known.len() + 1;
                    *known.entry(word).or_insert(next)
                })
                .collect()
        }
        let (mut source, mut target) = (HashMap::new(), HashMap::new());
        let pairs: Vec<(Vec<usize>, Vec<usize>)> =
            pairs.iter().map(|(from, to)| (number(&mut source, from), number(&mut target, to))).collect();
        let mut shapes = BTreeMap::new();
        pairs.iter().for_each(|(from, to)| *shapes.entry((to.len(), from.len())).or_default() += 1);
        let words = pairs.iter().map(|(_, to)| to.len()).sum();
        Self { shapes, words, sources: source.len() + 1, pairs }
    }
}

/// Distance from the diagonal of source word `i` of `n` and translated word `j` of `m`, both from 1, as a number that is never positive.
fn feature(i: usize, n: usize, j: usize, m: usize) -> f64 {
    -(i as f64 / n as f64 - j as f64 / m as f64).abs()
}

/// The prior of each source word (from 1) for translated word `j` of `m`; they sum to 1.
fn diagonal(n: usize, j: usize, m: usize, tension: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=n).map(|i| libm::exp(tension * feature(i, n, j, m))).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// Probability of each source word, the one of nothing first, for each word of the translation. Not normalised.
fn weights(pair: &(Vec<usize>, Vec<usize>), table: Option<&[HashMap<usize, f64>]>, tension: f64) -> Vec<Vec<f64>> {
    let (from, to) = pair;
    // Before anything was counted every translation is as probable as any other.
    let translated = |source: usize, word: usize| table.map_or(1.0, |table| table[source].get(&word).copied().unwrap_or(0.0));
    let word = |(j, &word): (usize, &usize)| {
        let prior = diagonal(from.len(), j + 1, to.len(), tension);
        let some = from.iter().zip(prior).map(|(&source, prior)| translated(source, word) * prior * (1.0 - FROM_NOTHING));
        std::iter::once(translated(0, word) * FROM_NOTHING).chain(some).collect()
    };
    to.iter().enumerate().map(word).collect()
}

/// Expected counts of translations, and the mean feature.
fn expected(corpus: &Corpus, table: Option<&[HashMap<usize, f64>]>, tension: f64) -> (Vec<HashMap<usize, f64>>, f64) {
    let mut counts = vec![HashMap::new(); corpus.sources];
    let mut total = 0.0;
    for pair in &corpus.pairs {
        let (from, to) = pair;
        for (j, (&word, weights)) in to.iter().zip(weights(pair, table, tension)).enumerate() {
            let sum: f64 = weights.iter().sum();
            for (i, weight) in weights.iter().enumerate() {
                let share = weight / sum;
                let source = if i == 0 { 0 } else { from[i - 1] };
                *counts[source].entry(word).or_insert(0.0) += share;
                if i > 0 {
                    // The program counts translated words from 0 here and from 1 elsewhere; its alignments are the ones to be had.
                    total += share * feature(i, from.len(), j, to.len());
                }
            }
        }
    }
    (counts, total / corpus.words as f64)
}

/// The tension under which the prior's mean feature comes closer to the observed one: eight steps of gradient ascent.
fn refitted(corpus: &Corpus, mut tension: f64, observed: f64) -> f64 {
    for _ in 0..8 {
        let of_shape = |(&(m, n), &count): (&(usize, usize), &usize)| {
            let of_word =
                |j: usize| -> f64 { diagonal(n, j, m, tension).iter().zip(1..).map(|(prior, i)| prior * feature(i, n, j, m)).sum() };
            count as f64 * (1..=m).map(of_word).sum::<f64>()
        };
        let modelled = corpus.shapes.iter().map(of_shape).sum::<f64>() / corpus.words as f64;
        tension = (tension + (observed - modelled) * 20.0).clamp(0.1, 14.0);
    }
    tension
}

/// Variational estimate of translation probabilities under the Dirichlet prior.
fn normalised(counts: HashMap<usize, f64>) -> HashMap<usize, f64> {
    let mut order: Vec<(usize, f64)> = counts.into_iter().collect();
    // A sum must not depend on the order of a hash map.
    order.sort_by_key(|(word, _)| *word);
    let total: f64 = order.iter().map(|(_, count)| count + ALPHA).sum();
    let of_total = digamma(total);
    order.into_iter().map(|(word, count)| (word, libm::exp(digamma(count + ALPHA) - of_total))).collect()
}

/// The most probable source word of each word; of equals the first, and nothing before all.
fn best(pair: &(Vec<usize>, Vec<usize>), table: Option<&[HashMap<usize, f64>]>, tension: f64) -> Vec<Option<usize>> {
    let most = |weights: Vec<f64>| {
        let mut best = (0, f64::NEG_INFINITY);
        for (at, weight) in weights.into_iter().enumerate() {
            if weight > best.1 {
                best = (at, weight);
            }
        }
        best.0.checked_sub(1)
    };
    weights(pair, table, tension).into_iter().map(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_always_come_together_are_aligned_and_words_without_a_source_are_not() {
        let pairs = [
            ("the house", "das Haus"),
            ("the book", "das Buch"),
            ("a book", "ein Buch"),
            ("a house", "ein Haus"),
            ("the big house", "das große Haus"),
            ("a big book", "ein großes Buch"),
        ];
        let aligned = align(&pairs);
        assert_eq!(aligned[0], [Some(0), Some(1)]);
        assert_eq!(aligned[4], [Some(0), Some(1), Some(2)]);
        assert_eq!(align(&[("", "ein Wort")]), [[None, None]]);
    }

    #[test]
    fn the_prior_favours_the_diagonal_and_sums_to_one() {
        let prior = diagonal(4, 2, 4, 4.0);
        assert!((prior.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(prior[1] > prior[0] && prior[0] > prior[3]);
        // exp(-4 |i/4 - 2/4|) for i = 1..4 is e^-1, 1, e^-1, e^-2.
        let sum = 1.0 + 2.0 * (-1.0_f64).exp() + (-2.0_f64).exp();
        assert!((prior[3] - (-2.0_f64).exp() / sum).abs() < 1e-12);
    }
}
