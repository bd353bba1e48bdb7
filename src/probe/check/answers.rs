//! Whether what comes back can be read: kinds of answers, their scorers and attributes, the words that are expected.

use super::{Check, Known};
use crate::probe::file::RequestKind;
use crate::store::Language;

/// The one scorer that reads the words that came where a picture, a recording or a film was asked for.
const READS_REFUSALS: &str = "refusal";

impl Check<'_> {
    /// What comes back, and what reads it.
    pub(super) fn answers(&mut self) {
        let file = self.file;
        match file.answer.medium() {
            None if file.scorers.is_empty() => self.note("scorers", "nothing reads the answers".to_owned(), "name a scorer"),
            None => {}
            Some(medium) => {
                let medium = format!("{}s", medium.as_str());
                if file.request != RequestKind::Generate {
                    self.note(
                        "request",
                        format!("a tool that gives back {medium} can only be asked to make some"),
                        "write `request = \"generate\"`",
                    );
                }
                for (at, scorer) in file.scorers.iter().enumerate().filter(|(_, scorer)| *scorer != READS_REFUSALS) {
                    let help = "declare what is to be seen or heard as [[attributes]]; only `refusal` reads what comes instead";
                    self.note(&format!("scorers[{at}]"), format!("`{scorer}` reads texts, and the answers are {medium}"), help);
                }
                if file.attributes.is_empty() {
                    self.note(
                        "answer",
                        format!("nothing reads the answers, which are {medium}"),
                        "add [[attributes]]: what people say about them",
                    );
                }
            }
        }
        let taken = self.known.map(Known::measures).unwrap_or_default();
        for (at, attribute) in file.attributes.iter().enumerate() {
            if taken.contains_key(attribute.id.as_str()) {
                let message = format!("`{}` is a measure of a scorer", attribute.id);
                self.note(&format!("attributes[{at}].id"), message, "give the attribute another id");
            }
            self.twice(&format!("attributes[{at}].values"), "value", attribute.values.iter().map(|value| value.id.as_str()));
        }
        for language in Language::ALL.into_iter().filter(|l| file.templates.iter().any(|template| template.get(*l).is_some())) {
            let answered = file.answer_language.unwrap_or(language);
            for (at, context) in file.contexts.iter().enumerate() {
                let words = &context.expect.words;
                if words.get(answered).is_empty() && Language::ALL.iter().any(|other| !words.get(*other).is_empty()) {
                    let message = format!("words are expected, and none in the language `{}`, which answers come in", answered.code());
                    self.note(
                        &format!("contexts[{at}].expect.words"),
                        message,
                        "add them, or say in which language answers come: `answer-language`",
                    );
                }
            }
        }
    }
}
