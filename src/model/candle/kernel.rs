//! Matrix products on packed weights, for processors with AVX-512; the only unsafe arithmetic of the program. In: weights, packed once;
//! rows of activations. Out: rows. Where there is nothing faster than candle's own product, nothing is packed.
//!
//! F32 goes through `tract-linalg`, BF16 (which it has for AMX only) through [`Panels`]. Every number of the result is one sum over the
//! inputs in their order, in one register, whatever the number of rows: a row alone gets the bits that it gets in a batch.

use super::linear::Precision;

/// A matrix packed for this processor.
pub enum Packed {
    /// For a kernel of tract.
    #[cfg(feature = "kernels")]
    Tract(tract::Matrix),
    /// For the BF16 instructions of AVX-512.
    #[cfg(target_arch = "x86_64")]
    Panels(Panels),
}

impl Packed {
    /// Packs `weight` (`[inputs, outputs]`, row after row), or says that this processor or build has no faster kernel for it.
    pub fn new(weight: &[f32], inputs: usize, precision: Precision) -> Option<Self> {
        #[cfg(feature = "kernels")]
        if let Some(matrix) = tract::Matrix::new(weight, inputs, precision) {
            return Some(Self::Tract(matrix));
        }
        #[cfg(target_arch = "x86_64")]
        if precision == Precision::Bf16 && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16") {
            return Some(Self::Panels(Panels::new(weight, inputs)));
        }
        None
    }

    /// The product of `rows` (`[n, inputs]`) with the matrix, `[n, outputs]`.
    ///
    /// # Errors
    /// When tract refuses; shapes are this program's own.
    pub fn multiply(&self, rows: &[f32]) -> candle_core::Result<Vec<f32>> {
        match self {
            #[cfg(feature = "kernels")]
            Self::Tract(matrix) => matrix.multiply(rows).map_err(candle_core::Error::msg),
            #[cfg(target_arch = "x86_64")]
            Self::Panels(panels) => Ok(panels.multiply(rows)),
        }
    }
}

/// Runs arithmetic on slices with the widest registers that need no other result: sums keep their order, products are not fused.
#[inline(always)]
pub fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        /// The same code, compiled for AVX2.
        #[target_feature(enable = "avx2")]
        fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: a function for AVX2 may be called on a processor that has it, as has just been asked; it has no other condition.
            return unsafe { with_avx2(work) };
        }
    }
    work()
}

#[cfg(feature = "kernels")]
mod tract {
    use tract_data::prelude::{Tensor, TractResult};
    use tract_linalg::MmmDispatch;
    use tract_linalg::mmm::{AsInputValue, FusedSpec, MMMInputValue, MatMatMul};

    use super::Precision;

    /// Measured to be faster than candle's product at one row and at many (`benches/README.md`); tract's own choice differs by the number
    /// of rows, and with it the order of sums.
    const F32: &str = "avx512_mmm_f32_48x4";
    /// Its second packing rounds both sides to BF16 and multiplies in the tiles of AMX.
    const BF16: &str = "avx512amx_mmm_f32_16x16";

    /// A matrix in the order in which one kernel reads it.
    pub struct Matrix {
        kernel: Box<dyn MatMatMul>,
        /// Which of the kernel's packings.
        packing: usize,
        weight: Box<dyn MMMInputValue>,
        inputs: usize,
        outputs: usize,
    }

    impl Matrix {
        pub fn new(weight: &[f32], inputs: usize, precision: Precision) -> Option<Self> {
            let (name, packing) = match precision {
                Precision::F32 => (F32, 0),
                Precision::Bf16 => (BF16, 1),
            };
            // What is runnable is built for this processor and asked of it by tract.
            let kernel = MmmDispatch::native().runnable().iter().find(|kernel| kernel.name() == name)?.clone();
            let outputs = weight.len() / inputs;
            let tensor = Tensor::from_shape(&[inputs, outputs], weight).ok()?;
            let weight = kernel.packings().get(packing)?.0.prepare_one(&tensor, 0, 1).ok()?;
            Some(Self { kernel, packing, weight, inputs, outputs })
        }

        pub fn multiply(&self, rows: &[f32]) -> TractResult<Vec<f32>> {
            let count = rows.len() / self.inputs;
            let rows = Tensor::from_shape(&[count, self.inputs], rows)?;
            let rows = self.kernel.packings()[self.packing].1.prepare_one(&rows, 1, 0)?;
            // SAFETY: the tensor is read only after the kernel has written all of it.
            let out = unsafe { Tensor::uninitialized::<f32>(&[count, self.outputs])? };
            // SAFETY: both sides were packed by the formats of this packing of this kernel, which tract lists as runnable here; their
            // depth is `inputs`; they have `outputs` and `count` lines, the numbers given to `run`. The store covers `out`, whose axis 1
            // has `outputs` and whose axis 0 has `count` places, and nothing else refers to `out` until `run` is over.
            unsafe {
                let store = self.kernel.c_view(Some(1), Some(0)).wrap(&out.view());
                let product = FusedSpec::AddMatMul {
                    a: AsInputValue::Borrowed(&*self.weight),
                    b: AsInputValue::Borrowed(&*rows),
                    packing: self.packing,
                };
                self.kernel.run(self.outputs, count, &[product, FusedSpec::Store(store)])?;
            }
            Ok(out.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub use panels::Panels;

#[cfg(target_arch = "x86_64")]
mod panels {
    use std::arch::x86_64::{__m512bh, _mm512_dpbf16_ps, _mm512_load_si512, _mm512_mask_storeu_ps, _mm512_set1_epi32, _mm512_setzero_ps};

    /// Outputs of a panel: two registers of 16.
    const WIDTH: usize = 32;
    /// Most rows of a tile; with two registers of sums for each, the two of the panel and one of the row fit into 32.
    const ROWS: usize = 12;

    /// Sixteen pairs of BF16 numbers, as one register holds them.
    #[derive(Clone, Copy)]
    #[repr(C, align(64))]
    struct Line([u32; 16]);

    /// A matrix in BF16: for each panel of 32 outputs and each pair of inputs two lines. Both sides are rounded to the nearest, products
    /// are exact, sums are F32.
    pub struct Panels {
        lines: Vec<Line>,
        inputs: usize,
        outputs: usize,
    }

    impl Panels {
        /// Packs `[inputs, outputs]`. Only for processors that have `avx512f` and `avx512bf16`.
        pub(super) fn new(weight: &[f32], inputs: usize) -> Self {
            let outputs = weight.len() / inputs;
            let at = |input: usize, output: usize| if input < inputs && output < outputs { weight[input * outputs + output] } else { 0.0 };
            let mut lines = Vec::with_capacity(outputs.div_ceil(WIDTH) * inputs.div_ceil(2) * 2);
            for panel in (0..outputs).step_by(WIDTH) {
                for input in (0..inputs).step_by(2) {
                    for half in [panel, panel + 16] {
                        lines.push(Line(std::array::from_fn(|lane| pair(at(input, half + lane), at(input + 1, half + lane)))));
                    }
                }
            }
            Self { lines, inputs, outputs }
        }

        pub fn multiply(&self, rows: &[f32]) -> Vec<f32> {
            // SAFETY: `Packed::new` makes panels only where the processor has both features.
            unsafe { self.product(rows) }
        }

        #[target_feature(enable = "avx512f,avx512bf16")]
        fn product(&self, rows: &[f32]) -> Vec<f32> {
            let (count, pairs) = (rows.len() / self.inputs, self.inputs.div_ceil(2));
            let mut packed = Vec::with_capacity(count * pairs);
            for row in rows.chunks_exact(self.inputs) {
                let (whole, rest) = row.as_chunks::<2>();
                packed.extend(whole.iter().map(|[first, second]| pair(*first, *second)));
                packed.extend(rest.iter().map(|last| pair(*last, 0.0)));
            }
            let mut out = vec![0f32; count * self.outputs];
            // A single row needs several panels at a time to keep the processor busy, many rows share each panel.
            let tiles = count.div_ceil(ROWS).max(1);
            let wide = if count <= 3 { 4 } else { 1 };
            for (group, lines) in self.lines.chunks(wide * 2 * pairs).enumerate() {
                let first = group * wide * WIDTH;
                let lanes = (self.outputs - first).min(wide * WIDTH);
                for tile in 0..tiles {
                    let (from, to) = (count * tile / tiles, count * (tile + 1) / tiles);
                    let rows = &packed[from * pairs..to * pairs];
                    let out = &mut out[from * self.outputs + first..];
                    let place = Place { pairs, stride: self.outputs, lanes };
                    match (lines.len() / (2 * pairs), to - from) {
                        (4, 1) => product_tile::<4, 1>(lines, rows, out, place),
                        (4, 2) => product_tile::<4, 2>(lines, rows, out, place),
                        (4, 3) => product_tile::<4, 3>(lines, rows, out, place),
                        (1, 4) => product_tile::<1, 4>(lines, rows, out, place),
                        (1, 5) => product_tile::<1, 5>(lines, rows, out, place),
                        (1, 6) => product_tile::<1, 6>(lines, rows, out, place),
                        (1, 7) => product_tile::<1, 7>(lines, rows, out, place),
                        (1, 8) => product_tile::<1, 8>(lines, rows, out, place),
                        (1, 9) => product_tile::<1, 9>(lines, rows, out, place),
                        (1, 10) => product_tile::<1, 10>(lines, rows, out, place),
                        (1, 11) => product_tile::<1, 11>(lines, rows, out, place),
                        (1, 12) => product_tile::<1, 12>(lines, rows, out, place),
                        // The last panels for one to three rows.
                        (panels, count) => {
                            for (panel, row) in (0..panels).flat_map(|panel| (0..count).map(move |row| (panel, row))) {
                                let lanes = (lanes - panel * WIDTH).min(WIDTH);
                                let lines = &lines[panel * 2 * pairs..][..2 * pairs];
                                let out = &mut out[row * self.outputs + panel * WIDTH..];
                                product_tile::<1, 1>(lines, &rows[row * pairs..][..pairs], out, Place { lanes, ..place });
                            }
                        }
                    }
                }
            }
            out
        }
    }

    /// Where a tile lies in the result.
    #[derive(Clone, Copy)]
    struct Place {
        /// Pairs of inputs.
        pairs: usize,
        /// Numbers from one row of the result to the next.
        stride: usize,
        /// Outputs of these panels that exist.
        lanes: usize,
    }

    /// `P` panels times `N` rows.
    // Panel and row are places in the operands as well as in the sums.
    #[expect(clippy::needless_range_loop)]
    #[target_feature(enable = "avx512f,avx512bf16")]
    fn product_tile<const P: usize, const N: usize>(lines: &[Line], rows: &[u32], out: &mut [f32], place: Place) {
        let Place { pairs, stride, lanes } = place;
        assert!(lines.len() == P * 2 * pairs && rows.len() == N * pairs && lanes <= P * WIDTH && out.len() >= (N - 1) * stride + lanes);
        let mut sums = [[[_mm512_setzero_ps(); 2]; P]; N];
        for pair in 0..pairs {
            for panel in 0..P {
                // SAFETY: the indices lie below `P * 2 * pairs` and `N * pairs`, the lengths asserted above; a line is 64 bytes at a
                // multiple of 64; both sides of a `transmute` are 64 bytes of plain numbers.
                unsafe {
                    let line = lines.as_ptr().add((panel * pairs + pair) * 2);
                    let [first, second]: [__m512bh; 2] =
                        [line, line.add(1)].map(|line| std::mem::transmute(_mm512_load_si512(line.cast())));
                    for row in 0..N {
                        let both: __m512bh = std::mem::transmute(_mm512_set1_epi32(*rows.get_unchecked(row * pairs + pair) as i32));
                        sums[row][panel][0] = _mm512_dpbf16_ps(sums[row][panel][0], first, both);
                        sums[row][panel][1] = _mm512_dpbf16_ps(sums[row][panel][1], second, both);
                    }
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            for (half, sums) in sums.as_flattened().iter().enumerate() {
                let valid = lanes.saturating_sub(half * 16).min(16);
                // SAFETY: only the first `valid` lanes are written; the last of them is `row * stride + lanes - 1` at most, inside the
                // length asserted above. A pointer beyond it is made by wrapping arithmetic and then writes nothing.
                unsafe {
                    let target = out.as_mut_ptr().wrapping_add(row * stride + half * 16);
                    _mm512_mask_storeu_ps(target, ((1u32 << valid) - 1) as u16, *sums);
                }
            }
        }
    }

    /// Two numbers, rounded to BF16, the first in the low half.
    #[inline(always)]
    fn pair(first: f32, second: f32) -> u32 {
        round(first) | round(second) << 16
    }

    /// The nearest BF16 number, the even one of two; NaN stays NaN.
    #[inline(always)]
    fn round(value: f32) -> u32 {
        let bits = value.to_bits();
        if value.is_nan() { 0x7fc0 } else { (bits + 0x7fff + (bits >> 16 & 1)) >> 16 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    /// Inputs and outputs of layers, among them ones that fill no tile.
    const SHAPES: [(usize, usize); 6] = [(576, 96), (64, 1500), (7, 5), (1, 1), (33, 47), (128, 130)];

    #[test]
    fn packed_products_are_the_products_in_double_precision_within_their_rounding() {
        // F32 keeps 24 bits of each number, BF16 8: an error of 2^-8 at most on each side.
        for (precision, unit) in [(Precision::F32, 1e-6), (Precision::Bf16, 2f64.powi(-7))] {
            for (inputs, outputs) in SHAPES {
                let weight = numbers(inputs * outputs, 1);
                let Some(packed) = Packed::new(&weight, inputs, precision) else { continue };
                for count in [1, 2, 3, 4, 5, 12, 13, 30] {
                    let rows = numbers(count * inputs, 2);
                    let got = packed.multiply(&rows).unwrap();
                    assert_eq!(got.len(), count * outputs);
                    for (place, got) in got.iter().enumerate() {
                        let (row, output) = (place / outputs, place % outputs);
                        let products = || (0..inputs).map(|k| f64::from(rows[row * inputs + k]) * f64::from(weight[k * outputs + output]));
                        let (expected, size): (f64, f64) = (products().sum(), products().map(f64::abs).sum());
                        assert!(
                            (f64::from(*got) - expected).abs() <= unit * size,
                            "{precision:?} {inputs}x{outputs}, row {row} of {count}: {got}, not {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_alone_gets_the_bits_that_it_gets_among_others() {
        for precision in [Precision::F32, Precision::Bf16] {
            for (inputs, outputs) in SHAPES {
                let Some(packed) = Packed::new(&numbers(inputs * outputs, 3), inputs, precision) else { continue };
                for count in [2, 3, 4, 9, 29] {
                    let rows = numbers(count * inputs, 4);
                    let together = packed.multiply(&rows).unwrap();
                    let alone: Vec<f32> = rows.chunks(inputs).flat_map(|row| packed.multiply(row).unwrap()).collect();
                    assert!(
                        together.iter().zip(&alone).all(|(a, b)| a.to_bits() == b.to_bits()),
                        "{precision:?} {inputs}x{outputs}, {count}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_number_that_is_none_is_not_rounded_away() {
        for precision in [Precision::F32, Precision::Bf16] {
            for broken in [f32::NAN, f32::from_bits(0x7fff_ffff), f32::INFINITY] {
                let Some(packed) = Packed::new(&[1.0, 2.0], 2, precision) else { continue };
                assert!(!packed.multiply(&[broken, 0.0]).unwrap()[0].is_finite());
            }
        }
    }
}
