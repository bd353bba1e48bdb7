//! Intervals, and the p-values that are the same thing read the other way round.
//!
//! In: an estimate and what is known of its uncertainty. Out: [`Uncertainty`], which answers three questions with one and the same
//! function of alpha: the interval at a level, the p-value against a value (the alpha at which the interval just reaches it), and the
//! p-value of equivalence (the smallest alpha at which the (1 - 2 alpha) interval lies within the margin). So an interval and a test
//! never contradict each other.
//!
//! # Why these intervals
//! Simulated with clusters {6, 10, 20, 40}, shares {.05, .2, .5, .9}, correlation within clusters {0, .1, .5}, 20 answers a cluster, and with
//! clusters of 8 and 32 answers:
//! - *Shares.* Wilson's interval with the effective sample size p(1-p)/V and Student's quantile with G - 1 degrees of freedom makes up to 6 %
//!   false differences with equal clusters, 8.5 % with unequal ones and 7.3 % with two-way ones, nearly all of the excess with a
//!   share nearer to 0 or 1 than the truth: V and the share err together. Degrees of freedom from the empirical kurtosis hardly help (few clusters do not show
//!   their tails), nor does a test with the variance under the hypothesis (for equal clusters it is the same t). With degrees of
//!   freedom and drift by a working model ([`super::dispersion`]) no cell exceeds 5 % by more than the error of the simulation. The
//!   drift applied in full covers too much (97.5 % at 20 clusters, share .9, correlation .5); see `score_variance`.
//! - *Rare answers.* Where fewer than four clusters carry the rarer answer, V says little and every such interval breaks down (Korn
//!   and Graubard's to 86.8 %, Wilson's to 85.0 % at 20 clusters, share .05, correlation .5); there the clusters themselves are taken as
//!   units in the exact interval, which holds at least 95 %. Korn and Graubard's interval covers too much where answers are independent
//!   (98.5 % at 10 clusters), and so does an effective size capped at the number of answers (98 %); neither is kept.
//! - *Paired differences.* Student's t with the CR2 standard error holds 93.5 % or more in every cell. Combining the two arms' share
//!   intervals (MOVER) covers up to 100 % however it treats the correlation; it is kept only for groups that are not paired. A wild
//!   cluster bootstrap of a mean draws the same sign changes as the sign-flip test: with six clusters its smallest p-value is 1/32, too
//!   coarse for tests that are adjusted for multiplicity.
//! - *Two-way.* The largest of the two-way and both one-way variances is taken; the plain two-way variance covers 92.6 % of differences when
//!   answers are independent. The sign-flip test alone, flipping one of two crossed dimensions, finds a false difference in up to
//!   36 % of samples; the larger of its p-value and the interval's keeps 5 %.
//!
//! The figures that hold for this code are in `docs/coverage.md`.

use super::special::{beta_cdf, beta_quantile, bisect, normal_quantile, t_critical, t_two_sided};
use super::{Interval, StatsError, check_open_unit, check_unit};

/// The smallest p-value that is computed; smaller ones are reported as this.
pub const SMALLEST_P: f64 = 1e-12;

/// Wilson's (1927) score interval of a share seen in `n` independent observations. `share` in [0, 1], `n` > 0 (need not be whole).
///
/// # Errors
/// `OutOfRange` for a share, size or level without meaning.
pub fn wilson(share: f64, n: f64, level: f64) -> Result<Interval, StatsError> {
    check_sample(share, n, level)?;
    let (lower, upper) = score_bounds(share, n, 0.0, -normal_quantile(0.5 * (1.0 - level)));
    Ok(Interval { lower, upper })
}

/// Wilson's interval with any critical value, its end on the side to which the design effect grows moved out (see [`score_variance`]).
fn score_bounds(share: f64, n: f64, drift: f64, z: f64) -> (f64, f64) {
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let lower = if share == 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let upper = if share == 1.0 { 1.0 } else { (middle + half).min(1.0) };
    let within = |value: f64| (value - share) * (value - share) < z * z * score_variance(value, share, n, drift);
    if drift > 0.0 {
        (lower, bisect(upper, 1.0, within))
    } else if drift < 0.0 {
        (bisect(0.0, lower, |value| !within(value)), upper)
    } else {
        (lower, upper)
    }
}

/// Variance of a share under the hypothesis that the truth is `value`. The design effect was estimated at `share`; at `value` it is greater by
/// the factor 1 + drift x distance if the drift (see [`super::dispersion`]) stayed as it is at `share`. It dwindles on the way to the
/// middle, so the square root of that factor is taken; a smaller design effect is never assumed.
fn score_variance(value: f64, share: f64, n: f64, drift: f64) -> f64 {
    value * (1.0 - value) / n * (1.0 + (drift * (value - share)).max(0.0)).sqrt()
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

/// Error that the measuring instrument adds to an estimate, independent of the sample (see [`super::correction`]).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instrument {
    /// Standard error by the delta method.
    pub standard_error: f64,
    /// Deviations of the estimate when the instrument's errors are drawn afresh, ascending; none for a perfect instrument.
    pub deviations: Vec<f64>,
}

impl Instrument {
    /// How far the error reaches down and up: Student's multiple of the standard error, or farther if the draws do. (Beyond the last draw
    /// only the standard error can tell.)
    fn reach(&self, alpha: f64, df: f64) -> (f64, f64) {
        if self.deviations.is_empty() {
            return (0.0, 0.0);
        }
        let least = t_critical(alpha, df) * self.standard_error;
        let last = (self.deviations.len() - 1) as f64;
        let quantile = |p: f64| {
            let position = p * last;
            let (low, high) = (self.deviations[position.floor() as usize], self.deviations[position.ceil() as usize]);
            low + (high - low) * (position - position.floor())
        };
        (least.max(-quantile(0.5 * alpha)), least.max(quantile(1.0 - 0.5 * alpha)))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// Student's t with a cluster-robust standard error.
    Mean { standard_error: f64, df: f64 },
    /// Wilson's interval with Student's quantile: a share as if seen in `size` independent answers, by a variance with `df`.
    Share { share: f64, size: f64, df: f64, drift: f64, slope: f64 },
    /// The exact interval of a share seen in `units` independent units.
    Units { share: f64, units: f64, slope: f64 },
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

    /// A share in [0, 1] whose answers are worth `size` independent ones, by a variance with `df` degrees of freedom and a `drift` of the
    /// design effect (see [`super::dispersion`]; 0 for none).
    pub fn of_share(share: f64, size: f64, df: f64, drift: f64) -> Self {
        Self::within_unit(share, Kind::Share { share, size, df, drift, slope: 1.0 })
    }

    /// A share in [0, 1] seen in `units` independent units; nothing is estimated but the share.
    pub fn of_units(share: f64, units: f64) -> Self {
        Self::within_unit(share, Kind::Units { share, units, slope: 1.0 })
    }

    fn within_unit(share: f64, kind: Kind) -> Self {
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
        if let Kind::Share { slope, .. } | Kind::Units { slope, .. } = &mut self.kind {
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
            Kind::Units { .. } | Kind::Constant { .. } => f64::INFINITY,
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
            Kind::Share { share, size, df, drift, slope } => {
                let (lower, upper) = score_bounds(*share, *size, *drift, t_critical(alpha, *df));
                (slope * (share - lower), slope * (upper - share))
            }
            Kind::Units { share, units, slope } => {
                let (lower, upper) = exact_bounds(*share, *units, alpha);
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
        let (error_down, error_up) = self.instrument.reach(alpha, self.degrees_of_freedom());
        (libm::hypot(down, error_down), libm::hypot(up, error_up))
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
        if let Some(p) = self.closed_form_p(value) {
            return p.clamp(SMALLEST_P, 1.0);
        }
        let reaches = |alpha: f64| {
            let (down, up) = self.reach(alpha);
            if value < self.estimate { down >= distance } else { up >= distance }
        };
        let p = libm::exp(bisect(libm::log(SMALLEST_P), 0.0, |exponent| reaches(libm::exp(exponent))));
        p.clamp(SMALLEST_P, 1.0)
    }

    /// The p-value where it needs no search.
    fn closed_form_p(&self, value: f64) -> Option<f64> {
        if !self.instrument.deviations.is_empty() {
            return None;
        }
        let distance = (value - self.estimate).abs();
        match self.kind {
            Kind::Mean { standard_error, df } => Some(t_two_sided(distance / standard_error, df)),
            Kind::Share { share, size, df, drift, .. } => {
                Some(t_two_sided(distance / score_variance(value, share, size, drift).sqrt(), df))
            }
            Kind::Units { share, units, .. } => {
                let events = share * units;
                Some(if value < share {
                    2.0 * beta_cdf(value, events, units - events + 1.0)
                } else {
                    2.0 * beta_cdf(1.0 - value, units - events, events + 1.0)
                })
            }
            _ => None,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(interval: Interval, lower: f64, upper: f64) -> bool {
        (interval.lower - lower).abs() < 1e-9 && (interval.upper - upper).abs() < 1e-9
    }

    /// An instrument whose error is uniform.
    fn noise(standard_error: f64) -> Instrument {
        Instrument { standard_error, deviations: (-50..=50).map(|i| f64::from(i) / 29.0 * standard_error).collect() }
    }

    #[test]
    fn wilson_and_clopper_pearson_are_those_of_newcombes_table() {
        // Newcombe (1998), table I; further digits from statsmodels.
        let of = |x: f64, n: f64| (wilson(x / n, n, 0.95).unwrap(), clopper_pearson(x / n, n, 0.95).unwrap());
        let (score, exact) = of(81.0, 263.0);
        assert!(near(score, 0.2552885198782742, 0.36620957698280004) && near(exact, 0.25273674558527126, 0.3676219226013514));
        let (score, exact) = of(15.0, 148.0);
        assert!(near(score, 0.06238639953073628, 0.16048724172330803) && near(exact, 0.05784401008344857, 0.161650490349479));
        let (score, exact) = of(0.0, 20.0);
        assert!(near(score, 0.0, 0.1611251580528194) && near(exact, 0.0, 0.16843347098308534));
        let (score, exact) = of(1.0, 29.0);
        assert!(near(score, 0.006113214292762667, 0.17175521879320294) && near(exact, 0.000872646883579922, 0.17764429548872293));
        assert!(wilson(1.2, 10.0, 0.95).is_err() && wilson(0.2, 0.0, 0.95).is_err() && clopper_pearson(0.2, 10.0, 1.0).is_err());
    }

    #[test]
    fn a_difference_of_independent_shares_is_newcombes_tenth_method() {
        // Newcombe (1998), 56/70 and 48/80: .0524 to .3339.
        let share = |x: f64, n: f64| Uncertainty::of_share(x / n, n, f64::INFINITY, 0.0);
        let difference = Uncertainty::of_difference(share(56.0, 70.0), share(48.0, 80.0));
        assert!(near(difference.interval(0.95).unwrap(), 0.05243147240236498, 0.33387265403690614));
    }

    #[test]
    fn a_drift_moves_out_the_end_to_which_the_design_effect_grows_and_no_other() {
        let of = |drift| Uncertainty::of_share(0.9, 76.0, 39.0, drift);
        let (plain, drifting, other) = (of(0.0).interval(0.95).unwrap(), of(-2.7).interval(0.95).unwrap(), of(2.7).interval(0.95).unwrap());
        assert!(drifting.lower < plain.lower && drifting.upper == plain.upper);
        assert!(other.upper > plain.upper && other.lower == plain.lower);
        // (.9 - .8)² / (.8 · .2 / 76 · sqrt(1 + 2.7 · .1)) = 2.0530², by hand.
        let t: f64 = 0.1 / (0.16 / 76.0 * 1.27_f64.sqrt()).sqrt();
        assert!((t - 2.0530).abs() < 1e-3 && (of(-2.7).p_against(0.8) - t_two_sided(t, 39.0)).abs() < 1e-12);
    }

    #[test]
    fn students_interval_and_tests_are_those_of_scipy() {
        // scipy ttest_1samp and statsmodels ttost_mean of .1 .3 -.1 .2 .4 .05 .15 .25.
        let mean = Uncertainty::of_mean(0.16875, 0.16875 / 3.0655815199156944, 7.0, None);
        assert!(near(mean.interval(0.95).unwrap(), 0.0385853510210174, 0.2989146489789826));
        assert!((mean.p_against(0.0) - 0.01818011647738714).abs() < 1e-10);
        assert!((mean.equivalence_p(0.0, 0.3) - 0.02428556710127102).abs() < 1e-10);
    }

    #[test]
    fn six_units_that_all_say_no_exclude_one_half_at_one_in_thirty_two() {
        let none = Uncertainty::of_units(0.0, 6.0);
        assert!((none.p_against(0.5) - 2.0 / 64.0).abs() < 1e-12);
        let interval = none.interval(0.95).unwrap();
        assert!(near(interval, 0.0, 1.0 - libm::pow(0.025, 1.0 / 6.0)));
    }

    #[test]
    fn twenty_clusters_without_any_difference_leave_seventeen_points_open() {
        let nothing = Uncertainty::of_constant(0.0, 20, (-1.0, 1.0));
        let reach = 1.0 - libm::pow(0.025, 1.0 / 20.0);
        assert!(near(nothing.interval(0.95).unwrap(), -reach, reach));
        assert!((nothing.p_against(reach) - 0.05).abs() < 1e-9);
        assert_eq!(nothing.p_against(0.0), 1.0);
    }

    #[test]
    fn an_instruments_error_widens_and_raises_p() {
        let plain = Uncertainty::of_mean(0.2, 0.05, 9.0, Some((-1.0, 1.0)));
        let wider = plain.clone().with_instrument(noise(0.05));
        assert!(wider.interval(0.95).unwrap().lower < plain.interval(0.95).unwrap().lower);
        assert!(wider.p_against(0.0) > plain.p_against(0.0));
        assert!(wider.equivalence_p(0.0, 0.4) > plain.equivalence_p(0.0, 0.4));
    }

    #[test]
    fn an_estimate_outside_the_margin_is_never_equivalent() {
        let mean = Uncertainty::of_mean(0.2, 0.01, 9.0, None);
        assert!(mean.equivalence_p(0.0, 0.1) > 0.5);
        assert!(mean.equivalence_p(0.0, 0.2) >= 0.5);
    }

    fn any_uncertainty() -> impl Strategy<Value = Uncertainty> {
        let share = (0.0..=1.0_f64, 2.0..400.0_f64, 2.0..60.0_f64, prop_oneof![Just(0.0), -40.0..40.0_f64])
            .prop_map(|(p, n, df, drift)| Uncertainty::of_share(p, n, df, drift));
        let units = (0.0..=1.0_f64, 2.0..60.0_f64).prop_map(|(p, n)| Uncertainty::of_units(p, n));
        let mean =
            (-1.0..=1.0_f64, 0.001..0.5_f64, 1.0..60.0_f64).prop_map(|(m, se, df)| Uncertainty::of_mean(m, se, df, Some((-1.0, 1.0))));
        let constant = (-1.0..=1.0_f64, 2..60_usize).prop_map(|(m, k)| Uncertainty::of_constant(m, k, (-1.0, 1.0)));
        let difference = (units.clone(), share.clone()).prop_map(|(a, b)| Uncertainty::of_difference(a, b));
        (prop_oneof![share, units, mean, constant, difference], prop_oneof![Just(0.0), 0.0..0.1_f64])
            .prop_map(|(any, error)| if error > 0.0 { any.with_instrument(noise(error)) } else { any })
    }

    proptest! {
        #[test]
        fn intervals_contain_the_estimate_and_stay_in_range(any in any_uncertainty(), level in 0.5..0.999_f64) {
            let interval = any.interval(level).unwrap();
            prop_assert!(interval.contains(any.estimate()), "{interval:?}");
            prop_assert!(interval.lower >= -1.0 && interval.upper <= 1.0);
            let wider = any.interval(level + 0.0009).unwrap();
            prop_assert!(wider.lower <= interval.lower + 1e-12 && wider.upper >= interval.upper - 1e-12);
        }

        #[test]
        fn interval_and_test_never_contradict_each_other(any in any_uncertainty(), value in -0.99..0.99_f64) {
            let p = any.p_against(value);
            prop_assert!((0.0..=1.0).contains(&p));
            if p > 1e-9 && p < 0.9 {
                prop_assert!(any.interval(1.0 - p * 0.999).unwrap().contains(value), "inside just below p = {p}");
                prop_assert!(!any.interval(1.0 - p * 1.001).unwrap().contains(value), "outside just above p = {p}");
            }
        }

        #[test]
        fn equivalence_is_easier_to_show_within_a_wider_margin(any in any_uncertainty(), margin in 0.01..0.9_f64, more in 0.0..0.5_f64) {
            let (narrow, wide) = (any.equivalence_p(0.0, margin), any.equivalence_p(0.0, margin + more));
            prop_assert!(wide <= narrow + 1e-12 && (0.0..=1.0).contains(&narrow));
        }

        #[test]
        fn equivalence_holds_where_the_interval_lies_within_the_margin(any in any_uncertainty(), margin in 0.05..0.9_f64) {
            let p = any.equivalence_p(0.0, margin);
            if p > 1e-9 && p < 0.4 {
                let inside = |alpha: f64| {
                    let interval = any.interval(1.0 - 2.0 * alpha).unwrap();
                    interval.lower > -margin && interval.upper < margin
                };
                prop_assert!(inside(p * 1.001) && !inside(p * 0.999));
            }
        }
    }
}
