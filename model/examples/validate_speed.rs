//! How long it takes to read, validate and write a flow of many processors.
//!
//! `cargo run --release -p tutti-model --example validate_speed -- 1000`

use std::time::Instant;

use tutti_model::definition::{Connection, EndpointName, FlowDefinition, Processor, Property};
use tutti_model::document::Document;
use tutti_model::fmt;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::{
    ExpressionScope, FitCheck, InputRequirement, ProcessorSpec, PropertyKind, PropertySpec,
    RelationshipSpec, SpecSource, ValueCheck,
};

/// Two types: a source, and a step with some properties.
struct Types([ProcessorSpec; 2]);

impl SpecSource for Types {
    fn spec(&self, type_name: &str) -> Option<&ProcessorSpec> {
        self.0.iter().find(|spec| spec.type_name == type_name)
    }

    fn type_names(&self) -> Vec<&str> {
        self.0.iter().map(|spec| &*spec.type_name).collect()
    }
}

const PROPERTIES: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

fn spec(type_name: &'static str, input: InputRequirement) -> ProcessorSpec {
    let property = |name: &'static str| PropertySpec {
        name: name.into(),
        description: "".into(),
        kind: PropertyKind::Text,
        required: true,
        default: None,
        example: None,
        expression: ExpressionScope::FlowFile,
        sensitive: false,
        depends_on: None,
        exclusive: None,
        script: None,
        check: ValueCheck::any(),
    };
    let relationship =
        |name: &'static str| RelationshipSpec { name: name.into(), description: "".into() };
    ProcessorSpec {
        type_name: type_name.into(),
        aliases: Vec::new(),
        summary: "".into(),
        description: "".into(),
        tags: Vec::new(),
        input,
        accepts: Vec::new(),
        makes: Vec::new(),
        relationships: ["success", "failure"].map(relationship).to_vec(),
        properties: PROPERTIES.map(property).to_vec(),
        dynamic: None,
        reads: Vec::new(),
        writes: Vec::new(),
        period: "0 sec".into(),
        serial: false,
        endless: false,
        outside: false,
        removes: None,
        example_flow: None,
        fits: FitCheck::any(),
    }
}

/// `count` processors in a row; with `type_name` those that work.
fn text(count: usize, type_name: &str) -> String {
    let mut flow = FlowDefinition::new("speed");
    for index in 0..count {
        let mut processor = Processor::new(if index == 0 { "Source" } else { type_name });
        let value = || Property::new("${filename:substringBefore('.')}-${uuid}.json");
        processor.properties = PROPERTIES.map(|name| (name.to_owned(), value())).into();
        let last = index + 1 == count;
        let ends: &[&str] = if last { &["failure", "success"] } else { &["failure"] };
        processor.auto_terminate = ends.iter().map(|name| (*name).to_owned().into()).collect();
        flow.root.processors.insert(index.to_string(), processor.into());
        if index > 0 {
            let from = EndpointName::of(&(index - 1).to_string());
            let to = EndpointName::of(&index.to_string());
            flow.root.connections.push(Connection::new(from, &["success"], to).into());
        }
    }
    fmt::write(&flow)
}

fn measure(what: &str, text: &str, types: &Types) -> Result<(), String> {
    let started = Instant::now();
    let document = Document::parse(text, "speed.json").map_err(|found| format!("{found:?}"))?;
    let flow = FlowDefinition::parse(&document);
    let read = started.elapsed();
    let began = Instant::now();
    let found = tutti_model::check(&flow, types, &ParameterValues::new());
    let checked = began.elapsed();
    let written = fmt::write(&flow).len();
    let total = started.elapsed();
    println!(
        "{what}: {written} bytes, {} findings; read {read:.1?}, validated {checked:.1?}, \
         with writing {total:.1?}",
        found.len()
    );
    Ok(())
}

fn main() -> Result<(), String> {
    let count = std::env::args().nth(1).map_or(Ok(1000), |count| count.parse::<usize>());
    let count = count.map_err(|error| format!("the number of processors: {error}"))?;
    let source = spec("Source", InputRequirement::Forbidden);
    let types = Types([source, spec("Step", InputRequirement::Required)]);
    measure("right", &text(count, "Step"), &types)?;
    measure("wrong in every processor", &text(count, "Stepp"), &types)
}
