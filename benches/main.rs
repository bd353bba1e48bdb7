//! All benches in one binary, a module per subject. `smol`, `minilm` and `reading` take seconds a job and are no
//! criterion benches.

mod decoder;
mod demo;
#[path = "../src/model/candle/fixture.rs"]
mod fixture;
mod images;
mod minilm;
mod products;
mod reading;
mod scoring;
mod smol;
mod stats;
mod style;

criterion::criterion_group!(lupe, demo::benches, scoring::benches, stats::benches, style::benches);

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("minilm") => minilm::report(),
        Some("images") => images::report(),
        Some("smol") => smol::report(),
        Some("reading") => reading::report(),
        Some("products") => products::report(),
        Some("scoring-threads") => scoring::report(),
        Some("style-threads") => style::report(),
        _ => {
            decoder::benches();
            lupe();
            criterion::Criterion::default().configure_from_args().final_summary();
        }
    }
}
