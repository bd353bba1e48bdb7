use proptest::prelude::*;

use super::*;
use crate::detect::material::first_words;

/// 47 words and two numbers.
const TEXT: &str = "Die Werkstatt liegt im zweiten Stock. Am 3. Mai kam ein Bild aus Bremen, das verschmutzt war; aber es war ganz. Wer es 1890 gemalt hat, weiß \
     niemand. Man prüft den Firnis und den Rahmen. Danach wird das Bild gereinigt, und das dauert Wochen. Zuletzt hängt es wieder dort.";

fn read(text: &str) -> Result<Features, Abstention> {
    TextStyle.read(&Material::Text(text.to_owned()))
}

fn value(text: &str, name: &str) -> f64 {
    let at = dense::NAMES.iter().position(|other| *other == name).unwrap();
    f64::from(read(text).unwrap().dense[at])
}

#[test]
fn features_are_those_counted_by_hand() {
    let words = 47.0_f64;
    let near = |name: &str, expected: f64| {
        assert!((value(TEXT, name) - expected).abs() < 1e-4, "{name}: {} and not {expected}", value(TEXT, name))
    };
    assert_eq!(read(TEXT).unwrap().extent, 49.0);
    near("sentence-length", libm::log(49.0 / 6.0));
    // 6, 15, 7, 7, 9 and 5 words and numbers.
    near("sentence-length-variation", (465.0 / 6.0 - (49.0_f64 / 6.0).powi(2)).sqrt() / (49.0 / 6.0));
    near("comma", (3.0 / words).sqrt());
    near("semicolon", (1.0 / words).sqrt());
    near("number", (2.0 / words).sqrt());
    near("year", (1.0 / words).sqrt());
    near("and-or", (2.0 / words).sqrt());
    near("impersonal", (1.0 / words).sqrt());
    near("auxiliaries-past", (2.0 / words).sqrt());
    near("short-sentences", 4.0 / 6.0);
    near("same-start", 0.0);
    near("function-start", 3.0 / 6.0);
}

#[test]
fn the_vocabulary_of_a_text_does_not_shrink_as_it_grows() {
    let list = |from: usize, to: usize| {
        (from..to).map(|i| format!("wort{}", ["a", "b", "c", "d", "e", "f", "g"][i % 7])).collect::<Vec<_>>().join(" ")
    };
    assert!((value(&list(0, 60), "vocabulary") - value(&list(0, 600), "vocabulary")).abs() < 1e-6);
    let different = (0..90).map(|i| format!("w{}", "x".repeat(i))).collect::<Vec<_>>().join(" ");
    assert_eq!((value(&different, "vocabulary"), value(&different, "once")), (1.0, 1.0));
}

#[test]
fn blocks_of_hashed_features_have_one_length_whatever_the_length_of_the_text() {
    for text in [TEXT.to_owned(), TEXT.repeat(5)] {
        let features = read(&text).unwrap();
        let square: f64 = features.sparse.iter().map(|(_, value)| f64::from(value * value)).sum();
        assert!((square - 2000.0).abs() < 60.0, "{square}");
        assert!(features.sparse.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(features.sparse.iter().all(|(bucket, _)| (*bucket as usize) < TextStyle.buckets()));
    }
}

#[test]
fn packaging_does_not_show() {
    let plain = read(TEXT).unwrap();
    let wrapped = TEXT
        .replace(" ganz", "\nganz")
        .replace("Bild", "**Bild**")
        .replace("1890", "1890\u{a0}")
        .replace("Wer es", "\n\nWer es")
        .replace("Firnis", "[Firnis](https://example.org/x)");
    assert_eq!(read(&wrapped).unwrap().sparse, plain.sparse);
    assert_eq!(read(&wrapped).unwrap().dense, plain.dense);
    let typographic = |text: &str| text.replace("Rahmen", "„Rahmen“ – ja");
    assert_eq!(read(&typographic(TEXT)).unwrap(), read(&TEXT.replace("Rahmen", "\"Rahmen\" - ja")).unwrap());
}

#[test]
fn an_unfinished_sentence_does_not_change_the_length_of_sentences() {
    let cut = format!("{TEXT} Und hier bricht");
    for name in ["sentence-length", "sentence-length-variation", "short-sentences", "same-start"] {
        assert_eq!(value(TEXT, name), value(&cut, name), "{name}");
    }
}

#[test]
fn below_forty_words_nothing_is_said() {
    let text = first_words(TEXT, 39).unwrap();
    assert_eq!(read(text), Err(Abstention::TooLittle { found: 39.0, needed: 40.0, unit: "words".to_owned() }));
    assert!(read(first_words(TEXT, 40).unwrap()).is_ok());
    assert!(matches!(TextStyle.read(&Material::Image(vec![0; 9])), Err(Abstention::OtherModality { .. })));
    assert!(matches!(read(&"wort ".repeat(LONGEST / 5 + 1)), Err(Abstention::TooLarge { .. })));
}

#[test]
fn the_longest_text_of_anything_is_read_in_seconds() {
    for part in ["a", "a ", "wort. ", ".", "\u{301}", "о\u{301}a ", "\u{200b}a", "\u{ff41} ", "1,", "\u{fdfa} ", "\r\n- x"] {
        let features = read(&part.repeat(LONGEST / part.len()));
        assert!(
            features.is_ok_and(|features| features.dense.iter().all(|value| value.is_finite())) || !part.contains([' ', '\n']),
            "{part:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", pieces in prop::collection::vec("[ \\n\\t*#>\\-–.!?\"'()\\[\\]_a-zÄÖ0-9\u{300}\u{200b}\u{430}]{0,12}", 0..120)) {
        let text = format!("{text} {}", pieces.join(" "));
        if let Ok(features) = read(&text) {
            prop_assert_eq!(features.dense.len(), dense::NAMES.len());
            prop_assert!(features.dense.iter().all(|value| value.is_finite()));
            prop_assert!(features.sparse.iter().all(|(_, value)| value.is_finite()));
            prop_assert_eq!(&features, &read(&text).unwrap());
        }
    }
}
