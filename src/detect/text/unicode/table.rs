//! Which characters stand for which. Look-alikes are those of Unicode Technical Standard 39 (confusables) that are indistinguishable from a basic Latin
//! letter in common typefaces.

use unicode_normalization::UnicodeNormalization;

use super::Kind;

/// Look-alike, Latin letter.
const LOOK_ALIKES: [(&str, &str); 4] = [
    ("асԁеһіјӏорԛѕԝхуү", "acdehijlopqswxyy"),
    ("АВЕԌНІЈӀКМОРԚЅТԜХҮ", "ABEGHIJIKMOPQSTWXY"),
    ("αινορυχγκϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aivopuxykcjABEZHIKMNOPTYX"),
    ("օոսհցɑɡ", "onuhgag"),
];

/// The Latin letter that a letter of another script (or of phonetic notation) looks like.
pub(super) fn latin(c: char) -> Option<char> {
    if !matches!(c, '\u{251}' | '\u{261}' | '\u{370}'..='\u{58f}') {
        return None;
    }
    let find = |(from, to): &(&str, &str)| from.chars().position(|other| other == c).and_then(|at| to.chars().nth(at));
    LOOK_ALIKES.iter().find_map(find)
}

/// The Cyrillic letter that looks like a Latin one.
pub(super) fn cyrillic(c: char) -> Option<char> {
    let find = |(from, to): &(&str, &str)| to.chars().position(|other| other == c).and_then(|at| from.chars().nth(at));
    LOOK_ALIKES[..2].iter().find_map(find)
}

/// Latin letters, phonetic look-alikes excepted.
pub(super) fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c < '\u{370}' || ('\u{1e00}'..='\u{1eff}').contains(&c)) && latin(c).is_none()
}

/// Letters of scripts that are written from right to left.
pub(super) fn leftward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

/// Characters that show nothing, and the kind of finding between letters.
pub(super) fn invisible(c: char) -> Option<Kind> {
    match c {
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' => Some(Kind::ZeroWidth),
        // Marks of direction come with copied dates and names; they turn nothing around.
        '\u{200e}' | '\u{200f}' | '\u{61c}' => Some(Kind::ZeroWidth),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}' | '\u{34f}' | '\u{3164}' | '\u{ffa0}' => Some(Kind::Hidden),
        _ => None,
    }
}

/// Spaces that typesetting leaves; no-break and thin spaces are so common that nobody need be told.
pub(super) fn odd_space(c: char) -> bool {
    !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The plain form of quotation marks and apostrophes.
pub(super) fn quote(c: char) -> Option<char> {
    match c {
        '„' | '“' | '”' | '‟' | '«' | '»' | '″' | '〝' | '〞' => Some('"'),
        '‚' | '‘' | '’' | '‛' | '‹' | '›' | '′' | '´' | 'ʼ' => Some('\''),
        _ => None,
    }
}

/// The plain form of dashes and hyphens.
pub(super) fn dash(c: char) -> Option<char> {
    match c {
        '‐' | '‑' | '⁃' | '﹣' => Some('-'),
        '‒' | '—' | '―' | '−' | '⸺' => Some('–'),
        _ => None,
    }
}

/// Letters and signs in another dress, and whether that is worth a word.
pub(super) fn styled(c: char) -> Option<(Option<Kind>, String)> {
    let plain = || c.to_string().nfkc().collect::<String>();
    match c {
        '\u{fb00}'..='\u{fb06}' => Some((Some(Kind::Ligature), plain())),
        '…' => Some((None, "...".to_owned())),
        '\u{1d400}'..='\u{1d7ff}' | '\u{ff01}'..='\u{ff5e}' => Some((Some(Kind::Styled), plain())),
        '\u{2100}'..='\u{214f}' => Some(plain())
            .filter(|plain| plain.len() == 1 && plain.as_bytes()[0].is_ascii_alphabetic())
            .map(|plain| (Some(Kind::Styled), plain)),
        _ => None,
    }
}
