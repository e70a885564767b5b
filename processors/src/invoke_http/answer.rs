//! What came back, and the attributes that tell it.

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::tls::TlsInfo;
use reqwest::{Response, StatusCode, Url};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tutti_sdk::Session;
use tutti_sdk::host::new_uuid;
use tutti_sdk::model::flowfile::Content;

use super::target::{Target, shown};
use crate::http::joined;
use crate::http::tls::Names;
use crate::text::{CharacterSet, Decoder};

/// Names and descriptions of the attributes that are written.
pub(super) const WRITES: &[(&str, &str)] = &[
    ("invokehttp.status.code", "The status of the answer, such as `200`."),
    ("invokehttp.status.message", "What the status means, such as `OK`."),
    (
        "invokehttp.response.body",
        "The beginning of the answer's body, on the request's flowfile where it was answered \
         without success.",
    ),
    ("invokehttp.request.url", "The URL that the request was sent to."),
    ("invokehttp.response.url", "The URL that answered: another one where it was pointed there."),
    ("invokehttp.request.duration", "How long it took, in milliseconds."),
    ("invokehttp.tx.id", "A random identity, the same for a request and its answer."),
    ("invokehttp.remote.dn", "The name in the server's certificate, where it showed one."),
    ("filename", "Of an answer: as **Response FlowFile Naming Strategy** says."),
    ("mime.type", "Of an answer: its type, where it has one."),
    ("*", "The headers of the answer, by their names in small letters."),
];

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    request_url: Url,
    response_url: Url,
    remote: Option<String>,
    /// The request, for messages.
    pub(super) request: String,
    /// Where it went, for provenance.
    pub(super) uri: String,
    /// How much content went there, where some did.
    pub(super) bytes_sent: Option<u64>,
    pub(super) duration_ms: u64,
    /// What a flowfile is to be made of.
    pub(super) content: Option<Content>,
    /// An attribute of the request's flowfile, and its value.
    pub(super) text: Option<(String, String)>,
}

impl Answer {
    pub(super) fn new(request_url: Url, target: &Target, response: &Response) -> Self {
        let info = response.extensions().get::<TlsInfo>();
        let shown_by_server = info.and_then(TlsInfo::peer_certificate);
        let names = shown_by_server.and_then(|der| Names::of(&CertificateDer::from(der)));
        let uri = shown(&target.url);
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            request_url,
            response_url: target.url.clone(),
            remote: names.map(|names| names.subject),
            request: format!("{} \"{uri}\"", target.method),
            uri,
            bytes_sent: None,
            duration_ms: 0,
            content: None,
            text: None,
        }
    }

    /// What is told of it, on both flowfiles.
    pub(super) fn attributes(&self, session: &Session) -> Vec<(&'static str, String)> {
        let reason = self.status.canonical_reason().unwrap_or_default();
        let mut attributes = vec![
            ("invokehttp.status.code", self.status.as_u16().to_string()),
            ("invokehttp.status.message", reason.to_owned()),
            ("invokehttp.request.url", self.request_url.to_string()),
            ("invokehttp.response.url", self.response_url.to_string()),
            ("invokehttp.request.duration", self.duration_ms.to_string()),
            ("invokehttp.tx.id", new_uuid(session.random())),
        ];
        let remote = self.remote.clone();
        attributes.extend(remote.map(|name| ("invokehttp.remote.dn", name)));
        attributes
    }

    /// The headers, with names that begin with `prefix`.
    pub(super) fn header_attributes(&self, prefix: &str) -> Vec<(String, String)> {
        let attribute = |name| {
            let value = joined(&self.headers, name).unwrap_or_default();
            (format!("{prefix}{name}"), value)
        };
        self.headers.keys().map(attribute).collect()
    }

    pub(super) fn status_line(&self) -> String {
        let reason = self.status.canonical_reason().unwrap_or_default();
        format!("{} {reason}", self.status.as_u16()).trim_end().to_owned()
    }

    pub(super) fn mime_type(&self) -> Option<String> {
        joined(&self.headers, &CONTENT_TYPE).filter(|kind| !kind.trim().is_empty())
    }

    /// How the body is written, as far as that is known here.
    pub(super) fn charset(&self) -> CharacterSet {
        let kind = self.mime_type().unwrap_or_default().to_ascii_lowercase();
        let charset = kind.split(';').find_map(|part| part.trim().strip_prefix("charset="));
        match charset.map(|charset| charset.trim_matches('"')) {
            Some("iso-8859-1" | "latin1" | "windows-1252") => CharacterSet::Latin1,
            Some("utf-16") => CharacterSet::Utf16,
            Some("utf-16le") => CharacterSet::Utf16Le,
            Some("utf-16be") => CharacterSet::Utf16Be,
            _ => CharacterSet::Utf8,
        }
    }

    /// The last part of the path that the request was sent to.
    pub(super) fn last_part(&self) -> Option<String> {
        let last = self.request_url.path_segments()?.rfind(|part| !part.is_empty())?;
        Some(last.to_owned())
    }
}

/// The beginning of a body.
pub(super) struct Prefix {
    bytes: Vec<u8>,
    max: usize,
    charset: CharacterSet,
}

impl Prefix {
    pub(super) fn new(max: usize, charset: CharacterSet) -> Self {
        Self { bytes: Vec::new(), max, charset }
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= self.max
    }

    pub(super) fn add(&mut self, piece: &[u8]) {
        let room = piece.len().min(self.max.saturating_sub(self.bytes.len()));
        self.bytes.extend_from_slice(piece.get(..room).unwrap_or_default());
    }

    /// As text; a character that is not there as a whole is left out.
    pub(super) fn into_text(self) -> String {
        let mut text = String::new();
        let is_end = self.bytes.len() < self.max;
        // What is no text is replaced, so that it cannot fail.
        let _ = Decoder::lossy(self.charset).decode(&self.bytes, is_end, &mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(max: usize, pieces: &[&[u8]]) -> String {
        let mut prefix = Prefix::new(max, CharacterSet::Utf8);
        for piece in pieces {
            prefix.add(piece);
        }
        prefix.into_text()
    }

    #[test]
    fn the_beginning_of_a_body_is_text_of_so_many_bytes() {
        assert_eq!(text(10, &[b"ab", b"cd"]), "abcd");
        assert_eq!(text(3, &[b"ab", b"cd"]), "abc");
        assert_eq!(text(3, &["aäö".as_bytes()]), "aä");
        assert_eq!(text(4, &["aäö".as_bytes()]), "aä");
        assert_eq!(text(9, &[b"a\xff"]), "a\u{fffd}");
    }
}
