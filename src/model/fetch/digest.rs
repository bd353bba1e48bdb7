//! The hashes that a hub lists. In: a listed hash and a file. Out: whether the one is that of the other.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Bytes read at a time.
const BUFFER: usize = 1 << 18;

/// A hash as the hub lists it, in lower-case hexadecimal. In a cache it is also the name of the file that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256 of the content: large files.
    Sha256(String),
    /// SHA-1 of `blob LENGTH\0` and the content, as git names it: small files.
    GitBlob(String),
}

impl Digest {
    /// Read a hash, or an `ETag` (`"…"`, `W/"…"`) that is one; `None` when it is neither of the two.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.trim().trim_start_matches("W/").trim_matches('"').to_ascii_lowercase();
        let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        match hex.len() {
            64 if is_hex => Some(Self::Sha256(hex)),
            40 if is_hex => Some(Self::GitBlob(hex)),
            _ => None,
        }
    }

    /// The hexadecimal digits.
    pub fn hex(&self) -> &str {
        match self {
            Self::Sha256(hex) | Self::GitBlob(hex) => hex,
        }
    }

    /// Hash `file` in the same way.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_same_kind(&self, file: &Path) -> io::Result<Self> {
        let mut file = File::open(file)?;
        match self {
            Self::Sha256(_) => Ok(Self::Sha256(hash(Sha256::new(), &mut file)?)),
            Self::GitBlob(_) => {
                let start = format!("blob {}\0", file.metadata()?.len());
                Ok(Self::GitBlob(hash(Sha1::new_with_prefix(start), &mut file)?))
            }
        }
    }
}

/// The digest of everything that `input` still holds, in hexadecimal.
fn hash<D: sha2::Digest>(mut hasher: D, input: &mut impl Read) -> io::Result<String> {
    let mut buffer = vec![0; BUFFER];
    loop {
        match input.read(&mut buffer)? {
            0 => break,
            count => hasher.update(&buffer[..count]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of `abc` from FIPS 180-2, appendix B.1; the other is what `git hash-object` says of the same file.
    #[test]
    fn both_hashes_agree_with_their_published_values() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        for published in ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"] {
            let digest = Digest::parse(published).unwrap();
            assert_eq!(digest.of_same_kind(&path).unwrap(), digest);
        }
    }

    #[test]
    fn an_etag_is_a_hash_only_if_it_looks_like_one() {
        let hex = "AB".repeat(32);
        assert_eq!(Digest::parse(&format!("W/\"{hex}\"")), Some(Digest::Sha256(hex.to_lowercase())));
        assert_eq!(Digest::parse("\"5f3-18\""), None);
        assert_eq!(Digest::parse(&"g".repeat(40)), None);
    }
}
