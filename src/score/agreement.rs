//! How far a scorer of numbers agrees with known values: the record beside [`super::ValidationRecord`], which holds categories.
//!
//! Stored as TOML under `datasets/validation/`. Agreement with another instrument is evidence of a shared meaning, not of truth; `truth`
//! says which of the two it is.

use serde::{Deserialize, Serialize};

use crate::store::Language;

/// Agreement of one measure with known values, for one domain and language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementRecord {
    /// Scorer id.
    pub scorer: String,
    /// Version of the scorer that was validated; another version has no record.
    pub scorer_version: u32,
    /// Measure id.
    pub measure: String,
    /// Domain of the texts, as probes name it.
    pub domain: String,
    /// Language of the texts.
    pub language: Language,
    /// What the measure is compared with and where it comes from.
    pub truth: String,
    /// Whether the texts were held out from the scorer's making.
    pub held_out: bool,
    /// Texts compared.
    pub compared: u64,
    /// Texts for which the scorer gave no value.
    pub missing: u64,
    /// Product-moment correlation, with the interval of Fisher's z.
    pub pearson: Correlation,
    /// Rank correlation, with the interval of Bonett and Wright (2000).
    pub spearman: Correlation,
}

/// A correlation with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// From -1 to 1.
    pub estimate: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
}

/// Product-moment and rank correlation of pairs of values, rounded to three decimals. `None` below 4 pairs or where one side is constant.
pub fn correlations(pairs: &[(f64, f64)]) -> Option<(Correlation, Correlation)> {
    let (left, right): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let product = pearson(&left, &right)?;
    let rank = pearson(&ranks(&left), &ranks(&right))?;
    let degrees = pairs.len().checked_sub(3).filter(|&degrees| degrees > 0)? as f64;
    Some((with_interval(product, (1.0 / degrees).sqrt()), with_interval(rank, ((1.0 + rank * rank / 2.0) / degrees).sqrt())))
}

/// Interval on Fisher's z scale, where the correlation's standard error is `error`.
fn with_interval(estimate: f64, error: f64) -> Correlation {
    let z = libm::atanh(estimate.clamp(-0.999_999, 0.999_999));
    let [estimate, lower, upper] =
        [estimate, libm::tanh(z - 1.96 * error), libm::tanh(z + 1.96 * error)].map(|r| (r * 1000.0).round() / 1000.0);
    Correlation { estimate, lower, upper }
}

fn pearson(left: &[f64], right: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_left, mean_right) = (mean(left), mean(right));
    let moment = |f: fn(f64, f64) -> f64| left.iter().zip(right).map(|(l, r)| f(l - mean_left, r - mean_right)).sum::<f64>();
    let r = moment(|l, r| l * r) / (moment(|l, _| l * l) * moment(|_, r| r * r)).sqrt();
    r.is_finite().then_some(r)
}

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let below = order.partition_point(|&at| values[at].total_cmp(&values[tied[0]]).is_lt());
        tied.iter().for_each(|&at| ranks[at] = below as f64 + (tied.len() + 1) as f64 / 2.0);
    }
    ranks
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The committed record is what the scorer does today. `LUPE_WRITE_RECORDS=1` writes it anew.
    pub(crate) fn hold_record<R>(name: &str, record: &R)
    where
        R: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("datasets/validation/{name}.toml"));
        if std::env::var_os("LUPE_WRITE_RECORDS").is_some() {
            std::fs::write(&file, toml::to_string(record).unwrap()).unwrap();
        }
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let committed: R = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(&committed, record, "{name}.toml is out of date; LUPE_WRITE_RECORDS=1 writes it anew");
    }

    /// Anscombe's first set (1973): r = 0.816; the ranks by hand: rho = 0.818.
    #[test]
    fn correlations_are_those_of_anscombes_first_set() {
        let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        let pairs: Vec<_> = x.into_iter().zip(y).collect();
        let (product, rank) = correlations(&pairs).unwrap();
        assert_eq!((product.estimate, rank.estimate), (0.816, 0.818));
        assert_eq!((product.lower, product.upper), (0.424, 0.951));
    }

    #[test]
    fn tied_values_share_their_rank() {
        assert_eq!(ranks(&[2.0, 1.0, 2.0, 3.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn a_constant_has_no_correlation() {
        assert_eq!(correlations(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0), (1.0, 4.0)]), None);
        assert_eq!(correlations(&[]), None);
    }
}
