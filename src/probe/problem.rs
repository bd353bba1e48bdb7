//! What is wrong with a file, shown the way a compiler shows it: file, line, the offending text underlined, and what to write instead.

use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use toml::de::{DeTable, DeValue};

/// Everything that was found wrong, file by file.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{}", headline(.problems))]
pub struct ProbeErrors {
    /// The problems, in the order of the files.
    #[related]
    pub problems: Vec<Problem>,
}

fn headline(problems: &[Problem]) -> String {
    match problems {
        [_] => "one problem in the probe files".to_owned(),
        many => format!("{} problems in the probe files", many.len()),
    }
}

impl From<Problem> for ProbeErrors {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

/// One thing that is wrong, with its place if it has one.
#[derive(Debug, Clone, PartialEq, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    #[source_code]
    source_code: Option<NamedSource<Arc<str>>>,
    #[label("{label}")]
    span: Option<SourceSpan>,
    label: String,
    /// What to do about it.
    #[help]
    pub help: Option<String>,
}

impl Problem {
    /// A problem that has no place in a file.
    pub fn anywhere(message: impl Into<String>) -> Self {
        Self { message: message.into(), source_code: None, span: None, label: String::new(), help: None }
    }

    /// Add what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Add "did you mean" if one of `known` is close to `given`, else the list of what is known.
    pub fn suggest<'a>(self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match suggestion(given, known) {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Whether two problems say the same about the same place.
    pub(crate) fn same(&self, other: &Problem) -> bool {
        self.message == other.message && self.same_place(other)
    }

    /// Whether two problems are about the same bytes.
    pub(crate) fn same_place(&self, other: &Problem) -> bool {
        self.span == other.span
    }

    /// First byte, for reading a file's problems from top to bottom.
    pub(crate) fn start(&self) -> usize {
        self.span.map_or(0, |span| span.offset())
    }
}

/// "did you mean `…`?" for the nearest of `known`, else "known: …"; nothing where nothing is known.
pub(crate) fn suggestion<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known.iter().filter(|name| near(given, name)).map(|name| (strsim::damerau_levenshtein(given, name), *name)).min();
    match nearest {
        Some((_, name)) => Some(format!("did you mean `{name}`?")),
        None if known.is_empty() => None,
        None => Some(format!("known: {}", known.join(", "))),
    }
}

/// Whether one word could be a misspelling of the other.
pub(crate) fn near(one: &str, other: &str) -> bool {
    strsim::damerau_levenshtein(one, other) <= 1 + one.chars().count().max(other.chars().count()) / 4
}

/// A file's text with the name it is shown under.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Path relative to the root, `probes/demo/occupation.toml`.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// A problem with the bytes of `span`, of which the first line is underlined.
    pub fn at_span(&self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Problem {
        let start = span.start.min(self.text.len());
        let text = self.text.get(start..span.end.min(self.text.len())).unwrap_or_default();
        let first_line = text.lines().next().unwrap_or_default().len();
        Problem {
            message: message.into(),
            source_code: Some(NamedSource::new(&self.path, Arc::clone(&self.text)).with_language("TOML")),
            span: Some((start, first_line).into()),
            label: label.into(),
            help: None,
        }
    }

    /// A problem with the value at `place`, for instance `hypotheses[0].margin`.
    pub fn at(&self, place: &str, message: impl Into<String>) -> Problem {
        self.at_span(self.locate(place), message, "here")
    }

    /// A problem with the part of the value at `place` that reads `part` (a slot in a template).
    pub fn at_part(&self, place: &str, part: &str, message: impl Into<String>) -> Problem {
        let span = self.locate(place);
        let found = self.text.get(span.clone()).and_then(|value| value.find(part));
        let span = found.map_or(span.clone(), |offset| span.start + offset..span.start + offset + part.len());
        self.at_span(span, message, "here")
    }

    /// Bytes of the value at `place`; of the nearest thing around it where there is no such value.
    pub fn locate(&self, place: &str) -> Range<usize> {
        // A problem is rare and a file small: parsing again is cheaper than carrying the tree about.
        let Ok(table) = DeTable::parse(&self.text) else { return 0..0 };
        let mut span = 0..0;
        let mut here = DeValue::Table(table.into_inner());
        for step in steps(place) {
            let next = match (&here, step) {
                (DeValue::Table(table), Step::Key(key)) => table.iter().find(|(name, _)| name.get_ref() == key).map(|(name, value)| {
                    // The span of a table is its header or nothing useful; its name is what a reader looks for.
                    (
                        if value.get_ref().is_table() || value.get_ref().is_array() {
                            wider(name.span(), value.span())
                        } else {
                            value.span()
                        },
                        value,
                    )
                }),
                (DeValue::Array(array), Step::Index(index)) => array.get(index).map(|value| (value.span(), value)),
                _ => None,
            };
            let Some((found, value)) = next else { break };
            span = found;
            here = value.get_ref().clone();
        }
        span
    }
}

/// An inline table or array shows itself, a `[header]` its name.
fn wider(name: Range<usize>, value: Range<usize>) -> Range<usize> {
    if value.start >= name.end { value } else { name }
}

enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

fn steps(place: &str) -> impl Iterator<Item = Step<'_>> {
    place.split(['.', '[']).filter(|part| !part.is_empty()).map(|part| match part.strip_suffix(']').map(str::parse) {
        Some(Ok(index)) => Step::Index(index),
        _ => Step::Key(part),
    })
}
