//! Whoever observes a flow is told of what counts, in its order, and of nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod common;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{Bench, Log, n, script, soon};
use tutti_model::flowfile::{Content, FlowFile};
use tutti_runtime::Observer;
use tutti_sdk::{ProcessError, SUCCESS};
use tutti_store::Repository;

struct Ears {
    heard: Log<String>,
    repository: Arc<Repository>,
}

impl Observer for Ears {
    fn sent(&self, path: &str, relationship: &str, flowfile: &FlowFile) {
        let mut content = String::new();
        if let Content::Stored(slice) = flowfile.content() {
            self.repository.open_content(slice).unwrap().read_to_string(&mut content).unwrap();
        }
        self.heard.note(format!("{path} [{relationship}] {} {content}", n(flowfile)));
    }
}

#[tokio::test]
async fn what_was_rolled_back_is_not_told_and_content_that_ends_can_be_opened() {
    let attempts = Arc::new(AtomicU64::new(0));
    let work = script(move |session| {
        let attempts = Arc::clone(&attempts);
        Box::pin(async move {
            let Some(mut flowfile) = session.get()? else { return Ok(()) };
            let mut writer = session.write()?;
            let attempt = attempts.fetch_add(1, Ordering::SeqCst);
            write!(writer, "attempt {attempt}").unwrap();
            let content = writer.finish().unwrap();
            session.set_content(&mut flowfile, content);
            session.transfer(flowfile, SUCCESS);
            if attempt == 0 { Err(ProcessError::external("not yet")) } else { Ok(()) }
        })
    });
    let heard = Log::new();
    let mut bench = Bench::new();
    let ears = Ears { heard: heard.clone(), repository: Arc::clone(&bench.repository) };
    bench.environment = bench.environment.clone().observed_by(Arc::new(ears));
    bench.source("Make", common::make(2, 2)).work("Work", work).connect("Make", SUCCESS, "Work");
    let flow = bench.start();
    // A penalty has passed by then.
    bench.advance(60_000, 1_000).await;
    soon(flow.stop()).await;
    let expected = [
        "Make [success] 0 ",
        "Make [success] 1 ",
        "Work [success] 1 attempt 1",
        "Work [success] 0 attempt 2",
    ];
    assert_eq!(heard.all(), expected);
}
