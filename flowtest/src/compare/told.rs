//! What the operator was told and what provenance tells, against what was expected.

use tutti_model::provenance::ProvenanceEvent;
use tutti_model::suite::{ExpectedBulletin, ExpectedEvent};
use tutti_runtime::BulletinStatus;

use super::{attribute, count};
use crate::failure::Failure;

/// How many messages or events are shown.
const SHOWN_MAX: usize = 10;

/// What is wrong with the messages.
pub(crate) fn bulletins(expected: &[ExpectedBulletin], got: &[BulletinStatus]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (index, wanted) in expected.iter().enumerate() {
        let fits = |bulletin: &&BulletinStatus| {
            wanted.from.as_ref().is_none_or(|from| from.value == bulletin.component)
                && wanted.level.is_none_or(|level| level.name() == bulletin.level)
                && wanted
                    .message
                    .as_ref()
                    .is_none_or(|message| attribute(message, Some(&bulletin.message)).is_ok())
        };
        let found: u64 = got.iter().filter(fits).map(|bulletin| bulletin.count).sum();
        let found = usize::try_from(found).unwrap_or(usize::MAX);
        let what = format!("bulletin {}", index + 1);
        if let Some(failure) = told(&what, wanted.count.as_ref(), found) {
            let shown = got.iter().rev().take(SHOWN_MAX).map(|bulletin| {
                let BulletinStatus { level, component, message, count, .. } = bulletin;
                format!("got {level} of \"{component}\", {count} times: {message}")
            });
            failures.push(failure.place(&wanted.place).with(shown.collect()));
        }
    }
    failures
}

/// What is wrong with the events.
pub(crate) fn events(expected: &[ExpectedEvent], got: &[ProvenanceEvent]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (index, wanted) in expected.iter().enumerate() {
        let fits = |event: &&ProvenanceEvent| {
            let uri = event.transit_uri.as_deref();
            let details = event.details.as_deref();
            let has = |(name, matcher): (&String, _)| {
                attribute(matcher, event.attributes.get(name)).is_ok()
            };
            event.event_type == wanted.event
                && wanted.at.as_ref().is_none_or(|at| *at.value == *event.component)
                && wanted.transit_uri.as_ref().is_none_or(|one| attribute(one, uri).is_ok())
                && wanted.details.as_ref().is_none_or(|one| attribute(one, details).is_ok())
                && wanted.attributes.iter().all(has)
        };
        let found = got.iter().filter(fits).count();
        let what = format!("provenance event {}", index + 1);
        if let Some(failure) = told(&what, wanted.count.as_ref(), found) {
            // Newest first, as they are searched.
            let shown = got.iter().rev().take(SHOWN_MAX).map(|event| {
                let uri = event.transit_uri.as_deref().unwrap_or("nowhere outside");
                let details = event.details.as_deref().unwrap_or("no details");
                format!("got {:?} at \"{}\" ({uri}; {details})", event.event_type, event.component)
            });
            failures.push(failure.place(&wanted.place).with(shown.collect()));
        }
    }
    failures
}

/// A failure where `found` is not as many as is wanted, or, where nothing is said of that, none.
fn told(what: &str, wanted: Option<&tutti_model::suite::Matcher>, found: usize) -> Option<Failure> {
    match wanted {
        None if found == 0 => Some(Failure::new(format!("{what}: there is no such one"))),
        None => None,
        Some(matcher) => {
            let wrong = count(matcher, found).err()?;
            let message = format!("{what}: the number is not as expected");
            Some(Failure::new(message).with(wrong.lines()))
        }
    }
}
