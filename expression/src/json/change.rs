//! Changing a document at the places that a path leads to.

use super::budget::{Budget, Root};
use super::evaluate::{Place, Stop};
use super::path::Path;
use super::value::Json;

/// What is to be done at each place.
#[derive(Debug)]
pub(crate) enum Change {
    Delete,
    Set(Json),
    /// At the end of the array there.
    Add(Json),
    /// Under a key of the object there.
    Put(String, Json),
}

/// Why a document was not changed, or not wholly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeError {
    /// The path leads nowhere.
    NothingFound,
    /// What is at the path cannot be changed so.
    NotPossible,
    /// It takes more steps, or leads to more, than one evaluation may.
    TooMuch,
}

impl Path {
    /// Changes `document` at every place that the path leads to.
    pub(crate) fn change(&self, document: &mut Json, change: &Change) -> Result<(), ChangeError> {
        let budget = Budget::default();
        let hits = self.hits(document, Root { json: document, budget: &budget }, false, true)?;
        let mut locations: Vec<Vec<Place>> = hits.into_iter().map(|hit| hit.location).collect();
        if locations.is_empty() {
            return Err(ChangeError::NothingFound);
        }
        if matches!(change, Change::Put(key, _) if key.is_empty()) {
            return Err(ChangeError::NotPossible);
        }
        if matches!(change, Change::Delete) {
            // From the back, so that the places that are left stay where they are.
            locations.sort_by(|left, right| order(right).cmp(&order(left)));
        }
        locations.iter().try_for_each(|location| apply(document, location, change, &budget))
    }
}

impl From<Stop> for ChangeError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::NotFound => Self::NothingFound,
            Stop::Invalid | Stop::Failed => Self::NotPossible,
            Stop::TooMuch => Self::TooMuch,
        }
    }
}

/// A key by which places in one array come in the order of their indices, and places within others
/// behind them.
fn order(location: &[Place]) -> Vec<(i64, &str)> {
    let key = |place| match place {
        &Place::Index(index) => (index, ""),
        Place::Key(name) => (-1, name.as_str()),
        Place::Keys(_) => (-1, ""),
    };
    location.iter().map(key).collect()
}

fn apply(
    document: &mut Json,
    location: &[Place],
    change: &Change,
    budget: &Budget,
) -> Result<(), ChangeError> {
    let Some((last, path)) = location.split_last() else { return apply_at_root(document, change) };
    let mut parent = document;
    for place in path {
        look(parent, budget)?;
        // What an earlier change has replaced is no part of the document any more.
        match descend(parent, place) {
            Some(inner) => parent = inner,
            None => return Ok(()),
        }
    }
    look(parent, budget)?;
    match (last, parent) {
        (Place::Key(key), Json::Object(entries)) => at_key(entries, key, change),
        (Place::Index(index), Json::Array(items)) => at_index(items, *index, change),
        (Place::Keys(keys), Json::Object(entries)) => match change {
            Change::Set(value) => {
                for key in keys {
                    Json::put(entries, key, value.clone());
                }
                Ok(())
            }
            Change::Delete => {
                entries.retain(|(key, _)| !keys.contains(key));
                Ok(())
            }
            Change::Add(_) | Change::Put(..) => Err(ChangeError::NotPossible),
        },
        _ => Ok(()),
    }
}

/// Adds the cost of finding one entry.
fn look(json: &Json, budget: &Budget) -> Result<(), Stop> {
    match json {
        Json::Object(entries) => budget.look_through(entries.len()),
        _ => Ok(()),
    }
}

fn descend<'j>(json: &'j mut Json, place: &Place) -> Option<&'j mut Json> {
    match (json, place) {
        (Json::Object(entries), Place::Key(key)) => {
            entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
        }
        (Json::Array(items), Place::Index(index)) => {
            let length = items.len() as i64;
            let index = if *index < 0 { length + index } else { *index };
            items.get_mut(usize::try_from(index).ok()?)
        }
        _ => None,
    }
}

fn apply_at_root(document: &mut Json, change: &Change) -> Result<(), ChangeError> {
    match (change, document) {
        (Change::Add(value), Json::Array(items)) => {
            items.push(value.clone());
            Ok(())
        }
        (Change::Put(key, value), Json::Object(entries)) => {
            Json::put(entries, key, value.clone());
            Ok(())
        }
        _ => Err(ChangeError::NotPossible),
    }
}

fn at_key(
    entries: &mut Vec<(String, Json)>,
    key: &str,
    change: &Change,
) -> Result<(), ChangeError> {
    match change {
        Change::Delete => {
            entries.retain(|(name, _)| name != key);
            return Ok(());
        }
        Change::Set(value) => {
            Json::put(entries, key, value.clone());
            return Ok(());
        }
        Change::Add(_) | Change::Put(..) => {}
    }
    match (change, entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)) {
        (_, None | Some(Json::Null)) => Ok(()),
        (Change::Add(value), Some(Json::Array(items))) => {
            items.push(value.clone());
            Ok(())
        }
        (Change::Put(key, value), Some(Json::Object(entries))) => {
            Json::put(entries, key, value.clone());
            Ok(())
        }
        _ => Err(ChangeError::NotPossible),
    }
}

fn at_index(items: &mut Vec<Json>, index: i64, change: &Change) -> Result<(), ChangeError> {
    // An index from the end can be read, but Jayway cannot change anything there.
    let index = usize::try_from(index).map_err(|_| ChangeError::NotPossible)?;
    match change {
        Change::Delete if index < items.len() => {
            items.remove(index);
            Ok(())
        }
        Change::Delete => Err(ChangeError::NotPossible),
        Change::Set(value) => match items.get_mut(index) {
            Some(item) => {
                *item = value.clone();
                Ok(())
            }
            None => Err(ChangeError::NotPossible),
        },
        Change::Put(key, value) => match items.get_mut(index) {
            Some(Json::Object(entries)) => {
                Json::put(entries, key, value.clone());
                Ok(())
            }
            None | Some(Json::Null) => Ok(()),
            Some(_) => Err(ChangeError::NotPossible),
        },
        // Jayway cannot add to an array within an array.
        Change::Add(_) => match items.get(index) {
            None | Some(Json::Null) => Ok(()),
            Some(_) => Err(ChangeError::NotPossible),
        },
    }
}
