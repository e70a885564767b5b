//! Who looks at which flow, and at what in it: told to all who watch, and kept nowhere.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;

/// How long somebody is there who does not say so again.
const SILENCE_MAX: Duration = Duration::from_secs(40);
/// How many pages are told of.
const PEOPLE_MAX: usize = 100;
/// How many of one user.
const PAGES_MAX: usize = 20;

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
pub(crate) struct Presence {
    people: Mutex<Vec<(Person, Instant)>>,
    /// Whether there is something to be told.
    is_news: AtomicBool,
}

impl Presence {
    /// Somebody looks at something. Where there are too many, the page that was silent for longest
    /// makes room, of the same user or of who has the most.
    pub(crate) fn see(&self, person: Person, now: Instant) {
        let mut people = self.people.lock();
        if let Some((known, seen)) = people.iter_mut().find(|(known, _)| known.is_page_of(&person))
        {
            *seen = now;
            if *known != person {
                *known = person;
                self.is_news.store(true, Ordering::Relaxed);
            }
            return;
        }
        let mut pages = BTreeMap::<&str, usize>::new();
        for (known, _) in people.iter() {
            *pages.entry(&known.name).or_default() += 1;
        }
        let own = pages.get(person.name.as_str()).copied().unwrap_or_default();
        let most = pages.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name);
        let from = if own >= PAGES_MAX {
            Some(person.name.clone())
        } else {
            most.filter(|_| people.len() >= PEOPLE_MAX).map(str::to_owned)
        };
        if let Some(name) = from {
            let of_them = people.iter().enumerate().filter(|(_, (known, _))| known.name == name);
            let silent = of_them.min_by_key(|(_, (_, seen))| *seen).map(|(index, _)| index);
            if let Some(index) = silent {
                people.remove(index);
            }
        }
        people.push((person, now));
        self.is_news.store(true, Ordering::Relaxed);
    }

    /// Somebody looks at no flow any more.
    pub(crate) fn leave(&self, id: &str, name: &str) {
        self.retain(|person, _| person.id != id || person.name != name);
    }

    /// Everybody, if that is news since it was asked last. Those who have said nothing for long are
    /// gone.
    pub(crate) fn news(&self, now: Instant) -> Option<Vec<Person>> {
        self.retain(|_, seen| now.saturating_duration_since(seen) < SILENCE_MAX);
        let is_news = self.is_news.swap(false, Ordering::Relaxed);
        is_news.then(|| self.people.lock().iter().map(|(person, _)| person.clone()).collect())
    }

    fn retain(&self, stays: impl Fn(&Person, Instant) -> bool) {
        let mut people = self.people.lock();
        let before = people.len();
        people.retain(|(person, seen)| stays(person, *seen));
        if people.len() != before {
            self.is_news.store(true, Ordering::Relaxed);
        }
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

    fn ids(people: &[Person]) -> Vec<&str> {
        people.iter().map(|person| person.id.as_str()).collect()
    }

    #[test]
    fn what_is_news_is_told_once() {
        let presence = Presence::default();
        let start = Instant::now();
        assert_eq!(presence.news(start), None);
        presence.see(person("1", "ann", &[]), start);
        assert_eq!(presence.news(start), Some(vec![person("1", "ann", &[])]));
        presence.see(person("1", "ann", &[]), start);
        assert_eq!(presence.news(start), None, "no news");
        presence.see(person("1", "ann", &["Get"]), start);
        assert_eq!(presence.news(start), Some(vec![person("1", "ann", &["Get"])]));
        presence.leave("1", "bob");
        assert_eq!(presence.news(start), None, "nobody ends another's presence");
        presence.leave("1", "ann");
        assert_eq!(presence.news(start), Some(Vec::new()));
    }

    #[test]
    fn who_says_nothing_more_is_gone() {
        let presence = Presence::default();
        let start = Instant::now();
        presence.see(person("1", "ann", &[]), start);
        presence.see(person("2", "bob", &[]), start + SILENCE_MAX / 2);
        assert_eq!(ids(&presence.news(start + SILENCE_MAX / 2).unwrap()), ["1", "2"]);
        assert_eq!(ids(&presence.news(start + SILENCE_MAX).unwrap()), ["2"]);
    }

    #[test]
    fn nobody_takes_the_places_of_others() {
        let presence = Presence::default();
        let start = Instant::now();
        presence.see(person("a", "ann", &[]), start);
        for page in 0..PAGES_MAX + 5 {
            let seen = start + Duration::from_millis(page as u64);
            presence.see(person(&page.to_string(), "bob", &[]), seen);
        }
        let told = presence.news(start).unwrap();
        assert_eq!(told.len(), PAGES_MAX + 1);
        assert_eq!(ids(&told)[..2], ["a", "5"], "bob's eldest pages made room");
        for user in 0..PEOPLE_MAX - 2 {
            presence.see(person("x", &user.to_string(), &[]), start + Duration::from_secs(1));
        }
        let told = presence.news(start).unwrap();
        assert_eq!(told.len(), PEOPLE_MAX);
        assert!(ids(&told).contains(&"a"), "bob's other pages make room, and ann's only one stays");
    }
}
