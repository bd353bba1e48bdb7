//! Models with pseudo-random weights, for tests and benches. In: the text of a `config.json`. Out: the bytes of a `model.safetensors`.

use serde_json::{Value, json};

/// A weight file in the Hugging Face layout for `config`. `biased` adds biases to query, key and value, as Qwen2 has them.
/// Weights lie evenly in ±`spread`, norms around 1.
pub fn weights(config: &str, biased: bool, spread: f32, seed: u64) -> Vec<u8> {
    let config: Value = serde_json::from_str(config).unwrap();
    let size = |key: &str| config[key].as_u64().unwrap() as usize;
    let (hidden, intermediate, vocabulary) = (size("hidden_size"), size("intermediate_size"), size("vocab_size"));
    let head = config.get("head_dim").map_or(hidden / size("num_attention_heads"), |width| width.as_u64().unwrap() as usize);
    let (query, kv) = (size("num_attention_heads") * head, size("num_key_value_heads") * head);
    let mut tensors = vec![("model.embed_tokens.weight".to_owned(), vec![vocabulary, hidden])];
    for layer in 0..size("num_hidden_layers") {
        let mut add = |name: &str, shape: &[usize]| tensors.push((format!("model.layers.{layer}.{name}"), shape.to_vec()));
        for (part, outputs) in [("q", query), ("k", kv), ("v", kv)] {
            add(&format!("self_attn.{part}_proj.weight"), &[outputs, hidden]);
            if biased {
                add(&format!("self_attn.{part}_proj.bias"), &[outputs]);
            }
        }
        add("self_attn.o_proj.weight", &[hidden, query]);
        add("mlp.gate_proj.weight", &[intermediate, hidden]);
        add("mlp.up_proj.weight", &[intermediate, hidden]);
        add("mlp.down_proj.weight", &[hidden, intermediate]);
        add("input_layernorm.weight", &[hidden]);
        add("post_attention_layernorm.weight", &[hidden]);
    }
    tensors.push(("model.norm.weight".to_owned(), vec![hidden]));
    if config["tie_word_embeddings"] != Value::Bool(true) {
        tensors.push(("lm_head.weight".to_owned(), vec![vocabulary, hidden]));
    }
    let mut state = seed;
    let mut data = Vec::new();
    let mut header = serde_json::Map::new();
    for (name, shape) in tensors {
        let begin = data.len();
        let middle = if name.contains("norm") { 1.0 } else { 0.0 };
        for _ in 0..shape.iter().product() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // 24 bits, exact in f32.
            let even = (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0;
            data.extend((even * spread + middle).to_le_bytes());
        }
        header.insert(name, json!({"dtype": "F32", "shape": shape, "data_offsets": [begin, data.len()]}));
    }
    let header = Value::Object(header).to_string().into_bytes();
    [(header.len() as u64).to_le_bytes().as_slice(), &header, &data].concat()
}
