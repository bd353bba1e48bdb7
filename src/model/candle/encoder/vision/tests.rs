//! Facts about both architectures, on the tiny models of `tests/checkpoints/vision` with the figures of the reference implementation
//! (`transformers` 5.24 on torch 2.15 in double precision, pictures resized by Pillow 13).

use std::path::PathBuf;

use super::*;

const ALL: [&str; 2] = ["clip", "dinov2"];

#[derive(serde::Deserialize)]
struct Expected {
    pixels: Vec<u8>,
    pooled: Vec<f32>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints/vision").join(name)
}

fn expected(name: &str) -> Expected {
    serde_json::from_slice(&std::fs::read(folder(name).join("expected.json")).unwrap()).unwrap()
}

/// The picture of `tests/checkpoints/vision.py`.
fn picture() -> RgbImage {
    RgbImage::from_fn(150, 90, |x, y| {
        let third = if x > 60 { x * y / 11 % 256 } else { 0 };
        image::Rgb([(x * x / 7 + y * 3) % 256, (x * 2 + y * y / 5) % 256, third].map(|value| value as u8))
    })
}

fn distance(got: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(got.len(), expected.len());
    got.iter().zip(expected).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max)
}

#[test]
fn both_architectures_agree_with_the_reference_implementation() {
    for name in ALL {
        let (vision, expected) = (Vision::open(&folder(name)).unwrap(), expected(name));
        let seen = RgbImage::from_raw(32, 32, expected.pixels).unwrap();
        let distance = distance(&vision.embed_prepared(&seen).unwrap(), &expected.pooled);
        println!("{name}: {distance:.1e}");
        assert!(distance < 1e-4, "{name}: {distance}");
    }
}

#[test]
fn from_the_picture_to_the_vector_everything_agrees_with_pillow_and_the_reference_implementation() {
    for name in ALL {
        let (vision, expected) = (Vision::open(&folder(name)).unwrap(), expected(name));
        assert!(vision.preparation.apply(&picture()).as_raw() == &expected.pixels, "{name}");
        assert!(distance(&vision.embed(&picture()).unwrap(), &expected.pooled) < 1e-4, "{name}");
    }
}

#[test]
fn the_same_picture_gives_the_same_bits_on_any_number_of_threads() {
    use rayon::prelude::*;
    for name in ALL {
        let vision = Vision::open(&folder(name)).unwrap();
        let on = |threads: usize| -> Vec<Vec<f32>> {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| (0..6).into_par_iter().map(|_| vision.embed(&picture()).unwrap()).collect())
        };
        assert!(on(1) == on(3) && on(1)[0] == vision.embed(&picture()).unwrap(), "{name}");
    }
}

/// The files of one model with one of them changed or, where `change` gives nothing, taken away.
fn changed(name: &str, file: &str, change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["config.json", "preprocessor_config.json", "model.safetensors"] {
        std::fs::copy(folder(name).join(file), copy.path().join(file)).unwrap();
    }
    let path = copy.path().join(file);
    match change(std::fs::read(&path).unwrap()) {
        Some(bytes) => std::fs::write(path, bytes).unwrap(),
        None => std::fs::remove_file(path).unwrap(),
    }
    copy
}

fn replaced(from: &'static str, to: &'static str) -> impl FnOnce(Vec<u8>) -> Option<Vec<u8>> {
    move |bytes| Some(String::from_utf8(bytes).unwrap().replace(from, to).into_bytes())
}

#[test]
fn a_folder_that_is_no_vision_model_is_refused_with_the_file_and_what_is_wrong() {
    let problem = |folder: &Path| Vision::open(folder).err().unwrap().to_string();
    assert!(problem(Path::new("/nowhere")).contains("config.json: cannot be read"));
    for file in ["config.json", "preprocessor_config.json", "model.safetensors"] {
        let gone = changed("clip", file, |_| None);
        assert!(problem(gone.path()).contains(&format!("{file}: cannot be read")), "{file}");
    }
    let cut = changed("clip", "model.safetensors", |bytes| Some(bytes[..bytes.len() / 2].to_vec()));
    assert!(problem(cut.path()).contains("broken or cut short"));
    let wide = changed("dinov2", "config.json", replaced("\"hidden_size\": 16", "\"hidden_size\": 32"));
    assert!(problem(wide.path()).contains("config.json promises"));
    let other = changed("dinov2", "config.json", replaced("\"dinov2\"", "\"siglip\""));
    assert!(problem(other.path()).contains("`siglip`, which does not read pictures"));
    let not_finite = changed("clip", "model.safetensors", |mut bytes| {
        let last = bytes.len() - 1200;
        bytes[last..last + 800].fill(0xff);
        Some(bytes)
    });
    assert!(problem(not_finite.path()).contains("no finite numbers"), "{}", problem(not_finite.path()));
}

#[test]
fn a_model_is_known_by_weights_configuration_and_preparation() {
    let known = |folder: &Path| Vision::open(folder).unwrap().fingerprint().to_owned();
    let original = known(&folder("dinov2"));
    let last = |mut bytes: Vec<u8>| {
        *bytes.last_mut().unwrap() ^= 1;
        Some(bytes)
    };
    let weights = changed("dinov2", "model.safetensors", last);
    let config = changed("dinov2", "config.json", replaced("\"drop_path_rate\": 0.0", "\"drop_path_rate\": 0.1"));
    let preparation = changed("dinov2", "preprocessor_config.json", replaced("\"shortest_edge\": 40", "\"shortest_edge\": 36"));
    let others = [weights.path(), config.path(), preparation.path()].map(known);
    assert!(others.iter().all(|other| *other != original) && known(&folder("dinov2")) == original);
}

#[test]
fn weights_with_the_prefix_of_a_classifier_are_found() {
    let prefixed = changed("dinov2", "model.safetensors", |bytes| {
        let tensors = candle_core::safetensors::load_buffer(&bytes, &candle_core::Device::Cpu).unwrap();
        let named: std::collections::HashMap<_, _> = tensors.into_iter().map(|(key, tensor)| (format!("dinov2.{key}"), tensor)).collect();
        let scratch = tempfile::tempdir().unwrap();
        candle_core::safetensors::save(&named, scratch.path().join("file")).unwrap();
        Some(std::fs::read(scratch.path().join("file")).unwrap())
    });
    let [one, other] = [prefixed.path(), &folder("dinov2")].map(|folder| Vision::open(folder).unwrap().embed(&picture()).unwrap());
    assert_eq!(one, other);
}
