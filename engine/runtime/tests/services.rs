//! Services: when they are enabled and disabled, who waits for them, and what becomes of their
//! state.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::tally::{Counter, User, UserProperties, counter, world};
use common::{Bench, Ended, Memory, catalog, make, messages, processor, settle, soon};
use serde_json::{Value, json};
use tutti_model::spec::InputRequirement;
use tutti_runtime::{EditOptions, Flow, FlowState, ServiceState};
use tutti_sdk::{
    BuildContext, BuildError, Catalog, Description, FAILURE, Processor, ProcessorType, SUCCESS,
    ServiceType, Session, async_trait,
};
use tutti_store::{Options, Repository};

fn types() -> Arc<Catalog> {
    let users = catalog().with([ProcessorType::of::<User>(), ProcessorType::of::<Patient>()]);
    Arc::new(users.with_services([ServiceType::of::<Counter>()]))
}

/// A source of `count` flowfiles before a user of the service `Count`, in so many tasks.
fn counting(bench: &mut Bench, key: &str, count: u64, tasks: u64) {
    let source = bench.scripted("Source", "Make", make(count, 1));
    let ends = |mut processor: Value, relationships: &[&str]| {
        processor["autoTerminate"] = json!(relationships);
        processor
    };
    let user = json!({
        "type": "User",
        "properties": { "Key": key, "Service": "Count" },
        "concurrentTasks": tasks,
    });
    bench.member("services", json!({ "Count": counter(key, None) }));
    bench.member(
        "processors",
        json!({
            "Make": ends(source, &["failure", "other"]),
            "Use": ends(user, &[FAILURE, SUCCESS]),
        }),
    );
    let connection = json!({ "from": "Make", "relationships": [SUCCESS], "to": "Use" });
    bench.member("connections", json!([connection]));
}

fn compile(bench: &Bench) -> Flow {
    let valid = Arc::new(bench.valid_with(&*types()));
    Flow::compile(&valid, &types(), &bench.repository, &bench.environment)
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn state_of(flow: &Flow, service: &str) -> ServiceState {
    flow.status().services.iter().find(|each| each.path == service).unwrap().state
}

fn count(repository: &Repository) -> Option<String> {
    repository.state_value("bench//Count", "count").map(Into::into)
}

#[tokio::test]
async fn a_service_is_there_as_long_as_something_that_uses_it_runs() {
    let (key, mut bench) = ("there", Bench::new());
    counting(&mut bench, key, 3, 1);
    bench.member(
        "services",
        json!({
            "Count": counter(key, Some("First")),
            "First": counter(key, None),
            "Idle": { "type": "Counter", "properties": { "Key": key }, "state": "disabled" },
        }),
    );
    let flow = compile(&bench);
    assert_eq!(state_of(&flow, "Count"), ServiceState::Stopped);
    flow.start();
    assert_eq!(state_of(&flow, "Count"), ServiceState::Enabling);
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(state_of(&flow, "Count"), ServiceState::Enabled);
    assert_eq!(state_of(&flow, "Idle"), ServiceState::Disabled);
    assert_eq!(count(&bench.repository).as_deref(), Some("3"));
    soon(flow.stop()).await;
    assert_eq!(state_of(&flow, "First"), ServiceState::Stopped);
    let expected = [
        "enabled First",
        "enabled Count",
        "start Use",
        "stop Use",
        "disabled Count",
        "disabled First",
    ];
    assert_eq!(world(key).log.all(), expected);
    flow.start();
    soon(flow.until_idle()).await.unwrap();
    assert_eq!(world(key).log.all()[6..], expected[..3], "and it can be enabled again");
}

#[tokio::test]
async fn a_processor_that_is_started_alone_brings_its_service_with_it() {
    let (key, mut bench) = ("alone", Bench::new());
    counting(&mut bench, key, 1, 1);
    let flow = compile(&bench);
    flow.start_processor("Make").unwrap();
    settle().await;
    assert_eq!(world(key).log.len(), 0, "what does not use it does not need it");
    flow.start_processor("Use").unwrap();
    soon(flow.until_idle()).await.unwrap();
    soon(flow.stop_processor("Use")).await.unwrap();
    settle().await;
    assert_eq!(world(key).log.all(), ["enabled Count", "start Use", "stop Use", "disabled Count"]);
}

#[tokio::test]
async fn who_uses_a_service_that_fails_waits_for_it_and_nobody_else_does() {
    let (key, mut bench) = ("fails", Bench::new());
    counting(&mut bench, key, 2, 1);
    bench.member(
        "services",
        json!({ "Count": counter(key, Some("Late")), "Late": counter(key, None) }),
    );
    world(key).failures.lock().insert("Late".to_owned(), 2);
    let flow = compile(&bench);
    flow.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    let waits = "it waits for the service \"Late\"".to_owned();
    let told = [("Late".to_owned(), "nobody answers".to_owned()), ("Use".to_owned(), waits)];
    assert_eq!(stuck.not_started, told);
    assert_eq!(state_of(&flow, "Late"), ServiceState::EnableFailed);
    assert_eq!(state_of(&flow, "Count"), ServiceState::Enabling);
    assert_eq!(processor(&flow, "Use").state, FlowState::Starting);
    assert_eq!(processor(&flow, "Make").state, FlowState::Running);
    assert_eq!(flow.status().flowfiles.entered, 0, "no source begins before what it leads to");
    assert_eq!(messages(&flow), ["nobody answers"]);
    bench.advance(500, 500).await;
    assert_eq!(world(key).log.len(), 0);
    bench.advance(999, 999).await;
    assert_eq!(world(key).log.len(), 0, "the pause has doubled");
    bench.advance(1, 1).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(world(key).log.all(), ["enabled Late", "enabled Count", "start Use"]);
    assert_eq!(count(&bench.repository).as_deref(), Some("2"));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_service_that_fails() {
    let (key, mut bench) = ("stopped", Bench::new());
    counting(&mut bench, key, 1, 1);
    world(key).failures.lock().insert("Count".to_owned(), 50);
    let flow = compile(&bench);
    flow.start();
    settle().await;
    soon(flow.stop()).await;
    assert_eq!(state_of(&flow, "Count"), ServiceState::Stopped);
    assert_eq!(flow.status().services[0].enable_failure, None);
    assert!(!soon(flow.run_once("Use")).await.unwrap(), "nor does a trigger by hand");
    let failure = processor(&flow, "Use").start_failure.unwrap();
    assert_eq!(failure, "the service \"Count\" is not enabled: nobody answers");
}

#[tokio::test]
async fn a_service_that_panics_is_told_and_tried_again() {
    let (key, mut bench) = ("panics", Bench::new());
    counting(&mut bench, key, 1, 1);
    world(key).failures.lock().insert("Count".to_owned(), 101);
    let flow = compile(&bench);
    flow.start();
    settle().await;
    assert_eq!(messages(&flow), ["the service panicked: on purpose"]);
    world(key).failures.lock().clear();
    bench.advance(500, 500).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_terminated_flow_lets_go_of_its_services() {
    let (key, mut bench) = ("terminated", Bench::new());
    counting(&mut bench, key, 1, 1);
    let flow = compile(&bench);
    flow.start();
    soon(flow.until_idle()).await.unwrap();
    flow.terminate();
    settle().await;
    assert_eq!(state_of(&flow, "Count"), ServiceState::Stopped);
    assert_eq!(world(key).log.all().last().unwrap(), "disabled Count");
}

#[tokio::test]
async fn sessions_take_turns_and_what_failed_has_not_counted() {
    let (key, mut bench) = ("turns", Bench::new());
    counting(&mut bench, key, 40, 4);
    world(key).failing.lock().extend([0, 7, 8, 20]);
    let flow = compile(&bench);
    flow.start();
    settle().await;
    bench.advance(60_000, 1_000).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(processor(&flow, "Use").transferred.get(SUCCESS), Some(&40));
    assert_eq!(world(key).sessions.load(Ordering::SeqCst), 44);
    assert_eq!(count(&bench.repository).as_deref(), Some("40"), "each once");
}

#[tokio::test]
async fn a_crash_takes_back_a_services_state_with_the_flowfiles() {
    let (key, memory) = ("crash", Memory::default());
    // What is committed is taken at once, also after a death: nobody flushes meanwhile.
    let by_hand = || Options { has_flusher: false, deaths_max: 0, ..Options::default() };
    for (flushes, expected) in [(false, None), (true, Some("2"))] {
        let mut bench = Bench::on(memory.open(by_hand()));
        counting(&mut bench, key, 2, 1);
        let flow = compile(&bench);
        flow.start();
        while processor(&flow, "Use").totals.flowfiles_ended < 2 {
            settle().await;
        }
        if flushes {
            bench.repository.flush().unwrap();
        }
        memory.crash();
        assert_eq!(count(&memory.open(by_hand())).as_deref(), expected);
    }
}

/// Takes what comes once the count is 2 or a time is over, and rests before.
struct Patient(UserProperties);

#[async_trait]
impl Processor for Patient {
    type Properties = UserProperties;

    fn describe() -> Description {
        let input = InputRequirement::Required;
        Description { input, ..Description::transform("Patient", "Waits for a count.") }
    }

    fn build(properties: UserProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Ended {
        let counter = session.context().service(&self.0.service)?.context();
        let count = session.hold(&counter).await?.values().get("count").map(str::to_owned);
        let until = world(&self.0.key).failures.lock().get("until").copied();
        let until = until.map(|after_ms| common::START.plus_ms(after_ms));
        let is_over = until.is_some_and(|until| until <= session.clock().now());
        if count.as_deref() != Some("2") && !is_over {
            session.rest(until);
            return Ok(());
        }
        for flowfile in session.get_batch(usize::MAX)? {
            session.transfer(flowfile, SUCCESS);
        }
        Ok(())
    }
}

/// A flow in which one flowfile comes to `Patient` and `count` others are counted.
fn waiting(bench: &mut Bench, key: &str, count: u64) -> Flow {
    counting(bench, key, count, 1);
    let properties = json!({ "Key": key, "Service": "Count" });
    let ends = |kind: &str, mut of: Value, relationships: &[&str]| {
        of["type"] = json!(kind);
        of["autoTerminate"] = json!(relationships);
        of
    };
    let source = |name: &str, count| bench.scripted("Source", name, make(count, 1));
    let (first, second) = (source("Make", 1), source("Others", count));
    bench.member(
        "processors",
        json!({
            "Make": ends("Source", first, &["failure", "other"]),
            "Others": ends("Source", second, &["failure", "other"]),
            "Use": ends("User", json!({ "properties": properties }), &[FAILURE, SUCCESS]),
            "Wait": ends("Patient", json!({ "properties": properties }), &[FAILURE, SUCCESS]),
        }),
    );
    bench.member(
        "connections",
        json!([
            { "from": "Make", "relationships": [SUCCESS], "to": "Wait" },
            { "from": "Others", "relationships": [SUCCESS], "to": "Use" },
        ]),
    );
    compile(bench)
}

#[tokio::test]
async fn what_rests_is_woken_by_a_change_of_its_service() {
    let (key, mut bench) = ("woken", Bench::new());
    let flow = waiting(&mut bench, key, 2);
    flow.start_processor("Make").unwrap();
    flow.start_processor("Wait").unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Make [success] -> Wait".to_owned(), 1)]);
    flow.start_processor("Others").unwrap();
    flow.start_processor("Use").unwrap();
    let idle = flow.until_idle();
    tokio::pin!(idle);
    while processor(&flow, "Wait").totals.flowfiles_ended == 0 {
        assert!(futures::poll!(&mut idle).is_pending(), "the change may be what it waits for");
        bench.advance(200, 10).await;
    }
    assert!(soon(idle).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_run_waits_for_what_rests_no_longer_than_five_minutes() {
    for (after_ms, is_awaited) in [(299_000, true), (310_000, false)] {
        let key = format!("until {after_ms}");
        let mut bench = Bench::new();
        world(&key).failures.lock().insert("until".to_owned(), after_ms);
        let flow = waiting(&mut bench, &key, 1);
        flow.start();
        bench.advance(1_000, 10).await;
        let idle = flow.until_idle();
        tokio::pin!(idle);
        if is_awaited {
            while processor(&flow, "Wait").totals.flowfiles_ended == 0 {
                assert!(futures::poll!(&mut idle).is_pending());
                bench.advance(1_000, 1_000).await;
            }
            assert!(soon(idle).await.unwrap().is_empty());
        } else {
            assert_eq!(soon(idle).await.unwrap().waiting.len(), 1);
            assert_eq!(soon(flow.drain()).await.unwrap().waiting.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_drain_does_not_wait_for_what_rests() {
    let (key, mut bench) = ("drain", Bench::new());
    world(key).failures.lock().insert("until".to_owned(), 10_000);
    let flow = waiting(&mut bench, key, 1);
    flow.start();
    bench.advance(1_000, 10).await;
    assert_eq!(soon(flow.drain()).await.unwrap().waiting.len(), 1);
}

#[tokio::test]
async fn a_service_that_is_changed_changes_with_all_that_uses_it_and_no_other() {
    let (key, mut bench) = ("changed", Bench::new());
    counting(&mut bench, key, 3, 1);
    let services = |other: &str| {
        json!({
            "Count": counter(key, Some(other)),
            "First": counter(key, None),
            "Second": counter(key, None),
        })
    };
    bench.member("services", services("First"));
    let flow = compile(&bench);
    flow.start();
    soon(flow.until_idle()).await.unwrap();
    let before = world(key).log.len();
    bench.member("services", services("Second"));
    let changed = Arc::new(bench.valid_with(&*types()));
    let edited =
        soon(flow.edit(&changed, EditOptions::within(Duration::from_mins(1)))).await.unwrap();
    assert_eq!((edited.kept, edited.changed), (1, vec!["Use".to_owned()]));
    soon(flow.until_idle()).await.unwrap();
    let after = ["stop Use", "disabled Count", "enabled Count", "start Use"];
    assert_eq!(world(key).log.all()[before..], after, "what they use goes on");
    assert_eq!(count(&bench.repository).as_deref(), Some("3"), "its state is there");
    soon(flow.stop()).await;
    let states = flow.status().services.into_iter().map(|each| each.state);
    assert!(states.into_iter().all(|state| state == ServiceState::Stopped));
}
