//! `/api/v1/flows/{flow}/…`: a flow is edited, and what was edited is applied.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tutti_editing::{Change, FileError, Refusal, Which};
use tutti_model::chain;
use tutti_model::document::decode;
use tutti_runtime::{AddError, EditError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, flows, no_draft};
use crate::access::Caller;
use crate::answer::json;
use crate::extract::{Body, Query, page_length};
use crate::problem::{Code, More, Problem};
use crate::studio::{
    Act, AppliedFlow, ApplyError, CreateError, DraftView, Edit, FlowPlan, Operations,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(draft))
        .routes(routes!(operations, change))
        .routes(routes!(undo))
        .routes(routes!(redo))
        .routes(routes!(roll_back))
        .routes(routes!(plan, plan_text))
        .routes(routes!(apply))
}

/// What somebody wants to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EditRequest)]
struct Changes {
    /// What it is, in words: it is shown where it can be undone.
    label: String,
    /// All are made, or none.
    changes: Vec<Change>,
}

/// A state of a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RollbackRequest)]
struct Revision {
    /// Its number.
    revision: u64,
}

/// What is to be applied, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ApplyRequest)]
struct Application {
    /// The revision that was looked at.
    revision: u64,
    /// Whether what waits in connections that are removed goes into the trash.
    #[serde(default)]
    trash: bool,
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
    params(("flow" = String, Path, description = "The name of a flow.")),
    responses((status = 200, description = "The draft.", body = DraftView,
        headers(("etag" = String, description = "The revision, in quotes."))))
)]
async fn draft(State(app): State<App>, caller: Caller, Path(flow): Path<String>) -> Response {
    let studio = app.studio.clone();
    let look = move || {
        let draft = studio.draft(&flow, &caller.name).map_err(|why| no_draft(&why))?;
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
/// A change is made when what it found is still there; else it is a conflict, which is named.
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
    request_body(content = Changes),
    responses((status = 200, description = "What was done.", body = Edit))
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    Body(Changes { label, changes }): Body<Changes>,
) -> Response {
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
        Code::NothingToUndo, Code::NotToTakeBack, Code::Stale, Code::Log
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
        Code::NothingToRedo, Code::NotToTakeBack, Code::Stale, Code::Log
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
    let work = move || match studio.act(&flow, &caller.name, act) {
        Ok(Ok(edit)) => Ok(json(&edit)),
        Ok(Err(refusal)) => Err(refused(&refusal)),
        Err(why) => Err(no_draft(&why)),
    };
    app.edits.work(work).await
}

/// What to apply the draft would change, stop and start, and what hinders it.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/plan",
    tag = "Deployment",
    operation_id = "planDraft",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::DraftShut, Code::NotAFlow, Code::FileUnreadable, Code::Parameters,
        Code::NotRunning, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    responses((status = 200, description = "The plan.", body = FlowPlan))
)]
async fn plan(State(app): State<App>, Path(flow): Path<String>) -> Response {
    let studio = app.studio.clone();
    let look = move || {
        let plan = studio.plan(&flow);
        plan.map(|plan| json(&plan)).map_err(|error| not_applied(&error))
    };
    app.looks.work(look).await
}

/// The plan of what the body says: the text of a flow, which is not taken.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/plan",
    tag = "Deployment",
    operation_id = "planText",
    extensions(("x-problems" = json!([
        Code::Name, Code::NotAFlow, Code::DraftShut, Code::FileUnreadable, Code::Parameters,
        Code::NotRunning, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(
        content = Object,
        description = "A flow as its file has it.",
        content_type = "application/json",
        example = json!(flows::flow_example())
    ),
    responses((status = 200, description = "The plan.", body = FlowPlan))
)]
async fn plan_text(State(app): State<App>, Path(flow): Path<String>, body: Bytes) -> Response {
    let studio = app.studio.clone();
    let look = move || {
        let text = decode(body.to_vec(), "").map_err(CreateError::NoFlow);
        let plan = text.and_then(|text| studio.plan_text(&flow, &text));
        plan.map(|plan| json(&plan)).map_err(|error| flows::refused(&error))
    };
    app.looks.work(look).await
}

/// Makes a draft what runs, and writes its file.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/apply",
    tag = "Deployment",
    operation_id = "apply",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::DraftShut, Code::Stale, Code::NotAFlow, Code::FileChanged,
        Code::FileUnreadable, Code::Busy, Code::Invalid, Code::Parameters, Code::NotEmpty,
        Code::TooLong, Code::File, Code::NotTakenBack, Code::NotRunning, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Application),
    responses((status = 200, description = "It runs.", body = AppliedFlow))
)]
async fn apply(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(Application { revision, trash }): Body<Application>,
) -> Response {
    tracing::info!("asked to apply revision {revision} of \"{flow}\"");
    match app.studio.apply(flow, revision, trash).await {
        Ok(applied) => json(&applied),
        Err(error) => not_applied(&error).into_response(),
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
            problem(Code::Stale).with(More { revision: *newest, ..More::default() })
        }
        Refusal::NotToTakeBack { .. } => problem(Code::NotToTakeBack),
        Refusal::NoRevision { .. } => problem(Code::NoRevision),
        Refusal::Log(_) => problem(Code::Log),
    }
}

pub(super) fn not_applied(error: &ApplyError) -> Problem {
    let problem = |code| Problem::new(code, chain(error));
    match error {
        ApplyError::NoDraft(why) => no_draft(why),
        ApplyError::Draft(refusal) => refused(refusal),
        ApplyError::Stale { found } => {
            problem(Code::Stale).with(More { revision: Some(*found), ..More::default() })
        }
        ApplyError::FileChanged(path) => problem(Code::FileChanged)
            .help("set here what the file has there, or mend the file; then apply it")
            .with(More { path: Some(path.display().to_string()), ..More::default() }),
        ApplyError::Busy | ApplyError::Edit(EditError::Busy | EditError::Started { .. }) => {
            problem(Code::Busy)
        }
        ApplyError::Invalid(findings) => problem(Code::Invalid)
            .with(More { findings: Some(findings.clone()), ..More::default() }),
        ApplyError::Parameters(_) => problem(Code::Parameters),
        ApplyError::Edit(EditError::NotEmpty(left_over)) => problem(Code::NotEmpty)
            .with(More { left_over: Some(left_over.clone()), ..More::default() }),
        ApplyError::Edit(EditError::TooLong { paths, .. }) => {
            problem(Code::TooLong).with(More { processors: Some(paths.clone()), ..More::default() })
        }
        ApplyError::Edit(EditError::Compile(_)) | ApplyError::Add(AddError::Compile(_)) => {
            problem(Code::Invalid)
        }
        ApplyError::File(error @ FileError::Changed { path }) => {
            Problem::new(Code::FileChanged, chain(error))
                .help("look at the plan again, and apply it then: what the file says is taken in")
                .with(More { path: Some(path.display().to_string()), ..More::default() })
        }
        ApplyError::File(error @ (FileError::NoFlow { .. } | FileError::Read { .. })) => {
            let path = error.path().display().to_string();
            problem(Code::FileUnreadable).with(More { path: Some(path), ..More::default() })
        }
        ApplyError::File(error) if error.is_mounted() => problem(Code::File).help(
            "the file is mounted by itself, so that no other can take its place: mount its \
                 folder instead; nothing was changed",
        ),
        ApplyError::NotTakenBack(_) => problem(Code::NotTakenBack)
            .help("make room on its disk, and apply it again, or put back the file as it was"),
        ApplyError::NotPutBack(_) => problem(Code::NotTakenBack)
            .help("rename what ends in a number beside it, or apply the flow again"),
        ApplyError::File(_) => problem(Code::File),
        ApplyError::Runs => problem(Code::Runs),
        ApplyError::Edit(_) | ApplyError::Add(_) | ApplyError::NotYet | ApplyError::Ended => {
            problem(Code::NotRunning)
        }
    }
}
