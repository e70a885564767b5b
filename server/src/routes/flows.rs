//! `/api/v1/flows`: which there are; one more is made; one comes from outside.

use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::header::{IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use tutti_model::chain;

use super::{App, drafts};
use crate::access::Caller;
use crate::look::json;
use crate::problem::Problem;
use crate::studio::{CreateError, NewFlow, Taken};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/api/v1/flows", get(list).post(create))
        .route("/api/v1/flows/{flow}", put(take))
        .route("/api/v1/demo", post(demo))
}

async fn list(State(app): State<App>) -> Response {
    let (service, studio) = (app.looks.shared_service(), app.studio.clone());
    let look = move || {
        let mut flows = service.flows();
        studio.add_resting(&mut flows);
        Ok(json(&flows))
    };
    app.looks.work(look).await
}

async fn create(State(app): State<App>, new: Result<Json<NewFlow>, JsonRejection>) -> Response {
    let new = match new {
        Ok(Json(new)) => new,
        Err(wrong) => return super::wrong_body(&wrong).into_response(),
    };
    let studio = app.studio.clone();
    let work =
        move || studio.create(&new).map(|made| taken(&made)).map_err(|error| refused(&error));
    app.edits.work(work).await
}

/// A flow with recordings, for who has none.
async fn demo(State(app): State<App>) -> Response {
    let studio = app.studio.clone();
    let work = move || studio.demo().map(|made| taken(&made)).map_err(|error| refused(&error));
    app.edits.work(work).await
}

/// The draft becomes what the body says: the text of a flow, as it is in git.
async fn take(
    State(app): State<App>,
    caller: Caller,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let replaces = match headers.get(IF_MATCH).map(revision) {
        None => None,
        Some(Some(revision)) => Some(revision),
        Some(None) => {
            let detail = "the header \"if-match\" has no revision: write it as \"12\", in quotes";
            return Problem::new(StatusCode::BAD_REQUEST, detail).code("ifMatch").into_response();
        }
    };
    let studio = app.studio.clone();
    let work = move || {
        let text = tutti_model::document::decode(body.to_vec(), "").map_err(CreateError::NoFlow);
        let done = text.and_then(|text| studio.take(&flow, &caller.name, &text, replaces));
        done.map(|done| taken(&done)).map_err(|error| refused(&error))
    };
    app.edits.work(work).await
}

/// The revision in a header, as the `ETag` of a draft has it.
fn revision(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

fn taken(taken: &Taken) -> Response {
    let mut response = json(taken);
    if taken.is_new {
        *response.status_mut() = StatusCode::CREATED;
        // Names of flows are as they stand in an address.
        let address = format!("/api/v1/flows/{}/draft", taken.name);
        if let Ok(location) = HeaderValue::from_str(&address) {
            response.headers_mut().insert(LOCATION, location);
        }
    }
    response
}

pub(super) fn refused(error: &CreateError) -> Problem {
    let problem = |status, code| Problem::new(status, chain(error)).code(code);
    match error {
        CreateError::Name(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, "name"),
        CreateError::Exists(_) => problem(StatusCode::CONFLICT, "exists")
            .help("choose another name, or put the flow to its own address"),
        CreateError::NoFlow(findings) => {
            problem(StatusCode::UNPROCESSABLE_ENTITY, "noFlow").with("findings", findings)
        }
        CreateError::NotYet => problem(StatusCode::SERVICE_UNAVAILABLE, "notRunning"),
        CreateError::File(_) | CreateError::Demo(_) => {
            problem(StatusCode::INSUFFICIENT_STORAGE, "file")
                .help("make room on its disk, or let the server write there; nothing was changed")
        }
        CreateError::Draft(refusal) => drafts::refused(refusal),
        CreateError::Plan(error) => drafts::not_applied(error),
    }
}
