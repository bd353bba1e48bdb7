//! Matrix products at the shapes of SmolLM2-135M on random data, on one thread, the preparation of activations included.
//!
//!     RAYON_NUM_THREADS=1 cargo bench --bench main -- products

use std::time::Instant;

use candle_core::{Device, Tensor};
use lupe::model::candle::{Linear, Precision};
use lupe::stats::rng::Random;

/// Prints billions of floating-point operations a second: candle, F32, BF16.
pub fn report() {
    println!("inputs x outputs x rows: portable, F32, BF16 (GFLOP/s, best of at least 0.2 s)");
    let mut random = Random::new(1, "products");
    for (inputs, outputs) in [(576, 1536), (1536, 576), (576, 576), (576, 49_152)] {
        let weight: Vec<f32> = (0..inputs * outputs).map(|_| random.uniform() as f32 - 0.5).collect();
        let layer = |precision: Option<Precision>| {
            let weight = Tensor::from_slice(&weight, (outputs, inputs), &Device::Cpu).expect("a matrix");
            let mut layer = Linear::new(weight, Vec::new()).expect("a matrix");
            let packed = precision.is_none_or(|precision| layer.pack(precision).is_ok());
            packed.then_some(layer)
        };
        let layers = [None, Some(Precision::F32), Some(Precision::Bf16)].map(layer);
        for count in [1, 8, 32, 256] {
            let rows: Vec<f32> = (0..inputs * count).map(|_| random.uniform() as f32 - 0.5).collect();
            let speed = layers.iter().map(|layer| match layer {
                Some(layer) => format!("{:.0}", 2e-9 * (inputs * outputs * count) as f64 / best(layer, &rows)),
                None => "none".to_owned(),
            });
            println!("{inputs} x {outputs} x {count}: {}", speed.collect::<Vec<_>>().join(", "));
        }
    }
}

/// Seconds of the fastest product.
fn best(layer: &Linear, rows: &[f32]) -> f64 {
    let begin = Instant::now();
    let mut best = f64::MAX;
    while begin.elapsed().as_secs_f64() < 0.2 {
        let rows = rows.to_vec();
        let start = Instant::now();
        std::hint::black_box(layer.multiply(rows).expect("a product"));
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}
