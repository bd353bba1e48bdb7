//! The artists of `datasets/artists.toml` and where a text names them.
//!
//! In: the list, and a text cut into words. Out: [`Mention`]s in order. An artist is named by the full name, another form that the list gives, or the surname alone
//! where nobody else on the list has it and it is no other word (`datasets/words/name-words.toml`); umlauts and accents may be written or left out, a German
//! genitive (*Dürers*) is the name. A name inside a longer word (*Dürer-Haus*) or behind a stranger's first name (*Ludwig Richter*) is none.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::origin::Text;
use crate::lang::lists::{self, ListError};
use crate::lang::person::{first_name, fold_into};
use crate::lang::tokens::Case;

/// The artists.
pub const FILE: &str = "datasets/artists.toml";
/// Words that a name needs to be told from.
pub const WORDS: &str = "datasets/words/name-words.toml";

/// The list, ready for look-up.
pub static ARTISTS: LazyLock<Result<List, ListError>> = LazyLock::new(List::open);

/// Reads the lists.
///
/// # Errors
/// What is wrong with them.
pub fn check() -> Result<(), ListError> {
    ARTISTS.as_ref().map(drop).map_err(Clone::clone)
}

/// An artist as far as a measure needs to know.
#[derive(Debug, Deserialize)]
pub struct Artist {
    /// Unique id.
    pub id: String,
    name: String,
    #[serde(default)]
    names: Vec<String>,
    /// `woman`, `man`, `non-binary`, `group`, `unknown`.
    pub gender: String,
    /// World region of `probes/axes/region.toml`.
    pub region: String,
}

impl Artist {
    /// Somebody whose gender is known, not a group.
    pub fn is_person(&self) -> bool {
        !["group", "unknown"].contains(&self.gender.as_str())
    }

    /// From outside Europe and North America.
    pub fn is_beyond_west(&self) -> bool {
        !["western-europe", "eastern-europe", "north-america"].contains(&self.region.as_str())
    }
}

/// Words that are no names, or not only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameWords {
    surnames_that_are_words: String,
    particles: String,
    titles: String,
    no_names: String,
}

/// All artists by the first word of each of their names.
pub struct List {
    /// The artists.
    pub artists: Vec<Artist>,
    by_first_word: HashMap<String, Vec<Name>>,
    /// `von`, `de`: part of a name though small.
    pub particles: BTreeSet<String>,
    /// Titles of rulers and saints: who bears one is named, but as no artist.
    pub titles: BTreeSet<String>,
    /// Words with a capital that begin no name: `Der`, `Museum`.
    pub no_names: BTreeSet<String>,
}

#[derive(Debug)]
struct Name {
    words: Vec<String>,
    artist: usize,
    surname: bool,
}

/// An artist in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// First word.
    pub from: usize,
    /// Behind the last word.
    pub to: usize,
    /// Place in the list.
    pub artist: usize,
}

impl List {
    fn open() -> Result<Self, ListError> {
        let words: NameWords = lists::read(WORDS, |file| toml::from_str(file).map_err(|error| error.to_string()))?;
        lists::read(FILE, |file| Self::parse(file, &words))
    }

    fn parse(file: &str, words: &NameWords) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct File {
            artists: Vec<Artist>,
        }
        let File { artists } = toml::from_str(file).map_err(|error| error.to_string())?;
        let set = |list: &str| Text::new(list).keys.into_iter().collect::<BTreeSet<String>>();
        let [particles, titles, no_names] = [&words.particles, &words.titles, &words.no_names].map(|list| set(list));
        let mut list = Self { artists, by_first_word: HashMap::new(), particles, titles, no_names };
        let no_surname = set(&words.surnames_that_are_words);
        let mut surnames: HashMap<String, Vec<usize>> = HashMap::new();
        for (artist, entry) in list.artists.iter().enumerate() {
            for name in [&entry.name].into_iter().chain(&entry.names) {
                let Some((_, surname)) = name.rsplit_once(' ') else { continue };
                let bearers = surnames.entry(surname.to_owned()).or_default();
                if !bearers.contains(&artist) {
                    bearers.push(artist);
                }
            }
        }
        let mut names: Vec<(String, usize, bool)> = Vec::new();
        for (artist, entry) in list.artists.iter().enumerate() {
            names.extend([&entry.name].into_iter().chain(&entry.names).map(|name| (name.clone(), artist, false)));
        }
        for (surname, bearers) in surnames {
            let key = key(&surname);
            let word = no_surname.contains(&key)
                || first_name(&person_key(&surname)).is_some()
                || key.chars().count() < 4
                || list.no_names.contains(&key);
            if let (&[only], false) = (&bearers[..], word) {
                names.push((surname, only, true));
            }
        }
        for (name, artist, surname) in &names {
            for spelling in spellings(name) {
                let words = Text::new(&spelling).keys;
                let Some(first) = words.first().cloned() else {
                    return Err(format!("`{}` has a name without letters", list.artists[*artist].id));
                };
                let same = list.by_first_word.entry(first).or_default();
                if !same.iter().any(|name| name.words == words && name.artist == *artist) {
                    same.push(Name { words, artist: *artist, surname: *surname });
                }
            }
        }
        list.by_first_word.values_mut().for_each(|names| names.sort_by_key(|name| (std::cmp::Reverse(name.words.len()), name.artist)));
        Ok(list)
    }

    /// Name of an artist as the list has it.
    #[cfg(test)]
    pub fn name(&self, artist: usize) -> &str {
        &self.artists[artist].name
    }

    /// All artists that the text names, in order and without overlap.
    pub fn mentions(&self, text: &str, words: &Text) -> Vec<Mention> {
        let mut mentions = Vec::new();
        let mut at = 0;
        while at < words.keys.len() {
            let found = self.at(text, words, at);
            at = found.map_or(at + 1, |mention| mention.to);
            mentions.extend(found);
        }
        mentions
    }

    fn at(&self, text: &str, words: &Text, from: usize) -> Option<Mention> {
        if words.tokens[from].case() == Case::Lower {
            return None;
        }
        let names = candidates(&words.keys[from]).find_map(|key| self.by_first_word.get(key))?;
        let name = names.iter().find(|name| self.stands(text, words, from, name))?;
        Some(Mention { from, to: from + name.words.len(), artist: name.artist })
    }

    fn stands(&self, text: &str, words: &Text, from: usize, name: &Name) -> bool {
        let to = from + name.words.len();
        let Some(keys) = words.keys.get(from..to) else { return false };
        let last = name.words.len() - 1;
        let same = keys[..last] == name.words[..last] && candidates(&keys[last]).any(|key| key == name.words[last]);
        same && is_whole(text, words, from, to) && (last > 0 && !name.surname || self.stands_alone(text, words, from, to, name))
    }

    /// A single word is the artist only where no other person's first name stands before it and no other name goes on behind it.
    fn stands_alone(&self, text: &str, words: &Text, from: usize, to: usize, name: &Name) -> bool {
        let own = |key: &str| {
            let artist = &self.artists[name.artist];
            [&artist.name]
                .into_iter()
                .chain(&artist.names)
                .flat_map(|name| spellings(name))
                .any(|name| Text::new(&name).keys.iter().any(|word| word == key))
        };
        let stranger = from > 0
            && &text[words.tokens[from - 1].end()..words.tokens[from].start] == " "
            && words.tokens[from - 1].case() == Case::Capital
            && first_name(&person_key(words.tokens[from - 1].text)).is_some_and(|name| !name.also_word)
            && !own(&words.keys[from - 1]);
        // A German genitive is followed by its noun.
        let genitive = words.keys[to - 1] != name.words[name.words.len() - 1];
        let goes_on = !name.surname
            && !genitive
            && words
                .tokens
                .get(to)
                .is_some_and(|next| next.case() == Case::Capital && &text[words.tokens[to - 1].end()..next.start] == " ");
        !stranger && !goes_on
    }
}

/// Neither a part of a longer word with a hyphen (`Dürer-Haus`) nor small at its end.
fn is_whole(text: &str, words: &Text, from: usize, to: usize) -> bool {
    let (start, end) = (words.tokens[from].start, words.tokens[to - 1].end());
    let glued = text[end..].strip_prefix('-').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    let behind = text[..start].strip_suffix('-').is_some_and(|before| before.ends_with(char::is_alphabetic));
    let apart =
        (from..to - 1).all(|at| text[words.tokens[at].end()..words.tokens[at + 1].start].chars().all(|c| " -.'’\u{a0}".contains(c)));
    !glued && !behind && apart && words.tokens[to - 1].case() != Case::Lower
}

/// The word itself, then without the ending of a genitive.
fn candidates(key: &str) -> impl Iterator<Item = &str> {
    let bare = key.strip_suffix("'s").or_else(|| key.strip_suffix('s'));
    [Some(key), bare].into_iter().flatten()
}

/// Spellings of a name: as written, and with umlauts as plain vowels (`Duerer` is found by folding, `Durer` is not); other accents dropped.
fn spellings(name: &str) -> BTreeSet<String> {
    let plain = |umlaut: bool| {
        let mut out = String::new();
        for c in name.chars() {
            match c {
                'ä' | 'Ä' if umlaut => out.push('a'),
                'ö' | 'Ö' if umlaut => out.push('o'),
                'ü' | 'Ü' if umlaut => out.push('u'),
                'ä' | 'ö' | 'ü' | 'ß' | 'Ä' | 'Ö' | 'Ü' => out.push(c),
                _ if c.is_alphabetic() => fold_into(&c.to_string(), &mut out),
                _ => out.push(c),
            }
        }
        out
    };
    BTreeSet::from([plain(false), plain(true), name.to_owned()])
}

/// The spelling of a word for look-ups.
fn key(word: &str) -> String {
    Text::new(word).keys.join(" ")
}

/// The spelling under which first names are looked up.
pub fn person_key(word: &str) -> String {
    let mut key = String::new();
    fold_into(word, &mut key);
    key
}
