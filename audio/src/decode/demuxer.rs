//! From bytes to the packets of one track of audio.

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known as format;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase, Timestamp};

use super::container::Container;
use super::info::{StreamInfo, is_lossy, mime_type, undecoded};
use super::refusal::{beginning, refused};
use super::source::Watched;
use super::trim::Cut;
use super::{Damage, DecodeError, Source, id3, rf64, tags, unfinished};

/// Bytes of a picture that are kept while its tags are read; none is used.
const PICTURE_BYTES_MAX: usize = 1 << 20;
/// Failures in a row after which there is no more hope of another packet.
const FAILURES_MAX: u32 = 1_000;
/// The end of MPEG audio in which the last packet is looked for.
const MPEG_TAIL_BYTES: u64 = 64 << 10;
const CHANNELS_MAX: usize = 64;
const HZ_MAX: u32 = 10_000_000;

/// What comes next.
pub(super) enum Next {
    /// With what is to be left out of its samples.
    Packet(Packet, Cut),
    /// Another stream begins, with parameters of its own.
    Restart,
    End,
}

/// The packets of one track of audio.
pub(super) struct Demuxer {
    reader: Box<dyn FormatReader>,
    track: u32,
    time_base: Option<TimeBase>,
    parameters: AudioCodecParameters,
    tags: Vec<(String, String)>,
    container: Container,
    /// Of RF64: samples of each channel, which symphonia is not shown.
    long_frames: Option<u64>,
    watch: Watched,
    failures: u32,
    /// Where the next packet begins if nothing is missing before it.
    expected: Option<Timestamp>,
    /// Where the first packet begins and the last one ends.
    span: Option<(Timestamp, Timestamp)>,
    /// What comes next, where the last packet is not like the others.
    ahead: Option<Next>,
    /// The last packet of MPEG audio, to find where it ends.
    last_packet: Vec<u8>,
    pub(super) damage: Damage,
}

impl Demuxer {
    pub(super) fn open(mut source: Box<dyn Source>) -> Result<Self, DecodeError> {
        let beginning = beginning(&mut *source)?;
        let unreadable = |source| DecodeError::Read { offset: 0, source };
        let (source, long_frames) = rf64::open(source).map_err(unreadable)?;
        let source = unfinished::open(source).map_err(unreadable)?;
        let (source, left_out) = id3::open(source).map_err(unreadable)?;
        let watch = Watched::new(source);
        let stream =
            MediaSourceStream::new(Box::new(watch.clone()), MediaSourceStreamOptions::default());
        let options =
            MetadataOptions::default().limit_visual_bytes(Limit::Maximum(PICTURE_BYTES_MAX));
        let probed = symphonia::default::get_probe().probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            options,
        );
        let mut reader = probed.map_err(|error| refused(error, &watch, &beginning))?;
        let mut tags = tags::read(&mut reader.metadata());
        if left_out > 0 {
            let what = format!("left out, as {left_out} bytes of tags are too many");
            tags::append(&mut tags, "id3", &what);
        }
        let container = reader.format_info().short_name;
        let Some(track) = audio_track(&*reader) else {
            return Err(DecodeError::NoAudio { container });
        };
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            let what = "the track of audio".to_owned();
            return Err(DecodeError::Unsupported { what, container });
        };
        let more = Container::read(&*reader, track, &mut tags, &watch)?;
        Ok(Self {
            track: track.id,
            time_base: track.time_base,
            parameters: parameters.clone(),
            tags,
            container: more,
            long_frames,
            reader,
            watch,
            failures: 0,
            expected: None,
            span: None,
            ahead: None,
            last_packet: Vec::new(),
            damage: Damage::default(),
        })
    }

    /// What the recording says of itself.
    pub(super) fn info(&self, decoder: &dyn AudioDecoder) -> Result<StreamInfo, DecodeError> {
        let wrapped = self.reader.format_info();
        let (container, mime_type) = (wrapped.short_name, mime_type(wrapped.format));
        let parameters = decoder.codec_params();
        let unsupported = |what: String| DecodeError::Unsupported { what, container };
        let sample_rate = parameters.sample_rate.or(self.parameters.sample_rate).unwrap_or(0);
        if !(1..=HZ_MAX).contains(&sample_rate) {
            return Err(unsupported(format!("a sample rate of {sample_rate} Hz")));
        }
        let channels = parameters.channels.as_ref().or(self.parameters.channels.as_ref());
        let channels = channels.map_or(0, Channels::count);
        if !(1..=CHANNELS_MAX).contains(&channels) {
            return Err(unsupported(format!("audio of {channels} channels")));
        }
        Ok(StreamInfo {
            codec: decoder.codec_info().short_name,
            container,
            mime_type,
            sample_rate,
            channels: channels as u16,
            frames: self.length(sample_rate),
            // Of what is lossy, Matroska says what its encoder was given.
            bits_per_sample: (parameters.bits_per_sample)
                .or(self.parameters.bits_per_sample)
                .filter(|_| !is_lossy(parameters.codec)),
            tags: self.tags.clone(),
        })
    }

    /// Samples of each channel, where the container says how many there are.
    fn length(&self, sample_rate: u32) -> Option<u64> {
        if let Some(window) = self.container.window {
            return self.frames(window.ticks()?, sample_rate);
        }
        let track = self.reader.tracks().iter().find(|track| track.id == self.track)?;
        track.num_frames.or(self.long_frames).filter(|_| !self.length_is_guessed())
    }

    /// A decoder for the track.
    pub(super) fn decoder(&self) -> Result<Box<dyn AudioDecoder>, DecodeError> {
        let made = symphonia::default::get_codecs()
            .make_audio_decoder(&self.parameters, &AudioDecoderOptions::default());
        made.map_err(|error| DecodeError::Unsupported {
            what: match undecoded(self.parameters.codec) {
                Some(name) => name.to_owned(),
                None => format!("the audio ({})", plain(&error)),
            },
            container: self.reader.format_info().short_name,
        })
    }

    /// A decoder for the stream that begins after `seconds`, which must be like the one before.
    pub(super) fn go_on(
        &mut self,
        info: &mut StreamInfo,
        seconds: f64,
    ) -> Result<Box<dyn AudioDecoder>, DecodeError> {
        let decoder = self.decoder()?;
        let next = self.info(&*decoder)?;
        if (next.sample_rate, next.channels) != (info.sample_rate, info.channels) {
            return Err(self.changed(seconds));
        }
        // What the header said was of the first stream only.
        info.frames = None;
        Ok(decoder)
    }

    /// What cannot go on, because it is not like what came before.
    pub(super) fn changed(&self, seconds: f64) -> DecodeError {
        DecodeError::Changed { seconds, offset: self.watch.position() }
    }

    /// The next packet. Broken ones are left out and counted.
    pub(super) fn next(&mut self) -> Result<Next, DecodeError> {
        if !self.container.has_last_packet() {
            return self.read();
        }
        let mut next = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.read()?,
        };
        if let Next::Packet(packet, cut) = &mut next {
            let ahead = self.read()?;
            if matches!(ahead, Next::End) {
                self.container.cut_last(packet, cut);
            }
            self.ahead = Some(ahead);
        }
        Ok(next)
    }

    fn read(&mut self) -> Result<Next, DecodeError> {
        loop {
            match self.reader.next_packet() {
                Ok(None) => {
                    self.check_last_page();
                    self.check_count()?;
                    return self.end(false);
                }
                Ok(Some(mut packet)) => {
                    self.failures = 0;
                    if packet.track_id == self.track {
                        if self.length_is_guessed() {
                            packet.trim_end = Duration::ZERO;
                        }
                        if self.is_mpeg() {
                            self.last_packet.clear();
                            self.last_packet.extend_from_slice(&packet.data);
                        }
                        self.check_gap(&packet);
                        self.reach(&packet);
                        let cut = self.container.window.map(|window| window.cut(&mut packet));
                        return Ok(Next::Packet(packet, cut.unwrap_or_default()));
                    }
                }
                Err(Error::ResetRequired) => return self.restart(),
                Err(Error::IoError(_)) => {
                    let is_all_there = self.has_long_frames();
                    return self.end(!is_all_there);
                }
                Err(error) => {
                    self.failures += 1;
                    let offset = self.watch.position();
                    self.damage.add(offset, 0.0, &plain(&error));
                    if self.failures >= FAILURES_MAX {
                        return self.end(true);
                    }
                }
            }
        }
    }

    /// Whether samples are plain, with nothing to check.
    pub(super) fn is_pcm(&self, info: &StreamInfo) -> bool {
        let containers = [format::FORMAT_ID_WAVE, format::FORMAT_ID_AIFF, format::FORMAT_ID_CAF];
        info.codec.starts_with("pcm_") && containers.contains(&self.reader.format_info().format)
    }

    /// Whether the last sample of a recording of plain samples is there, and nothing behind it.
    /// Reading goes on from the beginning if not.
    pub(super) fn is_whole(
        &mut self,
        decoder: &mut dyn AudioDecoder,
        frames: u64,
    ) -> Result<bool, DecodeError> {
        let is_whole = self.has_last(decoder, frames).unwrap_or(false);
        self.check_read()?;
        if !is_whole {
            self.seek(0).map_err(|error| DecodeError::Header {
                offset: self.watch.position(),
                message: plain(&error),
            })?;
        }
        Ok(is_whole)
    }

    fn has_last(&mut self, decoder: &mut dyn AudioDecoder, frames: u64) -> Result<bool, Error> {
        self.seek(frames.saturating_sub(1))?;
        let Some(last) = self.reader.next_packet()? else { return Ok(false) };
        let count = decoder.decode(&last)?.frames() as u64;
        let end = last.pts.checked_add(Duration::from(count));
        Ok(end.and_then(|end| u64::try_from(end.get()).ok()) == Some(frames)
            && matches!(self.reader.next_packet(), Ok(None) | Err(Error::IoError(_))))
    }

    /// Whether every sample of a file was read whose length symphonia is not shown.
    fn has_long_frames(&self) -> bool {
        let reached = self.span.and_then(|(_, end)| u64::try_from(end.get()).ok());
        reached.zip(self.long_frames).is_some_and(|(reached, frames)| reached >= frames)
    }

    fn seek(&mut self, frame: u64) -> Result<(), Error> {
        let to = SeekTo::Timestamp { ts: Timestamp::new(frame as i64), track_id: self.track };
        self.reader.seek(SeekMode::Accurate, to).map(drop)
    }

    /// Whether the length is a guess. Of MPEG audio without a tag that says how much its encoder
    /// added, symphonia guesses it from the first bit rates and cuts off what is beyond.
    fn length_is_guessed(&self) -> bool {
        let track = self.reader.tracks().iter().find(|track| track.id == self.track);
        self.is_mpeg() && track.is_none_or(|track| track.padding.is_none())
    }

    fn is_mpeg(&self) -> bool {
        let mpeg = [format::FORMAT_ID_MP1, format::FORMAT_ID_MP2, format::FORMAT_ID_MP3];
        mpeg.contains(&self.reader.format_info().format)
    }

    /// Counts the `seconds` that are there too few by what the header states, if nothing else told
    /// that something is missing.
    pub(super) fn too_short(&mut self, seconds: f64) -> Result<(), DecodeError> {
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
    fn check_count(&mut self) -> Result<(), DecodeError> {
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

    fn reach(&mut self, packet: &Packet) {
        let end = packet.pts.checked_add(packet.dur).unwrap_or(packet.pts);
        let (start, _) = *self.span.get_or_insert((packet.pts.max(Timestamp::ZERO), end));
        self.span = Some((start, end));
    }

    /// How long what was read is, in seconds, where only the times of packets tell: Matroska rounds
    /// their durations, so that the sum of many is far off.
    pub(super) fn span(&self) -> Option<f64> {
        let (start, end) = self.span.filter(|_| self.is_matroska())?;
        Some((self.time(end) - self.time(start)).max(0.0))
    }

    /// Samples of each channel that are decoded before the music.
    pub(super) fn delay(&self, sample_rate: u32) -> u64 {
        nanoseconds(self.container.delay, sample_rate)
    }

    fn is_matroska(&self) -> bool {
        self.reader.format_info().format == format::FORMAT_ID_MKV
    }

    /// Counts what is missing before `packet`: demuxers skip what fails its checksum in silence.
    fn check_gap(&mut self, packet: &Packet) {
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
    fn check_last_page(&mut self) {
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

    fn end(&mut self, truncated: bool) -> Result<Next, DecodeError> {
        self.check_read()?;
        if truncated {
            self.damage.truncated_at.get_or_insert(self.watch.position());
        }
        Ok(Next::End)
    }

    fn restart(&mut self) -> Result<Next, DecodeError> {
        let container = self.reader.format_info().short_name;
        let track = audio_track(&*self.reader).ok_or(DecodeError::NoAudio { container })?;
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(DecodeError::NoAudio { container });
        };
        self.track = track.id;
        self.time_base = track.time_base;
        self.parameters = parameters.clone();
        self.expected = None;
        Ok(Next::Restart)
    }

    /// Fails when bytes could not be read: demuxers and decoders take that for broken audio.
    pub(super) fn check_read(&self) -> Result<(), DecodeError> {
        match self.watch.take_failure() {
            None => Ok(()),
            Some(source) => Err(DecodeError::Read { offset: self.watch.position(), source }),
        }
    }

    /// A packet could not be decoded.
    pub(super) fn broken(&mut self, at: Timestamp, error: &Error) {
        self.damage.add(self.watch.position(), self.time(at), &plain(error));
    }

    /// In seconds; 0 where the container does not say how long its ticks are.
    fn time(&self, at: Timestamp) -> f64 {
        let time = self.time_base.and_then(|base| base.calc_time(at));
        time.map_or(0.0, |time| time.as_secs_f64())
    }

    /// How long `duration` is, in seconds, where the container says how long its ticks are.
    pub(super) fn seconds(&self, duration: Duration) -> Option<f64> {
        Some(self.time_base?.calc_duration(duration)?.as_secs_f64())
    }

    /// How many samples of each channel `packet` gives if it is not broken, where the container's
    /// ticks are samples. Of MPEG audio, symphonia counts what it cuts off among the duration.
    pub(super) fn samples(&self, packet: &Packet, sample_rate: u32) -> Option<u64> {
        let base = self.time_base?;
        let are_samples = base.numer.get() == 1 && base.denom.get() == sample_rate;
        let cut = packet.trim_start.saturating_add(packet.trim_end);
        let cut = if self.is_mpeg() { cut } else { Duration::ZERO };
        are_samples.then(|| packet.dur.saturating_sub(cut).get())
    }

    /// How many samples at `sample_rate` are as long as `ticks`.
    pub(super) fn frames(&self, ticks: u64, sample_rate: u32) -> Option<u64> {
        let seconds = self.seconds(Duration::from(ticks))?;
        Some((seconds * f64::from(sample_rate)).round() as u64)
    }
}

/// As many samples at `sample_rate`.
pub(super) fn nanoseconds(count: u64, sample_rate: u32) -> u64 {
    (count as f64 * f64::from(sample_rate) / 1e9).round() as u64
}

fn audio_track(reader: &dyn FormatReader) -> Option<&Track> {
    reader
        .first_track_known_codec(TrackType::Audio)
        .or_else(|| reader.first_track(TrackType::Audio))
}

/// symphonia's message without the name of its module.
pub(super) fn plain(error: &Error) -> String {
    let text = match error {
        Error::DecodeError(text) | Error::Unsupported(text) | Error::LimitError(text) => text,
        other => return other.to_string(),
    };
    text.split_once(": ").map_or(*text, |(_, message)| message).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_do_not_name_modules() {
        assert_eq!(plain(&Error::DecodeError("mpa: invalid header")), "invalid header");
        assert_eq!(plain(&Error::Unsupported("no colon")), "no colon");
    }
}
