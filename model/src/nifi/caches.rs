//! NiFi's map caches: a server and a client that names it are one service here.
//!
//! Must never let two services hold what is one cache in NiFi: a client that cannot share is
//! refused.

use serde_json::Value;

use crate::diagnostic::join;

use super::known;
use super::plan::{Plan, Planned, PlannedGroup};
use super::report::Report;
use super::value::{self, Fields};

/// The type that takes their place.
pub(super) const OURS: &str = "MapCache";
const KIND: &str = "service";

/// A cache in NiFi, known by the port of its server.
struct Cache<'v> {
    port: String,
    /// The server, where it was exported, and what it is called in NiFi.
    server: Option<(&'v Value, String)>,
    /// The path of the group that has it here, and its name there, once a client has named it.
    here: Option<(String, String)>,
}

/// What a service here is made of besides the client that is in its place.
pub(super) struct Joined<'v> {
    /// The server, where it was exported.
    pub(super) server: Option<&'v Value>,
}

/// Joins all clients in `group`, which is the flow itself, with their servers.
pub(super) fn join_all(group: &mut PlannedGroup<'_>, plan: &mut Plan, report: &mut Report) {
    let mut caches = Vec::new();
    servers(group, &mut caches);
    clients(group, &mut caches, plan, report);
    for cache in caches.iter().filter(|cache| cache.here.is_none()) {
        if let Some((_, path)) = &cache.server {
            let reason = format!(
                "no client of it is in the flow: here a {OURS} is what processors name, and no \
                 server"
            );
            report.refused(KIND, path, Some("type"), reason);
        }
    }
}

/// Takes the servers out of `group`.
fn servers<'v>(group: &mut PlannedGroup<'v>, caches: &mut Vec<Cache<'v>>) {
    let path = &group.path;
    group.services.retain(|service| {
        let is_server = known::is_map_cache_server(type_of(service));
        if is_server {
            let server = Some((service.value, join(path, &service.name)));
            caches.push(Cache { port: property(service, "Port"), server, here: None });
        }
        !is_server
    });
    for inner in &mut group.groups {
        servers(inner, caches);
    }
}

/// Finds the cache of each client in `group`; those that share one with a client that can be seen
/// from there are taken out.
fn clients<'v>(
    group: &mut PlannedGroup<'v>,
    caches: &mut Vec<Cache<'v>>,
    plan: &mut Plan,
    report: &mut Report,
) {
    let group_path = &group.path;
    group.services.retain_mut(|service| {
        if !known::is_map_cache_client(type_of(service)) {
            return true;
        }
        let path = join(group_path, &service.name);
        let port = property(service, "Server Port");
        let known = caches.iter().position(|cache| cache.port == port);
        let index = known.unwrap_or_else(|| {
            caches.push(Cache { port, server: None, here: None });
            caches.len() - 1
        });
        let Some(cache) = caches.get_mut(index) else { return true };
        match &cache.here {
            None => {
                cache.here = Some((group_path.clone(), service.name.clone()));
                service.cache = Some(Joined { server: cache.server.as_ref().map(|(it, _)| *it) });
                report.changed(KIND, &path, None, told(cache, service));
                true
            }
            Some((there, name)) if is_seen(there, group_path) => {
                plan.also_known(service.value, name);
                let reason = format!(
                    "it shares its server with \"{}\", which takes its place",
                    join(there, name)
                );
                report.changed(KIND, &path, None, reason);
                false
            }
            Some((there, name)) => {
                let reason = format!(
                    "it shares its server with \"{}\": put one {OURS} into a group around both",
                    join(there, name)
                );
                report.refused(KIND, &path, Some("type"), reason);
                true
            }
        }
    });
    for inner in &mut group.groups {
        clients(inner, caches, plan, report);
    }
}

/// What differs from NiFi.
fn told(cache: &Cache<'_>, client: &Planned<'_>) -> String {
    let from = match &cache.server {
        Some((_, server)) => format!("it is also its server \"{server}\""),
        None => format!(
            "its server at {}:{} was not exported",
            property(client, "Server Hostname"),
            cache.port
        ),
    };
    format!(
        "here it is a {OURS}, in the data folder: {from}; it begins empty, and is the flow's own"
    )
}

/// Whether what is in the group `there` can be named in the group `here`.
fn is_seen(there: &str, here: &str) -> bool {
    let below = here.strip_prefix(there);
    there.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn type_of<'v>(service: &Planned<'v>) -> &'v str {
    Fields::new(service.value).text("type").unwrap_or_default()
}

fn property(service: &Planned<'_>, name: &str) -> String {
    let properties = Fields::new(service.value).get("properties");
    let text = properties.and_then(|all| all.get(name)).and_then(value::scalar);
    text.unwrap_or_default().into_owned()
}
