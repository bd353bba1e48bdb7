use super::*;
use crate::analyse::Verdict;
use crate::probe::Role;

fn page(input: &ReportInput, language: Language) -> String {
    render(input, language).unwrap_or_else(|error| panic!("{error:?}"))
}

fn evidence(start: usize, end: usize, label: &str) -> Evidence {
    Evidence { start, end, label: label.to_owned() }
}

fn texts(marked: &Marked) -> Vec<(&str, bool, Vec<&str>)> {
    marked.pieces.iter().map(|piece| (piece.text.as_str(), piece.marked, piece.labels.iter().map(String::as_str).collect())).collect()
}

/// The page without tags, white space run together.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for char in html.chars() {
        match char {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            char if !inside => text.push(char),
            _ => {}
        }
    }
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_has_every_part_in_both_languages() {
    let input = fixture::input();
    for language in Language::ALL {
        let html = page(&input, language);
        for id in ["summary", "findings", "probe-1", "probe-3", "calibration", "methods", "glossary", "manifest"] {
            assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        }
        assert!(html.contains(&format!("<html lang=\"{}\">", language.code())));
        assert!(!html.contains('⟦'));
    }
}

#[test]
fn a_claim_is_worded_as_strongly_as_its_other_forms_allow() {
    let german = plain(&page(&fixture::input(), Language::De));
    for words in [
        "Unterschied belegt, auch in anderen Worten",
        "Unterschied belegt, aber nicht in jeder Fassung",
        "kein relevanter Unterschied, in anderen Worten nicht geprüft",
        "Alle anderen Fassungen, die sich beurteilen ließen (zwei), bestätigen es.",
        "Keine zweite Prüffrage dieser Reihe fragt danach.",
        "hält nicht",
    ] {
        assert!(german.contains(words), "{words}");
    }
    let english = plain(&page(&fixture::input(), Language::En));
    assert!(english.contains("in other words too") && english.contains("but not in every form"));
    let none = ReportInput { robustness: Vec::new(), ..fixture::input() };
    assert!(!page(&none, Language::De).contains("in anderen Worten nicht geprüft"), "a report of an older run says nothing of it");
}

#[test]
fn nothing_is_run_and_nothing_is_fetched() {
    let html = page(&fixture::input(), Language::De);
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
    for forbidden in ["<script", "<link", "<img", "<iframe", "src=", "@import", "url(", "onclick"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let addresses: Vec<&str> = html.match_indices("http").map(|(at, _)| &html[at..(at + 26).min(html.len())]).collect();
    assert!(addresses.iter().all(|address| address.starts_with("http-equiv") || *address == "http://www.w3.org/2000/svg"), "{addresses:?}");
}

#[test]
fn headings_descend_without_gaps_and_ids_are_unique() {
    let html = page(&fixture::input(), Language::En);
    let mut last = 0;
    for (at, _) in html.match_indices("<h") {
        let Some(level) = html[at + 2..].chars().next().and_then(|digit| digit.to_digit(10)) else { continue };
        assert!(level <= last + 1, "h{level} after h{last}");
        last = level;
    }
    let mut ids: Vec<&str> = html.match_indices(" id=\"").map(|(at, _)| html[at + 5..].split('"').next().unwrap()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    for target in html.match_indices("href=\"#").map(|(at, _)| html[at + 7..].split('"').next().unwrap()) {
        assert!(ids.contains(&target), "#{target}");
    }
    assert_eq!(html.matches("<h1").count(), 1);
    assert_eq!(html.matches("<main").count(), 1);
    assert_eq!(html.matches("<table").count(), html.matches("<caption>").count());
}

#[test]
fn equal_input_gives_an_equal_page() {
    let input = fixture::input();
    assert_eq!(page(&input, Language::De), page(&input, Language::De));
}

#[test]
fn the_order_of_findings_does_not_break_groups_apart() {
    let mut input = fixture::input();
    input.findings.sort_by(|left, right| left.model.cmp(&right.model).then_with(|| left.id.cmp(&right.id)));
    let forests = charts(&input, Language::De).into_iter().filter_map(|named| match named.chart {
        crate::chart::Chart::Forest(forest) if named.probe.as_deref() == Some("demo-dialect") => Some(forest),
        _ => None,
    });
    let groups: Vec<usize> = forests.flat_map(|forest| forest.groups).map(|group| group.rows.len()).collect();
    assert_eq!(groups, [4; 5]);
}

#[test]
fn a_run_without_findings_says_so() {
    let input = ReportInput { findings: Vec::new(), probes: Vec::new(), examples: Vec::new(), readings: Vec::new(), ..fixture::input() };
    assert!(page(&input, Language::De).contains("In diesem Lauf gibt es noch keine Ergebnisse."));
    let nothing = ReportInput { manifest: ReportManifest::default(), ..input };
    page(&nothing, Language::En);
}

#[test]
fn what_cannot_be_assessed_is_said_and_never_numbered() {
    let mut input = fixture::input();
    for finding in &mut input.findings {
        finding.verdict = Verdict::NotAssessable;
        finding.estimate = None;
        finding.reasons = vec!["too-few-clusters have=3 need=6".to_owned()];
    }
    input.planted.clear();
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("Nicht beurteilbar sind 30 Schätzungen:"));
    assert!(text.contains("30-mal: Es gibt zu wenige"));
    assert!(text.contains("Bei keiner der vorab festgelegten Prüfungen ist ein Unterschied belegt."));
    assert!(!text.contains("95-%-Intervall 4") && !text.contains("Ein so großer Abstand"));
}

#[test]
fn an_estimate_that_cannot_be_assessed_stands_behind_the_reason() {
    let mut input = fixture::input();
    let reasons = vec!["too-few-clusters have=3 need=6".to_owned()];
    input.findings = vec![crate::analyse::Finding { reasons, ..fixture::share("m", 0.93, 0.3, Verdict::NotAssessable) }];
    let text = plain(&page(&input, Language::De));
    let sentence = "Auswertbar sind nur 3 voneinander unabhängige Gruppen von Eingaben; nötig sind mindestens 6. Nur der Vollständigkeit \
                    halber: Der Anteil „Frau“ beträgt 93,0\u{a0}% (95-%-Intervall 63,0\u{a0}% bis 100,0\u{a0}%)";
    assert!(text.contains(sentence));
    assert!(!text.contains("Das deutlichste Ergebnis"));
}

#[test]
fn hypotheses_for_each_level_are_one_family_with_one_heat_map() {
    let mut input = fixture::input();
    input.findings.retain(|finding| finding.hypothesis == "valence");
    for finding in &mut input.findings {
        let level = finding.level.clone().unwrap();
        finding.hypothesis = format!("tone.{level}");
        finding.claim.de = format!("{level}: gleicher Ton.");
        finding.reference = Some("mean".to_owned());
    }
    let drawn = charts(&input, Language::De);
    assert_eq!(drawn.iter().filter(|named| named.file == "demo-dialect-heatmap-tone-de").count(), 1);
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("„Wertung (freundlich oder abwertend)“ je Ausprägung, verglichen mit dem Mittel aller Ausprägungen"));
    assert!(text.contains("20 Schätzungen:"));
}

#[test]
fn groups_of_contexts_are_named_as_groups() {
    let mut input = fixture::input();
    input.findings.retain(|finding| finding.hypothesis == "contrast" && finding.model == "stereotyped");
    let finding = &mut input.findings[0];
    (finding.axis, finding.level, finding.reference) = (None, Some("left".to_owned()), Some("right".to_owned()));
    finding.ledger[0].arm = "left".to_owned();
    let mut hypothesis = input.probes[0].hypotheses[0].clone();
    hypothesis.id = "contrast".to_owned();
    hypothesis.contrast =
        crate::probe::Contrast::Contexts { left: vec!["guard".to_owned()], right: vec!["restorer".to_owned(), "educator".to_owned()] };
    input.probes[0].hypotheses.push(hypothesis);
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("In der ersten Gruppe liegt der Anteil „Frau“ um 31,3\u{a0}Prozentpunkte niedriger als in der zweiten"));
    assert!(text.contains("Erste Gruppe: „im Aufsichtsdienst“; zweite Gruppe: „restorer“, „educator“."));
    assert!(text.contains("erste Gruppe 620"));
}

#[test]
fn log_odds_say_what_one_of_them_means() {
    let mut input = fixture::input();
    input.findings.retain(|finding| finding.hypothesis == "contrast" && finding.model == "stereotyped");
    let finding = &mut input.findings[0];
    (finding.unit, finding.margin) = (crate::analyse::Unit::LogOdds, 0.4);
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("Relevanzschwelle: 0,4\u{a0}Log-Odds. Ein Unterschied von 1\u{a0}Log-Odds heißt: Die Chancen der ersten Fortsetzung gegen die übrigen sind 2,7-mal so hoch."));
    // The estimate is -0.313, and exp(-0.313) = 0.73.
    assert!(text.contains("um 0,31\u{a0}Log-Odds niedriger") && text.contains("Die Chancen sind damit 0,73-mal so hoch."));
}

#[test]
fn five_hundred_findings_are_one_page() {
    let mut input = fixture::input();
    input.findings = (0..500)
        .map(|index| crate::analyse::Finding {
            hypothesis: format!("h{}", index / 20),
            ..fixture::share(&format!("m{}", index % 20), 0.4, 0.1, Verdict::Inconclusive)
        })
        .collect();
    let html = page(&input, Language::De);
    assert!(html.len() < 5_000_000, "{}", html.len());
    assert!(plain(&html).contains("20 Schätzungen: 20\u{a0}×\u{a0}unentschieden."));
}

#[test]
fn equivalence_goes_before_difference_and_says_that_something_is_detectable() {
    let mut input = fixture::input();
    input.findings = vec![fixture::share("m", 0.46, 0.02, Verdict::NoRelevantDifference)];
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("Ein Unterschied ist nachweisbar, liegt aber unter der Schwelle von 10\u{a0}Prozentpunkten."));
    input.findings = vec![fixture::share("m", 0.5, 0.02, Verdict::NoRelevantDifference)];
    assert!(plain(&page(&input, Language::En)).contains("A difference of 10\u{a0}percentage points or more is ruled out."));
}

#[test]
fn exploratory_findings_hint_and_do_not_prove() {
    let mut input = fixture::input();
    input.findings = vec![crate::analyse::Finding { role: Role::Exploratory, ..fixture::share("m", 0.2, 0.05, Verdict::Difference) }];
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("Der deutlichste Hinweis (kein Beleg):"));
    assert!(text.contains("Hinweis auf einen Unterschied"));
    assert!(text.contains("Keine der Prüfungen war vorab festgelegt"));
    assert_eq!(text.matches("Unterschied belegt").count(), 1, "only where the words are explained");
}

#[test]
fn directions_are_said_in_words() {
    let text = plain(&page(&fixture::input(), Language::De));
    assert!(text.contains(
        "um 31,3\u{a0}Prozentpunkte niedriger als bei „Aufsicht“ (95-%-Intervall \u{2212}34,5 bis \u{2212}27,8\u{a0}Prozentpunkte)"
    ));
    assert!(text.contains("Vergleichswert 50\u{a0}%: gleich viele Frauen und Männer."));
}

#[test]
fn what_a_share_is_a_share_of_and_what_is_taken_as_fixed_is_said() {
    let text = plain(&page(&fixture::input(), Language::De));
    assert!(text.contains("Die Anteile zählen nur Antworten, die so gelesen wurden: Frau, Mann."));
    assert_eq!(text.matches("Die Wortlaute der Eingaben gelten als fest").count(), 1);
    assert!(text.contains("Sensitivität 97,0\u{a0}%, Spezifität 99,0\u{a0}%, geprüft an 400 Texten."));
}

#[test]
fn the_ledger_shows_its_sum_and_says_when_it_does_not_add_up() {
    let mut input = fixture::input();
    assert!(input.findings.iter().flat_map(|finding| &finding.ledger).all(crate::analyse::Ledger::adds_up));
    assert!(!page(&input, Language::De).contains("geht nicht auf"));
    input.findings[0].ledger[0].failed = 7;
    let text = plain(&page(&input, Language::De));
    assert!(text.contains("1.247 geht nicht auf"));
}

#[test]
fn hostile_answers_stay_inert_and_are_visibly_cut() {
    let mut input = fixture::input();
    let hostile = format!("</title><script>alert(1)</script>\u{202e}\u{0}{{{{ 7*7 }}}} \"'{}", "a".repeat(100_000));
    input.examples = vec![Example {
        answer_text: hostile.clone(),
        prompt_text: hostile,
        evidence: vec![evidence(0, 9, "<b>")],
        ..input.examples[0].clone()
    }];
    let html = page(&input, Language::De);
    assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains('\u{202e}') && !html.contains('\u{0}'));
    assert!(html.contains("{{ 7*7 }}"));
    assert!(html.contains("[U+202E]") && html.contains("[U+0000]"));
    assert!(html.contains("gekürzt: 1.200 von 100.0"));
    assert!(html.len() < 500_000);
}

#[test]
fn at_most_five_examples_per_arm_are_shown_and_every_model_has_its_say() {
    let mut input = fixture::input();
    let first = input.examples[0].clone();
    input.examples = (0..20).map(|index| Example { model: if index < 15 { "a" } else { "b" }.to_owned(), ..first.clone() }).collect();
    let html = page(&input, Language::En);
    assert_eq!(html.matches("class=\"example\"").count(), 5);
    assert_eq!(html.matches("Answer by b").count(), 2);
}

#[test]
fn evidence_is_cut_at_characters_even_where_offsets_are_not() {
    let text = "Käthe prüft ß";
    let marked = pieces(text, &[evidence(0, "Käthe".len(), "woman")], 100);
    assert_eq!(texts(&marked), [("Käthe", true, vec!["woman"]), (" prüft ß", false, vec![])]);
    // Byte 2 lies inside "ä" (bytes 1 and 2): the whole letter is marked.
    let marked = pieces(text, &[evidence(2, 4, "woman")], 100);
    assert_eq!(texts(&marked), [("K", false, vec![]), ("ät", true, vec!["woman"]), ("he prüft ß", false, vec![])]);
    let marked = pieces(text, &[evidence(text.len() - 1, text.len() + 50, "x"), evidence(900, 901, "y"), evidence(3, 3, "z")], 100);
    assert_eq!(texts(&marked), [("Käthe prüft ", false, vec![]), ("ß", true, vec!["x"])]);
}

#[test]
fn overlapping_evidence_keeps_both_labels_and_nested_equal_evidence_is_one() {
    let marked = pieces("abcdef", &[evidence(0, 4, "woman"), evidence(2, 6, "man")], 100);
    assert_eq!(texts(&marked), [("ab", true, vec![]), ("cd", true, vec!["woman"]), ("ef", true, vec!["man"])]);
    let marked = pieces("abcdef", &[evidence(0, 6, "woman"), evidence(2, 4, "woman"), evidence(2, 4, "man")], 100);
    assert_eq!(texts(&marked), [("ab", true, vec![]), ("cd", true, vec!["man"]), ("ef", true, vec!["woman"])]);
}

#[test]
fn evidence_behind_the_cut_is_counted() {
    let marked = pieces("äöü äöü", &[evidence(0, 2, "a"), evidence(7, 9, "b")], 3);
    assert_eq!((marked.shown, marked.all, marked.hidden), (3, 7, 1));
    assert_eq!(texts(&marked), [("ä", true, vec!["a"]), ("öü", false, vec![])]);
    assert_eq!(pieces("", &[evidence(0, 3, "a")], 3), Marked::default());
}
