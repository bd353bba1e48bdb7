//! How a text that is longer than a model's context is read. In: the tokens of a text. Out: windows, and in each the place from which on its tokens are
//! scored, so that every token but the first is scored exactly once.
//!
//! The first window is the beginning of the text. Each further one holds the first token (the model's start, wherever it names one) and then the text
//! that ends with the next half window of new tokens: so every token has at least half a window before it, and a long text does not look more
//! surprising than a short one because its windows begin in the middle of a sentence.

use std::borrow::Cow;

/// Windows of at most `width` tokens (2 at least).
pub fn windows(tokens: &[u32], width: usize) -> impl Iterator<Item = (Cow<'_, [u32]>, usize)> {
    let width = width.max(2);
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == tokens.len() {
            return None;
        }
        if done == 0 {
            done = width.min(tokens.len());
            return Some((Cow::Borrowed(&tokens[..done]), 1));
        }
        let end = (done + width / 2).min(tokens.len());
        let new = end - done;
        done = end;
        Some((Cow::Owned([&tokens[..1], &tokens[end + 1 - width..end]].concat()), width - new))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_but_the_first_is_scored_once_with_half_a_window_before_it() {
        for length in 0..60u32 {
            let tokens: Vec<u32> = (0..length).collect();
            for width in 2..20 {
                let mut scored = Vec::new();
                for (number, (window, from)) in windows(&tokens, width).enumerate() {
                    assert!(window.len() <= width && window[0] == 0);
                    assert!(number == 0 || from >= width / 2, "{from} of {width}");
                    scored.extend_from_slice(&window[from..]);
                }
                assert_eq!(scored, tokens.get(1..).unwrap_or_default(), "{length} tokens, windows of {width}");
            }
        }
    }

    #[test]
    fn a_short_text_is_one_window() {
        let all: Vec<_> = windows(&[7, 8, 9], 3).collect();
        assert_eq!(all, [(Cow::Borrowed(&[7, 8, 9][..]), 1)]);
    }
}
