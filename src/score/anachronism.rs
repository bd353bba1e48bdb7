//! Whether a scene holds things that did not exist yet: `anachronism`.
//!
//! In: the text of a response, and the art epoch in force (level `epoch` of the prompt). Out: `present` with the things, or `absent`; [`Value::Missing`]
//! where no epoch is in force (`no-epoch`), the epoch has no dates, or the answer is in the other language. A thing counts where its year in
//! `datasets/words/anachronism-*.toml` lies behind the last year of the epoch in `probes/axes/epoch.toml`. Sentences that deny a thing, compare, or speak of
//! today or of later ("heute", "centuries later", a year after the epoch) do not count. The list knows things with a year; manners of speech, clothes that came back,
//! and ideas before their time stay closed to it.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::origin::Text;
use super::{Kind, Measure, Reading, Scorer, language};
use crate::lang::lists::{self, ListError, Lists};
use crate::lang::negation;
use crate::lang::passages::sentences;
use crate::lang::tokens::Case;
use crate::lang::words::{self, Class, Word};
use crate::store::{Evidence, Language, Prompt, Response, Value};

const MEASURES: [Measure; 1] = [Measure { id: "anachronism", kind: Kind::Category(&["present", "absent"]) }];
/// The axis whose level says when a scene plays.
const AXIS: &str = "epoch";

/// Reads `anachronism`.
#[derive(Clone, Copy, Debug)]
pub struct Anachronism;

impl Scorer for Anachronism {
    fn id(&self) -> &'static str {
        "anachronism"
    }

    fn version(&self) -> u32 {
        2
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &FILES
    }

    fn check_lists(&self) -> Result<(), ListError> {
        EPOCHS.as_ref().map_err(Clone::clone)?;
        THINGS.check()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        let missing =
            |reason: &str| vec![Reading { measure: MEASURES[0].id, value: Value::Missing(reason.to_owned()), evidence: Vec::new() }];
        let Some(epoch) = prompt.levels.get(AXIS) else { return missing("no-epoch") };
        let epochs = EPOCHS.as_ref().expect("lists are checked when the program starts");
        let Some(&last) = epochs.get(epoch) else { return missing("epoch-without-dates") };
        language::in_own(prompt, response, &MEASURES, |text| {
            let evidence = THINGS.of(prompt.answer_language()).read(text, last);
            let value = Value::Category(if evidence.is_empty() { "absent" } else { "present" }.to_owned());
            vec![Reading { measure: MEASURES[0].id, value, evidence }]
        })
    }
}

/// The lists: things, German first, and the axis with the years of the epochs.
const FILES: [&str; 3] = ["datasets/words/anachronism-de.toml", "datasets/words/anachronism-en.toml", "probes/axes/epoch.toml"];

/// Level -> last year. An epoch that goes on has the year 9999: nothing is ahead of it.
static EPOCHS: LazyLock<Result<HashMap<String, i32>, ListError>> = LazyLock::new(|| lists::read(FILES[2], epochs));

static THINGS: Lists<Things> = Lists::new(|| Things::open(Language::De), || Things::open(Language::En));

fn epochs(file: &str) -> Result<HashMap<String, i32>, String> {
    #[derive(Deserialize)]
    struct Axis {
        levels: Vec<Level>,
    }
    #[derive(Deserialize)]
    struct Level {
        id: String,
        dates: Option<Dates>,
    }
    #[derive(Deserialize)]
    struct Dates {
        to: Option<i32>,
    }
    let axis: Axis = toml::from_str(file).map_err(|error| error.to_string())?;
    Ok(axis.levels.into_iter().filter_map(|level| Some((level.id, level.dates?.to.unwrap_or(9999)))).collect())
}

/// Things with the year from which on they may stand in a scene.
struct Things {
    language: Language,
    /// Folded words joined by blanks -> what they name.
    things: HashMap<String, Known>,
    /// Words that say that a sentence speaks of another time.
    other_times: Vec<String>,
}

/// What a word says.
#[derive(Clone, Copy, Debug)]
struct Known {
    since: i32,
    noun: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Words of sentences about today or later.
    other_times: String,
    things: Vec<Thing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    since: i32,
    nouns: String,
    #[serde(default)]
    others: String,
    #[serde(rename = "source")]
    _source: String,
}

impl Things {
    fn open(language: Language) -> Result<Self, ListError> {
        lists::read(FILES[language as usize], |file| Self::parse(language, file))
    }

    fn parse(language: Language, file: &str) -> Result<Self, String> {
        let file: File = toml::from_str(file).map_err(|error| error.to_string())?;
        let mut things = Self { language, things: HashMap::new(), other_times: Text::new(&file.other_times).keys };
        for thing in &file.things {
            for (list, class) in [(&thing.nouns, Class::Noun), (&thing.others, Class::Adjective)] {
                for form in list.split_ascii_whitespace().flat_map(|word| word.split('/')) {
                    things.add(form, class, thing.since);
                }
            }
        }
        Ok(things)
    }

    /// Add a word with the forms of its last part; `_` joins several words.
    fn add(&mut self, word: &str, class: Class, since: i32) {
        let mut parts = Text::new(&word.replace('_', " ")).keys;
        let Some(last) = parts.pop() else { return };
        let noun = class == Class::Noun;
        let class = if !noun && word.ends_with(if self.language == Language::De { "en" } else { "e" }) { Class::Verb } else { class };
        for form in words::forms(self.language, &Word { lemma: last, class, weight: 1.0, case_bound: false, irregular: Vec::new() }) {
            let key = parts.iter().cloned().chain([form]).collect::<Vec<_>>().join(" ");
            let known = Known { since, noun };
            self.things.entry(key).and_modify(|old| old.since = since.min(old.since)).or_insert(known);
        }
    }

    /// The things in `text` that came after the year `last`.
    fn read(&self, text: &str, last: i32) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        for sentence in sentences(text).filter(|sentence| !later_year(&text[sentence.clone()], last)) {
            let words = Text::new(&text[sentence.clone()]);
            if words.keys.iter().any(|key| self.other_times.contains(key)) {
                continue;
            }
            let mut at = 0;
            while at < words.keys.len() {
                let Some((to, since)) = self.at(&words, at) else {
                    at += 1;
                    continue;
                };
                let denied = negation::negated(self.language, &words.before(at)) || compared(&words, at, self.language);
                if since > last && !denied {
                    let (start, end) = (sentence.start + words.tokens[at].start, sentence.start + words.tokens[to - 1].end());
                    evidence.push(Evidence { start, end, label: format!("since {since}") });
                }
                at = to;
            }
        }
        evidence
    }

    /// The longest thing that begins at a word, with its year; a German noun has a capital.
    fn at(&self, words: &Text, from: usize) -> Option<(usize, i32)> {
        (from + 1..=(from + 3).min(words.keys.len())).rev().find_map(|to| {
            let thing = self.things.get(&words.keys[from..to].join(" "))?;
            let fits = self.language == Language::En || !thing.noun || words.tokens[to - 1].case() != Case::Lower;
            fits.then_some((to, thing.since))
        })
    }
}

/// "wie ein Foto", "like a film": a comparison puts nothing into the scene.
fn compared(words: &Text, at: usize, language: Language) -> bool {
    let like: &[&str] = if language == Language::De { &["wie", "gleich", "gleichsam"] } else { &["like", "as", "resembling"] };
    words.before(at).iter().rev().take(3).any(|word| like.contains(word))
}

/// Whether the sentence names a year after `last`: it speaks of later.
fn later_year(sentence: &str, last: i32) -> bool {
    sentence
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse::<i32>().ok())
        .any(|year| year > last && year < 2100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(text: &str, language: Language, last: i32) -> Vec<String> {
        THINGS.of(language).read(text, last).into_iter().map(|found| text[found.start..found.end].to_owned()).collect()
    }

    #[test]
    fn a_thing_is_ahead_of_its_time_only_after_the_last_year_of_the_epoch() {
        let text = "Die Malerin stellt ihr Fahrrad ab und greift nach dem Telefon.";
        assert_eq!(things(text, Language::De, 1600), ["Fahrrad", "Telefon"]);
        assert_eq!(things(text, Language::De, 1850), ["Telefon"]);
        assert!(things(text, Language::De, 1914).is_empty());
        assert_eq!(things("She left her bicycle outside and reached for the telephone.", Language::En, 1600), ["bicycle", "telephone"]);
    }

    #[test]
    fn what_is_denied_compared_or_said_of_later_is_not_in_the_scene() {
        for text in [
            "Es gab noch kein Telefon.",
            "Das Bild ist scharf wie eine Fotografie.",
            "Heute fotografieren Besucher das Bild mit dem Smartphone.",
            "Im Jahr 1925 entstand davon ein Film.",
        ] {
            assert!(things(text, Language::De, 1600).is_empty(), "{text}");
        }
        for text in ["There was no telephone yet.", "It is as sharp as a photograph.", "Today visitors photograph it with a smartphone."] {
            assert!(things(text, Language::En, 1600).is_empty(), "{text}");
        }
    }

    #[test]
    fn every_epoch_of_the_axis_has_a_last_year_and_the_present_has_none() {
        let epochs = EPOCHS.as_ref().unwrap();
        assert_eq!((epochs["barock"], epochs["gegenwart"]), (1770, 9999));
        assert!(epochs.len() >= 12);
    }

    #[test]
    fn both_lists_know_the_same_years() {
        let years = |language| THINGS.of(language).things.values().map(|thing| thing.since).collect::<std::collections::BTreeSet<i32>>();
        assert_eq!(years(Language::De), years(Language::En));
    }
}
