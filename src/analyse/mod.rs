//! Stored measurements (polars frames) become findings.

mod finding;

pub use finding::{Clusters, Effect, Estimand, Estimate, Finding, Instrument, Ledger, Unit, Verdict};
