//! What was seen last, within a limit of bytes.
//!
//! The name of a view says where its content lies, and nothing else ever lies there: so it never
//! stands for other content.

use std::collections::VecDeque;

use bytes::Bytes;
use tutti_audio::view::Colors;
use tutti_model::flowfile::ContentSlice;

use super::Length;

/// What a view counts besides its bytes.
const ENTRY_BYTES: usize = 256;

/// Which content, of which flow, and how it is seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) flow: String,
    pub(crate) slice: ContentSlice,
    pub(crate) view: View,
}

/// How content is seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum View {
    Waveform { width: usize },
    Spectrogram { from: f64, to: Option<f64>, width: usize, height: usize, colors: Colors },
    Length,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kept {
    Answer(Bytes),
    Length(Length),
}

impl Kept {
    fn bytes(&self) -> usize {
        match self {
            Self::Answer(bytes) => bytes.len(),
            Self::Length(_) => 0,
        }
    }
}

/// The views that were asked for last.
#[derive(Debug)]
pub(super) struct Cache {
    bytes_max: usize,
    bytes: usize,
    /// The one that was asked for last is the last.
    entries: VecDeque<(Key, Kept)>,
}

impl Cache {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, bytes: 0, entries: VecDeque::new() }
    }

    pub(super) fn get(&mut self, key: &Key) -> Option<Kept> {
        let at = self.entries.iter().position(|(known, _)| known == key)?;
        let entry = self.entries.remove(at)?;
        let kept = entry.1.clone();
        self.entries.push_back(entry);
        Some(kept)
    }

    pub(super) fn put(&mut self, key: Key, kept: Kept) {
        let size = size(&key, &kept);
        // One view must not take the room of all others.
        if size > self.bytes_max / 2 || self.get(&key).is_some() {
            return;
        }
        self.bytes += size;
        self.entries.push_back((key, kept));
        while self.bytes > self.bytes_max {
            let Some((key, kept)) = self.entries.pop_front() else { break };
            self.bytes -= self::size(&key, &kept);
        }
    }
}

fn size(key: &Key, kept: &Kept) -> usize {
    key.flow.len() + kept.bytes() + ENTRY_BYTES
}

#[cfg(test)]
mod tests {
    use tutti_model::flowfile::Claim;

    use super::*;

    fn key(flow: &str, offset: u64, width: usize) -> Key {
        let slice = ContentSlice::whole(Claim { segment: 1, offset, length: 10 });
        Key { flow: flow.to_owned(), slice, view: View::Waveform { width } }
    }

    fn answer(length: usize) -> Kept {
        Kept::Answer(Bytes::from(vec![7; length]))
    }

    #[test]
    fn other_content_flows_and_widths_have_views_of_their_own() {
        let mut cache = Cache::new(1 << 20);
        cache.put(key("a", 0, 100), answer(5));
        assert_eq!(cache.get(&key("a", 0, 100)), Some(answer(5)));
        for other in [key("b", 0, 100), key("a", 8, 100), key("a", 0, 101)] {
            assert_eq!(cache.get(&other), None);
        }
        let part =
            Key { slice: ContentSlice { length: 9, ..key("a", 0, 100).slice }, ..key("a", 0, 100) };
        assert_eq!(cache.get(&part), None);
    }

    #[test]
    fn the_bytes_are_bounded_and_what_was_asked_for_last_stays() {
        let mut cache = Cache::new(10_000);
        cache.put(key("a", 0, 1), answer(5_001));
        assert_eq!(cache.get(&key("a", 0, 1)), None, "it would take the room of all others");
        for width in 0..3 {
            cache.put(key("a", 0, width), answer(2_500));
            cache.put(key("a", 0, width), answer(2_500));
        }
        assert_eq!(cache.entries.len(), 3);
        assert!(cache.get(&key("a", 0, 0)).is_some());
        cache.put(key("a", 0, 3), answer(2_500));
        assert!(cache.bytes <= 10_000);
        let there = [0, 1, 2, 3].map(|width| cache.get(&key("a", 0, width)).is_some());
        assert_eq!(there, [true, false, true, true]);
        // What has no bytes takes room all the same.
        for width in 0..10_000 {
            cache.put(key("a", 0, width), answer(0));
        }
        assert!(cache.entries.len() <= 10_000 / ENTRY_BYTES);
        assert!(cache.bytes <= 10_000);
    }
}
