//! Models that read texts token by token, whatever family they are of. In: a text. Out: a [`Position`] for each of its tokens.
//!
//! Logits exist for [`HEAD_ROWS`] positions at a time, so a long text with a large vocabulary takes no more memory than a short one.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::backend::CandleBackend;
use super::borrowed::{self, Borrowed};
use super::decoder::{Decoder, DecoderError, HEAD_ROWS};
use super::positions::{Observer, Position};
use super::text::{Text, TextError};
use super::tree::Tree;

/// Why a text could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The tokenizer cannot read it.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The network cannot compute it.
    #[error(transparent)]
    Network(#[from] DecoderError),
}

/// A model that reads.
pub struct Reader {
    network: Network,
    text: Text,
    fingerprint: String,
    context: usize,
}

enum Network {
    Own(Box<Decoder>),
    /// Its cache of keys and values is part of it, so one text at a time.
    Borrowed(Box<Mutex<borrowed::Model>>),
}

impl From<CandleBackend> for Reader {
    fn from(backend: CandleBackend) -> Self {
        let (decoder, text, fingerprint) = backend.into_parts();
        let context = decoder.config().context;
        Self { network: Network::Own(Box::new(decoder)), text, fingerprint, context }
    }
}

impl From<Borrowed> for Reader {
    fn from(borrowed: Borrowed) -> Self {
        let (model, config, text, fingerprint) = borrowed.into_parts();
        Self { network: Network::Borrowed(Box::new(Mutex::new(model))), text, fingerprint, context: config.context }
    }
}

impl Reader {
    /// Hash of all that determines what it finds.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Longest sequence that it can read, in tokens.
    pub fn context(&self) -> usize {
        self.context
    }

    /// Whether the same ids stand for the same tokens in both models.
    pub fn shares_vocabulary(&self, other: &Self) -> bool {
        self.text.shares_vocabulary(&other.text)
    }

    /// The ids of a text, behind the model's start token where it names one. The first id has no position: nothing precedes it.
    ///
    /// # Errors
    /// [`ReaderError::Text`].
    pub fn tokens(&self, text: &str) -> Result<Vec<u32>, ReaderError> {
        Ok(self.text.scored(text)?)
    }

    /// What the model finds at each token of `tokens` from the place `from` on (1 at least), and what it would find there if `second` drew the
    /// token. The caller sees to it that both have one vocabulary.
    ///
    /// # Errors
    /// [`ReaderError::Network`] when the sequence is empty, longer than a context, or holds an unknown token.
    pub fn positions(&self, second: Option<&Self>, tokens: &[u32], from: usize) -> Result<Vec<Position>, ReaderError> {
        let Some((_, before)) = tokens.split_last() else { return Err(DecoderError::Empty.into()) };
        // A token's logits stand at the output of the position before it.
        let first = from.max(1) - 1;
        let mut rows = self.rows(before, first)?;
        let mut second = second.map(|second| second.rows(before, first)).transpose()?;
        let mut observer = Observer::default();
        let mut positions = Vec::with_capacity(before.len().saturating_sub(first));
        for wanted in tokens.get(first + 1..).unwrap_or_default().chunks(HEAD_ROWS) {
            let own = rows.next(wanted.len())?;
            let other = second.as_mut().map(|second| second.next(wanted.len())).transpose()?;
            for (place, token) in wanted.iter().enumerate() {
                let row = |logits| row(logits, place, wanted.len());
                positions.push(observer.position(row(&own), other.as_deref().map(row), *token)?);
            }
        }
        Ok(positions)
    }

    /// Logits behind each of `tokens` from the place `from` on.
    fn rows<'r>(&'r self, tokens: &'r [u32], from: usize) -> Result<Rows<'r>, DecoderError> {
        match &self.network {
            Network::Own(decoder) if tokens.is_empty() => Ok(Rows::Own { decoder, hidden: Vec::new(), at: 0 }),
            Network::Own(decoder) => {
                let mut tree = Tree::default();
                decoder.insert(&mut tree, std::iter::once(tokens))?;
                Ok(Rows::Own { decoder, hidden: decoder.forward(&tree, 0, None)?, at: from * decoder.config().hidden })
            }
            Network::Borrowed(model) => {
                if tokens.len() > self.context {
                    return Err(DecoderError::TooLong { tokens: tokens.len(), context: self.context });
                }
                // What a broken-off text left behind is forgotten here.
                let mut model = model.lock().unwrap_or_else(PoisonError::into_inner);
                model.forget();
                for (place, token) in tokens.iter().enumerate().take(from) {
                    model.next(&[*token], place)?;
                }
                Ok(Rows::Borrowed { model, tokens, at: from })
            }
        }
    }
}

/// Logits of a text, a few positions at a time.
enum Rows<'r> {
    /// All outputs of the last layer, and how many numbers of them are used up.
    Own { decoder: &'r Decoder, hidden: Vec<f32>, at: usize },
    /// The network, and how many tokens it has seen.
    Borrowed { model: MutexGuard<'r, borrowed::Model>, tokens: &'r [u32], at: usize },
}

impl Rows<'_> {
    /// Logits of the next `count` positions, one row behind the other.
    fn next(&mut self, count: usize) -> Result<Vec<f32>, DecoderError> {
        match self {
            Rows::Own { decoder, hidden, at } => {
                let from = *at;
                *at += count * decoder.config().hidden;
                decoder.logits(&hidden[from..*at])
            }
            Rows::Borrowed { model, tokens, at } => {
                let mut logits = Vec::new();
                for token in &tokens[*at..*at + count] {
                    logits.extend(model.next(&[*token], *at)?);
                    *at += 1;
                }
                Ok(logits)
            }
        }
    }
}

/// The row at this place of so many.
fn row(logits: &[f32], place: usize, rows: usize) -> &[f32] {
    &logits[place * (logits.len() / rows)..][..logits.len() / rows]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::candle::Precision;
    use crate::model::candle::checkpoints::{expected, folder};
    use crate::model::candle::open::open_reader;

    /// Figures of `transformers` for whole distributions, and what follows from them in double precision.
    #[test]
    fn every_architecture_agrees_with_the_reference_implementation_on_ranks_and_moments() {
        for name in ["llama", "smollm", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "phi", "phi3"] {
            let reader = open_reader(name, &folder(name), Precision::F32).unwrap();
            let expected = expected(name);
            for (row, logprobs) in expected.rows.iter().zip(&expected.logprobs) {
                let positions = reader.positions(None, row, 1).unwrap();
                assert_eq!(positions.len(), row.len() - 1);
                for ((got, token), known) in positions.iter().zip(&row[1..]).zip(logprobs) {
                    let known: Vec<f64> = known.iter().map(|logprob| f64::from(*logprob)).collect();
                    let token = known[*token as usize];
                    let expect = |of: &dyn Fn(f64) -> f64| known.iter().map(|logprob| logprob.exp() * of(*logprob)).sum::<f64>();
                    let mean = expect(&|logprob| logprob);
                    let variance = expect(&|logprob| (logprob - mean).powi(2));
                    let figures = [(got.logprob, token), (got.own.mean, mean), (got.own.variance, variance)];
                    assert!(figures.iter().all(|(got, known)| (got - known).abs() < 1e-3), "{name}: {figures:?}");
                    // Tokens that are nearly as probable may change places.
                    let above = |bound: f64| known.iter().filter(|logprob| **logprob > bound).count() as u32;
                    assert!((above(token + 1e-4)..=above(token - 1e-4)).contains(&(got.rank - 1)), "{name}: rank {}", got.rank);
                }
            }
        }
    }

    #[test]
    fn a_text_read_from_a_place_on_has_the_bits_that_it_has_from_the_start() {
        for name in ["llama", "gemma3"] {
            let reader = open_reader(name, &folder(name), Precision::F32).unwrap();
            let row = &expected(name).rows[0];
            let whole = reader.positions(Some(&open_reader(name, &folder(name), Precision::F32).unwrap()), row, 1).unwrap();
            for from in 1..=row.len() {
                let second = open_reader(name, &folder(name), Precision::F32).unwrap();
                assert_eq!(reader.positions(Some(&second), row, from).unwrap(), whole[from - 1..], "{name} from {from}");
            }
            assert!(whole.iter().all(|position| position.second == Some(position.own)));
        }
    }

    #[test]
    fn sequences_that_cannot_be_read_are_errors() {
        for name in ["llama", "phi"] {
            let reader = open_reader(name, &folder(name), Precision::F32).unwrap();
            assert!(matches!(reader.positions(None, &[], 1), Err(ReaderError::Network(DecoderError::Empty))));
            assert_eq!(reader.positions(None, &[3], 1).unwrap(), []);
            let long = vec![1; reader.context() + 2];
            assert!(matches!(reader.positions(None, &long, 1), Err(ReaderError::Network(DecoderError::TooLong { .. }))));
        }
    }
}
