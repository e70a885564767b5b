//! `/api/v1/flows/{flow}/trash`: what was thrown away is listed, brought back, given up.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tutti_model::chain;
use tutti_runtime::{TrashError, TrashedQueue};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, running};
use crate::answer::json;
use crate::extract::Body;
use crate::problem::{Code, Problem};
use crate::studio::Studio;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(discard)).routes(routes!(restore))
}

/// What a flow has thrown away.
#[derive(Debug, Serialize, ToSchema)]
struct Trash {
    /// The eldest first; before it what nobody has thrown away.
    queues: Vec<TrashedQueue>,
}

/// Where something is to be brought back to.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TrashRestoreRequest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// A connection of the flow that runs.
    connection: String,
}

/// What became of something in the trash.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrashEnded)]
struct Ended {
    /// How many flowfiles that were.
    flowfiles: u64,
}

/// What waited in emptied queues and removed connections, the eldest first; before it what waits
/// where nobody takes it.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/trash",
    tag = "Trash",
    operation_id = "listTrash",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    responses((status = 200, description = "The trash.", body = Trash))
)]
async fn list(State(app): State<App>, Path(flow): Path<String>) -> Response {
    let (engine, studio) = (Arc::clone(&app.engine), app.studio);
    let look = move || {
        known(&studio, &flow)?;
        let queues = engine.trash(&flow).map_err(|error| failed(&error))?;
        Ok(json(&Trash { queues }))
    };
    app.looks.work(look).await
}

/// Brings flowfiles back into a connection of the flow that runs.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/trash/{id}/restore",
    tag = "Trash",
    operation_id = "restoreTrash",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoTrash, Code::NoConnection, Code::Busy, Code::NotRunning,
        Code::Repository
    ]))),
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        ("id" = u32, Path, description = "Its number.")
    ),
    request_body(content = Wanted),
    responses((status = 200, description = "They are back.", body = Ended))
)]
async fn restore(
    State(app): State<App>,
    Path((flow, id)): Path<(String, u32)>,
    Body(Wanted { connection }): Body<Wanted>,
) -> Response {
    tracing::info!("asked to bring back {id} from the trash of \"{flow}\" to \"{connection}\"");
    let (engine, studio) = (Arc::clone(&app.engine), app.studio.clone());
    let work = move || {
        running(&studio, &flow)?;
        let restored = engine.restore_trash(&flow, id, &connection);
        restored.map(|flowfiles| json(&Ended { flowfiles })).map_err(|error| failed(&error))
    };
    app.edits.work(work).await
}

/// Gives flowfiles up.
#[utoipa::path(
    delete,
    path = "/api/v1/flows/{flow}/trash/{id}",
    tag = "Trash",
    operation_id = "discardTrash",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoTrash, Code::Busy, Code::NotRunning, Code::Repository
    ]))),
    params(
        ("flow" = String, Path, description = "The name of a flow."),
        ("id" = u32, Path, description = "Its number.")
    ),
    responses((status = 200, description = "They are gone.", body = Ended))
)]
async fn discard(State(app): State<App>, Path((flow, id)): Path<(String, u32)>) -> Response {
    tracing::info!("asked to give up {id} in the trash of \"{flow}\"");
    let (engine, studio) = (Arc::clone(&app.engine), app.studio.clone());
    let work = move || {
        known(&studio, &flow)?;
        let discarded = engine.discard_trash(&flow, id);
        discarded.map(|flowfiles| json(&Ended { flowfiles })).map_err(|error| failed(&error))
    };
    app.edits.work(work).await
}

/// A flow has a trash while it does not run, too.
fn known(studio: &Studio, flow: &str) -> Result<(), Problem> {
    if studio.is_edited(flow) { Ok(()) } else { running(studio, flow).map(drop) }
}

pub(super) fn failed(error: &TrashError) -> Problem {
    let code = match error {
        TrashError::NotRunning => Code::NotRunning,
        TrashError::NotFound { .. } => Code::NoTrash,
        TrashError::NoConnection { .. } => Code::NoConnection,
        TrashError::Busy => Code::Busy,
        TrashError::Repository(_) => Code::Repository,
    };
    Problem::new(code, chain(error))
}
