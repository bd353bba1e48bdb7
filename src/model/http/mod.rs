//! Servers. In: requests. Out: what [`super::wire`] makes of answers: a response, or a pack that stays open because the trouble may pass.
//!
//! [`client`] sends, waits, tries again and keeps the raw bodies; [`openai`] and [`ollama`] know what to ask and how to read an answer.

mod client;
mod gate;
mod key;
pub(super) mod ollama;
pub(super) mod openai;
