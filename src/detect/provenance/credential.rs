//! Content credentials (C2PA), read in a process of their own: the parsers are many and the files may be hostile, so a crash, a loop or a
//! bomb ends that process and not Lupe.
//!
//! In: a file and its media type. Out: a [`Credential`]. Nothing is fetched from anywhere: credentials that lie elsewhere are not read.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Sign;
use super::signs::{Says, excerpt, source_type};

/// The content credential of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Credential {
    /// There is none.
    Absent,
    /// It fits the file: since it was signed nothing was changed.
    Intact {
        /// Who signed, as the certificate says.
        signer: String,
        /// Whether the certificate leads to one of *your* list of trusted roots. Without a list nobody is trusted.
        trusted: bool,
        /// When, as the signature says.
        time: Option<String>,
        /// The program that wrote the credential.
        generator: Option<String>,
        /// The digital source types that its actions state.
        source_types: Vec<String>,
        /// Parts that it was made from whose own credentials do not hold, each with what is wrong. The signer knew and signed all the same.
        broken_parts: Vec<String>,
    },
    /// It does not fit the file, or its signature does not hold.
    Broken {
        /// What is wrong, as codes of the C2PA specification.
        why: Vec<String>,
    },
    /// Nobody looked, or looking failed.
    NotLooked {
        /// Why.
        why: String,
    },
}

impl Credential {
    /// What an intact credential says about the making. What a broken one says is void.
    pub(super) fn signs(&self) -> Vec<Sign> {
        let Credential::Intact { source_types, .. } = self else { return Vec::new() };
        let sign = |term: &String| Sign {
            place: "C2PA".to_owned(),
            field: "digitalSourceType".to_owned(),
            says: source_type(term).unwrap_or(Says::Other),
            words: excerpt(term),
            signed: true,
        };
        source_types.iter().map(sign).collect()
    }
}

/// How credentials are read: `PROGRAM credential FILE TYPE [--trust LIST]` writes one [`Credential`] as JSON.
#[derive(Clone, Debug)]
pub struct CredentialReader {
    /// The program, normally Lupe itself.
    pub program: PathBuf,
    /// Certificates of trusted roots (PEM), if the user has a list.
    pub trust: Option<PathBuf>,
    /// Longest time for one file.
    pub limit: Duration,
}

impl CredentialReader {
    /// Reads the credential of `file`.
    pub(super) fn read(&self, file: &Path, format: &str) -> Credential {
        self.ask(file, format).unwrap_or_else(|why| Credential::NotLooked { why })
    }

    fn ask(&self, file: &Path, format: &str) -> Result<Credential, String> {
        let mut command = Command::new(&self.program);
        command.arg("credential").arg(file).arg(format).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(list) = &self.trust {
            command.arg("--trust").arg(list);
        }
        let mut child = command.spawn().map_err(|error| format!("the reader could not be started: {error}"))?;
        let mut said = child.stdout.take().ok_or("the reader has no output")?;
        // The output is read beside waiting: a full pipe would stop the child.
        let words = std::thread::spawn(move || {
            let mut text = String::new();
            said.read_to_string(&mut text).map(|_| text)
        });
        let start = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if start.elapsed() < self.limit => std::thread::sleep(Duration::from_millis(5)),
                _ => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(format!("reading took longer than {} s", self.limit.as_secs_f64()));
                }
            }
        };
        let text = words.join().ok().and_then(Result::ok).unwrap_or_default();
        if !status.success() {
            return Err(format!("the reader ended with {status}"));
        }
        serde_json::from_str(&text).map_err(|error| format!("the reader said something else: {error}"))
    }
}

/// The child's work: reads the credential in this process. `trust` is a text of PEM certificates.
#[cfg(not(feature = "provenance"))]
pub fn read_credential(_: &Path, _: &str, _: Option<&str>) -> Credential {
    Credential::NotLooked { why: "this Lupe was built without the feature `provenance`".to_owned() }
}

/// The child's work: reads the credential in this process. `trust` is a text of PEM certificates.
#[cfg(feature = "provenance")]
pub fn read_credential(file: &Path, format: &str, trust: Option<&str>) -> Credential {
    use c2pa::{Context, Error, Reader, ValidationState};
    let not_looked = |error: &dyn std::fmt::Display| Credential::NotLooked { why: error.to_string() };
    let settings = serde_json::json!({
        "verify": { "remote_manifest_fetch": false, "ocsp_fetch": false },
        "trust": { "user_anchors": null, "trust_anchors": trust },
    });
    let stream = match std::fs::File::open(file) {
        Ok(stream) => stream,
        Err(error) => return not_looked(&error),
    };
    let context = match Context::new().with_settings(settings.to_string().as_str()) {
        Ok(context) => context,
        Err(error) => return not_looked(&error),
    };
    let reader = match Reader::from_context(context).with_stream(format, stream) {
        Ok(reader) => reader,
        Err(Error::JumbfNotFound | Error::ProvenanceMissing) => return Credential::Absent,
        Err(Error::RemoteManifestUrl(address)) => {
            return Credential::NotLooked { why: format!("the credential lies elsewhere ({address}) and nothing is fetched") };
        }
        // The file itself is broken or of another kind; of a credential nothing can be said.
        Err(error @ (Error::UnsupportedType | Error::InvalidAsset(_) | Error::IoError(_) | Error::BmffError(_) | Error::GifError(_))) => {
            return not_looked(&error);
        }
        Err(error @ (Error::XmpReadError(_) | Error::BadParam(_) | Error::InsufficientMemory)) => return not_looked(&error),
        Err(error) => return Credential::Broken { why: vec![error.to_string()] },
    };
    let state = reader.validation_state();
    if state == ValidationState::Invalid {
        let failures = reader.validation_status().unwrap_or_default();
        let mut why: Vec<String> =
            failures.iter().map(|status| status.code().to_owned()).filter(|code| !code.ends_with(".untrusted")).collect();
        why.dedup();
        return Credential::Broken { why };
    }
    let active = reader.active_manifest();
    let signature = active.and_then(|manifest| manifest.signature_info());
    let store: serde_json::Value = serde_json::from_str(&reader.json()).unwrap_or_default();
    let mut source_types = Vec::new();
    for manifest in reader.iter_manifests() {
        for assertion in manifest.assertions().iter().filter(|assertion| assertion.label().starts_with("c2pa.actions")) {
            collect(assertion.value().ok(), &mut source_types);
        }
    }
    let broken_parts = broken_parts(&store);
    source_types.sort();
    source_types.dedup();
    let label = reader.active_label().unwrap_or_default();
    let program = &store["manifests"][label]["claim_generator_info"][0]["name"];
    Credential::Intact {
        signer: signature.and_then(|info| info.common_name.clone().or_else(|| info.issuer.clone())).unwrap_or_default(),
        trusted: state == ValidationState::Trusted,
        time: signature.and_then(|info| info.time.clone()),
        generator: program.as_str().map(str::to_owned).or_else(|| active?.claim_generator().map(str::to_owned)),
        source_types,
        broken_parts,
    }
}

/// Parts of any manifest in the file whose credentials failed when they were put in. That nobody vouches for a signer is no failure here.
#[cfg(feature = "provenance")]
fn broken_parts(store: &serde_json::Value) -> Vec<String> {
    let manifests = store["manifests"].as_object().into_iter().flat_map(|manifests| manifests.values());
    let parts = manifests.flat_map(|manifest| manifest["ingredients"].as_array().into_iter().flatten());
    let mut broken: Vec<String> = parts
        .filter_map(|part| {
            let failures = [&part["validation_status"], &part["validation_results"]["activeManifest"]["failure"]];
            let codes =
                failures.into_iter().filter_map(|failures| failures.as_array()).flatten().filter_map(|failure| failure["code"].as_str());
            let mut codes: Vec<&str> = codes.filter(|code| !code.ends_with(".untrusted")).collect();
            codes.sort_unstable();
            codes.dedup();
            (!codes.is_empty()).then(|| format!("{}: {}", part["title"].as_str().unwrap_or("?"), codes.join(", ")))
        })
        .collect();
    broken.sort();
    broken
}

/// Every `digitalSourceType` in an assertion, however deep.
#[cfg(feature = "provenance")]
fn collect(value: Option<&serde_json::Value>, found: &mut Vec<String>) {
    match value {
        Some(serde_json::Value::Object(entries)) => {
            for (key, value) in entries {
                match value.as_str() {
                    Some(term) if key == "digitalSourceType" => found.push(term.to_owned()),
                    _ => collect(Some(value), found),
                }
            }
        }
        Some(serde_json::Value::Array(values)) => values.iter().for_each(|value| collect(Some(value), found)),
        _ => {}
    }
}
