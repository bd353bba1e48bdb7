use proptest::prelude::*;

use super::*;
use crate::store::Language;

fn kinds(text: &str) -> Vec<(Kind, usize)> {
    clean(text).findings.iter().map(|found| (found.kind, found.count)).collect()
}

#[test]
fn a_cyrillic_letter_in_a_latin_word_is_replaced_and_named() {
    let cleaned = clean("Der M\u{430}ler m\u{430}lt.");
    assert_eq!(cleaned.text, "Der Maler malt.");
    assert_eq!(cleaned.findings.len(), 1);
    let found = &cleaned.findings[0];
    assert_eq!((found.kind, found.count), (Kind::Homoglyph, 2));
    assert_eq!(found.places[0], Place { at: 5, character: "U+0430".to_owned(), word: "Maler".to_owned() });
    let places: Vec<(&str, &str)> = found.places.iter().map(|place| (place.character.as_str(), place.word.as_str())).collect();
    assert_eq!((found.count, places), (2, vec![("U+0430", "Maler"), ("U+0430", "malt")]));
}

#[test]
fn texts_in_other_scripts_are_left_as_they_are() {
    for text in [
        "Это старый музей, в нём много картин. СССР и IT-отдел, html-код.",
        "Το μουσείο είναι παλιό και έχει πολλούς πίνακες.",
        "Im Katalog steht „Мир искусства“, daneben СССР und Σωκράτης.",
        "Die Linie Hα, das β-Carotin, TNFα, 5 kΩ und ΔT.",
        "Việt Nam, Čapek, Łódź, Ångström, İstanbul, œuvre",
    ] {
        let cleaned = clean(text);
        assert_eq!(cleaned.findings, [], "{text}");
        let plain: String = text.replace(['„', '“'], "\"").nfc().collect();
        assert_eq!(cleaned.text, plain);
    }
}

#[test]
fn a_word_of_look_alikes_alone_counts_where_another_word_gives_the_trick_away() {
    assert_eq!(clean("\u{441}\u{43e}\u{440} und H\u{430}us").text, "cop und Haus");
    assert_eq!(kinds("\u{441}\u{43e}\u{440} und Haus"), []);
}

#[test]
fn what_word_processors_and_pdf_files_leave_behind_is_harmless() {
    let cleaned = clean("Gema\u{308}lde der \u{fb01}ktiven Resi\u{ad}denz – „alt“ …\u{a0}und\u{2003}neu");
    assert_eq!(cleaned.text, "Gemälde der fiktiven Residenz – \"alt\" ... und neu");
    assert!(cleaned.findings.iter().all(|found| found.kind.harmless()));
    assert_eq!(
        cleaned.findings.iter().map(|found| found.kind).collect::<Vec<_>>(),
        [Kind::SoftHyphen, Kind::Decomposed, Kind::Ligature, Kind::Space]
    );
    assert_eq!(cleaned.findings[1].places[0].word, "Gemälde");
}

#[test]
fn tricks_are_told_from_honest_uses_of_the_same_characters() {
    assert_eq!(kinds("Ha\u{200b}us"), [(Kind::ZeroWidth, 1)]);
    assert_eq!(kinds("\u{feff}Haus.\u{200b} Tor"), []);
    assert_eq!(kinds("\u{202e}suaH\u{202c}"), [(Kind::Direction, 2)]);
    assert_eq!(kinds("\u{202b}שלום\u{202c} Haus"), []);
    assert_eq!(kinds("\u{1d40c}aler und \u{ff21}kt"), [(Kind::Styled, 2)]);
    assert_eq!(kinds("Ha\u{fe01}us"), [(Kind::Hidden, 1)]);
    assert_eq!(kinds("Herz ❤\u{fe0f} und 👩\u{200d}🎨"), []);
    assert_eq!(clean("👩\u{200d}🎨").text, "👩\u{200d}🎨");
    assert_eq!(kinds("H\u{334}\u{335}\u{336}\u{337}\u{338}aus"), [(Kind::Stacked, 2)]);
    assert_eq!(clean("می\u{200c}خواهم").text, "می\u{200c}خواهم");
}

#[test]
fn every_kind_has_a_sentence_in_both_languages() {
    for language in Language::ALL {
        for kind in Kind::ALL {
            let place = Place { at: 0, character: "U+0430".to_owned(), word: "Maler".to_owned() };
            let sentence = Finding { kind, count: 1200, places: vec![place] }.sentence(Wording::of(language));
            assert!(sentence.contains("Maler") && sentence.contains("200") && !sentence.contains('⟦'), "{sentence}");
        }
    }
}

proptest! {
    #[test]
    fn cleaning_twice_is_cleaning_once(text in any::<String>(), mixed in "[a-zA-ZäÖß \u{ad}\u{200b}-\u{200f}\u{202e}\u{300}-\u{308}\u{327}\u{345}\u{391}-\u{3c9}\u{410}-\u{44f}\u{587}\u{fb00}-\u{fb06}\u{ff21}\u{1d400}-\u{1d420}\u{2126}\u{1f00}-\u{1fff}\u{1100}-\u{11ff}\u{ac00}\u{fe0f}👩]{0,60}") {
        for text in [text, mixed] {
            let once = clean(&text);
            prop_assert_eq!(&clean(&once.text).text, &once.text);
            prop_assert!(once.text.len() <= 3 * text.len());
            for place in once.findings.iter().flat_map(|found| &found.places) {
                prop_assert!(text.is_char_boundary(place.at) && place.at < text.len());
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        clean(&String::from_utf8_lossy(&bytes));
    }
}
