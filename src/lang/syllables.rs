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
    const PARTS: [&str; 29] = [
        "eo", "ia", "io", "iu", "iet", "uou", "ua", "ying", "ism", "creat", "react", "real", "idea", "theat", "area", "muse", "nuclea",
        "linea", "poet", "poem", "ient", "eing", "oing", "fluen", "duet", "ruin", "coope", "coord", "reali",
    ];
    const TOGETHER: [&str; 24] = [
        "people", "tion", "sion", "cion", "cious", "tious", "gious", "xious", "cial", "tial", "cian", "tian", "geon", "giou", "gion",
        "guar", "quar", "real", "ient", "muse", "qua", "sua", "ssia", "gua",
    ];
    let hits = |list: &[&str]| list.iter().map(|part| word.matches(part).count()).sum::<usize>();
    hits(&PARTS).saturating_sub(hits(&TOGETHER))
}

/// Vowels that are written and not spoken.
fn silent(word: &str) -> usize {
    let last = |end: &str| word.len() > end.len() + 1 && word.ends_with(end);
    let before = |end: &str| word.strip_suffix(end).and_then(|stem| stem.chars().last());
    let consonant = |letter: Option<char>| letter.is_some_and(|letter| !vowel(letter));
    let end = if last("es") {
        consonant(before("es"))
            && !matches!(before("es"), Some('s' | 'z' | 'x' | 'c' | 'g'))
            && !["ches", "shes", "les"].iter().any(|end| word.ends_with(end))
            || last("les") && !consonant(before("les"))
    } else if last("ed") {
        consonant(before("ed")) && !matches!(before("ed"), Some('t' | 'd'))
    } else if last("le") {
        !consonant(before("le"))
    } else if last("e") {
        consonant(before("e"))
    } else {
        false
    };
    // `movement`, `carefully`: the e of the first part stays silent before these.
    let inner = ["ement", "eful", "eless", "ely", "eness", "etime", "ewhere", "ework", "esome"].iter().any(|end| {
        word.find(end).is_some_and(|at| at > 1 && word[..at].chars().last().is_some_and(|c| !vowel(c)) && word[..at].chars().any(vowel))
            && !["element", "implement", "supplement", "complement", "settlement"].iter().any(|other| word.contains(other))
    });
    usize::from(end) + usize::from(inner)
}

#[cfg(test)]
mod tests;
