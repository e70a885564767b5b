//! A session that works on another thread for a while.

use std::mem;
use std::ops::{Deref, DerefMut};

use tokio::sync::oneshot;

use super::Session;
use crate::ProcessError;
use crate::host::Work;

/// A session on its way to a thread and back. Dropped there, which a panic does too, it puts back
/// what it had taken.
pub struct LentSession {
    session: Session,
    is_back: bool,
}

impl Deref for LentSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for LentSession {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Drop for LentSession {
    fn drop(&mut self) {
        if !self.is_back {
            self.session.rollback(false);
        }
    }
}

impl Session {
    /// Runs work that calls this session again and again, as a script does, on one of the threads
    /// for `kind`: there each call costs no more than a call.
    pub async fn lend<T: Send + 'static>(
        &mut self,
        kind: Work,
        work: impl FnOnce(LentSession) -> (LentSession, T) + Send + 'static,
    ) -> Result<T, ProcessError> {
        let stand_in = Self::new(self.context.clone(), self.host.clone());
        let lent = LentSession { session: mem::replace(self, stand_in), is_back: false };
        let (sender, receiver) = oneshot::channel();
        // Where nobody waits for it any more the session is dropped here; a panic drops it too,
        // and the sender.
        let job = move || drop(sender.send(work(lent)));
        self.context.host.run(kind, Box::new(job)).await;
        let (mut lent, done) = receiver.await.map_err(|_| ProcessError::panicked(kind))?;
        mem::swap(self, &mut lent.session);
        lent.is_back = true;
        Ok(done)
    }
}
