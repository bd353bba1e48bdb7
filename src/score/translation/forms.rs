//! All forms under which a noun for a person stands in a text.
//!
//! In: `datasets/occupations.toml` and the further renderings of `datasets/words/renderings-*.toml`. Out: for each noun, folded form -> [`Form`].

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::lang::german::{self, Article, Case, Noun, PersonForm};
use crate::lang::lists::{self, ListError, Lists};
use crate::lang::person::fold_into;
use crate::probe::file::{Occupation, OccupationFile};
use crate::store::Language;

/// What a form says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Kuratorin, Krankenschwester.
    Feminine,
    /// Kurator, Krankenpfleger.
    Masculine,
    /// Fachkraft, Pflegende; English nouns: an adjective or pronoun may say more.
    Neutral,
    /// Angestellte, Angestellter: the article says it.
    Adjectival,
}

/// The forms of one noun. Keys of several words have blanks between.
pub type Forms = HashMap<String, Form>;

/// All nouns by id.
pub type Nouns = BTreeMap<String, Forms>;

/// The files: nouns, then further renderings, German first.
pub const FILES: [&str; 3] = ["datasets/occupations.toml", "datasets/words/renderings-de.toml", "datasets/words/renderings-en.toml"];

/// The nouns of both languages.
pub static FORMS: Lists<Nouns> = Lists::new(|| open(Language::De), || open(Language::En));

/// Last words of English nouns that name anybody or anything.
const GENERAL: [&str; 8] = ["being", "beings", "team", "teams", "owner", "owners", "arts", "worker"];

/// Further renderings of one noun, words with blanks between; `_` joins words of one rendering.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Further {
    woman: String,
    man: String,
    neutral: String,
}

fn open(language: Language) -> Result<Nouns, ListError> {
    let file: OccupationFile = lists::read(FILES[0], |file| toml::from_str(file).map_err(|error| error.to_string()))?;
    let mut nouns: Nouns = file.occupations.iter().map(|occupation| (occupation.id.clone(), of(occupation, language))).collect();
    lists::read(FILES[1 + language as usize], |file| {
        let further: BTreeMap<String, Further> = toml::from_str(file).map_err(|error| error.to_string())?;
        for (id, further) in &further {
            // Nouns that the user took out of the file need no renderings.
            let Some(forms) = nouns.get_mut(id) else { continue };
            for (list, form) in [(&further.woman, Form::Feminine), (&further.man, Form::Masculine), (&further.neutral, Form::Neutral)] {
                for word in list.split_whitespace() {
                    inflect(&word.replace('_', " "), form, language, forms);
                }
            }
        }
        Ok(())
    })?;
    Ok(nouns)
}

/// Forms of all nouns together; of a spelling that two nouns share (Leiterin), either says the same gender or it is neutral.
pub fn nouns(language: Language) -> HashMap<String, Form> {
    let mut all = HashMap::new();
    for (key, &form) in FORMS.of(language).values().flatten() {
        all.entry(key.clone()).and_modify(|old| *old = if *old == form { form } else { Form::Neutral }).or_insert(form);
    }
    all
}

/// Forms of a noun by the tables of its language.
fn of(occupation: &Occupation, language: Language) -> Forms {
    let mut forms = Forms::new();
    match language {
        Language::En => {
            for noun in [&occupation.en.singular, &occupation.en.plural] {
                add(noun, Form::Neutral, &mut forms);
                // A museum guard is soon "the guard".
                let head = noun.rsplit(' ').next().filter(|head| !GENERAL.contains(head));
                head.into_iter().for_each(|head| add(head, Form::Neutral, &mut forms));
            }
        }
        Language::De => {
            let kinds: &[(PersonForm, Form)] = match &occupation.de {
                Noun::Paired { .. } => &[(PersonForm::Woman, Form::Feminine), (PersonForm::Man, Form::Masculine)],
                Noun::Fixed { .. } => &[(PersonForm::Man, Form::Neutral)],
                Noun::Adjectival { .. } => &[(PersonForm::Man, Form::Adjectival), (PersonForm::Woman, Form::Adjectival)],
            };
            for &(person, form) in kinds {
                for (case, plural, article) in Case::ALL.into_iter().flat_map(|case| {
                    [Article::Bare, Article::Indefinite, Article::Definite]
                        .into_iter()
                        .flat_map(move |article| [false, true].map(move |plural| (case, plural, article)))
                }) {
                    let asked = german::Form { article, case, plural, person, adjective: "" };
                    let phrase = german::phrase(&occupation.de, &asked);
                    add(phrase.rsplit(' ').next().unwrap_or(&phrase), form, &mut forms);
                }
            }
        }
    }
    forms
}

/// A further rendering with the endings it may have.
fn inflect(word: &str, form: Form, language: Language, forms: &mut Forms) {
    add(word, form, forms);
    let endings: &[&str] = match (language, form) {
        (Language::En, _) if word.ends_with("man") => return add(&format!("{}men", &word[..word.len() - 3]), form, forms),
        (Language::En, _) if word.ends_with('s') => &["es"],
        (Language::En, _) => &["s"],
        (Language::De, Form::Feminine) if word.ends_with("in") => &["nen"],
        (Language::De, Form::Feminine) if word.ends_with("frau") => &["en"],
        (Language::De, Form::Feminine) => &["n"],
        (Language::De, Form::Masculine) if word.ends_with('e') => &["n"],
        (Language::De, Form::Masculine) => &["s", "n", "en"],
        (Language::De, _) if word.ends_with("kraft") => return add(&format!("{}kräfte", &word[..word.len() - 5]), form, forms),
        (Language::De, _) => &["s", "n", "en", "r"],
    };
    endings.iter().for_each(|ending| add(&format!("{word}{ending}"), form, forms));
}

/// The first form that claims a spelling has it.
fn add(word: &str, form: Form, forms: &mut Forms) {
    let mut key = String::new();
    fold_into(word, &mut key);
    forms.entry(key).or_insert(form);
}
