//! Panics that become errors, without the noise of a panic.
//!
//! The process's hook prints a message and a backtrace for every panic before anybody can catch
//! it. What is caught here is told once, as an error; all other panics go the way they went.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `work`, or hands back the first line of what it panicked with.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_CAUGHT.get() {
                before(info);
            }
        }));
    });
    let was_caught = IS_CAUGHT.replace(true);
    let caught = panic::catch_unwind(AssertUnwindSafe(work));
    IS_CAUGHT.set(was_caught);
    caught.map_err(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it gave up without a message");
        message.lines().next().unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_is_caught_is_not_printed_and_what_is_not_still_is() {
        assert_eq!(catch(|| 7), Ok(7));
        // From here on the hook stands behind the one that counts.
        let heard = Arc::new(AtomicUsize::new(0));
        let ours = Arc::clone(&heard);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if IS_CAUGHT.get() {
                ours.fetch_add(1, Ordering::SeqCst);
            }
            before(info);
        }));
        assert_eq!(catch::<()>(|| panic!("first\nsecond")), Err("first".into()));
        assert_eq!(catch::<()>(|| panic!("{}", 3)), Err("3".into()));
        assert_eq!(heard.load(Ordering::SeqCst), 2);
        assert!(!IS_CAUGHT.get());
        // Within one that is caught.
        assert_eq!(catch(|| catch(|| panic!("inner")).map(|()| 1)), Ok(Err("inner".into())));
        assert!(!IS_CAUGHT.get());
    }
}
