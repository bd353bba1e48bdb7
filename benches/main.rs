//! All benches in one binary, a module per subject. `smol`, `minilm` and `reading` take seconds a job and are no
//! criterion benches.

mod decoder;
mod demo;
#[path = "../src/model/candle/fixture.rs"]
mod fixture;
mod minilm;
mod products;
mod reading;
mod scoring;
mod smol;
mod stats;

criterion::criterion_group!(lupe, demo::benches, scoring::benches, stats::benches);

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("minilm") => minilm::report(),
        Some("smol") => smol::report(),
        Some("reading") => reading::report(),
        Some("products") => products::report(),
        Some("scoring-threads") => scoring::report(),
        _ => {
            decoder::benches();
            lupe();
            criterion::Criterion::default().configure_from_args().final_summary();
        }
    }
}
