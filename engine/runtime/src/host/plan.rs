//! What a commit comes to: where every flowfile of a session goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tutti_model::flowfile::{FlowFile, FlowFileId, Timestamp};
use tutti_model::provenance::{EventType, ProvenanceEvent};
use tutti_sdk::host::{Changes, ServiceChanges, SessionHost, Transfer, new_uuid};
use tutti_sdk::{ProcessError, is_failure};
use tutti_store::{Commit, Receipt, StateChange};

use super::{TriggerHost, inputs};
use crate::failures::FailureStatus;

/// A commit before it is made.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) commit: Commit,
    /// What leaves its queue, with its bytes.
    pub(super) settled: Vec<(FlowFileId, Receipt, u64)>,
    /// What goes back to its queue to be tried again.
    pub(super) again: BTreeSet<FlowFileId>,
    /// For each flowfile that is put: the connection that it goes into, and its bytes.
    pub(super) put: Vec<(usize, u64)>,
    /// When the lineages began of flowfiles that end here.
    pub(super) ended: Vec<Timestamp>,
    /// For each relationship how many went there.
    pub(super) transferred: BTreeMap<Box<str>, u64>,
    /// Where content was sent to, with its bytes.
    pub(super) sent: Vec<(Box<str>, u64)>,
    /// How many leave with a penalty.
    pub(super) penalized: u64,
    /// Something is on its way to be tried again.
    pub(super) goes_round: bool,
    /// What goes to `failure`, and why.
    pub(super) failures: Vec<FailureStatus>,
    /// The service whose state is changed, an index of the flow's.
    pub(super) changed_service: Option<usize>,
    /// The processor ended something itself.
    pub(super) has_removed: bool,
    /// What went where, where somebody is to be told.
    pub(super) observed: Vec<(Box<str>, FlowFile)>,
}

impl Plan {
    /// Whether there was something to do, so that there may be more.
    pub(super) fn has_moved(&self) -> bool {
        self.has_removed
            || !self.again.is_empty()
            || !self.settled.is_empty()
            || !self.transferred.is_empty()
    }
}

impl TriggerHost {
    /// Decides where everything in `changes` goes; takes out of them what it has dealt with.
    pub(super) fn plan(
        &self,
        changes: &mut Changes,
        again: BTreeSet<FlowFileId>,
    ) -> Result<Plan, ProcessError> {
        let mut plan = Plan { again, ..Plan::default() };
        let mut left = BTreeSet::new();
        for transfer in std::mem::take(&mut changes.transfers) {
            left.insert(transfer.flowfile.id());
            self.plan_transfer(transfer, &mut plan)?;
        }
        self.plan_taken(&std::mem::take(&mut changes.taken), &left, &mut plan)?;
        let sent = changes.events.iter().filter(|event| event.event_type == EventType::Send);
        plan.sent = sent
            .filter_map(|event| Some((event.transit_uri.clone()?, event.transit_bytes?)))
            .collect();
        plan.has_removed = changes.events.iter().any(|event| event.event_type == EventType::Drop);
        // What the session tells happened before what becomes of it.
        plan.commit.events.splice(0..0, std::mem::take(&mut changes.events));
        inputs::add(&mut plan.commit.events, &self.taken.lock());
        let state = std::mem::take(&mut changes.state).into_iter();
        plan.commit.state = state
            .map(|(key, value)| StateChange {
                component: self.node().state_name.clone(),
                key: key.into(),
                value: value.map(Into::into),
            })
            .collect();
        if let Some(ServiceChanges { service, state }) = changes.service.take() {
            let services = &self.shared.services;
            let index = services.iter().position(|each| each.path == service);
            let index = index.ok_or_else(|| {
                ProcessError::internal(format!("the flow has no service \"{service}\""))
            })?;
            plan.changed_service = Some(index);
            let component = &services[index].state_name;
            plan.commit.state.extend(state.into_iter().map(|(key, value)| StateChange {
                component: component.clone(),
                key: key.into(),
                value: value.map(Into::into),
            }));
        }
        Ok(plan)
    }

    /// Takes out of `changes` every flowfile that is to be tried again, with all its kin of this
    /// session, all that is told of them, and what was to be done for them: it will happen again.
    /// Kin is what was made from it, and what else that was made from.
    pub(super) fn hold_back(&self, changes: &mut Changes) -> BTreeSet<FlowFileId> {
        let is_held_back = |transfer: &&Transfer| {
            !transfer.is_final
                && self.is_to_be_retried(transfer.flowfile.id(), &transfer.relationship)
        };
        let held_back = changes.transfers.iter().filter(is_held_back);
        let mut kin: BTreeSet<Box<str>> =
            held_back.map(|each| each.flowfile.uuid().into()).collect();
        if kin.is_empty() {
            return BTreeSet::new();
        }
        let is_descent = |event: &&ProvenanceEvent| {
            matches!(event.event_type, EventType::Fork | EventType::Clone | EventType::Join)
        };
        loop {
            let before = kin.len();
            for event in changes.events.iter().filter(is_descent) {
                let family = || event.parents.iter().chain([&event.uuid]);
                if family().any(|each| kin.contains(each)) {
                    kin.extend(family().cloned());
                }
            }
            if kin.len() == before {
                break;
            }
        }
        let taken = self.taken.lock();
        let is_taken_again = |(id, (_, original)): (&FlowFileId, &(Receipt, FlowFile))| {
            kin.contains(original.uuid()).then_some(*id)
        };
        let again: BTreeSet<FlowFileId> = taken.iter().filter_map(is_taken_again).collect();
        drop(taken);
        let told = changes.events.iter().filter(|event| kin.contains(&event.uuid));
        let undone: BTreeSet<FlowFileId> =
            told.map(|event| event.flowfile).chain(again.iter().copied()).collect();
        changes.transfers.retain(|transfer| !undone.contains(&transfer.flowfile.id()));
        changes.events.retain(|event| !undone.contains(&event.flowfile));
        changes.on_durable.retain(|(flowfile, _)| !undone.contains(flowfile));
        changes.counters.retain(|(flowfile, _, _)| !undone.contains(flowfile));
        again
    }

    fn plan_transfer(&self, transfer: Transfer, plan: &mut Plan) -> Result<(), ProcessError> {
        let Transfer { mut flowfile, relationship, .. } = transfer;
        let route = self.node().routes.get(&relationship).ok_or_else(|| {
            ProcessError::internal(format!("the processor has no relationship \"{relationship}\""))
        })?;
        flowfile.set_attempts(0);
        let now = self.now();
        plan.penalized += u64::from(flowfile.penalized_until().is_some_and(|until| until > now));
        match plan.transferred.get_mut(&relationship) {
            Some(count) => *count += 1,
            None => drop(plan.transferred.insert(relationship.clone(), 1)),
        }
        if self.shared.environment.observer.is_some() {
            plan.observed.push((relationship.clone(), flowfile.clone()));
        }
        if is_failure(&relationship) {
            plan.failures.push(FailureStatus::new(&self.node().path, &flowfile));
        }
        match &*route.connections {
            [] if route.is_auto_terminated => {
                let mut event = self.event(EventType::Drop, &flowfile);
                event.relationship = Some(relationship);
                event.details = Some("the relationship ends here".into());
                plan.commit.events.push(event);
                plan.ended.push(flowfile.lineage_start());
            }
            [] => {
                return Err(ProcessError::internal(format!(
                    "the relationship \"{relationship}\" leads nowhere"
                ))
                .with_help("connect it, or let it end there"));
            }
            [first, others @ ..] => {
                for other in others {
                    let copy = self.copy(&flowfile, &mut plan.commit.events);
                    self.plan_put(*other, copy, plan);
                }
                self.plan_put(*first, flowfile, plan);
            }
        }
        Ok(())
    }

    fn plan_put(&self, connection: usize, flowfile: FlowFile, plan: &mut Plan) {
        let way = &self.shared.connections[connection];
        let is_on_circle = self.shared.nodes[way.to].component == self.node().component;
        let waits = || flowfile.penalized_until().is_some_and(|until| until > self.now());
        plan.goes_round |= way.leads_back || is_on_circle && waits();
        plan.put.push((connection, flowfile.size_bytes()));
        plan.commit.put.push((way.queue, flowfile));
    }

    /// Everything that was taken leaves its queue, unless it goes back there.
    fn plan_taken(
        &self,
        taken: &[FlowFileId],
        left: &BTreeSet<FlowFileId>,
        plan: &mut Plan,
    ) -> Result<(), ProcessError> {
        let held = self.taken.lock();
        for id in taken.iter().filter(|id| !plan.again.contains(id)) {
            let (receipt, original) = held.get(id).ok_or_else(|| {
                ProcessError::internal(format!("flowfile {} was not taken from a queue", id.0))
            })?;
            plan.settled.push((*id, *receipt, original.size_bytes()));
            plan.commit.taken.push(*receipt);
            if !left.contains(id) {
                plan.ended.push(original.lineage_start());
            }
        }
        Ok(())
    }

    /// A copy for one more connection of the same relationship; it shares the content.
    fn copy(&self, flowfile: &FlowFile, events: &mut Vec<ProvenanceEvent>) -> FlowFile {
        let mut copy = flowfile.clone();
        copy.set_identity(self.next_id(), &new_uuid(&*self.shared.environment.random));
        let mut event = self.event(EventType::Clone, &copy);
        event.parents = vec![flowfile.uuid().into()];
        event.children = vec![copy.uuid().into()];
        events.push(event);
        copy
    }

    pub(super) fn event(&self, event_type: EventType, flowfile: &FlowFile) -> ProvenanceEvent {
        let place = (Arc::clone(self.shared.name()), Arc::clone(&self.node().path));
        ProvenanceEvent::new(event_type, self.now(), place, flowfile)
    }
}
