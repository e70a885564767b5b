//! `/api/v1/session`: who one is here, logging in and out.

use std::net::SocketAddr;
use std::time::Instant;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::access::{
    Caller, PLAIN_COOKIE, Pass, Role, SECURE_COOKIE, SESSION_MAX, Secret, too_many,
};
use crate::answer::json;
use crate::extract::body_code;
use crate::problem::{Code, Problem};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, begin, end))
}

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionState)]
struct SessionView {
    /// None when nobody has logged in, and also while the server has no users.
    #[schema(required)]
    user: Option<UserView>,
    /// Whether nothing can be had without logging in.
    needs_login: bool,
}

/// Somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
struct UserView {
    /// What they are called.
    name: String,
    /// What they may do.
    role: Role,
}

impl SessionView {
    fn of(caller: &Caller) -> Self {
        let known = matches!(caller.pass, Pass::Session(_) | Pass::Token(_));
        let role = caller.role.filter(|_| known);
        let user = role.map(|role| UserView { name: caller.name.clone(), role });
        Self { user, needs_login: caller.role.is_none() }
    }
}

/// What somebody logs in with. It is never shown.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LoginRequest)]
struct Login {
    name: String,
    password: String,
}

/// Who one is.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    tag = "Access",
    operation_id = "getSession",
    responses((status = 200, description = "Who one is.", body = SessionView))
)]
async fn show(caller: Caller) -> Response {
    json(&SessionView::of(&caller))
}

/// Logs in.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    tag = "Access",
    operation_id = "logIn",
    extensions(("x-problems" = json!([Code::Credentials]))),
    request_body(content = Login),
    responses((status = 200, description = "Who one is now; with a cookie.", body = SessionView))
)]
async fn begin(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    before: Caller,
    headers: HeaderMap,
    login: Result<Json<Login>, JsonRejection>,
) -> Response {
    let Login { name, password } = match login {
        Ok(Json(login)) => login,
        // The rejection may quote the body.
        Err(wrong) => {
            let detail = "a name and a password are wanted, as JSON";
            return Problem::new(body_code(&wrong), detail).into_response();
        }
    };
    let (access, from) = (app.access.clone(), peer.ip().to_canonical());
    if let Err(wait) = access.try_login(from, &name, Instant::now()) {
        tracing::warn!(target: "audit", "too many logins from {from}, or of one name");
        return too_many("there were too many tries to log in", wait).into_response();
    }
    let candidate = access.candidate(&name);
    let fits = app.logins.done(move || (candidate.fits(&password), candidate)).await;
    let (fits, candidate) = match fits {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    let begun = if fits { access.begin(&candidate, Instant::now()) } else { Ok(None) };
    match begun {
        Ok(Some((secret, caller))) => {
            access.succeed(from, &name);
            // What there was in this browser is over.
            access.end(before.pass);
            tracing::info!(target: "audit", "{name} from {from}: logged in");
            let mut response = json(&SessionView::of(&caller));
            set_cookie(&mut response, &app, &headers, Some(&secret));
            response
        }
        Ok(None) => {
            tracing::warn!(target: "audit", "{} from {from}: login refused", candidate.shown());
            Problem::new(Code::Credentials, "the name or the password is wrong").into_response()
        }
        Err(error) => {
            tracing::error!("no session can be begun: {error}");
            Problem::new(Code::Internal, "no session can be begun").into_response()
        }
    }
}

/// Logs out.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    tag = "Access",
    operation_id = "logOut",
    responses((status = 204, description = "Nobody is logged in here."))
)]
async fn end(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Response {
    app.access.end(caller.pass);
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, &app, &headers, None);
    response
}

/// Gives the browser the cookie of a session, or takes it away.
fn set_cookie(response: &mut Response, app: &App, headers: &HeaderMap, secret: Option<&Secret>) {
    // Behind a proxy it is the browser that says whether it speaks TLS.
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let is_secure = app.site.is_tls() || origin.is_some_and(|origin| origin.starts_with("https:"));
    let (name, more) = if is_secure { (SECURE_COOKIE, "; Secure") } else { (PLAIN_COOKIE, "") };
    let (value, age) = match secret {
        Some(secret) => (secret.reveal(), SESSION_MAX.as_secs()),
        None => ("", 0),
    };
    let cookie = format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{more}");
    if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
        cookie.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
