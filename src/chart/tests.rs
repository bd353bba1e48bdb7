use std::collections::BTreeMap;

use super::*;
use crate::analyse::{Finding, Verdict};
use crate::report::fixture;

fn forest(language: Language) -> Forest {
    let input = fixture::input();
    let findings: Vec<&Finding> = input.findings.iter().filter(|finding| finding.hypothesis == "conservation-women").collect();
    Forest::from_findings(&findings, "Berufe: ä ö ü ß & <Künste>", language, |finding| {
        (finding.claim.get(language).to_owned(), String::new())
    })
    .remove(0)
}

fn every_chart(language: Language) -> Vec<Chart> {
    crate::report::charts(&fixture::input(), language).into_iter().map(|named| named.chart).collect()
}

/// Every tag that opens is closed in its order, attributes are quoted, text holds no bare `<` or `&`.
fn well_formed(svg: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        for (at, _) in text.match_indices('&') {
            if !["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"].iter().any(|entity| text[at..].starts_with(entity)) {
                return Err(format!("bare & in {text:?}"));
            }
        }
        let end = rest[start..].find('>').ok_or("a tag does not end")? + start;
        let tag = &rest[start + 1..end];
        if !tag.matches('"').count().is_multiple_of(2) {
            return Err(format!("quotes in {tag:?}"));
        }
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or_default());
        }
        rest = &rest[end + 1..];
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

#[test]
fn all_four_kinds_are_drawn_from_the_findings_of_a_run() {
    let charts = every_chart(Language::De);
    assert!(charts.iter().any(|chart| matches!(chart, Chart::Forest(_))));
    assert!(charts.iter().any(|chart| matches!(chart, Chart::Representation(_))));
    assert!(charts.iter().any(|chart| matches!(chart, Chart::Heatmap(_))));
    assert!(charts.iter().any(|chart| matches!(chart, Chart::Planted(_))));
}

#[test]
fn svg_is_well_formed_and_names_itself() {
    for language in Language::ALL {
        for (index, chart) in every_chart(language).iter().enumerate() {
            let svg = chart.svg(&format!("c{index}")).unwrap();
            well_formed(&svg).unwrap();
            assert!(svg.starts_with("<svg "));
            assert!(svg.contains(&format!("role=\"img\" lang=\"{}\" aria-labelledby=\"c{index}-title c{index}-desc\"", language.code())));
            assert!(svg.contains(&format!("<title id=\"c{index}-title\">")) && svg.contains(&format!("<desc id=\"c{index}-desc\">")));
            assert!(!svg.contains("lupe-serif") && !svg.contains("href") && !svg.contains("<script"));
        }
    }
}

#[test]
fn umlauts_and_markup_in_names_come_out_as_text() {
    let svg = forest(Language::De).clone();
    let svg = Chart::Forest(svg).svg("x").unwrap();
    assert!(svg.contains("Berufe: ä ö ü ß &amp; &lt;Künste&gt;"));
    let mut hostile = forest(Language::De);
    hostile.groups[0].rows[0].label = "</text><script>\u{0}\n".to_owned();
    let svg = Chart::Forest(hostile).svg("x").unwrap();
    well_formed(&svg).unwrap();
    assert!(!svg.contains("<script") && !svg.contains('\u{0}'));
}

#[test]
fn equal_input_gives_equal_bytes() {
    for (first, second) in every_chart(Language::De).iter().zip(every_chart(Language::De)) {
        assert_eq!(first.svg("x").unwrap(), second.svg("x").unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a.png"), folder.path().join("b.png"));
    let chart = Chart::Forest(forest(Language::De));
    chart.write_png(&first).unwrap();
    chart.write_png(&second).unwrap();
    assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    assert!(std::fs::read(&first).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn files_carry_their_title_where_the_page_prints_it_itself() {
    let folder = tempfile::tempdir().unwrap();
    let chart = Chart::Forest(forest(Language::De));
    chart.write_svg(&folder.path().join("a.svg")).unwrap();
    let file = std::fs::read_to_string(folder.path().join("a.svg")).unwrap();
    well_formed(&file).unwrap();
    assert_eq!(file.matches("&amp; &lt;Künste&gt;").count(), 2, "as title and as text");
    assert_eq!(chart.svg("x").unwrap().matches("&amp; &lt;Künste&gt;").count(), 1);
}

#[test]
fn a_png_that_cannot_be_written_is_an_error_with_its_path() {
    let error = Chart::Forest(forest(Language::De)).write_png(Path::new("/no/such/folder/a.png")).unwrap_err();
    assert!(matches!(error, ChartError::Write { .. }), "{error}");
}

#[test]
fn a_missing_value_is_words_and_not_an_interval() {
    let mut forest = forest(Language::De);
    forest.groups[0].rows.retain(|row| row.verdict == Verdict::NotAssessable);
    assert_eq!(forest.groups[0].rows.len(), 1);
    let table = forest.table();
    assert_eq!(table.rows[0][3..6], ["nicht beurteilbar", "nicht beurteilbar", "nicht beurteilbar"]);
    let svg = Chart::Forest(forest).svg("x").unwrap();
    assert_eq!(svg.matches("nicht beurteilbar</text>").count(), 2, "once in the row, once in the legend");
}

#[test]
fn an_estimate_that_is_not_a_number_is_missing() {
    let mut finding = fixture::share("m", 0.4, 0.1, Verdict::Inconclusive);
    finding.estimate.as_mut().unwrap().high = f64::NAN;
    let forest = Forest::from_findings(&[&finding], "t", Language::De, |_| (String::new(), String::new())).remove(0);
    assert_eq!(forest.groups[0].rows[0].interval, None);
}

#[test]
fn numbers_in_charts_follow_the_language() {
    let german = Chart::Forest(forest(Language::De)).svg("x").unwrap();
    assert!(german.contains("50,8\u{a0}% [46,7\u{a0}%; 54,9\u{a0}%]"));
    let english = Chart::Forest(forest(Language::En)).svg("x").unwrap();
    assert!(english.contains("50.8% [46.7%, 54.9%]"));
    let points = Quantity::Points.full(-0.041, Language::De);
    assert_eq!(points, "\u{2212}4,1\u{a0}Prozentpunkte");
}

#[test]
fn more_than_forty_rows_are_cut_into_several_charts() {
    let findings: Vec<Finding> = (0..100).map(|index| fixture::share(&format!("m{index}"), 0.4, 0.1, Verdict::Inconclusive)).collect();
    let findings: Vec<&Finding> = findings.iter().collect();
    let forests = Forest::from_findings(&findings, "t", Language::En, |_| (String::new(), String::new()));
    let rows: Vec<usize> = forests.iter().map(|forest| forest.groups.iter().map(|group| group.rows.len()).sum()).collect();
    assert_eq!(rows, [40, 40, 20]);
}

#[test]
fn representation_puts_the_category_of_the_baseline_first_and_shares_add_up() {
    let findings = [fixture::share("m", 0.4, 0.1, Verdict::Inconclusive)];
    let counts = [("unclear", 10), ("man", 60), ("woman", 30)].map(|(category, count)| (category.to_owned(), count)).to_vec();
    let row =
        Readings { probe: "p".to_owned(), model: "m".to_owned(), language: Language::De, measure: "referent-gender".to_owned(), counts };
    let among = ["woman".to_owned(), "man".to_owned()];
    let chart = Representation::from_findings(&[&findings[0]], &[&row], &among, ("t", Language::De), |category| format!("eine {category}"))
        .unwrap();
    assert_eq!(chart.table().head[2..], ["eine woman", "eine man", "eine unclear"]);
    assert_eq!(chart.categories, ["woman", "man", "unclear"]);
    assert_eq!(chart.bars[0].counts, [30, 60, 10]);
    assert_eq!((chart.among, chart.baseline), (2, Some(0.5)));
    assert_eq!(chart.table().rows[0][1..], ["100", "30,0\u{a0}% (30)", "60,0\u{a0}% (60)", "10,0\u{a0}% (10)"]);
    assert!(Representation::from_findings(&[], &[], &[], ("t", Language::De), str::to_owned).is_none());
}

#[test]
fn a_heat_map_needs_two_levels_and_says_where_nothing_was_asked() {
    let one = fixture::dialect("m", "ruhr", 0.1, Verdict::Inconclusive);
    let name = |finding: &Finding| finding.level.clone().unwrap();
    assert!(Heatmap::from_findings(&[&one], "t", Language::De, name).is_none());
    let other = fixture::dialect("n", "berlin", -0.3, Verdict::Difference);
    let chart = Heatmap::from_findings(&[&one, &other], "t", Language::De, name).unwrap();
    assert_eq!(chart.table().rows[0], ["ruhr", "+0,10", "nicht gefragt"]);
    assert!(chart.description().contains("\u{2212}0,30"));
}

#[test]
fn planted_shows_only_what_has_a_known_truth() {
    let findings = [fixture::share("m", 0.4, 0.1, Verdict::Inconclusive), fixture::share("n", 0.7, 0.1, Verdict::Difference)];
    let both: Vec<&Finding> = findings.iter().collect();
    let planted = BTreeMap::from([(findings[0].id.clone(), 0.45)]);
    let chart = Planted::from_findings(&both, &planted, Quantity::Share, ("t", Language::En), |_| "x".to_owned()).unwrap();
    assert_eq!(chart.points.len(), 1);
    assert!(chart.description().starts_with("1 points, ") && chart.description().contains("For 1 of them"));
    assert!(Planted::from_findings(&both, &planted, Quantity::Score, ("t", Language::En), |_| String::new()).is_none());
}

#[test]
fn charts_without_content_are_still_drawings() {
    let empty = Forest { title: String::new(), language: Language::De, quantity: Quantity::Points, exploratory: false, groups: Vec::new() };
    well_formed(&Chart::Forest(empty).svg("x").unwrap()).unwrap();
}
