//! The evidence that intervals and tests hold what they promise.
//!
//! In: a number of repetitions and a seed. Out: for every cell of a grid how often the interval contained the truth, how often a difference was claimed
//! at 5 %, and how wide the interval was. Each repetition goes through the same doors ([`super::estimate`]) as an analysis. Cells
//! are computed in parallel, each from its own stream of random numbers: the figures do not depend on the number of threads.
//!
//! Shares in clusters are beta-binomial: each cluster has its own chance, with the stated mean and correlation of answers within a cluster. In
//! crossed designs a normal effect of each row and each column is added to a normal threshold, so that the share is exact.

use rayon::prelude::*;
use serde::Serialize;

use super::StatsError;
use super::clusters::Design;
use super::correction::{Correction, Validation};
use super::estimate::{Arm, Estimate, Labels, Scale, Settings, paired_difference, share_against_baseline, unpaired_difference};
use super::rng::Random;
use super::special::{normal_cdf, normal_quantile};

/// Answers in each cluster of the one-way cells.
pub const ANSWERS: usize = 20;

/// What a cell simulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// A share against its true value.
    Share,
    /// The same, half of the clusters with a quarter of the answers that the others have.
    ShareUnequal,
    /// The same from a fair instrument (sensitivity .9, specificity .85), validated on 150 + 150 rows.
    ShareCorrected,
    /// The same from a weak instrument (sensitivity and specificity .7), validated on 40 + 40 rows.
    ShareWeaklyCorrected,
    /// The same with rows and columns both a sample.
    ShareTwoWay,
    /// Two arms with the same chance in each cluster.
    PairedNone,
    /// Two arms that differ in every cluster, but not on average.
    PairedVarying,
    /// Two arms that differ by .1 on average.
    PairedShifted,
    /// The same from the fair instrument.
    PairedCorrected,
    /// Two arms whose difference varies by row and by column, but not on average.
    PairedTwoWay,
    /// Two separate groups of clusters with the same share.
    Unpaired,
}

/// One cell of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cell {
    /// What is asked.
    pub question: Question,
    /// Number of clusters (rows, in a crossed design).
    pub clusters: usize,
    /// Number of columns; 1 where only rows are clustered.
    pub columns: usize,
    /// True share (of the first arm).
    pub share: f64,
    /// Correlation of answers within a cluster (row).
    pub correlation: f64,
    /// Correlation within a column.
    pub column_correlation: f64,
}

/// What a cell showed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellResult {
    /// The cell.
    pub cell: Cell,
    /// The truth that the intervals should contain.
    pub truth: f64,
    /// Number of repetitions.
    pub repetitions: usize,
    /// Share of repetitions in which a verdict is issued.
    pub assessed: f64,
    /// Share of the assessed in which the 95 % interval contains the truth.
    pub coverage: f64,
    /// Share of the assessed with p at most .05: false differences, except where the arms differ.
    pub rejected: f64,
    /// Mean width of the interval among the assessed.
    pub width: f64,
}

impl Cell {
    /// Whether a rejection in this cell is an error.
    pub fn is_null(&self) -> bool {
        !matches!(self.question, Question::PairedShifted | Question::PairedCorrected)
    }
}

/// All cells.
pub fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    let one_way = [
        Question::Share,
        Question::ShareUnequal,
        Question::PairedNone,
        Question::PairedVarying,
        Question::PairedShifted,
        Question::Unpaired,
    ];
    for question in one_way {
        for clusters in [6, 10, 20, 40] {
            for share in [0.05, 0.2, 0.5, 0.9] {
                for correlation in [0.0, 0.1, 0.5] {
                    cells.push(Cell { question, clusters, columns: 1, share, correlation, column_correlation: 0.0 });
                }
            }
        }
    }
    let correct = [Question::ShareCorrected, Question::ShareWeaklyCorrected, Question::PairedCorrected];
    for question in correct {
        for clusters in [6, 10, 20] {
            for share in [0.2, 0.5, 0.9] {
                for correlation in [0.0, 0.1, 0.5] {
                    cells.push(Cell { question, clusters, columns: 1, share, correlation, column_correlation: 0.0 });
                }
            }
        }
    }
    for question in [Question::ShareTwoWay, Question::PairedTwoWay] {
        for clusters in [6, 10, 20] {
            for share in [0.2, 0.5, 0.9] {
                for (correlation, column_correlation) in [(0.0, 0.0), (0.3, 0.0), (0.0, 0.3), (0.2, 0.2)] {
                    cells.push(Cell { question, clusters, columns: 10, share, correlation, column_correlation });
                }
            }
        }
    }
    cells
}

/// How many times as often shares against a baseline are simulated: their test is closest to its level, and needs no permutations.
pub const MORE_SHARES: usize = 5;

/// Simulates every cell `repetitions` times, shares against a baseline [`MORE_SHARES`] times as often.
///
/// # Errors
/// None that a valid grid can meet; those of [`super::estimate`].
pub fn grid(repetitions: usize, seed: u64) -> Result<Vec<CellResult>, StatsError> {
    let often = |cell: &Cell| match cell.question {
        Question::Share | Question::ShareUnequal | Question::ShareTwoWay => MORE_SHARES * repetitions,
        _ => repetitions,
    };
    cells().into_par_iter().map(|cell| simulate(cell, often(&cell), seed)).collect()
}

/// Simulates one cell.
///
/// # Errors
/// Those of [`super::estimate`].
pub fn simulate(cell: Cell, repetitions: usize, seed: u64) -> Result<CellResult, StatsError> {
    let mut random = Random::new(seed, &format!("{cell:?}"));
    let truth = if cell.is_null() { baseline(&cell) } else { 0.1 };
    let (mut assessed, mut covered, mut rejected, mut width) = (0_usize, 0_usize, 0_usize, 0.0);
    for repetition in 0..repetitions {
        let settings = Settings { level: 0.95, seed: seed ^ repetition as u64 };
        let estimate = match once(&cell, settings, &mut random) {
            Ok(estimate) if !estimate.too_little_evidence() => estimate,
            Ok(_) | Err(StatsError::WeakInstrument { .. }) => continue,
            Err(error) => return Err(error),
        };
        assessed += 1;
        covered += usize::from(estimate.interval.contains(truth));
        rejected += usize::from(estimate.p_difference <= 0.05);
        width += estimate.interval.upper - estimate.interval.lower;
    }
    let of_assessed = |count: f64| count / assessed as f64;
    Ok(CellResult {
        cell,
        truth,
        repetitions,
        assessed: assessed as f64 / repetitions as f64,
        coverage: of_assessed(covered as f64),
        rejected: of_assessed(rejected as f64),
        width: of_assessed(width),
    })
}

/// What a null cell is compared with: its share, or 0 for a difference.
fn baseline(cell: &Cell) -> f64 {
    match cell.question {
        Question::Share | Question::ShareUnequal | Question::ShareCorrected | Question::ShareWeaklyCorrected | Question::ShareTwoWay => {
            cell.share
        }
        _ => 0.0,
    }
}

/// Draws one sample of the cell and analyses it.
fn once(cell: &Cell, settings: Settings, random: &mut Random) -> Result<Estimate, StatsError> {
    match cell.question {
        Question::Share => {
            let chances = chances(cell, random);
            let (rows, values) = answers(&chances, &vec![ANSWERS; cell.clusters], random);
            share_against_baseline(&values, one_way(&rows), cell.share, None, settings)
        }
        Question::ShareUnequal => {
            let chances = chances(cell, random);
            let sizes: Vec<usize> = (0..cell.clusters).map(|cluster| if cluster % 2 == 0 { 8 } else { 32 }).collect();
            let (rows, values) = answers(&chances, &sizes, random);
            share_against_baseline(&values, one_way(&rows), cell.share, None, settings)
        }
        Question::ShareCorrected | Question::ShareWeaklyCorrected => {
            let instrument = if cell.question == Question::ShareCorrected { FAIR } else { WEAK };
            let chances = instrument.seen(&chances(cell, random));
            let (rows, values) = answers(&chances, &vec![ANSWERS; cell.clusters], random);
            share_against_baseline(&values, one_way(&rows), cell.share, Some(&instrument.validated(random)), settings)
        }
        Question::ShareTwoWay => {
            let crossed = Crossed::new(cell);
            let values = crossed.answers(cell, random);
            share_against_baseline(&values, crossed.labels(), cell.share, None, settings)
        }
        Question::PairedTwoWay => {
            let crossed = Crossed::new(cell);
            let (first, second) = (crossed.answers(cell, random), crossed.answers(cell, random));
            paired_difference(&first, &second, crossed.labels(), Scale::Share, None, settings)
        }
        Question::PairedNone | Question::PairedVarying | Question::PairedShifted | Question::PairedCorrected => {
            let mut first = chances(cell, random);
            let mut second = match cell.question {
                Question::PairedVarying => chances(cell, random),
                Question::PairedNone => first.clone(),
                _ => first.iter().map(|&chance| shifted(chance, cell.share)).collect(),
            };
            let correction = (cell.question == Question::PairedCorrected).then(|| {
                (first, second) = (FAIR.seen(&first), FAIR.seen(&second));
                Correction::Shared(FAIR.validated(random))
            });
            let sizes = vec![ANSWERS; cell.clusters];
            let (rows, first) = answers(&first, &sizes, random);
            let (_, second) = answers(&second, &sizes, random);
            // The arm with the larger share comes first, so that the true difference is +.1.
            let arms = if cell.share < 0.5 { (&second, &first) } else { (&first, &second) };
            paired_difference(arms.0, arms.1, one_way(&rows), Scale::Share, correction.as_ref(), settings)
        }
        Question::Unpaired => {
            let sizes = vec![ANSWERS; cell.clusters];
            let (rows, first) = answers(&chances(cell, random), &sizes, random);
            let (_, second) = answers(&chances(cell, random), &sizes, random);
            let arm = |values| Arm { values, labels: one_way(&rows), correction: None };
            unpaired_difference(arm(&first), arm(&second), Scale::Share, settings)
        }
    }
}

/// An instrument that errs, and the rows of each class that it is validated on.
#[derive(Clone, Copy)]
struct Erring {
    sensitivity: f64,
    specificity: f64,
    rows: usize,
}

const FAIR: Erring = Erring { sensitivity: 0.9, specificity: 0.85, rows: 150 };
const WEAK: Erring = Erring { sensitivity: 0.7, specificity: 0.7, rows: 40 };

impl Erring {
    /// Chances of a yes from the instrument.
    fn seen(&self, chances: &[f64]) -> Vec<f64> {
        chances.iter().map(|chance| chance * self.sensitivity + (1.0 - chance) * (1.0 - self.specificity)).collect()
    }

    fn validated(&self, random: &mut Random) -> Validation {
        let (hits, rejections) = (random.binomial(self.rows, self.sensitivity), random.binomial(self.rows, self.specificity));
        Validation {
            true_positives: hits as u64,
            false_negatives: (self.rows - hits) as u64,
            true_negatives: rejections as u64,
            false_positives: (self.rows - rejections) as u64,
        }
    }
}

/// A cluster's chance moved by .1 on average: upwards for small shares, downwards for large ones, in proportion to the room there is.
fn shifted(chance: f64, share: f64) -> f64 {
    if share < 0.5 { chance + 0.1 * (1.0 - chance) / (1.0 - share) } else { chance * (share - 0.1) / share }
}

/// The chance of each cluster.
fn chances(cell: &Cell, random: &mut Random) -> Vec<f64> {
    let draw = |_| match cell.correlation {
        0.0 => cell.share,
        correlation => {
            let size = 1.0 / correlation - 1.0;
            random.beta(cell.share * size, (1.0 - cell.share) * size)
        }
    };
    (0..cell.clusters).map(draw).collect()
}

/// Row and value of every answer.
fn answers(chances: &[f64], sizes: &[usize], random: &mut Random) -> (Vec<u32>, Vec<f64>) {
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for ((row, &chance), &size) in (0_u32..).zip(chances).zip(sizes) {
        for _ in 0..size {
            rows.push(row);
            values.push(if random.uniform() < chance { 1.0 } else { 0.0 });
        }
    }
    (rows, values)
}

fn one_way(rows: &[u32]) -> Labels<'_> {
    Labels { rows, columns: rows, design: Design::RowsOnly }
}

/// Labels of a crossed design with four answers in each cell of it.
struct Crossed {
    rows: Vec<u32>,
    columns: Vec<u32>,
}

const REPEATS: usize = 4;

impl Crossed {
    fn new(cell: &Cell) -> Self {
        let (mut rows, mut columns) = (Vec::new(), Vec::new());
        for row in (0_u32..).take(cell.clusters) {
            for column in (0_u32..).take(cell.columns) {
                rows.extend([row; REPEATS]);
                columns.extend([column; REPEATS]);
            }
        }
        Self { rows, columns }
    }

    fn labels(&self) -> Labels<'_> {
        Labels { rows: &self.rows, columns: &self.columns, design: Design::TwoWay }
    }

    fn answers(&self, cell: &Cell, random: &mut Random) -> Vec<f64> {
        let mut effects =
            |count: usize, correlation: f64| -> Vec<f64> { (0..count).map(|_| correlation.sqrt() * random.normal()).collect() };
        let rows = effects(cell.clusters, cell.correlation);
        let columns = effects(cell.columns, cell.column_correlation);
        let threshold = normal_quantile(cell.share);
        let rest = (1.0 - cell.correlation - cell.column_correlation).sqrt();
        let chance = |(&row, &column): (&u32, &u32)| normal_cdf((threshold + rows[row as usize] + columns[column as usize]) / rest);
        let labels = self.rows.iter().zip(&self.columns);
        labels.map(|pair| if random.uniform() < chance(pair) { 1.0 } else { 0.0 }).collect()
    }
}

/// The results as a table in Markdown, one line per cell.
pub fn table(results: &[CellResult]) -> String {
    let mut lines = vec![
        "| question | clusters | share | correlation | assessed | coverage | p ≤ .05 | width |".to_owned(),
        "|---|---:|---:|---:|---:|---:|---:|---:|".to_owned(),
    ];
    for result in results {
        let cell = &result.cell;
        let crossed = cell.columns > 1;
        lines.push(format!(
            "| {} | {}{} | {:.2} | {:.1}{} | {:.1} % | {:.1} % | {:.1} %{} | {:.3} |",
            cell.question.name(),
            cell.clusters,
            if crossed { format!(" × {}", cell.columns) } else { String::new() },
            cell.share,
            cell.correlation,
            if crossed { format!(", {:.1}", cell.column_correlation) } else { String::new() },
            100.0 * result.assessed,
            100.0 * result.coverage,
            100.0 * result.rejected,
            if cell.is_null() { "" } else { " (found)" },
            result.width,
        ));
    }
    lines.join("\n") + "\n"
}

impl Question {
    /// The question in words.
    pub fn name(self) -> &'static str {
        match self {
            Question::Share => "share",
            Question::ShareUnequal => "share, clusters of 8 and 32",
            Question::ShareCorrected => "share, corrected",
            Question::ShareWeaklyCorrected => "share, weak instrument, corrected",
            Question::ShareTwoWay => "share, two-way",
            Question::PairedNone => "paired, no difference",
            Question::PairedVarying => "paired, difference varies about 0",
            Question::PairedShifted => "paired, difference .1",
            Question::PairedCorrected => "paired, difference .1, corrected",
            Question::PairedTwoWay => "paired, two-way, difference varies about 0",
            Question::Unpaired => "two groups, no difference",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rarest coverage and most frequent rejection that 400 repetitions of a method that holds 93 % and 5 % show by chance, once in a thousand.
    const COVERED: f64 = 0.885;
    const REJECTED: f64 = 0.088;

    #[test]
    fn a_slice_of_the_grid_keeps_coverage_and_false_differences() {
        let cell = |question, clusters, columns, share, correlation| Cell {
            question,
            clusters,
            columns,
            share,
            correlation,
            column_correlation: if columns > 1 { 0.2 } else { 0.0 },
        };
        let slice = [
            cell(Question::Share, 6, 1, 0.2, 0.5),
            cell(Question::Share, 20, 1, 0.9, 0.1),
            cell(Question::Share, 20, 1, 0.05, 0.5),
            cell(Question::ShareCorrected, 10, 1, 0.5, 0.1),
            cell(Question::ShareTwoWay, 10, 10, 0.5, 0.2),
            cell(Question::PairedNone, 6, 1, 0.5, 0.1),
            cell(Question::PairedVarying, 20, 1, 0.9, 0.5),
            cell(Question::PairedShifted, 10, 1, 0.2, 0.1),
            cell(Question::PairedTwoWay, 10, 10, 0.5, 0.2),
            cell(Question::Unpaired, 10, 1, 0.2, 0.1),
        ];
        for cell in slice {
            let result = simulate(cell, 400, 20_261_123).unwrap();
            assert_eq!(result.assessed, 1.0);
            assert!(result.coverage >= COVERED, "{result:?}");
            assert!(!cell.is_null() || result.rejected <= REJECTED, "{result:?}");
        }
    }

    #[test]
    fn a_share_that_errs_together_with_its_variance_is_claimed_to_differ_in_one_of_twenty_samples() {
        let cell = |question, clusters, columns, share, correlation, column_correlation| Cell {
            question,
            clusters,
            columns,
            share,
            correlation,
            column_correlation,
        };
        let hardest = [
            cell(Question::Share, 40, 1, 0.9, 0.5, 0.0),
            cell(Question::Share, 40, 1, 0.05, 0.1, 0.0),
            cell(Question::ShareUnequal, 10, 1, 0.5, 0.1, 0.0),
            cell(Question::ShareUnequal, 20, 1, 0.2, 0.5, 0.0),
            cell(Question::ShareUnequal, 40, 1, 0.9, 0.5, 0.0),
            cell(Question::ShareTwoWay, 20, 10, 0.9, 0.0, 0.3),
            cell(Question::ShareCorrected, 6, 1, 0.2, 0.5, 0.0),
            cell(Question::ShareCorrected, 10, 1, 0.2, 0.5, 0.0),
        ];
        for cell in hardest {
            let result = simulate(cell, 4_000, 20_261_125).unwrap();
            // 5 % and what 4,000 repetitions add to it by chance, once in a thousand.
            assert!(result.rejected <= 0.0607, "{result:?}");
            assert!((0.93..=0.97).contains(&result.coverage), "{result:?}");
        }
    }

    #[test]
    fn a_cell_is_the_same_whoever_computes_it() {
        let cell = cells()[0];
        assert_eq!(simulate(cell, 20, 1), simulate(cell, 20, 1));
        assert_ne!(simulate(cell, 20, 1), simulate(cell, 20, 2));
    }

    #[test]
    fn fewer_than_six_clusters_never_get_a_verdict() {
        let cell = Cell { clusters: 5, ..cells()[0] };
        assert_eq!(simulate(cell, 20, 1).unwrap().assessed, 0.0);
    }

    #[test]
    fn the_grid_holds_every_cell_once() {
        let cells = cells();
        assert_eq!(cells.len(), 6 * 48 + 3 * 27 + 2 * 36);
        let names: std::collections::BTreeSet<String> = cells.iter().map(|cell| format!("{cell:?}")).collect();
        assert_eq!(names.len(), cells.len());
    }
}
