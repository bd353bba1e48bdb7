use super::*;
use crate::score::agreement::tests::hold_record;
use crate::score::{GroupMatrix, ValidationRecord};

/// Sentences written by this project, labelled before the first reading and never used to change a rule or a list: (language, region, theme, text).
/// Behind `several-origins` stands `elsewhere` where all of them lie outside of Europe, so that `origin` has one value.
pub(in crate::score) fn held_out(language: Language) -> Vec<[&'static str; 4]> {
    let rows = include_str!("held-out.tsv").lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap());
    rows.filter(|[code, ..]: &[&str; 4]| *code == language.code()).collect()
}

/// The confusion matrix of held-out sentences is the committed record, and no worse than `least` of 1.
pub(in crate::score) fn hold(scorer: &dyn Scorer, measure: &Measure, language: Language, least: f64, rows: &[(&str, Value, &str)]) {
    let Kind::Category(names) = measure.kind else { panic!("{} is no category", measure.id) };
    let mut counts = vec![vec![0; names.len() + 1]; names.len()];
    for (truth, read, text) in rows {
        let truth = names.iter().position(|name| name == truth).unwrap_or_else(|| panic!("{truth} is no category: {text}"));
        let column = names.iter().position(|name| *read == Value::Category((*name).to_owned())).unwrap_or(names.len());
        counts[truth][column] += 1;
        if column != truth {
            println!("{}: {} read as {read:?}: {text}", measure.id, names[truth]);
        }
    }
    let right: u64 = (0..names.len()).map(|at| counts[at][at]).sum();
    println!("{} {}: {right} of {} right", measure.id, language.code(), rows.len());
    assert!(rows.len() >= 60 && right as f64 >= least * rows.len() as f64, "{}: {right} of {}", measure.id, rows.len());
    let record = ValidationRecord {
        scorer: scorer.id().to_owned(),
        scorer_version: scorer.version(),
        measure: measure.id.to_owned(),
        domain: "culture-sentences".to_owned(),
        language,
        truth: "sentences on works and artists written by this project after its rules and lists, labelled before the first reading"
            .to_owned(),
        held_out: true,
        categories: names.iter().map(|name| (*name).to_owned()).collect(),
        groups: vec![GroupMatrix { group: "all".to_owned(), counts }],
    };
    hold_record(&format!("{}-{}-culture-sentences", measure.id, language.code()), &record);
}

#[test]
fn held_out_sentences_are_read_as_the_records_state() {
    for language in Language::ALL {
        for (index, measure) in MEASURES.iter().enumerate() {
            let rows: Vec<_> = held_out(language)
                .into_iter()
                .map(|[_, region, _, text]| {
                    let (one, part) =
                        region.split_once(' ').unwrap_or((region, if region.ends_with("-europe") { "europe" } else { "elsewhere" }));
                    let whole = [SEVERAL, NONE].contains(&region);
                    let truth = if index == 1 || whole { one } else { part };
                    (truth, read_text(text, language).remove(index).value, text)
                })
                .collect();
            hold(&Origin, measure, language, 0.8, &rows);
        }
    }
}

fn region_of(language: Language, text: &str) -> String {
    match read_text(text, language).remove(1).value {
        Value::Category(region) => region,
        other => format!("{other:?}"),
    }
}

fn all_read(language: Language, region: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(region_of(language, text), region, "{text}");
    }
}

#[test]
fn an_origin_is_read_where_the_text_ties_a_person_to_a_place() {
    let german = [
        "Sie kommt aus Südafrika.",
        "Er stammt aus der Hafenstadt Mombasa.",
        "Eine kenianische Künstlerin prägte das Fach.",
        "In Dakar geboren, zog sie früh fort.",
        "Geboren am 3. Mai 1950 in Accra, lernte sie das Weben.",
        "Er ist Nigerianer.",
        "Sie wuchs in einem Dorf in Ghana auf.",
        "Herkunft: Senegal",
        "Sie kam in Lagos zur Welt.",
    ];
    all_read(Language::De, "sub-saharan-africa", &german);
    let english = [
        "She comes from South Africa.",
        "He was born on 3 May 1950 in Accra.",
        "A Kenyan artist shaped the field.",
        "The Lagos-born painter moved early.",
        "She is Ghanaian.",
        "He grew up in a village in Ghana.",
        "A native of Senegal, she carved masks.",
        "Of Nigerian origin, he paints.",
    ];
    all_read(Language::En, "sub-saharan-africa", &english);
}

#[test]
fn where_a_work_is_shown_made_or_came_from_is_no_origin_of_the_artist() {
    let german = [
        "Das Bild wird in Wien ausgestellt.",
        "Sie lebt in Japan.",
        "Die Seide aus China war teuer.",
        "Er kehrte aus Ägypten zurück.",
        "Sein Lehrer stammt aus Italien.",
        "Er liebt die italienische Malerei.",
        "Sie wurde von französischen Malern beeinflusst.",
        "Sie stammt nicht aus Indien.",
        "Geboren 1950, lebt er in Berlin.",
    ];
    all_read(Language::De, NONE, &german);
    let english = [
        "The picture is on show in Vienna.",
        "She lives in Japan.",
        "Silk from China was dear.",
        "He returned from Egypt.",
        "His teacher was from Italy.",
        "She loves Italian painting.",
        "They drink from china and polish the silver.",
        "She was never from India.",
        "Born in 1950, he works in Berlin.",
    ];
    all_read(Language::En, NONE, &english);
}

#[test]
fn two_origins_are_several_and_a_wide_name_is_no_region() {
    assert_eq!(region_of(Language::De, "Nicht aus Indien, sondern aus Peru stammt sie."), "latin-america");
    assert_eq!(region_of(Language::En, "A weaver from Peru met a potter from Japan."), SEVERAL);
    for (text, part) in [("Sie kommt aus Afrika.", "elsewhere"), ("Ein europäischer Maler.", "europe")] {
        let readings = read_text(text, Language::De);
        assert_eq!(readings[0].value, Value::Category(part.to_owned()));
        assert_eq!(readings[1].value, Value::Missing(UNCLEAR.to_owned()));
    }
    assert_eq!(read_text("She is from Georgia.", Language::En)[0].value, Value::Missing(UNCLEAR.to_owned()));
    let two = read_text("Ein Maler aus Peru und eine Weberin aus Japan.", Language::De);
    assert_eq!(two[0].value, Value::Category("elsewhere".to_owned()));
}

#[test]
fn evidence_points_at_the_words_and_names_the_region() {
    let text = "Sie ist eine ägyptische Malerin.";
    let evidence = &read_text(text, Language::De)[0].evidence;
    assert_eq!((&text[evidence[0].start..evidence[0].end], evidence[0].label.as_str()), ("ägyptische Malerin", "middle-east-north-africa"));
}

/// The axis file and the lists name the same regions, and the lists know what the axis calls them.
#[test]
fn every_region_of_the_axis_file_is_read_by_its_own_name() {
    #[derive(serde::Deserialize)]
    struct Axis {
        levels: Vec<Level>,
    }
    #[derive(serde::Deserialize)]
    struct Level {
        id: String,
        group: String,
        forms: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>,
    }
    let file = crate::assets::read("probes/axes/region.toml", None).unwrap().unwrap();
    let axis: Axis = toml::from_str(std::str::from_utf8(&file).unwrap()).unwrap();
    for level in axis.levels.iter().filter(|level| level.id != "north-sea-coast") {
        let region = if level.group == "germany" { "western-europe" } else { &level.id };
        assert_eq!(region_of(Language::De, &format!("Die Malerin kommt {}.", level.forms["from"]["de"])), region);
        assert_eq!(region_of(Language::En, &format!("The painter comes {}.", level.forms["from"]["en"])), region);
    }
}

#[test]
fn long_and_odd_texts_are_read_in_a_moment() {
    for piece in ["aus Italien ", "in ", "geboren ", "deutsche ", "日本語 ", "… "] {
        let start = std::time::Instant::now();
        read_text(&piece.repeat(20_000 / piece.len()), Language::De);
        assert!(start.elapsed().as_secs() < 5, "{piece}");
    }
    assert_eq!(read_text("", Language::En)[0].value, Value::Category(NONE.to_owned()));
}
