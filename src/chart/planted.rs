//! Planted against measured: what a reference model was taught on the one axis, what the audit found on the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError};
use super::palette::{self, BODY, INK, PAPER, RULE, SMALL};
use super::quantity::Scale;
use super::{Drawing, Interval, Quantity, Table, forest};
use crate::analyse::Finding;
use crate::lang::wording::Wording;
use crate::store::Language;
use plotters::prelude::{DrawingBackend, RGBColor};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 96.0;
const SIDE: f64 = 440.0;
const TOP: f64 = 14.0;

/// Known truth against the instrument's reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planted {
    /// What is shown, in one line.
    pub title: String,
    /// Language of the words.
    pub language: Language,
    /// What the numbers are.
    pub quantity: Quantity,
    /// The points.
    pub points: Vec<PlantedPoint>,
}

/// One effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlantedPoint {
    /// Model; each has a sign of its own.
    pub model: String,
    /// What was planted, for instance the level.
    pub label: String,
    /// The written number.
    pub planted: f64,
    /// What was measured; `None` where it is not assessable.
    pub measured: Option<Interval>,
}

impl Planted {
    /// The chart of those `findings` of kind `quantity` for which a planted value is known (finding id -> value).
    pub fn from_findings(
        findings: &[&Finding],
        planted: &BTreeMap<String, f64>,
        quantity: Quantity,
        (title, language): (&str, Language),
        label: impl Fn(&Finding) -> String,
    ) -> Option<Self> {
        let points: Vec<PlantedPoint> = findings
            .iter()
            .filter(|finding| Quantity::of(finding) == quantity)
            .filter_map(|finding| {
                let planted = *planted.get(&finding.id)?;
                Some(PlantedPoint { model: finding.model.clone(), label: label(finding), planted, measured: forest::assessed(finding) })
            })
            .collect();
        (!points.is_empty()).then(|| Self { title: title.to_owned(), language, quantity, points })
    }

    fn models(&self) -> Vec<&str> {
        let mut models: Vec<&str> = Vec::new();
        for point in &self.points {
            if !models.contains(&point.model.as_str()) {
                models.push(&point.model);
            }
        }
        models
    }

    fn missing(&self) -> usize {
        self.points.iter().filter(|point| point.measured.is_none()).count()
    }

    fn scales(&self) -> (Scale, Scale) {
        let values = self.points.iter().flat_map(|point| {
            let measured = point.measured.map(|interval| [interval.low, interval.high]);
            std::iter::once(point.planted).chain(measured.into_iter().flatten())
        });
        let (mut low, mut high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let room = ((high - low) * 0.06).max(1e-6);
        (low, high) = (low - room, high + room);
        match self.quantity {
            Quantity::Share => (low, high) = (low.max(0.0), high.min(1.0)),
            Quantity::Index => low = low.max(0.0),
            Quantity::Points | Quantity::Score | Quantity::LogOdds => {}
        }
        (Scale { low, high, from: LEFT, to: LEFT + SIDE }, Scale { low, high, from: TOP + SIDE, to: TOP })
    }
}

/// The sign of the `index`-th model: diamond, square, triangle, then open ones.
fn sign<DB: DrawingBackend>(canvas: &Canvas<DB>, index: usize, (x, y): (f64, f64)) -> Result<(), ChartError> {
    let colour = colour(index);
    let shape = |reach: f64| match index % 3 {
        0 => vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)],
        1 => vec![
            (x - reach * 0.8, y - reach * 0.8),
            (x + reach * 0.8, y - reach * 0.8),
            (x + reach * 0.8, y + reach * 0.8),
            (x - reach * 0.8, y + reach * 0.8),
        ],
        _ => vec![(x, y - reach), (x + reach, y + reach * 0.8), (x - reach, y + reach * 0.8)],
    };
    canvas.polygon(&shape(7.0), colour)?;
    if index >= 3 { canvas.polygon(&shape(3.5), PAPER) } else { Ok(()) }
}

fn colour(index: usize) -> RGBColor {
    [palette::VERMILLION, palette::BLUE, palette::GREEN, palette::PURPLE, palette::ORANGE, palette::SKY][index % 6]
}

impl Drawing for Planted {
    fn title(&self) -> &str {
        &self.title
    }

    fn description(&self) -> String {
        let within =
            self.points.iter().filter(|point| point.measured.is_some_and(|m| m.low <= point.planted && point.planted <= m.high)).count();
        Wording::of(self.language).with(
            "chart-planted-description",
            &[("points", (self.points.len() - self.missing()).into()), ("within", within.into()), ("missing", self.missing().into())],
        )
    }

    fn size(&self) -> (u32, u32) {
        (WIDTH as u32, (TOP + SIDE + if self.missing() > 0 { 86.0 } else { 60.0 }) as u32)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        canvas.background(PAPER)?;
        let (across, up) = self.scales();
        let (ticks, step) = across.ticks();
        let wording = Wording::of(self.language);
        for tick in ticks {
            let (x, y) = (across.place(tick), up.place(tick));
            canvas.line((x, TOP), (x, TOP + SIDE), RULE, 1.0)?;
            canvas.line((LEFT, y), (LEFT + SIDE, y), RULE, 1.0)?;
            let words = self.quantity.tick(tick, step, self.language);
            canvas.text(&words, (x, TOP + SIDE + 14.0), SMALL.centred())?;
            canvas.text(&words, (LEFT - 8.0, y), SMALL.right())?;
        }
        canvas.dashed((across.from, up.from), (across.to, up.to), INK, 1.5)?;
        let models = self.models();
        for point in &self.points {
            let (Some(measured), Some(model)) = (point.measured, models.iter().position(|model| *model == point.model)) else { continue };
            let x = across.place(point.planted);
            canvas.line((x, up.place(measured.low)), (x, up.place(measured.high)), colour(model), 1.5)?;
            sign(canvas, model, (x, up.place(measured.value)))?;
        }
        canvas.text(&wording.text("axis-planted"), (LEFT + SIDE / 2.0, TOP + SIDE + 38.0), SMALL.centred())?;
        let right = LEFT + SIDE + 24.0;
        canvas.text(&wording.text("axis-measured"), (right, TOP + 8.0), BODY.bold())?;
        for (index, model) in models.iter().enumerate() {
            let y = TOP + 38.0 + 24.0 * index as f64;
            sign(canvas, index, (right + 8.0, y))?;
            canvas.fitted(model, (right + 24.0, y), BODY, WIDTH - right - 28.0)?;
        }
        let y = TOP + 46.0 + 24.0 * models.len() as f64;
        canvas.dashed((right, y), (right + 18.0, y), INK, 1.5)?;
        for (index, line) in canvas::wrap(&wording.text("chart-planted-diagonal"), SMALL, WIDTH - right - 28.0)?.iter().enumerate() {
            canvas.text(line, (right + 24.0, y + 18.0 * index as f64), SMALL)?;
        }
        if self.missing() == 0 {
            return Ok(());
        }
        canvas.text(&wording.with("chart-planted-missing", &[("count", self.missing().into())]), (LEFT, TOP + SIDE + 66.0), SMALL)
    }

    fn table(&self) -> Table {
        let wording = Wording::of(self.language);
        let head = ["column-model", "column-planted-effect", "column-planted", "column-measured", "column-low", "column-high"];
        let rows = self.points.iter().map(|point| {
            let figure = |number: fn(Interval) -> f64| match point.measured {
                Some(interval) => self.quantity.full(number(interval), self.language),
                None => wording.text("verdict-not-assessable"),
            };
            vec![
                point.model.clone(),
                point.label.clone(),
                self.quantity.full(point.planted, self.language),
                figure(|measured| measured.value),
                figure(|measured| measured.low),
                figure(|measured| measured.high),
            ]
        });
        Table { caption: self.title.clone(), head: head.map(|key| wording.text(key)).to_vec(), rows: rows.collect() }
    }
}
