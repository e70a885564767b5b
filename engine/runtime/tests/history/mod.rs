//! One history: a flow, its scheduler, its sessions and its stores, a clock that nobody waits for,
//! and all that can go wrong, in an order that only the seed decides.

pub(crate) mod plan;
pub(crate) mod replays;
pub(crate) mod scripts;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::json;
use tokio::task::yield_now;
use tutti_runtime::{EditOptions, Environment, Flow, Inline};
use tutti_sdk::host::Clock;
use tutti_sdk::testkit::{ManualClock, SeededRandom};
use tutti_sdk::{FAILURE, SUCCESS};
use tutti_store::{Faults, Options, QueueId, Repository};

use self::plan::{Chance, Plan};
use self::replays::Replays;
use self::scripts::Seen;
use crate::common::{Bench, Memory, OTHER, START};

/// How often something may happen in one life of a process.
const MOMENTS: u64 = 120;
/// How often what is left may be left again.
const RUNS_MAX: u64 = 30;
/// Every call to a store fails from some moment on, as after a death.
const FOR_EVER: u64 = u64::MAX / 2;

/// What a history showed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) trace: Vec<String>,
    pub(crate) wrong: Vec<String>,
    pub(crate) orders: u64,
    pub(crate) crashes: u64,
    pub(crate) edits: u64,
    /// How many flowfiles were parked, and brought back.
    pub(crate) parked: u64,
    pub(crate) replays: u64,
}

struct World {
    plan: Plan,
    chance: Chance,
    seed: u64,
    memory: Memory,
    faults: Faults,
    clock: Arc<ManualClock>,
    seen: Arc<Seen>,
    crashes: u64,
    /// How often a run ended and was not the last.
    runs: u64,
    edits: u64,
    parked: u64,
    replays: Replays,
}

/// How a life of the process ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Crashed,
    /// What has to wait too long for its next attempt was left to the next run.
    Left,
    /// All is done but what is parked.
    Parked,
    Finished,
}

pub(crate) fn of(seed: u64) -> Shown {
    let chance = Chance::new(seed);
    let plan = Plan::draw(&chance);
    let faults = Faults::default();
    let mut world = World {
        plan,
        chance,
        seed,
        memory: Memory::with(&faults),
        faults,
        clock: Arc::new(ManualClock::new(START)),
        seen: Arc::default(),
        crashes: 0,
        runs: 0,
        edits: 0,
        parked: 0,
        replays: Replays::default(),
    };
    loop {
        match world.live() {
            Ended::Crashed => world.crashes += 1,
            Ended::Parked => world.restore(),
            Ended::Left if world.runs < RUNS_MAX => world.runs += 1,
            Ended::Left => {
                world.wrong("it is left again and again".to_owned());
                break;
            }
            Ended::Finished => break,
        }
    }
    world.check_rest();
    Shown {
        trace: std::mem::take(&mut *world.seen.trace.lock()),
        wrong: std::mem::take(&mut *world.seen.wrong.lock()),
        orders: *world.seen.orders.lock(),
        crashes: world.crashes,
        edits: world.edits,
        parked: world.parked,
        replays: world.replays.count(),
    }
}

impl World {
    /// From a start of the process to its death or to the end of the work.
    fn live(&mut self) -> Ended {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let repository = self.open();
        let ended = runtime.block_on(self.work(&repository));
        if repository.archive_usage().0 > self.plan.archive {
            self.wrong(format!("{:?} are archived", repository.archive_usage()));
        }
        let damage = repository.damage();
        if damage.put_aside > 0 || damage.vanished > 0 {
            self.wrong(format!("{damage:?}"));
        }
        self.trace(&format!("{ended:?}"));
        if ended == Ended::Crashed {
            // With the machine, or alone.
            if self.chance.one_in(3) { self.memory.crash() } else { self.memory.die() }
        } else if let Err(error) = repository.leave() {
            self.wrong(format!("it cannot be left: {error}"));
        }
        drop(runtime);
        drop(repository);
        if ended == Ended::Crashed {
            // What was written by what was dropped a dead process would not have written.
            self.memory.crash();
        }
        ended
    }

    fn options(&self) -> Options {
        let clock = Arc::clone(&self.clock);
        Options {
            has_flusher: false,
            window_flowfiles_max: self.plan.window,
            run_flowfiles_max: 4,
            epoch_bytes_max: 32 * 1024,
            provenance_bytes_max: 64 * 1024,
            deaths_max: self.plan.deaths_max,
            archive_bytes_max: Some(self.plan.archive),
            clock: Arc::new(move || clock.now()),
            ..Options::default()
        }
    }

    /// A start may fail too, and is tried again.
    fn open(&self) -> Arc<Repository> {
        if self.chance.one_in(4) {
            self.faults.fail_nth(1 + self.chance.below(40));
        }
        let opened = self.memory.try_open(self.options());
        self.calm();
        let repository = opened.unwrap_or_else(|error| {
            self.trace(&format!("start failed: {error}"));
            self.memory.crash();
            self.memory.try_open(self.options()).unwrap()
        });
        let report = repository.recovery();
        if !report.quarantined.is_empty() || report.quarantined_before > 0 {
            self.wrong(format!("put aside: {:?}", report.quarantined));
        }
        let counts = |queue| repository.counts(queue).map_or(0, |counts| counts.flowfiles);
        let queued: u64 = repository.queues().into_values().map(counts).sum();
        self.trace(&format!("start with {queued} flowfiles"));
        Arc::new(repository)
    }

    /// Brings back what is parked: innocents too may be, of who dies at random.
    fn restore(&mut self) {
        let quarantine = self.memory.quarantine();
        let mut parked = Vec::new();
        quarantine.list(|record| parked.extend(record.flowfile)).unwrap();
        for flowfile in parked {
            self.trace(&format!("restore {}", flowfile.uuid()));
            if let Err(reason) = quarantine.restore_parked(flowfile.uuid()).unwrap() {
                self.wrong(format!("{} cannot be brought back: {reason}", flowfile.uuid()));
            }
            self.parked += 1;
        }
    }

    fn trace(&self, what: &str) {
        self.seen.trace.lock().push(format!("{} {what}", self.clock.now().0));
    }

    /// Nothing fails any more.
    fn calm(&self) {
        self.faults.fail_nth(0);
        self.faults.disk_full(false);
    }

    fn wrong(&self, what: String) {
        self.seen.wrong.lock().push(what);
    }

    fn bench(&self, repository: &Arc<Repository>, version: u64) -> (Bench, Queues) {
        let mut bench = Bench::on(Arc::clone(repository));
        bench.clock = Arc::clone(&self.clock);
        let random = SeededRandom::new(self.seed ^ ((self.crashes + self.runs) << 32));
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        bench.environment = Environment::new(clock, Arc::new(random), Arc::new(Inline));
        let queues = Queues::default();
        bench.source("Make", scripts::source(&self.plan, &self.seen));
        self.draw(&mut bench, version, &queues);
        (bench, queues)
    }

    /// The flow as it is after so many changes: each gives one step another penalty.
    fn draw(&self, bench: &mut Bench, version: u64, queues: &Queues) {
        let steps = &self.plan.steps;
        let reached = self.plan.reached();
        let changed = |index: usize| version > 0 && version % steps.len() as u64 == index as u64;
        for index in &reached {
            let step = &steps[*index];
            let penalty_ms = if changed(*index) { 10 + version } else { 10 };
            let settings = json!({
                "concurrentTasks": step.tasks,
                "penaltyDuration": format!("{penalty_ms} ms"),
                "yieldDuration": "5 ms",
            });
            let script =
                scripts::step(&self.plan, *index, &self.seen, &bench.repository, &queues.0);
            bench.work_with(&index.to_string(), &settings, script);
        }
        bench.work("Failed", scripts::failed(&self.seen));
        for index in &reached {
            bench.connect(&index.to_string(), FAILURE, "Failed");
        }
        let to = |index: usize| {
            let step = &steps[index];
            json!({
                "backPressure": { "count": step.limit },
                "prioritizers": [step.order.name()],
            })
        };
        bench.connect_with("Make", SUCCESS, "0", &to(0));
        for index in &reached {
            for (name, next) in [SUCCESS, OTHER].iter().zip(&steps[*index].to) {
                for next in next {
                    bench.connect_with(&index.to_string(), name, &next.to_string(), &to(*next));
                }
            }
        }
    }

    async fn work(&mut self, repository: &Arc<Repository>) -> Ended {
        let (mut bench, queues) = self.bench(repository, self.edits);
        let flow = bench.compile();
        queues.find(&self.plan, repository);
        flow.start();
        if self.crashes < self.plan.crashes {
            for _ in 0..self.chance.below(MOMENTS) {
                self.moment(&mut bench, &flow, &queues).await;
            }
            if self.chance.one_in(2) {
                // It dies at some call to a store, whichever that is.
                self.faults.fail_times(1 + self.chance.below(30), FOR_EVER);
                for _ in 0..self.chance.below(20) {
                    self.pass().await;
                    let _ = repository.flush();
                }
            }
            self.calm();
            return Ended::Crashed;
        }
        for _ in 0..MOMENTS {
            self.moment(&mut bench, &flow, &queues).await;
        }
        self.calm();
        let finished = async {
            // What is stopping is not started: whoever wants all to run stops all before.
            flow.stop().await;
            flow.start();
            let stuck = flow.until_idle().await;
            flow.stop().await;
            stuck
        };
        tokio::pin!(finished);
        let mut waited = 0_u64;
        let stuck = loop {
            if let std::task::Poll::Ready(stuck) = futures::poll!(&mut finished) {
                break stuck;
            }
            self.pass().await;
            let _ = repository.flush();
            waited += 1;
            if waited > 200_000 {
                self.wrong(format!("it does not end: {:#?}", flow.status()));
                return Ended::Finished;
            }
        };
        match stuck {
            Ok(stuck) if stuck.is_empty() => {}
            Ok(_) if waits(&flow) => return Ended::Left,
            stuck => self.wrong(format!("stuck in the end: {stuck:?}")),
        }
        if repository.parked() > 0 {
            return Ended::Parked;
        }
        self.check_end(&flow, repository);
        Ended::Finished
    }

    /// Time passes, and what can go on does.
    async fn pass(&self) {
        self.clock.advance_ms(self.chance.below(15));
        for _ in 0..=self.chance.below(6) {
            yield_now().await;
        }
    }

    /// Something happens, or nothing.
    async fn moment(&mut self, bench: &mut Bench, flow: &Flow, queues: &Queues) {
        self.pass().await;
        let paths: Vec<String> =
            flow.status().processors.into_iter().map(|each| each.path).collect();
        let path = self.chance.one_of(&paths).clone();
        match self.chance.below(24) {
            0..4 => drop(bench.repository.flush()),
            4 => self.faults.fail_times(1 + self.chance.below(12), 1 + self.chance.below(3)),
            5 => self.faults.disk_full(true),
            6..8 => self.calm(),
            8 => drop(flow.start_processor(&path)),
            9 => {
                let stop = flow.stop_processor(&path);
                tokio::pin!(stop);
                // Nobody waits for it here.
                drop(futures::poll!(&mut stop));
            }
            10 => drop(flow.terminate_processor(&path)),
            11 => self.edit(bench, flow, queues).await,
            12 => flow.start(),
            13 => self.replay(bench, flow),
            _ => {}
        }
        self.check_limits(flow);
    }

    async fn edit(&mut self, bench: &mut Bench, flow: &Flow, queues: &Queues) {
        self.edits += 1;
        bench.clear().source("Make", scripts::source(&self.plan, &self.seen));
        self.draw(bench, self.edits, queues);
        let valid = Arc::new(bench.valid());
        {
            let edit = flow.edit(&valid, EditOptions::within(Duration::from_millis(200)));
            tokio::pin!(edit);
            // Whoever wants it may go away before it is done.
            for _ in 0..=self.chance.below(40) {
                if futures::poll!(&mut edit).is_ready() {
                    break;
                }
                self.pass().await;
            }
        }
        self.trace("edited");
    }

    /// Back-pressure is exceeded by no more than a batch of each task that was begun with room.
    fn check_limits(&self, flow: &Flow) {
        for connection in flow.status().connections {
            let (from, to) = ends(&connection.path);
            let Some(limit) = to.map(|to| self.plan.steps[to].limit) else { continue };
            let most = from.map_or(self.plan.batch, |from| {
                let step = &self.plan.steps[from];
                step.tasks * step.batch as u64
            });
            // Nothing holds up what is replayed.
            if connection.queued > limit - 1 + most + self.replays.count() {
                let queued = connection.queued;
                self.wrong(format!("{queued} in {}, which holds {limit}", connection.path));
            }
        }
    }

    /// Everything came to its end once, and the counts say so.
    fn check_end(&self, flow: &Flow, repository: &Repository) {
        let status = flow.status();
        for connection in &status.connections {
            if connection.queued + connection.in_flight + connection.penalized > 0 {
                self.wrong(format!("left in the end: {connection:?}"));
            }
        }
        let counts = status.flowfiles;
        if self.crashes + self.runs + self.replays.count() == 0 {
            let effects = self.seen.effects.lock().len() as u64;
            let given_up = repository.state("bench/Failed").values.iter().count() as u64;
            let expected = (self.plan.count, effects + given_up, 0);
            if (counts.entered, counts.ended, counts.queued) != expected {
                self.wrong(format!("counted {counts:?}, not {expected:?}"));
            }
            for each in &status.connections {
                if each.flowfiles_in != each.flowfiles_out {
                    self.wrong(format!("what came to {} and left differs", each.path));
                }
            }
        }
        self.check_ends(repository);
    }

    fn check_ends(&self, repository: &Repository) {
        let mut ended = BTreeSet::new();
        let failed = repository.state("bench/Failed").values;
        for index in 0..self.plan.steps.len() {
            let state = repository.state(&format!("bench/{index}"));
            for (key, _) in state.values.iter().filter(|(key, _)| !replays::is_of_replay(key)) {
                if !ended.insert(key.to_owned()) {
                    self.wrong(format!("{key} came to two ends"));
                }
            }
        }
        for wrong in self.replays.check(&self.plan, repository) {
            self.wrong(wrong);
        }
        let expected = self.plan.all_ends();
        for end in &expected {
            // What was given up came to none of the ends that were before it.
            let is_given_up = failed.iter().any(|(from, _)| {
                end.strip_prefix(from).is_some_and(|on| on.is_empty() || on.starts_with('.'))
            });
            match (ended.contains(end), is_given_up) {
                (false, false) => self.wrong(format!("{end} is lost")),
                (true, true) => self.wrong(format!("{end} was given up, and came there")),
                (true, false) | (false, true) => {}
            }
        }
        for strange in ended.difference(&expected) {
            self.wrong(format!("{strange} came from nowhere"));
        }
        for (key, times) in self.seen.effects.lock().iter() {
            if *times > 1 || !ended.contains(key) {
                self.wrong(format!("the effect of {key} was seen {times} times"));
            }
        }
        if self.crashes == 0 && self.seen.effects.lock().len() < ended.len() {
            self.wrong("effects are missing though nothing crashed".to_owned());
        }
    }

    /// After another start everything is still so, and no content is left of what is gone.
    fn check_rest(&self) {
        let options = Options { archive_bytes_max: Some(0), ..self.options() };
        let repository = self.memory.try_open(options).unwrap();
        self.check_ends(&repository);
        for (name, queue) in repository.queues() {
            if repository.counts(queue).unwrap().flowfiles > 0 {
                self.wrong(format!("{name} holds something after another start"));
            }
        }
        let (bytes, files) = repository.content_usage();
        if bytes > 0 || files > 0 {
            self.wrong(format!("{bytes} bytes of content in {files} files are left of nothing"));
        }
    }
}

/// Whether something waits for an attempt in all that is not empty.
fn waits(flow: &Flow) -> bool {
    let connections = flow.status().connections;
    connections.iter().all(|each| each.queued == 0 || each.penalized > 0)
}

/// The steps that a connection leads from and to; the source is none.
fn ends(path: &str) -> (Option<usize>, Option<usize>) {
    let from = path.split(" [").next().and_then(|name| name.parse().ok());
    let to = path.rsplit(' ').next().and_then(|name| name.parse().ok());
    (from, to)
}

/// The connections that lead to each step.
#[derive(Default)]
struct Queues(Arc<Mutex<HashMap<usize, Vec<QueueId>>>>);

impl Queues {
    fn find(&self, plan: &Plan, repository: &Repository) {
        let mut found: HashMap<usize, Vec<QueueId>> = HashMap::new();
        for (name, queue) in repository.queues() {
            if let (_, Some(to)) = ends(&name)
                && plan.steps.get(to).is_some()
            {
                found.entry(to).or_default().push(queue);
            }
        }
        *self.0.lock() = found;
    }
}
