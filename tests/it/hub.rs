//! A small model hub on loopback that misbehaves on order. In: files, and one fault per request for a file. Out: HTTP, and a record of who
//! asked for what.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha1::Digest as _;

pub const MODEL: &str = "museum/stories";
pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Files above this are large: listed with their SHA-256 and sent from the store, if there is one.
const LARGE: usize = 8 << 10;

/// What goes wrong with the answer to a request for bytes of a file.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The connection closes after so many bytes of the body.
    Cut(usize),
    /// It falls silent after so many bytes, longer than a client waits.
    Stall(usize),
    /// It closes before a single byte.
    Silent,
    /// What comes is no HTTP.
    Noise,
    /// Half of what was asked for, and the headers say so.
    Half,
    /// `Content-Length` is half of what `Content-Range` says.
    TooShort,
    /// `Content-Length` and body are longer than what was asked for.
    TooLong,
    /// The body goes on after `Content-Length`.
    Overflow,
    /// Other bytes than those asked for.
    OtherRange,
    /// The whole file, with status 200.
    Whole,
    /// The whole file, and the connection closes after so many bytes.
    WholeCut(usize),
    /// A status instead of the file, with `Retry-After` in seconds.
    Status(u16, Option<u32>),
    /// One byte is another, at this place of the file.
    Corrupt(usize),
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub at_store: bool,
}

struct File {
    bytes: Vec<u8>,
    /// As hubs list it: SHA-256 of large files, git's blob hash of small ones.
    hash: String,
}

impl File {
    fn new(bytes: &[u8]) -> Self {
        Self { hash: if bytes.len() > LARGE { sha256(bytes) } else { git_blob(bytes) }, bytes: bytes.to_vec() }
    }
}

#[derive(Default)]
struct Shared {
    files: BTreeMap<String, File>,
    faults: Mutex<VecDeque<Fault>>,
    always: Mutex<Option<Fault>>,
    listing: Mutex<Option<(u16, &'static str)>>,
    bare: AtomicBool,
    slow: AtomicBool,
    served: AtomicU64,
    asked: Mutex<Vec<Asked>>,
    store: Mutex<Option<String>>,
    closed: AtomicBool,
}

pub struct Hub {
    pub endpoint: String,
    shared: Arc<Shared>,
    addresses: Vec<String>,
}

impl Hub {
    /// A hub with one model.
    pub fn with(files: &[(&str, &[u8])]) -> Self {
        let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), File::new(bytes))).collect();
        let shared = Arc::new(Shared { files, ..Shared::default() });
        let endpoint = listen(&shared, false);
        Self { addresses: vec![endpoint.clone()], endpoint, shared }
    }

    /// Large files come from another port.
    pub fn store_elsewhere(mut self) -> Self {
        let store = listen(&self.shared, true);
        self.addresses.push(store.clone());
        *self.shared.store.lock().unwrap() = Some(store);
        self
    }

    /// Listings say neither sizes nor hashes.
    pub fn bare_listings(self) -> Self {
        self.shared.bare.store(true, Ordering::SeqCst);
        self
    }

    /// The next requests for files go wrong like this, one each.
    pub fn faults(&self, faults: &[Fault]) {
        self.shared.faults.lock().unwrap().extend(faults);
    }

    /// All requests for files go wrong like this.
    pub fn always(&self, fault: Option<Fault>) {
        *self.shared.always.lock().unwrap() = fault;
    }

    /// Listings are refused with this status and error code.
    pub fn refuse_listings(&self, refusal: Option<(u16, &'static str)>) {
        *self.shared.listing.lock().unwrap() = refusal;
    }

    /// About 3 MB a second and connection.
    pub fn slow(&self, slow: bool) {
        self.shared.slow.store(slow, Ordering::SeqCst);
    }

    /// Bytes of files sent so far.
    pub fn served(&self) -> u64 {
        self.shared.served.load(Ordering::SeqCst)
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        for address in &self.addresses {
            let _ = TcpStream::connect(address.trim_start_matches("http://"));
        }
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(&sha2::Sha256::digest(bytes))
}

pub fn git_blob(bytes: &[u8]) -> String {
    hex(&sha1::Sha1::new_with_prefix(format!("blob {}\0", bytes.len())).chain_update(bytes).finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn listen(shared: &Arc<Shared>, at_store: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let shared = Arc::clone(shared);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if shared.closed.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&shared);
            stream.set_nodelay(true).unwrap();
            // A client that goes away in the middle of an answer is part of the tests.
            std::thread::spawn(move || serve(&shared, &stream, at_store));
        }
    });
    address
}

/// Answer one request after the other until the client goes or a fault closes the connection.
fn serve(shared: &Shared, stream: &TcpStream, at_store: bool) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 || shared.closed.load(Ordering::SeqCst) {
            return Ok(());
        }
        let (mut token, mut range) = (None, None);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("authorization") => token = Some(value.to_owned()),
                Some((name, value)) if name.eq_ignore_ascii_case("range") => range = parse_range(value),
                Some(_) => {}
                None => break,
            }
        }
        let mut words = first.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let asked = Asked { method: method.to_owned(), path: path.to_owned(), token, at_store };
        shared.asked.lock().unwrap().push(asked);
        if !answer(shared, stream, method, path, range, at_store)? {
            return stream.shutdown(Shutdown::Both);
        }
    }
}

/// `bytes=5-9` is (5, 10).
fn parse_range(header: &str) -> Option<(usize, usize)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse::<usize>().ok()? + 1))
}

/// Whether the connection stays open.
fn answer(
    shared: &Shared,
    stream: &TcpStream,
    method: &str,
    path: &str,
    range: Option<(usize, usize)>,
    at_store: bool,
) -> std::io::Result<bool> {
    if let Some(revision) = path.strip_prefix(&format!("/api/models/{MODEL}/revision/")) {
        return listing(shared, stream, revision.split('?').next().unwrap());
    }
    let at_commit = format!("/{MODEL}/resolve/{COMMIT}/");
    let inside = if at_store { path.strip_prefix("/store/") } else { path.strip_prefix(&at_commit) };
    let Some((name, File { bytes, hash })) = inside.and_then(|name| shared.files.get_key_value(name.split('?').next().unwrap())) else {
        return empty(stream, 404, "X-Error-Code: EntryNotFound\r\n");
    };
    let large = bytes.len() > LARGE;
    let prefix = if large { "X-Linked-" } else { "" };
    let mut headers = format!("X-Repo-Commit: {COMMIT}\r\n{prefix}ETag: \"{hash}\"\r\n");
    if large {
        headers += &format!("X-Linked-Size: {}\r\n", bytes.len());
    }
    if let Some(store) = shared.store.lock().unwrap().as_ref().filter(|_| large && !at_store) {
        return empty(stream, 302, &format!("{headers}Location: {store}/store/{name}?signature=topsecret\r\n"));
    }
    if at_store {
        headers.clear();
    }
    if method == "HEAD" {
        let mut stream = stream;
        write!(stream, "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n", bytes.len())?;
        return Ok(true);
    }
    let fault = shared.always.lock().unwrap().or_else(|| shared.faults.lock().unwrap().pop_front());
    bytes_of(shared, stream, &headers, bytes, range, fault)
}

fn listing(shared: &Shared, stream: &TcpStream, revision: &str) -> std::io::Result<bool> {
    if let Some((status, code)) = *shared.listing.lock().unwrap() {
        return empty(stream, status, &format!("X-Error-Code: {code}\r\nX-Error-Message: as the test wants it\r\n"));
    }
    if ![COMMIT, "main"].contains(&revision) {
        return empty(stream, 404, "X-Error-Code: RevisionNotFound\r\n");
    }
    let file = |(name, File { bytes, hash }): (&String, &File)| {
        let mut file = serde_json::json!({ "rfilename": name });
        if !shared.bare.load(Ordering::SeqCst) {
            file["size"] = bytes.len().into();
            file["blobId"] = hash.clone().into();
            if bytes.len() > LARGE {
                file["blobId"] = git_blob(b"a pointer").into();
                file["lfs"] = serde_json::json!({ "sha256": hash, "size": bytes.len(), "pointerSize": 134 });
            }
        }
        file
    };
    let siblings: Vec<_> = shared.files.iter().map(file).collect();
    let body = serde_json::json!({ "id": MODEL, "sha": COMMIT, "siblings": siblings }).to_string();
    let mut stream = stream;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    Ok(true)
}

fn empty(mut stream: &TcpStream, status: u16, headers: &str) -> std::io::Result<bool> {
    write!(stream, "HTTP/1.1 {status} X\r\n{headers}Content-Length: 0\r\n\r\n")?;
    Ok(true)
}

fn bytes_of(
    shared: &Shared,
    mut stream: &TcpStream,
    headers: &str,
    file: &[u8],
    range: Option<(usize, usize)>,
    fault: Option<Fault>,
) -> std::io::Result<bool> {
    let whole = (0, file.len());
    let (start, end) = match fault {
        Some(Fault::Whole | Fault::WholeCut(_)) => whole,
        _ => range.map_or(whole, |(start, end)| (start, end.min(file.len()))),
    };
    let is_range = range.is_some() && !matches!(fault, Some(Fault::Whole | Fault::WholeCut(_)));
    let (mut length, mut claimed, mut said) = (end - start, end - start, (start, end));
    match fault {
        Some(Fault::Silent) => return Ok(false),
        Some(Fault::Noise) => {
            stream.write_all(b"220 mail.example ready\r\n\r\n")?;
            return Ok(false);
        }
        Some(Fault::Status(status, wait)) => {
            return empty(stream, status, &wait.map(|seconds| format!("Retry-After: {seconds}\r\n")).unwrap_or_default());
        }
        Some(Fault::Half) => (length, claimed, said) = (length.div_ceil(2), length.div_ceil(2), (start, start + length.div_ceil(2))),
        Some(Fault::TooShort) => (length, claimed) = (length / 2, length / 2),
        Some(Fault::TooLong) => claimed += 500,
        Some(Fault::OtherRange) => said = (start + 1, end + 1),
        _ => {}
    }
    match is_range {
        true => write!(stream, "HTTP/1.1 206 X\r\n{headers}Content-Range: bytes {}-{}/{}\r\n", said.0, said.1 - 1, file.len())?,
        false => write!(stream, "HTTP/1.1 200 OK\r\n{headers}")?,
    }
    write!(stream, "Content-Length: {claimed}\r\n\r\n")?;
    let mut body = file[start..start + length].to_vec();
    match fault {
        Some(Fault::Corrupt(at)) if (start..end).contains(&at) => body[at - start] ^= 1,
        Some(Fault::Cut(count) | Fault::Stall(count) | Fault::WholeCut(count)) => body.truncate(count.min(length.saturating_sub(1))),
        Some(Fault::TooLong | Fault::Overflow) => body.resize(length + 500, 0),
        _ => {}
    }
    for chunk in body.chunks(1 << 16) {
        stream.write_all(chunk)?;
        shared.served.fetch_add(chunk.len() as u64, Ordering::SeqCst);
        if shared.slow.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    match fault {
        Some(Fault::Stall(_)) => std::thread::sleep(Duration::from_millis(600)),
        Some(Fault::Cut(_) | Fault::WholeCut(_)) => {}
        _ => return Ok(true),
    }
    Ok(false)
}
