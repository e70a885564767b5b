//! What connections end at.

use crate::codes::Code;
use crate::definition::{Connection, EndpointName, Group};
use crate::diagnostic::{Diagnostic, Element};
use crate::text::Located;
use crate::valid::{Endpoint, EndpointKind};

use super::{Validation, join};

/// Which end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    From,
    To,
}

/// What an end turned out to be.
pub(super) enum Found {
    /// It is there, and connections may end so.
    Right(Endpoint),
    /// It is not, but this is probably meant: what depends on it is not reported again.
    Meant(String),
    /// Nobody knows.
    Nothing,
}

/// The sorts of things that a name in a group can stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thing {
    Processor,
    Funnel,
    InputPort,
    OutputPort,
    Group,
}

fn thing(group: &Group, name: &str) -> Option<Thing> {
    if group.processors.contains_key(name) {
        Some(Thing::Processor)
    } else if group.funnels.contains_key(name) {
        Some(Thing::Funnel)
    } else if group.input_ports.contains_key(name) {
        Some(Thing::InputPort)
    } else if group.output_ports.contains_key(name) {
        Some(Thing::OutputPort)
    } else if group.groups.contains_key(name) {
        Some(Thing::Group)
    } else {
        None
    }
}

/// All names that the end `end` of a connection in `group` may have.
fn candidates(group: &Group, end: End) -> Vec<String> {
    let ports = if end == End::From { &group.input_ports } else { &group.output_ports };
    let own = group.processors.keys().chain(group.funnels.keys()).chain(ports.keys()).cloned();
    let inner = group.groups.iter().flat_map(|(name, inner)| {
        let ports = if end == End::From { &inner.output_ports } else { &inner.input_ports };
        ports.keys().map(move |port| format!("{name}/{port}"))
    });
    own.chain(inner).collect()
}

impl Validation<'_> {
    /// Looks up one end of `connection` in `group`, whose path is `path`.
    pub(super) fn end(
        &mut self,
        group: &Group,
        connection: &Connection,
        end: End,
        path: &str,
        element: &Element,
    ) -> Found {
        let name = if end == End::From { &connection.from } else { &connection.to };
        let wrong = match &name.group {
            None => match thing(group, &name.name) {
                Some(Thing::Processor) => return right(EndpointKind::Processor, path, name),
                Some(Thing::Funnel) => return right(EndpointKind::Funnel, path, name),
                Some(Thing::InputPort) if end == End::From => {
                    return right(EndpointKind::InputPort, path, name);
                }
                Some(Thing::OutputPort) if end == End::To => {
                    return right(EndpointKind::OutputPort, path, name);
                }
                other => other,
            },
            Some(inner) => match group.groups.get(inner).and_then(|one| thing(one, &name.name)) {
                Some(Thing::OutputPort) if end == End::From => {
                    return right(EndpointKind::OutputPort, path, name);
                }
                Some(Thing::InputPort) if end == End::To => {
                    return right(EndpointKind::InputPort, path, name);
                }
                other => other,
            },
        };
        match wrong {
            Some(thing) => {
                self.report_wrong_end(name, thing, end, element);
                Found::Nothing
            }
            None => self.report_unknown_end(group, name, end, element),
        }
    }

    fn report_unknown_end(
        &mut self,
        group: &Group,
        name: &Located<EndpointName>,
        end: End,
        element: &Element,
    ) -> Found {
        let written = name.value.to_string();
        let candidates = candidates(group, end);
        let candidates = || candidates.iter().map(String::as_str);
        let meant = self.report.nearest(&written, candidates()).map(str::to_owned);
        let message = format!("there is nothing called \"{written}\" in this group");
        let help = match &meant {
            Some(meant) => Some(format!("did you mean \"{meant}\"?")),
            None => self.report.suggest(&written, candidates()),
        };
        let diagnostic =
            Diagnostic::new(Code::UnknownComponent, &name.place, message).with_maybe_help(help);
        self.say(element, diagnostic);
        meant.map_or(Found::Nothing, Found::Meant)
    }

    fn report_wrong_end(
        &mut self,
        name: &Located<EndpointName>,
        thing: Thing,
        end: End,
        element: &Element,
    ) {
        let name_text = &name.value;
        let is_inner = name.group.is_some();
        let (message, help) = match (thing, end) {
            (Thing::Group, End::From) => (
                format!("\"{name_text}\" is a group"),
                format!("name one of its output ports, as in \"{name_text}/PORT\""),
            ),
            (Thing::Group, End::To) => (
                format!("\"{name_text}\" is a group"),
                format!("name one of its input ports, as in \"{name_text}/PORT\""),
            ),
            (Thing::InputPort, _) if is_inner => (
                format!("\"{name_text}\" is an input port of a group: flowfiles enter there"),
                "connect to it, or name an output port".to_owned(),
            ),
            (Thing::OutputPort, _) if is_inner => (
                format!("\"{name_text}\" is an output port of a group: flowfiles leave there"),
                "connect from it, or name an input port".to_owned(),
            ),
            (Thing::InputPort, _) => (
                format!("flowfiles come from the input port \"{name_text}\", they do not go there"),
                "connect from it, or name an output port".to_owned(),
            ),
            (Thing::OutputPort, _) => (
                format!(
                    "flowfiles go to the output port \"{name_text}\", they do not come from it"
                ),
                "connect to it, or name an input port".to_owned(),
            ),
            (Thing::Processor | Thing::Funnel, _) => (
                format!("\"{name_text}\" is inside of a group"),
                "connections between groups go by ports: give the group one".to_owned(),
            ),
        };
        let diagnostic = Diagnostic::new(Code::WrongEnd, &name.place, message).with_help(help);
        self.say(element, diagnostic);
    }
}

fn right(kind: EndpointKind, path: &str, name: &EndpointName) -> Found {
    Found::Right(Endpoint { kind, path: join(path, &name.to_string()) })
}
