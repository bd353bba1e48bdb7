//! Forest chart: one line per model, its estimate with interval, the band of differences that do not matter, the verdict as a sign.

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError, Type};
use super::palette::{self, BAND, BODY, FIGURE, INK, PAPER, RULE, SMALL};
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
const GAP: f64 = 14.0;
const INDENT: f64 = 16.0;
const LEGEND: f64 = 22.0;
/// Widest label of a row and the gap to its right.
const LABELS: (f64, f64) = (190.0, 22.0);
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
    /// The question; printed once for neighbouring groups that share it.
    pub question: String,
    /// What tells groups of one question apart, for instance the level; may be empty.
    pub label: String,
    /// Where no difference lies: the baseline, or zero.
    pub centre: f64,
    /// Smallest difference that matters.
    pub margin: f64,
    /// From where to where differences do not matter: the margin to both sides of the centre; of an index, which has one side, up to it.
    pub band: (f64, f64),
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
    /// `name` gives question and label of the group a finding belongs to; neighbours with equal names, baselines and margins form one.
    pub fn from_findings(findings: &[&Finding], title: &str, language: Language, name: impl Fn(&Finding) -> (String, String)) -> Vec<Self> {
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
                let ((question, label), centre, margin) = (name(finding), centre(finding), finding.margin);
                if rows >= MOST_ROWS {
                    charts.push(of_role(std::mem::take(&mut groups)));
                    rows = 0;
                }
                rows += 1;
                let same = |group: &&mut ForestGroup| {
                    (&group.question, &group.label, group.centre, group.margin) == (&question, &label, centre, margin)
                };
                match groups.last_mut().filter(same) {
                    Some(group) => group.rows.push(row),
                    None => {
                        let band = if quantity == Quantity::Index { (0.0, margin) } else { (centre - margin, centre + margin) };
                        groups.push(ForestGroup { question, label, centre, margin, band, rows: vec![row] });
                    }
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
            low = low.min(group.band.0).min(group.centre);
            high = high.max(group.band.1).max(group.centre);
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
        match self.quantity {
            Quantity::Share => (low, high) = (low.max(0.0), high.min(1.0)),
            Quantity::Index => low = low.max(0.0),
            Quantity::Points | Quantity::Score | Quantity::LogOdds => {}
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

/// Where no difference lies: the baseline of a share, the chance floor of an index, else zero.
pub fn centre(finding: &Finding) -> f64 {
    match Quantity::of(finding) {
        Quantity::Share => finding.baseline.unwrap_or_default(),
        Quantity::Index => finding.chance_floor.unwrap_or_default(),
        Quantity::Points | Quantity::Score | Quantity::LogOdds => 0.0,
    }
}

/// The estimate, if there is one. Where the verdict is "not assessable" it may still be printed, but nothing may be read from it.
pub fn shown(finding: &Finding) -> Option<Interval> {
    Interval::of(finding.estimate.as_ref())
}

/// The estimate, if it may be compared with others: none where nothing can be told.
pub fn assessed(finding: &Finding) -> Option<Interval> {
    if finding.verdict == Verdict::NotAssessable { None } else { shown(finding) }
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
        let lines: usize = (0..self.groups.len()).map(|index| self.lines(index).len()).sum();
        let rows: usize = self.groups.iter().map(|group| group.rows.len()).sum();
        let legend = self.legend().map_or(2, |places| places.last().map_or(1, |place| place.line + 1));
        let body = lines as f64 * HEAD + rows as f64 * ROW + self.groups.len() as f64 * GAP;
        (WIDTH as u32, (10.0 + body + 66.0 + legend as f64 * LEGEND) as u32)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        canvas.background(PAPER)?;
        let mut labels: f64 = 40.0;
        let mut figures: f64 = 40.0;
        for row in self.groups.iter().flat_map(|group| &group.rows) {
            labels = labels.max(canvas::width(&row.label, BODY)?.min(LABELS.0));
            if let Some(interval) = row.interval {
                figures = figures.max(canvas::width(&self.figures(interval), FIGURE)?);
            }
        }
        let scale = self.scale(INDENT + labels + LABELS.1, WIDTH - figures - 24.0);
        let (ticks, step) = scale.ticks();
        let mut y = 10.0;
        for index in 0..self.groups.len() {
            y += self.group(canvas, index, &scale, &ticks, y)?;
        }
        canvas.line((scale.from, y), (scale.to, y), INK, 1.0)?;
        for tick in ticks {
            let x = scale.place(tick);
            canvas.line((x, y), (x, y + 5.0), INK, 1.0)?;
            canvas.text(&self.quantity.tick(tick, step, self.language), (x, y + 15.0), SMALL.centred())?;
        }
        canvas.text(&self.quantity.axis(self.language), ((scale.from + scale.to) / 2.0, y + 34.0), SMALL.centred())?;
        for Place { x, line, entry } in self.legend()? {
            self.entry(canvas, entry, (x, y + 64.0 + LEGEND * line as f64))?;
        }
        Ok(())
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
                let question =
                    if group.label.is_empty() { group.question.clone() } else { format!("{} · {}", group.question, group.label) };
                vec![
                    question,
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
    /// The heading of a group in lines: the question where it is new, and the label. A text that cannot be measured (fonts missing)
    /// stays one line; drawing then reports the error.
    fn lines(&self, index: usize) -> Vec<(String, Type)> {
        let group = &self.groups[index];
        let mut lines = Vec::new();
        if index == 0 || self.groups[index - 1].question != group.question {
            let question = canvas::wrap(&group.question, BODY.bold(), WIDTH - 12.0).unwrap_or_else(|_| vec![group.question.clone()]);
            lines.extend(question.into_iter().map(|line| (line, BODY.bold())));
        }
        if !group.label.is_empty() {
            lines.push((group.label.clone(), FIGURE));
        }
        lines
    }

    /// Draw one group at height `y`; returns its height.
    fn group<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<DB>,
        index: usize,
        scale: &Scale,
        ticks: &[f64],
        y: f64,
    ) -> Result<f64, ChartError> {
        let group = &self.groups[index];
        let lines = self.lines(index);
        let head = lines.len() as f64 * HEAD;
        for (index, (line, set)) in lines.iter().enumerate() {
            canvas.fitted(line, (4.0, y + HEAD * (index as f64 + 0.5)), *set, WIDTH - 8.0)?;
        }
        let rows = group.rows.len() as f64 * ROW;
        let (top, bottom) = (y + head + 2.0, y + head + rows + 2.0);
        let band = (scale.place(group.band.0), scale.place(group.band.1));
        canvas.rectangle((band.0, top), (band.1, bottom), BAND)?;
        for &tick in ticks {
            canvas.line((scale.place(tick), top), (scale.place(tick), bottom), RULE, 1.0)?;
        }
        canvas.line((scale.place(group.centre), top), (scale.place(group.centre), bottom), INK, 1.5)?;
        for (index, row) in group.rows.iter().enumerate() {
            self.row(canvas, row, scale, top + ROW * (index as f64 + 0.5))?;
        }
        Ok(head + rows + GAP)
    }

    fn row<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, row: &ForestRow, scale: &Scale, y: f64) -> Result<(), ChartError> {
        canvas.fitted(&row.label, (INDENT, y), BODY, LABELS.0)?;
        let Some(interval) = row.interval else {
            palette::verdict_sign(canvas, Verdict::NotAssessable, (scale.from + 10.0, y), 6.0)?;
            let words = self.wording().text("verdict-not-assessable");
            let width = canvas::width(&words, SMALL)?;
            // Lines of the grid would strike the words through.
            canvas.rectangle((scale.from + 19.0, y - 9.0), (scale.from + 25.0 + width, y + 9.0), PAPER)?;
            return canvas.text(&words, (scale.from + 22.0, y), SMALL);
        };
        let (low, high) = (scale.place(interval.low), scale.place(interval.high));
        let colour = palette::verdict_colour(row.verdict);
        if self.exploratory || row.verdict == Verdict::NotAssessable {
            canvas.dashed((low, y), (high, y), colour, 2.0)?;
        } else {
            canvas.line((low, y), (high, y), colour, 2.5)?;
        }
        for end in [low, high] {
            canvas.line((end, y - 4.0), (end, y + 4.0), colour, 2.0)?;
        }
        palette::verdict_sign(canvas, row.verdict, (scale.place(interval.value), y), 6.0)?;
        canvas.text(
            &self.figures(interval),
            (WIDTH - 6.0, y),
            if row.verdict == Verdict::NotAssessable { SMALL.right() } else { FIGURE.right() },
        )
    }

    fn entry_words(&self, entry: Entry) -> String {
        match entry {
            Entry::Verdict(verdict) => self.verdict(verdict),
            Entry::Band => self.wording().text("chart-margin-band"),
        }
    }

    /// Where the entries of the legend stand.
    fn legend(&self) -> Result<Vec<Place>, ChartError> {
        let (mut x, mut line) = (4.0, 0);
        let mut places = Vec::new();
        for entry in VERDICTS.map(Entry::Verdict).into_iter().chain([Entry::Band]) {
            let width = 30.0 + canvas::width(&self.entry_words(entry), SMALL)? + 18.0;
            if x > 4.0 && x + width > WIDTH {
                (x, line) = (4.0, line + 1);
            }
            places.push(Place { x, line, entry });
            x += width;
        }
        Ok(places)
    }

    fn entry<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, entry: Entry, (x, y): (f64, f64)) -> Result<(), ChartError> {
        match entry {
            Entry::Verdict(verdict) => palette::verdict_sign(canvas, verdict, (x + 12.0, y), 6.0)?,
            Entry::Band => {
                canvas.rectangle((x, y - 7.0), (x + 24.0, y + 7.0), BAND)?;
                canvas.line((x + 12.0, y - 7.0), (x + 12.0, y + 7.0), INK, 1.5)?;
            }
        }
        canvas.text(&self.entry_words(entry), (x + 30.0, y), SMALL)
    }
}

/// What the legend explains.
#[derive(Clone, Copy)]
enum Entry {
    Verdict(Verdict),
    Band,
}

/// An entry of the legend, its left edge and its line.
struct Place {
    x: f64,
    line: usize,
    entry: Entry,
}
