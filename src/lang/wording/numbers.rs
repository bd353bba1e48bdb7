//! Numbers as German and English write them: decimal sign, thousands, per cent, true minus sign, intervals, p-values, dates.
//!
//! In: a number. Out: a string that can be printed as it stands, with no-break spaces where a line must not end.

use crate::store::Language;

/// U+2212, as wide as a plus sign and read out as "minus".
const MINUS: char = '\u{2212}';
/// No-break space.
const NBSP: char = '\u{a0}';

/// `value` with `digits` decimals: `0,52`, `1.234,5`, `−0,10`. A value that rounds to zero has no sign.
pub fn decimal(value: f64, digits: usize, language: Language) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "–".to_owned() } else { format!("{}∞", if value < 0.0 { "\u{2212}" } else { "" }) };
    }
    let plain = format!("{:.digits$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let (point, comma) = match language {
        Language::De => (',', '.'),
        Language::En => ('.', ','),
    };
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|digit| matches!(digit, b'1'..=b'9')) {
        text.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(comma);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// A number in running text: whole numbers without decimals, others with up to three significant decimals.
pub fn plain(value: f64, language: Language) -> String {
    if value.fract() == 0.0 {
        return decimal(value, 0, language);
    }
    let digits = (0..=6).find(|&digits| {
        let scaled = value * 10f64.powi(digits);
        (scaled - scaled.round()).abs() < 1e-9 * scaled.abs().max(1.0)
    });
    decimal(value, digits.unwrap_or(3).min(4) as usize, language)
}

/// A whole number with thousands set apart: `8.123`.
pub fn count(value: u64, language: Language) -> String {
    decimal(value as f64, 0, language)
}

/// A small number in words, as it reads in running text; above twelve in figures.
pub fn in_words(value: usize, language: Language) -> String {
    const GERMAN: [&str; 13] = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"];
    const ENGLISH: [&str; 13] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let words = match language {
        Language::De => GERMAN,
        Language::En => ENGLISH,
    };
    words.get(value).map_or_else(|| count(value as u64, language), |word| (*word).to_owned())
}

/// With its sign, also where it is positive: `+0,12`.
pub fn signed(value: f64, digits: usize, language: Language) -> String {
    let text = decimal(value, digits, language);
    let zero = !text.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
    if value > 0.0 && !zero { format!("+{text}") } else { text }
}

/// A share as per cent: `12,3 %` in German (with a no-break space), `12.3%` in English.
pub fn percent(share: f64, digits: usize, language: Language) -> String {
    let number = decimal(share * 100.0, digits, language);
    match language {
        Language::De => format!("{number}{NBSP}%"),
        Language::En => format!("{number}%"),
    }
}

/// A difference of shares in percentage points, with its sign and without the unit: `+12,3`.
pub fn points(difference: f64, digits: usize, language: Language) -> String {
    signed(difference * 100.0, digits, language)
}

/// A p-value: `p = 0,032`, `p < 0,001`, never `p = 0`.
pub fn p_value(p: f64, language: Language) -> String {
    if p < 0.001 {
        format!("p{NBSP}<{NBSP}{}", decimal(0.001, 3, language))
    } else if p > 0.999 {
        format!("p{NBSP}>{NBSP}{}", decimal(0.999, 3, language))
    } else {
        format!("p{NBSP}={NBSP}{}", decimal(p, if p < 0.1 { 3 } else { 2 }, language))
    }
}

/// A date or time as ISO 8601 in words, `23. November 2026`; anything else as it stands.
pub fn date(iso: &str, language: Language) -> String {
    let parsed: Option<jiff::civil::Date> = iso.get(..10).and_then(|day| day.parse().ok());
    let Some(day) = parsed else {
        return iso.to_owned();
    };
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    match language {
        Language::De => format!("{}.{NBSP}{} {}", day.day(), GERMAN_MONTHS[month], day.year()),
        Language::En => format!("{}{NBSP}{} {}", day.day(), ENGLISH_MONTHS[month], day.year()),
    }
}

const GERMAN_MONTHS: [&str; 12] =
    ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];
const ENGLISH_MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
