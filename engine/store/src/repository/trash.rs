//! The trash: queues of connections that a flow has no more, with all that was in them.
//!
//! A queue in the trash is one like any other under a name that no flow can have, so that it gets
//! there in the commit that changes the flow, and is as durable as what is in it. Must never let go
//! of a flowfile but when somebody says so.

use tutti_model::flowfile::{Pick, Timestamp};
use tutti_model::provenance::{EventType, ProvenanceEvent};

use super::Repository;
use crate::error::{Result, StoreError};
use crate::queue::{Commit, GiveBack, QueueId, Taken};

/// What the names begin with. The name of a flow, which all others begin with, has no such letter.
const PREFIX: &str = "~trash/";
/// Flowfiles that are moved at once.
const BATCH: usize = 1_000;

/// A queue in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trashed {
    /// Its number.
    pub queue: QueueId,
    /// The flow that it was of.
    pub flow: String,
    /// The connection that it was of.
    pub connection: String,
    /// Since when it lies there.
    pub since: Timestamp,
    /// When it is given up.
    pub until: Timestamp,
    /// How many flowfiles are in it.
    pub flowfiles: u64,
    /// Bytes of their content.
    pub bytes: u64,
}

/// What was moved from one queue into another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many flowfiles.
    pub flowfiles: u64,
    /// Bytes of their content.
    pub bytes: u64,
}

/// A name in the trash, taken apart.
struct Name<'n> {
    since: Timestamp,
    until: Timestamp,
    flow: &'n str,
    connection: &'n str,
}

fn parse(name: &str) -> Option<Name<'_>> {
    let (times, rest) = name.strip_prefix(PREFIX)?.split_once('/')?;
    let (since, until) = times.split_once('_')?;
    let (flow, connection) = rest.split_once('/')?;
    let time = |text: &str| text.parse().ok().map(Timestamp);
    Some(Name { since: time(since)?, until: time(until)?, flow, connection })
}

impl Repository {
    /// What the queue of a connection is called in the trash, where it comes now. How long it stays
    /// is settled with that, whoever opens the folder later.
    pub fn trash_name(&self, flow: &str, connection: &str, now: Timestamp) -> Box<str> {
        let period = self.shared.options.trash_period.as_millis();
        let until = now.plus_ms(u64::try_from(period).unwrap_or(u64::MAX));
        format!("{PREFIX}{}_{}/{flow}/{connection}", now.0, until.0).into()
    }

    /// What is in the trash, the eldest first.
    pub fn trash(&self) -> Result<Vec<Trashed>> {
        let mut trash = self.all_trash();
        // What a crash has left of emptying a queue that had nothing yet.
        trash.retain(|one| one.flowfiles > 0);
        Ok(trash)
    }

    /// The same with what is empty.
    fn all_trash(&self) -> Vec<Trashed> {
        let mut trash = Vec::new();
        for (name, queue) in self.queues() {
            let Some(Name { since, until, flow, connection }) = parse(&name) else { continue };
            // Somebody may bring it back meanwhile.
            let Ok(counts) = self.counts(queue) else { continue };
            trash.push(Trashed {
                queue,
                flow: flow.to_owned(),
                connection: connection.to_owned(),
                since,
                until,
                flowfiles: counts.flowfiles,
                bytes: counts.bytes,
            });
        }
        trash.sort_by_key(|one| (one.since, one.queue));
        trash
    }

    /// Moves all of a queue in the trash behind what is in the queue `to`; hands back how many
    /// flowfiles that were. When it fails, some may have moved, and all others are where they were.
    pub fn restore_trash(&self, queue: QueueId, to: QueueId) -> Result<u64> {
        self.end_trash(queue, &mut |taken| Commit {
            put: taken.iter().map(|taken| (to, taken.flowfile.clone())).collect(),
            ..Commit::default()
        })
    }

    /// Gives up all of a queue in the trash for good; hands back how many flowfiles that were.
    pub fn discard_trash(&self, queue: QueueId, now: Timestamp) -> Result<u64> {
        let name = self.queue_name(queue).unwrap_or_default();
        let Name { flow, connection, .. } = parse(&name).ok_or_else(not_there)?;
        self.end_trash(queue, &mut |taken| {
            let event = |taken: &Taken| {
                let component = (flow, connection);
                let mut event =
                    ProvenanceEvent::new(EventType::Drop, now, component, &taken.flowfile);
                event.details = Some("it was in the trash".into());
                event
            };
            Commit { events: taken.iter().map(event).collect(), ..Commit::default() }
        })
    }

    /// Gives up what lies in the trash for too long; hands that back, and what hindered the rest.
    pub fn discard_old_trash(&self, now: Timestamp) -> (Vec<Trashed>, Option<StoreError>) {
        let mut trash = self.all_trash();
        trash.retain(|one| one.until <= now);
        let mut first = None;
        trash.retain_mut(|one| match self.discard_trash(one.queue, now) {
            Ok(flowfiles) => {
                one.flowfiles = flowfiles;
                true
            }
            // Somebody was faster.
            Err(StoreError::NotFound { .. }) => false,
            // It hinders no other.
            Err(error) => {
                first.get_or_insert(error);
                false
            }
        });
        (trash, first)
    }

    /// Moves what waits in a queue into the trash, as that of a connection; hands back how much
    /// that was, and where it is. What somebody works on stays, and what comes meanwhile may.
    pub fn throw_away(
        &self,
        queue: QueueId,
        (flow, connection): (&str, &str),
        now: Timestamp,
    ) -> Result<(Moved, Option<QueueId>)> {
        if self.counts(queue)?.flowfiles == 0 {
            return Ok((Moved::default(), None));
        }
        // One that was thrown away in the same millisecond lies where this comes.
        let trash = self.open_queue(&self.trash_name(flow, connection, now))?;
        let moved = self.move_all(queue, trash)?;
        if self.counts(trash)?.flowfiles == 0 {
            self.remove_queue(trash)?;
            return Ok((moved, None));
        }
        Ok((moved, Some(trash)))
    }

    /// Moves what waits in a queue behind what is in the queue `to`, at most as much as there is
    /// now: what comes meanwhile may stay, and what somebody works on does. When it fails, some may
    /// have moved, and all others are where they were.
    pub fn move_all(&self, from: QueueId, to: QueueId) -> Result<Moved> {
        let mut moved = Moved::default();
        let all = self.counts(from)?.flowfiles;
        while moved.flowfiles < all {
            let wanted = usize::try_from(all - moved.flowfiles).unwrap_or(BATCH).min(BATCH);
            let taken = self.poll(from, wanted, Timestamp(i64::MAX), &mut |_| Pick::Take)?;
            if taken.is_empty() {
                break;
            }
            moved.flowfiles += taken.len() as u64;
            moved.bytes += taken.iter().map(|one| one.flowfile.size_bytes()).sum::<u64>();
            self.commit_taken(&taken, &mut |taken| Commit {
                put: taken.iter().map(|taken| (to, taken.flowfile.clone())).collect(),
                ..Commit::default()
            })?;
        }
        Ok(moved)
    }

    /// Takes all flowfiles out of a queue in the trash, with the commits that `end` makes, and
    /// removes it.
    fn end_trash(&self, queue: QueueId, end: &mut dyn FnMut(&[Taken]) -> Commit) -> Result<u64> {
        if self.queue_name(queue).as_deref().and_then(parse).is_none() {
            return Err(not_there());
        }
        let mut count = 0;
        loop {
            let end_of_time = Timestamp(i64::MAX);
            let taken = self.poll(queue, BATCH, end_of_time, &mut |_| Pick::Take)?;
            if taken.is_empty() {
                // Whoever does the same beside this one removes it.
                if self.counts(queue)?.flowfiles == 0 {
                    self.remove_queue(queue)?;
                }
                return Ok(count);
            }
            self.commit_taken(&taken, end)?;
            count += taken.len() as u64;
        }
    }

    /// Takes these out for good, with the commit that `end` makes; or gives them back.
    fn commit_taken(&self, taken: &[Taken], end: &mut dyn FnMut(&[Taken]) -> Commit) -> Result<()> {
        let receipts: Vec<_> = taken.iter().map(|taken| taken.receipt).collect();
        let commit = Commit { taken: receipts.clone(), ..end(taken) };
        let Err(error) = self.commit(commit) else { return Ok(()) };
        for receipt in receipts {
            self.give_back(receipt, GiveBack::default())?;
        }
        Err(error)
    }
}

fn not_there() -> StoreError {
    StoreError::not_found("such queue in the trash")
}

#[cfg(test)]
mod tests {
    use tutti_model::flowfile::FlowFile;

    use super::*;
    use crate::options::Options;
    use crate::queue::Renames;
    use crate::repository::Backend;

    fn open(backend: &Backend) -> Repository {
        let options = Options { has_flusher: false, ..Options::default() };
        Repository::open_with(backend, options).unwrap()
    }

    fn put(repository: &Repository, queue: QueueId, count: usize) {
        let new = |_| (queue, FlowFile::new(repository.next_id(), Timestamp(0)));
        let put = (0..count).map(new).collect();
        repository.commit(Commit { put, ..Commit::default() }).unwrap();
    }

    fn throw(repository: &Repository, queue: QueueId, connection: &str, now: i64) {
        let names = [(queue, repository.trash_name("copy", connection, Timestamp(now)))];
        let renames = Renames { queues: names.into_iter().collect(), ..Renames::default() };
        let commit = Commit { renames: Some(Box::new(renames)), ..Commit::default() };
        repository.commit(commit).unwrap();
    }

    #[test]
    fn what_is_in_the_trash_is_there_after_a_restart_and_comes_back_whole() {
        let backend = Backend::memory();
        let repository = open(&backend);
        let queue = repository.open_queue("copy/A [a/b] -> B").unwrap();
        let count = 2 * BATCH + 1;
        put(&repository, queue, count);
        throw(&repository, queue, "A [a/b] -> B", 7);
        repository.flush().unwrap();
        drop(repository);
        let repository = open(&backend);
        let expected = Trashed {
            queue,
            flow: "copy".to_owned(),
            connection: "A [a/b] -> B".to_owned(),
            since: Timestamp(7),
            until: Timestamp(7).plus_ms(7 * 24 * 3_600_000),
            flowfiles: count as u64,
            bytes: 0,
        };
        assert_eq!(repository.trash().unwrap(), [expected]);
        let other = repository.open_queue("copy/A -> C").unwrap();
        put(&repository, other, 1);
        assert_eq!(repository.restore_trash(queue, other).unwrap(), count as u64);
        assert_eq!(repository.trash().unwrap(), []);
        assert_eq!(repository.counts(other).unwrap().flowfiles, count as u64 + 1);
        let gone = repository.restore_trash(queue, other);
        assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
    }

    #[test]
    fn what_is_given_up_is_told_and_what_is_no_trash_is_left_alone() {
        let repository = open(&Backend::memory());
        let [old, own] = ["copy/A -> B", "copy/A -> C"].map(|name| repository.open_queue(name));
        let (old, own) = (old.unwrap(), own.unwrap());
        put(&repository, old, 3);
        put(&repository, own, 1);
        throw(&repository, old, "A -> B", 7);
        for queue in [own, QueueId(99)] {
            assert!(repository.discard_trash(queue, Timestamp(8)).is_err());
            assert!(repository.restore_trash(queue, own).is_err());
        }
        assert_eq!(repository.discard_trash(old, Timestamp(8)).unwrap(), 3);
        assert_eq!(repository.counts(own).unwrap().flowfiles, 1);
        assert_eq!(repository.trash().unwrap(), []);
        repository.flush().unwrap();
        let found = repository.search(&crate::Search::newest(10)).unwrap();
        let dropped = found.events.iter().filter(|one| one.event.event_type == EventType::Drop);
        assert_eq!(dropped.count(), 3);
    }

    #[test]
    fn what_lies_there_for_too_long_is_given_up_and_nothing_else() {
        let repository = open(&Backend::memory());
        for (name, now) in [("A -> B", 7), ("A -> C", 8)] {
            let queue = repository.open_queue(&format!("copy/{name}")).unwrap();
            put(&repository, queue, 2);
            throw(&repository, queue, name, now);
        }
        let until = repository.trash().unwrap()[0].until;
        assert_eq!(repository.discard_old_trash(Timestamp(until.0 - 1)).0, []);
        let (given_up, hindrance) = repository.discard_old_trash(until);
        assert!(hindrance.is_none());
        let told: Vec<_> = given_up.iter().map(|one| (&*one.connection, one.flowfiles)).collect();
        assert_eq!(told, [("A -> B", 2)]);
        assert_eq!(repository.trash().unwrap()[0].connection, "A -> C");
    }

    #[test]
    fn what_waits_is_thrown_away_or_moved_and_what_is_in_work_stays() {
        let repository = open(&Backend::memory());
        let [from, to] = ["copy/A -> B", "copy/A -> C"].map(|name| repository.open_queue(name));
        let (from, to) = (from.unwrap(), to.unwrap());
        let count = 2 * BATCH + 5;
        put(&repository, from, count);
        let at_work = repository.poll(from, 3, Timestamp(0), &mut |_| Pick::Take).unwrap();
        let (moved, trash) = repository.throw_away(from, ("copy", "A -> B"), Timestamp(7)).unwrap();
        let trash = trash.unwrap();
        assert_eq!(moved.flowfiles, count as u64 - 3);
        let counts = repository.counts(from).unwrap();
        assert_eq!((counts.flowfiles, counts.in_flight), (3, 3));
        let told: Vec<_> = repository.trash().unwrap();
        assert_eq!((told[0].queue, told[0].flowfiles), (trash, count as u64 - 3));
        // Nothing more to throw away, and nothing is made for it.
        let again = repository.throw_away(from, ("copy", "A -> B"), Timestamp(8)).unwrap();
        assert_eq!(again, (Moved::default(), None));
        for taken in at_work {
            repository.give_back(taken.receipt, GiveBack::default()).unwrap();
        }
        assert_eq!(repository.move_all(from, to).unwrap().flowfiles, 3);
        assert_eq!(repository.counts(to).unwrap().flowfiles, 3);
        assert!(repository.move_all(to, QueueId(99)).is_err());
        let counts = repository.counts(to).unwrap();
        assert_eq!((counts.flowfiles, counts.in_flight), (3, 0));
    }

    #[test]
    fn a_flowfile_that_cannot_move_stays() {
        let repository = open(&Backend::memory());
        let queue = repository.open_queue("copy/A -> B").unwrap();
        put(&repository, queue, 3);
        throw(&repository, queue, "A -> B", 7);
        assert!(repository.restore_trash(queue, QueueId(99)).is_err());
        let counts = repository.counts(queue).unwrap();
        assert_eq!((counts.flowfiles, counts.in_flight), (3, 0));
    }
}
