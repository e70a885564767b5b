//! What a request says of itself, as attributes.

use hyper::header::{CONTENT_TYPE, HeaderName};
use hyper::http::request::Parts;
use tutti_sdk::ProcessError;
use tutti_sdk::model::flowfile::core_attribute;

use super::address::HeaderNames;
use crate::http::intake::Attributes;
use crate::http::server::Peer;
use crate::http::{joined, multipart};

/// Names and descriptions of the attributes that are written.
pub(super) const WRITES: [(&str, &str); 13] = multipart::with_parts([
    ("restlistener.remote.source.host", "The IP address that the request came from."),
    ("restlistener.request.uri", "The path that it was sent to."),
    (
        "restlistener.remote.user.dn",
        "The name in the client's certificate, or `none` where it showed none.",
    ),
    ("restlistener.remote.issuer.dn", "The name of who made that, or `none`."),
    (
        "filename",
        "The header `filename` of the request, or the name that a part has; otherwise the \
         flowfile's own `uuid`.",
    ),
    ("mime.type", "The type that the request or the part says that it has."),
]);

/// A name that clients may give the flowfile, as in NiFi.
const FILENAME: HeaderName = HeaderName::from_static("filename");

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// What all flowfiles of a request have.
pub(super) fn attributes(
    request: &Parts,
    peer: &Peer,
    headers: Option<&HeaderNames>,
) -> Result<Attributes, ProcessError> {
    let mut attributes = Attributes::new();
    if let Some(wanted) = headers {
        for name in request.headers.keys() {
            if wanted.matches(name.as_str())? {
                let value = joined(&request.headers, name).unwrap_or_default();
                attributes.push(pair(name.as_str(), value));
            }
        }
    }
    let none = || "none".to_owned();
    let names = peer.names.as_ref();
    let host = peer.address.ip().to_canonical();
    // After the headers, none of which may replace what is known.
    attributes.extend([
        pair("restlistener.remote.source.host", host.to_string()),
        pair("restlistener.request.uri", request.uri.path()),
        pair("restlistener.remote.user.dn", names.map_or_else(none, |it| it.subject.clone())),
        pair("restlistener.remote.issuer.dn", names.map_or_else(none, |it| it.issuer.clone())),
    ]);
    Ok(attributes)
}

/// What the flowfile of a request has that is not in parts.
pub(super) fn of_whole(request: &Parts) -> Attributes {
    let header = |name: &HeaderName| {
        let value = joined(&request.headers, name)?;
        (!value.trim().is_empty()).then_some(value)
    };
    let filename = header(&FILENAME).map(|name| pair(core_attribute::FILENAME, name));
    let mime_type = header(&CONTENT_TYPE).map(|kind| pair(core_attribute::MIME_TYPE, kind));
    filename.into_iter().chain(mime_type).collect()
}
