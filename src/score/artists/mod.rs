//! Which artists an answer names, and who they are: `artists-named`, `artists-women`, `artists-beyond-west`, `names-unknown`.
//!
//! In: the text of a response. Out: the number of different artists of `datasets/artists.toml` that it names; the share of women among those who are a
//! person of known gender; the share from outside Europe and North America; and, among all person-like names, the share that the list does not know. A share of
//! nobody is [`Value::Missing`] (`no-artist-named`), never 0. An unknown name is not an invented one: the list holds some hundred artists of a few thousand that a
//! textbook knows; compare arms with it, do not judge a single answer. `list` knows the names, `unknown` finds what only looks like one.

mod list;
mod unknown;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::origin::Text;
use super::{Kind, Measure, Reading, Scorer, language};
use crate::lang::lists::ListError;
use crate::store::{Evidence, Language, Prompt, Response, Value};
use list::{ARTISTS, Artist, Mention};

const MEASURES: [Measure; 4] = [
    Measure { id: "artists-named", kind: Kind::Number("artists") },
    Measure { id: "artists-women", kind: Kind::Number("share") },
    Measure { id: "artists-beyond-west", kind: Kind::Number("share") },
    Measure { id: "names-unknown", kind: Kind::Number("share") },
];
/// Nobody is named of whom a share could be taken.
const NOBODY: &str = "no-artist-named";

/// Reads the four measures.
#[derive(Clone, Copy, Debug)]
pub struct Artists;

impl Scorer for Artists {
    fn id(&self) -> &'static str {
        "artists"
    }

    fn version(&self) -> u32 {
        2
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &[list::FILE, list::WORDS]
    }

    fn check_lists(&self) -> Result<(), ListError> {
        list::check()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| read(text, prompt.answer_language()))
    }
}

fn read(text: &str, language: Language) -> Vec<Reading> {
    let words = Text::new(text);
    let list = ARTISTS.as_ref().expect("lists are checked when the program starts");
    let mentions = list.mentions(text, &words);
    let unknown = unknown::names(text, &words, &mentions, list, language);
    let named: BTreeMap<usize, &Artist> = mentions.iter().map(|mention| (mention.artist, &list.artists[mention.artist])).collect();
    let persons = named.values().filter(|artist| artist.is_person()).count();
    let women = named.values().filter(|artist| artist.gender == "woman").count();
    let beyond = named.values().filter(|artist| artist.is_beyond_west()).count();
    let strangers = unknown.iter().map(|name| words.keys[name.clone()].join(" ")).collect::<BTreeSet<String>>().len();
    let share = |part: usize, whole: usize| match whole {
        0 => Value::Missing(NOBODY.to_owned()),
        _ => Value::Number(part as f64 / whole as f64),
    };
    let values =
        [Value::Number(named.len() as f64), share(women, persons), share(beyond, named.len()), share(strangers, named.len() + strangers)];
    let place = |from: usize, to: usize, label: &str| Evidence {
        start: words.tokens[from].start,
        end: words.tokens[to - 1].end(),
        label: label.to_owned(),
    };
    let label = |which: usize, mention: &Mention| {
        let artist = &list.artists[mention.artist];
        let label = match which {
            0 | 3 => &artist.id,
            1 => &artist.gender,
            _ => &artist.region,
        };
        place(mention.from, mention.to, label)
    };
    MEASURES
        .iter()
        .zip(values)
        .enumerate()
        .map(|(which, (measure, value))| {
            let mut evidence: Vec<Evidence> = mentions.iter().map(|mention| label(which, mention)).collect();
            if which == 3 {
                evidence.extend(unknown.iter().map(|name| place(name.start, name.end, "unknown")));
                evidence.sort_by_key(|place| place.start);
            }
            Reading { measure: measure.id, value, evidence }
        })
        .collect()
}
