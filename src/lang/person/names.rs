//! First names and the gender of the people who usually bear them.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::key::fold_into;
use crate::lang::lists::{self, ListError};

/// What a first name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameGender {
    /// Mostly borne by women.
    Woman,
    /// Mostly borne by men.
    Man,
    /// Borne by both; no evidence.
    Either,
}

/// An entry of the list of first names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstName {
    /// What the name says.
    pub gender: NameGender,
    /// The name is a common word, too ("Rose", "Mark"): a name only where the text treats it as one.
    pub also_word: bool,
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tradition {
    woman: String,
    man: String,
    either: String,
}

/// The list.
pub const FILE: &str = "datasets/names/first-names.toml";

static NAMES: LazyLock<Result<Names, ListError>> = LazyLock::new(|| lists::read(FILE, parse));

type Names = HashMap<Box<str>, FirstName>;

/// All first names by folded spelling.
///
/// # Errors
/// [`ListError`] when the list is broken.
pub fn open() -> Result<&'static Names, ListError> {
    NAMES.as_ref().map_err(Clone::clone)
}

fn parse(file: &str) -> Result<Names, String> {
    let file: BTreeMap<String, Tradition> = toml::from_str(file).map_err(|error| error.to_string())?;
    let mut names = HashMap::new();
    for (tradition, lists) in &file {
        let also_word = tradition == "also_word";
        for (list, gender) in [(&lists.woman, NameGender::Woman), (&lists.man, NameGender::Man), (&lists.either, NameGender::Either)] {
            for name in list.split_whitespace() {
                add(&mut names, name, FirstName { gender, also_word });
            }
        }
    }
    Ok(names)
}

/// Traditions that disagree leave a name without evidence; a name that is a common word in one is one everywhere.
fn add(names: &mut HashMap<Box<str>, FirstName>, name: &str, new: FirstName) {
    let mut key = String::new();
    fold_into(name, &mut key);
    names
        .entry(key.into())
        .and_modify(|old| {
            if old.gender != new.gender {
                old.gender = NameGender::Either;
            }
            old.also_word |= new.also_word;
        })
        .or_insert(new);
}

/// Look a folded name up (the list must be sound, see [`super::check_lists`]); of a double name ("anna-lena", "jean-luc") the first part that says something decides.
pub fn first_name(key: &str) -> Option<FirstName> {
    let names = open().expect("lists are checked when the program starts");
    if let Some(&name) = names.get(key) {
        return Some(name);
    }
    if !key.contains('-') {
        return None;
    }
    let parts: Option<Vec<FirstName>> = key.split('-').map(|part| names.get(part).copied()).collect();
    let parts = parts?;
    Some(FirstName { also_word: false, ..*parts.iter().find(|part| part.gender != NameGender::Either).or(parts.first())? })
}
