//! Rates of an instrument that read everything, corrected by people who looked at part of it: prediction-powered inference.
//!
//! In: for every answer what the instrument reads and, for a random part of them, what people say; the answers' rows and columns. Out: the
//! share that people would find in all of them, with its interval.
//!
//! The estimate is that of Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023), *Prediction-powered inference*, with the weight λ of Angelopoulos,
//! Duchi and Zrnic (2023), *PPI++*: λ x mean of readings where nobody looked + mean of (people - λ x reading) where they did. It is unbiased whatever
//! the instrument's errors; λ says how much the instrument helps (0: not at all). It asks that those looked at are a random part of each arm.
//!
//! A share of a whole (women among the women and men that were found) is a ratio of two such means. Every answer's part in the error is
//! linearised, so that parts add up within clusters and the variance is that of [`super::Clusters`]: templates and contexts make instrument
//! and people err together, and the textbook formula with independent answers would be too narrow.

use super::{CARRYING_CLUSTERS, Clusters, Estimate, Interval, Labels, Settings, Uncertainty, contrast_range, sign_flip};
use crate::stats::test::{smallest_share_p, smallest_sign_flip_p};
use crate::stats::{StatsError, check_unit};

/// What speaks for a category: 1 or 0, or none where it is no evidence (a reading outside the whole).
pub type Evidence = Option<f64>;

/// The answers of one arm.
#[derive(Debug, Clone, Copy)]
pub struct Arm<'a> {
    /// What the instrument reads in each.
    pub read: &'a [Evidence],
    /// What people say of each; `None` where nobody looked.
    pub said: &'a [Option<Evidence>],
    /// Where the answers come from.
    pub labels: Labels<'a>,
}

/// An estimate with what people added to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Corrected {
    /// The corrected estimate; its `uncorrected` is what the instrument alone says of all answers.
    pub estimate: Estimate,
    /// Weight of the instrument, from 0 to 1.
    pub lambda: f64,
    /// Answers that people looked at.
    pub rated: usize,
}

/// The share of one arm against a baseline.
///
/// # Errors
/// `Empty` where people found no evidence, `TooFewClusters` where they looked at fewer than two; slices of unequal length.
pub fn share_against_baseline(arm: Arm, baseline: f64, settings: Settings) -> Result<Corrected, StatsError> {
    check_unit("the baseline", baseline)?;
    let prepared = Prepared::new(&[arm], &[1.0])?;
    let share = prepared.estimate.clamp(0.0, 1.0);
    // As for shares without people: where few clusters carry the rarer answer, their variance says little and the clusters are the units.
    let means = prepared.said.means(&prepared.said_values);
    let carrying = [means.iter().filter(|&&mean| mean > 0.0).count(), means.iter().filter(|&&mean| mean < 1.0).count()];
    let size = share * (1.0 - share) / prepared.variance;
    let units = prepared.said.count() as f64;
    let uncertainty = if carrying[0].min(carrying[1]) >= CARRYING_CLUSTERS && size > 0.0 {
        Uncertainty::of_share(share, size, prepared.said.degrees_of_freedom(), 0.0)
    } else {
        Uncertainty::of_units(share, if size > 0.0 { units.min(size) } else { units })
    };
    let p = uncertainty.p_against(baseline);
    let smallest = smallest_share_p(prepared.said.count(), baseline);
    prepared.finish(uncertainty, baseline, p, smallest, settings)
}

/// Σ coefficient x share of arm. Arms are paired by their rows and columns.
///
/// # Errors
/// As [`share_against_baseline`], for any arm.
pub fn contrast(arms: &[Arm], coefficients: &[f64], settings: Settings) -> Result<Corrected, StatsError> {
    let prepared = Prepared::new(arms, coefficients)?;
    let range = contrast_range(coefficients, (0.0, 1.0));
    let estimate = prepared.estimate.clamp(range.0, range.1);
    let uncertainty = Uncertainty::of_mean(estimate, prepared.variance.sqrt(), prepared.said.degrees_of_freedom(), Some(range));
    let around_zero: Vec<f64> = prepared.parts.iter().map(|part| part + prepared.estimate).collect();
    let flip = sign_flip(&prepared.all.sums(&around_zero), settings.seed)?;
    let smallest = smallest_sign_flip_p(prepared.said.count());
    let p = flip.max(uncertainty.p_against(0.0));
    prepared.finish(uncertainty, 0.0, p, smallest, settings)
}

/// A contrast of shares before it is tested.
struct Prepared {
    estimate: f64,
    uncorrected: f64,
    lambda: f64,
    variance: f64,
    /// Each answer's part in the error, times the number of answers: their mean is 0.
    parts: Vec<f64>,
    /// Clusters of all answers, and of those that people looked at.
    all: Clusters,
    said: Clusters,
    said_values: Vec<f64>,
}

impl Prepared {
    fn new(arms: &[Arm], coefficients: &[f64]) -> Result<Self, StatsError> {
        let design = arms.first().ok_or(StatsError::Empty)?.labels.design;
        if coefficients.len() != arms.len() {
            return Err(StatsError::LengthMismatch { what: "coefficients", expected: arms.len(), found: coefficients.len() });
        }
        for arm in arms {
            for (what, found) in
                [("people's words", arm.said.len()), ("rows", arm.labels.rows.len()), ("columns", arm.labels.columns.len())]
            {
                if found != arm.read.len() {
                    return Err(StatsError::LengthMismatch { what, expected: arm.read.len(), found });
                }
            }
            arm.read.iter().chain(arm.said.iter().flatten()).flatten().try_for_each(|&value| check_unit("a value", value))?;
        }
        let lambda = weight(arms)?;
        let (mut estimate, mut uncorrected, mut variance_floor) = (0.0, 0.0, 0.0);
        let (mut parts, mut rows, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        let (mut said_rows, mut said_columns, mut said_values) = (Vec::new(), Vec::new(), Vec::new());
        for (arm, coefficient) in arms.iter().zip(coefficients) {
            let share = Share::new(arm, lambda)?;
            estimate += coefficient * share.value;
            uncorrected += coefficient * share.read;
            variance_floor += coefficient * coefficient * share.missing_variance;
            parts.extend(share.parts.iter().map(|part| coefficient * part));
            rows.extend_from_slice(arm.labels.rows);
            columns.extend_from_slice(arm.labels.columns);
            for (index, value) in arm.said.iter().enumerate().filter_map(|(index, said)| Some((index, (*said)??))) {
                said_rows.push(arm.labels.rows[index]);
                said_columns.push(arm.labels.columns[index]);
                said_values.push(value);
            }
        }
        let answers = parts.len() as f64;
        parts.iter_mut().for_each(|part| *part *= answers);
        let all = Clusters::new(&rows, &columns, design)?;
        let said = Clusters::new(&said_rows, &said_columns, design)?;
        let variance = all.variance_of_mean(&parts)? + variance_floor;
        Ok(Self { estimate, uncorrected, lambda, variance, parts, all, said, said_values })
    }

    fn finish(self, uncertainty: Uncertainty, center: f64, p: f64, smallest_p: f64, settings: Settings) -> Result<Corrected, StatsError> {
        let interval: Interval = uncertainty.interval(settings.level)?;
        let estimate = Estimate {
            estimate: uncertainty.estimate(),
            uncorrected: Some(self.uncorrected),
            interval,
            level: settings.level,
            p_difference: p,
            smallest_p,
            center,
            degrees_of_freedom: self.said.degrees_of_freedom(),
            clusters: self.said.count(),
            observations: self.all.observations(),
            parts: vec![uncertainty],
        };
        Ok(Corrected { estimate, lambda: self.lambda, rated: self.said_values.len() })
    }
}

/// Numerator and denominator of a share: what an answer adds to each.
fn pair(evidence: Evidence) -> (f64, f64) {
    evidence.map_or((0.0, 0.0), |value| (value, 1.0))
}

/// Share of evidence that speaks for the category.
fn plain(evidence: impl Iterator<Item = Evidence>) -> Option<f64> {
    let (hits, whole) = evidence.map(pair).fold((0.0, 0.0), |sum, (hit, whole)| (sum.0 + hit, sum.1 + whole));
    (whole > 0.0).then(|| hits / whole)
}

/// The weight that makes the variance smallest if answers were independent, one for all arms: cov(people, reading) / ((1 + n/N) var(reading)),
/// within 0 and 1 (PPI++, example 6.1). Any weight keeps the estimate unbiased, so one that clusters would choose differently costs width only.
fn weight(arms: &[Arm]) -> Result<f64, StatsError> {
    let (mut covariance, mut squares, mut freedom, mut rated, mut unrated) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for arm in arms {
        let of_people = plain(arm.said.iter().flatten().copied()).ok_or(StatsError::Empty)?;
        let of_instrument = plain(arm.read.iter().copied()).unwrap_or(of_people);
        let residual = |evidence: Evidence, share: f64| pair(evidence).0 - share * pair(evidence).1;
        let read: Vec<f64> = arm.read.iter().map(|&read| residual(read, of_instrument)).collect();
        let both: Vec<(f64, f64)> =
            arm.said.iter().zip(&read).filter_map(|(said, &read)| Some((residual((*said)?, of_people), read))).collect();
        let center = both.iter().map(|(_, read)| read).sum::<f64>() / both.len() as f64;
        covariance += both.iter().map(|(said, read)| said * (read - center)).sum::<f64>();
        squares += read.iter().map(|read| read * read).sum::<f64>();
        freedom += read.len() as f64 - 1.0;
        rated += both.len() as f64;
        unrated += (read.len() - both.len()) as f64;
    }
    if unrated == 0.0 || squares <= 0.0 {
        return Ok(0.0);
    }
    Ok((covariance / rated / ((1.0 + rated / unrated) * squares / freedom)).clamp(0.0, 1.0))
}

/// The share of one arm, corrected.
struct Share {
    value: f64,
    read: f64,
    /// Each answer's part in the error of `value`; they add up to 0.
    parts: Vec<f64>,
    /// What the variance between answers lacks where people hardly ever contradicted the instrument.
    missing_variance: f64,
}

impl Share {
    fn new(arm: &Arm, lambda: f64) -> Result<Self, StatsError> {
        let rated = arm.said.iter().flatten().count() as f64;
        let unrated = arm.read.len() as f64 - rated;
        let lambda = if unrated > 0.0 { lambda } else { 0.0 };
        if rated == 0.0 {
            return Err(StatsError::Empty);
        }
        let both = || arm.read.iter().zip(arm.said);
        // Mean of one side (numerator or denominator) of the ratio, corrected.
        let corrected = |side: fn((f64, f64)) -> f64| {
            let apart: f64 = both().filter_map(|(&read, said)| Some(side(pair((*said)?)) - lambda * side(pair(read)))).sum();
            let alone: f64 = both().filter(|(_, said)| said.is_none()).map(|(&read, _)| side(pair(read))).sum();
            apart / rated + if unrated > 0.0 { lambda * alone / unrated } else { 0.0 }
        };
        let whole = corrected(|(_, whole)| whole);
        if whole <= 0.0 {
            return Err(StatsError::Empty);
        }
        let value = corrected(|(hit, _)| hit) / whole;
        let off = |evidence: Evidence| (pair(evidence).0 - value * pair(evidence).1) / whole;
        let people = |read: Evidence, said: Evidence| off(said) - lambda * off(read);
        let center = both().filter_map(|(&read, said)| Some(people(read, (*said)?))).sum::<f64>() / rated;
        let alone = both().filter(|(_, said)| said.is_none()).map(|(&read, _)| off(read)).sum::<f64>() / unrated.max(1.0);
        let parts = both().map(|(&read, said)| match said {
            Some(said) => (people(read, *said) - center) / rated,
            None => lambda * (off(read) - alone) / unrated,
        });
        let parts: Vec<f64> = parts.collect();
        // At least one contradiction more in each direction may be hidden (Laplace's rule): without it, a short list on which instrument and people
        // agree by luck would make the instrument perfect.
        let contradicted = both().filter(|(read, said)| said.is_some_and(|said| said != **read)).count() as f64;
        let hidden = (contradicted + 1.0) / (rated + 2.0);
        let seen = both().zip(&parts).filter(|((_, said), _)| said.is_some()).map(|(_, part)| part * part).sum::<f64>();
        let missing_variance = (lambda * lambda * hidden * (1.0 - hidden) / (rated * whole * whole) - seen).max(0.0);
        let read = plain(arm.read.iter().copied()).unwrap_or(value);
        Ok(Self { value, read, parts, missing_variance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::clusters::Design;
    use crate::stats::rng::Random;

    const SETTINGS: Settings = Settings { level: 0.95, seed: 5 };

    fn own_clusters(n: usize) -> (Vec<u32>, Vec<u32>) {
        ((0..).take(n).collect(), vec![0; n])
    }

    fn columns(rows: &[(&str, &str)]) -> (Vec<Evidence>, Vec<Option<Evidence>>) {
        let evidence = |c: char| if c == '-' { None } else { c.to_digit(2).map(f64::from) };
        let read = rows.iter().flat_map(|(read, _)| read.chars().map(evidence)).collect();
        let said = rows.iter().flat_map(|(_, said)| said.chars().map(|c| (c != '.').then(|| evidence(c)))).collect();
        (read, said)
    }

    #[test]
    fn independent_answers_give_the_estimate_of_the_authors_program() {
        // ppi_py 0.2 on the same twelve and twenty-eight answers: weight .459596, estimate .532828, interval .298329 to .767328, so a standard error of
        // .119645; theirs divides squares by the number of answers, ours by that number less one.
        let (read, said) = columns(&[("110101100010", "110001101010"), ("1101001110100111010010110110", "............................")]);
        let (rows, ones) = own_clusters(40);
        let arm = Arm { read: &read, said: &said, labels: Labels { rows: &rows, columns: &ones, design: Design::RowsOnly } };
        let prepared = Prepared::new(&[arm], &[1.0]).unwrap();
        assert!((prepared.lambda - 0.459_596).abs() < 1e-6 && (prepared.estimate - 0.532_828_28).abs() < 1e-8, "{}", prepared.lambda);
        let theirs = (0.767_327_56 - 0.298_329_01) / 2.0 / 1.959_963_985;
        assert!((prepared.variance - theirs * theirs * 40.0 / 39.0).abs() < 1e-8, "{}", prepared.variance);
        assert_eq!(prepared.uncorrected, 22.0 / 40.0);
    }

    #[test]
    fn where_people_saw_everything_only_they_count() {
        let (read, said) = columns(&[("1111-0-0101011", "10-1001101-100")]);
        let (rows, ones) = own_clusters(14);
        let arm = Arm { read: &read, said: &said, labels: Labels { rows: &rows, columns: &ones, design: Design::RowsOnly } };
        let found = share_against_baseline(arm, 0.5, SETTINGS).unwrap();
        assert_eq!((found.lambda, found.rated, found.estimate.estimate), (0.0, 12, 0.5));
        assert_eq!(found.estimate.uncorrected, Some(8.0 / 12.0));
    }

    #[test]
    fn a_reading_that_nobody_checked_or_few_clusters_give_no_rate() {
        let (rows, ones) = own_clusters(4);
        let labels = Labels { rows: &rows, columns: &ones, design: Design::RowsOnly };
        let of = |read: &str, said: &str| {
            let (read, said) = columns(&[(read, said)]);
            share_against_baseline(Arm { read: &read, said: &said, labels }, 0.5, SETTINGS)
        };
        assert_eq!(of("1010", "....").err(), Some(StatsError::Empty));
        assert_eq!(of("1010", "--..").err(), Some(StatsError::Empty));
        assert!(matches!(of("1010", "1..."), Err(StatsError::TooFewClusters { .. })));
        assert!(contrast(&[], &[], SETTINGS).is_err());
    }

    #[test]
    fn twenty_lucky_agreements_do_not_make_an_instrument_perfect() {
        let read: Vec<Evidence> = (0..400).map(|i| Some(f64::from(i % 2))).collect();
        let said: Vec<Option<Evidence>> = read.iter().enumerate().map(|(i, read)| (i < 20).then_some(*read)).collect();
        let (rows, columns): (Vec<u32>, Vec<u32>) = ((0..400).map(|i| i % 20).collect(), vec![0; 400]);
        let labels = Labels { rows: &rows, columns: &columns, design: Design::RowsOnly };
        let found = share_against_baseline(Arm { read: &read, said: &said, labels }, 0.5, SETTINGS).unwrap();
        let width = found.estimate.interval.upper - found.estimate.interval.lower;
        assert!(width > 0.15, "three in twenty could still be wrong: {width}");
    }

    /// Answers of 12 templates x 20, a fifth of them rated, by an instrument that errs more often in one arm. Share of true intervals for the share in
    /// one arm and for the difference, and of the instrument's own.
    fn coverage(samples: u64) -> [f64; 3] {
        let mut held = [0.0; 3];
        for sample in 0..samples {
            let mut random = Random::new(sample, "rated");
            let rows: Vec<u32> = (0..240).map(|i| i / 20).collect();
            let columns = vec![0; 240];
            let shifts: Vec<f64> = (0..12).map(|_| 0.12 * random.normal()).collect();
            let mut arm = |share: f64, false_alarms: f64| {
                let truth: Vec<Evidence> = rows
                    .iter()
                    .map(|&row| {
                        let found = random.uniform() < 0.9;
                        let hit = random.uniform() < (share + shifts[row as usize]).clamp(0.0, 1.0);
                        found.then(|| f64::from(u8::from(hit)))
                    })
                    .collect();
                let read: Vec<Evidence> = truth
                    .iter()
                    .map(|truth| match truth {
                        Some(1.0) => (random.uniform() < 0.9).then_some(1.0),
                        _ => Some(f64::from(u8::from(random.uniform() < false_alarms))),
                    })
                    .collect();
                let said: Vec<Option<Evidence>> = truth.iter().map(|truth| (random.uniform() < 0.2).then_some(*truth)).collect();
                (read, said)
            };
            let (first, second) = (arm(0.4, 0.35), arm(0.4, 0.1));
            let labels = Labels { rows: &rows, columns: &columns, design: Design::RowsOnly };
            let arms = [&first, &second].map(|arm| Arm { read: &arm.0, said: &arm.1, labels });
            let share = share_against_baseline(arms[0], 0.5, SETTINGS).unwrap();
            let difference = contrast(&arms, &[1.0, -1.0], SETTINGS).unwrap();
            held[0] += f64::from(u8::from(share.estimate.interval.contains(0.4)));
            held[1] += f64::from(u8::from(difference.estimate.interval.contains(0.0)));
            held[2] += f64::from(u8::from(difference.estimate.uncorrected.unwrap().abs() < 0.1));
        }
        held.map(|count| count / samples as f64)
    }

    #[test]
    fn corrected_intervals_hold_the_truth_where_the_instrument_alone_is_wrong() {
        let [share, difference, alone] = coverage(2000);
        println!("share {share}, difference {difference}, instrument alone within .1: {alone}");
        assert!((0.935..=0.975).contains(&share) && (0.935..=0.975).contains(&difference), "{share} {difference}");
        assert!(alone < 0.5, "{alone}");
    }
}
