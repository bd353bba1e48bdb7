//! Characters that only look like what they are: finds them and puts plain ones in their place.
//!
//! In: a text. Out: [`Cleaned`], the text as a reader sees it, and what was found, with places. Look-alikes, characters without width and the like are
//! tricks by which a text escapes a detector, so they are reported; what Word, PDF files and web pages leave behind every day (decomposed umlauts,
//! ligatures, soft hyphens, typographic quotes) is put right and reported as harmless or not at all. A text in Cyrillic or Greek is left as it is.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

use super::segment::is_wordy;
use crate::lang::wording::Wording;

mod table;

use table::{dash, invisible, latin, odd_space, quote, styled};

/// Places named for each kind of finding.
const PLACES: usize = 5;
/// Marks that a letter may bear: Vietnamese needs two, polytonic Greek three.
const MARKS: usize = 3;
/// Letters shown of a word that was found.
const SHOWN: usize = 40;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A Cyrillic, Greek or Armenian letter within a word of Latin letters, which looks like a Latin one.
    Homoglyph,
    /// A character without width between two letters.
    ZeroWidth,
    /// A control that turns the direction of writing, in a text without letters that are written from right to left.
    Direction,
    /// Letters that are mathematical signs or of full width.
    Styled,
    /// More marks on a letter than any spelling needs.
    Stacked,
    /// Variation selectors behind letters, tags and other characters that show nothing.
    Hidden,
    /// Soft hyphens: a harmless trace of word processors and web pages.
    SoftHyphen,
    /// Letters with their marks apart: a harmless trace of PDF files and of file names of macOS.
    Decomposed,
    /// Joined letters (ﬁ, ﬂ): a harmless trace of PDF files.
    Ligature,
    /// Spaces of unusual width: a harmless trace of typesetting.
    Space,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub const ALL: [Kind; 10] = [
        Kind::Homoglyph,
        Kind::ZeroWidth,
        Kind::Direction,
        Kind::Styled,
        Kind::Stacked,
        Kind::Hidden,
        Kind::SoftHyphen,
        Kind::Decomposed,
        Kind::Ligature,
        Kind::Space,
    ];

    /// Its name in the wording: `detect-unicode-NAME`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Homoglyph => "homoglyph",
            Kind::ZeroWidth => "zero-width",
            Kind::Direction => "direction",
            Kind::Styled => "styled",
            Kind::Stacked => "stacked",
            Kind::Hidden => "hidden",
            Kind::SoftHyphen => "soft-hyphen",
            Kind::Decomposed => "decomposed",
            Kind::Ligature => "ligature",
            Kind::Space => "space",
        }
    }

    /// Whether everyday programs leave it behind, so that it says nothing about an intention.
    pub fn harmless(self) -> bool {
        matches!(self, Kind::SoftHyphen | Kind::Decomposed | Kind::Ligature | Kind::Space)
    }
}

/// One kind of finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// How many characters.
    pub count: usize,
    /// The first of them.
    pub places: Vec<Place>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Byte offset in the text that came in.
    pub at: usize,
    /// The character: `U+0430`.
    pub character: String,
    /// The word around it as it reads, at most 40 letters; empty where there is none.
    pub word: String,
}

impl Finding {
    /// The finding in a sentence.
    pub fn sentence(&self, wording: &Wording) -> String {
        let words: Vec<&str> = self.places.iter().map(|place| place.word.as_str()).filter(|word| !word.is_empty()).collect();
        let key = format!("detect-unicode-{}", self.kind.name());
        let found = wording.with(&key, &[("count", (self.count as f64).into())]);
        match words.is_empty() {
            true => found,
            false => format!("{found} {}", wording.with("detect-unicode-where", &[("words", words.join(", ").into())])),
        }
    }
}

/// A text as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// In Unicode's normal form C; quotes `"` and `'`, dashes `–`, hyphens `-`, spaces ` `, line ends `\n`. At most three times as long as what came in.
    pub text: String,
    /// What was found, in the order of [`Kind::ALL`].
    pub findings: Vec<Finding>,
}

/// A character on its way, and the byte it came from.
type Placed = (char, usize);

/// Puts plain characters in the place of those that only look like them. Cleaning what is clean changes nothing.
pub fn clean(text: &str) -> Cleaned {
    if text.is_ascii() && !text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Cleaned { text: text.to_owned(), findings: Vec::new() };
    }
    let mut found = Found::default();
    let mut chars = simplified(text, &mut found);
    unmask(&mut chars, &mut found);
    let findings = found.findings(&chars);
    Cleaned { text: chars.iter().map(|(c, _)| *c).nfc().collect(), findings }
}

/// The Cyrillic letter that looks like a Latin one, for attacks that an evaluation tries.
pub(super) fn cyrillic(c: char) -> Option<char> {
    table::cyrillic(c)
}

/// What was found, before the words around it are known.
#[derive(Default)]
struct Found(Vec<(Kind, char, usize)>);

impl Found {
    fn add(&mut self, kind: Kind, c: char, at: usize) {
        self.0.push((kind, c, at));
    }

    fn findings(mut self, chars: &[Placed]) -> Vec<Finding> {
        self.0.sort_by_key(|(kind, _, at)| (*kind, *at));
        let finding = |same: &[(Kind, char, usize)]| Finding {
            kind: same[0].0,
            count: same.len(),
            places: same.iter().take(PLACES).map(|(_, c, at)| place(*c, *at, chars)).collect(),
        };
        self.0.chunk_by(|a, b| a.0 == b.0).map(finding).collect()
    }
}

fn place(c: char, at: usize, chars: &[Placed]) -> Place {
    let near = chars.partition_point(|(_, from)| *from < at);
    let before = chars[..near].iter().rev().take(SHOWN / 2).take_while(|(c, _)| is_wordy(*c)).count();
    let word = chars[near - before..].iter().map(|(c, _)| *c).take_while(|c| is_wordy(*c)).take(SHOWN);
    Place { at, character: format!("U+{:04X}", u32::from(c)), word: word.nfc().collect() }
}

/// The text without what shows nothing, with plain quotes, dashes, spaces and letters; marks stand apart from their letters.
fn simplified(text: &str, found: &mut Found) -> Vec<Placed> {
    let leftward = text.chars().any(table::leftward);
    let mut out: Vec<Placed> = Vec::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let c = same(c);
        let last = out.last().map(|(c, _)| *c);
        if c == '\u{ad}' {
            found.add(Kind::SoftHyphen, c, at);
        } else if matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            if !leftward {
                found.add(Kind::Direction, c, at);
            }
        } else if matches!(c, '\u{200c}' | '\u{200d}') && last.is_some_and(needs_joiner) {
            out.push((c, at));
        } else if let Some(kind) = invisible(c) {
            let next = chars.peek().map(|(_, c)| *c);
            let within =
                last.is_some_and(european) && (kind == Kind::Hidden || next.is_some_and(|c| european(c) || invisible(c).is_some()));
            if within {
                found.add(kind, c, at);
            }
        } else if c == '\r' {
            if chars.peek().is_none_or(|(_, next)| *next != '\n') {
                out.push(('\n', at));
            }
        } else if matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            out.push(('\n', at));
        } else if c.is_control() && c != '\n' {
            if c == '\t' {
                out.push((' ', at));
            }
        } else if c.is_whitespace() && c != '\n' {
            if odd_space(c) {
                found.add(Kind::Space, c, at);
            }
            out.push((' ', at));
        } else if let Some(plain) = quote(c).or_else(|| dash(c)) {
            out.push((plain, at));
        } else if let Some((kind, plain)) = styled(c) {
            if let Some(kind) = kind {
                found.add(kind, c, at);
            }
            out.extend(plain.chars().flat_map(parts).map(|part| (part, at)));
            marks = 0;
        } else {
            apart(c, at, &mut marks, &mut out, found);
        }
    }
    out
}

/// Appends a character with its marks apart, as far as there are not too many.
fn apart(c: char, at: usize, marks: &mut usize, out: &mut Vec<Placed>, found: &mut Found) {
    if ('\u{300}'..='\u{36f}').contains(&c) && out.last().is_some_and(|(base, _)| compose(*base, c).is_some()) {
        found.add(Kind::Decomposed, c, at);
    }
    for part in parts(c) {
        let mark = canonical_combining_class(part) != 0;
        *marks = if mark { *marks + 1 } else { 0 };
        match *marks > MARKS {
            true => found.add(Kind::Stacked, part, at),
            false => out.push((part, at)),
        }
    }
}

/// The character that Unicode declares to be the same: the Kelvin sign is a K, the Greek varia a backtick.
fn same(c: char) -> char {
    let mut parts = parts(c);
    parts.next().filter(|_| parts.next().is_none()).unwrap_or(c)
}

fn parts(c: char) -> impl Iterator<Item = char> {
    let mut parts = Vec::with_capacity(2);
    if c.is_ascii() {
        parts.push(c);
    } else {
        decompose_canonical(c, |part| parts.push(part));
    }
    parts.into_iter()
}

/// Letters between which a joiner has no business.
fn european(c: char) -> bool {
    c.is_alphabetic() && (c < '\u{590}' || ('\u{1e00}'..='\u{1fff}').contains(&c)) || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Persian and Indic letters and emoji, which joiners belong to.
fn needs_joiner(c: char) -> bool {
    c >= '\u{590}' && !european(c) && !('\u{2000}'..='\u{206f}').contains(&c)
}

/// Puts Latin letters in the place of their look-alikes.
///
/// A word counts where look-alikes stand among Latin letters and no letter says plainly that the word is of another script. Words that may be honest (all of them
/// look-alikes, as `СССР`; a Greek letter in a formula, as `Hα`) count only where a word of the first kind shows that somebody is at it. In a text whose letters
/// are mostly of another script nothing counts.
fn unmask(chars: &mut [Placed], found: &mut Found) {
    let (mut native, mut foreign) = (0_usize, 0_usize);
    for (c, _) in chars.iter().filter(|(c, _)| c.is_alphabetic()) {
        native += usize::from(table::is_latin(*c));
        foreign += usize::from(!table::is_latin(*c) && latin(*c).is_none());
    }
    if native <= foreign || !chars.iter().any(|(c, _)| latin(*c).is_some()) {
        return;
    }
    let words: Vec<(std::ops::Range<usize>, Suspicion)> = words(chars).map(|word| (word.clone(), suspicion(&chars[word]))).collect();
    if !words.iter().any(|(_, suspicion)| *suspicion == Suspicion::Mixed) {
        return;
    }
    for (word, _) in words.into_iter().filter(|(_, suspicion)| *suspicion != Suspicion::None) {
        for (c, at) in &mut chars[word] {
            if let Some(plain) = latin(*c) {
                found.add(Kind::Homoglyph, *c, *at);
                *c = plain;
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suspicion {
    None,
    MayBeHonest,
    Mixed,
}

fn suspicion(word: &[Placed]) -> Suspicion {
    let letters = || word.iter().map(|(c, _)| *c).filter(|c| c.is_alphabetic());
    if letters().any(|c| !table::is_latin(c) && latin(c).is_none()) || !letters().any(|c| latin(c).is_some()) {
        return Suspicion::None;
    }
    let (native, lower) = letters().filter(|c| table::is_latin(*c)).fold((0, 0), |(n, l), c| (n + 1, l + usize::from(c.is_lowercase())));
    let greek = letters().any(|c| ('\u{370}'..='\u{3ff}').contains(&c));
    match (native, greek) {
        (0, _) => Suspicion::MayBeHonest,
        (_, true) if lower < 3 => Suspicion::MayBeHonest,
        _ => Suspicion::Mixed,
    }
}

/// Ranges of letters with their marks.
fn words(chars: &[Placed]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let wordy = |(c, _): &Placed| c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(c);
    let mut at = 0;
    chars.chunk_by(move |a, b| wordy(a) == wordy(b)).filter_map(move |chunk| {
        let from = at;
        at += chunk.len();
        wordy(&chunk[0]).then_some(from..at)
    })
}

#[cfg(test)]
mod tests;
