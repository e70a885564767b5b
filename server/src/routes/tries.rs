//! `/api/v1/flows/{flow}/try`: a processor is run on samples, of which nothing is seen elsewhere.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tutti_flowtest::{Sample, Sent, TrialError, Tried, try_processor};
use tutti_model::chain;
use tutti_model::flowfile::Timestamp;
use tutti_runtime::{BulletinStatus, MeterStatus, WaitingContent};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::expressions::ATTRIBUTES_BYTES_MAX;
use super::{App, content, verify};
use crate::answer::json;
use crate::clock;
use crate::extract::Body;
use crate::problem::{Code, Problem};

/// The most samples at a time.
const SAMPLES_MAX: usize = 10;
/// Bytes of a sample that is taken from a queue.
const SAMPLE_BYTES_MAX: u64 = 64 << 20;
/// Bytes of content that are told.
const TOLD_BYTES_MAX: usize = 64 << 10;
/// The most results that are told.
const RESULTS_MAX: usize = 100;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(run))
}

/// What is to be tried on what.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TrialRequest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// The path of a processor.
    processor: String,
    /// The flow that it is in, as its file would have it; without it the draft.
    #[schema(value_type = Option<Object>)]
    flow: Option<Value>,
    /// What it is tried on, 1 to 10 flowfiles.
    #[schema(min_items = 1, max_items = 10)]
    flowfiles: Vec<Given>,
}

/// A flowfile to try a processor on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TrialFlowfile)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Given {
    /// Its attributes; of one that waits, those that are set besides.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    /// Its content, as text.
    text: Option<String>,
    /// Its content, in base64.
    base64: Option<String>,
    /// One that waits: its content and its attributes are taken, and it stays there.
    queued: Option<Queued>,
}

/// A flowfile that waits.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TrialQueuedFlowfile)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Queued {
    /// The path of its connection.
    connection: String,
    /// The flowfile, as the listing numbers it.
    number: u64,
}

/// What came of a trial.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrialReport)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// What the processor sent, in that order; the first hundred.
    sent: Vec<TrialResult>,
    /// How many it sent.
    sent_count: usize,
    /// How many flowfiles wait again, or still.
    left: u64,
    /// What it told, the first first.
    log: Vec<BulletinStatus>,
    /// How much it used of what it may use.
    meters: Vec<MeterStatus>,
    /// Why it did not come to an end, if it did not.
    #[schema(required)]
    unended: Option<String>,
    /// How long it took, in milliseconds.
    took_ms: u64,
}

/// A flowfile that a processor sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrialResult {
    /// Where to.
    relationship: String,
    /// All its attributes.
    attributes: BTreeMap<String, String>,
    /// Bytes of its content.
    bytes: usize,
    /// Its content, at most 64 KiB of it; none where it is no text.
    #[schema(required)]
    text: Option<String>,
    /// Whether `text` is all of it.
    is_whole: bool,
    /// Why its content cannot be read, if it cannot.
    #[schema(required)]
    unread: Option<String>,
}

/// Runs a processor once on samples, in a store of its own.
///
/// Nothing changes, inside or outside: what is sent goes nowhere, what the processor remembers is
/// forgotten, and what works outside of its flow is refused. That it fails with a sample is told in
/// `log`, and the sample is in `sent`. At most two are tried at a time, for at most two minutes.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/try",
    tag = "Drafts",
    operation_id = "tryProcessor",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoProcessor, Code::DraftShut, Code::Name, Code::NotAFlow, Code::Limit,
        Code::Parameters, Code::NotRunning, Code::Log, Code::NoConnection, Code::NoFlowFile,
        Code::Repository, Code::NotTried
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Wanted),
    responses((status = 200, description = "What came of it.", body = Report))
)]
async fn run(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(Wanted { processor, flow: text, flowfiles }): Body<Wanted>,
) -> Response {
    match tried(&app, flow, processor, text, flowfiles).await {
        Ok(report) => json(&report),
        Err(problem) => problem.into_response(),
    }
}

async fn tried(
    app: &App,
    flow: String,
    processor: String,
    text: Option<Value>,
    given: Vec<Given>,
) -> Result<Report, Problem> {
    if given.is_empty() || given.len() > SAMPLES_MAX {
        let detail = format!("a processor is tried on 1 to {SAMPLES_MAX} flowfiles at a time");
        return Err(Problem::new(Code::Limit, detail));
    }
    let mut samples = Vec::with_capacity(given.len());
    for one in given {
        samples.push(sample(app, &flow, one).await?);
    }
    let (studio, name) = (app.studio.clone(), flow.clone());
    let resolve = move || {
        let text = text.map(|flow| flow.to_string());
        studio.resolved(&name, &processor, text.as_deref())
    };
    let resolved = app.looks.done(resolve).await?;
    let processor = resolved.map_err(|refusal| verify::refused(&refusal))?.map_err(|wrong| {
        let wrong: Vec<String> = wrong.into_iter().map(|one| one.message).collect();
        Problem::new(Code::NotTried, wrong.join("; "))
    })?;
    let catalog = app.engine.catalog();
    let now = Timestamp(clock::now_ms());
    let work = move || try_processor(&catalog, &flow, now, processor, samples);
    app.tries.done(work).await?.map(report).map_err(|error| not_tried(&error))
}

fn not_tried(error: &TrialError) -> Problem {
    let problem = Problem::new(Code::NotTried, chain(error));
    match error {
        TrialError::Outside | TrialError::Service(_) => {
            problem.help("write a test of the flow, where something else stands for it")
        }
        TrialError::Source | TrialError::Unknown(_) | TrialError::Failed(_) => problem,
    }
}

async fn sample(app: &App, flow: &str, given: Given) -> Result<Sample, Problem> {
    let Given { mut attributes, text, base64, queued } = given;
    let limit = |detail: String| Problem::new(Code::Limit, detail);
    let bytes: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > ATTRIBUTES_BYTES_MAX {
        return Err(limit(format!("the attributes have at most {ATTRIBUTES_BYTES_MAX} bytes")));
    }
    let content: Arc<[u8]> = match (text, base64, queued) {
        (None, None, None) => Arc::default(),
        (Some(text), None, None) => text.into_bytes().into(),
        (None, Some(base64), None) => STANDARD
            .decode(base64)
            .map_err(|error| limit(format!("\"base64\" is no base64: {error}")))?
            .into(),
        (None, None, Some(Queued { connection, number })) => {
            let waiting = content::open(app, flow.to_owned(), connection, number).await?;
            let known = app.looks.done(move || read(waiting)).await??;
            for (name, value) in known.attributes {
                attributes.entry(name).or_insert(value);
            }
            known.content
        }
        _ => {
            return Err(limit(
                "a sample has one of \"text\", \"base64\" and \"queued\"".to_owned(),
            ));
        }
    };
    Ok(Sample { attributes, content })
}

/// What waits.
fn read(waiting: WaitingContent) -> Result<Sample, Problem> {
    let WaitingContent { flowfile, reader, .. } = waiting;
    if flowfile.bytes > SAMPLE_BYTES_MAX {
        let detail = format!(
            "it has {} bytes of content; a sample has at most {SAMPLE_BYTES_MAX}",
            flowfile.bytes
        );
        return Err(Problem::new(Code::Limit, detail));
    }
    let mut content = Vec::new();
    if let Some(reader) = reader {
        let read = reader.take(SAMPLE_BYTES_MAX).read_to_end(&mut content);
        read.map_err(|error| {
            Problem::new(Code::Repository, format!("the content cannot be read: {error}"))
        })?;
    }
    Ok(Sample { attributes: flowfile.attributes, content: content.into() })
}

fn report(tried: Tried) -> Report {
    let Tried { sent, left, told, meters, unended, took } = tried;
    Report {
        sent_count: sent.len(),
        sent: sent.into_iter().take(RESULTS_MAX).map(result).collect(),
        left,
        log: told,
        meters,
        unended,
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
    }
}

fn result(sent: Sent) -> TrialResult {
    let Sent { relationship, attributes, content } = sent;
    let (bytes, text, unread) = match content {
        Ok(content) => (content.len(), told(&content), None),
        Err(why) => (0, None, Some(why)),
    };
    let is_whole = text.as_ref().is_some_and(|text| text.len() == bytes);
    TrialResult { relationship, attributes, bytes, text, is_whole, unread }
}

/// The beginning of it, if it is text: what was cut in the middle of a character, too.
fn told(content: &[u8]) -> Option<String> {
    let (shown, is_cut) = match content.get(..TOLD_BYTES_MAX) {
        Some(shown) => (shown, content.len() > TOLD_BYTES_MAX),
        None => (content, false),
    };
    match std::str::from_utf8(shown) {
        Ok(text) => Some(text.to_owned()),
        Err(error) if is_cut && error.error_len().is_none() => {
            let valid = shown.get(..error.valid_up_to())?;
            std::str::from_utf8(valid).ok().map(str::to_owned)
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_up_to_a_whole_character() {
        assert_eq!(told(b"abc").as_deref(), Some("abc"));
        assert_eq!(told(b"ab\xff"), None);
        assert_eq!(told("ä".repeat(5).as_bytes().split_at(9).0), None);
        let long = format!("a{}", "ä".repeat(TOLD_BYTES_MAX));
        let told = told(long.as_bytes()).unwrap_or_default();
        assert_eq!((told.len(), long.starts_with(&told)), (TOLD_BYTES_MAX - 1, true));
    }
}
