//! Servers. In: requests. Out: what [`super::wire`] makes of answers: a response, or a pack that stays open because the trouble may pass.
//!
//! [`client`] sends, waits, tries again and keeps the raw bodies; [`openai`] and [`ollama`] know what to ask and how to read an answer.

mod client;
mod gate;
mod key;
pub(super) mod ollama;
pub(super) mod openai;

use std::time::Duration;

use ureq::http::HeaderMap;

/// `Retry-After`: seconds, or a date, which is compared with the server's own.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let after = text("retry-after")?.trim();
    if let Ok(seconds) = after.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp().as_second());
    Some(Duration::from_secs(u64::try_from(date(after)? - date(text("date")?)?).unwrap_or(0)))
}
