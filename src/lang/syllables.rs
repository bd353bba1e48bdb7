//! Number of syllables of a German or English word, from its letters.
//!
//! In: a word. Out: a count of at least 1. Vowels that stand together are one syllable where the language speaks them as one (`ei`, `ea` in *teach*), else one
//! each; what the letters do not say (`Familie` but `Fotografie`, a silent `e`) stands in short lists. A number counts as one. How often the rules are right
//! on words that were not used to write them is held by a test and stated in `docs/measures.md`.

use crate::store::Language;

/// Syllables of `word`.
pub fn syllables(word: &str, language: Language) -> usize {
    let lower = word.to_lowercase().replace(['\'', '’'], "");
    let parts = lower.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty());
    let count: usize = parts.map(|part| if language == Language::De { german(part) } else { english(part) }).sum();
    count.max(1)
}

/// Vowel pairs that German speaks as one syllable.
const GERMAN_PAIRS: [&str; 14] = ["aa", "ee", "oo", "ie", "ei", "ai", "au", "äu", "eu", "ey", "ay", "oi", "ou", "oy"];

fn german(word: &str) -> usize {
    let letters: Vec<char> = word.chars().collect();
    let is_vowel = |at: usize| match letters.get(at) {
        // Before another vowel `y` is a consonant (Yoga), behind `q` so is `u` (Quelle).
        Some('y') => !letters.get(at + 1).is_some_and(|&next| vowel(next)),
        Some('u') => at == 0 || letters[at - 1] != 'q',
        Some(&letter) => vowel(letter),
        None => false,
    };
    let (mut count, mut at) = (0, 0);
    while at < letters.len() {
        if !is_vowel(at) {
            at += 1;
            continue;
        }
        count += 1;
        let triple: String = letters[at..].iter().take(3).collect();
        let pair: String = letters[at..].iter().take(2).collect();
        at += match () {
            () if triple == "eau" => 3,
            () if GERMAN_PAIRS.contains(&pair.as_str()) => 2,
            () => 1,
        };
    }
    let more = GERMAN_PARTED.iter().filter(|part| word.contains(*part)).count()
        + usize::from(GERMAN_PARTED_STARTS.iter().any(|start| word.starts_with(start)))
        + usize::from(ends_in_parted_ie(word) || word.ends_with("een"));
    count + more
}

fn vowel(letter: char) -> bool {
    matches!(
        letter,
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'ä'
            | 'ö'
            | 'ü'
            | 'á'
            | 'à'
            | 'â'
            | 'é'
            | 'è'
            | 'ê'
            | 'ë'
            | 'í'
            | 'î'
            | 'ï'
            | 'ó'
            | 'ô'
            | 'ú'
    )
}

/// Vowels that look like one syllable and are two.
const GERMAN_PARTED: [&str; 14] = [
    "museum",
    "jubiläum",
    "mausoleum",
    "kolosseum",
    "lyzeum",
    "petroleum",
    "mosaik",
    "naiv",
    "atheis",
    "ideell",
    "reell",
    "kreier",
    "dienstalter",
    "patient",
];
/// The same behind a prefix: beenden, beurteilen, geehrt.
const GERMAN_PARTED_STARTS: [&str; 9] = ["beend", "beeng", "beehr", "beerb", "beerdi", "beurt", "beunr", "geehrt", "geeb"];
/// Words in -ie whose last letters are two syllables; feminine nouns in stressed -ie (Galerie) are not here.
const PARTED_IE: [&str; 28] = [
    "familie",
    "linie",
    "studie",
    "serie",
    "komödie",
    "tragödie",
    "materie",
    "aktie",
    "arterie",
    "bestie",
    "folie",
    "hostie",
    "immobilie",
    "kastanie",
    "lilie",
    "mumie",
    "petersilie",
    "prämie",
    "pinie",
    "furie",
    "arie",
    "historie",
    "glorie",
    "lappalie",
    "hortensie",
    "grazie",
    "kurie",
    "orgie",
];

fn ends_in_parted_ie(word: &str) -> bool {
    let plural = word.strip_suffix('n').unwrap_or(word);
    let listed = PARTED_IE.iter().any(|ending| plural.ends_with(ending));
    let country = word.strip_suffix("ien").is_some_and(|stem| stem.chars().any(vowel))
        && !["schien", "verdien", "bedien", "wien"].iter().any(|end| word.ends_with(end));
    listed || country
}

fn english(word: &str) -> usize {
    let letters: Vec<char> = word.chars().collect();
    let is_vowel = |at: usize| match letters.get(at) {
        Some('y') => at > 0 && !letters.get(at + 1).is_some_and(|&next| vowel(next) && next != 'y') || letters.len() == 1,
        Some('u') => at == 0 || letters[at - 1] != 'q',
        Some(&letter) => vowel(letter),
        None => false,
    };
    let mut count = (0..letters.len()).filter(|&at| is_vowel(at) && (at == 0 || !is_vowel(at - 1))).count();
    count += parted(word);
    count.saturating_sub(silent(word)).max(usize::from(count > 0))
}

/// Vowels side by side that are two syllables.
fn parted(word: &str) -> usize {
    /// These are two syllables …
    const APART: [&str; 42] = [
        "ia", "io", "iu", "eo", "ua", "ying", "oing", "eing", "react", "ideal", "theat", "nuclea", "linea", "museu", "poet", "poem", "fluen", "scien",
        "quiet", "client", "alien", "ruin", "duel", "fuel", "cruel", "flui", "mosaic", "naiv", "uous", "uity", "chaos", "ieval", "siet", "riet", "viet", "diet",
        "piet", "niet", "ism", "rhythm", "thms", "urea",
    ];
    /// … but not where they stand in one of these.
    const TOGETHER: [&str; 35] = [
        "tio", "sio", "gio", "xio", "cious", "cion", "nion", "lion", "hion", "cial", "cian", "tial", "tian", "riage", "liam", "people", "geon", "george",
        "leonard", "leopard", "yeo", "gua", "qua", "suad", "guity", "quiety", "uriou", "isms", "ismi", "isma", "ismo", "isme", "aying", "eying", "oying",
    ];
    const AT_THE_START: [&str; 9] = ["creat", "recreat", "idea", "area", "coop", "coord", "zool", "rein", "reun"];
    let count = |list: &[&str]| list.iter().map(|part| word.matches(part).count()).sum::<usize>();
    let start = AT_THE_START.iter().any(|start| word.starts_with(start)) && !word.starts_with("ideal");
    (count(&APART) + usize::from(start)).saturating_sub(count(&TOGETHER))
}

/// Vowels that are written and not spoken.
fn silent(word: &str) -> usize {
    let letters = |end: &str| word.strip_suffix(end).map(|stem| (stem.chars().last(), stem.chars().rev().nth(1)));
    let consonant = |letter: Option<char>| letter.is_some_and(|letter| !vowel(letter));
    let one_of = |letter: Option<char>, of: &str| letter.is_some_and(|letter| of.contains(letter));
    // A consonant and `l` before the `e` carry a syllable: tables, handled.
    let carries = |last: Option<char>, before: Option<char>| last == Some('l') && consonant(before);
    let end = if word.len() < 3 {
        false
    } else if let Some((last, before)) = letters("es") {
        let hisses = one_of(last, "szxcg") || word.ends_with("ches") || word.ends_with("shes");
        consonant(last) && !hisses && !carries(last, before)
    } else if let Some((last, before)) = letters("ed") {
        let played = last == Some('y') && before.is_some_and(vowel);
        played || consonant(last) && !one_of(last, "td") && (!carries(last, before) || one_of(before, "lrn"))
    } else if let Some((last, before)) = letters("e") {
        consonant(last) && (!carries(last, before) || before == Some('l'))
    } else {
        false
    };
    usize::from(end) + usize::from(silent_inside(word)) + usize::from(word.ends_with("ically")) + usize::from(word.starts_with("busi"))
}

/// `movement`, `carefully`, `homework`: the e of the first part stays silent before these.
fn silent_inside(word: &str) -> bool {
    const SECOND_PARTS: [&str; 15] =
        ["ement", "eful", "efully", "eless", "ely", "eness", "etime", "ewhere", "ework", "esome", "eland", "eware", "ehouse", "ewood", "eyard"];
    const SPOKEN: [&str; 5] = ["element", "implement", "supplement", "complement", "tlement"];
    let singular = word.strip_suffix('s').unwrap_or(word);
    [word, singular].iter().any(|word| {
        let stem = SECOND_PARTS.iter().find_map(|part| word.strip_suffix(part));
        stem.is_some_and(|stem| stem.ends_with(|c| !vowel(c)) && stem.contains(vowel))
    }) && !SPOKEN.iter().any(|spoken| word.contains(spoken))
}

#[cfg(test)]
mod tests;
