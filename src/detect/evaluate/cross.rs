//! Training on one part, scores for another.

use rayon::prelude::*;

use super::folds;
use super::read::Readings;
use crate::detect::features::{Detector, Features};
use crate::detect::linear::{Linear, soft};

/// Penalties to choose from, the weakest first.
const GRID: [f64; 5] = [1e-4, 1e-3, 1e-2, 1e-1, 1.0];
/// Folds within a training part.
const INNER: usize = 5;

/// Items to train on and items to test, without a common source.
pub(super) struct Split {
    pub train: Vec<usize>,
    pub test: Vec<usize>,
}

impl Split {
    /// One split for each fold.
    pub fn of_folds(fold: &[usize], folds: usize) -> Vec<Self> {
        let part = |held: usize, test: bool| (0..fold.len()).filter(|at| (fold[*at] == held) == test).collect();
        (0..folds).map(|held| Self { train: part(held, false), test: part(held, true) }).collect()
    }
}

/// One fit for each split; `None` where the training part holds a single class.
pub(super) struct Trained(Vec<Option<Linear>>);

impl Trained {
    pub fn new(detector: &dyn Detector, readings: &Readings, splits: &[Split], generated: &[bool], groups: &[usize], nested: bool) -> Self {
        let training = Training { detector, readings, generated, groups };
        let fit = |split: &Split| {
            let penalty = if nested { training.choose(&split.train) } else { detector.penalty() };
            training.fit(&split.train, penalty)
        };
        Self(splits.par_iter().map(fit).collect())
    }

    /// Scores of the tested items; `None` for all others, where nothing was read and where nothing was trained.
    pub fn scores(&self, splits: &[Split], readings: &Readings) -> Vec<Option<f64>> {
        let mut scores = vec![None; readings.len()];
        for (split, fit) in splits.iter().zip(&self.0) {
            let Some(fit) = fit else { continue };
            for item in &split.test {
                scores[*item] = readings[*item].as_ref().ok().map(|features| fit.score(features));
            }
        }
        scores
    }

    pub fn penalties(&self) -> Vec<f64> {
        self.0.iter().flatten().map(|fit| fit.penalty).collect()
    }
}

struct Training<'a> {
    detector: &'a dyn Detector,
    readings: &'a Readings,
    generated: &'a [bool],
    groups: &'a [usize],
}

impl Training<'_> {
    fn fit(&self, train: &[usize], penalty: f64) -> Option<Linear> {
        let read: Vec<(&Features, bool)> =
            train.iter().filter_map(|item| Some((self.readings[*item].as_ref().ok()?, self.generated[*item]))).collect();
        let (features, labels): (Vec<&Features>, Vec<bool>) = read.into_iter().unzip();
        let both = labels.contains(&true) && labels.contains(&false);
        both.then(|| Linear::fit(&features, &labels, self.detector.buckets(), penalty))
    }

    /// The penalty with the smallest loss over inner folds, both classes having the same weight; of equals the strongest. The loss, not the area: it also keeps
    /// the scores of all splits on one scale, so that they can be pooled. The detector's own penalty where the part is too small to tell.
    fn choose(&self, train: &[usize]) -> f64 {
        let groups: Vec<usize> = train.iter().map(|item| self.groups[*item]).collect();
        let labels: Vec<bool> = train.iter().map(|item| self.generated[*item]).collect();
        let inner = Split::of_folds(&folds::assign(&groups, &labels, INNER), INNER);
        let of = |penalty: &f64| {
            let mut losses = [(0.0, 0.0); 2];
            for split in &inner {
                let part: Vec<usize> = split.train.iter().map(|at| train[*at]).collect();
                let Some(fit) = self.fit(&part, *penalty) else { continue };
                for at in &split.test {
                    let Ok(features) = &self.readings[train[*at]] else { continue };
                    let margin = if labels[*at] { fit.score(features) } else { -fit.score(features) };
                    let (sum, count) = &mut losses[usize::from(labels[*at])];
                    *sum += soft(-margin);
                    *count += 1.0;
                }
            }
            losses.iter().all(|(_, count)| *count > 0.0).then(|| losses.iter().map(|(sum, count)| sum / count).sum::<f64>())
        };
        let losses: Vec<Option<f64>> = GRID.par_iter().map(of).collect();
        let known = GRID.into_iter().zip(losses).filter_map(|(penalty, loss)| Some((penalty, loss?))).rev();
        known.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(self.detector.penalty(), |(penalty, _)| penalty)
    }
}
