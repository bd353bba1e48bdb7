//! Person nouns and words that state a gender.

use std::collections::HashMap;

use super::Gender;
use super::forms::{FEMININE_PLURAL, feminine_form};
use crate::lang::lists::{self, ListError, Lists};
use crate::store::Language;

/// Grammatical gender of a German noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammatical {
    /// die Person.
    Feminine,
    /// der Mensch.
    Masculine,
    /// das Mitglied; also every English noun, where no pronoun agrees with a noun.
    Neuter,
}

/// What a word says about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A noun that names a person of this gender: Frau, Königin, man.
    Person(Gender),
    /// Kin or partner: Mutter, husband.
    Kin(Gender),
    /// German feminine form in -in: Restauratorin.
    Feminine,
    /// German masculine noun for people: Restaurator. Weak evidence.
    Masculine,
    /// A noun whose grammatical gender says nothing: Person, Mensch, Mitglied; English curator.
    Epicene(Grammatical),
    /// Several people.
    Plural,
    /// An adjective that states the gender: weiblich, male, nichtbinär.
    States(Gender),
    /// A chosen pronoun outside the two: xier, xe.
    Neopronoun,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Sections {
    woman: String,
    man: String,
    kin_woman: String,
    kin_man: String,
    agent_man: String,
    epicene_feminine: String,
    epicene_masculine: String,
    epicene_neuter: String,
    plural: String,
    not_feminine: String,
    states_woman: String,
    states_man: String,
    states_non_binary: String,
    neopronouns: String,
}

/// The person words of one language.
pub struct Lexicon {
    language: Language,
    words: HashMap<Box<str>, Word>,
    not_feminine: Vec<Box<str>>,
}

/// The files, German first.
pub const FILES: [&str; 2] = ["datasets/words/person-de.toml", "datasets/words/person-en.toml"];

/// The lexica of both languages.
pub static LEXICA: Lists<Lexicon> = Lists::new(|| Lexicon::open(Language::De), || Lexicon::open(Language::En));

/// The lexicon of a language.
///
/// # Panics
/// As [`Lists::of`].
pub fn lexicon(language: Language) -> &'static Lexicon {
    LEXICA.of(language)
}

impl Lexicon {
    fn open(language: Language) -> Result<Self, ListError> {
        lists::read(FILES[language as usize], |file| Ok(Self::new(language, &toml::from_str(file).map_err(|error| error.to_string())?)))
    }

    fn new(language: Language, lists: &Sections) -> Self {
        let classes = [
            (&lists.agent_man, Word::Masculine),
            (&lists.epicene_feminine, Word::Epicene(Grammatical::Feminine)),
            (&lists.epicene_masculine, Word::Epicene(Grammatical::Masculine)),
            (&lists.epicene_neuter, Word::Epicene(Grammatical::Neuter)),
            (&lists.woman, Word::Person(Gender::Woman)),
            (&lists.man, Word::Person(Gender::Man)),
            (&lists.kin_woman, Word::Kin(Gender::Woman)),
            (&lists.kin_man, Word::Kin(Gender::Man)),
            (&lists.plural, Word::Plural),
            (&lists.states_woman, Word::States(Gender::Woman)),
            (&lists.states_man, Word::States(Gender::Man)),
            (&lists.states_non_binary, Word::States(Gender::NonBinary)),
            (&lists.neopronouns, Word::Neopronoun),
        ];
        let words = classes.iter().flat_map(|(list, word)| list.split_whitespace().map(move |key| (key.into(), *word))).collect();
        Self { language, words, not_feminine: lists.not_feminine.split_whitespace().map(Into::into).collect() }
    }

    /// What the folded word `key` says; nouns and, in German, their compounds and feminine forms only if `capitalised`.
    pub fn word(&self, key: &str, capitalised: bool) -> Option<Word> {
        match self.language {
            Language::En => self.words.get(key).copied().or_else(|| english_compound(key)),
            Language::De => self.german(key, capitalised),
        }
    }

    fn german(&self, key: &str, capitalised: bool) -> Option<Word> {
        let exact = self.words.get(key).copied();
        if !capitalised {
            return exact.filter(|word| matches!(word, Word::States(_) | Word::Neopronoun));
        }
        exact.or_else(|| self.genitive(key)).or_else(|| self.feminine(key)).or_else(|| self.compound(key))
    }

    /// "des Mannes", "ihres Vaters", "eines Menschen".
    fn genitive(&self, key: &str) -> Option<Word> {
        let stem = key.strip_suffix("es").or_else(|| key.strip_suffix('s'))?;
        let word = self.words.get(stem).or_else(|| self.words.get(key.strip_suffix('s')?)).copied()?;
        matches!(word, Word::Person(_) | Word::Kin(_) | Word::Epicene(_)).then_some(word)
    }

    /// Künstlerin; short lookalikes ("Login") only as whole words, for many feminine forms end like them.
    fn feminine(&self, key: &str) -> Option<Word> {
        if key.len() > 6 && FEMININE_PLURAL.iter().any(|ending| key.ends_with(ending)) {
            return Some(Word::Plural);
        }
        (feminine_form(key) && !self.not_feminine.iter().any(|other| key == &**other || other.len() > 5 && key.ends_with(&**other)))
            .then_some(Word::Feminine)
    }

    /// The last part of a compound decides: geschäfts|mann. Parts of fewer than four letters are found in too many other words.
    fn compound(&self, key: &str) -> Option<Word> {
        const SHORT: [&str; 8] = ["frau", "mann", "dame", "sohn", "kind", "arzt", "koch", "wirt"];
        key.char_indices().skip(2).find_map(|(at, _)| {
            let part = key[at..].trim_start_matches('-');
            let word = if part.len() > 4 || SHORT.contains(&part) { self.words.get(part).copied()? } else { return None };
            matches!(word, Word::Person(_) | Word::Kin(_) | Word::Masculine | Word::Epicene(_)).then_some(word)
        })
    }
}

fn english_compound(key: &str) -> Option<Word> {
    ["woman", "girl"].iter().any(|part| key.len() > part.len() && key.ends_with(part)).then_some(Word::Person(Gender::Woman))
}
