//! Representation: per model one bar of 100 %, cut by who appears in the answers, with the baseline as a line.

use serde::{Deserialize, Serialize};

use super::canvas::{self, Canvas, ChartError, Type};
use super::palette::{self, BODY, INK, ON_DARK, ON_LIGHT, PAPER, RULE, SMALL};
use super::{Drawing, Table};
use crate::analyse::{Estimand, Finding};
use crate::lang::wording::{Wording, numbers};
use crate::store::Language;
use plotters::prelude::{DrawingBackend, RGBColor};

const WIDTH: f64 = 760.0;
const LABELS: f64 = 190.0;
const ROW: f64 = 42.0;
const BAR: f64 = 28.0;

/// How often each category was read in the answers of one model and arm: what the representation chart shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readings {
    /// Probe id.
    pub probe: String,
    /// Model name in the run.
    pub model: String,
    /// Language of the prompts.
    pub language: Language,
    /// Measure, for instance `referent-gender`.
    pub measure: String,
    /// Category -> number of answers, in the order of the scorer's categories.
    pub counts: Vec<(String, u64)>,
}

/// Shares of categories per model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Representation {
    /// What is shown, in one line.
    pub title: String,
    /// Language of the words.
    pub language: Language,
    /// Categories in the order in which they are drawn; the one the baseline is about comes first.
    pub categories: Vec<String>,
    /// What readers call them, in the same order.
    pub names: Vec<String>,
    /// How many of the first categories make up the whole that the baseline is a share of (women and men, say, without unclear answers).
    pub among: usize,
    /// One bar per model.
    pub bars: Vec<RepresentationBar>,
    /// The baseline of the first category in [0, 1] and what it is, if one is stated.
    pub baseline: Option<f64>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepresentationBar {
    /// Model.
    pub label: String,
    /// Number of answers per category; all zero shows the words "not assessable".
    pub counts: Vec<u64>,
}

impl Representation {
    /// The chart of `readings` of one measure. The baseline is that of the first finding that has one; its category is drawn first, and
    /// behind it the others of `among`, the whole it is a share of (empty: all categories). `name` gives a category its name for readers.
    pub fn from_findings(
        findings: &[&Finding],
        readings: &[&Readings],
        among: &[String],
        words: (&str, Language),
        name: impl Fn(&str) -> String,
    ) -> Option<Self> {
        let (title, language) = words;
        let measure = &readings.first()?.measure;
        let stated = findings
            .iter()
            .find(|finding| finding.measure == *measure && finding.estimand == Estimand::Representation && finding.baseline.is_some());
        let mut categories: Vec<String> = stated.and_then(|finding| finding.category.clone()).into_iter().collect();
        let read = readings.iter().flat_map(|row| row.counts.iter().map(|(category, _)| category));
        for category in among.iter().chain(read) {
            if !categories.contains(category) {
                categories.push(category.clone());
            }
        }
        let count = |row: &Readings, category: &String| row.counts.iter().filter(|(of, _)| of == category).map(|(_, count)| count).sum();
        let bars = readings
            .iter()
            .map(|row| RepresentationBar {
                label: row.model.clone(),
                counts: categories.iter().map(|category| count(row, category)).collect(),
            })
            .collect();
        let among = if among.is_empty() { categories.len() } else { among.len() };
        let baseline = stated.and_then(|finding| finding.baseline);
        let names = categories.iter().map(|category| name(category)).collect();
        Some(Self { title: title.to_owned(), language, categories, names, among, bars, baseline })
    }

    /// Legend entries with their places, and the height of the legend.
    fn legend(&self) -> Result<(Vec<(f64, f64)>, f64), ChartError> {
        let (mut x, mut y) = (4.0, 14.0);
        let mut places = Vec::new();
        for name in &self.names {
            let width = 30.0 + canvas::width(name, SMALL)? + 20.0;
            if x + width > WIDTH && x > 4.0 {
                (x, y) = (4.0, y + 24.0);
            }
            places.push((x, y));
            x += width;
        }
        Ok((places, y + 22.0))
    }
}

/// How a category is filled.
struct Fill {
    ground: RGBColor,
    ink: RGBColor,
    hatch: Option<(f64, bool, RGBColor)>,
}

fn fill(category: &str) -> Fill {
    let plain = |ground, ink| Fill { ground, ink, hatch: None };
    let hatched = |ground, step, rising, line| Fill { ground, ink: ON_LIGHT, hatch: Some((step, rising, line)) };
    let grey = |level| RGBColor(level, level, level);
    match category {
        "woman" | "counter" => plain(RGBColor(0x00, 0x55, 0x8c), ON_DARK),
        "man" | "biased" => plain(palette::ORANGE, ON_LIGHT),
        "non-binary" => hatched(RGBColor(0x7f, 0xd1, 0xb5), 7.0, true, palette::GREEN),
        "gender-fair" => hatched(RGBColor(0xbf, 0xe1, 0xf6), 7.0, false, palette::SKY),
        "unmarked" | "unknown" | "open" => plain(grey(0xd9), ON_LIGHT),
        "several" => hatched(RGBColor(0xf0, 0xdb, 0xe6), 5.0, true, palette::PURPLE),
        "none" => plain(grey(0xfa), ON_LIGHT),
        _ => hatched(grey(0xff), 5.0, false, grey(0xbb)),
    }
}

fn filled<DB: DrawingBackend>(canvas: &Canvas<DB>, category: &str, from: (f64, f64), to: (f64, f64)) -> Result<(), ChartError> {
    let Fill { ground, hatch, .. } = fill(category);
    canvas.rectangle(from, to, ground)?;
    if let Some((step, rising, line)) = hatch {
        canvas.hatch(from, to, (step, rising), line)?;
    }
    canvas.frame(from, to, palette::ON_LIGHT, 1.0)
}

impl Drawing for Representation {
    fn title(&self) -> &str {
        &self.title
    }

    fn description(&self) -> String {
        let bars: Vec<String> = self.bars.iter().map(|bar| self.sentence(bar)).collect();
        let baseline = self.baseline.map_or_else(String::new, |_| self.baseline_words("chart-representation-baseline"));
        format!("{} {baseline}", bars.join(" ")).trim_end().to_owned()
    }

    fn size(&self) -> (u32, u32) {
        let legend = self.legend().map_or(60.0, |(_, height)| height);
        (WIDTH as u32, (legend + ROW * self.bars.len() as f64 + if self.baseline.is_some() { 68.0 } else { 34.0 }) as u32)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), ChartError> {
        canvas.background(PAPER)?;
        let (places, top) = self.legend()?;
        for ((category, name), (x, y)) in self.categories.iter().zip(&self.names).zip(places) {
            filled(canvas, category, (x, y - 8.0), (x + 22.0, y + 8.0))?;
            canvas.text(name, (x + 29.0, y), SMALL)?;
        }
        let (from, to) = (LABELS, WIDTH - 26.0);
        let mut y = top + 6.0;
        for bar in &self.bars {
            self.bar(canvas, bar, (from, to), y)?;
            y += ROW;
        }
        let place = |share: f64| from + share * (to - from);
        canvas.line((from, y), (to, y), INK, 1.0)?;
        for quarter in 0..=4 {
            let share = f64::from(quarter) / 4.0;
            canvas.line((place(share), y), (place(share), y + 5.0), INK, 1.0)?;
            canvas.text(&numbers::percent(share, 0, self.language), (place(share), y + 15.0), SMALL.centred())?;
        }
        if self.baseline.is_none() {
            return Ok(());
        }
        let words = self.baseline_words("chart-baseline-label");
        baseline_mark(canvas, (10.0, y + 42.0))?;
        canvas.fitted(&words, (24.0, y + 42.0), SMALL, WIDTH - 30.0)
    }

    fn table(&self) -> Table {
        let wording = Wording::of(self.language);
        let head = [wording.text("column-model"), wording.text("column-answers-read")];
        let row = |bar: &RepresentationBar| {
            let all: u64 = bar.counts.iter().sum();
            let cell = |count: &u64| match all {
                0 => wording.text("no-value"),
                _ => format!(
                    "{} ({})",
                    numbers::percent(*count as f64 / all as f64, 1, self.language),
                    numbers::count(*count, self.language)
                ),
            };
            [bar.label.clone(), numbers::count(all, self.language)].into_iter().chain(bar.counts.iter().map(cell)).collect()
        };
        Table {
            caption: self.title.clone(),
            head: head.into_iter().chain(self.names.iter().cloned()).collect(),
            rows: self.bars.iter().map(row).collect(),
        }
    }
}

impl Representation {
    fn baseline_words(&self, key: &str) -> String {
        let names = &self.names[..self.among.min(self.names.len())];
        let value = numbers::percent(self.baseline.unwrap_or_default(), 0, self.language);
        let first = names.first().cloned().unwrap_or_default();
        let all = self.among == self.categories.len();
        let key = if all { format!("{key}.all") } else { key.to_owned() };
        Wording::of(self.language).with(&key, &[("value", value.into()), ("category", first.into()), ("among", names.join(", ").into())])
    }

    fn sentence(&self, bar: &RepresentationBar) -> String {
        let all: u64 = bar.counts.iter().sum();
        let parts: Vec<String> = self
            .names
            .iter()
            .zip(&bar.counts)
            .filter(|(_, count)| **count > 0)
            .map(|(name, count)| format!("{name} {}", numbers::percent(*count as f64 / all as f64, 0, self.language)))
            .collect();
        let parts = if parts.is_empty() { Wording::of(self.language).text("verdict-not-assessable") } else { parts.join(", ") };
        format!("{}: {parts}.", bar.label)
    }

    fn bar<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<DB>,
        bar: &RepresentationBar,
        (from, to): (f64, f64),
        y: f64,
    ) -> Result<(), ChartError> {
        let middle = y + BAR / 2.0;
        canvas.fitted(&bar.label, (4.0, middle), BODY, LABELS - 14.0)?;
        let all: u64 = bar.counts.iter().sum();
        if all == 0 {
            canvas.frame((from, y), (to, y + BAR), RULE, 1.0)?;
            return canvas.text(&Wording::of(self.language).text("verdict-not-assessable"), (from + 10.0, middle), SMALL);
        }
        let counted: u64 = bar.counts.iter().take(self.among).sum();
        let mark = self.baseline.map(|share| from + share.clamp(0.0, 1.0) * counted as f64 / all as f64 * (to - from));
        let mut done = 0;
        for (category, &count) in self.categories.iter().zip(&bar.counts).filter(|(_, count)| **count > 0) {
            let place = |count: u64| from + count as f64 / all as f64 * (to - from);
            let (left, right) = (place(done), place(done + count));
            filled(canvas, category, (left, y), (right, y + BAR))?;
            done += count;
            let Fill { ink, ground, hatch } = fill(category);
            let set = Type { colour: ink, ..SMALL.centred() };
            let words = numbers::percent(count as f64 / all as f64, 0, self.language);
            let width = canvas::width(&words, set)?;
            // The mark of the baseline must not strike the figure through: it goes into the wider part beside it.
            let (left, right) = match mark.filter(|mark| (left..right).contains(mark)) {
                Some(mark) if mark - left > right - mark => (left, mark - 4.0),
                Some(mark) => (mark + 4.0, right),
                None => (left, right),
            };
            if width + 8.0 > right - left {
                continue;
            }
            let centre = (left + right) / 2.0;
            if hatch.is_some() {
                canvas.rectangle((centre - width / 2.0 - 3.0, middle - 9.0), (centre + width / 2.0 + 3.0, middle + 9.0), ground)?;
            }
            canvas.text(&words, (centre, middle), set)?;
        }
        mark.map_or(Ok(()), |mark| baseline_mark(canvas, (mark, middle)))
    }
}

/// A stroke in ink with edges of paper, which shows on every ground; it reaches beyond the bar on both sides.
fn baseline_mark<DB: DrawingBackend>(canvas: &Canvas<DB>, (x, y): (f64, f64)) -> Result<(), ChartError> {
    let reach = BAR / 2.0 + 5.0;
    canvas.line((x, y - reach + 5.0), (x, y + reach - 5.0), PAPER, 7.0)?;
    canvas.line((x, y - reach), (x, y + reach), INK, 3.0)
}
