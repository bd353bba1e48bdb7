//! Facts about German and English that several stages need.
pub mod person;
