//! Words, signs and sentences, as stylometry counts them.
//!
//! In: a text. Out: [`pieces`] (words, numbers, signs) without the packaging of a text (line breaks, marks of lists, headings and emphasis, addresses, brackets),
//! and byte ranges of [`sentences`]. Packaging stays out because a copy, a form or a web page changes it and an author does not.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What ends a sentence.
const MARKS: [char; 4] = ['.', '!', '?', '…'];
/// What may stand between the mark and the blank behind it.
const CLOSING: [char; 7] = ['"', '\'', ')', ']', '”', '“', '’'];

/// What stands before a full stop that ends no sentence. Single letters and numbers below 100 (German ordinals) do so by rule.
const ABBREVIATIONS: &str = "bzw ca dr prof st sog vgl usw etc mr mrs ms jr sr vs geb gest nr jh jhd chr bspw inkl str co inc ltd no jan feb apr jun jul aug \
     sep sept okt nov dez oct dec mar evtl ggf abb bd hrsg hl phil med mio mrd art abs vol fig ed eds al approx dept est u.a z.b d.h";

/// A word, number or sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Letters, joined by hyphens and apostrophes; `Lehrer*innen` is one word.
    Word(&'t str),
    /// Digits, with points and commas between them.
    Number(&'t str),
    /// Any other character.
    Sign(char),
}

/// Whether the character belongs to a word: letters, digits and marks on letters.
pub fn is_wordy(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Words, numbers and signs of a part of the text in order, without packaging.
pub fn pieces(text: &str, part: Range<usize>) -> impl Iterator<Item = Piece<'_>> {
    let before = text[..part.start].trim_end_matches([' ', '\t']);
    let mut line_start = before.is_empty() || before.ends_with('\n');
    let (text, mut at, mut blank) = (&text[part], 0, true);
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let c = rest.chars().next()?;
            let marks = if std::mem::replace(&mut line_start, c == '\n') { marker(rest) } else { 0 };
            if marks > 0 {
                at += marks;
                continue;
            }
            let (length, piece) = piece(rest, c, blank);
            at += length;
            blank = c.is_whitespace();
            if piece.is_some() {
                return piece;
            }
        }
    })
}

/// Bytes of the marks at the start of a line that make it a heading, quotation or item of a list.
fn marker(line: &str) -> usize {
    MARKER.find(line).map_or(0, |found| found.end())
}

static MARKER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[ \t]*(?:#{1,6}|>+|[-–*•+]|[0-9]{1,2}[.)])[ \t]").expect("a constant pattern that a test compiles"));

/// The piece at the start of `rest`, if it is one, and its bytes. `blank`: whether a blank stands before it.
fn piece(rest: &str, c: char, blank: bool) -> (usize, Option<Piece<'_>>) {
    if c.is_alphabetic() {
        let address = ["http://", "https://", "www."].iter().any(|start| rest.starts_with(start));
        if address {
            return (rest.find(|c: char| c.is_whitespace() || c == ')' || c == '>').unwrap_or(rest.len()), None);
        }
        let length = word_length(rest);
        return (length, Some(Piece::Word(&rest[..length])));
    }
    if c.is_numeric() {
        let length = number_length(rest);
        return (length, Some(Piece::Number(&rest[..length])));
    }
    let packaging = c.is_whitespace()
        || c.is_control()
        || matches!(c, '*' | '_' | '`' | '#' | '|' | '~' | '>' | '<' | '(' | ')' | '[' | ']' | '{' | '}');
    // A hyphen between blanks is a dash that somebody typed.
    let sign = if blank && c == '-' && rest[1..].starts_with(char::is_whitespace) { '–' } else { c };
    (c.len_utf8(), (!packaging).then_some(Piece::Sign(sign)))
}

fn word_length(rest: &str) -> usize {
    for (at, c) in rest.char_indices() {
        let behind = &rest[at + c.len_utf8()..];
        let joins = match c {
            '-' | '\'' => behind.starts_with(char::is_alphabetic),
            '*' | ':' | '_' => at > 0 && (behind.starts_with("innen") || behind.starts_with("in") && !behind[2..].starts_with(is_wordy)),
            _ => c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c),
        };
        if !joins {
            return at;
        }
    }
    rest.len()
}

fn number_length(rest: &str) -> usize {
    for (at, c) in rest.char_indices() {
        let joins = c.is_numeric() || matches!(c, '.' | ',') && rest[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        if !joins {
            return at;
        }
    }
    rest.len()
}

/// Byte ranges of the sentences in order, without blanks around them. What stands behind the last full stop is a sentence too; whether it is whole tells
/// [`is_whole`]. An empty line and an item of a list end a sentence even without a mark. Every byte is looked at a few times at most, whatever the text.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let cased = has_case(text);
    let mut ends = Vec::new();
    let (mut from, mut marked) = (0, false);
    for (at, c) in text.char_indices() {
        // Closing quotes and further marks go with the first.
        let first = !std::mem::replace(&mut marked, MARKS.contains(&c));
        if at < from {
            continue;
        }
        let end = match c {
            _ if MARKS.contains(&c) && first => sentence_end(text, from, at, cased),
            '\n' => {
                let next = &text[at + 1..];
                let line = next.trim_start_matches([' ', '\t', '\r']);
                (line.starts_with('\n') || marker(next) > 0).then_some(at + 1)
            }
            _ => None,
        };
        if let Some(end) = end {
            ends.push(end);
            from = end;
        }
    }
    ends.push(text.len());
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).filter_map(|(start, end)| trimmed(text, start..*end)).collect()
}

/// The range without blanks around it; nothing where no letter or digit stands in it.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    part.contains(char::is_alphanumeric).then(|| start..range.start + part.trim_end().len())
}

/// Whether a sentence ends with a mark and not only with the text.
pub fn is_whole(sentence: &str) -> bool {
    sentence.trim_end_matches(CLOSING).ends_with(MARKS)
}

/// Whether capitals can be relied on: texts in small letters throughout have none.
fn has_case(text: &str) -> bool {
    text.chars().filter(|c| c.is_uppercase()).take(3).count() == 3
}

/// Byte behind the sentence that started at `from`, if the mark at `at` ends it.
fn sentence_end(text: &str, from: usize, at: usize, cased: bool) -> Option<usize> {
    let rest = &text[at..];
    let marks = rest.len() - rest.trim_start_matches(MARKS).len();
    let behind = rest[marks..].trim_start_matches(CLOSING);
    if !behind.is_empty() && !behind.starts_with(char::is_whitespace) {
        return None;
    }
    let next = behind.trim_start().trim_start_matches(['"', '\'', '(', '„', '“', '»', '«']).chars().next();
    if cased && next.is_some_and(char::is_lowercase) {
        return None;
    }
    let abbreviated = rest.starts_with('.') && marks == 1 && next.is_some() && abbreviates(&text[from..at]);
    (!abbreviated).then_some(text.len() - behind.len())
}

/// Whether a full stop behind this text may belong to an abbreviation or an ordinal.
fn abbreviates(before: &str) -> bool {
    let start = before.rfind(|c: char| !is_wordy(c) && c != '.').map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let word = &before[start..];
    let letters = word.chars().count();
    let ordinal = letters <= 2 && word.chars().all(|c| c.is_ascii_digit());
    let known = || ABBREVIATIONS.split_whitespace().any(|known| known.eq_ignore_ascii_case(word));
    letters <= 1 || ordinal || known()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    fn words(text: &str) -> Vec<String> {
        let show = |piece: Piece| match piece {
            Piece::Word(word) | Piece::Number(word) => word.to_owned(),
            Piece::Sign(sign) => sign.to_string(),
        };
        pieces(text, 0..text.len()).map(show).collect()
    }

    #[test]
    fn ordinals_initials_and_abbreviations_end_no_sentence() {
        let text = "Am 3. Mai kam J. S. Bach, z. B. nach Weimar. Das war im 18. Jahrhundert! Dr. Klein sagt: „Nein.“ Wirklich?";
        assert_eq!(
            cut(text),
            ["Am 3. Mai kam J. S. Bach, z. B. nach Weimar.", "Das war im 18. Jahrhundert!", "Dr. Klein sagt: „Nein.“", "Wirklich?"]
        );
        assert_eq!(
            cut("He met Mrs. Gray at 5 p.m. and left. They had 12.5 litres."),
            ["He met Mrs. Gray at 5 p.m. and left.", "They had 12.5 litres."]
        );
    }

    #[test]
    fn texts_in_small_letters_have_sentences_too() {
        assert_eq!(cut("erst kam sie. dann ging er."), ["erst kam sie.", "dann ging er."]);
    }

    #[test]
    fn headings_and_lists_end_sentences_and_wrapped_lines_do_not() {
        assert_eq!(cut("# Das Haus\n\nEs steht\nam Fluss.\n- rot\n- blau"), ["# Das Haus", "Es steht\nam Fluss.", "- rot", "- blau"]);
        assert!(is_whole("Es steht.“") && !is_whole("Es steht am"));
    }

    #[test]
    fn a_megabyte_of_anything_is_cut_in_no_time() {
        for part in [".", "! ", "\n", "a.", "a. ", ".\"", " ", "- ", "\n - ", "\u{301}", "…\n"] {
            let text = part.repeat((1 << 20) / part.len());
            let cut = sentences(&text);
            assert!(cut.iter().map(|range| pieces(&text, range.clone()).count()).sum::<usize>() <= text.len());
        }
    }

    #[test]
    fn packaging_is_no_piece() {
        let plain = words("Das Haus – ein Bau von 1890, siehe Plan – gehört Künstler*innen.");
        let packed = "## Das **Haus** - ein _Bau_ von 1890,\n(siehe [Plan](https://example.org/a_b)) - gehört Künstler*innen.";
        assert_eq!(words(packed), plain);
        assert_eq!(words("1. eins\n2) zwei\n• drei"), ["eins", "zwei", "drei"]);
        assert_eq!(words("3,5 Mio. E-Mails, Anna's"), ["3,5", "Mio", ".", "E-Mails", ",", "Anna's"]);
    }
}
