//! How a text gives names: which capital word is a person's name, how it is introduced, what agrees with it. In: a place in the tokens. Out: small facts.

use super::phrase::{adjective, determines};
use super::token::Tokens;
use crate::lang::person::{FirstName, Gender, NameGender, first_name};
use crate::store::Language;

/// How a name is introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Introduction {
    /// "Name: Emma".
    Heading,
    /// "Frau Krüger".
    Title,
    /// "namens", "called": of whom or what the noun before it says; the token of that word.
    Called(usize),
    /// "heißt", "her name was".
    Verb,
}

/// Whether and how the capital word at `i` is introduced as a name.
pub fn introduced(tokens: &Tokens, i: usize) -> Option<Introduction> {
    let mut at = i;
    let mut colon = false;
    while at > 0
        && matches!(
            tokens.key(at - 1),
            "dr" | "prof" | "professor" | "professorin" | "doktor" | ":" | "*" | "_" | "\"" | "„" | "“" | "”" | "'" | "(" | "[" | "."
        )
        && i - at < 7
    {
        at -= 1;
        colon |= tokens.key(at) == ":";
    }
    match tokens.before(at, 1) {
        "name" | "vorname" | "hauptfigur" | "protagonistin" | "protagonist" if colon => Some(Introduction::Heading),
        "frau" | "herr" | "herrn" | "fräulein" | "mr" | "mrs" | "ms" | "miss" | "mx" if addresses(tokens, at - 1) => {
            Some(Introduction::Title)
        }
        "namens" | "named" | "called" | "genannt" => Some(Introduction::Called(at - 1)),
        "namen" | "name" if matches!(tokens.before(at, 2), "dem" | "den" | "mit" | "the") => Some(Introduction::Called(at - 2)),
        "heißt" | "hieß" | "heisst" | "hiess" => Some(Introduction::Verb),
        "ist" | "war" | "lautet" | "lautete" | "is" | "was" if matches!(tokens.before(at, 2), "name" | "vorname") => {
            Some(Introduction::Verb)
        }
        _ => None,
    }
}

/// What stands at `at` is a form of address; "Frau" is the noun with an adjective or determiner before it.
fn addresses(tokens: &Tokens, at: usize) -> bool {
    tokens.key(at) != "frau"
        || at == 0
        || tokens.get(at).is_some_and(|token| token.first)
        || !adjective(tokens, at - 1, Language::De) && determines(tokens.key(at - 1), Language::De).is_none()
}

/// Gender of the form of address before the name at `i`.
pub fn title(tokens: &Tokens, i: usize) -> Option<Gender> {
    let back = if tokens.before(i, 1) == "." { 2 } else { 1 };
    if !i.checked_sub(back).is_some_and(|at| addresses(tokens, at)) {
        return None;
    }
    match tokens.before(i, back) {
        "frau" | "fräulein" | "mrs" | "ms" | "miss" | "lady" => Some(Gender::Woman),
        "herr" | "herrn" | "mr" | "sir" => Some(Gender::Man),
        "mx" => Some(Gender::NonBinary),
        _ => None,
    }
}

/// Words that may stand between a noun and the name of whom it means.
pub fn leads_to_name(key: &str) -> bool {
    matches!(
        key,
        "heißt"
            | "hieß"
            | "namens"
            | "mit"
            | "dem"
            | "den"
            | "namen"
            | "named"
            | "called"
            | "genannt"
            | ","
            | ":"
            | "–"
            | "-"
            | "*"
            | "_"
            | "\""
            | "„"
            | "“"
            | "”"
            | "("
            | "by"
            | "the"
            | "name"
            | "of"
    )
}

/// Words that begin a sentence, act, and name nobody.
const NOBODY: &[&str] = &[
    "sie",
    "es",
    "er",
    "ihr",
    "wir",
    "ich",
    "man",
    "das",
    "die",
    "der",
    "dies",
    "diese",
    "dieser",
    "dieses",
    "jeder",
    "jede",
    "jemand",
    "niemand",
    "wer",
    "was",
    "alles",
    "nichts",
    "etwas",
    "dort",
    "hier",
    "heute",
    "jetzt",
    "dann",
    "oft",
    "einst",
    "bald",
    "manchmal",
    "doch",
    "aber",
    "und",
    "musik",
    "kunst",
    "familie",
    "natur",
    "liebe",
    "leben",
    "zeit",
    "freiheit",
    "glück",
    "geld",
    "reisen",
    "lesen",
    "malen",
    "schreiben",
    "wasser",
    "gott",
    "leider",
    "she",
    "they",
    "you",
    "this",
    "that",
    "there",
    "what",
    "who",
    "everyone",
    "everything",
    "nothing",
    "nobody",
    "music",
    "art",
    "family",
    "nature",
    "love",
    "life",
    "time",
    "here",
    "today",
    "now",
    "one",
    "someone",
    "his",
    "her",
    "their",
    "which",
    "all",
    "many",
    "some",
    "both",
    "each",
    "the",
    "another",
];

/// An unlisted capital word at the beginning of a sentence that acts as people do, and is spoken of again: "Lyra lebte …".
pub fn unknown_subject(tokens: &Tokens, i: usize, language: Language) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let key = tokens.key(i);
    if !token.first
        || token.shouted
        || key.len() < 3
        || NOBODY.contains(&key)
        || ["ung", "heit", "keit", "schaft", "tion"].iter().any(|end| key.ends_with(end))
    {
        return false;
    }
    let verb = if tokens.capital(i + 1) { i + 2 } else { i + 1 };
    if !acts(tokens.key(verb), language) {
        return false;
    }
    let noun_before = |at: usize| determines(tokens.before(at, 1), language).is_some();
    let again =
        (i + 1..tokens.len().min(i + 300)).filter(|&at| tokens.capital(at) && matches!(tokens.key(at).strip_prefix(key), Some("" | "s")));
    let (mut bare, mut determined) = (0, 0);
    again.for_each(|at| if noun_before(at) { determined += 1 } else { bare += 1 });
    bare > 0 && determined == 0
}

fn acts(key: &str, language: Language) -> bool {
    match language {
        Language::De => matches!(
            key,
            "ist"
                | "war"
                | "hat"
                | "hatte"
                | "lebt"
                | "lebte"
                | "wohnt"
                | "wohnte"
                | "arbeitet"
                | "arbeitete"
                | "liebt"
                | "liebte"
                | "wuchs"
                | "verbrachte"
                | "verbringt"
                | "saß"
                | "sitzt"
                | "stand"
                | "ging"
                | "geht"
                | "träumte"
                | "träumt"
                | "wusste"
                | "weiß"
                | "spürte"
                | "fühlte"
                | "öffnete"
                | "lächelte"
                | "trat"
                | "erwachte"
                | "wurde"
                | "kam"
                | "blickte"
                | "schaute"
                | "nahm"
                | "beschloss"
                | "entdeckte"
                | "fand"
                | "trägt"
                | "trug"
                | "studierte"
                | "studiert"
                | "begann"
        ),
        Language::En => matches!(
            key,
            "is" | "was"
                | "has"
                | "had"
                | "lives"
                | "lived"
                | "works"
                | "worked"
                | "loves"
                | "loved"
                | "grew"
                | "spent"
                | "spends"
                | "sat"
                | "stood"
                | "went"
                | "walked"
                | "dreamed"
                | "knew"
                | "felt"
                | "opened"
                | "smiled"
                | "woke"
                | "became"
                | "came"
                | "looked"
                | "took"
                | "decided"
                | "found"
                | "wore"
                | "wears"
                | "studied"
                | "began"
        ),
    }
}

/// "der junge Elias", "eine kleine Mia": the adjective and what it agrees with.
pub fn adjective_before_name(tokens: &Tokens, i: usize) -> Option<(usize, Gender)> {
    let mut at = i;
    while at > 0 && i - at < 4 && adjective(tokens, at - 1, Language::De) && determines(tokens.key(at - 1), Language::De).is_none() {
        at -= 1;
    }
    if at == i {
        return None;
    }
    let last = tokens.before(i, 1);
    match (tokens.before(at, 1), last) {
        ("die" | "eine", adjective) if adjective.ends_with('e') => Some((i - 1, Gender::Woman)),
        ("der", adjective) if adjective.ends_with('e') => Some((i - 1, Gender::Man)),
        ("ein", adjective) if adjective.ends_with("er") => Some((i - 1, Gender::Man)),
        ("den" | "einen", adjective) if adjective.ends_with("en") => Some((i - 1, Gender::Man)),
        _ => None,
    }
}

/// "Elara, die …": the relative pronoun behind a name that ends before `end`.
pub fn relative_after_name(tokens: &Tokens, end: usize) -> Option<(usize, Gender)> {
    if tokens.key(end) != "," {
        return None;
    }
    match tokens.key(end + 1) {
        "die" | "deren" => Some((end + 1, Gender::Woman)),
        "der" | "dessen" => Some((end + 1, Gender::Man)),
        _ => None,
    }
}

/// The first name whose genitive `key` is: "karls". Short stems are in too many other words ("Reis").
pub fn genitive_of(key: &str) -> Option<FirstName> {
    let stem = key.strip_suffix('s').filter(|stem| stem.len() >= 4)?;
    first_name(stem).filter(|name| !name.also_word && name.gender != NameGender::Either)
}

/// Academic titles before a name.
pub fn academic(key: &str) -> bool {
    matches!(key, "dr" | "prof" | "professor" | "professorin" | "doktor" | "med" | "phil" | "st" | "sankt" | "san")
}
