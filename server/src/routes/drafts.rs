//! `/api/v1/flows/{flow}/…`: a flow is edited.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tutti_editing::{Change, Refusal, Which};
use tutti_model::chain;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, no_draft};
use crate::access::Caller;
use crate::answer::json;
use crate::extract::{Body, Query, page_length};
use crate::problem::{Code, More, Problem};
use crate::studio::{Act, DraftView, Edit, NoDraft, Operations};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(draft))
        .routes(routes!(operations, change))
        .routes(routes!(undo))
        .routes(routes!(redo))
        .routes(routes!(roll_back))
}

/// What somebody wants to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EditRequest)]
struct Wanted {
    /// What it is, in words: it is shown where it can be undone.
    label: String,
    /// All are made, or none.
    changes: Vec<Change>,
    /// Whether nothing is done, and only said what would be: `dryRun` of the answer.
    #[serde(default)]
    dry_run: bool,
}

/// A state of a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RollbackRequest)]
struct Revision {
    /// Its number.
    revision: u64,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Known {
    /// The revision that the caller has: while it is the newest, its flow and layout are not sent
    /// once more.
    known: Option<u64>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct After {
    /// The revision after which to begin.
    #[serde(default)]
    after: u64,
    /// How many operations at most, 1 to 1,000; 100 when it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Which operation is taken back; nothing of it must be said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = UndoRequest)]
struct TakenBack {
    /// The operation; without it the newest.
    revision: Option<u64>,
    /// What was shown as the newest: when it is another one by now, nothing is done.
    expected: Option<u64>,
}

impl From<TakenBack> for Which {
    fn from(TakenBack { revision, expected }: TakenBack) -> Self {
        Self { revision, expected }
    }
}

/// A flow as it is being edited.
///
/// Its lists of things are objects by name, so that everything in it has a path. The header `etag`
/// has its revision.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/draft",
    tag = "Drafts",
    operation_id = "getDraft",
    extensions(("x-problems" = json!([Code::NoFlow, Code::NotRunning, Code::DraftShut]))),
    params(("flow" = String, Path, description = "The name of a flow."), Known),
    responses((status = 200, description = "The draft.", body = DraftView,
        headers(("etag" = String, description = "The revision, in quotes."))))
)]
async fn draft(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    Query(Known { known }): Query<Known>,
) -> Response {
    let studio = app.studio.clone();
    let look = move || {
        let draft = studio.draft(&flow, &caller.name, known).map_err(|why| no_draft(&why))?;
        let mut response = json(&draft);
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", draft.revision)) {
            response.headers_mut().insert(ETAG, tag);
        }
        Ok(response)
    };
    app.looks.work(look).await
}

/// What was changed, by whom.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/operations",
    tag = "Drafts",
    operation_id = "listOperations",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::DraftShut, Code::Limit
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), After),
    responses((status = 200, description = "A page of them.", body = Operations))
)]
async fn operations(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(After { after, limit }): Query<After>,
) -> Response {
    let limit = match page_length(limit) {
        Ok(limit) => limit,
        Err(problem) => return problem.into_response(),
    };
    let studio = app.studio.clone();
    let look = move || {
        let operations = studio.operations(&flow, after, limit);
        operations.map(|operations| json(&operations)).map_err(|why| no_draft(&why))
    };
    app.looks.work(look).await
}

/// Changes a draft: all changes, or none.
///
/// A change is made when what it found is still there; else it is a conflict, which is named. With
/// `dryRun` nothing is done, and what would be refused is refused.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/operations",
    tag = "Drafts",
    operation_id = "changeDraft",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::DraftShut, Code::Conflict, Code::NotAFlow,
        Code::Malformed, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Wanted),
    responses((status = 200, description = "What was done.", body = Edit))
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    Body(Wanted { label, changes, dry_run }): Body<Wanted>,
) -> Response {
    if dry_run {
        let studio = app.studio.clone();
        let look = move || done(studio.foresee(&flow, &caller.name, label, changes));
        return app.looks.work(look).await;
    }
    act(app, caller, flow, Act::Change { label, changes }).await
}

/// Takes back what the caller did last, or what they chose.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/undo",
    tag = "Drafts",
    operation_id = "undo",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::DraftShut, Code::Conflict, Code::NotAFlow,
        Code::NothingToUndo, Code::NotToTakeBack, Code::Newest, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Option<TakenBack>),
    responses((status = 200, description = "What was done.", body = Edit))
)]
async fn undo(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    which: Option<Body<TakenBack>>,
) -> Response {
    act(app, caller, flow, Act::Undo(chosen(which))).await
}

/// Takes back what the caller has undone last, or what they chose.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/redo",
    tag = "Drafts",
    operation_id = "redo",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::DraftShut, Code::Conflict, Code::NotAFlow,
        Code::NothingToRedo, Code::NotToTakeBack, Code::Newest, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Option<TakenBack>),
    responses((status = 200, description = "What was done.", body = Edit))
)]
async fn redo(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    which: Option<Body<TakenBack>>,
) -> Response {
    act(app, caller, flow, Act::Redo(chosen(which))).await
}

/// Goes back to a revision, as an operation of its own.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/rollback",
    tag = "Drafts",
    operation_id = "rollBack",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoRevision, Code::DraftShut, Code::Conflict,
        Code::NotAFlow, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Revision),
    responses((status = 200, description = "What was done.", body = Edit))
)]
async fn roll_back(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    Body(Revision { revision }): Body<Revision>,
) -> Response {
    act(app, caller, flow, Act::RollBack { revision }).await
}

/// What was chosen; the last where nothing was said.
fn chosen(which: Option<Body<TakenBack>>) -> Which {
    which.map(|Body(which)| which).unwrap_or_default().into()
}

async fn act(app: App, caller: Caller, flow: String, act: Act) -> Response {
    let studio = app.studio.clone();
    app.edits.work(move || done(studio.act(&flow, &caller.name, act))).await
}

fn done(done: Result<Result<Edit, Refusal>, NoDraft>) -> Result<Response, Problem> {
    match done {
        Ok(Ok(edit)) => Ok(json(&edit)),
        Ok(Err(refusal)) => Err(refused(&refusal)),
        Err(why) => Err(no_draft(&why)),
    }
}

pub(super) fn refused(refusal: &Refusal) -> Problem {
    let problem = |code| Problem::new(code, chain(refusal));
    match refusal {
        Refusal::Conflicts(conflicts) => problem(Code::Conflict)
            .with(More { conflicts: Some(conflicts.clone()), ..More::default() }),
        Refusal::Findings(findings) => problem(Code::NotAFlow)
            .with(More { findings: Some(findings.clone()), ..More::default() }),
        Refusal::Malformed(_) => problem(Code::Malformed),
        Refusal::Ahead { revision } => {
            problem(Code::Ahead).with(More { revision: Some(*revision), ..More::default() })
        }
        Refusal::Replaced { revision } => {
            problem(Code::Stale).with(More { revision: Some(*revision), ..More::default() })
        }
        Refusal::NothingToUndo => problem(Code::NothingToUndo),
        Refusal::NothingToRedo => problem(Code::NothingToRedo),
        Refusal::Stale { newest } => {
            problem(Code::Newest).with(More { revision: *newest, ..More::default() })
        }
        Refusal::NotToTakeBack { .. } => problem(Code::NotToTakeBack),
        Refusal::NoRevision { .. } => problem(Code::NoRevision),
        Refusal::Log(_) => problem(Code::Log),
    }
}
