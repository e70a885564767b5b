//! `/api/v1/flows/{flow}/…`: a draft is planned and applied, a flow is deployed.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tutti_editing::FileError;
use tutti_model::chain;
use tutti_model::document::decode;
use tutti_runtime::{AddError, EditError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, drafts, flows, no_draft};
use crate::access::Caller;
use crate::answer::json;
use crate::extract::{Body, Query};
use crate::problem::{Code, More, Problem};
use crate::studio::{
    AppliedFlow, ApplyError, CreateError, Deployed, Deployment, FlowPlan, ToDeploy,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(plan, plan_text))
        .routes(routes!(apply))
        .routes(routes!(deploy))
        .routes(routes!(deploy_revision))
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

/// What becomes of what waits in connections that are no more.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ToTrash {
    /// Whether it goes into the trash; without, it hinders the deployment.
    #[serde(default)]
    trash: bool,
}

/// What to apply the draft would change, stop and start, and what hinders it.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/plan",
    tag = "Deployment",
    operation_id = "planDraft",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::DraftShut, Code::NotAFlow, Code::Parameters, Code::NotRunning, Code::Log
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
    app.plans.work(look).await
}

/// The plan of what the body says: the text of a flow, which is not taken.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/plan",
    tag = "Deployment",
    operation_id = "planText",
    extensions(("x-problems" = json!([
        Code::Name, Code::NotAFlow, Code::DraftShut, Code::Parameters, Code::NotRunning, Code::Log
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
    app.plans.work(look).await
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
        Code::TooLong, Code::File, Code::NotTakenBack, Code::NotRunning, Code::Repository, Code::Log
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

/// Makes the text of a flow, as it is in git, what runs, and the flow where there is none.
///
/// All of it, or nothing: what is refused leaves the draft and what runs as they were. The same
/// twice changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/deploy",
    tag = "Deployment",
    operation_id = "deploy",
    extensions(("x-problems" = json!([
        Code::Name, Code::Ahead, Code::DraftShut, Code::Exists, Code::Stale, Code::Malformed,
        Code::NotAFlow, Code::FileChanged, Code::FileUnreadable, Code::Busy, Code::Invalid,
        Code::Parameters, Code::NotEmpty, Code::TooLong, Code::File, Code::NotTakenBack,
        Code::NotRunning, Code::Repository, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Deployment),
    request_body(
        content = Object,
        description = "A flow as its file has it.",
        content_type = "application/json",
        example = json!(flows::flow_example())
    ),
    responses((status = 200, description = "It runs.", body = Deployed))
)]
async fn deploy(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    Query(how): Query<Deployment>,
    body: Bytes,
) -> Response {
    tracing::info!("asked to deploy \"{flow}\"");
    let text = match decode(body.to_vec(), "") {
        Ok(text) => text,
        Err(findings) => return flows::refused(&CreateError::NoFlow(findings)).into_response(),
    };
    let what = ToDeploy::Text { text, is_replacing: how.replace };
    deployed(app.studio.deploy(flow, caller.name, what, how.trash).await)
}

/// Makes an earlier revision of a draft what runs: all of it, or nothing.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/deploy/{revision}",
    tag = "Deployment",
    operation_id = "deployRevision",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoRevision, Code::DraftShut, Code::Conflict, Code::Stale,
        Code::Malformed, Code::NotAFlow, Code::FileChanged, Code::FileUnreadable, Code::Busy,
        Code::Invalid, Code::Parameters, Code::NotEmpty, Code::TooLong, Code::File,
        Code::NotTakenBack, Code::NotRunning, Code::Repository, Code::Log
    ]))),
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        ("revision" = u64, Path, description = "The revision to go back to."),
        ToTrash
    ),
    responses((status = 200, description = "It runs.", body = Deployed))
)]
async fn deploy_revision(
    State(app): State<App>,
    caller: Caller,
    Path((flow, revision)): Path<(String, u64)>,
    Query(ToTrash { trash }): Query<ToTrash>,
) -> Response {
    tracing::info!("asked to deploy revision {revision} of \"{flow}\"");
    let what = ToDeploy::Revision(revision);
    deployed(app.studio.deploy(flow, caller.name, what, trash).await)
}

fn deployed(done: Result<Deployed, CreateError>) -> Response {
    match done {
        Ok(deployed) => json(&deployed),
        Err(error) => flows::refused(&error).into_response(),
    }
}

pub(super) fn not_applied(error: &ApplyError) -> Problem {
    let problem = |code| Problem::new(code, chain(error));
    match error {
        ApplyError::NoDraft(why) => no_draft(why),
        ApplyError::Draft(refusal) => drafts::refused(refusal),
        ApplyError::Stale { found } => {
            problem(Code::Stale).with(More { revision: Some(*found), ..More::default() })
        }
        ApplyError::FileChanged(path) => problem(Code::FileChanged)
            .help("set here what the file has there, or mend the file; then apply it")
            .with(More { path: Some(path.display().to_string()), ..More::default() }),
        ApplyError::Busy | ApplyError::Edit(EditError::Busy | EditError::Started { .. }) => {
            problem(Code::Busy)
        }
        ApplyError::TooMany => problem(Code::TooMany).help("try again when one of them is done"),
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
        ApplyError::File(error) => of_file(error),
        ApplyError::NotTakenBack(_) => problem(Code::NotTakenBack)
            .help("make room on its disk, and apply it again, or put back the file as it was"),
        ApplyError::NotPutBack(_) => problem(Code::NotTakenBack)
            .help("rename what ends in a number beside it, or apply the flow again"),
        ApplyError::Runs => problem(Code::Runs),
        ApplyError::Edit(EditError::Repository(_)) => problem(Code::Repository),
        ApplyError::Edit(_) | ApplyError::Add(_) | ApplyError::NotYet | ApplyError::Ended => {
            problem(Code::NotRunning)
        }
    }
}

/// What is said of a flow's file that cannot be read or written.
pub(super) fn of_file(error: &FileError) -> Problem {
    let path = error.path().display().to_string();
    let problem = |code| {
        Problem::new(code, chain(error)).with(More { path: Some(path.clone()), ..More::default() })
    };
    match error {
        FileError::Changed { .. } => problem(Code::FileChanged)
            .help("look at the plan again, and apply it then: what the file says is taken in"),
        FileError::NoFlow { .. } | FileError::Read { .. } => problem(Code::FileUnreadable),
        error if error.is_mounted() => problem(Code::File).help(
            "the file is mounted by itself, so that no other can take its place: mount its \
             folder instead; nothing was changed",
        ),
        FileError::Write { .. } => problem(Code::File),
    }
}
