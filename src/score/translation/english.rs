//! The gender of an English rendering: gendered nouns, adjectives before the noun, and the first pronoun behind it. In: tokens and the forms of a noun. Out: [`Place`]s.

use super::forms::{Form, Forms};
use super::{Place, Rendering};
use crate::score::gender::token::Tokens;

/// Sentences behind the noun in which its pronoun is looked for.
const SENTENCES: usize = 2;

/// Where the noun stands and how.
pub fn places(tokens: &Tokens, forms: &Forms) -> Vec<Place> {
    let longest = forms.keys().map(|key| key.split(' ').count()).max().unwrap_or(1);
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((to, form)) = (1..=longest).rev().find_map(|count| Some((at + count, form_at(tokens, forms, at, count)?))) else {
            at += 1;
            continue;
        };
        let rendering = match form {
            Form::Feminine => Rendering::Woman,
            Form::Masculine => Rendering::Man,
            _ => stated(tokens, at).or_else(|| pronoun_behind(tokens, to, forms)).unwrap_or(Rendering::Neutral),
        };
        places.push(Place { token: to - 1, rendering });
        at = to;
    }
    // A noun without a pronoun of its own takes what its first place says.
    if places.is_empty() {
        return places;
    }
    if places.iter().all(|place| place.rendering == Rendering::Neutral)
        && let Some(rendering) = pronoun_before(tokens, places[0].token)
    {
        places[0].rendering = rendering;
    }
    places
}

fn form_at(tokens: &Tokens, forms: &Forms, at: usize, count: usize) -> Option<Form> {
    if !tokens.is_word(at + count - 1) {
        return None;
    }
    if count == 1 {
        return forms.get(tokens.key(at)).copied();
    }
    let words: Vec<&str> = (at..at + count).map(|at| tokens.key(at)).collect();
    forms.get(&words.join(" ")).copied()
}

/// "female curator", "a woman doctor", "a male nurse".
fn stated(tokens: &Tokens, at: usize) -> Option<Rendering> {
    (1..=2).find_map(|back| match tokens.before(at, back) {
        "female" | "woman" | "lady" | "women" => Some(Rendering::Woman),
        "male" | "man" | "gentleman" | "men" => Some(Rendering::Man),
        _ => None,
    })
}

/// The first pronoun in the rest of the sentence and the next.
fn pronoun_behind(tokens: &Tokens, from: usize, forms: &Forms) -> Option<Rendering> {
    let mut sentences = 0;
    for at in from..tokens.len() {
        if tokens.get(at).is_some_and(|token| token.first && token.word) {
            sentences += 1;
        }
        if sentences >= SENTENCES || forms.contains_key(tokens.key(at)) {
            return None;
        }
        if let Some(found) = pronoun(tokens, at) {
            return Some(found);
        }
    }
    None
}

/// "In her studio the curator …": a possessive that opens the sentence.
fn pronoun_before(tokens: &Tokens, noun: usize) -> Option<Rendering> {
    let start = (0..=noun).rev().find(|&at| tokens.get(at).is_some_and(|token| token.first && token.word)).unwrap_or(0);
    (start..noun).find_map(|at| pronoun(tokens, at))
}

fn pronoun(tokens: &Tokens, at: usize) -> Option<Rendering> {
    let woman = |key: &str| matches!(key, "she" | "her" | "hers" | "herself");
    let man = |key: &str| matches!(key, "he" | "his" | "him" | "himself");
    let key = tokens.key(at);
    if matches!(key, "he/she" | "she/he" | "s/he" | "his/her" | "her/his" | "him/her") {
        return Some(Rendering::Both);
    }
    let alternative = matches!(tokens.key(at + 1), "or" | "/" | "and");
    let other = tokens.key(at + 2);
    match () {
        () if alternative && (woman(key) && man(other) || man(key) && woman(other)) => Some(Rendering::Both),
        () if woman(key) => Some(Rendering::Woman),
        () if man(key) => Some(Rendering::Man),
        () if matches!(key, "they" | "their" | "them" | "theirs" | "themself" | "themselves") => Some(Rendering::Neutral),
        () => None,
    }
}
