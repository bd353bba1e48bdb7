//! Who speaks. In: a text with its members. Out: for each spoken line the token of its speaker and the gender.

use std::ops::Range;

use super::members::Members;
use crate::lang::passages::quotations;
use crate::lang::person::Gender;
use crate::score::gender::pronoun::pronoun;
use crate::score::gender::token::Tokens;
use crate::store::Language;

/// Tokens before and behind a quotation among which its speaker stands.
const NEAR: usize = 9;

/// All lines whose speaker is named, in order.
pub fn spoken(text: &str, tokens: &Tokens, cast: &Members, language: Language) -> Vec<(usize, Option<Gender>)> {
    let mut lines: Vec<(usize, Option<Gender>)> = cast.labels.iter().map(|&(token, who)| (token, cast.list[who].gender)).collect();
    let labelled: Vec<Range<usize>> = cast.labels.iter().filter_map(|&(token, _)| line_of(text, tokens.get(token)?.start)).collect();
    for quote in quotations(text) {
        if labelled.iter().any(|line| line.contains(&quote.start)) || !is_speech(&text[quote.clone()], &text[quote.end..]) {
            continue;
        }
        if let Some(speaker) = behind(tokens, cast, &quote, language).or_else(|| before(tokens, cast, &quote, language)) {
            lines.push(speaker);
        }
    }
    lines.sort_by_key(|line| line.0);
    lines
}

fn line_of(text: &str, at: usize) -> Option<Range<usize>> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    Some(start..end)
}

/// A title in quotation marks is no speech: speech ends with a mark, has a comma behind it, or goes on for some words.
fn is_speech(quote: &str, rest: &str) -> bool {
    let inside = quote.trim_matches(|c: char| "„“”\"»«›‹‚‘’".contains(c)).trim();
    inside.ends_with(['.', '!', '?', '…', ',']) || rest.starts_with(',') || inside.split_whitespace().count() > 4
}

/// „…“, sagt Mara; "…," she says.
fn behind(tokens: &Tokens, cast: &Members, quote: &Range<usize>, language: Language) -> Option<(usize, Option<Gender>)> {
    let first = (0..tokens.len()).find(|&at| tokens.get(at).is_some_and(|token| token.start >= quote.end))?;
    let reach = (first..(first + NEAR).min(tokens.len())).take_while(|&at| !matches!(tokens.key(at), "." | "!" | "?" | "\n" | "„" | "»"));
    let reach: Vec<usize> = reach.collect();
    let verb = reach.iter().position(|&at| SAYS.iter().any(|says| tokens.key(at) == *says))?;
    // The speaker stands beside the verb: right behind it in German, on either side in English.
    let behind = reach[verb + 1..].iter().copied();
    let ahead = reach[..verb].iter().rev().copied();
    behind.chain(ahead).find_map(|at| speaker(tokens, cast, at, language))
}

/// Mara sagt: „…“; she asks, "…".
fn before(tokens: &Tokens, cast: &Members, quote: &Range<usize>, language: Language) -> Option<(usize, Option<Gender>)> {
    let last = (0..tokens.len()).rev().find(|&at| tokens.get(at).is_some_and(|token| token.end <= quote.start))?;
    let mut reach: Vec<usize> =
        (0..=last).rev().take(NEAR + 4).take_while(|&at| at == last || !matches!(tokens.key(at), "." | "!" | "?" | "\n")).collect();
    reach.reverse();
    reach.iter().find(|&&at| SAYS.iter().any(|says| tokens.key(at) == *says))?;
    reach.into_iter().find_map(|at| speaker(tokens, cast, at, language))
}

fn speaker(tokens: &Tokens, cast: &Members, at: usize, language: Language) -> Option<(usize, Option<Gender>)> {
    if let Some(member) = cast.at(at) {
        return Some((at, member.gender));
    }
    let pronoun = pronoun(tokens, at, language).filter(|pronoun| pronoun.subject)?;
    Some((at, Some(pronoun.gender)))
}

/// Verbs of speaking in the forms of stage directions and stories.
const SAYS: [&str; 62] = [
    "sagt",
    "sagte",
    "fragt",
    "fragte",
    "ruft",
    "rief",
    "flüstert",
    "flüsterte",
    "antwortet",
    "antwortete",
    "meint",
    "meinte",
    "erklärt",
    "erklärte",
    "murmelt",
    "murmelte",
    "erwidert",
    "erwiderte",
    "entgegnet",
    "entgegnete",
    "schreit",
    "schrie",
    "lacht",
    "lachte",
    "denkt",
    "dachte",
    "seufzt",
    "seufzte",
    "spricht",
    "sprach",
    "befiehlt",
    "warnt",
    "staunt",
    "ergänzt",
    "says",
    "said",
    "asks",
    "asked",
    "calls",
    "called",
    "whispers",
    "whispered",
    "replies",
    "replied",
    "answers",
    "answered",
    "explains",
    "explained",
    "mutters",
    "muttered",
    "shouts",
    "shouted",
    "cries",
    "cried",
    "thinks",
    "thought",
    "sighs",
    "sighed",
    "adds",
    "added",
    "exclaims",
    "exclaimed",
];
