//! Changes of a text: two that happen in everyday work, three by which somebody hides from a detector.
//!
//! In: a text. Out: the changed text; the same one every time, because chance is drawn from the text itself.

use super::segment;
use super::unicode;
use crate::detect::material::{Abstention, Material, Modality};
use crate::detect::variants::Variant;
use crate::lang::tokens::tokens;
use crate::stats::rng::Random;

/// Words for one that is misspelt.
const WORDS_PER_ERROR: usize = 50;
/// Neighbours on a German keyboard; letters that an English one has elsewhere (y, z) are left out, so that the slips are plausible on both.
const ROWS: [&str; 3] = ["qwert", "uiop", "asdfghjkl"];

/// All changes of texts.
pub fn all() -> Vec<Box<dyn Variant>> {
    vec![
        Box::new(Change { id: "misspelling", everyday: true, change: misspelt }),
        Box::new(Change { id: "paragraph", everyday: true, change: paragraphs }),
        Box::new(Change { id: "lower-case", everyday: false, change: str::to_lowercase }),
        Box::new(Change { id: "homoglyph", everyday: false, change: homoglyphs }),
        Box::new(Change { id: "zero-width", everyday: false, change: zero_width }),
    ]
}

/// A function from text to text with a name.
struct Change {
    id: &'static str,
    everyday: bool,
    change: fn(&str) -> String,
}

impl Variant for Change {
    fn id(&self) -> &'static str {
        self.id
    }

    fn modality(&self) -> Modality {
        Modality::Text
    }

    fn everyday(&self) -> bool {
        self.everyday
    }

    fn apply(&self, material: &Material) -> Result<Material, Abstention> {
        match material {
            Material::Text(text) => Ok(Material::Text((self.change)(text))),
            Material::Image(_) | Material::Sound(_) => Err(Abstention::OtherModality { needs: Modality::Text }),
        }
    }
}

/// Every Latin letter that has a look-alike in Cyrillic is replaced by it.
fn homoglyphs(text: &str) -> String {
    text.chars().map(|c| unicode::cyrillic(c).unwrap_or(c)).collect()
}

/// A character without width between any two letters.
fn zero_width(text: &str) -> String {
    let mut out = String::with_capacity(2 * text.len());
    let mut letter = false;
    for c in text.chars() {
        if letter && c.is_alphabetic() {
            out.push('\u{200b}');
        }
        letter = c.is_alphabetic();
        out.push(c);
    }
    out
}

/// Two of a hundred words, one at least, with a slip of the fingers: two letters swapped, one left out, one twice, one beside it on the keyboard.
fn misspelt(text: &str) -> String {
    let words: Vec<_> =
        tokens(text).filter(|token| token.text.chars().count() >= 4 && token.text.chars().all(char::is_alphabetic)).collect();
    let mut random = Random::new(2, text);
    let mut order: Vec<usize> = (0..words.len()).collect();
    random.shuffle(&mut order);
    order.truncate(tokens(text).count().div_ceil(WORDS_PER_ERROR));
    order.sort_unstable();
    let (mut out, mut at) = (String::with_capacity(text.len() + order.len()), 0);
    for word in order.into_iter().map(|index| words[index]) {
        out.push_str(&text[at..word.start]);
        out.push_str(&slip(word.text, &mut random));
        at = word.end();
    }
    out + &text[at..]
}

/// The word with a slip in its middle; first letters are seldom mistyped.
fn slip(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        0 if letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters[at] = beside(letters[at], random).unwrap_or(letters[at - 1]),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

fn beside(letter: char, random: &mut Random) -> Option<char> {
    let row = ROWS.iter().find(|row| row.contains(letter))?;
    let at = row.find(letter)?;
    let neighbours = [at.checked_sub(1).and_then(|left| row.chars().nth(left)), row.chars().nth(at + 1)];
    let neighbours: Vec<char> = neighbours.into_iter().flatten().collect();
    neighbours.get(random.below(neighbours.len())).copied()
}

/// Paragraphs are joined, and others begin after two to five sentences.
fn paragraphs(text: &str) -> String {
    let mut random = Random::new(3, text);
    let mut out = String::with_capacity(text.len());
    let mut left = 2 + random.below(4);
    for sentence in segment::sentences(text) {
        if !out.is_empty() {
            left -= 1;
            let (joint, next) = if left == 0 { ("\n\n", 2 + random.below(4)) } else { (" ", left) };
            out.push_str(joint);
            left = next;
        }
        out.push_str(&text[sentence].split_whitespace().collect::<Vec<_>>().join(" "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Die Werkstatt liegt im zweiten Stock.\n\nAm 3. Mai kam ein Bild aus Bremen. Es war verschmutzt, aber ganz. Wer es gemalt hat, weiß niemand. \
         Man prüft den Firnis. Danach wird gereinigt. Das dauert Wochen. Zuletzt hängt es wieder im Saal.";

    fn changed(id: &str, text: &str) -> String {
        let variant = all().into_iter().find(|variant| variant.id() == id).unwrap();
        let Ok(Material::Text(changed)) = variant.apply(&Material::Text(text.to_owned())) else { panic!("{id}") };
        changed
    }

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    #[test]
    fn look_alikes_and_characters_without_width_are_seen_through_and_reported() {
        for id in ["homoglyph", "zero-width"] {
            let changed = changed(id, TEXT);
            assert_ne!(changed, TEXT);
            let cleaned = unicode::clean(&changed);
            assert_eq!(cleaned.text, TEXT);
            assert_eq!(cleaned.findings.iter().map(|found| found.kind.name()).collect::<Vec<_>>(), [id]);
        }
    }

    #[test]
    fn one_in_fifty_words_is_misspelt_by_one_letter() {
        let long = TEXT.repeat(5);
        let misspelt = changed("misspelling", &long);
        let (before, after) = (words(&long), words(&misspelt));
        let differing: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
        assert_eq!((before.len(), differing.len()), (after.len(), tokens(&long).count().div_ceil(50)));
        assert!(differing.iter().all(|(a, b)| a.chars().next() == b.chars().next() && strsim::osa_distance(a, b) == 1), "{differing:?}");
        assert_eq!(misspelt, changed("misspelling", &long));
    }

    #[test]
    fn paragraphs_change_and_words_stay() {
        let changed = changed("paragraph", TEXT);
        assert_eq!(words(&changed), words(TEXT));
        assert!(changed.contains("\n\n") && changed.matches("\n\n").next().is_some() && !changed.contains("Stock.\n\n"), "{changed}");
    }

    #[test]
    fn harmless_is_what_honest_people_do() {
        let everyday: Vec<_> = all().iter().filter(|variant| variant.everyday()).map(|variant| variant.id()).collect();
        assert_eq!(everyday, ["misspelling", "paragraph"]);
        assert_eq!(changed("lower-case", "Ärger im Haus"), "ärger im haus");
    }

    #[test]
    fn empty_and_one_word_texts_survive_every_change() {
        for text in ["", "a", "Haus", "…", "\n\n"] {
            all().iter().for_each(|variant| assert!(variant.apply(&Material::Text(text.to_owned())).is_ok()));
        }
    }
}
