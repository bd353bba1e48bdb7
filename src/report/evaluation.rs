//! The page on an evaluation of a detector.
//!
//! In: an [`Evaluation`]. Out: HTML that needs nothing else: one sentence of result, charts with the tables behind them, whom the detector wrongly suspects, what is left of it
//! under length, change, domain and tool, and what does not follow. `tables` writes rows.

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::ReportError;
use crate::chart::{Chart, Interval, Reliability, ReliabilityBin, Roc, RocCurve, Table};
use crate::detect::evaluate::{Evaluation, GroupBy, Number, Row};
use crate::detect::material::Modality;
use crate::lang::wording::{Wording, numbers};

mod tables;

use tables::Tables;

/// One part of the page.
#[derive(Default, Serialize)]
struct Section {
    heading: String,
    words: Vec<String>,
    chart: Option<Drawn>,
    table: Option<Table>,
    points: Vec<String>,
}

/// A chart with the figures behind it.
#[derive(Serialize)]
struct Drawn {
    svg: Value,
    table: Table,
}

impl Drawn {
    fn new(chart: &Chart, id: &str) -> Result<Self, ReportError> {
        Ok(Self { svg: Value::from_safe_string(chart.svg(id)?), table: chart.table() })
    }
}

/// The page in the language of `wording`.
///
/// # Errors
/// When a chart cannot be drawn or the template is broken; a test sees to it that neither is so.
pub fn page(found: &Evaluation, wording: &Wording) -> Result<String, ReportError> {
    let mut templates = Environment::new();
    templates.add_template("evaluation.html", include_str!("templates/evaluation.html"))?;
    let page = Page { found, wording, tables: Tables { found, wording } };
    let text = templates.get_template("evaluation.html")?.render(context! {
        language => wording.language().code(),
        title => wording.with("detect-eval-title", &[("detector", found.detector.id.as_str().into())]),
        intro => page.intro(),
        result => result(found, wording),
        chart_data => wording.text("chart-data"),
        sections => Serde(page.sections()?),
    })?;
    Ok(text)
}

/// The result in sentences: what the detector tells apart, how sure that is, and whether it is more than the controls do.
pub fn result(found: &Evaluation, wording: &Wording) -> Vec<String> {
    let detector = ("detector", found.detector.id.as_str().into());
    let percent = |value: f64| numbers::percent(value, 1, wording.language());
    let Number::Stated { value, lower, upper } = found.whole.measured.auroc else {
        return vec![wording.with("detect-eval-result-none", &[detector])];
    };
    let mut lines = vec![
        wording.with("detect-eval-result", &[detector, ("share", percent(value).into())]),
        wording.with("detect-eval-result-interval", &[("low", percent(lower).into()), ("high", percent(upper).into())]),
    ];
    let named = |shown: bool| -> Vec<String> {
        let beside = found.whole.beside.iter().filter(|beside| beside.gain_shown == shown);
        beside.map(|beside| wording.name("detect-control", &beside.control)).collect()
    };
    for (key, controls) in [("detect-eval-beats", named(true)), ("detect-eval-beats-not", named(false))] {
        if !controls.is_empty() {
            lines.push(wording.with(key, &[("controls", controls.join(", ").into())]));
        }
    }
    if found.whole.beside.is_empty() {
        lines.push(wording.text("detect-eval-no-controls"));
    }
    lines
}

struct Page<'a> {
    found: &'a Evaluation,
    wording: &'a Wording,
    tables: Tables<'a>,
}

impl Page<'_> {
    fn text(&self, key: &str) -> String {
        self.wording.text(key)
    }

    fn intro(&self) -> String {
        let key = match self.found.detector.modality {
            Modality::Text => "detect-eval-intro-text",
            Modality::Image => "detect-eval-intro-image",
            Modality::Sound => "detect-eval-intro-sound",
        };
        let count = |count: usize| numbers::count(count as u64, self.wording.language()).into();
        self.wording.with(key, &[("human", count(self.found.corpus.human)), ("generated", count(self.found.corpus.generated))])
    }

    fn sections(&self) -> Result<Vec<Section>, ReportError> {
        let found = self.found;
        let tables = &self.tables;
        let mut sections = vec![self.curve()?];
        sections.extend(self.reliability()?);
        sections.push(match tables.groups() {
            Some(table) => self.section("detect-eval-groups", table),
            None => Section {
                heading: self.text("detect-eval-groups"),
                words: vec![self.text("detect-eval-groups-none")],
                ..Section::default()
            },
        });
        if !found.lengths.is_empty() {
            sections.push(self.section("detect-eval-lengths", tables.lengths()));
        }
        if !found.variants.is_empty() {
            sections.push(self.section("detect-eval-variants", tables.variants()));
        }
        let parts: [(&str, &str, &[Row]); 4] = [
            ("detect-eval-unseen-domains", "detect-eval-domain", &found.unseen_domains),
            ("detect-eval-unseen-generators", "detect-eval-generator", &found.unseen_generators),
            ("detect-eval-domains", "detect-eval-domain", &found.domains),
            ("detect-eval-generators", "detect-eval-generator", &found.generators),
        ];
        // A single domain or tool is the whole, which stands above.
        let several = parts.into_iter().filter(|(_, _, rows)| rows.len() > 1);
        sections.extend(several.map(|(key, column, rows)| self.section(key, tables.rows(key, column, rows))));
        sections.extend([self.abstained(), self.limits()]);
        sections.push(Section {
            heading: self.text("detect-eval-facts"),
            table: Some(tables.facts(found.protocol.group_by == GroupBy::Domain)),
            ..Section::default()
        });
        Ok(sections)
    }

    fn section(&self, key: &str, table: Table) -> Section {
        Section { heading: self.text(key), words: vec![self.text(&format!("{key}-words"))], table: Some(table), ..Section::default() }
    }

    fn curve(&self) -> Result<Section, ReportError> {
        let found = self.found;
        let mut section = self.section("detect-eval-curve", self.tables.whole());
        if found.curve.is_empty() {
            return Ok(section);
        }
        let mut curves = vec![(found.detector.id.clone(), &found.whole.measured.auroc, &found.curve)];
        for (beside, curve) in found.whole.beside.iter().zip(&found.control_curves) {
            curves.push((self.wording.name("detect-control", &beside.control), &beside.auroc, curve));
        }
        let curves = curves.into_iter().filter(|(_, _, points)| !points.is_empty()).map(|(label, area, points)| RocCurve {
            label,
            area: self.tables.decimal(area),
            points: points.iter().map(|point| (point.false_positives, point.true_positives)).collect(),
        });
        let chart = Roc { title: section.heading.clone(), language: self.wording.language(), curves: curves.collect() };
        section.chart = Some(Drawn::new(&Chart::Roc(chart), "roc")?);
        Ok(section)
    }

    fn reliability(&self) -> Result<Option<Section>, ReportError> {
        let Some(reliability) = &self.found.reliability else { return Ok(None) };
        let language = self.wording.language();
        let points = |value: f64| self.wording.with("number-points", &[("value", numbers::decimal(100.0 * value, 1, language).into())]);
        let error = reliability.error;
        let measured = &self.found.whole.measured;
        let share = measured.generated as f64 / (measured.generated + measured.human).max(1) as f64;
        let holds = if error.error > error.floor_high { "fails" } else { "holds" };
        let heading = self.text("detect-eval-reliability");
        let bins = reliability.bins.iter().map(|bin| ReliabilityBin {
            range: (bin.from, bin.to),
            predicted: bin.predicted,
            observed: Interval { value: bin.observed, low: bin.interval.lower, high: bin.interval.upper },
            works: bin.items,
        });
        let chart = Reliability { title: heading.clone(), language, bins: bins.collect() };
        let words = [
            self.wording.with(
                "detect-eval-reliability-words",
                &[("error", points(error.error).into()), ("floor", points(error.floor).into()), ("high", points(error.floor_high).into())],
            ),
            self.text(&format!("detect-eval-reliability-{holds}")),
            self.wording.with("detect-eval-reliability-mix", &[("share", numbers::percent(share, 0, language).into())]),
        ];
        Ok(Some(Section {
            heading,
            words: vec![words.join(" ")],
            chart: Some(Drawn::new(&Chart::Reliability(chart), "reliability")?),
            ..Section::default()
        }))
    }

    fn abstained(&self) -> Section {
        if self.found.whole.measured.abstained.is_empty() {
            let words = vec![self.text("detect-eval-abstained-none")];
            return Section { heading: self.text("detect-eval-abstained"), words, ..Section::default() };
        }
        self.section("detect-eval-abstained", self.tables.abstained())
    }

    fn limits(&self) -> Section {
        let found = self.found;
        let mut keys = vec!["kind", "single", "real"];
        keys.extend((found.corpus.generators.len() < 2).then_some("tools"));
        keys.extend((found.corpus.domains.len() < 2).then_some("domains"));
        keys.push(if found.variants.is_empty() { "no-attacks" } else { "attacks" });
        let points = keys.into_iter().map(|key| self.text(&format!("detect-eval-limit-{key}"))).collect();
        Section { heading: self.text("detect-eval-limits"), points, ..Section::default() }
    }
}

#[cfg(test)]
mod tests;
