//! Heat map: levels by models, each cell a difference with its figure printed, blue below and vermillion above.

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError};
use super::palette::{self, BODY, PAPER, RULE, SMALL};
use super::{Drawing, Quantity, Table, forest};
use crate::analyse::{Finding, Verdict};
use crate::lang::wording::Wording;
use crate::store::Language;
use plotters::prelude::DrawingBackend;

const LABELS: f64 = 250.0;
const CELL: f64 = 34.0;
const TOP: f64 = 34.0;
const LEGEND: f64 = 76.0;

/// Differences of models at levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heatmap {
    /// What is shown, in one line.
    pub title: String,
    /// Language of the words.
    pub language: Language,
    /// What the numbers are.
    pub quantity: Quantity,
    /// Columns.
    pub models: Vec<String>,
    /// Rows: a level and one cell per model.
    pub levels: Vec<(String, Vec<HeatmapCell>)>,
    /// Smallest difference that matters: colour begins to count there.
    pub margin: f64,
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum HeatmapCell {
    /// A difference from the baseline, the reference or the mean.
    Difference {
        /// The difference.
        value: f64,
        /// Its verdict; a difference shown is set in bold with its sign.
        verdict: Verdict,
    },
    /// Nothing can be told.
    NotAssessable,
    /// Not asked.
    Absent,
}

impl Heatmap {
    /// The chart of findings that share hypothesis and language and differ in level and model; `None` below two levels.
    ///
    /// A share against a baseline enters as the difference from it. `level_name` names a level.
    pub fn from_findings(findings: &[&Finding], title: &str, language: Language, level_name: impl Fn(&Finding) -> String) -> Option<Self> {
        let first = findings.first()?;
        let mut models: Vec<String> = Vec::new();
        let mut levels: Vec<(String, Vec<HeatmapCell>)> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.level.is_some()) {
            if !models.contains(&finding.model) {
                models.push(finding.model.clone());
            }
            let name = level_name(finding);
            if !levels.iter().any(|(level, _)| *level == name) {
                levels.push((name, Vec::new()));
            }
        }
        for (name, cells) in &mut levels {
            for model in &models {
                let finding = findings.iter().find(|finding| finding.model == *model && level_name(finding) == *name);
                cells.push(match finding {
                    None => HeatmapCell::Absent,
                    Some(finding) => forest::assessed(finding).map_or(HeatmapCell::NotAssessable, |interval| HeatmapCell::Difference {
                        value: interval.value - forest::centre(finding),
                        verdict: finding.verdict,
                    }),
                });
            }
        }
        let quantity = match Quantity::of(first) {
            Quantity::Share => Quantity::Points,
            other => other,
        };
        (levels.len() >= 2).then(|| Self { title: title.to_owned(), language, quantity, models, levels, margin: first.margin })
    }

    fn column(&self) -> f64 {
        (510.0 / self.models.len().max(1) as f64).clamp(92.0, 150.0)
    }

    fn reach(&self) -> f64 {
        let values = self.levels.iter().flat_map(|(_, cells)| cells).filter_map(|cell| match cell {
            HeatmapCell::Difference { value, .. } => Some(value.abs()),
            _ => None,
        });
        values.fold(self.margin.max(1e-9), f64::max)
    }

    fn cell_text(&self, cell: HeatmapCell) -> String {
        match cell {
            HeatmapCell::Difference { value, .. } => self.quantity.short(value, self.language),
            HeatmapCell::NotAssessable => Wording::of(self.language).text("verdict-not-assessable"),
            HeatmapCell::Absent => Wording::of(self.language).text("not-asked"),
        }
    }
}

impl Drawing for Heatmap {
    fn title(&self) -> &str {
        &self.title
    }

    fn description(&self) -> String {
        let wording = Wording::of(self.language);
        let mut strongest: Option<(f64, &str, &str)> = None;
        for (level, cells) in &self.levels {
            for (model, cell) in self.models.iter().zip(cells) {
                if let HeatmapCell::Difference { value, .. } = *cell
                    && strongest.is_none_or(|(most, ..)| value.abs() > most.abs())
                {
                    strongest = Some((value, level, model));
                }
            }
        }
        let size = [("levels", self.levels.len().into()), ("models", self.models.len().into())];
        match strongest {
            None => wording.with("chart-heatmap-description.empty", &size),
            Some((value, level, model)) => {
                let [levels, models] = size;
                let value = self.quantity.full(value, self.language);
                wording.with(
                    "chart-heatmap-description",
                    &[levels, models, ("value", value.into()), ("level", level.into()), ("model", model.into())],
                )
            }
        }
    }

    fn size(&self) -> (u32, u32) {
        let width = LABELS + self.column() * self.models.len() as f64 + 8.0;
        (width.max(760.0) as u32, (TOP + CELL * self.levels.len() as f64 + LEGEND) as u32)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        canvas.background(PAPER)?;
        let column = self.column();
        for (index, model) in self.models.iter().enumerate() {
            let x = LABELS + column * (index as f64 + 0.5);
            canvas.fitted(model, (x, TOP / 2.0), BODY.bold().centred(), column - 6.0)?;
        }
        let reach = self.reach();
        for (row, (level, cells)) in self.levels.iter().enumerate() {
            let y = TOP + CELL * row as f64;
            canvas.fitted(level, (4.0, y + CELL / 2.0), BODY, LABELS - 14.0)?;
            for (index, cell) in cells.iter().enumerate() {
                let x = LABELS + column * index as f64;
                self.cell(canvas, *cell, ((x + 1.0, y + 1.0), (x + column - 1.0, y + CELL - 1.0)), reach)?;
            }
        }
        self.legend(canvas, TOP + CELL * self.levels.len() as f64 + 26.0, reach)
    }

    fn table(&self) -> Table {
        let head = std::iter::once(Wording::of(self.language).text("column-level")).chain(self.models.iter().cloned()).collect();
        let row = |(level, cells): &(String, Vec<HeatmapCell>)| {
            std::iter::once(level.clone()).chain(cells.iter().map(|cell| self.cell_text(*cell))).collect()
        };
        Table { caption: self.title.clone(), head, rows: self.levels.iter().map(row).collect() }
    }
}

type Corners = ((f64, f64), (f64, f64));

impl Heatmap {
    fn cell<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, cell: HeatmapCell, (from, to): Corners, reach: f64) -> Result<(), ChartError> {
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let text = self.cell_text(cell);
        match cell {
            HeatmapCell::Difference { value, verdict } => {
                let (fill, ink) = palette::diverging(value / reach);
                canvas.rectangle(from, to, fill)?;
                canvas.frame(from, to, RULE, 1.0)?;
                let set = canvas::Type { colour: ink, ..BODY.centred() };
                if verdict == Verdict::Difference {
                    canvas.frame(from, to, palette::ON_LIGHT, 2.0)?;
                    canvas.text(&text, middle, set.bold())
                } else {
                    canvas.text(&text, middle, set)
                }
            }
            HeatmapCell::NotAssessable => {
                canvas.frame(from, to, RULE, 1.0)?;
                let lines = canvas::wrap(&text, canvas::Type { size: 12.0, ..SMALL }, to.0 - from.0 - 6.0)?;
                let first = middle.1 - 6.5 * (lines.len() as f64 - 1.0);
                for (index, line) in lines.iter().enumerate() {
                    canvas.text(line, (middle.0, first + 13.0 * index as f64), canvas::Type { size: 12.0, ..SMALL.centred() })?;
                }
                Ok(())
            }
            HeatmapCell::Absent => canvas.text(&text, middle, canvas::Type { size: 12.0, ..SMALL.centred() }),
        }
    }

    fn legend<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, y: f64, reach: f64) -> Result<(), ChartError> {
        const STEPS: i32 = 20;
        let (from, width) = (LABELS, 240.0);
        for step in -STEPS..STEPS {
            let x = from + width * f64::from(step + STEPS) / f64::from(2 * STEPS);
            let (fill, _) = palette::diverging((f64::from(step) + 0.5) / f64::from(STEPS));
            canvas.rectangle((x, y - 7.0), (x + width / f64::from(2 * STEPS), y + 7.0), fill)?;
        }
        canvas.frame((from, y - 7.0), (from + width, y + 7.0), RULE, 1.0)?;
        for (place, value) in [(0.0, -reach), (0.5, 0.0), (1.0, reach)] {
            canvas.text(&self.quantity.short(value, self.language), (from + width * place, y + 19.0), SMALL.centred())?;
        }
        canvas.frame((from + width + 36.0, y - 8.0), (from + width + 60.0, y + 8.0), palette::INK, 2.0)?;
        let wording = Wording::of(self.language);
        canvas.text(&wording.text("chart-heatmap-frame"), (from + width + 68.0, y), SMALL)?;
        canvas.fitted(&self.quantity.axis(self.language), (from, y + 38.0), SMALL, 500.0)
    }
}
