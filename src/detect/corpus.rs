//! Texts, pictures and recordings whose origin is known, for training, calibration and evaluation.
//!
//! In: folders of files, tables with a text in each row, or run folders. Out: [`Item`]s. What stands in memory of a picture is its path: corpora may be large.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::material::{Abstention, Material};
use crate::store::Language;

/// One thing of known origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it was found: file, or file and row.
    pub id: String,
    /// What it goes back to: a topic, a prompt, a photograph. Items of one source are never split between training and test.
    pub source: String,
    /// What made it; `None` for a human work.
    pub generator: Option<String>,
    /// Kind of text or picture, for instance `encyclopaedia`.
    pub domain: String,
    /// Its language, where one is named.
    pub language: Option<Language>,
    /// Further groups: `native` -> `no`, `epoch` -> `baroque`.
    pub groups: BTreeMap<String, String>,
    /// The thing itself, or where it lies.
    pub content: Content,
}

/// A thing, or where it lies.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// In memory.
    Held(Material),
    /// In a file.
    File(PathBuf),
}

impl Item {
    /// Whether a machine made it.
    pub fn generated(&self) -> bool {
        self.generator.is_some()
    }

    /// The thing itself.
    ///
    /// # Errors
    /// [`Abstention`] when its file cannot be read.
    pub fn material(&self) -> Result<Cow<'_, Material>, Abstention> {
        match &self.content {
            Content::Held(material) => Ok(Cow::Borrowed(material)),
            Content::File(file) => Material::read(file).map(Cow::Owned),
        }
    }
}
