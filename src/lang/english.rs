//! English noun phrases for persons: article, adjective, noun, number and possessive.
//!
//! In: a [`Noun`] and the [`Form`] a slot asks for. Out: the phrase ("an art historian's").

use serde::{Deserialize, Serialize};

/// A noun for a person; English occupations are used without gender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Noun {
    /// `curator`
    pub singular: String,
    /// `curators`
    pub plural: String,
}

/// Article in front of the noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Article {
    /// None.
    Bare,
    /// a, an; nothing in the plural.
    Indefinite,
    /// the
    Definite,
}

/// The form a slot asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form<'a> {
    /// Article.
    pub article: Article,
    /// Several persons.
    pub plural: bool,
    /// "curator's", "curators'".
    pub possessive: bool,
    /// An adjective, or empty.
    pub adjective: &'a str,
}

/// The noun phrase.
pub fn phrase(noun: &Noun, form: &Form) -> String {
    let mut words = if form.plural { noun.plural.clone() } else { noun.singular.clone() };
    if form.possessive {
        words.push_str(if form.plural && words.ends_with('s') { "'" } else { "'s" });
    }
    if !form.adjective.is_empty() {
        words = format!("{} {words}", form.adjective);
    }
    match form.article {
        Article::Definite => format!("the {words}"),
        Article::Indefinite if !form.plural => format!("{} {words}", indefinite_article(&words)),
        _ => words,
    }
}

/// "a" or "an" by the first sound of `words`, with the common words whose spelling misleads.
pub fn indefinite_article(words: &str) -> &'static str {
    /// Written with a vowel, spoken with a consonant.
    const CONSONANT: [&str; 8] = ["uni", "use", "usu", "ute", "euro", "eul", "one", "once"];
    /// `un` + `i` is mostly "uni-" as in unit; these are not.
    const VOWEL_UN: [&str; 4] = ["unin", "unim", "unid", "unill"];
    /// Written with h, spoken without.
    const SILENT_H: [&str; 4] = ["hour", "honest", "honour", "heir"];
    let lower = words.to_lowercase();
    let starts = |list: &[&str]| list.iter().any(|start| lower.starts_with(start));
    let vowel = lower.starts_with(['a', 'e', 'i', 'o', 'u']) && (!starts(&CONSONANT) || starts(&VOWEL_UN));
    if vowel || starts(&SILENT_H) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(article: Article, adjective: &str) -> Form<'_> {
        Form { article, plural: false, possessive: false, adjective }
    }

    #[test]
    fn the_article_follows_the_sound() {
        for (word, article) in [
            ("curator", "a"),
            ("art historian", "an"),
            ("university lecturer", "a"),
            ("unimpressed visitor", "an"),
            ("European painter", "a"),
            ("hour", "an"),
            ("historian", "a"),
            ("one-armed juggler", "a"),
            ("usher", "an"),
            ("user", "a"),
            ("underpaid guard", "an"),
            ("", "a"),
        ] {
            assert_eq!(indefinite_article(word), article, "{word}");
        }
    }

    #[test]
    fn the_article_follows_the_adjective_where_there_is_one() {
        let noun = Noun { singular: "archivist".into(), plural: "archivists".into() };
        assert_eq!(phrase(&noun, &form(Article::Indefinite, "")), "an archivist");
        assert_eq!(phrase(&noun, &form(Article::Indefinite, "young")), "a young archivist");
        assert_eq!(phrase(&noun, &form(Article::Definite, "")), "the archivist");
    }

    #[test]
    fn plurals_have_no_indefinite_article_and_possessives_follow_the_s() {
        let noun = Noun { singular: "curator".into(), plural: "curators".into() };
        let plural = Form { article: Article::Indefinite, plural: true, possessive: false, adjective: "" };
        assert_eq!(phrase(&noun, &plural), "curators");
        assert_eq!(phrase(&noun, &Form { possessive: true, ..plural }), "curators'");
        assert_eq!(phrase(&noun, &Form { possessive: true, ..form(Article::Definite, "") }), "the curator's");
    }
}
