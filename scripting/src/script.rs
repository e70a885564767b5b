//! A script or a component, ready to run, and the instances of it.
//!
//! An instance serves one processor, and never another.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::{LentSession, ProcessError};
use wasmtime::{Store, Trap, UpdateDeadline};

use crate::guest::{Guest, Setup, Stopped};
use crate::program::{Loaded, Program};
use crate::sandbox::{INSTANCES_MAX, Sandbox};
use crate::ticker::Ticking;
use crate::wit::types::{Failure, Fault};

/// An instance that holds more than this part of its memory limit is not used again: memory that
/// was needed once is never given back.
const MEMORY_KEPT: f64 = 0.75;

/// How a call of a script ended that did not end well.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The script itself failed; its instance goes on.
    Fault { fault: Fault, is_passing: bool },
    /// It had to be stopped, or broke down: its instance is gone.
    Broken { message: String, help: &'static str, is_suspect: bool },
    /// The machine could not run it.
    Refused(String),
}

impl Ended {
    /// Whether the same work may end well another time.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Fault { is_passing: true, .. } | Self::Refused(_))
    }
}

/// The script or the component of one processor.
pub(crate) struct Script {
    program: Program,
    setup: Arc<Setup>,
    is_isolated: bool,
    idle: Mutex<Vec<Instance>>,
}

/// What a call did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done {
    /// Flowfiles that were taken.
    pub(crate) taken: usize,
    pub(crate) time: Duration,
    /// What its instance had of memory in the end, which is the most that it ever had.
    pub(crate) memory_bytes: usize,
}

impl Script {
    /// `is_isolated` says that no instance is used twice.
    pub(crate) fn new(program: Program, setup: Arc<Setup>, is_isolated: bool) -> Self {
        Self { program, setup, is_isolated, idle: Mutex::default() }
    }

    /// What errors call it.
    pub(crate) fn name(&self) -> &str {
        self.program.name()
    }

    /// Tries whether the script can be loaded.
    pub(crate) fn check(&self, seed: u64) -> Result<(), Ended> {
        let instance = self.load(seed)?;
        if !self.is_isolated {
            self.idle.lock().push(instance);
        }
        Ok(())
    }

    /// Works once on `session`, on at most `batch_max` flowfiles; with what it did, and how it
    /// ended.
    pub(crate) fn run(
        &self,
        session: LentSession,
        batch_max: usize,
    ) -> (LentSession, Done, Result<(), Ended>) {
        let idle = self.idle.lock().pop();
        let seed = session.random().next_u64();
        let mut instance = match idle.map_or_else(|| self.load(seed), Ok) {
            Ok(instance) => instance,
            Err(ended) => {
                let done = Done { taken: 0, time: Duration::ZERO, memory_bytes: 0 };
                return (session, done, Err(ended));
            }
        };
        instance.store.data_mut().begin(session, batch_max);
        let ended = instance.process(self.program.sandbox());
        let guest = instance.store.data_mut();
        let done = Done {
            taken: guest.taken,
            time: guest.meter.elapsed(),
            memory_bytes: guest.meter.memory_bytes(),
        };
        let left = guest.flowfiles.left();
        // It is there since `begin`, and only `end` takes it away.
        #[expect(clippy::expect_used, reason = "the guest has no way to end its session")]
        let session = guest.end().expect("a session is worked on");
        let ended = ended.and_then(|()| if left == 0 { Ok(()) } else { Err(unsettled(left)) });
        if instance.may_go_on(&ended, &self.setup) && !self.is_isolated {
            self.idle.lock().push(instance);
        }
        (session, done, ended)
    }

    fn load(&self, seed: u64) -> Result<Instance, Ended> {
        let sandbox = self.program.sandbox();
        let mut store = store(sandbox, Guest::new(Arc::clone(&self.setup), seed));
        let _ticking = ticking(sandbox)?;
        let loaded = match self.program.instantiate(&mut store) {
            Ok(loaded) => loaded,
            Err(error) => {
                let help = format!(
                    "at most {INSTANCES_MAX} instances of scripts run at a time; give fewer \
                     processors fewer tasks"
                );
                return Err(broken(&error, store.data(), &help));
            }
        };
        store.data_mut().meter.begin();
        match self.program.load(&loaded, &mut store) {
            Ok(Ok(())) => Ok(Instance { store, loaded }),
            Ok(Err(fault)) => Err(Ended::Fault { fault, is_passing: false }),
            Err(error) => Err(broken(&error, store.data(), "")),
        }
    }
}

/// Where an instance lives: what it does is counted, and ended when it is too much.
pub(crate) fn store(sandbox: &Sandbox, guest: Guest) -> Store<Guest> {
    let memory_bytes = guest.meter.limits().memory_bytes;
    let mut store = Store::new(sandbox.engine(), guest);
    store.limiter(|guest| &mut guest.meter);
    store.set_hostcall_fuel(memory_bytes);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|store| {
        if store.data().meter.is_out_of_time() {
            return Err(Stopped::Time.into());
        }
        Ok(UpdateDeadline::Continue(1))
    });
    store
}

/// Lets the clock tick that stops what runs.
pub(crate) fn ticking(sandbox: &Sandbox) -> Result<Ticking, Ended> {
    let ticking = sandbox.ticker().begin();
    ticking.ok_or_else(|| Ended::Refused("the system gives no thread to stop it with".into()))
}

/// A runner that has loaded a script, or a component.
struct Instance {
    store: Store<Guest>,
    loaded: Loaded,
}

impl Instance {
    fn process(&mut self, sandbox: &Sandbox) -> Result<(), Ended> {
        let _ticking = ticking(sandbox)?;
        match self.loaded.process(&mut self.store) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Failure::Retry(fault))) => Err(Ended::Fault { fault, is_passing: true }),
            Ok(Err(Failure::Fatal(fault))) => Err(Ended::Fault { fault, is_passing: false }),
            Err(error) => Err(broken(&error, self.store.data(), "")),
        }
    }

    fn may_go_on(&self, ended: &Result<(), Ended>, setup: &Setup) -> bool {
        let kept = setup.limits.memory_bytes as f64 * MEMORY_KEPT;
        !matches!(ended, Err(Ended::Broken { .. }))
            && (self.store.data().meter.memory_bytes() as f64) < kept
    }
}

fn unsettled(left: usize) -> Ended {
    let message = format!(
        "the script ended with {left} flowfile{} that it neither transferred nor removed",
        if left == 1 { "" } else { "s" }
    );
    let fault = Fault { message, line: None, trace: String::new() };
    Ended::Fault { fault, is_passing: false }
}

/// What became of an instance that cannot go on.
pub(crate) fn broken(error: &wasmtime::Error, guest: &Guest, help_if_refused: &str) -> Ended {
    let limits = guest.meter.limits();
    if error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() {
        return Ended::Refused(help_if_refused.to_owned());
    }
    let printed = guest.wasi.printed();
    let broken = |message: String, help: &'static str, is_suspect: bool| {
        let message = if printed.is_empty() { message } else { format!("{message}: {printed}") };
        Ended::Broken { message, help, is_suspect }
    };
    if error.downcast_ref::<Stopped>().is_some() {
        let message = format!("it was stopped after {:?}, its time limit", limits.time);
        return broken(message, "let it do less at a time, or raise \"Time Limit\"", true);
    }
    if guest.meter.is_memory_refused() {
        let mebibytes = limits.memory_bytes >> 20;
        let message = format!("it needed more memory than its limit of {mebibytes} MB");
        return broken(message, "read content in chunks, or raise \"Memory Limit\"", false);
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => broken(
            "its calls went too deep".to_owned(),
            "a function that calls itself must end, or be a loop",
            false,
        ),
        Some(trap) => broken(
            format!("it broke down: {trap}"),
            "look for a function that ends the interpreter, such as os._exit or abort",
            false,
        ),
        None => broken(format!("{:#}", error.root_cause()), "", false),
    }
}

/// The error of a processor whose script ended so.
pub(crate) fn error(ended: Ended, script: &str) -> ProcessError {
    match ended {
        Ended::Fault { fault, is_passing } => {
            let place = fault.line.map_or_else(String::new, |line| format!(", line {line}"));
            let trace = fault.trace.trim_end();
            let separator = if trace.is_empty() { "" } else { "\n" };
            let message = format!("{script}{place}: {}{separator}{trace}", fault.message);
            if is_passing { ProcessError::external(message) } else { ProcessError::user(message) }
        }
        Ended::Broken { message, help, .. } => {
            let error = ProcessError::user(format!("{script}: {message}"));
            if help.is_empty() { error } else { error.with_help(help) }
        }
        Ended::Refused(message) => {
            ProcessError::external(format!("{script} cannot run: {message}"))
        }
    }
}
