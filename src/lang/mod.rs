//! Facts about German and English that several stages need. In: words. Out: forms of words, their roles, and the sentences of reports.

pub mod english;
pub mod german;
mod harmless;
pub mod identify;
pub mod lists;
pub mod negation;
pub mod passages;
pub mod person;
pub mod phrases;
pub mod rendering;
pub mod syllables;
pub mod tokens;
pub mod wording;
pub mod words;

pub use harmless::harmless;
