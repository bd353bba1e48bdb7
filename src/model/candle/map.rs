//! Files as memory. In: the path of a weight file. Out: its bytes, read from the disk when they are looked at. With `kernel.rs` the only
//! place in Lupe with `unsafe`.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// A mapped file. Its bytes count as this process's memory only while they are in use; see [`Map::release`].
pub struct Map(Mmap);

impl Map {
    /// Maps a file for reading.
    ///
    /// # Errors
    /// When it cannot be opened or mapped.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the mapping is read-only and lives as long as the slices that `deref` lends. The bytes could only change if another
        // program wrote into the weight file while the model is open. Nobody does in the life of a model folder: a download goes to a name
        // of its own and is renamed when it is whole. Every value of a byte is a valid `u8`, every four of them are a valid `f32`; offsets
        // are parsed once, checked against the length of the map and then kept outside it.
        unsafe { Mmap::map(&file) }.map(Self)
    }

    /// Hash of the whole file, read piece by piece.
    pub fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for piece in self.chunks(1 << 26) {
            hasher.update(piece);
            self.release();
        }
        hasher.finalize()
    }

    /// Gives back the memory of the pages looked at so far; they are read again from the file if need be.
    pub fn release(&self) {
        #[cfg(unix)]
        {
            // SAFETY: on a read-only shared mapping of a file, `MADV_DONTNEED` drops clean pages. The next look reads the same bytes from
            // the file, so slices that are still lent stay valid and show what they showed.
            let dropped = unsafe { self.0.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
            if let Err(error) = dropped {
                tracing::debug!(%error, "mapped pages were not given back");
            }
        }
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_file_reads_the_same_after_its_pages_were_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights");
        let bytes: Vec<u8> = (0..100_000u32).map(|place| (place * 31 % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        let map = Map::open(&path).unwrap();
        assert_eq!(*map, bytes);
        map.release();
        assert_eq!((&*map, map.hash()), (bytes.as_slice(), blake3::hash(&bytes)));
        assert!(Map::open(&folder.path().join("none")).is_err());
    }
}
