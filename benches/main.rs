//! All benches in one binary, a module per subject.

mod decoder;
mod demo;
mod scoring;
mod stats;

criterion::criterion_group!(lupe, demo::benches, scoring::benches, stats::benches);
criterion::criterion_main!(decoder::benches, lupe);
