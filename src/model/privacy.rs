//! Where prompts go, and what may leave the machine. In: an address as the user wrote it. Out: a [`Destination`], or a refusal in words.
//!
//! Only loopback is reachable unless a model's settings say otherwise; `--offline` overrules the settings.

use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use ureq::http::Uri;

use super::ModelError;

/// Where the prompts of a model go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// Nowhere: the model runs in this process, or is a recording.
    #[default]
    InProcess,
    /// A server on this machine, with its address.
    Loopback(String),
    /// Another machine, with its address and the proxy on the way, if there is one.
    Remote(String),
    /// Another program on this machine; what it does with them is beyond Lupe's sight.
    Program(String),
    /// A closed tool into which a person typed them from a table (`lupe sheet`).
    ByHand,
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::InProcess => write!(f, "this process"),
            Destination::Loopback(address) => write!(f, "{address} (this machine)"),
            Destination::Remote(address) => write!(f, "{address} (another machine)"),
            Destination::Program(program) => write!(f, "the program {program}"),
            Destination::ByHand => write!(f, "a tool, typed in by hand"),
        }
    }
}

/// Set once by `--offline`, never taken back: no code path can forget to ask.
static OFFLINE: AtomicBool = AtomicBool::new(false);

/// From now on no other machine is reached, whatever lupe.toml permits.
pub fn go_offline() {
    OFFLINE.store(true, Ordering::SeqCst);
}

/// Whether `--offline` was given.
pub fn is_offline() -> bool {
    OFFLINE.load(Ordering::SeqCst)
}

/// An address that may be reached.
#[derive(Clone, Debug)]
pub(super) struct Permit {
    /// Where it leads.
    pub destination: Destination,
    /// Proxy to be used, for remote addresses alone.
    pub proxy: Option<ureq::Proxy>,
}

/// Find out where `address` leads and whether `model` may go there. The name is resolved, nothing else is sent.
///
/// # Errors
/// [`ModelError::Address`] for what is no address, [`ModelError::Forbidden`] for one that is not permitted.
pub(super) fn permit(model: &str, address: &str, allow_remote: bool) -> Result<Permit, ModelError> {
    let wrong =
        |problem: &str| ModelError::Address { model: model.to_owned(), address: without_login(address), problem: problem.to_owned() };
    let uri: Uri = address.parse().map_err(|_| wrong("this is no web address"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(wrong("this is no web address")) };
    if !matches!(scheme, "http" | "https") {
        return Err(wrong("it begins neither with http:// nor with https://"));
    }
    if authority.as_str().contains('@') {
        return Err(wrong("a login has no place in an address: name an environment variable in `key_env`"));
    }
    let port = authority.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    if resolve(host, port).is_some_and(|found| found.iter().all(|address| is_loopback(address.ip()))) {
        return Ok(Permit { destination: Destination::Loopback(address.to_owned()), proxy: None });
    }
    forbid(model, address, allow_remote)?;
    let proxy = ureq::Proxy::try_from_env().filter(|proxy| !proxy.is_no_proxy(&uri));
    let by_way = proxy.as_ref().map_or_else(String::new, |proxy| format!(" by way of the proxy {}:{}", proxy.host(), proxy.port()));
    Ok(Permit { destination: Destination::Remote(format!("{address}{by_way}")), proxy })
}

/// The destination of a model that the server at `address` hands on to the service at `host`.
///
/// # Errors
/// [`ModelError::Forbidden`] when prompts may not go there.
pub(super) fn handed_on(model: &str, address: &str, host: &str, allow_remote: bool) -> Result<Destination, ModelError> {
    forbid(model, host, allow_remote)?;
    Ok(Destination::Remote(format!("{host} by way of {address}")))
}

/// Refuse another machine unless it is permitted.
fn forbid(model: &str, address: &str, allow_remote: bool) -> Result<(), ModelError> {
    let help = match (is_offline(), allow_remote) {
        (true, _) => "--offline forbids every other machine; leave it out, or name a model on this one".to_owned(),
        (false, false) => {
            let file = super::settings::FILE;
            format!("if the prompts may go there, write `allow_remote = true` below [models.{model}] in {file}")
        }
        (false, true) => return Ok(()),
    };
    Err(ModelError::Forbidden { model: model.to_owned(), address: address.to_owned(), help })
}

/// The addresses a name stands for; none where it is unknown.
fn resolve(host: &str, port: u16) -> Option<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = (host, port).to_socket_addrs().ok()?.collect();
    (!found.is_empty()).then_some(found)
}

/// Whether an address stays on this machine; an IPv4 address in the clothes of IPv6 is seen through.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// The address without what stands before an `@`, for an error.
fn without_login(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &address[..scheme], &address[at..]),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_free_and_everything_else_needs_a_word_in_the_file() {
        for address in
            ["http://127.0.0.1:8080/v1", "http://127.4.5.6", "http://localhost:11434", "http://[::1]:80/v1", "http://[::ffff:127.0.0.1]:9"]
        {
            let permit = permit("m", address, false).unwrap();
            assert_eq!(permit.destination, Destination::Loopback(address.to_owned()));
            assert!(permit.proxy.is_none());
        }
        // An address, a private one, the wildcard, one that looks like loopback in its name, and a name that nobody knows.
        for address in [
            "http://192.0.2.7/v1",
            "http://10.0.0.1:8080",
            "http://0.0.0.0:8080",
            "https://127.0.0.1.example.invalid/v1",
            "http://[2001:db8::1]/",
        ] {
            let error = permit("m", address, false).unwrap_err();
            assert!(matches!(&error, ModelError::Forbidden { .. }), "{address}: {error}");
            assert!(miette::Diagnostic::help(&error).unwrap().to_string().contains("allow_remote = true"));
            assert!(matches!(permit("m", address, true).unwrap().destination, Destination::Remote(_)), "{address}");
        }
    }

    #[test]
    fn a_login_in_an_address_is_refused_and_not_repeated() {
        let error = permit("m", "https://me:geheim@127.0.0.1/v1", true).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("geheim"), "{error}");
        assert!(error.to_string().contains("key_env"));
        assert!(permit("m", "ftp://127.0.0.1", true).is_err() && permit("m", "127.0.0.1:80", true).is_err());
    }
}
