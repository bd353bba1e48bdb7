//! Real or generated: what can be said about a file, and what cannot.
//!
//! In: files. Out: what each declares about itself ([`provenance`]). Nothing here ever says "real": that a file declares nothing proves nothing.

mod page;
pub mod provenance;

pub use page::{page, result};
