//! What processors that hand in something from outside rely on: content before there is a session,
//! room, a stop that is heard, and whether there is input.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{
    Bench, CAPITAL_FAILURE, Log, Script, make, messages, processor, script, soon, take, until,
};
use parking_lot::Mutex;
use serde_json::json;
use tutti_model::flowfile::{Content, FlowFile, FlowFileId};
use tutti_sdk::{ContentWriters, ProcessError, ProcessorContext, SUCCESS, Session};

/// The surroundings of a processor, for those outside.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Option<ProcessorContext>>>);

impl Kept {
    fn by(&self, script: Script) -> Script {
        let kept = self.clone();
        script.on_scheduled(move |context| {
            *kept.0.lock() = Some(context.clone());
            Ok(())
        })
    }

    async fn get(&self) -> ProcessorContext {
        until(|| self.0.lock().is_some()).await;
        self.0.lock().clone().unwrap()
    }
}

/// So large that it has a file for itself, which is gone with the last who keeps it.
const LARGE_BYTES: usize = 3_000_000;

fn write(context: &ProcessorContext) -> (Content, ContentWriters) {
    let writers = context.writers();
    let mut writer = writers.create().unwrap();
    writer.write_all(&vec![7; LARGE_BYTES]).unwrap();
    (writer.finish().unwrap(), writers)
}

fn read(session: &Session, content: Content) -> Result<usize, ProcessError> {
    let mut probe = Vec::new();
    let flowfile = FlowFile::new(FlowFileId(0), common::START).with_content(content);
    let mut reader = session.read(&flowfile)?;
    reader.read_to_end(&mut probe).map_err(ProcessError::unreadable)?;
    Ok(probe.len())
}

#[tokio::test]
async fn content_that_came_before_its_session_lives_until_a_commit_has_it() {
    let here: Arc<Mutex<Option<(Content, ContentWriters)>>> = Arc::default();
    let triggers = Arc::new(AtomicU64::new(0));
    let (waiting, counted) = (Arc::clone(&here), Arc::clone(&triggers));
    let source = script(move |session| {
        let waiting = Arc::clone(&waiting);
        let trigger = counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            // Other commits come first and are flushed, which is when what nobody keeps is gone.
            if trigger < 5 {
                let flowfile = session.create();
                session.transfer(flowfile, SUCCESS);
                session.commit().await?;
                return session.durable().await;
            }
            let Some((content, writers)) = waiting.lock().take() else { return Ok(()) };
            let mut flowfile = session.create();
            session.adopt_content(&mut flowfile, content);
            session.transfer(flowfile, SUCCESS);
            session.commit().await?;
            drop(writers);
            Ok(())
        })
    });
    let source = source.on_scheduled(move |context| {
        *here.lock() = Some(write(context));
        Ok(())
    });
    let sizes = Log::new();
    let log = sizes.clone();
    let sink = script(move |session| {
        let log = log.clone();
        Box::pin(async move {
            let Some(flowfile) = session.get()? else { return Ok(()) };
            let mut bytes = Vec::new();
            session.read(&flowfile)?.read_to_end(&mut bytes).map_err(ProcessError::unreadable)?;
            log.note(bytes.len());
            session.transfer(flowfile, SUCCESS);
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.source("Make", source).work("Look", sink).connect("Make", SUCCESS, "Look");
    let flow = bench.start();
    until(|| sizes.all().contains(&LARGE_BYTES)).await;
    assert_eq!(messages(&flow), Vec::<String>::new());
    assert_eq!(processor(&flow, "Make").totals.bytes_written, LARGE_BYTES as u64);
}

#[tokio::test]
async fn content_that_nobody_adopted_is_gone_with_its_writers() {
    let outcome = Log::new();
    let log = outcome.clone();
    let source = script(move |session| {
        let log = log.clone();
        Box::pin(async move {
            let (content, writers) = write(session.context());
            let copy = writers.clone();
            drop(writers);
            log.note(read(session, content.clone()).ok());
            drop(copy);
            // Whatever is let go of is gone with one of the next flushes.
            while read(session, content.clone()).is_ok() {
                let flowfile = session.create();
                session.transfer(flowfile, SUCCESS);
                session.commit().await?;
                tokio::task::yield_now().await;
            }
            log.note(None);
            Ok(())
        })
    });
    let mut bench = Bench::new();
    bench.source("Make", source);
    let flow = bench.compile();
    flow.run_once("Make").await.unwrap();
    until(|| outcome.len() == 2).await;
    assert_eq!(outcome.all(), [Some(LARGE_BYTES), None]);
}

#[tokio::test]
async fn whoever_hands_something_in_hears_whether_there_is_room() {
    let kept = Kept::default();
    let mut bench = Bench::new();
    bench.source("Make", kept.by(make(10, 10))).work("Take", take(&Log::new()));
    let limit = json!({ "backPressure": { "count": 5 } });
    bench.connect_with("Make", SUCCESS, "Take", &limit);
    let flow = bench.compile();
    flow.start_processor("Make").unwrap();
    let context = kept.get().await;
    assert!(context.is_source());
    until(|| !context.has_room()).await;
    flow.start_processor("Take").unwrap();
    until(|| context.has_room()).await;
}

#[tokio::test]
async fn a_stop_is_heard_by_who_waits_in_a_trigger_and_outside() {
    for terminates in [false, true] {
        let kept = Kept::default();
        let waits = kept.by(script(|session| {
            Box::pin(async move {
                session.context().stopping().await;
                Ok(())
            })
        }));
        let mut bench = Bench::new();
        bench.source("Wait", waits);
        let flow = bench.start();
        let context = kept.get().await;
        until(|| processor(&flow, "Wait").active_tasks == 1).await;
        let outside = tokio::spawn(context.stopping());
        assert!(!context.is_stopping());
        if terminates {
            flow.terminate_processor("Wait").unwrap();
        } else {
            soon(flow.stop_processor("Wait")).await.unwrap();
        }
        soon(outside).await.unwrap();
        assert!(context.is_stopping());
        soon(context.stopping()).await;
    }
}

#[tokio::test]
async fn what_can_do_without_input_hears_whether_it_has_some() {
    for has_input in [false, true] {
        let kept = Kept::default();
        let mut bench = Bench::new();
        bench.either("Either", kept.by(make(0, 1)));
        if has_input {
            bench.source("Make", make(1, 1)).connect("Make", SUCCESS, "Either");
        }
        let flow = bench.start();
        assert_eq!(kept.get().await.is_source(), !has_input);
        flow.terminate();
    }
}

#[tokio::test]
async fn failure_is_the_same_with_a_capital() {
    let failed = Log::new();
    let fails = script(|session| {
        Box::pin(async move {
            session.get()?;
            Err(ProcessError::user("never"))
        })
    });
    let mut bench = Bench::new();
    let settings = json!({ "penaltyDuration": "1 sec", "yieldDuration": "0 sec" });
    bench.source("Make", make(1, 1)).capital("Work", &settings, fails);
    bench.work("Failed", take(&failed));
    bench.connect("Make", SUCCESS, "Work").connect("Work", CAPITAL_FAILURE, "Failed");
    let flow = bench.start();
    bench.advance(10_000, 100).await;
    assert_eq!(failed.all(), ["0"]);
    assert_eq!(processor(&flow, "Work").failed, 1);
    assert_eq!(flow.status().failures.len(), 1);
}
