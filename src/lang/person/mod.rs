//! What the words of German and English say about the gender of a person: first names, person nouns, feminine endings, gender-fair forms, verb number.
//!
//! In: one word, folded by `key`. Out: what it says. Reading a whole text is the work of [`crate::score::gender`].
//! The lists are files that a curator can read: `datasets/names/first-names.toml`, `datasets/words/person-de.toml` and `person-en.toml`.

mod forms;
mod key;
mod names;
mod verbs;
mod words;

pub use forms::{FairForm, fair_form, feminine_form};
pub use key::fold_into;
pub use names::{FirstName, NameGender, first_name};
pub use verbs::{Number, finite_number};
pub use words::{Grammatical, Lexicon, Word, lexicon};

use super::lists::ListError;

/// The lists that are read here.
pub const LISTS: &[&str] = &[names::FILE, words::FILES[0], words::FILES[1]];

/// Reads all lists.
///
/// # Errors
/// [`ListError`] naming the first that is broken.
pub fn check_lists() -> Result<(), ListError> {
    names::open()?;
    words::LEXICA.check()
}

/// Gender of a person as a text presents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// Presented as a woman or girl.
    Woman,
    /// Presented as a man or boy.
    Man,
    /// Presented as neither, or as outside the two.
    NonBinary,
}

impl Gender {
    /// The category word used in measures.
    pub fn as_str(self) -> &'static str {
        match self {
            Gender::Woman => "woman",
            Gender::Man => "man",
            Gender::NonBinary => "non-binary",
        }
    }

    /// All genders in category order.
    pub const ALL: [Gender; 3] = [Gender::Woman, Gender::Man, Gender::NonBinary];
}

#[cfg(test)]
mod tests;
