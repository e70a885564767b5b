//! What a flow did, against all that its test says.

use std::collections::BTreeMap;
use std::path::Path;

use tutti_model::provenance::EventType;
use tutti_model::suite::Test;
use tutti_model::valid::ValidFlow;

use crate::compare;
use crate::failure::Failure;
use crate::run::Trace;
use crate::seen::Seen;

/// Flowfiles by the processor and the relationship that they were sent by.
type Sent<'t> = BTreeMap<(&'t str, &'t str), Vec<&'t Seen>>;

/// Everything that is not as `test` says.
pub(crate) fn judge(test: &Test, flow: &ValidFlow, trace: &Trace, folder: &Path) -> Vec<Failure> {
    let mut failures: Vec<Failure> = trace.unended.iter().map(Failure::new).collect();
    failures.extend(not_started(trace));
    let mut sent = Sent::new();
    for seen in &trace.sent {
        sent.entry((&seen.processor, &seen.relationship)).or_default().push(seen);
    }
    for (processor, outputs) in &test.expect {
        for (relationship, expected) in &outputs.value {
            let got = sent.remove(&(processor.as_str(), relationship.as_str()));
            let name = format!("{processor} [{relationship}]");
            let got = got.unwrap_or_default();
            failures.extend(compare::place(&name, &expected.value, &got, folder));
        }
    }
    let nothing = Vec::new();
    for (connection, expected) in &test.queued {
        let got: Vec<&Seen> = trace.queued.get(connection).unwrap_or(&nothing).iter().collect();
        let name = format!("the queue of {connection}");
        failures.extend(compare::place(&name, &expected.value, &got, folder));
    }
    failures.extend(compare::bulletins(&test.bulletins, &trace.status.bulletins));
    failures.extend(compare::events(&test.provenance, &trace.events));
    // Of what did not come to its end there is too much to tell.
    if !test.others && trace.unended.is_none() {
        failures.extend(others(test, flow, trace, &sent));
    }
    if !failures.is_empty() {
        failures.extend(heard(test, trace));
    }
    failures
}

/// What could not be started.
fn not_started(trace: &Trace) -> impl Iterator<Item = Failure> {
    let status = &trace.status;
    let services = status.services.iter().map(|each| (&each.path, &each.enable_failure));
    let processors = status.processors.iter().map(|each| (&each.path, &each.start_failure));
    services.chain(processors).filter_map(|(path, reason)| {
        let reason = reason.as_ref()?;
        Some(Failure::new(format!("\"{path}\" could not be started: {reason}")))
    })
}

/// What came to an end, or stayed, where the test expects nothing; `sent` is what it did not speak
/// of.
fn others(test: &Test, flow: &ValidFlow, trace: &Trace, sent: &Sent<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for ((processor, relationship), got) in sent {
        let name = format!("{processor} [{relationship}]");
        let mut all = flow.processors();
        let ends_here =
            all.any(|one| one.path == *processor && one.auto_terminate.contains(*relationship));
        if test.expect.contains_key(*processor) {
            let why = "where the test names what else comes out";
            failures.push(compare::unexpected(&name, got, why));
        } else if ends_here {
            failures.push(compare::unexpected(&name, got, "came to their end"));
        }
    }
    for (connection, left) in &trace.queued {
        if !left.is_empty() && !test.queued.contains_key(connection) {
            let name = format!("the queue of {connection}");
            let left: Vec<&Seen> = left.iter().collect();
            failures.push(compare::unexpected(&name, &left, "are left"));
        }
    }
    let expects_expiry = test.provenance.iter().any(|expected| expected.event == EventType::Expire);
    for connection in &trace.status.connections {
        if connection.flowfiles_expired > 0 && !expects_expiry {
            failures.push(Failure::new(format!(
                "the queue of {}: {} flowfiles expired, and the test expects no event EXPIRE",
                connection.path, connection.flowfiles_expired
            )));
        }
    }
    failures
}

/// What the operator was told, for whoever looks for the reason.
fn heard(test: &Test, trace: &Trace) -> Option<Failure> {
    const SHOWN_MAX: usize = 5;
    if !test.bulletins.is_empty() || trace.status.bulletins.is_empty() {
        return None;
    }
    let lines = trace.status.bulletins.iter().rev().take(SHOWN_MAX).map(|bulletin| {
        format!("{} of \"{}\": {}", bulletin.level, bulletin.component, bulletin.message)
    });
    Some(Failure::new("what the operator was told meanwhile").with(lines.collect()))
}
