//! A bench for flows: processors that do what a test says, on stores in memory, with a clock that
//! the test moves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on ends"
)]
#![allow(dead_code, reason = "each test file needs another part of the bench")]

mod memory;
pub(crate) mod tally;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};
use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::flowfile::{FlowFile, Timestamp};
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::{InputRequirement, SpecSource};
use tutti_model::valid::ValidFlow;
use tutti_runtime::{ConnectionStatus, Environment, Flow, ProcessorStatus, Threads};
use tutti_sdk::host::BoxFuture;
use tutti_sdk::testkit::{ManualClock, SeededRandom};
use tutti_sdk::{
    BuildContext, BuildError, Catalog, Description, FAILURE, ProcessError, Processor,
    ProcessorContext, ProcessorType, Properties, SUCCESS, Session, async_trait,
};
use tutti_store::{Options, Repository};

pub(crate) use memory::Memory;

/// When every bench begins.
pub(crate) const START: Timestamp = Timestamp(1_000_000);
/// A way out besides `success` and `failure`.
pub(crate) const OTHER: &str = "other";

pub(crate) type Ended = Result<(), ProcessError>;
type Trigger = Arc<dyn for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Ended> + Send + Sync>;
type Scheduled = Arc<dyn Fn(&ProcessorContext) -> Ended + Send + Sync>;
type Stopped = Arc<dyn Fn(&ProcessorContext) + Send + Sync>;

/// What a processor of a bench does.
#[derive(Clone)]
pub(crate) struct Script {
    trigger: Trigger,
    scheduled: Scheduled,
    stopped: Stopped,
    pub(crate) builds: Arc<AtomicU64>,
    pub(crate) stops: Arc<AtomicU64>,
}

/// Does `trigger` at each trigger.
pub(crate) fn script<F>(trigger: F) -> Script
where
    F: for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Ended> + Send + Sync + 'static,
{
    Script {
        trigger: Arc::new(trigger),
        scheduled: Arc::new(|_| Ok(())),
        stopped: Arc::new(|_| ()),
        builds: Arc::default(),
        stops: Arc::default(),
    }
}

impl Script {
    pub(crate) fn on_scheduled(
        self,
        scheduled: impl Fn(&ProcessorContext) -> Ended + Send + Sync + 'static,
    ) -> Self {
        Self { scheduled: Arc::new(scheduled), ..self }
    }

    pub(crate) fn on_stopped(
        self,
        stopped: impl Fn(&ProcessorContext) + Send + Sync + 'static,
    ) -> Self {
        Self { stopped: Arc::new(stopped), ..self }
    }
}

static SCRIPTS: LazyLock<Mutex<HashMap<String, Script>>> = LazyLock::new(Mutex::default);

/// Whose script it is.
#[derive(Properties)]
pub(crate) struct ScriptedProperties {
    /// The name of the script.
    key: String,
}

const SOURCE: u8 = 0;
const WORK: u8 = 1;
const EITHER: u8 = 2;
const ONLY_SUCCESS: u8 = 3;
const CAPITAL: u8 = 4;
/// As some of NiFi's write it.
pub(crate) const CAPITAL_FAILURE: &str = "Failure";

struct Scripted<const KIND: u8>(Script);

#[async_trait]
impl<const KIND: u8> Processor for Scripted<KIND> {
    type Properties = ScriptedProperties;

    fn describe() -> Description {
        let (type_name, input) = match KIND {
            SOURCE => ("Source", InputRequirement::Forbidden),
            WORK => ("Work", InputRequirement::Required),
            ONLY_SUCCESS => ("OnlySuccess", InputRequirement::Required),
            CAPITAL => ("Capital", InputRequirement::Required),
            _ => ("Either", InputRequirement::Allowed),
        };
        Description {
            input,
            relationships: match KIND {
                ONLY_SUCCESS => &[(SUCCESS, "Well.")],
                CAPITAL => &[(SUCCESS, "Well."), (CAPITAL_FAILURE, "Not well.")],
                _ => &[(SUCCESS, "Well."), (FAILURE, "Not well."), (OTHER, "Otherwise.")],
            },
            ..Description::transform(type_name, "Does what a test says.")
        }
    }

    fn build(properties: ScriptedProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let script = SCRIPTS.lock().get(&properties.key).cloned();
        let script = script.ok_or_else(|| ProcessError::user("no such script"))?;
        script.builds.fetch_add(1, Ordering::SeqCst);
        Ok(Self(script))
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Ended {
        (self.0.scheduled)(context)
    }

    async fn on_trigger(&self, session: &mut Session) -> Ended {
        (self.0.trigger)(session).await
    }

    async fn on_stopped(&self, context: &ProcessorContext) {
        (self.0.stopped)(context);
        self.0.stops.fetch_add(1, Ordering::SeqCst);
    }
}

pub(crate) fn catalog() -> Arc<Catalog> {
    let types = vec![
        ProcessorType::of::<Scripted<SOURCE>>(),
        ProcessorType::of::<Scripted<WORK>>(),
        ProcessorType::of::<Scripted<EITHER>>(),
        ProcessorType::of::<Scripted<ONLY_SUCCESS>>(),
        ProcessorType::of::<Scripted<CAPITAL>>(),
    ];
    Arc::new(Catalog::new(types, Vec::new()))
}

/// A flow in the making, and what it runs on.
pub(crate) struct Bench {
    id: u64,
    processors: BTreeMap<String, Value>,
    connections: Vec<Value>,
    connected: BTreeSet<(String, String)>,
    extra: serde_json::Map<String, Value>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) repository: Arc<Repository>,
    pub(crate) environment: Environment,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::on(Memory::default().open(Options::default()))
    }

    pub(crate) fn on(repository: Arc<Repository>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let clock = Arc::new(ManualClock::new(START));
        let random = Arc::new(SeededRandom::new(1));
        let executor = Arc::new(Threads::start(1).unwrap());
        let environment = Environment::new(Arc::clone(&clock) as Arc<_>, random, executor);
        Self {
            id: NEXT.fetch_add(1, Ordering::SeqCst),
            processors: BTreeMap::new(),
            connections: Vec::new(),
            connected: BTreeSet::new(),
            extra: serde_json::Map::new(),
            clock,
            repository,
            environment,
        }
    }

    fn add(&mut self, kind: &str, name: &str, settings: &Value, script: Script) {
        let key = format!("{} {name}", self.id);
        SCRIPTS.lock().insert(key.clone(), script);
        let mut processor = json!({ "type": kind, "properties": { "Key": key } });
        merge(&mut processor, settings);
        self.processors.insert(name.to_owned(), processor);
    }

    pub(crate) fn source(&mut self, name: &str, script: Script) -> &mut Self {
        self.source_with(name, &json!({}), script)
    }

    pub(crate) fn source_with(
        &mut self,
        name: &str,
        settings: &Value,
        script: Script,
    ) -> &mut Self {
        self.add("Source", name, settings, script);
        self
    }

    pub(crate) fn work(&mut self, name: &str, script: Script) -> &mut Self {
        self.work_with(name, &json!({}), script)
    }

    pub(crate) fn work_with(&mut self, name: &str, settings: &Value, script: Script) -> &mut Self {
        self.add("Work", name, settings, script);
        self
    }

    /// A processor with no way out but `success`.
    pub(crate) fn only_success(&mut self, name: &str, with: &Value, script: Script) -> &mut Self {
        self.add("OnlySuccess", name, with, script);
        self.lacks(name)
    }

    /// It has neither `failure` nor `other`.
    fn lacks(&mut self, name: &str) -> &mut Self {
        let ways = [FAILURE, OTHER].map(|way| (name.to_owned(), way.to_owned()));
        self.connected.extend(ways);
        self
    }

    /// A processor with the ways `success` and `Failure`, which must be connected.
    pub(crate) fn capital(&mut self, name: &str, settings: &Value, script: Script) -> &mut Self {
        self.add("Capital", name, settings, script);
        self.lacks(name)
    }

    pub(crate) fn either(&mut self, name: &str, script: Script) -> &mut Self {
        self.add("Either", name, &json!({}), script);
        self
    }

    pub(crate) fn connect(&mut self, from: &str, relationship: &str, to: &str) -> &mut Self {
        self.connect_with(from, relationship, to, &json!({}))
    }

    pub(crate) fn connect_with(
        &mut self,
        from: &str,
        relationship: &str,
        to: &str,
        settings: &Value,
    ) -> &mut Self {
        let mut connection = json!({ "from": from, "to": to });
        if !relationship.is_empty() {
            connection["relationships"] = json!([relationship]);
        }
        merge(&mut connection, settings);
        self.connections.push(connection);
        self.connected.insert((from.to_owned(), relationship.to_owned()));
        self
    }

    /// Takes everything out.
    pub(crate) fn clear(&mut self) -> &mut Self {
        self.processors.clear();
        self.connections.clear();
        self.connected.clear();
        self
    }

    /// Takes a processor out, with its connections.
    pub(crate) fn without(&mut self, name: &str) -> &mut Self {
        self.processors.remove(name);
        let leaves = |each: &mut Value| each["from"] == name || each["to"] == name;
        for connection in self.connections.extract_if(.., leaves) {
            let from = connection["from"].as_str().unwrap_or_default().to_owned();
            let relationship = connection["relationships"][0].as_str().unwrap_or_default();
            self.connected.remove(&(from, relationship.to_owned()));
        }
        self
    }

    /// Adds a member to the flow.
    pub(crate) fn member(&mut self, name: &str, value: Value) -> &mut Self {
        self.extra.insert(name.to_owned(), value);
        self
    }

    /// The properties of a processor that does what `script` says, for groups.
    pub(crate) fn scripted(&self, kind: &str, name: &str, script: Script) -> Value {
        let key = format!("{} {name}", self.id);
        SCRIPTS.lock().insert(key.clone(), script);
        json!({ "type": kind, "properties": { "Key": key } })
    }

    /// From now on nothing can be built that is scripted under `name`.
    pub(crate) fn forget(&self, name: &str) {
        SCRIPTS.lock().remove(&format!("{} {name}", self.id));
    }

    /// The flow; what is not connected ends there.
    pub(crate) fn valid(&self) -> ValidFlow {
        self.valid_with(&*catalog())
    }

    pub(crate) fn valid_with(&self, specs: &dyn SpecSource) -> ValidFlow {
        let mut processors = self.processors.clone();
        for (name, processor) in &mut processors {
            let is_open = |relationship: &&str| {
                !self.connected.contains(&(name.clone(), (*relationship).to_owned()))
            };
            let open: Vec<&str> = [FAILURE, OTHER, SUCCESS].into_iter().filter(is_open).collect();
            processor["autoTerminate"] = json!(open);
        }
        let mut flow = json!({
            "format": 1,
            "name": "bench",
            "processors": processors,
            "connections": self.connections,
        });
        for (name, value) in &self.extra {
            flow[name] = value.clone();
        }
        let text = flow.to_string();
        let definition = FlowDefinition::parse(&Document::parse(&text, "bench.json").unwrap());
        tutti_model::validate(&definition, specs, &ParameterValues::new())
            .unwrap_or_else(|findings| panic!("{findings:#?}"))
    }

    pub(crate) fn compile(&self) -> Flow {
        Flow::compile(&Arc::new(self.valid()), &catalog(), &self.repository, &self.environment)
            .unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// Compiles and starts.
    pub(crate) fn start(&self) -> Flow {
        let flow = self.compile();
        flow.start();
        flow
    }

    /// Moves the clock in steps, so that what becomes due on the way happens at its time.
    pub(crate) async fn advance(&self, milliseconds: u64, step_ms: u64) {
        for _ in 0..milliseconds / step_ms {
            settle().await;
            self.clock.advance_ms(step_ms);
        }
        settle().await;
    }
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().unwrap() {
        into[name] = value.clone();
    }
}

/// Lets everything run that can. Only for a runtime of one thread, where each yield lets every
/// task that is ready have a turn.
pub(crate) async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// A guard against a test that would never end; nothing is measured by it.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let patience = Duration::from_mins(2);
    tokio::time::timeout(patience, future).await.expect("it goes on and on")
}

/// Waits until `is` holds, for what happens on other threads.
pub(crate) async fn until(is: impl Fn() -> bool) {
    soon(async {
        while !is() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Notes what happens, in order.
#[derive(Clone)]
pub(crate) struct Log<T>(Arc<Mutex<Vec<T>>>);

impl<T: Clone> Log<T> {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn note(&self, what: T) {
        self.0.lock().push(what);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.0.lock().clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().len()
    }
}

/// Makes flowfiles with the attribute `n` counting from 0 to `count`, `batch` a trigger.
pub(crate) fn make(count: u64, batch: u64) -> Script {
    let next = Arc::new(AtomicU64::new(0));
    script(move |session| {
        let next = Arc::clone(&next);
        Box::pin(async move {
            for _ in 0..batch {
                let n = next.fetch_add(1, Ordering::SeqCst);
                if n >= count {
                    return Ok(());
                }
                let mut flowfile = session.create();
                flowfile.set_attribute("n", n.to_string());
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    })
}

/// Sends all that comes to `success`, one a trigger, and notes it.
pub(crate) fn take(log: &Log<String>) -> Script {
    let log = log.clone();
    script(move |session| {
        let log = log.clone();
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            log.note(n(&flowfile));
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    })
}

/// Notes when each flowfile is tried, in milliseconds from the start, and does `then` with it.
pub(crate) fn tried<F>(log: &Log<(String, i64)>, then: F) -> Script
where
    F: for<'s> Fn(&'s mut Session, FlowFile) -> BoxFuture<'s, Ended> + Send + Sync + 'static,
{
    let log = log.clone();
    let then = Arc::new(then);
    script(move |session| {
        let (log, then) = (log.clone(), Arc::clone(&then));
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            log.note((n(&flowfile), session.clock().now().0 - START.0));
            then(session, flowfile).await
        })
    })
}

/// A flow of a source of `count` flowfiles, the processor under test, and a look at `failure`.
pub(crate) fn failing(count: u64, settings: &Value, work: Script) -> (Bench, Log<String>) {
    let failed = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(count, count)).work_with("Work", settings, work);
    bench.work("Failed", take(&failed));
    bench.connect("Make", SUCCESS, "Work").connect("Work", FAILURE, "Failed");
    (bench, failed)
}

/// The attribute `n`.
pub(crate) fn n(flowfile: &FlowFile) -> String {
    flowfile.attribute("n").unwrap_or("none").to_owned()
}

pub(crate) fn processor(flow: &Flow, path: &str) -> ProcessorStatus {
    let mut found = flow.status().processors.into_iter().filter(|each| each.path == path);
    found.next().unwrap_or_else(|| panic!("no processor {path}"))
}

/// The connection that leads from `from`; there must be one.
pub(crate) fn connection(flow: &Flow, from: &str) -> ConnectionStatus {
    let start = format!("{from} [");
    let mut found =
        flow.status().connections.into_iter().filter(|each| each.path.starts_with(&start));
    found.next().unwrap_or_else(|| panic!("no connection from {from}"))
}

/// Texts of all bulletins, newest first.
pub(crate) fn messages(flow: &Flow) -> Vec<String> {
    flow.status().bulletins.into_iter().map(|bulletin| bulletin.message).collect()
}
