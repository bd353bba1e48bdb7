//! What texts in a file say about its making. In: an [`Item`]. Out: signs.
//!
//! The names of fields are those that the generators write: AUTOMATIC1111 and its relatives `parameters`, ComfyUI `prompt` and `workflow`,
//! InvokeAI `invokeai_metadata`, `sd-metadata` and `Dream`, Fooocus `fooocus_scheme`, NovelAI `Software`, Midjourney a description with `Job ID`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Sign;
use super::container::Item;

/// Longest excerpt, in characters.
pub const EXCERPT: usize = 240;

/// What a sign says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// A generator made it, or part of it.
    Ai,
    /// It was captured or digitised.
    Capture,
    /// It was made or edited in a way that is neither: by hand, by rule, by software.
    Other,
}

/// What a term of the IPTC's *Digital Source Type* vocabulary says (IPTC NewsCodes, `digitalsourcetype`, release of September 2024); the last
/// part of its address. `None` for a term that is not in it.
pub fn source_type(term: &str) -> Option<Says> {
    Some(match term.rsplit('/').next()? {
        "trainedAlgorithmicMedia" | "compositeWithTrainedAlgorithmicMedia" => Says::Ai,
        // "trainedAlgorithmicData" is C2PA's own term for the same.
        "trainedAlgorithmicData" => Says::Ai,
        "digitalCapture" | "computationalCapture" | "negativeFilm" | "positiveFilm" | "print" | "compositeCapture" => Says::Capture,
        "minorHumanEdits"
        | "humanEdits"
        | "algorithmicallyEnhanced"
        | "softwareImage"
        | "digitalArt"
        | "digitalCreation"
        | "dataDrivenMedia"
        | "algorithmicMedia"
        | "screenCapture"
        | "virtualRecording"
        | "composite"
        | "compositeSynthetic" => Says::Other,
        _ => return None,
    })
}

/// Names by which generators call themselves in fields that name a program or a credit.
const GENERATORS: [&str; 14] = [
    "midjourney",
    "dall-e",
    "dall·e",
    "adobe firefly",
    "stable diffusion",
    "novelai",
    "comfyui",
    "invokeai",
    "draw things",
    "ideogram",
    "leonardo.ai",
    "fooocus",
    "with google ai",
    "gpt-image",
];

/// What the item says; nothing for most.
pub(super) fn of(item: &Item) -> Option<Sign> {
    let says = says(item)?;
    let words = excerpt(&item.text);
    Some(Sign { place: item.place.to_owned(), field: item.field.clone(), says, words, signed: false })
}

fn says(item: &Item) -> Option<Says> {
    let Item { place, field, text } = item;
    let json = || serde_json::from_str::<Value>(text).ok();
    let generated = match (*place, field.as_str()) {
        ("XMP", "DigitalSourceType" | "digitalSourceType") => return source_type(text),
        ("PNG text", "prompt") => json().is_some_and(|graph| nodes(&graph)),
        ("PNG text", "workflow") => json().is_some_and(|graph| graph.get("nodes").is_some()),
        ("PNG text", "invokeai_metadata" | "invokeai_graph" | "sd-metadata") => json().is_some(),
        ("PNG text", "Dream" | "fooocus_scheme") => true,
        ("PNG text", "parameters") => drawn(text) || json().is_some_and(|entries| entries.is_object()),
        ("PNG text", "Description") => text.contains("Job ID:"),
        ("EXIF" | "XMP", "UserComment") | ("JPEG comment", _) => drawn(text),
        ("EXIF", "Make" | "Model" | "LensModel") => return Some(Says::Capture),
        _ => false,
    };
    let names_program = ["software", "creatortool", "credit", "aisystemused", "generator"].contains(&field.to_lowercase().as_str());
    let named = names_program && GENERATORS.iter().any(|name| text.to_lowercase().contains(name));
    (generated || named).then_some(Says::Ai)
}

/// ComfyUI's graph: every node has a class.
fn nodes(graph: &Value) -> bool {
    graph.as_object().is_some_and(|nodes| !nodes.is_empty() && nodes.values().all(|node| node.get("class_type").is_some()))
}

/// The line of settings that AUTOMATIC1111 and its relatives write.
fn drawn(text: &str) -> bool {
    ["Steps:", "Sampler:", "Seed:"].iter().all(|word| text.contains(word))
}

/// The beginning of a text on one line.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(EXCERPT).collect();
    if short.len() < line.len() { short + "…" } else { short }
}
