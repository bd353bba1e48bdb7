//! Every sentence that a reader of charts and reports sees, in German and English (Fluent files in `wording/`).
//!
//! In: a key of the Fluent files and its arguments. Out: the text, numbers written as the language writes them.
//! Both files hold the same keys with the same arguments; a test sees to it.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
pub use fluent_bundle::{FluentArgs, FluentValue};
use fluent_bundle::{FluentResource, types::FluentNumber};
use unic_langid::langid;

use crate::store::Language;

pub mod numbers;

const SOURCES: [(Language, &str); 6] = [
    (Language::De, include_str!("wording/de.ftl")),
    (Language::De, include_str!("wording/detect.de.ftl")),
    (Language::De, include_str!("wording/evaluation.de.ftl")),
    (Language::En, include_str!("wording/en.ftl")),
    (Language::En, include_str!("wording/detect.en.ftl")),
    (Language::En, include_str!("wording/evaluation.en.ftl")),
];

static GERMAN: LazyLock<Wording> = LazyLock::new(|| Wording::load(Language::De));
static ENGLISH: LazyLock<Wording> = LazyLock::new(|| Wording::load(Language::En));

/// The strings of one language.
pub struct Wording {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Wording {
    /// The strings of `language`; loaded once.
    pub fn of(language: Language) -> &'static Wording {
        match language {
            Language::De => &GERMAN,
            Language::En => &ENGLISH,
        }
    }

    fn load(language: Language) -> Self {
        let (locale, number) = match language {
            Language::De => (langid!("de"), german_number as fn(&FluentValue, &_) -> _),
            Language::En => (langid!("en"), english_number as fn(&FluentValue, &_) -> _),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks are invisible in a page but break searching, copying and comparing; no string here mixes directions.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(number));
        for (_, source) in SOURCES.iter().filter(|(of, _)| *of == language) {
            // A message that does not parse is left out here and reported by the test over both files.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(parsed, _)| parsed);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language of these strings.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether `key` exists.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// The text of `key`, which takes no arguments.
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text of `key` with its arguments. An unknown key shows as `⟦key⟧`, so that it cannot be overlooked.
    pub fn with(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(key, &arguments).unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The text of `key`, or `None` when the key is unknown or an argument is missing.
    pub fn format(&self, key: &str, arguments: &FluentArgs) -> Option<String> {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(attribute) => message.get_attribute(attribute)?.value(),
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    /// The name of a thing of a closed list (`category`, `outcome`, `measure`, …), or its id where the list does not know it.
    pub fn name(&self, list: &str, id: &str) -> String {
        let key = format!("{list}-{id}");
        if self.has(&key) { self.text(&key) } else { id.to_owned() }
    }

    /// A reason as findings carry it, `key name=value name=value`, in words.
    ///
    /// Values that are numbers are written as the language writes them. Where an argument is missing the shorter form of the message
    /// is used; an unknown key is quoted, never swallowed.
    pub fn reason(&self, reason: &str) -> String {
        self.reason_with(reason, |_, _| None)
    }

    /// The same; `name` may put a name in place of an argument's value (argument, value).
    pub fn reason_with(&self, reason: &str, name: impl Fn(&str, &str) -> Option<String>) -> String {
        let mut parts = reason.split([' ', ',', ';', '(', ')', ':']).filter(|part| !part.is_empty());
        let key = format!("reason-{}", parts.next().unwrap_or_default());
        let value = |argument: &str, value: &str| match (name(argument, value), value.parse::<f64>()) {
            (Some(name), _) => FluentValue::from(name),
            (None, Ok(number)) => FluentValue::from(number),
            (None, Err(_)) => FluentValue::from(value.to_owned()),
        };
        let arguments: FluentArgs =
            parts.filter_map(|part| part.split_once('=')).map(|(argument, given)| (argument.to_owned(), value(argument, given))).collect();
        self.format(&key, &arguments)
            .or_else(|| self.format(&format!("{key}.plain"), &arguments))
            .unwrap_or_else(|| self.with("reason-unknown", &[("reason", reason.into())]))
    }
}

fn german_number<M>(value: &FluentValue, _: &M) -> Option<String> {
    number(value, Language::De)
}

fn english_number<M>(value: &FluentValue, _: &M) -> Option<String> {
    number(value, Language::En)
}

fn number(value: &FluentValue, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) => Some(numbers::plain(*value, language)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
