//! The key of a server: read from the environment, sent in one header, and nowhere else. It has neither `Debug` nor `Display`.

use ureq::http::HeaderValue;

use crate::model::ModelError;

/// Shorter texts are no keys, and blotting them out would blot out ordinary words.
const SHORTEST: usize = 8;

/// What stands in the place of a key that a server sent back.
const BLOT: &str = "[key]";

/// A key.
pub(super) struct Key(String);

impl Key {
    /// The key in the environment variable `variable`.
    ///
    /// # Errors
    /// [`ModelError::Key`] when there is none or it is none; the value is never part of it.
    pub(super) fn from_environment(model: &str, variable: &str) -> Result<Self, ModelError> {
        let wrong = |problem: &str| ModelError::Key { model: model.to_owned(), variable: variable.to_owned(), problem: problem.to_owned() };
        let key = std::env::var(variable).map_err(|_| wrong("is not set"))?;
        let key = key.trim().to_owned();
        if key.len() < SHORTEST {
            return Err(wrong("holds no key (fewer than 8 characters)"));
        }
        if HeaderValue::from_str(&key).is_err() {
            return Err(wrong("holds characters that no key has"));
        }
        Ok(Self(key))
    }

    /// The header that carries it, marked as secret for the libraries below.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// `text` without the key, as it is or as JSON writes it.
    pub(super) fn blot(&self, text: &str) -> String {
        let json = serde_json::Value::from(self.0.as_str()).to_string();
        let json = json.trim_matches('"');
        text.replace(&self.0, BLOT).replace(json, BLOT).replace(&json.replace('/', "\\/"), BLOT)
    }
}
