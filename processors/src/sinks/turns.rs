//! Turns at one place: who writes there waits until those before have written and looked.
//!
//! Of this process only, and for all its processors together: two of them may have one target.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Weak};

use parking_lot::Mutex;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// So many places are remembered before those that nobody is at are forgotten.
const PLACES_MAX: usize = 64;

static PLACES: LazyLock<Mutex<HashMap<String, Weak<Turn<()>>>>> = LazyLock::new(Mutex::default);

/// Waits for the turn at the place `uri`, in the order of asking; it ends when the guard is
/// dropped. Whoever has one must not wait for another.
pub(crate) async fn at(uri: &str) -> OwnedMutexGuard<()> {
    turn(uri).lock_owned().await
}

fn turn(uri: &str) -> Arc<Turn<()>> {
    let mut places = PLACES.lock();
    if let Some(turn) = places.get(uri).and_then(Weak::upgrade) {
        return turn;
    }
    if places.len() >= PLACES_MAX {
        places.retain(|_, turn| turn.strong_count() > 0);
    }
    let turn = Arc::default();
    places.insert(uri.to_owned(), Arc::downgrade(&turn));
    turn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_next_one_waits_and_others_do_not() {
        let first = at("turns:a").await;
        assert!(turn("turns:a").try_lock().is_err());
        let other = at("turns:b").await;
        drop(first);
        let second = at("turns:a").await;
        drop((second, other));
    }

    #[tokio::test]
    async fn places_that_nobody_is_at_are_forgotten() {
        let kept = at("turns:kept").await;
        for place in 0..10 * PLACES_MAX {
            drop(at(&format!("turns:{place}")).await);
        }
        assert!(turn("turns:kept").try_lock().is_err(), "somebody is there");
        assert!(PLACES.lock().len() <= PLACES_MAX);
        drop(kept);
    }
}
