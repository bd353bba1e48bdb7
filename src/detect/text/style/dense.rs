//! Stylometry in numbers that do not grow with the text.
//!
//! In: words and signs with their sentences. Out: one number for each of [`NAMES`]. Rates are square roots of counts per word, which makes the spread of a count
//! about the same for rare and common things (Bartlett 1936, for Poisson counts); what needs a length is read in windows of 40 words. Where
//! something does not exist, as the variation of one sentence, a typical value stands, so that it speaks for neither side.

use std::collections::HashMap;

use super::super::segment::Piece;
use super::Unit;
use super::lists::GROUPS;

/// Words in a window of [`vocabulary`].
const WINDOW: usize = 40;
/// Letters of a word that stand for its stem where sentences are compared.
const STEM: usize = 6;

/// Names of the features in order.
///
/// - `sentence-length`: natural logarithm of the mean number of words in a sentence. `-variation`: standard deviation by mean (burstiness). `-step`: mean of
///   |a - b| / (a + b) over neighbours. `short-sentences` (up to 8 words), `long-sentences` (from 28): shares. Unfinished sentences do not count, so that it does not
///   show where a text was cut.
/// - `word-length`, `-spread`: mean and standard deviation in letters. `middle-words` (7 to 11), `long-words` (from 12): shares.
/// - `vocabulary`: different words in a window of 40 (moving-average type-token ratio; Covington and McFall 2010). `once`: words that occur once in it (hapax).
/// - `comma` to `number`, `year`: rates of signs, words with a hyphen, numbers, numbers that may be years.
/// - `articles` to `impersonal`: rates of groups of function words. `function-words`: their share.
/// - `same-start`: share of sentences that begin with the word of an earlier one. `function-start`: share that begins with a function word. `carry-over`: mean
///   share of content words that stand in the next sentence too.
pub(super) const NAMES: [&str; 44] = [
    "sentence-length",
    "sentence-length-variation",
    "sentence-length-step",
    "short-sentences",
    "long-sentences",
    "word-length",
    "word-length-spread",
    "middle-words",
    "long-words",
    "vocabulary",
    "once",
    "comma",
    "colon",
    "semicolon",
    "dash",
    "quotation",
    "exclamation-question",
    "slash",
    "apostrophe",
    "hyphen",
    "number",
    "year",
    "articles",
    "prepositions",
    "and-or",
    "contrast",
    "subordinating",
    "addition",
    "consequence",
    "auxiliaries-present",
    "auxiliaries-past",
    "pronouns",
    "possessives",
    "first-second-person",
    "demonstratives",
    "negation",
    "quantities",
    "reflexives",
    "hedges",
    "impersonal",
    "function-words",
    "same-start",
    "function-start",
    "carry-over",
];

/// The features of [`NAMES`]. `whole` tells for each sentence whether it has an end.
pub(super) fn read(units: &[Unit], whole: &[bool]) -> Vec<f32> {
    let words: Vec<&Unit> = units.iter().filter(|unit| unit.is_word()).collect();
    let mut values = Vec::with_capacity(NAMES.len());
    values.extend(sentence_lengths(units, whole));
    values.extend(word_lengths(&words));
    values.extend(vocabulary(&words));
    values.extend(rates(units, words.len()));
    values.extend(function_words(&words));
    values.extend(starts(units, whole));
    values.into_iter().map(|value| value as f32).collect()
}

/// Sentences that count: the whole ones, or all where none is whole.
fn counts(whole: &[bool]) -> impl Fn(usize) -> bool {
    let any = whole.contains(&true);
    move |sentence| !any || whole[sentence]
}

fn sentence_lengths(units: &[Unit], whole: &[bool]) -> [f64; 5] {
    let counts = counts(whole);
    let mut lengths = vec![0_usize; whole.len()];
    units.iter().filter(|unit| !matches!(unit.piece, Piece::Sign(_))).for_each(|unit| lengths[unit.sentence] += 1);
    let lengths: Vec<f64> =
        lengths.iter().enumerate().filter(|(at, length)| counts(*at) && **length > 0).map(|(_, length)| *length as f64).collect();
    let (mean, deviation) = moments(&lengths);
    let steps: Vec<f64> = lengths.windows(2).map(|pair| (pair[0] - pair[1]).abs() / (pair[0] + pair[1])).collect();
    let (variation, step) = if steps.is_empty() { (0.45, 0.25) } else { (deviation / mean, moments(&steps).0) };
    [libm::log(mean.max(1.0)), variation, step, share(&lengths, |length| length <= 8.0), share(&lengths, |length| length >= 28.0)]
}

fn word_lengths(words: &[&Unit]) -> [f64; 4] {
    let lengths: Vec<f64> = words.iter().map(|word| word.lower.chars().count() as f64).collect();
    let (mean, deviation) = moments(&lengths);
    [mean, deviation, share(&lengths, |length| (7.0..12.0).contains(&length)), share(&lengths, |length| length >= 12.0)]
}

/// Share of different words and of words that occur once, over all windows of 40 words.
fn vocabulary(words: &[&Unit]) -> [f64; 2] {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let numbered: Vec<usize> = words
        .iter()
        .map(|word| {
            let next = numbers.len();
            *numbers.entry(&word.lower).or_insert(next)
        })
        .collect();
    let mut seen = vec![0_usize; numbers.len()];
    let (mut different, mut once, mut sums, mut windows) = (0_usize, 0_usize, [0_usize; 2], 0_usize);
    for (at, word) in numbered.iter().enumerate() {
        seen[*word] += 1;
        match seen[*word] {
            1 => (different, once) = (different + 1, once + 1),
            2 => once -= 1,
            _ => {}
        }
        if at >= WINDOW {
            let old = &mut seen[numbered[at - WINDOW]];
            *old -= 1;
            match *old {
                0 => (different, once) = (different - 1, once - 1),
                1 => once += 1,
                _ => {}
            }
        }
        if at + 1 >= WINDOW || at + 1 == numbered.len() {
            sums = [sums[0] + different, sums[1] + once];
            windows += 1;
        }
    }
    let length = numbered.len().clamp(1, WINDOW);
    sums.map(|sum| sum as f64 / (length * windows.max(1)) as f64)
}

fn rates(units: &[Unit], words: usize) -> [f64; 11] {
    const SIGNS: [&str; 8] = [",", ":", ";", "–", "\"", "!?", "/", "'"];
    let mut counts = [0_usize; 11];
    for unit in units {
        match unit.piece {
            Piece::Sign(sign) => {
                if let Some(at) = SIGNS.iter().position(|signs| signs.contains(sign)) {
                    counts[at] += 1;
                }
            }
            Piece::Word(word) => counts[8] += usize::from(word.contains('-')),
            Piece::Number(number) => {
                counts[9] += 1;
                counts[10] += usize::from(number.len() == 4 && (number.starts_with('1') || number.starts_with("20")));
            }
        }
    }
    counts.map(|count| rate(count, words))
}

fn function_words(words: &[&Unit]) -> [f64; GROUPS + 1] {
    let mut counts = [0_usize; GROUPS];
    let mut all = 0;
    for word in words.iter().filter(|word| word.groups != 0) {
        all += 1;
        counts.iter_mut().enumerate().for_each(|(group, count)| *count += (word.groups >> group & 1) as usize);
    }
    let mut values = [all as f64 / words.len().max(1) as f64; GROUPS + 1];
    values.iter_mut().zip(counts).for_each(|(value, count)| *value = rate(count, words.len()));
    values
}

fn starts(units: &[Unit], whole: &[bool]) -> [f64; 3] {
    let counts = counts(whole);
    let sentences: Vec<&[Unit]> = units.chunk_by(|a, b| a.sentence == b.sentence).filter(|sentence| counts(sentence[0].sentence)).collect();
    let first: Vec<&Unit> = sentences.iter().filter_map(|sentence| sentence.iter().find(|unit| unit.is_word())).collect();
    let mut different: Vec<&str> = first.iter().map(|unit| unit.lower.as_str()).collect();
    different.sort_unstable();
    different.dedup();
    let same = 1.0 - different.len() as f64 / first.len().max(1) as f64;
    let function = first.iter().filter(|unit| unit.groups != 0).count() as f64 / first.len().max(1) as f64;
    let stems: Vec<Vec<&str>> = sentences.iter().map(|sentence| stems(sentence)).collect();
    let shared: Vec<f64> = stems.windows(2).map(|pair| carried(&pair[0], &pair[1])).collect();
    [same, function, if shared.is_empty() { 0.1 } else { moments(&shared).0 }]
}

/// Stems of the content words of a sentence, sorted, each once.
fn stems<'u>(sentence: &'u [Unit]) -> Vec<&'u str> {
    let stem = |unit: &'u Unit| unit.lower.char_indices().nth(STEM).map_or(unit.lower.as_str(), |(end, _)| &unit.lower[..end]);
    let mut stems: Vec<&str> = sentence.iter().filter(|unit| unit.is_content()).map(stem).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

fn carried(a: &[&str], b: &[&str]) -> f64 {
    a.iter().filter(|stem| b.binary_search(stem).is_ok()).count() as f64 / a.len().min(b.len()).max(1) as f64
}

fn rate(count: usize, words: usize) -> f64 {
    (count as f64 / words.max(1) as f64).sqrt()
}

fn share(values: &[f64], holds: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|value| holds(**value)).count() as f64 / values.len().max(1) as f64
}

/// Mean and standard deviation; 0 and 0 of nothing.
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count).sqrt())
}
