//! Lupe: a bias and authenticity exploration lab for generative AI in culture.
//!
//! The way of the data, each stage a module that uses only what stands above it; [`audit`] walks the whole of it:
//!
//! ```text
//! probes/*.toml ─► probe ─► run ─► score ─► analyse ─► chart ─► report
//!                            ▲                 ▲
//!                   model ───┘          stats ─┘
//! ```
#![warn(missing_docs)]

pub mod assets;
pub mod lang;
pub mod stats;
pub mod store;

pub mod probe;

pub mod model;

pub mod run;
pub mod sheet;

pub mod detect;
pub mod score;

pub mod rate;

pub mod analyse;
pub mod benchmark;

pub mod chart;
pub mod report;

#[cfg(feature = "local")]
pub mod reference;

pub mod audit;
pub mod cli;

/// Real material for tests (`LUPE_SHARED`, default `../shared`), or `None` with a printed reason where it is absent.
#[doc(hidden)]
pub fn shared_data(test: &str) -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("LUPE_SHARED")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), std::path::PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED real-data test {test}: {} is not there", folder.display());
    None
}
