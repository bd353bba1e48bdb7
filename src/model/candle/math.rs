//! The arithmetic between the matrix products, on plain slices. In and out: rows of `f32`.
//!
//! Every sum has a fixed order (eight lanes, then the lanes), so equal inputs give equal bytes on every machine; loops are written so that
//! the compiler can use vector registers, and are always inlined so that [`wide`] can compile them for wide ones.

use super::kernel::wide;

const LANES: usize = 8;
/// Numbers of a head's result that are summed at a time.
const BLOCK: usize = 4 * LANES;

/// `e^x` with a relative error below 3e-7 (polynomial of Cephes' `expf`); arguments are clamped to [-87, 88], NaN stays NaN.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // 1.5 * 2^23: adding it rounds to the nearest integer, which then stands in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let low = if x < -87.0 { -87.0 } else { x };
    let x = if low > 88.0 { 88.0 } else { low };
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let power = rounded - ROUND;
    let rest = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let polynomial =
        (((((1.987_569_1e-4 * rest + 1.398_199_9e-3) * rest + 8.333_452e-3) * rest + 4.166_579_6e-2) * rest + 0.166_666_65) * rest + 0.5)
            * rest
            * rest
            + rest
            + 1.0;
    let scale = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    polynomial * f32::from_bits(scale)
}

/// Inner product.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (a_blocks, a_rest) = a.as_chunks::<LANES>();
    let (b_blocks, b_rest) = b.as_chunks::<LANES>();
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..LANES {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sum_lanes(lanes) + rest
}

#[inline(always)]
fn sum_lanes(lanes: [f32; LANES]) -> f32 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// RMS normalisation (Zhang and Sennrich 2019) of every row of `weight.len()` values.
pub fn rms_norm(rows: &[f32], weight: &[f32], epsilon: f32) -> Vec<f32> {
    let width = weight.len();
    let mut out = vec![0f32; rows.len()];
    wide(|| {
        for (row, out) in rows.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let scale = 1.0 / (dot(row, row) / width as f32 + epsilon).sqrt();
            for ((out, value), weight) in out.iter_mut().zip(row).zip(weight) {
                *out = value * scale * weight;
            }
        }
    });
    out
}

/// Layer normalisation (Ba et al. 2016) of every row of `weight.len()` values; `bias` has as many entries, or none.
pub fn layer_norm(rows: &[f32], weight: &[f32], bias: &[f32], epsilon: f32) -> Vec<f32> {
    let width = weight.len();
    let mut out = rows.to_vec();
    wide(|| {
        for row in out.chunks_exact_mut(width) {
            let mean = sum(row) / width as f32;
            row.iter_mut().for_each(|value| *value -= mean);
            let scale = 1.0 / (dot(row, row) / width as f32 + epsilon).sqrt();
            row.iter_mut().zip(weight).for_each(|(value, weight)| *value *= scale * weight);
            row.iter_mut().zip(bias).for_each(|(value, bias)| *value += bias);
        }
    });
    out
}

#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (blocks, rest) = row.as_chunks::<LANES>();
    for block in blocks {
        lanes.iter_mut().zip(block).for_each(|(lane, value)| *lane += value);
    }
    sum_lanes(lanes) + rest.iter().sum::<f32>()
}

/// `silu(gate) * up` for every row, each row being `width` gates followed by `width` ups.
pub fn gated(rows: &[f32], width: usize) -> Vec<f32> {
    let mut out = vec![0f32; rows.len() / 2];
    wide(|| {
        for (row, out) in rows.chunks_exact(2 * width).zip(out.chunks_exact_mut(width)) {
            let (gate, up) = row.split_at(width);
            for ((out, gate), up) in out.iter_mut().zip(gate).zip(up) {
                *out = gate / (1.0 + exp(-gate)) * up;
            }
        }
    });
    out
}

/// Adds `more` to `rows`.
pub fn add(rows: &mut [f32], more: &[f32]) {
    wide(|| rows.iter_mut().zip(more).for_each(|(value, more)| *value += more));
}

/// Attention of one position: for each of its `queries`, heads of `width` numbers already scaled, the mean of the values at the places
/// `path`, weighted by the softmax of their keys' products with the query. `keys` and `values` have `kv_width` numbers a place: heads of `width`,
/// each for equally many queries in a row. Overwrites `out`; `scores` is scratch.
pub fn attend(
    queries: &[f32],
    (keys, values): (&[f32], &[f32]),
    (width, kv_width): (usize, usize),
    path: &[u32],
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    let group = queries.len() / kv_width;
    wide(|| {
        for (head, (query, out)) in queries.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate() {
            let place = head / group * width;
            scores.resize(path.len(), 0.0);
            // A loop, not an iterator's adapter: that would be compiled apart, without the wide registers.
            for (score, position) in scores.iter_mut().zip(path) {
                *score = dot(query, &keys[*position as usize * kv_width + place..][..width]);
            }
            softmax(scores);
            weighted(&values[place..], kv_width, path, scores, out);
        }
    });
}

/// The sum of the values at the places `path`, `stride` numbers apart, each times its share. A few registers of the result at a time, over all
/// places.
#[inline(always)]
pub fn weighted(values: &[f32], stride: usize, path: &[u32], shares: &[f32], out: &mut [f32]) {
    for (block, out) in out.chunks_mut(BLOCK).enumerate() {
        let mut sums = [0f32; BLOCK];
        for (position, share) in path.iter().zip(shares) {
            let value = &values[*position as usize * stride + block * BLOCK..][..out.len()];
            if let Ok(value) = <&[f32; BLOCK]>::try_from(value) {
                sums.iter_mut().zip(value).for_each(|(sum, value)| *sum += share * value);
            } else {
                sums.iter_mut().zip(value).for_each(|(sum, value)| *sum += share * value);
            }
        }
        out.copy_from_slice(&sums[..out.len()]);
    }
}

/// Largest value; NaN if there is one, so that a broken computation cannot hide.
#[inline(always)]
pub fn largest(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let mut broken = false;
    let (blocks, rest) = row.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            broken |= block[lane].is_nan();
            lanes[lane] = if block[lane] > lanes[lane] { block[lane] } else { lanes[lane] };
        }
    }
    for value in rest {
        broken |= value.is_nan();
        lanes[0] = if *value > lanes[0] { *value } else { lanes[0] };
    }
    if broken { f32::NAN } else { lanes.into_iter().fold(f32::NEG_INFINITY, f32::max) }
}

/// Replaces `row` by `exp(scale * (row - max))` and returns the sum.
pub fn exponentials(row: &mut [f32], scale: f32) -> f64 {
    wide(|| exponentials_below(row, largest(row), scale))
}

#[inline(always)]
fn exponentials_below(row: &mut [f32], max: f32, scale: f32) -> f64 {
    let mut total = 0f64;
    for block in row.chunks_mut(32 * LANES) {
        let mut lanes = [0f32; LANES];
        let (blocks, rest) = block.as_chunks_mut::<LANES>();
        for values in blocks {
            for lane in 0..LANES {
                values[lane] = exp(scale * (values[lane] - max));
                lanes[lane] += values[lane];
            }
        }
        for value in rest {
            *value = exp(scale * (*value - max));
            lanes[0] += *value;
        }
        total += f64::from(sum_lanes(lanes));
    }
    total
}

/// Softmax in place.
#[inline(always)]
pub fn softmax(row: &mut [f32]) {
    let scale = (1.0 / exponentials_below(row, largest(row), 1.0)) as f32;
    row.iter_mut().for_each(|value| *value *= scale);
}

/// `ln(sum(exp(row)))`: what a logit must be reduced by to become a natural log-probability. Leaves `exp(row - max)` in `weights`.
pub fn log_normaliser(row: &[f32], weights: &mut Vec<f32>) -> f64 {
    weights.clear();
    weights.extend_from_slice(row);
    let (max, sum) = wide(|| {
        let max = largest(row);
        (max, exponentials_below(weights, max, 1.0))
    });
    f64::from(max) + libm::log(sum)
}

/// Mean and variance of `values` where each counts as much as its weight; not finite where a value that counts is not.
///
/// Computed around the largest value: log-probabilities cluster there, so nothing cancels.
pub fn weighted_moments(weights: &[f32], values: &[f32]) -> (f64, f64) {
    let (middle, [total, first, second]) = wide(|| {
        let middle = largest(values);
        (middle, moment_sums(weights, values, middle))
    });
    let mean = first / total;
    (f64::from(middle) + mean, (second / total - mean * mean).max(0.0))
}

/// Sums of the weights, of weights times distance from `middle`, and of weights times its square.
#[inline(always)]
fn moment_sums(weights: &[f32], values: &[f32], middle: f32) -> [f64; 3] {
    let mut totals = [0f64; 3];
    for (weights, values) in weights.chunks(32 * LANES).zip(values.chunks(32 * LANES)) {
        let mut lanes = [[0f32; LANES]; 3];
        let (weight_blocks, weight_rest) = weights.as_chunks::<LANES>();
        let (value_blocks, value_rest) = values.as_chunks::<LANES>();
        for (weights, values) in weight_blocks.iter().zip(value_blocks) {
            for lane in 0..LANES {
                let distance = values[lane] - middle;
                let product = weights[lane] * distance;
                lanes[0][lane] += weights[lane];
                lanes[1][lane] += product;
                lanes[2][lane] += product * distance;
            }
        }
        for (weight, value) in weight_rest.iter().zip(value_rest) {
            let distance = value - middle;
            lanes[0][0] += weight;
            lanes[1][0] += weight * distance;
            lanes[2][0] += weight * distance * distance;
        }
        totals.iter_mut().zip(lanes).for_each(|(total, lanes)| *total += f64::from(sum_lanes(lanes)));
    }
    totals
}

/// How many values are larger than `bound`.
pub fn count_above(row: &[f32], bound: f32) -> u32 {
    wide(|| {
        let mut lanes = [0u32; LANES];
        let (blocks, rest) = row.as_chunks::<LANES>();
        for block in blocks {
            for lane in 0..LANES {
                lanes[lane] += u32::from(block[lane] > bound);
            }
        }
        lanes.iter().sum::<u32>() + rest.iter().filter(|value| **value > bound).count() as u32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_agrees_with_libm_over_its_whole_range() {
        for step in -87_000..=88_000 {
            let x = step as f32 / 1000.0;
            let expected = libm::exp(f64::from(x));
            assert!((f64::from(exp(x)) / expected - 1.0).abs() < 3e-7, "exp({x}) = {}, expected {expected}", exp(x));
        }
        assert!(exp(f32::NAN).is_nan());
        assert!(exp(-1e9) > 0.0 && exp(-1e9) < 1e-37);
    }

    #[test]
    fn a_softmax_sums_to_one_whatever_is_added() {
        for length in [1, 7, 8, 9, 300] {
            let mut row: Vec<f32> = (0..length).map(|i| (i as f32 * 0.37).sin() * 9.0 + 1000.0).collect();
            softmax(&mut row);
            assert!((row.iter().map(|p| f64::from(*p)).sum::<f64>() - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn the_normaliser_has_its_closed_form() {
        let mut scratch = Vec::new();
        assert!((log_normaliser(&[3.0; 1000], &mut scratch) - (3.0 + 1000f64.ln())).abs() < 1e-6);
        assert!(log_normaliser(&[1.0, f32::NAN], &mut scratch).is_nan());
    }

    #[test]
    fn inner_products_of_every_length_are_exact_on_small_integers() {
        for length in 0..40usize {
            let row: Vec<f32> = (0..length).map(|i| i as f32).collect();
            let expected: usize = (0..length).map(|i| i * i).sum();
            assert_eq!(dot(&row, &row), expected as f32);
        }
    }

    #[test]
    fn a_layer_normalised_row_has_mean_zero_and_variance_one_before_weight_and_bias() {
        let row: Vec<f32> = (0..19).map(|i| (i as f32 * 0.7).sin() * 4.0 + 10.0).collect();
        let normed = layer_norm(&row, &[1.0; 19], &[], 0.0);
        assert!(sum(&normed).abs() < 1e-4 && (dot(&normed, &normed) / 19.0 - 1.0).abs() < 1e-5);
        let moved = layer_norm(&row, &[2.0; 19], &[3.0; 19], 0.0);
        assert!(normed.iter().zip(&moved).all(|(plain, moved)| (plain * 2.0 + 3.0 - moved).abs() < 1e-5));
    }

    #[test]
    fn a_normalised_row_has_mean_square_one() {
        let row = rms_norm(&[3.0, -4.0, 0.0, 5.0], &[1.0; 4], 0.0);
        assert!((dot(&row, &row) / 4.0 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn weighted_moments_are_those_of_a_die_that_lands_on_its_faces_unevenly() {
        // Weights 1, 2, 1 on 1, 2, 4: mean 9/4, mean square 25/4, variance 25/4 - 81/16 = 19/16.
        let (mean, variance) = weighted_moments(&[1.0, 2.0, 1.0], &[1.0, 2.0, 4.0]);
        assert!((mean - 2.25).abs() < 1e-12 && (variance - 19.0 / 16.0).abs() < 1e-12);
        for length in [1, 8, 300, 1000] {
            let values: Vec<f32> = (0..length).map(|i| (i as f32 * 0.37).sin() * 9.0 - 500.0).collect();
            let weights: Vec<f32> = (0..length).map(|i| (i as f32 * 0.11).cos() + 1.5).collect();
            let sum = |power: i32, middle: f64| -> f64 {
                weights.iter().zip(&values).map(|(weight, value)| f64::from(*weight) * (f64::from(*value) - middle).powi(power)).sum()
            };
            let mean = sum(1, 0.0) / sum(0, 0.0);
            let (got, variance) = weighted_moments(&weights, &values);
            assert!((got - mean).abs() < 1e-4, "{length}: {got}, expected {mean}");
            assert!((variance - sum(2, mean) / sum(0, 0.0)).abs() < 1e-4, "{length}: {variance}");
        }
        assert!(weighted_moments(&[1.0, 1.0], &[1.0, f32::NAN]).0.is_nan());
    }

    #[test]
    fn larger_values_are_counted_in_rows_of_every_length() {
        for length in 0..40u32 {
            let row: Vec<f32> = (0..length).map(|i| i as f32).collect();
            assert_eq!(count_above(&row, 11.0), length.saturating_sub(12));
        }
    }
}
