//! `/api/v1/presence`: a page says what its user looks at.

use std::time::Instant;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::access::Caller;
use crate::extract::Body;
use crate::presence::Person;
use crate::problem::{Code, Problem};

/// Bytes of a page's name for itself.
const ID_BYTES_MAX: usize = 64;
/// Bytes of the paths of the group and of what is selected.
const PATHS_BYTES_MAX: usize = 8192;
/// How much of what is selected is told.
const SELECTED_MAX: usize = 50;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(tell))
}

/// What somebody looks at.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PresenceRequest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Looking {
    /// What the page calls itself: a text by chance, the same as long as it is open; at most 64
    /// bytes.
    id: String,
    /// The flow that it shows; none when it shows none any more.
    flow: Option<String>,
    /// The path of the group that it shows.
    #[serde(default)]
    group: String,
    /// The paths of what is selected there, at most 50.
    #[serde(default)]
    selected: Vec<String>,
}

/// Says what a page shows, so that others see who is at work where.
///
/// It holds for 40 seconds, and is told to all who watch the events: it is to be said again
/// meanwhile, and when the page shows something else.
#[utoipa::path(
    post,
    path = "/api/v1/presence",
    tag = "Running",
    operation_id = "tellPresence",
    extensions(("x-problems" = json!([Code::Limit]))),
    request_body(content = Looking),
    responses((status = 204, description = "It is known."))
)]
async fn tell(State(app): State<App>, caller: Caller, Body(looking): Body<Looking>) -> Response {
    let Looking { id, flow, group, selected } = looking;
    let paths = selected.iter().chain([&group]).chain(&flow);
    let bytes: usize = paths.map(String::len).sum();
    let is_right = !id.is_empty() && id.len() <= ID_BYTES_MAX && selected.len() <= SELECTED_MAX;
    if !is_right || bytes > PATHS_BYTES_MAX {
        let detail = format!(
            "a page's id has 1 to {ID_BYTES_MAX} bytes, at most {SELECTED_MAX} are selected, and \
             all paths together have at most {PATHS_BYTES_MAX} bytes"
        );
        return Problem::new(Code::Limit, detail).into_response();
    }
    match flow {
        Some(flow) => {
            let person = Person { id, name: caller.name, flow, group, selected };
            app.presence.see(person, Instant::now());
        }
        None => app.presence.leave(&id, &caller.name),
    }
    StatusCode::NO_CONTENT.into_response()
}
