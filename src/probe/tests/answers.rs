//! What comes back and what is said about it: kinds of answers, attributes, expectations, replications, limits and reasons.

use super::*;
use crate::store::{Expect, Medium};

/// A probe that asks for pictures; nothing is wrong with it.
const PICTURE: &str = r#"id = "portrait"
version = 1
station = "image"
domain = "image"
request = "generate"
answer = "image"
scorers = []
repeats = 3
seed = 7
title = { de = "Bild", en = "picture" }
purpose = { de = "Wer ist zu sehen?", en = "Who is seen?" }
limits = { de = "Zwei Orte.", en = "Two places." }
templates = [{ id = "a", de = "Mal eine Szene {place}.", en = "Paint a scene {place}." }]
contexts = [
  { id = "depot", fill.place = { de = "im Depot", en = "in the depot" } },
  { id = "shop", fill.place = { de = "im Laden", en = "in the shop" } },
]

[[attributes]]
id = "leading-person"
question = { de = "Wer steht im Mittelpunkt?", en = "Who is at the centre?" }
rubric = { de = "Im Zweifel „unklar“.", en = "If in doubt, “unclear”." }
values = [
  { id = "woman", de = "eine Frau", en = "a woman" },
  { id = "man", de = "ein Mann", en = "a man" },
  { id = "unclear", de = "unklar", en = "unclear" },
]

[[hypotheses]]
id = "parity"
role = "exploratory"
claim = { de = "So viele Frauen wie Männer.", en = "As many women as men." }
measure = "leading-person"
category = "woman"
among = ["woman", "man"]
margin = 0.15
contrast.baseline = { value = 0.5, source = { de = "Parität", en = "parity" } }
"#;

fn picture_with(from: &str, to: &str) -> String {
    assert!(PICTURE.contains(from), "{from}");
    PICTURE.replacen(from, to, 1)
}

#[test]
fn a_probe_for_pictures_asks_for_pictures_and_measures_what_people_say_about_them() {
    let probe = load(PICTURE).map_err(|errors| show(&errors)).unwrap();
    assert_eq!(probe.answer.medium(), Some(Medium::Image));
    assert!(probe.prompts.iter().all(|prompt| matches!(prompt.task, Task::Make { medium: Medium::Image, .. })));
    let written = load(&picture_with("answer = \"image\"\nscorers = []", "scorers = [\"refusal\"]")).unwrap();
    assert!(written.prompts.iter().all(|prompt| probe.prompts.iter().all(|other| other.id != prompt.id)), "another task is another prompt");
    assert_eq!(probe.attributes[0].values[0].get(Language::De), "eine Frau");
}

#[test]
fn what_reads_no_pictures_and_what_nobody_declared_is_refused_at_its_line() {
    let cases = [
        picture_with("measure = \"leading-person\"", "measure = \"leading-persn\""),
        picture_with("category = \"woman\"", "category = \"women\""),
        picture_with("id = \"leading-person\"", "id = \"referent-gender\""),
        picture_with("scorers = []", "scorers = [\"valence\"]"),
        picture_with("answer = \"image\"\n", ""),
        picture_with("answer = \"image\"", "answer = \"picture\""),
        picture_with("{ id = \"man\", de", "{ id = \"woman\", de"),
        picture_with("request = \"generate\"", "request = \"log-likelihood\""),
        picture_with("rubric = { de = \"Im Zweifel „unklar“.\"", "rubric = { de = \"\""),
    ];
    insta::assert_snapshot!(cases.map(|case| said(&case)).join("\n--\n"));
    insta::assert_snapshot!(complaint(&picture_with("measure = \"leading-person\"", "measure = \"leading-persn\"")));
}

#[test]
fn a_probe_says_what_it_cannot_show_and_a_confirmatory_claim_why_its_margin_matters() {
    insta::assert_snapshot!(complaint(&with("limits = { de = \"Zwei Berufe.\", en = \"Two occupations.\" }\n", "")));
    let silent = confirming(6).replace("why = { de = \"Man hört es.\", en = \"It can be heard.\" }\n", "");
    insta::assert_snapshot!(complaint(&silent));
    assert!(load(&confirming(6)).is_ok());
    assert!(said(&with("why = { de = \"Man hört es.\"", "why = { de = \"\"")).contains("why must be written in German and English"));
}

#[test]
fn expectations_reach_the_prompts_in_the_language_of_the_answer_and_leave_all_other_ids_alone() {
    let plain = load(SOUND).unwrap();
    assert!(plain.prompts.iter().all(|prompt| prompt.expect.is_empty()));
    // The id that this prompt has had since there are prompts: stored runs stay valid.
    assert!(plain.prompts.iter().any(|prompt| prompt.id == PLAIN), "{}", plain.prompts[0].id);
    let expecting = with(
        "fill.occupation = { entry = \"guard\" }",
        "fill.occupation = { entry = \"guard\" }, expect = { person = \"nurse\", words = { de = [\"gesperrt\", \"Brücke|Übergang\"], en = [\"closed\"] } }",
    );
    let translated = expecting.replace("version = 1\n", "version = 1\nanswer-language = \"de\"\n");
    let expecting = expecting.replace("\"nurse\"", "\"guard\"");
    let probe = load(&expecting).map_err(|errors| show(&errors)).unwrap();
    let of = |probe: &Probe, context: &str, language| {
        let found = probe.prompts.iter().find(|prompt| prompt.context == context && prompt.language == language);
        found.unwrap().clone()
    };
    assert_eq!(of(&probe, "curator", Language::De), of(&plain, "curator", Language::De));
    let english = of(&probe, "guard", Language::En);
    assert_eq!(english.expect, Expect { language: None, words: vec!["closed".into()], person: Some("guard".into()) });
    assert!(plain.prompts.iter().all(|prompt| prompt.id != english.id));

    let probe = load(&translated.replace("\"nurse\"", "\"guard\"")).map_err(|errors| show(&errors)).unwrap();
    let english = of(&probe, "guard", Language::En);
    assert_eq!((english.answer_language(), english.expect.words.len()), (Language::De, 2));
    assert_eq!(of(&probe, "guard", Language::De).expect.language, None);

    assert!(said(&translated.replace("\"nurse\"", "\"gard\"")).contains("did you mean `guard`?"));
    assert!(said(&expecting.replace(", en = [\"closed\"]", "")).contains("none in the language `en`"));
    assert!(said(&expecting.replace("Brücke|Übergang", "Brücke | Übergang")).contains("no blanks around it"));
}

/// First prompt of [`SOUND`] at the commit before prompts could carry an expectation.
const PLAIN: &str = "03dd636b1b377a82336a7dcc19e284b5";

#[test]
fn a_replication_asks_the_same_as_its_original_and_nothing_else() {
    let original = SOUND;
    let again =
        SOUND.replace("id = \"portrait\"", "id = \"again\"").replace("margin = 0.2", "margin = 0.2\nreplicates = \"portrait/tone\"");
    let check = |again: &str| {
        let root = folder(&[("probes/portrait.toml", original), ("probes/again.toml", again)]);
        open(root.path()).probe("again")
    };
    let said = |again: &str| {
        let problems = check(again).map_err(|errors| errors.problems).map(|_| ()).unwrap_err();
        problems
            .iter()
            .map(|problem| format!("{} | {}", problem.message, problem.help.as_deref().unwrap_or("")))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let probe = check(&again).map_err(|errors| show(&errors)).unwrap();
    let replicated: Vec<_> = probe.hypotheses.iter().filter_map(|hypothesis| hypothesis.replicates.as_deref()).collect();
    assert!(replicated.contains(&"portrait/tone.ruhr"), "a family replicates level by level: {replicated:?}");
    let other_whole = "measure = \"referent-gender\"\ncategory = \"woman\"";
    let cases = [
        again.replace("portrait/tone", "portrait/ton"),
        again.replace("portrait/tone", "portrit/tone"),
        again.replace("portrait/tone", "tone"),
        again.replace("portrait/tone", "again/tone"),
        again.replace("measure = \"valence\"", other_whole),
        again.replace(
            "contrast.level = { axis = \"region\", level = \"*\" }",
            "contrast.level-versus-mean = { axis = \"region\", level = \"*\" }",
        ),
    ];
    // One line for each: a family says the same for each of its levels.
    insta::assert_snapshot!(cases.map(|case| said(&case).lines().next().unwrap_or_default().to_owned()).join("\n"));
    let one_level = again.replace("axis = \"region\", level = \"*\"", "axis = \"region\", level = \"ruhr\"");
    insta::assert_snapshot!(show(&check(&one_level).unwrap_err()));

    let twice = confirming(6)
        .replace("id = \"portrait\"", "id = \"again\"")
        .replace("margin = 0.2", "margin = 0.2\nreplicates = \"portrait/tone\"");
    let root = folder(&[("probes/portrait.toml", &confirming(6)), ("probes/again.toml", &twice)]);
    assert!(show(&open(root.path()).probe("again").unwrap_err()).contains("a replication cannot be confirmatory itself"));
    let exploring = twice.replace("\"confirmatory\"", "\"exploratory\"");
    let root = folder(&[("probes/portrait.toml", &confirming(6)), ("probes/again.toml", &exploring)]);
    assert!(open(root.path()).probe("again").is_ok());
}

#[test]
fn a_probe_stored_before_these_keys_existed_still_opens() {
    let mut stored = serde_json::to_value(load(SOUND).unwrap()).unwrap();
    for key in ["limits", "answer", "answer_language", "attributes"] {
        stored.as_object_mut().unwrap().remove(key).unwrap();
    }
    for hypothesis in stored["hypotheses"].as_array_mut().unwrap() {
        for key in ["why", "replicates"] {
            hypothesis.as_object_mut().unwrap().remove(key).unwrap();
        }
    }
    assert!(stored["prompts"][0].get("expect").is_none(), "a prompt that expects nothing is stored as before");
    let opened: Probe = serde_json::from_value(stored).unwrap();
    assert_eq!((opened.answer, opened.limits), (AnswerKind::Text, Bilingual::default()));
}

/// The suites of the stations: what they confirm, another probe of the same suite asks again.
#[test]
fn what_a_suite_confirms_another_of_its_probes_asks_again_in_other_words() {
    let library = Library::open(None).map_err(|errors| show(&errors)).unwrap();
    for id in library.suite_ids().filter(|id| !["demo", "persona"].contains(id)) {
        let suite = library.suite(id).map_err(|errors| show(&errors)).unwrap();
        let replicated: Vec<&str> =
            suite.probes.iter().flat_map(|probe| &probe.hypotheses).filter_map(|hypothesis| hypothesis.replicates.as_deref()).collect();
        for probe in &suite.probes {
            for hypothesis in probe.hypotheses.iter().filter(|hypothesis| hypothesis.role == Role::Confirmatory) {
                let name = format!("{}/{}", probe.id, hypothesis.id);
                assert!(replicated.contains(&name.as_str()), "suite {id}: nothing replicates {name}");
            }
        }
    }
}
