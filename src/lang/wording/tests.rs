use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;

use super::{SOURCES, Wording, numbers};
use crate::store::{Language, Outcome};

/// Everything that names a key literally.
const READERS: &[&str] = &[
    include_str!("../../benchmark/table.rs"),
    include_str!("../wording.rs"),
    include_str!("../../chart/forest.rs"),
    include_str!("../../chart/heatmap.rs"),
    include_str!("../../chart/planted.rs"),
    include_str!("../../chart/quantity.rs"),
    include_str!("../../chart/representation.rs"),
    include_str!("../../report/agreement.rs"),
    include_str!("../../report/charts.rs"),
    include_str!("../../report/claim.rs"),
    include_str!("../../report/detectable.rs"),
    include_str!("../../report/examples.rs"),
    include_str!("../../report/names.rs"),
    include_str!("../../report/page.rs"),
    include_str!("../../report/robustness.rs"),
    include_str!("../../report/summary.rs"),
    include_str!("../../report/mod.rs"),
    include_str!("../../report/templates/page.html"),
    include_str!("../../report/templates/parts.html"),
    include_str!("../../report/templates/probe.html"),
    include_str!("../../report/templates/manifest.html"),
    include_str!("numbers.rs"),
    include_str!("../../rate/dialog.rs"),
    include_str!("../../rate/question.rs"),
    include_str!("../../rate/sheet.rs"),
];

/// Lists whose ids come from data or are put together: `Wording::name`, `Wording::reason`, sentences about a finding.
const LISTS: &[&str] = &[
    "detectable-why-",
    "detect-",
    "detector-",
    "trace-",
    "variant-",
    "benchmark-",
    "category-",
    "outcome-",
    "measure-",
    "effect-",
    "language-",
    "station-",
    "reason-",
    "finding-level-",
    "finding-mean-",
    "finding-groups-",
];

/// Messages and attributes of a file with the variables each names.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let sources: String = SOURCES.iter().filter(|(of, _)| *of == language).map(|(_, source)| *source).collect();
    let mut keys = BTreeMap::new();
    let mut message = String::new();
    let mut current = String::new();
    for line in sources.lines().filter(|line| !line.starts_with('#')) {
        if let Some((attribute, _)) = line.trim_start().strip_prefix('.').and_then(|line| line.split_once(" =")) {
            current = format!("{message}.{attribute}");
            keys.insert(current.clone(), BTreeSet::new());
        } else if !line.starts_with(' ')
            && let Some((key, value)) = line.split_once(" =")
        {
            assert!(!keys.contains_key(key), "{key} is there twice");
            message = key.to_owned();
            current = message.clone();
            // A message may have attributes only.
            if !value.is_empty() {
                keys.insert(current.clone(), BTreeSet::new());
            }
        }
        for part in line.split('$').skip(1) {
            let variable = part.split(|char: char| !char.is_ascii_alphanumeric() && char != '-').next().unwrap();
            keys.get_mut(&current).unwrap().insert(variable.to_owned());
        }
    }
    keys
}

#[test]
fn both_files_parse() {
    for (language, source) in SOURCES {
        if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
            panic!("{}: {errors:?}", language.code());
        }
    }
}

#[test]
fn german_and_english_have_the_same_keys_with_the_same_arguments() {
    let (german, english) = (keys(Language::De), keys(Language::En));
    assert_eq!(german.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
    for (key, variables) in &german {
        assert_eq!(variables, &english[key], "{key}");
    }
    assert!(german.len() > 150);
}

#[test]
fn every_text_is_found_and_filled_in_both_languages() {
    for language in Language::ALL {
        let wording = Wording::of(language);
        for (key, variables) in keys(language) {
            let arguments: Vec<_> = variables.iter().map(|name| (name.as_str(), 3.into())).collect();
            let text = wording.with(&key, &arguments);
            assert!(!text.contains('⟦') && !text.contains('{') && !text.contains('\u{2068}'), "{key}: {text}");
        }
    }
}

#[test]
fn every_key_is_used() {
    let readers = READERS.concat();
    for key in keys(Language::De).keys() {
        let message = key.split('.').next().unwrap();
        let listed = LISTS.iter().any(|list| message.starts_with(list));
        assert!(listed || readers.contains(&format!("\"{message}\"")) || readers.contains(&format!("\"{key}\"")), "nobody uses {key}");
    }
}

#[test]
fn every_outcome_has_a_name() {
    for language in Language::ALL {
        for outcome in Outcome::ALL {
            assert!(Wording::of(language).has(&format!("outcome-{}", outcome.as_str())));
        }
    }
    assert_eq!(Wording::of(Language::De).name("category", "unheard-of"), "unheard-of");
}

#[test]
fn an_unknown_key_cannot_be_overlooked() {
    assert_eq!(Wording::of(Language::De).text("no-such-key"), "⟦no-such-key⟧");
}

#[test]
fn reasons_take_their_numbers_and_do_without_them() {
    let wording = Wording::of(Language::De);
    assert_eq!(
        wording.reason("too-few-clusters have=4 need=6"),
        "Auswertbar sind nur 4 voneinander unabhängige Gruppen von Eingaben; nötig sind mindestens 6."
    );
    assert_eq!(wording.reason("too-few-clusters(have=4, need=6)"), wording.reason("too-few-clusters have=4 need=6"));
    assert!(wording.reason("too-few-clusters").starts_with("Es gibt zu wenige"));
    assert!(wording.reason("smallest-p p=0.0625").contains("0,0625"));
    assert!(Wording::of(Language::En).reason("weak-instrument youden=0.21 need=0.3").contains("0.21"));
    assert!(wording.reason("brand-new x=1").contains("brand-new x=1"));
}

#[test]
fn numbers_follow_the_language() {
    use Language::{De, En};
    assert_eq!(numbers::decimal(0.5234, 2, De), "0,52");
    assert_eq!(numbers::decimal(-1234567.891, 1, De), "\u{2212}1.234.567,9");
    assert_eq!(numbers::decimal(-1234567.891, 1, En), "\u{2212}1,234,567.9");
    assert_eq!(numbers::decimal(-0.0004, 2, De), "0,00");
    assert_eq!(numbers::percent(0.123, 1, De), "12,3\u{a0}%");
    assert_eq!(numbers::percent(0.123, 1, En), "12.3%");
    assert_eq!(numbers::points(-0.041, 1, De), "\u{2212}4,1");
    assert_eq!(numbers::points(0.041, 1, En), "+4.1");
    assert_eq!(numbers::signed(0.0001, 2, De), "0,00");
    assert_eq!(numbers::count(8123, De), "8.123");
    assert_eq!(numbers::plain(0.05, De), "0,05");
    assert_eq!(numbers::plain(95.0, En), "95");
    assert_eq!(numbers::decimal(f64::NAN, 2, De), "–");
    assert_eq!(numbers::decimal(f64::NEG_INFINITY, 2, De), "\u{2212}∞");
}

#[test]
fn p_is_never_written_as_zero_or_one() {
    assert_eq!(numbers::p_value(0.00004, Language::De), "p\u{a0}<\u{a0}0,001");
    assert_eq!(numbers::p_value(0.0321, Language::De), "p\u{a0}=\u{a0}0,032");
    assert_eq!(numbers::p_value(0.0321, Language::En), "p\u{a0}=\u{a0}0.032");
    assert_eq!(numbers::p_value(1.0, Language::En), "p\u{a0}>\u{a0}0.999");
    assert_eq!(numbers::p_value(0.0, Language::En), "p\u{a0}<\u{a0}0.001");
}

#[test]
fn dates_are_written_out_and_anything_else_is_left_alone() {
    assert_eq!(numbers::date("2026-03-05T12:00:00Z", Language::De), "5.\u{a0}März 2026");
    assert_eq!(numbers::date("2026-03-05", Language::En), "5\u{a0}March 2026");
    assert_eq!(numbers::date("gestern Ä", Language::De), "gestern Ä");
    assert_eq!(numbers::date("", Language::De), "");
}

#[test]
fn small_numbers_read_as_words() {
    assert_eq!(numbers::in_words(4, Language::De), "vier");
    assert_eq!(numbers::in_words(12, Language::En), "twelve");
    assert_eq!(numbers::in_words(1300, Language::De), "1.300");
}
