//! Phrases that people write into word lists, and where they stand in a text.
//!
//! In: lines such as `sprichst|sprechen ..3 gut* ..1 deutsch` under a heading, and the folded words of a sentence. Out: [`Found`] places. A bar parts
//! alternatives, `*` stands for any ending, `..3` lets up to three other words stand between, a `+` joins words of one alternative (`in+der+lage`).

use std::collections::{BTreeMap, HashMap};

use crate::lang::tokens::fold;

/// The phrases of one list, ready for look-up.
#[derive(Debug, Default)]
pub struct Phrases {
    all: Vec<Phrase>,
    /// First word of a phrase -> phrases.
    by_word: HashMap<String, Vec<usize>>,
    /// Phrases whose first word has any ending, with the letters that it begins with.
    by_stem: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Phrase {
    label: String,
    steps: Vec<Step>,
}

/// One of these stands at most `gap` words further on.
#[derive(Debug)]
struct Step {
    gap: usize,
    alternatives: Vec<Vec<String>>,
}

/// A phrase in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'p> {
    /// First word.
    pub from: usize,
    /// Behind the last word.
    pub to: usize,
    /// Heading that the phrase stands under.
    pub label: &'p str,
}

impl Phrases {
    /// Read headings with their lines; `#` opens a comment line.
    ///
    /// # Errors
    /// The line that is no phrase, and why.
    pub fn new(sections: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut phrases = Self::default();
        for (label, lines) in sections {
            for line in lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
                phrases.add(label, line).map_err(|problem| format!("`{line}` under `{label}`: {problem}"))?;
            }
        }
        Ok(phrases)
    }

    fn add(&mut self, label: &str, line: &str) -> Result<(), String> {
        let mut steps = Vec::new();
        let mut gap = 0;
        for part in line.split_whitespace() {
            if let Some(count) = part.strip_prefix("..") {
                gap = count.parse().map_err(|_| format!("`{part}` is no number of words"))?;
                continue;
            }
            let alternatives: Vec<Vec<String>> = part.split('|').map(|words| words.split('+').map(folded).collect()).collect();
            if alternatives.iter().flatten().any(|word| word.trim_end_matches('*').is_empty()) {
                return Err(format!("`{part}` has an empty word"));
            }
            steps.push(Step { gap, alternatives });
            gap = 0;
        }
        let Some(first) = steps.first() else { return Err("there is no word in it".to_owned()) };
        if gap > 0 || first.gap > 0 {
            return Err("a gap stands between two words".to_owned());
        }
        let number = self.all.len();
        for word in first.alternatives.iter().map(|words| &words[0]) {
            match word.strip_suffix('*') {
                Some(stem) => self.by_stem.push((stem.to_owned(), number)),
                None => {
                    let phrases = self.by_word.entry(word.clone()).or_default();
                    // Two spellings of one word (`für|fuer`) are one.
                    if !phrases.contains(&number) {
                        phrases.push(number);
                    }
                }
            }
        }
        self.all.push(Phrase { label: label.to_owned(), steps });
        Ok(())
    }

    /// Every phrase that stands in `words` (folded), in order of its first word.
    pub fn find<'p>(&'p self, words: &[&str]) -> Vec<Found<'p>> {
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let exact = self.by_word.get(*word).into_iter().flatten();
            let stems = self.by_stem.iter().filter(|(stem, _)| word.starts_with(stem.as_str())).map(|(_, number)| number);
            for phrase in exact.chain(stems).map(|&number| &self.all[number]) {
                if let Some(to) = ends(&phrase.steps, words, at) {
                    found.push(Found { from: at, to, label: &phrase.label });
                }
            }
        }
        found
    }
}

/// Where the steps end that begin at word `at`.
fn ends(steps: &[Step], words: &[&str], at: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(at) };
    (at..=at + step.gap).take_while(|&at| at < words.len()).find_map(|at| {
        let stands = |alternative: &&Vec<String>| alternative.len() <= words.len() - at && alternative.iter().zip(&words[at..]).all(is);
        step.alternatives.iter().filter(stands).find_map(|alternative| ends(rest, words, at + alternative.len()))
    })
}

fn is((expected, word): (&String, &&str)) -> bool {
    expected.strip_suffix('*').map_or(expected == word, |stem| word.starts_with(stem))
}

/// `word` as texts are looked up, with its `*`, which folding drops.
fn folded(word: &str) -> String {
    let mut key = String::new();
    let stem = word.strip_suffix('*').unwrap_or(word);
    fold(stem, &mut key);
    if word.ends_with('*') {
        key.push('*');
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: &str) -> Result<Phrases, String> {
        Phrases::new(&BTreeMap::from([("praise".to_owned(), lines.to_owned())]))
    }

    fn places(lines: &str, text: &str) -> Vec<(usize, usize)> {
        let phrases = list(lines).unwrap();
        let words: Vec<&str> = text.split(' ').collect();
        phrases.find(&words).into_iter().map(|found| (found.from, found.to)).collect()
    }

    #[test]
    fn words_may_stand_between_only_as_many_as_the_gap_allows() {
        let line = "sprichst ..2 gut* deutsch";
        assert_eq!(places(line, "du sprichst aber gutes deutsch"), [(1, 5)]);
        assert_eq!(places(line, "sprichst gut deutsch"), [(0, 3)]);
        assert_eq!(places(line, "sprichst du denn wirklich gut deutsch"), []);
        assert_eq!(places(line, "sprichst gut kein deutsch"), []);
    }

    #[test]
    fn alternatives_may_be_several_words_and_the_first_may_be_a_stem() {
        let line = "für|fuer dich ..1 in+der+lage|fähig";
        assert_eq!(places(line, "fuer dich heute in der lage"), [(0, 6)]);
        assert_eq!(places(line, "fuer dich faehig"), [(0, 3)]);
        assert_eq!(places("erstaun* gut", "sie ist erstaunlich gut"), [(2, 4)]);
    }

    #[test]
    fn a_line_that_is_no_phrase_is_named() {
        for line in ["gut ..x deutsch", "gut ..2", "..1 gut", "gut||schlecht"] {
            assert!(list(line).unwrap_err().contains(line), "{line}");
        }
        assert!(list("# nothing\n\n").unwrap().all.is_empty());
    }
}
