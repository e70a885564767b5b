//! The description of the format and what it says are held to each other.

mod common;

use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::fmt;
use tutti_model::layout::{self, Layout};
use tutti_model::parameter::ParameterValues;
use tutti_model::valid::EndpointKind::{self, Funnel, InputPort, OutputPort, Processor};

#[test]
fn the_example_is_valid_and_runs() {
    let (text, _) = common::documented();
    let flow = common::validate(&text, common::VALUES).expect("the example");
    let warnings: Vec<&str> = flow.warnings.iter().map(|one| one.message.as_str()).collect();
    assert!(warnings.is_empty(), "{warnings:?}");
    let paths: Vec<&str> = flow.processors().map(|processor| processor.path.as_str()).collect();
    assert_eq!(paths, ["Get recordings", "Route", "Tick", "Storage/Store"]);
}

#[test]
fn without_values_the_example_is_accepted_and_cannot_run() {
    let (text, _) = common::documented();
    let found =
        tutti_model::check(&common::read(&text), &common::catalog(), &ParameterValues::new());
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(common::codes(&text, &[]), ["T0306", "T0306", "T0306"]);
}

#[test]
fn the_example_is_canonical() {
    let (text, _) = common::documented();
    let document = Document::parse(&text, "flows/example.json").expect("JSON");
    assert_eq!(fmt::format(&document).as_deref(), Ok(text.as_str()));
}

#[test]
fn the_layout_is_canonical_and_fits_the_example() {
    let (text, layout) = common::documented();
    let document = Document::parse(&text, "flows/example.json").expect("JSON");
    let read = Layout::parse(&layout).expect("a layout");
    assert_eq!(read.format(), layout);
    assert_eq!(layout::fitting(read.clone(), &FlowDefinition::parse(&document)), read);
}

#[test]
fn everything_in_the_example_is_resolved() {
    let (text, _) = common::documented();
    let flow = common::validate(&text, common::VALUES).expect("the example");
    let store = flow.processors().last().expect("a processor");
    let declared = &store.properties.declared;
    assert_eq!(declared["Object Store URL"].expose(), "s3://music");
    assert_eq!(declared["Secret Access Key"].expose(), "correct horse battery");
    assert!(declared["Secret Access Key"].is_sensitive() && store.parameters["key"].is_sensitive());
    assert_eq!(declared["Object Key"].expose(), "${filename}");
    assert!(!declared.contains_key("Part Size"));
    assert_eq!(store.retry.as_ref().map(|retry| retry.attempts), Some(3));
    let route = flow.processors().nth(1).expect("a processor");
    assert_eq!(route.relationships, ["unmatched", "large"]);
    assert_eq!(route.properties.dynamic["large"].expose(), "${fileSize:gt(100000000)}");
    let connections: Vec<(&str, EndpointKind, EndpointKind)> =
        flow.connections().map(|one| (one.path.as_str(), one.from.kind, one.to.kind)).collect();
    assert_eq!(
        connections,
        [
            ("All -> Storage/In", Funnel, InputPort),
            ("Get recordings [success] -> Route", Processor, Processor),
            ("Route [large] -> All", Processor, Funnel),
            ("Storage/Failed -> Failed", OutputPort, OutputPort),
            ("Storage/In -> Store", InputPort, Processor),
            ("Storage/Store [failure] -> Failed", Processor, OutputPort),
        ]
    );
}

#[test]
fn no_secret_shows_in_debug() {
    let (text, _) = common::documented();
    let flow = common::validate(&text, common::VALUES).expect("the example");
    let shown = format!("{flow:?}");
    assert!(shown.contains("s3://music") && !shown.contains("horse"), "{shown}");
}
