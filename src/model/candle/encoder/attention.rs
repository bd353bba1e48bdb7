//! What the tokens of one text take from each other. In: their queries, keys and values. Out: for every token the mean of the values it sees,
//! weighted by softmax. Texts never see each other, so there is no padding and no mask.

use std::sync::Arc;

use super::shape::Relative;
use crate::model::candle::kernel::wide;
use crate::model::candle::{math, rotary};

/// Cosines and sines of every position, `[context, head_dim / 2]` each.
pub type Angles = (Vec<f32>, Vec<f32>);

/// How a layer's tokens see each other, with what was prepared for it.
pub enum Seen {
    /// Everything.
    All,
    /// Queries and keys turned by their position, up to a distance.
    Rotary { angles: Arc<Angles>, reach: Option<usize> },
    /// With keys and queries of relative positions.
    Relative(Places),
}

/// Keys and queries of the relative positions of a layer, `[2 * span, hidden]` each or empty. Queries are scaled as those of tokens are.
pub struct Places {
    pub shape: Relative,
    pub keys: Vec<f32>,
    pub queries: Vec<f32>,
}

impl Relative {
    /// What queries are multiplied by: a score sums up to three products.
    pub fn scale(&self, width: usize) -> f32 {
        let terms = 1 + usize::from(self.content_to_position) + usize::from(self.position_to_content);
        1.0 / ((width * terms) as f32).sqrt()
    }

    /// Row of the embeddings for a token `ahead` places before the one that looks (He et al. 2021, equation 3; buckets as in the authors' code).
    fn row(&self, ahead: i64) -> usize {
        let middle = (self.buckets / 2) as i64;
        let far = ahead.abs();
        let place = if self.buckets == 0 || far <= middle {
            ahead
        } else {
            // In single precision, as the models were trained.
            let scaled = libm::logf(far as f32 / middle as f32) / libm::logf((self.farthest - 1) as f32 / middle as f32);
            (libm::ceilf(scaled * (middle - 1) as f32) as i64 + middle) * ahead.signum()
        };
        let span = self.span as i64;
        (place + span).clamp(0, 2 * span - 1) as usize
    }
}

impl Places {
    /// Attention of the token at `place` over all tokens; arguments as in [`math::attend`].
    fn attend(
        &self,
        place: usize,
        query: &[f32],
        (keys, values): (&[f32], &[f32]),
        (width, hidden): (usize, usize),
        all: &[u32],
        out: &mut [f32],
    ) {
        let mut scores = vec![0f32; all.len()];
        let rows: Vec<usize> = (0..all.len()).map(|other| self.shape.row(place as i64 - other as i64)).collect();
        wide(|| {
            for (head, (query, out)) in query.chunks_exact(width).zip(out.chunks_exact_mut(width)).enumerate() {
                let part = |table: &[f32], row: usize, by: &[f32]| {
                    if table.is_empty() { 0.0 } else { math::dot(by, &table[row * hidden + head * width..][..width]) }
                };
                // A loop for the sake of the wide registers, as in `math::attend`.
                for (other, (score, row)) in scores.iter_mut().zip(&rows).enumerate() {
                    let key = &keys[other * hidden + head * width..][..width];
                    *score = math::dot(query, key) + part(&self.keys, *row, query) + part(&self.queries, *row, key);
                }
                math::softmax(&mut scores);
                math::weighted(&values[head * width..], hidden, all, &scores, out);
            }
        });
    }
}

/// Attention within one text: `projected` holds queries, keys and values of each token, `[tokens, 3 * hidden]`; heads are `width` numbers wide.
/// Returns `[tokens, hidden]`.
pub fn attend(projected: &[f32], hidden: usize, width: usize, seen: &Seen) -> Vec<f32> {
    let [mut queries, mut keys, mut values] = [const { Vec::new() }; 3].map(|mut part: Vec<f32>| {
        part.reserve(projected.len() / 3);
        part
    });
    for row in projected.chunks_exact(3 * hidden) {
        queries.extend_from_slice(&row[..hidden]);
        keys.extend_from_slice(&row[hidden..2 * hidden]);
        values.extend_from_slice(&row[2 * hidden..]);
    }
    if let Seen::Rotary { angles, .. } = seen {
        turn(&mut queries, hidden, width, angles);
        turn(&mut keys, hidden, width, angles);
    }
    let scale = if let Seen::Relative(places) = seen { places.shape.scale(width) } else { 1.0 / (width as f32).sqrt() };
    queries.iter_mut().for_each(|value| *value *= scale);
    let all: Vec<u32> = (0..(queries.len() / hidden) as u32).collect();
    let (mut out, mut scores) = (vec![0f32; queries.len()], Vec::new());
    for (place, (query, out)) in queries.chunks_exact(hidden).zip(out.chunks_exact_mut(hidden)).enumerate() {
        let path = match seen {
            Seen::Relative(places) => {
                places.attend(place, query, (&keys, &values), (width, hidden), &all, out);
                continue;
            }
            Seen::Rotary { reach: Some(reach), .. } => &all[place.saturating_sub(*reach)..(place + reach + 1).min(all.len())],
            Seen::All | Seen::Rotary { reach: None, .. } => &all,
        };
        math::attend(query, (&keys, &values), (width, hidden), path, &mut scores, out);
    }
    out
}

/// Turns every head of every row by the angles of the row's place.
fn turn(rows: &mut [f32], hidden: usize, width: usize, (cosines, sines): &Angles) {
    let half = width / 2;
    for (place, row) in rows.chunks_exact_mut(hidden).enumerate() {
        let (cosines, sines) = (&cosines[place * half..][..half], &sines[place * half..][..half]);
        row.chunks_exact_mut(width).for_each(|head| rotary::turn(head, cosines, sines));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows by the authors' function `make_log_bucket_position` for buckets 8 and at most 60 places, moved by the span.
    #[test]
    fn near_positions_have_rows_of_their_own_and_far_ones_share_theirs() {
        let shape = Relative {
            span: 8,
            buckets: 8,
            farthest: 60,
            content_to_position: true,
            position_to_content: true,
            shared: true,
            normed: true,
        };
        let rows: Vec<usize> = [0, 1, 4, 5, 9, 10, 24, 25, 59, -4, -5, -24, -59].map(|ahead| shape.row(ahead)).into();
        assert_eq!(rows, [8, 9, 12, 13, 13, 14, 14, 15, 15, 4, 3, 2, 1]);
        let plain = Relative { buckets: 0, farthest: 8, ..shape };
        assert_eq!([0, 3, -3, 20, -20].map(|ahead| plain.row(ahead)), [8, 11, 5, 15, 0]);
    }
}
