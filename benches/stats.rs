//! Resampling: the interval and the permutation test of one finding.

use criterion::Criterion;
use lupe::stats::clusters::Design;
use lupe::stats::estimate::{Labels, Scale, Settings, paired_difference, share_against_baseline};
use lupe::stats::rng::Random;

/// One confirmatory finding at the size of the demo suite: 12 templates x 12 contexts, and 3,000 answers for a share.
pub fn benches(criterion: &mut Criterion) {
    let mut random = Random::new(1, "bench");
    let settings = Settings { level: 0.95, seed: 1 };
    let labels = |n: u32, repeats: u32| -> (Vec<u32>, Vec<u32>) { (0..n * repeats).map(|i| (i / repeats / 12, i / repeats % 12)).unzip() };

    let (rows, columns) = labels(144, 1);
    let arms: [Vec<f64>; 2] = [0.5, 0.4].map(|share| (0..144).map(|_| random.binomial(20, share) as f64 / 20.0).collect());
    criterion.bench_function("paired difference, 12 x 12 cells, sign-flip test", |b| {
        let labels = Labels { rows: &rows, columns: &columns, design: Design::TwoWay };
        b.iter(|| paired_difference(&arms[0], &arms[1], labels, Scale::Share, None, settings));
    });

    let (rows, columns) = labels(144, 20);
    let values: Vec<f64> = rows.iter().map(|_| f64::from(u8::from(random.uniform() < 0.4))).collect();
    criterion.bench_function("share of 2,880 answers against a baseline", |b| {
        let labels = Labels { rows: &rows, columns: &columns, design: Design::TwoWay };
        b.iter(|| share_against_baseline(&values, labels, 0.5, None, settings));
    });
}
