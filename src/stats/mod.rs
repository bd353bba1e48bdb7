//! Pure statistics over slices: resampling, tests, corrections, equivalence, power.
//!
//! In go numbers with the two labels of the design they come from (row and column, see [`clusters`]); out come estimates with
//! interval, p-values and effect sizes. Nothing here reads or writes anything, knows a domain word, or depends on the number of threads:
//! the same input and seed give the same bits on every machine.
//!
//! The doors that an analysis needs are in [`estimate`]: [`estimate::share_against_baseline`], [`estimate::paired_difference`],
//! [`estimate::unpaired_difference`] and [`estimate::omnibus`]. What they are built of lies in the other modules; how often
//! their intervals hold what they promise is measured by [`simulate`].

pub mod agreement;
pub mod association;
pub mod chance;
pub mod clusters;
pub mod correction;
pub mod dispersion;
pub mod effect;
pub mod estimate;
pub mod interval;
pub mod krippendorff;
pub mod multiplicity;
pub mod power;
pub mod rng;
pub mod roc;
pub mod simulate;
pub mod special;
pub mod test;

/// Why a statistic could not be computed. None of these is ever turned into a number.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// There is nothing to estimate from.
    #[error("no observations")]
    Empty,
    /// Slices that describe the same observations differ in length.
    #[error("{what}: expected {expected} entries, found {found}")]
    LengthMismatch {
        /// Which slice is too short or too long.
        what: &'static str,
        /// Length of the values.
        expected: usize,
        /// Length of the slice.
        found: usize,
    },
    /// A number lies outside the range in which it has a meaning, or is not a number.
    #[error("{what} is {value}, which lies outside {range}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// The number itself.
        value: f64,
        /// The range it should lie in.
        range: &'static str,
    },
    /// Too few clusters to estimate how much they differ.
    #[error("{found} clusters, at least {needed} are needed")]
    TooFewClusters {
        /// Clusters found.
        found: usize,
        /// Clusters needed.
        needed: usize,
    },
    /// Too few human works for a rate of rare false alarms.
    #[error("{found} human works, at least {needed} are needed")]
    TooFewNegatives {
        /// Human works found.
        found: usize,
        /// Human works needed.
        needed: usize,
    },
    /// All values are equal and have no natural bounds, so nothing says how uncertain they are.
    #[error("all values are equal: they say nothing about their own uncertainty")]
    NoVariation,
    /// The instrument hardly tells the two classes apart; a corrected rate would be noise.
    #[error("sensitivity + specificity - 1 is {youden:.2}, below {minimum:.2}: the rate cannot be corrected")]
    WeakInstrument {
        /// Youden's J of the validation record.
        youden: f64,
        /// Smallest J that is accepted.
        minimum: f64,
    },
}

/// An interval, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// Whether `value` lies in the interval.
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// Fails unless every value is finite and there is at least one.
pub(crate) fn check_finite(what: &'static str, values: &[f64]) -> Result<(), StatsError> {
    if values.is_empty() {
        return Err(StatsError::Empty);
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(&value) => Err(StatsError::OutOfRange { what, value, range: "the finite numbers" }),
        None => Ok(()),
    }
}

/// Fails unless `value` lies strictly between 0 and 1.
pub(crate) fn check_open_unit(what: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value < 1.0 { Ok(()) } else { Err(StatsError::OutOfRange { what, value, range: "(0, 1)" }) }
}

/// Fails unless `value` lies in [0, 1].
pub(crate) fn check_unit(what: &'static str, value: f64) -> Result<(), StatsError> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(StatsError::OutOfRange { what, value, range: "[0, 1]" }) }
}
