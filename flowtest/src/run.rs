//! One test: its flow is set up, run, and looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Builder;
use tokio::sync::Notify;
use tutti_model::flowfile::{Content, ContentSlice, FlowFile, core_attribute};
use tutti_model::parameter::ParameterValues;
use tutti_model::provenance::ProvenanceEvent;
use tutti_model::suite::Test;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{Environment, Flow, Inline, Status};
use tutti_sdk::Catalog;
use tutti_sdk::deterministic::{ManualClock, SeededRandom};
use tutti_sdk::host::{Clock, new_uuid};
use tutti_store::{Backend, Commit, Options, Repository, Search};

use crate::Subject;
use crate::coverage::Coverage;
use crate::failure::Failure;
use crate::judge;
use crate::mock::Making;
use crate::outside::Outside;
use crate::play::Play;
use crate::seen::{SENT_MAX, Seen, Watch};
use crate::stage::{self, Stage};

/// The most events that are looked at.
const EVENTS_MAX: usize = 1_000_000;
/// The most flowfiles of a queue that are looked at.
const LISTED_MAX: usize = SENT_MAX;

/// What a test came to.
pub(crate) struct Judged {
    pub(crate) failures: Vec<Failure>,
    pub(crate) coverage: Coverage,
}

/// Everything that a flow did and left behind.
pub(crate) struct Trace {
    pub(crate) sent: Vec<Seen>,
    /// What is left, by the paths of connections.
    pub(crate) queued: BTreeMap<String, Vec<Seen>>,
    pub(crate) status: Status,
    pub(crate) events: Vec<ProvenanceEvent>,
    /// Why it did not come to its end.
    pub(crate) unended: Option<String>,
}

/// A test that is ready to run, on whatever thread.
pub(crate) struct Job {
    test: Test,
    flow: Result<ValidFlow, Failure>,
    /// What there is to be taken.
    coverage: Coverage,
    /// Where the tests lie.
    folder: PathBuf,
    /// Where the flow is let out to.
    outside: Option<Outside>,
    catalog: Arc<Catalog>,
}

impl Job {
    /// The test `test` of `subject`.
    pub(crate) fn new(subject: &Subject, test: &Test) -> Self {
        let made =
            if test.outside { Outside::new(test, &subject.folder).map(Some) } else { Ok(None) };
        let (outside, flow) = match made {
            Ok(outside) => {
                let flow = valid(subject, test, outside.as_ref());
                (outside, flow)
            }
            Err(failure) => (None, Err(failure)),
        };
        Self {
            test: test.clone(),
            flow,
            coverage: Self::coverage(subject),
            folder: subject.folder.clone(),
            outside,
            catalog: Arc::clone(&subject.catalog),
        }
    }

    /// What there is to be taken of the flow of `subject`.
    pub(crate) fn coverage(subject: &Subject) -> Coverage {
        Coverage::of(&subject.flow, &*subject.catalog)
    }

    /// Runs it.
    pub(crate) fn run(self) -> Judged {
        let Self { test, flow, coverage, folder, outside, catalog } = self;
        let flow = match flow {
            Ok(flow) => flow,
            Err(failure) => return Judged { failures: vec![failure], coverage },
        };
        let staged = stage::set(flow.clone(), &test, &catalog, &folder);
        let played = staged.and_then(|stage| play(stage, &test).map_err(|error| vec![error]));
        match played {
            Err(failures) => Judged { failures, coverage },
            Ok(trace) => {
                let mut failures = judge::judge(&test, &flow, &trace, &folder);
                failures.extend(outside.iter().flat_map(|outside| outside.judge(&test, &folder)));
                let taken = trace.sent.iter().map(|seen| (&*seen.processor, &*seen.relationship));
                Judged { failures, coverage: coverage.taken(taken) }
            }
        }
    }
}

fn valid(subject: &Subject, test: &Test, outside: Option<&Outside>) -> Result<ValidFlow, Failure> {
    let mut values = ParameterValues::new();
    for (name, value) in subject.suite.parameters.iter().chain(&test.parameters) {
        match outside {
            Some(outside) => values.insert(name, outside.named_in(&value.value)),
            None => values.insert(name, &value.value),
        }
    }
    tutti_model::validate(&subject.flow, &*subject.catalog, &values).map_err(|findings| {
        let errors = findings.iter().filter(|finding| finding.is_error());
        let texts: Vec<String> = errors.map(ToString::to_string).collect();
        let lines = texts.iter().flat_map(|text| text.lines()).map(str::to_owned);
        Failure::new("the flow cannot be run with these parameters").with(lines.collect())
    })
}

/// Runs a flow as `test` says. Not for async threads.
pub(crate) fn play(stage: Stage, test: &Test) -> Result<Trace, Failure> {
    let parked = Arc::new(Notify::new());
    let told = Arc::clone(&parked);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .on_thread_park(move || told.notify_one())
        .build()
        .map_err(|error| Failure::new(format!("the system gives no event loop: {error}")))?;
    // What processors log is seen in bulletins and attributes.
    let silent = tracing::subscriber::NoSubscriber::default();
    let trace = tracing::subscriber::with_default(silent, || {
        runtime.block_on(perform(stage, test, &parked))
    });
    runtime.shutdown_background();
    trace
}

async fn perform(stage: Stage, test: &Test, parked: &Notify) -> Result<Trace, Failure> {
    let clock = Arc::new(ManualClock::new(test.clock));
    let repository = open(&clock)?;
    let stop = Arc::new(Notify::new());
    let told = Arc::clone(&stop);
    let watched = Arc::clone(&clock);
    let watch = Watch::new(watched, Arc::clone(&stage.catalog), &repository, move || {
        told.notify_one();
    });
    let watch = Arc::new(watch);
    let chance = Arc::new(SeededRandom::new(test.seed));
    let environment = Environment::new(Arc::clone(&clock) as Arc<_>, chance, Arc::new(Inline))
        .observed_by(Arc::clone(&watch) as Arc<_>);
    let Stage { flow: valid, catalog, queued, told } = stage;
    let valid = Arc::new(valid);
    let compiled = Flow::compile(&valid, &catalog, &repository, &environment);
    let flow = compiled.map_err(|errors| {
        let lines = errors.iter().map(|error| tutti_model::chain(error)).collect();
        Failure::new("the flow cannot be run").with(lines)
    })?;
    put(&repository, &valid, queued, &clock, test.seed)?;
    flow.start();
    let (watch, clock) = (&*watch, &*clock);
    let play = Play {
        flow: &flow,
        repository: &repository,
        clock,
        watch,
        parked,
        stop: &stop,
        run_for: test.run_for,
        is_outside: test.outside,
    };
    let unended = play.run().await.err();
    let status = flow.status();
    flow.terminate();
    let mut trace = trace(&flow, status, &repository, watch, unended)?;
    let told = told.lock();
    for seen in &mut trace.sent {
        let key = (seen.processor.clone(), seen.flowfile.id());
        seen.properties = told.get(&key).cloned();
    }
    Ok(trace)
}

fn open(clock: &Arc<ManualClock>) -> Result<Arc<Repository>, Failure> {
    let clock = Arc::clone(clock);
    let options = Options {
        has_flusher: false,
        // Nobody but the test flushes, and that at each of its steps.
        epoch_bytes_max: usize::MAX,
        // Each is looked for by what it says.
        groups_bulletins: false,
        clock: Arc::new(move || clock.now()),
        ..Options::default()
    };
    Repository::open_with(&Backend::memory(), options).map(Arc::new).map_err(stored)
}

fn stored(error: impl std::error::Error) -> Failure {
    Failure::new(format!("the store in memory failed: {error}"))
}

/// Puts flowfiles into queues before anything runs.
fn put(
    repository: &Repository,
    flow: &ValidFlow,
    queued: Vec<(String, Making)>,
    clock: &ManualClock,
    seed: u64,
) -> Result<(), Failure> {
    // Another sequence than that of the flow, which does not depend on how many are put.
    let chance = SeededRandom::new(!seed);
    let mut commit = Commit::default();
    let mut guards = Vec::new();
    for (path, making) in queued {
        let queue = repository.open_queue(&format!("{}/{path}", flow.name)).map_err(stored)?;
        let mut flowfile = FlowFile::new(repository.next_id(), clock.now());
        flowfile.set_attribute(core_attribute::UUID, new_uuid(&chance));
        for (name, value) in &making.attributes {
            flowfile.set_attribute(name, value);
        }
        if let Some(bytes) = &making.content {
            let mut writer = repository.create_content();
            writer.write_all(bytes).map_err(stored)?;
            let guard = writer.finish().map_err(stored)?;
            flowfile.set_content(Content::Stored(ContentSlice::whole(guard.claim())));
            guards.push(guard);
        }
        commit.put.push((queue, flowfile));
    }
    repository.commit(commit).map_err(stored)?;
    Ok(())
}

fn trace(
    flow: &Flow,
    status: Status,
    repository: &Repository,
    watch: &Watch,
    unended: Option<String>,
) -> Result<Trace, Failure> {
    let mut queued = BTreeMap::new();
    let known: BTreeSet<String> =
        status.connections.iter().map(|connection| connection.path.clone()).collect();
    let names = repository.queues();
    for path in known {
        let Some(queue) = names.get(&format!("{}/{path}", flow.name())) else { continue };
        let listed = repository.list(*queue, 0, LISTED_MAX).map_err(stored)?;
        let look = |each: tutti_store::Listed| watch.look("", "", &each.flowfile);
        queued.insert(path, listed.into_iter().map(look).collect());
    }
    let found = repository.search(&Search::newest(EVENTS_MAX)).map_err(stored)?.events;
    let events = found.into_iter().map(|logged| logged.event).collect();
    let sent = watch.take();
    Ok(Trace { sent, queued, status, events, unended })
}
