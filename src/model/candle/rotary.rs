//! Rotary positions (Su et al. 2021). In: base, width of a head, and the scaling entry of a `config.json`. Out: what each frequency is
//! divided by, and the cosines and sines of every position.

use std::f64::consts::TAU;

use serde_json::Value;

use super::config::Config;

/// What each of `half` frequencies is divided by, or nothing where positions are not scaled.
///
/// # Errors
/// The name of a scaling that is not computed here, or the entry that is missing.
pub fn divisors(scaling: &Value, theta: f64, half: usize) -> Result<Vec<f64>, String> {
    let kind = scaling.get("rope_type").or_else(|| scaling.get("type")).and_then(Value::as_str).unwrap_or("default");
    let number = |key: &str| {
        let value = scaling.get(key).and_then(Value::as_f64).filter(|value| *value > 0.0);
        value.ok_or_else(|| format!("rotary scaling `{kind}` has no `{key}`"))
    };
    match kind {
        "default" => Ok(Vec::new()),
        "linear" => Ok(vec![number("factor")?; half]),
        // Llama 3.1: long waves are stretched, short ones kept, those between blended (as `transformers` computes it).
        "llama3" => {
            let (factor, low, high) = (number("factor")?, number("low_freq_factor")?, number("high_freq_factor")?);
            let original = number("original_max_position_embeddings")?;
            let divisor = |place: usize| {
                let turns = original * frequency(theta, place, half) / TAU;
                let kept = ((turns - low) / (high - low)).clamp(0.0, 1.0);
                1.0 / ((1.0 - kept) / factor + kept)
            };
            Ok((0..half).map(divisor).collect())
        }
        other => Err(format!("rotary scaling `{other}` is not computed here, only `linear` and `llama3`")),
    }
}

fn frequency(theta: f64, place: usize, half: usize) -> f64 {
    libm::pow(theta, -(place as f64) / half as f64)
}

/// Cosines and sines of all positions, `[context, head_dim / 2]` each.
pub fn tables(config: &Config) -> (Vec<f32>, Vec<f32>) {
    tables_of(config.rope_theta, &config.rope_divisors, config.head_dim / 2, config.context)
}

/// The same from its parts: `half` frequencies on the base `theta`, each divided by its divisor where there are some.
pub fn tables_of(theta: f64, divisors: &[f64], half: usize, context: usize) -> (Vec<f32>, Vec<f32>) {
    let angle = |index: usize| {
        let place = index % half;
        let divisor = divisors.get(place).copied().unwrap_or(1.0);
        (index / half) as f64 * frequency(theta, place, half) / divisor
    };
    let places = 0..context * half;
    (places.clone().map(|place| libm::cos(angle(place)) as f32).collect(), places.map(|place| libm::sin(angle(place)) as f32).collect())
}

/// Turns one head, its two halves being the pairs' first and second numbers, by the angles of its position.
#[inline(always)]
pub fn turn(head: &mut [f32], cosines: &[f32], sines: &[f32]) {
    let (left, right) = head.split_at_mut(cosines.len());
    for (((left, right), cosine), sine) in left.iter_mut().zip(right).zip(cosines).zip(sines) {
        (*left, *right) = (*left * cosine - *right * sine, *right * cosine + *left * sine);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn llama3_keeps_short_waves_and_stretches_long_ones() {
        let entry = json!({"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192});
        let divisors = divisors(&entry, 500_000.0, 64).unwrap();
        assert_eq!((divisors[0], divisors[63]), (1.0, 8.0));
        assert!(divisors.is_sorted() && divisors.iter().any(|divisor| *divisor > 1.0 && *divisor < 8.0));
    }

    #[test]
    fn a_scaling_that_is_not_computed_is_named() {
        assert!(divisors(&json!({"type": "yarn", "factor": 4.0}), 1e4, 4).unwrap_err().contains("`yarn`"));
        assert!(divisors(&json!({"type": "linear"}), 1e4, 4).unwrap_err().contains("`factor`"));
        assert_eq!(divisors(&json!({"type": "linear", "factor": 4}), 1e4, 2), Ok(vec![4.0, 4.0]));
    }
}
