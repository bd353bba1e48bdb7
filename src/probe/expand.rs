//! A probe file becomes prompts: template x context x levels x language, every slot filled.
//!
//! In: the file with its axes. Out: prompts in id order, or every slot that cannot be filled and every level that changes nothing.

use std::collections::BTreeMap;

use super::file::{AxisFile, Choose, Fill, Level, Occupation, ProbeFile, RequestKind};
use super::problem::{Problem, Source};
use super::slot::{self, Frame};
use crate::store::{Choice, Expect, Language, Prompt, Task, hash_id};

/// An axis of a probe with the levels it uses.
pub(crate) struct Axis<'a> {
    pub file: &'a AxisFile,
    pub levels: Vec<&'a Level>,
}

impl<'a> Axis<'a> {
    /// The levels that can stand in a prompt in `language`.
    pub fn levels_in(&self, language: Language) -> impl Iterator<Item = &'a Level> {
        self.levels.iter().copied().filter(move |level| speaks(level, language))
    }
}

/// Whether a level can stand in a prompt in `language`.
pub(crate) fn speaks(level: &Level, language: Language) -> bool {
    level.languages.is_empty() || level.languages.contains(&language)
}

/// All prompts of a probe.
pub(crate) fn prompts(
    source: &Source,
    file: &ProbeFile,
    axes: &[Axis],
    occupations: &BTreeMap<String, Occupation>,
) -> Result<Vec<Prompt>, Vec<Problem>> {
    let mut maker = Maker { source, file, occupations, problems: Vec::new() };
    let mut prompts = Vec::new();
    for language in Language::ALL {
        if file.templates.iter().all(|template| template.get(language).is_none()) {
            continue;
        }
        let mixtures = maker.mixtures(axes, language);
        for (at, template) in file.templates.iter().enumerate() {
            let Some(wording) = template.get(language) else { continue };
            let first = prompts.len();
            for (context, fills) in contexts(file, &template.id) {
                for levels in &mixtures {
                    let frame = Frame { language, fills, levels, occupations: maker.occupations };
                    let place = format!("templates[{at}].{}", language.code());
                    if let Some(task) = maker.task(&place, wording, &frame, context) {
                        prompts.push((at, maker.prompt(&template.id, context, &frame, task)));
                    }
                }
            }
            maker.unchanging(at, language, &prompts[first..]);
        }
    }
    maker.repeated(&prompts);
    if !maker.problems.is_empty() {
        return Err(maker.problems);
    }
    let mut prompts: Vec<Prompt> = prompts.into_iter().map(|(_, prompt)| prompt).collect();
    prompts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(prompts)
}

/// The contexts of a template, or a single nameless one that fills nothing where the probe has none.
fn contexts<'a>(file: &'a ProbeFile, template: &str) -> Vec<(&'a str, &'a BTreeMap<String, Fill>)> {
    static NOTHING: BTreeMap<String, Fill> = BTreeMap::new();
    if file.contexts.is_empty() {
        return vec![("", &NOTHING)];
    }
    let stands = |only: &[String]| only.is_empty() || only.iter().any(|id| id == template);
    file.contexts.iter().filter(|context| stands(&context.templates)).map(|context| (context.id.as_str(), &context.fill)).collect()
}

struct Maker<'a> {
    source: &'a Source,
    file: &'a ProbeFile,
    occupations: &'a BTreeMap<String, Occupation>,
    problems: Vec<Problem>,
}

impl Maker<'_> {
    /// Every combination of levels in `language`.
    fn mixtures<'l>(&mut self, axes: &[Axis<'l>], language: Language) -> Vec<Vec<(&'l AxisFile, &'l Level)>> {
        let mut mixtures = vec![Vec::new()];
        for (at, axis) in axes.iter().enumerate() {
            let levels: Vec<_> = axis.levels_in(language).collect();
            if levels.len() < 2 {
                let message = format!(
                    "{} level(s) of the axis `{}` can stand in prompts in the language `{}`",
                    levels.len(),
                    axis.file.id,
                    language.code()
                );
                let help = "a comparison needs two: add levels, or leave out the templates in this language";
                self.note(self.source.at(&format!("axes[{at}].axis"), message).help(help));
            }
            mixtures = mixtures
                .iter()
                .flat_map(|mixture: &Vec<_>| levels.iter().map(|level| [mixture.as_slice(), &[(axis.file, *level)]].concat()))
                .collect();
        }
        mixtures
    }

    /// What is asked; `None` when a slot cannot be filled.
    fn task(&mut self, place: &str, wording: &str, frame: &Frame, context: &str) -> Option<Task> {
        let text = self.filled(place, wording, frame, context)?;
        match (self.file.request, &self.file.choose) {
            (RequestKind::Generate, _) => Some(match self.file.answer.medium() {
                Some(medium) => Task::Make { text, medium },
                None => Task::Generate { text },
            }),
            (RequestKind::LogLikelihood, _) => Some(Task::LogLikelihood { text }),
            (RequestKind::Choose, Some(choose)) => self.choice(choose, text, frame, context),
            // Reported where the file is checked.
            (RequestKind::Choose, None) => None,
        }
    }

    fn choice(&mut self, choose: &Choose, text: String, frame: &Frame, context: &str) -> Option<Task> {
        let code = frame.language.code();
        let neutral = match choose.neutral.get(frame.language) {
            Some(neutral) => self.filled(&format!("choose.neutral.{code}"), neutral, frame, context),
            None => {
                self.note(self.source.at("choose.neutral", format!("the neutral prompt lacks the language `{code}`")));
                None
            }
        };
        let mut options = Vec::new();
        for (at, option) in choose.options.iter().enumerate() {
            let place = format!("choose.options[{at}]");
            match option.get(frame.language) {
                Some(words) => {
                    let text = self.filled(&format!("{place}.{code}"), words, frame, context)?;
                    options.push(Choice { category: option.category.clone(), text });
                }
                None => self.note(self.source.at(&place, format!("this option lacks the language `{code}`"))),
            }
        }
        Some(Task::Choose { text, options, neutral: neutral? })
    }

    fn filled(&mut self, place: &str, text: &str, frame: &Frame, context: &str) -> Option<String> {
        match slot::fill(text, frame) {
            Ok(filled) => Some(filled),
            Err(errors) => {
                for error in errors {
                    // Said once, with the first context that shows it.
                    let within = if context.is_empty() { String::new() } else { format!(" (context `{context}`)") };
                    let mut problem = self.source.at_part(place, &error.slot, format!("{}{within}", error.message));
                    problem.help = error.help;
                    if !self.problems.iter().any(|other| other.same_place(&problem) && other.message.starts_with(&error.message)) {
                        self.problems.push(problem);
                    }
                }
                None
            }
        }
    }

    fn prompt(&self, template: &str, context: &str, frame: &Frame, task: Task) -> Prompt {
        let language = frame.language;
        let levels: BTreeMap<String, String> = frame.levels.iter().map(|(axis, level)| (axis.id.clone(), level.id.clone())).collect();
        let pair = hash_id([self.file.id.as_str(), template, context, language.code()]);
        let version = self.file.version.to_string();
        let mut parts = vec![self.file.id.as_str(), &version, template, context, language.code()];
        parts.extend(levels.iter().flat_map(|(axis, level)| [axis.as_str(), level.as_str()]));
        parts.push(&pair);
        parts.extend([task.kind(), task.text()]);
        if let Task::Choose { options, neutral, .. } = &task {
            parts.push(neutral);
            parts.extend(options.iter().flat_map(|option| [option.category.as_str(), option.text.as_str()]));
        }
        let expect = self.expect(context, language);
        if !expect.is_empty() {
            parts.extend(["expect", expect.language.map_or("", Language::code), expect.person.as_deref().unwrap_or_default()]);
            parts.extend(expect.words.iter().map(String::as_str));
        }
        Prompt {
            id: hash_id(parts),
            probe: self.file.id.clone(),
            probe_version: self.file.version,
            template: template.to_owned(),
            context: context.to_owned(),
            language,
            levels,
            pair,
            task,
            expect,
        }
    }

    /// What the context and the probe expect of an answer to a prompt in `language`.
    fn expect(&self, context: &str, language: Language) -> Expect {
        let answered = self.file.answer_language.unwrap_or(language);
        let written = self.file.contexts.iter().find(|known| known.id == context).map(|known| &known.expect);
        Expect {
            language: Some(answered).filter(|answered| *answered != language),
            words: written.map_or_else(Vec::new, |expect| expect.words.get(answered).to_vec()),
            person: written.and_then(|expect| expect.person.clone()),
        }
    }

    /// Levels that give the same text compare nothing.
    fn unchanging(&mut self, template: usize, language: Language, prompts: &[(usize, Prompt)]) {
        for (n, (_, prompt)) in prompts.iter().enumerate() {
            for (_, other) in prompts[..n].iter().filter(|(_, other)| other.context == prompt.context && other.task == prompt.task) {
                let Some((axis, level)) = prompt.levels.iter().find(|(axis, level)| other.levels.get(*axis) != Some(level)) else {
                    continue;
                };
                let before = other.levels.get(axis).map_or("", String::as_str);
                let place = format!("templates[{template}].{}", language.code());
                let message = format!("the levels `{before}` and `{level}` of the axis `{axis}` give the same text");
                let help = format!("use a slot that tells them apart, such as {{{axis}.name}}, or leave one of the levels out");
                self.note(self.source.at(&place, message).help(help));
            }
        }
    }

    /// Two templates or contexts that make the same prompt count one answer twice.
    fn repeated(&mut self, prompts: &[(usize, Prompt)]) {
        let mut seen: BTreeMap<(Language, &str), &Prompt> = BTreeMap::new();
        for (at, prompt) in prompts {
            let key = (prompt.language, prompt.task.text());
            let Some(first) = seen.get(&key) else {
                seen.insert(key, prompt);
                continue;
            };
            if first.task != prompt.task || (&first.template, &first.context) == (&prompt.template, &prompt.context) {
                continue;
            }
            let message = if first.template == prompt.template {
                format!("the contexts `{}` and `{}` give the same text", first.context, prompt.context)
            } else {
                format!("the templates `{}` and `{}` give the same text", first.template, prompt.template)
            };
            let place = format!("templates[{at}].{}", prompt.language.code());
            self.note(self.source.at(&place, message).help("equal prompts are one observation, not two: change or remove one"));
        }
    }

    fn note(&mut self, problem: Problem) {
        if !self.problems.iter().any(|other| other.same(&problem)) {
            self.problems.push(problem);
        }
    }
}
