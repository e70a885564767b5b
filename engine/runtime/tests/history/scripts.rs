//! What the processors of a history do, and what they see that must not be.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::sync::Arc;

use parking_lot::Mutex;
use tutti_model::flowfile::{FlowFile, FlowFileId, core_attribute};
use tutti_sdk::{ProcessError, SUCCESS, Session};
use tutti_store::{QueueId, Repository};

use super::plan::{Order, Plan};
use super::replays::{self, is_replay};
use crate::common::{OTHER, Script, n, script};

/// What is seen of a history from outside; it outlives a crash.
#[derive(Default)]
pub(crate) struct Seen {
    /// Effects of commits that had become durable.
    pub(crate) effects: Mutex<BTreeMap<String, u64>>,
    /// What must not be.
    pub(crate) wrong: Mutex<Vec<String>>,
    /// What happened, in order, with times: two runs of a seed are the same.
    pub(crate) trace: Mutex<Vec<String>>,
    /// How often an order was looked at.
    pub(crate) orders: Mutex<u64>,
}

impl Seen {
    fn note(&self, session: &Session, what: &str) {
        self.trace.lock().push(format!("{} {what}", session.clock().now().0));
    }

    pub(super) fn wrong(&self, what: String) {
        self.wrong.lock().push(what);
    }
}

/// A source that remembers in its state how far it is.
pub(crate) fn source(plan: &Plan, seen: &Arc<Seen>) -> Script {
    let (count, batch, seen) = (plan.count, plan.batch, Arc::clone(seen));
    script(move |session| {
        let seen = Arc::clone(&seen);
        Box::pin(async move {
            let next: u64 = session.state("next")?.map_or(0, |text| text.parse().unwrap());
            let end = count.min(next + batch);
            for number in next..end {
                let mut flowfile = session.create();
                flowfile.set_attribute("n", number.to_string());
                flowfile.set_attribute("priority", (number * 7 % 10).to_string());
                write(session, &mut flowfile, number.to_string()).await?;
                session.transfer(flowfile, SUCCESS);
            }
            if end > next {
                session.set_state("next", Some(end.to_string()));
                seen.note(session, &format!("made {next} to {end}"));
            }
            Ok(())
        })
    })
}

async fn write(
    session: &mut Session,
    flowfile: &mut FlowFile,
    text: String,
) -> Result<(), ProcessError> {
    let mut writer = session.write()?;
    flowfile.set_attribute("content", text.clone());
    let written = session.blocking(move || {
        writer.write_all(text.as_bytes())?;
        writer.finish()
    });
    let refused = |error| ProcessError::external("cannot write").caused_by(error);
    let content = written.await?.map_err(refused)?;
    session.set_content(flowfile, content);
    Ok(())
}

/// The step `index` of `plan`. `queues` are the connections that lead to it.
pub(crate) fn step(
    plan: &Plan,
    index: usize,
    seen: &Arc<Seen>,
    repository: &Arc<Repository>,
    queues: &Arc<Mutex<HashMap<usize, Vec<QueueId>>>>,
) -> Script {
    let (of, has_orders) = (plan.steps[index].clone(), plan.has_orders());
    let (seen, repository, queues) = (Arc::clone(seen), Arc::clone(repository), Arc::clone(queues));
    script(move |session| {
        let (of, seen) = (of.clone(), Arc::clone(&seen));
        let (repository, queues) = (Arc::clone(&repository), Arc::clone(&queues));
        Box::pin(async move {
            let queue = match queues.lock().get(&index).map(Vec::as_slice) {
                // After a death suspects come first, or are left out.
                Some([queue]) if of.tasks == 1 && has_orders && !repository.is_watching() => {
                    Some(*queue)
                }
                _ => None,
            };
            let before = queue.and_then(|queue| waiting(&repository, queue));
            let taken = session.get_batch(of.batch)?;
            if let Some(before) = before {
                check_order(of.order, &before, &taken, &seen);
            }
            for mut flowfile in taken {
                let number: u64 = n(&flowfile).parse().unwrap();
                read(session, &flowfile, &seen).await?;
                if of.slow_ms > 0 {
                    let sleep_ms = session.random().next_u64() % of.slow_ms;
                    session.clock().sleep_ms(sleep_ms).await;
                }
                let way = flowfile.attribute("way").unwrap_or_default();
                let way = format!("{way}.{index}");
                flowfile.set_attribute("way", way.clone());
                if of.writes {
                    write(session, &mut flowfile, format!("{number}{way}")).await?;
                }
                if of.fails > 0 && session.random().next_u64().is_multiple_of(of.fails) {
                    seen.note(session, &format!("failed {number}{way}"));
                    return Err(ProcessError::external("by chance"));
                }
                let relationship = Plan::way(index, number);
                if of.to[relationship].is_empty() {
                    end(session, &flowfile, format!("{number}{way}"), &seen)?;
                }
                session.transfer(flowfile, [SUCCESS, OTHER][relationship]);
            }
            Ok(())
        })
    })
}

async fn read(session: &mut Session, flowfile: &FlowFile, seen: &Seen) -> Result<(), ProcessError> {
    let mut reader = session.read(flowfile)?;
    let text = session.blocking(move || {
        let mut text = String::new();
        reader.read_to_string(&mut text).map(|_| text)
    });
    let refused = |error| ProcessError::external("cannot read").caused_by(error);
    let text = text.await?.map_err(refused)?;
    if Some(text.as_str()) != flowfile.attribute("content") {
        seen.wrong(format!("the content is {text}, not {:?}", flowfile.attribute("content")));
    }
    Ok(())
}

/// A flowfile ends: that is remembered in the same session, and told once it is durable.
fn end(
    session: &mut Session,
    flowfile: &FlowFile,
    key: String,
    seen: &Arc<Seen>,
) -> Result<(), ProcessError> {
    if is_replay(flowfile) {
        return replays::end(session, flowfile, &key, seen);
    }
    if session.state(&key)?.is_some() {
        seen.wrong(format!("{key} came to its end twice"));
    }
    session.set_state(&key, Some("1".to_owned()));
    seen.note(session, &format!("end {key}"));
    let seen = Arc::clone(seen);
    session.on_durable(flowfile, move || {
        *seen.effects.lock().entry(key).or_default() += 1;
        Ok(())
    });
    Ok(())
}

/// Takes what a step was tried with in vain so often that it was given up.
pub(crate) fn failed(seen: &Arc<Seen>) -> Script {
    let seen = Arc::clone(seen);
    script(move |session| {
        let seen = Arc::clone(&seen);
        Box::pin(async move {
            for flowfile in session.get_batch(3)? {
                let at = flowfile.attribute(core_attribute::FAILURE_PROCESSOR).unwrap();
                let way = flowfile.attribute("way").unwrap_or_default();
                let key = format!("{}{way}.{at}", n(&flowfile));
                if is_replay(&flowfile) {
                    replays::end(session, &flowfile, &key, &seen)?;
                    session.transfer(flowfile, SUCCESS);
                    continue;
                }
                if session.state(&key)?.is_some() {
                    seen.wrong(format!("{key} was given up twice"));
                }
                seen.note(session, &format!("given up {key}"));
                session.set_state(&key, Some("1".to_owned()));
                session.transfer(flowfile, SUCCESS);
            }
            Ok(())
        })
    })
}

/// What may be taken from `queue`; `None` when that cannot be told.
fn waiting(repository: &Repository, queue: QueueId) -> Option<Vec<(u64, FlowFile)>> {
    let listed = repository.list(queue, 0, 1_000).ok()?;
    // After the list: what was penalised before it is counted still, or can be taken.
    let is_plain = repository.counts(queue).is_ok_and(|counts| counts.penalized == 0);
    let free = listed.into_iter().filter(|each| !each.is_in_flight);
    is_plain.then(|| free.map(|each| (each.sequence, each.flowfile)).collect())
}

/// What was taken must be the first of what waited, in its order.
fn check_order(order: Order, before: &[(u64, FlowFile)], taken: &[FlowFile], seen: &Seen) {
    let key = |(sequence, flowfile): &(u64, FlowFile)| {
        let rank = match order {
            Order::First => 0,
            Order::Oldest => flowfile.lineage_start().0,
            Order::Priority => flowfile.attribute("priority").unwrap().parse().unwrap(),
        };
        let id = if order == Order::Oldest { flowfile.id() } else { FlowFileId(0) };
        (rank, id, *sequence)
    };
    let mut expected: Vec<_> = before.iter().collect();
    expected.sort_by_key(|each| key(each));
    let expected = expected.iter().take(taken.len()).map(|(_, flowfile)| flowfile.id());
    if !expected.clone().eq(taken.iter().map(FlowFile::id)) {
        let taken: Vec<_> = taken.iter().map(FlowFile::id).collect();
        seen.wrong(format!("{order:?}: took {taken:?}, not {:?}", expected.collect::<Vec<_>>()));
    }
    *seen.orders.lock() += u64::from(!taken.is_empty());
}
