//! The two tables of a run as polars frames: what became of every request, and what the scorers read.
//!
//! In: the stored rows and the measurements. Out: Parquet files for anyone's own analysis, and the observations of one model, probe,
//! language and measure for [`super::estimate`].

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use polars::prelude::*;

use super::AnalyseError;
use crate::store::{Language, Measurement, Outcome, Prompt, Request, Response, Value};

/// `responses`: a row per request. `measurements`: a row per request and measure.
#[derive(Clone, Debug)]
pub struct Frames {
    /// request, model, probe, template, context, language, levels (JSON), repeat, outcome (refusals included).
    pub responses: DataFrame,
    /// request, scorer, version, measure, category, number, missing: exactly one of the last three is set.
    pub measurements: DataFrame,
}

/// One request as the analysis sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Template, a cluster.
    pub template: String,
    /// Context, a cluster crossed with templates.
    pub context: String,
    /// Axis -> level.
    pub levels: BTreeMap<String, String>,
    /// What became of the request.
    pub outcome: Outcome,
    /// What the measure's scorer read; `None` where it was not asked or nothing usable came back.
    pub value: Option<Value>,
}

impl Frames {
    /// Build both tables. An answer that the refusal scorer reads as a refusal has the outcome `refused` from here on.
    ///
    /// # Errors
    /// When polars refuses the columns.
    pub fn build(rows: &[(Request, &Prompt, Response)], measurements: &[Measurement]) -> Result<Self, AnalyseError> {
        let refused: std::collections::BTreeSet<&str> = measurements
            .iter()
            .filter(|m| m.measure == "refusal" && m.value == Value::Category("refused".to_owned()))
            .map(|m| m.request.as_str())
            .collect();
        let outcome = |response: &Response| match response.outcome {
            // Words that came where a picture was asked for are no answer; that they decline is worth knowing.
            Outcome::Answered | Outcome::Truncated | Outcome::Unparseable if refused.contains(response.request.as_str()) => {
                Outcome::Refused
            }
            other => other,
        };
        let levels: Vec<String> = rows
            .iter()
            .map(|(_, prompt, _)| serde_json::to_string(&prompt.levels))
            .collect::<Result<_, _>>()
            .map_err(AnalyseError::Json)?;
        let responses = df!(
            "request" => rows.iter().map(|(request, _, _)| request.id.as_str()).collect::<Vec<_>>(),
            "model" => rows.iter().map(|(request, _, _)| request.model.as_str()).collect::<Vec<_>>(),
            "probe" => rows.iter().map(|(_, prompt, _)| prompt.probe.as_str()).collect::<Vec<_>>(),
            "template" => rows.iter().map(|(_, prompt, _)| prompt.template.as_str()).collect::<Vec<_>>(),
            "context" => rows.iter().map(|(_, prompt, _)| prompt.context.as_str()).collect::<Vec<_>>(),
            "language" => rows.iter().map(|(_, prompt, _)| prompt.language.code()).collect::<Vec<_>>(),
            "levels" => levels,
            "repeat" => rows.iter().map(|(request, _, _)| request.repeat).collect::<Vec<_>>(),
            "outcome" => rows.iter().map(|(_, _, response)| outcome(response).as_str()).collect::<Vec<_>>(),
        )?;
        let category = |m: &Measurement| if let Value::Category(category) = &m.value { Some(category.clone()) } else { None };
        let number = |m: &Measurement| if let Value::Number(number) = m.value { Some(number) } else { None };
        let missing = |m: &Measurement| if let Value::Missing(reason) = &m.value { Some(reason.clone()) } else { None };
        let measurements = df!(
            "request" => measurements.iter().map(|m| m.request.as_str()).collect::<Vec<_>>(),
            "scorer" => measurements.iter().map(|m| m.scorer.as_str()).collect::<Vec<_>>(),
            "version" => measurements.iter().map(|m| m.scorer_version).collect::<Vec<_>>(),
            "measure" => measurements.iter().map(|m| m.measure.as_str()).collect::<Vec<_>>(),
            "category" => measurements.iter().map(category).collect::<Vec<_>>(),
            "number" => measurements.iter().map(number).collect::<Vec<_>>(),
            "missing" => measurements.iter().map(missing).collect::<Vec<_>>(),
        )?;
        Ok(Self { responses, measurements })
    }

    /// Write `responses.parquet` and `measurements.parquet` into `folder`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&mut self, folder: &Path) -> Result<(), AnalyseError> {
        for (name, frame) in [("responses.parquet", &mut self.responses), ("measurements.parquet", &mut self.measurements)] {
            let path = folder.join(name);
            let file = File::create(&path).map_err(|error| AnalyseError::File { path: path.display().to_string(), error })?;
            ParquetWriter::new(file).finish(frame)?;
        }
        Ok(())
    }

    /// Read what [`Frames::write`] wrote into `folder`.
    ///
    /// # Errors
    /// When a file is missing or is no such table.
    pub fn read(folder: &Path) -> Result<Self, AnalyseError> {
        let read = |name: &str| {
            let path = folder.join(name);
            let file = File::open(&path).map_err(|error| AnalyseError::File { path: path.display().to_string(), error })?;
            Ok::<_, AnalyseError>(ParquetReader::new(file).finish()?)
        };
        Ok(Self { responses: read("responses.parquet")?, measurements: read("measurements.parquet")? })
    }

    /// The observations of one model, probe, language and measure, in a fixed order (template, context, levels, repeat).
    ///
    /// # Errors
    /// When polars cannot join the tables.
    pub fn observations(&self, model: &str, probe: &str, language: Language, measure: &str) -> Result<Vec<Observation>, AnalyseError> {
        let readings = self.measurements.clone().lazy().filter(col("measure").eq(lit(measure))).select([
            col("request"),
            col("category"),
            col("number"),
            col("missing"),
        ]);
        let frame = self
            .responses
            .clone()
            .lazy()
            .filter(col("model").eq(lit(model)).and(col("probe").eq(lit(probe))).and(col("language").eq(lit(language.code()))))
            .join(readings, [col("request")], [col("request")], JoinArgs::new(JoinType::Left))
            .sort(["template", "context", "levels", "repeat", "request"], SortMultipleOptions::default())
            .collect()?;
        let text = |name: &str| frame.column(name)?.str();
        let (template, context, levels, outcome) = (text("template")?, text("context")?, text("levels")?, text("outcome")?);
        let (category, missing, number) = (text("category")?, text("missing")?, frame.column("number")?.f64()?);
        let mut known: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        (0..frame.height())
            .map(|row| {
                let levels = levels.get(row).unwrap_or("{}");
                if !known.contains_key(levels) {
                    known.insert(levels, serde_json::from_str(levels).map_err(AnalyseError::Json)?);
                }
                let outcome = Outcome::ALL.into_iter().find(|o| Some(o.as_str()) == outcome.get(row)).unwrap_or(Outcome::Failed);
                let value = match (category.get(row), number.get(row), missing.get(row)) {
                    _ if !matches!(outcome, Outcome::Answered | Outcome::Truncated) => None,
                    (Some(category), _, _) => Some(Value::Category(category.to_owned())),
                    (_, Some(number), _) => Some(Value::Number(number)),
                    (_, _, Some(reason)) => Some(Value::Missing(reason.to_owned())),
                    _ => None,
                };
                let text = |column: &StringChunked| column.get(row).unwrap_or_default().to_owned();
                Ok(Observation { template: text(template), context: text(context), levels: known[levels].clone(), outcome, value })
            })
            .collect()
    }
}
