//! Intervals, and the p-values that are the same thing read the other way round.
//!
//! In: an estimate and what is known of its uncertainty. Out: [`Uncertainty`], which answers three questions with one and the same
//! function of alpha: the interval at a level, the p-value against a value (the alpha at which the interval just reaches it), and the p-value
//! of equivalence (the smallest alpha at which the (1 - 2 alpha) interval lies within the margin). So an interval and a test
//! never contradict each other.

use super::special::{beta_quantile, bisect, normal_quantile, t_critical, t_two_sided};
use super::{Interval, StatsError, check_open_unit, check_unit};

/// The smallest p-value that is computed; smaller ones are reported as this.
pub const SMALLEST_P: f64 = 1e-12;

/// Wilson's (1927) score interval of a share seen in `n` independent observations. `share` in [0, 1], `n` > 0 (need not be whole).
///
/// # Errors
/// `OutOfRange` for a share, size or level without meaning.
pub fn wilson(share: f64, n: f64, level: f64) -> Result<Interval, StatsError> {
    check_sample(share, n, level)?;
    let z = -normal_quantile(0.5 * (1.0 - level));
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    Ok(Interval {
        lower: if share == 0.0 { 0.0 } else { (middle - half).max(0.0) },
        upper: if share == 1.0 { 1.0 } else { (middle + half).min(1.0) },
    })
}

/// The exact interval of Clopper and Pearson (1934); `n` need not be whole.
///
/// # Errors
/// `OutOfRange` for a share, size or level without meaning.
pub fn clopper_pearson(share: f64, n: f64, level: f64) -> Result<Interval, StatsError> {
    check_sample(share, n, level)?;
    let (lower, upper) = exact_bounds(share, n, 1.0 - level);
    Ok(Interval { lower, upper })
}

fn check_sample(share: f64, n: f64, level: f64) -> Result<(), StatsError> {
    check_unit("the share", share)?;
    check_open_unit("the level", level)?;
    if n > 0.0 && n.is_finite() {
        Ok(())
    } else {
        Err(StatsError::OutOfRange { what: "the sample size", value: n, range: "(0, infinity)" })
    }
}

fn exact_bounds(share: f64, n: f64, alpha: f64) -> (f64, f64) {
    let events = share * n;
    (beta_quantile(0.5 * alpha, events, n - events + 1.0), beta_quantile(1.0 - 0.5 * alpha, events + 1.0, n - events))
}

/// What is known about an estimate: a function from alpha to the ends of its (1 - alpha) interval, nested as alpha shrinks.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    estimate: f64,
    range: Option<(f64, f64)>,
    kind: Kind,
    instrument: Instrument,
}

/// Error that the measuring instrument adds to an estimate, independent of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Instrument {
    /// Standard error of the corrected estimate that comes from the validation record alone.
    pub standard_error: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// Student's t with a cluster-robust standard error.
    Mean { standard_error: f64, df: f64 },
    /// A share as if seen in `size` independent answers; `df` of the variance behind `size`, infinite when it is known.
    Share { share: f64, size: f64, answers: f64, df: f64, slope: f64 },
    /// All clusters show the same value: at most the share q of clusters differs, where (1 - q)^clusters = alpha / 2.
    Constant { clusters: f64 },
    /// Difference of two independent estimates (MOVER, Zou and Donner 2008).
    Difference { first: Box<Uncertainty>, second: Box<Uncertainty> },
}

impl Uncertainty {
    /// A mean with its standard error; `range` are the bounds of what the mean can be, if it has any.
    pub fn of_mean(estimate: f64, standard_error: f64, df: f64, range: Option<(f64, f64)>) -> Self {
        Self { estimate, range, kind: Kind::Mean { standard_error, df }, instrument: Instrument::default() }
    }

    /// The mean of values between the bounds of `range` that are the same in all of `clusters` clusters.
    pub fn of_constant(estimate: f64, clusters: usize, range: (f64, f64)) -> Self {
        let kind = Kind::Constant { clusters: clusters as f64 };
        Self { estimate, range: Some(range), kind, instrument: Instrument::default() }
    }

    /// A share in [0, 1] from `answers` answers that are worth `size` independent ones, by a variance with `df` degrees of freedom
    /// (infinite: `size` is known).
    pub fn of_share(share: f64, size: f64, answers: f64, df: f64) -> Self {
        let kind = Kind::Share { share, size, answers, df, slope: 1.0 };
        Self { estimate: share, range: Some((0.0, 1.0)), kind, instrument: Instrument::default() }
    }

    /// The difference `first - second` of two independent estimates.
    pub fn of_difference(first: Self, second: Self) -> Self {
        let range = first.range.zip(second.range).map(|(a, b)| (a.0 - b.1, a.1 - b.0));
        let estimate = first.estimate - second.estimate;
        let kind = Kind::Difference { first: Box::new(first), second: Box::new(second) };
        Self { estimate, range, kind, instrument: Instrument::default() }
    }

    /// The same with the error of the measuring instrument added.
    pub fn with_instrument(mut self, instrument: Instrument) -> Self {
        self.instrument = instrument;
        self
    }

    /// A share of which `estimate` is the value corrected for the instrument: a unit of the raw share is `slope` units of it.
    pub(crate) fn corrected(mut self, estimate: f64, correction_slope: f64, instrument: Instrument) -> Self {
        if let Kind::Share { slope, .. } = &mut self.kind {
            *slope = correction_slope;
        }
        self.estimate = estimate;
        self.with_instrument(instrument)
    }

    /// The estimate itself.
    pub fn estimate(&self) -> f64 {
        self.estimate
    }

    /// Degrees of freedom; infinite where no variance was estimated.
    pub fn degrees_of_freedom(&self) -> f64 {
        match &self.kind {
            Kind::Mean { df, .. } | Kind::Share { df, .. } => *df,
            Kind::Constant { .. } => f64::INFINITY,
            Kind::Difference { first, second } => first.degrees_of_freedom().min(second.degrees_of_freedom()),
        }
    }

    /// The interval at `level`, for instance 0.95.
    ///
    /// # Errors
    /// `OutOfRange` for a level outside (0, 1).
    pub fn interval(&self, level: f64) -> Result<Interval, StatsError> {
        check_open_unit("the level", level)?;
        let (lower, upper) = self.ends(1.0 - level);
        Ok(Interval { lower, upper })
    }

    /// Distances from the estimate down and up to the ends, before the bounds of the range are applied.
    fn reach(&self, alpha: f64) -> (f64, f64) {
        let (down, up) = match &self.kind {
            Kind::Mean { standard_error, df } => {
                let reach = t_critical(alpha, *df) * standard_error;
                (reach, reach)
            }
            Kind::Share { share, size, answers, df, slope } => {
                let (lower, upper) = share_bounds(*share, *size, *answers, *df, alpha);
                (slope * (share - lower), slope * (upper - share))
            }
            Kind::Constant { clusters } => {
                let differing = 1.0 - libm::pow(0.5 * alpha, 1.0 / clusters);
                let (lowest, highest) = self.range.unwrap_or((self.estimate, self.estimate));
                (differing * (self.estimate - lowest), differing * (highest - self.estimate))
            }
            Kind::Difference { first, second } => {
                let (a, b) = (first.ends(alpha), second.ends(alpha));
                (libm::hypot(first.estimate - a.0, b.1 - second.estimate), libm::hypot(a.1 - first.estimate, second.estimate - b.0))
            }
        };
        if self.instrument.standard_error == 0.0 {
            return (down, up);
        }
        let added = t_critical(alpha, self.degrees_of_freedom()) * self.instrument.standard_error;
        (libm::hypot(down, added), libm::hypot(up, added))
    }

    fn ends(&self, alpha: f64) -> (f64, f64) {
        let (down, up) = self.reach(alpha);
        let (lower, upper) = (self.estimate - down, self.estimate + up);
        match self.range {
            Some((lowest, highest)) => (lower.clamp(lowest, highest), upper.clamp(lowest, highest)),
            None => (lower, upper),
        }
    }

    /// Two-sided p-value of the hypothesis that the truth is `value`: the alpha at which the interval just reaches it.
    /// 1 at the estimate, [`SMALLEST_P`] at the least; 0 for a value outside the range of what can be.
    pub fn p_against(&self, value: f64) -> f64 {
        let distance = (value - self.estimate).abs();
        if distance == 0.0 {
            return 1.0;
        }
        if self.range.is_some_and(|(lowest, highest)| value < lowest || value > highest) {
            return 0.0;
        }
        if let Kind::Mean { standard_error, df } = self.kind {
            let total = libm::hypot(standard_error, self.instrument.standard_error);
            return t_two_sided(distance / total, df).clamp(SMALLEST_P, 1.0);
        }
        let reaches = |alpha: f64| {
            let (down, up) = self.reach(alpha);
            if value < self.estimate { down >= distance } else { up >= distance }
        };
        let p = libm::exp(bisect(libm::log(SMALLEST_P), 0.0, |exponent| reaches(libm::exp(exponent))));
        p.clamp(SMALLEST_P, 1.0)
    }

    /// p-value of equivalence by two one-sided tests (Schuirmann 1987): the smallest alpha at which the (1 - 2 alpha) interval lies within
    /// `center` ± `margin`. At least one half where the estimate itself does not.
    pub fn equivalence_p(&self, center: f64, margin: f64) -> f64 {
        let one_sided = |bound: f64, inside: bool| {
            let p = 0.5 * self.p_against(bound);
            if inside { p } else { 1.0 - p }
        };
        let below = one_sided(center - margin, self.estimate > center - margin);
        let above = one_sided(center + margin, self.estimate < center + margin);
        below.max(above)
    }
}

/// The interval of Korn and Graubard (1998): Clopper and Pearson with the effective sample size, reduced once more for the degrees of freedom of the
/// variance that it came from.
fn share_bounds(share: f64, size: f64, answers: f64, df: f64, alpha: f64) -> (f64, f64) {
    let ratio = if df.is_infinite() { 1.0 } else { t_critical(alpha, answers - 1.0) / t_critical(alpha, df) };
    let (lower, upper) = exact_bounds(share, size * ratio * ratio, alpha);
    (lower.min(share), upper.max(share))
}
