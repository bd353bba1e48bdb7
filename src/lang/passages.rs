//! Where sentences and quotations lie in a text. In: a text. Out: byte ranges.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Byte ranges of the sentences, cut at . ! ? : and line ends, without blanks around them.
pub fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    text.split_inclusive(['.', '!', '?', ':', '\n']).filter_map(move |part| {
        let start = from + (part.len() - part.trim_start().len());
        from += part.len();
        let end = start + part.trim().len();
        part.contains(char::is_alphabetic).then_some(start..end)
    })
}

/// Spans in quotation marks, in order.
pub fn quotations(text: &str) -> Vec<Range<usize>> {
    QUOTATION.find_iter(text).map(|found| found.range()).collect()
}

/// Whether byte `at` lies in one of `spans`, which are in order.
pub fn within(spans: &[Range<usize>], at: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= at);
    spans.get(next).is_some_and(|span| span.start <= at)
}

static QUOTATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("„[^“”\"„]{0,999}[“”\"]|“[^“”]{0,999}”|»[^«»]{0,999}«|«[^«»]{0,999}»|\"[^\"]{0,999}\"|‚[^‘’]{0,999}[‘’]|›[^‹›]{0,999}‹")
        .expect("a constant pattern that a test compiles")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks_and_lines_and_have_letters() {
        let text = "Guten Tag!\n — Er fragt: Wo? … Dort.";
        let cut: Vec<&str> = sentences(text).map(|range| &text[range]).collect();
        assert_eq!(cut, ["Guten Tag!", "— Er fragt:", "Wo?", "… Dort."]);
    }

    #[test]
    fn quotations_of_both_languages_are_found_and_contain_their_bytes() {
        let text = "Sie sagt: „Komm!“ He says “Stay” or \"go\".";
        let spans = quotations(text);
        assert_eq!(spans.iter().map(|span| &text[span.clone()]).collect::<Vec<_>>(), ["„Komm!“", "“Stay”", "\"go\""]);
        assert!(within(&spans, text.find("Komm").unwrap()) && !within(&spans, 0) && !within(&spans, text.len()));
    }
}
