//! A hub, asked over HTTP. In: names of models and files. Out: listings and bytes, or a [`Trouble`] that says whether asking again may help.
//!
//! Redirects are followed here and not by the HTTP client: what the hub says about a file stands on its own answer, and the token must not
//! go anywhere else.

use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;

use serde::Deserialize;
use ureq::http::{HeaderMap, Response, StatusCode, Uri};
use ureq::{Agent, Body};

use super::digest::Digest;
use super::name::is_commit;
use super::{FetchError, ModelName};
use crate::model::http::retry_after;
use crate::model::privacy;

const REDIRECTS: usize = 5;
/// Bytes of a listing that are read at most; the largest real ones have some thousand files.
const LISTING: u64 = 16 << 20;

/// How long to wait for a silent or failing hub.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Attempts without a single new byte before giving up.
    pub attempts: u32,
    /// Pause after the first of them; doubled after each further one, and lengthened at random by up to half.
    pub pause: Duration,
    /// Longest pause, also where the hub asks for more (`Retry-After`).
    pub longest: Duration,
    /// Longest silence on an open connection.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { attempts: 6, pause: Duration::from_millis(500), longest: seconds(120), silence: seconds(30) }
    }
}

/// An attempt that failed.
#[derive(Debug)]
pub(super) struct Trouble {
    /// What to say if it stays so.
    pub error: FetchError,
    /// Whether it may be different next time.
    pub passing: bool,
    /// How long the hub asks to wait.
    pub wait: Option<Duration>,
}

impl Trouble {
    /// May be different next time.
    pub fn passing(error: FetchError) -> Self {
        Self { error, passing: true, wait: None }
    }

    /// Will be the same next time.
    pub fn lasting(error: FetchError) -> Self {
        Self { error, passing: false, wait: None }
    }
}

/// Secret that opens gated models. Has no `Display`, and its `Debug` shows nothing.
struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A hub.
#[derive(Debug)]
pub(super) struct Hub {
    endpoint: String,
    origin: Origin,
    token: Option<Token>,
    agent: Agent,
    /// Hosts that sent files.
    served: Mutex<Vec<String>>,
}

/// Scheme, host and port: what the token is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

impl Origin {
    fn of(address: &str) -> Option<Self> {
        let uri: Uri = address.parse().ok()?;
        let secure = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Some(Self { secure, host: uri.host()?.to_ascii_lowercase(), port })
    }

    fn is_loopback(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(privacy::is_loopback)
    }

    fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// What the hub lists of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listing {
    /// The commit that the revision stands for.
    pub commit: String,
    /// Its files.
    pub files: Vec<Listed>,
}

/// A file in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Path within the model.
    pub name: String,
    /// Bytes, where the listing says so.
    pub size: Option<u64>,
    /// Hash, where the listing says so.
    pub digest: Option<Digest>,
}

/// An answer with bytes of a file.
pub(super) struct Reply {
    /// Who sends it.
    pub host: String,
    /// The answer.
    pub response: Response<Body>,
    /// Hash of the whole file by the hub's own headers.
    pub digest: Option<Digest>,
    /// Length of the whole file by the hub's own headers.
    pub size: Option<u64>,
}

#[derive(Deserialize)]
struct RawListing {
    sha: String,
    siblings: Vec<RawFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawFile {
    rfilename: String,
    size: Option<u64>,
    blob_id: Option<String>,
    lfs: Option<RawLarge>,
}

#[derive(Deserialize)]
struct RawLarge {
    sha256: String,
    size: u64,
}

impl From<RawFile> for Listed {
    fn from(raw: RawFile) -> Self {
        match raw.lfs {
            // A large file's `blobId` is that of the pointer which git holds in its place.
            Some(large) => Self { name: raw.rfilename, size: Some(large.size), digest: Digest::parse(&large.sha256) },
            None => Self { name: raw.rfilename, size: raw.size, digest: raw.blob_id.as_deref().and_then(Digest::parse) },
        }
    }
}

impl Hub {
    /// The hub at `endpoint`. A token that would travel in clear over a network is not used.
    ///
    /// # Errors
    /// [`FetchError::Endpoint`] when it is no address.
    pub fn new(endpoint: &str, token: Option<String>, patience: Patience) -> Result<Self, FetchError> {
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let no_address = || FetchError::Endpoint { text: endpoint.clone() };
        let origin = Origin::of(&endpoint).filter(|_| !endpoint.contains(['?', '#', '@'])).ok_or_else(no_address)?;
        let token = token.filter(|token| !token.is_empty() && (origin.secure || origin.is_loopback())).map(Token);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .accept_encoding("identity")
            .user_agent(concat!("lupe/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(patience.silence))
            .timeout_per_read(Some(patience.silence))
            .timeout_recv_response(Some(patience.silence));
        // Within this machine no proxy is in the way.
        let config = if origin.is_loopback() { config.proxy(None) } else { config };
        Ok(Self { endpoint, origin, token, agent: config.build().new_agent(), served: Mutex::default() })
    }

    /// Its address.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Its host and port.
    pub fn host(&self) -> String {
        self.origin.name()
    }

    /// The hosts that have sent files so far.
    pub fn served(&self) -> Vec<String> {
        self.served.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Which files a model has.
    pub fn list(&self, name: &ModelName) -> Result<Listing, Trouble> {
        let address = format!("{}/api/models/{}/revision/{}?blobs=true", self.endpoint, name.repository, escape(&name.revision, ""));
        let Reply { host, response, .. } = self.get(&address, &name.to_string(), None, false)?;
        let answer = |problem: String| FetchError::Answer { host: host.clone(), problem };
        let body = response.into_body().into_with_config().limit(LISTING).read_to_vec();
        let body = body.map_err(|error| Trouble::passing(answer(format!("the listing of {name} was cut: {error}"))))?;
        // A listing that was cut without the connection noticing is no JSON either, so it is worth another attempt.
        let raw: RawListing = serde_json::from_slice(&body)
            .map_err(|error| Trouble::passing(answer(format!("what should be the listing of {name} is none: {error}"))))?;
        if !is_commit(&raw.sha) || (name.is_pinned() && raw.sha != name.revision) {
            let sha: String = raw.sha.chars().take(60).collect();
            return Err(Trouble::lasting(answer(format!("the listing of {name} is that of commit `{sha}`"))));
        }
        Ok(Listing { commit: raw.sha, files: raw.siblings.into_iter().map(Listed::from).collect() })
    }

    /// Size and hash of a file by the hub's own headers, for listings that lack them.
    pub fn describe(&self, name: &ModelName, file: &str) -> Result<Listed, Trouble> {
        let Reply { digest, size, .. } = self.get(&self.address(name, file), &format!("{file} of {name}"), None, true)?;
        Ok(Listed { name: file.to_owned(), size, digest })
    }

    /// Bytes of a file: those in `range`, or all.
    pub fn open(&self, name: &ModelName, file: &str, range: Option<Range<u64>>) -> Result<Reply, Trouble> {
        let reply = self.get(&self.address(name, file), &format!("{file} of {name}"), range, false)?;
        let mut served = self.served.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !served.contains(&reply.host) {
            served.push(reply.host.clone());
        }
        Ok(reply)
    }

    fn address(&self, name: &ModelName, file: &str) -> String {
        format!("{}/{}/resolve/{}/{}", self.endpoint, name.repository, escape(&name.revision, ""), escape(file, "/"))
    }

    /// Ask for `address`, and go where the hub sends us. `head`: headers only.
    fn get(&self, address: &str, what: &str, range: Option<Range<u64>>, head: bool) -> Result<Reply, Trouble> {
        let mut address = address.to_owned();
        let (mut digest, mut size) = (None, None);
        for _ in 0..=REDIRECTS {
            let Some(origin) = Origin::of(&address) else { break };
            let ours = origin == self.origin;
            let mut request = if head { self.agent.head(&address) } else { self.agent.get(&address) };
            if let Some(Token(token)) = self.token.as_ref().filter(|_| ours) {
                request = request.header("Authorization", format!("Bearer {token}"));
            }
            if let Some(Range { start, end }) = range {
                request = request.header("Range", format!("bytes={start}-{}", end - 1));
            }
            let response = request.call().map_err(|error| Trouble::passing(unreachable(&origin.name(), what, &error)))?;
            let headers = response.headers();
            if ours {
                digest = digest.or_else(|| text(headers, "x-linked-etag").or_else(|| text(headers, "etag")).and_then(Digest::parse));
                let length = || text(headers, "content-length").filter(|_| head && response.status().is_success());
                size = size.or_else(|| text(headers, "x-linked-size").or_else(length)?.parse().ok());
            }
            let elsewhere = response.status().is_redirection().then(|| text(headers, "location")).flatten();
            match elsewhere.map(|location| joined(&address, location)) {
                // What the hub itself says is all that a question for headers is about.
                Some(_) if head && digest.is_some() && size.is_some() => return Ok(Reply { host: origin.name(), response, digest, size }),
                Some(next) => address = next,
                None if response.status().is_success() => return Ok(Reply { host: origin.name(), response, digest, size }),
                None => return Err(self.refusal(&origin, what, &response)),
            }
        }
        let problem = format!("{what} is passed on and on and never answered");
        Err(Trouble::lasting(FetchError::Answer { host: self.host(), problem }))
    }

    /// What a status that is no success means.
    fn refusal(&self, origin: &Origin, what: &str, response: &Response<Body>) -> Trouble {
        let headers = response.headers();
        let (host, what, status) = (origin.name(), what.to_owned(), response.status());
        let words = text(headers, "x-error-message").map(|words| words.chars().filter(|c| !c.is_control()).take(200).collect());
        let words: String = words.unwrap_or_default();
        let refused = |words| FetchError::Refused { host: host.clone(), what: what.clone(), status: status.as_u16(), words };
        if *origin != self.origin {
            // Addresses elsewhere are signed for some minutes; the hub makes a new one when asked again.
            return Trouble::passing(refused(words));
        }
        // Without a token a hub says 401 for what does not exist, too; the code tells the two apart.
        let absent = text(headers, "x-error-code").is_some_and(|code| code.ends_with("NotFound"));
        match status {
            StatusCode::NOT_FOUND => Trouble::lasting(FetchError::NotFound { host, what, words }),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if absent => Trouble::lasting(FetchError::NotFound { host, what, words }),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Trouble::lasting(FetchError::Denied { host, what, status: status.as_u16(), words, with_token: self.token.is_some() })
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
                Trouble { wait: retry_after(headers), ..Trouble::passing(refused(words)) }
            }
            _ if status.is_server_error() => Trouble { wait: retry_after(headers), ..Trouble::passing(refused(words)) },
            _ => Trouble::lasting(refused(words)),
        }
    }
}

/// The header `name`, if it is there and text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn unreachable(host: &str, what: &str, error: &ureq::Error) -> FetchError {
    let problem = match error {
        // These would show the address, which elsewhere than on the hub holds a signature.
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "not an address that can be asked".to_owned(),
        error => error.to_string(),
    };
    FetchError::Unreachable { host: host.to_owned(), problem: format!("{what} could not be read: {problem}") }
}

/// Where `location` leads from `base`: an address of its own, or a path on the same host.
fn joined(base: &str, location: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let host = rest.split('/').next().unwrap_or(rest);
    if location.contains("://") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{host}{location}")
    } else {
        let folder = base.split('?').next().unwrap_or(base);
        format!("{}/{location}", folder.rsplit_once('/').map_or(folder, |(folder, _)| folder))
    }
}

/// Percent-encode everything but letters, digits, `-._~` and `also` (RFC 3986, unreserved characters).
fn escape(part: &str, also: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.as_bytes().contains(&byte);
    part.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub(endpoint: &str) -> Result<Hub, FetchError> {
        Hub::new(endpoint, Some("secret".into()), Patience::default())
    }

    #[test]
    fn a_token_is_bound_to_scheme_host_and_port_and_never_travels_in_clear() {
        assert!(hub("http://127.0.0.1:1").unwrap().token.is_some() && hub("http://[::1]:1").unwrap().token.is_some());
        assert!(hub("https://hub.example").unwrap().token.is_some());
        assert!(hub("http://hub.example").unwrap().token.is_none());
        let same = |a: &str, b: &str| Origin::of(a) == Origin::of(b);
        assert!(same("https://hub.example/x", "https://HUB.example:443/y"));
        assert!(!same("https://hub.example", "http://hub.example"));
        assert!(!same("https://hub.example", "https://hub.example:444"));
        assert!(!same("https://hub.example", "https://hub.example.evil"));
        assert!(!format!("{:?}", hub("https://hub.example").unwrap()).contains("secret"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "hub.example", "ftp://hub.example", "https://", "https://user:word@hub.example", "https://hub.example?x"] {
            assert!(matches!(hub(text), Err(FetchError::Endpoint { .. })), "{text}");
        }
    }

    #[test]
    fn a_location_is_read_from_where_it_was_given() {
        let base = "https://hub.example/a/b/c?x=1";
        assert_eq!(joined(base, "https://store.example/z?sig=/"), "https://store.example/z?sig=/");
        assert_eq!(joined(base, "/z"), "https://hub.example/z");
        assert_eq!(joined(base, "//store.example/z"), "https://store.example/z");
        assert_eq!(joined(base, "z"), "https://hub.example/a/b/z");
    }

    #[test]
    fn names_are_escaped_in_addresses() {
        assert_eq!(escape("refs/pr/1", ""), "refs%2Fpr%2F1");
        assert_eq!(escape("a b/ü?.txt", "/"), "a%20b/%C3%BC%3F.txt");
    }
}
