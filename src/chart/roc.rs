//! ROC chart: how many generated works are found for how many human ones accused; the detector's curve with the controls' in it.

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError};
use super::palette::{self, BODY, INK, SMALL};
use super::square::{Square, WIDTH};
use super::{Drawing, Quantity, Table};
use crate::lang::wording::Wording;
use crate::store::Language;
use plotters::prelude::{DrawingBackend, RGBColor};

/// Curves over one set of works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Roc {
    /// What is shown, in one line.
    pub title: String,
    /// Language of the words.
    pub language: Language,
    /// The detector's curve, then those of the controls.
    pub curves: Vec<RocCurve>,
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RocCurve {
    /// Detector or control.
    pub label: String,
    /// Area under it with its interval, in words.
    pub area: String,
    /// Shares of human works accused and of generated ones found, from (0, 0) to (1, 1).
    pub points: Vec<(f64, f64)>,
}

/// Shares of human works accused for which the table says how many generated ones are found.
const STEPS: [f64; 6] = [0.01, 0.05, 0.1, 0.2, 0.5, 0.8];

impl RocCurve {
    /// Largest share found for at most `accused`.
    fn found(&self, accused: f64) -> Option<f64> {
        self.points.iter().rev().find(|point| point.0 <= accused * (1.0 + 1e-12)).map(|point| point.1)
    }
}

/// Colour, width and dashes of the `index`-th curve.
fn style(index: usize) -> (RGBColor, f64, Option<(f64, f64)>) {
    const CONTROLS: [(RGBColor, (f64, f64)); 3] =
        [(palette::VERMILLION, (8.0, 4.0)), (palette::PURPLE, (2.0, 3.0)), (palette::GREEN, (14.0, 4.0))];
    if index == 0 {
        return (palette::BLUE, 3.0, None);
    }
    let (colour, dashes) = CONTROLS[(index - 1) % 3];
    (colour, 2.0, Some(dashes))
}

fn stroke<DB: DrawingBackend>(canvas: &Canvas<DB>, index: usize, points: &[(f64, f64)]) -> Result<(), ChartError> {
    match style(index) {
        (colour, width, None) => canvas.path(points, colour, width),
        (colour, width, Some(dashes)) => canvas.dashed_path(points, dashes, colour, width),
    }
}

impl Drawing for Roc {
    fn title(&self) -> &str {
        &self.title
    }

    fn description(&self) -> String {
        let areas = self.curves.iter().map(|curve| format!("{}: {}", curve.label, curve.area)).collect::<Vec<_>>().join("; ");
        Wording::of(self.language).with("detect-chart-roc-description", &[("areas", areas.into())])
    }

    fn size(&self) -> (u32, u32) {
        Square::SIZE
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        let wording = Wording::of(self.language);
        let square = Square::new(self.language);
        square.frame(canvas, &wording.text("detect-axis-accused"), &wording.text("detect-axis-found"))?;
        for (index, curve) in self.curves.iter().enumerate().rev() {
            let points: Vec<(f64, f64)> = curve.points.iter().map(|&point| square.place(point)).collect();
            stroke(canvas, index, &points)?;
        }
        let right = square.right();
        let mut y = square.legend();
        for (index, curve) in self.curves.iter().enumerate() {
            stroke(canvas, index, &[(right, y), (right + 26.0, y)])?;
            canvas.fitted(&curve.label, (right + 34.0, y), BODY, WIDTH - right - 38.0)?;
            canvas.fitted(&curve.area, (right + 34.0, y + 18.0), SMALL, WIDTH - right - 38.0)?;
            y += 46.0;
        }
        canvas.dashed((right, y), (right + 26.0, y), INK, 1.0)?;
        for (index, line) in canvas::wrap(&wording.text("detect-chart-roc-chance"), SMALL, WIDTH - right - 38.0)?.iter().enumerate() {
            canvas.text(line, (right + 34.0, y + 18.0 * index as f64), SMALL)?;
        }
        Ok(())
    }

    fn table(&self) -> Table {
        let wording = Wording::of(self.language);
        let share = |value: f64| Quantity::Share.short(value, self.language);
        let head =
            std::iter::once(wording.text("detect-axis-accused")).chain(self.curves.iter().map(|curve| curve.label.clone())).collect();
        let row = |accused: f64| {
            let found = |curve: &RocCurve| curve.found(accused).map_or_else(|| wording.text("detect-chart-no-value"), share);
            std::iter::once(Quantity::Share.stated(accused, self.language)).chain(self.curves.iter().map(found)).collect()
        };
        Table { caption: wording.text("detect-chart-roc-table"), head, rows: STEPS.into_iter().map(row).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;

    fn roc() -> Roc {
        let curve = |label: &str, points: &[(f64, f64)]| RocCurve { label: label.into(), area: "0,9".into(), points: points.to_vec() };
        Roc {
            title: "Erkannt & verdächtigt".into(),
            language: Language::De,
            curves: vec![
                curve("text-style", &[(0.0, 0.0), (0.0, 0.4), (0.05, 0.8), (1.0, 1.0)]),
                curve("Länge", &[(0.0, 0.0), (0.03, 0.1), (0.6, 0.61), (1.0, 1.0)]),
            ],
        }
    }

    #[test]
    fn the_table_reads_steps_of_the_curve_and_not_lines_between_them() {
        let table = roc().table();
        assert_eq!(table.head.len(), 3);
        assert_eq!(table.rows[0], ["1\u{a0}%", "40,0\u{a0}%", "0,0\u{a0}%"]);
        assert_eq!(table.rows[1], ["5\u{a0}%", "80,0\u{a0}%", "10,0\u{a0}%"]);
    }

    #[test]
    fn curves_are_drawn_for_all_eyes_and_always_alike() {
        let chart = Chart::Roc(roc());
        let svg = chart.svg("roc").unwrap();
        assert_eq!(svg, chart.svg("roc").unwrap());
        assert!(svg.contains("role=\"img\"") && svg.contains("Erkannt &amp; verdächtigt") && svg.contains("Länge: 0,9"));
        // The detector is one line; a control is many dashes.
        let of = |colour: &str| svg.lines().filter(|line| line.starts_with("<polyline") && line.contains(colour)).count();
        assert_eq!(of("#0072B2"), 2, "curve and legend");
        assert!(of("#D55E00") > 30);
    }
}
