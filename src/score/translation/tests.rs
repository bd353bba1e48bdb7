use super::*;

fn rendered(person: &str, language: Language, text: &str) -> String {
    match read(person, language, text).0 {
        Value::Category(category) => category,
        Value::Missing(reason) => format!("missing: {reason}"),
        Value::Number(number) => number.to_string(),
    }
}

fn all(person: &str, language: Language, expected: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(rendered(person, language, text), expected, "{text}");
    }
}

#[test]
fn german_forms_are_read_in_every_case_and_number() {
    let women =
        ["Die Kuratorin kommt.", "Mit der Kuratorin sprach niemand.", "Die Kuratorinnen kommen.", "Eine Chefkuratorin wurde gesucht."];
    all("curator", Language::De, "woman", &women);
    let men = ["Der Kurator kommt.", "Das Büro des Kurators.", "Die Kuratoren tagten.", "Mit den Kuratoren sprach niemand."];
    all("curator", Language::De, "man", &men);
    all("educator", Language::De, "man", &["Der Pädagoge führt.", "Dem Museumspädagogen gefiel es."]);
    all("doctor", Language::De, "man", &["Die Ärzte kamen.", "Der Arzt kam.", "Das Zimmer des Arztes"]);
    all("doctor", Language::De, "woman", &["Die Ärztin kam.", "Die Tierärztin kam."]);
}

#[test]
fn gender_fair_forms_and_neutral_nouns_are_neutral_and_pairs_are_both_forms() {
    let fair = [
        "Der*die Kurator*in kommt.",
        "Kurator:in gesucht",
        "Die KuratorInnen tagten.",
        "Die Kurator_innen tagten.",
        "Ein/e Kurator/in kommt.",
        "Die Kuratierenden tagten.",
    ];
    all("curator", Language::De, "neutral", &fair);
    all("skilled-worker", Language::De, "neutral", &["Eine Fachkraft kommt.", "Die Fachkräfte kommen.", "Fachleute"]);
    let both =
        ["Kuratorinnen und Kuratoren tagten.", "Die Kuratorin oder der Kurator kommt.", "Kurator (m/w/d) gesucht", "Kurator/Kuratorin"];
    all("curator", Language::De, "both-forms", &both);
}

#[test]
fn of_nouns_declined_like_adjectives_the_article_tells_the_gender() {
    all("employee", Language::De, "man", &["Der Angestellte kommt.", "Ein Angestellter kommt.", "Die Bitte eines Angestellten"]);
    all("employee", Language::De, "woman", &["Die Angestellte kommt.", "Mit einer Angestellten", "Eine neue Angestellte"]);
    all("employee", Language::De, "neutral", &["Die Angestellten kommen.", "Der*die Angestellte kommt.", "Angestellte*r", "Beschäftigte"]);
    all("skilled-worker", Language::De, "woman", &["Eine weibliche Fachkraft kommt."]);
}

#[test]
fn english_nouns_take_the_gender_of_their_pronoun() {
    all(
        "curator",
        Language::En,
        "woman",
        &["The curator opened her office.", "In her office the curator waited.", "A female curator came.", "The curator came. She smiled."],
    );
    all("curator", Language::En, "man", &["The curator opened his office.", "The curators met; he was late.", "The male curator came."]);
    all("curator", Language::En, "neutral", &["The curator opened the office.", "The curator opened their office.", "Curators met."]);
    all("curator", Language::En, "both-forms", &["The curator opened his or her office.", "If a curator comes, he/she is welcome."]);
    all("actor", Language::En, "woman", &["The actress bowed."]);
    all("guard", Language::En, "man", &["The watchman slept.", "The guard lost his keys."]);
}

#[test]
fn what_is_not_named_is_missing() {
    all("curator", Language::De, "missing: not-found", &["Das Haus ist leer.", "", "Sie kommt."]);
    all("curator", Language::En, "missing: not-found", &["The house is empty."]);
    all("no-such", Language::En, "missing: no-such-noun", &["The house is empty."]);
}

#[test]
fn every_further_rendering_belongs_to_a_noun_of_the_file_and_is_no_form_of_another_gender() {
    for (language, file) in [(Language::De, forms::FILES[1]), (Language::En, forms::FILES[2])] {
        let bytes = crate::assets::read(file, None).unwrap().unwrap();
        let further: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>> =
            toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
        for (id, lists) in &further {
            assert!(FORMS.of(language).contains_key(id), "{file}: {id}");
            for (gender, words) in lists {
                for word in words.split_whitespace() {
                    let read = rendered(id, language, &word.replace('_', " "));
                    assert_eq!(&read, gender, "{file}: {id}: {word}");
                }
            }
        }
    }
}
