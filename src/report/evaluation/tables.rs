//! Rows of an evaluation in words and figures as the language writes them.

use std::collections::BTreeMap;

use crate::chart::Table;
use crate::detect::evaluate::{AtLength, Because, Beside, Changed, Evaluation, Group, Measured, Number, Row};
use crate::lang::wording::{Wording, numbers};

pub(super) struct Tables<'a> {
    pub found: &'a Evaluation,
    pub wording: &'a Wording,
}

impl Tables<'_> {
    fn text(&self, key: &str) -> String {
        self.wording.text(key)
    }

    fn texts(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.text(key)).collect()
    }

    fn count(&self, count: usize) -> String {
        numbers::count(count as u64, self.wording.language())
    }

    /// A number with its interval, or why there is none.
    fn number(&self, number: &Number, write: impl Fn(f64) -> String) -> String {
        match number {
            Number::Stated { value, lower, upper } => {
                let numbers = [("value", write(*value).into()), ("low", write(*lower).into()), ("high", write(*upper).into())];
                // An interval stays on one line.
                self.wording.with("chart-value-interval", &numbers).replace("; ", ";\u{a0}").replace(", ", ",\u{a0}")
            }
            Number::NotStated { because } => {
                let (key, [found, needed]) = match *because {
                    Because::TooFewSources { found, needed } => ("detect-eval-too-few-sources", [found, needed]),
                    Because::TooFewHumans { found, needed } => ("detect-eval-too-few-humans", [found, needed]),
                    Because::OneClass => return self.text("detect-eval-one-class"),
                };
                self.wording.with(key, &[("found", self.count(found).into()), ("needed", self.count(needed).into())])
            }
        }
    }

    /// An area under a curve.
    pub fn decimal(&self, number: &Number) -> String {
        self.number(number, |value| numbers::decimal(value, 3, self.wording.language()))
    }

    fn percent(&self, number: &Number) -> String {
        self.number(number, |value| numbers::percent(value, 1, self.wording.language()))
    }

    fn gain(&self, beside: &Beside) -> String {
        let number = self.number(&beside.gain, |value| numbers::signed(value, 3, self.wording.language()));
        if beside.gain.value().is_some() { format!("{number}: {}", self.verdict(beside)) } else { number }
    }

    fn verdict(&self, beside: &Beside) -> String {
        self.text(if beside.gain_shown { "detect-eval-gain-shown" } else { "detect-eval-gain-not-shown" })
    }

    fn control(&self, id: &str) -> String {
        self.wording.name("detect-control", id)
    }

    fn table(&self, caption: &str, head: Vec<String>, rows: Vec<Vec<String>>) -> Table {
        Table { caption: self.text(caption), head, rows }
    }

    /// Detector and controls on all items.
    pub fn whole(&self) -> Table {
        let whole = &self.found.whole;
        let head = self.texts(&["detect-eval-judge", "detect-eval-area", "detect-eval-adds", "detect-eval-found-1", "detect-eval-found-5"]);
        let mut rows = vec![vec![
            self.found.detector.id.clone(),
            self.decimal(&whole.measured.auroc),
            String::new(),
            self.percent(&whole.measured.found_at_1_percent),
            self.percent(&whole.measured.found_at_5_percent),
        ]];
        for beside in &whole.beside {
            rows.push(vec![self.control(&beside.control), self.decimal(&beside.auroc), self.gain(beside), String::new(), String::new()]);
        }
        self.table("detect-eval-curve", head, rows)
    }

    fn head(&self, first: &[&str], area: &[&str]) -> Vec<String> {
        let mut head = self.texts(first);
        head.extend(self.texts(&["detect-eval-human", "detect-eval-generated", "detect-eval-without", "detect-eval-area"]));
        head.extend(self.texts(area));
        head.push(self.text("detect-eval-found-5"));
        let gain = |control: &String| self.wording.with("detect-eval-gain", &[("control", self.control(control).into())]);
        head.extend(self.found.controls.iter().map(|control| gain(&control.id)));
        head
    }

    fn row(&self, first: Vec<String>, row: &Row, area: Option<&Number>) -> Vec<String> {
        let Measured { human, generated, abstained, auroc, found_at_5_percent, .. } = &row.measured;
        let without = abstained.iter().map(|reason| reason.human + reason.generated).sum();
        let mut cells = first;
        cells.extend([self.count(*human), self.count(*generated), self.count(without), self.decimal(auroc)]);
        cells.extend(area.map(|area| self.decimal(area)));
        cells.push(self.percent(found_at_5_percent));
        cells.extend(row.beside.iter().map(|beside| self.gain(beside)));
        cells
    }

    /// A line for each domain or generator.
    pub fn rows(&self, caption: &str, column: &str, rows: &[Row]) -> Table {
        let lines = rows.iter().map(|row| self.row(vec![row.name.clone()], row, None)).collect();
        self.table(caption, self.head(&[column], &[]), lines)
    }

    /// A line for each length; learned from whole texts and from texts as short.
    pub fn lengths(&self) -> Table {
        let line = |at: &AtLength| self.row(vec![self.count(at.words)], &at.trained_on_whole, Some(&at.trained_on_cut.measured.auroc));
        let rows = self.found.lengths.iter().map(line).collect();
        self.table("detect-eval-lengths", self.head(&["detect-eval-words"], &["detect-eval-area-cut"]), rows)
    }

    /// A line for each change.
    pub fn variants(&self) -> Table {
        let line = |changed: &Changed| {
            let everyday = self.text(if changed.everyday { "yes" } else { "no" });
            self.row(vec![self.wording.name("detect-variant", &changed.row.name), everyday], &changed.row, None)
        };
        let rows = self.found.variants.iter().map(line).collect();
        self.table("detect-eval-variants", self.head(&["detect-eval-change", "detect-eval-everyday"], &[]), rows)
    }

    /// A line for each group; `None` where there is none to compare.
    pub fn groups(&self) -> Option<Table> {
        let head = [
            "detect-eval-key",
            "detect-eval-group",
            "detect-eval-human",
            "detect-eval-sources",
            "detect-eval-accused",
            "detect-eval-others",
            "detect-eval-difference",
            "detect-eval-finding",
        ];
        let line = |group: &Group| {
            let finding = match (group.difference.value(), group.accused_more_often) {
                (None, _) => "verdict-not-assessable",
                (_, true) => "detect-eval-more-often",
                (_, false) => "detect-eval-not-more-often",
            };
            vec![
                self.wording.name("detect-eval-key", &group.key),
                if group.key == "language" { self.wording.name("language", &group.value) } else { group.value.clone() },
                self.count(group.human),
                self.count(group.sources),
                self.percent(&group.accused),
                self.percent(&group.others),
                self.number(&group.difference, |value| numbers::points(value, 1, self.wording.language())),
                self.text(finding),
            ]
        };
        let rows: Vec<Vec<String>> = self.found.groups.iter().map(line).collect();
        (!rows.is_empty()).then(|| self.table("detect-eval-groups", self.texts(&head), rows))
    }

    /// Works without a value, by reason.
    pub fn abstained(&self) -> Table {
        let head = self.texts(&["detect-eval-reason", "detect-eval-human", "detect-eval-generated"]);
        let rows = self.found.whole.measured.abstained.iter().map(|reason| {
            let because = self.wording.name("detect-eval-because", &reason.because);
            vec![because, self.count(reason.human), self.count(reason.generated)]
        });
        self.table("detect-eval-abstained", head, rows.collect())
    }

    /// What was evaluated on what, and how.
    pub fn facts(&self, by_domain: bool) -> Table {
        let found = self.found;
        let corpus = &found.corpus;
        let language = self.wording.language();
        let listed = |counts: Vec<(String, usize)>| {
            counts.into_iter().map(|(name, count)| format!("{name} ({})", self.count(count))).collect::<Vec<_>>().join(", ")
        };
        let version = [("detector", found.detector.id.as_str().into()), ("version", self.count(found.detector.version as usize).into())];
        let works = [("human", corpus.human), ("generated", corpus.generated), ("sources", corpus.sources)];
        let works = works.map(|(name, count)| (name, self.count(count).into()));
        let both = |counts: &BTreeMap<String, [usize; 2]>, list: &str| {
            listed(counts.iter().map(|(name, both)| (self.wording.name(list, name), both.iter().sum())).collect())
        };
        let folds = if by_domain { "detect-eval-folds-domain" } else { "detect-eval-folds-source" };
        let folds_arguments = [("folds", self.count(found.protocol.folds).into()), ("groups", self.count(corpus.groups).into())];
        let penalty = if found.protocol.nested {
            let values: Vec<String> = found.penalties.iter().map(|penalty| numbers::plain(*penalty, language)).collect();
            self.wording.with("detect-eval-penalty-nested", &[("values", values.join("; ").into())])
        } else {
            numbers::plain(found.detector.penalty, language)
        };
        let mut rows = vec![
            ("detect-eval-detector", self.wording.with("detect-eval-version", &version)),
            ("detect-eval-corpus", self.wording.with("detect-eval-corpus-words", &works)),
        ];
        if corpus.repeated > 0 {
            let repeated = [("count", self.count(corpus.repeated).into())];
            rows.push(("detect-eval-repeated", self.wording.with("detect-eval-repeated-words", &repeated)));
        }
        rows.push(("detect-eval-generator", listed(corpus.generators.iter().map(|(name, count)| (name.clone(), *count)).collect())));
        rows.push(("detect-eval-domain", both(&corpus.domains, "detect-domain")));
        if !corpus.languages.is_empty() {
            rows.push(("detect-eval-languages", both(&corpus.languages, "language")));
        }
        rows.extend([
            ("detect-eval-folds", self.wording.with(folds, &folds_arguments)),
            ("detect-eval-penalty", penalty),
            ("detect-eval-hash", corpus.blake3.clone()),
            ("detect-eval-lupe", found.lupe.clone()),
        ]);
        let rows = rows.into_iter().map(|(key, value)| vec![self.text(key), value]).collect();
        self.table("detect-eval-facts", Vec::new(), rows)
    }
}
