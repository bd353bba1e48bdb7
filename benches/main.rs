//! All benches in one binary, a module per subject.

mod decoder;

criterion::criterion_main!(decoder::benches);
