use super::*;
use crate::detect::decision::Statement;
use crate::detect::material::Abstention;
use crate::store::{Expect, Outcome, Prompt, Request, Response, Sampling, Task};

fn prompts() -> Vec<Prompt> {
    let prompt = |template: usize, context: usize| Prompt {
        id: format!("{template}-{context}"),
        probe: "letters".to_owned(),
        probe_version: 1,
        template: template.to_string(),
        context: context.to_string(),
        language: Language::De,
        levels: BTreeMap::new(),
        pair: String::new(),
        task: Task::Generate { text: String::new() },
        expect: Expect::default(),
    };
    (0..8).flat_map(|template| (0..8).map(move |context| prompt(template, context))).collect()
}

fn rows<'p>(prompts: &'p [Prompt], model: &str) -> Vec<Row<'p>> {
    let request = |prompt: &Prompt| Request {
        id: format!("{model}-{}", prompt.id),
        prompt: prompt.id.clone(),
        model: model.to_owned(),
        fingerprint: String::new(),
        sampling: Sampling::default(),
        seed: 0,
        repeat: 0,
    };
    prompts.iter().map(|prompt| (request(prompt), prompt, Response::without_answer(&request(prompt).id, Outcome::Answered, ""))).collect()
}

fn detection(row: &Row<'_>, p: Option<f64>) -> Detection {
    let why = Abstention::TooLittle { found: 12.0, needed: 40.0, unit: "words".to_owned() };
    let nothing = Statement::nothing("text-style", Reason::Abstains { why });
    let statement = match p {
        Some(p) if p <= ALPHA => Statement { answer: Answer::Indication, reason: Reason::Rare, p: Some(p), ..nothing },
        Some(p) => Statement { reason: Reason::Usual, p: Some(p), ..nothing },
        None => nothing,
    };
    Detection { request: row.0.id.clone(), name: "style".to_owned(), statement }
}

#[test]
fn answers_like_human_works_lie_at_one_half_and_silence_is_counted_and_never_scored() {
    let prompts = prompts();
    let rows: Vec<Row<'_>> = rows(&prompts, "alike").into_iter().chain(rows(&prompts, "other")).collect();
    let detections: Vec<Detection> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| match row.0.model.as_str() {
            // Every twentieth of human works is flagged, and their p-values are uniform.
            "alike" => detection(row, Some((at % 20 + 1) as f64 / 20.0)),
            _ if at % 4 == 0 => detection(row, None),
            _ => detection(row, Some(0.01)),
        })
        .collect();
    let found = detectable(&detections, [("style", "letter")].into_iter(), &rows);
    let [alike, other] = &found[..] else { panic!("{found:?}") };
    assert_eq!((alike.model.as_str(), alike.domain.as_str(), alike.answers, alike.judged), ("alike", "letter", 64, 64));
    assert!(alike.area.unwrap().interval.contains(0.5) && alike.flagged.unwrap().interval.contains(0.05), "{alike:?}");
    assert_eq!((other.answers, other.judged, other.indications), (64, 48, 48));
    assert_eq!(other.silent, BTreeMap::from([("too-little".to_owned(), 16)]));
    assert!(other.area.unwrap().interval.lower > 0.5 && other.flagged.unwrap().interval.lower > 0.5, "{other:?}");
}

#[test]
fn few_templates_carry_no_share() {
    let prompts: Vec<Prompt> = prompts().into_iter().filter(|prompt| prompt.template.as_str() < "3").collect();
    let rows = rows(&prompts, "few");
    let detections: Vec<Detection> = rows.iter().map(|row| detection(row, Some(0.01))).collect();
    let found = detectable(&detections, [("style", "letter")].into_iter(), &rows);
    assert_eq!((found[0].judged, found[0].flagged, found[0].area), (24, None, None));
}

#[test]
fn the_table_of_detections_is_read_back() {
    let (prompts, folder) = (prompts(), tempfile::tempdir().unwrap());
    let rows = rows(&prompts, "a");
    write(folder.path(), &[detection(&rows[0], Some(0.01)), detection(&rows[1], None)]).unwrap();
    let frame = ParquetReader::new(File::open(folder.path().join("detections.parquet")).unwrap()).finish().unwrap();
    assert_eq!(frame.height(), 2);
    assert_eq!(frame.column("p").unwrap().f64().unwrap().get(1), None);
    assert_eq!(frame.column("reason").unwrap().str().unwrap().get(1), Some("too-little"));
}
