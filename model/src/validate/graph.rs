//! Connections: what they carry, and what is left without one.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::codes::Code;
use crate::definition::{Connection, Group, Named, Processor};
use crate::diagnostic::{Diagnostic, Element, ElementKind};
use crate::spec::InputRequirement;
use crate::text::{Located, Place};
use crate::valid::{ValidConnection, ValidProcessor};

use super::ends::{End, Found};
use super::{Validation, element, join};

/// What the connections of a group lead from and to.
#[derive(Default)]
struct Ends<'f> {
    /// Names of processors with relationships that are connected.
    relationships: HashSet<(String, String)>,
    /// Names of processors whose connections are too wrong to say what they miss.
    is_unclear: HashSet<String>,
    /// Names that something comes from.
    from: HashSet<String>,
    /// Names that something else goes to, with one of the connections.
    to: HashMap<String, &'f Place>,
    /// Connections by what they are for.
    pairs: HashMap<(String, String, String), u32>,
}

impl<'f> Validation<'f> {
    /// Checks the connections of `group`, and completes `processors` with what they say.
    pub(super) fn connect(
        &mut self,
        group: &'f Group,
        processors: &mut [ValidProcessor],
        path: &str,
    ) -> Vec<ValidConnection> {
        let mut ends = Ends::default();
        let known: HashMap<&str, &ValidProcessor> =
            group.processors.keys().map(String::as_str).zip(processors.iter()).collect();
        let mut valid = Vec::new();
        for connection in &group.connections {
            valid.extend(self.connection(connection, group, &known, &mut ends, path));
        }
        for ((name, processor), valid) in group.processors.iter().zip(processors) {
            let element = element(ElementKind::Processor, &valid.path);
            if self.specs.spec(&processor.type_name).is_some() {
                self.check_relationships(name, processor, valid, &ends, &element);
                self.check_input(name, processor, &ends, &element);
            }
        }
        self.check_dead_ends(group, &ends, path);
        valid
    }

    fn connection(
        &mut self,
        connection: &'f Located<Connection>,
        group: &'f Group,
        known: &HashMap<&str, &ValidProcessor>,
        ends: &mut Ends<'f>,
        path: &str,
    ) -> Option<ValidConnection> {
        let id = connection.id();
        let element = element(ElementKind::Connection, &join(path, &id));
        let from = self.end(group, connection, End::From, path, &element);
        let to = self.end(group, connection, End::To, path, &element);
        let source = match &from {
            Found::Right(_) => Some(connection.from.to_string()),
            Found::Meant(name) => Some(name.clone()),
            Found::Nothing => None,
        };
        if let Some(source) = &source {
            let processor = known.get(source.as_str()).copied();
            self.check_carried(connection, source, processor, ends, &element);
            ends.from.insert(source.clone());
        }
        let target = match &to {
            Found::Right(_) => Some(connection.to.to_string()),
            Found::Meant(name) => Some(name.clone()),
            Found::Nothing => None,
        };
        if let Some(target) = target.filter(|target| source.as_ref() != Some(target)) {
            ends.to.insert(target, &connection.to.place);
        }
        let (Found::Right(from), Found::Right(to)) = (from, to) else { return None };
        self.check_duplicate(connection, ends, &element);
        Some(ValidConnection {
            path: join(path, &id),
            from,
            relationships: connection.relationships.iter().map(|one| one.value.clone()).collect(),
            to,
            back_pressure: connection.back_pressure,
            expiration: connection.expiration,
            prioritizers: connection.prioritizers.clone(),
        })
    }

    /// Checks the relationships of `connection`, which comes from `source`.
    fn check_carried(
        &mut self,
        connection: &Located<Connection>,
        source: &str,
        processor: Option<&ValidProcessor>,
        ends: &mut Ends<'f>,
        element: &Element,
    ) {
        let Some(processor) = processor else {
            if let Some(first) = connection.relationships.first() {
                let message = format!("\"{source}\" has no relationships");
                let diagnostic =
                    Diagnostic::new(Code::NeedlessRelationships, &first.place, message)
                        .with_help("only processors have: remove \"relationships\"");
                self.say(element, diagnostic);
            }
            return;
        };
        // Of a type that nobody knows nobody knows the relationships.
        if self.specs.spec(&processor.type_name).is_none() {
            return;
        }
        if connection.relationships.is_empty() {
            ends.is_unclear.insert(source.to_owned());
            let message = "this connection carries nothing";
            let names: Vec<String> =
                processor.relationships.iter().map(|name| format!("\"{name}\"")).collect();
            let help = format!("add \"relationships\", some of {}", names.join(", "));
            let diagnostic =
                Diagnostic::new(Code::MissingRelationships, &connection.place, message)
                    .with_help(help);
            self.say(element, diagnostic);
        }
        for relationship in &connection.relationships {
            let name = self.relationship(relationship, source, processor, element);
            if let Some(name) = name {
                ends.relationships.insert((source.to_owned(), name));
            }
        }
    }

    /// The relationship that is meant by `name`; reports one that does not exist.
    fn relationship(
        &mut self,
        name: &Located<String>,
        source: &str,
        processor: &ValidProcessor,
        element: &Element,
    ) -> Option<String> {
        if processor.relationships.contains(&name.value) {
            return Some(name.value.clone());
        }
        let message = format!("\"{source}\" has no relationship \"{}\"", name.value);
        let all = || processor.relationships.iter().map(String::as_str);
        let help = self.report.suggest(name, all());
        let diagnostic =
            Diagnostic::new(Code::UnknownRelationship, &name.place, message).with_maybe_help(help);
        self.say(element, diagnostic);
        self.report.nearest(name, all()).map(str::to_owned)
    }

    fn check_duplicate(
        &mut self,
        connection: &Located<Connection>,
        ends: &mut Ends<'f>,
        element: &Element,
    ) {
        let carried: Vec<&str> = match connection.relationships.as_slice() {
            [] => vec![""],
            some => some.iter().map(|name| name.value.as_str()).collect(),
        };
        let (from, to) = (connection.from.to_string(), connection.to.to_string());
        let mut first = None;
        for relationship in carried {
            let key = (from.clone(), relationship.to_owned(), to.clone());
            if let Some(line) = ends.pairs.get(&key) {
                first = Some((relationship.to_owned(), *line));
            } else {
                ends.pairs.insert(key, connection.place.line);
            }
        }
        // Names that look like the parts of other names; the queue's name would be the same.
        let id = (String::new(), String::new(), connection.id());
        let is_ambiguous = ends.pairs.insert(id, connection.place.line).is_some();
        let (message, line) = match first {
            Some((relationship, line)) if !relationship.is_empty() => {
                (format!("\"{relationship}\" of \"{from}\" goes to \"{to}\" twice"), line)
            }
            Some((_, line)) => (format!("\"{from}\" is connected to \"{to}\" twice"), line),
            None if is_ambiguous => {
                let message = "another connection has the same name";
                let help = "names with \" -> \" or \"[\" in them are easily confused: change one";
                let diagnostic =
                    Diagnostic::new(Code::DuplicateConnection, &connection.place, message)
                        .with_help(help);
                self.say(element, diagnostic);
                return;
            }
            None => return,
        };
        let help = format!("everything would arrive doubly: join it with that of line {line}");
        let diagnostic =
            Diagnostic::new(Code::DuplicateConnection, &connection.place, message).with_help(help);
        self.say(element, diagnostic);
    }

    /// Every way out of a processor must lead somewhere or end.
    fn check_relationships(
        &mut self,
        name: &str,
        processor: &Located<Processor>,
        valid: &mut ValidProcessor,
        ends: &Ends<'f>,
        element: &Element,
    ) {
        for retried in processor.retry.iter().flat_map(|retry| &retry.relationships) {
            self.relationship(retried, name, valid, element);
        }
        let is_connected = |relationship: &str| {
            ends.relationships.contains(&(name.to_owned(), relationship.to_owned()))
        };
        let mut terminated = BTreeSet::new();
        for ended in &processor.auto_terminate {
            let Some(meant) = self.relationship(ended, name, valid, element) else { continue };
            if is_connected(&meant) {
                let message = format!("\"{meant}\" is connected, so that it does not end here");
                let diagnostic =
                    Diagnostic::new(Code::ConnectedAndTerminated, &ended.place, message)
                        .with_help("remove it from \"autoTerminate\", or remove the connection");
                self.say(element, diagnostic);
            } else {
                terminated.insert(meant);
            }
        }
        if !ends.is_unclear.contains(name) {
            let open = valid.relationships.iter();
            let open = open.filter(|one| !is_connected(one) && !terminated.contains(*one));
            for relationship in open {
                let message = format!("\"{relationship}\" of \"{name}\" leads nowhere");
                let help = format!(
                    "connect it, or add \"{relationship}\" to \"autoTerminate\" if its flowfiles \
                     are to end here"
                );
                let diagnostic =
                    Diagnostic::new(Code::UnconnectedRelationship, &processor.place, message)
                        .with_help(help)
                        .with_missing(&**relationship);
                self.say(element, diagnostic);
            }
        }
        valid.auto_terminate = terminated;
    }

    fn check_input(
        &mut self,
        name: &str,
        processor: &Located<Processor>,
        ends: &Ends<'f>,
        element: &Element,
    ) {
        let Some(spec) = self.specs.spec(&processor.type_name) else { return };
        let type_name = &spec.type_name;
        match (spec.input, ends.to.get(name)) {
            (InputRequirement::Required, None) => {
                let message =
                    format!("{type_name} works on flowfiles, and none come to \"{name}\"");
                let diagnostic = Diagnostic::new(Code::MissingInput, &processor.place, message)
                    .with_help(format!("add a connection with \"to\": \"{name}\""));
                self.say(element, diagnostic);
            }
            (InputRequirement::Forbidden, Some(place)) => {
                let message = format!("{type_name} is a source: nothing can go to \"{name}\"");
                let diagnostic = Diagnostic::new(Code::ForbiddenInput, place, message)
                    .with_help("remove the connection");
                self.say(element, diagnostic);
            }
            _ => {}
        }
    }

    /// Ports and funnels keep nothing: what comes in must go out.
    fn check_dead_ends(&mut self, group: &Group, ends: &Ends<'f>, path: &str) {
        let mut open: Vec<(ElementKind, String, Place)> = Vec::new();
        let mut look = |kind, name: &str, place: &Place| {
            if !ends.from.contains(name) {
                open.push((kind, name.to_owned(), place.clone()));
            }
        };
        for (name, funnel) in &group.funnels {
            look(ElementKind::Funnel, name, &funnel.place);
        }
        for (name, port) in &group.input_ports {
            look(ElementKind::InputPort, name, &port.place);
        }
        for (name, inner) in &group.groups {
            for (port, output) in outputs(&inner.value.output_ports) {
                look(ElementKind::OutputPort, &format!("{name}/{port}"), output);
            }
        }
        for (kind, name, place) in open {
            let own = element(kind, &join(path, &name));
            let message = format!("nothing comes from the {kind} \"{name}\"");
            let help = format!("add a connection with \"from\": \"{name}\", or remove it");
            let diagnostic = Diagnostic::new(Code::DeadEnd, &place, message).with_help(help);
            self.say(&own, diagnostic);
        }
    }
}

fn outputs<T>(ports: &Named<T>) -> impl Iterator<Item = (&str, &Place)> {
    ports.iter().map(|(name, port)| (name.as_str(), &port.place))
}
