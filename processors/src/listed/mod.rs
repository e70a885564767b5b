//! What was listed already: kept in the state of a processor that lists files or objects, so that
//! each version of each is listed once, over restarts and kills.
//!
//! Never keeps more than a bounded number of names: what is older than the *mark* counts as listed,
//! and names are kept only of what is not. One walk over everything is a *scan*. It may take many
//! commits, each of which says how far it came, so that the next goes on there.
//!
//! The mark moves when a scan ends: to the newest that it listed, and no nearer to its beginning
//! than the *window*, as what comes up during a scan may lie behind it. What a scan could not see
//! keeps the mark where it is.

pub(crate) mod tracking;

use std::fmt::Write as _;

use tutti_sdk::model::flowfile::Timestamp;
use tutti_sdk::model::state::StateMap;
use tutti_sdk::{ProcessError, Session};

/// Names that are kept at most.
const NAMES_MAX: usize = 100_000;

/// What is listed. Another one than before begins anew.
const OF: &str = "of";
/// Older than this counts as listed, in milliseconds since 1970.
const MARK: &str = "mark";
/// When the scan began; there is none without.
const BEGAN: &str = "scan.began";
/// What was listed last, in the order of the scan.
const AFTER: &str = "scan.after";
/// The time of the newest that the scan listed.
const NEWEST: &str = "scan.newest";
/// Where the mark is to be at least, as not all names could be kept.
const FLOOR: &str = "scan.floor";
/// The scan could not see everything.
const TROUBLED: &str = "scan.troubled";
/// What the names of what was listed begin with; their values are the time, the beginning of the
/// scan that listed them, and the version.
const NAME: &str = "=";

/// Something that can be listed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entity<'e> {
    /// Its name, the same as long as it is the same thing.
    pub(crate) name: &'e str,
    /// When it was modified, in milliseconds since 1970.
    pub(crate) time_ms: i64,
    /// What differs when it was changed.
    pub(crate) version: &'e str,
}

/// What was listed already.
#[derive(Clone)]
pub(crate) struct Listed {
    state: StateMap,
    /// What is to be committed.
    changes: Vec<String>,
    window_ms: i64,
    names: usize,
    names_max: usize,
}

impl Listed {
    /// What the state of the processor says of listing `of`. At the very first scan of it, what is
    /// older than `oldest` counts as listed.
    fn read(
        session: &Session,
        of: &str,
        window_ms: u64,
        oldest: Option<Timestamp>,
    ) -> Result<Self, ProcessError> {
        let state = session.state_all()?;
        let window_ms = i64::try_from(window_ms).unwrap_or(i64::MAX);
        let mut this =
            Self { state, changes: Vec::new(), window_ms, names: 0, names_max: NAMES_MAX };
        if this.state.get(OF) != Some(of) {
            let old: Vec<String> = this.state.iter().map(|(key, _)| key.to_owned()).collect();
            for key in &old {
                this.set(key, None);
            }
            this.set(OF, Some(of.to_owned()));
            this.set(MARK, oldest.map(|oldest| oldest.0.to_string()));
        }
        this.names = this.state.iter().filter(|(key, _)| key.starts_with(NAME)).count();
        Ok(this)
    }

    /// Whether a scan has begun and not ended. Costs less than reading all.
    pub(crate) fn is_scanning(session: &Session) -> Result<bool, ProcessError> {
        Ok(session.state(BEGAN)?.is_some())
    }

    /// Begins a scan, unless one is to go on.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        if self.state.get(BEGAN).is_none() {
            self.set(BEGAN, Some(now.0.to_string()));
        }
    }

    /// The last name that was dealt with: the scan goes on behind it.
    pub(crate) fn after(&self) -> Option<&str> {
        self.state.get(AFTER)
    }

    /// Whether that version was not listed yet.
    pub(crate) fn is_new(&self, entity: &Entity<'_>) -> bool {
        if self.number(MARK).is_some_and(|mark| entity.time_ms < mark) {
            return false;
        }
        let known = self.state.get(&key(entity.name)).and_then(Noted::parse);
        known.is_none_or(|noted| (noted.time_ms, noted.version) != (entity.time_ms, entity.version))
    }

    /// Notes that it is listed now.
    pub(crate) fn note(&mut self, entity: &Entity<'_>) {
        let newest = self.number(NEWEST).map_or(entity.time_ms, |last| last.max(entity.time_ms));
        self.set(NEWEST, Some(newest.to_string()));
        let key = key(entity.name);
        let is_known = self.state.get(&key).is_some();
        if !is_known && self.names >= self.names_max && !self.make_room() {
            return self.raise_floor(entity.time_ms.saturating_add(1));
        }
        let began = self.number(BEGAN).unwrap_or(0);
        let mut value = format!("{} {began} ", entity.time_ms);
        // Writing to a text cannot fail.
        let _ = write!(value, "{}", entity.version);
        self.set(&key, Some(value));
        self.names += usize::from(!is_known);
    }

    /// The scan ends here for now, and could see everything but for what is `troubled`.
    pub(crate) fn pause(&mut self, after: &str, is_troubled: bool) {
        self.set(AFTER, Some(after.to_owned()));
        if is_troubled {
            self.set(TROUBLED, Some("true".to_owned()));
        }
    }

    /// The scan is over, and could see everything but for what is `troubled`. Hands back what is to
    /// be told.
    pub(crate) fn end(&mut self, is_troubled: bool) -> Option<String> {
        let is_troubled = is_troubled || self.state.get(TROUBLED).is_some();
        let (floor, whole) = (self.number(FLOOR), self.next_mark());
        let is_narrow = floor.is_some() && (is_troubled || floor > whole);
        let next = if is_troubled { None } else { whole };
        if let Some(mark) = next.max(floor).max(self.number(MARK)) {
            self.set(MARK, Some(mark.to_string()));
            self.forget(|noted| noted.time_ms < mark);
        }
        for key in [BEGAN, AFTER, NEWEST, FLOOR, TROUBLED] {
            if self.state.get(key).is_some() {
                self.set(key, None);
            }
        }
        is_narrow.then(|| {
            format!(
                "more than {} names would have to be remembered: what comes up with an older time \
                 than the newest of now is not listed; choose a shorter time window, or less to \
                 list",
                self.names_max
            )
        })
    }

    /// Puts what changed into the session, to be committed with what is listed.
    pub(crate) fn save(mut self, session: &mut Session) {
        self.changes.sort();
        self.changes.dedup();
        for key in self.changes {
            let value = self.state.get(&key).map(str::to_owned);
            session.set_state(key, value);
        }
    }

    /// Where the mark would be if the scan ended now and had seen everything.
    fn next_mark(&self) -> Option<i64> {
        let began = self.number(BEGAN)?;
        Some(self.number(NEWEST)?.min(began.saturating_sub(self.window_ms)))
    }

    /// Forgets names of this scan that its end would forget; whether there are some. Those of
    /// earlier scans may lie before it, and would be listed again.
    fn make_room(&mut self) -> bool {
        let (Some(began), Some(mark)) = (self.number(BEGAN), self.next_mark()) else {
            return false;
        };
        if !self.forget(|noted| noted.began == began && noted.time_ms < mark) {
            return false;
        }
        self.raise_floor(mark);
        true
    }

    fn raise_floor(&mut self, least: i64) {
        let floor = self.number(FLOOR).map_or(least, |floor| floor.max(least));
        self.set(FLOOR, Some(floor.to_string()));
    }

    fn forget(&mut self, is_over: impl Fn(&Noted<'_>) -> bool) -> bool {
        let named = self.state.iter().filter(|(key, _)| key.starts_with(NAME));
        let over =
            named.filter(|(_, value)| Noted::parse(value).is_none_or(|noted| is_over(&noted)));
        let over: Vec<String> = over.map(|(key, _)| key.to_owned()).collect();
        self.names -= over.len();
        for key in &over {
            self.set(key, None);
        }
        !over.is_empty()
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.state.get(key)?.parse().ok()
    }

    fn set(&mut self, key: &str, value: Option<String>) {
        match value {
            Some(value) => self.state.insert(key, value),
            None => self.state.remove(key),
        }
        self.changes.push(key.to_owned());
    }
}

fn key(name: &str) -> String {
    format!("{NAME}{name}")
}

/// What is kept with a name.
struct Noted<'n> {
    time_ms: i64,
    began: i64,
    version: &'n str,
}

impl<'n> Noted<'n> {
    fn parse(text: &'n str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let (time, began, version) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { time_ms: time.parse().ok()?, began: began.parse().ok()?, version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(window_ms: i64) -> Listed {
        let state = StateMap::default();
        Listed { state, changes: Vec::new(), window_ms, names: 0, names_max: 4 }
    }

    fn entity(name: &str, time_ms: i64) -> Entity<'_> {
        Entity { name, time_ms, version: "1" }
    }

    /// Lists everything that is new, in a scan that ends.
    fn scan(listed: &mut Listed, now: i64, all: &[(&str, i64)]) -> Vec<String> {
        listed.begin(Timestamp(now));
        let mut new = Vec::new();
        for (name, time) in all {
            if listed.is_new(&entity(name, *time)) {
                listed.note(&entity(name, *time));
                new.push((*name).to_owned());
            }
        }
        new
    }

    fn names(listed: &Listed) -> usize {
        listed.state.iter().filter(|(key, _)| key.starts_with(NAME)).count()
    }

    #[test]
    fn each_version_is_listed_once_and_only_the_newest_are_remembered() {
        let mut listed = listed(100);
        assert_eq!(scan(&mut listed, 1_000, &[("a", 10), ("b", 20), ("c", 20)]), ["a", "b", "c"]);
        assert_eq!(listed.end(false), None);
        assert_eq!((listed.number(MARK), names(&listed)), (Some(20), 2));
        assert!(scan(&mut listed, 1_001, &[("a", 10), ("b", 20), ("c", 20)]).is_empty());
        assert_eq!(listed.end(false), None);
        // As old as the newest, changed, and too old.
        assert_eq!(scan(&mut listed, 1_002, &[("a", 30), ("d", 20), ("e", 19)]), ["a", "d"]);
        assert!(listed.is_new(&Entity { version: "2", ..entity("b", 20) }));
    }

    #[test]
    fn what_comes_up_behind_a_scan_is_found_by_the_next() {
        let mut listed = listed(100);
        assert_eq!(scan(&mut listed, 1_000, &[("m", 1_050)]), ["m"]);
        listed.pause("m", false);
        assert_eq!(listed.after(), Some("m"));
        assert_eq!(scan(&mut listed, 1_060, &[("n", 1_055)]), ["n"]);
        assert_eq!(listed.end(false), None);
        assert_eq!((listed.number(MARK), listed.after()), (Some(900), None));
        let all = [("a", 1_010), ("m", 1_050), ("n", 1_055)];
        assert_eq!(scan(&mut listed, 1_100, &all), ["a"]);
    }

    #[test]
    fn what_could_not_be_seen_keeps_the_mark_where_it_is() {
        for is_paused in [false, true] {
            let mut listed = listed(100);
            assert_eq!(scan(&mut listed, 1_000, &[("b", 500)]), ["b"]);
            if is_paused {
                listed.pause("b", true);
            }
            assert_eq!(listed.end(!is_paused), None);
            let all = [("a", 400), ("b", 500)];
            assert_eq!(scan(&mut listed, 2_000, &all), ["a"], "{is_paused}");
        }
    }

    #[test]
    fn names_are_bounded_and_nothing_is_listed_twice() {
        let old = ["a", "b", "c", "d", "e", "f", "g"].map(|name| (name, 1));
        let mut listed = listed(100);
        let ascending: Vec<_> =
            old.iter().zip(1..).map(|((name, _), time)| (*name, time)).collect();
        assert_eq!(scan(&mut listed, 1_000, &ascending).len(), 7);
        assert_eq!(listed.end(false), None, "there is room where old names are forgotten");
        assert_eq!((listed.number(MARK), names(&listed)), (Some(7), 1));
        // More within the window than can be remembered.
        let recent = old.map(|(name, _)| (name, 5_000));
        assert_eq!(scan(&mut listed, 5_001, &recent).len(), 7);
        assert!(names(&listed) <= 4);
        assert!(listed.end(false).unwrap().contains("more than 4 names"));
        assert!(scan(&mut listed, 5_002, &recent).is_empty());
        assert_eq!(listed.number(MARK), Some(5_001));
    }
}
