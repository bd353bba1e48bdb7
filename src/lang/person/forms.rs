//! Feminine and gender-fair forms of German person nouns.

/// Endings of feminine plurals: several women.
pub const FEMININE_PLURAL: &[&str] = &["innen"];

/// Endings before -in that only nouns for people have; other nouns in -in (Termin, Disziplin) end otherwise.
const BEFORE_IN: &[&str] = &[
    "er", "or", "eur", "ör", "ist", "ast", "ant", "ent", "ont", "ekt", "et", "at", "ot", "it", "zt", "lt", "rt", "tt", "ut", "rst", "ss",
    "ös", "än", "ög", "og", "eg", "ig", "urg", "äg", "ech", "iech", "öch", "raf", "räf", "und", "üd", "iv", "ürk", "ol",
];

/// Whether `key` has the form of a German feminine person noun: "künstlerin", "ärztin". Says nothing of words that only look so ("berlin").
pub fn feminine_form(key: &str) -> bool {
    key.strip_suffix("in").is_some_and(|stem| stem.chars().count() >= 3 && BEFORE_IN.iter().any(|end| stem.ends_with(end)))
}

/// A gender-fair form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FairForm {
    /// One person: Kurator*in, Kurator:in, KuratorIn, eine*r.
    One,
    /// Several: Besucher*innen.
    Several,
}

/// Read `word` as a gender-fair form, written with star, colon, underscore, dot, slash or capital I.
pub fn fair_form(word: &str, key: &str) -> Option<FairForm> {
    if let Some(at) = key.find(['*', ':', '_', '·', '/']) {
        let ending = key[at..].trim_start_matches(['*', ':', '_', '·', '/', '-']);
        return match ending {
            "innen" | "frauen" => Some(FairForm::Several),
            "in" | "r" | "e" | "n" | "m" | "frau" | "die" | "sie" | "er" | "ihr" | "ihre" | "seine" => Some(FairForm::One),
            _ => None,
        };
    }
    let capital_i = |ending: &str| word.strip_suffix(ending).is_some_and(|stem| stem.chars().last().is_some_and(char::is_lowercase));
    if capital_i("Innen") {
        return Some(FairForm::Several);
    }
    capital_i("In").then_some(FairForm::One)
}
