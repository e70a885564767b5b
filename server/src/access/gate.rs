//! Lets in whoever may do what they ask for, says who did what, and slows down who asks too often.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::rules::{Need, Rule, rule};
use super::{Access, Buckets, Caller, Pass, client, login_needed, too_many};
use crate::problem::{Code, More, Problem};

/// What a page of another origin cannot send along with a cookie.
const REQUEST_HEADER: HeaderName = HeaderName::from_static("x-tutti-request");

/// Answers only who may have what they ask for; handlers find the [`Caller`] in the request.
pub(crate) async fn gate(
    State(access): State<Arc<Access>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let need = match path.map(|path| rule(request.method(), path.as_str())) {
        // A file of the page, or nothing at all.
        None => Need::Nothing,
        Some(Rule::Known(need)) => need,
        // Also where a handler is there that the table does not know.
        Some(Rule::NoMethod) => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
        Some(Rule::Forgotten) => {
            tracing::error!("a route has no rule of access, which is a bug: it is not answered");
            let detail = "nobody may use this: it has no rule of access, which is a bug";
            return Problem::new(Code::Internal, detail).into_response();
        }
    };
    let caller = access.caller(request.headers(), Instant::now());
    if let Err(problem) = check(&request, need, &caller) {
        return problem.into_response();
    }
    let told = Told::of(&request, &caller);
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    if let Some(told) = told {
        told.tell(peer, response.status());
    }
    response
}

fn check(request: &Request, need: Need, caller: &Caller) -> Result<(), Problem> {
    if let Need::Role(least) = need {
        let role = caller.role.ok_or_else(login_needed)?;
        if role < least {
            let detail = format!("this needs the role \"{least}\", and yours is \"{role}\"");
            let more = More { needs: Some(least), ..More::default() };
            return Err(Problem::new(Code::Role, detail).with(more));
        }
    }
    // A browser sends the cookie by itself, whoever wrote the page.
    let is_sent = request.headers().get(REQUEST_HEADER).is_some_and(|value| value == "1");
    if matches!(caller.pass, Pass::Session(_)) && !reads(request.method()) && !is_sent {
        let detail = "with a cookie, a change needs the header \"x-tutti-request\"";
        return Err(Problem::new(Code::Request, detail));
    }
    Ok(())
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What the log says of who did something, or had data.
struct Told {
    name: String,
    method: Method,
    path: String,
}

impl Told {
    /// Nothing where nobody is asked who they are.
    fn of(request: &Request, caller: &Caller) -> Option<Self> {
        let is_known = matches!(caller.pass, Pass::Session(_) | Pass::Token(_));
        // Of the route: a flow may be called so.
        let route = request.extensions().get::<MatchedPath>();
        let is_data = route.is_some_and(|route| route.as_str().contains("/content"));
        let is_told = is_known && (!reads(request.method()) || is_data);
        is_told.then(|| Self {
            name: caller.name.clone(),
            method: request.method().clone(),
            // Not the query: it is the path that says what was done.
            path: request.uri().path().to_owned(),
        })
    }

    fn tell(&self, peer: SocketAddr, status: StatusCode) {
        let Self { name, method, path } = self;
        let (from, status) = (peer.ip().to_canonical(), status.as_u16());
        tracing::info!(target: "audit", "{name} from {from}: {method} {path}: {status}");
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Nobody gets past the gate without.
        parts.extensions.get::<Self>().cloned().ok_or_else(login_needed)
    }
}

/// Answers a client only so often. Whether the server lives is answered always.
pub(crate) async fn limit(
    State(requests): State<Arc<Buckets>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if !request.uri().path().starts_with("/health/")
        && let Err(wait) = requests.take(&client(peer.ip()), Instant::now())
    {
        return too_many("this client asks too often", wait).into_response();
    }
    next.run(request).await
}
