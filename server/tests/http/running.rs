//! A server that runs, spoken to byte by byte, and an engine that a test can make hang.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::Value;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::{ProcessorSpec, ServiceSpec, SpecSource};
use tutti_model::valid::{ValidFlow, ValidProcessor};
use tutti_runtime::{
    AddError, EditError, EditOptions, Emptied, EngineState, EventContent, EventContentError,
    EventSide, Flow, History, HistoryError, NotStarted, ReplayError, Search, TrashError,
    TrashedQueue, VerifyError,
};
use tutti_server::{
    EditResult, EngineStatus, Entrance, Exposure, FlowSummary, Limits, RemoveResult, ReplayResult,
    Server, Service, Serving, Studio, TableProgram, TrialProgram, VerifyResult,
};

/// How long a test waits for what has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether looks at the engine hang, as with a disk that does not answer.
#[derive(Default)]
pub(crate) struct Gate {
    is_shut: Mutex<bool>,
    changed: Condvar,
    /// Looks that came to the gate since it was shut.
    looks: AtomicUsize,
}

impl Gate {
    pub(crate) fn shut(&self) {
        let mut is_shut = self.is_shut.lock().unwrap();
        *is_shut = true;
        self.looks.store(0, Ordering::SeqCst);
    }

    pub(crate) fn open(&self) {
        *self.is_shut.lock().unwrap() = false;
        self.changed.notify_all();
    }

    pub(crate) fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    /// Waits until so many looks came.
    pub(crate) fn wait_for_looks(&self, count: usize) {
        let shut = self.is_shut.lock().unwrap();
        let waited =
            self.changed.wait_timeout_while(shut, PATIENCE, |_| self.looks() < count).unwrap();
        assert!(!waited.1.timed_out(), "nobody looked");
    }

    fn pass(&self) {
        let mut shut = self.is_shut.lock().unwrap();
        self.looks.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_all();
        while *shut {
            shut = self.changed.wait(shut).unwrap();
        }
    }
}

#[derive(Default)]
pub(crate) struct Engine {
    pub(crate) gate: Gate,
    pub(crate) is_stopping: AtomicBool,
    pub(crate) not_started: Mutex<Vec<NotStarted>>,
}

impl Service for Engine {
    fn state(&self) -> EngineState {
        let is_stopping = self.is_stopping.load(Ordering::SeqCst);
        if is_stopping { EngineState::Stopping } else { EngineState::Running }
    }
    fn not_started(&self) -> Vec<NotStarted> {
        self.not_started.lock().unwrap().clone()
    }
    fn status(&self) -> EngineStatus {
        self.gate.pass();
        EngineStatus::new(self.state(), Vec::new())
    }
    fn flows(&self) -> Vec<FlowSummary> {
        Vec::new()
    }
    fn processor_types(&self) -> Vec<ProcessorSpec> {
        panic!("as a defect would")
    }
    fn service_types(&self) -> Vec<ServiceSpec> {
        Vec::new()
    }
    fn flow(&self, _: &str) -> Option<Flow> {
        None
    }
    fn edit(&self, flow: ValidFlow, _: EditOptions) -> BoxFuture<'_, EditResult> {
        Box::pin(async move { Err(EditError::NotFound { name: flow.name }) })
    }
    fn remove<'s>(&'s self, _: &'s str, _: EditOptions) -> BoxFuture<'s, RemoveResult> {
        Box::pin(async { Err(EditError::Stopping) })
    }
    fn add(&self, _: ValidFlow) -> BoxFuture<'_, Result<(), AddError>> {
        Box::pin(async { Err(AddError::NotRunning) })
    }
    fn history(&self, _: &Search) -> Result<History, HistoryError> {
        Err(HistoryError::NotRunning)
    }
    fn event_content(&self, _: u64, _: EventSide) -> Result<EventContent, EventContentError> {
        Err(EventContentError::NotRunning)
    }
    fn replay(&self, _: BTreeSet<u64>, _: bool) -> BoxFuture<'_, ReplayResult> {
        Box::pin(async { Err(vec![ReplayError::NotRunning]) })
    }
    fn trash(&self, _: &str) -> Result<Vec<TrashedQueue>, TrashError> {
        Err(TrashError::NotRunning)
    }
    fn restore_trash(&self, _: &str, _: u32, _: &str) -> Result<u64, TrashError> {
        Err(TrashError::NotRunning)
    }
    fn empty_queue(&self, _: &str, _: &str) -> Result<Emptied, TrashError> {
        Err(TrashError::NotRunning)
    }
    fn move_queue(&self, _: &str, _: &str, _: &str) -> Result<Emptied, TrashError> {
        Err(TrashError::NotRunning)
    }
    fn discard_trash(&self, _: &str, _: u32) -> Result<u64, TrashError> {
        Err(TrashError::NotRunning)
    }
    fn verify<'s>(
        &'s self,
        _: &'s str,
        _: &'s ValidProcessor,
        _: Option<BTreeMap<String, String>>,
    ) -> BoxFuture<'s, VerifyResult> {
        Box::pin(async { Err(VerifyError::NotRunning) })
    }
    fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
    }
}

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) engine: Arc<Engine>,
    pub(crate) studio: Arc<Studio>,
    pub(crate) serving: Serving,
}

/// At a loopback address, with the users in a file that need not be there.
pub(crate) fn entrance(address: &str, users: &Path) -> Entrance {
    Entrance {
        address: address.parse().unwrap(),
        hosts: Vec::new(),
        tls: None,
        exposure: Exposure::Safe,
        users: users.to_owned(),
    }
}

pub(crate) fn start(limits: Limits) -> Running {
    start_at(&entrance("127.0.0.1:0", Path::new("/no/users")), limits)
}

pub(crate) fn start_at(entrance: &Entrance, limits: Limits) -> Running {
    let running = begin_at(entrance, limits);
    running.studio.complete();
    running
}

/// Answers, and has not opened its drafts yet.
pub(crate) fn begin_at(entrance: &Entrance, limits: Limits) -> Running {
    let server = Server::bind(entrance).unwrap();
    let address = server.address();
    let engine = Arc::new(Engine::default());
    let nobody = TableProgram { path: "/nowhere".into(), argument: "", environment: &[] };
    let studio = studio(engine.clone());
    let tries = TrialProgram { path: "/nowhere".into(), arguments: Vec::new(), environment: &[] };
    let serving = server.start(engine.clone(), Arc::clone(&studio), nobody, tries, limits).unwrap();
    // The server has looked for itself then, and does not again for a while.
    engine.gate.wait_for_looks(1);
    Running { address, engine, studio, serving }
}

struct NoTypes;

impl SpecSource for NoTypes {
    fn spec(&self, _: &str) -> Option<&ProcessorSpec> {
        None
    }
    fn type_names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Without drafts; nobody knows yet whether there are some.
fn studio(engine: Arc<Engine>) -> Arc<Studio> {
    let parameters = |_: &_| Ok(ParameterValues::new());
    Arc::new(Studio::new(engine, Arc::new(NoTypes), Box::new(parameters)))
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

/// One connection.
pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) fn say(&mut self, text: &str) -> &mut Self {
        self.0.write_all(text.as_bytes()).unwrap();
        self
    }

    /// All that comes until the server closes the connection.
    pub(crate) fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        match self.0.read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
            Err(error) => panic!("the server does not close the connection: {error}"),
        }
        String::from_utf8(bytes).unwrap()
    }

    /// The answer that ends with the connection.
    pub(crate) fn answer(&mut self) -> Answer {
        let text = self.rest();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// The head of the next answer, whose body is left in the connection.
    pub(crate) fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        String::from_utf8(head).unwrap().to_ascii_lowercase()
    }
}

impl Running {
    pub(crate) fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Client(stream)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let host = self.address;
        let first = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        self.connect().say(&format!("{first}{headers}\r\n")).answer()
    }

    /// Sends JSON.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &str, body: &Value) -> Answer {
        let (host, body) = (self.address, body.to_string());
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.connect().say(&text).answer()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}
