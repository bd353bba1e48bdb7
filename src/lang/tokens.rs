//! Words of a German or English text with the little that a word list needs to know about their place.
//!
//! In: a text in any Unicode form. Out: [`Token`]s in order, and [`fold`], the one spelling under which `FÄHIG`, `fähig`, `faehig` and
//! a decomposed `fähig` are the same word. One pass, no allocation per word.

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The word as written. `Lehrer*in`, `Lehrer:innen` and `Lehrer_in` are one word, `well-known` is two.
    pub text: &'t str,
    /// Byte offset of the word in the text.
    pub start: usize,
    /// A comma, full stop, dash, bracket or line end stands before it: negation does not reach across.
    pub clause_start: bool,
    /// It may be capitalised only because of its place: first word, after a full stop, colon, quotation mark or line end.
    pub sentence_start: bool,
}

impl Token<'_> {
    /// Byte offset behind the word.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// How the word is capitalised.
    pub fn case(&self) -> Case {
        let mut letters = self.text.chars().filter(|c| c.is_alphabetic());
        let first_is_upper = letters.next().is_some_and(char::is_uppercase);
        match (first_is_upper, letters.clone().any(char::is_lowercase), letters.next().is_some()) {
            (false, _, _) => Case::Lower,
            (true, true, _) | (true, _, false) => Case::Capital,
            (true, false, true) => Case::Upper,
        }
    }
}

/// Capitalisation of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `gut`
    Lower,
    /// `Gut`
    Capital,
    /// `GUT`
    Upper,
}

/// The words of `text` in order.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, first: true }
}

/// Iterator of [`tokens`].
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
    first: bool,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let (mut clause_start, mut sentence_start) = (self.first, self.first);
        self.first = false;
        let mut before = (' ', 'x');
        let gap = self.text[self.at..].char_indices().find(|&(_, c)| {
            if c.is_alphabetic() {
                return true;
            }
            match c {
                '.' | '!' | '?' | '…' | '\n' | ':' | '•' | '*' => (clause_start, sentence_start) = (true, true),
                ',' | ';' | '(' | ')' | '–' | '—' | '|' => clause_start = true,
                '"' | '„' | '“' | '”' | '«' | '»' | '›' | '‹' | '\'' | '‘' | '’' | '‚' => sentence_start = true,
                ' ' if before == (' ', '-') => clause_start = true,
                _ => {}
            }
            before = (before.1, c);
            false
        });
        let start = self.at + gap?.0;
        let end = start + word_length(&self.text[start..]);
        self.at = end;
        Some(Token { text: &self.text[start..end], start, clause_start, sentence_start })
    }
}

/// Bytes of the word at the start of `rest`, whose first character is a letter.
fn word_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let Some(c) = rest[at..].chars().next() else { break };
        let behind = at + c.len_utf8();
        let joins = match c {
            '\'' | '’' => rest[behind..].starts_with(char::is_alphabetic),
            '*' | ':' | '_' => is_gender_ending(&rest[behind..]),
            _ => c.is_alphanumeric() || is_mark(c),
        };
        if !joins {
            break;
        }
        at = behind;
    }
    at
}

/// `in` or `innen` and then no letter: what stands behind the sign in `Lehrer*in`.
fn is_gender_ending(rest: &str) -> bool {
    let tail = rest.strip_prefix("innen").or_else(|| rest.strip_prefix("in"));
    tail.is_some_and(|tail| !tail.starts_with(char::is_alphabetic))
}

/// Characters that belong to the letter before them or are not seen at all: combining marks, soft hyphen, joiners.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

/// Write the spelling of `word` for look-ups into `key`: lower case, ä ö ü ß as ae oe ue ss, other accents dropped, gender signs
/// dropped, `’` as `'`. Composed and decomposed letters give the same key.
pub fn fold(word: &str, key: &mut String) {
    key.clear();
    for c in word.chars() {
        match c {
            'a'..='z' | '\'' | '0'..='9' => key.push(c),
            'A'..='Z' => key.push(c.to_ascii_lowercase()),
            'ä' | 'Ä' | 'æ' | 'Æ' => key.push_str("ae"),
            'ö' | 'Ö' | 'œ' | 'Œ' => key.push_str("oe"),
            'ü' | 'Ü' => key.push_str("ue"),
            'ß' | 'ẞ' => key.push_str("ss"),
            '\u{308}' if key.ends_with(['a', 'o', 'u']) => key.push('e'),
            '’' => key.push('\''),
            '*' | ':' | '_' => {}
            _ if is_mark(c) => {}
            _ => key.extend(c.to_lowercase().map(without_accent)),
        }
    }
}

fn without_accent(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' => 'o',
        'ù' | 'ú' | 'û' => 'u',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|token| token.text).collect()
    }

    fn key(word: &str) -> String {
        let mut key = String::new();
        fold(word, &mut key);
        key
    }

    #[test]
    fn every_spelling_of_an_umlaut_is_one_word() {
        for spelling in ["fähig", "FÄHIG", "faehig", "fa\u{308}hig", "FA\u{308}HIG", "fä\u{ad}hig"] {
            assert_eq!(key(spelling), "faehig", "{spelling}");
            assert_eq!(words(spelling), [spelling]);
        }
        assert_eq!(key("Größe"), key("GRÖSSE"));
        assert_eq!(key("naïve"), "naive");
        assert_eq!(key("Rene\u{301}"), "rene");
    }

    #[test]
    fn a_gender_fair_form_is_one_word() {
        for form in ["Könner*in", "Könner:in", "Könner_in", "KönnerIn"] {
            assert_eq!(words(form), [form]);
            assert_eq!(key(form), "koennerin");
        }
        assert_eq!(words("Die Helfer:innen kommen: in Scharen"), ["Die", "Helfer:innen", "kommen", "in", "Scharen"]);
        assert_eq!(words("Helfer/-innen"), ["Helfer", "innen"]);
    }

    #[test]
    fn apostrophes_bind_and_hyphens_part() {
        assert_eq!(words("She can’t, it's 'well-known'"), ["She", "can’t", "it's", "well", "known"]);
        assert_eq!(key("can’t"), "can't");
    }

    #[test]
    fn clauses_end_at_punctuation_and_sentences_may_start_after_a_colon() {
        let all: Vec<_> = tokens("Nicht klug, aber: „Gut“ – so").map(|t| (t.text, t.clause_start, t.sentence_start)).collect();
        assert_eq!(all, [("Nicht", true, true), ("klug", false, false), ("aber", true, false), ("Gut", true, true), ("so", true, true)]);
        assert!(tokens("a - b").nth(1).is_some_and(|b| b.clause_start));
        assert!(tokens("Kunst- und").nth(1).is_some_and(|b| !b.clause_start));
        assert!(tokens("a-b").nth(1).is_some_and(|b| !b.clause_start));
    }

    #[test]
    fn capitalisation_is_read_from_letters() {
        let case = |text| tokens(text).next().map(|token| token.case());
        assert_eq!(case("gut"), Some(Case::Lower));
        assert_eq!(case("Gut"), Some(Case::Capital));
        assert_eq!(case("GÜTE"), Some(Case::Upper));
        assert_eq!(case("A"), Some(Case::Capital));
        assert_eq!(case("123 …"), None);
    }

    #[test]
    fn offsets_point_into_the_text_whatever_its_script() {
        for text in ["", "…", "日本語 und Ärger", "e\u{301}te\u{301} 🎨 gu\u{308}tig", "\u{308}x"] {
            for token in tokens(text) {
                assert_eq!(&text[token.start..token.end()], token.text);
            }
        }
    }
}
