//! The tokenizer of a GGUF file. In: its metadata. Out: the same tokenizer as a `tokenizer.json` and a `tokenizer_config.json`, so that
//! texts go one way whatever file the model came in.

use candle_core::quantized::gguf_file::Value;
use serde_json::{Map, Value as Json, json};

use super::file_error;
use super::gguf::{Metadata, whole};
use crate::model::ModelError;

const HELP: &str = "use the model's folder with safetensors and tokenizer.json instead";

/// Types of tokens in `tokenizer.ggml.token_type`.
const NORMAL: usize = 1;
const UNKNOWN: usize = 2;
const CONTROL: usize = 3;
const OWN: usize = 4;

/// How byte-level vocabularies split a text into words, by `tokenizer.ggml.pre`.
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// `tokenizer.json` and `tokenizer_config.json` of the file.
///
/// # Errors
/// [`ModelError::File`] when the file has no vocabulary, or one of a kind that is not read here.
pub fn files(file: &str, metadata: Metadata<'_>) -> Result<(Vec<u8>, Vec<u8>), ModelError> {
    let tokens = metadata.list("tokenizer.ggml.tokens", |value| value.to_string().ok().cloned());
    if tokens.is_empty() {
        return Err(file_error(file, "holds no vocabulary (tokenizer.ggml.tokens)".to_owned(), HELP));
    }
    let mut types = metadata.list("tokenizer.ggml.token_type", whole);
    types.resize(tokens.len(), NORMAL);
    let vocabulary = Vocabulary { metadata, tokens, types };
    let tokenizer = match metadata.text("tokenizer.ggml.model").unwrap_or_default() {
        "llama" => vocabulary.sentencepiece(),
        "gpt2" => vocabulary.byte_level().map_err(|problem| file_error(file, problem, HELP))?,
        other => return Err(file_error(file, format!("has a vocabulary of kind `{other}`, which is not read here"), HELP)),
    };
    Ok((tokenizer.to_string().into_bytes(), vocabulary.config().to_string().into_bytes()))
}

struct Vocabulary<'a> {
    metadata: Metadata<'a>,
    tokens: Vec<String>,
    types: Vec<usize>,
}

impl Vocabulary<'_> {
    fn special(&self, name: &str) -> Option<&str> {
        self.tokens.get(self.metadata.size(&format!("tokenizer.ggml.{name}_token_id"))?).map(String::as_str)
    }

    fn config(&self) -> Json {
        let mut entries = Map::new();
        for (key, name) in [("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"), ("pad_token", "padding")] {
            entries.extend(self.special(name).map(|token| (key.to_owned(), Json::from(token))));
        }
        let template = self.metadata.text("tokenizer.chat_template");
        entries.extend(template.map(|template| ("chat_template".to_owned(), Json::from(template))));
        Json::Object(entries)
    }

    /// Byte-pair encoding over characters with bytes for what is unknown, as SentencePiece has it. The file gives each piece a score
    /// instead of a list of merges; a pair is merged the earlier, the higher the score of what it becomes.
    fn sentencepiece(&self) -> Json {
        let scores = self.metadata.list("tokenizer.ggml.scores", |value| match value {
            Value::F32(score) => Some(*score),
            _ => None,
        });
        let places: std::collections::HashMap<&str, usize> =
            self.tokens.iter().enumerate().map(|(place, token)| (token.as_str(), place)).collect();
        let mut merges = Vec::new();
        for (place, token) in self.tokens.iter().enumerate().filter(|(place, _)| self.types[*place] == NORMAL) {
            for (split, _) in token.char_indices().skip(1) {
                let (left, right) = token.split_at(split);
                if places.contains_key(left) && places.contains_key(right) {
                    merges.push((scores.get(place).copied().unwrap_or(0.0), places[left], places[right], left, right));
                }
            }
        }
        merges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let merges: Vec<[&str; 2]> = merges.iter().map(|(.., left, right)| [*left, *right]).collect();
        let prefix = self.metadata.flag("tokenizer.ggml.add_space_prefix").unwrap_or(true);
        let spaces = json!({"type": "Replace", "pattern": {"String": " "}, "content": "▁"});
        let (mut normalizers, mut decoders) = (vec![spaces], vec![json!({"type": "Replace", "pattern": {"String": "▁"}, "content": " "})]);
        decoders.extend([json!({"type": "ByteFallback"}), json!({"type": "Fuse"})]);
        if prefix {
            normalizers.insert(0, json!({"type": "Prepend", "prepend": "▁"}));
            decoders.push(json!({"type": "Strip", "content": " ", "start": 1, "stop": 0}));
        }
        let model = json!({"type": "BPE", "vocab": self.vocab(), "merges": merges, "byte_fallback": true, "fuse_unk": true,
            "unk_token": self.special("unknown")});
        self.tokenizer(
            model,
            json!({"type": "Sequence", "normalizers": normalizers}),
            Json::Null,
            json!({"type": "Sequence", "decoders": decoders}),
            true,
        )
    }

    /// Byte-pair encoding over bytes, as GPT-2 and its heirs have it.
    fn byte_level(&self) -> Result<Json, String> {
        let kind = self.metadata.text("tokenizer.ggml.pre").unwrap_or("default");
        let bytes = |regex: bool| json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": regex});
        let split = |regex: &str| {
            let words = json!({"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": false});
            json!({"type": "Sequence", "pretokenizers": [words, bytes(false)]})
        };
        let digits = json!({"type": "Digits", "individual_digits": true});
        let (normalizer, words, whole_first, bos) = match kind {
            "gpt-2" => (Json::Null, bytes(true), false, false),
            "smollm" => (Json::Null, json!({"type": "Sequence", "pretokenizers": [digits, bytes(true)]}), false, false),
            "llama-bpe" | "llama3" | "llama-v3" => (Json::Null, split(LLAMA3), true, true),
            "qwen2" => (json!({"type": "NFC"}), split(QWEN2), false, false),
            other => return Err(format!("splits words in a way that is not known here (tokenizer.ggml.pre = `{other}`)")),
        };
        let merges = self.metadata.list("tokenizer.ggml.merges", |value| value.to_string().ok());
        let merges: Vec<[&str; 2]> = merges.iter().filter_map(|merge| merge.split_once(' ')).map(|(left, right)| [left, right]).collect();
        let model = json!({"type": "BPE", "vocab": self.vocab(), "merges": merges, "ignore_merges": whole_first});
        Ok(self.tokenizer(model, normalizer, words, bytes(true), bos))
    }

    fn vocab(&self) -> Map<String, Json> {
        self.tokens.iter().enumerate().map(|(place, token)| (token.clone(), Json::from(place))).collect()
    }

    /// `bos`: whether texts get the start token where the file does not say.
    fn tokenizer(&self, model: Json, normalizer: Json, words: Json, decoder: Json, bos: bool) -> Json {
        let added = |(id, (content, kind)): (usize, (&String, &usize))| {
            let special = [UNKNOWN, CONTROL].contains(kind);
            (special || *kind == OWN).then(|| {
                json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
                    "special": special})
            })
        };
        let added: Vec<Json> = self.tokens.iter().zip(&self.types).enumerate().filter_map(added).collect();
        let start = self.special("bos").filter(|_| self.metadata.flag("tokenizer.ggml.add_bos_token").unwrap_or(bos));
        let processor = start.map(|token| {
            let id = self.metadata.size("tokenizer.ggml.bos_token_id");
            let start = json!({"SpecialToken": {"id": token, "type_id": 0}});
            json!({"type": "TemplateProcessing", "single": [start, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [start, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {token: {"id": token, "ids": [id], "tokens": [token]}}})
        });
        json!({"version": "1.0", "added_tokens": added, "normalizer": normalizer, "pre_tokenizer": words, "post_processor": processor,
            "decoder": decoder, "model": model})
    }
}
