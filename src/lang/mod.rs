//! Facts about German and English that several stages need, and the translated strings.

pub mod wording;
