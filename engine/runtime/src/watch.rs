//! After a death of the process: what is at work is written down, who may have caused it works
//! alone, and whoever did so again and again is parked (docs/adr/0018).
//!
//! The store knows who is suspected; here is how they are worked on. As long as nobody died all of
//! this is one look at a flag for each trigger.

mod gate;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::flowfile::{FlowFile, FlowFileId, Pick, Timestamp};
use tutti_model::provenance::{EventType, Input, ProvenanceEvent};
use tutti_store::{AtWork, GiveBack, Parked, QueueId, Receipt, StoreError, Suspect, Taken, Turn};

use crate::environment::{Environment, milliseconds};
use crate::host::store_error;
use crate::metrics::add;
use crate::node::{Node, Shared};
use crate::run::Run;

pub(crate) use self::gate::Gate;
use self::gate::Pass;

/// How long all others wait for a suspect; then they go on beside it.
const ALONE_MAX: Duration = Duration::from_mins(10);
const PARKED_HELP: &str = "\"tutti quarantine export\" writes what shows the death again, \
                           \"restore\" puts it back into its queue, \"discard\" gives it up";

/// A flowfile in a queue.
type Key = (QueueId, FlowFileId);

/// One trigger while something is watched.
pub(crate) struct Watched {
    pass: Mutex<Option<Pass>>,
    is_source: bool,
    /// It takes one suspect, and nothing else.
    is_for_suspect: bool,
    suspects: HashMap<Key, Suspect>,
    /// The only suspect that the processor sees of them, once it looks.
    chosen: Mutex<Option<Key>>,
    /// Suspects that it does not see, and that are where it would.
    seen: Mutex<Vec<Key>>,
    /// What it took.
    taken: Mutex<Vec<Key>>,
    /// Something in its queues is not durable yet, and so not for it to see.
    is_early: AtomicBool,
    at_work: Mutex<Vec<AtWork>>,
    is_told: AtomicBool,
}

/// The processor was stopped before its turn came.
pub(crate) struct Stopped;

/// Waits until a trigger may begin; hands back nothing when nothing is watched.
pub(crate) async fn enter(
    shared: &Arc<Shared>,
    node: &Node,
    run: &Run,
) -> Result<Option<Watched>, Stopped> {
    if !shared.repository.is_watching() {
        return Ok(None);
    }
    park_convicts(shared, node);
    let Environment { gate, clock, .. } = &shared.environment;
    let is_alone = suspects(shared, node).values().any(|each| is_to_be_alone(shared, each));
    let passing = async {
        if is_alone {
            gate.alone(&**clock).await
        } else if node.is_source {
            gate.source().await
        } else {
            gate.company().await
        }
    };
    let pass = tokio::select! {
        biased;
        pass = passing => pass,
        () = run.stopping() => return Err(Stopped),
    };
    // Others may have worked on them meanwhile.
    let suspects = suspects(shared, node);
    let is_for_suspect =
        is_alone && suspects.values().any(|suspect| is_to_be_alone(shared, suspect));
    let pass = if is_for_suspect { pass } else { pass.open() };
    Ok(Some(Watched {
        pass: Mutex::new(Some(pass)),
        is_source: node.is_source,
        is_for_suspect,
        suspects,
        chosen: Mutex::default(),
        seen: Mutex::default(),
        taken: Mutex::default(),
        at_work: Mutex::default(),
        is_early: AtomicBool::new(false),
        is_told: AtomicBool::new(false),
    }))
}

fn suspects(shared: &Shared, node: &Node) -> HashMap<Key, Suspect> {
    let mut suspects = HashMap::new();
    for input in &node.inputs {
        let queue = shared.connections[*input].queue;
        let of_queue = shared.repository.suspects(queue).into_iter();
        suspects.extend(of_queue.map(|suspect| ((queue, suspect.flowfile), suspect)));
    }
    suspects
}

/// Whether it is its turn to be worked on alone.
fn is_to_be_alone(shared: &Shared, suspect: &Suspect) -> bool {
    let now = shared.environment.clock.now();
    let is_due = suspect.waits_until.is_none_or(|until| until <= now);
    is_due && !suspect.is_convict && suspect.turn == Turn::Alone
}

/// Parks whoever waits for `node` and killed the process often enough.
fn park_convicts(shared: &Shared, node: &Node) {
    for input in &node.inputs {
        let queue = shared.connections[*input].queue;
        let convicts: HashMap<FlowFileId, u32> = {
            let suspects = shared.repository.suspects(queue).into_iter();
            let convicts = suspects.filter(|suspect| suspect.is_convict);
            convicts.map(|suspect| (suspect.flowfile, suspect.deaths)).collect()
        };
        if convicts.is_empty() {
            continue;
        }
        let now = shared.environment.clock.now();
        let polled = shared.repository.poll(queue, convicts.len(), now, &mut |flowfile| {
            if convicts.contains_key(&flowfile.id()) { Pick::Take } else { Pick::Skip }
        });
        let failed = |error| shared.report_error(node, &store_error("cannot park", error));
        for taken in polled.unwrap_or_else(|error| {
            failed(error);
            Vec::new()
        }) {
            let deaths = convicts.get(&taken.flowfile.id()).copied();
            let parked = park(shared, node, &taken, deaths.unwrap_or_default());
            if let Err(error) = parked {
                failed(error);
                let as_it_was =
                    GiveBack { attempts: taken.flowfile.attempts(), ..GiveBack::default() };
                // It stays the queue's in any case.
                drop(shared.repository.give_back(taken.receipt, as_it_was));
            }
        }
    }
}

fn park(shared: &Shared, node: &Node, taken: &Taken, deaths: u32) -> Result<(), StoreError> {
    let Taken { receipt, flowfile } = taken;
    let now = shared.environment.clock.now();
    let place = (Arc::clone(shared.name()), Arc::clone(&node.path));
    let mut event = ProvenanceEvent::new(EventType::Route, now, place, flowfile);
    event.input = Some(Input::new(receipt.queue.0, flowfile));
    let why = format!("the process died {deaths} times while it was at work here");
    event.details = Some(format!("parked in the quarantine: {why}").into());
    let (flow, processor) = ((**shared.name()).into(), (*node.path).into());
    shared.repository.park(*receipt, Parked { flow, processor, time: now }, event)?;
    add(&node.metrics.parked, 1);
    let uuid = flowfile.uuid();
    let message =
        format!("flowfile {uuid} is parked: {why}, the last time with nothing else at work");
    let bulletin = Bulletin {
        flow: Some((**shared.name()).into()),
        flowfile: Some(uuid.into()),
        filename: flowfile.attribute("filename").map(Into::into),
        help: Some(PARKED_HELP.to_owned()),
        ..Bulletin::new(Level::Error, now, &*node.path, message)
    };
    shared.report(node, bulletin);
    shared.tell_sources(node);
    shared.activity.notify_waiters();
    Ok(())
}

impl Watched {
    /// What to do with a flowfile of `queue`, where `filter` says what the processor wants.
    pub(crate) fn pick(
        &self,
        shared: &Shared,
        queue: QueueId,
        flowfile: &FlowFile,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Pick {
        let key = (queue, flowfile.id());
        let suspect = self.suspects.get(&key);
        if !self.is_for_suspect {
            return match suspect {
                Some(suspect) if suspect.is_convict => Pick::Skip,
                Some(suspect) if suspect.turn != Turn::Company => {
                    self.seen.lock().push(key);
                    Pick::Skip
                }
                _ => filter(flowfile),
            };
        }
        if !self.taken.lock().is_empty() {
            return Pick::Stop;
        }
        let mut chosen = self.chosen.lock();
        let is_due = chosen.is_none_or(|chosen| chosen == key)
            && suspect.is_some_and(|suspect| is_to_be_alone(shared, suspect));
        if !is_due {
            return Pick::Skip;
        }
        *chosen = Some(key);
        match filter(flowfile) {
            Pick::Take | Pick::TakeAndStop => Pick::TakeAndStop,
            refused => refused,
        }
    }

    /// Takes what is durable: anything else would not be in its place after a death.
    pub(crate) fn poll(
        &self,
        shared: &Shared,
        queue: QueueId,
        max: usize,
        now: Timestamp,
        filter: &mut dyn FnMut(&FlowFile) -> Pick,
    ) -> Result<Vec<Taken>, StoreError> {
        let (taken, is_early) = shared.repository.poll_durable(queue, max, now, filter)?;
        self.is_early.fetch_or(is_early, Ordering::Relaxed);
        Ok(taken)
    }

    /// Writes down what was taken, before anybody works on it. Work goes on if that fails.
    pub(crate) fn note(&self, shared: &Shared, node: &Node, taken: &[Taken]) {
        let work: Vec<(Receipt, FlowFileId)> =
            taken.iter().map(|taken| (taken.receipt, taken.flowfile.id())).collect();
        self.taken.lock().extend(work.iter().map(|(receipt, id)| (receipt.queue, *id)));
        let alone = match &*self.pass.lock() {
            Some(Pass::Alone(exclusive)) => Some(Arc::clone(&exclusive.alone)),
            _ => None,
        };
        // Nobody begins to act in between.
        let mut of_alone = alone.as_ref().map(|alone| alone.at_work.lock());
        let is_alone = alone.as_ref().is_some_and(|alone| !alone.is_over());
        match shared.repository.begin_work(&work, is_alone) {
            Ok(at_work) => match &mut of_alone {
                Some(of_alone) => of_alone.extend(at_work),
                None => self.at_work.lock().extend(at_work),
            },
            Err(error) => self.tell(shared, node, error),
        }
    }

    /// A source makes something: whoever is alone beside it is so no more.
    pub(crate) fn act(&self, shared: &Shared, node: &Node) {
        if self.is_source
            && let Err(error) = shared.environment.gate.intrude()
        {
            self.tell(shared, node, error);
        }
    }

    fn tell(&self, shared: &Shared, node: &Node, error: StoreError) {
        if !self.is_told.swap(true, Ordering::Relaxed) {
            let error = store_error("cannot write down what is at work", error);
            shared.report_failed(node, Level::Warning, &error);
        }
    }

    /// Does the work of a trigger. Whoever is alone is so for a while only.
    pub(crate) async fn watch<T>(
        &self,
        shared: &Shared,
        node: &Node,
        work: impl Future<Output = T>,
    ) -> T {
        if !matches!(&*self.pass.lock(), Some(Pass::Alone(_))) {
            return work.await;
        }
        let limit = shared.environment.clock.sleep_ms(milliseconds(ALONE_MAX));
        tokio::pin!(work);
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = limit => {}
        }
        self.let_others_in(shared, node);
        work.await
    }

    fn let_others_in(&self, shared: &Shared, node: &Node) {
        let mut pass = self.pass.lock();
        if let Some(Pass::Alone(exclusive)) = &*pass {
            let alone = Arc::clone(&exclusive.alone);
            if let Err(error) = alone.end() {
                self.tell(shared, node, error);
            }
            // It is at work still.
            self.at_work.lock().append(&mut alone.at_work.lock());
        }
        *pass = pass.take().map(Pass::open);
    }

    /// The session has ended: what it had is not at work any more, and others may be alone.
    /// `pauses` when its processor is to pause before it tries the same again.
    pub(crate) fn leave(&self, shared: &Shared, pauses: bool) {
        let (seen, taken) = (self.seen.lock().clone(), self.taken.lock().clone());
        let chosen = *self.chosen.lock();
        let set_turn = |key: &Key, turn| shared.repository.set_turn(key.0, key.1, turn);
        if !self.is_for_suspect {
            let is_unseen = |key: &&Key| {
                self.suspects.get(*key).is_some_and(|suspect| suspect.turn == Turn::Unseen)
            };
            seen.iter().filter(is_unseen).for_each(|key| set_turn(key, Turn::Alone));
        } else if taken.is_empty() {
            let due = self.suspects.iter().filter(|(_, each)| is_to_be_alone(shared, each));
            match &chosen {
                Some(refused) => set_turn(refused, Turn::Company),
                None => due.for_each(|(key, _)| set_turn(key, Turn::Unseen)),
            }
        } else if !pauses {
            for key in &taken {
                // If it is there still and waits for nothing its processor wants more than it.
                let here = shared.repository.suspects(key.0);
                let left = here.iter().find(|suspect| suspect.flowfile == key.1);
                if left.is_some_and(|suspect| suspect.waits_until.is_none()) {
                    set_turn(key, Turn::Company);
                }
            }
        }
        self.at_work.lock().clear();
        *self.pass.lock() = None;
    }

    /// Whether something was hidden from the processor: what it concludes from what it saw does not
    /// hold.
    pub(crate) fn hides(&self) -> bool {
        self.is_for_suspect
            || self.is_early.load(Ordering::Relaxed)
            || self.suspects.values().any(|each| each.turn == Turn::Alone)
    }
}
