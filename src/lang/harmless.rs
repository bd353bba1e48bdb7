//! Text of strangers as it may stand on a page or in a terminal. In: any text. Out: the same, with nothing in it that would be obeyed.

/// Control characters, and marks that would turn the direction of what follows, as their code points. Line breaks and tabs stay.
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' | '\t' => out.push(char),
            '\r' => {}
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("[U+{:04X}]", char as u32))
            }
            _ => out.push(char),
        }
    }
    out
}
