//! Forest chart: one line per model, its estimate with interval, the band of differences that do not matter, the verdict as a sign.

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError};
use super::palette::{self, BAND, BODY, INK, PAPER, RULE, SMALL};
use super::quantity::Scale;
use super::{Drawing, Interval, Quantity, Table};
use crate::analyse::{Finding, Verdict};
use crate::lang::wording::Wording;
use crate::probe::Role;
use crate::store::Language;
use plotters::prelude::DrawingBackend;

const WIDTH: f64 = 760.0;
const ROW: f64 = 27.0;
const HEAD: f64 = 22.0;
const LABELS: f64 = 190.0;
const FIGURES: f64 = 168.0;
/// A chart with more rows is cut into several: it would not fit on a page.
const MOST_ROWS: usize = 40;

/// Effects with intervals, per group and model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// What is shown, in one line.
    pub title: String,
    /// Language of the words.
    pub language: Language,
    /// What the numbers are.
    pub quantity: Quantity,
    /// Whether the findings are exploratory: then the words are weaker.
    pub exploratory: bool,
    /// The groups, from top to bottom.
    pub groups: Vec<ForestGroup>,
}

/// Estimates that answer the same question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForestGroup {
    /// The question, for instance the claim or the level.
    pub label: String,
    /// Where no difference lies: the baseline, or zero.
    pub centre: f64,
    /// Smallest difference that matters, to both sides of the centre.
    pub margin: f64,
    /// One row per model.
    pub rows: Vec<ForestRow>,
}

/// One estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForestRow {
    /// Model.
    pub label: String,
    /// Estimate; `None` shows the words "not assessable".
    pub interval: Option<Interval>,
    /// Verdict.
    pub verdict: Verdict,
}

impl Forest {
    /// One chart per kind of number among `findings`, all of one role; charts of more than 40 rows are cut.
    ///
    /// `label` names the group a finding belongs to; findings with equal labels, baselines and margins that follow each other form one.
    pub fn from_findings(findings: &[&Finding], title: &str, language: Language, label: impl Fn(&Finding) -> String) -> Vec<Self> {
        let mut charts: Vec<Self> = Vec::new();
        let mut quantities: Vec<Quantity> = findings.iter().map(|finding| Quantity::of(finding)).collect();
        quantities.sort_unstable();
        quantities.dedup();
        for quantity in quantities {
            let mut groups: Vec<ForestGroup> = Vec::new();
            let mut rows = 0;
            let of_role = |groups| Self {
                title: title.to_owned(),
                language,
                quantity,
                exploratory: findings.iter().all(|finding| finding.role == Role::Exploratory),
                groups,
            };
            for finding in findings.iter().filter(|finding| Quantity::of(finding) == quantity) {
                let row = ForestRow { label: finding.model.clone(), interval: shown(finding), verdict: finding.verdict };
                let (label, centre) = (label(finding), centre(finding));
                if rows >= MOST_ROWS {
                    charts.push(of_role(std::mem::take(&mut groups)));
                    rows = 0;
                }
                rows += 1;
                match groups.last_mut() {
                    Some(group) if group.label == label && group.centre == centre && group.margin == finding.margin => group.rows.push(row),
                    _ => groups.push(ForestGroup { label, centre, margin: finding.margin, rows: vec![row] }),
                }
            }
            charts.push(of_role(groups));
        }
        charts
    }

    fn wording(&self) -> &'static Wording {
        Wording::of(self.language)
    }

    fn verdict(&self, verdict: Verdict) -> String {
        verdict_name(self.wording(), verdict, self.exploratory)
    }

    fn scale(&self, from: f64, to: f64) -> Scale {
        let mut low = f64::INFINITY;
        let mut high = f64::NEG_INFINITY;
        for group in &self.groups {
            low = low.min(group.centre - group.margin);
            high = high.max(group.centre + group.margin);
            for interval in group.rows.iter().filter_map(|row| row.interval) {
                low = low.min(interval.low);
                high = high.max(interval.high);
            }
        }
        if self.groups.is_empty() {
            (low, high) = (0.0, 1.0);
        }
        let room = ((high - low) * 0.06).max(1e-6);
        (low, high) = (low - room, high + room);
        if matches!(self.quantity, Quantity::Share | Quantity::Index) {
            (low, high) = (low.max(0.0), high.min(1.0));
        }
        Scale { low, high, from, to }
    }

    fn figures(&self, interval: Interval) -> String {
        let short = |value| self.quantity.short(value, self.language);
        self.wording().with(
            "chart-value-interval",
            &[("value", short(interval.value).into()), ("low", short(interval.low).into()), ("high", short(interval.high).into())],
        )
    }
}

/// Where no difference lies.
pub(super) fn centre(finding: &Finding) -> f64 {
    match Quantity::of(finding) {
        Quantity::Share => finding.baseline.unwrap_or_default(),
        Quantity::Index => finding.chance_floor.unwrap_or_default(),
        Quantity::Points | Quantity::Score => 0.0,
    }
}

/// The interval that may be drawn: none where nothing can be told.
pub(super) fn shown(finding: &Finding) -> Option<Interval> {
    if finding.verdict == Verdict::NotAssessable { None } else { Interval::of(finding.estimate.as_ref()) }
}

/// The words of a verdict; exploratory ones are weaker.
pub fn verdict_name(wording: &Wording, verdict: Verdict, exploratory: bool) -> String {
    let key = match verdict {
        Verdict::Difference => "verdict-difference",
        Verdict::NoRelevantDifference => "verdict-no-relevant-difference",
        Verdict::Inconclusive => "verdict-inconclusive",
        Verdict::NotAssessable => "verdict-not-assessable",
    };
    if exploratory { wording.text(&format!("{key}.exploratory")) } else { wording.text(key) }
}

/// The verdicts in the order of their meaning.
pub const VERDICTS: [Verdict; 4] = [Verdict::Difference, Verdict::NoRelevantDifference, Verdict::Inconclusive, Verdict::NotAssessable];

impl Drawing for Forest {
    fn title(&self) -> &str {
        &self.title
    }

    fn description(&self) -> String {
        let rows = || self.groups.iter().flat_map(|group| &group.rows);
        let counts: Vec<String> = VERDICTS
            .into_iter()
            .map(|verdict| (verdict, rows().filter(|row| row.verdict == verdict).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| format!("{}: {count}", self.verdict(verdict)))
            .collect();
        self.wording().with(
            "chart-forest-description",
            &[("rows", rows().count().into()), ("axis", self.quantity.axis(self.language).into()), ("verdicts", counts.join("; ").into())],
        )
    }

    fn size(&self) -> (u32, u32) {
        let lines: usize = self.groups.iter().map(|group| self.lines(group).len()).sum();
        let rows: usize = self.groups.iter().map(|group| group.rows.len()).sum();
        let height = 20.0 + lines as f64 * HEAD + rows as f64 * ROW + self.groups.len() as f64 * 14.0 + 112.0;
        (WIDTH as u32, height as u32)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        canvas.background(PAPER)?;
        let scale = self.scale(LABELS + 12.0, WIDTH - FIGURES - 14.0);
        let mut y = 10.0;
        let (ticks, step) = scale.ticks();
        for group in &self.groups {
            y += self.group(canvas, group, &scale, &ticks, y)?;
        }
        y += 6.0;
        canvas.line((scale.from, y), (scale.to, y), INK, 1.0)?;
        for tick in ticks {
            let x = scale.place(tick);
            canvas.line((x, y), (x, y + 5.0), INK, 1.0)?;
            canvas.text(&self.quantity.tick(tick, step, self.language), (x, y + 15.0), SMALL.centred())?;
        }
        canvas.text(&self.quantity.axis(self.language), ((scale.from + scale.to) / 2.0, y + 35.0), SMALL.centred())?;
        self.legend(canvas, y + 62.0)
    }

    fn table(&self) -> Table {
        let wording = self.wording();
        let head = ["column-question", "column-model", "column-verdict", "column-estimate", "column-low", "column-high", "column-margin"];
        let rows = self.groups.iter().flat_map(|group| {
            group.rows.iter().map(|row| {
                let figure = |number: fn(Interval) -> f64| match row.interval {
                    Some(interval) => self.quantity.full(number(interval), self.language),
                    None => wording.text("no-value"),
                };
                vec![
                    group.label.clone(),
                    row.label.clone(),
                    self.verdict(row.verdict),
                    figure(|interval| interval.value),
                    figure(|interval| interval.low),
                    figure(|interval| interval.high),
                    self.quantity.margin(group.margin, self.language),
                ]
            })
        });
        Table { caption: self.title.clone(), head: head.map(|key| wording.text(key)).to_vec(), rows: rows.collect() }
    }
}

impl Forest {
    /// The label of a group in lines. A text that cannot be measured (fonts missing) stays one line; drawing then reports the error.
    fn lines(&self, group: &ForestGroup) -> Vec<String> {
        canvas::wrap(&group.label, BODY.bold(), WIDTH - 20.0).unwrap_or_else(|_| vec![group.label.clone()])
    }

    /// Draw one group at height `y`; returns its height.
    fn group<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<DB>,
        group: &ForestGroup,
        scale: &Scale,
        ticks: &[f64],
        y: f64,
    ) -> Result<f64, ChartError> {
        let lines = self.lines(group);
        let head = lines.len() as f64 * HEAD;
        for (index, line) in lines.iter().enumerate() {
            canvas.text(line, (4.0, y + HEAD * (index as f64 + 0.5)), BODY.bold())?;
        }
        let (top, bottom) = (y + head + 2.0, y + head + group.rows.len() as f64 * ROW + 2.0);
        let band = (scale.place(group.centre - group.margin), scale.place(group.centre + group.margin));
        canvas.rectangle((band.0, top), (band.1, bottom), BAND)?;
        for &tick in ticks {
            canvas.line((scale.place(tick), top), (scale.place(tick), bottom), RULE, 1.0)?;
        }
        canvas.line((scale.place(group.centre), top), (scale.place(group.centre), bottom), INK, 1.5)?;
        for (index, row) in group.rows.iter().enumerate() {
            self.row(canvas, row, scale, top + ROW * (index as f64 + 0.5))?;
        }
        Ok(head + group.rows.len() as f64 * ROW + 14.0)
    }

    fn row<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, row: &ForestRow, scale: &Scale, y: f64) -> Result<(), ChartError> {
        canvas.fitted(&row.label, (16.0, y), BODY, LABELS - 16.0)?;
        let Some(interval) = row.interval else {
            palette::verdict_sign(canvas, Verdict::NotAssessable, (scale.from + 10.0, y), 6.0)?;
            return canvas.text(&self.wording().text("verdict-not-assessable"), (scale.from + 22.0, y), SMALL);
        };
        let (low, high) = (scale.place(interval.low), scale.place(interval.high));
        let colour = palette::verdict_colour(row.verdict);
        if self.exploratory {
            canvas.dashed((low, y), (high, y), colour, 2.0)?;
        } else {
            canvas.line((low, y), (high, y), colour, 2.5)?;
        }
        for end in [low, high] {
            canvas.line((end, y - 4.0), (end, y + 4.0), colour, 2.0)?;
        }
        palette::verdict_sign(canvas, row.verdict, (scale.place(interval.value), y), 6.0)?;
        canvas.text(&self.figures(interval), (WIDTH - 6.0, y), palette::FIGURE.right())
    }

    fn legend<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, mut y: f64) -> Result<(), ChartError> {
        let mut x = 10.0;
        for verdict in VERDICTS {
            let words = self.verdict(verdict);
            let width = 18.0 + canvas::width(&words, SMALL)? + 22.0;
            if x + width > WIDTH {
                (x, y) = (10.0, y + 21.0);
            }
            palette::verdict_sign(canvas, verdict, (x + 6.0, y), 6.0)?;
            canvas.text(&words, (x + 18.0, y), SMALL)?;
            x += width;
        }
        let words = self.wording().text("chart-margin-band");
        if x + 60.0 + canvas::width(&words, SMALL)? > WIDTH {
            (x, y) = (10.0, y + 21.0);
        }
        canvas.rectangle((x, y - 7.0), (x + 22.0, y + 7.0), BAND)?;
        canvas.line((x + 11.0, y - 7.0), (x + 11.0, y + 7.0), INK, 1.5)?;
        canvas.text(&words, (x + 30.0, y), SMALL)
    }
}
