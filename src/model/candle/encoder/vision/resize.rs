//! Resizing of pictures as Pillow does it, because models were trained on pictures that Pillow resized. In: a picture. Out: one of another size.
//!
//! First across, then down, each rounded to bytes: overshoot at edges is cut off in between, so the order shows. Weights are whole numbers, as there.

use image::{Rgb, RgbImage};

/// Bits of a weight behind the point.
const BITS: i64 = 22;

/// How the pixels around a point are weighted; made smooth where a picture shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Three lobes of a sinc under one of another.
    Lanczos,
    /// A triangle.
    Bilinear,
    /// Keys' function (1981) with -0.5.
    Bicubic,
}

impl Filter {
    /// Where it ends.
    fn reach(self) -> f64 {
        match self {
            Self::Lanczos => 3.0,
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
        }
    }

    /// Weight at a distance, not normalised.
    fn weight(self, x: f64) -> f64 {
        let (x, sinc) = (x.abs(), |x: f64| if x == 0.0 { 1.0 } else { libm::sin(x * std::f64::consts::PI) / (x * std::f64::consts::PI) });
        match self {
            _ if x >= self.reach() => 0.0,
            Self::Lanczos => sinc(x) * sinc(x / 3.0),
            Self::Bilinear => 1.0 - x,
            Self::Bicubic if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::Bicubic => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
        }
    }

    /// For each of `wanted` pixels along a side of `length`: the first pixel that it is made of, and the weights from there, which sum to 2 to the
    /// power of [`BITS`] but for rounding.
    fn taps(self, length: u32, wanted: u32) -> Vec<(u32, Vec<i64>)> {
        let scale = f64::from(length) / f64::from(wanted);
        let spread = scale.max(1.0);
        let tap = |place: u32| {
            let center = (f64::from(place) + 0.5) * scale;
            let bound = |end: f64| (end + 0.5).floor().clamp(0.0, f64::from(length)) as u32;
            let places = bound(center - self.reach() * spread)..bound(center + self.reach() * spread);
            let weights: Vec<f64> = places.clone().map(|at| self.weight((f64::from(at) + 0.5 - center) / spread)).collect();
            let sum: f64 = weights.iter().sum();
            (places.start, weights.iter().map(|weight| (weight / sum * (1i64 << BITS) as f64).round() as i64).collect())
        };
        (0..wanted).map(tap).collect()
    }
}

/// The picture at another size, both of its sides at least one pixel.
pub fn resize(picture: &RgbImage, width: u32, height: u32, filter: Filter) -> RgbImage {
    let (across, down) = (filter.taps(picture.width(), width), filter.taps(picture.height(), height));
    let wide = RgbImage::from_fn(width, picture.height(), |x, y| mixed(&across[x as usize], |place| *picture.get_pixel(place, y)));
    RgbImage::from_fn(width, height, |x, y| mixed(&down[y as usize], |place| *wide.get_pixel(x, place)))
}

fn mixed((first, weights): &(u32, Vec<i64>), pixel: impl Fn(u32) -> Rgb<u8>) -> Rgb<u8> {
    let mut sums = [1i64 << (BITS - 1); 3];
    for (place, weight) in (*first..).zip(weights) {
        sums.iter_mut().zip(pixel(place).0).for_each(|(sum, value)| *sum += weight * i64::from(value));
    }
    Rgb(sums.map(|sum| (sum >> BITS).clamp(0, 255) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Image.fromarray(numpy.uint8([[[0]*3, [255]*3, [30]*3, [200]*3, [90]*3]])).resize((3, 1), FILTER)` and `(9, 1)`, Pillow 13.
    #[test]
    fn a_row_shrinks_and_grows_as_in_an_independent_implementation() {
        let row = RgbImage::from_fn(5, 1, |x, _| Rgb([[0, 255, 30, 200, 90][x as usize]; 3]));
        for (filter, small, large) in EXPECTED {
            let of = |width| resize(&row, width, 1, filter).pixels().map(|pixel| pixel.0[0]).collect::<Vec<u8>>();
            assert_eq!((of(3), of(9)), (small.to_vec(), large.to_vec()), "{filter:?}");
        }
    }

    const EXPECTED: [(Filter, [u8; 3], [u8; 9]); 3] = [
        (Filter::Lanczos, [106, 137, 128], [0, 87, 245, 172, 30, 111, 203, 135, 71]),
        (Filter::Bilinear, [109, 118, 137], [0, 85, 227, 155, 30, 124, 188, 127, 90]),
        (Filter::Bicubic, [108, 126, 134], [0, 78, 245, 166, 30, 122, 199, 126, 81]),
    ];
}
