//! An audit of real tools from their recorded answers: about 8,000 German texts of four models on six prompts.

use std::collections::BTreeMap;
use std::path::Path;

use lupe::analyse::{Ledger, Verdict};

use crate::support::{findings, succeed};

const MODELS: [&str; 4] = ["Claude", "GPT", "Llama", "Nemo"];

/// The shipped mapping, with the place where the recording lies here.
pub fn mapping(folder: &Path, data: &Path) {
    let shipped = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/recorded/german-llm-persona.toml")).unwrap();
    let root = data.join("data/german-llm-recorded-outputs").canonicalize().unwrap();
    let place = shipped.lines().find(|line| line.starts_with("root =")).unwrap();
    std::fs::write(folder.join("persona.toml"), shipped.replace(place, &format!("root = {:?}", root.to_str().unwrap()))).unwrap();
}

/// Share of women by the other model's label, and by noun.
fn labelled_shares(data: &Path, model: &str) -> (f64, f64, f64) {
    let path = data.join(format!("data/german-llm-recorded-outputs/{model}/NeutralPersona_output.csv"));
    let bytes = std::fs::read(path).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&bytes[3..]);
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let (prompt, label) = (column("full_prompt"), column("gender_class_lm"));
    let mut counts: BTreeMap<bool, (f64, f64)> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let entry = counts.entry(!record[prompt].contains("Mensch")).or_default();
        match &record[label] {
            "1.0" => *entry = (entry.0 + 1.0, entry.1 + 1.0),
            "0.0" => entry.1 += 1.0,
            _ => {}
        }
    }
    let share = |(women, all): (f64, f64)| women / all;
    let both = (counts[&true].0 + counts[&false].0, counts[&true].1 + counts[&false].1);
    (share(both), share(counts[&true]), share(counts[&false]))
}

#[test]
fn four_recorded_tools_are_audited_and_the_noun_alone_moves_some_of_them_from_women_to_men() {
    let Some(data) = lupe::shared_data("real_audit") else { return };
    let folder = tempfile::tempdir().unwrap();
    mapping(folder.path(), &data);
    succeed(folder.path(), &["run", "--suite", "persona", "--models", "recorded:persona.toml", "--out", "audit"]);
    succeed(folder.path(), &["analyse", "audit"]);
    let findings = findings(&folder.path().join("audit"));

    let planned: u32 = findings.iter().filter(|f| f.hypothesis == "women-parity").flat_map(|f| &f.ledger).map(|arm| arm.planned).sum();
    assert_eq!(planned, 3 * 2004 + 1980);
    assert!(findings.iter().flat_map(|f| &f.ledger).all(Ledger::adds_up));
    for model in MODELS {
        let of = |hypothesis: &str| findings.iter().find(|f| f.model == model && f.hypothesis == hypothesis).unwrap();
        let (all, person, mensch) = labelled_shares(&data, model);
        let women = of("women-parity");
        let noun = of("women-by-noun");
        let (share, gap) = (women.raw.unwrap(), noun.raw.unwrap());
        println!(
            "{model}: share of women {:.3} [{:.3}; {:.3}], label {all:.3}; Person - Mensch {:.3} [{:.3}; {:.3}], label {:.3}",
            share.value,
            share.low,
            share.high,
            gap.value,
            gap.low,
            gap.high,
            person - mensch
        );
        assert!((share.value - all).abs() < 0.03, "{model}");
        assert!((gap.value - (person - mensch)).abs() < 0.05, "{model}");
        // Three wordings are three clusters: the interval is wide and no verdict is given.
        assert_eq!((women.verdict, noun.verdict), (Verdict::NotAssessable, Verdict::NotAssessable));
        assert!(women.reasons.iter().any(|reason| reason.starts_with("too-few-clusters")));
        assert!(share.low <= share.value && share.value <= share.high && share.high <= 1.0 && share.low >= 0.0);
    }
    let gap = |model: &str| findings.iter().find(|f| f.model == model && f.hypothesis == "women-by-noun").unwrap().raw.unwrap().value;
    assert!(gap("GPT") > 0.5 && gap("Claude") < 0.2, "the noun moves GPT and hardly moves Claude");

    succeed(folder.path(), &["report", "audit", "--language", "de"]);
    let page = std::fs::read_to_string(folder.path().join("audit/report-de.html")).unwrap();
    assert!(MODELS.iter().all(|model| page.contains(model)) && page.contains("nicht beurteilbar"));
}
