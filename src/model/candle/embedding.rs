//! The table of token embeddings. In: token ids. Out: their rows. Where a file stores the table as it is used (F32), it stays in the file:
//! rows are read through the map when a token asks for them, so that only pages of tokens in use take memory.

use std::ops::Range;
use std::sync::Arc;

use candle_core::{Result, Tensor};

use super::map::Map;

/// Bytes of a mapped file that hold a tensor as F32, little end first, row after row.
pub struct Stored {
    /// The file.
    pub map: Arc<Map>,
    /// Place of the tensor's bytes.
    pub bytes: Range<usize>,
}

enum Table {
    Copied(Vec<f32>),
    Mapped(Stored),
}

/// A table of `[tokens, width]`.
pub struct Embedding {
    table: Table,
    width: usize,
}

impl Embedding {
    /// Keeps `stored` where there is such a thing, a copy of `table` else.
    ///
    /// # Errors
    /// When `table` is no matrix of F32.
    pub fn new(table: &Tensor, stored: Option<Stored>) -> Result<Self> {
        let (_, width) = table.dims2()?;
        let table = match stored {
            Some(stored) => Table::Mapped(stored),
            None => Table::Copied(table.flatten_all()?.to_vec1()?),
        };
        Ok(Self { table, width })
    }

    /// The rows of these tokens, `[tokens, width]`. Ids are the caller's to check.
    pub fn rows(&self, tokens: &[u32]) -> Vec<f32> {
        let mut rows = Vec::with_capacity(tokens.len() * self.width);
        for token in tokens {
            let first = *token as usize * self.width;
            match &self.table {
                Table::Copied(values) => rows.extend_from_slice(&values[first..][..self.width]),
                Table::Mapped(Stored { map, bytes }) => {
                    let row = &map[bytes.clone()][4 * first..][..4 * self.width];
                    rows.extend(row.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)));
                }
            }
        }
        rows
    }

    /// Whether the table stays in its file.
    #[cfg(test)]
    pub fn is_mapped(&self) -> bool {
        matches!(self.table, Table::Mapped(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn a_table_in_its_file_gives_the_rows_that_a_copy_gives() {
        let values: Vec<f32> = (0..12).map(|value| value as f32 / 7.0).collect();
        let table = Tensor::from_vec(values.clone(), (4, 3), &Device::Cpu).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        // An odd place: nothing says that tensors in a file begin where numbers like to.
        let bytes: Vec<u8> = [7].into_iter().chain(values.iter().flat_map(|value| value.to_le_bytes())).collect();
        std::fs::write(file.path(), &bytes).unwrap();
        let stored = Stored { map: Arc::new(Map::open(file.path()).unwrap()), bytes: 1..bytes.len() };
        let (copied, mapped) = (Embedding::new(&table, None).unwrap(), Embedding::new(&table, Some(stored)).unwrap());
        assert!(mapped.is_mapped() && !copied.is_mapped());
        for tokens in [&[3u32, 0, 3][..], &[], &[2]] {
            assert_eq!(mapped.rows(tokens), copied.rows(tokens));
        }
        assert_eq!(mapped.rows(&[1]), values[3..6]);
    }
}
