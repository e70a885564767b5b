//! What processors have in common that speak HTTP.

pub(crate) mod address;
pub(crate) mod arrival;
#[cfg(test)]
pub(crate) mod authority;
#[cfg(test)]
pub(crate) mod client;
pub(crate) mod headers;
pub(crate) mod intake;
pub(crate) mod listening;
pub(crate) mod multipart;
pub(crate) mod names;
pub(crate) mod outgoing;
pub(crate) mod refusal;
pub(crate) mod server;
pub(crate) mod spool;
pub(crate) mod tls;
pub(crate) mod trials;
pub(crate) mod watch;

use hyper::header::HOST;
use hyper::http::request::Parts;

/// The text of a header's value: what is not UTF-8 is taken for Latin-1, as in Java.
pub(crate) fn text(value: &hyper::header::HeaderValue) -> String {
    let bytes = value.as_bytes();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// All values of the header `name`, with commas between them.
pub(crate) fn joined(
    headers: &hyper::HeaderMap,
    name: &hyper::header::HeaderName,
) -> Option<String> {
    let values: Vec<String> = headers.get_all(name).iter().map(text).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// Where a request was sent to, for provenance.
pub(crate) fn transit_uri(scheme: &str, head: &Parts) -> String {
    let host = joined(&head.headers, &HOST).unwrap_or_default();
    format!("{scheme}://{host}{}", head.uri.path())
}
