//! Which person a pronoun form means: she or they, polite address or her, his or "to be". In: a place in the tokens. Out: [`Pronoun`], or nothing.

use super::token::Tokens;
use crate::lang::person::{Gender, Number, Word, finite_number, lexicon};
use crate::store::Language;

/// A third-person pronoun for one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pronoun {
    /// Gender of the form.
    pub gender: Gender,
    /// A possessive or dative that a neuter noun takes as well (sein, ihm).
    pub neuter_too: bool,
    /// How much it says: 1 for a subject, less where the form has other readings.
    pub weight: f32,
    /// A subject, so that predicates after it speak of its person.
    pub subject: bool,
}

/// Read token `i` as a pronoun.
pub fn pronoun(tokens: &Tokens, i: usize, language: Language) -> Option<Pronoun> {
    let key = tokens.key(i);
    match language {
        Language::En => english(key),
        Language::De => german(tokens, i, key),
    }
}

fn english(key: &str) -> Option<Pronoun> {
    let (gender, weight, subject) = match key {
        "he" => (Gender::Man, 1.0, true),
        "him" | "his" | "himself" => (Gender::Man, 0.8, false),
        "she" => (Gender::Woman, 1.0, true),
        "her" | "hers" | "herself" => (Gender::Woman, 0.8, false),
        _ => return None,
    };
    Some(Pronoun { gender, neuter_too: false, weight, subject })
}

fn german(tokens: &Tokens, i: usize, key: &str) -> Option<Pronoun> {
    let made = |gender, weight, subject, neuter_too| Some(Pronoun { gender, neuter_too, weight, subject });
    let token = tokens.get(i)?;
    match key {
        "er" => made(Gender::Man, 1.0, true, false),
        "ihn" => made(Gender::Man, 0.8, false, false),
        "ihm" => made(Gender::Man, 0.7, false, true),
        "sein" | "seine" | "seinem" | "seinen" | "seiner" | "seines" if possesses(tokens, i) => made(Gender::Man, 0.6, false, true),
        // Capital inside a sentence: polite address.
        "sie" | "ihr" | "ihre" | "ihrem" | "ihren" | "ihrer" | "ihres" if token.capital && !token.first && !token.shouted => None,
        "sie" => she(tokens, i),
        "ihr" if second_plural(tokens, i) => None,
        "ihr" => made(Gender::Woman, if noun_follows(tokens, i) { 0.5 } else { 0.6 }, false, false),
        "ihre" | "ihrem" | "ihren" | "ihrer" | "ihres" => made(Gender::Woman, 0.5, false, false),
        _ => None,
    }
}

/// "sein Leben" but not "zu sein", "allein sein."
fn possesses(tokens: &Tokens, i: usize) -> bool {
    if tokens.key(i) != "sein" {
        return true;
    }
    tokens.before(i, 1) != "zu" && noun_follows(tokens, i)
}

/// A noun phrase begins at `i + 1`: adjectives, then a capital.
fn noun_follows(tokens: &Tokens, i: usize) -> bool {
    for at in i + 1..i + 5 {
        if !tokens.is_word(at) {
            return false;
        }
        if tokens.capital(at) {
            return true;
        }
        let key = tokens.key(at);
        if !(key.ends_with('e') || key.ends_with("er") || key.ends_with("en") || key.ends_with("es") || key.ends_with("em")) {
            return false;
        }
    }
    false
}

/// "ihr seid", "habt ihr": you.
fn second_plural(tokens: &Tokens, i: usize) -> bool {
    let plural_you =
        |key: &str| matches!(key, "seid" | "habt" | "könnt" | "wollt" | "müsst" | "sollt" | "dürft" | "werdet" | "wart" | "wisst" | "mögt");
    plural_you(tokens.key(i + 1)) || plural_you(tokens.before(i, 1))
}

/// "sie" for one woman, with the weight of the reading; nothing for several people or polite address.
fn she(tokens: &Tokens, i: usize) -> Option<Pronoun> {
    let sure = |weight, subject| Some(Pronoun { gender: Gender::Woman, neuter_too: false, weight, subject });
    match number(tokens, i) {
        Some(Number::Singular) => sure(1.0, true),
        Some(Number::Plural) => None,
        None => sure(0.3, false),
    }
}

/// Number of the verb that "sie" at `i` is subject of; nothing where it looks like an object.
fn number(tokens: &Tokens, i: usize) -> Option<Number> {
    const SUBORDINATE: [&str; 30] = [
        "dass", "weil", "wenn", "ob", "während", "obwohl", "da", "bis", "bevor", "nachdem", "damit", "wie", "wo", "was", "die", "der",
        "das", "den", "dem", "denen", "als", "sobald", "solange", "indem", "wobei", "womit", "warum", "wofür", "seit", "welche",
    ];
    const PREPOSITION: [&str; 9] = ["für", "ohne", "durch", "gegen", "um", "über", "auf", "an", "hinter"];
    let before = tokens.before(i, 1);
    let starts_clause = tokens.get(i).is_some_and(|token| token.first)
        || matches!(before, "und" | "oder" | "aber" | "denn" | "doch" | "sondern" | "," | ";" | "–" | "-" | "(");
    if starts_clause {
        // The verb stands second: directly after the pronoun, but for a word like "auch" or a bracket.
        return (i + 1..i + 4).take_while(|&at| tokens.is_word(at)).find_map(|at| finite_number(tokens.key(at))).or(Some(Number::Singular));
    }
    if SUBORDINATE.contains(&before) {
        return Some(clause_end(tokens, i));
    }
    if PREPOSITION.contains(&before) || !tokens.is_word(i - 1) {
        return None;
    }
    if tokens.get(i - 1).is_some_and(|token| token.capital && !token.first) {
        return None;
    }
    // Inverted: "Dort arbeitet sie", "wollten sie".
    finite_number(before)
}

/// Number of the verb at the end of a subordinate clause.
fn clause_end(tokens: &Tokens, i: usize) -> Number {
    let mut last = i;
    for at in i + 1..i + 26 {
        let key = tokens.key(at);
        if !tokens.is_word(at) || (key == "und" && finite_number(tokens.before(at, 1)).is_some() && !tokens.capital(at - 1)) {
            break;
        }
        last = at;
    }
    if tokens.capital(last) {
        return Number::Singular;
    }
    // "arbeiten wollte": the last word is the finite one; "zu arbeiten" belongs to an infinitive.
    if tokens.before(last, 1) == "zu" {
        return Number::Singular;
    }
    finite_number(tokens.key(last)).unwrap_or(Number::Singular)
}

/// Pronouns that a person outside the two genders has chosen: xier, xe, themself.
pub fn neopronoun(tokens: &Tokens, i: usize, language: Language) -> bool {
    lexicon(language).word(tokens.key(i), false) == Some(Word::Neopronoun)
}
