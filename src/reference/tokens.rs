//! The tokenizer of the reference models: one token per word, with its leading space; a Hugging Face `tokenizer.json`.
//!
//! In: every text of the prompts and the grammar. Out: the file. Whatever is in these texts survives a round trip; an unknown word becomes
//! `<unk>`, and a prompt that holds one is not understood.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokenizers::Tokenizer;

use super::{ReferenceError, file_error};

/// Begin of text.
pub const BOS: u32 = 0;
/// End of text.
pub const EOS: u32 = 1;
/// A word that the grammar does not have.
pub const UNKNOWN: u32 = 2;
const SPECIAL: [&str; 3] = ["<s>", "</s>", "<unk>"];
/// A word or a number with its leading space, a single mark with its leading space, a lone space.
const PIECE: &str = r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]|\s";

/// Content of `tokenizer.json` for these texts.
///
/// # Errors
/// The tokenizers crate refuses the file; cannot happen for valid UTF-8.
pub fn build<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<String, ReferenceError> {
    let cut = parse(&file(&BTreeSet::new()))?;
    let mut words = BTreeSet::new();
    for text in texts {
        // With an empty vocabulary every piece is unknown, but its place in the text is right.
        let pieces = cut.encode(text, false).map_err(|error| file_error("tokenizer.json", error.to_string()))?;
        words.extend(pieces.get_offsets().iter().map(|&(start, end)| text[start..end].to_owned()));
    }
    Ok(file(&words))
}

/// Read a `tokenizer.json`.
///
/// # Errors
/// The file is not a tokenizer.
pub fn parse(json: &str) -> Result<Tokenizer, ReferenceError> {
    json.parse().map_err(|error: tokenizers::Error| file_error("tokenizer.json", error.to_string()))
}

/// Token ids of `text`, begin-of-text first.
///
/// # Errors
/// The tokenizer fails; cannot happen for valid UTF-8.
pub fn encode(tokenizer: &Tokenizer, text: &str) -> Result<Vec<u32>, ReferenceError> {
    let encoding = tokenizer.encode(text, true).map_err(|error| file_error("tokenizer.json", error.to_string()))?;
    Ok(encoding.get_ids().to_vec())
}

fn file(words: &BTreeSet<String>) -> String {
    let special = SPECIAL.iter().enumerate().map(|(id, content)| {
        json!({ "id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true })
    });
    let pieces = SPECIAL.iter().copied().chain(words.iter().map(String::as_str));
    let vocabulary: serde_json::Map<String, Value> = pieces.enumerate().map(|(id, piece)| (piece.to_owned(), json!(id))).collect();
    let begin = json!([{ "SpecialToken": { "id": SPECIAL[0], "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }]);
    let whole = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": special.collect::<Vec<_>>(),
        "normalizer": null,
        "pre_tokenizer": { "type": "Split", "pattern": { "Regex": PIECE }, "behavior": "Isolated", "invert": false },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": begin,
            "pair": begin,
            "special_tokens": { "<s>": { "id": SPECIAL[0], "ids": [BOS], "tokens": [SPECIAL[0]] } }
        },
        "decoder": { "type": "Fuse" },
        "model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": SPECIAL[2] }
    });
    format!("{whole:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_vocabulary_survives_a_round_trip() {
        let texts = ["Grüße aus Köln: „Übung“ – 12 Werke!\n", " She's  here, isn't she?", "Kurator*in\n\n", "e\u{301}tude 東京", ""];
        let tokenizer = parse(&build(texts).unwrap()).unwrap();
        for text in texts {
            let ids = encode(&tokenizer, text).unwrap();
            assert_eq!(ids[0], BOS);
            assert!(!ids.contains(&UNKNOWN), "{text}");
            assert_eq!(tokenizer.decode(&ids, true).unwrap(), text);
        }
    }

    #[test]
    fn an_unknown_word_is_marked() {
        let tokenizer = parse(&build(["ein Bild"]).unwrap()).unwrap();
        assert!(encode(&tokenizer, "ein Haus").unwrap().contains(&UNKNOWN));
    }
}
