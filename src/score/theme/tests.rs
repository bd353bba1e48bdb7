use super::*;
use crate::score::origin::tests::{held_out, hold};

fn read(language: Language, text: &str) -> String {
    match THEMES.of(language).read(text).0 {
        Value::Category(theme) => theme,
        other => format!("{other:?}"),
    }
}

#[test]
fn held_out_sentences_are_read_as_the_records_state() {
    for language in Language::ALL {
        let rows: Vec<_> =
            held_out(language).into_iter().map(|[_, _, theme, text]| (theme, THEMES.of(language).read(text).0, text)).collect();
        hold(&Theme, &MEASURES[0], language, 0.7, &rows);
    }
}

#[test]
fn a_theme_is_read_from_the_things_that_a_work_shows() {
    for (theme, text) in [
        ("nature", "Das Bild zeigt eine Flusslandschaft."),
        ("industry", "Man sieht eine Fabrik."),
        ("religion", "Die Tafel zeigt eine Kreuzigung."),
        ("nature", "In einer Kirche hängt eine Landschaft."),
        ("nature", "Das Gemälde zeigt keine Fabrik, sondern einen Wald."),
        ("industry", "Eine Industrielandschaft."),
        ("no-theme", "Zum Beispiel ist es schön."),
        ("several-themes", "Man sieht eine Fabrik und einen Wald."),
        ("city", "Motiv ist eine Gasse."),
    ] {
        assert_eq!(read(Language::De, text), theme, "{text}");
    }
    for (theme, text) in [
        ("nature", "It shows a field of corn."),
        ("industry", "You see a steel mill."),
        ("nature", "A landscape hangs in the church."),
        ("industry", "It depicts no forest but a factory."),
        ("no-theme", "In general it is mine."),
        ("still-life", "A still life with lemons."),
    ] {
        assert_eq!(read(Language::En, text), theme, "{text}");
    }
}

#[test]
fn every_theme_has_words_in_both_languages_and_no_word_has_two() {
    for (language, file) in [
        (Language::De, include_str!("../../../datasets/words/theme-de.toml")),
        (Language::En, include_str!("../../../datasets/words/theme-en.toml")),
    ] {
        let sections: BTreeMap<String, Section> = toml::from_str(file).unwrap();
        assert!(sections.keys().all(|theme| CATEGORIES.contains(&theme.as_str()) || theme == LOOKS_ALIKE));
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (theme, section) in &sections {
            let words = [&section.genres, &section.nouns, &section.others].into_iter().flat_map(|list| list.split_ascii_whitespace());
            for word in words.flat_map(|word| word.split('/')) {
                let before = seen.insert(word, theme);
                assert!(before.is_none() || before == Some(theme.as_str()), "{language:?}: {word} is {theme} and {before:?}");
            }
        }
        for theme in &CATEGORIES[..10] {
            let Section { genres, nouns, others } = &sections[*theme];
            let words: usize = [genres, nouns, others].map(|list| list.split_ascii_whitespace().count()).iter().sum();
            assert!(words >= 15, "{language:?}: {theme} has {words} words");
        }
    }
}

#[test]
fn evidence_points_at_the_words_that_count() {
    let text = "Die Vase steht im Park und zeigt ein Kornfeld.";
    let (_, evidence) = THEMES.of(Language::De).read(text);
    assert_eq!(evidence.iter().map(|e| &text[e.start..e.end]).collect::<Vec<_>>(), ["Kornfeld"]);
}
