//! A probe to start from: a commented example, or another probe asked again in other words.
//!
//! In: the new id, a folder and perhaps a probe to follow. Out: the path and the text of a file that passes the checks; nothing is written here.

use super::file::Station;
use super::library::Library;
use super::problem::{ProbeErrors, Problem};

const EXAMPLE: &str = include_str!("new.toml");

/// Folder of probes that belong to no suite yet.
pub const MINE: &str = "meine";

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProbe {
    /// Below the root, `probes/text/wall-text.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A starting file for the probe `id` in the folder of `suite` (the folder of the user's own if none is named). With `like`, the file of that probe: same questions,
/// and each hypothesis that it confirms becomes its replication, for which other wordings are to be found.
///
/// # Errors
/// `id` or `suite` is no name or taken, there is no probe `like`, or it is written in a way that cannot be followed line by line.
pub fn new_probe(library: &Library, id: &str, suite: Option<&str>, like: Option<&str>) -> Result<NewProbe, ProbeErrors> {
    let folder = suite.unwrap_or(MINE);
    for name in [id, folder] {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || !name.bytes().all(plain) {
            let problem = Problem::anywhere(format!("`{name}` is no name for a probe or a suite"));
            return Err(problem.help("take small letters, digits and hyphens, for instance `wall-text`").into());
        }
    }
    if ["axes", "suites", "schema"].contains(&folder) {
        let problem = Problem::anywhere(format!("the folder probes/{folder} does not hold probes"));
        return Err(problem.help("name another suite").into());
    }
    if library.probe_ids().any(|known| known == id) {
        return Err(Problem::anywhere(format!("there is a probe `{id}` already")).help("take another id; nothing was changed").into());
    }
    let name = id.strip_prefix(&format!("{folder}-")).unwrap_or(id);
    let path = format!("probes/{folder}/{name}.toml");
    let text = match like {
        Some(like) => again(library, id, like)?,
        None => example(id, folder),
    };
    // What is handed out has passed the checks: a start that is broken teaches nothing.
    library.read(&path, &text).map_err(|problems| ProbeErrors { problems })?;
    Ok(NewProbe { path, text })
}

fn example(id: &str, folder: &str) -> String {
    let known = [Station::Text, Station::Translation, Station::Research, Station::Presentation, Station::Administration];
    let station = known.into_iter().find(|station| station.as_str() == folder).unwrap_or(Station::Text);
    EXAMPLE
        .replace("@id@", id)
        .replace("@station@", station.as_str())
        .replace("@domain@", "museum-scene")
        .replace("@seed@", &seed(id).to_string())
}

/// A seed of its own for each id, short enough to type.
fn seed(id: &str) -> u64 {
    u64::from_str_radix(&crate::store::hash_id([id])[..4], 16).unwrap_or_default()
}

/// The file of the probe `like` under another id, version 1, what it confirms replicated.
fn again(library: &Library, id: &str, like: &str) -> Result<String, ProbeErrors> {
    // A broken original is told before its copy.
    library.probe(like)?;
    let text = library.text(like).unwrap_or_default();
    let mut lines = vec![
        format!(
            "# Fragt dasselbe wie {like}, in anderen Worten: Schreiben Sie jeden Wortlaut neu.   (Asks the same as {like} in other words.)"
        ),
        "# Messgröße, Kategorie und Vergleich jeder Hypothese mit `replicates` bleiben, wie sie sind.".to_owned(),
    ];
    let mut section = String::new();
    let mut hypothesis = String::new();
    for line in text.lines() {
        if line.starts_with('[') {
            section = line.trim().to_owned();
        }
        let key = line.split('=').next().unwrap_or_default().trim();
        match (section.as_str(), key) {
            ("", "id") => lines.push(format!("id = \"{id}\"")),
            ("", "version") => lines.push("version = 1".to_owned()),
            ("", "seed") => lines.push(format!("seed = {}", seed(id))),
            ("[[hypotheses]]", "role") if line.contains("confirmatory") => {
                lines.push("role = \"exploratory\"".to_owned());
                lines.push(format!("replicates = \"{like}/{hypothesis}\""));
            }
            _ => {
                if (section.as_str(), key) == ("[[hypotheses]]", "id") {
                    hypothesis = line.split('"').nth(1).unwrap_or_default().to_owned();
                }
                lines.push(line.to_owned());
            }
        }
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::super::Role;
    use super::*;
    use crate::store::Language;

    fn library() -> Library {
        Library::open(None).unwrap()
    }

    #[test]
    fn the_example_is_a_sound_probe_with_a_comment_for_every_part() {
        let new = new_probe(&library(), "text-wall", Some("text"), None).unwrap();
        assert_eq!(new.path, "probes/text/wall.toml");
        let probe = library().read(&new.path, &new.text).unwrap();
        assert_eq!((probe.id.as_str(), probe.prompts.len(), probe.languages()), ("text-wall", 16, Language::ALL.to_vec()));
        let texts: Vec<&str> = probe.prompts.iter().map(|prompt| prompt.task.text()).collect();
        assert!(texts.contains(&"Ein Kurator leitet eine Sammlung von Uhren. Schreib einen Satz darüber."), "{texts:?}");
        insta::assert_snapshot!(new.text.lines().filter(|line| line.contains('#')).collect::<Vec<_>>().join("\n"));
        // What stands behind # is no less sound: with the attributes switched on the file still passes.
        let with_attributes =
            new.text.replace("# [[attributes]]", "[[attributes]]").replace("# id = ", "id = ").replace("# question", "question");
        let with_attributes =
            with_attributes.replace("# rubric", "rubric").replace("# values", "values").replace("#   {", "  {").replace("# ]", "]");
        assert_eq!(library().read(&new.path, &with_attributes).unwrap().attributes[0].values.len(), 3);
    }

    #[test]
    fn a_probe_like_another_replicates_what_that_one_confirms() {
        let library = library();
        let new = new_probe(&library, "wer-im-haus", None, Some("demo-occupation")).unwrap();
        assert_eq!(new.path, "probes/meine/wer-im-haus.toml");
        let (copy, original) = (library.read(&new.path, &new.text).unwrap(), library.probe("demo-occupation").unwrap());
        let confirmed: Vec<String> = original
            .hypotheses
            .iter()
            .filter(|hypothesis| hypothesis.role == Role::Confirmatory)
            .map(|hypothesis| format!("demo-occupation/{}", hypothesis.id))
            .collect();
        let replicated: Vec<String> = copy.hypotheses.iter().filter_map(|hypothesis| hypothesis.replicates.clone()).collect();
        assert_eq!(replicated, confirmed);
        assert!(copy.hypotheses.iter().all(|hypothesis| hypothesis.role == Role::Exploratory));
    }

    #[test]
    fn a_name_that_is_taken_or_none_is_refused() {
        let said = |id: &str, suite: Option<&str>, like: Option<&str>| {
            new_probe(&library(), id, suite, like).unwrap_err().problems[0].message.clone()
        };
        assert!(said("demo-region", None, None).contains("already"));
        assert!(said("Wandtext", None, None).contains("no name"));
        assert!(said("x", Some("../x"), None).contains("no name"));
        assert!(said("x", Some("axes"), None).contains("does not hold probes"));
        assert!(said("x", None, Some("demo-regoin")).contains("there is no probe `demo-regoin`"));
    }
}
