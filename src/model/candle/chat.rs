//! How a model wants to be asked. In: the chat template of `tokenizer_config.json` or `chat_template.jinja`, and a question. Out: the text
//! with the question as the user's turn, up to where the answer begins, as `apply_chat_template` of `transformers` writes it.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, Value, context};
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::text::TextError;

/// The day that templates are told which ask for it: one and the same for every run, for a prompt must not depend on when it is sent.
/// It is the day that Llama 3.1's template falls back to.
pub const DAY: Date = date(2024, 7, 26);

/// An answer that stands for any other while the text before answers is looked for.
const ANSWER: &str = "Lupe";

/// The chat template of a model with the special tokens that it may name.
pub struct Chat {
    template: String,
    /// `bos_token`, `eos_token`, …
    tokens: BTreeMap<String, String>,
}

impl Chat {
    /// The template in `file` (`chat_template.jinja`), or else in the entries of `tokenizer_config.json`: text, or a list of named ones.
    /// Tokens stand there as text or as an object with `content`.
    pub fn read(entries: &serde_json::Value, file: Option<&str>) -> Option<Self> {
        let entry = entries.get("chat_template");
        let named = |name: &str| {
            let list = entry?.as_array()?;
            list.iter().find(|one| one.get("name").and_then(|found| found.as_str()) == Some(name))?.get("template")?.as_str()
        };
        let template = file.or_else(|| entry?.as_str()).or_else(|| named("default"))?.to_owned();
        let text = |value: &serde_json::Value| value.as_str().or_else(|| value.get("content")?.as_str()).map(str::to_owned);
        let tokens = entries.as_object().into_iter().flatten();
        let tokens = tokens.filter(|(key, _)| key.ends_with("_token")).filter_map(|(key, value)| Some((key.clone(), text(value)?)));
        Some(Self { template, tokens: tokens.collect() })
    }

    /// Whether the template writes the day into the prompt.
    pub fn asks_for_the_day(&self) -> bool {
        self.template.contains("strftime_now")
    }

    /// The question as the user's turn and the beginning of the answer.
    ///
    /// # Errors
    /// [`TextError::Template`] with what the template says.
    pub fn ask(&self, question: &str) -> Result<String, TextError> {
        self.fill(question, None)
    }

    /// As [`Chat::ask`], and the white space that the template puts between this and an answer.
    ///
    /// # Errors
    /// As [`Chat::ask`].
    pub fn open_answer(&self, question: &str) -> Result<(String, String), TextError> {
        let asked = self.ask(question)?;
        let answered = self.fill(question, Some(ANSWER))?;
        let gap = answered.strip_prefix(&asked).and_then(|rest| rest.split_once(ANSWER)).map(|(gap, _)| gap.to_owned());
        Ok((asked, gap.filter(|gap| gap.trim().is_empty()).unwrap_or_default()))
    }

    fn fill(&self, question: &str, answer: Option<&str>) -> Result<String, TextError> {
        let turn = |role: &str, content: &str| Value::from_pairs([("role", Value::from(role)), ("content", Value::from(content))]);
        let messages: Vec<Value> = [turn("user", question)].into_iter().chain(answer.map(|answer| turn("assistant", answer))).collect();
        let turns = context! { messages, add_generation_prompt => answer.is_none() };
        let tokens = Value::from_pairs(self.tokens.iter().map(|(name, text)| (name.clone(), text.clone())));
        let render = || environment()?.render_str(&self.template, context! { ..turns, ..tokens });
        render().map_err(|error: Error| TextError::Template(error.to_string()))
    }
}

/// Jinja with the settings and functions that templates on model hubs are written for.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    let raise = |message: String| Err::<String, _>(Error::new(ErrorKind::InvalidOperation, message));
    environment.add_function("raise_exception", raise);
    environment.add_function("strftime_now", |format: String| {
        jiff::fmt::strtime::format(format, DAY.at(0, 0, 0, 0)).map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
    });
    environment.add_filter("tojson", to_json);
    Ok(environment)
}

/// JSON as Python's `json.dumps(ensure_ascii=False)` writes it; minijinja's own escapes for HTML and leaves no space after `,` and `:`.
fn to_json(value: Value, options: Kwargs) -> Result<String, Error> {
    let indent: Option<usize> = options.get("indent")?;
    let mut out = Vec::new();
    let written = match indent {
        Some(width) => {
            let spaces = " ".repeat(width);
            let pretty = PrettyFormatter::with_indent(spaces.as_bytes());
            serde::Serialize::serialize(&value, &mut Serializer::with_formatter(&mut out, pretty))
        }
        None => serde::Serialize::serialize(&value, &mut Serializer::with_formatter(&mut out, Spaced)),
    };
    let failed = |error: String| Error::new(ErrorKind::BadSerialization, error);
    written.map_err(|error| failed(error.to_string()))?;
    String::from_utf8(out).map_err(|error| failed(error.to_string()))
}

/// One line, a space after `,` and `:`.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Rendered by `apply_chat_template` of transformers 5.24 on the same day (`tests/checkpoints/make.py`).
    #[test]
    fn templates_of_every_common_shape_read_as_the_reference_implementation_renders_them() {
        let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../../tests/checkpoints/chat.json")).unwrap();
        assert_eq!(cases.len(), 6);
        for case in &cases {
            let config =
                json!({"chat_template": case["template"], "bos_token": "<s>", "eos_token": {"content": "</s>"}, "unk_token": "<unk>"});
            let chat = Chat::read(&config, None).unwrap();
            for (place, prompt) in case["prompts"].as_array().unwrap().iter().enumerate() {
                let prompt = prompt.as_str().unwrap();
                assert_eq!(chat.ask(prompt).unwrap(), case["asked"][place].as_str().unwrap(), "{}", case["name"]);
                assert_eq!(
                    chat.fill(prompt, Some("Eine Malerin.")).unwrap(),
                    case["answered"][place].as_str().unwrap(),
                    "{}",
                    case["name"]
                );
            }
            assert_eq!(chat.asks_for_the_day(), case["name"] == "llama31");
            let gap = if case["name"] == "mistral" { " " } else { "" };
            assert_eq!(chat.open_answer("Wer?").unwrap(), (chat.ask("Wer?").unwrap(), gap.to_owned()), "{}", case["name"]);
        }
    }

    #[test]
    fn a_template_stands_in_its_own_file_in_a_list_or_as_text() {
        let ask = |entries: serde_json::Value, file| Chat::read(&entries, file).map(|chat| chat.ask("Wer?").unwrap());
        let template = "{{ messages[0].content }}!";
        let list = json!({"chat_template": [{"name": "tool_use", "template": "-"}, {"name": "default", "template": template}]});
        assert_eq!(ask(list.clone(), None).unwrap(), "Wer?!");
        assert_eq!(ask(list, Some("{{ messages[0].content }}?")).unwrap(), "Wer??");
        assert_eq!(ask(json!({"chat_template": template}), None).unwrap(), "Wer?!");
        assert_eq!(ask(json!({"bos_token": "<s>"}), None), None);
    }

    #[test]
    fn what_a_template_refuses_is_said_in_its_words() {
        let chat = Chat::read(&json!({"chat_template": "{{ raise_exception('Only system turns!') }}"}), None).unwrap();
        assert!(chat.ask("Wer?").unwrap_err().to_string().contains("Only system turns!"));
    }
}
