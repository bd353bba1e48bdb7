//! Planning, working, resuming, merging: how prompts become stored responses.
//!
//! In: probes and opened models. Out: a run folder with every planned request and its raw response, and a manifest that says what made
//! them. Nothing here reads a response; that is the business of the stages to the right.
//!
//! ```text
//! plan ─► store.sqlite (prompts, requests, packs)
//!            │
//!            ├─► work, share 1 of N ─► workers/1-of-N.sqlite ─┐
//!            ├─► …                                            ├─► merge ─► store.sqlite (+ responses) ─► Run
//!            └─► work, share N of N ─► workers/N-of-N.sqlite ─┘
//! ```
//!
//! The unit of everything is the **pack**: planned once, answered in one call, committed in one transaction, never reopened. Which worker
//! answers it, how often the workers were killed and in which order they are joined therefore changes neither batches nor bytes.
//! The files are described in `docs/store-format.md`.

mod budget;
mod database;
mod error;
mod folder;
mod manifest;
mod merge;
mod plan;
mod progress;
mod read;
mod rows;
mod share;
mod stop;
mod supervise;
mod work;

#[cfg(test)]
mod tests;

pub use error::{Gap, RunError};
pub(crate) use folder::write_whole;
pub use manifest::{Look, Manifest, ModelEntry, Planning, ProbeEntry, clock};
pub use merge::{Gathered, gaps, gather, merge};
#[cfg(feature = "local")]
pub(crate) use plan::request_seed;
pub use plan::{Added, Options, Pack, Plan, PlannedModel, plan, propose};
pub use progress::{Event, Meter, Problem, report_line};
pub use read::{Joined, Run, digest};
pub use share::Share;
pub use stop::{stop_on_interrupt, stop_when_parent_is_gone};
pub use supervise::{run_here, supervise};
pub use work::{LostWorker, OpenModel, Summary, work};
