//! The nodes of a flow, from what it says of processors, funnels and ports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tutti_model::definition::{BulletinLevel, Processor, Schedule, ScheduledState};
use tutti_model::parameter::Parameters;
use tutti_model::spec::InputRequirement;
use tutti_model::valid::{EndpointKind, ValidFlow, ValidGroup, ValidProcessor, ValidProperties};
use tutti_model::value::Value;
use tutti_sdk::{BuildContext, Catalog, ProcessorType, PropertyValues};

use super::connections::in_repository;
use crate::connection::Connection;
use crate::node::{Blueprint, Life, Node, Settings};
use crate::pass_through::ANONYMOUS;
use crate::route::Routes;
use crate::services;

/// Everything that connections end at, not connected yet.
pub(super) fn nodes(flow: &ValidFlow, services: &services::Indices) -> Vec<Node> {
    let mut nodes = Vec::new();
    for group in flow.groups() {
        for processor in &group.processors {
            let mut node = processor_node(&flow.name, processor);
            node.services = services::named(&processor.properties, services);
            nodes.push(node);
        }
        for pass_through in pass_throughs(group) {
            nodes.push(pass_through_node(&flow.name, &pass_through, &group.parameters));
        }
    }
    nodes
}

/// A funnel or a port.
struct PassThrough<'g> {
    kind: EndpointKind,
    type_name: &'static str,
    path: &'g str,
    state: ScheduledState,
}

fn pass_throughs(group: &ValidGroup) -> impl Iterator<Item = PassThrough<'_>> {
    let funnels = group.funnels.iter();
    let inputs = group.input_ports.iter();
    let outputs = group.output_ports.iter();
    funnels
        .map(|path| (EndpointKind::Funnel, "funnel", path, ScheduledState::Enabled))
        .chain(inputs.map(|each| (EndpointKind::InputPort, "input port", &each.path, each.state)))
        .chain(
            outputs.map(|each| (EndpointKind::OutputPort, "output port", &each.path, each.state)),
        )
        .map(|(kind, type_name, path, state)| PassThrough { kind, type_name, path, state })
}

fn processor_node(flow: &str, processor: &ValidProcessor) -> Node {
    let (values, context) = given(&processor.path, &processor.properties);
    let blueprint = Blueprint::Type { values, context };
    let settings = Settings {
        is_enabled: processor.state == ScheduledState::Enabled,
        schedule: processor.schedule.clone(),
        concurrent_tasks: usize::try_from(processor.concurrent_tasks).unwrap_or(usize::MAX).max(1),
        penalty: processor.penalty_duration,
        yield_duration: processor.yield_duration,
        bulletin_level: processor.bulletin_level,
        retry: processor.retry.clone(),
        parameters: Arc::clone(&processor.parameters),
    };
    let relationships = processor.relationships.iter().map(String::as_str);
    let routes = Routes::new(relationships, &processor.auto_terminate);
    node(
        flow,
        (EndpointKind::Processor, &processor.path),
        &processor.type_name,
        blueprint,
        settings,
        routes,
    )
}

/// What a processor or service is built from.
pub(crate) fn given(path: &str, properties: &ValidProperties) -> (PropertyValues, BuildContext) {
    let text = |(name, value): (&String, &Value)| (name.clone(), value.expose().to_owned());
    let dynamic = properties.dynamic.iter().map(text).collect();
    let values = properties.declared.iter().map(text).collect();
    (values, BuildContext { component: path.to_owned(), dynamic })
}

fn pass_through_node(flow: &str, pass_through: &PassThrough, parameters: &Arc<Parameters>) -> Node {
    let PassThrough { kind, type_name, path, state } = *pass_through;
    let settings = Settings {
        is_enabled: state == ScheduledState::Enabled,
        schedule: Schedule::Period(Duration::ZERO),
        concurrent_tasks: 1,
        penalty: Duration::ZERO,
        yield_duration: Processor::YIELD_DURATION,
        bulletin_level: BulletinLevel::default(),
        retry: None,
        parameters: Arc::clone(parameters),
    };
    let routes = Routes::new([ANONYMOUS], &BTreeSet::new());
    node(flow, (kind, path), type_name, Blueprint::PassThrough, settings, routes)
}

fn node(
    flow: &str,
    (kind, path): (EndpointKind, &str),
    type_name: &str,
    blueprint: Blueprint,
    settings: Settings,
    routes: Routes,
) -> Node {
    Node {
        kind,
        path: path.into(),
        type_name: type_name.to_owned(),
        state_name: in_repository(flow, path).into(),
        blueprint,
        settings,
        services: BTreeMap::new(),
        is_source: false,
        routes,
        inputs: Vec::new(),
        outputs: Vec::new(),
        loops: Vec::new(),
        downstream: Vec::new(),
        component: 0,
        metrics: Arc::default(),
        life: Arc::new(Life::new()),
    }
}

/// A source is what may run without input and gets none from others. A funnel or port that leads
/// nowhere holds what comes.
pub(super) fn settle_source(node: &mut Node, connections: &[Connection], catalog: &Catalog) {
    match node.blueprint {
        Blueprint::PassThrough => node.settings.is_enabled &= !node.outputs.is_empty(),
        Blueprint::Type { .. } => {
            let gets_input = node.inputs.iter().any(|input| {
                let connection = &connections[*input];
                connection.from != connection.to
            });
            let spec = catalog.get(&node.type_name).map(ProcessorType::spec);
            let needs_input = spec.is_none_or(|spec| spec.input == InputRequirement::Required);
            node.is_source = !gets_input && !needs_input;
        }
    }
}
