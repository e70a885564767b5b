//! `/api/v1/provenance`: what happened to flowfiles, and having them come once more.

use std::collections::BTreeSet;

use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json as object;
use tutti_model::chain;
use tutti_model::provenance::EventType;
use tutti_runtime::{HistoryError, ReplayError, Search};

use super::App;
use crate::look::json;
use crate::problem::Problem;

/// How many events are shown when nobody says how many, and at most.
const EVENTS_DEFAULT: usize = 100;
const EVENTS_MAX: usize = 1_000;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/provenance", get(search))
        .route("/api/v1/provenance/replay", post(replay))
}

/// All that is given must hold.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    flow: Option<String>,
    component: Option<String>,
    uuid: Option<String>,
    #[serde(rename = "type")]
    event_type: Option<EventType>,
    /// `NAME` or `NAME=VALUE`.
    attribute: Option<String>,
    event: Option<u64>,
    /// Milliseconds since 1970.
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    events: BTreeSet<u64>,
    /// Only says what would come.
    #[serde(default)]
    dry_run: bool,
}

async fn search(State(app): State<App>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let Query(asked) = match asked {
        Ok(asked) => asked,
        Err(wrong) => return super::wrong_query(&wrong).into_response(),
    };
    let limit = asked.limit.unwrap_or(EVENTS_DEFAULT);
    if limit == 0 || limit > EVENTS_MAX {
        let detail = format!("1 to {EVENTS_MAX} events are shown");
        return Problem::new(StatusCode::BAD_REQUEST, detail).code("limit").into_response();
    }
    let attribute = asked.attribute.map(|attribute| match attribute.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (attribute, None),
    });
    let search = Search {
        uuid: asked.uuid,
        flow: asked.flow,
        component: asked.component,
        event_type: asked.event_type,
        attributes: attribute.into_iter().collect(),
        numbers: asked.event.into_iter().collect(),
        from: asked.from_ms.map(tutti_model::flowfile::Timestamp),
        until: asked.until_ms.map(tutti_model::flowfile::Timestamp),
        limit,
    };
    let service = app.looks.shared_service();
    let look = move || {
        service.history(&search).map(|found| json(&found)).map_err(|error| {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let code = match error {
                HistoryError::NotRunning => "notRunning",
                HistoryError::Repository(_) => "repository",
            };
            Problem::new(status, chain(&error)).code(code)
        })
    };
    app.searches.work(look).await
}

async fn replay(State(app): State<App>, wanted: Result<Json<Wanted>, JsonRejection>) -> Response {
    let Wanted { events, dry_run } = match wanted {
        Ok(Json(wanted)) => wanted,
        Err(wrong) => return super::wrong_body(&wrong).into_response(),
    };
    if events.len() > EVENTS_MAX {
        let detail = format!("at most {EVENTS_MAX} events are replayed at a time");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Problem::new(status, detail).code("limit").into_response();
    }
    if !dry_run {
        tracing::info!("asked to replay {} events", events.len());
    }
    match app.looks.service().replay(events, dry_run).await {
        Ok(replayed) => json(&object!({ "replayed": replayed })),
        Err(errors) => refused(&errors).into_response(),
    }
}

fn refused(errors: &[ReplayError]) -> Problem {
    let is_off = errors
        .iter()
        .any(|error| matches!(error, ReplayError::NotRunning | ReplayError::Repository(_)));
    let status =
        if is_off { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let told: Vec<String> = errors.iter().map(|error| chain(error)).collect();
    let detail = told.first().cloned().unwrap_or_default();
    Problem::new(status, detail).code("replay").with("errors", &told)
}
