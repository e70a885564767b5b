//! Who is logged in: sessions, bounded in number and in time, of which only hashes are kept.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::secret::{Digest, Secret};

/// How long a session lasts that nothing is asked in.
const IDLE_MAX: Duration = Duration::from_hours(8);
/// How long a session lasts.
pub(crate) const AGE_MAX: Duration = Duration::from_hours(7 * 24);
/// How many sessions there are at most.
const COUNT_MAX: usize = 1024;
/// How many of them are one user's.
const OF_USER_MAX: usize = 16;

/// All sessions.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<HashMap<Digest, Session>>,
}

struct Session {
    user: String,
    /// What the user's password and role were: with others the session is none.
    stamp: Digest,
    begun: Instant,
    /// When something was asked in it last.
    seen: Instant,
}

impl Session {
    fn lasts(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.begun) < AGE_MAX
            && now.saturating_duration_since(self.seen) < IDLE_MAX
    }
}

impl Sessions {
    /// Begins one. Where there are too many, the one that was used least lately ends.
    pub(crate) fn begin(&self, user: &str, stamp: Digest, now: Instant) -> io::Result<Secret> {
        let secret = Secret::new("")?;
        let mut open = self.open.lock();
        open.retain(|_, session| session.lasts(now));
        let of_user = open.values().filter(|session| session.user == user).count();
        if of_user >= OF_USER_MAX {
            give_way(&mut open, |session| session.user == user);
        } else if open.len() >= COUNT_MAX {
            give_way(&mut open, |_| true);
        }
        let session = Session { user: user.to_owned(), stamp, begun: now, seen: now };
        open.insert(Digest::of(secret.reveal()), session);
        Ok(secret)
    }

    /// Whose session it is, in which something is asked now.
    pub(crate) fn enter(&self, id: Digest, now: Instant) -> Option<(String, Digest)> {
        let mut open = self.open.lock();
        let session = open.get_mut(&id).filter(|session| session.lasts(now))?;
        session.seen = now;
        Some((session.user.clone(), session.stamp))
    }

    /// The same where nothing is asked: somebody watches.
    pub(crate) fn look(&self, id: Digest, now: Instant) -> Option<(String, Digest)> {
        let open = self.open.lock();
        let session = open.get(&id).filter(|session| session.lasts(now))?;
        Some((session.user.clone(), session.stamp))
    }

    pub(crate) fn end(&self, id: Digest) {
        self.open.lock().remove(&id);
    }
}

fn give_way(open: &mut HashMap<Digest, Session>, of: impl Fn(&Session) -> bool) {
    let among = open.iter().filter(|(_, session)| of(session));
    let eldest = among.min_by_key(|(_, session)| session.seen).map(|(id, _)| *id);
    if let Some(id) = eldest {
        open.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(sessions: &Sessions, user: &str, now: Instant) -> Digest {
        Digest::of(sessions.begin(user, Digest::of("stamp"), now).unwrap().reveal())
    }

    #[test]
    fn a_session_ends_when_it_is_ended_idle_or_old() {
        let (sessions, begun) = (Sessions::default(), Instant::now());
        let id = begin(&sessions, "ann", begun);
        assert_eq!(sessions.enter(id, begun).unwrap().0, "ann");
        // Whoever only watches keeps nothing open.
        let later = begun + IDLE_MAX.saturating_sub(Duration::from_secs(1));
        assert!(sessions.look(id, later).is_some());
        assert!(sessions.look(id, begun + IDLE_MAX).is_none());
        let mut now = begun;
        while now + IDLE_MAX / 2 < begun + AGE_MAX {
            now += IDLE_MAX / 2;
            assert!(sessions.enter(id, now).is_some());
        }
        assert!(sessions.enter(id, begun + AGE_MAX).is_none(), "however much it is used");
        let id = begin(&sessions, "ann", begun);
        sessions.end(id);
        assert!(sessions.enter(id, begun).is_none());
    }

    #[test]
    fn a_user_who_logs_in_again_and_again_ends_only_sessions_of_their_own() {
        let (sessions, begun) = (Sessions::default(), Instant::now());
        let other = begin(&sessions, "bob", begun);
        let mut ids = Vec::new();
        for number in 0..=OF_USER_MAX as u64 {
            ids.push(begin(&sessions, "ann", begun + Duration::from_secs(number)));
        }
        let now = begun + Duration::from_mins(1);
        assert!(sessions.look(ids[0], now).is_none());
        assert!(ids[1..].iter().all(|id| sessions.look(*id, now).is_some()));
        assert!(sessions.look(other, now).is_some());
    }

    #[test]
    fn sessions_are_bounded_in_number() {
        let (sessions, begun) = (Sessions::default(), Instant::now());
        let first = begin(&sessions, "first", begun);
        for number in 0..COUNT_MAX {
            begin(&sessions, &format!("user{number}"), begun + Duration::from_secs(1));
        }
        assert_eq!(sessions.open.lock().len(), COUNT_MAX);
        assert!(sessions.look(first, begun).is_none());
    }
}
