//! Facts about the backend: what becomes of each kind of request.

use std::collections::BTreeMap;

use super::*;
use crate::model::candle::fixture;
use crate::store::{Choice, Language, Request};

const CONFIG: &str = r#"{"model_type": "llama", "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "vocab_size": 8, "max_position_embeddings": 12, "rms_norm_eps": 1e-5, "tie_word_embeddings": true,
    "bos_token_id": 1, "eos_token_id": 2}"#;

const WORDS: &str = r#"{"version": "1.0", "added_tokens": [
        {"id": 1, "content": "<s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
        {"id": 2, "content": "</s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
    "pre_tokenizer": {"type": "WhitespaceSplit"},
    "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}], "pair": [],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
    "model": {"type": "WordLevel", "unk_token": "<unk>",
        "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "die": 3, "Künstlerin": 4, "Künstler": 5, "malt": 6, "😊": 7}}}"#;

fn backend_with(declines: Option<Declines>) -> CandleBackend {
    let weights = fixture::weights(CONFIG, false, 0.4, 3);
    let files = Files { config: CONFIG.as_bytes(), weights: &weights, tokenizer: WORDS.as_bytes(), tokenizer_config: None };
    CandleBackend::from_files("small", files, declines).unwrap()
}

fn prompt(task: Task) -> Prompt {
    Prompt {
        id: "p".to_owned(),
        probe: "probe".to_owned(),
        probe_version: 1,
        template: "t".to_owned(),
        context: String::new(),
        language: Language::De,
        levels: BTreeMap::new(),
        pair: String::new(),
        task,
        expect: Default::default(),
    }
}

fn generate(text: &str) -> Task {
    Task::Generate { text: text.to_owned() }
}

fn likelihood(text: &str) -> Task {
    Task::LogLikelihood { text: text.to_owned() }
}

fn choose(text: &str, neutral: &str, options: &[&str]) -> Task {
    let options = options.iter().map(|option| Choice { category: option.trim().to_owned(), text: (*option).to_owned() }).collect();
    Task::Choose { text: text.to_owned(), options, neutral: neutral.to_owned() }
}

/// Asks all tasks in one pack; request ids and seeds are the places in the pack.
fn ask(backend: &mut CandleBackend, tasks: &[Task], sampling: Sampling) -> Vec<Response> {
    let prompts: Vec<Prompt> = tasks.iter().cloned().map(prompt).collect();
    let request = |index: usize| Request {
        id: index.to_string(),
        prompt: "p".to_owned(),
        model: "small".to_owned(),
        fingerprint: String::new(),
        sampling,
        seed: index as u64,
        repeat: 0,
    };
    let requests: Vec<Request> = (0..tasks.len()).map(request).collect();
    let pack: Vec<Ask<'_>> = requests.iter().zip(&prompts).map(|(request, prompt)| Ask { request, prompt }).collect();
    let responses = backend.answer(&pack).unwrap();
    assert!(responses.iter().enumerate().all(|(index, response)| response.request == index.to_string()));
    responses
}

fn sampling(temperature: f64, max_tokens: u32) -> Sampling {
    Sampling { temperature, top_p: 1.0, max_tokens }
}

#[test]
fn a_choice_is_scored_after_the_prompt_and_after_the_neutral_one() {
    let mut backend = backend_with(None);
    let task = choose("die Künstlerin", "die", &[" malt", " malt 😊"]);
    let response = ask(&mut backend, &[generate("die"), task, likelihood("die malt")], sampling(1.0, 2)).remove(1);
    let sum = |tokens: &[u32], from: usize| -> f64 {
        backend.decoder().logprobs(&[tokens.to_vec()]).unwrap()[0][from..].iter().map(|logprob| f64::from(*logprob)).sum()
    };
    let expected = [(sum(&[1, 3, 4, 6], 2), sum(&[1, 3, 6], 1), 1), (sum(&[1, 3, 4, 6, 7], 2), sum(&[1, 3, 6, 7], 1), 2)];
    assert_eq!((response.outcome, response.choices.len()), (Outcome::Answered, 2));
    for (choice, (logprob, neutral, tokens)) in response.choices.iter().zip(expected) {
        assert!((choice.logprob - logprob).abs() < 1e-5 && (choice.neutral_logprob - neutral).abs() < 1e-5);
        assert_eq!(choice.tokens, tokens);
    }
    assert_eq!(response.choices[1].category, "malt 😊");
}

#[test]
fn every_token_of_a_text_has_a_log_likelihood() {
    let mut backend = backend_with(None);
    let responses = ask(&mut backend, &[likelihood("die Künstlerin malt 😊"), likelihood("")], sampling(0.0, 1));
    let expected = &backend.decoder().logprobs(&[vec![1, 3, 4, 6, 7]]).unwrap()[0];
    assert!(responses[0].logprobs.iter().zip(expected).all(|(got, expected)| (got - f64::from(*expected)).abs() < 1e-5));
    assert_eq!((responses[0].logprobs.len(), responses[1].logprobs.len()), (4, 0));
}

#[test]
fn answers_are_answered_empty_or_truncated_by_how_they_end() {
    let mut backend = backend_with(None);
    let tasks: Vec<Task> = (0..300).map(|_| generate("die Künstlerin")).collect();
    let mut seen = BTreeMap::new();
    for response in ask(&mut backend, &tasks, sampling(1.0, 3)) {
        let words = response.text.split_whitespace().count();
        match response.outcome {
            Outcome::Answered => assert!(words >= 1 && response.detail.is_empty() && (2..=3).contains(&response.logprobs.len())),
            Outcome::Truncated => assert_eq!((response.logprobs.len(), response.detail.as_str()), (3, "cut after 3 tokens")),
            Outcome::Empty => assert!(words == 0 && !response.detail.is_empty()),
            other => panic!("{other:?}"),
        }
        *seen.entry(response.outcome).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
}

#[test]
fn an_empty_prompt_starts_from_the_start_token() {
    let mut backend = backend_with(None);
    let drawn = ask(&mut backend, &[generate("")], sampling(0.0, 1)).remove(0);
    let most = backend.decoder().next_logprobs(&[vec![1]]).unwrap().concat().into_iter().fold(f32::NEG_INFINITY, f32::max);
    assert!((drawn.logprobs[0] - f64::from(most)).abs() < 1e-5);
}

#[test]
fn a_request_that_cannot_be_answered_fails_alone_with_its_reason() {
    let mut backend = backend_with(None);
    let long = "die ".repeat(20);
    let tasks = [
        generate(&long),
        choose("die Künst", "die", &["ler malt"]),
        choose("die", "die", &[""]),
        likelihood(&long),
        choose("die", &long, &[" malt"]),
        likelihood("die"),
    ];
    let responses = ask(&mut backend, &tasks, sampling(1.0, 2));
    let details: Vec<&str> = responses.iter().map(|response| response.detail.as_str()).collect();
    for (place, reason) in [
        (0, "more than the 12"),
        (1, "inside the token `Künstler`"),
        (2, "no token of its own"),
        (3, "more than the 12"),
        (4, "more than the 12"),
    ] {
        assert_eq!(responses[place].outcome, Outcome::Failed);
        assert!(details[place].contains(reason), "{}", details[place]);
    }
    assert_eq!((responses[5].outcome, responses[5].logprobs.len()), (Outcome::Answered, 1));
    let nonsense = ask(&mut backend, &[generate("die")], sampling(-1.0, 2)).remove(0);
    assert!(nonsense.outcome == Outcome::Failed && nonsense.detail.contains("temperature -1"));
}

#[test]
fn what_the_model_does_not_understand_is_never_asked() {
    let declines: Declines = Box::new(|prompt| (!prompt.task.text().starts_with("die")).then(|| "starts with no article".to_owned()));
    let mut backend = backend_with(Some(declines));
    assert_eq!(backend.declines(&prompt(generate("malt"))).as_deref(), Some("starts with no article"));
    let responses = ask(&mut backend, &[generate("malt"), generate("die")], sampling(1.0, 2));
    assert_eq!((responses[0].outcome, responses[0].detail.as_str()), (Outcome::Failed, "starts with no article"));
    assert_ne!(responses[1].outcome, Outcome::Failed);
}

#[test]
fn all_abilities_are_proved_and_the_fingerprint_covers_every_file() {
    let backend = backend_with(None);
    assert_eq!(backend.abilities(), Abilities { generate: true, seeded: true, generated_logprobs: true, given_logprobs: true });
    assert_eq!(backend.count_tokens("die Künstlerin malt"), 4);
    let config = CONFIG.replace("1e-5", "2e-5");
    let words = WORDS.replace("malt", "zeichnet");
    let weights = [3, 4].map(|seed| fixture::weights(CONFIG, false, 0.4, seed));
    let open = |config: &str, weights: &[u8], tokenizer: &str, tokenizer_config| {
        let files = Files { config: config.as_bytes(), weights, tokenizer: tokenizer.as_bytes(), tokenizer_config };
        CandleBackend::from_files("other", files, None).unwrap().fingerprint().to_owned()
    };
    let fingerprints = [
        open(CONFIG, &weights[0], WORDS, None),
        open(&config, &weights[0], WORDS, None),
        open(CONFIG, &weights[1], WORDS, None),
        open(CONFIG, &weights[0], &words, None),
        open(CONFIG, &weights[0], WORDS, Some(br#"{"add_bos_token": true}"#.as_slice())),
    ];
    assert_eq!(fingerprints[0], backend.fingerprint());
    assert_eq!(fingerprints.iter().collect::<std::collections::BTreeSet<_>>().len(), 5);
    assert_eq!(backend.card()["parameters"], (8 * 32 + 2 * (32 * 2 * (32 + 16) + 3 * 32 * 48 + 64) + 32).to_string());
}

#[test]
fn the_real_model_continues_as_its_source_says() {
    let Some(folder) = crate::shared_data("the_real_model_continues_as_its_source_says") else { return };
    let mut backend = CandleBackend::from_folder("stories", &folder.join("models/stories260k"), Precision::F32, None).unwrap();
    let response = ask(&mut backend, &[generate("Once upon a time")], sampling(0.0, 60)).remove(0);
    let source = std::fs::read_to_string(folder.join("models/stories260k/SOURCE.txt")).unwrap();
    let known = source.rsplit_once("is \"").unwrap().1.trim().trim_end_matches('"');
    assert!(known.len() > 50 && response.text.starts_with(known), "{}", response.text);
    assert_eq!(response.outcome, Outcome::Truncated);
    // The weight file is the length of its header, the header, and four bytes for each parameter.
    let weights = std::fs::read(folder.join("models/stories260k/model.safetensors")).unwrap();
    let header = u64::from_le_bytes(*weights.first_chunk().unwrap()) as usize;
    assert_eq!(backend.card()["parameters"], ((weights.len() - 8 - header) / 4).to_string());
}

#[test]
fn a_precision_is_written_behind_the_folder() {
    let read = |target| crate::model::candle::split(target).map_err(|error| error.to_string());
    assert_eq!(read("some/folder").unwrap(), (Path::new("some/folder"), Precision::F32));
    assert_eq!(read("some/folder?precision=bf16").unwrap(), (Path::new("some/folder"), Precision::Bf16));
    assert!(read("some/folder?precision=f16").is_err());
}

#[test]
fn a_missing_file_is_named_with_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let error = |folder: &Path| CandleBackend::from_folder("none", folder, Precision::F32, None).err().unwrap().to_string();
    assert!(error(folder.path()).contains(&folder.path().join("config.json").display().to_string()));
    std::fs::write(folder.path().join("config.json"), CONFIG).unwrap();
    assert!(error(folder.path()).contains("model.safetensors: cannot be read"));
}
