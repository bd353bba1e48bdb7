//! `lupe validate`: how a scorer does on texts that people have labelled, as a record that lets its findings be confirmatory.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use miette::{Context, IntoDiagnostic, Result};

use crate::score::validate::{About, Record, measure, read, validate};
use crate::score::{Scorers, ValidationRecord};
use crate::stats::correction::SMALLEST_YOUDEN;
use crate::store::Language;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Scorer: a built-in one, `classifier:NAME` or `embedder:NAME`.
    scorer: String,
    /// Table of labelled texts, CSV with the columns `text`, `label` and, if texts are told apart, `group` (for instance the level of an axis).
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// Measure, where the scorer reads several.
    #[arg(long)]
    measure: Option<String>,
    /// Domain of the texts, as the probes name theirs: the record counts for this domain alone.
    #[arg(long)]
    domain: String,
    /// Language of the texts: the record counts for this language alone.
    #[arg(long, value_enum)]
    language: Language,
    /// What the labels say and who set them, for readers of the report.
    #[arg(long)]
    truth: String,
    /// The texts had no part in making the scorer: it was not trained, tuned or chosen on them. Without this the record does not count.
    #[arg(long)]
    held_out: bool,
}

pub fn run(arguments: &Arguments, root: Option<&Path>) -> Result<ExitCode> {
    let scorers = Scorers::open(root, |id| id == arguments.scorer)?;
    let all = scorers.all();
    let Some(scorer) = all.iter().find(|scorer| scorer.id() == arguments.scorer) else {
        let ids = all.iter().map(|scorer| scorer.id());
        let declared = crate::score::declared(root)?;
        let ids: Vec<&str> = ids.chain(declared.iter().map(|scorer| scorer.id)).collect();
        return Err(miette::miette!(help = format!("there are {}", ids.join(", ")), "there is no scorer `{}`", arguments.scorer));
    };
    let measure = measure(*scorer, arguments.measure.as_deref())?;
    let rows = read(&arguments.labels)?;
    let Arguments { domain, language, truth, held_out, .. } = arguments;
    let about = About { domain: domain.clone(), language: *language, truth: truth.clone(), held_out: *held_out };
    let record = validate(*scorer, measure, &rows, &about)?;
    let text = match &record {
        Record::Categories(record) => toml::to_string(record),
        Record::Numbers(record) => toml::to_string(record),
    };
    let folder = root.unwrap_or(Path::new(".")).join("datasets/validation");
    let named = [&*arguments.scorer.replace(':', "-"), measure.id, domain, language.code()].join("-");
    let path = folder.join(format!("{named}.toml"));
    let replaced = path.is_file();
    std::fs::create_dir_all(&folder).into_diagnostic().wrap_err_with(|| folder.display().to_string())?;
    crate::run::write_whole(&path, text.into_diagnostic()?.as_bytes())?;
    println!("{}: {} texts{}", path.display(), rows.len(), if replaced { "; the record that stood there is replaced" } else { "" });
    match &record {
        Record::Categories(record) => print!("{}", rates(record)),
        Record::Numbers(record) => println!(
            "correlation with the labels {:.2} ({:.2} to {:.2}), of the ranks {:.2}; {} texts have no reading",
            record.pearson.estimate, record.pearson.lower, record.pearson.upper, record.spearman.estimate, record.missing
        ),
    }
    if !held_out {
        println!("The record says that the texts were not held out, so no finding will use it; --held-out says that they were.");
    }
    Ok(ExitCode::SUCCESS)
}

/// For each category how often it is recognised, and how often what is something else is taken for it.
fn rates(record: &ValidationRecord) -> String {
    let mut lines = format!("  {:<16}{:<24}{:>7}{:>12}{:>13}\n", "group", "category", "texts", "recognised", "not mistaken");
    for group in &record.groups {
        for (place, category) in record.categories.iter().enumerate() {
            let own: u64 = group.counts[place].iter().sum();
            let others = || group.counts.iter().enumerate().filter(|(row, _)| *row != place).map(|(_, row)| row);
            let all_others: u64 = others().flatten().sum();
            let (Some(hit), Some(kept)) =
                (share(group.counts[place][place], own), share(all_others - others().map(|row| row[place]).sum::<u64>(), all_others))
            else {
                continue;
            };
            let weak = if hit + kept - 1.0 < SMALLEST_YOUDEN { "   too weak: such findings are not-assessable" } else { "" };
            lines += &format!("  {:<16}{category:<24}{own:>7}{hit:>12.2}{kept:>13.2}{weak}\n", group.group);
        }
    }
    lines
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
