//! Positions for pictures of another size. In: a square table. Out: one with another side.

/// A table of `side * side` rows of `width` numbers as one of `wanted * wanted`, by bicubic interpolation as the authors of DINOv2 have it: that of Keys
/// (1981) with -0.75, corners not aligned, nothing smoothed, what lies outside taken from the edge.
pub fn interpolated(table: &[f32], side: usize, wanted: usize, width: usize) -> Vec<f32> {
    if side == wanted {
        return table.to_vec();
    }
    let points: Vec<[(usize, f32); 4]> = (0..wanted).map(|place| point(place, side, wanted)).collect();
    let mut out = vec![0f32; wanted * wanted * width];
    for (place, out) in out.chunks_exact_mut(width).enumerate() {
        for (row, down) in points[place / wanted] {
            for (column, across) in points[place % wanted] {
                let values = &table[(row * side + column) * width..][..width];
                out.iter_mut().zip(values).for_each(|(sum, value)| *sum += down * across * value);
            }
        }
    }
    out
}

/// The four places of the old table that one of the new lies between, with their weights.
fn point(place: usize, side: usize, wanted: usize) -> [(usize, f32); 4] {
    let exact = (place as f64 + 0.5) * side as f64 / wanted as f64 - 0.5;
    let first = exact.floor();
    std::array::from_fn(|step| {
        let at = first + step as f64 - 1.0;
        (at.clamp(0.0, (side - 1) as f64) as usize, cubic((exact - at).abs()) as f32)
    })
}

/// Keys' function at a distance below 2.
fn cubic(x: f64) -> f64 {
    const A: f64 = -0.75;
    if x <= 1.0 { ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0 } else { ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_and_a_table_of_the_same_size_is_left_alone() {
        for place in 0..16 {
            let sum: f32 = point(place, 37, 16).iter().map(|(_, weight)| weight).sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
        assert_eq!(interpolated(&[1.0, 2.0, 3.0, 4.0], 2, 2, 1), [1.0, 2.0, 3.0, 4.0]);
    }

    /// `torch.nn.functional.interpolate(torch.tensor([[[[1., 2.], [4., 8.]]]]), size=(3, 3), mode="bicubic", align_corners=False)`.
    #[test]
    fn a_table_grows_as_in_an_independent_implementation() {
        let got = interpolated(&[1.0, 2.0, 4.0, 8.0], 2, 3, 1);
        assert!(got.iter().zip(EXPECTED).all(|(got, expected)| (got - expected).abs() < 1e-4), "{got:?}");
    }
    const EXPECTED: [f32; 9] = [0.67538, 1.10938, 1.54337, 2.28299, 3.75000, 5.21701, 3.89059, 6.39062, 8.89066];
}
