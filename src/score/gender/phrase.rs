//! The words around a noun or name: its determiner, whether it is said of the subject, whether it introduces somebody. In: a place in the tokens. Out: small facts.

use super::token::Tokens;
use crate::lang::person::{Gender, Lexicon, Word, first_name};
use crate::store::Language;

/// Kind of determiner of a noun phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Determiner {
    /// ein, a.
    Indefinite,
    /// der, this.
    Definite,
    /// seine, Emmas, her.
    Possessive,
    /// None at all.
    None,
}

/// A noun phrase that ends at its noun.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// First token of the phrase.
    pub start: usize,
    /// What determines it.
    pub determiner: Determiner,
    /// Several are meant, by a number word or by "die" before a masculine form.
    pub plural: bool,
    /// Said of the subject: "ist eine …", "arbeitet als …".
    pub predicative: bool,
    /// Stands behind a comma after a mention: "Emma, eine junge Frau".
    pub apposition: bool,
    /// A form of address before a name: "Frau Krüger".
    pub title: bool,
    /// "wie eine Mutter": a comparison, nobody.
    pub comparison: bool,
}

impl Phrase {
    /// The determiner as folded.
    pub fn article<'t>(&self, tokens: &'t Tokens) -> &'t str {
        tokens.key(self.start)
    }
}

/// Read the phrase that ends at the noun `i`.
pub fn before_noun(tokens: &Tokens, i: usize, language: Language) -> Phrase {
    let mut start = i;
    let mut determiner = Determiner::None;
    let mut plural = false;
    while start > 0 && i - start < 6 {
        let key = tokens.key(start - 1);
        if let Some(found) = determines(key, language) {
            start -= 1;
            determiner = found;
            break;
        }
        if matches!(
            key,
            "zwei"
                | "drei"
                | "vier"
                | "fünf"
                | "viele"
                | "einige"
                | "mehrere"
                | "alle"
                | "beide"
                | "beiden"
                | "two"
                | "three"
                | "several"
                | "many"
                | "all"
                | "both"
        ) {
            start -= 1;
            plural = true;
            break;
        }
        if language == Language::En && key == "s" && matches!(tokens.before(start, 2), "'" | "’") || genitive_name(tokens, start - 1) {
            start -= 1;
            determiner = Determiner::Possessive;
            break;
        }
        if !(adjective(tokens, start - 1, language) || key == "," && start < i && adjective(tokens, start.saturating_sub(2), language)) {
            break;
        }
        start -= 1;
    }
    let before = tokens.before(start, 1);
    Phrase {
        start,
        determiner,
        plural,
        predicative: copula_before(tokens, start) || as_before(tokens, start) || copula_behind(tokens, start, i),
        apposition: before == "," || before == "(" || before == "–",
        title: start == i
            && determiner == Determiner::None
            && tokens.capital(i + 1)
            && matches!(tokens.key(i), "frau" | "herr" | "herrn" | "lady" | "sir" | "fräulein"),
        comparison: determiner == Determiner::Indefinite && matches!(before, "wie" | "like"),
    }
}

/// Kind of determiner that `key` is.
pub fn determines(key: &str, language: Language) -> Option<Determiner> {
    let found = match (language, key) {
        (Language::De, "ein" | "eine" | "einen" | "einem" | "einer" | "eines") => Determiner::Indefinite,
        (
            Language::De,
            "der" | "die" | "das" | "den" | "dem" | "des" | "diese" | "dieser" | "dieses" | "diesen" | "diesem" | "jene" | "jener"
            | "unsere" | "unser" | "unserer" | "unserem",
        ) => Determiner::Definite,
        (Language::De, _)
            if ["sein", "ihr", "mein", "dein"]
                .iter()
                .any(|stem| key.strip_prefix(stem).is_some_and(|end| matches!(end, "" | "e" | "en" | "em" | "er" | "es"))) =>
        {
            Determiner::Possessive
        }
        (Language::En, "a" | "an") => Determiner::Indefinite,
        (Language::En, "the" | "this" | "that" | "our") => Determiner::Definite,
        (Language::En, "his" | "her" | "their" | "my" | "your" | "whose") => Determiner::Possessive,
        _ => return None,
    };
    Some(found)
}

fn genitive_name(tokens: &Tokens, i: usize) -> bool {
    tokens.capital(i) && tokens.key(i).strip_suffix('s').is_some_and(|stem| first_name(stem).is_some())
}

/// A word that can stand between a determiner and its noun.
pub fn adjective(tokens: &Tokens, i: usize, language: Language) -> bool {
    if !tokens.is_word(i) {
        return false;
    }
    let key = tokens.key(i);
    if key.starts_with(|c: char| c.is_ascii_digit()) {
        return true;
    }
    if tokens.capital(i) && !tokens.get(i).is_some_and(|token| token.first || token.shouted) {
        return false;
    }
    match language {
        Language::De => {
            matches!(key, "sehr" | "etwas" | "jung" | "und")
                || ["e", "er", "en", "em", "es"].iter().any(|end| key.ends_with(end))
                    && !matches!(key, "er" | "oder" | "aber" | "über" | "unter")
        }
        Language::En => !matches!(
            key,
            "is" | "was"
                | "are"
                | "were"
                | "am"
                | "and"
                | "or"
                | "of"
                | "in"
                | "by"
                | "with"
                | "to"
                | "for"
                | "as"
                | "from"
                | "at"
                | "on"
                | "he"
                | "she"
                | "they"
                | "i"
                | "be"
                | "like"
                | "who"
                | "than"
        ),
    }
}

/// A form of to be or to become.
pub fn is_copula(key: &str) -> bool {
    matches!(
        key,
        "ist"
            | "war"
            | "bin"
            | "wird"
            | "wurde"
            | "blieb"
            | "bleibt"
            | "sei"
            | "wäre"
            | "is"
            | "was"
            | "am"
            | "became"
            | "becomes"
            | "remained"
            | "be"
    )
}

/// "ist (bereits, sie, Lena) eine …" but not "es war einmal ein …".
fn copula_before(tokens: &Tokens, start: usize) -> bool {
    for back in 1..=4 {
        let key = tokens.before(start, back);
        if is_copula(key) || key == "m" && tokens.before(start, back + 1).starts_with(['\'', '’']) {
            let there = |key: &str| matches!(key, "es" | "da" | "hier" | "dort" | "there" | "here" | "it");
            return !there(tokens.before(start, back + 1)) && !tokens.before(start, back - 1).starts_with("einmal");
        }
        let preposition = matches!(
            key,
            "mit"
                | "in"
                | "an"
                | "bei"
                | "von"
                | "für"
                | "auf"
                | "zu"
                | "nach"
                | "unter"
                | "vor"
                | "seit"
                | "im"
                | "am"
                | "vom"
                | "zum"
                | "zur"
                | "durch"
                | "with"
                | "by"
                | "of"
                | "to"
                | "on"
                | "from"
                | "for"
                | "at"
        );
        if preposition || !start.checked_sub(back).is_some_and(|at| tokens.is_word(at)) {
            return false;
        }
    }
    false
}

/// "…, der ein bekannter Maler ist", "weil sie Ärztin war".
fn copula_behind(tokens: &Tokens, start: usize, i: usize) -> bool {
    let clause = |key: &str| matches!(key, "der" | "die" | "das" | "er" | "sie" | "dass" | "weil" | "da" | "obwohl" | "wenn");
    matches!(tokens.key(i + 1), "ist" | "war" | "wurde" | "wird") && clause(tokens.before(start, 1))
}

/// "arbeitet als Lehrerin", "works as a teacher"; not "als eine Frau kam".
fn as_before(tokens: &Tokens, start: usize) -> bool {
    match tokens.before(start, 1) {
        "als" => start >= 2 && tokens.is_word(start - 2) && !tokens.get(start - 1).is_some_and(|token| token.first),
        "as" => true,
        _ => false,
    }
}

/// A word that states a gender is said of the subject, or stands alone between marks.
pub fn predicative(tokens: &Tokens, i: usize) -> bool {
    let alone = i > 0 && !tokens.is_word(i - 1) && !tokens.is_word(i + 1) && tokens.before(i, 1) != "„";
    let ends = !tokens.is_word(i + 1) || matches!(tokens.key(i + 1), "und" | "oder" | "sowie" | "and" | "or");
    alone || ends && copula_before(tokens, i)
}

/// "eine weibliche Person".
pub fn describes_epicene(tokens: &Tokens, lexicon: &Lexicon, i: usize) -> bool {
    let noun = lexicon.word(tokens.key(i + 1), tokens.capital(i + 1));
    matches!(noun, Some(Word::Epicene(_)))
        && matches!(tokens.before(i, 1), "ein" | "eine" | "einen" | "einem" | "einer" | "die" | "der" | "a" | "the")
}

/// Gender that an entry such as "Geschlecht: w" names.
pub fn stated(lexicon: &Lexicon, key: &str) -> Option<Gender> {
    if let Some(Word::States(gender)) = lexicon.word(key, false) {
        return Some(gender);
    }
    match key {
        "frau" | "w" | "f" | "woman" | "sie" | "she" | "mädchen" | "girl" => Some(Gender::Woman),
        "mann" | "m" | "man" | "er" | "he" | "junge" | "boy" => Some(Gender::Man),
        "d" | "they" | "keine" | "none" => Some(Gender::NonBinary),
        _ if matches!(lexicon.word(key, false), Some(Word::Neopronoun)) => Some(Gender::NonBinary),
        _ => None,
    }
}

/// One of two forms that stand for both genders: "der Autor oder die Autorin", "Künstlerinnen und Künstler", "he or she".
pub fn doubled(tokens: &Tokens, i: usize) -> bool {
    let joins = |key: &str| matches!(key, "oder" | "und" | "bzw" | "/" | "or" | "and" | "beziehungsweise");
    let key = tokens.key(i);
    (2..=4).any(|distance| {
        let [ahead, behind] = [Some(i + distance), i.checked_sub(distance)];
        let between = |other: usize| (other.min(i) + 1..other.max(i)).any(|at| joins(tokens.key(at)));
        [ahead, behind].into_iter().flatten().any(|other| between(other) && counterparts(key, tokens.key(other)))
    })
}

fn counterparts(one: &str, other: &str) -> bool {
    const PAIRS: [(&str, &str); 6] = [("er", "sie"), ("ihm", "ihr"), ("ihn", "sie"), ("sein", "ihr"), ("seine", "ihre"), ("he", "she")];
    const ENGLISH: [(&str, &str); 2] = [("his", "her"), ("him", "her")];
    let pair = PAIRS.iter().chain(&ENGLISH).any(|&(man, woman)| (one, other) == (man, woman) || (other, one) == (man, woman));
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let feminine = long.strip_suffix("innen").or_else(|| long.strip_suffix("in"));
    pair || short.len() > 3 && feminine.is_some_and(|stem| short.strip_suffix('e').unwrap_or(short) == stem || short == stem)
}

/// The singular of a form that is plural without a determiner: "einem Menschen", "einen Jungen".
pub fn singular(key: &str) -> Word {
    use crate::lang::person::Grammatical;
    match key {
        "menschen" => Word::Epicene(Grammatical::Masculine),
        "jungen" | "herren" => Word::Person(Gender::Man),
        "kollegen" | "nachbarn" => Word::Kin(Gender::Man),
        _ => Word::Plural,
    }
}

/// "Ein fiktiver Mensch ist …": says what a figure is, speaks of nobody.
pub fn defines(tokens: &Tokens, i: usize) -> bool {
    let invented = ["fiktiv", "erfunden", "imaginär", "fictional", "imaginary"].iter().any(|stem| tokens.before(i, 1).starts_with(stem));
    invented && (is_copula(tokens.key(i + 1)) || matches!(tokens.key(i + 1), "bezeichnet" | "existiert" | "kann" | "oder" | "refers"))
}

/// The end of an opening like "Hier ist eine kurze Beschreibung einer fiktiven Person:", which speaks of the task, not of anybody.
pub fn preamble(tokens: &Tokens, i: usize) -> Option<usize> {
    let opens = matches!(
        tokens.key(i),
        "hier" | "gerne" | "gern" | "natürlich" | "klar" | "okay" | "ok" | "sicher" | "here" | "sure" | "certainly" | "of" | "absolutely"
    );
    if !opens {
        return None;
    }
    let end = (i..tokens.len().min(i + 40)).find(|&at| matches!(tokens.key(at), "." | "\n" | ":"))?;
    let names = (i..end).any(|at| super::naming::introduced(tokens, at).is_some());
    (tokens.key(end) == ":" && !names).then_some(end + 1)
}

/// The text declines the task or speaks of the assistant.
pub fn declines(tokens: &Tokens) -> bool {
    let opening: Vec<&str> = (0..tokens.len().min(40)).map(|i| tokens.key(i)).collect();
    const SORRY: [&str; 7] = ["leid", "leider", "sorry", "unable", "cannot", "sprachmodell", "entschuldigung"];
    opening.iter().any(|key| SORRY.contains(key))
}
