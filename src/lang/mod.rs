//! Facts about German and English that several stages need.

pub mod negation;
pub mod tokens;
pub mod words;
