//! What a script calls: the imports of the contract, on the session that it works on.
//!
//! A call that a script may well make wrongly gives a `refusal`, which is an exception there. Only
//! what breaks the contract itself, such as a handle that leads nowhere, ends the script.

mod attributes;
mod audio;
mod content;
mod flow;
#[cfg(test)]
mod tests;

use std::io;

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::{ProcessError, Session};
use wasmtime::{Error, Result};

use crate::guest::Guest;
use crate::limits::HANDLES_MAX;
use crate::wit::{Refusal, types};

#[allow(unreachable_pub, reason = "as there")]
pub use handle_types::{FlowFileHandle, ReaderHandle, WriterHandle};

/// What a guest holds: types that the macro wants to be public.
#[allow(unreachable_pub, reason = "the bindings name them in public items of a private module")]
mod handle_types {
    /// Of a flowfile.
    pub struct FlowFileHandle;
    /// Of content that it reads.
    pub struct ReaderHandle;
    /// Of content that it writes.
    pub struct WriterHandle;
}

/// What a call gives that may be refused; the outer error ends the script.
type Answer<T> = Result<std::result::Result<T, Refusal>>;

impl types::Host for Guest {}

impl Guest {
    /// The session that is worked on. There is none while a script is only loaded.
    fn session(&mut self) -> Result<&mut Session> {
        let session = self.session.as_deref_mut();
        session.ok_or_else(|| {
            Error::msg(
                "a script can work on flowfiles only in its functions, not while it is loaded",
            )
        })
    }

    fn flowfile(&mut self, handle: u32) -> Result<&mut FlowFile> {
        self.flowfiles.get_mut(handle).ok_or_else(gone)
    }

    /// Hands a flowfile to the guest.
    fn hand_out(&mut self, flowfile: FlowFile) -> Result<u32> {
        self.flowfiles.add(flowfile).ok_or_else(|| Error::msg("there are no handles left"))
    }

    fn may_have_more(&self) -> std::result::Result<(), Refusal> {
        let made = self.flowfiles.made() + self.readers.made() + self.writers.made();
        if made < HANDLES_MAX {
            return Ok(());
        }
        let most = format!("a call may make {HANDLES_MAX} flowfiles, readers and writers");
        Err(Refusal::Limit(most))
    }

    /// Counts bytes that are written.
    fn may_write(&mut self, bytes: u64) -> std::result::Result<(), Refusal> {
        if self.meter.may_write(bytes) {
            return Ok(());
        }
        let most = self.meter.limits().written_bytes;
        Err(Refusal::Limit(format!("a call may write {most} bytes of content")))
    }

    /// Ends the script where a call of the host's itself takes too long.
    fn in_time(&self) -> Result<()> {
        if self.meter.is_out_of_time() {
            return Err(Error::new(crate::guest::Stopped::Time));
        }
        Ok(())
    }
}

/// A handle leads nowhere: the script kept it from an earlier session, or has given it away.
fn gone() -> Error {
    Error::msg(
        "a flowfile, reader or writer was used after it was transferred, removed or finished, \
         or in another session than its own",
    )
}

/// What a script is told of an error of the host's.
fn refused(error: &ProcessError) -> Refusal {
    Refusal::Io(error.chain())
}

fn unread(error: io::Error) -> Refusal {
    let error = ProcessError::unreadable(error);
    match error.retry() {
        tutti_sdk::Retry::Never => Refusal::Unreadable(error.chain()),
        tutti_sdk::Retry::Later => Refusal::Io(error.chain()),
    }
}
