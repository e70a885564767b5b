//! What a flow does when all goes well: moves, copies, counts, ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use common::{
    Bench, Log, Memory, OTHER, START, catalog, connection, make, messages, n, processor, script,
    settle, soon, take,
};
use serde_json::json;
use tutti_model::chain;
use tutti_model::provenance::EventType;
use tutti_model::spec::{FitCheck, ProcessorSpec, ServiceSpec, SpecSource};
use tutti_runtime::{Flow, FlowCounts, FlowState};
use tutti_sdk::bulletin::Level;
use tutti_sdk::{Catalog, FAILURE, SUCCESS};
use tutti_store::{Options, Search};

fn search(event_type: EventType) -> Search {
    Search { event_type: Some(event_type), ..Search::newest(1_000) }
}

/// Types of processors as the bench knows them, and one of controller services.
struct WithService(Arc<Catalog>, ServiceSpec);

impl SpecSource for WithService {
    fn spec(&self, type_name: &str) -> Option<&ProcessorSpec> {
        self.0.spec(type_name)
    }

    fn type_names(&self) -> Vec<&str> {
        self.0.type_names()
    }

    fn service_spec(&self, type_name: &str) -> Option<&ServiceSpec> {
        (type_name == self.1.type_name).then_some(&self.1)
    }
}

#[tokio::test]
async fn a_flow_that_cannot_run_is_refused_as_a_whole_and_leaves_no_queues() {
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1)).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Take");
    bench.member("services", json!({ "Store": { "type": "ObjectStore" } }));
    let service = ServiceSpec {
        type_name: "ObjectStore".into(),
        summary: "A store.".into(),
        description: "".into(),
        tags: Vec::new(),
        offers: "object store".into(),
        properties: Vec::new(),
        dynamic: None,
        example_flow: None,
        fits: FitCheck::any(),
    };
    let flow = Arc::new(bench.valid_with(&WithService(catalog(), service)));
    let refused = Flow::compile(&flow, &catalog(), &bench.repository, &bench.environment);
    let said: Vec<_> = refused.err().unwrap().iter().map(|each| chain(each)).collect();
    let expected =
        "service \"Store\" cannot be built: there is no type \"ObjectStore\" in the catalog";
    assert_eq!(said, [expected]);
    assert!(bench.repository.queues().is_empty());
}

#[tokio::test]
async fn what_a_source_makes_comes_to_the_end_in_order_and_is_counted() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source("Make", make(250, 100)).work("Take", take(&log)).connect("Make", SUCCESS, "Take");
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert!(stuck.is_empty(), "{stuck:?}");
    let expected: Vec<String> = (0..250).map(|n| n.to_string()).collect();
    assert_eq!(log.all(), expected);
    let made = processor(&flow, "Make").totals;
    assert_eq!((made.flowfiles_in, made.flowfiles_out, made.tasks), (0, 250, 4));
    let taken = processor(&flow, "Take");
    assert_eq!((taken.totals.flowfiles_in, taken.totals.flowfiles_ended), (250, 250));
    assert_eq!(taken.totals.tasks, 250, "no trigger found nothing");
    assert_eq!(taken.transferred.get(SUCCESS), Some(&250));
    assert_eq!(taken.auto_terminated, [FAILURE, OTHER, SUCCESS]);
    let whole = flow.status().flowfiles;
    assert_eq!(whole, FlowCounts { entered: 250, ended: 250, queued: 0, failed: 0, parked: 0 });
    let between = connection(&flow, "Make");
    assert_eq!((between.queued, between.flowfiles_in, between.flowfiles_out), (0, 250, 250));
    let dropped = bench.repository.search(&search(EventType::Drop)).unwrap().events;
    assert_eq!(dropped.len(), 250);
    assert!(dropped.iter().all(|event| event.relationship.as_deref() == Some(SUCCESS)));
    assert_eq!(flow.status().state, FlowState::Running);
    soon(flow.stop()).await;
    assert_eq!(flow.status().state, FlowState::Stopped);
}

#[tokio::test]
async fn each_connection_of_a_relationship_gets_a_copy_that_shares_the_content() {
    let log = Log::new();
    let make_one = {
        let left = std::sync::atomic::AtomicU64::new(1);
        script(move |session| {
            let is_first = left.swap(0, Ordering::SeqCst) == 1;
            Box::pin(async move {
                if is_first {
                    let mut flowfile = session.create();
                    let mut writer = session.write()?;
                    std::io::Write::write_all(&mut writer, b"music").unwrap();
                    session.set_content(&mut flowfile, writer.finish().unwrap());
                    session.transfer(flowfile, SUCCESS);
                }
                Ok(())
            })
        })
    };
    let note = || {
        let log: Log<_> = log.clone();
        script(move |session| {
            let log = log.clone();
            Box::pin(async move {
                let Some(flowfile) = session.get()? else { return Ok(()) };
                let mut text = String::new();
                std::io::Read::read_to_string(&mut session.read(&flowfile)?, &mut text).unwrap();
                log.note((flowfile.uuid().to_owned(), flowfile.content().clone(), text));
                session.remove(flowfile, "seen");
                Ok(())
            })
        })
    };
    let mut bench = Bench::new();
    bench.source("Make", make_one).work("A", note()).work("B", note()).work("C", note());
    for to in ["A", "B", "C"] {
        bench.connect("Make", SUCCESS, to);
    }
    let flow = bench.start();
    soon(flow.until_idle()).await.unwrap();
    let seen = log.all();
    assert_eq!(seen.len(), 3);
    for (index, (uuid, content, text)) in seen.iter().enumerate() {
        assert_eq!((content, text.as_str()), (&seen[0].1, "music"), "one claim for all");
        assert!(seen[..index].iter().all(|other| other.0 != *uuid), "each has its own identity");
    }
    let clones = bench.repository.search(&search(EventType::Clone)).unwrap().events;
    assert_eq!(clones.len(), 2);
    assert_eq!(clones[0].parents, clones[1].parents, "both from the one that was made");
    let made = processor(&flow, "Make").totals;
    assert_eq!((made.flowfiles_out, made.bytes_out, made.bytes_written), (3, 15, 5));
    let read = processor(&flow, "A").totals;
    assert_eq!((read.bytes_in, read.bytes_read, read.flowfiles_ended), (5, 5, 1));
    drop(flow);
}

#[tokio::test]
async fn a_lineage_lasts_from_the_entry_of_the_first_to_the_end_of_each() {
    let end = script(|session| {
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            let child = session.create_child(&flowfile);
            session.transfer(child, SUCCESS);
            session.remove(flowfile, "its child goes on");
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.source("Make", make(2, 1)).work("Split", end).work("Take", take(&Log::new()));
    bench.connect("Make", SUCCESS, "Split").connect("Split", SUCCESS, "Take");
    let flow = bench.compile();
    for later_ms in [3_000, 2_000] {
        assert!(soon(flow.run_once("Make")).await.unwrap());
        bench.clock.advance_ms(later_ms);
    }
    for (name, later_ms) in [("Split", 1_000), ("Take", 0)] {
        flow.start_processor(name).unwrap();
        soon(flow.until_idle()).await.unwrap();
        bench.clock.advance_ms(later_ms);
    }
    let lineage = |name| {
        let totals = processor(&flow, name).totals;
        (totals.flowfiles_ended, totals.lineage_ms, totals.lineage_ms_max)
    };
    assert_eq!(lineage("Split"), (2, 5_000 + 2_000, 5_000), "what was removed");
    assert_eq!(lineage("Take"), (2, 6_000 + 3_000, 6_000), "what came out");
}

#[tokio::test]
async fn queues_take_turns_and_each_keeps_its_order() {
    let log = Log::new();
    let mut bench = Bench::new();
    let named = |name: &'static str| {
        let left = std::sync::atomic::AtomicBool::new(true);
        script(move |session| {
            let is_first = left.swap(false, Ordering::SeqCst);
            Box::pin(async move {
                for number in (0..4).filter(|_| is_first) {
                    let mut flowfile = session.create();
                    flowfile.set_attribute("n", format!("{name}{number}"));
                    session.transfer(flowfile, SUCCESS);
                }
                Ok(())
            })
        })
    };
    bench.source("A", named("a")).source("B", named("b")).work("Take", take(&log));
    bench.connect("A", SUCCESS, "Take").connect("B", SUCCESS, "Take");
    let flow = bench.compile();
    flow.start_processor("A").unwrap();
    flow.start_processor("B").unwrap();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting.len(), 2, "nobody takes from them yet: {stuck:?}");
    flow.start_processor("Take").unwrap();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    let seen = log.all();
    let of = |name: char| -> Vec<&String> {
        seen.iter().filter(|each| each.starts_with(name)).collect()
    };
    assert_eq!(of('a'), ["a0", "a1", "a2", "a3"]);
    assert_eq!(of('b'), ["b0", "b1", "b2", "b3"]);
    for pair in seen.chunks(2) {
        assert_ne!(pair[0].as_bytes()[0], pair[1].as_bytes()[0], "turns: {seen:?}");
    }
}

#[tokio::test]
async fn funnels_ports_and_groups_hand_on_what_comes() {
    let log = Log::new();
    let mut bench = Bench::new();
    let inner = bench.scripted("Work", "inner", take(&log));
    bench.source("Make", make(5, 5)).work("After", take(&log));
    bench.connect("Make", SUCCESS, "All").connect("All", "", "Group/In");
    bench.connect("Group/Out", "", "After");
    bench.member("funnels", json!(["All"]));
    let mut inner = inner;
    inner["autoTerminate"] = json!([FAILURE, OTHER]);
    bench.member(
        "groups",
        json!({ "Group": {
            "processors": { "Inner": inner },
            "inputPorts": { "In": {} },
            "outputPorts": { "Out": {} },
            "connections": [
                { "from": "In", "to": "Inner" },
                { "from": "Inner", "relationships": [SUCCESS], "to": "Out" },
            ],
        } }),
    );
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert!(stuck.is_empty(), "{stuck:?}");
    assert_eq!(log.len(), 10, "five inside the group, five after it");
    assert_eq!(processor(&flow, "Group/Inner").totals.flowfiles_out, 5);
}

#[tokio::test]
async fn what_leads_nowhere_is_held_and_told() {
    let mut bench = Bench::new();
    bench.source("Make", make(2, 2)).connect("Make", SUCCESS, "Gone");
    bench.member("outputPorts", json!({ "Gone": {} }));
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!(stuck.waiting, [("Make [success] -> Gone".to_owned(), 2)]);
}

#[tokio::test]
async fn prioritizers_say_what_goes_first_also_after_a_restart() {
    let memory = Memory::default();
    let options = Options { has_flusher: false, ..Options::default() };
    let priorities = ["7", "", "-3", "b", "12", "a", "7"];
    let taken = Log::new();
    for is_restarted in [false, true] {
        let mut bench = Bench::on(memory.open(options.clone()));
        let make = script(move |session| {
            Box::pin(async move {
                for (n, priority) in priorities.iter().enumerate() {
                    let mut flowfile = session.create();
                    flowfile.set_attribute("n", n.to_string());
                    if !priority.is_empty() {
                        flowfile.set_attribute("priority", *priority);
                    }
                    session.transfer(flowfile, SUCCESS);
                }
                Ok(())
            })
        });
        bench.source("Make", make).work("Take", take(&taken));
        let order = ["PriorityAttributePrioritizer", "NewestFlowFileFirstPrioritizer"];
        bench.connect_with("Make", SUCCESS, "Take", &json!({ "prioritizers": order }));
        let flow = bench.compile();
        if is_restarted {
            flow.start_processor("Take").unwrap();
            assert!(soon(flow.until_idle()).await.unwrap().is_empty());
        } else {
            assert!(soon(flow.run_once("Make")).await.unwrap());
            assert!(soon(flow.run_once("Take")).await.unwrap());
            bench.repository.flush().unwrap();
            memory.crash();
        }
    }
    let expected = ["2", "6", "0", "4", "5", "3", "1"];
    assert_eq!(taken.all(), expected, "numbers, newest of equals first, texts, then the rest");
}

#[tokio::test]
async fn a_source_that_finds_nothing_is_asked_less_and_less_often() {
    let times = Log::new();
    let noted = times.clone();
    let mut bench = Bench::new();
    let find_nothing = script(move |session| {
        noted.note(session.clock().now().0 - START.0);
        Box::pin(async { Ok(()) })
    });
    bench.source("Look", find_nothing);
    let flow = bench.start();
    bench.advance(700, 10).await;
    assert_eq!(times.all(), [0, 10, 30, 70, 150, 310, 470, 630]);
    drop(flow);
}

#[tokio::test]
async fn a_processor_with_optional_input_runs_by_itself_only_without_connections() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.either("Alone", make(3, 3)).either("Fed", take(&log)).connect("Alone", SUCCESS, "Fed");
    let flow = bench.start();
    soon(flow.until_idle()).await.unwrap();
    assert_eq!(log.len(), 3);
    assert_eq!(processor(&flow, "Fed").totals.tasks, 3, "never triggered without input");
}

#[tokio::test]
async fn processors_without_work_are_never_triggered() {
    let log = Log::new();
    let mut bench = Bench::new();
    bench.source_with("Make", &json!({ "state": "disabled" }), make(1, 1));
    for index in 0..1_000 {
        let name = format!("Idle {index}");
        bench.work(&name, take(&log)).connect("Make", SUCCESS, &name);
    }
    let flow = bench.start();
    bench.advance(60_000, 20_000).await;
    let status = flow.status();
    let running = status.processors.iter().filter(|each| each.state == FlowState::Running);
    assert_eq!(running.count(), 1_000);
    assert_eq!(status.processors.iter().map(|each| each.totals.tasks).sum::<u64>(), 0);
    soon(flow.stop()).await;
}

#[tokio::test]
async fn as_many_tasks_work_at_a_time_as_the_flow_says() {
    // Each task waits for the other: with one at a time this would never end.
    let barrier = Arc::new(tokio::sync::Barrier::new(2));
    let mut bench = Bench::new();
    let meet = script(move |session| {
        let barrier = Arc::clone(&barrier);
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            barrier.wait().await;
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    bench.source("Make", make(6, 1)).work_with("Meet", &json!({ "concurrentTasks": 2 }), meet);
    bench.connect("Make", SUCCESS, "Meet");
    let flow = bench.start();
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(processor(&flow, "Meet").totals.flowfiles_ended, 6);
}

#[tokio::test]
async fn a_filter_leaves_what_it_does_not_want_and_nothing_spins() {
    let log = Log::new();
    let noted = log.clone();
    let mut bench = Bench::new();
    let choose = script(move |session| {
        let log = noted.clone();
        Box::pin(async move {
            let pick = |flowfile: &tutti_model::flowfile::FlowFile| match n(flowfile).as_str() {
                "1" => tutti_model::flowfile::Pick::Take,
                _ => tutti_model::flowfile::Pick::Skip,
            };
            for flowfile in session.get_where(10, pick)? {
                log.note(n(&flowfile));
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    bench.source("Make", make(3, 3)).work("Choose", choose).connect("Make", SUCCESS, "Choose");
    let flow = bench.start();
    settle().await;
    assert_eq!(log.all(), ["1"]);
    let tasks = processor(&flow, "Choose").totals.tasks;
    settle().await;
    assert_eq!(processor(&flow, "Choose").totals.tasks, tasks, "it waits for time to pass");
    bench.advance(1_000, 10).await;
    let more = processor(&flow, "Choose").totals.tasks - tasks;
    assert!((1..20).contains(&more), "{more} looks in a second");
    assert_eq!(connection(&flow, "Make").queued, 2);
}

#[tokio::test]
async fn two_flows_of_one_repository_tell_their_own_events_and_bulletins() {
    let repository = Memory::default().open(Options::default());
    let mut flows = Vec::new();
    for name in ["one", "other"] {
        let complain = script(move |session| {
            Box::pin(async move {
                let Some(flowfile) = session.get()? else { return Ok(()) };
                session.report(Level::Warning, Some(&flowfile), format!("by {name}"));
                session.remove(flowfile, "seen");
                Ok(())
            })
        });
        let mut bench = Bench::on(Arc::clone(&repository));
        bench.member("name", json!(name)).source("Make", make(2, 1)).work("Work", complain);
        flows.push(bench.connect("Make", SUCCESS, "Work").start());
    }
    for flow in &flows {
        soon(flow.until_idle()).await.unwrap();
        let status = flow.status();
        let told: Vec<_> =
            status.bulletins.iter().map(|each| (each.flow.as_deref(), each.count)).collect();
        assert_eq!(told, [(Some(flow.name()), 2)]);
        assert_eq!(messages(flow), [format!("by {}", flow.name())]);
        let own = Search { flow: Some(flow.name().to_owned()), ..search(EventType::Drop) };
        assert_eq!(repository.search(&own).unwrap().events.len(), 2);
    }
    let both = Search { component: Some("Work".to_owned()), ..search(EventType::Drop) };
    let both = repository.search(&both).unwrap().events;
    let of: Vec<&str> = both.iter().map(|event| &*event.flow).collect();
    assert_eq!(of.iter().filter(|flow| **flow == "one").count(), 2, "{of:?}");
    assert_eq!(of.len(), 4);
}
