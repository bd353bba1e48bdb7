//! What a detector looks at: a text, the bytes of a picture, the bytes of a recording.
//!
//! In: a file. Out: [`Material`], told apart by its first bytes and never by its name.

use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::store::{Format, Medium};

/// Longest file that is read, in bytes: a detector must never need more than this machine has.
pub const LONGEST: u64 = 256 * 1024 * 1024;

/// What kind of material a detector reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// A text.
    Text,
    /// A picture.
    Image,
    /// A recording.
    Sound,
}

/// A text, picture or recording in memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Material {
    /// A text.
    Text(String),
    /// The bytes of a picture's file.
    Image(Vec<u8>),
    /// The bytes of a recording's file.
    Sound(Vec<u8>),
}

/// Why a detector says nothing about a material. Never a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Abstention {
    /// The detector reads another kind.
    #[error("it is no {}", .needs.as_str())]
    OtherModality {
        /// What it reads.
        needs: Modality,
    },
    /// Too short, too small.
    #[error("{found} {unit}, and {needed} are needed")]
    TooLittle {
        /// What there is.
        found: f64,
        /// The least from which anything is said.
        needed: f64,
        /// `words`, `pixels` (of the shorter side), `seconds`, `hertz` (of a recording).
        unit: String,
    },
    /// More than is taken in.
    #[error("{what} is more than is taken in")]
    TooLarge {
        /// What, with its size.
        what: String,
    },
    /// Broken, cut off, or of a format that is not read.
    #[error("it cannot be read: {why}")]
    Unreadable {
        /// What is wrong.
        why: String,
    },
}

impl Abstention {
    /// The word for it as files write it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::OtherModality { .. } => "other-modality",
            Self::TooLittle { .. } => "too-little",
            Self::TooLarge { .. } => "too-large",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

impl Modality {
    /// The word as files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Modality::Text => "text",
            Modality::Image => "image",
            Modality::Sound => "sound",
        }
    }
}

impl Material {
    /// The material in a file.
    ///
    /// # Errors
    /// [`Abstention`]: a file that cannot be opened, is longer than [`LONGEST`], a film, or neither a known format nor a text in UTF-8.
    pub fn read(file: &Path) -> Result<Self, Abstention> {
        let unreadable = |error: std::io::Error| Abstention::Unreadable { why: error.to_string() };
        let mut bytes = Vec::new();
        std::fs::File::open(file).map_err(unreadable)?.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LONGEST {
            return Err(Abstention::TooLarge { what: format!("a file of over {} MiB", LONGEST >> 20) });
        }
        match Format::of(&bytes).map(|format| format.medium) {
            Some(Medium::Image) => Ok(Self::Image(bytes)),
            Some(Medium::Sound) => Ok(Self::Sound(bytes)),
            Some(Medium::Video) => Err(Abstention::Unreadable { why: "films are not looked into".to_owned() }),
            None => match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => Ok(Self::Text(text)),
                _ => Err(Abstention::Unreadable { why: "neither a known format nor a text in UTF-8".to_owned() }),
            },
        }
    }

    /// Its bytes: of a text those of its UTF-8, of anything else those of its file.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Image(bytes) | Self::Sound(bytes) => bytes,
        }
    }

    /// Its kind.
    pub fn modality(&self) -> Modality {
        match self {
            Self::Text(_) => Modality::Text,
            Self::Image(_) => Modality::Image,
            Self::Sound(_) => Modality::Sound,
        }
    }
}

/// The words of a text, as detectors count them: what stands between white space and has a letter or digit in it. A dash is none.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric))
}

/// The text up to the end of its word number `count`, as [`words`] counts; `None` when it has fewer.
pub fn first_words(text: &str, count: usize) -> Option<&str> {
    let last = words(text).nth(count.checked_sub(1)?)?;
    Some(&text[..last.as_ptr() as usize - text.as_ptr() as usize + last.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_keep_the_text_as_it_is() {
        let text = "  Über den  Dächern –\nganz\u{a0}oben. ";
        assert_eq!(first_words(text, 3), Some("  Über den  Dächern"));
        assert_eq!(first_words(text, 5), Some("  Über den  Dächern –\nganz\u{a0}oben."));
        assert_eq!((first_words(text, 6), first_words(text, 0), first_words("", 1)), (None, None, None));
    }

    #[test]
    fn the_bytes_tell_what_a_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let read = |bytes: &[u8]| {
            let file = folder.path().join("a.png");
            std::fs::write(&file, bytes).unwrap();
            Material::read(&file)
        };
        assert_eq!(read("Kein Bild.".as_bytes()), Ok(Material::Text("Kein Bild.".to_owned())));
        assert_eq!(read(b"\x89PNG\r\n\x1a\n").unwrap().modality(), Modality::Image);
        assert_eq!(read(b"\xff\xfe\x00").unwrap_err().word(), "unreadable");
        assert_eq!(read(b"\0\0\0\x20ftypisom").unwrap_err().word(), "unreadable");
        assert_eq!(Material::read(&folder.path().join("fehlt")).unwrap_err().word(), "unreadable");
    }
}
