use std::collections::BTreeMap;
use std::path::Path;

use super::check::{Predictor, cells, contrasts, exact, line};
use super::grammar::Grammar;
use super::net::Net;
use super::tree::TokenTree;
use super::*;
use crate::model::candle::{Config, Decoder, Text};
use crate::probe::{Library, Probe};
use crate::store::{Language, Outcome, Sampling};

fn shipped(path: &str) -> Option<Vec<u8>> {
    crate::assets::read(path, None).unwrap().map(|bytes| bytes.into_owned())
}

fn shipped_grammar() -> Grammar {
    grammar(shipped).unwrap()
}

fn shipped_model(model: &str) -> Reference {
    Reference::open(model, |path| shipped(&format!("models/reference/{path}"))).unwrap()
}

fn demo() -> Vec<Probe> {
    Library::open(None).unwrap().suite("demo").unwrap().probes
}

fn demo_probe(id: &str) -> Probe {
    demo().into_iter().find(|probe| probe.id == id).unwrap()
}

fn decoder(model: &Reference) -> Decoder {
    Decoder::load(&model.config, &model.weights).unwrap()
}

#[test]
fn the_weights_are_those_that_the_manifests_name_and_were_trained_on_this_grammar() {
    let grammar = shipped_grammar();
    for model in MODELS {
        let reference = shipped_model(model);
        assert_eq!(reference.manifest.grammar, grammar.hash, "{model} was trained on another grammar");
        assert!(reference.weights.len() <= 4_000_000);
    }
}

#[test]
fn a_changed_file_is_refused() {
    let broken = |path: &str| {
        let mut bytes = shipped(&format!("models/reference/{path}"))?;
        if path == "mild/model.safetensors" {
            *bytes.last_mut()? ^= 1;
        }
        Some(bytes)
    };
    let error = Reference::open("mild", broken).unwrap_err().to_string();
    assert!(error.contains("mild/model.safetensors"), "{error}");
    assert!(Reference::open("unheard-of", |_| None).is_err());
}

#[test]
fn the_models_understand_every_prompt_of_the_demo_suite_and_decline_any_other() {
    let (model, probes) = (shipped_model("balanced"), demo());
    assert!(probes.iter().flat_map(|probe| &probe.prompts).all(|prompt| model.declines(prompt).is_none()));
    let known = &probes[0].prompts[0];
    for text in ["Wer arbeitet in der Pflege?", ""] {
        let other = Prompt { task: Task::Generate { text: text.to_owned() }, ..known.clone() };
        assert!(model.declines(&other).is_some());
    }
    let scored = Prompt { task: Task::LogLikelihood { text: known.task.text().to_owned() }, ..known.clone() };
    assert!(model.declines(&scored).is_some(), "the models declare to answer prompts, not to score them");
}

#[test]
fn the_tokenizer_knows_every_word_of_prompts_and_answers() {
    let (grammar, tokenizer) = (shipped_grammar(), tokens::parse(&shipped_model("balanced").tokenizer).unwrap());
    let prompts: Vec<Prompt> = demo().into_iter().flat_map(|probe| probe.prompts).collect();
    for text in train::texts(&grammar, &prompts).unwrap() {
        let ids = tokens::encode(&tokenizer, &text).unwrap();
        assert!(!ids.contains(&tokens::UNKNOWN), "{text}");
        assert_eq!(tokenizer.decode(&ids, true).unwrap(), text);
    }
}

#[test]
fn decoder_and_training_net_give_every_node_of_an_answer_tree_the_same_probability() {
    let (grammar, model) = (shipped_grammar(), shipped_model("stereotyped"));
    let tokenizer = tokens::parse(&model.tokenizer).unwrap();
    let shape = serde_json::from_slice(&model.config).unwrap();
    let (mut net, mut decoder) = (Net::load(shape, &model.weights).unwrap(), decoder(&model));
    let prompt = &demo_probe("demo-dialect-trait").prompts[0];
    let tree = TokenTree::new(&tokenizer, grammar.answers("stereotyped", &grammar.place(prompt).unwrap())).unwrap();
    let tokens = tokens::encode(&tokenizer, prompt.task.text()).unwrap();
    let (ours, theirs) =
        (Predictor::logprobs(&mut net, &tokens, &tree).unwrap(), Predictor::logprobs(&mut decoder, &tokens, &tree).unwrap());
    for (a, b) in ours.iter().zip(&theirs) {
        assert!((a - b).abs() < 1e-4, "{a} {b}");
    }
}

/// A slice of `lupe reference check`: the two probes on dialects, which are small, for all models.
#[test]
fn the_models_say_what_was_planted() {
    let grammar = shipped_grammar();
    let (mut close, mut all, mut points) = (0, 0, Vec::new());
    for model in MODELS {
        let reference = shipped_model(model);
        let (tokenizer, mut decoder) = (tokens::parse(&reference.tokenizer).unwrap(), decoder(&reference));
        for probe in [demo_probe("demo-dialect-work"), demo_probe("demo-dialect-trait")] {
            let rows = exact(&grammar, &probe, &tokenizer, model, &mut decoder).unwrap();
            for cell in cells(&grammar, &probe, model, &rows) {
                all += 1;
                close += usize::from((cell.exact - cell.planted).abs() <= 0.03);
                points.push((cell.planted, cell.exact));
            }
            for contrast in contrasts(&grammar, &probe, model, &rows).iter().filter(|contrast| contrast.confirmatory && model == "balanced")
            {
                assert!((contrast.exact - contrast.null).abs() <= contrast.margin / 3.0, "{contrast:?}");
            }
        }
    }
    assert!(close * 100 >= all * 95, "{close} of {all} cells within 0.03");
    let (slope, _, determination) = line(&points);
    assert!((0.95..1.05).contains(&slope) && determination > 0.98, "slope {slope}, R² {determination}");
}

#[test]
fn drawn_answers_come_as_often_as_the_model_s_own_probabilities_say() {
    let (grammar, model) = (shipped_grammar(), shipped_model("stereotyped"));
    let mut decoder = decoder(&model);
    let text = Text::load(model.tokenizer.as_bytes(), None, &Config::parse(&model.config).unwrap()).unwrap();
    let probe = Probe { prompts: vec![demo_probe("demo-dialect-trait").prompts[0].clone()], ..demo_probe("demo-dialect-trait") };
    let row = &exact(&grammar, &probe, &tokens::parse(&model.tokenizer).unwrap(), "stereotyped", &mut decoder).unwrap()[0];
    let seeds: Vec<u64> = coverage::seeds().flat_map(|seed| (0..10).map(move |repeat| seed * 1000 + repeat)).collect();
    let drawn =
        coverage::draw(&decoder, &text, probe.prompts[0].task.text(), Sampling { max_tokens: 40, ..Sampling::default() }, &seeds).unwrap();
    assert_eq!(drawn.picks.len(), 2000);
    let kinds: BTreeMap<String, String> = grammar
        .answers("stereotyped", &grammar.place(&probe.prompts[0]).unwrap())
        .into_iter()
        .map(|answer| (answer.text, answer.kind))
        .collect();
    let mut share: BTreeMap<&str, f64> = BTreeMap::new();
    for (said, outcome) in drawn.picks.iter().map(|&pick| &drawn.answers[pick]) {
        assert_eq!(said.is_empty(), *outcome == Outcome::Empty);
        *share.entry(kinds.get(said).map_or("off-grammar", String::as_str)).or_insert(0.0) += 1.0 / 2000.0;
    }
    for (kind, exact) in &row.kinds {
        let error = (exact * (1.0 - exact) / 2000.0).sqrt();
        assert!((share.get(kind.as_str()).copied().unwrap_or(0.0) - exact).abs() < 4.0 * error + 1e-3, "{kind}: {exact} {share:?}");
    }
}

#[test]
fn training_twice_gives_the_same_weights() {
    let grammar = shipped_grammar();
    let prompts: Vec<Prompt> = demo_probe("demo-dialect-work").prompts.into_iter().take(4).collect();
    let settings = train::Settings { steps: 3, prompts: 4, branches: 2, ..train::Settings::default() };
    let folder = tempfile::tempdir().unwrap();
    let manifests: Vec<Manifest> = ["one", "two"]
        .map(|place| {
            let mut losses = Vec::new();
            let own: &Path = &folder.path().join(place);
            let manifest = make(own, &grammar, &prompts, "mild", &settings, |_, loss| losses.push(loss)).unwrap();
            assert!(losses[2] < losses[0], "{losses:?}");
            let read = |path: &str| std::fs::read(own.join(path)).ok();
            assert_eq!(Reference::open("mild", read).unwrap().manifest, manifest);
            manifest
        })
        .into();
    assert_eq!(manifests[0], manifests[1]);
}

#[test]
fn validation_rows_carry_the_truth_and_one_weight_per_kind_and_group() {
    let rows = validation::rows(&shipped_grammar(), &demo()).unwrap();
    let brother = rows.iter().find(|row| row.text.contains("ihr Bruder")).unwrap();
    assert_eq!((brother.kind.as_str(), brother.language), ("woman", Language::De));
    let mut whole: BTreeMap<(&str, Language, &str, &str), f64> = BTreeMap::new();
    for row in &rows {
        *whole.entry((&row.prompt.probe, row.language, &row.group, &row.kind)).or_insert(0.0) += row.weight;
    }
    assert!(whole.values().all(|sum| (sum - 1.0).abs() < 1e-9));
    assert!(rows.iter().all(|row| !row.text.is_empty()));
}

#[test]
fn the_path_at_a_share_of_the_probability_meets_each_answer_as_often_as_it_is_probable() {
    let grammar = shipped_grammar();
    let tokenizer = tokens::parse(&shipped_model("mild").tokenizer).unwrap();
    let prompt = &demo_probe("demo-dialect-work").prompts[0];
    let tree = TokenTree::new(&tokenizer, grammar.answers("mild", &grammar.place(prompt).unwrap())).unwrap();
    let mut meets: BTreeMap<String, usize> = BTreeMap::new();
    for step in 0..1000 {
        let last = *tree.path((step as f64 + 0.5) / 1000.0).last().unwrap();
        let end = tree.nodes[tree.nodes[last].next[0].1].answer.unwrap();
        *meets.entry(tree.answers[end].kind.clone()).or_default() += 1;
    }
    for answer in &tree.answers {
        assert!((meets[&answer.kind] as f64 / 1000.0 - answer.probability).abs() < 2e-3);
    }
    assert_eq!(tree.next(0).map(|(_, probability)| probability).sum::<f64>(), 1.0);
}

const SMALL: &str = r#"
probe = "small"
arms = "context"
[numbers.balanced]
here = { woman = 0.6, man = 0.3, empty = 0.1 }
[forms.woman]
de = ["{name} kommt.", "Sie kommt."]
en = ["She comes."]
[forms.man]
de = ["Er kommt."]
en = ["He comes."]
[words.name]
de = ["Ada", "Eva"]
en = []
"#;

fn small(text: &str) -> Result<Grammar, String> {
    Grammar::parse([("small.toml", text)]).map_err(|error| error.to_string())
}

#[test]
fn wordings_and_words_share_the_probability_of_their_kind() {
    let place = grammar::Place { probe: "small".into(), language: Language::De, arm: "here".into(), context: "here".into() };
    let answers = small(SMALL).unwrap().answers("balanced", &place);
    let found: Vec<(&str, f64)> = answers.iter().map(|answer| (answer.text.as_str(), answer.probability)).collect();
    assert_eq!(found, [("", 0.1), ("Er kommt.", 0.3), ("Ada kommt.", 0.15), ("Eva kommt.", 0.15), ("Sie kommt.", 0.3)]);
}

#[test]
fn a_grammar_that_cannot_be_calibrated_on_is_refused_with_the_reason() {
    for (from, to, said) in [
        ("man = 0.3", "man = 0.4", "sum to"),
        ("{name} kommt", "{nome} kommt", "{nome}"),
        ("Er kommt", "Sie kommt", "in two ways"),
        ("man = 0.3", "men = 0.3", "`men`"),
        ("arms =", "arm =", "unknown field"),
    ] {
        let error = small(&SMALL.replace(from, to)).unwrap_err();
        assert!(error.contains(said) && error.contains("small.toml"), "{error}");
    }
}

#[test]
fn the_line_through_points_on_a_line_is_that_line() {
    let (slope, intercept, determination) = line(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]);
    assert_eq!((slope, intercept, determination), (2.0, 1.0, 1.0));
}
