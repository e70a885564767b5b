//! What is missing by what a container states.

use symphonia::core::formats::well_known as format;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::Demuxer;
use crate::decode::DecodeError;

/// The end of MPEG audio in which the last packet is looked for.
const MPEG_TAIL_BYTES: u64 = 64 << 10;

impl Demuxer {
    /// Counts the `seconds` that are there too few by what the header states, if nothing else told
    /// that something is missing.
    pub(in crate::decode) fn too_short(&mut self, seconds: f64) -> Result<(), DecodeError> {
        if !self.damage.is_none() {
            return Ok(());
        }
        let offset = self.watch.position();
        if self.ends_within_packet()? {
            self.damage.truncated_at = Some(offset);
        } else {
            self.damage.missing_seconds = Some(seconds);
        }
        Ok(())
    }

    /// Counts the packets of MPEG audio that are there too few by the tag that says how much its
    /// encoder added: they may hide behind that.
    pub(super) fn check_count(&mut self) -> Result<(), DecodeError> {
        let track = self.reader.tracks().iter().find(|track| track.id == self.track);
        let stated = track.filter(|_| self.is_mpeg()).and_then(|it| it.num_frames.zip(it.padding));
        let Some(((frames, padding), (_, reached))) = stated.zip(self.span) else { return Ok(()) };
        let end = frames.saturating_add(u64::from(padding));
        let reached = u64::try_from(reached.get()).unwrap_or(0);
        let missing = self.seconds(Duration::from(end.saturating_sub(reached)));
        missing.filter(|missing| *missing > 0.0).map_or(Ok(()), |missing| self.too_short(missing))
    }

    /// Whether another packet begins behind the last. Of MPEG audio, symphonia skips what is no
    /// packet in silence wherever it is; other formats say where everything is.
    fn ends_within_packet(&self) -> Result<bool, DecodeError> {
        if !self.is_mpeg() || self.last_packet.is_empty() {
            return Ok(true);
        }
        let Some(tail) = self.watch.tail(MPEG_TAIL_BYTES)? else { return Ok(false) };
        let length = self.last_packet.len();
        let at = tail.windows(length).rposition(|bytes| bytes == self.last_packet);
        let rest = at.and_then(|at| tail.get(at + length..)).unwrap_or_default();
        // The mark of a packet; tags that may follow the last begin with letters.
        Ok(rest.first() == Some(&0xff))
    }

    /// Counts what is missing before `packet`: demuxers skip what fails its checksum in silence.
    pub(super) fn check_gap(&mut self, packet: &Packet) {
        // Others round their times, or have gaps by right.
        let exact = [format::FORMAT_ID_OGG, format::FORMAT_ID_FLAC];
        if !exact.contains(&self.reader.format_info().format) {
            return;
        }
        if let Some(expected) = self.expected.filter(|expected| packet.pts > *expected) {
            self.miss(expected, packet.pts);
        }
        // What is cut off takes its time all the same.
        let cut = packet.trim_start.saturating_add(packet.trim_end);
        self.expected = packet.pts.checked_add(packet.dur.saturating_add(cut));
    }

    /// Counts what is missing right before the last page of an Ogg stream.
    pub(super) fn check_last_page(&mut self) {
        let last = self.container.last_page.filter(|last| last.serial == self.track);
        let Some((last, reached)) = last.zip(self.expected) else { return };
        let end = Timestamp::new(last.end);
        if reached < end {
            self.miss(reached, end);
        }
        self.expected = None;
    }

    fn miss(&mut self, from: Timestamp, to: Timestamp) {
        let (from, to) = (self.time(from), self.time(to));
        let message = format!("{:.3} s of audio are missing", to - from);
        self.damage.add(self.watch.position(), from, &message);
    }
}
