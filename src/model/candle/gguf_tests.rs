//! Facts about GGUF files: the same model as its safetensors, through the whole backend and through the decoder alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use serde_json::Value as Json;

use super::backend::CandleBackend;
use super::checkpoints::{distance, expected, folder};
use super::decoder::Decoder;
use super::gguf::own_name;
use super::linear::Precision;
use super::open::{open_folder, open_gguf};
use super::{Start, fixture};
use crate::store::Sampling;

/// A tokenizer of 64 tokens of which none is ever used.
fn no_words(vocabulary: usize) -> Vec<(&'static str, Value)> {
    let tokens = (0..vocabulary).map(|place| Value::String(format!("t{place}"))).collect();
    vec![("tokenizer.ggml.model", Value::String("llama".to_owned())), ("tokenizer.ggml.tokens", Value::Array(tokens))]
}

/// Writes a model of the Hugging Face layout as llama.cpp's converter does; matrices become `kind`, vectors stay F32.
fn convert(config: &str, weights: &[u8], kind: GgmlDType, words: &[(&str, Value)], path: &Path) {
    let config: Json = serde_json::from_str(config).unwrap();
    let size = |key: &str| config[key].as_u64().unwrap() as usize;
    let family = config["model_type"].as_str().unwrap();
    let (heads, kv_heads) = (size("num_attention_heads"), size("num_key_value_heads"));
    let width = config["head_dim"].as_u64().map_or(size("hidden_size") / heads, |width| width as usize);
    let interleave = |tensor: Tensor, heads: usize| {
        let shape = tensor.dims().to_vec();
        let inputs = shape.get(1).copied().unwrap_or(1);
        tensor.reshape((heads, 2, width / 2, inputs)).unwrap().transpose(1, 2).unwrap().contiguous().unwrap().reshape(shape).unwrap()
    };
    let tensors: BTreeMap<_, _> = candle_core::safetensors::load_buffer(weights, &Device::Cpu).unwrap().into_iter().collect();
    let stored = |(name, tensor): (String, Tensor)| {
        let tensor = match (family, name.as_str()) {
            ("llama", name) if name.contains("q_proj") => interleave(tensor, heads),
            ("llama", name) if name.contains("k_proj") => interleave(tensor, kv_heads),
            _ => tensor,
        };
        let kind = if tensor.rank() == 2 { kind } else { GgmlDType::F32 };
        (own_name(&name), QTensor::quantize(&tensor, kind).unwrap())
    };
    let tensors: Vec<(String, QTensor)> = tensors.into_iter().map(stored).collect();
    let number = |key: &str| Value::U32(size(key) as u32);
    let theta = config["rope_theta"].as_f64().or(config["rope_parameters"]["rope_theta"].as_f64()).unwrap();
    let mut metadata: Vec<(String, Value)> = [
        ("embedding_length", number("hidden_size")),
        ("feed_forward_length", number("intermediate_size")),
        ("block_count", number("num_hidden_layers")),
        ("attention.head_count", number("num_attention_heads")),
        ("attention.head_count_kv", number("num_key_value_heads")),
        ("attention.key_length", Value::U32(width as u32)),
        ("attention.value_length", Value::U32(width as u32)),
        ("context_length", number("max_position_embeddings")),
        ("attention.layer_norm_rms_epsilon", Value::F32(config["rms_norm_eps"].as_f64().unwrap() as f32)),
        ("rope.freq_base", Value::F32(theta as f32)),
    ]
    .map(|(key, value)| (format!("{family}.{key}"), value))
    .to_vec();
    metadata.push(("general.architecture".to_owned(), Value::String(family.to_owned())));
    metadata.extend(words.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    write(&mut std::fs::File::create(path).unwrap(), &metadata, &tensors).unwrap();
}

fn read(file: PathBuf) -> Vec<u8> {
    std::fs::read(file).unwrap()
}

fn convert_checkpoint(name: &str, kind: GgmlDType, words: &[(&str, Value)], path: &Path) -> CandleBackend {
    let config = String::from_utf8(read(folder(name).join("config.json"))).unwrap();
    convert(&config, &read(folder(name).join("model.safetensors")), kind, words, path);
    open_gguf(name, path, Precision::F32).unwrap()
}

fn greedy(model: &CandleBackend, prompt: &str, max_tokens: u32) -> String {
    let tokens = model.text().prompt(prompt).unwrap();
    let start = Start { tokens: &tokens, sampling: Sampling { temperature: 0.0, top_p: 1.0, max_tokens }, seed: 0 };
    model.text().drawn(&tokens, &model.decoder().generate(&[start]).unwrap()[0].tokens).unwrap()
}

#[test]
fn a_real_model_says_the_same_from_both_kinds_of_files() {
    let Some(shared) = crate::shared_data("a_real_model_says_the_same_from_both_kinds_of_files") else { return };
    let folder = shared.join("models/stories260k");
    let models = [
        open_folder("folder", &folder, Precision::F32, None).unwrap(),
        open_gguf("file", &folder.join("stories260k.gguf"), Precision::F32).unwrap(),
    ];
    let source = std::fs::read_to_string(folder.join("SOURCE.txt")).unwrap();
    let known = source.rsplit_once("is \"").unwrap().1.trim().trim_end_matches('"');
    let told = models.each_ref().map(|model| greedy(model, "Once upon a time", 60));
    assert!(known.len() > 50 && told[0].starts_with(known) && told[0] == told[1], "{told:?}");
    let texts =
        ["Once upon a time, Lily saw  two balls.", "Grüße aus Köln 😊", "naïve\n日本 [x]~", " a", "The  end ", "Timmy wanted that."];
    let rows: Vec<Vec<u32>> = texts.iter().map(|text| models[0].text().prompt(text).unwrap()).collect();
    for (text, row) in texts.iter().zip(&rows) {
        assert_eq!(&models[1].text().prompt(text).unwrap(), row, "{text}");
    }
    let scores = models.each_ref().map(|model| model.decoder().logprobs(&rows).unwrap().concat());
    let largest = scores[0].iter().zip(&scores[1]).map(|(a, b)| (a - b).abs()).fold(0f32, f32::max);
    assert!(largest < 1e-4, "{largest}");
    assert_eq!(models[1].card()["stored as"], "F32");
}

#[test]
fn a_converted_checkpoint_agrees_with_the_reference_implementation() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("model.gguf");
    for name in ["llama", "smollm", "qwen3", "qwen2"] {
        let expected = expected(name);
        let words = no_words(expected.logprobs[0][0].len());
        let exact = distance(convert_checkpoint(name, GgmlDType::F32, &words, &path).decoder(), &expected);
        assert!(exact < 1e-4, "{name}: {exact}");
        let halved = distance(convert_checkpoint(name, GgmlDType::F16, &words, &path).decoder(), &expected);
        println!("{name}: F32 {exact:.1e}, F16 {halved:.1e}");
        assert!(halved < 0.05, "{name}: {halved}");
    }
}

#[test]
fn quantised_weights_are_as_near_as_their_bits_allow() {
    const CONFIG: &str = r#"{"model_type": "llama", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2,
        "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 97, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
        "rope_theta": 1e4, "tie_word_embeddings": false}"#;
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("model.gguf");
    let weights = fixture::weights(CONFIG, false, 0.08, 3);
    let rows = vec![(0..40).map(|place| (place * 37 + 5) % 97).collect::<Vec<u32>>(), vec![9, 8, 7]];
    let exact = Decoder::load(CONFIG.as_bytes(), &weights).unwrap().logprobs(&rows).unwrap().concat();
    let mut before = 0.0;
    // Root mean square distance of log-probabilities; quantisation errors of random weights are independent, so it grows by 2^(bits lost).
    for (kind, bound) in [(GgmlDType::Q8_0, 0.02), (GgmlDType::Q6K, 0.06), (GgmlDType::Q4K, 0.25)] {
        convert(CONFIG, &weights, kind, &no_words(97), &path);
        let model = open_gguf("quantised", &path, Precision::F32).unwrap();
        let scores = model.decoder().logprobs(&rows).unwrap().concat();
        let squares: f32 = exact.iter().zip(&scores).map(|(a, b)| (a - b).powi(2)).sum();
        let distance = (squares / exact.len() as f32).sqrt();
        println!("{kind:?}: {distance}");
        assert!(before < distance && distance < bound, "{kind:?}: {distance}");
        before = distance;
    }
    convert(CONFIG, &weights, GgmlDType::Q5K, &no_words(97), &path);
    let refused = open_gguf("quantised", &path, Precision::F32).err().unwrap();
    assert!(refused.to_string().contains("type Q5_K"), "{refused}");
}

#[test]
fn a_byte_level_vocabulary_and_a_chat_template_come_out_of_the_file() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("words.gguf");
    let tokenizer: Json = serde_json::from_slice(&read(folder("qwen2").join("tokenizer.json"))).unwrap();
    let added: Vec<&str> = tokenizer["added_tokens"].as_array().unwrap().iter().map(|token| token["content"].as_str().unwrap()).collect();
    let mut tokens: Vec<(u64, String)> =
        tokenizer["model"]["vocab"].as_object().unwrap().iter().map(|(token, id)| (id.as_u64().unwrap(), token.clone())).collect();
    tokens.extend(
        tokenizer["added_tokens"]
            .as_array()
            .unwrap()
            .iter()
            .map(|token| (token["id"].as_u64().unwrap(), token["content"].as_str().unwrap().to_owned())),
    );
    tokens.sort();
    tokens.dedup();
    let kinds = tokens.iter().map(|(_, token)| Value::I32(if added.contains(&token.as_str()) { 3 } else { 1 })).collect();
    let merge = |pair: &Json| Value::String(format!("{} {}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap()));
    let merges = tokenizer["model"]["merges"].as_array().unwrap().iter().map(merge).collect();
    let end = tokens.iter().position(|(_, token)| token == "<|im_end|>").unwrap() as u32;
    let template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}\
        {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    let words = vec![
        ("tokenizer.ggml.model", Value::String("gpt2".to_owned())),
        ("tokenizer.ggml.pre", Value::String("qwen2".to_owned())),
        ("tokenizer.ggml.tokens", Value::Array(tokens.into_iter().map(|(_, token)| Value::String(token)).collect())),
        ("tokenizer.ggml.token_type", Value::Array(kinds)),
        ("tokenizer.ggml.merges", Value::Array(merges)),
        ("tokenizer.ggml.eos_token_id", Value::U32(end)),
        ("tokenizer.chat_template", Value::String(template.to_owned())),
    ];
    let model = convert_checkpoint("qwen2", GgmlDType::F32, &words, &path);
    let plain = open_folder("qwen2", &folder("qwen2"), Precision::F32, None).unwrap();
    for text in ["Die Künstlerin malt, was da ist.", "  1905: what's   that?\n\nWir'll sehen 😊 ", "<|im_start|>user"] {
        assert_eq!(model.text().prompt(text).unwrap(), plain.text().prompt(text).unwrap(), "{text}");
    }
    let asked = plain.text().prompt("<|im_start|>user\nWer?<|im_end|>\n<|im_start|>assistant\n").unwrap();
    assert_eq!(model.text().asked("Wer?").unwrap(), asked);
    // A choice begins the answer: without the space that parts it from a running text.
    let (tokens, before) = model.text().continued("Wer?", " Die Lupe").unwrap();
    assert_eq!((&tokens[..before], &tokens[before..]), (asked.as_slice(), plain.text().prompt("Die Lupe").unwrap().as_slice()));
    assert_eq!(model.decoder().config().eos, [end]);
    assert!(model.card()["chat template"].starts_with("applied") && plain.card()["chat template"].starts_with("none"));
    let unknown = [&words[..1], &[("tokenizer.ggml.pre", Value::String("viking".to_owned()))], &words[2..]].concat();
    let config = String::from_utf8(read(folder("qwen2").join("config.json"))).unwrap();
    convert(&config, &read(folder("qwen2").join("model.safetensors")), GgmlDType::F32, &unknown, &path);
    assert!(open_gguf("words", &path, Precision::F32).err().unwrap().to_string().contains("`viking`"));
}

#[test]
fn a_file_that_is_cut_short_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("model.gguf");
    convert_checkpoint("llama", GgmlDType::F32, &no_words(64), &path);
    let bytes = read(path.clone());
    for kept in [3, 200, bytes.len() - 4000] {
        std::fs::write(&path, &bytes[..kept]).unwrap();
        let error = open_gguf("cut", &path, Precision::F32).err().unwrap().to_string();
        assert!(error.contains("model.gguf"), "{error}");
    }
}

/// Quantises a file with llama.cpp and prints its log-probabilities of given tokens, computed on the quantised file.
const LLAMA_CPP: &str = r#"
import ctypes, json, sys, numpy, llama_cpp
source, target, kind, tokens = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
parameters = llama_cpp.llama_model_quantize_default_params()
parameters.ftype = kind
assert llama_cpp.llama_model_quantize(source.encode(), target.encode(), ctypes.byref(parameters)) == 0
model = llama_cpp.Llama(target, n_ctx=64, logits_all=True, type_k=0, type_v=0, verbose=False)
model.eval(tokens)
logits = model.scores[: len(tokens) - 1].astype(numpy.float64)
logprobs = logits - numpy.logaddexp.reduce(logits, axis=1, keepdims=True)
print(json.dumps([logprobs[place, token] for place, token in enumerate(tokens[1:])]))
"#;

#[test]
fn files_that_llama_cpp_quantised_give_its_log_probabilities() {
    let Some(python) = std::env::var_os("LUPE_LLAMA_CPP") else {
        println!("not run: files_that_llama_cpp_quantised (LUPE_LLAMA_CPP names no Python with llama-cpp-python)");
        return;
    };
    let Some(shared) = crate::shared_data("files_that_llama_cpp_quantised") else { return };
    const CONFIG: &str = r#"{"model_type": "llama", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2,
        "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 512, "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
        "rope_theta": 1e4, "tie_word_embeddings": false}"#;
    let mut real = std::fs::File::open(shared.join("models/stories260k/stories260k.gguf")).unwrap();
    let words = candle_core::quantized::gguf_file::Content::read(&mut real).unwrap().metadata;
    let words: Vec<(&str, Value)> =
        words.iter().filter(|(key, _)| key.starts_with("tokenizer.")).map(|(key, value)| (key.as_str(), value.clone())).collect();
    let scratch = tempfile::tempdir().unwrap();
    let [exact, quantised] = ["exact.gguf", "quantised.gguf"].map(|name| scratch.path().join(name));
    convert(CONFIG, &fixture::weights(CONFIG, false, 0.08, 3), GgmlDType::F32, &words, &exact);
    let row: Vec<u32> = [1].into_iter().chain((0..40).map(|place| (place * 37 + 5) % 512)).collect();
    let ours = |path: &Path| {
        let model = open_gguf("model", path, Precision::F32).unwrap();
        (model.decoder().logprobs(std::slice::from_ref(&row)).unwrap().concat(), model.card()["stored as"].to_string())
    };
    let (unrounded, _) = ours(&exact);
    let apart = |one: &[f32], other: &[f32]| {
        let squares: f32 = one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum();
        (squares / one.len() as f32).sqrt()
    };
    // llama.cpp's numbers for F16, Q8_0, Q4_K_M and Q6_K. It rounds activations as well, to 8 bits beside quantised weights.
    for (kind, name) in [(1, "F16"), (7, "Q8_0"), (18, "Q6_K"), (15, "Q4_K")] {
        let said = std::process::Command::new(&python)
            .args(["-c", LLAMA_CPP])
            .args([&exact, &quantised])
            .args([kind.to_string(), format!("{row:?}")])
            .output()
            .unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let theirs: Vec<f32> = serde_json::from_slice(&said.stdout).unwrap();
        let (ours, types) = ours(&quantised);
        let (between, lost) = (apart(&ours, &theirs), apart(&ours, &unrounded));
        println!("{name} ({types}): {between:.1e} from llama.cpp on the same file, {lost:.1e} from the weights before");
        assert!(types.contains(name) && theirs.len() == ours.len());
        assert!(between < 0.03, "{name}: {between}");
    }
}
