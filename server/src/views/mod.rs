//! What is seen of content without being taken: waveforms, spectrograms, previews, tables.
//!
//! Knows bytes that can be read, and no flow. Whatever they say, memory and time are bounded, and
//! work that nobody waits for any more ends.

mod audio;
mod kept;
mod source;
pub(crate) mod table;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use crate::places::Places;
use crate::problem::Problem;

pub(crate) use audio::{
    Length, Preview, SpectrogramError, SpectrogramView, WaveformView, length, spectrogram, waveform,
};
pub(crate) use kept::{Kept, Key, View};
pub(crate) use source::{Source, Stop};

use kept::Cache;

/// Bytes of views that are kept, so that who looks again does not wait again.
const KEPT_BYTES_MAX: usize = 16 << 20;

/// Where content is looked at: places of its own, and what was seen last.
#[derive(Clone)]
pub(crate) struct Views {
    places: Places,
    limit: Duration,
    kept: Arc<Mutex<Cache>>,
}

/// Stops the work when nobody waits for it any more.
pub(crate) struct Waiting(Arc<Stop>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Views {
    /// In these places, each view within the limit.
    pub(crate) fn new(places: usize, limit: Duration) -> Self {
        // A source fails at the limit. A disk that is stuck then is given up a little later.
        let places = Places::new(places, limit + Duration::from_secs(2));
        Self { places, limit, kept: Arc::new(Mutex::new(Cache::new(KEPT_BYTES_MAX))) }
    }

    /// Begins to wait for a view: what its source asks whether to go on, and what must live as long
    /// as the view is waited for.
    pub(crate) fn wait(&self) -> (Arc<Stop>, Waiting) {
        let stop = Arc::new(Stop::new(self.limit));
        (Arc::clone(&stop), Waiting(stop))
    }

    /// Does some work in one of the places.
    pub(crate) async fn done<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.places.done(work).await
    }

    /// What was seen before.
    pub(crate) fn recall(&self, key: &Key) -> Option<Kept> {
        self.kept.lock().get(key)
    }

    /// Keeps what was seen, as long as there is room.
    pub(crate) fn keep(&self, key: Key, kept: Kept) {
        self.kept.lock().put(key, kept);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn what_nobody_waits_for_ends() {
        let stop = Arc::new(Stop::new(Duration::from_mins(1)));
        let waiting = Waiting(Arc::clone(&stop));
        let mut source = Source::new(Cursor::new(vec![1, 2]), 2, stop);
        source.read_exact(&mut [0]).unwrap();
        drop(waiting);
        assert!(source.read(&mut [0]).is_err());
    }
}
