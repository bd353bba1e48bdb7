//! Adjusted p-values for several hypotheses at once.
//!
//! In: one p-value per hypothesis, `None` where there is none (nothing could be tested). Out: adjusted p-values in the same order, `None` where there was
//! none. A missing p-value does not count as a test: whoever wants untestable hypotheses to weigh on the others passes `Some(1.0)`.

use super::{StatsError, check_unit};

/// Holm's (1979) step-down procedure: the chance of a single false rejection stays below alpha, however the tests depend on each other.
///
/// # Errors
/// `OutOfRange` for a p-value outside [0, 1] or NaN.
pub fn holm(p_values: &[Option<f64>]) -> Result<Vec<Option<f64>>, StatsError> {
    let order = ascending(p_values)?;
    let tests = order.len();
    let mut adjusted = vec![None; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, &(index, p)) in order.iter().enumerate() {
        largest = largest.max(p * (tests - rank) as f64).min(1.0);
        adjusted[index] = Some(largest);
    }
    Ok(adjusted)
}

/// The procedure of Benjamini and Hochberg (1995): the expected share of false rejections among all stays below alpha for independent or
/// positively dependent tests.
///
/// # Errors
/// `OutOfRange` for a p-value outside [0, 1] or NaN.
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Result<Vec<Option<f64>>, StatsError> {
    let order = ascending(p_values)?;
    let tests = order.len() as f64;
    let mut adjusted = vec![None; p_values.len()];
    let mut smallest: f64 = 1.0;
    for (rank, &(index, p)) in order.iter().enumerate().rev() {
        // p x n / n can round to below p.
        smallest = smallest.min((p * tests / (rank + 1) as f64).max(p));
        adjusted[index] = Some(smallest);
    }
    Ok(adjusted)
}

fn ascending(p_values: &[Option<f64>]) -> Result<Vec<(usize, f64)>, StatsError> {
    let mut order: Vec<(usize, f64)> = p_values.iter().enumerate().filter_map(|(index, p)| Some((index, (*p)?))).collect();
    order.iter().try_for_each(|&(_, p)| check_unit("a p-value", p))?;
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    fn close(ours: &[Option<f64>], theirs: &[f64]) -> bool {
        ours.iter().zip(theirs).all(|(a, b)| a.is_some_and(|a| (a - b).abs() < 1e-12))
    }

    /// The fifteen p-values of Benjamini and Hochberg (1995), table 1.
    const NEUHAUS: [f64; 15] =
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];

    #[test]
    fn holm_rejects_what_the_textbook_example_rejects() {
        let adjusted = holm(&some(&[0.01, 0.04, 0.03, 0.005])).unwrap();
        assert!(close(&adjusted, &[0.03, 0.06, 0.06, 0.02]));
        let rejected = holm(&some(&NEUHAUS)).unwrap().iter().filter(|p| p.unwrap() <= 0.05).count();
        assert_eq!(rejected, 3);
    }

    #[test]
    fn benjamini_hochberg_rejects_the_four_of_the_original_paper() {
        let adjusted = benjamini_hochberg(&some(&NEUHAUS)).unwrap();
        assert_eq!(adjusted.iter().filter(|p| p.unwrap() <= 0.05).count(), 4);
        assert!(close(&adjusted[..4], &[0.0015, 0.003, 0.0095, 0.035625]));
    }

    #[test]
    fn a_missing_p_value_stays_missing_and_counts_for_nothing() {
        let with_gap = [Some(0.01), None, Some(0.04)];
        assert_eq!(holm(&with_gap).unwrap(), [Some(0.02), None, Some(0.04)]);
        assert_eq!(benjamini_hochberg(&with_gap).unwrap(), [Some(0.02), None, Some(0.04)]);
        assert_eq!(holm(&[]).unwrap(), []);
        assert!(holm(&[Some(f64::NAN)]).is_err());
    }

    proptest! {
        #[test]
        fn holm_is_never_below_the_raw_p_and_keeps_the_order(p in prop::collection::vec(0.0..=1.0_f64, 1..40)) {
            let adjusted = holm(&some(&p)).unwrap();
            for (i, a) in p.iter().enumerate() {
                prop_assert!(adjusted[i].unwrap() >= *a);
                for (j, b) in p.iter().enumerate() {
                    prop_assert!(a > b || adjusted[i].unwrap() <= adjusted[j].unwrap());
                }
            }
        }

        #[test]
        fn benjamini_hochberg_is_never_above_holm(p in prop::collection::vec(0.0..=1.0_f64, 1..40)) {
            let (soft, hard) = (benjamini_hochberg(&some(&p)).unwrap(), holm(&some(&p)).unwrap());
            for ((raw, soft), hard) in p.iter().zip(soft).zip(hard) {
                prop_assert!(*raw <= soft.unwrap() && soft.unwrap() <= hard.unwrap() + 1e-15);
            }
        }
    }
}
