//! Slots: `{occupation.ein.akk}`, `{region.in}`, `{dialect.sentence}`, `{place}`.
//!
//! In: a template and the [`Frame`] of fillers and levels in force. Out: the text, or every slot that cannot be filled, and why.

use std::collections::BTreeMap;

use super::file::{AxisFile, Dates, Fill, Level, Occupation};
use super::problem::suggestion;
use crate::lang::german::PersonForm;
use crate::lang::{english, german};
use crate::store::Language;

/// What slots are filled from.
pub(crate) struct Frame<'a> {
    pub language: Language,
    /// Fillers of the context.
    pub fills: &'a BTreeMap<String, Fill>,
    /// Axes of the probe, each with the level in force.
    pub levels: &'a [(&'a AxisFile, &'a Level)],
    pub occupations: &'a BTreeMap<String, Occupation>,
}

/// A slot that cannot be filled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SlotError {
    /// As written, with its braces.
    pub slot: String,
    pub message: String,
    pub help: Option<String>,
}

/// Fill every slot of `template`. Doubled braces stand for themselves.
pub(crate) fn fill(template: &str, frame: &Frame) -> Result<String, Vec<SlotError>> {
    let mut text = String::with_capacity(template.len());
    let mut errors = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            text.push_str(&rest[..1]);
            rest = after;
            continue;
        }
        let closed = rest.starts_with('{').then(|| rest.find('}')).flatten();
        let Some(end) = closed else {
            errors.push(SlotError {
                slot: rest.chars().take(12).collect(),
                message: "a brace without its partner".to_owned(),
                help: Some("close the slot with `}`; write `{{` or `}}` for a brace in the text".to_owned()),
            });
            break;
        };
        let slot = &rest[1..end];
        match frame.slot(slot) {
            Ok(filled) => text.push_str(&filled),
            Err(fault) => errors.push(SlotError { slot: rest[..=end].to_owned(), message: fault.message, help: fault.help }),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    if errors.is_empty() { Ok(text) } else { Err(errors) }
}

/// Why a slot cannot be filled.
struct Fault {
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }

    fn unknown<'a>(message: String, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self { message, help: suggestion(given, known) }
    }
}

impl Frame<'_> {
    fn slot(&self, slot: &str) -> Result<String, Fault> {
        let mut parts = split(slot);
        let name = parts.remove(0);
        if let Some((axis, level)) = self.levels.iter().find(|(axis, _)| axis.id == name) {
            let [form] = parts[..] else {
                return Err(Fault::unknown(format!("the slot must name one form of the axis `{name}`"), "", forms(level)));
            };
            return self.level_form(axis, level, form);
        }
        let Some(fill) = self.fills.get(name) else {
            let known = self.fills.keys().map(String::as_str).chain(self.levels.iter().map(|(axis, _)| axis.id.as_str()));
            return Err(Fault::unknown(format!("nothing fills the slot `{name}`"), name, known));
        };
        match (&fill.entry, &fill.sentence) {
            (Some(entry), _) => self.noun(entry, &parts),
            (_, Some(_)) => Err(Fault {
                message: format!("`{name}` is a paired sentence and needs an axis"),
                help: Some(format!("write `{{dialect.{name}}}`, with the axis that has the sentences")),
            }),
            _ if parts.is_empty() => {
                let text = if self.language == Language::De { &fill.de } else { &fill.en };
                text.clone().ok_or_else(|| Fault::new(format!("`{name}` has no text for the language `{}`", self.language.code())))
            }
            _ => Err(Fault::new(format!("`{name}` is plain text and has no forms"))),
        }
    }

    /// `{region.in}`; `{dialect.sentence}` takes the sentence that the context names.
    fn level_form(&self, axis: &AxisFile, level: &Level, form: &str) -> Result<String, Fault> {
        if let Some(id) = self.fills.get(form).and_then(|fill| fill.sentence.as_deref()) {
            let Some(sentence) = axis.sentences.iter().find(|sentence| sentence.id == id) else {
                let known = axis.sentences.iter().map(|sentence| sentence.id.as_str());
                return Err(Fault::unknown(format!("the axis `{}` has no sentence `{id}`", axis.id), id, known));
            };
            return sentence
                .text
                .get(&level.id)
                .cloned()
                .ok_or_else(|| Fault::new(format!("the sentence `{id}` lacks the level `{}`", level.id)));
        }
        if form == "name" {
            return Ok(level.name.get(self.language).to_owned());
        }
        if let (Some(dates), "dates") = (&level.dates, form) {
            return Ok(self.dates(dates));
        }
        level.forms.get(form).and_then(|text| text.get(self.language)).map(str::to_owned).ok_or_else(|| {
            if axis.levels.iter().all(|level| !level.forms.contains_key(form)) {
                return Fault::unknown(format!("the axis `{}` has no form `{form}`", axis.id), form, forms(level));
            }
            let message = format!("the level `{}` has no form `{form}` in the language `{}`", level.id, self.language.code());
            Fault { message, help: Some(format!("leave the level out, or take another form of the axis `{}`", axis.id)) }
        })
    }

    fn dates(&self, dates: &Dates) -> String {
        match (dates.to, self.language) {
            (Some(to), _) => format!("{}–{to}", dates.from),
            (None, Language::De) => format!("seit {}", dates.from),
            (None, Language::En) => format!("since {}", dates.from),
        }
    }

    fn noun(&self, entry: &str, parts: &[&str]) -> Result<String, Fault> {
        // Reported at the context where the probe file is checked.
        let occupation = self.occupations.get(entry).ok_or_else(|| Fault::new(format!("there is no noun `{entry}`")))?;
        let wanted = self.wanted(parts)?;
        let phrase = match self.language {
            Language::De => self.german(&occupation.de, &wanted)?,
            Language::En => {
                let article = match wanted.article {
                    german::Article::Bare => english::Article::Bare,
                    german::Article::Indefinite => english::Article::Indefinite,
                    german::Article::Definite => english::Article::Definite,
                };
                let possessive = wanted.case == Some(german::Case::Genitive);
                english::phrase(&occupation.en, &english::Form { article, plural: wanted.plural, possessive, adjective: &wanted.adjective })
            }
        };
        Ok(if wanted.capital { capitalised(&phrase) } else { phrase })
    }

    fn german(&self, noun: &german::Noun, wanted: &Wanted) -> Result<String, Fault> {
        let Some(case) = wanted.case else {
            return Err(Fault {
                message: "a German slot must name its case".to_owned(),
                help: Some("add .nom, .gen, .dat or .akk".to_owned()),
            });
        };
        let person = match (wanted.person.or_else(|| self.person()), noun) {
            (Some(person), _) => person,
            (None, german::Noun::Fixed { .. }) => PersonForm::Fair,
            (None, _) => {
                return Err(Fault {
                    message: "no gender is named for this noun".to_owned(),
                    help: Some("add .fair, .woman or .man, or put the axis `gender` under test".to_owned()),
                });
            }
        };
        let form = german::Form { article: wanted.article, case, plural: wanted.plural, person, adjective: &wanted.adjective };
        Ok(german::phrase(noun, &form))
    }

    /// The form that a level in force asks for.
    fn person(&self) -> Option<PersonForm> {
        self.levels.iter().find_map(|(_, level)| level.person)
    }

    fn wanted(&self, parts: &[&str]) -> Result<Wanted, Fault> {
        use german::{Article, Case};
        let mut wanted =
            Wanted { article: Article::Bare, case: None, plural: false, person: None, adjective: String::new(), capital: false };
        for &part in parts {
            match part {
                "ein" | "Ein" | "a" | "A" => wanted.article = Article::Indefinite,
                "der" | "Der" | "the" | "The" => wanted.article = Article::Definite,
                "bare" => wanted.article = Article::Bare,
                "nom" => wanted.case = Some(Case::Nominative),
                "gen" => wanted.case = Some(Case::Genitive),
                "dat" => wanted.case = Some(Case::Dative),
                "akk" => wanted.case = Some(Case::Accusative),
                "pl" => wanted.plural = true,
                "fair" => wanted.person = Some(PersonForm::Fair),
                "woman" => wanted.person = Some(PersonForm::Woman),
                "man" => wanted.person = Some(PersonForm::Man),
                _ => wanted.adjective = self.adjective(part)?,
            }
            wanted.capital |= part.starts_with(char::is_uppercase);
        }
        Ok(wanted)
    }

    /// `adj(jung)`, or `adj(region.adjective)` for the form of a level.
    fn adjective(&self, part: &str) -> Result<String, Fault> {
        let Some(word) = part.strip_prefix("adj(").and_then(|rest| rest.strip_suffix(')')) else {
            let known = ["ein", "der", "a", "the", "bare", "nom", "gen", "dat", "akk", "pl", "fair", "woman", "man", "adj(…)"];
            return Err(Fault::unknown(format!("unknown form `{part}` of a noun"), part, known));
        };
        match word.split_once('.') {
            Some((name, form)) => match self.levels.iter().find(|(axis, _)| axis.id == name) {
                Some((axis, level)) => self.level_form(axis, level, form),
                None => {
                    let known = self.levels.iter().map(|(axis, _)| axis.id.as_str());
                    Err(Fault::unknown(format!("`{name}` is no axis of this probe"), name, known))
                }
            },
            None => Ok(word.to_owned()),
        }
    }
}

/// What a noun slot asks for.
struct Wanted {
    article: german::Article,
    case: Option<german::Case>,
    plural: bool,
    person: Option<PersonForm>,
    adjective: String,
    capital: bool,
}

/// Split at dots outside parentheses.
fn split(slot: &str) -> Vec<&str> {
    let mut depth = 0;
    slot.split(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == '.' && depth == 0
    })
    .collect()
}

fn forms(level: &Level) -> impl Iterator<Item = &str> {
    level.forms.keys().map(String::as_str).chain(["name"]).chain(level.dates.map(|_| "dates"))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
