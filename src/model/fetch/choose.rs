//! Which of a model's files Lupe needs. In: the hub's listing. Out: the files to fetch, small ones first, so that weights mean a whole model.

use super::cache::{INDEX, WEIGHTS};
use super::hub::Listed;
use super::{FetchError, ModelName};

/// Configuration, tokenizer and chat template, as far as a model has them.
const SMALL: [&str; 11] = [
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "chat_template.json",
];

/// Without it weights cannot be opened.
const CONFIG: &str = "config.json";

/// Choose among `listed`: the small files and either `file` or all safetensors weights.
///
/// # Errors
/// [`FetchError::NoFile`] or [`FetchError::NoWeights`], with what there is instead; [`FetchError::Answer`] for names that would leave the
/// model's folder.
pub(super) fn choose(name: &ModelName, listed: Vec<Listed>, file: Option<&str>) -> Result<Vec<Listed>, FetchError> {
    if let Some(bad) = listed.iter().find(|listed| !stays_inside(&listed.name)) {
        let problem = format!("the listing of {name} names the file {:?}, which is no path within a model", bad.name);
        return Err(FetchError::Answer { host: "the hub".to_owned(), problem });
    }
    let has = |wanted: &str| listed.iter().any(|listed| listed.name == wanted);
    let is_weight: Box<dyn Fn(&str) -> bool> = match file {
        Some(file) if !has(file) => return Err(no_file(name, &listed, file)),
        Some(file) => Box::new(move |listed| listed == file),
        None if !has(CONFIG) && (has(WEIGHTS) || has(INDEX)) => return Err(no_file(name, &listed, CONFIG)),
        None if has(WEIGHTS) => Box::new(|listed| listed == WEIGHTS),
        None if has(INDEX) => Box::new(|listed| listed == INDEX || is_shard(listed)),
        None => return Err(FetchError::NoWeights { name: name.clone(), help: instead(&listed) }),
    };
    let mut chosen: Vec<Listed> =
        listed.iter().filter(|listed| SMALL.contains(&listed.name.as_str()) || is_weight(&listed.name)).cloned().collect();
    chosen.sort_by_key(|listed| (is_weight(&listed.name) && listed.name != INDEX, listed.name.clone()));
    Ok(chosen)
}

/// A path that stays within the folder it is put into, on every system.
fn stays_inside(path: &str) -> bool {
    let sound = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.ends_with(['.', ' ']);
    path.split('/').all(sound) && !path.contains(['\\', ':', '\0']) && !path.chars().any(char::is_control)
}

/// `model-00001-of-00003.safetensors`.
fn is_shard(file: &str) -> bool {
    file.starts_with("model-") && file.ends_with(".safetensors") && !file.contains('/')
}

fn gguf(listed: &[Listed]) -> Vec<&str> {
    listed.iter().map(|listed| listed.name.as_str()).filter(|name| name.ends_with(".gguf")).collect()
}

fn no_file(name: &ModelName, listed: &[Listed], file: &str) -> FetchError {
    let near = listed.iter().map(|listed| listed.name.as_str()).min_by_key(|known| strsim::damerau_levenshtein(known, file));
    let near = near.filter(|known| strsim::damerau_levenshtein(known, file) <= 4).map(|near| format!("did you mean `{near}`? "));
    let help = near.unwrap_or_default() + &instead(listed);
    FetchError::NoFile { name: name.clone(), file: file.to_owned(), help }
}

/// What else there is to fetch.
fn instead(listed: &[Listed]) -> String {
    match gguf(listed).as_slice() {
        [] if listed.iter().any(|listed| listed.name.ends_with(".bin") || listed.name.ends_with(".pth")) => {
            "it has weights in an older form that can run programs when opened, which Lupe never does; look for a safetensors or GGUF version".into()
        }
        [] => "it has no weights that Lupe can open (safetensors or GGUF); check the name and the revision".into(),
        files => format!("it has GGUF files; fetch one of them with --file: {}", files.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(files: &[&str], file: Option<&str>) -> Result<Vec<String>, FetchError> {
        let listed = |name: &&str| Listed { name: (*name).to_owned(), size: None, digest: None };
        let name = "museum/lupe".parse().unwrap();
        choose(&name, files.iter().map(listed).collect(), file).map(|files| files.into_iter().map(|file| file.name).collect())
    }

    #[test]
    fn only_what_is_needed_is_fetched_and_weights_come_last() {
        let all = ["README.md", "model.safetensors", "pytorch_model.bin", "config.json", "onnx/model.onnx", "tokenizer.json", "a.gguf"];
        assert_eq!(chosen(&all, None).unwrap(), ["config.json", "tokenizer.json", "model.safetensors"]);
        assert_eq!(chosen(&all, Some("a.gguf")).unwrap(), ["config.json", "tokenizer.json", "a.gguf"]);
        let split =
            ["model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors", INDEX, "consolidated.safetensors", "config.json"];
        assert_eq!(chosen(&split, None).unwrap(), ["config.json", INDEX, split[1], split[0]]);
    }

    #[test]
    fn where_there_are_no_weights_to_load_the_error_says_what_there_is() {
        let help = |files: &[&str], file| match chosen(files, file).unwrap_err() {
            FetchError::NoWeights { help, .. } | FetchError::NoFile { help, .. } => help,
            other => panic!("{other}"),
        };
        assert!(help(&["config.json", "x-q8.gguf"], None).contains("--file: x-q8.gguf"));
        assert!(help(&["config.json", "pytorch_model.bin"], None).contains("run programs"));
        assert!(help(&["x-q8.gguf"], Some("x-q8_0.gguf")).contains("did you mean `x-q8.gguf`"));
    }

    #[test]
    fn a_listing_cannot_name_a_file_outside_the_model() {
        for bad in ["../x", "/etc/x", "a/../../x", "a\\..\\x", "C:x", "a//b", "a\nb", ""] {
            assert!(matches!(chosen(&["config.json", bad], None), Err(FetchError::Answer { .. })), "{bad:?}");
        }
    }
}
