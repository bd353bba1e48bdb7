//! Facts about German and English that several stages need. In: words. Out: forms of words.

pub mod english;
pub mod german;
pub mod negation;
pub mod tokens;
pub mod words;
