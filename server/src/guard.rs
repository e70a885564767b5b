//! Keeps out requests that a web page makes behind the user's back.
//!
//! A page can point a name of its own at 127.0.0.1 (DNS rebinding); so only `localhost`, IP
//! addresses and the names that the server was given are taken as `Host`. A page can send requests
//! elsewhere; so an `Origin` must be the server's own, and what a browser says of where a request
//! comes from must be the server itself or the user.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN, STRICT_TRANSPORT_SECURITY};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};

/// What browsers say of a request, and pages cannot change.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a proxy adds to requests that it passes on.
const PASSED_ON: [&str; 3] = ["forwarded", "x-forwarded-for", "via"];

/// For how long a browser is to speak only TLS with a name of this server.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What the server is called, and how it is spoken to.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) bound: SocketAddr,
    /// Names besides `localhost`.
    pub(crate) hosts: Vec<String>,
    pub(crate) is_tls: bool,
    /// Whether a proxy may speak TLS in its place.
    pub(crate) is_proxied: bool,
}

impl Site {
    pub(crate) fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Whether this is what pages of the server itself say that they come from.
    fn is_origin(&self, origin: &str, host: &str) -> bool {
        let (plain, tls) = match (self.is_tls, self.is_proxied) {
            (true, _) => (false, true),
            (false, is_proxied) => (true, is_proxied),
        };
        let bare = |scheme| origin.strip_prefix(scheme);
        (plain && bare("http://") == Some(host)) || (tls && bare("https://") == Some(host))
    }

    /// Whether the host is one of the names that the server was given.
    fn is_named(&self, host: &str) -> bool {
        self.hosts.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    fn is_ours(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) => {
                let (address, bound) = (address.to_canonical(), self.bound.ip());
                bound.is_unspecified() || address.is_loopback() || address == bound.to_canonical()
            }
            Err(_) => host.eq_ignore_ascii_case("localhost") || self.is_named(host),
        }
    }
}

/// Answers only requests for this server that come from its own pages or from no page.
pub(crate) async fn same_site(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let named = match check(&request, &site) {
        Ok(authority) => site.is_named(authority.host()),
        Err(problem) => return problem.into_response(),
    };
    let mut response = next.run(request).await;
    // Not for "localhost", which other servers share.
    if site.is_tls && named {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    response
}

/// Answers only requests that come from this machine, not those that a proxy on it passes on.
pub(crate) async fn same_machine(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let peer = peer.ip().to_canonical();
    let is_passed_on = PASSED_ON.iter().any(|name| request.headers().contains_key(*name));
    if !is_passed_on && (peer.is_loopback() || peer == site.bound.ip().to_canonical()) {
        return next.run(request).await;
    }
    Problem::new(Code::NotHere, "this is answered only to the server's own machine").into_response()
}

/// The host that is asked for, when it is this server's and asked by whom it may be.
fn check<B>(request: &Request<B>, site: &Site) -> Result<Authority, Problem> {
    let headers = request.headers();
    let host = single(headers, &HOST)?.ok_or_else(|| bad("the header \"host\" is missing"))?;
    let authority: Authority =
        host.parse().map_err(|_| bad("the header \"host\" is not a host and a port"))?;
    // A target that is a whole URL counts more than the header.
    for authority in [Some(&authority), request.uri().authority()].into_iter().flatten() {
        if authority.as_str().contains('@') || !site.is_ours(authority.host()) {
            let detail =
                format!("\"{authority}\" is not this server: use localhost or its IP address");
            return Err(Problem::new(Code::Host, detail));
        }
    }
    let refused = |who: &str| {
        Err(Problem::new(Code::Origin, format!("pages of {who} may not use this server")))
    };
    match (single(headers, &ORIGIN)?, single(headers, &FETCH_SITE)?) {
        (Some(origin), _) if !site.is_origin(origin, host) => refused(&format!("\"{origin}\"")),
        (_, None | Some("same-origin" | "none")) => Ok(authority),
        // The user has followed a link.
        _ if request.method() == Method::GET
            && single(headers, &FETCH_MODE)? == Some("navigate")
            && single(headers, &FETCH_DESTINATION)? == Some("document") =>
        {
            Ok(authority)
        }
        _ => refused("other origins"),
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

fn bad(detail: &str) -> Problem {
    Problem::new(Code::Header, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether this is answered by a server that is bound to that address.
    fn answers(target: &str, bound: &str, headers: &[(&str, &str)]) -> bool {
        let bound = SocketAddr::new(bound.parse().unwrap(), 80);
        let site = Site { bound, hosts: Vec::new(), is_tls: false, is_proxied: false };
        allows(&site, target, headers)
    }

    fn allows(site: &Site, target: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(&request.body(()).unwrap(), site).is_ok()
    }

    #[test]
    fn a_name_that_the_server_was_given_is_its_own_and_none_below_it() {
        let bound = "10.0.0.1:443".parse().unwrap();
        let hosts = vec!["tutti.example".to_owned()];
        let site = Site { bound, hosts, is_tls: true, is_proxied: false };
        let answers = |host| allows(&site, "/", &[("host", host)]);
        assert!(answers("tutti.example") && answers("Tutti.Example:8443") && answers("10.0.0.1"));
        assert!(!answers("a.tutti.example") && !answers("tutti.example.org"));
        assert!(!answers("xtutti.example"));
    }

    #[test]
    fn an_origin_has_the_scheme_that_the_server_or_its_proxy_speaks() {
        for (is_tls, is_proxied, plain, tls) in [
            (false, false, true, false),
            (false, true, true, true),
            (true, false, false, true),
            (true, true, false, true),
        ] {
            let bound = "127.0.0.1:80".parse().unwrap();
            let site = Site { bound, hosts: Vec::new(), is_tls, is_proxied };
            for (origin, right) in [("http://localhost", plain), ("https://localhost", tls)] {
                let headers = [("host", "localhost"), ("origin", origin)];
                assert_eq!(allows(&site, "/", &headers), right, "{site:?} {origin}");
            }
        }
    }

    #[test]
    fn only_names_that_cannot_be_rebound_are_answered() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:8080", "127.0.0.1"] {
            assert!(answers("/", "127.0.0.1", &[("host", host)]), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1.",
            "2130706433",
            "10.0.0.1",
            "x@localhost",
            "localhost, evil.example",
            "localhost/",
            "",
        ] {
            assert!(!answers("/", "127.0.0.1", &[("host", host)]), "{host}");
        }
        assert!(answers("/", "0.0.0.0", &[("host", "10.0.0.1:8080")]));
        assert!(!answers("/", "0.0.0.0", &[("host", "evil.example")]));
        assert!(!answers("/", "127.0.0.1", &[]), "no host at all");
    }

    #[test]
    fn a_target_that_is_a_whole_url_must_be_the_servers_own_too() {
        let host = [("host", "localhost")];
        assert!(answers("http://localhost/", "127.0.0.1", &host));
        assert!(!answers("http://evil.example/", "127.0.0.1", &host));
        assert!(!answers("http://localhost/", "127.0.0.1", &[("host", "evil.example")]));
    }

    #[test]
    fn an_origin_must_be_the_servers_own() {
        for (origin, right) in [
            ("http://localhost:8080", true),
            ("http://localhost:8081", false),
            ("https://localhost:8080", false),
            ("https://evil.example", false),
            ("null", false),
            ("", false),
        ] {
            let headers = [("host", "localhost:8080"), ("origin", origin)];
            assert_eq!(answers("/", "127.0.0.1", &headers), right, "{origin}");
        }
    }

    #[test]
    fn what_a_page_of_another_origin_loads_is_refused_and_a_link_is_followed() {
        for (site, mode, destination, right) in [
            ("same-origin", "cors", "empty", true),
            ("none", "navigate", "document", true),
            ("cross-site", "navigate", "document", true),
            ("cross-site", "navigate", "iframe", false),
            ("cross-site", "no-cors", "script", false),
            ("same-site", "no-cors", "image", false),
        ] {
            let headers = [
                ("host", "localhost"),
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", destination),
            ];
            assert_eq!(answers("/", "127.0.0.1", &headers), right, "{site} {mode} {destination}");
        }
    }

    #[test]
    fn a_header_that_is_there_twice_is_refused() {
        let twice = [("host", "localhost"), ("host", "evil.example")];
        assert!(!answers("/", "127.0.0.1", &twice));
        let twice = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "null")];
        assert!(!answers("/", "127.0.0.1", &twice));
    }
}
