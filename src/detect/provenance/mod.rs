//! What a file declares about itself: content credentials (C2PA), the IPTC digital source type, the traces of generators, the camera's EXIF.
//!
//! In: a file. Out: one [`Provenance`], deterministic and the same for the same bytes. Metadata without a signature can be written and
//! removed by anybody; so every [`Sign`] says whether a signature vouches for it, and a file without signs is not "real" but silent.

mod container;
mod credential;
mod signs;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use credential::{Credential, CredentialReader, read_credential};
pub use signs::{Says, source_type};

use crate::store::Format;

/// Largest file that is looked at, in bytes. Pictures and recordings are smaller; a larger one would have to be held in memory whole.
pub const LARGEST: u64 = 512 << 20;

/// What a file declares, in the only four words that can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Declaration {
    /// Something in it says that a generator made it, or part of it.
    DeclaresAi,
    /// Something in it says that a camera, a scanner or a recorder made it.
    DeclaresCapture,
    /// It carries a content credential that does not hold, its own or that of a part it was made from: what that credential says is void.
    CredentialBroken,
    /// Nothing. That proves nothing: metadata is lost in every messenger.
    NothingFound,
}

impl Declaration {
    /// The word as files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Declaration::DeclaresAi => "declares-ai",
            Declaration::DeclaresCapture => "declares-capture",
            Declaration::CredentialBroken => "credential-broken",
            Declaration::NothingFound => "nothing-found",
        }
    }
}

/// One place in a file that says something about its making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Where: `C2PA`, `XMP`, `EXIF`, `PNG text`, `JPEG comment`.
    pub place: String,
    /// The field there, for instance `DigitalSourceType`.
    pub field: String,
    /// What it says.
    pub says: Says,
    /// The words, cut to 240 characters.
    pub words: String,
    /// Whether an intact signature covers it.
    pub signed: bool,
}

/// All that a file says about its making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The file as it was named.
    pub file: PathBuf,
    /// Its blake3 hash.
    pub blake3: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// What its first bytes say it is (`image/png`); none for what is not known here, whatever its name ends in.
    pub format: Option<String>,
    /// The result.
    pub declaration: Declaration,
    /// Its content credential.
    pub credential: Credential,
    /// Everything that speaks, signed signs first.
    pub signs: Vec<Sign>,
    /// Parts that could not be read, and why.
    pub unread: Vec<String>,
}

/// Looks at a file. `credentials` reads content credentials in a process of its own.
///
/// # Errors
/// When the file cannot be read or is larger than [`LARGEST`].
pub fn look(file: &Path, credentials: &CredentialReader) -> io::Result<Provenance> {
    let length = std::fs::metadata(file)?.len();
    if length > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("{} MiB; at most {} are looked at", length >> 20, LARGEST >> 20)));
    }
    let bytes = std::fs::read(file)?;
    let blake3 = blake3::hash(&bytes).to_hex().to_string();
    let format = Format::of(&bytes).map(|format| format.media_type);
    let credential = match format {
        Some(format) => credentials.read(file, format),
        None => Credential::NotLooked { why: "the first bytes are those of no picture, film or recording known here".to_owned() },
    };
    let mut signs = credential.signs();
    let mut unread = Vec::new();
    for item in container::items(bytes.into(), format, &mut unread) {
        signs.extend(signs::of(&item));
    }
    let declaration = declaration(&credential, &signs);
    Ok(Provenance {
        file: file.to_owned(),
        blake3,
        bytes: length,
        format: format.map(str::to_owned),
        declaration,
        credential,
        signs,
        unread,
    })
}

/// A broken credential comes first: whatever else the file says was changed together with it. A declared generator comes before a declared
/// camera: a photograph may be part of a generated picture, and the file of a generated picture may keep the camera's fields.
fn declaration(credential: &Credential, signs: &[Sign]) -> Declaration {
    let any = |says| signs.iter().any(|sign| sign.says == says);
    match credential {
        Credential::Broken { .. } => Declaration::CredentialBroken,
        Credential::Intact { broken_parts, .. } if !broken_parts.is_empty() => Declaration::CredentialBroken,
        _ if any(Says::Ai) => Declaration::DeclaresAi,
        _ if any(Says::Capture) => Declaration::DeclaresCapture,
        _ => Declaration::NothingFound,
    }
}
