//! All benches in one binary, a module per subject.

mod decoder;
mod scoring;
mod stats;

criterion::criterion_group!(small, scoring::benches, stats::benches);
criterion::criterion_main!(decoder::benches, small);
