//! One commit: everything that a session did, at once or not at all.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tutti_model::flowfile::FlowFileId;
use tutti_model::spec::Text;
use tutti_sdk::ProcessError;
use tutti_sdk::host::{Changes, Counts, SessionHost};
use tutti_store::{Commit, TryCommitError};

use super::plan::Plan;
use super::retry::as_it_was;
use super::{TriggerHost, store_error, terminated};
use crate::effects::Report;
use crate::metrics::add;
use crate::node::Node;

impl TriggerHost {
    pub(super) async fn commit_changes(&self, mut changes: Changes) -> Result<(), ProcessError> {
        drop(self.run.keep_alive().ok_or_else(terminated)?);
        let again = self.hold_back(&mut changes);
        if !again.is_empty() && changes.has_state() {
            self.undo(&again, &changes.taken);
            self.release(changes.written);
            self.has_moved.store(true, Ordering::SeqCst);
            return Ok(());
        }
        let mut plan = self.plan(&mut changes, again)?;
        let mut commit = std::mem::take(&mut plan.commit);
        let effects: Vec<_> = changes.on_durable.into_iter().map(|(_, effect)| effect).collect();
        if !effects.is_empty()
            && let Some(place) = self.shared.effects.reserve().await
        {
            commit.then = Some(place.run(effects, self.effect_report()));
        }
        if !is_empty(&commit) {
            self.apply(commit, &plan).await?;
        }
        self.tell_observer(&plan);
        self.try_again(&plan.again);
        if plan.goes_round {
            self.shared.leave_the_rest(self.node());
        }
        self.release(changes.written);
        if plan.has_moved() {
            self.has_moved.store(true, Ordering::SeqCst);
        }
        if !plan.failures.is_empty() {
            self.shared.failures.add(std::mem::take(&mut plan.failures));
        }
        self.count(&plan, changes.counts, changes.counters);
        self.wake(&plan);
        Ok(())
    }

    /// Undoes a session that changed state and in which something is to be tried again: nobody
    /// knows whose change of state it was.
    fn undo(&self, again: &BTreeSet<FlowFileId>, taken: &[FlowFileId]) {
        self.try_again(again);
        for id in taken {
            if let Some((receipt, original)) = self.forget(*id) {
                self.give_receipt_back(receipt, as_it_was(&original));
            }
        }
    }

    /// Makes the commit, unless the processor was terminated: no commit is applied after that.
    async fn apply(&self, commit: Commit, plan: &Plan) -> Result<(), ProcessError> {
        let mut commit = commit;
        loop {
            {
                let _alive = self.run.keep_alive().ok_or_else(terminated)?;
                match self.shared.repository.try_commit(commit) {
                    Ok(_) => {
                        let mut taken = self.taken.lock();
                        for (id, _, _) in &plan.settled {
                            taken.remove(id);
                        }
                        return Ok(());
                    }
                    Err(TryCommitError::Failed(error)) => {
                        return Err(store_error("cannot commit", error));
                    }
                    Err(TryCommitError::Full(back)) => commit = back,
                }
            }
            self.shared.repository.room().await;
        }
    }

    fn tell_observer(&self, plan: &Plan) {
        let Some(observer) = &self.shared.environment.observer else { return };
        for (relationship, flowfile) in &plan.observed {
            observer.sent(&self.node().path, relationship, flowfile);
        }
    }

    fn effect_report(&self) -> Report {
        let shared = Arc::clone(&self.shared);
        let node = self.node;
        Box::new(move |error| shared.report_error(&shared.nodes[node], error))
    }

    fn count(&self, plan: &Plan, counts: Counts, counters: Vec<(FlowFileId, Text, u64)>) {
        let node = self.node();
        let metrics = &node.metrics;
        add(&metrics.bytes_read, counts.bytes_read);
        add(&metrics.bytes_written, counts.bytes_written);
        add(&metrics.flowfiles_in, plan.settled.len() as u64);
        add(&metrics.bytes_in, plan.settled.iter().map(|(_, _, bytes)| bytes).sum());
        add(&metrics.flowfiles_out, plan.put.len() as u64);
        add(&metrics.bytes_out, plan.put.iter().map(|(_, bytes)| bytes).sum());
        add(&metrics.penalized, plan.penalized);
        add(&metrics.flowfiles_ended, plan.ended.len() as u64);
        let now = self.now();
        for lineage_start in &plan.ended {
            let lineage_ms = now.since_ms(*lineage_start);
            add(&metrics.lineage_ms, lineage_ms);
            metrics.lineage_ms_max.fetch_max(lineage_ms, Ordering::Relaxed);
        }
        for (connection, bytes) in &plan.put {
            self.shared.connections[*connection].traffic.incoming.count(*bytes);
        }
        for (_, receipt, bytes) in &plan.settled {
            let mut inputs = node.inputs.iter().map(|input| &self.shared.connections[*input]);
            if let Some(input) = inputs.find(|input| input.queue == receipt.queue) {
                input.traffic.outgoing.count(*bytes);
            }
        }
        for (uri, bytes) in &plan.sent {
            metrics.sent_to.count(uri, *bytes);
        }
        for (_, name, amount) in counters {
            metrics.counters.add(name, amount);
        }
        for (relationship, count) in &plan.transferred {
            if let Some(route) = node.routes.get(relationship) {
                add(&route.transferred, *count);
            }
        }
    }

    /// Wakes whoever has work now, and whoever waited for room.
    fn wake(&self, plan: &Plan) {
        let mut woken = None;
        for (connection, _) in &plan.put {
            let to = self.shared.connections[*connection].to;
            if woken != Some(to) {
                self.shared.nodes[to].wake.notify_one();
                woken = Some(to);
            }
        }
        if let Some(service) = plan.changed_service {
            let uses = |node: &&Node| node.services.values().any(|index| *index == service);
            for node in self.shared.nodes.iter().filter(uses) {
                node.changes.fetch_add(1, Ordering::SeqCst);
                node.wake.notify_one();
            }
        }
        if !plan.settled.is_empty() {
            self.shared.tell_sources(self.node());
        }
    }
}

/// Whether nothing would change: such a commit costs a flush for nothing.
fn is_empty(commit: &Commit) -> bool {
    commit.taken.is_empty()
        && commit.put.is_empty()
        && commit.state.is_empty()
        && commit.events.is_empty()
        && commit.then.is_none()
}
