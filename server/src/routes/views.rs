//! `/api/v1/flows/{flow}/content/…`: recordings that wait in a queue, seen and heard without being
//! taken.

use std::io::{self, Read, Seek};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use tutti_audio::decode::DecodeError;
use tutti_audio::view::{Colors, Part};
use tutti_model::chain;
use tutti_runtime::WaitingContent;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::content::{Said, blocks, open, range, ranged};
use crate::answer::failed;
use crate::extract::Query;
use crate::problem::{Code, Problem};
use crate::views::{
    self, Kept, Key, Preview, Source, SpectrogramError, SpectrogramView, Stop, View, Views,
    Waiting, WaveformView,
};

/// How many columns a waveform has, when nobody says how many, and at most.
const WAVEFORM_WIDTH: (usize, usize) = (1_024, 4_096);
/// The same of a spectrogram.
const WIDTH: (usize, usize) = (1_024, 4_096);
/// The same of its rows.
const HEIGHT: (usize, usize) = (256, 1_024);
/// The longest part of a recording that is shown, in seconds.
const PART_SECONDS_MAX: f64 = 7.0 * 24.0 * 3600.0;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(waveform))
        .routes(routes!(spectrogram))
        .routes(routes!(preview))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wave {
    /// The path of a connection.
    connection: String,
    /// The flowfile, as the listing numbers it.
    number: u64,
    /// How many columns, 1 to 4,096; 1,024 when it is not said.
    #[param(minimum = 1, maximum = 4096)]
    width: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Palette {
    #[default]
    Magma,
    Gray,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Picture {
    /// The path of a connection.
    connection: String,
    /// The flowfile, as the listing numbers it.
    number: u64,
    /// In seconds.
    #[serde(default)]
    #[param(minimum = 0)]
    from: f64,
    /// In seconds; the recording's end where there is none.
    #[param(minimum = 0)]
    to: Option<f64>,
    /// In pixels; 1,024 when it is not said.
    #[param(minimum = 1, maximum = 4096)]
    width: Option<usize>,
    /// In pixels; 256 when it is not said.
    #[param(minimum = 1, maximum = 1024)]
    height: Option<usize>,
    /// From dark to bright; magma when it is not said.
    #[serde(default)]
    #[param(inline)]
    colors: Palette,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Heard {
    /// The path of a connection.
    connection: String,
    /// The flowfile, as the listing numbers it.
    number: u64,
}

/// The waveform of a recording that waits: the lowest and highest sample of each column.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/content/waveform",
    tag = "Queues",
    operation_id = "getWaveform",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoConnection, Code::NoFlowFile, Code::Size,
        Code::CannotDecode, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Wave),
    responses((status = 200, description = "The waveform.", body = WaveformView))
)]
async fn waveform(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(Wave { connection, number, width }): Query<Wave>,
) -> Response {
    let make = async {
        let width = within("width", width, WAVEFORM_WIDTH)?;
        let content = open(&app, flow.clone(), connection, number).await?;
        answered(&app.views, flow, content, View::Waveform { width }, move |source| {
            let view = views::waveform(source, width).map_err(|error| undecodable(&error))?;
            serde_json::to_vec(&view).map_err(|error| failed(&error))
        })
        .await
    };
    respond(make.await, "application/json")
}

/// The mel spectrogram of a recording that waits, in dB, low pitch at the bottom.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/content/spectrogram",
    tag = "Queues",
    operation_id = "getSpectrogram",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoConnection, Code::NoFlowFile, Code::Size,
        Code::Part, Code::CannotDecode, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Picture),
    responses((status = 200, description = "A picture.", body = Vec<u8>,
        content_type = "image/png"))
)]
async fn spectrogram(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(picture): Query<Picture>,
) -> Response {
    let make = async {
        let Picture { connection, number, from, to, width, height, colors } = picture;
        let width = within("width", width, WIDTH)?;
        let height = within("height", height, HEIGHT)?;
        check_part(from, to)?;
        let colors = match colors {
            Palette::Magma => Colors::Magma,
            Palette::Gray => Colors::Gray,
        };
        let content = open(&app, flow.clone(), connection, number).await?;
        let view = View::Spectrogram { from, to, width, height, colors };
        answered(&app.views, flow, content, view, move |source| {
            let to = match to {
                Some(to) => to,
                None => views::length(source).map_err(|error| undecodable(&error))?.seconds(),
            };
            if to <= from {
                return Err(ended(from));
            }
            let part = Part { from, to, width, height };
            let png = views::spectrogram(source, SpectrogramView { part, colors });
            png.map_err(|error| match error {
                SpectrogramError::Decode(error) => undecodable(&error),
                SpectrogramError::Ended => ended(from),
                error @ SpectrogramError::Part(_) => Problem::new(Code::Part, chain(&error)),
                SpectrogramError::Write(error) => failed(&error),
            })
        })
        .await
    };
    respond(make.await, "image/png")
}

/// A recording that waits, as WAV with 16 bits, for what cannot play it as it is.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/content/preview",
    tag = "Queues",
    operation_id = "getPreview",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoConnection, Code::NoFlowFile, Code::Range,
        Code::CannotDecode, Code::Repository
    ]))),
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        Heard,
        ("range" = Option<String>, Header, description = "Bytes, as RFC 9110 has it: one part.")
    ),
    responses(
        (status = 200, description = "All of it.", body = Vec<u8>, content_type = "audio/wav"),
        (status = 206, description = "The part that `range` asks for.", body = Vec<u8>,
            content_type = "audio/wav")
    )
)]
async fn preview(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(Heard { connection, number }): Query<Heard>,
    headers: HeaderMap,
) -> Response {
    let views = app.views.clone();
    let (stop, waiting) = views.wait();
    let make = async {
        let content = open(&app, flow.clone(), connection, number).await?;
        let name = content.flowfile.filename.clone().unwrap_or(content.flowfile.uuid.clone());
        let Some((key, source)) = source(flow, content, View::Length, &stop) else {
            return Err(undecodable(&DecodeError::Empty));
        };
        let known = match views.recall(&key) {
            Some(Kept::Length(length)) => Some(length),
            _ => None,
        };
        let begin = move || {
            let length = known.map_or_else(|| views::length(&source), Ok)?;
            Ok((length, Preview::open(&source, length)?))
        };
        let (length, preview) = views.done(begin).await?.map_err(|error| undecodable(&error))?;
        views.keep(key, Kept::Length(length));
        Ok((length, preview, name))
    };
    match make.await {
        Ok((length, preview, name)) => {
            let live = Live { views: views.clone(), stop, _waiting: waiting };
            let kind = HeaderValue::from_static("audio/wav");
            let said = Said { kind, name: &format!("{name}.wav"), download: false };
            ranged(range(&headers), Preview::bytes(length), &said, |from, to| {
                Body::from_stream(blocks((live, preview), from, to, more))
            })
        }
        Err(problem) => problem.into_response(),
    }
}

/// What makes the rest of a preview, as long as the client takes it.
struct Live {
    views: Views,
    stop: Arc<Stop>,
    _waiting: Waiting,
}

/// Makes a block of the preview.
async fn more(
    (live, mut preview): (Live, Preview),
    at: u64,
    length: usize,
) -> io::Result<((Live, Preview), Bytes)> {
    live.stop.renew();
    let make = move || {
        let block = preview.read_at(at, length)?;
        io::Result::Ok((preview, Bytes::from(block)))
    };
    let (preview, block) = live.views.done(make).await.map_err(|_| io::ErrorKind::TimedOut)??;
    Ok(((live, preview), block))
}

type Reader = Source<Box<dyn Readable>>;

/// What content is read from.
pub(super) trait Readable: Read + Seek + Send {}

impl<R: Read + Seek + Send> Readable for R {}

/// The name of a view of content, and what it is made from; none of content without a byte.
pub(super) fn source(
    flow: String,
    content: WaitingContent,
    view: View,
    stop: &Arc<Stop>,
) -> Option<(Key, Reader)> {
    let WaitingContent { flowfile, slice, reader } = content;
    let (slice, reader) = slice.zip(reader)?;
    let reader: Box<dyn Readable> = Box::new(reader);
    let source = Source::new(reader, flowfile.bytes, Arc::clone(stop));
    Some((Key { flow, slice, view }, source))
}

/// What was made before, or is made now.
async fn answered(
    views: &Views,
    flow: String,
    content: WaitingContent,
    view: View,
    make: impl FnOnce(&Reader) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Result<Bytes, Problem> {
    let (stop, _waiting) = views.wait();
    let Some((key, source)) = source(flow, content, view, &stop) else {
        return Err(undecodable(&DecodeError::Empty));
    };
    if let Some(Kept::Answer(bytes)) = views.recall(&key) {
        return Ok(bytes);
    }
    let answer = Bytes::from(views.done(move || make(&source)).await??);
    views.keep(key, Kept::Answer(answer.clone()));
    Ok(answer)
}

fn respond(made: Result<Bytes, Problem>, kind: &'static str) -> Response {
    match made {
        Ok(bytes) => ([(CONTENT_TYPE, HeaderValue::from_static(kind))], bytes).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn within(
    name: &'static str,
    asked: Option<usize>,
    (usual, most): (usize, usize),
) -> Result<usize, Problem> {
    let asked = asked.unwrap_or(usual);
    if (1..=most).contains(&asked) {
        return Ok(asked);
    }
    let detail = format!("\"{name}\" is {asked}, but must be from 1 to {most}");
    Err(Problem::new(Code::Size, detail))
}

fn check_part(from: f64, to: Option<f64>) -> Result<(), Problem> {
    let is_time = |time: f64| (0.0..=PART_SECONDS_MAX).contains(&time);
    if is_time(from) && to.is_none_or(|to| is_time(to) && from < to) {
        return Ok(());
    }
    let detail = format!(
        "\"from\" and \"to\" are seconds from 0 to {PART_SECONDS_MAX}, \"from\" before \"to\""
    );
    Err(Problem::new(Code::Part, detail))
}

fn ended(from: f64) -> Problem {
    let detail = format!("the recording ends before {from} s");
    Problem::new(Code::Part, detail)
}

/// Why a recording is not seen.
fn undecodable(error: &DecodeError) -> Problem {
    if let DecodeError::Read { source, .. } = error {
        return unread(source);
    }
    Problem::new(Code::CannotDecode, chain(error))
}

/// Why content cannot be read.
pub(super) fn unread(error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::TimedOut {
        let help = "try again when there is less to do, or process the content in the flow";
        return Problem::new(Code::Slow, error.to_string()).help(help);
    }
    Problem::new(Code::Repository, format!("the content cannot be read: {}", chain(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_that_cannot_be_are_refused() {
        assert_eq!(within("width", None, WIDTH).ok(), Some(1_024));
        assert_eq!(within("width", Some(1), WIDTH).ok(), Some(1));
        assert!(within("width", Some(0), WIDTH).is_err());
        assert!(within("width", Some(4_097), WIDTH).is_err());
        for (from, to, right) in [
            (0.0, None, true),
            (0.0, Some(1.0), true),
            (1.0, Some(1.0), false),
            (2.0, Some(1.0), false),
            (-1.0, None, false),
            (f64::NAN, None, false),
            (0.0, Some(f64::NAN), false),
            (0.0, Some(f64::INFINITY), false),
            (1e300, None, false),
        ] {
            assert_eq!(check_part(from, to).is_ok(), right, "{from} {to:?}");
        }
    }
}
