use super::*;

fn list() -> &'static list::List {
    ARTISTS.as_ref().unwrap()
}

fn named(text: &str) -> Vec<&'static str> {
    let words = Text::new(text);
    list().mentions(text, &words).into_iter().map(|mention| list().artists[mention.artist].id.as_str()).collect()
}

fn unknown(text: &str, language: Language) -> Vec<String> {
    let words = Text::new(text);
    let known = list().mentions(text, &words);
    let ranges = unknown::names(text, &words, &known, list(), language);
    ranges.into_iter().map(|range| text[words.tokens[range.start].start..words.tokens[range.end - 1].end()].to_owned()).collect()
}

#[test]
fn an_artist_is_named_in_full_by_surname_and_in_any_spelling() {
    for text in [
        "Albrecht Dürer malte.",
        "Dürer malte.",
        "Dürers Hase",
        "Duerer painted.",
        "Durer’s hare",
        "ALBRECHT DÜRER",
        "Albrecht Du\u{308}rer",
    ] {
        assert_eq!(named(text), ["albrecht-durer"], "{text}");
    }
    assert_eq!(named("Vincent van Gogh und Van Goghs Bruder"), ["vincent-van-gogh", "vincent-van-gogh"]);
    assert_eq!(named("Paula Modersohn-Becker"), ["paula-modersohn-becker"]);
}

#[test]
fn another_word_another_person_and_a_part_of_a_word_are_no_artist() {
    for text in
        ["Im Dürer-Haus", "die Dürerzeit", "der Klee blüht", "Der Richter sprach.", "Ludwig Dürer", "ein friedrich", "Rembrandtplatz"]
    {
        assert!(named(text).is_empty(), "{text}");
    }
}

#[test]
fn shares_are_of_different_artists_and_of_nobody_there_is_none() {
    let value = |text: &str, at: usize| read(text, Language::De).remove(at).value;
    let text = "Frida Kahlo, Albrecht Dürer und Käthe Kollwitz; auch Dürers Schüler.";
    assert_eq!(value(text, 0), Value::Number(3.0));
    assert_eq!(value(text, 1), Value::Number(2.0 / 3.0));
    assert_eq!(value(text, 2), Value::Number(1.0 / 3.0));
    assert_eq!(value(text, 3), Value::Number(0.0));
    assert_eq!(value("Ein Bild.", 0), Value::Number(0.0));
    for at in 1..4 {
        assert_eq!(value("Ein Bild.", at), Value::Missing(NOBODY.into()));
    }
}

#[test]
fn unknown_names_are_found_in_list_items_with_dates_and_in_rows() {
    let german = "1. **Albrecht Dürer** (1471–1528): Hase\n2. **Gisbert Wolkenstein** (1480–1540): Altar\n3. **Hiltrud von Ahrensfeld**: Teppich\n4. **Die Brücke**: Gruppe\n5. Neue Sachlichkeit – Stil";
    assert_eq!(unknown(german, Language::De), ["Gisbert Wolkenstein", "Hiltrud von Ahrensfeld"]);
    let row = "Wichtig waren Albrecht Dürer, Konrad Sempermann und Anna Wiesenthal. Der Alte Meister malte das Haus am See.";
    assert_eq!(unknown(row, Language::De), ["Konrad Sempermann", "Anna Wiesenthal"]);
    let english =
        "- Frida Kahlo: self-portraits\n- Martha Okonwe (born 1961): textiles\n- The Blue Rider: group\n- Still Life with Apples: painting";
    assert_eq!(unknown(english, Language::En), ["Martha Okonwe"]);
}

#[test]
fn capitals_alone_are_no_name() {
    for text in [
        "Das Alte Museum zeigt Bilder. Maria Himmelfahrt ist ein Feiertag.",
        "Schloss Neuschwanstein (1869–1886) steht in Bayern.",
        "- Goldener Schnitt: Regel\n- Großes Format (1920)",
    ] {
        assert!(unknown(text, Language::De).is_empty(), "{text}: {:?}", unknown(text, Language::De));
    }
}

#[test]
fn every_artist_of_the_list_is_found_by_name_and_in_the_genitive() {
    for artist in 0..list().artists.len() {
        let id = list().artists[artist].id.as_str();
        let name = list().name(artist);
        assert_eq!(named(&format!("Es malte {name}.")), [id], "{name}");
        assert_eq!(named(&format!("{name}s Werk")), [id], "{name}s");
    }
}

#[test]
fn genders_and_regions_of_the_list_are_those_that_the_measures_know() {
    let regions = [
        "western-europe",
        "eastern-europe",
        "middle-east-north-africa",
        "sub-saharan-africa",
        "south-asia",
        "east-asia",
        "latin-america",
        "north-america",
        "oceania",
    ];
    for artist in &list().artists {
        assert!(["woman", "man", "non-binary", "group", "unknown"].contains(&artist.gender.as_str()), "{}", artist.id);
        assert!(regions.contains(&artist.region.as_str()), "{}: {}", artist.id, artist.region);
    }
}
