//! `/api/v1/flows/{flow}/content`, `/api/v1/provenance/{event}/content`: the content of a flowfile
//! that waits, or waited once, is sent, and stays there.
//!
//! Must never send what a browser would run: whatever a flowfile says of its type, markup is text
//! here.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, IF_RANGE,
    RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use tutti_model::chain;
use tutti_runtime::{EventContent, EventContentError, EventSide, WaitingContent};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queues::failed;
use super::{App, running};
use crate::answer::RESERVED;
use crate::extract::Query;
use crate::places::Places;
use crate::problem::{Code, Problem};

/// How many bytes are read at a time.
const BLOCK_BYTES: u64 = 256 << 10;

/// What a browser may show as what it is. All else is bytes, or text.
const SHOWN: [&str; 18] = [
    "application/json",
    "audio/aac",
    "audio/aiff",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/wav",
    "audio/webm",
    "audio/x-aiff",
    "audio/x-flac",
    "audio/x-wav",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/csv",
];

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(content)).routes(routes!(event_content))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct One {
    /// The path of a connection.
    connection: String,
    /// The flowfile, as the listing numbers it.
    number: u64,
    /// Whether it is to be kept as a file.
    #[serde(default)]
    download: bool,
}

/// The content of a flowfile that waits, or a range of it; it stays there.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/content",
    tag = "Queues",
    operation_id = "getContent",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoConnection, Code::NoFlowFile, Code::Range,
        Code::Repository
    ]))),
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        One,
        ("range" = Option<String>, Header, description = "Bytes, as RFC 9110 has it: one part.")
    ),
    responses(
        (status = 200, description = "All of it.", body = Value, content_type = "*/*"),
        (status = 206, description = "The part that `range` asks for.", body = Value,
            content_type = "*/*")
    )
)]
async fn content(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(One { connection, number, download }): Query<One>,
    headers: HeaderMap,
) -> Response {
    match open(&app, flow, connection, number).await {
        Ok(WaitingContent { flowfile, reader, .. }) => {
            let attribute = |name: &str| flowfile.attributes.get(name).map(String::as_str);
            let said = Said {
                kind: kind(attribute("mime.type")),
                name: flowfile.filename.as_deref().unwrap_or(&flowfile.uuid),
                download,
            };
            sent(app.looks.clone(), reader, flowfile.bytes, range(&headers), &said)
        }
        Err(problem) => problem.into_response(),
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfEvent {
    /// Which of its contents; that after it when it is not said.
    #[serde(default)]
    #[param(inline)]
    side: EventSide,
    /// Whether it is to be kept as a file.
    #[serde(default)]
    download: bool,
}

/// The content that a flowfile had at an event, or a range of it, as long as the archive keeps it.
#[utoipa::path(
    get,
    path = "/api/v1/provenance/{event}/content",
    tag = "Provenance",
    operation_id = "getEventContent",
    extensions(("x-problems" = json!([
        Code::NoEvent, Code::NoContent, Code::Range, Code::NotRunning, Code::Repository
    ]))),
    params(
        ("event" = u64, Path, description = "The number of an event."),
        OfEvent,
        ("range" = Option<String>, Header, description = "Bytes, as RFC 9110 has it: one part.")
    ),
    responses(
        (status = 200, description = "All of it.", body = Value, content_type = "*/*"),
        (status = 206, description = "The part that `range` asks for.", body = Value,
            content_type = "*/*")
    )
)]
async fn event_content(
    State(app): State<App>,
    Path(event): Path<u64>,
    Query(OfEvent { side, download }): Query<OfEvent>,
    headers: HeaderMap,
) -> Response {
    let engine = Arc::clone(&app.engine);
    let open = move || engine.event_content(event, side).map_err(|error| no_event(&error));
    match app.searches.done(open).await {
        Ok(Ok(EventContent { attributes, bytes, reader })) => {
            let name = attributes.get("filename").or_else(|| attributes.get("uuid"));
            let kind = kind(attributes.get("mime.type"));
            let said = Said { kind, name: name.unwrap_or("content"), download };
            sent(app.looks.clone(), reader, bytes, range(&headers), &said)
        }
        Ok(Err(problem)) | Err(problem) => problem.into_response(),
    }
}

fn no_event(error: &EventContentError) -> Problem {
    let code = match error {
        EventContentError::NotRunning => Code::NotRunning,
        EventContentError::Unknown { .. } | EventContentError::NoInput { .. } => Code::NoEvent,
        EventContentError::Gone { .. } => Code::NoContent,
        EventContentError::Repository(_) => Code::Repository,
    };
    Problem::new(code, chain(error))
}

/// The content of one that waits.
pub(super) async fn open(
    app: &App,
    flow: String,
    connection: String,
    number: u64,
) -> Result<WaitingContent, Problem> {
    let studio = app.studio.clone();
    let open = move || {
        let running = running(&studio, &flow)?;
        running.waiting_content(&connection, number).map_err(|error| failed(&error))
    };
    app.looks.done(open).await?
}

/// The part that is asked for. Content has no validators: whoever asks for a part of what they know
/// by one is sent all (RFC 9110, 13.1.5).
pub(super) fn range(headers: &HeaderMap) -> Option<&str> {
    let range = headers.get(RANGE).filter(|_| !headers.contains_key(IF_RANGE));
    range.and_then(|range| range.to_str().ok())
}

/// The content, or the part of it that was asked for.
fn sent(
    looks: Places,
    reader: Option<impl Read + Seek + Send + 'static>,
    bytes: u64,
    range: Option<&str>,
    said: &Said<'_>,
) -> Response {
    ranged(range, bytes, said, |from, to| match reader {
        Some(reader) if to > from => Body::from_stream(blocks((looks, reader), from, to, read)),
        _ => Body::empty(),
    })
}

/// What is said of bytes that are sent.
pub(super) struct Said<'s> {
    pub(super) kind: HeaderValue,
    pub(super) name: &'s str,
    /// Whether they are to be kept as a file.
    pub(super) download: bool,
}

/// All `length` bytes, or the part of them that was asked for: `body` has those between.
pub(super) fn ranged(
    range: Option<&str>,
    length: u64,
    said: &Said<'_>,
    body: impl FnOnce(u64, u64) -> Body,
) -> Response {
    let (from, to, status) = match range.map_or(Part::All, |range| part(range, length)) {
        Part::All => (0, length, StatusCode::OK),
        Part::Some { from, to } => (from, to, StatusCode::PARTIAL_CONTENT),
        Part::Beyond => return beyond(length),
    };
    let mut response = (status, body(from, to)).into_response();
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, (to - from).into());
    headers.insert(CONTENT_TYPE, said.kind.clone());
    if status == StatusCode::PARTIAL_CONTENT {
        insert(headers, &format!("bytes {from}-{}/{length}", to - 1));
    }
    if let Ok(disposition) = HeaderValue::from_str(&disposition(said.name, said.download)) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

fn insert(headers: &mut HeaderMap, range: &str) {
    if let Ok(range) = HeaderValue::from_str(range) {
        headers.insert(CONTENT_RANGE, range);
    }
}

/// There is less than was asked for.
fn beyond(length: u64) -> Response {
    let problem = Problem::new(Code::Range, format!("the content has {length} bytes"));
    let mut response = problem.into_response();
    insert(response.headers_mut(), &format!("bytes */{length}"));
    response
}

/// What lies between two bytes, in blocks of which each is made by `make` of `source`, the place
/// where it begins and its length, when the client has taken the one before.
pub(super) fn blocks<S, F>(
    source: S,
    from: u64,
    to: u64,
    make: impl Fn(S, u64, usize) -> F + Send,
) -> impl futures::Stream<Item = io::Result<Bytes>> + Send
where
    S: Send,
    F: Future<Output = io::Result<(S, Bytes)>> + Send,
{
    stream::unfold((Some(source), from, make), move |(source, at, make)| async move {
        let source = source.filter(|_| at < to)?;
        let length = usize::try_from((to - at).min(BLOCK_BYTES)).unwrap_or_default();
        match make(source, at, length).await {
            Ok((source, block)) => {
                let next = at + block.len() as u64;
                Some((Ok(block), (Some(source), next, make)))
            }
            // The connection breaks, so that nobody takes a part for the whole.
            Err(error) => Some((Err(error), (None, to, make))),
        }
    })
}

/// Reads a block of content.
async fn read<R: Read + Seek + Send + 'static>(
    (looks, mut reader): (Places, R),
    at: u64,
    length: usize,
) -> io::Result<((Places, R), Bytes)> {
    let read = move || {
        let mut block = vec![0; length];
        reader.seek(SeekFrom::Start(at))?;
        reader.read_exact(&mut block)?;
        io::Result::Ok((reader, Bytes::from(block)))
    };
    let (reader, block) = looks.done(read).await.map_err(|_| io::ErrorKind::TimedOut)??;
    Ok(((looks, reader), block))
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    All,
    Some { from: u64, to: u64 },
    Beyond,
}

/// What the header "range" asks for of `length` bytes: one part. Whoever asks for several, or in a
/// way of their own, gets all (RFC 9110, 14.2).
fn part(range: &str, length: u64) -> Part {
    let Some((from, to)) = range.strip_prefix("bytes=").and_then(|one| one.split_once('-')) else {
        return Part::All;
    };
    let (from, to) = match (from.trim(), to.trim()) {
        ("", suffix) => match suffix.parse::<u64>() {
            Ok(0) => return Part::Beyond,
            Ok(suffix) => (length.saturating_sub(suffix), length),
            Err(_) => return Part::All,
        },
        (from, "") => match from.parse() {
            Ok(from) => (from, length),
            Err(_) => return Part::All,
        },
        (from, last) => match (from.parse::<u64>(), last.parse::<u64>()) {
            (Ok(from), Ok(last)) if from <= last => (from, last.saturating_add(1).min(length)),
            _ => return Part::All,
        },
    };
    if from < length { Part::Some { from, to } } else { Part::Beyond }
}

/// How the content is sent, of which a flowfile says that it is `mime`.
fn kind(mime: Option<&str>) -> HeaderValue {
    let mime = mime.unwrap_or_default();
    let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = SHOWN.iter().find(|known| **known == essence);
    let is_text = essence.starts_with("text/") || essence.ends_with("xml");
    HeaderValue::from_static(match known {
        Some(known) => known,
        None if is_text => "text/plain; charset=utf-8",
        None => "application/octet-stream",
    })
}

/// RFC 6266, with the name in ASCII and in UTF-8.
fn disposition(name: &str, download: bool) -> String {
    let plain: String = name
        .chars()
        .map(
            |letter| {
                if letter.is_ascii_graphic() && !"\"\\/".contains(letter) { letter } else { '_' }
            },
        )
        .collect();
    let encoded = utf8_percent_encode(name, RESERVED);
    let how = if download { "attachment" } else { "inline" };
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_sent_and_whatever_is_no_part_is_all() {
        for (range, right) in [
            ("bytes=0-", Part::Some { from: 0, to: 10 }),
            ("bytes=2-4", Part::Some { from: 2, to: 5 }),
            ("bytes=2-400", Part::Some { from: 2, to: 10 }),
            ("bytes=9-18446744073709551615", Part::Some { from: 9, to: 10 }),
            ("bytes=-3", Part::Some { from: 7, to: 10 }),
            ("bytes=-30", Part::Some { from: 0, to: 10 }),
            ("bytes=10-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=4-2", Part::All),
            ("bytes=0-1,3-4", Part::All),
            ("items=0-1", Part::All),
            ("bytes=", Part::All),
            ("bytes=-", Part::All),
            ("bytes=a-b", Part::All),
        ] {
            assert_eq!(part(range, 10), right, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Beyond);
        assert_eq!(part("bytes=-5", 0), Part::Beyond);
    }

    #[test]
    fn what_a_browser_would_run_is_text_or_bytes() {
        for (mime, right) in [
            (Some("audio/flac"), "audio/flac"),
            (Some("AUDIO/WAV; rate=44100"), "audio/wav"),
            (Some("text/html"), "text/plain; charset=utf-8"),
            (Some("image/svg+xml"), "text/plain; charset=utf-8"),
            (Some("application/xhtml+xml"), "text/plain; charset=utf-8"),
            (Some("application/javascript"), "application/octet-stream"),
            (Some("a\r\nb"), "application/octet-stream"),
            (None, "application/octet-stream"),
        ] {
            assert_eq!(kind(mime), right, "{mime:?}");
        }
    }

    #[test]
    fn a_name_adds_nothing_to_the_header() {
        let header = disposition("é\"; x=\r\n/../a.wav", true);
        assert_eq!(
            header,
            "attachment; filename=\"__;_x=___.._a.wav\"; \
             filename*=UTF-8''%C3%A9%22%3B%20x%3D%0D%0A%2F..%2Fa.wav"
        );
        assert!(HeaderValue::from_str(&header).is_ok());
    }
}
