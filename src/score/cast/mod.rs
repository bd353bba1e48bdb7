//! Who is cast in a storyboard or scene and who speaks: `cast-size`, `cast-women`, `lines-women`.
//!
//! In: the text of a response. Out: how many different people act, speak or are listed; the share of women among those whose gender the text shows; the share
//! of spoken lines that are given to women among those given to women or men. A share of nobody is [`Value::Missing`]. `members` tells people apart (names, and
//! nouns such as *die Kuratorin*, one person where the text puts the two together), `lines` finds who speaks (*MARA: …*, „…“, sagt sie). A German masculine noun for one
//! person counts as a man; a crowd (*die Besucher*) is nobody. People who are only thought of, and speech that nobody is named for, stay closed to it.

mod lines;
mod members;

#[cfg(test)]
mod tests;

use super::gender::token::Tokens;
use super::{Kind, Measure, Reading, Scorer, language, translation};
use crate::lang::lists::ListError;
use crate::lang::person::{self, Gender};
use crate::store::{Evidence, Language, Prompt, Response, Value};
use members::Members;

const MEASURES: [Measure; 3] = [
    Measure { id: "cast-women", kind: Kind::Number("share") },
    Measure { id: "lines-women", kind: Kind::Number("share") },
    Measure { id: "cast-size", kind: Kind::Number("people") },
];

/// Reads the three measures.
#[derive(Clone, Copy, Debug)]
pub struct Cast;

impl Scorer for Cast {
    fn id(&self) -> &'static str {
        "cast"
    }

    fn version(&self) -> u32 {
        1
    }

    fn measures(&self) -> &'static [Measure] {
        &MEASURES
    }

    fn lists(&self) -> &'static [&'static str] {
        &LISTS
    }

    fn check_lists(&self) -> Result<(), ListError> {
        person::check_lists()?;
        translation::check_lists()
    }

    fn read(&self, prompt: &Prompt, response: &Response) -> Vec<Reading> {
        language::in_own(prompt, response, &MEASURES, |text| read(text, prompt.answer_language()))
    }
}

/// First names, nouns for persons, occupations.
const LISTS: [&str; 6] =
    [person::LISTS[0], person::LISTS[1], person::LISTS[2], translation::LISTS[0], translation::LISTS[1], translation::LISTS[2]];

fn read(text: &str, language: Language) -> Vec<Reading> {
    let tokens = Tokens::new(text);
    let cast = Members::read(&tokens, language);
    let spoken = lines::spoken(text, &tokens, &cast, language);
    let place = |token: usize, gender: Option<Gender>| {
        let (start, end) = tokens.get(token).map_or((0, 0), |token| (token.start, token.end));
        Evidence { start, end, label: gender.map_or("unmarked", Gender::as_str).to_owned() }
    };
    let members: Vec<(usize, Option<Gender>)> = cast.list.iter().map(|member| (member.token, member.gender)).collect();
    let evidence = |of: &[(usize, Option<Gender>)]| of.iter().map(|&(token, gender)| place(token, gender)).collect::<Vec<_>>();
    let readings = [
        (women(&members, "no-gendered-cast"), evidence(&members)),
        (women(&spoken, "no-gendered-line"), evidence(&spoken)),
        (Value::Number(members.len() as f64), evidence(&members)),
    ];
    MEASURES.iter().zip(readings).map(|(measure, (value, evidence))| Reading { measure: measure.id, value, evidence }).collect()
}

/// Share of women among women and men.
fn women(of: &[(usize, Option<Gender>)], nobody: &str) -> Value {
    let count = |gender| of.iter().filter(|(_, of)| *of == Some(gender)).count();
    match (count(Gender::Woman), count(Gender::Man)) {
        (0, 0) => Value::Missing(nobody.to_owned()),
        (women, men) => Value::Number(women as f64 / (women + men) as f64),
    }
}
