//! Which part of a track is music, and which is what its encoder added at the ends.
//!
//! Of MPEG-4: symphonia gives the whole track. For the formats where it leaves out what was added,
//! nothing is done here.

use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

use super::mp4::{Edit, Movie};

/// The name under which iTunes notes what it added, as a tag.
const NOTE: &str = "com_apple_itunes_itunsmpb";

/// The part of a track that is music, in the track's ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    start: u64,
    /// None if all that follows is music.
    end: Option<u64>,
}

/// What is left out of a decoded packet, in the track's ticks if nothing else is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// At its beginning.
    pub(super) skip: u64,
    /// How long the rest is at most.
    pub(super) keep: Option<u64>,
    /// At its end, in nanoseconds.
    pub(super) padding: u64,
}

impl Window {
    /// The window of a track of `total` ticks in an MPEG-4 file with `tags`; `total` is none where
    /// its header does not know.
    ///
    /// iTunes notes samples. An edit list counts in the movie's ticks, which may be as long as a
    /// millisecond, so the note says more as long as both agree. Where they do not, the file was
    /// cut later, and the edit list is newer.
    pub(super) fn new(movie: Movie, total: Option<u64>, tags: &[(String, String)]) -> Self {
        let total = total.filter(|total| *total > 0 && !movie.is_fragmented);
        let all = Self { start: 0, end: total };
        let note = tags.iter().find(|(name, _)| name == NOTE).and_then(|(_, value)| noted(value));
        let note = note.filter(|note| total.is_none() || note.end <= total);
        let Some(edit) = movie.edit else { return note.unwrap_or(all) };
        let edited = Self::edited(edit, total);
        match note {
            Some(note) if edited == all || edited.is_near(note, edit.slack) => note,
            _ => edited,
        }
    }

    /// What an edit list says. One that ends beyond the track, or as good as at its end, leaves its
    /// end as it is; one that begins there says nothing.
    fn edited(edit: Edit, total: Option<u64>) -> Self {
        let start = edit.start;
        let Some(total) = total else {
            return Self { start, end: edit.length.and_then(|length| start.checked_add(length)) };
        };
        let length = edit.length.unwrap_or(u64::MAX);
        let end = start.saturating_add(length);
        let end = if end >= total.saturating_sub(edit.slack) { total } else { end };
        Self { start: if start < total { start } else { 0 }, end: Some(end) }
    }

    fn is_near(self, other: Self, slack: u64) -> bool {
        let ends = self.end.zip(other.end);
        self.start.abs_diff(other.start) <= slack
            && ends.is_none_or(|(one, other)| one.abs_diff(other) <= slack)
    }

    /// How long it is; none where only the packets tell.
    pub(super) fn ticks(self) -> Option<u64> {
        Some(self.end?.saturating_sub(self.start))
    }

    /// Whether only the last packet tells where it ends.
    pub(super) fn is_open(self) -> bool {
        self.end.is_none()
    }

    /// Shortens what `packet` says of its duration to what lies in the window, and says what is to
    /// be left out of its samples: they may be more than it says, but only at the window's end.
    pub(super) fn cut(self, packet: &mut Packet) -> Cut {
        let from = u64::try_from(packet.pts.get()).unwrap_or(0);
        let to = from.saturating_add(packet.dur.get());
        let begin = from.max(self.start.min(to));
        let end = self.end.filter(|end| *end <= to).map(|end| end.max(begin));
        let keep = end.map(|end| end - begin);
        packet.dur = Duration::from(keep.unwrap_or(to - begin));
        Cut { skip: begin - from, keep, padding: 0 }
    }
}

/// What iTunes notes: hexadecimal numbers, of which the second is how many samples come before the
/// music, the third how many behind it, and the fourth how many it has.
fn noted(value: &str) -> Option<Window> {
    let mut numbers = value.split_whitespace().map(|word| u64::from_str_radix(word, 16).ok());
    let start = numbers.nth(1)??;
    let length = numbers.nth(1)??;
    let end = start.checked_add(length)?;
    (length > 0).then_some(Window { start, end: Some(end) })
}

#[cfg(test)]
mod tests {
    use symphonia::core::units::Timestamp;

    use super::*;

    const NONE: Movie = Movie { is_fragmented: false, edit: None };
    const ITUNES: &str = " 00000000 00000840 000001CA 0000000000010000 00000000 00000000";

    fn movie(start: u64, length: Option<u64>, slack: u64) -> Movie {
        Movie { is_fragmented: false, edit: Some(Edit { start, length, slack }) }
    }

    fn window(start: u64, end: impl Into<Option<u64>>) -> Window {
        Window { start, end: end.into() }
    }

    fn tags(value: &str) -> Vec<(String, String)> {
        vec![(NOTE.to_owned(), value.to_owned())]
    }

    #[test]
    fn without_an_edit_list_a_track_ends_where_its_durations_do() {
        assert_eq!(Window::new(NONE, Some(18_130), &[]), window(0, 18_130));
        assert_eq!(Window::new(NONE, Some(0), &[]), window(0, None));
        let fragmented = Movie { is_fragmented: true, edit: None };
        assert_eq!(Window::new(fragmented, Some(5), &[]), window(0, None));
    }

    #[test]
    fn an_edit_list_says_where_music_begins_and_ends() {
        let total = Some(18_130);
        assert_eq!(Window::new(movie(1_024, Some(17_106), 0), total, &[]), window(1_024, 18_130));
        assert_eq!(Window::new(movie(1_024, Some(17_000), 0), total, &[]), window(1_024, 18_024));
        assert_eq!(Window::new(movie(1_024, Some(90_000), 0), total, &[]), window(1_024, 18_130));
        assert_eq!(Window::new(movie(1_024, None, 0), None, &[]), window(1_024, None));
        // In milliseconds, of which each has 45 samples.
        assert_eq!(Window::new(movie(1_024, Some(17_110), 45), total, &[]), window(1_024, 18_130));
        assert_eq!(Window::new(movie(1_024, Some(17_066), 45), total, &[]), window(1_024, 18_130));
        // Behind the end there is nothing.
        assert_eq!(Window::new(movie(18_130, Some(10), 0), total, &[]), window(0, 18_130));
    }

    #[test]
    fn a_note_of_itunes_counts_unless_the_edit_list_is_another() {
        let (total, note) = (Some(0x840 + 0x10000 + 0x1ca), window(0x840, 0x10840));
        for exact in [NONE, movie(0, Some(0x10840 + 0x1ca), 0), movie(0x840, Some(0xfff0), 45)] {
            assert_eq!(Window::new(exact, total, &tags(ITUNES)), note, "{exact:?}");
        }
        let cut = movie(5_000, Some(10_000), 45);
        assert_eq!(Window::new(cut, total, &tags(ITUNES)), window(5_000, 15_000));
        // Of another recording, or of none.
        assert_eq!(Window::new(NONE, Some(9_000), &tags(ITUNES)), window(0, 9_000));
        for wrong in ["", "0 1 2", "0 840 1ca zz", "0 1 2 0", "0 1 2 ffffffffffffffff"] {
            assert_eq!(Window::new(NONE, Some(9_000), &tags(wrong)), window(0, 9_000), "{wrong}");
        }
    }

    #[test]
    fn only_a_packet_that_reaches_the_end_is_cut_there() {
        let cut = |window: Window, pts: i64, dur: u64| {
            let mut packet = Packet::new(1, Timestamp::new(pts), Duration::from(dur), []);
            let cut = window.cut(&mut packet);
            (cut.skip, cut.keep, packet.dur.get())
        };
        let music = window(1_500, 4_000);
        assert_eq!(cut(music, 0, 1_024), (1_024, None, 0));
        assert_eq!(cut(music, 1_024, 1_024), (476, None, 548));
        assert_eq!(cut(music, 2_048, 1_024), (0, None, 1_024));
        assert_eq!(cut(music, 3_072, 1_024), (0, Some(928), 928));
        assert_eq!(cut(music, 3_072, 928), (0, Some(928), 928));
        assert_eq!(cut(music, 4_096, 1_024), (0, Some(0), 0));
        assert_eq!(cut(window(100, 200), 0, 1_024), (100, Some(100), 100));
        assert_eq!(cut(window(0, None), i64::MAX, u64::MAX), (0, None, u64::MAX - i64::MAX as u64));
    }
}
