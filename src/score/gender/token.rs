//! Words and punctuation of a text with their byte places. In: a text. Out: [`Tokens`], each word folded once for all look-ups.

use crate::lang::person::fold_into;

/// One word or mark.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte in the text.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    key: (usize, usize),
    /// A word (letters or digits), not a mark.
    pub word: bool,
    /// The first letter is a capital.
    pub capital: bool,
    /// First word of a sentence, line or quotation.
    pub first: bool,
    /// Inside quotation marks.
    pub quoted: bool,
    /// The word is written in capitals throughout.
    pub shouted: bool,
}

/// A text cut into tokens. Line breaks are tokens with the key `"\n"`.
pub struct Tokens<'a> {
    /// The text.
    pub text: &'a str,
    keys: String,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Cut `text`.
    pub fn new(text: &'a str) -> Self {
        let mut tokens = Self { text, keys: String::with_capacity(text.len()), list: Vec::with_capacity(text.len() / 5) };
        tokens.cut();
        tokens
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Token `i`, if there is one.
    pub fn get(&self, i: usize) -> Option<&Token> {
        self.list.get(i)
    }

    /// Folded form of token `i`; empty behind the end.
    pub fn key(&self, i: usize) -> &str {
        self.list.get(i).map_or("", |token| &self.keys[token.key.0..token.key.1])
    }

    /// Folded form of the token `back` before `i`; empty before the beginning.
    pub fn before(&self, i: usize, back: usize) -> &str {
        i.checked_sub(back).map_or("", |at| self.key(at))
    }

    /// Token `i` as written.
    pub fn raw(&self, i: usize) -> &'a str {
        self.list.get(i).map_or("", |token| &self.text[token.start..token.end])
    }

    /// Whether token `i` is a word with a capital.
    pub fn capital(&self, i: usize) -> bool {
        self.list.get(i).is_some_and(|token| token.word && token.capital)
    }

    /// Whether token `i` is a word.
    pub fn is_word(&self, i: usize) -> bool {
        self.list.get(i).is_some_and(|token| token.word)
    }

    fn cut(&mut self) {
        let (mut first, mut quoted) = (true, false);
        let mut rest = self.text.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            let mut end = start + c.len_utf8();
            if c.is_alphanumeric() {
                while let Some(&(at, next)) = rest.peek() {
                    let inside = next.is_alphanumeric() || is_combining(next) || self.joins(at, next);
                    if !inside {
                        break;
                    }
                    end = at + next.len_utf8();
                    rest.next();
                }
                self.push(start, end, true, first, quoted);
                first = false;
                continue;
            }
            match c {
                '\n' => {
                    self.end_quotation();
                    (first, quoted) = (true, false);
                }
                '.' | '!' | '?' | ':' | '…' | '•' => first = true,
                '„' | '“' | '”' | '"' | '«' | '»' => {
                    quoted = if c == '„' { true } else { !quoted };
                    if !quoted {
                        self.end_quotation();
                    }
                    first = first || quoted;
                }
                _ if c.is_whitespace() => continue,
                _ => {}
            }
            self.push(start, end, false, first, quoted);
        }
        self.end_quotation();
    }

    fn push(&mut self, start: usize, end: usize, word: bool, first: bool, quoted: bool) {
        let raw = &self.text[start..end];
        let from = self.keys.len();
        if word {
            fold_into(raw, &mut self.keys);
        } else {
            self.keys.push_str(raw);
        }
        let capital = raw.chars().next().is_some_and(char::is_uppercase);
        let shouted = word && raw.len() > 2 && !raw.chars().any(char::is_lowercase);
        self.list.push(Token { start, end, key: (from, self.keys.len()), word, capital, first, quoted, shouted });
    }

    /// Called where a quotation ends. A few words with a capital are a name or title; a long passage is a specimen text. Neither is speech.
    fn end_quotation(&mut self) {
        let inside: Vec<usize> = (0..self.list.len()).rev().take_while(|&i| self.list[i].quoted).collect();
        let words = inside.iter().filter(|&&i| self.list[i].word).count();
        let title = words <= 4 && inside.iter().any(|&i| self.list[i].capital);
        if title || words > 40 {
            inside.iter().for_each(|&i| self.list[i].quoted = false);
        }
        // The sentence goes on through a title: 'The man is called "Jo"'.
        if title && let Some(mark) = inside.last().filter(|&&mark| mark > 0 && self.list[mark - 1].word) {
            self.list[mark + 1].first = false;
        }
    }

    /// Whether the mark `c` at byte `at` holds a word together: a hyphen between letters, or the mark of a gender-fair form ("Kurator:in").
    fn joins(&self, at: usize, c: char) -> bool {
        let rest = &self.text[at + c.len_utf8()..];
        match c {
            '-' => rest.starts_with(char::is_alphanumeric),
            '*' | ':' | '_' | '·' => rest.starts_with(char::is_lowercase),
            '/' => {
                let ending: &str = rest.strip_prefix('-').unwrap_or(rest);
                let word = ending.find(|c: char| !c.is_alphabetic()).map_or(ending, |to| &ending[..to]);
                matches!(word, "in" | "innen" | "r" | "n" | "e" | "m" | "sie" | "er")
            }
            _ => false,
        }
    }
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c) || c == '\u{ad}'
}
