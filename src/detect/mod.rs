//! Real or generated: what can be said about a file, and what cannot.
//!
//! In: files. Out: what each declares about itself ([`provenance`]). Nothing here ever says "real": that a file declares nothing proves nothing.

pub mod corpus;
pub mod error;
pub mod features;
pub mod linear;
pub mod material;
mod page;
pub mod provenance;
pub mod registry;
pub mod text;
pub mod variants;

pub use page::{page, result};
