//! `/api/v1/flows/{flow}/…`: what waits in a queue is looked at, and stays there.
//!
//! Content is sent as what a browser must not run: whatever a flowfile says of its type, markup is
//! text here.

use std::io::{Read, Seek, SeekFrom};

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use serde::Deserialize;
use tutti_model::chain;
use tutti_model::flowfile::FlowFile;
use tutti_runtime::{PAGE_MAX, QueuePage, WaitingContent, WaitingError, Wish};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, no_flow};
use crate::filter::{Filter, FilterError};
use crate::look::{Looks, json};
use crate::problem::Problem;

/// How many flowfiles a page has when nobody says how many.
const PAGE_DEFAULT: usize = 100;
/// How many bytes of content are read at a time.
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
    OpenApiRouter::new().routes(routes!(queue)).routes(routes!(content))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The path of a connection.
    connection: String,
    /// The number after which the page begins.
    #[serde(default)]
    after: u64,
    /// How many flowfiles it has at most, 1 to 1,000; 100 when it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// An expression: only flowfiles are listed for which it gives `true`.
    filter: Option<String>,
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

/// A page of what waits in a connection; nothing is taken.
///
/// With a filter some 50,000 flowfiles are looked at for a page at most: it may have less than it
/// might, even nothing, and say where to look on.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/queue",
    tag = "Queues",
    operation_id = "listQueue",
    params(("flow" = String, Path, description = "The name of a flow."), Page),
    responses((status = 200, description = "The page.", body = QueuePage))
)]
async fn queue(
    State(app): State<App>,
    Path(flow): Path<String>,
    page: Result<Query<Page>, QueryRejection>,
) -> Response {
    let Query(Page { connection, after, limit, filter }) = match page {
        Ok(page) => page,
        Err(wrong) => return super::wrong_query(&wrong).into_response(),
    };
    let limit = limit.unwrap_or(PAGE_DEFAULT);
    if limit == 0 || limit > PAGE_MAX {
        let detail = format!("a page has 1 to {PAGE_MAX} flowfiles");
        return Problem::new(StatusCode::BAD_REQUEST, detail).code("limit").into_response();
    }
    let filter = match filter.as_deref().map(Filter::parse).transpose() {
        Ok(filter) => filter,
        Err(wrong) => return no_filter(&wrong).into_response(),
    };
    // A look through many waits with others of its kind, and not with those at a page.
    let looks = if filter.is_some() { app.searches.clone() } else { app.looks.clone() };
    let studio = app.studio.clone();
    let look = move || {
        let running = studio.flow(&flow).ok_or_else(|| no_flow(&flow))?;
        let wants = filter.as_ref().map(|filter| |flowfile: &FlowFile| filter.wants(flowfile));
        let filter = wants.as_ref().map(|wants| wants as &dyn Fn(&FlowFile) -> bool);
        let wish = Wish { after, max: limit, filter };
        let page = running.waiting(&connection, &wish).map_err(|error| failed(&error))?;
        Ok(json(&page))
    };
    looks.work(look).await
}

fn no_filter(error: &FilterError) -> Problem {
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
    match error {
        FilterError::Long => problem.code("limit"),
        FilterError::Syntax(error) => match &error.help {
            Some(help) => problem.code("expression").help(help.as_str()),
            None => problem.code("expression"),
        },
        FilterError::Parameter(_) => problem.code("expression"),
    }
}

/// The content of a flowfile that waits, or a range of it; it stays there.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/content",
    tag = "Queues",
    operation_id = "getContent",
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        One,
        ("range" = Option<String>, Header, description = "Bytes, as RFC 9110 has it: one part.")
    ),
    responses(
        (status = 200, description = "All of it.", body = Vec<u8>, content_type = "*/*"),
        (status = 206, description = "The part that `range` asks for.", body = Vec<u8>,
            content_type = "*/*")
    )
)]
async fn content(
    State(app): State<App>,
    Path(flow): Path<String>,
    one: Result<Query<One>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Query(One { connection, number, download }) = match one {
        Ok(one) => one,
        Err(wrong) => return super::wrong_query(&wrong).into_response(),
    };
    match open(&app, flow, connection, number).await {
        Ok(content) => sent(app.looks.clone(), content, range(&headers), download),
        Err(problem) => problem.into_response(),
    }
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
        let running = studio.flow(&flow).ok_or_else(|| no_flow(&flow))?;
        running.waiting_content(&connection, number).map_err(|error| failed(&error))
    };
    app.looks.done(open).await?
}

/// The part that is asked for.
pub(super) fn range(headers: &HeaderMap) -> Option<&str> {
    headers.get(RANGE).and_then(|range| range.to_str().ok())
}

/// The content, or the part of it that was asked for.
fn sent(looks: Looks, content: WaitingContent, range: Option<&str>, download: bool) -> Response {
    let WaitingContent { flowfile, reader, .. } = content;
    let said = Said {
        kind: kind(flowfile.attributes.get("mime.type").map(String::as_str)),
        name: flowfile.filename.as_deref().unwrap_or(&flowfile.uuid),
        download,
    };
    ranged(range, flowfile.bytes, &said, |from, to| match reader {
        Some(reader) if to > from => Body::from_stream(blocks(looks, reader, from, to)),
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
    let status = StatusCode::RANGE_NOT_SATISFIABLE;
    let mut response =
        Problem::new(status, format!("the content has {length} bytes")).into_response();
    insert(response.headers_mut(), &format!("bytes */{length}"));
    response
}

/// Blocks of the content, each read when the client has taken the one before.
fn blocks<R: Read + Seek + Send + 'static>(
    looks: Looks,
    reader: R,
    from: u64,
    to: u64,
) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Send {
    let begin = (looks, Some(reader), from);
    stream::unfold(begin, move |(looks, reader, at)| async move {
        let mut reader = reader.filter(|_| at < to)?;
        let read = move || {
            let length = (to - at).min(BLOCK_BYTES);
            let mut block = vec![0; usize::try_from(length).unwrap_or_default()];
            let read = reader.seek(SeekFrom::Start(at));
            let read = read.and_then(|_| reader.read_exact(&mut block));
            (reader, read.map(|()| Bytes::from(block)))
        };
        match looks.done(read).await {
            Ok((reader, Ok(block))) => {
                let next = at + block.len() as u64;
                Some((Ok(block), (looks, Some(reader), next)))
            }
            // The connection breaks, so that nobody takes a part for the whole.
            Ok((_, Err(error))) => Some((Err(error), (looks, None, to))),
            Err(_) => Some((Err(std::io::ErrorKind::TimedOut.into()), (looks, None, to))),
        }
    })
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
    let encode = |byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    let encoded: String = name.bytes().map(encode).collect();
    let how = if download { "attachment" } else { "inline" };
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

pub(super) fn failed(error: &WaitingError) -> Problem {
    let (status, code) = match error {
        WaitingError::NoConnection { .. } => (StatusCode::NOT_FOUND, "noConnection"),
        WaitingError::NoFlowFile { .. } => (StatusCode::NOT_FOUND, "noFlowFile"),
        WaitingError::Repository { .. } => (StatusCode::SERVICE_UNAVAILABLE, "repository"),
    };
    Problem::new(status, chain(error)).code(code)
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
