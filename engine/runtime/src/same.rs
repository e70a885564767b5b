//! What of a flow is the same in another version of it, and so goes on while the rest is changed.

use std::collections::{BTreeMap, BTreeSet};

use tutti_model::definition::ScheduledState;
use tutti_model::valid::{
    Endpoint, EndpointKind, ValidConnection, ValidFlow, ValidProcessor, ValidService,
};

/// What is the same in two versions of a flow.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Same {
    /// Paths of services.
    pub(crate) services: BTreeSet<String>,
    /// Processors, funnels and ports.
    pub(crate) ends: BTreeSet<Endpoint>,
}

impl Same {
    pub(crate) fn of(old: &ValidFlow, new: &ValidFlow) -> Self {
        let services = services(old, new);
        let (before, after) = (Ends::of(old), Ends::of(new));
        let is_same = |end: &&Endpoint| {
            let pair = before.all.get(end).zip(after.all.get(end));
            pair.is_some_and(|(old, new)| old == new && old.uses_only(&services))
        };
        let ends = after.all.keys().filter(is_same).cloned().collect();
        Self { services, ends }
    }
}

/// A service is the same when all is that it uses.
fn services(old: &ValidFlow, new: &ValidFlow) -> BTreeSet<String> {
    let of = |flow: &ValidFlow| -> BTreeMap<String, ValidService> {
        let services = flow.groups().flat_map(|group| &group.services).cloned();
        let plain = services.map(|mut service| {
            service.description.clear();
            (service.path.clone(), service)
        });
        plain.collect()
    };
    let (before, mut same) = (of(old), of(new));
    same.retain(|path, service| before.get(path) == Some(service));
    loop {
        let is_changed = |service: &ValidService| {
            service.properties.services.values().any(|used| !same.contains_key(used))
        };
        let changed: Vec<_> =
            same.values().filter(|each| is_changed(each)).map(|each| each.path.clone()).collect();
        if changed.is_empty() {
            return same.into_keys().collect();
        }
        same.retain(|path, _| !changed.contains(path));
    }
}

/// All that one end of connections is, but for its remarks.
#[derive(PartialEq, Eq)]
struct End<'f> {
    what: What,
    /// Connections that lead away, with the relationships that take them.
    outgoing: BTreeMap<&'f str, &'f BTreeSet<String>>,
    /// Connections that lead here, and whether from here.
    incoming: BTreeMap<&'f str, bool>,
}

#[derive(PartialEq, Eq)]
enum What {
    Processor(Box<ValidProcessor>),
    PassThrough(ScheduledState),
}

impl End<'_> {
    fn uses_only(&self, services: &BTreeSet<String>) -> bool {
        match &self.what {
            What::Processor(processor) => {
                processor.properties.services.values().all(|path| services.contains(path))
            }
            What::PassThrough(_) => true,
        }
    }
}

struct Ends<'f> {
    all: BTreeMap<Endpoint, End<'f>>,
}

impl<'f> Ends<'f> {
    fn of(flow: &'f ValidFlow) -> Self {
        let mut ends = Self { all: BTreeMap::new() };
        for group in flow.groups() {
            for processor in &group.processors {
                let mut plain = processor.clone();
                plain.description.clear();
                let what = What::Processor(Box::new(plain));
                ends.add(EndpointKind::Processor, &processor.path, what);
            }
            for path in &group.funnels {
                ends.add(EndpointKind::Funnel, path, What::PassThrough(ScheduledState::Enabled));
            }
            for port in &group.input_ports {
                ends.add(EndpointKind::InputPort, &port.path, What::PassThrough(port.state));
            }
            for port in &group.output_ports {
                ends.add(EndpointKind::OutputPort, &port.path, What::PassThrough(port.state));
            }
        }
        flow.connections().for_each(|connection| ends.connect(connection));
        ends
    }

    fn add(&mut self, kind: EndpointKind, path: &str, what: What) {
        let end = End { what, outgoing: BTreeMap::new(), incoming: BTreeMap::new() };
        self.all.insert(Endpoint { kind, path: path.to_owned() }, end);
    }

    fn connect(&mut self, connection: &'f ValidConnection) {
        let path = connection.path.as_str();
        if let Some(from) = self.all.get_mut(&connection.from) {
            from.outgoing.insert(path, &connection.relationships);
        }
        if let Some(to) = self.all.get_mut(&connection.to) {
            to.incoming.insert(path, connection.from == connection.to);
        }
    }
}
