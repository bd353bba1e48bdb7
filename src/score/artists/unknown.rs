//! Names of persons that the list does not know.
//!
//! In: a text with the artists found in it. Out: ranges of words. German writes every noun with a capital, so capitals alone are no name. A row of two to four
//! words with capitals (small `von`, `de`, `van` among them) counts as a person's name where
//!
//! 1. it stands at the head of a list item, before a mark or the end of the line, and begins with a first name of `datasets/names/`, or the list names other persons; or
//! 2. dates of a life follow in brackets; or
//! 3. it begins with a first name and stands in a row ("Anna Muster, Albrecht Dürer und …") beside an artist or another such name; or
//! 4. it begins with a first name that is no other word, wherever it stands, save behind a title of rulers and saints ("Papst Julius") and before a byname ("August der
//!    Starke"). A word before the name is not part of it: "die Bildhauerin Anna Muster".
//!
//! How often this is right on names and titles of works that were not used to write it is held by a test and stated in `docs/measures.md`.

use std::ops::Range;

use super::super::origin::Text;
use super::list::{List, Mention, person_key};
use crate::lang::person::first_name;
use crate::lang::tokens::Case;
use crate::store::Language;

/// Words of a name.
const LENGTH: Range<usize> = 2..5;

/// Where unknown persons are named, in order.
pub fn names(text: &str, words: &Text, known: &[Mention], list: &List, language: Language) -> Vec<Range<usize>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut at = 0;
    while at < words.tokens.len() {
        if let Some(mention) = known.iter().find(|mention| (mention.from..mention.to).contains(&at)) {
            at = mention.to;
            continue;
        }
        let candidate = row(text, words, at, list, known).map(|range| Candidate::new(text, words, range, list, language));
        at = candidate.as_ref().map_or(at + 1, |candidate| candidate.range.end);
        candidates.extend(candidate);
    }
    let heads = known.iter().filter(|mention| heads_item(text, words, mention.from)).count()
        + candidates.iter().filter(|candidate| candidate.heads && candidate.first_name).count();
    let alone = |candidate: &Candidate| {
        candidate.dated
            || candidate.surely
            || candidate.heads && candidate.closed && (candidate.first_name || heads > 0 && !candidate.is_title)
    };
    let mut spans: Vec<Span> = candidates
        .iter()
        .map(|candidate| Span { range: candidate.range.clone(), candidate: Some(candidate), person: alone(candidate) })
        .collect();
    spans.extend(known.iter().map(|mention| Span { range: mention.from..mention.to, candidate: None, person: true }));
    spans.sort_by_key(|span| span.range.start);
    // In a row each person vouches for the neighbour: once forwards, once backwards.
    for at in 1..spans.len() {
        vouch(text, words, &mut spans, at - 1, at);
    }
    for at in (1..spans.len()).rev() {
        vouch(text, words, &mut spans, at, at - 1);
    }
    spans.into_iter().filter(|span| span.person && span.candidate.is_some()).map(|span| span.range).collect()
}

/// An artist or a row of words that may be a name.
struct Span<'c> {
    range: Range<usize>,
    /// Nothing for an artist of the list.
    candidate: Option<&'c Candidate>,
    person: bool,
}

/// Let a person make one of the span beside it, if that begins with a first name.
fn vouch(text: &str, words: &Text, spans: &mut [Span], by: usize, of: usize) {
    let (before, behind) = (by.min(of), by.max(of));
    let named = spans[of].candidate.is_some_and(|candidate| candidate.first_name);
    if spans[by].person && named && joins(text, words, spans[before].range.end, spans[behind].range.start) {
        spans[of].person = true;
    }
}

/// A row of words that may be a name.
struct Candidate {
    range: Range<usize>,
    /// The first word is a first name, and neither a title nor a byname makes a ruler or saint of the person.
    first_name: bool,
    /// That first name is no other word.
    surely: bool,
    /// It opens a list item.
    heads: bool,
    /// A mark or the end of the line follows.
    closed: bool,
    /// Dates of a life follow.
    dated: bool,
    /// Words that a title has and a name has not.
    is_title: bool,
}

impl Candidate {
    fn new(text: &str, words: &Text, range: Range<usize>, list: &List, language: Language) -> Self {
        let word = |at: usize| words.tokens[at].text;
        let rest = &text[words.tokens[range.end - 1].end()..];
        let after = rest.trim_start_matches(['*', '_', ' ', '"', '“', '”']);
        let first = first_name(&person_key(word(range.start)));
        let titled = range.start > 0 && list.titles.contains(&words.keys[range.start - 1]);
        let byname = words.keys[range.start + 1] == "der";
        Self {
            first_name: first.is_some() && !titled && !byname,
            surely: first.is_some_and(|name| !name.also_word) && !titled && !byname,
            heads: heads_item(text, words, range.start),
            closed: after.is_empty() || after.starts_with(['\n', '(', ':', '–', '—', ',', '-', '|', ';', '[']),
            dated: after.strip_prefix('(').is_some_and(is_dates),
            is_title: range.clone().any(|at| looks_inflected(&words.keys[at], language)),
            range,
        }
    }
}

/// "1471–1528)", "born 1950)", "* 1965 in …)", "geb. 1950)".
fn is_dates(rest: &str) -> bool {
    let inside: String = rest.chars().take_while(|c| *c != ')').take(60).collect();
    let years = inside.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4 || digits.len() == 3);
    let lead = inside.trim_start();
    let life = ["*", "born", "b.", "geb", "ca", "c.", "um", "circa", "active", "tätig"].iter().any(|word| lead.starts_with(word))
        || lead.starts_with(|c: char| c.is_ascii_digit());
    let several = years.clone().count() >= 2 || lead.contains(['–', '-']);
    years.count() > 0 && life && (several || !lead.starts_with(|c: char| c.is_ascii_digit()))
}

/// The longest row of words with capitals from `from` on that names nobody known.
fn row(text: &str, words: &Text, from: usize, list: &List, known: &[Mention]) -> Option<Range<usize>> {
    let capital = |at: usize| words.tokens.get(at).is_some_and(|token| token.case() != Case::Lower);
    if !capital(from) || list.no_names.contains(&words.keys[from]) || list.particles.contains(&words.keys[from]) {
        return None;
    }
    let is_first_name = |at: usize| first_name(&person_key(words.tokens[at].text)).is_some_and(|name| !name.also_word);
    let adjacent = |at: usize| {
        let gap = &text[words.tokens[at - 1].end()..words.tokens[at].start];
        gap == " " || gap == "-" || gap == "\u{a0}" || gap == ". " && words.tokens[at - 1].text.chars().count() <= 2
    };
    // "Bildhauerin Anna Muster": the name begins with the next word, if two words are left for it.
    let goes_on = |at: usize| capital(at) || words.keys.get(at).is_some_and(|key| list.particles.contains(key));
    if !is_first_name(from) && capital(from + 1) && is_first_name(from + 1) && goes_on(from + 2) && adjacent(from + 1) && adjacent(from + 2)
    {
        return None;
    }
    let mut to = from + 1;
    while to < words.tokens.len() && to - from < LENGTH.end && adjacent(to) && !known.iter().any(|mention| mention.from == to) {
        if !capital(to) && !list.particles.contains(&words.keys[to]) {
            break;
        }
        to += 1;
    }
    while to > from && !capital(to - 1) {
        to -= 1;
    }
    let whole = text[words.tokens[to - 1].end()..].chars().next().is_none_or(|c| c != '-' && c != '’' && c != '\'');
    let none = (from..to).any(|at| capital(at) && list.no_names.contains(&words.keys[at]));
    (LENGTH.contains(&(to - from)) && whole && !none).then_some(from..to)
}

/// Only bullets, numbers and emphasis stand before it on its line, and there is at least one of them.
fn heads_item(text: &str, words: &Text, at: usize) -> bool {
    let start = words.tokens[at].start;
    let line = &text[text[..start].rfind('\n').map_or(0, |end| end + 1)..start];
    let marks = line.trim();
    !marks.is_empty() && marks.chars().all(|c| c.is_ascii_digit() || " .)-–*•#_|+\"“„".contains(c))
}

/// Only a comma or an "and" lies between two rows of words.
fn joins(text: &str, words: &Text, to: usize, from: usize) -> bool {
    if to > from || to == 0 || from >= words.tokens.len() {
        return false;
    }
    let gap = &text[words.tokens[to - 1].end()..words.tokens[from].start];
    matches!(gap.trim(), "," | "und" | "and" | "&" | "sowie" | ", and" | "oder" | "or" | ", und" | ";")
}

/// Endings that German adjectives and English plurals and abstract nouns have and surnames hardly do.
fn looks_inflected(key: &str, language: Language) -> bool {
    let endings: &[&str] = match language {
        Language::De => &[
            "ische", "ischer", "isches", "liche", "licher", "ung", "keit", "heit", "ismus", "schaft", "tion", "kunst", "malerei", "museum",
            "zeit",
        ],
        Language::En => &["ism", "tion", "ness", "ings", "ing", "ship", "art", "museum", "school", "movement", "century", "style"],
    };
    endings.iter().any(|ending| key.ends_with(ending))
}
