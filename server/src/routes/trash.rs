//! `/api/v1/flows/{flow}/trash`: what waited in connections that were removed is listed, brought
//! back, given up; and given up when it lies there for too long.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tutti_model::chain;
use tutti_runtime::{TrashError, TrashedQueue};

use super::{App, no_flow};
use crate::look::{Looks, json};
use crate::problem::Problem;

/// How often somebody looks whether something is too old.
const PERIOD: Duration = Duration::from_secs(10);

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/flows/{flow}/trash", get(list))
        .route("/api/v1/flows/{flow}/trash/{id}", delete(discard))
        .route("/api/v1/flows/{flow}/trash/{id}/restore", post(restore))
}

/// What a flow has thrown away.
#[derive(Debug, Serialize)]
struct Trash {
    /// The eldest first.
    queues: Vec<Thrown>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Thrown {
    #[serde(flatten)]
    queue: TrashedQueue,
    /// When it is given up, in milliseconds since 1970.
    until_ms: i64,
}

/// Where something is to be brought back to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// A connection of the flow that runs.
    connection: String,
}

/// What became of something in the trash.
#[derive(Debug, Serialize)]
struct Ended {
    /// How many flowfiles that were.
    flowfiles: u64,
}

async fn list(State(app): State<App>, Path(flow): Path<String>) -> Response {
    let (service, studio, age_max) = (app.looks.shared_service(), app.studio, app.trash_max);
    let look = move || {
        if !studio.is_edited(&flow) && studio.flow(&flow).is_none() {
            return Err(no_flow(&flow));
        }
        let trash = service.trash(&flow).map_err(|error| failed(&error))?.into_iter();
        let age_max = i64::try_from(age_max.as_millis()).unwrap_or(i64::MAX);
        let thrown = trash.map(|queue| {
            let until_ms = queue.since_ms.saturating_add(age_max);
            Thrown { queue, until_ms }
        });
        Ok(json(&Trash { queues: thrown.collect() }))
    };
    app.looks.work(look).await
}

async fn restore(
    State(app): State<App>,
    Path((flow, id)): Path<(String, u32)>,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Response {
    let Wanted { connection } = match wanted {
        Ok(Json(wanted)) => wanted,
        Err(wrong) => return super::wrong_body(&wrong).into_response(),
    };
    tracing::info!("asked to bring back {id} from the trash of \"{flow}\" to \"{connection}\"");
    let service = app.looks.shared_service();
    let work = move || match service.restore_trash(&flow, id, &connection) {
        Ok(flowfiles) => Ok(json(&Ended { flowfiles })),
        Err(error) => Err(failed(&error)),
    };
    app.edits.work(work).await
}

async fn discard(State(app): State<App>, Path((flow, id)): Path<(String, u32)>) -> Response {
    tracing::info!("asked to give up {id} in the trash of \"{flow}\"");
    let service = app.looks.shared_service();
    let work = move || match service.discard_trash(&flow, id) {
        Ok(flowfiles) => Ok(json(&Ended { flowfiles })),
        Err(error) => Err(failed(&error)),
    };
    app.edits.work(work).await
}

fn failed(error: &TrashError) -> Problem {
    let problem = |status, code| Problem::new(status, chain(error)).code(code);
    match error {
        TrashError::NotRunning => problem(StatusCode::SERVICE_UNAVAILABLE, "notRunning"),
        TrashError::NotFound { .. } => problem(StatusCode::NOT_FOUND, "noTrash")
            .help("somebody may have brought it back or given it up: look at the trash again"),
        TrashError::NoConnection { .. } => problem(StatusCode::NOT_FOUND, "noConnection")
            .help("name a connection of the flow that runs, or apply one first"),
        TrashError::Busy => problem(StatusCode::CONFLICT, "busy"),
        TrashError::Repository(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "repository"),
    }
}

/// Gives up what is too old, as long as the server answers.
pub(crate) async fn expire(looks: Looks, age_max: Duration, ending: CancellationToken) {
    let expire = async {
        let mut beat = tokio::time::interval(PERIOD);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let service = looks.shared_service();
            let done = looks.done(move || service.expire_trash(age_max)).await;
            // It is tried again; an engine that has not begun has nothing to give up.
            if let Ok(Err(error @ TrashError::Repository(_))) = done {
                tracing::warn!("the trash is not emptied: {}", chain(&error));
            }
        }
    };
    ending.run_until_cancelled(expire).await;
}
