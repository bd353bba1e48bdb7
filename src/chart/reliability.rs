//! Reliability chart: what the detector states against what is true, in bins of like probability.

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError};
use super::palette::{self, INK, SMALL};
use super::square::{Square, WIDTH};
use super::{Drawing, Interval, Quantity, Table};
use crate::lang::wording::{Wording, numbers};
use crate::store::Language;
use plotters::prelude::DrawingBackend;

/// Bins over one set of works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// What is shown, in one line.
    pub title: String,
    /// Language of the words.
    pub language: Language,
    /// The bins, empty ones left out.
    pub bins: Vec<ReliabilityBin>,
}

/// Works of like probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Where the bin begins and ends.
    pub range: (f64, f64),
    /// Mean probability stated.
    pub predicted: f64,
    /// Share that is generated.
    pub observed: Interval,
    /// Number of works.
    pub works: usize,
}

impl Reliability {
    fn largest(&self) -> usize {
        self.bins.iter().map(|bin| bin.works).max().unwrap_or(1)
    }
}

impl Drawing for Reliability {
    fn title(&self) -> &str {
        &self.title
    }

    fn description(&self) -> String {
        let within = self.bins.iter().filter(|bin| bin.observed.low <= bin.predicted && bin.predicted <= bin.observed.high).count();
        Wording::of(self.language)
            .with("detect-chart-reliability-description", &[("bins", self.bins.len().into()), ("within", within.into())])
    }

    fn size(&self) -> (u32, u32) {
        Square::SIZE
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        let wording = Wording::of(self.language);
        let square = Square::new(self.language);
        square.frame(canvas, &wording.text("detect-axis-stated"), &wording.text("detect-axis-generated"))?;
        for bin in &self.bins {
            let place = |share| square.place((bin.predicted, share));
            canvas.line(place(bin.observed.low), place(bin.observed.high), palette::BLUE, 2.0)?;
            // The area of a disc grows with the number of works.
            let radius = 3.0 + 7.0 * (bin.works as f64 / self.largest() as f64).sqrt();
            canvas.disc(place(bin.observed.value), radius, palette::BLUE)?;
        }
        let right = square.right();
        let mut y = square.legend();
        canvas.line((right + 13.0, y - 12.0), (right + 13.0, y + 12.0), palette::BLUE, 2.0)?;
        canvas.disc((right + 13.0, y), 6.0, palette::BLUE)?;
        for line in canvas::wrap(&wording.text("detect-chart-reliability-bin"), SMALL, WIDTH - right - 38.0)? {
            canvas.text(&line, (right + 34.0, y), SMALL)?;
            y += 18.0;
        }
        y += 14.0;
        canvas.dashed((right, y), (right + 26.0, y), INK, 1.0)?;
        for line in canvas::wrap(&wording.text("detect-chart-reliability-diagonal"), SMALL, WIDTH - right - 38.0)? {
            canvas.text(&line, (right + 34.0, y), SMALL)?;
            y += 18.0;
        }
        Ok(())
    }

    fn table(&self) -> Table {
        let wording = Wording::of(self.language);
        let share = |value: f64| Quantity::Share.short(value, self.language);
        let head =
            ["detect-axis-stated-range", "detect-eval-works", "detect-axis-stated", "detect-axis-generated", "column-low", "column-high"];
        let row = |bin: &ReliabilityBin| {
            let stated = |value: f64| Quantity::Share.stated(value, self.language);
            vec![
                format!("{} – {}", stated(bin.range.0), stated(bin.range.1)),
                numbers::count(bin.works as u64, self.language),
                share(bin.predicted),
                share(bin.observed.value),
                share(bin.observed.low),
                share(bin.observed.high),
            ]
        };
        Table { caption: self.title.clone(), head: head.map(|key| wording.text(key)).to_vec(), rows: self.bins.iter().map(row).collect() }
    }
}
