//! Folding: the form under which a word is looked up.

/// Append the key of `word` to `out`: lower case, composed umlauts (also from decomposed input), other accents dropped, soft hyphens dropped.
///
/// ä, ö, ü and ß stay letters of their own, so that "schon" and "schön" differ.
pub fn fold_into(word: &str, out: &mut String) {
    let start = out.len();
    for c in word.chars() {
        match c {
            'a'..='z' | '0'..='9' | '-' | '*' | ':' | '_' | '/' | '·' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '\u{308}' => compose_umlaut(out, start),
            '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' => {}
            '’' => out.push('\''),
            _ => {
                c.to_lowercase().filter(|lower| !('\u{300}'..='\u{36f}').contains(lower)).for_each(|lower| push_without_accent(lower, out))
            }
        }
    }
}

fn compose_umlaut(out: &mut String, start: usize) {
    let composed = match out[start..].chars().last() {
        Some('a') => 'ä',
        Some('o') => 'ö',
        Some('u') => 'ü',
        _ => return,
    };
    out.pop();
    out.push(composed);
}

fn push_without_accent(c: char, out: &mut String) {
    let plain = match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' | 'ĉ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => "o",
        'ø' => "ö",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        other => {
            out.push(other);
            return;
        }
    };
    out.push_str(plain);
}
