use super::*;
use crate::store::Language;

fn folded(word: &str) -> String {
    let mut key = String::new();
    fold_into(word, &mut key);
    key
}

fn german(word: &str) -> Option<Word> {
    lexicon(Language::De).word(&folded(word), word.starts_with(char::is_uppercase))
}

#[test]
fn decomposed_and_composed_umlauts_fold_to_the_same_key() {
    assert_eq!(folded("Königin"), folded("Ko\u{308}nigin"));
    assert_eq!(folded("ZOË"), "zoe");
    assert_eq!(folded("Straße"), "straße");
    assert_ne!(folded("schön"), folded("schon"));
}

#[test]
fn a_feminine_ending_names_a_woman_and_a_lookalike_does_not() {
    for noun in [
        "Künstlerin",
        "Ärztin",
        "Restauratorin",
        "Kuratorin",
        "Bildhauerin",
        "Gräfin",
        "Köchin",
        "Psychologin",
        "Grafikdesignerin",
        "Französin",
        "Pilotin",
        "Architektin",
    ] {
        assert!(matches!(german(noun), Some(Word::Feminine | Word::Person(Gender::Woman))), "{noun}");
    }
    for other in [
        "Berlin",
        "Termin",
        "Medizin",
        "Magazin",
        "Disziplin",
        "Wein",
        "Cousin",
        "Martin",
        "Robin",
        "Benzin",
        "Insulin",
        "Delfin",
        "Dasein",
        "Mandarin",
        "Platin",
        "Verein",
    ] {
        assert!(!matches!(german(other), Some(Word::Feminine)), "{other}");
    }
}

#[test]
fn a_compound_is_what_its_last_part_is() {
    assert_eq!(german("Geschäftsmann"), Some(Word::Person(Gender::Man)));
    assert_eq!(german("Kirchenmaler"), Some(Word::Masculine));
    assert_eq!(german("Romanfigur"), Some(Word::Epicene(Grammatical::Feminine)));
    assert_eq!(german("Kaffee"), None);
    assert_eq!(german("Paragraf"), None);
}

#[test]
fn feminine_plurals_are_several() {
    assert_eq!(german("Künstlerinnen"), Some(Word::Plural));
}

#[test]
fn gender_fair_forms_are_read_in_every_spelling() {
    for form in ["Kurator*in", "Kurator:in", "Kurator_in", "Kurator/in", "Kurator/-in", "KuratorIn", "Kurator·in", "eine*r", "jede:r"] {
        assert_eq!(fair_form(form, &folded(form)), Some(FairForm::One), "{form}");
    }
    assert_eq!(fair_form("Besucher*innen", &folded("Besucher*innen")), Some(FairForm::Several));
    assert_eq!(fair_form("BesucherInnen", &folded("BesucherInnen")), Some(FairForm::Several));
    assert_eq!(fair_form("KÖNIGIN", &folded("KÖNIGIN")), None);
    assert_eq!(fair_form("Kuratorin", &folded("Kuratorin")), None);
}

#[test]
fn names_borne_by_both_are_no_evidence() {
    for name in ["Kim", "Robin", "Sascha", "Toni", "Andrea", "Deniz", "Alex", "Noa", "Yuki", "Luca"] {
        assert_eq!(first_name(&folded(name)).map(|name| name.gender), Some(NameGender::Either), "{name}");
    }
    assert_eq!(first_name("ayşe").map(|name| name.gender), None, "keys are folded");
    assert_eq!(first_name(&folded("Ayşe")).map(|name| name.gender), Some(NameGender::Woman));
    assert_eq!(first_name(&folded("Hans-Peter")).map(|name| name.gender), Some(NameGender::Man));
    assert_eq!(first_name(&folded("Jean-Luc")).map(|name| name.gender), Some(NameGender::Man));
    assert!(first_name("rose").is_some_and(|name| name.also_word));
}

#[test]
fn each_tradition_of_naming_is_there() {
    for (woman, man) in [
        ("Heike", "Jürgen"),
        ("Abigail", "Nigel"),
        ("Giulia", "Matteo"),
        ("Elif", "Mehmet"),
        ("Fatima", "Mohammed"),
        ("Agnieszka", "Wojciech"),
        ("Solveig", "Gunnar"),
        ("Priya", "Rajesh"),
        ("Sakura", "Hiroshi"),
        ("Ngozi", "Kwame"),
        ("Shira", "Moshe"),
    ] {
        assert_eq!(first_name(&folded(woman)).map(|name| name.gender), Some(NameGender::Woman), "{woman}");
        assert_eq!(first_name(&folded(man)).map(|name| name.gender), Some(NameGender::Man), "{man}");
    }
}

#[test]
fn the_verb_tells_her_from_them() {
    assert_eq!(finite_number("arbeitet"), Some(Number::Singular));
    assert_eq!(finite_number("arbeiten"), Some(Number::Plural));
    assert_eq!(finite_number("ging"), Some(Number::Singular));
    assert_eq!(finite_number("wanderten"), Some(Number::Plural));
    assert_eq!(finite_number("zusammen"), None);
}
