//! `/api/v1/flows/{flow}/try`: a processor is run on samples, of which nothing is seen elsewhere.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::task::spawn_blocking;
use tutti_model::chain;
use tutti_runtime::WaitingContent;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::expressions::ATTRIBUTES_BYTES_MAX;
use super::{App, content, verify};
use crate::answer::{failed, json};
use crate::clock;
use crate::extract::Body;
use crate::problem::{Code, Problem};
use crate::trial::{self, Answered, Job, JobSample, Report};

/// The most samples at a time.
const SAMPLES_MAX: usize = 10;
/// Bytes of a sample that is taken from a queue.
const SAMPLE_BYTES_MAX: u64 = 64 << 20;

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

/// Runs a processor once on samples, in a store of its own.
///
/// Nothing changes, inside or outside: what is sent goes nowhere, what the processor remembers is
/// forgotten, and what works outside of its flow is refused. That it fails with a sample is told in
/// `log`, and the sample is in `sent`. At most two are tried at a time, each in a process of its
/// own that is ended after a minute, when it takes more than some 1.5 GB, and when nobody waits for
/// it.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/try",
    tag = "Drafts",
    operation_id = "tryProcessor",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoProcessor, Code::DraftShut, Code::Name, Code::NotAFlow, Code::Limit,
        Code::Parameters, Code::NotRunning, Code::Log, Code::NoConnection, Code::NoFlowFile,
        Code::Repository, Code::NotTried, Code::TooMany
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
) -> Result<Box<RawValue>, Problem> {
    if given.is_empty() || given.len() > SAMPLES_MAX {
        let detail = format!("a processor is tried on 1 to {SAMPLES_MAX} flowfiles at a time");
        return Err(Problem::new(Code::Limit, detail));
    }
    let mut samples = Vec::with_capacity(given.len());
    for one in given {
        samples.push(sample(app, &flow, one).await?);
    }
    let (studio, path) = (app.studio.clone(), processor.clone());
    let resolve = move || {
        let text = text.map(|flow| flow.to_string());
        studio.to_try(&flow, &path, text.as_deref())
    };
    let resolved = app.looks.done(resolve).await?.map_err(|refusal| verify::refused(&refusal))?;
    let (flow, values) = resolved.map_err(|wrong| {
        let wrong: Vec<String> = wrong.into_iter().map(|one| one.message).collect();
        Problem::new(Code::NotTried, wrong.join("; "))
    })?;
    let Ok(permit) = Arc::clone(&app.tries).try_acquire_owned() else {
        let detail = "as many processors are run on samples already as may be at a time";
        return Err(Problem::new(Code::TooMany, detail).help("try again when one of them is done"));
    };
    let job = Job { flow, values, processor, now_ms: clock::now_ms(), samples };
    let program = Arc::clone(&app.trial_program);
    let unwanted = Arc::new(AtomicBool::new(false));
    // Whoever goes away meanwhile drops this.
    let _waiting = Waiting(Arc::clone(&unwanted));
    let work = move || {
        let answered = trial::run(&program, &job, &unwanted);
        drop(permit);
        answered
    };
    match spawn_blocking(work).await {
        Ok(Ok(Answered::Report(report))) => Ok(report),
        Ok(Ok(Answered::Refused { why, help })) => {
            let problem = Problem::new(Code::NotTried, why);
            Err(match help {
                Some(help) => problem.help(help),
                None => problem,
            })
        }
        Ok(Err(error)) => Err(Problem::new(Code::NotTried, chain(&error))),
        Err(error) => Err(failed(&error)),
    }
}

/// Somebody waits for a trial.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn sample(app: &App, flow: &str, given: Given) -> Result<JobSample, Problem> {
    let Given { mut attributes, text, base64, queued } = given;
    let limit = |detail: String| Problem::new(Code::Limit, detail);
    let bytes: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > ATTRIBUTES_BYTES_MAX {
        return Err(limit(format!("the attributes have at most {ATTRIBUTES_BYTES_MAX} bytes")));
    }
    let content = match (text, base64, queued) {
        (None, None, None) => Vec::new(),
        (Some(text), None, None) => text.into_bytes(),
        (None, Some(base64), None) => STANDARD
            .decode(base64)
            .map_err(|error| limit(format!("\"base64\" is no base64: {error}")))?,
        (None, None, Some(Queued { connection, number })) => {
            let waiting = content::open(app, flow.to_owned(), connection, number).await?;
            for (name, value) in &waiting.flowfile.attributes {
                attributes.entry(name.clone()).or_insert_with(|| value.clone());
            }
            app.looks.done(move || read(waiting)).await??
        }
        _ => {
            return Err(limit(
                "a sample has one of \"text\", \"base64\" and \"queued\"".to_owned(),
            ));
        }
    };
    Ok(JobSample::new(attributes, &content))
}

/// The content of one that waits.
fn read(waiting: WaitingContent) -> Result<Vec<u8>, Problem> {
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
    Ok(content)
}
