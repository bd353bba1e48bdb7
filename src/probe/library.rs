//! All probes, axes and suites at hand: the carried ones, overridden by the user's files of the same path.
//!
//! In: the user's root, if any. Out: validated probes and suites by id, or [`ProbeErrors`] that show every problem of the files concerned.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use garde::Validate;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use super::check::{Check, Known, family};
use super::expand::{Axis, prompts};
use super::file::{AxisFile, AxisUse, Level, Occupation, OccupationFile, ProbeFile, SuiteFile};
use super::problem::{ProbeErrors, Problem, Source, suggestion};
use super::{Bilingual, Probe, context, replication, schema};
use crate::assets;
use crate::store::hash_id;

const OCCUPATIONS: &str = "datasets/occupations.toml";

/// A named list of probes, ready to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Unique id, the name of its file.
    pub id: String,
    /// Name for readers.
    pub title: Bilingual,
    /// What it is for.
    pub purpose: Bilingual,
    /// How often the data may be analysed while they grow.
    pub looks: u32,
    /// Level of its family.
    pub alpha: f64,
    /// Its probes, in the order of the file.
    pub probes: Vec<Probe>,
}

/// Every file at hand. Axes and occupations are read when it is opened, probes and suites when they are asked for.
#[derive(Debug)]
pub struct Library {
    occupations: BTreeMap<String, Occupation>,
    occupations_text: String,
    axes: BTreeMap<String, (AxisFile, Source)>,
    probes: BTreeMap<String, Source>,
    suites: BTreeMap<String, Source>,
    /// Probe files without a readable id, and ids that two files claim.
    unreadable: Vec<Problem>,
    known: Option<Known>,
}

/// A probe with the place of each hypothesis in its file.
pub(super) struct Loaded<'a> {
    pub probe: Probe,
    pub source: &'a Source,
    pub places: Vec<usize>,
}

impl Library {
    /// Read axes and occupations and list the rest. `root` is the folder that holds the user's `probes/` and `datasets/`.
    ///
    /// # Errors
    /// A file cannot be read, or an axis or the occupations are wrong. Wrong probes are no error before they are asked for.
    pub fn open(root: Option<&Path>) -> Result<Self, ProbeErrors> {
        let mut problems = Vec::new();
        let occupations = source(OCCUPATIONS, root)?;
        let entries = match parse::<OccupationFile>(&occupations) {
            Ok(file) => by_id(&occupations, "occupations", file.occupations, |entry| &entry.id, &mut problems),
            Err(wrong) => {
                problems.extend(wrong);
                BTreeMap::new()
            }
        };
        let mut library = Self {
            occupations: entries,
            occupations_text: occupations.text.to_string(),
            axes: BTreeMap::new(),
            probes: BTreeMap::new(),
            suites: BTreeMap::new(),
            unreadable: Vec::new(),
            known: None,
        };
        for path in assets::list("probes", root).map_err(|error| unreadable(Path::new("probes"), &error))? {
            let Some(inner) = path.strip_prefix("probes/").filter(|inner| inner.ends_with(".toml")) else { continue };
            let file = source(&path, root)?;
            if inner.starts_with("axes/") {
                match parse::<AxisFile>(&file) {
                    Ok(axis) => library.add_axis(axis, file, &mut problems),
                    Err(wrong) => problems.extend(wrong),
                }
            } else if let Some(name) = inner.strip_prefix("suites/") {
                library.suites.insert(name.trim_end_matches(".toml").to_owned(), file);
            } else {
                library.add_probe(file);
            }
        }
        if problems.is_empty() { Ok(library) } else { Err(ProbeErrors { problems }) }
    }

    /// Check scorers, measures, categories and reachable p as well from now on.
    pub fn knowing(mut self, known: Known) -> Self {
        self.known = Some(known);
        self
    }

    fn add_axis(&mut self, axis: AxisFile, source: Source, problems: &mut Vec<Problem>) {
        let before = problems.len();
        check_axis(&axis, &source, problems);
        if let Some((_, other)) = self.axes.get(&axis.id) {
            let message = format!("the axis `{}` is defined in {} too", axis.id, other.path);
            problems.push(source.at("id", message).help("give one of them another id"));
        } else if problems.len() == before {
            self.axes.insert(axis.id.clone(), (axis, source));
        }
    }

    fn add_probe(&mut self, source: Source) {
        let id = DeTable::parse(&source.text).ok().and_then(|table| {
            table.get_ref().iter().find(|(key, _)| key.get_ref() == "id").and_then(|(_, id)| id.get_ref().as_str().map(str::to_owned))
        });
        match id {
            None => self.unreadable.extend(match parse::<ProbeFile>(&source) {
                Err(wrong) => wrong,
                Ok(_) => Vec::new(),
            }),
            Some(id) => match self.probes.get(&id) {
                Some(other) => {
                    let message = format!("the probe `{id}` is defined in {} too", other.path);
                    self.unreadable.push(source.at("id", message).help("give one of them another id"));
                }
                None => {
                    self.probes.insert(id, source);
                }
            },
        }
    }

    /// Ids of all probes.
    pub fn probe_ids(&self) -> impl Iterator<Item = &str> {
        self.probes.keys().map(String::as_str)
    }

    /// Ids of all suites.
    pub fn suite_ids(&self) -> impl Iterator<Item = &str> {
        self.suites.keys().map(String::as_str)
    }

    /// All axes.
    pub fn axes(&self) -> impl Iterator<Item = &AxisFile> {
        self.axes.values().map(|(axis, _)| axis)
    }

    /// All nouns for persons.
    pub fn occupations(&self) -> impl Iterator<Item = &Occupation> {
        self.occupations.values()
    }

    /// The probe `id` with all its prompts.
    ///
    /// # Errors
    /// No such probe, or everything that is wrong with its file.
    pub fn probe(&self, id: &str) -> Result<Probe, ProbeErrors> {
        let Some(source) = self.probes.get(id) else {
            let mut problems = vec![Problem::anywhere(format!("there is no probe `{id}`")).suggest(id, self.probe_ids())];
            problems.extend(self.unreadable.iter().cloned());
            return Err(ProbeErrors { problems });
        };
        self.load(source).map(|loaded| loaded.probe).map_err(|problems| ProbeErrors { problems })
    }

    /// The suite `id` with its probes.
    ///
    /// # Errors
    /// No such suite, or everything that is wrong with its file and those of its probes.
    pub fn suite(&self, id: &str) -> Result<Suite, ProbeErrors> {
        let Some(source) = self.suites.get(id) else {
            return Err(Problem::anywhere(format!("there is no suite `{id}`")).suggest(id, self.suite_ids()).into());
        };
        let file: SuiteFile = parse(source).map_err(|problems| ProbeErrors { problems })?;
        let mut problems = Vec::new();
        if file.id != id {
            let message = format!("the suite is called `{}` and its file `{id}.toml`", file.id);
            problems.push(source.at("id", message).help("give both the same name"));
        }
        let mut loaded = Vec::new();
        for (at, probe) in file.probes.iter().enumerate() {
            let place = format!("probes[{at}]");
            if file.probes[..at].contains(probe) {
                problems.push(source.at(&place, format!("the probe `{probe}` is there twice")).help("remove one of them"));
                continue;
            }
            match self.probes.get(probe).map(|source| self.load(source)) {
                Some(Ok(probe)) => loaded.push(probe),
                Some(Err(wrong)) => problems.extend(wrong),
                None => {
                    problems.push(source.at(&place, format!("there is no probe `{probe}`")).suggest(probe, self.probe_ids()));
                    problems.extend(self.unreadable.iter().cloned());
                }
            }
        }
        if let Some(known) = self.known.as_ref().filter(|_| problems.is_empty()) {
            let members: Vec<_> = loaded.iter().map(|one| (&one.probe, one.source, one.places.as_slice())).collect();
            problems.extend(family(&members, file.alpha, file.looks, known));
        }
        if !problems.is_empty() {
            return Err(ProbeErrors { problems });
        }
        let SuiteFile { id, title, purpose, looks, alpha, .. } = file;
        Ok(Suite { id, title, purpose, looks, alpha, probes: loaded.into_iter().map(|one| one.probe).collect() })
    }

    /// Everything that is wrong with any probe or suite.
    ///
    /// # Errors
    /// All problems of all files.
    pub fn check(&self) -> Result<(), ProbeErrors> {
        let mut problems: Vec<Problem> = self.unreadable.clone();
        for id in self.probe_ids() {
            problems.extend(self.probe(id).err().into_iter().flat_map(|errors| errors.problems));
        }
        for id in self.suite_ids() {
            problems.extend(self.suite(id).err().into_iter().flat_map(|errors| errors.problems));
        }
        let mut told: Vec<Problem> = Vec::new();
        for problem in problems {
            if !told.contains(&problem) {
                told.push(problem);
            }
        }
        if told.is_empty() { Ok(()) } else { Err(ProbeErrors { problems: told }) }
    }

    fn load<'a>(&'a self, source: &'a Source) -> Result<Loaded<'a>, Vec<Problem>> {
        let loaded = self.build(source).and_then(|loaded| {
            let problems = replication::check(self, &loaded);
            if problems.is_empty() { Ok(loaded) } else { Err(problems) }
        });
        loaded.map_err(|mut problems| {
            problems.sort_by_key(Problem::start);
            problems
        })
    }

    /// The file of the probe `id` as it is written.
    pub(super) fn text(&self, id: &str) -> Option<&str> {
        self.probes.get(id).map(|source| &*source.text)
    }

    /// A probe from the text of a file that is not written yet.
    pub(super) fn read(&self, path: &str, text: &str) -> Result<Probe, Vec<Problem>> {
        self.load(&Source::new(path, text)).map(|loaded| loaded.probe)
    }

    /// The probe `id`, without a look at what its hypotheses replicate; `None` if there is no such probe or its file is broken.
    pub(super) fn alone(&self, id: &str) -> Option<Probe> {
        self.probes.get(id).and_then(|source| self.build(source).ok()).map(|loaded| loaded.probe)
    }

    fn build<'a>(&'a self, source: &'a Source) -> Result<Loaded<'a>, Vec<Problem>> {
        let file: ProbeFile = parse(source)?;
        let mut check = Check { source, file: &file, known: self.known.as_ref(), problems: Vec::new() };
        check.shape();
        check.fillers(&self.occupations, self.axes());
        let axes = self.axes_of(source, &file.axes, &mut check.problems);
        if !check.problems.is_empty() {
            return Err(check.problems);
        }
        let hypotheses = check.hypotheses(&axes);
        let prompts = match prompts(source, &file, &axes, &self.occupations) {
            Ok(prompts) => prompts,
            Err(wrong) => {
                check.problems.extend(wrong);
                return Err(check.problems);
            }
        };
        let probe = Probe {
            id: file.id.clone(),
            version: file.version,
            hash: self.hash(source, &file),
            station: file.station.as_str().to_owned(),
            title: file.title.clone(),
            purpose: file.purpose.clone(),
            limits: file.limits.clone(),
            answer: file.answer,
            answer_language: file.answer_language,
            domain: file.domain.clone(),
            scorers: file.scorers.clone(),
            fixed: file.fixed,
            repeats: file.repeats,
            seed: file.seed,
            sampling: file.sampling,
            attributes: file.attributes.clone(),
            hypotheses: hypotheses.iter().map(|(_, hypothesis)| hypothesis.clone()).collect(),
            level_names: axes.iter().map(|axis| (axis.file.id.clone(), names(&axis.levels))).collect(),
            unreviewed: unreviewed(&file, &axes),
            context_names: context::names(&file, &axes, &self.occupations),
            prompts,
        };
        check.evidence(&probe, &hypotheses);
        if !check.problems.is_empty() {
            return Err(check.problems);
        }
        Ok(Loaded { probe, source, places: hypotheses.into_iter().map(|(at, _)| at).collect() })
    }

    /// Hash of the probe file, its axis files, and the occupations if it uses any.
    fn hash(&self, source: &Source, file: &ProbeFile) -> String {
        let mut parts = vec![&*source.text];
        parts.extend(file.axes.iter().filter_map(|used| self.axes.get(&used.axis)).map(|(_, source)| &*source.text));
        if file.contexts.iter().flat_map(|context| context.fill.values()).any(|fill| fill.entry.is_some()) {
            parts.push(&self.occupations_text);
        }
        hash_id(parts)
    }

    fn axes_of(&self, source: &Source, uses: &[AxisUse], problems: &mut Vec<Problem>) -> Vec<Axis<'_>> {
        let mut axes: Vec<Axis> = Vec::new();
        for (at, used) in uses.iter().enumerate() {
            let place = |key: &str| format!("axes[{at}].{key}");
            let Some((file, _)) = self.axes.get(&used.axis) else {
                let known = self.axes.keys().map(String::as_str);
                problems.push(source.at(&place("axis"), format!("there is no axis `{}`", used.axis)).suggest(&used.axis, known));
                continue;
            };
            if axes.iter().any(|axis| axis.file.id == used.axis) {
                problems.push(source.at(&place("axis"), format!("the axis `{}` is there twice", used.axis)).help("remove one of them"));
                continue;
            }
            let mut levels: Vec<&Level> = Vec::new();
            for (n, name) in used.levels.iter().enumerate() {
                let place = place(&format!("levels[{n}]"));
                match file.levels.iter().find(|level| level.id == *name) {
                    Some(level) if levels.iter().any(|other| other.id == level.id) => {
                        problems.push(source.at(&place, format!("the level `{name}` is there twice")).help("remove one of them"));
                    }
                    Some(level) => levels.push(level),
                    None => {
                        let known = file.levels.iter().map(|level| level.id.as_str());
                        problems.push(source.at(&place, format!("the axis `{}` has no level `{name}`", file.id)).suggest(name, known));
                    }
                }
            }
            match &used.group {
                Some(_) if !used.levels.is_empty() => {
                    problems.push(source.at(&place("group"), "levels and a group are named").help("keep one of the two"));
                }
                Some(group) => {
                    levels = file.levels.iter().filter(|level| level.group.as_ref() == Some(group)).collect();
                    if levels.is_empty() {
                        let known = file.levels.iter().filter_map(|level| level.group.as_deref());
                        let known: BTreeSet<&str> = known.collect();
                        problems.push(
                            source.at(&place("group"), format!("the axis `{}` has no group `{group}`", file.id)).suggest(group, known),
                        );
                    }
                }
                None if used.levels.is_empty() => levels = file.levels.iter().collect(),
                None => {}
            }
            axes.push(Axis { file, levels });
        }
        if axes.iter().filter(|axis| axis.levels.iter().any(|level| level.person.is_some())).count() > 1 {
            let problem = source.at("axes[0].axis", "two axes of this probe ask for the form of nouns");
            problems.push(problem.help("keep one axis whose levels name `person`"));
        }
        axes
    }
}

/// Levels with sentences that need a review and have none, of the axes whose sentences stand in the prompts.
fn unreviewed(file: &ProbeFile, axes: &[Axis]) -> BTreeMap<String, Vec<String>> {
    let named: BTreeSet<&str> =
        file.contexts.iter().flat_map(|context| context.fill.values()).filter_map(|fill| fill.sentence.as_deref()).collect();
    let has_sentences = |axis: &&Axis| axis.file.sentences.iter().any(|sentence| named.contains(sentence.id.as_str()));
    let waits = |level: &&&Level| level.reviewed_by.as_ref().is_some_and(Vec::is_empty);
    let of = |axis: &Axis| (axis.file.id.clone(), axis.levels.iter().filter(waits).map(|level| level.id.clone()).collect::<Vec<_>>());
    axes.iter().filter(has_sentences).map(of).filter(|(_, levels)| !levels.is_empty()).collect()
}

fn names(levels: &[&Level]) -> BTreeMap<String, Bilingual> {
    levels.iter().map(|level| (level.id.clone(), level.name.clone())).collect()
}

/// References, sentences and ids of an axis.
fn check_axis(axis: &AxisFile, source: &Source, problems: &mut Vec<Problem>) {
    let ids: Vec<&str> = axis.levels.iter().map(|level| level.id.as_str()).collect();
    let mut must_be_level = |place: &str, name: &str| {
        if !ids.contains(&name) {
            problems.push(source.at(place, format!("the axis `{}` has no level `{name}`", axis.id)).suggest(name, ids.iter().copied()));
        }
    };
    must_be_level("reference", &axis.reference);
    for (at, level) in axis.levels.iter().enumerate() {
        if let Some(reference) = &level.reference {
            must_be_level(&format!("levels[{at}].reference"), reference);
        }
    }
    for (at, sentence) in axis.sentences.iter().enumerate() {
        sentence.text.keys().for_each(|level| must_be_level(&format!("sentences[{at}].text.{level}"), level));
    }
    for (at, id) in ids.iter().enumerate().filter(|(at, id)| ids[..*at].contains(id)) {
        problems.push(source.at(&format!("levels[{at}].id"), format!("the level `{id}` is there twice")).help("remove one of them"));
    }
    by_id(source, "sentences", axis.sentences.iter().collect(), |sentence| &sentence.id, problems);
}

/// A list by id; an id that is there twice is a problem.
fn by_id<T>(source: &Source, list: &str, items: Vec<T>, id: impl Fn(&T) -> &str, problems: &mut Vec<Problem>) -> BTreeMap<String, T> {
    let mut all = BTreeMap::new();
    for (at, item) in items.into_iter().enumerate() {
        match all.entry(id(&item).to_owned()) {
            Entry::Vacant(free) => {
                free.insert(item);
            }
            Entry::Occupied(taken) => {
                let problem = source.at(&format!("{list}[{at}].id"), format!("`{}` is there twice", taken.key()));
                problems.push(problem.help("give one of them another id"));
            }
        }
    }
    all
}

/// The text at `path`, the user's or the carried one.
fn source(path: &str, root: Option<&Path>) -> Result<Source, ProbeErrors> {
    let shown = root.map_or_else(|| PathBuf::from(path), |root| root.join(path));
    let bytes = assets::read(path, root).map_err(|error| unreadable(&shown, &error))?;
    let bytes = bytes.ok_or_else(|| Problem::anywhere(format!("{path} is missing")))?;
    let text = String::from_utf8(bytes.into_owned())
        .map_err(|error| Problem::anywhere(format!("{}: {}", shown.display(), error.utf8_error())).help("save the file as UTF-8"))?;
    Ok(Source::new(path, text))
}

fn unreadable(path: &Path, error: &std::io::Error) -> ProbeErrors {
    Problem::anywhere(format!("{} cannot be read: {error}", path.display())).into()
}

/// One file as `T`, or all that is wrong with it: first the syntax, then keys and words, then types, then values.
pub(crate) fn parse<T>(source: &Source) -> Result<T, Vec<Problem>>
where
    T: DeserializeOwned + JsonSchema + Validate<Context = ()>,
{
    let place = |error: &toml::de::Error| error.span().unwrap_or(0..0);
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    if !errors.is_empty() {
        let syntax = |error: &toml::de::Error| source.at_span(place(error), format!("this is not TOML: {}", error.message()), "here");
        return Err(errors.iter().map(syntax).collect());
    }
    let strangers = schema::compare::<T>(source, &table);
    if !strangers.is_empty() {
        return Err(strangers);
    }
    let value: T = toml::from_str(&source.text).map_err(|error| vec![misread(source, &error)])?;
    match value.validate() {
        Ok(()) => Ok(value),
        Err(report) => Err(report
            .iter()
            .map(|(path, error)| {
                let path = path.to_string();
                let name = path.rsplit('.').next().unwrap_or(&path);
                source.at(&path, format!("{name} {error}"))
            })
            .collect()),
    }
}

/// A value of the wrong type.
fn misread(source: &Source, error: &toml::de::Error) -> Problem {
    let message = error.message();
    let mut words = message.split('`').skip(1).step_by(2);
    let help = words.next().and_then(|given| suggestion(given, words));
    let problem = source.at_span(error.span().unwrap_or(0..0), message, "here");
    match help.filter(|_| message.starts_with("unknown")) {
        Some(help) => problem.help(help),
        None => problem,
    }
}
