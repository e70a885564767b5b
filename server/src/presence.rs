//! Who looks at which flow, and at what in it: told to all who watch, and kept nowhere.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;

/// How long somebody is there who does not say so again.
const SILENCE_MAX: Duration = Duration::from_secs(40);
/// How many are told of; one more is not.
const PEOPLE_MAX: usize = 100;

/// Somebody who looks at a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Person {
    /// What their page calls itself.
    pub(crate) id: String,
    /// What they are called; empty while the server has no users.
    pub(crate) name: String,
    /// The flow.
    pub(crate) flow: String,
    /// The path of the group that they see.
    pub(crate) group: String,
    /// The paths of what they have selected.
    pub(crate) selected: Vec<String>,
}

/// Everybody who looks at a flow, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<Vec<(Person, Instant)>>);

impl Presence {
    /// Somebody looks at something; whether that is news.
    pub(crate) fn see(&self, person: Person, now: Instant) -> bool {
        let mut people = self.0.lock();
        let has_room = people.len() < PEOPLE_MAX;
        let known = people.iter_mut().find(|(known, _)| known.is_page_of(&person));
        match known {
            Some((known, seen)) => {
                *seen = now;
                let is_news = *known != person;
                *known = person;
                is_news
            }
            None if has_room => {
                people.push((person, now));
                true
            }
            None => false,
        }
    }

    /// Somebody looks at no flow any more; whether that is news.
    pub(crate) fn leave(&self, id: &str, name: &str) -> bool {
        self.retain(|person, _| person.id != id || person.name != name)
    }

    /// Those who have said nothing for long are gone; whether there are such.
    pub(crate) fn forget(&self, now: Instant) -> bool {
        self.retain(|_, seen| now.saturating_duration_since(seen) < SILENCE_MAX)
    }

    fn retain(&self, stays: impl Fn(&Person, Instant) -> bool) -> bool {
        let mut people = self.0.lock();
        let before = people.len();
        people.retain(|(person, seen)| stays(person, *seen));
        people.len() != before
    }

    /// Everybody.
    pub(crate) fn told(&self) -> Vec<Person> {
        self.0.lock().iter().map(|(person, _)| person.clone()).collect()
    }
}

impl Person {
    /// Nobody speaks for a page of somebody else.
    fn is_page_of(&self, other: &Self) -> bool {
        self.id == other.id && self.name == other.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, name: &str, selected: &[&str]) -> Person {
        Person {
            id: id.to_owned(),
            name: name.to_owned(),
            flow: "f".to_owned(),
            group: String::new(),
            selected: selected.iter().map(|&path| path.to_owned()).collect(),
        }
    }

    #[test]
    fn who_says_nothing_more_is_gone() {
        let presence = Presence::default();
        let start = Instant::now();
        assert!(presence.see(person("1", "ann", &[]), start));
        assert!(!presence.see(person("1", "ann", &[]), start), "no news");
        assert!(presence.see(person("1", "ann", &["Get"]), start));
        assert!(presence.see(person("2", "bob", &[]), start + SILENCE_MAX / 2));
        assert!(!presence.forget(start + SILENCE_MAX / 2));
        assert!(presence.forget(start + SILENCE_MAX));
        assert_eq!(presence.told(), [person("2", "bob", &[])]);
        assert!(!presence.leave("2", "ann"), "nobody ends another's presence");
        assert!(presence.leave("2", "bob"));
        assert!(presence.told().is_empty());
    }

    #[test]
    fn there_are_never_too_many() {
        let presence = Presence::default();
        let now = Instant::now();
        for id in 0..PEOPLE_MAX {
            assert!(presence.see(person(&id.to_string(), "", &[]), now));
        }
        assert!(!presence.see(person("more", "", &[]), now));
        assert_eq!(presence.told().len(), PEOPLE_MAX);
    }
}
