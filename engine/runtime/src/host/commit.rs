//! One commit: where every flowfile goes, with everything else that happened, at once.

use std::sync::atomic::Ordering;

use tutti_model::flowfile::{FlowFile, FlowFileId, core_attribute};
use tutti_model::provenance::{EventType, ProvenanceEvent};
use tutti_sdk::ProcessError;
use tutti_sdk::bulletin::{Bulletin, Level};
use tutti_sdk::host::{Changes, SessionHost, Transfer};
use tutti_store::{Commit, Receipt, StateChange};

use super::{TriggerHost, store_error};
use crate::metrics::add;

/// What a commit comes to, before it is made.
#[derive(Default)]
struct Plan {
    commit: Commit,
    /// Flowfiles that go back to their queues: their number, and how often they were tried.
    again: Vec<(FlowFileId, Box<str>)>,
    /// For each flowfile that is put: the connection that it goes into, and its bytes.
    put: Vec<(usize, u64)>,
    /// Flowfiles that end here.
    ended: Vec<FlowFile>,
    /// For each relationship how many went there.
    transferred: Vec<Box<str>>,
}

impl TriggerHost {
    pub(super) async fn commit_changes(&self, changes: Changes) -> Result<(), ProcessError> {
        if self.is_terminated() {
            return Err(ProcessError::internal("the processor was terminated"));
        }
        let Changes { taken, transfers, state, events, written, counts, on_durable } = changes;
        let mut plan = Plan::default();
        plan.commit.events = events;
        plan.commit.state =
            state.into_iter().map(|(key, value)| self.state_change(key, value)).collect();
        for transfer in transfers {
            self.plan_transfer(transfer, &mut plan);
        }
        let receipts = self.receipts(&taken, &plan)?;
        plan.commit.taken = receipts.iter().map(|(receipt, _)| *receipt).collect();
        let mut effects = None;
        if !on_durable.is_empty() {
            effects = self.shared.effects.reserve().await;
        }
        let Plan { commit, again, put, ended, transferred } = plan;
        let committed = self.shared.repository.commit_async(commit).await;
        let ticket = committed.map_err(|error| store_error("cannot commit", error))?;
        if let Some(effects) = effects {
            effects.run_after(&ticket, on_durable, self.effect_report());
        }
        {
            let mut held = self.taken.lock();
            taken.iter().filter(|id| !again.iter().any(|(again, _)| again == *id)).for_each(|id| {
                held.remove(id);
            });
        }
        for (id, relationship) in again {
            self.try_again(id, &relationship);
        }
        self.release(written);
        self.count(&receipts, &put, &ended, transferred);
        let metrics = &self.node().metrics;
        add(&metrics.bytes_read, counts.bytes_read);
        add(&metrics.bytes_written, counts.bytes_written);
        add(&metrics.flowfiles_ended, counts.removed);
        self.wake(&put);
        Ok(())
    }

    fn state_change(&self, key: String, value: Option<String>) -> StateChange {
        StateChange {
            component: self.node().path.as_str().into(),
            key: key.into(),
            value: value.map(Into::into),
        }
    }

    /// Decides where one flowfile goes.
    fn plan_transfer(&self, transfer: Transfer, plan: &mut Plan) {
        let Transfer { mut flowfile, relationship } = transfer;
        if self.is_to_be_retried(flowfile.id, &relationship) {
            let id = flowfile.id;
            plan.commit.events.retain(|event| event.flowfile != id);
            plan.again.push((id, relationship));
            return;
        }
        flowfile.attempts = 0;
        let node = self.node();
        plan.transferred.push(relationship.clone());
        match node.routes.to(&relationship) {
            [] => {
                let mut event = self.event(EventType::Drop, &flowfile);
                event.relationship = Some(relationship);
                event.details = Some("the relationship ends here".into());
                plan.commit.events.push(event);
                plan.ended.push(flowfile);
            }
            [first, others @ ..] => {
                for other in others {
                    let copy = self.copy(&flowfile, &mut plan.commit.events);
                    self.plan_put(*other, copy, plan);
                }
                self.plan_put(*first, flowfile, plan);
            }
        }
    }

    fn plan_put(&self, connection: usize, flowfile: FlowFile, plan: &mut Plan) {
        plan.put.push((connection, flowfile.size_bytes()));
        plan.commit.put.push((self.shared.connections[connection].queue, flowfile));
    }

    /// A copy for one more connection of the same relationship; it shares the content.
    fn copy(&self, flowfile: &FlowFile, events: &mut Vec<ProvenanceEvent>) -> FlowFile {
        let mut copy = flowfile.clone();
        copy.id = self.next_id();
        copy.attributes.insert(core_attribute::UUID, self.new_uuid());
        let mut event = self.event(EventType::Clone, &copy);
        event.parents = vec![flowfile.uuid().into()];
        event.children = vec![copy.uuid().into()];
        events.push(event);
        copy
    }

    fn new_uuid(&self) -> String {
        let random = self.random();
        let bits = u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    /// The places in the queues of what was taken and does not go back.
    fn receipts(
        &self,
        taken: &[FlowFileId],
        plan: &Plan,
    ) -> Result<Vec<(Receipt, u64)>, ProcessError> {
        let held = self.taken.lock();
        let leaving = taken.iter().filter(|id| !plan.again.iter().any(|(again, _)| again == *id));
        leaving
            .map(|id| {
                let (receipt, flowfile) = held.get(id).ok_or_else(|| {
                    ProcessError::internal(format!("flowfile {} was not taken from a queue", id.0))
                })?;
                Ok((*receipt, flowfile.size_bytes()))
            })
            .collect()
    }

    pub(super) fn event(&self, event_type: EventType, flowfile: &FlowFile) -> ProvenanceEvent {
        ProvenanceEvent {
            event_type,
            time: self.clock().now(),
            component: self.node().path.as_str().into(),
            flowfile: flowfile.id,
            uuid: flowfile.uuid().into(),
            parents: Vec::new(),
            children: Vec::new(),
            attributes: flowfile.attributes.clone(),
            content: flowfile.content.clone(),
            relationship: None,
            transit_uri: None,
            details: None,
        }
    }

    fn effect_report(&self) -> Box<dyn Fn(&ProcessError) + Send + Sync> {
        let shared = std::sync::Arc::clone(&self.shared);
        let node = self.node;
        Box::new(move |error| {
            let node = &shared.nodes[node];
            shared.report(
                node,
                Bulletin {
                    level: Level::Error,
                    time: shared.environment.clock.now(),
                    component: node.path.as_str().into(),
                    flowfile: None,
                    message: error.chain(),
                    help: error.help().map(Into::into),
                },
            );
        })
    }

    fn count(
        &self,
        receipts: &[(Receipt, u64)],
        put: &[(usize, u64)],
        ended: &[FlowFile],
        transferred: Vec<Box<str>>,
    ) {
        let node = self.node();
        let metrics = &node.metrics;
        add(&metrics.flowfiles_in, receipts.len() as u64);
        add(&metrics.bytes_in, receipts.iter().map(|(_, bytes)| bytes).sum());
        add(&metrics.flowfiles_out, put.len() as u64);
        add(&metrics.bytes_out, put.iter().map(|(_, bytes)| bytes).sum());
        add(&metrics.flowfiles_ended, ended.len() as u64);
        let now = self.clock().now();
        for flowfile in ended {
            let lineage_ms = now.since_ms(flowfile.lineage_start);
            add(&metrics.lineage_ms, lineage_ms);
            metrics.lineage_ms_max.fetch_max(lineage_ms, Ordering::Relaxed);
        }
        for (connection, _) in put {
            add(&self.shared.connections[*connection].flowfiles_in, 1);
        }
        for (receipt, _) in receipts {
            let inputs = node.inputs.iter().map(|input| &self.shared.connections[*input]);
            for connection in inputs.filter(|connection| connection.queue == receipt.queue) {
                add(&connection.flowfiles_out, 1);
            }
        }
        let mut by_relationship = node.transferred.lock();
        for relationship in transferred {
            *by_relationship.entry(relationship).or_default() += 1;
        }
    }

    /// Wakes whoever has work now, and whoever waited for room.
    fn wake(&self, put: &[(usize, u64)]) {
        let mut woken = None;
        for (connection, _) in put {
            let to = self.shared.connections[*connection].to;
            if woken != Some(to) {
                self.shared.nodes[to].wake.notify_one();
                woken = Some(to);
            }
        }
        self.shared.tell_sources(self.node());
    }
}
