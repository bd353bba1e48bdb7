//! A sheet to draw on: lines, shapes and text in drawing units, on any plotters backend, at any scale.

use std::path::PathBuf;
use std::sync::LazyLock;

use plotters::coord::Shift;
use plotters::prelude::{Circle, DrawingArea, DrawingBackend, IntoFont, PathElement, Polygon, RGBColor, Rectangle, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, register_font};

/// The name under which the bundled font is registered; the SVG replaces it by a list of fonts.
pub(super) const FONT: &str = "lupe-serif";

/// plotters sets SVG text at `size / 1.24`; this gives the size in units of the em.
const EM: f64 = 1.24;

/// What can go wrong while drawing.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ChartError {
    /// The fonts that come with the program are not what it expects.
    #[error("the bundled font {0} cannot be read")]
    Font(&'static str),
    /// plotters could not draw.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
    /// The file could not be written.
    #[error("the chart {path} could not be written: {reason}")]
    #[diagnostic(help("check that the folder exists and can be written to"))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl ChartError {
    pub(super) fn from_plotters(error: impl std::fmt::Display) -> Self {
        Self::Draw(error.to_string())
    }
}

/// Register Libertinus Serif once.
pub(super) fn register_fonts() -> Result<(), ChartError> {
    static REGISTERED: LazyLock<Result<(), &'static str>> = LazyLock::new(|| {
        for (style, name) in [(FontStyle::Normal, "LibertinusSerif-Regular"), (FontStyle::Bold, "LibertinusSerif-Semibold")] {
            let font = bundled(name).ok_or(name)?;
            register_font(FONT, style, font).map_err(|_| name)?;
        }
        Ok(())
    });
    REGISTERED.map_err(ChartError::Font)
}

/// The bundled font whose PostScript name, written in its file, is `name`.
fn bundled(name: &str) -> Option<&'static [u8]> {
    let contains = |font: &[u8], text: &str| font.windows(text.len()).any(|window| window == text.as_bytes());
    let italic = format!("{name}Italic");
    typst_assets::fonts().find(|font| contains(font, name) && !contains(font, &italic))
}

/// How a text is set.
#[derive(Clone, Copy)]
pub struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: RGBColor,
    pub(super) align: HPos,
}

impl Type {
    pub(super) const fn new(size: f64, colour: RGBColor) -> Self {
        Self { size, bold: false, colour, align: HPos::Left }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn right(self) -> Self {
        Self { align: HPos::Right, ..self }
    }

    pub(super) const fn centred(self) -> Self {
        Self { align: HPos::Center, ..self }
    }
}

/// What lies under a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Vectors, one unit per drawing unit.
    Vector,
    /// Pixels, so many of them per drawing unit.
    Raster(u32),
}

impl Surface {
    pub(super) fn scale(self) -> u32 {
        match self {
            Surface::Vector => 1,
            Surface::Raster(scale) => scale,
        }
    }
}

/// A sheet on one backend.
pub struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    scale: f64,
    /// How far, in units of the em, a text must go down to stand in the middle of its line.
    drop: f64,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    /// A sheet over `area`.
    pub fn new(area: &'a DrawingArea<DB, Shift>, surface: Surface) -> Self {
        // plotters sets text a little too high in pixels.
        let drop = if matches!(surface, Surface::Raster(_)) { 0.12 } else { 0.0 };
        Self { area, scale: f64::from(surface.scale()), drop }
    }

    fn at(&self, (x, y): (f64, f64)) -> (i32, i32) {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }

    fn stroke(&self, colour: RGBColor, width: f64) -> ShapeStyle {
        ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: ((width * self.scale).round() as u32).max(1) }
    }

    fn draw<E>(&self, element: E) -> Result<(), ChartError>
    where
        for<'e> &'e E: plotters::element::PointCollection<'e, (i32, i32)>,
        E: plotters::element::Drawable<DB>,
    {
        self.area.draw(&element).map_err(ChartError::from_plotters)
    }

    pub(super) fn background(&self, colour: RGBColor) -> Result<(), ChartError> {
        self.area.fill(&colour).map_err(ChartError::from_plotters)
    }

    pub(super) fn line(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) -> Result<(), ChartError> {
        self.draw(PathElement::new(vec![self.at(from), self.at(to)], self.stroke(colour, width)))
    }

    /// A dashed line; only horizontal, vertical or any straight one.
    pub(super) fn dashed(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) -> Result<(), ChartError> {
        const DASH: f64 = 5.0;
        const GAP: f64 = 3.0;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let point = |along: f64| (from.0 + dx * along / length, from.1 + dy * along / length);
        let mut along = 0.0;
        while along < length {
            self.line(point(along), point((along + DASH).min(length)), colour, width)?;
            along += DASH + GAP;
        }
        Ok(())
    }

    /// A line through all points.
    pub(super) fn path(&self, points: &[(f64, f64)], colour: RGBColor, width: f64) -> Result<(), ChartError> {
        let points: Vec<(i32, i32)> = points.iter().map(|&point| self.at(point)).collect();
        self.draw(PathElement::new(points, self.stroke(colour, width)))
    }

    /// A dashed line through all points; dashes go on round corners.
    pub(super) fn dashed_path(
        &self,
        points: &[(f64, f64)],
        (dash, gap): (f64, f64),
        colour: RGBColor,
        width: f64,
    ) -> Result<(), ChartError> {
        let mut piece: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
        let (mut left, mut down) = (dash, true);
        for pair in points.windows(2) {
            let ((x, y), (dx, dy)) = (pair[0], (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
            let length = dx.hypot(dy);
            let mut gone = 0.0;
            while gone < length {
                let step = left.min(length - gone);
                gone += step;
                left -= step;
                piece.push((x + dx * gone / length, y + dy * gone / length));
                if left > 0.0 {
                    continue;
                }
                if down {
                    self.path(&piece, colour, width)?;
                }
                piece.drain(..piece.len() - 1);
                down = !down;
                left = if down { dash } else { gap };
            }
        }
        if down && piece.len() > 1 { self.path(&piece, colour, width) } else { Ok(()) }
    }

    pub(super) fn rectangle(&self, from: (f64, f64), to: (f64, f64), fill: RGBColor) -> Result<(), ChartError> {
        self.draw(Rectangle::new([self.at(from), self.at(to)], fill.filled()))
    }

    pub(super) fn frame(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor, width: f64) -> Result<(), ChartError> {
        self.draw(Rectangle::new([self.at(from), self.at(to)], self.stroke(colour, width)))
    }

    pub(super) fn disc(&self, centre: (f64, f64), radius: f64, colour: RGBColor) -> Result<(), ChartError> {
        self.draw(Circle::new(self.at(centre), (radius * self.scale).round() as i32, colour.filled()))
    }

    pub(super) fn polygon(&self, corners: &[(f64, f64)], fill: RGBColor) -> Result<(), ChartError> {
        self.draw(Polygon::new(corners.iter().map(|&corner| self.at(corner)).collect::<Vec<_>>(), fill))
    }

    /// Diagonal lines within a rectangle, `step` apart; `rising` chooses the direction.
    pub(super) fn hatch(&self, from: (f64, f64), to: (f64, f64), (step, rising): (f64, bool), colour: RGBColor) -> Result<(), ChartError> {
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        let mut offset = step / 2.0;
        while offset < width + height {
            // The line x + y = offset, cut to the rectangle.
            let start = (offset.min(width), (offset - width).max(0.0));
            let end = ((offset - height).max(0.0), offset.min(height));
            let place = |(x, y): (f64, f64)| (from.0 + x, if rising { from.1 + y } else { to.1 - y });
            self.line(place(start), place(end), colour, 1.0)?;
            offset += step;
        }
        Ok(())
    }

    fn style(&self, set: Type) -> TextStyle<'static> {
        let family = if set.bold {
            (FONT, set.size * EM * self.scale, FontStyle::Bold)
        } else {
            (FONT, set.size * EM * self.scale, FontStyle::Normal)
        };
        family.into_font().color(&set.colour).pos(Pos::new(set.align, VPos::Center))
    }

    /// One line of text, its middle at the height of `at`.
    pub(super) fn text(&self, text: &str, (x, y): (f64, f64), set: Type) -> Result<(), ChartError> {
        let at = (x, y + self.drop * set.size);
        self.area.draw_text(&printable(text), &self.style(set), self.at(at)).map_err(ChartError::from_plotters)
    }

    /// `text` cut to `width` with an ellipsis where it is too long.
    pub(super) fn fitted(&self, text: &str, at: (f64, f64), set: Type, width: f64) -> Result<(), ChartError> {
        self.text(&fit(text, set, width)?, at, set)
    }
}

/// Control characters have no glyph and are not allowed in SVG.
fn printable(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// Width of `text` in drawing units.
pub(super) fn width(text: &str, set: Type) -> Result<f64, ChartError> {
    register_fonts()?;
    let style = if set.bold { FontStyle::Bold } else { FontStyle::Normal };
    let ((left, _), (right, _)) =
        (FONT, set.size * EM * 8.0, style).into_font().layout_box(&printable(text)).map_err(ChartError::from_plotters)?;
    Ok(f64::from(right - left) / 8.0)
}

/// `text`, or its beginning with an ellipsis, no wider than `limit`.
pub(super) fn fit(text: &str, set: Type, limit: f64) -> Result<String, ChartError> {
    if width(text, set)? <= limit {
        return Ok(text.to_owned());
    }
    let mut kept: String = text.chars().take(200).collect();
    while kept.pop().is_some() {
        let shortened = format!("{}…", kept.trim_end());
        if width(&shortened, set)? <= limit {
            return Ok(shortened);
        }
    }
    Ok("…".to_owned())
}

/// `text` broken at spaces into lines no wider than `limit`.
pub(super) fn wrap(text: &str, set: Type, limit: f64) -> Result<Vec<String>, ChartError> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.len() - 1;
        let longer = if lines[last].is_empty() { word.to_owned() } else { format!("{} {word}", lines[last]) };
        if lines[last].is_empty() || width(&longer, set)? <= limit {
            lines[last] = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter().map(|line| fit(&line, set, limit)).collect()
}
