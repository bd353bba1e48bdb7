//! What a work is about, as the text says it: nature, industry, the city, people, everyday life, religion, myth, history, still life, abstraction.
//!
//! In: the text of a response. Out: one category with the words that speak for it, `several-themes` where two themes are named as often, `no-theme`
//! where none is; [`Value::Missing`] for an answer in the other language. Words from `datasets/words/theme-*.toml` are counted, words for a genre
//! twice. Where the text says what a work *shows*, only what follows counts: a landscape that hangs in a church is no religious work. What a
//! negator denies does not count. The list knows words, not pictures: irony, symbols and titles stay closed to it.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::origin::Text;
use super::{Kind, Measure, Reading, Scorer, language};
use crate::lang::lists::{self, ListError, Lists};
use crate::lang::negation;
use crate::lang::tokens::Case;
use crate::lang::words::{self, Class, Word};
use crate::store::{Evidence, Language, Prompt, Response, Value};

const MEASURES: [Measure; 1] = [Measure { id: "theme", kind: Kind::Category(&CATEGORIES) }];
/// Two themes are named as often.
const SEVERAL: &str = "several-themes";
/// No theme is named.
const NONE: &str = "no-theme";
const CATEGORIES: [&str; 12] =
    ["nature", "industry", "city", "people", "everyday-life", "religion", "myth", "history", "still-life", "abstraction", SEVERAL, NONE];
/// Section of words that only look like one of the list.
const LOOKS_ALIKE: &str = "nothing";
/// A word for a genre against a thing that is seen.
const GENRE: f64 = 2.0;
/// Folded letters from which on a German noun is found as the last part of a compound.
const SHORTEST_HEAD: usize = 5;

/// Words that say that a work shows what follows.
const SHOWS: [&str; 2] = [
    "zeigt zeigen zeigte zeigten sieht sehen sah stellt darstellung abgebildet abbildet schildert schilderte erzaehlt malte malt gemalt thema motiv motive handelt darstellen dargestellt sujet thematisiert",
    "shows show showing showed depicts depict depicted depicting see seen represents representing portrays portraying paints painted subject theme motif about illustrates scene",
];
/// Words that say where a work is, not what it shows.
const PLACED: [&str; 2] = [
    "haengt hing haengen hingen ausgestellt ausstellung steht stand stehen befindet befand entstand entstanden lagert aufbewahrt museum",
    "hangs hung hanging exhibited displayed exhibition stands stood kept housed made museum located stored",
];

/// Reads `theme`.
#[derive(Clone, Copy, Debug)]
pub struct Theme;

impl Scorer for Theme {
    fn id(&self) -> &'static str {
        "theme"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &FILES
    }

    fn check_lists(&self) -> Result<(), ListError> {
        THEMES.check()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| {
            let (value, evidence) = THEMES.of(prompt.answer_language()).read(text);
            vec![Reading { measure: MEASURES[0].id, value, evidence }]
        })
    }
}

/// The words of one theme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    genres: String,
    nouns: String,
    others: String,
}

/// What a word says.
#[derive(Clone, Copy, Debug)]
struct Entry {
    theme: &'static str,
    weight: f64,
    noun: bool,
}

/// The words of one language.
struct Themes {
    language: Language,
    /// Folded words, joined by blanks.
    entries: HashMap<String, Entry>,
}

/// The lists of both languages, German first.
const FILES: [&str; 2] = ["datasets/words/theme-de.toml", "datasets/words/theme-en.toml"];

static THEMES: Lists<Themes> = Lists::new(|| Themes::open(Language::De), || Themes::open(Language::En));

/// A word of the list in a text.
struct Hit {
    from: usize,
    to: usize,
    entry: Entry,
}

impl Themes {
    fn open(language: Language) -> Result<Self, ListError> {
        lists::read(FILES[language as usize], |file| Self::parse(language, file))
    }

    fn parse(language: Language, file: &str) -> Result<Self, String> {
        let sections: BTreeMap<String, Section> = toml::from_str(file).map_err(|error| error.to_string())?;
        let known = |name: &&String| name.as_str() == LOOKS_ALIKE || CATEGORIES.contains(&name.as_str());
        if let Some(unknown) = sections.keys().find(|name| !known(name)) {
            return Err(format!("there is no theme `{unknown}`; the themes are {}", CATEGORIES[..10].join(", ")));
        }
        let mut themes = Self { language, entries: HashMap::new() };
        for theme in CATEGORIES.into_iter().chain([LOOKS_ALIKE]) {
            let Some(section) = sections.get(theme) else { continue };
            let lists =
                [(&section.genres, Class::Noun, GENRE), (&section.nouns, Class::Noun, 1.0), (&section.others, Class::Adjective, 1.0)];
            for (list, class, weight) in lists {
                for form in list.split_ascii_whitespace().flat_map(|word| word.split('/')) {
                    themes.add(form, class, Entry { theme, weight, noun: class == Class::Noun });
                }
            }
        }
        Ok(themes)
    }

    /// Add a word with the forms of its last part; the first theme that claims a spelling has it.
    fn add(&mut self, word: &str, class: Class, entry: Entry) {
        let mut parts = Text::new(&word.replace('_', " ")).keys;
        let Some(last) = parts.pop() else { return };
        let verb = self.language == Language::De && class == Class::Adjective && (last.ends_with("en") || last.ends_with("eln"));
        let class = if verb { Class::Verb } else { class };
        for form in words::forms(self.language, &Word { lemma: last, class, weight: 1.0, case_bound: false, irregular: Vec::new() }) {
            let key = parts.iter().cloned().chain([form]).collect::<Vec<_>>().join(" ");
            self.entries.entry(key).or_insert(entry);
        }
    }

    fn read(&self, text: &str) -> (Value, Vec<Evidence>) {
        let text = Text::new(text);
        let mut hits: Vec<(Hit, bool)> = Vec::new();
        let mut at = 0;
        while at < text.keys.len() {
            let Some(hit) = self.hit(&text, at) else {
                at += 1;
                continue;
            };
            at = hit.to;
            if hit.entry.theme != LOOKS_ALIKE && !negation::negated(self.language, &text.before(hit.from)) {
                hits.extend(self.role(&text, &hit).map(|shown| (hit, shown)));
            }
        }
        let any_shown = hits.iter().any(|(_, shown)| *shown);
        let counted: Vec<&Hit> = hits.iter().filter(|(_, shown)| *shown || !any_shown).map(|(hit, _)| hit).collect();
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for hit in &counted {
            *sums.entry(hit.entry.theme).or_default() += hit.entry.weight;
        }
        let most = sums.values().copied().fold(0.0, f64::max);
        let mut leading = sums.iter().filter(|(_, sum)| **sum >= most).map(|(theme, _)| *theme);
        let category = match (leading.next(), leading.next()) {
            (None, _) => NONE,
            (Some(theme), None) => theme,
            _ => SEVERAL,
        };
        let place = |hit: &&Hit| {
            let (first, last) = (&text.tokens[hit.from], &text.tokens[hit.to - 1]);
            Evidence { start: first.start, end: last.end(), label: hit.entry.theme.to_owned() }
        };
        (Value::Category(category.to_owned()), counted.iter().map(place).collect())
    }

    /// The longest entry that begins at a word.
    fn hit(&self, text: &Text, from: usize) -> Option<Hit> {
        for to in (from + 1..=(from + 3).min(text.keys.len())).rev() {
            if let Some(&entry) = self.entries.get(&text.keys[from..to].join(" ")) {
                return self.case_fits(text, from, entry).then_some(Hit { from, to, entry });
            }
        }
        let entry = *self.head(&text.keys[from]).filter(|_| self.language == Language::De)?;
        (entry.noun && self.case_fits(text, from, entry)).then_some(Hit { from, to: from + 1, entry })
    }

    /// The longest listed word that a compound ends with: `Flusslandschaft`.
    fn head(&self, key: &str) -> Option<&Entry> {
        let starts = key.char_indices().map(|(start, _)| start).skip(3);
        starts.take_while(|start| key.len() - start >= SHORTEST_HEAD).find_map(|start| self.entries.get(&key[start..]))
    }

    /// A German noun has a capital: `der Weg` is no `weg`.
    fn case_fits(&self, text: &Text, at: usize, entry: Entry) -> bool {
        self.language == Language::En || !entry.noun || text.tokens[at].case() != Case::Lower
    }

    /// Whether the work shows it (`true`), or it is only named; `None` where it is the place of the work.
    fn role(&self, text: &Text, hit: &Hit) -> Option<bool> {
        let which = usize::from(self.language == Language::En);
        let is = |list: &str, at: usize| list.split_ascii_whitespace().any(|word| word == text.key(at));
        let sentence = (0..=hit.from).rev().find(|&at| text.tokens[at].sentence_start).unwrap_or(0);
        let shown = (sentence..hit.from).rev().find(|&at| is(SHOWS[which], at));
        let placed = (sentence..hit.from).rev().find(|&at| is(PLACED[which], at));
        let after = (hit.to..hit.to + 4).take_while(|&at| !text.opens_clause(at)).any(|at| is(PLACED[which], at));
        let location = hit.from.checked_sub(2).is_some_and(|at| is("in im auf at", at) || is("im am in at", at + 1));
        match (shown, placed) {
            (Some(shown), Some(placed)) if placed > shown => (!location).then_some(false),
            (Some(_), _) => Some(true),
            (None, placed) => (!location || placed.is_none() && !after).then_some(false),
        }
    }
}

#[cfg(test)]
mod tests;
