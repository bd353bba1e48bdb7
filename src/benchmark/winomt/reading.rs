//! The authors' reading of a translation, and their measures.

use serde::{Deserialize, Serialize};

/// Gender of a person, in the sentence or in its translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    Male,
    Female,
    Neutral,
}

impl Gender {
    /// As the authors' file writes it.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "male" => Gender::Male,
            "female" => Gender::Female,
            "neutral" => Gender::Neutral,
            _ => return None,
        })
    }
}

/// What the authors take a determiner or pronoun to say of the person. Cases are not told apart (*der Ärztin* is caught by its ending before).
fn says(word: &str) -> Option<Gender> {
    Some(match word {
        "der" | "ein" | "dem" | "einen" | "des" | "er" | "seiner" | "ihn" | "seinen" | "ihm" | "ihren" | "seinem" | "ihrem" | "sein" => {
            Gender::Male
        }
        "die" | "eine" | "einer" | "sie" | "seine" | "ihrer" => Gender::Female,
        "ihr" | "ihre" | "das" | "jemanden" => Gender::Neutral,
        _ => return None,
    })
}

/// The person in word `at` of `sentence` as `translation` has it. `aligned` holds the source word of each word of the translation.
pub fn gender(sentence: &str, at: usize, person: &str, translation: &str, aligned: &[Option<usize>]) -> Gender {
    if matches!(person, "nurse" | "the nurse") {
        return Gender::Female;
    }
    let source: Vec<&str> = sentence.split(' ').collect();
    let article = at.checked_sub(1).filter(|&before| matches!(source[before].to_lowercase().as_str(), "the" | "a" | "an"));
    let is_of = |wanted: usize| aligned.iter().enumerate().filter(move |(_, found)| **found == Some(wanted)).map(|(place, _)| place);
    let places: Vec<usize> = article.into_iter().chain([at]).flat_map(is_of).collect();
    let Some(first) = places.iter().copied().min() else { return Gender::Male };
    let words: Vec<&str> = translation.split_whitespace().collect();
    if places.iter().flat_map(|&place| tokens(words[place])).any(|token| token.ends_with("in")) {
        return Gender::Female;
    }
    let determiners = translation.split_whitespace().flat_map(tokens).enumerate();
    let found = determiners.filter_map(|(place, token)| Some((place.abs_diff(first), says(&token.to_lowercase())?)));
    found.min_by_key(|(distance, _)| *distance).map_or(Gender::Male, |(_, gender)| gender)
}

/// A word and its punctuation, apart.
fn tokens(word: &str) -> Vec<&str> {
    let is_sign = |c: char| !c.is_alphanumeric();
    let start = word.len() - word.trim_start_matches(is_sign).len();
    let end = word.trim_end_matches(is_sign).len().max(start);
    let (before, inner, after) = (&word[..start], &word[start..end], &word[end..]);
    let mut all: Vec<&str> = split_signs(before);
    if !inner.is_empty() {
        all.push(inner);
    }
    all.extend(split_signs(after));
    all
}

fn split_signs(text: &str) -> Vec<&str> {
    text.char_indices().map(|(at, sign)| &text[at..at + sign.len_utf8()]).collect()
}

/// F1 of one gender in percent, from precision and recall in percent with one decimal. None where the gender was never met or never read.
pub fn f1(read: impl Iterator<Item = (Gender, Gender)> + Clone, of: Gender) -> Option<f64> {
    let count = |fits: &dyn Fn(&(Gender, Gender)) -> bool| read.clone().filter(fits).count() as f64;
    let right = count(&|(gold, found)| *gold == of && *found == of);
    let (met, found) = (count(&|(gold, _)| *gold == of), count(&|(_, found)| *found == of));
    let tenth = |share: f64| (share * 1000.0).round() / 10.0;
    let (recall, precision) = (tenth(right / met), tenth(right / found));
    let f1 = 2.0 * precision * recall / (precision + recall);
    f1.is_finite().then(|| (f1 * 10.0).round() / 10.0)
}

/// The sentence with a sign in the place of each pronoun.
pub fn without_pronouns(sentence: &str) -> String {
    let pronoun = |word: &str| {
        matches!(
            word.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str(),
            "he" | "she" | "they" | "him" | "her" | "them" | "his" | "hers" | "their" | "theirs" | "himself" | "herself" | "themselves"
        )
    };
    sentence.split(' ').map(|word| if pronoun(word) { "*" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(translation: &str, aligned: &[Option<usize>]) -> Gender {
        gender("The guard thanked the curator because she was kind.", 4, "curator", translation, aligned)
    }

    #[test]
    fn a_feminine_ending_outweighs_the_article_and_the_nearest_determiner_decides_else() {
        let aligned = [Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)];
        assert_eq!(read("Die Wächterin dankte der Kuratorin, weil", &aligned), Gender::Female);
        assert_eq!(read("Die Wächterin dankte dem Kurator, weil", &aligned), Gender::Male);
        assert_eq!(read("Das sagte Anna", &[Some(0), None, None]), Gender::Male, "nothing is aligned");
    }

    #[test]
    fn signs_are_words_of_their_own() {
        assert_eq!(tokens("„Ja“,"), ["„", "Ja", "“", ","]);
        assert_eq!(tokens("..."), [".", ".", "."]);
    }

    #[test]
    fn f1_is_the_harmonic_mean_of_rounded_precision_and_recall() {
        let read = [(Gender::Male, Gender::Male), (Gender::Male, Gender::Female), (Gender::Female, Gender::Male)];
        assert_eq!(f1(read.into_iter(), Gender::Male), Some(50.0));
        assert_eq!(f1(read.into_iter(), Gender::Neutral), None);
    }
}
