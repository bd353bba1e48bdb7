//! A square of shares against shares with its diagonal: what the ROC chart and the reliability chart have in common.

use super::Quantity;
use super::canvas::{Canvas, ChartError};
use super::palette::{BODY, INK, PAPER, RULE, SMALL};
use super::quantity::Scale;
use crate::store::Language;
use plotters::prelude::DrawingBackend;

pub(super) const WIDTH: f64 = 760.0;
const LEFT: f64 = 64.0;
const SIDE: f64 = 400.0;
const TOP: f64 = 34.0;

/// The square from 0 to 1 in both directions.
pub(super) struct Square {
    across: Scale,
    up: Scale,
    language: Language,
}

impl Square {
    /// Width and height of the sheet.
    pub const SIZE: (u32, u32) = (WIDTH as u32, (TOP + SIDE + 56.0) as u32);

    pub fn new(language: Language) -> Self {
        let scale = |from, to| Scale { low: 0.0, high: 1.0, from, to };
        Self { across: scale(LEFT, LEFT + SIDE), up: scale(TOP + SIDE, TOP), language }
    }

    /// A pair of shares in drawing units.
    pub fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.across.place(x), self.up.place(y))
    }

    /// Left edge of the legend.
    pub fn right(&self) -> f64 {
        LEFT + SIDE + 26.0
    }

    /// Height of the first line of the legend.
    pub fn legend(&self) -> f64 {
        TOP + 16.0
    }

    /// Sheet, grid, diagonal and the words at the axes.
    pub fn frame<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, across: &str, up: &str) -> Result<(), ChartError> {
        canvas.background(PAPER)?;
        let (ticks, step) = self.across.ticks();
        for tick in ticks {
            let (x, y) = self.place((tick, tick));
            canvas.line((x, TOP), (x, TOP + SIDE), RULE, 1.0)?;
            canvas.line((LEFT, y), (LEFT + SIDE, y), RULE, 1.0)?;
            let words = Quantity::Share.tick(tick, step, self.language);
            canvas.text(&words, (x, TOP + SIDE + 14.0), SMALL.centred())?;
            canvas.text(&words, (LEFT - 8.0, y), SMALL.right())?;
        }
        canvas.dashed(self.place((0.0, 0.0)), self.place((1.0, 1.0)), INK, 1.0)?;
        canvas.text(across, (LEFT + SIDE / 2.0, TOP + SIDE + 40.0), BODY.centred())?;
        canvas.text(up, (4.0, TOP - 20.0), BODY)
    }
}
