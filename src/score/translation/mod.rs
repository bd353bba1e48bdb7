//! Which gender a text gives to a person whose noun is known: `rendered-gender`.
//!
//! In: the text of a response, and the noun that the prompt expects (`prompt.expect.person`, an id of `datasets/occupations.toml`). Out: `woman`, `man`,
//! `neutral` (Fachkraft, Kurator\*in, Kuratierende; English *curator* with no gendered pronoun, or with *they*) or `both-forms` (Kuratorin oder Kurator, *he or
//! she*); [`Value::Missing`] where no noun is expected (`nobody-expected`) or it is not found (`not-found`). `german` reads forms, articles and adjectives, `english` the
//! pronouns that go with the noun. Not read: who else the text speaks of, and a rendering that no list knows.

mod english;
mod forms;
mod german;

#[cfg(test)]
mod tests;

use super::gender::token::Tokens;
use super::{Kind, Measure, Reading, Scorer};
use crate::lang::lists::ListError;
use crate::store::{Evidence, Language, Prompt, Response, Value};
use forms::FORMS;
pub(super) use forms::{FILES as LISTS, Form, nouns};

const MEASURES: [Measure; 1] = [Measure { id: "rendered-gender", kind: Kind::Category(&["woman", "man", "neutral", "both-forms"]) }];

/// Reads the lists of nouns.
///
/// # Errors
/// [`ListError`] naming the first that is broken.
pub(super) fn check_lists() -> Result<(), ListError> {
    FORMS.check()
}

/// How a place in the text names the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rendering {
    Woman,
    Man,
    Neutral,
    Both,
}

impl Rendering {
    fn as_str(self) -> &'static str {
        match self {
            Self::Woman => "woman",
            Self::Man => "man",
            Self::Neutral => "neutral",
            Self::Both => "both-forms",
        }
    }
}

/// A rendering at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    token: usize,
    rendering: Rendering,
}

/// Reads `rendered-gender`.
#[derive(Clone, Copy, Debug)]
pub struct TranslationGender;

impl Scorer for TranslationGender {
    fn id(&self) -> &'static str {
        "translation-gender"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &forms::FILES
    }

    fn check_lists(&self) -> Result<(), ListError> {
        check_lists()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        let (value, evidence) = match &prompt.expect.person {
            Some(person) => read(person, prompt.answer_language(), &response.text),
            None => (Value::Missing("nobody-expected".to_owned()), Vec::new()),
        };
        vec![Reading { measure: MEASURES[0].id, value, evidence }]
    }
}

fn read(person: &str, language: Language, text: &str) -> (Value, Vec<Evidence>) {
    let forms = FORMS.of(language);
    let Some(forms) = forms.get(person) else { return (Value::Missing("no-such-noun".to_owned()), Vec::new()) };
    let tokens = Tokens::new(text);
    let places = match language {
        Language::De => german::places(&tokens, forms),
        Language::En => english::places(&tokens, forms),
    };
    let evidence = places.iter().filter_map(|place| {
        let token = tokens.get(place.token)?;
        Some(Evidence { start: token.start, end: token.end, label: place.rendering.as_str().to_owned() })
    });
    let value = match together(&places) {
        Some(rendering) => Value::Category(rendering.as_str().to_owned()),
        None => Value::Missing("not-found".to_owned()),
    };
    (value, evidence.collect())
}

/// One rendering for all places: what marks a gender outweighs what does not; a woman and a man named as often are both forms.
fn together(places: &[Place]) -> Option<Rendering> {
    let count = |rendering| places.iter().filter(|place| place.rendering == rendering).count();
    let (women, men, both) = (count(Rendering::Woman), count(Rendering::Man), count(Rendering::Both));
    match (women, men, both) {
        (0, 0, 0) => (!places.is_empty()).then_some(Rendering::Neutral),
        (0, 0, _) => Some(Rendering::Both),
        _ if both > 0 && both >= women.max(men) => Some(Rendering::Both),
        _ if women > men => Some(Rendering::Woman),
        _ if men > women => Some(Rendering::Man),
        _ => Some(Rendering::Both),
    }
}
