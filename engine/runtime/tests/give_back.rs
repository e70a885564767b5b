//! Flowfiles that a processor gives back: when they are tried again, and how long that is waited
//! for.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{
    Bench, Ended, Log, OTHER, START, Script, connection, failing, make, messages, processor,
    settle, soon, tried, until,
};
use serde_json::json;
use tutti_model::flowfile::FlowFile;
use tutti_sdk::{FAILURE, ProcessError, SUCCESS, Session};

/// Gives back what it takes, as `how` says.
fn gives_back(log: &Log<(String, i64)>, how: fn(&mut Session, FlowFile) -> Ended) -> Script {
    tried(log, move |session, flowfile| Box::pin(async move { how(session, flowfile) }))
}

#[tokio::test]
async fn what_has_no_way_out_is_told_and_does_not_keep_a_run_from_its_end() {
    let wrong = || ProcessError::user("no such attribute").with_help("set it");
    let log = Log::new();
    for how in [
        |session: &mut Session, flowfile: FlowFile| {
            let wrong = ProcessError::user("no such attribute").with_help("set it");
            session.give_back_failed(flowfile, &wrong);
            Ok(())
        },
        |_: &mut Session, _: FlowFile| {
            Err(ProcessError::user("no such attribute").with_help("set it"))
        },
    ] {
        let mut bench = Bench::new();
        bench.source("Make", make(2, 2));
        bench.only_success("Work", &json!({ "yieldDuration": "0 sec" }), gives_back(&log, how));
        bench.connect("Make", SUCCESS, "Work");
        let flow = bench.start();
        let stuck = soon(flow.until_idle()).await.unwrap();
        let path = connection(&flow, "Make").path;
        assert_eq!(stuck.waiting, [(path.clone(), 2)]);
        assert_eq!(stuck.in_vain, [(path, 2)]);
        let bulletin = flow.status().bulletins.remove(0);
        assert_eq!((bulletin.level, bulletin.message), ("error", wrong().to_string()));
        assert_eq!(bulletin.help.as_deref(), wrong().help());
    }
    let at_once = |name: &str| (name.to_owned(), 0);
    assert_eq!(log.all(), ["0", "1", "0", "1"].map(at_once), "nobody waited for a penalty");
}

#[tokio::test]
async fn what_has_no_way_out_and_may_pass_is_tried_as_often_but_not_waited_for_so_long() {
    let log = Log::new();
    let later = || ProcessError::external("not now");
    let first = [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1_023];
    let of = |session: &mut Session, flowfile: FlowFile| {
        session.give_back_failed(flowfile, &ProcessError::external("not now"));
        Ok(())
    };
    let mut bench = Bench::new();
    let settings = json!({ "penaltyDuration": "1 sec", "yieldDuration": "0 sec" });
    bench.source("Make", make(1, 1));
    bench.only_success("Work", &settings, gives_back(&log, of));
    bench.connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    let idle = flow.until_idle();
    tokio::pin!(idle);
    bench.advance(510_000, 1_000).await;
    assert!(futures::poll!(&mut idle).is_pending(), "no attempt is more than five minutes away");
    bench.advance(1_000, 1_000).await;
    let stuck = soon(idle).await.unwrap();
    let path = connection(&flow, "Make").path;
    assert_eq!((stuck.waiting, stuck.in_vain), (vec![(path.clone(), 1)], Vec::new()));
    bench.advance(511_000, 1_000).await;
    assert_eq!(flow.status().errors, 0, "what is tried again is a warning");
    bench.advance(1_000, 1_000).await;
    assert_eq!(soon(flow.until_idle()).await.unwrap().in_vain, [(path, 1)]);
    let times: Vec<i64> = log.all().into_iter().map(|(_, time)| time / 1_000).collect();
    assert_eq!(times, first);
    assert_eq!((flow.status().errors, messages(&flow)[0].clone()), (1, later().to_string()));
    bench.advance(600_000, 1_000).await;
    assert_eq!(log.len(), first.len() + 1, "it goes on being tried");
}

#[tokio::test]
async fn what_is_given_back_with_a_penalty_again_and_again_is_waited_for_only_so_often() {
    let log = Log::new();
    let penalizes = |session: &mut Session, mut flowfile: FlowFile| {
        session.penalize(&mut flowfile);
        session.give_back(flowfile);
        Ok(())
    };
    let rolls_back = |session: &mut Session, _: FlowFile| {
        session.rollback(true);
        Ok(())
    };
    for how in [penalizes, rolls_back] {
        let (bench, _) = failing(1, &json!({ "penaltyDuration": "1 sec" }), gives_back(&log, how));
        let flow = bench.start();
        let idle = flow.until_idle();
        tokio::pin!(idle);
        bench.advance(9_000, 1_000).await;
        assert!(futures::poll!(&mut idle).is_pending());
        bench.advance(1_000, 1_000).await;
        assert_eq!(soon(idle).await.unwrap().in_vain, [(connection(&flow, "Make").path, 1)]);
    }
    assert_eq!(log.len(), 22);
}

#[tokio::test]
async fn a_rollback_without_penalty_undoes_and_is_no_attempt() {
    let log = Log::new();
    let is_second = Arc::new(AtomicBool::new(false));
    let work = tried(&log, move |session, flowfile| {
        let is_second = is_second.swap(true, Ordering::SeqCst);
        let child = session.create_child(&flowfile);
        session.transfer(child, OTHER);
        session.set_state("seen", Some(is_second.to_string()));
        let attempts = flowfile.attempts();
        session.transfer(flowfile, SUCCESS);
        if !is_second {
            session.rollback(false);
        }
        Box::pin(async move {
            assert_eq!(attempts, 0);
            Ok(())
        })
    });
    let (bench, _) = failing(1, &json!({}), work);
    let flow = bench.start();
    // What gave everything back is asked again after a short pause, as if it had found nothing.
    bench.advance(100, 10).await;
    assert!(soon(flow.until_idle()).await.unwrap().is_empty());
    assert_eq!(log.len(), 2);
    let transferred = processor(&flow, "Work").transferred;
    assert_eq!((transferred[SUCCESS], transferred[OTHER]), (1, 1), "the first ones do not count");
    assert_eq!(bench.repository.state_value("bench/Work", "seen").as_deref(), Some("true"));
}

#[tokio::test]
async fn a_penalised_flowfile_waits_until_its_moment_and_not_longer() {
    let log = Log::new();
    let work = tried(&log, |session, mut flowfile| {
        Box::pin(async move {
            let is_first = session.clock().now() == START;
            if is_first {
                session.penalize(&mut flowfile);
                session.give_back(flowfile);
            } else {
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    });
    let (bench, _) = failing(1, &json!({ "penaltyDuration": "30 sec" }), work);
    let flow = bench.start();
    settle().await;
    bench.clock.advance_ms(29_999);
    settle().await;
    assert_eq!(log.len(), 1);
    let idle = flow.until_idle();
    tokio::pin!(idle);
    assert!(futures::poll!(&mut idle).is_pending(), "what is penalised is waited for");
    bench.clock.advance_ms(1);
    assert!(soon(idle).await.unwrap().is_empty());
    assert_eq!(log.all(), [("0".to_owned(), 0), ("0".to_owned(), 30_000)]);
}

#[tokio::test]
async fn what_is_waited_for_is_told_when_nothing_else_is_left_and_once_a_wait() {
    let log = Log::new();
    let fails = |_: &mut Session, _: FlowFile| Err(ProcessError::external("not now"));
    let settings = json!({
        "penaltyDuration": "200 sec", "yieldDuration": "0 sec", "bulletinLevel": "info"
    });
    let (bench, _) = failing(2, &settings, gives_back(&log, fails));
    let flow = bench.start();
    let idle = flow.until_idle();
    tokio::pin!(idle);
    assert!(futures::poll!(&mut idle).is_pending());
    settle().await;
    let told = || messages(&flow).into_iter().filter(|message| message.starts_with("waiting"));
    for _ in 0..100 {
        assert!(futures::poll!(&mut idle).is_pending());
        bench.advance(1_900, 100).await;
    }
    assert_eq!(
        told().collect::<Vec<_>>(),
        ["waiting for flowfiles of \"Make [success] -> Work\" to be tried again: 2, the first \
             in 200 s; one that has to wait more than 300 s is left to the next run"]
    );
    bench.advance(20_000, 1_000).await;
    assert_eq!(soon(idle).await.unwrap().waiting, [(connection(&flow, "Make").path, 2)]);
    assert_eq!((log.len(), told().count()), (4, 1), "the next attempts are 400 seconds away");
}

#[tokio::test]
async fn a_run_ends_though_some_attempt_is_always_near() {
    let log = Log::new();
    let fails = |session: &mut Session, flowfile: FlowFile| {
        session.fail_or_retry(flowfile, &ProcessError::external("not now"));
        Ok(())
    };
    let settings = json!({ "retry": { "relationships": [FAILURE], "attempts": 10_000 } });
    let (mut bench, _) = failing(1, &settings, gives_back(&log, fails));
    // One flowfile each four minutes, while waits come to be of ten.
    bench.source_with("Make", &json!({ "schedule": { "period": "4 min" } }), make(3, 1));
    let flow = bench.start();
    bench.advance(3 * 240_000, 1_000).await;
    let idle = flow.until_idle();
    tokio::pin!(idle);
    for _ in 0..90 {
        if futures::poll!(&mut idle).is_ready() {
            return;
        }
        bench.advance(60_000, 1_000).await;
    }
    panic!("it goes on and on: {:?}", log.len());
}

#[tokio::test]
async fn what_comes_round_by_a_funnel_is_not_waited_for_either() {
    let log = Log::new();
    let work = gives_back(&log, |session, mut flowfile| {
        session.penalize(&mut flowfile);
        session.transfer(flowfile, FAILURE);
        Ok(())
    });
    let mut bench = Bench::new();
    bench.source("Make", make(1, 1)).work_with("Work", &json!({}), work);
    bench.member("funnels", json!(["Round"]));
    bench.connect("Make", SUCCESS, "Work").connect("Work", FAILURE, "Round");
    bench.connect("Round", "", "Work");
    let flow = bench.start();
    let stuck = soon(flow.until_idle()).await.unwrap();
    assert_eq!((log.len(), stuck.waiting.len()), (1, 1));
}

#[tokio::test]
async fn a_drain_leaves_what_is_penalised_in_its_queue() {
    let log = Log::new();
    let work = tried(&log, |session, mut flowfile| {
        Box::pin(async move {
            session.penalize(&mut flowfile);
            session.give_back(flowfile);
            Ok(())
        })
    });
    let (bench, _) = failing(1, &json!({ "penaltyDuration": "30 sec" }), work);
    let flow = bench.start();
    until(|| connection(&flow, "Make").penalized == 1).await;
    let stuck = soon(flow.drain()).await.unwrap();
    assert_eq!(stuck.waiting, [(connection(&flow, "Make").path, 1)]);
    assert_eq!(log.len(), 1, "nobody waited for another attempt");
}

/// What can happen to a flowfile that is to be tried again.
type Again = fn(&Session, FlowFile) -> Option<(FlowFile, &'static str)>;

#[tokio::test]
async fn a_drain_makes_no_attempt_after_one_that_is_to_be_repeated() {
    let fails: Again = |_, _| None;
    let goes_back: Again = |_, flowfile| Some((flowfile, OTHER));
    let penalizes: Again = |session, mut flowfile| {
        session.penalize(&mut flowfile);
        Some((flowfile, OTHER))
    };
    for (again, round) in [
        (fails, false),
        (goes_back, false),
        (goes_back, true),
        (penalizes, false),
        (penalizes, true),
    ] {
        let (log, gate) = (Log::new(), Arc::new(tokio::sync::Notify::new()));
        let held = Arc::clone(&gate);
        let work = tried(&log, move |session, flowfile| {
            let held = Arc::clone(&held);
            Box::pin(async move {
                held.notified().await;
                match again(session, flowfile) {
                    Some((flowfile, relationship)) => session.transfer(flowfile, relationship),
                    None => return Err(ProcessError::external("not now")),
                }
                Ok(())
            })
        });
        let mut bench = Bench::new();
        bench.source("Make", make(9, 9)).work("Work", work).connect("Make", SUCCESS, "Work");
        if round {
            bench.work("Round", take_on()).connect("Work", OTHER, "Round");
            bench.connect("Round", SUCCESS, "Work");
        } else {
            bench.connect("Work", OTHER, "Work");
        }
        let flow = bench.start();
        until(|| log.len() == 1).await;
        let drain = flow.drain();
        tokio::pin!(drain);
        assert!(futures::poll!(&mut drain).is_pending());
        gate.notify_one();
        let mut rounds = 0;
        let stuck = loop {
            tokio::select! {
                stuck = &mut drain => break stuck.unwrap(),
                // It may have begun a second one before the first came round.
                () = settle() => {
                    rounds += 1;
                    assert!(rounds < 1_000 && log.len() <= 2, "{:?}", log.all());
                    gate.notify_one();
                }
            }
        };
        assert!(log.len() <= 2, "{:?}", log.all());
        assert_eq!(stuck.waiting.iter().map(|(_, count)| count).sum::<u64>(), 9, "{stuck:?}");
        assert_eq!(flow.status().state, tutti_runtime::FlowState::Stopped);
        let attempts = log.len();
        flow.start();
        until(|| log.len() > attempts).await;
    }
}

/// Hands on what it takes.
fn take_on() -> Script {
    gives_back(&Log::new(), |session, flowfile| {
        session.transfer(flowfile, SUCCESS);
        Ok(())
    })
}
