//! `/api/v1/flows`: which there are; one more is made; one comes from outside.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{IF_MATCH, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};
use tutti_model::chain;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, deployment, drafts, no_draft};
use crate::FlowSummary;
use crate::access::Caller;
use crate::answer::{RESERVED, json};
use crate::extract::{Body, Query};
use crate::problem::{Code, More, Problem};
use crate::studio::{CreateError, Deleted, Deletion, NewFlow, NoDraft, Replaces, Taken};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(take, delete))
        .routes(routes!(demo))
}

/// The flows that are served, and whether they run.
#[utoipa::path(
    get,
    path = "/api/v1/flows",
    tag = "Flows",
    operation_id = "listFlows",
    extensions(("x-problems" = json!([Code::NotRunning]))),
    responses((status = 200, description = "All flows, by name.", body = Vec<FlowSummary>))
)]
async fn list(State(app): State<App>) -> Response {
    let (engine, studio) = (Arc::clone(&app.engine), app.studio.clone());
    let look = move || {
        if !studio.is_whole() {
            return Err(no_draft(&NoDraft::NotYet));
        }
        let mut flows = engine.flows();
        studio.add_resting(&mut flows);
        Ok(json(&flows))
    };
    app.looks.work(look).await
}

/// Makes an empty flow, which runs once it is applied.
#[utoipa::path(
    post,
    path = "/api/v1/flows",
    tag = "Flows",
    operation_id = "createFlow",
    extensions(("x-problems" = json!([
        Code::Exists, Code::NotAFlow, Code::Malformed, Code::DraftShut, Code::NotRunning,
        Code::FileChanged, Code::File, Code::Log
    ]))),
    request_body(content = NewFlow),
    responses((status = 201, description = "It was made.", body = Taken,
        headers(("location" = String, description = "The address of its draft."))))
)]
async fn create(State(app): State<App>, Body(new): Body<NewFlow>) -> Response {
    let studio = app.studio.clone();
    let work =
        move || studio.create(&new).map(|made| taken(&made)).map_err(|error| refused(&error));
    app.edits.work(work).await
}

/// Makes a flow with recordings, for who has none.
#[utoipa::path(
    post,
    path = "/api/v1/demo",
    tag = "Flows",
    operation_id = "createDemo",
    extensions(("x-problems" = json!([
        Code::Exists, Code::DraftShut, Code::NotRunning, Code::FileChanged, Code::File, Code::Log
    ]))),
    responses((status = 201, description = "It was made.", body = Taken,
        headers(("location" = String, description = "The address of its draft."))))
)]
async fn demo(State(app): State<App>, caller: Caller) -> Response {
    let studio = app.studio.clone();
    let work =
        move || studio.demo(&caller.name).map(|made| taken(&made)).map_err(|error| refused(&error));
    app.edits.work(work).await
}

/// The draft becomes what the body says: the text of a flow, as it is in git.
///
/// The same twice changes nothing. A draft that has more than what runs is replaced only when
/// `if-match` says which revision of it; with `if-none-match: *` nothing is.
#[utoipa::path(
    put,
    path = "/api/v1/flows/{flow}",
    tag = "Flows",
    operation_id = "putFlow",
    extensions(("x-problems" = json!([
        Code::IfMatch, Code::Name, Code::Exists, Code::NotAFlow, Code::DraftShut, Code::Ahead,
        Code::Stale, Code::NotRunning, Code::FileChanged, Code::File, Code::FileUnreadable,
        Code::Log
    ]))),
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        ("if-match" = Option<String>, Header, pattern = "^\"[0-9]{1,18}\"$",
            description = "The revision that is replaced, in quotes."),
        ("if-none-match" = Option<String>, Header, pattern = r"^\*$",
            description = "`*`: the flow must not be there yet.")
    ),
    request_body(
        content = Object,
        description = "A flow as its file has it.",
        content_type = "application/json",
        example = json!(flow_example())
    ),
    responses(
        (status = 200, description = "The draft is that now.", body = Taken),
        (status = 201, description = "The flow was made.", body = Taken,
            headers(("location" = String, description = "The address of its draft.")))
    )
)]
async fn take(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let replaces = match replaces(&headers) {
        Ok(replaces) => replaces,
        Err(problem) => return problem.into_response(),
    };
    let studio = app.studio.clone();
    let work = move || {
        let text = tutti_model::document::decode(body.to_vec(), "").map_err(CreateError::NoFlow);
        let done = text.and_then(|text| studio.take(&flow, &caller.name, &text, replaces));
        done.map(|done| taken(&done)).map_err(|error| refused(&error))
    };
    app.edits.work(work).await
}

/// A flow as its file has it, for who wants to send one.
pub(super) fn flow_example() -> Value {
    json!({
        "format": 1,
        "name": "copy",
        "processors": {
            "Get": { "type": "GetFile", "properties": { "Directory": "in" } },
            "Put": {
                "type": "PutFile",
                "properties": { "Directory": "out" },
                "autoTerminate": ["failure", "success"],
            },
        },
        "connections": [{ "from": "Get", "relationships": ["success"], "to": "Put" }],
    })
}

/// Stops a flow, and deletes it.
///
/// Its file and the log of what was edited are put aside, under other names beside where they
/// were. What waits in it hinders that, or goes into the trash, where a flow of that name that
/// comes later finds it.
#[utoipa::path(
    delete,
    path = "/api/v1/flows/{flow}",
    tag = "Flows",
    operation_id = "deleteFlow",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::DraftShut, Code::Busy, Code::Runs, Code::NotEmpty, Code::TooLong,
        Code::File, Code::NotTakenBack, Code::NotRunning, Code::Repository, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Deletion),
    responses((status = 200, description = "It is no more.", body = Deleted))
)]
async fn delete(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(how): Query<Deletion>,
) -> Response {
    tracing::info!("asked to delete \"{flow}\"");
    match app.studio.delete(flow, how).await {
        Ok(deleted) => json(&deleted),
        Err(error) => deployment::not_applied(&error).into_response(),
    }
}

/// What may be replaced, as the headers say it; none where nothing may.
fn replaces(headers: &HeaderMap) -> Result<Option<Replaces>, Problem> {
    let wrong = |detail: &str| Err(Problem::new(Code::IfMatch, detail));
    if [IF_MATCH, IF_NONE_MATCH].iter().any(|name| headers.get_all(name).iter().count() > 1) {
        return wrong("the header \"if-match\" or \"if-none-match\" is there twice");
    }
    match (headers.get(IF_MATCH).map(revision), headers.get(IF_NONE_MATCH)) {
        (None, None) => Ok(Some(Replaces::Applied)),
        (Some(Some(revision)), None) => Ok(Some(Replaces::Revision(revision))),
        (None, Some(all)) if all == "*" => Ok(None),
        (Some(None), None) => {
            wrong("the header \"if-match\" has no revision: write it as \"12\", in quotes")
        }
        (None, Some(_)) => wrong("the header \"if-none-match\" can only be \"*\""),
        (Some(_), Some(_)) => wrong("a flow that is replaced is there: \"if-none-match\" is not"),
    }
}

/// The revision in a header, as the `ETag` of a draft has it.
fn revision(value: &HeaderValue) -> Option<u64> {
    let digits = value.to_str().ok()?.trim().strip_prefix('"')?.strip_suffix('"')?;
    let is_number = digits.bytes().all(|letter| letter.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn taken(taken: &Taken) -> Response {
    let mut response = json(taken);
    if taken.is_new {
        *response.status_mut() = StatusCode::CREATED;
        let name = utf8_percent_encode(&taken.name, RESERVED);
        let address = format!("/api/v1/flows/{name}/draft");
        if let Ok(location) = HeaderValue::from_str(&address) {
            response.headers_mut().insert(LOCATION, location);
        }
    }
    response
}

pub(super) fn refused(error: &CreateError) -> Problem {
    let problem = |code| Problem::new(code, chain(error));
    match error {
        CreateError::Name(_) => problem(Code::Name),
        CreateError::Exists(_) => problem(Code::Exists),
        CreateError::NoFlow(findings) => {
            let findings = Some(findings.clone());
            problem(Code::NotAFlow).with(More { findings, ..More::default() })
        }
        CreateError::NoDraft(why) => no_draft(why),
        CreateError::NotYet => problem(Code::NotRunning),
        CreateError::File(error) => deployment::of_file(error),
        CreateError::Demo(_) => problem(Code::File),
        CreateError::Draft(refusal) => drafts::refused(refusal),
        CreateError::Apply(error) => deployment::not_applied(error),
        CreateError::Left { why, .. } => refused(why).detail(chain(error)),
    }
}
