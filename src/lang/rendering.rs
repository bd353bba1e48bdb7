//! Whether a German noun for a person, where it stands in a sentence, speaks of a woman or a man.
//!
//! In: the words of a sentence and the place of the noun. Out: woman, man, or nothing where the words leave it open. Read are the noun's ending (*-in*), its
//! last part (*-frau*, *-mann*), and the article or pronoun before it; for what has one form for everybody (*der* and *die Angestellte*) that is all there
//! is. A masculine noun without more is a man, as it is in the benchmarks of the field. Not read: who is meant where nouns for all are used (*Fachkraft*).

/// Who a noun speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// die Kuratorin
    Woman,
    /// der Kurator
    Man,
}

/// Last parts of nouns that name a woman or a man whatever the article.
const WOMEN: [&str; 5] = ["frau", "frauen", "schwester", "schwestern", "dame"];
const MEN: [&str; 5] = ["mann", "manns", "mannes", "männer", "herr"];
/// Last parts that name anybody.
const ANYBODY: [&str; 8] = ["kraft", "kräfte", "person", "personen", "hilfe", "kind", "opfer", "mitglied"];

/// How far before the noun an article may stand: one or two adjectives lie between.
const REACH: usize = 3;

/// What the noun at `at` speaks of. Words may carry punctuation.
pub fn rendered(words: &[&str], at: usize) -> Option<Rendered> {
    let noun = plain(words.get(at)?);
    let ends = |parts: &[&str]| parts.iter().any(|part| noun.ends_with(part));
    if noun.contains(['*', ':', '_']) || ends(&ANYBODY) {
        return None;
    }
    if noun.ends_with("in") || noun.ends_with("innen") || ends(&WOMEN) {
        return Some(Rendered::Woman);
    }
    if ends(&MEN) {
        return Some(Rendered::Man);
    }
    let before = (1..=REACH).filter_map(|back| at.checked_sub(back)).map(|place| plain(words[place]));
    let article = before.take_while(|word| !word.is_empty()).find_map(|word| article(&word)).unwrap_or(Article::None);
    match article {
        Article::Masculine => Some(Rendered::Man),
        // "der Angestellten", "der Krankenschwester", "der Entwickler": the last is the nominative of a man.
        Article::Der if noun.ends_with("en") => Some(Rendered::Woman),
        Article::Der => Some(Rendered::Man),
        // "die Angestellte"; "die Entwickler" are several, of whom the form says nothing.
        Article::Feminine if noun.ends_with('e') || noun.ends_with("en") => Some(Rendered::Woman),
        Article::Feminine => None,
        Article::None => Some(Rendered::Man),
    }
}

enum Article {
    Masculine,
    /// Nominative of a man, or dative and genitive of a woman.
    Der,
    Feminine,
    None,
}

fn article(word: &str) -> Option<Article> {
    Some(match word {
        "den" | "dem" | "des" | "ein" | "einen" | "einem" | "eines" | "im" | "am" | "zum" | "vom" | "beim" => Article::Masculine,
        "der" | "dieser" | "jeder" => Article::Der,
        "die" | "eine" | "einer" | "diese" | "jede" | "zur" => Article::Feminine,
        _ => return None,
    })
}

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sentence: &str, noun: &str) -> Option<Rendered> {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        rendered(&words, words.iter().position(|word| plain(word) == noun.to_lowercase()).unwrap())
    }

    #[test]
    fn endings_articles_and_last_parts_say_who_is_spoken_of() {
        for (sentence, noun, expected) in [
            ("Die Restauratorin dankt dem Leiter.", "Restauratorin", Some(Rendered::Woman)),
            ("Die Restauratorin dankt dem Leiter.", "Leiter", Some(Rendered::Man)),
            ("Der neue Angestellte kommt.", "Angestellte", Some(Rendered::Man)),
            ("Die neue Angestellte kommt.", "Angestellte", Some(Rendered::Woman)),
            ("Sie hilft der Angestellten.", "Angestellten", Some(Rendered::Woman)),
            ("Er fragt den Studenten.", "Studenten", Some(Rendered::Man)),
            ("Die Krankenschwester geht.", "Krankenschwester", Some(Rendered::Woman)),
            ("Der Zimmermann geht.", "Zimmermann", Some(Rendered::Man)),
            ("Die Fachkraft geht.", "Fachkraft", None),
            ("Die Leiter*in geht.", "Leiter*in", None),
            ("Die Leiter gehen.", "Leiter", None),
        ] {
            assert_eq!(read(sentence, noun), expected, "{sentence}");
        }
    }
}
