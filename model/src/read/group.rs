//! Groups: what a flow is made of.

use std::collections::HashMap;

use crate::codes::Code;
use crate::definition::{
    BackPressure, Connection, EndpointName, Funnel, Group, Label, Named, Port,
};
use crate::diagnostic::{Diagnostic, ElementKind};
use crate::document::{Node, NodeKind};
use crate::text::{JsonPath, Located, Place};

use super::limits::DEPTH_MAX;
use super::members::{Expected, Members, join};
use super::{Reading, element};

impl<'d> Reading<'d> {
    /// The members that a flow and its groups have in common. `path` is the path of names.
    pub(super) fn group(&mut self, members: &mut Members<'d>, path: &str) -> Group {
        let group = Group {
            description: self.text_or_empty(members, "description"),
            parameter_context: self.text(members, "parameterContext"),
            services: self.named(
                members,
                "services",
                ElementKind::Service,
                path,
                |to, inner, _| to.service(inner),
            ),
            processors: self.named(
                members,
                "processors",
                ElementKind::Processor,
                path,
                |to, inner, _| to.processor(inner),
            ),
            connections: self.connections(members, path),
            funnels: self.funnels(members, path),
            input_ports: self.ports(members, "inputPorts", ElementKind::InputPort, path),
            output_ports: self.ports(members, "outputPorts", ElementKind::OutputPort, path),
            labels: self.named(members, "labels", ElementKind::Label, path, |to, inner, _| {
                let text = to.text_or_empty(inner, "text");
                if !inner.has("text") {
                    to.missing(inner, "text", "add \"text\", the remark");
                }
                Label { text }
            }),
            groups: self.groups(members, path),
        };
        self.check_names_are_unique(&group, path);
        group
    }

    fn groups(&mut self, members: &mut Members<'d>, path: &str) -> Named<Group> {
        let place = members.place.clone();
        self.counts.depth += 1;
        let groups = if self.counts.depth > DEPTH_MAX {
            if members.take("groups").is_some() {
                let message = format!("groups are nested deeper than {DEPTH_MAX}");
                let diagnostic = Diagnostic::new(Code::Limit, &place, message)
                    .with_help("use fewer levels, or split the flow");
                self.say(members.element.as_ref(), diagnostic);
            }
            Named::new()
        } else {
            self.named(members, "groups", ElementKind::Group, path, Self::group)
        };
        self.counts.depth -= 1;
        groups
    }

    fn ports(
        &mut self,
        members: &mut Members<'d>,
        name: &'static str,
        kind: ElementKind,
        path: &str,
    ) -> Named<Port> {
        self.named(members, name, kind, path, |to, inner, _| Port {
            description: to.text_or_empty(inner, "description"),
            state: to.word(inner, "state").unwrap_or_default(),
        })
    }

    fn funnels(&mut self, members: &mut Members<'d>, path: &str) -> Named<Funnel> {
        let mut funnels = Named::new();
        for name in self.texts(members, "funnels") {
            let element = element(ElementKind::Funnel, &join(ElementKind::Funnel, path, &name));
            self.check_name(ElementKind::Funnel, &name, &name.place, &element);
            if self.count_component(&name.place) {
                funnels.insert(name.value, Located::new(Funnel {}, name.place));
            }
        }
        funnels
    }

    fn connections(&mut self, members: &mut Members<'d>, path: &str) -> Vec<Located<Connection>> {
        let Some((node, json_path)) = members.take("connections") else { return Vec::new() };
        let NodeKind::Array(elements) = &node.kind else {
            self.wrong_type(node, &json_path, Expected::List, members.element.as_ref());
            return Vec::new();
        };
        let mut connections = Vec::new();
        for (index, node) in elements.iter().enumerate() {
            let read = self.connection(node, &json_path.index(index), path);
            if let Some(connection) = read {
                if !self.count_connection(&connection.place) {
                    break;
                }
                connections.push(connection);
            }
        }
        connections.sort_by_cached_key(|connection| {
            let relationships: Vec<String> =
                connection.relationships.iter().map(|name| name.value.clone()).collect();
            (connection.from.to_string(), relationships, connection.to.to_string())
        });
        connections
    }

    fn connection(
        &mut self,
        node: &'d Node,
        json_path: &JsonPath,
        path: &str,
    ) -> Option<Located<Connection>> {
        let name = connection_name(node);
        let own = element(ElementKind::Connection, &join(ElementKind::Connection, path, &name));
        let mut members = self.object(node, json_path, Some(own))?;
        let place = members.place.clone();
        let help = "name a processor, a funnel, a port, or \"GROUP/PORT\"";
        let from = self.required_text(&mut members, "from", help);
        let relationships = self.sorted_texts(&mut members, "relationships");
        let to = self.required_text(&mut members, "to", help);
        let end = |end: Located<String>| Located::new(EndpointName::read(&end), end.place);
        let mut connection = Connection {
            relationships,
            back_pressure: self.back_pressure(&mut members),
            expiration: self
                .duration(&mut members, "expiration")
                .map_or(std::time::Duration::ZERO, |time| time.value),
            prioritizers: self
                .texts(&mut members, "prioritizers")
                .iter()
                .filter_map(|word| self.word_of(word, members.element.as_ref()))
                .collect(),
            ..Connection::new(EndpointName::default(), &[], EndpointName::default())
        };
        self.close(members);
        (connection.from, connection.to) = (end(from?), end(to?));
        Some(Located::new(connection, place))
    }

    fn back_pressure(&mut self, members: &mut Members<'d>) -> BackPressure {
        let default = BackPressure::default();
        let Some((node, path)) = members.take("backPressure") else { return default };
        let Some(mut inner) = self.object(node, &path, members.element.clone()) else {
            return default;
        };
        let count = self.integer(&mut inner, "count", &(0..=u64::from(u32::MAX)));
        let size = self.data_size(&mut inner, "size");
        self.close(inner);
        BackPressure {
            count: count.map_or(default.count, |count| count.value),
            size_bytes: size.unwrap_or(default.size_bytes),
        }
    }

    /// Connections tell processors, ports, funnels and groups apart by their names alone.
    fn check_names_are_unique(&mut self, group: &Group, path: &str) {
        fn all<T>(
            named: &Named<T>,
            kind: ElementKind,
        ) -> impl Iterator<Item = (ElementKind, &str, &Place)> {
            named.iter().map(move |(name, thing)| (kind, name.as_str(), &thing.place))
        }
        let mut things: Vec<(ElementKind, &str, &Place)> =
            all(&group.processors, ElementKind::Processor)
                .chain(all(&group.funnels, ElementKind::Funnel))
                .chain(all(&group.input_ports, ElementKind::InputPort))
                .chain(all(&group.output_ports, ElementKind::OutputPort))
                .chain(all(&group.groups, ElementKind::Group))
                .collect();
        things.sort_by_key(|(_, _, place)| place.start);
        let mut seen: HashMap<&str, (ElementKind, u32)> = HashMap::new();
        for (kind, name, place) in things {
            let Some((first, line)) = seen.get(name) else {
                seen.insert(name, (kind, place.line));
                continue;
            };
            let message = format!("the {first} on line {line} is called \"{name}\" as well");
            let diagnostic = Diagnostic::new(Code::DuplicateName, place, message)
                .with_help("give one of the two another name, and change its connections");
            let own = element(kind, &join(kind, path, name));
            self.say(Some(&own), diagnostic);
        }
    }
}

/// The name of a connection as far as it can be told before it is read.
fn connection_name(node: &Node) -> String {
    let end = |wanted: &str| {
        let NodeKind::Object(members) = &node.kind else { return None };
        let member = members.iter().find(|member| *member.name == *wanted)?;
        match &member.value.kind {
            NodeKind::Text(text) => Some(&**text),
            _ => None,
        }
    };
    format!("{} -> {}", end("from").unwrap_or("?"), end("to").unwrap_or("?"))
}
