//! A file on its way. In: pieces, in any order and from any number of threads. Out: the whole file under its name, once its hash is right.
//!
//! Beside `HASH.part` lies `HASH.journal`: a line with the sizes, then one for each finished piece with the hash of what was written. After a
//! kill, or a power cut that lost what the system had not yet written, the pieces whose hash still holds are kept and the others come again.

use std::fs::{self, File};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::FetchError;
use super::digest::Digest;

const MAGIC: &str = "lupe-part-1";
const BUFFER: usize = 1 << 18;

/// A file of which some pieces are there.
pub(super) struct Part {
    target: PathBuf,
    path: PathBuf,
    journal_path: PathBuf,
    journal: Mutex<File>,
    size: u64,
    piece: u64,
    missing: Vec<usize>,
}

impl Part {
    /// Begin, or go on with, the file that is to lie at `target`. A part that was begun keeps its size of pieces.
    pub fn open(target: &Path, size: u64, piece: u64) -> Result<Self, FetchError> {
        let beside = |ending: &str| target.with_extension(ending);
        let (path, journal_path) = (beside("part"), beside("journal"));
        let begun = fs::read_to_string(&journal_path).ok().and_then(|text| Begun::read(&text, size));
        let piece = begun.as_ref().map_or(piece.max(1), |begun| begun.piece);
        let count = size.div_ceil(piece) as usize;
        let there = begun.map(|begun| begun.still_there(&path, size)).unwrap_or_default();
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| FetchError::file(&path, &error))?;
        file.set_len(size).map_err(|error| FetchError::file(&path, &error))?;
        let mut lines = format!("{MAGIC} {size} {piece}\n");
        there.iter().for_each(|(index, hash)| lines += &line(*index, hash));
        fs::write(&journal_path, lines).map_err(|error| FetchError::file(&journal_path, &error))?;
        let journal = File::options().append(true).open(&journal_path).map_err(|error| FetchError::file(&journal_path, &error))?;
        let missing = (0..count).filter(|index| there.iter().all(|(done, _)| done != index)).collect();
        Ok(Self { target: target.to_owned(), path, journal_path, journal: Mutex::new(journal), size, piece, missing })
    }

    /// Pieces that were not there when it was opened.
    pub fn missing(&self) -> &[usize] {
        &self.missing
    }

    /// Bytes that were there when it was opened.
    pub fn resumed(&self) -> u64 {
        self.size - self.missing.iter().map(|index| self.range(*index)).map(|range| range.end - range.start).sum::<u64>()
    }

    /// Bytes of the whole.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Number of pieces.
    pub fn pieces(&self) -> usize {
        self.size.div_ceil(self.piece) as usize
    }

    /// Where a piece lies in the file.
    pub fn range(&self, index: usize) -> Range<u64> {
        range(index, self.piece, self.size)
    }

    /// Write a piece from its beginning.
    pub fn piece(&self, index: usize) -> Result<Piece<'_>, FetchError> {
        let open = || {
            let mut file = File::options().write(true).open(&self.path)?;
            file.seek(SeekFrom::Start(self.range(index).start))?;
            Ok(BufWriter::with_capacity(BUFFER, file))
        };
        let file = open().map_err(|error| FetchError::file(&self.path, &error))?;
        Ok(Piece { part: self, index, at: self.range(index).start, file, hasher: blake3::Hasher::new() })
    }

    /// Check the hash of the whole and give it its name; a wrong whole is removed.
    pub fn finish(self, name: &str, digest: &Digest) -> Result<(), FetchError> {
        let failed = |error: std::io::Error| FetchError::file(&self.path, &error);
        let found = digest.of_same_kind(&self.path).map_err(failed)?;
        if found != *digest {
            let _ = fs::remove_file(&self.journal_path);
            fs::remove_file(&self.path).map_err(failed)?;
            let (expected, found) = (digest.hex().to_owned(), found.hex().to_owned());
            return Err(FetchError::WrongHash { file: name.to_owned(), expected, found });
        }
        File::options().write(true).open(&self.path).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(&self.path, &self.target).map_err(failed)?;
        let _ = fs::remove_file(&self.journal_path);
        Ok(())
    }
}

/// A piece that is being written by one thread.
pub(super) struct Piece<'a> {
    part: &'a Part,
    index: usize,
    at: u64,
    file: BufWriter<File>,
    hasher: blake3::Hasher,
}

impl Piece<'_> {
    /// Where the next bytes belong.
    pub fn rest(&self) -> Range<u64> {
        self.at..self.part.range(self.index).end
    }

    /// Append bytes of the piece.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).map_err(|error| FetchError::file(&self.part.path, &error))?;
        self.hasher.update(bytes);
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Note in the journal that the piece is there.
    pub fn finish(mut self) -> Result<(), FetchError> {
        self.file.flush().map_err(|error| FetchError::file(&self.part.path, &error))?;
        let line = line(self.index, &self.hasher.finalize());
        let mut journal = self.part.journal.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        journal.write_all(line.as_bytes()).map_err(|error| FetchError::file(&self.part.journal_path, &error))
    }
}

fn range(index: usize, piece: u64, size: u64) -> Range<u64> {
    let start = index as u64 * piece;
    start..(start + piece).min(size)
}

fn line(index: usize, hash: &blake3::Hash) -> String {
    format!("{index} {}\n", hash.to_hex())
}

/// What a journal says.
struct Begun {
    piece: u64,
    finished: Vec<(usize, blake3::Hash)>,
}

impl Begun {
    /// `None` when it is no journal of a file of this size. Lines that are no lines, as the last one after a crash, are left out.
    fn read(text: &str, size: u64) -> Option<Self> {
        let mut lines = text.lines();
        let mut head = lines.next()?.split(' ');
        let (magic, of, piece) = (head.next()?, head.next()?.parse::<u64>().ok()?, head.next()?.parse::<u64>().ok()?);
        if magic != MAGIC || of != size || piece == 0 {
            return None;
        }
        let entry = |line: &str| {
            let (index, hash) = line.split_once(' ')?;
            Some((index.parse().ok()?, blake3::Hash::from_hex(hash).ok()?))
        };
        let mut finished: Vec<(usize, blake3::Hash)> = lines.filter_map(entry).collect();
        finished.retain(|(index, _)| (*index as u64) < size.div_ceil(piece));
        finished.sort_by_key(|(index, _)| *index);
        finished.dedup_by_key(|(index, _)| *index);
        Some(Self { piece, finished })
    }

    /// The pieces that the file at `path` really holds.
    fn still_there(mut self, path: &Path, size: u64) -> Vec<(usize, blake3::Hash)> {
        let Ok(mut file) = File::open(path) else { return Vec::new() };
        self.finished.retain(|(index, hash)| {
            let Range { start, end } = range(*index, self.piece, size);
            let mut hasher = blake3::Hasher::new();
            let read = file.seek(SeekFrom::Start(start)).and_then(|_| {
                let piece = std::io::Read::take(&mut file, end - start);
                hasher.update_reader(piece).map(|hasher| hasher.count())
            });
            read.is_ok_and(|count| count == end - start) && hasher.finalize() == *hash
        });
        self.finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &[u8] = b"0123456789";

    fn write(part: &Part, index: usize) {
        let mut piece = part.piece(index).unwrap();
        let Range { start, end } = piece.rest();
        piece.write(&CONTENT[start as usize..end as usize]).unwrap();
        piece.finish().unwrap();
    }

    fn digest() -> Digest {
        Digest::parse("84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882").unwrap() // sha256 of 0123456789
    }

    #[test]
    fn finished_pieces_survive_and_unfinished_ones_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("hash");
        let part = Part::open(&target, 10, 4).unwrap();
        assert_eq!((part.missing(), part.resumed(), part.pieces()), ([0, 1, 2].as_slice(), 0, 3));
        write(&part, 2);
        part.piece(0).unwrap().write(b"01").unwrap();
        drop(part);
        // Another size of pieces is asked for now; the one that was begun with stays.
        let part = Part::open(&target, 10, 7).unwrap();
        assert_eq!((part.missing(), part.resumed()), ([0, 1].as_slice(), 2));
        write(&part, 0);
        write(&part, 1);
        part.finish("file", &digest()).unwrap();
        assert_eq!(fs::read(&target).unwrap(), CONTENT);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the file");
    }

    #[test]
    fn a_piece_that_the_journal_claims_and_the_disk_lost_comes_again() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("hash");
        let part = Part::open(&target, 10, 4).unwrap();
        (0..3).for_each(|index| write(&part, index));
        let mut bytes = fs::read(&part.path).unwrap();
        bytes[5] = 0;
        fs::write(&part.path, bytes).unwrap();
        let mut journal = fs::read_to_string(&part.journal_path).unwrap();
        journal.truncate(journal.len() - 9);
        fs::write(&part.journal_path, journal).unwrap();
        // The second piece is damaged, the third one's line was cut in writing.
        assert_eq!(Part::open(&target, 10, 4).unwrap().missing(), [1, 2]);
        // A file of another size is another file.
        assert_eq!(Part::open(&target, 11, 4).unwrap().missing(), [0, 1, 2]);
    }

    #[test]
    fn a_wrong_whole_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let part = Part::open(&folder.path().join("hash"), 10, 10).unwrap();
        let mut piece = part.piece(0).unwrap();
        piece.write(b"012345678X").unwrap();
        piece.finish().unwrap();
        assert!(matches!(part.finish("file", &digest()), Err(FetchError::WrongHash { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
