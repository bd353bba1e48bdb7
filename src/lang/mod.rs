//! Facts about German and English that several stages need. In: words. Out: forms of words, their roles, and the sentences of reports.

pub mod english;
pub mod german;
pub mod lists;
pub mod negation;
pub mod person;
pub mod rendering;
pub mod tokens;
pub mod wording;
pub mod words;
