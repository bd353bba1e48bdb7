//! Findings become drawings: plotters draws each chart once, for SVG (with title, description and role) and for PNG alike.
//!
//! In: the plain structs of this folder, or findings through their `from_findings`. Out: SVG text, PNG files, and for every chart the
//! table of what it shows. Nothing is drawn for a missing value: the words "not assessable" stand in its place. Equal input, equal bytes.

use std::path::Path;

use crate::store::Language;

mod canvas;
mod forest;
mod heatmap;
mod palette;
mod planted;
mod quantity;
mod reliability;
mod representation;
mod roc;
mod square;
mod svg;

pub use canvas::{Canvas, ChartError, Surface};
pub use forest::{Forest, ForestGroup, ForestRow, VERDICTS, assessed, centre, shown, verdict_name};
pub use heatmap::{Heatmap, HeatmapCell};
pub use planted::{Planted, PlantedPoint};
pub use quantity::{Interval, Quantity};
pub use reliability::{Reliability, ReliabilityBin};
pub use representation::{Readings, Representation, RepresentationBar};
pub use roc::{Roc, RocCurve};

use plotters::coord::Shift;
use plotters::prelude::{BitMapBackend, DrawingArea, DrawingBackend, IntoDrawingArea, SVGBackend};

/// Pixels of a PNG per unit of the drawing; 2 is sharp in print at the size of the page.
const PNG_SCALE: u32 = 2;
/// Height of a line of the title in files, in drawing units.
const TITLE: u32 = 24;

/// One drawing, written once for every plotters backend.
pub trait Drawing {
    /// What is shown, in one line.
    fn title(&self) -> &str;
    /// What can be seen, in two or three sentences, for those who do not see it.
    fn description(&self) -> String;
    /// Width and height in drawing units (CSS pixels of the SVG).
    fn size(&self) -> (u32, u32);
    /// Draw on any backend.
    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError>;
    /// The figures shown.
    fn table(&self) -> Table;
}

/// The figures of a chart as text: the first cell of each row is its heading.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Column headings.
    pub head: Vec<String>,
    /// Rows, as wide as the head.
    pub rows: Vec<Vec<String>>,
}

/// Any of the charts.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// Effects with intervals.
    Forest(Forest),
    /// Who appears in the answers.
    Representation(Representation),
    /// Models by levels.
    Heatmap(Heatmap),
    /// Planted against measured.
    Planted(Planted),
    /// Found against accused.
    Roc(Roc),
    /// Stated against true.
    Reliability(Reliability),
}

macro_rules! each {
    ($chart:expr, $drawing:ident => $result:expr) => {
        match $chart {
            Chart::Forest($drawing) => $result,
            Chart::Representation($drawing) => $result,
            Chart::Heatmap($drawing) => $result,
            Chart::Planted($drawing) => $result,
            Chart::Roc($drawing) => $result,
            Chart::Reliability($drawing) => $result,
        }
    };
}

impl Chart {
    /// What is shown, in one line.
    pub fn title(&self) -> &str {
        each!(self, drawing => drawing.title())
    }

    /// The same for those who do not see it, in a few sentences.
    pub fn description(&self) -> String {
        each!(self, drawing => drawing.description())
    }

    /// The figures shown.
    pub fn table(&self) -> Table {
        each!(self, drawing => drawing.table())
    }

    /// The language of the words in the chart.
    pub fn language(&self) -> Language {
        each!(self, drawing => drawing.language)
    }

    /// The chart as SVG text for a page that prints the title itself; `id` must be unique in the page, the ids of title and description
    /// derive from it.
    pub fn svg(&self, id: &str) -> Result<String, ChartError> {
        each!(self, drawing => svg(drawing, id, self.language(), false))
    }

    /// Write the chart with its title as an SVG file.
    pub fn write_svg(&self, path: &Path) -> Result<(), ChartError> {
        let text = each!(self, drawing => svg(drawing, "chart", self.language(), true))?;
        std::fs::write(path, text).map_err(|error| ChartError::Write { path: path.to_owned(), reason: error.to_string() })
    }

    /// Write the chart with its title as a PNG file, two pixels per unit.
    pub fn write_png(&self, path: &Path) -> Result<(), ChartError> {
        each!(self, drawing => png(drawing, path))
    }
}

fn svg<D: Drawing>(drawing: &D, id: &str, language: Language, titled: bool) -> Result<String, ChartError> {
    canvas::register_fonts()?;
    let (width, height) = drawing.size();
    let mut text = String::new();
    {
        let above = if titled { title_height(drawing)? } else { 0 };
        let area = SVGBackend::with_string(&mut text, (width, height + above)).into_drawing_area();
        if titled {
            draw_titled(drawing, &area, Surface::Vector)?;
        } else {
            drawing.draw(&Canvas::new(&area, Surface::Vector))?;
        }
        area.present().map_err(ChartError::from_plotters)?;
    }
    Ok(svg::accessible(&text, &svg::Names { id, title: drawing.title(), description: &drawing.description(), language }))
}

fn png<D: Drawing>(drawing: &D, path: &Path) -> Result<(), ChartError> {
    canvas::register_fonts()?;
    let (width, height) = drawing.size();
    let size = (width * PNG_SCALE, (height + title_height(drawing)?) * PNG_SCALE);
    let area = BitMapBackend::new(path, size).into_drawing_area();
    draw_titled(drawing, &area, Surface::Raster(PNG_SCALE))?;
    area.present().map_err(|error| ChartError::Write { path: path.to_owned(), reason: error.to_string() })
}

fn title_lines<D: Drawing>(drawing: &D) -> Result<Vec<String>, ChartError> {
    canvas::wrap(drawing.title(), palette::HEADING, f64::from(drawing.size().0) - 8.0)
}

fn title_height<D: Drawing>(drawing: &D) -> Result<u32, ChartError> {
    Ok(12 + TITLE * title_lines(drawing)?.len() as u32)
}

/// The drawing below its title.
fn draw_titled<D: Drawing, DB: DrawingBackend>(drawing: &D, area: &DrawingArea<DB, Shift>, surface: Surface) -> Result<(), ChartError> {
    let (above, below) = area.split_vertically(title_height(drawing)? * surface.scale());
    let canvas = Canvas::new(&above, surface);
    canvas.background(palette::PAPER)?;
    for (index, line) in title_lines(drawing)?.iter().enumerate() {
        canvas.text(line, (4.0, f64::from(TITLE) * (index as f64 + 0.5) + 6.0), palette::HEADING)?;
    }
    drawing.draw(&Canvas::new(&below, surface))
}

#[cfg(test)]
mod tests;
