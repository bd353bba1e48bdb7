//! `lupe probes list|show|check|new`: what there is to ask, what a probe asks, whether the files are sound, and a file to start from.
//!
//! In: parsed arguments and a [`crate::probe::Library`]. Out: words on `out`; what is wrong is returned, for `main` to show with its place in the file.
//! A confirmatory hypothesis that is planned too small for its margin is no mistake in a file (repeats and models decide with it): `check` warns.

use std::io::{self, Write};
use std::path::Path;

use crate::analyse::planned::{Planned, Reader};
use crate::audit;
use crate::probe::{Contrast, Library, NewProbe, Probe, ProbeErrors, Role, Suite, new_probe};
use crate::store::{Language, Prompt, Task};

/// Arguments of `lupe probes`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The three commands.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List suites, probes and axes.
    List,
    /// Show a probe: its purpose, hypotheses and prompts.
    Show {
        /// Id of the probe.
        probe: String,
        /// Show every prompt instead of the first of each language.
        #[arg(long)]
        prompts: bool,
    },
    /// Check one probe or suite, or every file.
    Check {
        /// Id of a probe or suite; all if left out.
        id: Option<String>,
    },
    /// Write a commented file to start a probe from.
    New {
        /// Id of the new probe: small letters, digits and hyphens.
        id: String,
        /// Folder of the file, and the suite that the probe is meant for.
        #[arg(long)]
        suite: Option<String>,
        /// Ask the same as this probe, in other words.
        #[arg(long, value_name = "PROBE")]
        like: Option<String>,
    },
}

/// Why the command failed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum Error {
    /// The files are wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Probes(#[from] ProbeErrors),
    /// The file of a new probe cannot be written.
    #[error("{path} cannot be written: {error}")]
    #[diagnostic(help("a file that is there already is never replaced: take another id, or move the file away"))]
    File {
        /// The file.
        path: String,
        /// Why not.
        error: io::Error,
    },
    /// The output cannot be written.
    #[error("the output cannot be written")]
    Output(#[from] io::Error),
    /// What a suite could show cannot be worked out.
    #[error("{0}")]
    #[diagnostic(help("`lupe doctor` shows what is wrong with a model in lupe.toml, `lupe init` writes the validation records anew"))]
    Plan(miette::Report),
}

/// Run the command; texts that exist in both languages are shown in `language`.
///
/// # Errors
/// The files are wrong, or `out` cannot be written.
pub fn run(arguments: &Arguments, library: &Library, root: Option<&Path>, language: Language, out: &mut impl Write) -> Result<(), Error> {
    match &arguments.command {
        Command::List => list(library, language, out),
        Command::Show { probe, prompts } => Ok(show(&library.probe(probe)?, *prompts, language, out)?),
        Command::Check { id } => {
            check(library, id.as_deref(), language, out)?;
            warn(library, id.as_deref(), root, language, out)
        }
        Command::New { id, suite, like } => {
            let new = new_probe(library, id, suite.as_deref(), like.as_deref())?;
            write_new(&root.unwrap_or(Path::new(".")).join(&new.path), &new)?;
            next_steps(id, &new, suite.as_deref(), language, out)
        }
    }
}

fn write_new(path: &Path, new: &NewProbe) -> Result<(), Error> {
    let write = || {
        std::fs::create_dir_all(path.parent().unwrap_or(path))?;
        std::fs::File::create_new(path)?.write_all(new.text.as_bytes())
    };
    write().map_err(|error| Error::File { path: path.display().to_string(), error })
}

fn next_steps(id: &str, new: &NewProbe, suite: Option<&str>, language: Language, out: &mut impl Write) -> Result<(), Error> {
    let path = &new.path;
    let suite = suite.unwrap_or("meine");
    match language {
        Language::De => writeln!(
            out,
            "{path} ist geschrieben. So geht es weiter:\n  \
             1. Satz für Satz ersetzen; jede Zeile ist in der Datei erklärt, mehr steht in probes/README.md.\n  \
             2. lupe probes check {id}            zeigt jeden Fehler mit Zeile und Vorschlag\n  \
             3. lupe probes show {id} --prompts   zeigt jeden Prompt, wie das Modell ihn bekommt: laut lesen\n  \
             4. {id} in probes/suites/{suite}.toml eintragen, dann: lupe plan --suite {suite} --models balanced"
        )?,
        Language::En => writeln!(
            out,
            "{path} is written. What comes next:\n  \
             1. Replace it sentence by sentence; the file explains each line, probes/README.md says more.\n  \
             2. lupe probes check {id}            shows every mistake with its line and a suggestion\n  \
             3. lupe probes show {id} --prompts   shows every prompt as the model gets it: read it aloud\n  \
             4. add {id} to probes/suites/{suite}.toml, then: lupe plan --suite {suite} --models balanced"
        )?,
    }
    Ok(())
}

fn list(library: &Library, language: Language, out: &mut impl Write) -> Result<(), Error> {
    let word = |de, en| if language == Language::De { de } else { en };
    writeln!(out, "{}", word("Suiten", "suites"))?;
    for id in library.suite_ids() {
        match library.suite(id) {
            Ok(suite) => writeln!(out, "  {id:<24}{} ({} {})", suite.title.get(language), suite.probes.len(), word("Proben", "probes"))?,
            Err(_) => writeln!(out, "  {id:<24}{}", broken(id, language))?,
        }
    }
    writeln!(out, "{}", word("Proben", "probes"))?;
    for id in library.probe_ids() {
        match library.probe(id) {
            Ok(probe) => writeln!(out, "  {id:<24}{} ({} {})", probe.title.get(language), probe.prompts.len(), word("Prompts", "prompts"))?,
            Err(_) => writeln!(out, "  {id:<24}{}", broken(id, language))?,
        }
    }
    writeln!(out, "{}", word("Achsen", "axes"))?;
    for axis in library.axes() {
        let levels: Vec<&str> = axis.levels.iter().map(|level| level.id.as_str()).collect();
        writeln!(out, "  {:<24}{}", axis.id, levels.join(" "))?;
    }
    Ok(())
}

fn broken(id: &str, language: Language) -> String {
    match language {
        Language::De => format!("fehlerhaft: lupe probes check {id} zeigt, wo"),
        Language::En => format!("broken: lupe probes check {id} shows where"),
    }
}

fn check(library: &Library, id: Option<&str>, language: Language, out: &mut impl Write) -> Result<(), Error> {
    match id {
        None => library.check()?,
        Some(id) if library.suite_ids().any(|suite| suite == id) => library.suite(id).map(drop)?,
        Some(id) => library.probe(id).map(drop)?,
    }
    let (suites, probes, axes) = (library.suite_ids().count(), library.probe_ids().count(), library.axes().count());
    match (id, language) {
        (Some(id), Language::De) => writeln!(out, "{id} ist in Ordnung.")?,
        (Some(id), Language::En) => writeln!(out, "{id} is sound.")?,
        (None, Language::De) => writeln!(out, "{suites} Suiten, {probes} Proben und {axes} Achsen sind in Ordnung.")?,
        (None, Language::En) => writeln!(out, "{suites} suites, {probes} probes and {axes} axes are sound.")?,
    }
    Ok(())
}

/// Say which confirmatory hypotheses are too small for their margin as planned, and what helps.
fn warn(library: &Library, id: Option<&str>, root: Option<&Path>, language: Language, out: &mut impl Write) -> Result<(), Error> {
    for suite in suites_with(library, id)? {
        let of_probe = |planned: &Planned| id.is_none_or(|id| id == suite.id || planned.id.starts_with(&format!("{id}/")));
        let planned = audit::planned(&suite, None, root).map_err(Error::Plan)?;
        let weak: Vec<&Planned> =
            planned.iter().filter(|p| p.role == Role::Confirmatory && !p.reaches_its_margin()).filter(|p| of_probe(p)).collect();
        for planned in &weak {
            writeln!(out, "{}", too_small(planned, language))?;
        }
        match language {
            _ if weak.is_empty() => {}
            Language::De => writeln!(
                out,
                "  Was hilft: mehr Wortlaute, Kontexte oder Wiederholungen, weniger bestätigende Fragen in der Suite oder role = \"exploratory\". \
                 Alle Zahlen: lupe plan --suite {} --models balanced",
                suite.id
            )?,
            Language::En => writeln!(
                out,
                "  What helps: more wordings, contexts or repeats, fewer confirmatory questions in the suite, or role = \"exploratory\". \
                 All figures: lupe plan --suite {} --models balanced",
                suite.id
            )?,
        }
    }
    Ok(())
}

/// The suite, or the suites that hold the probe; a probe that is in none yet is planned as if it were alone.
fn suites_with(library: &Library, id: Option<&str>) -> Result<Vec<Suite>, Error> {
    let mut suites: Vec<Suite> = library.suite_ids().filter_map(|suite| library.suite(suite).ok()).collect();
    let Some(id) = id else { return Ok(suites) };
    suites.retain(|suite| suite.id == id || suite.probes.iter().any(|probe| probe.id == id));
    if suites.is_empty() {
        let probe = library.probe(id)?;
        suites.push(Suite {
            id: id.to_owned(),
            title: probe.title.clone(),
            purpose: probe.purpose.clone(),
            looks: 1,
            alpha: 0.05,
            probes: vec![probe],
        });
    }
    Ok(suites)
}

fn too_small(planned: &Planned, language: Language) -> String {
    let Planned { id, margin, smallest_margin, .. } = planned;
    let reason = match (planned.may_confirm(), &planned.reader, planned.smallest_difference, language) {
        (false, Reader::Unvalidated, _, Language::De) => "das Messverfahren ist an solchen Antworten nicht geprüft".to_owned(),
        (false, Reader::Unvalidated, _, Language::En) => "its scorer has no validation record for such answers".to_owned(),
        (false, _, _, Language::De) => "das Messverfahren liest solche Antworten zu schlecht".to_owned(),
        (false, _, _, Language::En) => "its scorer reads such answers too poorly".to_owned(),
        (true, _, None, Language::De) => "kein Unterschied fiele in vier von fünf Fällen auf".to_owned(),
        (true, _, None, Language::En) => "no difference would show in four cases out of five".to_owned(),
        (true, _, Some(found), Language::De) => format!(
            "in vier von fünf Fällen fällt erst ein Unterschied von {found:.2} auf, und ausgeschlossen wird erst einer von {smallest_margin:.2}; die Spanne ist {margin}"
        ),
        (true, _, Some(found), Language::En) => format!(
            "in four cases out of five only a difference of {found:.2} shows, and only one of {smallest_margin:.2} is excluded; the margin is {margin}"
        ),
    };
    match language {
        Language::De => format!("Warnung: {id} ist zu klein geplant, um zu bestätigen: {reason}."),
        Language::En => format!("warning: {id} is planned too small to confirm anything: {reason}."),
    }
}

fn show(probe: &Probe, all: bool, language: Language, out: &mut impl Write) -> io::Result<()> {
    let word = |de, en| if language == Language::De { de } else { en };
    writeln!(out, "{} {} — {}", probe.id, probe.version, probe.title.get(language))?;
    writeln!(out, "{}\n", probe.purpose.get(language).trim())?;
    writeln!(out, "{}: {}\n", word("Was sie nicht zeigen kann", "What it cannot show"), probe.limits.get(language).trim())?;
    let scorers = probe.scorers.join(", ");
    writeln!(
        out,
        "{}: {}   {}: {scorers}   {}: {}",
        word("Station", "station"),
        probe.station,
        word("Messung", "scorers"),
        word("Wiederholungen", "repeats"),
        probe.repeats
    )?;
    writeln!(out, "\n{}", word("Hypothesen", "hypotheses"))?;
    for hypothesis in &probe.hypotheses {
        let role = match hypothesis.role {
            Role::Confirmatory => word("bestätigend", "confirmatory"),
            Role::Exploratory => word("erkundend", "exploratory"),
        };
        writeln!(out, "  {} ({role}; {} {})", hypothesis.id, word("Spanne", "margin"), hypothesis.margin)?;
        writeln!(out, "    {}", hypothesis.claim.get(language))?;
        writeln!(out, "    {}", contrast(&hypothesis.contrast, language))?;
        if let Some(why) = &hypothesis.why {
            writeln!(out, "    {}: {}", word("warum diese Spanne", "why this margin"), why.get(language).trim())?;
        }
        if let Some(original) = &hypothesis.replicates {
            writeln!(out, "    {} {original}", word("fragt in anderen Worten dasselbe wie", "asks in other words the same as"))?;
        }
    }
    if !probe.attributes.is_empty() {
        writeln!(out, "\n{}", word("Merkmale, von Menschen oder einem Modell beurteilt", "attributes, judged by people or a model"))?;
    }
    for attribute in &probe.attributes {
        let values: Vec<&str> = attribute.values.iter().map(|value| value.get(language)).collect();
        writeln!(out, "  {}: {} ({})", attribute.id, attribute.question.get(language), values.join(" · "))?;
        writeln!(out, "    {}", attribute.rubric.get(language).trim())?;
    }
    writeln!(out, "\n{}", word("Prompts", "prompts"))?;
    for prompts_language in probe.languages() {
        let prompts: Vec<&Prompt> = probe.prompts.iter().filter(|prompt| prompt.language == prompts_language).collect();
        writeln!(out, "  {}: {}", prompts_language.code(), prompts.len())?;
        for prompt in prompts.iter().take(if all { usize::MAX } else { 1 }) {
            let levels: Vec<&str> = prompt.levels.values().map(String::as_str).collect();
            writeln!(
                out,
                "    [{}] {}",
                [&[prompt.template.as_str(), &prompt.context], levels.as_slice()].concat().join(" "),
                prompt.task.text()
            )?;
            if let Task::Choose { options, .. } = &prompt.task {
                options.iter().try_for_each(|option| writeln!(out, "      {}: {:?}", option.category, option.text))?;
            }
        }
    }
    Ok(())
}

fn contrast(contrast: &Contrast, language: Language) -> String {
    let german = language == Language::De;
    match contrast {
        Contrast::Baseline { value, source } if german => format!("Anteil gegen {value} ({})", source.de),
        Contrast::Baseline { value, source } => format!("share against {value} ({})", source.en),
        Contrast::Level { axis, level, reference } if german => format!("{axis}: {level} gegen {reference}"),
        Contrast::Level { axis, level, reference } => format!("{axis}: {level} against {reference}"),
        Contrast::LevelVersusMean { axis, level } if german => format!("{axis}: {level} gegen das Mittel"),
        Contrast::LevelVersusMean { axis, level } => format!("{axis}: {level} against the mean"),
        Contrast::Omnibus { axis } if german => format!("{axis}: irgendein Unterschied"),
        Contrast::Omnibus { axis } => format!("{axis}: any difference"),
        Contrast::Contexts { left, right } if german => format!("{} gegen {}", left.join(", "), right.join(", ")),
        Contrast::Contexts { left, right } => format!("{} against {}", left.join(", "), right.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: Command, language: Language) -> String {
        let mut out = Vec::new();
        run(&Arguments { command }, &Library::open(None).unwrap(), None, language, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_list_names_suites_probes_and_axes_in_the_readers_language() {
        let german = words(Command::List, Language::De);
        assert!(german.contains("persona                 Wer ist „eine Person“? (1 Proben)"), "{german}");
        assert!(german.contains("neutral-persona         Eine Person, ein Mensch (6 Prompts)"), "{german}");
        assert!(words(Command::List, Language::En).contains("gender                  woman man non-binary unmarked"));
    }

    #[test]
    fn a_shown_probe_says_what_it_claims_and_what_it_asks() {
        let probe = "neutral-persona".to_owned();
        let text = words(Command::Show { probe: probe.clone(), prompts: true }, Language::En);
        assert!(text.contains("women-parity (exploratory; margin 0.1)") && text.contains("share against 0.5 (parity"), "{text}");
        assert_eq!(text.matches("fiktiven Menschen").count(), 3);
        let brief = words(Command::Show { probe, prompts: false }, Language::De);
        assert_eq!(brief.matches("    [").count(), 1);
    }

    #[test]
    fn sound_files_are_said_to_be_sound() {
        assert_eq!(words(Command::Check { id: Some("persona".into()) }, Language::De), "persona ist in Ordnung.\n");
        assert!(words(Command::Check { id: None }, Language::En).ends_with("are sound.\n"));
    }

    #[test]
    fn a_probe_that_is_not_there_is_an_error_with_a_suggestion() {
        let wrong = Command::Check { id: Some("neutral-person".into()) };
        let arguments = Arguments { command: wrong };
        let Err(Error::Probes(errors)) = run(&arguments, &Library::open(None).unwrap(), None, Language::De, &mut Vec::new()) else {
            panic!("there is no such probe");
        };
        assert_eq!(errors.problems[0].help.as_deref(), Some("did you mean `neutral-persona`?"));
    }
}
