//! `/api/v1/flows/{flow}/…`: a flow is edited, and what was edited is applied.

use axum::body::Bytes;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::ETAG;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use tutti_editing::{Change, Refusal, Which};
use tutti_model::chain;
use tutti_model::document::decode;
use tutti_runtime::{AddError, EditError};

use super::{App, flows, no_flow};
use crate::look::json;
use crate::problem::Problem;
use crate::studio::{Act, ApplyError, CreateError};

/// How many operations a page has when nobody says how many, and at most.
const OPERATIONS_DEFAULT: usize = 100;
const OPERATIONS_MAX: usize = 1_000;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/flows/{flow}/draft", get(draft))
        .route("/api/v1/flows/{flow}/operations", get(operations).post(change))
        .route("/api/v1/flows/{flow}/undo", post(undo))
        .route("/api/v1/flows/{flow}/redo", post(redo))
        .route("/api/v1/flows/{flow}/rollback", post(roll_back))
        .route("/api/v1/flows/{flow}/plan", get(plan).post(plan_text))
        .route("/api/v1/flows/{flow}/apply", post(apply))
}

/// What somebody wants to change.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changes {
    /// What it is, in words: it is shown where it can be undone.
    label: String,
    changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Revision {
    revision: u64,
}

/// What is to be applied, and how.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Application {
    revision: u64,
    /// Whether what waits in connections that are removed goes into the trash.
    #[serde(default)]
    trash: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// Which operation is taken back; nothing of it must be said.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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

async fn draft(State(app): State<App>, Path(flow): Path<String>) -> Response {
    let studio = app.studio.clone();
    let look = move || {
        let draft = studio.draft(&flow).ok_or_else(|| no_flow(&flow))?;
        let mut response = json(&draft);
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", draft.revision)) {
            response.headers_mut().insert(ETAG, tag);
        }
        Ok(response)
    };
    app.looks.work(look).await
}

async fn operations(
    State(app): State<App>,
    Path(flow): Path<String>,
    after: Result<Query<After>, QueryRejection>,
) -> Response {
    let Query(After { after, limit }) = match after {
        Ok(after) => after,
        Err(wrong) => return super::wrong_query(&wrong).into_response(),
    };
    let limit = limit.unwrap_or(OPERATIONS_DEFAULT);
    if limit == 0 || limit > OPERATIONS_MAX {
        let detail = format!("a page has 1 to {OPERATIONS_MAX} operations");
        return Problem::new(StatusCode::BAD_REQUEST, detail).code("limit").into_response();
    }
    let studio = app.studio.clone();
    let look = move || match studio.operations(&flow, after, limit) {
        Some(operations) => Ok(json(&operations)),
        None => Err(no_flow(&flow)),
    };
    app.looks.work(look).await
}

async fn change(
    State(app): State<App>,
    Path(flow): Path<String>,
    changes: Result<Json<Changes>, JsonRejection>,
) -> Response {
    match changes {
        Ok(Json(Changes { label, changes })) => {
            act(app, flow, Act::Change { label, changes }).await
        }
        Err(wrong) => super::wrong_body(&wrong).into_response(),
    }
}

async fn undo(
    State(app): State<App>,
    Path(flow): Path<String>,
    which: Result<Option<Json<TakenBack>>, JsonRejection>,
) -> Response {
    match which {
        Ok(which) => act(app, flow, Act::Undo(which.unwrap_or_default().0.into())).await,
        Err(wrong) => super::wrong_body(&wrong).into_response(),
    }
}

async fn redo(
    State(app): State<App>,
    Path(flow): Path<String>,
    which: Result<Option<Json<TakenBack>>, JsonRejection>,
) -> Response {
    match which {
        Ok(which) => act(app, flow, Act::Redo(which.unwrap_or_default().0.into())).await,
        Err(wrong) => super::wrong_body(&wrong).into_response(),
    }
}

async fn roll_back(
    State(app): State<App>,
    Path(flow): Path<String>,
    revision: Result<Json<Revision>, JsonRejection>,
) -> Response {
    match revision {
        Ok(Json(Revision { revision })) => act(app, flow, Act::RollBack { revision }).await,
        Err(wrong) => super::wrong_body(&wrong).into_response(),
    }
}

async fn act(app: App, flow: String, act: Act) -> Response {
    let studio = app.studio.clone();
    let work = move || match studio.act(&flow, act) {
        Some(Ok(edit)) => Ok(json(&edit)),
        Some(Err(refusal)) => Err(refused(&refusal)),
        None => Err(no_flow(&flow)),
    };
    app.edits.work(work).await
}

async fn plan(State(app): State<App>, Path(flow): Path<String>) -> Response {
    let studio = app.studio.clone();
    let look = move || match studio.plan(&flow) {
        Some(Ok(plan)) => Ok(json(&plan)),
        Some(Err(error)) => Err(not_applied(&error)),
        None => Err(no_flow(&flow)),
    };
    app.looks.work(look).await
}

/// The plan of what the body says: the text of a flow.
async fn plan_text(State(app): State<App>, Path(flow): Path<String>, body: Bytes) -> Response {
    let studio = app.studio.clone();
    let look = move || {
        let text = decode(body.to_vec(), "").map_err(CreateError::NoFlow);
        let plan = text.and_then(|text| studio.plan_text(&flow, &text));
        plan.map(|plan| json(&plan)).map_err(|error| flows::refused(&error))
    };
    app.looks.work(look).await
}

async fn apply(
    State(app): State<App>,
    Path(flow): Path<String>,
    wanted: Result<Json<Application>, JsonRejection>,
) -> Response {
    let Application { revision, trash } = match wanted {
        Ok(Json(wanted)) => wanted,
        Err(wrong) => return super::wrong_body(&wrong).into_response(),
    };
    tracing::info!("asked to apply revision {revision} of \"{flow}\"");
    match app.studio.apply(flow, revision, trash).await {
        Ok(applied) => json(&applied),
        Err(error) => not_applied(&error).into_response(),
    }
}

pub(super) fn refused(refusal: &Refusal) -> Problem {
    let problem = |status, code| Problem::new(status, chain(refusal)).code(code);
    match refusal {
        Refusal::Conflicts(conflicts) => problem(StatusCode::CONFLICT, "conflict")
            .help("look at what is there now, and do it again if you still want it")
            .with("conflicts", conflicts),
        Refusal::Findings(findings) => {
            problem(StatusCode::UNPROCESSABLE_ENTITY, "noFlow").with("findings", findings)
        }
        Refusal::Malformed(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, "malformed"),
        Refusal::Ahead { revision } => problem(StatusCode::CONFLICT, "ahead")
            .help("send the header \"if-match\" with that revision to replace it")
            .with("revision", revision),
        Refusal::NothingToUndo => problem(StatusCode::CONFLICT, "nothingToUndo"),
        Refusal::NothingToRedo => problem(StatusCode::CONFLICT, "nothingToRedo"),
        Refusal::Stale { newest } => problem(StatusCode::CONFLICT, "stale")
            .help("look at what would be taken back now")
            .with("revision", newest),
        Refusal::NotToTakeBack { .. } => problem(StatusCode::CONFLICT, "notToTakeBack")
            .help("the log says whose operations are whose, and which were taken back"),
        Refusal::NoRevision { .. } => problem(StatusCode::NOT_FOUND, "noRevision"),
        Refusal::Log(_) => problem(StatusCode::INSUFFICIENT_STORAGE, "log"),
    }
}

pub(super) fn not_applied(error: &ApplyError) -> Problem {
    let problem = |status, code| Problem::new(status, chain(error)).code(code);
    match error {
        ApplyError::NoFlow(name) => no_flow(name),
        ApplyError::Draft(refusal) => refused(refusal),
        ApplyError::Stale { found } => {
            problem(StatusCode::CONFLICT, "stale").with("revision", found)
        }
        ApplyError::FileChanged(path) => problem(StatusCode::CONFLICT, "fileChanged")
            .help("set here what the file has there, or mend the file; then apply it")
            .with("path", path),
        ApplyError::Busy | ApplyError::Edit(EditError::Busy | EditError::Started { .. }) => {
            problem(StatusCode::CONFLICT, "busy")
        }
        ApplyError::Invalid(findings) => problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            .help("mend what the findings say, and apply it then")
            .with("findings", findings),
        ApplyError::Parameters(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, "parameters"),
        ApplyError::Edit(EditError::NotEmpty(left_over)) => {
            problem(StatusCode::CONFLICT, "notEmpty")
                .help("let what waits there go on first, or apply it with \"trash\": true")
                .with("leftOver", left_over)
        }
        ApplyError::Edit(EditError::TooLong { paths, .. }) => {
            problem(StatusCode::CONFLICT, "tooLong")
                .help("wait for them, or terminate them, and apply it then")
                .with("processors", paths)
        }
        ApplyError::Edit(EditError::Compile(_)) | ApplyError::Add(AddError::Compile(_)) => {
            problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
        }
        ApplyError::File(error) if error.is_mounted() => {
            problem(StatusCode::INSUFFICIENT_STORAGE, "file").help(
                "the file is mounted by itself, so that no other can take its place: mount its \
                 folder instead; nothing was changed",
            )
        }
        ApplyError::NotTakenBack(_) => problem(StatusCode::INSUFFICIENT_STORAGE, "notTakenBack")
            .help("make room on its disk, and apply it again, or put back the file as it was"),
        ApplyError::File(_) => problem(StatusCode::INSUFFICIENT_STORAGE, "file")
            .help("make room on its disk, or let the server write there; nothing was changed"),
        ApplyError::Edit(_) | ApplyError::Add(_) | ApplyError::Ended => {
            problem(StatusCode::SERVICE_UNAVAILABLE, "notRunning")
        }
    }
}
