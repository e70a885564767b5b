//! What a request says of itself, as attributes, with NiFi's names.

use hyper::Version;
use hyper::header::{CONTENT_TYPE, COOKIE, HOST};
use hyper::http::request::Parts;
use url::form_urlencoded;

use crate::http::intake::Attributes;
use crate::http::server::Peer;
use crate::http::{joined, multipart};
use crate::http_context_map::IDENTIFIER;

/// Names and descriptions of the attributes that are written.
pub(super) const WRITES: [(&str, &str); 28] = multipart::with_parts([
    (IDENTIFIER, "Which request it is of, for HandleHttpResponse."),
    ("http.method", "The method, such as `GET`."),
    ("http.request.uri", "The path that it was sent to, as it was written."),
    ("http.request.url", "The whole URL, without what follows `?`."),
    ("http.servlet.path", "The same as `http.request.uri`, as in NiFi."),
    ("http.context.path", "Nothing, as in NiFi."),
    ("http.query.string", "What follows `?` in the URL, in plain characters."),
    ("http.query.param.*", "Each parameter of that, by its name."),
    ("http.headers.*", "The headers, by their names in small letters."),
    ("http.cookie.*.value", "The cookies, by their names."),
    ("http.protocol", "The protocol, such as `HTTP/1.1`."),
    ("http.remote.host", "The IP address of the client."),
    ("http.remote.addr", "The same, as in NiFi."),
    ("http.local.addr", "The IP address that it was sent to."),
    ("http.local.name", "The same."),
    ("http.server.name", "The host that the client meant."),
    ("http.server.port", "The port that it meant."),
    ("http.subject.dn", "The name in the client's certificate, where it showed one."),
    ("http.issuer.dn", "The name of who made that."),
    ("filename", "The name that a part has; otherwise the flowfile's own `uuid`."),
    ("mime.type", "The type that the request or the part says that it has."),
]);

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// What all flowfiles of a request have.
pub(super) fn attributes(head: &Parts, peer: &Peer, identifier: &str, scheme: &str) -> Attributes {
    let mut attributes = Attributes::new();
    for name in head.headers.keys() {
        let value = joined(&head.headers, name).unwrap_or_default();
        attributes.push((format!("http.headers.{name}"), value));
    }
    attributes.extend(cookies(head));
    if let Some(query) = head.uri.query() {
        let decoded: Vec<String> = query.split('&').map(parameter).map(written).collect();
        attributes.push(pair("http.query.string", decoded.join("&")));
        let parameters = query.split('&').filter(|each| !each.is_empty()).map(parameter);
        attributes.extend(
            parameters.map(|(name, value)| {
                (format!("http.query.param.{name}"), value.unwrap_or_default())
            }),
        );
    }
    let path = head.uri.path();
    let server = Server::of(head, peer, scheme);
    let remote = peer.address.ip().to_canonical().to_string();
    let local = peer.local.ip().to_canonical().to_string();
    attributes.extend([
        pair(IDENTIFIER, identifier),
        pair("http.method", head.method.as_str()),
        pair("http.request.uri", path),
        pair("http.request.url", format!("{scheme}://{}{path}", server.authority)),
        pair("http.servlet.path", path),
        pair("http.context.path", ""),
        pair("http.protocol", protocol(head.version)),
        pair("http.remote.host", remote.as_str()),
        pair("http.remote.addr", remote),
        pair("http.local.addr", local.as_str()),
        pair("http.local.name", local),
        pair("http.server.name", server.host),
        pair("http.server.port", server.port),
    ]);
    if let Some(names) = &peer.names {
        attributes.push(pair("http.subject.dn", names.subject.as_str()));
        attributes.push(pair("http.issuer.dn", names.issuer.as_str()));
    }
    attributes
}

/// What the flowfile of a request has that is not in parts.
pub(super) fn of_whole(head: &Parts) -> Attributes {
    let kind = joined(&head.headers, &CONTENT_TYPE).filter(|kind| !kind.trim().is_empty());
    kind.map(|kind| pair("mime.type", kind)).into_iter().collect()
}

fn cookies(head: &Parts) -> Attributes {
    let mut cookies = Attributes::new();
    for header in head.headers.get_all(COOKIE) {
        for cookie in crate::http::text(header).split(';') {
            if let Some((name, value)) = cookie.trim().split_once('=') {
                cookies.push((format!("http.cookie.{name}.value"), value.to_owned()));
            }
        }
    }
    cookies
}

/// A parameter in plain characters, and its value if it has one.
fn parameter(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, value)) => (decoded(name), Some(decoded(value))),
        None => (decoded(text), None),
    }
}

fn written((name, value): (String, Option<String>)) -> String {
    match value {
        Some(value) => format!("{name}={value}"),
        None => name,
    }
}

/// Text of a query, which has no `&`, in plain characters. What is not written rightly stays.
fn decoded(text: &str) -> String {
    let name = text.replace('=', "%3D");
    form_urlencoded::parse(name.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into())
}

/// Whom the client meant.
struct Server {
    /// As it was written.
    authority: String,
    host: String,
    port: String,
}

impl Server {
    /// Whom the client names, or else whom it reached.
    fn of(head: &Parts, peer: &Peer, scheme: &str) -> Self {
        let authority = match head.uri.authority() {
            Some(authority) => Some(authority.as_str().to_owned()),
            None => joined(&head.headers, &HOST).filter(|host| !host.trim().is_empty()),
        };
        let authority = authority.unwrap_or_else(|| peer.local.to_string());
        // An address of IPv6 has colons of its own, and stands in brackets.
        let parts = authority.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
        let usual = if scheme == "https" { "443" } else { "80" };
        let (host, port) = parts.unwrap_or((&authority, usual));
        let (host, port) = (host.to_owned(), port.to_owned());
        Self { authority, host, port }
    }
}

fn protocol(version: Version) -> &'static str {
    if version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_told_in_plain_characters() {
        let told = |text| written(parameter(text));
        for (text, plain) in [
            ("a=b+c%20d", "a=b c d"),
            ("a", "a"),
            ("a=", "a="),
            ("=b", "=b"),
            ("a=b=c", "a=b=c"),
            ("%C3%BC=%zz%", "ü=%zz%"),
            ("", ""),
        ] {
            assert_eq!(told(text), plain);
        }
    }
}
