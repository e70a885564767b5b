//! Which role each route needs: one table.
//!
//! What is not in it is refused, whoever asks, so that a route cannot be forgotten here.

use axum::http::Method;

use super::role::Role;

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Nothing: whoever reaches the server may ask.
    Nothing,
    /// Somebody who has at least this role.
    Role(Role),
}

use Need::{Nothing, Role as Least};
use Role::{Admin, Editor, Operator, Viewer};

/// Methods, paths as they are routed, and what they need.
///
/// Attributes and content are a user's data, and what processors do with them is the operators'
/// business: who only sees figures sees none. The plan of a text is an editor's, as it tells what
/// becomes of that text with the values that parameters have here.
pub(crate) const RULES: &[(&str, &str, Need)] = &[
    ("GET", "/", Nothing),
    ("GET", "/health/live", Nothing),
    ("GET", "/health/ready", Nothing),
    ("GET", "/api/v1/session", Nothing),
    ("POST", "/api/v1/session", Nothing),
    ("DELETE", "/api/v1/session", Nothing),
    ("GET", "/api/v1", Least(Viewer)),
    ("GET", "/api/v1/status", Least(Viewer)),
    ("GET", "/api/v1/events", Least(Viewer)),
    ("POST", "/api/v1/presence", Least(Viewer)),
    ("GET", "/api/v1/processor-types", Least(Viewer)),
    ("GET", "/api/v1/service-types", Least(Viewer)),
    ("GET", "/api/v1/flow-schema", Least(Viewer)),
    ("GET", "/api/v1/expression-functions", Least(Viewer)),
    ("GET", "/api/v1/openapi.json", Least(Viewer)),
    ("GET", "/api/v1/flows", Least(Viewer)),
    ("GET", "/api/v1/flows/{flow}/draft", Least(Viewer)),
    ("GET", "/api/v1/flows/{flow}/operations", Least(Viewer)),
    ("GET", "/api/v1/flows/{flow}/plan", Least(Viewer)),
    ("GET", "/api/v1/flows/{flow}/status", Least(Viewer)),
    ("GET", "/api/v1/flows/{flow}/history", Least(Viewer)),
    ("GET", "/api/v1/flows/{flow}/state", Least(Operator)),
    ("DELETE", "/api/v1/flows/{flow}/state", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/queue", Least(Operator)),
    ("POST", "/api/v1/flows/{flow}/queue/empty", Least(Operator)),
    ("POST", "/api/v1/flows/{flow}/queue/move", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/content", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/content/waveform", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/content/spectrogram", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/content/preview", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/content/table", Least(Operator)),
    ("GET", "/api/v1/provenance", Least(Operator)),
    ("GET", "/api/v1/provenance/{event}/content", Least(Operator)),
    ("POST", "/api/v1/provenance/replay", Least(Operator)),
    ("GET", "/api/v1/flows/{flow}/trash", Least(Operator)),
    ("POST", "/api/v1/flows/{flow}/trash/{id}/restore", Least(Operator)),
    ("DELETE", "/api/v1/flows/{flow}/trash/{id}", Least(Operator)),
    ("POST", "/api/v1/flows/{flow}/control", Least(Operator)),
    ("POST", "/api/v1/flows", Least(Editor)),
    ("POST", "/api/v1/demo", Least(Editor)),
    ("PUT", "/api/v1/flows/{flow}", Least(Editor)),
    ("DELETE", "/api/v1/flows/{flow}", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/operations", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/expressions", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/try", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/verify", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/undo", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/redo", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/rollback", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/plan", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/apply", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/deploy", Least(Editor)),
    ("POST", "/api/v1/flows/{flow}/deploy/{revision}", Least(Editor)),
    ("POST", "/api/v1/stop", Least(Admin)),
];

/// The routes, each with its method, its path and the least role that it needs, or none: whoever
/// reaches the server may ask.
pub fn route_roles() -> impl Iterator<Item = (&'static str, &'static str, Option<Role>)> {
    RULES.iter().map(|(method, path, need)| match need {
        Nothing => (*method, *path, None),
        Least(role) => (*method, *path, Some(*role)),
    })
}

/// What is said of a route in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Known(Need),
    /// The path is known, and does not take this method.
    NoMethod,
    /// Somebody forgot it.
    Forgotten,
}

/// The rule for a method and a path as it is routed.
pub(crate) fn rule(method: &Method, path: &str) -> Rule {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let mut of_path = RULES.iter().filter(|(_, known, _)| *known == path).peekable();
    if of_path.peek().is_none() {
        return Rule::Forgotten;
    }
    let found = of_path.find(|(known, ..)| *known == method.as_str());
    found.map_or(Rule::NoMethod, |(.., need)| Rule::Known(*need))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_not_in_the_table_has_no_rule() {
        assert_eq!(rule(&Method::GET, "/api/v1/status"), Rule::Known(Least(Viewer)));
        assert_eq!(rule(&Method::HEAD, "/api/v1/status"), Rule::Known(Least(Viewer)));
        assert_eq!(rule(&Method::DELETE, "/api/v1/status"), Rule::NoMethod);
        assert_eq!(rule(&Method::GET, "/api/v1/statuses"), Rule::Forgotten);
    }

    #[test]
    fn each_method_of_a_path_is_there_once() {
        for (index, (method, path, _)) in RULES.iter().enumerate() {
            let again = RULES[index + 1..].iter().any(|one| (one.0, one.1) == (method, path));
            assert!(!again, "{method} {path}");
        }
    }

    #[test]
    fn what_changes_anything_is_not_for_viewers_and_nothing_but_sessions_for_everybody() {
        for (method, path, need) in RULES {
            let is_session = *path == "/api/v1/session";
            let is_open = is_session || *path == "/" || path.starts_with("/health/");
            assert_eq!(*need == Nothing, is_open, "{method} {path}");
            // Who looks at something may say so: it changes nothing that anybody made.
            let reads = *method == "GET" || *path == "/api/v1/presence";
            assert!(reads || is_session || *need > Least(Viewer), "{method} {path}");
        }
    }

    /// A route that is not in the table answers nothing; this says so before anybody asks.
    #[test]
    fn every_route_is_in_the_table_and_nothing_else() {
        let document: Value = serde_json::from_str(&crate::openapi().unwrap()).unwrap();
        let mut routes = BTreeSet::from([("GET".to_owned(), "/".to_owned())]);
        for (path, methods) in document["paths"].as_object().unwrap() {
            let methods = methods.as_object().unwrap().keys();
            routes.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
        }
        let known =
            RULES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
        assert_eq!(routes, known.collect());
    }
}
