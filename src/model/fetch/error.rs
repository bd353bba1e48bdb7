//! What can go wrong on the way from a hub to the cache, and what to do about it.

use std::path::{Path, PathBuf};

use super::ModelName;

/// Why a model could not be fetched, found or checked.
#[derive(Clone, Debug, thiserror::Error, miette::Diagnostic)]
pub enum FetchError {
    /// Not a name of a model.
    #[error("`{text}` is no name of a model")]
    #[diagnostic(help("write ORG/NAME@REVISION; a revision is a branch, a tag or, best, a commit of 40 hexadecimal digits"))]
    Name {
        /// What was written.
        text: String,
    },
    /// Nobody said which hub to ask.
    #[error("no hub is named, so nothing is asked")]
    #[diagnostic(help(
        "nothing leaves this machine unasked: name the hub with --endpoint URL, or set HF_ENDPOINT to it, and run the same command again"
    ))]
    NoEndpoint,
    /// The endpoint is no address.
    #[error("`{text}` is no address of a hub")]
    #[diagnostic(help("write http://HOST or https://HOST, with :PORT and a path if it has them"))]
    Endpoint {
        /// What was written.
        text: String,
    },
    /// The network is forbidden.
    #[error("{name} is not in the model cache as a whole, and the network is off")]
    #[diagnostic(help("leave out --offline (or unset HF_HUB_OFFLINE), or fetch it on another machine and copy its folder into the cache"))]
    Offline {
        /// The model.
        name: ModelName,
    },
    /// The hub knows no such thing.
    #[error("{host} knows no {what}{}", said(words))]
    #[diagnostic(help("check spelling and revision; a model that is private looks like one that does not exist until HF_TOKEN is set"))]
    NotFound {
        /// Whom we asked.
        host: String,
        /// Model or file.
        what: String,
        /// What the hub said about it.
        words: String,
    },
    /// The hub wants to know who asks.
    #[error("{host} does not give out {what} ({status}){}", said(words))]
    #[diagnostic(help("{}", denied_help(*with_token)))]
    Denied {
        /// Whom we asked.
        host: String,
        /// Model or file.
        what: String,
        /// HTTP status.
        status: u16,
        /// What the hub said about it.
        words: String,
        /// Whether a token was sent.
        with_token: bool,
    },
    /// Any other status that repeating does not change, or that did not change however often it was repeated.
    #[error("{host} answered {what} with status {status}{}", said(words))]
    #[diagnostic(help("try again later; if it stays so, ask those who run the hub"))]
    Refused {
        /// Whom we asked.
        host: String,
        /// What for.
        what: String,
        /// HTTP status.
        status: u16,
        /// What the hub said about it.
        words: String,
    },
    /// The connection failed again and again.
    #[error("{host}: {problem}")]
    #[diagnostic(help(
        "check address and network (a proxy is taken from HTTPS_PROXY); what has arrived is kept, the same command goes on from there"
    ))]
    Unreachable {
        /// Whom we asked.
        host: String,
        /// What happened.
        problem: String,
    },
    /// An answer that makes no sense.
    #[error("{host}: {problem}")]
    #[diagnostic(help("check that the endpoint is a model hub and no sign-in page on the way; what has arrived is kept"))]
    Answer {
        /// Whom we asked.
        host: String,
        /// What is wrong.
        problem: String,
    },
    /// Another number of bytes than the hub's own listing promises.
    #[error("{host} sends {file} with a wrong length: {found} where {expected} bytes are listed")]
    #[diagnostic(help("nothing wrong is kept; try again, and if it stays so, name another hub or revision"))]
    WrongLength {
        /// Whom we asked.
        host: String,
        /// The file.
        file: String,
        /// Bytes listed.
        expected: u64,
        /// What the answer claims.
        found: String,
    },
    /// The bytes are not those that the hub lists.
    #[error("{file} arrived with other content than listed: hash {found}, listed {expected}")]
    #[diagnostic(help(
        "the file was not kept; fetch again, and if it stays so, the hub or something on the way changes files: do not use it"
    ))]
    WrongHash {
        /// The file.
        file: String,
        /// Hash in the listing.
        expected: String,
        /// Hash of what came.
        found: String,
    },
    /// The listing has nothing that can be loaded.
    #[error("{name} holds no safetensors weights")]
    #[diagnostic(help("{help}"))]
    NoWeights {
        /// The model.
        name: ModelName,
        /// What there is instead.
        help: String,
    },
    /// The listing lacks a file that was asked for.
    #[error("{name} has no file `{file}`")]
    #[diagnostic(help("{help}"))]
    NoFile {
        /// The model.
        name: ModelName,
        /// The file.
        file: String,
        /// What there is instead.
        help: String,
    },
    /// The model was never fetched.
    #[error("{name} is not in the model cache {}", cache.display())]
    #[diagnostic(help("`lupe models list` shows what is there; `lupe models fetch {name}` fetches it"))]
    NotCached {
        /// The model.
        name: ModelName,
        /// The cache.
        cache: PathBuf,
    },
    /// No room for the next piece.
    #[error("{}: the disk is full", path.display())]
    #[diagnostic(help("free some space, or name a cache elsewhere with HF_HUB_CACHE; what has arrived is kept, the same command goes on"))]
    DiskFull {
        /// The file that was written.
        path: PathBuf,
    },
    /// The operating system refused a file operation.
    #[error("{}: {problem}", path.display())]
    #[diagnostic(help("check that you may write there, or name a cache elsewhere with HF_HUB_CACHE"))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        problem: String,
    },
    /// The user interrupted the work.
    #[error("stopped")]
    #[diagnostic(help("what has arrived is kept; the same command goes on where this one left off"))]
    Stopped,
}

impl FetchError {
    /// Give the operating system's words the file that they lack.
    pub(super) fn file(path: &Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull { path: path.to_owned() },
            _ => Self::File { path: path.to_owned(), problem: error.to_string() },
        }
    }
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": {words}") }
}

fn denied_help(with_token: bool) -> &'static str {
    if with_token {
        "the token in HF_TOKEN has no right to it: accept the model's licence on its page with the account of this token, then try again"
    } else {
        "accept the model's licence on its page, set HF_TOKEN to a token of that account (it is sent to the endpoint only, by https only, and written nowhere), then try again"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_told_as_such() {
        use std::io::Write;
        let full = Path::new("/dev/full");
        let error = std::fs::File::options().write(true).open(full).unwrap().write_all(b"x").unwrap_err();
        assert!(matches!(FetchError::file(full, &error), FetchError::DiskFull { .. }));
    }
}
