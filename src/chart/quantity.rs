//! What a number in a chart is, and so how it is written.

use serde::{Deserialize, Serialize};

use crate::analyse::{Estimand, Estimate, Finding, Unit};
use crate::lang::wording::{Wording, numbers};
use crate::store::Language;

/// A number with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Point estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval of an estimate, or `None` where one of its numbers is not finite.
    pub fn of(estimate: Option<&Estimate>) -> Option<Self> {
        let Estimate { value, low, high, .. } = *estimate?;
        [value, low, high].iter().all(|number| number.is_finite()).then_some(Self { value, low, high })
    }
}

/// The kind of number that a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Quantity {
    /// A share in [0, 1], written as per cent.
    Share,
    /// A difference of shares, written as signed percentage points.
    Points,
    /// A difference of scores in standard deviations, written as a signed decimal.
    Score,
    /// A difference of log-odds, written as a signed decimal.
    LogOdds,
    /// The largest distance of a level from the mean of levels, at least 0, written as a decimal.
    Index,
}

impl Quantity {
    /// What the estimate of `finding` is.
    pub fn of(finding: &Finding) -> Self {
        match finding.unit {
            // Contexts compared with contexts give a difference of shares although no level stands in the prompt.
            Unit::Share if finding.estimand == Estimand::Representation && finding.baseline.is_some() => Quantity::Share,
            Unit::Share => Quantity::Points,
            Unit::Score => Quantity::Score,
            Unit::LogOdds => Quantity::LogOdds,
            Unit::Index => Quantity::Index,
        }
    }

    /// `value` with its unit: `12,3 %`, `+4,1 Prozentpunkte`, `−0,32 Standardabweichungen`, `+0,45 Log-Odds`.
    pub fn full(self, value: f64, language: Language) -> String {
        let key = match self {
            Quantity::Points => "number-points",
            Quantity::Score => "number-deviations",
            Quantity::LogOdds => "number-log-odds",
            Quantity::Share | Quantity::Index => return self.short(value, language),
        };
        Wording::of(language).with(key, &[("value", self.short(value, language).into())])
    }

    /// `value` without the words of its unit.
    pub fn short(self, value: f64, language: Language) -> String {
        match self {
            Quantity::Share => numbers::percent(value, 1, language),
            Quantity::Points => numbers::points(value, 1, language),
            Quantity::Score | Quantity::LogOdds => numbers::signed(value, 2, language),
            Quantity::Index => numbers::decimal(value, 2, language),
        }
    }

    /// A value that people stated rather than measured, with no more decimals than it has: a baseline of `50 %`.
    pub fn stated(self, value: f64, language: Language) -> String {
        match self {
            Quantity::Share => {
                let digits = usize::from((value * 100.0 - (value * 100.0).round()).abs() > 1e-9);
                numbers::percent(value, digits, language)
            }
            _ => self.short(value, language),
        }
    }

    /// The smallest difference that matters, with its unit and without a sign, as it stands after a colon.
    pub fn margin(self, value: f64, language: Language) -> String {
        self.margin_as("", value, language)
    }

    /// The same as it stands after "a difference of" (German: in the dative).
    pub fn of_margin(self, value: f64, language: Language) -> String {
        self.margin_as(".dative", value, language)
    }

    fn margin_as(self, form: &str, value: f64, language: Language) -> String {
        let (key, value) = match self {
            Quantity::Share | Quantity::Points => ("number-points", numbers::plain((value * 1e4).round() / 1e2, language)),
            Quantity::Score => ("number-deviations", numbers::plain(value, language)),
            Quantity::LogOdds => ("number-log-odds", numbers::plain(value, language)),
            Quantity::Index => return numbers::plain(value, language),
        };
        Wording::of(language).with(&format!("{key}{form}"), &[("value", value.into())])
    }

    /// The label of a tick; ticks lie `step` apart.
    pub(super) fn tick(self, value: f64, step: f64, language: Language) -> String {
        let factor = if matches!(self, Quantity::Share | Quantity::Points) { 100.0 } else { 1.0 };
        let whole = |digits: &usize| {
            let scaled = step * factor * 10f64.powi(*digits as i32);
            (scaled - scaled.round()).abs() < 1e-6
        };
        let digits = (0..4).find(whole).unwrap_or(4);
        match self {
            Quantity::Share => numbers::percent(value, digits, language),
            Quantity::Index => numbers::decimal(value, digits, language),
            Quantity::Points | Quantity::Score | Quantity::LogOdds => numbers::signed(value * factor, digits, language),
        }
    }

    /// The words under the axis.
    pub(super) fn axis(self, language: Language) -> String {
        Wording::of(language).text(match self {
            Quantity::Share => "axis-share",
            Quantity::Points => "axis-points",
            Quantity::Score => "axis-score",
            Quantity::LogOdds => "axis-log-odds",
            Quantity::Index => "axis-index",
        })
    }
}

/// A linear axis from values to drawing units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
    pub from: f64,
    pub to: f64,
}

impl Scale {
    pub fn place(&self, value: f64) -> f64 {
        self.from + (value.clamp(self.low, self.high) - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Round values, about six of them, and how far they lie apart.
    pub fn ticks(&self) -> (Vec<f64>, f64) {
        let rough = (self.high - self.low) / 6.0;
        let mut power = 1e-9;
        while power * 10.0 <= rough {
            power *= 10.0;
        }
        let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&step| step >= rough * 0.999).unwrap_or(rough);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        ((first..=last).map(|index| index as f64 * step).collect(), step)
    }
}
