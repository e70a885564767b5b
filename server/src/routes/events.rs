//! `/api/v1/events`: what happens, as it happens (server-sent events).
//!
//! `status` with the figures of all flows, so often that none is older than a second; `operation`
//! when a draft was edited, `applied` when one has become the flow that runs, `flows` when there is
//! another or one less, `figures` when the history of metrics has a step more, `presence` when
//! somebody looks at something else, `missed` when the client was too slow to be told of something,
//! and has to look anew. It ends with the session of who watches.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::access::{Caller, Role};
use crate::extract::Query;
use crate::studio::{Update, WatchEvent};

/// How often figures are told: with the way to the screen, what is seen is less than a second old.
const PERIOD: Duration = Duration::from_millis(800);
/// How often it is told who is there, at most.
const PRESENCE_PERIOD: Duration = Duration::from_millis(250);
/// How long nothing may be said, so that a connection that is gone is seen.
const SILENCE_MAX: Duration = Duration::from_secs(15);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(events))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Watch {
    /// What the page calls itself whose presence ends with this connection.
    page: Option<String>,
}

/// Who watches no more is not there any more.
struct Leaving {
    app: App,
    id: String,
    name: String,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.app.presence.leave(&self.id, &self.name);
    }
}

/// What happens, as server-sent events.
///
/// `status` at least once a second, with the figures of all flows, `operation` when a draft was
/// edited, `applied` when one became what runs, `flows` when there is another flow or one less,
/// `figures` when the history of metrics has a step more, `presence` when somebody looks at
/// something else, `missed` when this client was too slow to be told of something and has to look
/// anew. What each says is the schema `WatchEvent`.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "Running",
    operation_id = "watch",
    params(Watch),
    responses(
        (status = 200, description = "Events without end.", body = String,
            content_type = "text/event-stream")
    )
)]
async fn events(
    State(app): State<App>,
    caller: Caller,
    Query(Watch { page }): Query<Watch>,
) -> Response {
    let leaving = page.map(|id| Leaving { app: app.clone(), id, name: caller.name.clone() });
    let updates = app.studio.updates().watch();
    let (access, ending, pass) = (app.access.clone(), app.ending.clone(), caller.pass);
    let holds = move || access.holds(pass, Role::Viewer, Instant::now());
    let told = stream::unfold((updates, ending, holds, leaving), |watching| async move {
        let (mut updates, ending, holds, leaving) = watching;
        let next = loop {
            let next = ending.run_until_cancelled(timeout(PERIOD, updates.next())).await?;
            if !holds() {
                return None;
            }
            if let Ok(next) = next {
                break next;
            }
        };
        let Update { name, data } = next?;
        let event = Event::default().event(name).data(&*data);
        Some((Ok::<_, Infallible>(event), (updates, ending, holds, leaving)))
    });
    Sse::new(told).keep_alive(KeepAlive::new().interval(SILENCE_MAX)).into_response()
}

/// Tells who is there, to whoever watches: seldom enough that who comes and goes all the time holds
/// up nobody.
pub(crate) async fn tell_presence(app: App) {
    let tell = async {
        let mut beat = tokio::time::interval(PRESENCE_PERIOD);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Some(people) = app.presence.news(Instant::now()) {
                app.studio.updates().tell_presence(&people);
            }
        }
    };
    app.ending.run_until_cancelled(tell).await;
}

/// Tells the figures to whoever watches, as long as the server answers.
pub(crate) async fn tell_status(app: App) {
    let tell = async {
        let mut beat = tokio::time::interval(PERIOD);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if !app.studio.updates().is_watched() {
                continue;
            }
            let engine = Arc::clone(&app.engine);
            let look = move || Update::new(&WatchEvent::Status(&engine.status()));
            // An engine that does not answer is asked again; what asks for it is told why.
            if let Ok(update) = app.looks.done(look).await {
                app.studio.updates().tell_status(update);
            }
        }
    };
    app.ending.run_until_cancelled(tell).await;
}
