//! Flows of a few types of processors that behave and misbehave, and one test of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tutti_flowtest::{Failure, Runner, Subject};
use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::spec::{ExpressionScope, InputRequirement, PropertyKind, SpecSource};
use tutti_model::suite::{self, Suite};
use tutti_sdk::property::{Dynamic, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Catalog, Description, FAILURE, ProcessError, Processor,
    ProcessorContext, ProcessorType, Properties, SUCCESS, Session, async_trait,
};

/// What one is told to do.
#[derive(Properties)]
pub(crate) struct Told {
    /// Something.
    key: Option<Evaluated<String>>,
    /// More of it.
    #[dynamic(name = "name")]
    more: Dynamic<Evaluated<String>>,
}

/// A source that makes one a minute, for ever.
struct Maker;

/// A worker that does what its key says.
struct Worker(String);

/// Something that works outside.
struct Sink;

#[async_trait]
impl Processor for Maker {
    type Properties = Told;

    fn describe() -> Description {
        Description {
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "Made.")],
            period: "1 min",
            endless: true,
            ..Description::transform("Maker", "Makes one a minute.")
        }
    }

    fn build(_: Told, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self)
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let flowfile = session.create();
        session.transfer(flowfile, SUCCESS);
        Ok(())
    }
}

#[async_trait]
impl Processor for Worker {
    type Properties = Told;

    fn describe() -> Description {
        Description::transform("Worker", "Does what its key says.")
    }

    fn build(told: Told, _: &BuildContext) -> Result<Self, BuildError> {
        assert!(told.more.is_empty(), "a worker has nothing to do with more");
        let key = told.key.as_ref().and_then(Evaluated::literal);
        Ok(Self(key.cloned().unwrap_or_default()))
    }

    async fn on_scheduled(&self, _: &ProcessorContext) -> Result<(), ProcessError> {
        if self.0 == "refuse" { Err(ProcessError::user("not today")) } else { Ok(()) }
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(flowfile) = session.get()? else { return Ok(()) };
        match self.0.as_str() {
            "panic" => panic!("on purpose"),
            "stuck" => std::future::pending::<()>().await,
            "spin" => loop {
                std::thread::sleep(Duration::from_millis(10));
            },
            "quick" => {
                for _ in 0..1_000 {
                    let child = session.create_child(&flowfile);
                    session.transfer(child, SUCCESS);
                }
            }
            _ => {}
        }
        session.transfer(flowfile, SUCCESS);
        Ok(())
    }
}

#[async_trait]
impl Processor for Sink {
    type Properties = Told;

    fn describe() -> Description {
        Description { outside: true, ..Description::transform("Sink", "Writes outside.") }
    }

    fn build(_: Told, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self)
    }

    async fn on_trigger(&self, _: &mut Session) -> Result<(), ProcessError> {
        panic!("no test lets it out");
    }
}

fn catalog() -> Arc<Catalog> {
    let types = vec![
        ProcessorType::of::<Maker>(),
        ProcessorType::of::<Worker>(),
        ProcessorType::of::<Sink>(),
    ];
    let catalog = Catalog::new(types, Vec::new());
    let key = catalog.spec("Sink").and_then(|spec| spec.property("Key")).unwrap();
    assert_eq!((&key.kind, key.expression), (&PropertyKind::Text, ExpressionScope::FlowFile));
    Arc::new(catalog)
}

/// A source `Make`, a worker `Work`, and, of some behaviours, a `Sink`.
fn flow(behaviour: &str) -> Value {
    let last = if matches!(behaviour, "sink" | "parameter") { "Sink" } else { "Work" };
    let key = if behaviour == "parameter" { "#{key}" } else { behaviour };
    let key = if last == "Sink" { format!("{key} ${{a}}") } else { key.to_owned() };
    let properties =
        if last == "Sink" { json!({ "Key": key, "free": "a${a}" }) } else { json!({ "Key": key }) };
    json!({
        "format": 1,
        "name": "bench",
        "parameterContext": "main",
        "parameterContexts": { "main": { "parameters": if behaviour == "parameter" {
            json!({ "key": {} })
        } else {
            json!({})
        } } },
        "processors": {
            "Make": { "type": "Maker" },
            last: { "type": format!("{last}er").replace("Sinker", "Sink"),
                "properties": properties, "autoTerminate": [SUCCESS, FAILURE] },
        },
        "connections": [{ "from": "Make", "relationships": [SUCCESS], "to": last }],
    })
}

/// What fails of one test of a flow that works.
pub(crate) fn one(test: &Value) -> Vec<String> {
    with("work", test)
}

/// What fails of one test of a flow that behaves so.
pub(crate) fn with(behaviour: &str, test: &Value) -> Vec<String> {
    let catalog = catalog();
    let read = |json: &Value, name: &str| Document::parse(&json.to_string(), name).unwrap();
    let flow = FlowDefinition::parse(&read(&flow(behaviour), "bench.json"));
    let tests = json!({ "format": 1, "tests": { "a": test } });
    let suite = Suite::parse(&read(&tests, "bench.tests.json"));
    let wrong = suite::check(&suite, &flow, &*catalog);
    assert!(wrong.is_empty(), "{wrong:?}");
    let subject = Subject {
        file: "bench.tests.json".to_owned(),
        flow_file: "bench.json".to_owned(),
        folder: PathBuf::from("."),
        flow,
        suite,
        catalog,
    };
    // One that hangs is left alone after that; all others have done long before.
    let patience = if behaviour == "spin" { 1 } else { 120 };
    let runner = Runner { jobs: 1, patience: Duration::from_secs(patience) };
    let outcomes = runner.run(&[subject], |_, _| true);
    let told = |failure: &Failure| {
        let Failure { message, details, .. } = failure;
        format!("{message}\n{}", details.join("\n"))
    };
    outcomes[0].tests[0].failures.iter().map(told).collect()
}
