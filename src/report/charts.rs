//! Which charts a run has, in the order of the page; the same list serves the page and the files beside it.

use std::path::Path;

use super::{ReportInput, names};
use crate::analyse::Finding;
use crate::chart::{Chart, ChartError, Forest, Heatmap, Planted, Quantity, Readings, Representation};
use crate::lang::wording::Wording;
use crate::probe::{Contrast, Probe, Role};
use crate::store::Language;

/// A chart and the name of its files.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedChart {
    /// File name without ending, for instance `demo-occupation-forest-1`.
    pub file: String,
    /// Probe it belongs to; `None` for the calibration of the whole run.
    pub probe: Option<String>,
    /// For forests: whether the findings are confirmatory or exploratory.
    pub role: Option<Role>,
    /// The chart.
    pub chart: Chart,
}

impl NamedChart {
    /// Write the chart as SVG and PNG into `folder`.
    pub fn write(&self, folder: &Path) -> Result<(), ChartError> {
        self.chart.write_svg(&folder.join(format!("{}.svg", self.file)))?;
        self.chart.write_png(&folder.join(format!("{}.png", self.file)))
    }
}

/// All charts of a run, with words in `language`.
pub fn charts(input: &ReportInput, language: Language) -> Vec<NamedChart> {
    let mut all = Vec::new();
    for probe in ordered(input) {
        let findings = names::findings(input, &probe);
        for role in [Role::Confirmatory, Role::Exploratory] {
            all.extend(forests(input, &probe, &findings, role, language));
        }
        all.extend(representations(input, &probe, &findings, language));
        all.extend(heatmaps(input, &probe, &findings, language));
    }
    all.extend(calibrations(input, language));
    all
}

/// Ids of the probes: those of the report in its order, then those that only findings name.
pub(super) fn ordered(input: &ReportInput) -> Vec<String> {
    let mut ids: Vec<String> = input.probes.iter().map(|probe: &Probe| probe.id.clone()).collect();
    for finding in &input.findings {
        if !ids.contains(&finding.probe) {
            ids.push(finding.probe.clone());
        }
    }
    ids
}

fn forests(input: &ReportInput, probe: &str, findings: &[&Finding], role: Role, language: Language) -> Vec<NamedChart> {
    let wording = Wording::of(language);
    let of_role: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.role == role).collect();
    let key = if role == Role::Confirmatory { "chart-forest-title" } else { "chart-forest-title.exploratory" };
    let title = wording.with(key, &[("probe", names::probe_title(input, probe, wording).into())]);
    let mut forests = Forest::from_findings(&of_role, &title, language, |finding| names::group(input, finding, wording));
    let parts = forests.len();
    for (part, forest) in forests.iter_mut().enumerate().filter(|_| parts > 1) {
        let counted = [("title", title.as_str().into()), ("part", (part + 1).into()), ("parts", parts.into())];
        forest.title = wording.with("chart-forest-title.part", &counted);
    }
    let suffix = if role == Role::Confirmatory { "" } else { "-exploratory" };
    let named = |(part, forest)| NamedChart {
        file: format!("{probe}-forest{suffix}-{}", part + 1),
        probe: Some(probe.to_owned()),
        role: Some(role),
        chart: Chart::Forest(forest),
    };
    forests.into_iter().enumerate().map(named).collect()
}

fn representations(input: &ReportInput, probe: &str, findings: &[&Finding], language: Language) -> Vec<NamedChart> {
    let wording = Wording::of(language);
    // Who appears is a question to prompts that name no level; other measures only serve.
    let asked =
        |row: &&Readings| row.probe == probe && findings.iter().any(|finding| finding.measure == row.measure && finding.axis.is_none());
    let mut kinds: Vec<(Language, &str)> = input.readings.iter().filter(asked).map(|row| (row.language, row.measure.as_str())).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let chart = |(of, measure): (Language, &str)| {
        let readings: Vec<&Readings> =
            input.readings.iter().filter(|row| row.probe == probe && row.language == of && row.measure == measure).collect();
        let arguments =
            [("probe", names::probe_title(input, probe, wording).into()), ("language", wording.name("language", of.code()).into())];
        let title = wording.with("chart-representation-title", &arguments);
        let same_language: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.language == of).collect();
        let among = names::probe(input, probe)
            .into_iter()
            .flat_map(|probe| &probe.hypotheses)
            .find(|hypothesis| hypothesis.measure == measure && matches!(hypothesis.contrast, Contrast::Baseline { .. }))
            .map_or(&[][..], |hypothesis| &hypothesis.among);
        let name = |category: &str| names::category(names::probe(input, probe), measure, category, wording);
        let chart = Representation::from_findings(&same_language, &readings, among, (&title, language), name)?;
        Some(NamedChart {
            file: format!("{probe}-representation-{measure}-{}", of.code()),
            probe: Some(probe.to_owned()),
            role: None,
            chart: Chart::Representation(chart),
        })
    };
    kinds.into_iter().filter_map(chart).collect()
}

fn heatmaps(input: &ReportInput, probe: &str, findings: &[&Finding], language: Language) -> Vec<NamedChart> {
    let wording = Wording::of(language);
    let chart = |(family, of): (&str, Language)| {
        let same: Vec<&Finding> =
            findings.iter().copied().filter(|finding| names::family(finding) == family && finding.language == of).collect();
        let question = names::question(input, same.first()?, wording);
        let arguments = [("claim", question.trim_end_matches('.').into()), ("language", wording.name("language", of.code()).into())];
        let title = wording.with("chart-heatmap-title", &arguments);
        let name = |finding: &Finding| names::level_of(input, finding, wording).unwrap_or_default();
        let chart = Heatmap::from_findings(&same, &title, language, name)?;
        Some(NamedChart {
            file: format!("{probe}-heatmap-{}-{}", family.trim_end_matches(['.', '-']), of.code()),
            probe: Some(probe.to_owned()),
            role: None,
            chart: Chart::Heatmap(chart),
        })
    };
    names::distinct(findings, |finding| (names::family(finding), finding.language)).into_iter().filter_map(chart).collect()
}

fn calibrations(input: &ReportInput, language: Language) -> Vec<NamedChart> {
    let wording = Wording::of(language);
    let findings: Vec<&Finding> = ordered(input).iter().flat_map(|probe| names::findings(input, probe)).collect();
    let chart = |quantity: Quantity| {
        let (file, axis) = match quantity {
            Quantity::Share => ("calibration-shares", "axis-share"),
            Quantity::Points => ("calibration-points", "axis-points"),
            Quantity::Score => ("calibration-scores", "axis-score"),
            Quantity::LogOdds => ("calibration-log-odds", "axis-log-odds"),
            Quantity::Index => ("calibration-indices", "axis-index"),
        };
        let title = wording.with("chart-planted-title", &[("quantity", wording.text(axis).into())]);
        let label = |finding: &Finding| {
            let (claim, part) = names::group(input, finding, wording);
            if part.is_empty() { claim } else { part }
        };
        let chart = Planted::from_findings(&findings, &input.planted, quantity, (&title, language), label)?;
        Some(NamedChart { file: file.to_owned(), probe: None, role: None, chart: Chart::Planted(chart) })
    };
    [Quantity::Share, Quantity::Points, Quantity::Score, Quantity::LogOdds, Quantity::Index].into_iter().filter_map(chart).collect()
}
