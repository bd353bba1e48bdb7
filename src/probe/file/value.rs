//! What a single value of a file must be. In: the value. Out: nothing, or what it must be, as the end of a sentence.

use super::Dates;
use crate::lang::german;
use crate::probe::Bilingual;
use crate::store::Sampling;

fn must(holds: bool, message: &str) -> garde::Result {
    if holds { Ok(()) } else { Err(garde::Error::new(message)) }
}

pub(super) fn is_id(id: &str, _: &()) -> garde::Result {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    must(!id.is_empty() && id.bytes().all(plain), "must be a name of small letters, digits and hyphens")
}

pub(super) fn is_written(text: &Bilingual, _: &()) -> garde::Result {
    must(!text.de.trim().is_empty() && !text.en.trim().is_empty(), "must be written in German and English")
}

pub(super) fn is_written_if_there(text: &Option<Bilingual>, unit: &()) -> garde::Result {
    text.as_ref().map_or(Ok(()), |text| is_written(text, unit))
}

/// Each entry one or more beginnings of words with `|` between them.
pub(super) fn are_words(entries: &[String], _: &()) -> garde::Result {
    let is_word = |word: &str| !word.is_empty() && word.trim() == word;
    must(entries.iter().all(|entry| entry.split('|').all(is_word)), "must be words, with `|` between alternatives and no blanks around it")
}

pub(super) fn is_positive(value: &f64, _: &()) -> garde::Result {
    must(*value > 0.0 && value.is_finite(), "must be larger than 0")
}

pub(super) fn is_share(value: &f64, _: &()) -> garde::Result {
    must((0.0..=1.0).contains(value), "must lie between 0 and 1")
}

pub(super) fn is_level(value: &f64, _: &()) -> garde::Result {
    must(*value > 0.0 && *value < 1.0, "must lie between 0 and 1")
}

pub(super) fn can_be_drawn(sampling: &Sampling, _: &()) -> garde::Result {
    must(sampling.temperature >= 0.0 && sampling.temperature.is_finite(), "temperature must be 0 or larger")?;
    must(sampling.top_p > 0.0 && sampling.top_p <= 1.0, "top_p must lie above 0 and at most at 1")?;
    must(sampling.max_tokens >= 1, "max_tokens must be at least 1")
}

pub(super) fn is_in_order(dates: &Option<Dates>, _: &()) -> garde::Result {
    must(dates.is_none_or(|dates| dates.to.is_none_or(|to| dates.from < to)), "must end after it begins")
}

pub(super) fn is_german(noun: &german::Noun, _: &()) -> garde::Result {
    match noun {
        german::Noun::Paired { feminine, fair, .. } => {
            must(feminine.ends_with("in"), "the feminine must end in -in")?;
            must(fair.ends_with("*in"), "the gender-fair form must end in *in")
        }
        german::Noun::Fixed { .. } | german::Noun::Adjectival { .. } => Ok(()),
    }
}
