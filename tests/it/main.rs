//! Integration tests by capability; one binary, because linking is what costs.

mod calibrated;
mod command_line;
mod fetch;
mod hub;
mod interrupted;
mod real_audit;
mod support;
