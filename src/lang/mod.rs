<<<<<<< HEAD
//! Facts about German and English that several stages need. In: words. Out: forms of words.

pub mod english;
pub mod german;
=======
//! Facts about German and English that several stages need.

pub mod negation;
pub mod tokens;
pub mod words;
>>>>>>> words
