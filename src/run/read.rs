//! A run as later stages read it: prompts, requests and responses, each in id order.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::database::Store;
use super::{Manifest, Pack, RunError, folder};
use crate::store::{Prompt, Raw, Request, Response};

/// An opened run folder.
pub struct Run {
    folder: PathBuf,
    store: Store,
}

/// Everything a run holds, put together.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    /// The prompts, in id order.
    pub prompts: Vec<Prompt>,
    /// Each answered request with the index of its prompt and its response, in order of the requests' ids.
    pub rows: Vec<(Request, usize, Response)>,
    /// Planned requests without a response yet, in id order; none in a merged run.
    pub open: Vec<Request>,
}

impl Run {
    /// Open the run in `folder`.
    ///
    /// # Errors
    /// [`RunError::NoRun`], [`RunError::NewerStore`], [`RunError::Damaged`].
    pub fn open(folder: &Path) -> Result<Self, RunError> {
        Ok(Self { store: Store::existing(&folder::store_path(folder))?, folder: folder.to_owned() })
    }

    /// The run folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What made the run.
    ///
    /// # Errors
    /// As [`Manifest::read`].
    pub fn manifest(&self) -> Result<Manifest, RunError> {
        Manifest::read(&self.folder)
    }

    /// All prompts, in id order.
    ///
    /// # Errors
    /// [`RunError::Damaged`] when a row cannot be read.
    pub fn prompts(&self) -> Result<Vec<Prompt>, RunError> {
        self.store.prompts()
    }

    /// All planned requests, in id order.
    ///
    /// # Errors
    /// As [`Run::prompts`].
    pub fn requests(&self) -> Result<Vec<Request>, RunError> {
        self.store.requests()
    }

    /// All responses that are joined, in order of their requests' ids.
    ///
    /// # Errors
    /// As [`Run::prompts`].
    pub fn responses(&self) -> Result<Vec<Response>, RunError> {
        self.store.responses()
    }

    /// Ids of the requests that were planned and never asked, since their model declines the prompt.
    ///
    /// # Errors
    /// As [`Run::prompts`].
    pub fn never_asked(&self) -> Result<BTreeSet<String>, RunError> {
        Ok(self.store.never_asked()?.into_iter().map(|response| response.request).collect())
    }

    /// What came over the wire and what it cost: request id -> bodies, attempts and tokens, for responses that came that way. Never part of
    /// a digest: servers put times and serial numbers in.
    ///
    /// # Errors
    /// As [`Run::prompts`].
    pub fn raw(&self) -> Result<BTreeMap<String, Raw>, RunError> {
        self.store.raw()
    }

    /// All packs, in id order.
    ///
    /// # Errors
    /// As [`Run::prompts`].
    pub fn packs(&self) -> Result<Vec<Pack>, RunError> {
        self.store.packs()
    }

    /// Seconds that each finished pack took: pack id -> seconds. Never part of a digest.
    ///
    /// # Errors
    /// As [`Run::prompts`].
    pub fn seconds(&self) -> Result<BTreeMap<String, f64>, RunError> {
        self.store.finished()
    }

    /// Requests with their prompts and responses.
    ///
    /// # Errors
    /// As [`Run::prompts`]; a response without request or a request without prompt is damage too.
    pub fn joined(&self) -> Result<Joined, RunError> {
        let damaged = |problem: String| RunError::Damaged { path: self.store.path().to_owned(), problem };
        let prompts = self.prompts()?;
        let mut responses = self.responses()?.into_iter().peekable();
        let (mut rows, mut open) = (Vec::with_capacity(responses.len()), Vec::new());
        for request in self.requests()? {
            let index = prompts
                .binary_search_by(|prompt| prompt.id.cmp(&request.prompt))
                .map_err(|_| damaged(format!("request {} asks prompt {}, which is not there", request.id, request.prompt)))?;
            match responses.next_if(|response| response.request == request.id) {
                Some(response) => rows.push((request, index, response)),
                None => open.push(request),
            }
        }
        match responses.next() {
            Some(response) => Err(damaged(format!("a response to request {}, which is not planned", response.request))),
            None => Ok(Joined { prompts, rows, open }),
        }
    }

    /// Blake3 of every prompt, request and response as stored, in id order, in hex. Equal digests: equal data, byte for byte, however the
    /// run was sharded, interrupted or merged. Times and workers do not enter.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn digest(&self) -> Result<String, RunError> {
        let mut hasher = blake3::Hasher::new();
        let tables = [("prompts", "id"), ("requests", "id"), ("responses", "request")];
        self.store.each_body(&tables, |part| {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        })?;
        Ok(hasher.finalize().to_hex().to_string())
    }
}

/// [`Run::digest`] of the run in `folder`.
///
/// # Errors
/// As [`Run::open`] and [`Run::digest`].
pub fn digest(folder: &Path) -> Result<String, RunError> {
    Run::open(folder)?.digest()
}
