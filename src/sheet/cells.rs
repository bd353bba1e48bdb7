//! Cells and bytes as spreadsheets have them. In: text, or the bytes of a saved table. Out: cells that no spreadsheet computes; text.

/// First characters that make a spreadsheet compute a cell, or that it swallows
/// (OWASP, *CSV Injection*, <https://owasp.org/www-community/attacks/CSV_Injection>).
const COMPUTED: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Put an apostrophe before what a spreadsheet would compute. Apostrophes that stand there already count as part of it, so that
/// [`unescape`] gives back every text exactly.
pub fn escape(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(COMPUTED) { format!("'{text}") } else { text.to_owned() }
}

/// Take away the apostrophe that [`escape`] put there, and no other: `'s ist Zeit` stays as it is.
pub fn unescape(cell: &str) -> &str {
    let rest = cell.strip_prefix('\'').unwrap_or(cell);
    if rest.trim_start_matches('\'').starts_with(COMPUTED) { rest } else { cell }
}

/// How a table was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// With or without byte-order mark.
    Utf8,
    /// "Unicode text" of Excel.
    Utf16,
    /// What is no UTF-8; only the questions can show whether it really is Windows-1252.
    Windows1252,
}

/// The text behind the bytes; `None` when they are text in none of the encodings known.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Encoding)> {
    if let Some(units) = bytes.strip_prefix(&[0xff, 0xfe]) {
        let units: Vec<u16> = units.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        return String::from_utf16(&units).ok().map(|text| (text, Encoding::Utf16));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Some((text.to_owned(), Encoding::Utf8)),
        Err(_) => bytes.iter().map(|&byte| windows_1252(byte)).collect::<Option<String>>().map(|text| (text, Encoding::Windows1252)),
    }
}

/// Code page 1252; five bytes stand for nothing (<https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT>).
fn windows_1252(byte: u8) -> Option<char> {
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•', '–', '—', '˜',
        '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0 => None,
        0x80..=0x9f => Some(HIGH[usize::from(byte - 0x80)]).filter(|&character| character != '\0'),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..Default::default() })]

        #[test]
        fn every_text_comes_back_exactly_and_no_cell_is_computed(text in prop_oneof![any::<String>(), "['=+@\t\r\n＝-]{0,5}.{0,9}"]) {
            let cell = escape(&text);
            prop_assert_eq!(unescape(&cell), text.as_str());
            prop_assert!(!cell.starts_with(COMPUTED));
        }
    }

    #[test]
    fn an_apostrophe_of_the_text_itself_stays() {
        assert_eq!((escape("'s ist Zeit").as_str(), unescape("'s ist Zeit")), ("'s ist Zeit", "'s ist Zeit"));
        assert_eq!((escape("=1+1").as_str(), escape("'=1+1").as_str()), ("'=1+1", "''=1+1"));
    }

    #[test]
    fn what_spreadsheets_save_is_decoded_whatever_the_encoding() {
        let text = "Grüße – „Ärztin“";
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&utf16), Some((text.to_owned(), Encoding::Utf16)));
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()), Some((text.to_owned(), Encoding::Utf8)));
        assert_eq!(decode(text.as_bytes()), Some((text.to_owned(), Encoding::Utf8)));
        assert_eq!(decode(b"Gr\xfc\xdfe \x96 \x84\xc4rztin\x93"), Some((text.to_owned(), Encoding::Windows1252)));
        assert_eq!(decode(b"\xfc\x81"), None);
    }
}
