//! Connections: their ends by names, and all their settings.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;

use crate::definition::{BackPressure, Connection, EndpointName, Group, Prioritizer, Word};
use crate::diagnostic::join;
use crate::{data_size, duration};

use super::plan::{End, PlannedGroup};
use super::value::{self, Fields};
use super::{Import, known};

const KIND: &str = "connection";

const COUNT: &str = "backPressureObjectThreshold";
const SIZE: &str = "backPressureDataSizeThreshold";

/// What NiFi's prioritizers lie in.
const PRIORITIZERS: &str = "org.apache.nifi.prioritizer.";

impl<'v> Import<'v> {
    /// The connections of a group, in their order.
    pub(super) fn connections(&mut self, planned: &PlannedGroup<'v>, group: &mut Group) {
        let mut carried = HashSet::new();
        for value in value::things(planned.value.get("connections")) {
            let fields = Fields::new(value);
            let Some(connection) = self.connection(planned, fields) else { continue };
            let path = join(&planned.path, &connection.id());
            let ends = format!("{} -> {}", connection.from.value, connection.to.value);
            let names = connection.relationships.iter().map(|name| name.value.clone());
            let names: Vec<String> = names.collect();
            // One without relationships carries all that there is.
            let all = if names.is_empty() { vec![String::new()] } else { names };
            let is_new = all.iter().all(|name| !carried.contains(&(ends.clone(), name.clone())));
            if !is_new {
                let reason = "another connection carries the same between the same two: here they \
                              would be one";
                self.report.refused(KIND, &path, None, reason);
                continue;
            }
            carried.extend(all.into_iter().map(|name| (ends.clone(), name)));
            let bends: Option<Vec<_>> = fields
                .get("bends")
                .and_then(Value::as_array)
                .map(|bends| bends.iter().filter_map(value::position).collect());
            if let Some(bends) = bends.filter(|bends| !bends.is_empty()) {
                self.layout.bends.insert(path.clone(), bends);
            }
            if let Some(name) = fields.text("name").filter(|name| !name.trim().is_empty()) {
                let reason =
                    format!("in NiFi it is called {name:?}: here it is called after its ends");
                self.report.changed(KIND, &path, Some("name"), reason);
            }
            value::unknown(value, known::CONNECTION, &mut self.report, KIND, &path);
            group.connections.push(connection.into());
        }
        group.connections.sort_by_cached_key(|connection| {
            let relationships: Vec<String> =
                connection.relationships.iter().map(|name| name.value.clone()).collect();
            (connection.from.to_string(), relationships, connection.to.to_string())
        });
    }

    fn connection(&mut self, planned: &PlannedGroup<'v>, fields: Fields<'v>) -> Option<Connection> {
        let theirs = their_name(fields);
        let path = join(&planned.path, &theirs);
        let (from, end) = self.end(planned, fields, "source", &path)?;
        let (to, _) = self.end(planned, fields, "destination", &path)?;
        let mut relationships = fields.texts("selectedRelationships");
        if !end.is_processor {
            relationships.clear();
        }
        let mut connection = Connection::new(from, &relationships, to);
        let path = join(&planned.path, &connection.id());
        connection.back_pressure = self.back_pressure(&path, fields);
        connection.expiration = self.expiration(&path, fields);
        connection.prioritizers = self.prioritizers(&path, fields);
        let strategy = fields.text("loadBalanceStrategy").unwrap_or_default();
        if !matches!(strategy, "" | "DO_NOT_LOAD_BALANCE") {
            let reason = "there is one node here, and nothing to balance";
            self.report.refused(KIND, &path, Some("loadBalanceStrategy"), reason);
        }
        Some(connection)
    }

    /// What a connection ends at: something in its own group, or a port of a group in it.
    fn end(
        &mut self,
        planned: &PlannedGroup<'v>,
        fields: Fields<'v>,
        member: &'static str,
        path: &str,
    ) -> Option<(EndpointName, End)> {
        let theirs = fields.get(member).map(Fields::new);
        let text = |name: &str| theirs.and_then(|theirs| theirs.text(name));
        if text("type").is_some_and(|kind| kind.starts_with("REMOTE_")) {
            let reason = "it ends at a remote process group, and there is no site-to-site here";
            self.report.refused(KIND, path, Some(member), reason);
            return None;
        }
        let ids = ["id", "instanceIdentifier"];
        let found = ids.into_iter().find_map(|name| self.plan.end(text(name)?).cloned());
        let Some(end) = found else {
            let reason = "what it ends at is not in what was exported";
            self.report.refused(KIND, path, Some(member), reason);
            return None;
        };
        if end.group == planned.path {
            return Some((EndpointName::of(&end.name), end));
        }
        let inner = planned.groups.iter().find(|group| group.path == end.group);
        if let Some(inner) = inner.filter(|_| end.is_port) {
            return Some((EndpointName::port(&inner.name, &end.name), end));
        }
        let reason = "it ends at something in another group that is no port of it";
        self.report.refused(KIND, path, Some(member), reason);
        None
    }

    fn back_pressure(&mut self, path: &str, fields: Fields<'_>) -> BackPressure {
        let mut limits = BackPressure::default();
        if let Some(count) = fields.scalar(COUNT) {
            if let Ok(count) = count.parse::<u32>() {
                limits.count = count.into();
            } else {
                let reason = format!("this is no number from 0 to {}", u32::MAX);
                self.report.refused(KIND, path, Some(COUNT), reason);
            }
        }
        if let Some(size) = fields.scalar(SIZE) {
            match data_size::parse(&size) {
                Ok(bytes) => limits.size_bytes = bytes,
                Err(error) => {
                    self.report.refused(KIND, path, Some(SIZE), error.to_string());
                }
            }
        }
        limits
    }

    fn expiration(&mut self, path: &str, fields: Fields<'_>) -> Duration {
        const MEMBER: &str = "flowFileExpiration";
        let Some(text) = fields.scalar(MEMBER) else { return Duration::ZERO };
        duration::parse(&text).unwrap_or_else(|error| {
            self.report.refused(KIND, path, Some(MEMBER), error.to_string());
            Duration::ZERO
        })
    }

    fn prioritizers(&mut self, path: &str, fields: Fields<'_>) -> Vec<Prioritizer> {
        let mut all = Vec::new();
        let theirs = fields.get("prioritizers").and_then(Value::as_array);
        for theirs in theirs.into_iter().flatten().filter_map(Value::as_str) {
            let short = theirs.strip_prefix(PRIORITIZERS).unwrap_or(theirs);
            let known = Prioritizer::WORDS.iter().find(|(_, word)| *word == short);
            match known {
                Some((prioritizer, _)) if !all.contains(prioritizer) => all.push(*prioritizer),
                Some(_) => {}
                None => {
                    let reason = format!("there is no {short} here");
                    self.report.refused(KIND, path, Some("prioritizers"), reason);
                }
            }
        }
        all
    }
}

/// A connection by what NiFi calls its ends.
fn their_name(fields: Fields<'_>) -> String {
    let end = |member: &str| {
        fields.get(member).and_then(|end| end.get("name")).and_then(Value::as_str).unwrap_or("?")
    };
    format!("{} -> {}", end("source"), end("destination"))
}
