//! A small real audit whose questions are asked twice: what stands in other words is said to, and how.

use lupe::analyse::Verdict;
use lupe::analyse::robustness::{Form, Robustness, Says, Standing};

use crate::support::{findings, succeed};

#[test]
fn a_planted_bias_stands_in_other_words_and_a_choice_shows_its_scores() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    succeed(folder, &["probes", "new", "wieder", "--suite", "doppelt", "--like", "demo-occupation"]);
    let suite = "id = \"doppelt\"\ntitle = { de = \"x\", en = \"x\" }\npurpose = { de = \"x\", en = \"x\" }\n\
                 probes = [\"demo-occupation\", \"wieder\", \"demo-dialect-work\"]\n";
    std::fs::create_dir_all(folder.join("probes/suites")).unwrap();
    std::fs::write(folder.join("probes/suites/doppelt.toml"), suite).unwrap();
    succeed(folder, &["run", "--suite", "doppelt", "--models", "stereotyped", "--repeats", "8", "--out", "run"]);
    succeed(folder, &["analyse", "run"]);

    let findings = findings(&folder.join("run"));
    let report: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder.join("run/report.json")).unwrap()).unwrap();
    let panels: Vec<Robustness> = serde_json::from_value(report["robustness"].clone()).unwrap();
    for language in ["de", "en"] {
        let id = ["demo-occupation", "work", language, "stereotyped"].join("/");
        let finding = findings.iter().find(|finding| finding.id == id).unwrap();
        let panel = panels.iter().find(|panel| panel.finding == id).unwrap();
        assert_eq!(finding.verdict, Verdict::Difference, "{id}");
        assert_eq!(panel.standing, Standing::Robust, "{panel:?}");
        let [again, first, second] = &panel.rows[..] else { panic!("{panel:?}") };
        assert_eq!(again.form, Form::Replication { probe: "wieder".into(), hypothesis: "work".into() });
        let (Form::Wordings { templates: one }, Form::Wordings { templates: other }) = (&first.form, &second.form) else { panic!() };
        assert_eq!((one.len(), other.len()), (6, 6));
        assert!(one.iter().all(|template| !other.contains(template)));
        // Both halves have as many answers: the claim lies between them, whatever the correction.
        let (claim, halves) = (finding.estimate.unwrap().value, [first, second].map(|row| row.estimate.unwrap().value));
        assert!((claim - (halves[0] + halves[1]) / 2.0).abs() < 0.02, "{claim} {halves:?}");
    }
    let choice = panels.iter().find(|panel| panel.finding == "demo-dialect-work/work-low-german/de/stereotyped").unwrap();
    let scored: Vec<(&str, Says)> = choice
        .rows
        .iter()
        .filter_map(|row| if let Form::Scoring { measure } = &row.form { Some((measure.as_str(), row.says)) } else { None })
        .collect();
    // The neutral prompt is the same for every way of speaking, so its score drops out of the difference between them.
    assert_eq!(scored[0], ("choice-raw", Says::SameByConstruction), "{choice:?}");
    assert_eq!(scored.iter().map(|(measure, _)| *measure).collect::<Vec<_>>(), ["choice-raw", "choice-per-token", "choice-per-character"]);
    assert_eq!(choice.standing, Standing::Unreplicated, "{choice:?}");

    for (language, words) in [
        (
            "de",
            [
                "Unterschied belegt, auch in anderen Worten",
                "in anderen Worten nicht geprüft",
                "in vertauschter Reihenfolge gibt es hier nicht",
            ],
        ),
        ("en", ["in other words too", "not tried in other words", "no continuations in another order"]),
    ] {
        succeed(folder, &["report", "run", "--language", language]);
        let page = std::fs::read_to_string(folder.join(format!("run/report-{language}.html"))).unwrap();
        words.iter().for_each(|words| assert!(page.contains(words), "{words}"));
    }
}
