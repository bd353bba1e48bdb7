//! JSON Schema of the files that people write, and the comparison of a file's keys with it.
//!
//! In: a type of [`super::file`] and a file's text. Out: the schema, or every unknown and every missing key at once, each where it stands
//! (serde stops at the first).

use schemars::JsonSchema;
use serde_json::{Map, Value as Json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{AxisFile, CitationFile, OccupationFile, ProbeFile, SuiteFile};
use super::problem::{Problem, Source, near};

/// File name and text of each schema in `probes/schema/`.
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("probe.json", text::<ProbeFile>()),
        ("axis.json", text::<AxisFile>()),
        ("suite.json", text::<SuiteFile>()),
        ("occupations.json", text::<OccupationFile>()),
        ("sources.json", text::<CitationFile>()),
    ]
}

fn text<T: JsonSchema>() -> String {
    let mut schema = schemars::schema_for!(T).to_value();
    // Some features let serde_json keep the order of insertion; the files do not depend on them.
    schema.sort_all_objects();
    format!("{schema:#}\n")
}

/// Unknown keys, missing keys and unknown words of `source`, compared with the schema of `T`.
pub(crate) fn compare<T: JsonSchema>(source: &Source, table: &Spanned<DeTable<'_>>) -> Vec<Problem> {
    let schema = schemars::schema_for!(T).to_value();
    let mut walk = Walk { source, root: &schema, problems: Vec::new() };
    walk.table(&schema, table.get_ref(), table.span(), "the file");
    walk.problems
}

struct Walk<'a> {
    source: &'a Source,
    root: &'a Json,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    /// Follow references and leave out the `null` of an optional value.
    fn resolve(&self, schema: &'a Json) -> &'a Json {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.resolve(&self.root["$defs"][name]);
        }
        match schema["anyOf"].as_array().and_then(|options| options.iter().find(|option| option["type"] != "null")) {
            Some(option) => self.resolve(option),
            None => schema,
        }
    }

    fn value(&mut self, schema: &'a Json, value: &Spanned<DeValue<'_>>, name: &str) {
        let schema = self.resolve(schema);
        match value.get_ref() {
            DeValue::Table(table) => self.table(schema, table, value.span(), name),
            DeValue::Array(array) => array.iter().for_each(|item| self.value(&schema["items"], item, name)),
            DeValue::String(word) => self.word(schema, word, value.span(), name),
            _ => {}
        }
    }

    fn table(&mut self, schema: &'a Json, table: &DeTable<'_>, span: std::ops::Range<usize>, name: &str) {
        let Some(schema) = self.variant(self.resolve(schema), table, &span, name) else { return };
        let mut keys: Vec<(&str, &'a Json)> = Vec::new();
        let variants = schema["oneOf"].as_array();
        for properties in variants.into_iter().flatten().chain([schema]).filter_map(|part| part["properties"].as_object()) {
            keys.extend(properties.iter().map(|(key, value)| (key.as_str(), value)));
        }
        let open = schema.get("additionalProperties").filter(|allowed| allowed.is_object());
        let mut strangers = Vec::new();
        for (key, value) in table {
            let word: &str = key.get_ref();
            if let Some((_, inner)) = keys.iter().find(|(known, _)| *known == word) {
                self.value(inner, value, word);
            } else if let Some(inner) = open {
                self.value(inner, value, word);
            } else if !keys.is_empty() {
                let problem = self.source.at_span(key.span(), format!("unknown key `{word}` in {name}"), "not a key here");
                self.problems.push(problem.suggest(word, keys.iter().map(|(known, _)| *known)));
                strangers.push(word);
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        for missing in required.filter(|key| !table.keys().any(|given| given.get_ref() == key)) {
            // A misspelt key is one mistake, not two.
            if strangers.iter().any(|word| near(word, missing)) {
                continue;
            }
            let hint = meaning(schema["properties"].as_object(), missing);
            let problem = self.source.at_span(span.clone(), format!("{name} lacks the key `{missing}`"), "here");
            self.problems.push(problem.help(format!("add `{missing} = …`{hint}")));
        }
        if variants.is_some() && table.len() != 1 {
            let list = keys.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
            let problem = self.source.at_span(span, format!("{name} must have exactly one key"), "here");
            self.problems.push(problem.help(format!("one of: {list}")));
        }
    }

    /// Of a schema whose variants are told apart by a key with a fixed word (`kind = "openai"`), the variant that `table` names; nothing,
    /// with a problem, where it names none. Any other schema itself.
    fn variant(&mut self, schema: &'a Json, table: &DeTable<'_>, span: &std::ops::Range<usize>, name: &str) -> Option<&'a Json> {
        let tagged = |variant: &'a Json| {
            let (tag, word) = variant["properties"].as_object()?.iter().find_map(|(key, value)| Some((key, value["const"].as_str()?)))?;
            Some((tag.as_str(), word, variant))
        };
        let variants: Vec<(&str, &str, &Json)> = schema["oneOf"].as_array().into_iter().flatten().filter_map(tagged).collect();
        let Some((tag, ..)) = variants.first() else { return Some(schema) };
        let words = variants.iter().map(|(_, word, _)| *word);
        let Some((_, given)) = table.iter().find(|(key, _)| key.get_ref() == tag) else {
            let problem = self.source.at_span(span.clone(), format!("{name} lacks the key `{tag}`"), "here");
            self.problems.push(problem.help(format!("add `{tag} = …`, one of: {}", words.collect::<Vec<_>>().join(", "))));
            return None;
        };
        let word = given.get_ref().as_str().unwrap_or_default();
        let found = variants.iter().find(|(_, known, _)| *known == word);
        if found.is_none() {
            let problem = self.source.at_span(given.span(), format!("unknown {tag} `{word}`"), "not known");
            self.problems.push(problem.suggest(word, words));
        }
        found.map(|(_, _, variant)| *variant)
    }

    /// A word from a closed list.
    fn word(&mut self, schema: &'a Json, word: &str, span: std::ops::Range<usize>, name: &str) {
        let from_variants = schema["oneOf"].as_array().into_iter().flatten().filter_map(|variant| variant["const"].as_str());
        let from_list = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let known: Vec<&str> = from_variants.chain(from_list).collect();
        if !known.is_empty() && !known.contains(&word) {
            let problem = self.source.at_span(span, format!("unknown {name} `{word}`"), "not known");
            self.problems.push(problem.suggest(word, known));
        }
    }
}

/// The key's description as the types give it.
fn meaning(properties: Option<&Map<String, Json>>, key: &str) -> String {
    let description = properties.and_then(|all| all[key]["description"].as_str());
    description.map_or_else(String::new, |text| format!(" ({})", text.trim_end_matches('.')))
}
