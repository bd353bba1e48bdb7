//! What can only be checked when a probe file, its axes and what scorers can read lie side by side; hypotheses become what is decided.
//!
//! In: a parsed probe file, its axes and [`Known`]. Out: hypotheses with every `*` and every left-out reference spelt out, or what is wrong.

mod answers;

use std::collections::{BTreeMap, BTreeSet};

use super::expand::{Axis, speaks};
use super::file::{AxisFile, ContrastFile, HypothesisFile, Occupation, ProbeFile, RequestKind};
use super::problem::{Problem, Source};
use super::{Contrast, Dimension, Hypothesis, Probe, Role};
use crate::store::{Language, Outcome};

/// Fewer clusters than this are too little evidence (DESIGN, rule 2).
pub const FEWEST_CLUSTERS: u32 = 6;

/// What scorers can read and how small a p can get: checks that need what stands below in the order of dependence.
#[derive(Clone, Debug)]
pub struct Known {
    /// Scorer -> measure -> its categories; `None` for numbers.
    scorers: BTreeMap<String, BTreeMap<String, Option<Vec<String>>>>,
    /// Smallest two-sided p that a test over so many clusters can give.
    pub(crate) smallest_p: fn(clusters: usize) -> f64,
}

impl Known {
    /// Nothing but `smallest_p`, for instance `|clusters| 2.0 / 2f64.powi(clusters as i32)` for a sign flip.
    pub fn new(smallest_p: fn(clusters: usize) -> f64) -> Self {
        Self { scorers: BTreeMap::new(), smallest_p }
    }

    /// Add a scorer with its measures, each with its categories (`None` for numbers).
    pub fn scorer(mut self, id: &str, measures: &[(&str, Option<&[&str]>)]) -> Self {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let measures = measures.iter().map(|(measure, categories)| ((*measure).to_owned(), categories.map(own))).collect();
        self.scorers.insert(id.to_owned(), measures);
        self
    }

    /// Every measure with its categories, and `outcome`, which needs no scorer.
    fn measures(&self) -> BTreeMap<&str, Option<Vec<&str>>> {
        let mut all: BTreeMap<&str, Option<Vec<&str>>> = BTreeMap::new();
        for (measure, categories) in self.scorers.values().flatten() {
            all.insert(measure, categories.as_ref().map(|names| names.iter().map(String::as_str).collect()));
        }
        all.insert("outcome", Some(Outcome::ALL.map(Outcome::as_str).to_vec()));
        all
    }
}

/// How many clusters a hypothesis has, before anything was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedClusters {
    /// Templates.
    pub templates: u32,
    /// Contexts; 0 when the probe has none.
    pub contexts: u32,
    /// The count that decides: the smaller one, unless the probe declares the other dimension fixed or has no contexts.
    pub decisive: u32,
}

impl Probe {
    /// The languages that its prompts are in.
    pub fn languages(&self) -> Vec<Language> {
        Language::ALL.into_iter().filter(|language| self.prompts.iter().any(|prompt| prompt.language == *language)).collect()
    }

    /// The languages in which `hypothesis` is decided, each on its own.
    pub fn languages_of(&self, hypothesis: &Hypothesis) -> Vec<Language> {
        let mut languages = self.languages();
        languages.retain(|language| hypothesis.languages.is_empty() || hypothesis.languages.contains(language));
        languages
    }

    /// Clusters of `hypothesis` in `language`.
    pub fn clusters(&self, hypothesis: &Hypothesis, language: Language) -> PlannedClusters {
        let compared: Vec<&String> = match &hypothesis.contrast {
            Contrast::Contexts { left, right } => left.iter().chain(right).collect(),
            _ => hypothesis.contexts.iter().collect(),
        };
        let (mut templates, mut contexts) = (BTreeSet::new(), BTreeSet::new());
        for prompt in &self.prompts {
            if prompt.language == language && (compared.is_empty() || compared.contains(&&prompt.context)) {
                templates.insert(&prompt.template);
                contexts.insert(&prompt.context);
            }
        }
        contexts.retain(|context| !context.is_empty());
        let (templates, contexts) = (templates.len() as u32, contexts.len() as u32);
        let decisive = match self.fixed {
            Some(Dimension::Templates) => contexts,
            Some(Dimension::Contexts) => templates,
            None if contexts == 0 => templates,
            None => templates.min(contexts),
        };
        PlannedClusters { templates, contexts, decisive }
    }
}

/// One probe being checked.
pub(crate) struct Check<'a> {
    pub source: &'a Source,
    pub file: &'a ProbeFile,
    pub known: Option<&'a Known>,
    pub problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn note(&mut self, place: &str, message: String, help: &str) {
        self.problems.push(self.source.at(place, message).help(help));
    }

    fn unknown<'k>(&mut self, place: &str, message: String, given: &str, known: impl IntoIterator<Item = &'k str>) {
        self.problems.push(self.source.at(place, message).suggest(given, known));
    }

    /// Ids that occur twice, slots with two meanings, and parts that do not belong to this kind of request.
    pub fn shape(&mut self) {
        let file = self.file;
        self.twice("templates", "template", file.templates.iter().map(|template| template.id.as_str()));
        self.twice("contexts", "context", file.contexts.iter().map(|context| context.id.as_str()));
        self.twice("hypotheses", "hypothesis", file.hypotheses.iter().map(|hypothesis| hypothesis.id.as_str()));
        self.twice("attributes", "attribute", file.attributes.iter().map(|attribute| attribute.id.as_str()));
        for (at, template) in file.templates.iter().enumerate() {
            if template.de.is_none() && template.en.is_none() {
                self.note(&format!("templates[{at}].id"), format!("the template `{}` has no wording", template.id), "add `de` or `en`");
            }
        }
        let templates: BTreeSet<&str> = file.templates.iter().map(|template| template.id.as_str()).collect();
        for (at, context) in file.contexts.iter().enumerate() {
            for (n, id) in context.templates.iter().enumerate().filter(|(_, id)| !templates.contains(id.as_str())) {
                self.unknown(&format!("contexts[{at}].templates[{n}]"), format!("unknown template `{id}`"), id, templates.iter().copied());
            }
            for slot in context.fill.keys().filter(|slot| file.axes.iter().any(|axis| axis.axis == **slot)) {
                let place = format!("contexts[{at}].fill.{slot}");
                self.note(&place, format!("`{slot}` is an axis of this probe and a filler"), "give the filler another name");
            }
        }
        match (file.request, &file.choose) {
            (RequestKind::Choose, None) => self.note("request", "the options are missing".to_owned(), "add a section [choose]"),
            (RequestKind::Generate | RequestKind::LogLikelihood, Some(_)) => {
                self.note("choose", "only `request = \"choose\"` has options".to_owned(), "remove the section, or change `request`");
            }
            _ => {}
        }
        if file.fixed.is_some() && file.contexts.is_empty() {
            let help = "with templates alone the templates are the clusters: remove `fixed`, or add contexts";
            self.note("fixed", "without contexts no dimension can be fixed".to_owned(), help);
        }
        self.answers();
        let Some(known) = self.known else { return };
        for (at, scorer) in file.scorers.iter().enumerate().filter(|(_, scorer)| !known.scorers.contains_key(*scorer)) {
            self.unknown(&format!("scorers[{at}]"), format!("unknown scorer `{scorer}`"), scorer, known.scorers.keys().map(String::as_str));
        }
    }

    /// Nouns and sentences that contexts name.
    pub fn fillers<'x>(&mut self, occupations: &BTreeMap<String, Occupation>, axes: impl Iterator<Item = &'x AxisFile>) {
        let sentences: BTreeSet<&str> = axes.flat_map(|axis| &axis.sentences).map(|sentence| sentence.id.as_str()).collect();
        let file = self.file;
        for (at, context) in file.contexts.iter().enumerate() {
            for (slot, fill) in &context.fill {
                let place = |kind: &str| format!("contexts[{at}].fill.{slot}.{kind}");
                if let Some(entry) = fill.entry.as_ref().filter(|entry| !occupations.contains_key(*entry)) {
                    let message = format!("datasets/occupations.toml has no entry `{entry}`");
                    self.unknown(&place("entry"), message, entry, occupations.keys().map(String::as_str));
                }
                if let Some(sentence) = fill.sentence.as_ref().filter(|sentence| !sentences.contains(sentence.as_str())) {
                    self.unknown(&place("sentence"), format!("no axis has a sentence `{sentence}`"), sentence, sentences.iter().copied());
                }
            }
            if let Some(person) = context.expect.person.as_ref().filter(|person| !occupations.contains_key(*person)) {
                let message = format!("datasets/occupations.toml has no entry `{person}`");
                self.unknown(&format!("contexts[{at}].expect.person"), message, person, occupations.keys().map(String::as_str));
            }
        }
    }

    fn twice<'i>(&mut self, list: &str, what: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (at, id) in ids.enumerate() {
            if !seen.insert(id) {
                self.note(&format!("{list}[{at}].id"), format!("the {what} `{id}` is there twice"), "give one of them another name");
            }
        }
    }

    /// All hypotheses spelt out, each with its index in the file.
    pub fn hypotheses(&mut self, axes: &[Axis]) -> Vec<(usize, Hypothesis)> {
        let file = self.file;
        let mut all = Vec::new();
        for (at, written) in file.hypotheses.iter().enumerate() {
            let before = self.problems.len();
            if written.role == Role::Confirmatory && written.why.is_none() {
                let message = format!("the confirmatory hypothesis `{}` lacks the key `why`", written.id);
                let help = "add `why = { de = …, en = … }`: why this margin is the smallest difference that matters";
                self.note(&format!("hypotheses[{at}].margin"), message, help);
            }
            self.measure(at, written);
            self.selection(at, written);
            let contrasts = self.contrasts(at, written, axes);
            if self.problems.len() == before {
                let decided: Vec<Hypothesis> = contrasts.into_iter().filter_map(|contrast| self.decided(written, contrast, axes)).collect();
                if decided.is_empty() {
                    let help = "the levels compared must stand in a language that the hypothesis and a template have";
                    self.note(&format!("hypotheses[{at}].contrast"), "no language can decide this contrast".to_owned(), help);
                }
                all.extend(decided.into_iter().map(|hypothesis| (at, hypothesis)));
            }
        }
        all.sort_by_key(|(_, hypothesis)| hypothesis.role);
        all
    }

    /// Measure, category and whole.
    fn measure(&mut self, at: usize, written: &HypothesisFile) {
        if let Some(category) = written.category.as_ref().filter(|category| !written.among.is_empty() && !written.among.contains(category))
        {
            let message = format!("the category `{category}` is not part of its whole");
            self.unknown(&format!("hypotheses[{at}].category"), message, category, written.among.iter().map(String::as_str));
        }
        if written.category.is_some() && written.margin > 1.0 {
            self.note(
                &format!("hypotheses[{at}].margin"),
                "a share cannot differ by more than 1".to_owned(),
                "0.1 is ten percentage points",
            );
        }
        let Some(known) = self.known else { return };
        let mut measures = known.measures();
        let attributes = self
            .file
            .attributes
            .iter()
            .map(|attribute| (attribute.id.as_str(), attribute.values.iter().map(|value| value.id.as_str()).collect()));
        measures.extend(attributes.map(|(id, values)| (id, Some(values))));
        let Some(categories) = measures.get(written.measure.as_str()) else {
            let message = format!("unknown measure `{}`", written.measure);
            return self.unknown(&format!("hypotheses[{at}].measure"), message, &written.measure, measures.into_keys());
        };
        let reads = |scorer: &String| known.scorers.get(scorer).is_some_and(|measures| measures.contains_key(&written.measure));
        let said = self.file.attributes.iter().any(|attribute| attribute.id == written.measure);
        if written.measure != "outcome" && !said && !self.file.scorers.iter().any(reads) {
            let reader = known.scorers.keys().find(|scorer| reads(scorer)).map_or("", String::as_str);
            let help = format!("add \"{reader}\" to `scorers`");
            self.note(&format!("hypotheses[{at}].measure"), format!("no scorer of this probe reads `{}`", written.measure), &help);
        }
        // The categories of a choice are those of its options.
        let options = self.file.choose.iter().flat_map(|choose| &choose.options).map(|option| option.category.as_str());
        let from_options: Vec<&str> = if said || written.measure == "outcome" { Vec::new() } else { options.collect() };
        let allowed: Vec<&str> = categories.iter().flatten().copied().chain(from_options).collect();
        match &written.category {
            None if categories.is_some() => {
                let list = format!("add `category = …`, one of: {}", allowed.join(", "));
                self.note(&format!("hypotheses[{at}].measure"), format!("`{}` has categories, and none is named", written.measure), &list);
            }
            Some(_) if allowed.is_empty() => {
                self.note(
                    &format!("hypotheses[{at}].category"),
                    format!("`{}` is a number and has no categories", written.measure),
                    "remove it",
                );
            }
            _ => {}
        }
        let named = written.category.iter().map(|name| (format!("hypotheses[{at}].category"), name));
        let among = written.among.iter().enumerate().map(|(n, name)| (format!("hypotheses[{at}].among[{n}]"), name));
        for (place, name) in named.chain(among).filter(|(_, name)| !allowed.is_empty() && !allowed.contains(&name.as_str())) {
            let message = format!("`{}` has no category `{name}`", written.measure);
            self.unknown(&place, message, name, allowed.iter().copied());
        }
    }

    /// Languages and contexts that a hypothesis is limited to.
    fn selection(&mut self, at: usize, written: &HypothesisFile) {
        let file = self.file;
        for (n, language) in written.languages.iter().enumerate() {
            if file.templates.iter().all(|template| template.get(*language).is_none()) {
                let message = format!("the probe has no template in the language `{}`", language.code());
                self.note(&format!("hypotheses[{at}].languages[{n}]"), message, "remove the language, or add a wording");
            }
        }
        let mut lists = vec![("contexts", &written.contexts)];
        if let ContrastFile::Contexts { left, right } = &written.contrast {
            lists.extend([("contrast.contexts.left", left), ("contrast.contexts.right", right)]);
            for (n, both) in right.iter().enumerate().filter(|(_, context)| left.contains(context)) {
                let place = format!("hypotheses[{at}].contrast.contexts.right[{n}]");
                self.note(&place, format!("the context `{both}` stands on both sides"), "remove it from one of them");
            }
        }
        for (list, names) in lists {
            for (n, name) in names.iter().enumerate().filter(|(_, name)| file.contexts.iter().all(|context| context.id != **name)) {
                let known = file.contexts.iter().map(|context| context.id.as_str());
                self.unknown(&format!("hypotheses[{at}].{list}[{n}]"), format!("unknown context `{name}`"), name, known);
            }
        }
    }

    /// The contrasts that a written one stands for.
    fn contrasts(&mut self, at: usize, written: &HypothesisFile, axes: &[Axis]) -> Vec<Contrast> {
        let place = |key: &str| format!("hypotheses[{at}].contrast.{key}");
        match &written.contrast {
            ContrastFile::Baseline { value, source } => {
                if !axes.is_empty() {
                    let help = "a baseline speaks about prompts that name no level: take a contrast of levels, or a probe without axes";
                    self.note(&place("baseline"), "this probe has axes under test".to_owned(), help);
                }
                if written.category.is_none() {
                    self.note(&place("baseline"), "a baseline is a share and needs a category".to_owned(), "add `category = …`");
                }
                vec![Contrast::Baseline { value: *value, source: source.clone() }]
            }
            ContrastFile::Contexts { left, right } => vec![Contrast::Contexts { left: left.clone(), right: right.clone() }],
            ContrastFile::Omnibus { axis } => match self.axis(&place("omnibus.axis"), axis, axes) {
                Some(_) => vec![Contrast::Omnibus { axis: axis.clone() }],
                None => Vec::new(),
            },
            ContrastFile::LevelVersusMean { axis, level } => {
                let Some(found) = self.axis(&place("level-versus-mean.axis"), axis, axes) else { return Vec::new() };
                let levels = self.levels(&place("level-versus-mean.level"), level, found);
                levels.into_iter().map(|level| Contrast::LevelVersusMean { axis: axis.clone(), level }).collect()
            }
            ContrastFile::Level { axis, level, reference } => {
                let Some(found) = self.axis(&place("level.axis"), axis, axes) else { return Vec::new() };
                let levels = self.levels(&place("level.level"), level, found);
                let mut contrasts = Vec::new();
                for name in levels {
                    let own = found.levels.iter().find(|known| known.id == name).and_then(|known| known.reference.as_ref());
                    let against = reference.as_ref().or(own).unwrap_or(&found.file.reference);
                    let key = if reference.is_some() { place("level.reference") } else { place("level") };
                    if *against == name {
                        if level != "*" {
                            self.note(&key, format!("`{name}` would be compared with itself"), "name another `reference`");
                        }
                    } else if self.levels(&key, against, found).is_empty() {
                        break;
                    } else {
                        contrasts.push(Contrast::Level { axis: axis.clone(), level: name, reference: against.clone() });
                    }
                }
                contrasts
            }
        }
    }

    fn axis<'x, 'y>(&mut self, place: &str, name: &str, axes: &'x [Axis<'y>]) -> Option<&'x Axis<'y>> {
        let found = axes.iter().find(|axis| axis.file.id == name);
        if found.is_none() {
            self.unknown(
                place,
                format!("the axis `{name}` is not under test in this probe"),
                name,
                axes.iter().map(|axis| axis.file.id.as_str()),
            );
        }
        found
    }

    /// The level named, or all for `*`; empty (and noted) if the probe does not use it.
    fn levels(&mut self, place: &str, level: &str, axis: &Axis) -> Vec<String> {
        let all: Vec<&str> = axis.levels.iter().map(|known| known.id.as_str()).collect();
        if level != "*" && !all.contains(&level) {
            self.unknown(
                place,
                format!("the level `{level}` of the axis `{}` is not in this probe", axis.file.id),
                level,
                all.iter().copied(),
            );
            return Vec::new();
        }
        all.into_iter().filter(|name| level == "*" || *name == level).map(str::to_owned).collect()
    }

    /// One hypothesis as later stages see it; `None` if no language has both levels. Of a family (`level = "*"`) each has the level behind its id.
    fn decided(&self, written: &HypothesisFile, contrast: Contrast, axes: &[Axis]) -> Option<Hypothesis> {
        let mut hypothesis = Hypothesis {
            id: written.id.clone(),
            claim: written.claim.clone(),
            measure: written.measure.clone(),
            category: written.category.clone(),
            among: written.among.clone(),
            role: written.role,
            margin: written.margin,
            why: written.why.clone(),
            replicates: written.replicates.clone(),
            pilot: written.pilot.clone(),
            languages: written.languages.clone(),
            contexts: written.contexts.clone(),
            contrast,
        };
        let (axis, level, reference) = match &hypothesis.contrast {
            Contrast::Level { axis, level, reference } => (axis, level, reference),
            Contrast::LevelVersusMean { axis, level } => (axis, level, level),
            _ => return Some(hypothesis),
        };
        let named =
            |name: &str| axes.iter().filter(|known| known.file.id == *axis).flat_map(|known| &known.levels).find(|known| known.id == name);
        let (tested, against) = (named(level)?, named(reference)?);
        let every =
            matches!(&written.contrast, ContrastFile::Level { level, .. } | ContrastFile::LevelVersusMean { level, .. } if level == "*");
        if every {
            hypothesis.id = format!("{}.{level}", written.id);
            hypothesis.replicates = written.replicates.as_ref().map(|whole| format!("{whole}.{level}"));
        }
        hypothesis.claim.de = written.claim.de.replace("{level}", &tested.name.de);
        hypothesis.claim.en = written.claim.en.replace("{level}", &tested.name.en);
        if !tested.languages.is_empty() || !against.languages.is_empty() {
            let asked = |language: &Language| written.languages.is_empty() || written.languages.contains(language);
            let template_in = |language: Language| self.file.templates.iter().any(|template| template.get(language).is_some());
            let common = |language: &Language| speaks(tested, *language) && speaks(against, *language) && template_in(*language);
            hypothesis.languages = Language::ALL.into_iter().filter(asked).filter(common).collect();
            if hypothesis.languages.is_empty() {
                return None;
            }
        }
        Some(hypothesis)
    }

    /// A confirmatory hypothesis needs [`FEWEST_CLUSTERS`].
    pub fn evidence(&mut self, probe: &Probe, hypotheses: &[(usize, Hypothesis)]) {
        let mut told = BTreeSet::new();
        for (at, hypothesis) in hypotheses.iter().filter(|(_, hypothesis)| hypothesis.role == Role::Confirmatory) {
            for language in probe.languages_of(hypothesis) {
                let clusters = probe.clusters(hypothesis, language);
                if clusters.decisive < FEWEST_CLUSTERS && told.insert(*at) {
                    let message = format!(
                        "{} clusters in the language `{}` are too few to confirm anything: {FEWEST_CLUSTERS} are needed",
                        clusters.decisive,
                        language.code()
                    );
                    let help = format!(
                        "it has {} templates and {} contexts, and the smaller number counts: add some, declare the other dimension `fixed`, or \
                         make the hypothesis exploratory",
                        clusters.templates, clusters.contexts
                    );
                    self.note(&format!("hypotheses[{at}].role"), message, &help);
                }
            }
        }
    }
}

/// The confirmatory hypotheses of a suite whose smallest reachable p exceeds their share of alpha.
///
/// The family is every confirmatory hypothesis in every language it is decided in; `alpha / looks / family` is the first step of Holm.
pub(crate) fn family(probes: &[(&Probe, &Source, &[usize])], alpha: f64, looks: u32, known: &Known) -> Vec<Problem> {
    let mut tests = Vec::new();
    for (probe, source, places) in probes {
        for (hypothesis, at) in probe.hypotheses.iter().zip(*places).filter(|(hypothesis, _)| hypothesis.role == Role::Confirmatory) {
            tests.extend(
                probe.languages_of(hypothesis).into_iter().map(|language| (*source, *at, probe.clusters(hypothesis, language).decisive)),
            );
        }
    }
    let share = alpha / f64::from(looks) / tests.len().max(1) as f64;
    let mut problems: Vec<Problem> = Vec::new();
    for (source, at, clusters) in &tests {
        let smallest = (known.smallest_p)(*clusters as usize);
        if smallest <= share {
            continue;
        }
        let message = format!("with {clusters} clusters p cannot fall below {smallest:.4}, and its share of alpha is {share:.4}");
        let enough = (*clusters..=1000).find(|more| (known.smallest_p)(*more as usize) <= share);
        let wanted = enough.map_or_else(String::new, |more| format!("{more} clusters would do; or "));
        let help = format!(
            "alpha {alpha} over {looks} look(s) and {} confirmatory tests of the suite: {wanted}make hypotheses exploratory",
            tests.len()
        );
        let problem = source.at(&format!("hypotheses[{at}].role"), message).help(help);
        if !problems.iter().any(|other| other.same(&problem)) {
            problems.push(problem);
        }
    }
    problems
}
