//! Integration tests by capability; one binary, because linking is what costs.

mod benchmarks;
mod calibrated;
#[cfg(feature = "local")]
mod classifiers;
mod command_line;
mod datasets;
mod detectors;
mod evaluate;
mod fault_server;
mod fetch;
mod hub;
mod image_traces;
mod interrupted;
#[cfg(unix)]
mod limits;
mod llama_server;
mod provenance;
mod ratings;
mod real_audit;
mod robustness;
mod servers;
mod sheets;
mod sound;
mod support;
mod text_style;
