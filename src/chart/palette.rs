//! Colours, patterns and signs. Okabe and Ito's colours, which stay apart for the colour-blind, in an order that also differs in
//! lightness; every meaning carried by colour is carried by a shape, a pattern or a figure as well.

use plotters::prelude::{DrawingBackend, RGBColor};

use super::canvas::{Canvas, ChartError, Type};
use crate::analyse::Verdict;

/// Ink, and what the page's dark mode replaces by its own ink (see the style sheet of the report).
pub(super) const INK: RGBColor = RGBColor(0x1f, 0x1e, 0x1b);
/// Quieter text.
pub(super) const QUIET: RGBColor = RGBColor(0x59, 0x56, 0x50);
/// Axes and grids.
pub(super) const RULE: RGBColor = RGBColor(0xcf, 0xca, 0xc0);
/// The band of differences that do not matter.
pub(super) const BAND: RGBColor = RGBColor(0xea, 0xe6, 0xdc);
/// The sheet.
pub(super) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xfe);
/// Ink on a coloured ground, the same in light and dark.
pub(super) const ON_LIGHT: RGBColor = RGBColor(0x11, 0x11, 0x11);
/// White on a dark ground.
pub(super) const ON_DARK: RGBColor = RGBColor(0xff, 0xff, 0xff);

pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
pub(super) const VERMILLION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
pub(super) const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);
pub(super) const ORANGE: RGBColor = RGBColor(0xe6, 0x9f, 0x00);
pub(super) const SKY: RGBColor = RGBColor(0x56, 0xb4, 0xe9);
pub(super) const PURPLE: RGBColor = RGBColor(0xcc, 0x79, 0xa7);

/// Body text.
pub(super) const BODY: Type = Type::new(15.0, INK);
/// Titles of files.
pub(super) const HEADING: Type = Type::new(17.0, INK).bold();
/// Labels of axes and legends.
pub(super) const SMALL: Type = Type::new(13.5, QUIET);
/// Figures beside a drawing.
pub(super) const FIGURE: Type = Type::new(13.5, INK);

pub(super) fn verdict_colour(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Difference => VERMILLION,
        Verdict::NoRelevantDifference => BLUE,
        Verdict::Inconclusive | Verdict::NotAssessable => QUIET,
    }
}

/// The sign of a verdict: filled diamond, filled disc, open square, cross.
pub(super) fn verdict_sign<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    verdict: Verdict,
    at: (f64, f64),
    radius: f64,
) -> Result<(), ChartError> {
    let colour = verdict_colour(verdict);
    let (x, y) = at;
    match verdict {
        Verdict::Difference => {
            let reach = radius * 1.3;
            canvas.polygon(&[(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], colour)
        }
        Verdict::NoRelevantDifference => canvas.disc(at, radius, colour),
        Verdict::Inconclusive => {
            let reach = radius * 0.9;
            canvas.rectangle((x - reach, y - reach), (x + reach, y + reach), PAPER)?;
            canvas.frame((x - reach, y - reach), (x + reach, y + reach), colour, 2.0)
        }
        Verdict::NotAssessable => {
            let reach = radius * 0.8;
            canvas.line((x - reach, y - reach), (x + reach, y + reach), colour, 2.0)?;
            canvas.line((x - reach, y + reach), (x + reach, y - reach), colour, 2.0)
        }
    }
}

/// A colour between blue (−1), white (0) and vermillion (1), and the ink to write on it. Lightness falls evenly to both sides.
pub(super) fn diverging(position: f64) -> (RGBColor, RGBColor) {
    let position = position.clamp(-1.0, 1.0);
    let end = if position < 0.0 { RGBColor(0x45, 0x91, 0xc6) } else { RGBColor(0xd8, 0x6a, 0x1c) };
    let mix = |pure: u8| (255.0 + (f64::from(pure) - 255.0) * position.abs()).round() as u8;
    (RGBColor(mix(end.0), mix(end.1), mix(end.2)), ON_LIGHT)
}
