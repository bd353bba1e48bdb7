use super::*;

const MAPPING: &str = r#"
    root = "."
    format = "csv"
    delimiter = ";"
    truncated = ["length"]
    columns = { prompt = "frage", answer = "antwort", finish = "ende" }
    models = [ { name = "A", file = "a.csv" } ]
    [[prompts]]
    contains = ["Museum"]
    probe = "p"
    template = "t"
    language = "de"
"#;

fn folder(mapping: &str, csv: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.toml"), mapping).unwrap();
    std::fs::write(folder.path().join("a.csv"), csv).unwrap();
    folder
}

fn open(mapping: &str, csv: &str) -> Result<Recorded, ModelError> {
    let folder = folder(mapping, csv);
    Mapping::read(&folder.path().join("map.toml"))?.open("A")
}

fn prompt() -> Prompt {
    Prompt {
        id: "x".into(),
        probe: "p".into(),
        probe_version: 1,
        template: "t".into(),
        context: String::new(),
        language: Language::De,
        levels: BTreeMap::new(),
        pair: "y".into(),
        task: Task::Generate { text: "unser Wortlaut".into() },
        expect: Default::default(),
    }
}

fn request(prompt: &Prompt, repeat: u32) -> crate::store::Request {
    crate::store::Request {
        id: format!("r{repeat}"),
        prompt: prompt.id.clone(),
        model: "A".into(),
        fingerprint: String::new(),
        sampling: crate::store::Sampling::default(),
        seed: 0,
        repeat,
    }
}

#[test]
fn a_byte_order_mark_quoted_line_breaks_and_umlauts_are_read_as_written() {
    let recorded =
        open(MAPPING, "\u{feff}frage;antwort;ende\nIm Museum?;\"Grüße,\nÄrztin\";stop\nIm Museum?;;stop\nIm Museum?;Hal;length\n");
    let mut recorded = recorded.unwrap();
    let asked = recorded.as_asked(&prompt());
    assert_eq!(asked.task.text(), "Im Museum?");
    assert_eq!(recorded.repeats(&asked), Some(3));
    let requests: Vec<_> = (0..3).map(|repeat| request(&asked, repeat)).collect();
    let asks: Vec<_> = requests.iter().map(|request| Ask { request, prompt: &asked }).collect();
    let responses = recorded.answer(&asks).unwrap();
    assert_eq!(responses[0].text, "Grüße,\nÄrztin");
    assert_eq!(responses.iter().map(|r| r.outcome).collect::<Vec<_>>(), [Outcome::Answered, Outcome::Empty, Outcome::Truncated]);
}

#[test]
fn a_row_that_no_rule_claims_is_an_error_that_names_it() {
    let error = open(MAPPING, "frage;antwort;ende\nIm Museum?;ja;stop\nAnderswo?;ja;stop\n").err().unwrap();
    assert!(error.to_string().contains("record 2: its prompt `Anderswo?` matches no rule"), "{error}");
}

#[test]
fn a_missing_column_is_answered_with_the_columns_there_are() {
    let error = open(MAPPING, "prompt;antwort;ende\nIm Museum?;ja;stop\n").err().unwrap();
    assert!(format!("{:?}", miette::Report::new(error)).contains("the file has: prompt, antwort, ende"));
}

#[test]
fn jsonl_is_read_like_csv() {
    let mapping = MAPPING.replace("\"csv\"", "\"jsonl\"");
    let recorded = open(&mapping, "{\"frage\":\"Im Museum?\",\"antwort\":\"ja\",\"ende\":\"stop\"}\n\n").unwrap();
    assert_eq!(recorded.repeats(&prompt()), Some(1));
    assert!(open(&mapping, "{\"frage\":\"Im Museum?\"").is_err());
}

#[test]
fn answers_that_no_planned_prompt_takes_are_counted_with_the_reason() {
    let rule = |probe: &str, word: &str| {
        format!("[[prompts]]\ncontains = [\"{word}\"]\nprobe = \"{probe}\"\ntemplate = \"u\"\nlanguage = \"de\"\n")
    };
    let mapping = format!("{MAPPING}\n{}{}", rule("other", "Oper"), rule("p", "Archiv"));
    let recorded = open(&mapping, "frage;antwort;ende\nIm Museum?;ja;stop\nOper?;ja;stop\nOper?;nein;stop\nArchiv?;ja;stop\n").unwrap();
    assert_eq!(
        recorded.left_out(&[&prompt()]),
        [
            "2 recorded answers are not used; they belong to probe `other`, which is not planned",
            "1 recorded answers are not used; they belong to template `u`, context `` (de) of probe `p`, which asks no such text",
        ]
    );
    let choice = Prompt { task: Task::LogLikelihood { text: "Im Museum?".into() }, ..prompt() };
    assert_eq!(recorded.left_out(&[&choice]).len(), 3, "an answer in text is none to a question for probabilities");
}

const BY_ID: &str = r#"
    root = "."
    format = "jsonl"
    columns = { prompt = "prompt", answer = "answer", prompt_id = "id", outcome = "outcome", detail = "detail" }
    models = [ { name = "A", file = "a.csv" } ]
"#;

#[test]
fn a_recording_by_id_answers_the_very_prompt_and_no_other_wording() {
    let row = r#"{"id":"x","prompt":"unser Wortlaut","answer":"","outcome":"failed","detail":"not asked: Pause"}"#;
    let mut recorded = open(BY_ID, row).unwrap();
    assert_eq!((recorded.as_asked(&prompt()), recorded.declines(&prompt()), recorded.left_out(&[&prompt()])), (prompt(), None, vec![]));
    let request = request(&prompt(), 0);
    let response = &recorded.answer(&[Ask { request: &request, prompt: &prompt() }]).unwrap()[0];
    assert_eq!((response.outcome, response.detail.as_str()), (Outcome::Failed, "not asked: Pause"));

    let changed = Prompt { task: Task::Generate { text: "ein anderer".into() }, ..prompt() };
    assert!(recorded.declines(&changed).unwrap().contains("other words"));
    assert_eq!(recorded.left_out(&[&changed]).len(), 1);
    assert!(open(BY_ID, &row.replace("failed", "lost")).err().unwrap().to_string().contains("`lost` is no outcome"));
}

#[test]
fn a_prompt_that_was_never_asked_is_declined() {
    let recorded = open(MAPPING, "frage;antwort;ende\nIm Museum?;ja;stop\n").unwrap();
    let mut other = prompt();
    other.template = "u".into();
    assert!(recorded.declines(&other).is_some());
    assert!(recorded.declines(&prompt()).is_none());
}

#[test]
fn a_recording_answers_a_choice_in_words_and_tells_no_log_likelihoods() {
    use crate::store::Choice;
    let row = r#"{"id":"x","prompt":"Wer?","answer":"Die Wache","outcome":"","detail":""}"#;
    let mut recorded = open(BY_ID, row).unwrap();
    let options = ["Die Wache", "Die Leitung"].map(|text| Choice { category: text.into(), text: text.into() }).to_vec();
    let choice = Prompt { task: Task::Choose { text: "Wer?".into(), options, neutral: "Frage:".into() }, ..prompt() };
    assert!(recorded.chooses_in_words());
    assert_eq!((recorded.declines(&choice), recorded.left_out(&[&choice])), (None, vec![]));
    let request = request(&choice, 0);
    assert_eq!(recorded.answer(&[Ask { request: &request, prompt: &choice }]).unwrap()[0].text, "Die Wache");
    let scored = Prompt { task: Task::LogLikelihood { text: "Wer?".into() }, ..prompt() };
    assert_eq!(recorded.left_out(&[&scored]).len(), 1);
}
