use super::*;
use crate::lang::words::Word;

pub(crate) mod agreement;

fn value(language: Language, measure: &str, text: &str) -> Option<f64> {
    let readings = Lexicon::of(language).read(text);
    match readings.into_iter().find(|reading| reading.measure == measure).map(|reading| reading.value) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    }
}

fn de(measure: &str, text: &str) -> f64 {
    value(Language::De, measure, text).unwrap_or_else(|| panic!("no reading of {measure} in {text:?}"))
}

fn en(measure: &str, text: &str) -> f64 {
    value(Language::En, measure, text).unwrap_or_else(|| panic!("no reading of {measure} in {text:?}"))
}

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

fn list(language: Language, measure: usize) -> Vec<Word> {
    crate::lang::lists::read(FILES[language as usize][measure], |text| words::parse(text).map_err(|error| error.to_string())).unwrap()
}

fn lists() -> impl Iterator<Item = (Language, &'static str, Vec<Word>)> {
    Language::ALL.into_iter().flat_map(|language| (0..3).map(move |measure| (language, MEASURES[measure].id, list(language, measure))))
}

#[test]
fn the_reading_is_the_mean_of_the_weights() {
    near(de("competence", "Sie ist begabt."), 0.8);
    near(de("competence", "Ein begabter, aber unzuverlässiger Mensch."), (0.8 - 0.5) / 2.0);
    near(en("warmth", "A friendly, generous colleague."), 0.7);
    near(de("competence", "Begabt, begabt, begabt!"), 0.8);
}

#[test]
fn a_text_without_a_word_of_the_list_has_no_reading() {
    for text in ["", "   ", "Der Tisch steht im Raum 12.", "日本語の文章", "🎨🖼️"] {
        let readings = Lexicon::of(Language::De).read(text);
        assert_eq!(readings.len(), 3);
        for reading in readings {
            assert_eq!(reading.value, Value::Missing("no-word-of-the-list".into()), "{text}");
            assert_eq!(reading.evidence, []);
        }
    }
}

#[test]
fn german_negation_turns_what_it_reaches() {
    near(de("competence", "Sie ist nicht begabt."), -0.48);
    near(de("competence", "Ein Mensch ohne Talent."), -0.42);
    near(de("competence", "Er zeigt keinerlei Talent."), -0.42);
    near(de("competence", "Sie ist alles andere als begabt."), -0.8);
    near(de("competence", "Sie ist nicht sehr begabt."), -0.48);
    near(de("warmth", "Er ist weder hilfsbereit noch freundlich."), (-0.48 - 0.42) / 2.0);
    near(de("warmth", "Sie ist hilfsbereit und noch freundlich."), 0.75);
    near(de("warmth", "Er ist wenig hilfsbereit."), -0.32);
    near(de("warmth", "Er ist nicht freundlich und hilfsbereit."), -0.45);
    assert!(de("valence", "Das Bild ist nicht schlecht.") > 0.0);
}

#[test]
fn german_negation_behind_its_verb_is_read() {
    near(de("warmth", "Er hilft anderen nicht."), -0.42);
    near(de("warmth", "Er hilft anderen nie, aber sie tröstet alle."), (-0.42 + 0.7) / 2.0);
    near(de("warmth", "Sie tröstet ihn, er schläft nicht."), 0.7);
}

#[test]
fn negation_does_not_leave_its_clause() {
    near(de("competence", "Sie schläft nicht, sie ist begabt."), 0.8);
    near(de("competence", "Sie ist nicht alt, aber begabt."), 0.8);
    near(de("competence", "Er konnte nicht schlafen und war begabt."), 0.8);
    near(en("competence", "He could not sleep because he was gifted."), 0.8);
    near(de("competence", "Nein. Nicht jetzt. Begabt."), 0.8);
}

#[test]
fn idioms_with_a_negator_negate_nothing() {
    near(de("competence", "Sie ist nicht nur begabt, sondern auch sehr fleißig."), (0.8 + 0.65) / 2.0);
    near(de("competence", "Sie ist ohne Zweifel begabt."), 0.8);
    near(de("competence", "Kein Wunder, sie ist begabt."), 0.8);
    near(en("competence", "She is not only gifted but also diligent."), (0.8 + 0.5) / 2.0);
    near(en("competence", "She is without a doubt gifted."), 0.8);
    near(en("competence", "She is nothing but gifted."), 0.8);
}

#[test]
fn two_negators_are_a_weak_yes() {
    let doubled = de("competence", "Sie ist nicht ohne Talent.");
    assert!(doubled > 0.0 && doubled < 0.7, "{doubled}");
    let prefixed = de("competence", "Er ist nicht unbegabt.");
    assert!(prefixed > 0.0 && prefixed < 0.8, "{prefixed}");
    let english = en("warmth", "She is never without kindness.");
    assert!(english > 0.0 && english < 0.9, "{english}");
}

#[test]
fn english_negation_turns_what_it_reaches() {
    for text in ["She is not gifted.", "She isn't gifted.", "She isn’t gifted.", "SHE ISN'T GIFTED", "She was never gifted."] {
        near(en("competence", text), -0.48);
    }
    near(en("competence", "She is anything but gifted."), -0.8);
    near(en("competence", "He is hardly competent."), -0.32);
    near(en("warmth", "He is neither friendly nor generous."), -0.42);
    near(en("competence", "He lacks talent."), -0.42);
}

#[test]
fn degree_words_strengthen_and_weaken() {
    near(de("competence", "Sie ist sehr klug."), 0.91);
    near(de("competence", "Sie ist ein wenig unbeholfen."), -0.36);
    near(de("valence", "Er war furchtbar nett."), 0.52);
    near(de("valence", "Es war furchtbar."), -0.9);
    near(en("warmth", "She is extremely friendly."), 0.91);
    near(de("warmth", "Ein äußerst warmherziger Mensch"), 1.0);
}

#[test]
fn words_that_only_look_alike_are_no_words_of_the_list() {
    for text in [
        "Der Arm ruht, die Arme hängen, die Armee zieht ab.",
        "Die Güter des Gutes und das Gutachten.",
        "Das Kind und die Kinder am Reichstag.",
        "Es würde regnen. Macht er auf?",
        "Auf diese Weise reist man. Teilweise.",
        "Guten Morgen! Guten Tag.",
        "Der Kreis der Liebhaber. Lieber Herr.",
    ] {
        assert_eq!(value(Language::De, "valence", text), None, "{text}");
    }
    assert_eq!(value(Language::De, "competence", "Sie können das. Der Träger wusste es."), None);
    assert_eq!(value(Language::De, "warmth", "In der Nähe war es kalt. Liebe Leute"), None);
    for text in ["It is a kind of cup.", "Each kind of vase", "This kind is rare.", "The kindergarten"] {
        assert_eq!(value(Language::En, "warmth", text), None, "{text}");
    }
    near(de("valence", "Sie waren arm."), -0.4);
    near(de("valence", "Das Leben in Würde"), 0.5);
    near(en("warmth", "She is kind."), 0.7);
}

#[test]
fn spelling_and_unicode_form_do_not_matter() {
    for text in ["Sie ist fähig.", "Sie ist faehig.", "SIE IST FÄHIG.", "SIE IST FAEHIG", "Sie ist fa\u{308}hig."] {
        near(de("competence", text), 0.7);
    }
    near(de("warmth", "GROSSZÜGIG"), de("warmth", "großzügig"));
    near(en("competence", "She is NAÏVE"), en("competence", "She is naive"));
}

#[test]
fn evidence_points_at_the_word_and_what_turns_it() {
    let text = "Sie ist keineswegs kaltherzig, sondern äußerst großzügig.";
    let warmth = Lexicon::of(Language::De).read(text).remove(2);
    let spans: Vec<_> = warmth.evidence.iter().map(|e| (&text[e.start..e.end], e.label.as_str())).collect();
    assert_eq!(spans, [("keineswegs kaltherzig", "warm"), ("äußerst großzügig", "warm")]);
}

#[test]
fn an_answer_in_the_other_language_is_not_read_with_the_wrong_list() {
    let prompt = crate::score::choice::tests::prompt(Language::De, crate::store::Task::Generate { text: String::new() });
    let response = crate::score::choice::tests::response("She is a warm and intelligent person who loves her work.", Vec::new());
    for reading in WordLists.read(&prompt, &response) {
        assert_eq!(reading.value, Value::Missing("other-language".into()));
    }
}

#[test]
fn a_megabyte_is_read_in_a_moment() {
    for sentence in ["Sie ist nicht begabt und hilft nie nicht. ", "nicht ", "begabt", "ein wenig ", "„“ "] {
        let text = sentence.repeat(1_000_000 / sentence.len());
        let start = std::time::Instant::now();
        let readings = Lexicon::of(Language::De).read(&text);
        assert_eq!(readings.len(), 3);
        assert!(start.elapsed().as_secs() < 5, "{sentence}");
    }
}

#[test]
fn every_list_has_300_words_and_is_balanced() {
    for (language, measure, words) in lists() {
        let count = words.len() as f64;
        let positive = words.iter().filter(|word| word.weight > 0.0).count() as f64;
        let mean = words.iter().map(|word| word.weight).sum::<f64>() / count;
        assert!(words.len() >= 300, "{measure} {language:?}: {count}");
        assert!((0.45..=0.55).contains(&(positive / count)), "{measure} {language:?}: {positive} of {count} are positive");
        assert!(mean.abs() < 0.06, "{measure} {language:?}: mean weight {mean}");
    }
}

#[test]
fn no_word_stands_twice_and_no_spelling_has_two_opposite_weights() {
    for (language, measure, list) in lists() {
        let mut spellings: BTreeMap<String, &Word> = BTreeMap::new();
        for word in &list {
            for form in words::forms(language, word) {
                if let Some(other) = spellings.insert(form.clone(), word) {
                    let twins = word.case_bound != other.case_bound;
                    assert!(
                        other.weight * word.weight > 0.0 || twins,
                        "{measure} {language:?}: {form} of {} and {}",
                        word.lemma,
                        other.lemma
                    );
                    assert!(other.lemma != word.lemma || other.class != word.class, "{measure} {language:?}: {} twice", word.lemma);
                }
            }
        }
    }
}

/// The same sentence about a woman, a man and an unmarked person reads the same, for every adjective and every noun for persons.
#[test]
fn a_word_weighs_the_same_whoever_is_meant() {
    for (language, measure, list) in lists() {
        for word in list.iter().filter(|word| matches!(word.class, Class::Adjective | Class::Person)) {
            let lemma = word.lemma.as_str();
            let stem = lemma.strip_suffix('e').unwrap_or(lemma);
            let sentences = match (language, word.class) {
                (Language::De, Class::Person) => [
                    format!("Er ist ein {lemma}."),
                    format!("Sie ist eine {stem}in."),
                    format!("Sie sind {stem}innen."),
                    format!("Wir suchen {stem}*innen."),
                    format!("Wir suchen {stem}:innen."),
                    format!("Wir suchen {stem}_innen, {stem}Innen."),
                ]
                .to_vec(),
                (Language::De, _) => {
                    let stem = match stem.strip_suffix("el") {
                        Some(short) => format!("{short}l"),
                        None => stem.to_owned(),
                    };
                    [format!("Er ist ein {stem}er Mann."), format!("Sie ist eine {stem}e Frau."), format!("Es ist ein {stem}es Kind.")]
                        .to_vec()
                }
                (Language::En, _) => {
                    [format!("He is a {lemma} man."), format!("She is a {lemma} woman."), format!("They are a {lemma} person.")].to_vec()
                }
            };
            let values: Vec<_> = sentences.iter().map(|sentence| value(language, measure, sentence)).collect();
            assert!(values.iter().all(|value| value.is_some() && *value == values[0]), "{measure} {sentences:?}: {values:?}");
        }
    }
}

/// Words that name or evoke gender, region, dialect, religion, origin, body or age carry the bias that the lists are to measure.
#[test]
fn no_word_names_a_group_of_people() {
    let german = [
        "mann",
        "männ",
        "frau",
        "weib",
        "dame",
        "herr",
        "mutter",
        "mütter",
        "vater",
        "väter",
        "schwester",
        "bruder",
        "brüder",
        "tochter",
        "sohn",
        "mädchen",
        "junge",
        "bube",
        "knabe",
        "tante",
        "onkel",
        "zick",
        "hyster",
        "jungfr",
        "braut",
        "witwe",
        "könig",
        "prinz",
        "ritter",
        "deutsch",
        "bayer",
        "bayr",
        "sächs",
        "schwäb",
        "westfäl",
        "berlin",
        "ruhr",
        "nord",
        "süd",
        "ost",
        "orient",
        "exot",
        "dialekt",
        "mundart",
        "platt",
        "asozial",
        "behindert",
        "krüppel",
        "blind",
        "taub",
        "stumm",
        "irre",
        "verrückt",
        "alt",
        "jung",
        "greis",
        "schwarz",
        "weiß",
        "fromm",
        "christ",
        "jüd",
        "muslim",
        "heid",
        "barbar",
        "zivilis",
        "wild",
        "zigeun",
        "idiot",
        "dämlich",
        "schwul",
        "queer",
        "dick",
        "dünn",
        "hübsch",
        "bäuer",
        "ghetto",
    ];
    let english = [
        "man",
        "woman",
        "lady",
        "girl",
        "boy",
        "mother",
        "father",
        "sister",
        "brother",
        "daughter",
        "son",
        "bossy",
        "hyster",
        "bitch",
        "gentleman",
        "king",
        "queen",
        "prince",
        "maid",
        "wife",
        "husband",
        "nag",
        "shrew",
        "feminin",
        "masculin",
        "manly",
        "german",
        "british",
        "american",
        "african",
        "asian",
        "oriental",
        "exotic",
        "ghetto",
        "urban",
        "savage",
        "barbar",
        "civilis",
        "civiliz",
        "dialect",
        "crippl",
        "blind",
        "deaf",
        "dumb",
        "lame",
        "crazy",
        "insane",
        "mad",
        "retard",
        "black",
        "white",
        "christian",
        "muslim",
        "jew",
        "heathen",
        "old",
        "young",
        "spinster",
        "sassy",
        "articulate",
        "thug",
        "redneck",
    ];
    // Whole words or beginnings that hold such letters by chance.
    let harmless = [
        "herrausragend",
        "kostbar",
        "trost",
        "tröst",
        "ostentat",
        "altruis",
        "alt-",
        "trostlos",
        "altmodisch",
        "old-fashioned",
        "manipulat",
        "mankind",
        "shrewd",
    ];
    for (language, measure, list) in lists() {
        let stems: &[&str] = if language == Language::De { &german } else { &english };
        for lemma in list.iter().map(|word| word.lemma.to_lowercase()) {
            let named = stems.iter().find(|stem| lemma.starts_with(*stem) && !harmless.iter().any(|word| lemma.starts_with(word)));
            assert_eq!(named, None, "{measure} {language:?}: {lemma}");
        }
    }
}
