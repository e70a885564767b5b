//! Keeps out requests that a web page makes behind the user's back.
//!
//! A page can point a name of its own at 127.0.0.1 (DNS rebinding); so only `localhost` and IP
//! addresses are taken as `Host`. A page can send requests elsewhere; so an `Origin` must be the
//! server's own.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Answers only requests for this server that come from its own pages or from no page.
pub(crate) async fn same_site(
    State(bound): State<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    match check(request.headers(), bound.ip()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Answers only requests that come from this machine.
pub(crate) async fn same_machine(
    State(bound): State<SocketAddr>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let peer = peer.ip().to_canonical();
    if peer.is_loopback() || peer == bound.ip().to_canonical() {
        return next.run(request).await;
    }
    Problem::new(StatusCode::FORBIDDEN, "this is answered only to the server's own machine")
        .into_response()
}

fn check(headers: &HeaderMap, bound: IpAddr) -> Result<(), Problem> {
    let host = single(headers, &HOST)?.ok_or_else(|| bad("the header \"host\" is missing"))?;
    let authority: Authority =
        host.parse().map_err(|_| bad("the header \"host\" is not a host and a port"))?;
    if host.contains('@') || !is_ours(authority.host(), bound) {
        let detail = format!("\"{host}\" is not this server: use localhost or its IP address");
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail));
    }
    match single(headers, &ORIGIN)? {
        Some(origin) if origin != format!("http://{host}") => {
            let detail = format!("pages of \"{origin}\" may not use this server");
            Err(Problem::new(StatusCode::FORBIDDEN, detail))
        }
        _ => Ok(()),
    }
}

/// Two values of one of these headers are never right: which one counts depends on who asks.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(bad(&format!("the header \"{name}\" is there twice")));
    }
    first
        .map(|value| value.to_str().map_err(|_| bad(&format!("the header \"{name}\" is not text"))))
        .transpose()
}

fn is_ours(host: &str, bound: IpAddr) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => {
            let address = address.to_canonical();
            bound.is_unspecified() || address.is_loopback() || address == bound.to_canonical()
        }
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn bad(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(host: &str, bound: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        check(&headers, bound.parse().unwrap()).is_ok()
    }

    #[test]
    fn only_names_that_cannot_be_rebound_are_answered() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:8080", "127.0.0.1"] {
            assert!(answers(host, "127.0.0.1"), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"]
        {
            assert!(!answers(host, "127.0.0.1"), "{host}");
        }
        assert!(answers("10.0.0.1:8080", "0.0.0.0"));
        assert!(!answers("evil.example", "0.0.0.0"));
        assert!(!answers("x@localhost", "127.0.0.1"));
    }

    #[test]
    fn an_origin_must_be_the_servers_own() {
        for (origin, right) in [
            ("http://localhost:8080", true),
            ("http://localhost:8081", false),
            ("https://evil.example", false),
            ("null", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "localhost:8080".parse().unwrap());
            headers.insert(ORIGIN, origin.parse().unwrap());
            assert_eq!(check(&headers, "127.0.0.1".parse().unwrap()).is_ok(), right, "{origin}");
        }
    }

    #[test]
    fn a_header_that_is_there_twice_is_refused() {
        let mut headers = HeaderMap::new();
        headers.append(HOST, "localhost".parse().unwrap());
        headers.append(HOST, "evil.example".parse().unwrap());
        assert!(check(&headers, "127.0.0.1".parse().unwrap()).is_err());
    }
}
